#!/usr/bin/env python3
"""Training speed of Sotto beside PyTorch and Keras on TensorFlow, on this machine's processor, in one run.

Needs numpy, and torch or tensorflow with keras in the Python that runs it; what is missing is said and left out.
DATA_FOLDER has movielens-1m/interactions.csv.gz and online-retail/interactions.csv.gz.
"""

import argparse
import csv
import gzip
import importlib.util
import json
import multiprocessing
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from train_speed_peers import CLASSIC_DIFFERENCES, LANES, WINDOW, Epoch, train_classic_in_keras, train_next_item_in_pytorch

REPOSITORY = Path(__file__).resolve().parent.parent
EPOCH_LINE = re.compile(r"^epoch \d+/\d+: loss ([\d.]+), .* (\d+) events/s", re.MULTILINE)
FULL_LANES_EVENTS = LANES * WINDOW * 150  # Sotto takes fewer lanes on smaller logs


@dataclass(frozen=True)
class Log:
    """Some of a log's users: a file for Sotto and, for the peers, the events that Sotto trains on."""

    file: Path
    histories: list  # of a user's items, 0 …, as numpy arrays
    items: int

    @property
    def positions(self):
        return sum(len(history) - 1 for history in self.histories)


@dataclass(frozen=True)
class Comparison:
    """One architecture, trained by Sotto and by a peer."""

    name: str
    peer: str
    packages: tuple
    log: Log
    sotto_options: tuple
    train_peer: object
    peer_arguments: tuple
    unit: str
    goal: float


@dataclass(frozen=True)
class Run:
    """One training from start to end, in a process of its own."""

    epochs: list
    load: float  # the machine's over the minute before


def read_events(file):
    """The log's rows as (user, item, time) by user, in the file's order."""
    users = {}
    with gzip.open(file, "rt", newline="") as text:
        for row in csv.DictReader(text):
            users.setdefault(row["user_id"], []).append((row["user_id"], row["item_id"], row["timestamp"]))
    return users


def training_part(events):
    """A user's items in order of time without what Sotto holds out: the last two of three or more."""
    ordered = [item for _, item, _ in sorted(events, key=lambda event: int(event[2]))]
    return ordered[:-2] if len(ordered) >= 3 else ordered


def cut_log(source, wanted_positions, file):
    """Draws users until they have the wanted number of training positions, and writes their events to `file`."""
    import numpy as np

    users = read_events(source)
    drawn, positions = [], 0
    for user in random.Random(1).sample(sorted(users), len(users)):
        if positions >= wanted_positions:
            break
        drawn.append(user)
        positions += max(0, len(training_part(users[user])) - 1)
    with open(file, "w", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(("user_id", "item_id", "timestamp"))
        for user in drawn:
            writer.writerows(users[user])
    number = {}
    for user in drawn:
        for _, item, _ in users[user]:
            number.setdefault(item, len(number))
    histories = [np.array([number[item] for item in training_part(users[user])]) for user in drawn]
    return Log(file, [history for history in histories if len(history) > 1], len(number))


def run_sotto(sotto, comparison, epochs, threads, seed):
    """Processor time is the whole program's: with reading the log, validation and writing the model."""
    load = os.getloadavg()[0]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as folder:
        command = [sotto, "train", "--interactions", comparison.log.file, "--out", Path(folder) / "model.safetensors",
                   "--epochs", str(epochs), "--patience", str(epochs), "--threads", str(threads),
                   "--seed", str(seed), *comparison.sotto_options]
        done = subprocess.run(command, capture_output=True, text=True)
    lines = EPOCH_LINE.findall(done.stderr)
    if done.returncode != 0 or len(lines) != epochs:
        sys.exit(f"sotto train failed:\n{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    examples = comparison.log.positions * (2 if comparison.unit == "examples" else 1)
    return Run([Epoch(float(loss), float(rate), epochs * examples / cpu_seconds) for loss, rate in lines], load)


def run_peer(comparison, epochs, threads, seed):
    """In a fresh process, so that no library's threads or memory are in another's way."""
    load = os.getloadavg()[0]
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        log = comparison.log
        training = process.submit(comparison.train_peer, log.histories, log.items, epochs, threads,
                                  seed, *comparison.peer_arguments)
        return Run(training.result(), load)


def next_item(data, folder, events):
    """Next-item on movielens-1m against PyTorch."""
    log = cut_log(data / "movielens-1m/interactions.csv.gz", events, folder / "movielens.csv")
    yield Comparison("next-item", "PyTorch", ("torch",), log, ("--no-history-term", "--count-neighbours", "0"),
                     train_next_item_in_pytorch, (), "events", 2)


def keras_classic(data, folder, examples, batches, differences):
    """keras-classic on online-retail against Keras."""
    log = cut_log(data / "online-retail/interactions.csv.gz", examples // 2, folder / "retail.csv")
    for batch in batches:
        differing = f", differing in {' and '.join(differences)}" if differences else ""
        yield Comparison(f"keras-classic, batch {batch}{differing}", "Keras",
                         ("tensorflow", "keras"), log, ("--preset", "keras-classic", "--batch", str(batch)),
                         train_classic_in_keras, (batch, tuple(differences)), "examples", 3)


def comparisons(arguments, folder):
    """What is asked for, one comparison after another."""
    if arguments.only != "keras-classic":
        yield from next_item(arguments.data, folder, arguments.events)
    if arguments.only != "next-item":
        yield from keras_classic(arguments.data, folder, arguments.examples, arguments.batch,
                                 arguments.keras_differs)


def missing_packages(names):
    return [name for name in names if importlib.util.find_spec(name) is None]


def compare(comparison, arguments):
    """Alternates between the two, so that a busy moment of the machine meets both. A round has a seed of its own."""
    sotto_runs, peer_runs = [], []
    for number in range(arguments.rounds):
        print(f"{comparison.name}: round {number + 1} of {arguments.rounds}", file=sys.stderr, flush=True)
        seed = arguments.seed + number
        sotto_runs.append(run_sotto(arguments.sotto, comparison, arguments.epochs, arguments.threads, seed))
        peer_runs.append(run_peer(comparison, arguments.epochs, arguments.threads, seed))
    return sotto_runs, peer_runs


def speed(runs, of):
    """The median round's; the first epoch, with warm-up and tracing, does not count."""
    return median(median(getattr(epoch, of) for epoch in run.epochs[1:]) for run in runs)


def losses(runs):
    """Each epoch's, of all rounds in rising order."""
    return [sorted(of_epoch) for of_epoch in zip(*([epoch.loss for epoch in run.epochs] for run in runs))]


def in_figures(of_epoch):
    """The median, and the span where there are several."""
    span = f" ({of_epoch[0]:.4f} to {of_epoch[-1]:.4f})" if len(of_epoch) > 1 else ""
    return f"{median(of_epoch):.4f}{span}"


def summarise(comparison, sotto_runs, peer_runs):
    """One comparison's figures, ready for JSON."""
    speeds = {of: (speed(sotto_runs, of), speed(peer_runs, of))
              for of in ("examples_per_second", "examples_per_cpu_second")}
    return {
        "comparison": comparison.name,
        "peer": comparison.peer,
        "unit": comparison.unit,
        "goal": comparison.goal,
        "training_positions": comparison.log.positions,
        "items": comparison.log.items,
        **{of: {"sotto": sotto, "peer": peer, "ratio": sotto / peer} for of, (sotto, peer) in speeds.items()},
        "loss": {"sotto": losses(sotto_runs), "peer": losses(peer_runs)},
        "rounds": {"sotto": [asdict(run) for run in sotto_runs], "peer": [asdict(run) for run in peer_runs]},
    }


def print_summary(summary):
    unit = summary["unit"]
    loads = [run["load"] for runs in summary["rounds"].values() for run in runs]
    print(f"{summary['comparison']}, {summary['items']} items, {summary['training_positions']} positions; "
          f"load {min(loads):.1f} to {max(loads):.1f}")
    print(f"{'':24} {'Sotto':>10} {summary['peer']:>10} {'ratio':>7}")
    for of, name in (("examples_per_second", f"{unit}/s"), ("examples_per_cpu_second", f"{unit}/s of processor")):
        figures = summary[of]
        goal = f"  (goal {summary['goal']})" if of == "examples_per_second" else ""
        print(f"{name:24} {figures['sotto']:10.0f} {figures['peer']:10.0f} {figures['ratio']:7.2f}{goal}")
    for epoch, (sotto, peer) in enumerate(zip(summary["loss"]["sotto"], summary["loss"]["peer"]), 1):
        difference = median(sotto) - median(peer)
        print(f"{f'loss, epoch {epoch}':24} {in_figures(sotto):>27} {in_figures(peer):>27} {difference:+8.4f}")
    print(flush=True)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", metavar="DATA_FOLDER", type=Path)
    parser.add_argument("--sotto", metavar="FILE", type=Path, default=REPOSITORY / "build/release/bin/sotto")
    parser.add_argument("--only", choices=("next-item", "keras-classic"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=3, help="per run, at least 2: the first is not timed")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--events", type=int, default=320_000,
                        help=f"training events of next-item, at least {FULL_LANES_EVENTS}")
    parser.add_argument("--examples", type=int, default=12_000, help="of keras-classic, per epoch")
    parser.add_argument("--batch", type=int, nargs="+", default=[32, 256], help="sizes for keras-classic")
    parser.add_argument("--keras-differs", nargs="+", choices=tuple(CLASSIC_DIFFERENCES), default=[],
                        help="what is not aligned with Sotto; all of them is the model as one writes it. "
                             + "; ".join(f"{name}: {what}" for name, what in CLASSIC_DIFFERENCES.items()))
    parser.add_argument("--seed", type=int, default=1, help="of the first round, both of Sotto and of the peer")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write all rounds' figures")
    arguments = parser.parse_args()
    if arguments.epochs < 2 or arguments.rounds < 1 or arguments.events < FULL_LANES_EVENTS:
        parser.error(f"at least 2 epochs, 1 round and {FULL_LANES_EVENTS} events")
    if not arguments.sotto.is_file():
        parser.error(f"no program at {arguments.sotto}: build it, or give --sotto")
    if missing_packages(["numpy"]):
        parser.error("this Python has no numpy: pip install numpy")
    return arguments


def main():
    arguments = parse_arguments()
    summaries = []
    with tempfile.TemporaryDirectory() as folder:
        for comparison in comparisons(arguments, Path(folder)):
            if missing := missing_packages(comparison.packages):
                print(f"{comparison.name}: left out, this Python has no {' and no '.join(missing)} "
                      f"(pip install {' '.join(missing)})", file=sys.stderr)
                continue
            summary = summarise(comparison, *compare(comparison, arguments))
            print_summary(summary)
            summaries.append(summary)
    if arguments.json:
        arguments.json.write_text(json.dumps(summaries, indent=2) + "\n")


if __name__ == "__main__":
    main()
