"""From data frames, tables and files to what the core reads.

A column becomes one of the core's four kinds without a copy of its values where that is possible: integers, reals,
moments (milliseconds since 1970), or texts. Of texts, each different one is handed over once, with its place for each
row.
"""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union

import numpy as np

from sotto import _native
from sotto._errors import SottoError

if TYPE_CHECKING:
    import numpy.typing as npt

MISSING_INTEGER = np.iinfo(np.int64).min
_PARQUET = (".parquet", ".pq")
_ARROW = (".arrow", ".feather", ".ipc")
_ITEM_COLUMNS = ("item_id", "title", "category", "price", "image", "currency", "description")
_ITEM_COLUMN_OPTIONS = (
    "items_id_column",
    "title_column",
    "category_column",
    "price_column",
    "image_column",
    "text_column",
)


@dataclass(frozen=True)
class Texts:
    """The different texts, and for each row the place of its own; -1 where it is missing."""

    texts: list[str]
    places: npt.NDArray[np.int32]


@dataclass(frozen=True)
class Integers:
    """Missing ones are MISSING_INTEGER."""

    values: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Reals:
    """Missing ones are NaN."""

    values: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Moments:
    """Milliseconds since 1970; missing ones are MISSING_INTEGER."""

    milliseconds: npt.NDArray[np.int64]


Column = Union[Texts, Integers, Reals, Moments]


def _texts_of(values: Iterable[Any], places: npt.NDArray[np.integer[Any]]) -> Texts:
    return Texts([_text(value) for value in values], np.ascontiguousarray(places, dtype=np.int32))


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))  # a column of whole numbers with gaps
    return str(value)


def _is_missing(value: Any) -> bool:
    return value is None or value != value or type(value).__name__ in ("NAType", "NaTType")


def _objects(values: Iterable[Any]) -> Texts:
    places: dict[Any, int] = {}
    rows = [-1 if _is_missing(value) else places.setdefault(value, len(places)) for value in values]
    return _texts_of(places, np.asarray(rows, dtype=np.int32))


def _numpy_column(name: str, values: npt.NDArray[Any]) -> Column:
    if values.ndim != 1:
        raise SottoError("wrong_shape", f"column '{name}' has {values.ndim} dimensions, expected one")
    kind = values.dtype.kind
    if kind == "M":
        return Moments(np.ascontiguousarray(values.astype("datetime64[ms]").astype(np.int64)))
    if kind == "f":
        return Reals(np.ascontiguousarray(values, dtype=np.float64))
    if kind == "u" and values.size > 0 and values.max() > np.iinfo(np.int64).max:
        return _objects(values.tolist())
    if kind in "iu":
        return Integers(np.ascontiguousarray(values, dtype=np.int64))
    if kind in "OUS":
        return _objects(values.tolist())
    raise SottoError("wrong_type", f"column '{name}' has the type {values.dtype}, expected texts, numbers or times")


def _pandas_column(name: str, series: Any) -> Column:
    import pandas as pd

    types = pd.api.types
    if isinstance(series.dtype, pd.ArrowDtype):
        import pyarrow as pa

        return _arrow_column(name, pa.array(series))
    if types.is_bool_dtype(series.dtype):
        raise SottoError("wrong_type", f"column '{name}' has the type {series.dtype}, expected texts, numbers or times")
    if isinstance(series.dtype, pd.DatetimeTZDtype):
        series = series.dt.tz_convert("UTC").dt.tz_localize(None)
    if types.is_datetime64_dtype(series.dtype):
        return _numpy_column(name, series.to_numpy())
    if types.is_integer_dtype(series.dtype):
        if series.isna().any():
            return Integers(series.to_numpy(dtype=np.int64, na_value=MISSING_INTEGER))
        return _numpy_column(name, series.to_numpy(dtype=np.uint64 if types.is_unsigned_integer_dtype(series.dtype) else np.int64))
    if types.is_float_dtype(series.dtype):
        return Reals(np.ascontiguousarray(series.to_numpy(dtype=np.float64, na_value=np.nan)))
    places, texts = pd.factorize(series)
    return _texts_of(texts, places)


def _polars_column(name: str, series: Any) -> Column:
    import polars as pl

    if series.dtype == pl.Date:
        series = series.cast(pl.Datetime("ms"))
    if isinstance(series.dtype, pl.Datetime):
        # Physical values are in UTC, whatever the zone.
        moments = series.dt.cast_time_unit("ms").to_physical().fill_null(MISSING_INTEGER)
        return Moments(np.ascontiguousarray(moments.to_numpy(), dtype=np.int64))
    if series.dtype.is_integer() and series.dtype != pl.UInt64:
        return Integers(np.ascontiguousarray(series.cast(pl.Int64).fill_null(MISSING_INTEGER).to_numpy()))
    if series.dtype.is_float():
        return Reals(np.ascontiguousarray(series.cast(pl.Float64).fill_null(np.nan).to_numpy()))
    if series.dtype in (pl.String, pl.Categorical, pl.Enum, pl.UInt64):
        texts = series.cast(pl.String)
        places = texts.rank("dense").cast(pl.Int64).fill_null(0).to_numpy() - 1
        return _texts_of(texts.drop_nulls().unique().sort().to_list(), places)
    raise SottoError("wrong_type", f"column '{name}' has the type {series.dtype}, expected texts, numbers or times")


def _arrow_column(name: str, column: Any) -> Column:
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    types = pa.types
    if types.is_date(kind):
        column, kind = pc.cast(column, pa.timestamp("ms")), pa.timestamp("ms")
    if types.is_timestamp(kind):
        moments = pc.cast(pc.cast(column, pa.timestamp("ms", tz=kind.tz), safe=False), pa.int64())
        return Moments(np.ascontiguousarray(pc.fill_null(moments, MISSING_INTEGER).to_numpy()))
    if types.is_integer(kind) and not types.is_uint64(kind):
        values = pc.fill_null(pc.cast(column, pa.int64()), MISSING_INTEGER) if column.null_count else column
        return _numpy_column(name, values.to_numpy())
    if types.is_floating(kind):
        return Reals(np.ascontiguousarray(pc.fill_null(pc.cast(column, pa.float64()), np.nan).to_numpy()))
    if types.is_dictionary(kind):
        column = pc.cast(column, kind.value_type)
        kind = kind.value_type
    if types.is_uint64(kind) or types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        encoded = pa.chunked_array([pc.cast(column, pa.large_string())]) if not hasattr(column, "chunks") else column
        encoded = pc.dictionary_encode(pc.cast(encoded, pa.large_string())).combine_chunks()
        if isinstance(encoded, pa.ChunkedArray):  # without a row, or in releases that keep the wrapping
            encoded = encoded.chunk(0) if encoded.num_chunks else pa.array([], pa.large_string()).dictionary_encode()
        places = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
        return _texts_of(encoded.dictionary.to_pylist(), places)
    raise SottoError("wrong_type", f"column '{name}' has the type {kind}, expected texts, numbers or times")


@dataclass(frozen=True)
class Table:
    """A frame of any library: the names of its columns, and how to get one of them."""

    names: list[str]
    column: Callable[[str], Column]

    def require(self, name: str) -> Column:
        if self.names.count(name) == 1:
            return self.column(name)
        if name in self.names:
            raise SottoError("malformed", f"there are two columns '{name}'; rename or remove one")
        there = ", ".join(f"'{other}'" for other in self.names[:20])
        raise SottoError("missing", f"no column '{name}'; the frame has {there or 'none'}: name the column to use")


def _module(name: str) -> Any:
    """Returns a module that is loaded already: a frame of another library cannot be there."""
    return sys.modules.get(name)


def table_of(source: Any) -> Table | None:
    """Returns the frame's table, or None where `source` is no frame."""
    pandas, polars, arrow = _module("pandas"), _module("polars"), _module("pyarrow")
    if pandas is not None and isinstance(source, pandas.DataFrame):
        return Table([name for name in source.columns if isinstance(name, str)], lambda name: _pandas_column(name, source[name]))
    if polars is not None and isinstance(source, polars.LazyFrame):
        source = source.collect()
    if polars is not None and isinstance(source, polars.DataFrame):
        return Table(list(source.columns), lambda name: _polars_column(name, source[name]))
    if arrow is not None and isinstance(source, (arrow.Table, arrow.RecordBatch)):
        return Table(list(source.schema.names), lambda name: _arrow_column(name, source[name]))
    if isinstance(source, Mapping):
        return Table([name for name in source if isinstance(name, str)], lambda name: _numpy_column(name, np.asarray(source[name])))
    if hasattr(source, "__arrow_c_stream__"):
        return table_of(_import_for("a table of this library", "pyarrow").table(source))
    return None


def _import_for(what: str, name: str) -> Any:
    try:
        return __import__(name)
    except ImportError:
        raise SottoError("unsupported", f"{what} is read through {name}: pip install {name}") from None


def _read_columnar_file(file: str, columns: Sequence[str] | None) -> Table | None:
    """Reads these columns of a Parquet file, or an Arrow file; None for a file of another name. Without columns: all."""
    suffix = os.path.splitext(file)[1].lower()
    if suffix not in _PARQUET + _ARROW:
        return None
    if not os.path.exists(file):
        raise SottoError("io", f"{file}: there is no such file")
    what = "a Parquet file" if suffix in _PARQUET else "an Arrow file"
    arrow = _import_for(what, "pyarrow")
    try:
        if suffix in _PARQUET:
            import pyarrow.parquet as parquet

            # Where one is missing, all are read: the error then names what there is.
            names = set(parquet.read_schema(file).names) if os.path.isfile(file) else set()
            table = parquet.read_table(file, columns=list(columns) if columns and names.issuperset(columns) else None)
        else:
            import pyarrow.feather as feather

            table = feather.read_table(file)
    except (arrow.ArrowException, OSError) as error:
        raise SottoError("malformed", f"{file}: {error}") from error
    return table_of(table)


@dataclass(frozen=True)
class LogInput:
    """What the core reads: the words of --interactions, and the columns unless it reads these files itself."""

    words: list[str]
    columns: _native.FrameColumns | None


def _log_columns(options: Mapping[str, Any]) -> list[str]:
    named = {"user_column": "user_id", "item_column": "item_id", "timestamp_column": "timestamp"}
    columns = [str(options.get(option) or default) for option, default in named.items()]
    extra = (options.get(option) for option in ("event_column", "rating_column", "session_column"))
    return columns + [str(name) for name in extra if name]


def _as_ids(name: str, column: Column) -> Column:
    """Whole numbers with gaps become reals in many frames; ids are whole."""
    if not isinstance(column, Reals):
        return column
    there = ~np.isnan(column.values)
    if not np.all(column.values[there] == np.floor(column.values[there])) or np.any(np.abs(column.values[there]) > 2**53):
        raise SottoError("wrong_type", f"column '{name}' has numbers with fractions, expected ids")
    whole = np.full(column.values.shape, MISSING_INTEGER, dtype=np.int64)
    whole[there] = column.values[there].astype(np.int64)
    return Integers(whole)


def _columns_of(table: Table, options: Mapping[str, Any]) -> _native.FrameColumns:
    names = _log_columns(options)
    numbers = {names[2], str(options.get("rating_column") or "")}
    columns = _native.FrameColumns()
    for name in dict.fromkeys(names):
        column = table.require(name)
        if name not in numbers:
            column = _as_ids(name, column)
        if isinstance(column, Texts):
            columns.add_texts(name, column.texts, column.places)
        elif isinstance(column, Integers):
            columns.add_integers(name, column.values)
        elif isinstance(column, Reals):
            columns.add_reals(name, column.values)
        else:
            columns.add_moments(name, column.milliseconds)
    return columns


def log_input(interactions: Any, name: str | None, options: Mapping[str, Any]) -> LogInput:
    """Takes a frame, a path, or a list of paths. `name` names a frame in messages and in the model's record."""
    if isinstance(interactions, (str, os.PathLike)):
        file = os.fspath(interactions)
        table = _read_columnar_file(file, _log_columns(options))
        if table is None:
            return LogInput([f"--interactions={file}"], None)
        return LogInput([f"--interactions={name or file}"], _columns_of(table, options))
    if isinstance(interactions, (list, tuple)) and interactions:
        if all(isinstance(part, (str, os.PathLike)) for part in interactions):
            return LogInput([f"--interactions={os.fspath(part)}" for part in interactions], None)
    table = table_of(interactions)
    if table is None:
        raise SottoError(
            "invalid_argument",
            f"interactions is of the type {type(interactions).__name__}, expected a data frame of pandas or Polars, "
            "an Arrow table, a dict of arrays, a path or a list of paths",
        )
    return LogInput([f"--interactions={name or 'frame'}"], _columns_of(table, options))


def _column_texts(name: str, column: Column) -> list[str]:
    if isinstance(column, Texts):
        return ["" if place < 0 else column.texts[place] for place in column.places.tolist()]
    if isinstance(column, Integers):
        return ["" if value == MISSING_INTEGER else str(value) for value in column.values.tolist()]
    if isinstance(column, Reals):
        return ["" if value != value else repr(value) for value in column.values.tolist()]
    raise SottoError("wrong_type", f"column '{name}' of the items has times, expected texts or numbers")


def items_words(items: Any, options: Mapping[str, Any], folder: Path) -> list[str]:
    """Returns the words of --items. A frame is written to a file in `folder`, for the time of the training."""
    if items is None:
        return []
    named = [str(options[option]) for option in _ITEM_COLUMN_OPTIONS if options.get(option)]
    item_id = str(options.get("items_id_column") or "item_id")
    table: Table | None
    if isinstance(items, (str, os.PathLike)):
        table = _read_columnar_file(os.fspath(items), None)
        if table is None:
            return [f"--items={os.fspath(items)}"]
    else:
        table = table_of(items)
    if table is None:
        raise SottoError(
            "invalid_argument", f"items is of the type {type(items).__name__}, expected a data frame or a path"
        )
    table.require(item_id)
    names = [name for name in dict.fromkeys([*_ITEM_COLUMNS, *named]) if name in table.names]
    columns = []
    for name in names:
        column = table.column(name)
        columns.append(_column_texts(name, _as_ids(name, column) if name == item_id else column))
    file = folder / "items.csv"
    with open(file, "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(names)
        writer.writerows(zip(*columns))
    return [f"--items={file}"]


def vectors_words(vectors: Any, folder: Path) -> list[str]:
    """Returns the words of --item-vectors. An array is written to a file in `folder`."""
    if vectors is None:
        return []
    if isinstance(vectors, (str, os.PathLike)):
        return [f"--item-vectors={os.fspath(vectors)}"]
    file = folder / "vectors.npy"
    np.save(file, np.ascontiguousarray(vectors))
    return [f"--item-vectors={file}"]
