"""Nothing of the user's is destroyed: what is read is never written over, whatever it is called and however it is read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest
import sotto
from conftest import QUICK

Rows = list[tuple[str, int, int]]

WRITERS: dict[str, Callable[[pd.DataFrame, Path], object]] = {
    "csv": lambda frame, file: frame.to_csv(file, index=False),
    "parquet": lambda frame, file: pyarrow.parquet.write_table(pa.Table.from_pandas(frame), file),
    "feather": lambda frame, file: pyarrow.feather.write_feather(frame, file),
}


def same(file: Path) -> Path:
    return file


def through_a_link(file: Path) -> Path:
    link = file.with_name("link.safetensors")
    link.symlink_to(file)
    return link


def hard_linked(file: Path) -> Path:
    other = file.with_name("other.safetensors")
    os.link(file, other)
    return other


def relative(file: Path) -> Path:
    return Path(os.path.relpath(file.parent / "." / ".." / file.parent.name / file.name))


def log_frame(rows: Rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["user_id", "item_id", "timestamp"])


ITEMS = pd.DataFrame({"item_id": range(1000, 1041), "title": [f"Article {item}" for item in range(41)]})


@pytest.mark.parametrize("place", [same, through_a_link, hard_linked, relative])
@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("name", [None, "x"])
def test_the_log_and_the_items_are_not_written_over(
    name: str | None, kind: str, place: Callable[[Path], Path], rows: Rows, tmp_path: Path
) -> None:
    files = {}
    for what, frame in (("interactions", log_frame(rows)), ("items", ITEMS)):
        (tmp_path / what).mkdir()
        files[what] = tmp_path / what / f"{what}.{kind}"
        WRITERS[kind](frame, files[what])
    before = {what: file.read_bytes() for what, file in files.items()}
    for what, file in files.items():
        out = place(file)
        with pytest.raises(sotto.SottoError, match=f"is what {what} reads") as failure:
            sotto.train(files["interactions"], files["items"], out=out, name=name, force=True, progress=False, **QUICK)
        assert failure.value.code == "invalid_argument"
        assert {other: each.read_bytes() for other, each in files.items()} == before


def test_what_lies_beside_the_model_is_not_written_over(rows: Rows, tmp_path: Path) -> None:
    """The float model goes beside `out`."""
    file = tmp_path / "shop.float.parquet"
    WRITERS["parquet"](log_frame(rows), file)
    before = file.read_bytes()
    with pytest.raises(sotto.SottoError, match="the float model of out"):
        sotto.train(file, out=tmp_path / "shop.parquet", name="x", force=True, progress=False, **QUICK)
    assert file.read_bytes() == before


def test_no_file_of_a_folder_is_written_over(rows: Rows, tmp_path: Path) -> None:
    log, items = tmp_path / "log.parquet", tmp_path / "items.parquet"
    parts = []
    for folder, frame in ((log, log_frame(rows)), (items, ITEMS)):
        (folder / "more").mkdir(parents=True)
        for part, of_part in ((folder / "1.parquet", frame[::2]), (folder / "more" / "2.parquet", frame[1::2])):
            WRITERS["parquet"](of_part, part)
            parts.append(part)
    before = [part.read_bytes() for part in parts]
    options: dict[str, Any] = {"name": "x", "force": True, "progress": False, **QUICK}
    for part in parts:
        with pytest.raises(sotto.SottoError, match="is what (interactions|items) reads"):
            sotto.train(log, items, out=part, **options)
    assert [part.read_bytes() for part in parts] == before
    assert len(sotto.train(log, items, out=tmp_path / "shop.safetensors", **options)) == 41


def test_vectors_are_not_written_over(rows: Rows, tmp_path: Path) -> None:
    file = tmp_path / "vectors.npy"
    np.save(file, np.eye(41, dtype=np.float32))
    before = file.read_bytes()
    with pytest.raises(sotto.SottoError, match="is what item_vectors reads"):
        sotto.train(log_frame(rows), ITEMS, item_vectors=file, out=file, force=True, progress=False, **QUICK)
    assert file.read_bytes() == before


def test_an_evaluation_writes_its_page_over_nothing_that_it_reads(rows: Rows, trained: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.parquet"
    WRITERS["parquet"](log_frame(rows), log)
    mine, original = tmp_path / "shop.safetensors", tmp_path / "original.safetensors"
    mine.write_bytes(trained.read_bytes())
    original.write_bytes(trained.with_suffix(".float.safetensors").read_bytes())
    model = sotto.load(mine, float_model=original)
    for file in (log, mine, original):
        before = file.read_bytes()
        with pytest.raises(sotto.SottoError, match="is what .* reads"):
            model.evaluate(log, html=file, name="x", force=True, progress=False)
        assert file.read_bytes() == before


def test_the_name_of_a_frame_is_no_file(rows: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    model = sotto.train(log_frame(rows), name="shop.safetensors", out="shop.safetensors", progress=False, **QUICK)
    assert model.info["training"]["log"]["name"] == "shop.safetensors"
    assert Path("shop.safetensors").read_bytes() == model.to_bytes()
