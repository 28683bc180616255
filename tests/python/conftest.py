"""What the tests share: small logs, the command line, and a model that is trained once."""

from __future__ import annotations

import csv
import os
import random
import subprocess
from pathlib import Path

import pytest
import sotto

COMMAND_LINE = os.environ["SOTTO_CLI"]
SOURCE = Path(os.environ["SOTTO_SOURCE_DIR"])

# Small and quick; the same options for the command line and for Python.
QUICK = {"embedding_dim": 8, "hidden_dim": 8, "epochs": 2, "seed": 7}


def command_line(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND_LINE, *map(str, words)], capture_output=True, text=True, check=True)


def words_of(options: dict[str, object]) -> list[str]:
    words = []
    for name, value in options.items():
        words += ["--" + name.replace("_", "-")] + ([] if value is True else [str(value)])
    return words


def log_rows(users: int = 120, events: int = 10) -> list[tuple[str, int, int]]:
    """Users who walk along 40 items: (user_id, item_id, timestamp), in the order of time."""
    chance = random.Random(1)
    rows = []
    for user in range(users):
        item, time = chance.randrange(40), 1_700_000_000 + user
        for _ in range(events):
            rows.append((f"ü-{user}", 1000 + item, time))
            item = chance.randrange(40) if chance.random() < 0.2 else (item + 3) % 40
            time += 60 + chance.randrange(4000)
    return sorted(rows, key=lambda row: row[2])


@pytest.fixture(scope="session")
def rows() -> list[tuple[str, int, int]]:
    return log_rows()


@pytest.fixture(scope="session")
def log_file(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int, int]]) -> Path:
    file = tmp_path_factory.mktemp("log") / "log.csv"
    with open(file, "w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("user_id", "item_id", "timestamp"), *rows])
    return file


@pytest.fixture(scope="session")
def items_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("items") / "items.csv"
    with open(file, "w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(("item_id", "title", "category", "price"))
        for item in range(41):  # nobody has touched the last one
            table.writerow((1000 + item, f"Article {item}, \"new\"", f"shelf {item % 4}|all", item / 4 if item else ""))
    return file


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, log_file: Path, items_file: Path) -> Path:
    """The model that the command line makes of both files."""
    model = tmp_path_factory.mktemp("model") / "shop.safetensors"
    command_line("train", "--interactions", log_file, "--items", items_file, "--out", model, *words_of(QUICK))
    return model


@pytest.fixture(scope="session")
def model(trained: Path) -> sotto.Model:
    return sotto.load(trained)
