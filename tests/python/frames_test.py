"""How frames are handed over: times to the microsecond, the usual names of columns, and no copies where none are needed.

train_test.py compares the bytes of whole models from every kind of frame.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
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
from conftest import QUICK, command_line, words_of
from sotto import _columns, _native, _recommender, _tables

Rows = list[tuple[str, int, int]]

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
SENTINEL = 253_402_300_799_999_999  # the end of the year 9999, which some logs have for an unknown time


def close_events(sentinel: bool = False) -> Rows:
    """Users whose events lie microseconds apart, in no order: (user_id, item_id, microseconds since 1970)."""
    chance = random.Random(3)
    rows = []
    for user in range(80):
        # Some are before 1970, where cutting and rounding down differ.
        begin = (-86_400 if user % 8 == 0 else 1_700_000_000) * 1_000_000 + user
        rows += [(f"u{user}", 1000 + (user + 3 * place) % 40, begin + 97 * place) for place in range(10)]
    chance.shuffle(rows)
    return [*rows, ("u1", 1000, SENTINEL)] if sentinel else rows


def microseconds(rows: Rows) -> np.ndarray[Any, Any]:
    return np.array([row[2] for row in rows], dtype="datetime64[us]")


def frame_of(rows: Rows, unit: str = "us") -> pd.DataFrame:
    times = microseconds(rows).astype(f"datetime64[{unit}]")
    return pd.DataFrame({"user_id": [r[0] for r in rows], "item_id": [r[1] for r in rows], "timestamp": times})


def parquet_of(rows: Rows, folder: Path) -> Path:
    file = folder / "close.parquet"
    pyarrow.parquet.write_table(pa.Table.from_pandas(frame_of(rows)), file)
    return file


def feather_of(rows: Rows, folder: Path) -> Path:
    file = folder / "close.feather"
    pyarrow.feather.write_feather(frame_of(rows), file)
    return file


CLOSE: dict[str, Callable[[Rows, Path], Any]] = {
    "pandas": lambda rows, _: frame_of(rows),
    "pandas, nanoseconds": lambda rows, _: frame_of(rows, "ns").assign(
        timestamp=lambda f: (f.timestamp + pd.Timedelta(999, "ns")).dt.tz_localize("UTC").dt.tz_convert("Asia/Tokyo")
    ),
    "pandas, Arrow": lambda rows, _: frame_of(rows).convert_dtypes(dtype_backend="pyarrow"),
    "pandas, texts": lambda rows, _: frame_of(rows).astype({"timestamp": str}),
    "Polars": lambda rows, _: pl.from_pandas(frame_of(rows)),
    "Polars, nanoseconds": lambda rows, _: pl.from_pandas(frame_of(rows, "ns")).with_columns(
        pl.col("timestamp").dt.replace_time_zone("UTC").dt.offset_by("999ns")
    ),
    "Arrow": lambda rows, _: pa.Table.from_pandas(frame_of(rows)),
    "Arrow, nanoseconds": lambda rows, _: pa.Table.from_pandas(frame_of(rows, "ns")),
    "arrays": lambda rows, _: {
        "user_id": np.array([r[0] for r in rows]),
        "item_id": np.array([r[1] for r in rows]),
        "timestamp": microseconds(rows),
    },
    "Parquet": parquet_of,
    "Feather": feather_of,
}


def csv_of(rows: Rows, file: Path) -> Path:
    with open(file, "w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(("user_id", "item_id", "timestamp"))
        for user, item, time in rows:
            table.writerow((user, item, (EPOCH + timedelta(microseconds=time)).isoformat()))
    return file


@pytest.fixture(scope="module")
def close_models(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, bytes]:
    """The command line's models of the log of close events, by whether it has the sentinel."""
    folder = tmp_path_factory.mktemp("close")
    models = {}
    for sentinel in (False, True):
        log = csv_of(close_events(sentinel), folder / "close.csv")
        model = folder / f"{sentinel}.safetensors"
        command_line("train", "--interactions", log, "--out", model, *words_of(QUICK))
        models[sentinel] = model.read_bytes()
    return models


@pytest.mark.parametrize("kind", CLOSE)
def test_events_keep_their_order_within_a_millisecond(
    kind: str, close_models: dict[bool, bytes], tmp_path: Path
) -> None:
    model = sotto.train(CLOSE[kind](close_events(), tmp_path), name="close.csv", progress=False, **QUICK)
    assert model.to_bytes() == close_models[False]


@pytest.mark.parametrize("kind", ["pandas", "Polars", "Arrow", "Parquet", "arrays"])
def test_a_time_that_no_double_holds_keeps_its_microseconds(
    kind: str, close_models: dict[bool, bytes], tmp_path: Path
) -> None:
    model = sotto.train(CLOSE[kind](close_events(sentinel=True), tmp_path), name="close.csv", progress=False, **QUICK)
    assert model.to_bytes() == close_models[True]


def test_milliseconds_would_be_too_coarse_for_these_events(close_models: dict[bool, bytes]) -> None:
    cut = frame_of(close_events()).assign(timestamp=lambda f: f.timestamp.dt.floor("ms"))
    model = sotto.train(cut, name="close.csv", progress=False, **QUICK)
    assert model.to_bytes() != close_models[False]


def test_missing_times_are_missing_in_every_unit() -> None:
    for unit in ("s", "ms", "us", "ns"):
        for fine in (0, 1):
            values = np.array([1_700_000_000_000_000 + fine, "NaT"], dtype="datetime64[us]").astype(f"datetime64[{unit}]")
            column = _columns.numpy_column("t", values)
            assert isinstance(column, (_columns.Moments, _columns.Reals))
            if isinstance(column, _columns.Reals):
                assert fine and unit in ("us", "ns") and np.isnan(column.values[1])
            else:
                assert column.milliseconds.tolist() == [1_700_000_000_000, _columns.MISSING_INTEGER]


# Names as public logs have them: Retailrocket, Diginetica, REES46, Tafeng, Amazon, RecBole …
USUAL_NAMES = [
    ("visitorid", "itemid", "timestamp"),
    ("user_id", "product_id", "event_time"),
    ("sessionId", "itemId", "eventdate"),
    ("customer_id", "article_id", "t_dat"),
    ("reviewerID", "asin", "unixReviewTime"),
    ("user_id:token", "item_id:token", "timestamp:float"),
    (" User ID ", "SKU", "Date"),
]


@pytest.mark.parametrize("names", USUAL_NAMES, ids=lambda names: names[0])
def test_usual_names_of_columns_are_found_as_in_a_file(names: tuple[str, str, str], rows: Rows, tmp_path: Path) -> None:
    frame = pd.DataFrame(rows, columns=list(names))
    if ":" not in names[0]:
        frame.insert(0, "more", 1.5)
    file = tmp_path / "log.csv"
    frame.to_csv(file, index=False)
    out = tmp_path / "of_csv.safetensors"
    command_line("train", "--interactions", file, "--out", out, *words_of(QUICK))
    table = pa.Table.from_pandas(frame)
    pyarrow.parquet.write_table(table, tmp_path / "log.parquet")
    arrays = {name: frame[name].to_numpy() for name in frame}
    for log in (frame, pl.from_pandas(frame), table, tmp_path / "log.parquet", arrays):
        assert sotto.train(log, name="log.csv", progress=False, **QUICK).to_bytes() == out.read_bytes(), type(log)


def test_the_default_name_comes_first_and_a_named_column_is_the_only_one(rows: Rows) -> None:
    usual = pd.DataFrame(rows, columns=["user_id", "item_id", "timestamp"])
    bytes_of_usual = sotto.train(usual, progress=False, **QUICK).to_bytes()
    more = usual.assign(visitorid="nobody", sku="nothing", time=0)[
        ["time", "sku", "visitorid", "timestamp", "item_id", "user_id"]
    ]
    assert sotto.train(more, progress=False, **QUICK).to_bytes() == bytes_of_usual
    with pytest.raises(sotto.SottoError, match="no column 'customer'; the frame has 'user_id'") as failure:
        sotto.train(usual, user_column="customer", progress=False, **QUICK)
    assert failure.value.code == "missing"
    with pytest.raises(sotto.SottoError, match="two columns 'visitorid'"):
        sotto.train(pd.concat([more.drop(columns="user_id"), more.visitorid], axis=1), progress=False, **QUICK)


def test_a_column_may_be_named_by_its_position(rows: Rows, tmp_path: Path) -> None:
    frame = pd.DataFrame(rows, columns=["who", "what", "when"])[["when", "what", "who"]]
    items = pd.DataFrame({"text": [f"Article {item}" for item in range(41)], "key": range(1000, 1041)})
    frame.to_csv(tmp_path / "log.csv", index=False)
    items.to_csv(tmp_path / "items.csv", index=False)
    frame.to_parquet(tmp_path / "log.parquet")
    named: dict[str, Any] = {"user_column": "3", "item_column": "2", "timestamp_column": "when"}
    named |= {"items_id_column": "2", "title_column": "1"}
    out = tmp_path / "of_csv.safetensors"
    words = ("--interactions", tmp_path / "log.csv", "--items", tmp_path / "items.csv", "--out", out)
    command_line("train", *words, *words_of({**QUICK, **named}))
    for log in (frame, frame.assign(more=0).rename(columns={"more": 7}), tmp_path / "log.parquet"):
        model = sotto.train(log, items, name="log.csv", progress=False, **QUICK, **named)
        assert model.to_bytes() == out.read_bytes()
    for place in ("0", "4", "-1"):
        with pytest.raises(sotto.SottoError, match=f"no column '{place}'; the frame has 'when', 'what', 'who':"):
            sotto.train(frame.assign(more=0).rename(columns={"more": 7}), progress=False, **{**named, "user_column": place})


def test_usual_names_of_items_are_found_as_in_a_file(rows: Rows, tmp_path: Path) -> None:
    log = pd.DataFrame(rows, columns=["visitorid", "itemid", "timestamp"])
    items = pd.DataFrame(
        {
            "Weight": 1.5,
            "median_price_gbp": [str(item / 4) for item in range(41)],
            "product_name": [f"Article {item}" for item in range(41)],
            "imgUrl": [f"https://shop.example/{item}.png" for item in range(41)],
            "genres": [f"shelf {item % 4}" for item in range(41)],
            "overview": [f"It is article {item}." for item in range(41)],
            "product_id": range(1000, 1041),
        }
    )
    log.to_csv(tmp_path / "log.csv", index=False)
    items.to_csv(tmp_path / "items.csv", index=False)
    items.to_parquet(tmp_path / "items.parquet")
    out = tmp_path / "of_csv.safetensors"
    words = ("--interactions", tmp_path / "log.csv", "--items", tmp_path / "items.csv", "--out", out)
    command_line("train", *words, *words_of(QUICK))
    for of_items in (items, pl.from_pandas(items), tmp_path / "items.parquet"):
        model = sotto.train(log, of_items, name="log.csv", progress=False, **QUICK)
        assert model.to_bytes() == out.read_bytes()
        item = model.item("1002")
        assert item is not None and item.title == "Article 2" and item.category == "shelf 2" and item.price == 0.5


NUMBERS = {"integers": np.arange(500, dtype=np.int64), "reals": np.where(np.arange(500) == 7, np.nan, 0.25)}
TIMES = np.arange(500).astype("datetime64[ms]")
FRAMES_OF_NUMBERS: dict[str, tuple[Any, Callable[[Any, str], Any]]] = {
    "arrays": (NUMBERS, lambda frame, name: frame[name]),
    "pandas": (pd.DataFrame(NUMBERS), lambda frame, name: frame[name].to_numpy()),
    "pandas, with masks": (
        pd.DataFrame(NUMBERS).fillna(0).astype({"integers": "Int64", "reals": "Float64"}),
        lambda frame, name: frame[name].array._data,
    ),
    "pandas, Arrow": (
        pd.DataFrame({name: pd.Series(pd.arrays.ArrowExtensionArray(pa.array(v))) for name, v in NUMBERS.items()}),
        lambda frame, name: pa.array(frame[name]).to_numpy(),
    ),
    "Polars": (pl.DataFrame(NUMBERS), lambda frame, name: frame[name].to_numpy()),
    "Arrow": (pa.table(NUMBERS), lambda frame, name: frame[name].chunk(0).to_numpy()),
}


@pytest.mark.parametrize(
    ("times", "memory"),
    [
        ({"t": TIMES}, TIMES),
        (pd.DataFrame({"t": TIMES}, copy=False), TIMES),
        (pa.table({"t": TIMES}), None),
        (pl.DataFrame({"t": TIMES}), None),
    ],
    ids=["arrays", "pandas", "Arrow", "Polars"],
)
def test_columns_of_milliseconds_are_views(times: Any, memory: Any) -> None:
    table = _tables.table_of(times)
    assert table is not None
    column, again = table.column("t"), table.column("t")
    assert isinstance(column, _columns.Moments) and isinstance(again, _columns.Moments)
    assert column.milliseconds.tolist() == list(range(500))
    # Two copies would lie in two places.
    assert np.shares_memory(column.milliseconds, again.milliseconds)
    assert memory is None or np.shares_memory(column.milliseconds, memory)


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("kind", FRAMES_OF_NUMBERS)
def test_columns_of_64_bit_numbers_are_views(kind: str, name: str) -> None:
    frame, memory_of = FRAMES_OF_NUMBERS[kind]
    table = _tables.table_of(frame)
    assert table is not None
    column = table.column(name)
    assert isinstance(column, (_columns.Integers, _columns.Reals))
    memory = memory_of(frame, name)
    assert memory.dtype == column.values.dtype and np.shares_memory(memory, column.values)


def test_the_core_reads_the_memory_that_it_was_given(rows: Rows) -> None:
    """What is changed after the handing over is what is trained on, so nobody has made a copy."""
    users = np.array([int(row[0].split("-")[1]) for row in rows], dtype=np.int64)
    items = np.array([row[1] for row in rows], dtype=np.int64)
    times = np.array([row[2] for row in rows], dtype=np.float64)
    places = np.zeros(len(rows), dtype=np.int32)

    def trained(columns: _native.FrameColumns) -> bytes:
        words = ["--interactions=-", "--out=unused", "--event-column=event", "--event-weight=view=1,cart=2"]
        return _native.train([*words, *words_of(QUICK)], columns, False, lambda kind, text: None)[0]

    def handed_over() -> _native.FrameColumns:
        columns = _native.FrameColumns("log")
        columns.add_integers("user_id", users)
        columns.add_integers("item_id", items)
        columns.add_reals("timestamp", times)
        columns.add_texts("event", ["view", "cart"], places)
        return columns

    early = handed_over()
    before = trained(early)
    for array, changed in ((users, users // 2), (items, 2041 - items), (times, times[::-1].copy()), (places, 1 - places)):
        array[::2] = changed[::2]
        after = trained(early)
        assert after == trained(handed_over())
        assert after != before
        before = after
    with pytest.raises(TypeError):
        early.add_integers("more", items.astype(np.int32))
    with pytest.raises(TypeError):
        early.add_reals("more", times[::2])


def test_scores_lie_once_in_memory_of_their_own(model: sotto.Model) -> None:
    recommender = sotto.Recommender(model)
    arrays = [recommender.scores(at=0), recommender.scores(at=0)]
    places = [array.__array_interface__["data"] for array in arrays]
    assert places[0] != places[1]
    for array, (_, read_only) in zip(arrays, places):
        assert array.dtype == np.float64 and array.shape == (len(model),) and array.strides == (8,)
        assert array.flags.c_contiguous and array.flags.writeable and not read_only
        # NumPy has copied nothing: the memory belongs to what the core handed over, and no other array is a view of it.
        assert not array.flags.owndata
        assert not isinstance(array.base, np.ndarray)
        array += 1
    assert np.array_equal(arrays[0], arrays[1])


def test_times_of_past_events_are_used_as_they_are(model: sotto.Model) -> None:
    seconds = np.arange(5, dtype=np.float64)
    assert np.shares_memory(_recommender._times_of(seconds), seconds)
    with pytest.raises(TypeError):
        sotto.Recommender(model)._user.recall(np.zeros(5, np.uint32), seconds.astype(np.float32))
