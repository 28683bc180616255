"""From data frames, tables and files to what the core reads."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from sotto import _native
from sotto._columns import (
    Column,
    Integers,
    Reals,
    Texts,
    arrow_column,
    as_ids,
    column_texts,
    numpy_column,
    pandas_column,
    polars_column,
)
from sotto._errors import SottoError

_PARQUET = (".parquet", ".pq")
_ARROW = (".arrow", ".feather", ".ipc")


@dataclass(frozen=True)
class WantedColumn:
    """A column that an option names. `role` says which usual names may stand for the default one (find_column.cpp)."""

    option: str
    default: str
    role: str = "other"
    required: bool = False

    def name(self, options: Mapping[str, Any]) -> str:
        return str(options.get(self.option) or self.default)


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
class FoundColumn:
    """A column of a frame, and the name under which the core finds it as well."""

    place: int
    core_name: str
    values: Column


@dataclass(frozen=True)
class Table:
    """A frame of any library: the names of its columns, and how to get one of them."""

    names: list[str]
    """"" for a column whose name is no text; it cannot be named."""
    column: Callable[[str], Column]

    @cached_property
    def _plain_names(self) -> list[str]:
        return _native.plain_names(self.names)

    def named(self, columns: Iterable[WantedColumn], options: Mapping[str, Any]) -> dict[str, str]:
        """Returns the options that give a position, counted from 1, with the name of the column that is there."""
        found = {}
        for wanted in columns:
            name = str(options.get(wanted.option, ""))
            if name.isdecimal() and name not in self.names and 1 <= int(name) <= len(self.names):
                found[wanted.option] = self.names[int(name) - 1]
        return {option: name for option, name in found.items() if name}

    def find(self, wanted: WantedColumn, options: Mapping[str, Any]) -> FoundColumn | None:
        """Finds the column that the core would take of a file with these names; None where it may be missing."""
        name = wanted.name(options)
        if not name:
            return None
        if name in self.names:
            place, core_name = self.names.index(name), name
        else:
            found = _native.find_column(self._plain_names, name, wanted.role)
            if found is None:
                if not wanted.required and name == wanted.default:
                    return None
                there = ", ".join(f"'{other}'" for other in self.names[:20] if other)
                raise SottoError("missing", f"no column '{name}'; the frame has {there or 'none'}: name the column to use")
            place, core_name = found, self._plain_names[found]
        if self.names.count(self.names[place]) > 1:
            raise SottoError("malformed", f"there are two columns '{self.names[place]}'; rename or remove one")
        return FoundColumn(place, core_name, self.column(self.names[place]))


def _module(name: str) -> Any:
    """Returns a module that is loaded already: a frame of another library cannot be there."""
    return sys.modules.get(name)


def _text_names(names: Iterable[Any]) -> list[str]:
    return [name if isinstance(name, str) else "" for name in names]


def table_of(source: Any) -> Table | None:
    """Returns the frame's table, or None where `source` is no frame."""
    pandas, polars, arrow = _module("pandas"), _module("polars"), _module("pyarrow")
    if pandas is not None and isinstance(source, pandas.DataFrame):
        return Table(_text_names(source.columns), lambda name: pandas_column(name, source[name]))
    if polars is not None and isinstance(source, polars.LazyFrame):
        source = source.collect()
    if polars is not None and isinstance(source, polars.DataFrame):
        return Table(list(source.columns), lambda name: polars_column(name, source[name]))
    if arrow is not None and isinstance(source, (arrow.Table, arrow.RecordBatch)):
        return Table(list(source.schema.names), lambda name: arrow_column(name, source[name]))
    if isinstance(source, Mapping):
        return Table(_text_names(source), lambda name: numpy_column(name, np.asarray(source[name])))
    if hasattr(source, "__arrow_c_stream__"):
        return table_of(_import_for("a table of this library", "pyarrow").table(source))
    return None


def _import_for(what: str, name: str) -> Any:
    try:
        return __import__(name)
    except ImportError:
        raise SottoError("unsupported", f"{what} is read through {name}: pip install {name}") from None


def _columnar_file(file: str) -> Table | None:
    """Opens a Parquet or an Arrow file; None for a file of another name. Of a Parquet file, each column is read alone."""
    suffix = os.path.splitext(file)[1].lower()
    if suffix not in _PARQUET + _ARROW:
        return None
    if not os.path.exists(file):
        raise SottoError("io", f"{file}: there is no such file")
    what = "a Parquet file" if suffix in _PARQUET else "an Arrow file"
    arrow = _import_for(what, "pyarrow")

    def read(reading: Callable[[], Any]) -> Any:
        try:
            return reading()
        except (arrow.ArrowException, OSError) as error:
            raise SottoError("malformed", f"{file}: {error}") from error

    if suffix in _ARROW:
        import pyarrow.feather as feather

        return table_of(read(lambda: feather.read_table(file)))
    import pyarrow.parquet as parquet

    if not os.path.isfile(file):
        return table_of(read(lambda: parquet.read_table(file)))
    opened = read(lambda: parquet.ParquetFile(file))
    return Table(
        list(opened.schema_arrow.names),
        lambda name: arrow_column(name, read(lambda: opened.read(columns=[name]))[name]),
    )


def _files_of(path: str) -> list[str]:
    """Returns the file, or all files of a folder: a table may lie in several."""
    if not os.path.isdir(path):
        return [path]
    return [os.path.join(folder, name) for folder, _, names in os.walk(path, followlinks=True) for name in names]


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
        table = _columnar_file(file)
        if table is None:
            return LogInput([f"--interactions={file}"])
        read = [f"--interactions={each}" for each in _files_of(file)]
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
        table = _columnar_file(os.fspath(items))
        if table is None:
            return ItemsInput([f"--items={os.fspath(items)}"], [])
        read = _files_of(os.fspath(items))
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
