"""Making and destroying a poll's desk and box, and every change to their rows. Nothing here is journalled.

Each is a transaction of its own, or a part of the caller's at the same desk or box. What may be done is decided by rooms above.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

import psycopg
from django.conf import settings

from ownpostgres.account import EmbeddedDatabaseError
from zhengyou.boxes import queries, rules
from zhengyou.boxes.models import Watermark


def make_box(*, poll: UUID, entries: Iterable[tuple[int, int]], house: Watermark) -> None:
    """Make desk and box of a poll with a mark for each (entry of the roll, pool), none issued. Made again it is as if made once.

    Cut off, it leaves a server that `destroy_box` takes away. Raises BoxRefused if the server does not start.
    """
    try:
        settings.POLL_SERVERS.make(str(poll))
    except (EmbeddedDatabaseError, OSError) as error:
        raise rules.box_not_made(error) from error
    rows = sorted(entries)
    statement = "INSERT INTO mark (entry, pool) SELECT * FROM unnest(%s::bigint[], %s::bigint[]) ON CONFLICT DO NOTHING"
    with queries.at_desk(poll) as connection:
        connection.execute(statement, [[entry for entry, _pool in rows], [pool for _entry, pool in rows]])
        keep_watermark(poll=poll, house=house)


def destroy_box(*, poll: UUID) -> bool:
    """Destroy a poll's key, then desk, box and their server with its write-ahead log. Idempotent; cut off, it is done again.

    Returns whether all is gone; not so where the server cannot be ended now, or is not ours to destroy (docs/running.md).
    """
    try:
        return bool(settings.POLL_SERVERS.destroy(str(poll)))
    except (EmbeddedDatabaseError, OSError, psycopg.Error):
        return False


def keep_servers() -> None:
    """Start the servers of polls that do not run, and end those that are over. For the process that keeps them."""
    settings.POLL_SERVERS.keep()
    close_idle()


def sweep() -> None:
    """Delete what the making of a box left behind before it was one. For whoever knows that no opening is under way."""
    settings.POLL_SERVERS.sweep()


def close_idle() -> None:
    """Close the connections of this process that nobody has used for a minute."""
    settings.POLL_SERVERS.connections.close_idle()


def keep_watermark(*, poll: UUID, house: Watermark) -> None:
    """Remember at the poll's desk how far the house's database is."""
    statement = """
        INSERT INTO watermark (system, timeline, position) VALUES (%s, %s, '0/0'::pg_lsn + %s::numeric)
        ON CONFLICT (is_the_one) DO UPDATE SET system = excluded.system, timeline = excluded.timeline, position = excluded.position
    """
    with queries.at_desk(poll) as connection:
        connection.execute(statement, [house.system, house.timeline, house.position])


def mark_issued(*, poll: UUID, entry: int, request: bytes) -> None:
    """A ballot was issued to this entry of the roll, for this request."""
    with queries.at_desk(poll) as connection:
        connection.execute("UPDATE mark SET is_issued = true, request = %s WHERE entry = %s", [request, entry])


def mark_on_paper(*, poll: UUID, entries: Iterable[int], is_on_paper: bool) -> None:
    """These entries of the roll vote on paper, which counts as issued, or no longer do."""
    with queries.at_desk(poll) as connection:
        connection.execute(
            "UPDATE mark SET is_issued = %s, is_on_paper = %s WHERE entry = ANY(%s)",
            [is_on_paper, is_on_paper, list(entries)],
        )


def mark_printed(*, poll: UUID, pool: int) -> None:
    """A sheet was printed for everybody of this pool who votes on paper."""
    with queries.at_desk(poll) as connection:
        connection.execute("UPDATE mark SET is_sheet_printed = true WHERE pool = %s AND is_on_paper", [pool])


def keep_codes(*, poll: UUID, digests: Mapping[int, bytes]) -> None:
    """Let codes of these digests, by entry of the roll, work from now on; earlier ones of these entries stop working.

    That a code was replaced stays known, and that an entry got a newer one after its ballot was issued, which cannot be used for
    it; not whose the earlier one was.
    """
    replaced = """
        INSERT INTO replaced_code SELECT digest FROM code WHERE entry = ANY(%s) ORDER BY digest ON CONFLICT DO NOTHING
    """
    statement = """
        INSERT INTO code (entry, digest) SELECT * FROM unnest(%s::bigint[], %s::bytea[])
        ON CONFLICT (entry) DO UPDATE SET digest = excluded.digest, is_renewed = code.is_renewed
            OR EXISTS (SELECT FROM mark WHERE mark.entry = code.entry AND is_issued)
    """
    rows = sorted(digests.items())
    with queries.at_desk(poll) as connection:
        connection.execute(replaced, [[entry for entry, _digest in rows]])
        connection.execute(statement, [[entry for entry, _digest in rows], [digest for _entry, digest in rows]])


def add_slips(*, poll: UUID, slips: Mapping[bytes, bytes]) -> set[bytes]:
    """Put slips, by serial, into the box where there is none of that serial yet. Returns the serials that were there.

    In the order of their keys, so that two stacks never wait for each other in a circle. Of a serial that somebody else is putting
    in at this moment the outcome is waited for.
    """
    sealed = queries.sealer(poll)
    rows = sorted((sealed.name("slip", serial), serial) for serial in slips)
    statement = """
        INSERT INTO slip (key, document) SELECT * FROM unnest(%s::bytea[], %s::bytea[])
        ON CONFLICT DO NOTHING RETURNING key
    """
    documents = [sealed.seal(key, slips[serial]) for key, serial in rows]
    with queries.at_box(poll) as connection:
        added = {key for (key,) in connection.execute(statement, [[key for key, _serial in rows], documents])}
    return {serial for key, serial in rows if key not in added}


def change_slips(*, poll: UUID, slips: Mapping[bytes, bytes]) -> None:
    """Put slips, by serial, in the place of those in the box. The caller has locked these, by `queries.slips(for_change=True)`."""
    sealed = queries.sealer(poll)
    keys = [sealed.name("slip", serial) for serial in slips]
    documents = [sealed.seal(key, document) for key, document in zip(keys, slips.values(), strict=True)]
    statement = """
        UPDATE slip SET document = sent.document FROM unnest(%s::bytea[], %s::bytea[]) AS sent (key, document)
        WHERE slip.key = sent.key
    """
    with queries.at_box(poll) as connection:
        connection.execute(statement, [keys, documents])


def hold_serials(*, poll: UUID, serials: Iterable[bytes], is_cancelled: bool) -> None:
    """Let the box take none of these serials, for now or for good, whatever was settled before."""
    sealed = queries.sealer(poll)
    statement = """
        INSERT INTO held (key, is_cancelled) SELECT key, %s FROM unnest(%s::bytea[]) AS sent (key)
        ON CONFLICT (key) DO UPDATE SET is_cancelled = excluded.is_cancelled
    """
    with queries.at_box(poll) as connection:
        connection.execute(statement, [is_cancelled, sorted(sealed.name("slip", serial) for serial in serials)])


def release_serials(*, poll: UUID, serials: Iterable[bytes]) -> None:
    """Let the box take these serials from now on."""
    sealed = queries.sealer(poll)
    with queries.at_box(poll) as connection:
        connection.execute(
            "DELETE FROM held WHERE key = ANY(%s)", [[sealed.name("slip", serial) for serial in serials]]
        )


def keep_papers(*, poll: UUID, kind: str, batch: int, documents: Mapping[bytes, bytes]) -> None:
    """Keep a document of this kind about each known thing, for a batch of paper; an earlier one about it goes.

    By their keyed hashes, so that the rows lie in no order of sheets.
    """
    sealed = queries.sealer(poll)
    rows = sorted((sealed.name(kind, known), document) for known, document in documents.items())
    statement = """
        INSERT INTO paper (kind, key, batch, document)
        SELECT %s, key, %s, document FROM unnest(%s::bytea[], %s::bytea[]) AS sent (key, document)
        ON CONFLICT (kind, key) DO UPDATE SET document = excluded.document
    """
    documents_sealed = [sealed.seal(key, document) for key, document in rows]
    with queries.at_box(poll) as connection:
        connection.execute(statement, [kind, batch, [key for key, _document in rows], documents_sealed])


def drop_papers(*, poll: UUID, kind: str, known: Iterable[bytes]) -> None:
    """Forget the documents of this kind about what is known."""
    sealed = queries.sealer(poll)
    with queries.at_box(poll) as connection:
        names = [sealed.name(kind, one) for one in known]
        connection.execute("DELETE FROM paper WHERE kind = %s AND key = ANY(%s)", [kind, names])
