"""Many rows at once for benches: `COPY` in place of deeds, which for a hundred thousand rows would take an hour.

Rows keep every constraint of the database; what an action checks or tells beside them does not happen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import Any

from django.db import connection, transaction
from django.db.models import Field, Model


@transaction.atomic
def copied(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> range:
    """Write rows of a table, given as values in the order of these columns; the ids that they got, in order.

    A column that is not named has its default, or nothing. Nobody else writes into the table meanwhile.
    """
    table, fields = model._meta.db_table, {field.attname: field for field in model._meta.concrete_fields}
    rest = [field for field in fields.values() if field.attname not in names and not field.primary_key]
    rest = [field for field in rest if field.has_default() or not field.null]
    fixed, fresh = _defaults(rest)
    columns = ", ".join(f'"{fields[name].column}"' for name in ("id", *names, *fixed, *fresh))
    constant, makers = list(fixed.values()), list(fresh.values())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")
        first = cursor.fetchone()[0]
        numbers = count(first)
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for number, row in zip(numbers, rows, strict=False):
                copy.write_row([number, *row, *constant, *(make() for make in makers)])
        cursor.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")
        after = cursor.fetchone()[0]
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [table, after])
    return range(first, after)


def _defaults(fields: list[Field[Any, Any]]) -> tuple[dict[str, Any], dict[str, Callable[[], Any]]]:
    """What stands in every row alike, and what is made for each, such as a ticket."""
    fixed, fresh = {}, {}
    for field in fields:
        if callable(field.default):
            fresh[field.attname] = lambda field=field: field.get_db_prep_save(field.get_default(), connection)
        else:
            fixed[field.attname] = field.get_db_prep_save(field.get_default(), connection)
    return fixed, fresh
