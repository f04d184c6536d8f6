"""What the cast has once built through the real actions is put back row by row, instead of built again.

The copies are binary and whole: ids, times, hashes and journal as the actions wrote them.
"""

import pickle
from collections.abc import Callable, Hashable
from functools import cache
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection, router, transaction

from zhengyou.base.models import JournalEntry
from zhengyou.organisations.models import Organisation, Term

Built = TypeVar("Built")

_kept: dict[Hashable, tuple[dict[str, bytes], bytes]] = {}
_marks_kept: dict[Hashable, dict[str, str]] = {}
# What stands in the database, and what its transaction had written then; at most one.
_here: list[tuple[Hashable, tuple[str, int]]] = []


def built_once(key: Hashable, build: Callable[[], Built]) -> Built:
    """What `build` returns, with the same rows in the database; built at the first call a process, and wherever there are rows."""
    if _anything():
        return build()
    return _put_back(key, {}) if key in _kept else _keep(key, build())


def built_upon(key: Hashable, build: Callable[[], Built]) -> Built:
    """The same upon what `built_once` or an earlier call put there, as long as nothing was written since; else built."""
    if not _here or not _is_as_left():
        return build()
    below = _here[0][0]
    whole = (below, key)
    return _put_back(whole, _kept[below][0]) if whole in _kept else _keep(whole, build())


def _is_as_left() -> bool:
    """Whether nothing was written since. Where each statement is a transaction of its own, all rows are compared."""
    key, written = _here[0]
    if connection.in_atomic_block:
        return written == _written()
    return _marks() == _marks_kept.get(key)


def _keep(key: Hashable, built: Built) -> Built:
    _kept[key] = {table: _rows_of(table) for table in _filled_tables()}, pickle.dumps(built)
    _marks_kept[key] = _marks()
    _remember(key)
    return built


def _put_back(key: Hashable, there: dict[str, bytes]) -> Any:
    rows, built = _kept[key]
    other = [table for table in rows if rows[table] != there.get(table)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # the keys held when the rows were written
        for table in other:
            if table in there:
                cursor.execute(f"DELETE FROM {table}")
            with cursor.copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:
                copy.write(rows[table])
        cursor.execute("SET LOCAL session_replication_role = origin")
    _remember(key)
    return pickle.loads(built)


def _anything() -> bool:
    """Whether there are rows: whatever the cast builds has an organisation or the words of a pack, and stands in the journal."""
    tables = (Organisation, Term, JournalEntry)
    asked = " OR ".join(f"EXISTS (SELECT FROM {model._meta.db_table})" for model in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}")
        return bool(cursor.fetchone()[0])


def _remember(key: Hashable) -> None:
    _here[:] = [(key, _written())]


def _written() -> tuple[str, int]:
    """Which transaction this is, and how many rows it has written until now: `pg_stat_xact_user_tables` without its indexes."""
    counts = " + ".join(f"pg_stat_get_xact_tuples_{did}(oid)" for did in ("inserted", "updated", "deleted"))
    tables = "FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
    rows = f"SELECT coalesce(sum({counts}), 0)::bigint {tables}"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(pg_current_xact_id_if_assigned()::text, ''), ({rows})")
        transaction_id, written = cursor.fetchone()
        return str(transaction_id), int(written)


@cache
def _tables() -> list[str]:
    models = apps.get_app_config("zhengyou").get_models(include_auto_created=True)
    return [model._meta.db_table for model in models if router.allow_migrate_model("default", model)]


def _filled_tables() -> list[str]:
    """Asked by a statement that the connection keeps, as planning it takes longer than asking."""
    asked = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in _tables())
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_prepared_statements WHERE name = 'filled_tables'")
        if cursor.fetchone() is None:
            cursor.execute(f"PREPARE filled_tables AS {asked}")
        cursor.execute("EXECUTE filled_tables")
        return [table for (table,) in cursor.fetchall()]


def _marks() -> dict[str, str]:
    """Of each table with rows a number made of all of them, in whatever order they lie."""
    tables = _filled_tables()
    asked = [f"SELECT '{one}', sum(hashtextextended(line::text, 0))::text FROM {one} line" for one in tables]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked) or "SELECT WHERE false")
        return dict(cursor.fetchall())


def _rows_of(table: str) -> bytes:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT (FORMAT binary)") as copy:
        return b"".join(bytes(piece) for piece in copy)
