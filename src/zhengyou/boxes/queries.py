"""What desk and box of an open poll hold, and the transactions in which anything is asked or done there.

A transaction inside another one on the same database is a part of it, as in the house. What psycopg raises, this raises as Django's
errors of the same name, so that nobody above needs to know that these two databases are not Django's.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import django.db
import psycopg
from django.conf import settings
from psycopg.rows import class_row

from zhengyou.base import locks
from zhengyou.boxes import rules
from zhengyou.boxes.models import BOX, DESK, Mark, Watermark
from zhengyou.boxes.sealing import Sealer

MARK = "SELECT entry, pool, is_issued, is_on_paper, is_sheet_printed, request FROM mark"
Connection = psycopg.Connection[Any]

_under_way = threading.local()


def has_box(poll: UUID) -> bool:
    """Whether the poll has desk and box, and the key to them."""
    return bool(settings.POLL_SERVERS.has(str(poll)))


def is_used(poll: UUID) -> bool:
    """Whether anybody has been issued a ballot or a code at the poll's desk, or cast into its box: then it was open once."""
    asked = "SELECT EXISTS (SELECT FROM mark WHERE is_issued) OR EXISTS (SELECT FROM code)"
    with at_desk(poll) as connection:
        row = connection.execute(asked.encode()).fetchone()
    return bool(row and row[0]) or count_slips(poll) > 0


def check_is_unused(poll: UUID) -> None:
    """A poll does not open onto a box in which ballots lie: the house was restored to a time before it was opened. Raises BoxRefused."""
    if has_box(poll) and is_used(poll):
        raise rules.box_in_use(poll)


def polls_with_box() -> list[UUID]:
    """The polls that have desk and box, whatever the house knows of them."""
    return [UUID(name) for name in settings.POLL_SERVERS.names()]


@contextmanager
def at_desk(poll: UUID) -> Iterator[Connection]:
    """A transaction at a poll's desk. Raises BoxSilent if the desk does not answer."""
    with _transaction(poll, DESK) as connection:
        yield connection


@contextmanager
def at_box(poll: UUID) -> Iterator[Connection]:
    """A transaction in a poll's box. Raises BoxSilent if the box does not answer."""
    with _transaction(poll, BOX) as connection:
        yield connection


@contextmanager
def _transaction(poll: UUID, database: str) -> Iterator[Connection]:
    held: dict[tuple[UUID, str], Connection] = _under_way.__dict__.setdefault("held", {})
    place = (poll, database)
    try:
        if place in held:
            with held[place].transaction():
                yield held[place]
            return
        with settings.POLL_SERVERS.lent(str(poll), database) as connection, connection.transaction():
            held[place] = connection
            try:
                yield connection
            finally:
                del held[place]
    except psycopg.Error as error:
        raise _as_djangos(error) from None


class BoxSilent(django.db.OperationalError):
    """Desk or box of a poll do not answer at this moment: their server is being started again, or is gone."""


def _as_djangos(error: psycopg.Error) -> django.db.Error:
    name = next(one.__name__ for one in type(error).__mro__ if hasattr(django.db, one.__name__))
    # A database's words about a row may hold the row; about the way to it they do not.
    if name == "OperationalError":
        return BoxSilent(str(error))
    raised: django.db.Error = getattr(django.db, name)(type(error).__name__)
    return raised


def hold(connection: Connection, *, alone: bool = False) -> None:
    """Hold the lock of this poll's desk or box until the transaction ends: voters together, the close alone."""
    connection.execute(locks.statement(alone=alone).encode(), [locks.SLIPS])


def sealer(poll: UUID) -> Sealer:
    """What hashes and seals for a poll's box: read from its key file each time, so that no process remembers a key that is gone."""
    try:
        return Sealer(settings.POLL_SERVERS.key(str(poll)))
    except FileNotFoundError as error:
        raise BoxSilent("there is no box any more") from error


def marks(poll: UUID, entries: Iterable[int] | None = None, *, for_change: bool = False) -> dict[int, Mark]:
    """What the desk has of these entries of the roll, or of all, by entry; locked until the transaction ends, if for a change."""
    where, given = ("", []) if entries is None else (" WHERE entry = ANY(%s)", [list(entries)])
    lock = " ORDER BY entry FOR UPDATE" if for_change else ""
    with at_desk(poll) as connection, connection.cursor(row_factory=class_row(Mark)) as cursor:
        return {row.entry: row for row in cursor.execute(f"{MARK}{where}{lock}".encode(), given)}


def issued_by_pool(poll: UUID) -> dict[int, int]:
    """Pool to how many of its people were issued a ballot."""
    counted = "SELECT pool, count(*) FILTER (WHERE is_issued) FROM mark GROUP BY pool"
    with at_desk(poll) as connection:
        return dict(connection.execute(counted).fetchall())


def entry_with_code(poll: UUID, digest: bytes) -> int | None:
    """The entry of the roll to which a code of this digest was given, or None."""
    with at_desk(poll) as connection:
        row = connection.execute("SELECT entry FROM code WHERE digest = %s", [digest]).fetchone()
    return row[0] if row else None


def entries_with_codes(poll: UUID) -> set[int]:
    """The entries of the roll that have a working code."""
    with at_desk(poll) as connection:
        return {entry for (entry,) in connection.execute("SELECT entry FROM code").fetchall()}


def is_replaced(poll: UUID, digest: bytes) -> bool:
    """Whether a code of this digest worked until a newer one took its place."""
    with at_desk(poll) as connection:
        return connection.execute("SELECT FROM replaced_code WHERE digest = %s", [digest]).fetchone() is not None


def is_renewed(poll: UUID, digest: bytes) -> bool:
    """Whether the code of this digest was made after a ballot had been issued to its holder."""
    with at_desk(poll) as connection:
        return connection.execute("SELECT FROM code WHERE digest = %s AND is_renewed", [digest]).fetchone() is not None


def watermark(poll: UUID) -> Watermark | None:
    """How far the house's database was when this poll was last looked after; None before the first time."""
    with at_desk(poll) as connection, connection.cursor(row_factory=class_row(Watermark)) as cursor:
        return cursor.execute("SELECT system, timeline, position - '0/0' AS position FROM watermark").fetchone()


def watermark_of_house() -> Watermark:
    """How far the house's database is now: only what it has written for good counts."""
    asked = """
        SELECT s.system_identifier::text, c.timeline_id, pg_current_wal_flush_lsn() - '0/0'
        FROM pg_control_system() AS s, pg_control_checkpoint() AS c
    """
    with django.db.connection.cursor() as cursor:
        cursor.execute(asked)
        return Watermark(*cursor.fetchone())


def slips(poll: UUID, serials: Iterable[bytes], *, for_change: bool = False) -> dict[bytes, bytes]:
    """The slips of these serials in the box, by serial; locked until the transaction ends, if for a change."""
    sealed = sealer(poll)
    names = {sealed.name("slip", serial): serial for serial in serials}
    lock = " ORDER BY key FOR UPDATE" if for_change else ""
    asked = f"SELECT key, document FROM slip WHERE key = ANY(%s){lock}"
    with at_box(poll) as connection:
        rows = connection.execute(asked.encode(), [list(names)]).fetchall()
    return {names[key]: sealed.open(key, document) for key, document in rows}


def every_slip(poll: UUID) -> Iterator[bytes]:
    """All slips of the box, by the keyed hashes of their serials. Inside the caller's transaction, a thousand at a time."""
    sealed = sealer(poll)
    with at_box(poll) as connection, connection.cursor("slips") as cursor:
        cursor.itersize = 1000
        for key, document in cursor.execute("SELECT key, document FROM slip ORDER BY key"):
            yield sealed.open(key, document)


def count_slips(poll: UUID) -> int:
    """How many slips are in the box. Told to nobody while the poll is open."""
    with at_box(poll) as connection:
        row = connection.execute("SELECT count(*) FROM slip").fetchone()
    return int(row[0]) if row else 0


def held(poll: UUID, serials: Iterable[bytes]) -> dict[bytes, bool]:
    """Which of these serials the box does not take; each with whether it is cancelled for good. A box that is gone holds nothing."""
    if not has_box(poll):
        return {}
    sealed = sealer(poll)
    names = {sealed.name("slip", serial): serial for serial in serials}
    with at_box(poll) as connection:
        rows = connection.execute("SELECT key, is_cancelled FROM held WHERE key = ANY(%s)", [list(names)]).fetchall()
    return {names[key]: is_cancelled for key, is_cancelled in rows}


def papers(poll: UUID, kind: str, *, batch: int | None = None) -> list[bytes]:
    """The documents of one kind that the box keeps for paper, of one batch or of all, in no order that says anything.

    A box that is gone keeps none.
    """
    if not has_box(poll):
        return []
    sealed = sealer(poll)
    with at_box(poll) as connection:
        asked = "SELECT key, document FROM paper WHERE kind = %s AND (%s::bigint IS NULL OR batch = %s) ORDER BY key"
        rows = connection.execute(asked, [kind, batch, batch]).fetchall()
    return [sealed.open(key, document) for key, document in rows]


def paper(poll: UUID, kind: str, known: bytes) -> bytes | None:
    """The one document of this kind about what is known, or None."""
    sealed = sealer(poll)
    name = sealed.name(kind, known)
    with at_box(poll) as connection:
        row = connection.execute("SELECT document FROM paper WHERE kind = %s AND key = %s", [kind, name]).fetchone()
    return sealed.open(name, row[0]) if row else None
