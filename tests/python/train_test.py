"""sotto.train: the same bytes as the command line, from whatever the log comes in; how it is watched and stopped."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest
import sotto
from conftest import QUICK

Rows = list[tuple[str, int, int]]


def pandas_frame(rows: Rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["user_id", "item_id", "timestamp"])


def check_pair(model: sotto.Model, trained: Path, tmp_path: Path) -> None:
    model.save(tmp_path / "saved.safetensors")
    for name in ("shop.safetensors", "shop.float.safetensors"):
        saved = tmp_path / name.replace("shop", "saved")
        assert saved.read_bytes() == trained.with_name(name).read_bytes(), name


FRAMES: dict[str, Callable[[Rows], Any]] = {
    "pandas": pandas_frame,
    "pandas, times": lambda rows: pandas_frame(rows).assign(
        timestamp=lambda f: pd.to_datetime(f.timestamp, unit="s", utc=True).dt.tz_convert("Asia/Tokyo")
    ),
    "pandas, categories": lambda rows: pandas_frame(rows).astype({"user_id": "category", "item_id": "category"}),
    "pandas, Arrow": lambda rows: pandas_frame(rows).convert_dtypes(dtype_backend="pyarrow"),
    "pandas, whole floats": lambda rows: pandas_frame(rows).astype({"item_id": "float64"}),
    "Polars": lambda rows: pl.from_pandas(pandas_frame(rows)),
    "Polars, lazy, times": lambda rows: pl.from_pandas(pandas_frame(rows))
    .lazy()
    .with_columns(pl.from_epoch("timestamp", time_unit="s"), pl.col("user_id").cast(pl.Categorical)),
    "Arrow": lambda rows: pa.Table.from_pandas(pandas_frame(rows)),
    "Arrow, times, dictionary": lambda rows: pa.table(
        {
            "user_id": pa.chunked_array([pa.array([r[0] for r in rows[:500]]), pa.array([r[0] for r in rows[500:]])])
            .dictionary_encode(),
            "item_id": pa.array([str(r[1]) for r in rows]),
            "timestamp": pa.array([r[2] * 1_000_000 for r in rows], pa.timestamp("us", tz="UTC")),
        }
    ),
    "arrays": lambda rows: {
        "user_id": np.array([r[0] for r in rows]),
        "item_id": np.array([r[1] for r in rows], dtype=np.uint16),
        "timestamp": np.array([r[2] for r in rows], dtype="datetime64[s]"),
    },
}


@pytest.mark.parametrize("kind", FRAMES)
def test_a_frame_gives_the_bytes_of_the_command_line(
    kind: str, rows: Rows, items_file: Path, trained: Path, tmp_path: Path
) -> None:
    model = sotto.train(FRAMES[kind](rows), items_file, name="log.csv", progress=False, **QUICK)
    check_pair(model, trained, tmp_path)


def test_a_path_gives_the_bytes_of_the_command_line(
    log_file: Path, items_file: Path, trained: Path, tmp_path: Path
) -> None:
    items = pd.read_csv(items_file)
    out = tmp_path / "out.safetensors"
    model = sotto.train(str(log_file), items, out=out, progress=False, **QUICK)
    check_pair(model, trained, tmp_path)
    assert out.read_bytes() == trained.read_bytes() == model.to_bytes()
    assert not out.with_suffix(".checkpoint").exists()
    assert model.report is not None and model.report["model"] == str(out)


@pytest.mark.parametrize("suffix", ["parquet", "feather"])
def test_columnar_files_are_read_through_pyarrow(
    suffix: str, rows: Rows, items_file: Path, trained: Path, tmp_path: Path
) -> None:
    table = pa.Table.from_pandas(pandas_frame(rows).assign(more=1.5))
    file = tmp_path / f"log.{suffix}"
    (pyarrow.parquet.write_table if suffix == "parquet" else pyarrow.feather.write_feather)(table, file)
    model = sotto.train(file, items_file, name="log.csv", progress=False, **QUICK)
    check_pair(model, trained, tmp_path)
    with pytest.raises(sotto.SottoError, match="no column 'uid'; the frame has 'user_id', .*'more'") as failure:
        sotto.train(file, progress=False, user_column="uid", **QUICK)
    assert failure.value.code == "missing"
    file.write_bytes(b"PAR1 and no more")
    with pytest.raises(sotto.SottoError) as failure:
        sotto.train(file, progress=False, **QUICK)
    assert failure.value.code == "malformed"


def test_options_are_those_of_the_command_line(rows: Rows) -> None:
    frame = pandas_frame(rows).assign(event="view", stars=4.5)
    model = sotto.train(
        frame,
        progress=False,
        event_column="event",
        event_weight={"view": 2, "*": 1},
        rating_column="stars",
        min_rating=3,
        session_gap="1h",
        split="temporal",
        no_history_term=True,
        layers=2,
        licence="MIT",
        item_vectors=None,
        **QUICK,
    )
    assert model.info["architecture"]["layers"] == 2
    assert model.info["licence"] == "MIT"
    assert model.info["training"]["split"]["kind"] == "temporal"


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        ({"epochs": 20_000}, "invalid_argument", "epochs: Value 20000 not in range"),
        ({"split": "weekly"}, "invalid_argument", "split"),
        ({"min_rating": 3.0}, "invalid_argument", "min_rating requires rating_column"),
        ({"split": "last-session"}, "invalid_argument", "add session_gap or session_column"),
        ({"head": "binary", "head_bits": 4}, "invalid_argument", "bits"),
        ({"item_column": "sku"}, "missing", "no column 'sku'; the frame has 'user_id', 'item_id', 'timestamp'"),
        ({"item_vectors": np.zeros((2, 2), np.float32)}, "invalid_argument", "item_vectors needs items"),
    ],
)
def test_what_cannot_be_meant_is_refused(rows: Rows, options: dict[str, Any], code: str, says: str) -> None:
    with pytest.raises(sotto.SottoError) as failure:
        sotto.train(pandas_frame(rows), progress=False, **{**QUICK, **options})
    assert failure.value.code == code
    assert says in str(failure.value)


def test_an_option_that_does_not_exist_is_a_type_error(rows: Rows) -> None:
    with pytest.raises(TypeError, match="no option 'epoch'; do you mean 'epochs'"):
        sotto.train(pandas_frame(rows), epoch=3)  # type: ignore[call-arg]


def test_what_is_no_log_is_refused(rows: Rows) -> None:
    frame = pandas_frame(rows)
    for broken, code in (
        (pd.concat([frame, frame.item_id], axis=1), "malformed"),
        (frame.assign(item_id=1.5), "wrong_type"),
        (frame.assign(user_id=True), "wrong_type"),
        ({"user_id": np.zeros((2, 2)), "item_id": [1], "timestamp": [1]}, "wrong_shape"),
        ({"user_id": ["a", "b"], "item_id": [1], "timestamp": [1, 2]}, "wrong_shape"),
        (frame[:0], "truncated"),
    ):
        with pytest.raises(sotto.SottoError) as failure:
            sotto.train(broken, progress=False)
        assert failure.value.code == code
    with pytest.raises(sotto.SottoError, match="of the type int, expected a data frame"):
        sotto.train(3)
    with pytest.raises(sotto.SottoError) as failure:
        sotto.train("/nowhere/log.csv", progress=False)
    assert failure.value.code == "io"


def test_rows_that_break_a_rule_are_left_out_with_a_warning(rows: Rows, log_file: Path, tmp_path: Path) -> None:
    frame = pandas_frame(rows)
    broken = pd.concat(
        [frame, pd.DataFrame({"user_id": ["a", None], "item_id": [None, 1001], "timestamp": [1.0, 2.0]})],
        ignore_index=True,
    )
    with pytest.warns(sotto.SottoWarning, match="left out 1 of 1202 rows; the first: frame:120[12]: column"):
        model = sotto.train(broken, progress=False, **QUICK)
    whole = sotto.train(frame, progress=False, **QUICK)
    assert model.to_bytes() == whole.to_bytes()
    with pytest.raises(sotto.SottoError) as failure:
        sotto.train(broken, progress=False, strict=True, **QUICK)
    assert failure.value.code == "malformed"


@pytest.mark.parametrize("place", ["log", "items"])
@pytest.mark.parametrize("kind", ["file", "frame"])
def test_ids_that_a_spreadsheet_has_rounded_get_a_warning(rows: Rows, tmp_path: Path, place: str, kind: str) -> None:
    log = pandas_frame(rows).astype({"item_id": str})
    items = pd.DataFrame({"item_id": sorted(log["item_id"].unique()), "title": "a title"})
    rounded = log if place == "log" else items
    rounded.loc[3, "item_id"] = "1.23E+12"
    given = {"log": log, "items": items}
    if kind == "file":
        for name, frame in given.items():
            frame.to_csv(tmp_path / f"{name}.csv", index=False)
        given = {name: tmp_path / f"{name}.csv" for name in given}
    where = "frame:" if (place, kind) == ("log", "frame") else f"[^ ]*{place}.csv:5" if kind == "file" else "items.csv:5"
    expected = re.escape("1 id is rounded as by a spreadsheet, such as '1.23E+12' (")
    with pytest.warns(sotto.SottoWarning, match=f"^{expected}{where}"):
        sotto.train(given["log"], items=given["items"], progress=False, **QUICK)


def test_nothing_of_the_users_is_destroyed(log_file: Path, items_file: Path) -> None:
    before = log_file.read_bytes()
    with pytest.raises(sotto.SottoError, match="is what interactions reads") as failure:
        sotto.train(log_file, out=log_file, progress=False, **QUICK)
    assert failure.value.code == "invalid_argument"
    with pytest.raises(sotto.SottoError):
        sotto.train(log_file, progress=False, **QUICK).save(items_file)
    assert log_file.read_bytes() == before


def test_the_callback_hears_of_every_epoch(log_file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    epochs: list[dict[str, Any]] = []
    thread = threading.get_ident()

    def callback(epoch: dict[str, Any]) -> None:
        assert threading.get_ident() == thread
        epochs.append(epoch)

    sotto.train(log_file, callback=callback, **{**QUICK, "epochs": 4})
    first = [epoch for epoch in epochs if not epoch["final_training"]]
    final = epochs[len(first) :]
    assert all(epoch["final_training"] for epoch in final)
    assert [epoch["epoch"] for epoch in first] == list(range(1, len(first) + 1))
    assert 1 <= len(first) <= 4
    assert all(epoch["metric"] == "NDCG@10" and epoch["loss"] > 0 for epoch in first)
    # As many epochs as the best one took.
    best = max(first, key=lambda epoch: float(epoch["validation"]))["epoch"]
    assert [epoch["epoch"] for epoch in final] == list(range(1, best + 1))
    assert all("validation" not in epoch and epoch["max_epochs"] == best for epoch in final)
    # No terminal: a line for each epoch on stderr, nothing on stdout.
    out, err = capfd.readouterr()
    assert out == ""
    assert [line.split(": loss")[0] for line in err.splitlines()] == [
        f"epoch {e['epoch']}/4" for e in first
    ] + [f"final training: epoch {e['epoch']}/{best}" for e in final]
    sotto.train(log_file, progress=False, callback=epochs.append, split="none", **QUICK)
    assert "validation" not in epochs[-1]
    assert capfd.readouterr() == ("", "")


def test_in_a_terminal_one_line_is_rewritten(log_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    class Terminal:
        def isatty(self) -> bool:
            return True

        def write(self, text: str) -> None:
            written.append(text)

        def flush(self) -> None:
            pass

    monkeypatch.setattr(sys, "stderr", Terminal())
    sotto.train(log_file, **QUICK)
    text = "".join(written)
    assert "\repoch 2/2" in text and "events/s" in text and "left" in text
    assert text.endswith("\n")


def test_an_exception_of_the_callback_stops_and_is_raised(log_file: Path) -> None:
    def callback(epoch: dict[str, Any]) -> None:
        raise ZeroDivisionError(epoch["epoch"])

    with pytest.raises(ZeroDivisionError, match="1"):
        sotto.train(log_file, progress=False, callback=callback, **{**QUICK, "epochs": 10_000, "patience": 10_000})


def test_ctrl_c_stops_leaves_the_checkpoint_and_training_goes_on(log_file: Path, tmp_path: Path) -> None:
    options: dict[str, Any] = {**QUICK, "epochs": 12, "patience": 100}
    whole = sotto.train(log_file, progress=False, **options)
    out = tmp_path / "model.safetensors"

    def interrupt(epoch: dict[str, Any]) -> None:
        if epoch["epoch"] == 2:
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        sotto.train(log_file, out=out, progress=False, callback=interrupt, **{**options, "epochs": 10_000})
    assert out.with_suffix(".checkpoint").exists()
    assert out.exists()
    with pytest.raises(sotto.SottoError, match="holds an interrupted training; go on with it by resume"):
        sotto.train(log_file, out=out, progress=False, **options)
    out.with_suffix(".checkpoint").unlink()

    with pytest.raises(KeyboardInterrupt):
        sotto.train(log_file, out=out, progress=False, callback=interrupt, **options)
    resumed = sotto.train(log_file, out=out, progress=False, resume=True, **options)
    assert resumed.to_bytes() == whole.to_bytes()
