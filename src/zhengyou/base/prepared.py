"""Questions that many pages ask: their statement is built once in a process, and each time only filled with its values.

Django builds a queryset and its SQL anew for every asking, which for a row with its relations takes longer than the database
needs to answer. Nothing of an answer is kept: what is read is what stands in the tables at that moment.
"""

import json
import marshal
import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache, partial, wraps
from typing import Any, ParamSpec, TypeVar, cast

from django.db import connections
from django.db.models import Expression, JSONField, Model, QuerySet
from django.db.models.expressions import Col
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.sql.compiler import SQLCompiler

Asked = ParamSpec("Asked")
Row = TypeVar("Row")
SINGLE, SEVERAL = (int, str, date), (list, tuple, set, frozenset)  # a bool is an int, an instant a date
LEAST_SHARED, LONGEST_KEPT = 1_000, 30_000  # signs of a text of JSON; the rules of a cycle have some ten thousand
_CURSOR = "zhengyou_cursor"  # where a connection keeps its own
_PLACES = re.compile("%%|%s")


class _Place(Expression):
    """Where one of the values will stand. It has no output field: it takes whatever type it is compared with."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        """A place, and in its parameter which."""
        return "%s", [self]

    def get_group_by_cols(self) -> list[Any]:
        """It is the same in every row."""
        return []


class _Prepared:
    """A queryset whose statement was built with places instead of values."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self._rows = rows
        self._compiler = rows.query.get_compiler(rows.db)
        self._sql, self._params = self._compiler.as_sql()
        columns = [column[0] for column in self._compiler.select[: self._compiler.col_count]]
        self._has_composite = self._compiler.has_composite_fields(columns)
        self._converters = {
            place: ([_kept_json if _reads_json(one) else one for one in each], column)
            for place, (each, column) in self._compiler.get_converters(columns).items()
        }
        is_of_models = rows._iterable_class is ModelIterable and not cast("Any", rows)._known_related_objects
        self._models = _Models(self._compiler, rows.db) if is_of_models else None

    def with_values(self, given: tuple[Any, ...]) -> QuerySet[Any]:
        """The same queryset, with these values and not asked yet."""
        compiler: Any = _like(self._compiler)
        query: Any = _like(self._rows.query)
        rows: Any = _like(self._rows)
        compiler.connection = connection = connections[rows.db]
        compiler.get_converters = lambda *_columns: self._converters_of_an_answer()
        compiler.has_composite_fields = lambda *_columns: self._has_composite
        compiler.execute_sql = lambda *_how, **_else: [self._cut(_answer(connection, *self._filled(given)))]
        query.get_compiler = lambda *_where, **_else: compiler
        rows._query = query
        if self._models:
            rows._iterable_class = self._models.of
        return cast("QuerySet[Any]", rows)

    def _converters_of_an_answer(self) -> dict[Any, Any]:
        shared: dict[str, Any] = {}
        read = partial(_kept_json, shared)
        return {
            place: ([read if one is _kept_json else one for one in each], column)
            for place, (each, column) in self._converters.items()
        }

    def _cut(self, answer: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Without the columns that stand in the statement for its order alone."""
        compiler: Any = self._compiler
        return [row[: compiler.col_count] for row in answer] if compiler.has_extra_select else answer

    def _filled(self, given: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
        values = [given[one.number] if isinstance(one, _Place) else one for one in self._params]
        if not any(isinstance(value, SEVERAL) for value in values):
            return self._sql, tuple(values)
        lengths = iter(len(value) if isinstance(value, SEVERAL) else 1 for value in values)
        sql = _PLACES.sub(lambda found: _places(next(lengths)) if found[0] == "%s" else "%%", self._sql)
        return sql, tuple(_one_by_one(values))


class _Models:
    """The rows of a question as Django makes them, with what it works out for each asking worked out once."""

    def __init__(self, compiler: SQLCompiler, db: str) -> None:
        made: Any = compiler.klass_info
        first, last = made["select_fields"][0], made["select_fields"][-1] + 1
        columns: Any = compiler.select[first:last]
        self._model, self._places, self._db = made["model"], slice(first, last), db
        self._names = [column[0].target.attname for column in columns]
        self._related = cast("Any", get_related_populators)(made, compiler.select, db)
        self._annotated = list((compiler.annotation_col_map or {}).items())

    def of(self, rows: Any) -> Iterator[Any]:
        """Each row, with its relations and what is annotated."""
        for row in rows.query.get_compiler(self._db).results_iter():
            one = self._model.from_db(self._db, self._names, row[self._places])
            for related in self._related:
                related.populate(row, one)
            for name, place in self._annotated:
                setattr(one, name, row[place])
            yield one


def _answer(connection: Any, sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """What the database answers. A connection keeps one cursor for this, which knows how values and columns are written."""
    if connection.queries_logged or connection.execute_wrappers:
        with connection.cursor() as watched:
            watched.execute(sql, values)
            return list(watched.fetchall())
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    connection.validate_thread_sharing()
    connection.validate_no_broken_transaction()
    cursor = connection.__dict__.pop(_CURSOR, None)  # one that failed, or is in use, is not found again
    with connection.wrap_database_errors:
        if cursor is None or cursor.connection is not connection.connection:
            cursor = connection.create_cursor()
        found = list(cursor.execute(sql, values).fetchall())
    connection.__dict__[_CURSOR] = cursor
    return found


def _reads_json(convert: Any) -> bool:
    """Whether this is what a field of JSON makes of a text, without a way of its own to read it."""
    field = getattr(convert, "__self__", None)
    is_plain = isinstance(field, JSONField) and field.decoder is None
    return is_plain and getattr(convert, "__func__", None) is JSONField.from_db_value


def _kept_json(shared: dict[str, Any], value: Any, column: Any, connection: Any) -> Any:
    """What a text of JSON says, for each answer anew. Rows of an answer share what is long: the rules of a cycle come with every row
    that has a cycle, and nobody changes them.
    """
    if type(value) is not str or len(value) > LONGEST_KEPT or type(column) is not Col:
        return None if value is None else JSONField().from_db_value(value, column, connection)
    if len(value) < LEAST_SHARED:
        return marshal.loads(_marshalled(value))  # of bytes that were made below
    if value not in shared:
        shared[value] = marshal.loads(_marshalled(value))
    return shared[value]


@lru_cache(maxsize=256)
def _marshalled(text: str) -> bytes:
    return marshal.dumps(json.loads(text))


def _like(one: Row) -> Row:
    """Another object with the same parts. `copy.copy` would ask what is copied, and be slower."""
    other: Row = object.__new__(type(one))
    other.__dict__.update(one.__dict__)
    return other


def _places(number: int) -> str:
    return ", ".join(["%s"] * number)


def _one_by_one(values: list[Any]) -> Iterator[Any]:
    for value in values:
        yield from value if isinstance(value, SEVERAL) else (value,)


def prepared(make: Callable[Asked, QuerySet[Any, Row]]) -> Callable[Asked, list[Row]]:
    """Ask what this function makes, whose arguments stand as they are in filters and conditions, and nowhere else.

    They are numbers, texts, days, instants or rows, which mean their key; what stands behind `__in` is a list of such that has one
    at least. The function sees places instead of them, once in a process: it may decide nothing by them, nor by the language,
    the day or anything else that changes. Only None it sees as it is, and each choice of Nones has a statement of its own.
    Raises TypeError for anything else, and ValueError for an empty list.
    """
    kept: dict[tuple[bool, ...], _Prepared] = {}

    @wraps(make)
    def ask(*given: Asked.args, **named: Asked.kwargs) -> list[Row]:
        if named:
            raise TypeError("values of a prepared question have no names")
        which = tuple(one is None for one in given)
        if which not in kept:
            places = (None if is_none else _Place(number) for number, is_none in enumerate(which))
            kept[which] = _Prepared(cast("Any", make)(*places))
        return list(kept[which].with_values(tuple(map(_value, given))))

    return ask


def _value(given: Any) -> Any:
    """As the database takes it."""
    if given is None or isinstance(given, SINGLE):
        return given
    if isinstance(given, Model) and given.pk is not None:
        return given.pk
    if isinstance(given, SEVERAL):
        if not given:
            raise ValueError("a prepared question about nothing")
        return [_value(one) for one in given]
    raise TypeError(f"a prepared question takes no {type(given).__name__}")
