"""The log and the items: from frames, tables and files to what the core reads."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sotto import _native
from sotto._columns import Integers, Reals, Texts, as_ids, column_texts
from sotto._errors import SottoError
from sotto._tables import Table, WantedColumn, columnar_file, files_of, table_of

_LOG_COLUMNS = (
    WantedColumn("user_column", "user_id", "user", required=True),
    WantedColumn("item_column", "item_id", "item", required=True),
    WantedColumn("timestamp_column", "timestamp", "timestamp", required=True),
    WantedColumn("event_column", ""),
    WantedColumn("rating_column", ""),
    WantedColumn("session_column", ""),
)
_ITEM_COLUMNS = (
    WantedColumn("items_id_column", "item_id", "item", required=True),
    WantedColumn("title_column", "title", "title"),
    WantedColumn("category_column", "category", "category"),
    WantedColumn("price_column", "price", "price"),
    WantedColumn("image_column", "image", "image"),
    WantedColumn("text_column", "description", "description"),
    WantedColumn("", "currency"),
    WantedColumn("", "median_price_gbp"),
)


@dataclass(frozen=True)
class LogInput:
    """What the core reads: the words of --interactions, and the columns unless it reads these files itself."""

    words: list[str]
    columns: _native.FrameColumns | None = None
    named: Mapping[str, str] = field(default_factory=dict)
    """Options of columns that the core is given instead of the caller's (`Table.named`)."""
    read_words: list[str] | None = None
    """The words of --interactions that name all files which are read here; None where `words` do."""

    @property
    def words_to_check(self) -> list[str]:
        """The words by which the core sees that no output is one of the files that are read."""
        return self.words if self.read_words is None else self.read_words


def _columns_of(table: Table, name: str, options: Mapping[str, Any]) -> _native.FrameColumns:
    found = {}
    for wanted in _LOG_COLUMNS:
        column = table.find(wanted, options)
        if column is None:
            continue
        is_number = wanted.option in ("timestamp_column", "rating_column")
        if column.core_name not in found or is_number:
            found[column.core_name] = (column.place, column.values if is_number else as_ids(column.core_name, column.values))
    columns = _native.FrameColumns(name)
    # In the frame's order, by which the core decides between two of the same usual name.
    for core_name, (_, values) in sorted(found.items(), key=lambda item: item[1][0]):
        if isinstance(values, Texts):
            columns.add_texts(core_name, values.texts, values.places)
        elif isinstance(values, Integers):
            columns.add_integers(core_name, values.values)
        elif isinstance(values, Reals):
            columns.add_reals(core_name, values.values)
        else:
            columns.add_moments(core_name, values.milliseconds)
    return columns


# The command line needs a name, and this one is no file.
_UNREAD_LOG = "--interactions=-"


def log_input(interactions: Any, name: str | None, options: Mapping[str, Any]) -> LogInput:
    """Takes a frame, a path, or a list of paths. `name` names a frame in messages and in the model's record."""
    if isinstance(interactions, (str, os.PathLike)):
        file = os.fspath(interactions)
        table = columnar_file(file)
        if table is None:
            return LogInput([f"--interactions={file}"])
        read = [f"--interactions={each}" for each in files_of(file)]
        return _of_table(table, name or file, options, read or [_UNREAD_LOG])
    if isinstance(interactions, (list, tuple)) and interactions:
        if all(isinstance(part, (str, os.PathLike)) for part in interactions):
            return LogInput([f"--interactions={os.fspath(part)}" for part in interactions])
    table = table_of(interactions)
    if table is None:
        raise SottoError(
            "invalid_argument",
            f"interactions is of the type {type(interactions).__name__}, expected a data frame of pandas or Polars, "
            "an Arrow table, a dict of arrays, a path or a list of paths",
        )
    return _of_table(table, name or "frame", options, None)


def _of_table(table: Table, name: str, options: Mapping[str, Any], read_words: list[str] | None) -> LogInput:
    named = table.named(_LOG_COLUMNS, options)
    return LogInput([_UNREAD_LOG], _columns_of(table, name, {**options, **named}), named, read_words)


@dataclass(frozen=True)
class ItemsInput:
    """The word of --items, if there are items."""

    words: list[str]
    read: list[str]
    """The files that are read here; the core reads another one, which was made of them."""
    named: Mapping[str, str] = field(default_factory=dict)
    """As of LogInput."""

    @property
    def words_to_check(self) -> list[list[str]]:
        """As of LogInput, but --items names one file at a time."""
        return [[f"--items={file}"] for file in self.read] or [self.words]


def items_input(items: Any, options: Mapping[str, Any], folder: Path) -> ItemsInput:
    """Takes a frame or a path. A frame is written to a file in `folder`, for the time of the training."""
    if items is None:
        return ItemsInput([], [])
    read: list[str] = []
    table: Table | None
    if isinstance(items, (str, os.PathLike)):
        table = columnar_file(os.fspath(items))
        if table is None:
            return ItemsInput([f"--items={os.fspath(items)}"], [])
        read = files_of(os.fspath(items))
    else:
        table = table_of(items)
    if table is None:
        raise SottoError(
            "invalid_argument", f"items is of the type {type(items).__name__}, expected a data frame or a path"
        )
    named = table.named(_ITEM_COLUMNS, options)
    found = {}
    for wanted in _ITEM_COLUMNS:
        column = table.find(wanted, {**options, **named})
        if column is not None and column.core_name not in found:
            values = as_ids(column.core_name, column.values) if wanted.role == "item" else column.values
            found[column.core_name] = (column.place, column_texts(column.core_name, values))
    in_order = sorted(found.items(), key=lambda item: item[1][0])
    file = folder / "items.csv"
    with open(file, "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([name for name, _ in in_order])
        writer.writerows(zip(*(texts for _, (_, texts) in in_order)))
    return ItemsInput([f"--items={file}"], read, named)


def vectors_words(vectors: Any, folder: Path) -> list[str]:
    """Returns the words of --item-vectors. An array is written to a file in `folder`."""
    if vectors is None:
        return []
    if isinstance(vectors, (str, os.PathLike)):
        return [f"--item-vectors={os.fspath(vectors)}"]
    file = folder / "vectors.npy"
    np.save(file, np.ascontiguousarray(vectors))
    return [f"--item-vectors={file}"]
