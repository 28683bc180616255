"""Tables of any library or file: the names of their columns, and how to find and get one of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sotto import _native
from sotto._columns import Column, arrow_column, numpy_column, pandas_column, polars_column
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


def columnar_file(file: str) -> Table | None:
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


def files_of(path: str) -> list[str]:
    """Returns the file, or all files of a folder: a table may lie in several."""
    if not os.path.isdir(path):
        return [path]
    return [os.path.join(folder, name) for folder, _, names in os.walk(path, followlinks=True) for name in names]
