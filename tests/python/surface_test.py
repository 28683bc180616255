"""What the package promises to people and tools: options, types, documents, the release."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sotto
from conftest import SOURCE, command_line
from sotto import _options

PACKAGE = SOURCE / "bindings" / "python"

# What Python has in another place, or not at all: arguments of their own, and how a result is printed.
ELSEWHERE = {
    "train": {"interactions", "items", "out", "json"},
    "evaluate": {"interactions", "model", "float_model", "json"},
}


@pytest.mark.parametrize(
    ("subcommand", "options"), [("train", _options.TRAIN_OPTIONS), ("evaluate", _options.EVALUATE_OPTIONS)]
)
def test_options_are_those_of_the_command_line(subcommand: str, options: frozenset[str]) -> None:
    page = (SOURCE / "docs" / "cli.md").read_text(encoding="utf-8")
    section = page.split(f"\n## sotto {subcommand}\n")[1].split("\n## ")[0]
    names = {name.replace("-", "_") for name in re.findall(r"^- `--([a-z0-9-]+)", section, re.MULTILINE)}
    assert len(names) > 20
    assert set(options) == names - ELSEWHERE[subcommand]


def test_the_release_is_that_of_the_command_line() -> None:
    assert f"sotto {sotto.__version__}" == command_line("--version").stdout.strip()


def test_everything_public_is_documented() -> None:
    for name in sotto.__all__:
        if name in ("Moment", "__version__"):
            continue
        thing = getattr(sotto, name)
        assert thing.__doc__, name
        for attribute, value in vars(thing).items():
            if not attribute.startswith("_") and callable(value):
                assert value.__doc__, f"{name}.{attribute}"


CONSUMER = '''
import numpy as np
import numpy.typing as npt
import sotto

def use(path: str) -> float:
    model: sotto.Model = sotto.train(path, "items.csv", epochs=3, split="temporal", layer_norm=True)
    evaluation: sotto.Evaluation = model.evaluate(path, at=[10], history="ranked")
    recommender = sotto.Recommender(model, weights={"purchase": 2.0, sotto.FeedbackKind.CLICK: 1.0})
    recommender.observe("a", np.datetime64("2026-01-01"))
    scores: npt.NDArray[np.float64] = recommender.scores(at=1.5)
    best: list[sotto.Recommendation] = recommender.recommend(3, exclude={"a"}, among=scores > 0)
    state: bytes = recommender.export()
    recommender.restore(state)
    why: list[sotto.Reason] = recommender.why("a")
    return best[0].score + why[0].contribution + len(evaluation.notes)

sotto.train("log.csv", epoch=3)                    # no such option
sotto.train("log.csv", split="weekly")             # no such split
sotto.Recommender(3)                               # no model
sotto.load("m.safetensors").evaluate("log.csv", epochs=3)  # an option of train
'''


def mypy(*arguments: str | Path) -> tuple[int, str]:
    run = subprocess.run(
        [sys.executable, "-m", "mypy", *arguments], cwd=PACKAGE, capture_output=True, text=True, check=False
    )
    return run.returncode, run.stdout + run.stderr


def test_types_hold_under_mypy_strict(tmp_path: Path) -> None:
    cache = f"--cache-dir={tmp_path}"
    code, output = mypy("--strict", cache, "src/sotto")
    assert code == 0, output
    consumer = tmp_path / "consumer.py"
    consumer.write_text(CONSUMER)
    code, output = mypy("--strict", cache, consumer)
    lines = [int(line) for line in re.findall(r"consumer\.py:(\d+): error", output)]
    first = CONSUMER.splitlines().index('sotto.train("log.csv", epoch=3)                    # no such option') + 1
    assert (code, sorted(set(lines))) == (1, list(range(first, first + 4))), output


def test_the_stub_has_what_the_module_has() -> None:
    from sotto import _native

    stub = (PACKAGE / "src" / "sotto" / "_native.pyi").read_text()
    public = {name for name in dir(_native) if not name.startswith("_")}
    assert public == set(re.findall(r"^(?:def|class) (\w+)|^(?=version)", stub, re.MULTILINE)) - {""} | {"version"}
    for kind in (_native.Engine, _native.User, _native.FrameColumns):
        body = stub.split(f"class {kind.__name__}:")[1].split("\nclass ")[0].split("\ndef ")[0]
        assert {name for name in dir(kind) if not name.startswith("_")} == set(re.findall(r"def ([a-z]\w+)", body))
    assert (Path(sotto.__file__).parent / "py.typed").exists()


def test_the_guides_program_runs(tmp_path: Path, log_file: Path, items_file: Path) -> None:
    """Every Python block of docs/python.md, one after the other, as a reader types it."""
    import pandas as pd

    page = (SOURCE / "docs" / "python.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(blocks) >= 3
    pd.read_csv(log_file).astype({"item_id": str}).to_parquet(tmp_path / "interactions.parquet")
    shutil.copy(items_file, tmp_path / "items.csv")
    program = tmp_path / "guide.py"
    program.write_text("\n".join(blocks), encoding="utf-8")
    subprocess.run([sys.executable, program], cwd=tmp_path, check=True, env=os.environ, timeout=300)
    assert (tmp_path / "shop.safetensors").exists()
