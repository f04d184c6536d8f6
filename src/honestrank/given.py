"""Columns and tables as people hold them in memory (lists, NumPy, pandas, polars, Arrow) into lists and arrays.

What is missing becomes None, or NaN among numbers; what is no column, table or number is refused. Meanings are the caller's.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from honestrank.words.wording import InputError

Floats = NDArray[np.float64]

# Words and tables can be walked through too: by letters, by names of columns.
NO_COLUMN = (str, bytes, Mapping, set, frozenset)


def listed(column: Iterable[Any], what: str) -> list[Any]:
    """The values of a column, None where nothing is known (in pandas NaN too). Raises InputError for what is no column."""
    if isinstance(column, (list, tuple, range)):
        return list(column)
    if isinstance(column, np.ndarray):
        if column.ndim != 1:
            raise InputError("not_a_column", what=what)
        return list(column.tolist())
    if isinstance(column, NO_COLUMN):
        raise InputError("not_a_column", what=what)
    series = _as_narwhals(column)
    if series is None:
        return list(column.to_pylist()) if hasattr(column, "to_pylist") else _walked(column, what)
    if not hasattr(series, "to_list"):
        table = columns_of(column, what)
        if len(table) != 1:
            raise InputError("not_a_column", what=what)
        return next(iter(table.values()))
    return _without_nulls(series)


def numbers(column: Iterable[Any], what: str) -> Floats:
    """A column of numbers, NaN where nothing is known. Raises InputError for text and whatever else is no number."""
    return np.array([_number(value, what) for value in listed(column, what)], dtype=np.float64)


def matrix(table: Any, what: str) -> Floats:
    """A table of numbers as rows by columns, NaN where nothing is known; one column alone stays one.

    Taken are arrays, data frames, a mapping of names to columns, a list of rows. Raises InputError for what is none of
    these, for rows of different lengths, and as `numbers`.
    """
    if isinstance(table, np.ndarray) and table.dtype.kind in "iuf":
        if table.ndim not in (1, 2):
            raise InputError("not_a_table", what=what)
        return np.asarray(table, dtype=np.float64)
    if isinstance(table, (list, tuple, np.ndarray)):
        rows = list(table)
        if not any(_is_row(row) for row in rows):
            return numbers(rows, what)
        read = [numbers(row, what) for row in rows]
        if len({len(row) for row in read}) > 1:
            raise InputError("rows_differ", what=what)
        return np.array(read, dtype=np.float64)
    if _is_series(table):
        return numbers(table, what)
    columns = [numbers(column, what) for column in columns_of(table, what).values()]
    return np.column_stack(columns) if columns else np.empty((0, 0))


def complete(table: Any, what: str) -> Floats:
    """`matrix` in which every number is known and finite. Raises InputError naming the row of the first that is not."""
    found = matrix(table, what)
    wrong = ~np.isfinite(found)
    if wrong.any():
        raise InputError("not_finite_in_row", what=what, row=int(np.argwhere(wrong)[0][0]) + 1)
    return found


def columns_of(table: Any, what: str) -> dict[str, list[Any]]:
    """The columns of a table by name, each as `listed`; a list of mappings is a table of rows.

    A list of lists and an array of two dimensions are too; their columns are named by their numbers from 0.
    Raises InputError for what is no table, for two columns of one name and for columns of different lengths.
    """
    if isinstance(table, Mapping):
        columns = {str(name): listed(column, str(name)) for name, column in table.items()}
    elif isinstance(table, (list, tuple)) and table and all(isinstance(row, Mapping) for row in table):
        names = dict.fromkeys(str(name) for row in table for name in row)
        rows = [{str(name): value for name, value in row.items()} for row in table]
        columns = {name: [row.get(name) for row in rows] for name in names}
    elif isinstance(table, (list, tuple)) and table and all(map(_is_row, table)):
        if len({len(row) for row in table}) > 1:
            raise InputError("rows_differ", what=what)
        columns = {str(place): listed(column, str(place)) for place, column in enumerate(zip(*table, strict=True))}
    else:
        columns = (_of_array(table) if isinstance(table, np.ndarray) else {}) or _of_frame(table, what)
    if len({len(column) for column in columns.values()}) > 1:
        raise InputError("rows_differ", what=what)
    return columns


def column_named(name: Any, what: str) -> str:
    """The name by which a column is asked for; numbers and pairs are named as `columns_of` names them. Raises InputError for none."""
    if name is None or isinstance(name, (bytes, bool)) or name == "":
        raise InputError("column_without_name", what=what)
    return str(name)


def check_text(text: str, what: str, row: int) -> None:
    """Raise InputError for halves of signs, which no file can hold: text that was read in a wrong code."""
    if not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text):
        said = text[:40].encode("utf-8", "replace").decode()
        raise InputError("half_a_sign", what=what, row=row, value=said)


def names_of(table: Any) -> tuple[str, ...]:
    """The names a table gives its columns; none where it has none."""
    if isinstance(table, Mapping):
        return tuple(map(str, table))
    schema = getattr(table, "schema", None)
    names = getattr(schema, "names", None) if schema is not None else getattr(table, "columns", None)
    if callable(names):
        names = names()
    return () if names is None else tuple(str(name) for name in names)


def check_level(level: object) -> None:
    """Raise InputError for what is no level between 0 and 1; `level` comes from callers without types too."""
    if not isinstance(level, Real) or not 0 < float(level) < 1:
        raise InputError("bad_level")


def check_whole(name: str, value: object) -> None:
    """Raise InputError for a part of a number, or something else, where whole ones count; None stands for the default."""
    if value is not None and (isinstance(value, bool) or not isinstance(value, Integral)):
        raise InputError("not_whole", what=name, value=repr(value)[:40])


def is_definite(covariance: Floats) -> bool:
    """Whether no combination of scores has a variance below zero, but for rounding of the largest."""
    ridge = (1e-9 * float(np.diag(covariance).max()) + 1e-300) * np.eye(len(covariance))
    try:
        np.linalg.cholesky((covariance + covariance.T) / 2 + ridge)
    except np.linalg.LinAlgError:
        return False
    return True


def _of_array(table: Any) -> dict[str, list[Any]]:
    """An array of rows and columns, or of rows with names."""
    if table.dtype.names:
        return {name: table[name].tolist() for name in table.dtype.names}
    return {str(place): table[:, place].tolist() for place in range(table.shape[1])} if table.ndim == 2 else {}


def _of_frame(table: Any, what: str) -> dict[str, list[Any]]:
    if hasattr(table, "collect"):
        table = table.collect()
    names = names_of(table)
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise InputError("column_twice", column=twice[0])
    frame = _as_narwhals(table)
    if frame is None and hasattr(table, "to_pydict"):
        return {str(name): list(column) for name, column in table.to_pydict().items()}
    if not hasattr(frame, "iter_columns"):
        raise InputError("not_a_table", what=what)
    return {str(series.name): _without_nulls(series) for series in frame.iter_columns()}


def _as_narwhals(value: Any) -> Any:
    """What narwhals makes of a frame or a series, None where it knows nothing of the kind."""
    # Only now: arrays and lists need nothing of it.
    import narwhals as nw

    found = nw.from_native(value, allow_series=True, pass_through=True)
    return found if isinstance(found, (nw.Series, nw.DataFrame, nw.LazyFrame)) else None


def _is_series(value: Any) -> bool:
    return not isinstance(value, Mapping) and (
        hasattr(_as_narwhals(value), "to_list") or (hasattr(value, "to_pylist") and not hasattr(value, "column_names"))
    )


def _without_nulls(series: Any) -> list[Any]:
    values, absent = series.to_list(), series.is_null().to_list()
    return [None if missing else value for value, missing in zip(values, absent, strict=True)]


def _walked(column: Any, what: str) -> list[Any]:
    try:
        return list(column)
    except TypeError as error:
        raise InputError("not_a_column", what=what) from error


def _is_row(value: Any) -> bool:
    return isinstance(value, (Sequence, np.ndarray)) and not isinstance(value, (str, bytes))


def _number(value: Any, what: str) -> float:
    if value is None:
        return math.nan
    try:
        if isinstance(value, (str, bytes)):
            raise TypeError
        return float(value)
    except OverflowError:
        return math.inf
    except (TypeError, ValueError) as error:
        if type(value).__name__ in ("NAType", "NaTType"):
            return math.nan
        raise InputError("not_a_number", what=what, value=str(value)[:40]) from error
