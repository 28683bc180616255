"""From one column of a data frame to one of the core's kinds of columns.

There are four kinds: integers, reals, moments (milliseconds since 1970), or texts. Values of 64 bits are not copied where
a column has no missing ones and lies in one piece. Of texts, each different one is handed over once, with its place for
each row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Union

import numpy as np

from sotto._errors import SottoError

if TYPE_CHECKING:
    import numpy.typing as npt

MISSING_INTEGER = np.iinfo(np.int64).min

# Up to here, the year 2242, neighbouring doubles are less than a microsecond apart.
_MAX_EXACT_SECONDS = 2**33


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


def _moments(values: npt.NDArray[np.int64], unit: str) -> Column:
    """Takes the values of a frame's own type for times: `unit` is s, ms, us or ns since 1970.

    A file has microseconds, and digits below them are dropped. They order the events of a user, so a frame keeps them
    as well: as seconds, where a double holds them exactly, else as texts.
    """
    missing = values == MISSING_INTEGER
    if unit in ("s", "ms"):
        return Moments(np.where(missing, MISSING_INTEGER, values * 1000) if unit == "s" else np.ascontiguousarray(values))
    microseconds = np.where(missing, 0, values // 1000 if unit == "ns" else values)
    if not np.any(microseconds % 1000):
        return Moments(np.where(missing, MISSING_INTEGER, microseconds // 1000))
    if np.max(np.abs(microseconds)) < _MAX_EXACT_SECONDS * 1_000_000:
        return Reals(np.where(missing, np.nan, microseconds / 1_000_000))
    different, places = np.unique(microseconds, return_inverse=True)
    return _texts_of(np.datetime_as_string(different.view("datetime64[us]")), np.where(missing, -1, places))


def _numpy_moments(values: npt.NDArray[np.datetime64]) -> Column:
    unit = np.datetime_data(values.dtype)[0]
    unit = "ns" if unit in ("ns", "ps", "fs", "as") else "us" if unit == "us" else "ms"
    return _moments(values.astype(f"datetime64[{unit}]", copy=False).view(np.int64), unit)


def numpy_column(name: str, values: npt.NDArray[Any]) -> Column:
    if values.ndim != 1:
        raise SottoError("wrong_shape", f"column '{name}' has {values.ndim} dimensions, expected one")
    kind = values.dtype.kind
    if kind == "M":
        return _numpy_moments(values)
    if kind == "f":
        return Reals(np.ascontiguousarray(values, dtype=np.float64))
    if kind == "u" and values.size > 0 and values.max() > np.iinfo(np.int64).max:
        return _objects(values.tolist())
    if kind in "iu":
        return Integers(np.ascontiguousarray(values, dtype=np.int64))
    if kind in "OUS":
        return _objects(values.tolist())
    raise SottoError("wrong_type", f"column '{name}' has the type {values.dtype}, expected texts, numbers or times")


def pandas_column(name: str, series: Any) -> Column:
    import pandas as pd

    types = pd.api.types
    if isinstance(series.dtype, pd.ArrowDtype):
        import pyarrow as pa

        return arrow_column(name, pa.array(series))
    if types.is_bool_dtype(series.dtype):
        raise SottoError("wrong_type", f"column '{name}' has the type {series.dtype}, expected texts, numbers or times")
    if isinstance(series.dtype, pd.DatetimeTZDtype):
        series = series.dt.tz_convert("UTC").dt.tz_localize(None)
    if types.is_datetime64_dtype(series.dtype):
        return numpy_column(name, series.to_numpy())
    if types.is_integer_dtype(series.dtype):
        if series.isna().any():
            return Integers(series.to_numpy(dtype=np.int64, na_value=MISSING_INTEGER))
        return numpy_column(name, series.to_numpy(dtype=np.uint64 if types.is_unsigned_integer_dtype(series.dtype) else np.int64))
    if types.is_float_dtype(series.dtype):
        return Reals(np.ascontiguousarray(series.to_numpy(dtype=np.float64, na_value=np.nan)))
    places, texts = pd.factorize(series)
    return _texts_of(texts, places)


def polars_column(name: str, series: Any) -> Column:
    import polars as pl

    if series.dtype == pl.Date:
        series = series.cast(pl.Datetime("ms"))
    if isinstance(series.dtype, pl.Datetime):
        # Physical values are in UTC, whatever the zone.
        moments = series.to_physical().fill_null(MISSING_INTEGER).to_numpy()
        return _moments(moments, str(series.dtype.time_unit))
    if series.dtype.is_integer() and series.dtype != pl.UInt64:
        return Integers(np.ascontiguousarray(series.cast(pl.Int64).fill_null(MISSING_INTEGER).to_numpy()))
    if series.dtype.is_float():
        return Reals(np.ascontiguousarray(series.cast(pl.Float64).fill_null(np.nan).to_numpy()))
    if series.dtype in (pl.String, pl.Categorical, pl.Enum, pl.UInt64):
        texts = series.cast(pl.String)
        places = texts.rank("dense").cast(pl.Int64).fill_null(0).to_numpy() - 1
        return _texts_of(texts.drop_nulls().unique().sort().to_list(), places)
    raise SottoError("wrong_type", f"column '{name}' has the type {series.dtype}, expected texts, numbers or times")


def arrow_column(name: str, column: Any) -> Column:
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    types = pa.types
    if types.is_date(kind):
        column, kind = pc.cast(column, pa.timestamp("ms")), pa.timestamp("ms")
    if types.is_timestamp(kind):
        moments = pc.cast(column, pa.int64())
        return _moments((pc.fill_null(moments, MISSING_INTEGER) if moments.null_count else moments).to_numpy(), kind.unit)
    if types.is_integer(kind) and not types.is_uint64(kind):
        values = pc.fill_null(pc.cast(column, pa.int64()), MISSING_INTEGER) if column.null_count else column
        return numpy_column(name, values.to_numpy())
    if types.is_floating(kind):
        values = pc.cast(column, pa.float64())
        return Reals(np.ascontiguousarray((pc.fill_null(values, np.nan) if values.null_count else values).to_numpy()))
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


def as_ids(name: str, column: Column) -> Column:
    """Whole numbers with gaps become reals in many frames; ids are whole."""
    if not isinstance(column, Reals):
        return column
    there = ~np.isnan(column.values)
    if not np.all(column.values[there] == np.floor(column.values[there])) or np.any(np.abs(column.values[there]) > 2**53):
        raise SottoError("wrong_type", f"column '{name}' has numbers with fractions, expected ids")
    whole = np.full(column.values.shape, MISSING_INTEGER, dtype=np.int64)
    whole[there] = column.values[there].astype(np.int64)
    return Integers(whole)


def column_texts(name: str, column: Column) -> list[str]:
    if isinstance(column, Texts):
        return ["" if place < 0 else column.texts[place] for place in column.places.tolist()]
    if isinstance(column, Integers):
        return ["" if value == MISSING_INTEGER else str(value) for value in column.values.tolist()]
    if isinstance(column, Reals):
        return ["" if value != value else repr(value) for value in column.values.tolist()]
    raise SottoError("wrong_type", f"column '{name}' of the items has times, expected texts or numbers")
