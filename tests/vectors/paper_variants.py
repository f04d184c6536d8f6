"""Ways to tamper with what is told of paper, and with the extensions of the poll."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.blindballot.polls import Poll
from tests.blindballot.records import edit_cancelled, edit_counts, edit_document
from tests.vectors.record_variants import Forgery, Variant, counts, head

from blindballot.format.encoding import b64, canonical, parse_canonical
from blindballot.format.lines import read_board_line, read_cancelled_line, write_cancelled_line
from blindballot.format.record import BOARD, CANCELLED, COSIGNATURES, COUNTS, PRINTED, RECORD, SIGNATURE


def paper_variants() -> list[Variant]:
    """What could be done about them, by the platform with all its keys."""
    return [*in_what_is_cancelled(), *in_the_extensions()]


def cancelled(change: Callable[[list[bytes]], object]) -> Forgery:
    return lambda made, folder: edit_cancelled(made, folder, lambda lines: change(lines) and None)


def used(made: Poll, folder: Path) -> None:
    """A slip that was counted is called cancelled."""
    slip = read_board_line((folder / BOARD).read_bytes().splitlines(keepends=True)[4])
    line = write_cancelled_line(
        dataclasses.replace(made.cancelled[0], pool=slip.pool, line=slip.line, serial=slip.serial)
    )
    edit_cancelled(made, folder, lambda lines: insert_cancelled(lines, line))
    edit_counts(made, folder, lambda pools: one_more_cancelled(pools, slip.pool, slip.line))


def insert_cancelled(lines: list[bytes], line: bytes) -> None:
    lines.append(line)
    lines.sort(key=lambda each: read_cancelled_line(each).serial)


def one_more_cancelled(pools: list[Any], pool: str, line: str) -> None:
    said = next(each for each in pools if each["pool"] == pool)["cancelled"]
    said[line] = said.get(line, 0) + 1


def changed(**changes: Any) -> Forgery:
    """The first cancelled slip with other values."""

    def forge(lines: list[bytes]) -> None:
        slip = dataclasses.replace(read_cancelled_line(lines[0]), **changes)
        lines[0] = write_cancelled_line(slip)
        lines.sort(key=lambda each: read_cancelled_line(each).serial)

    return cancelled(forge)


def printed(change: Callable[[list[Any]], object]) -> Forgery:
    return lambda made, folder: edit_document(made, folder, PRINTED, lambda said: change(said["batches"]) and None)


def in_what_is_cancelled() -> list[Variant]:
    """Printed slips that were not drawn: hidden, made up, used all the same."""
    strange = cancelled(lambda lines: lines.__setitem__(1, lines[1].replace(b'{"', b'{"a":1,"', 1)))
    ghost = cancelled(lambda lines: lines.__setitem__(0, lines[0].replace(b'"line":"u', b'"line":"v')))
    return [
        Variant("a cancelled serial on the board", used, BOARD, "cancelled-used", 5),
        Variant("a cancelled slip kept back", cancelled(lambda lines: lines.pop(3)), PRINTED, "undrawn"),
        Variant("a cancelled slip of another pool", changed(pool="elders"), CANCELLED, "unknown-batch"),
        Variant("a cancelled slip of another batch", changed(batch=9), CANCELLED, "unknown-batch"),
        Variant("a cancelled slip that was never printed", changed(nonce=bytes(16)), CANCELLED, "not-printed"),
        Variant("a cancelled slip at another place", changed(index=1000), CANCELLED, "not-printed"),
        Variant("a cancelled slip without a path", changed(path=()), CANCELLED, "not-printed"),
        Variant("a cancelled slip twice", cancelled(lambda lines: lines.insert(2, lines[1])), CANCELLED, "cancelled-order", 3),
        Variant("cancelled slips out of order", cancelled(lambda lines: lines.reverse()), CANCELLED, "cancelled-order", 2),
        Variant("a cancelled slip of an unknown line", ghost, CANCELLED, "unknown-line", 1),
        Variant("a cancelled serial that is no point", changed(serial=b"\x04" + bytes(64)), CANCELLED, "bad-serial"),
        Variant("a cancelled slip with a strange field", strange, CANCELLED, "line-form", 2),
        Variant("the cancelled slips are cut", cancelled(lambda lines: lines.__setitem__(-1, lines[-1][:-1])), CANCELLED, "line-form"),
        Variant("the number cancelled is hidden", counts(lambda pools: pools[0].pop("cancelled")), COUNTS, "bad-counts"),
        Variant("fewer cancelled than there are", counts(lambda pools: pools[0]["cancelled"].update(u1=2)), COUNTS, "cancelled"),
        Variant("none cancelled where there are some", counts(lambda pools: pools[0]["cancelled"].clear()), COUNTS, "cancelled"),
        Variant("nought cancelled", counts(lambda pools: pools[2]["cancelled"].update(u1=0)), COUNTS, "bad-counts"),
        Variant("cancelled on an unknown line", counts(lambda pools: pools[0]["cancelled"].update(u9=1)), COUNTS, "bad-counts"),
        Variant("a sheet fewer printed", printed(lambda said: said[0].update(sheets=4)), CANCELLED, "not-printed"),
        Variant("a sheet more drawn", printed(lambda said: said[0].update(drawn=3)), PRINTED, "undrawn"),
        Variant("more drawn than printed", printed(lambda said: said[0].update(drawn=6)), PRINTED, "bad-printed"),
        Variant("a batch hidden", printed(lambda said: said.pop(0)), CANCELLED, "unknown-batch"),
        Variant("a batch of which nothing was cancelled hidden", printed(lambda said: said.pop())),
        Variant("batches in another order", printed(lambda said: said.reverse()), PRINTED, "bad-printed"),
        Variant("a batch of no sheets", printed(lambda said: said[2].update(sheets=0, drawn=0)), PRINTED, "bad-printed"),
    ]  # fmt: skip


def extended(change: Callable[[list[Any]], object]) -> Forgery:
    """Changes the extensions of record.json and signs it again."""

    def forge(made: Poll, folder: Path) -> None:
        listed = parse_canonical((folder / RECORD).read_bytes())["extensions"]
        change(listed)
        head(extensions=listed)(made, folder)

    return forge


def extended_out(made: Poll, folder: Path) -> None:
    (folder / COSIGNATURES).unlink()
    document = parse_canonical((folder / RECORD).read_bytes())
    del document["extensions"]
    (folder / RECORD).write_bytes(canonical(document))
    (folder / SIGNATURE).write_text(b64(made.head_key.sign(canonical(document))))


def in_the_extensions() -> list[Variant]:
    """Closing times made up, kept back, put in another order."""

    def first(**changes: str) -> Forgery:
        return extended(lambda listed: listed[0].update(changes))

    def second(**changes: str) -> Forgery:
        return extended(lambda listed: listed[1].update(changes))

    return [
        Variant("a close before the last extension's time", head(closed_at="2026-11-29T23:59:59Z"), RECORD, "closed-early"),
        Variant("closed to the second", head(closed_at="2026-11-30T00:00:00Z")),
        Variant("an extension kept back", extended(lambda listed: listed.pop(0)), RECORD, "bad-extension"),
        Variant("the extensions kept back", head(extensions=[])),
        Variant("an extension to an earlier time", second(closes_at="2026-11-27T12:00:00Z"), RECORD, "bad-extension"),
        Variant("an extension to the same time", first(closes_at="2026-11-27T00:00:00Z"), RECORD, "bad-extension"),
        Variant("an extension after the close it replaces", first(announced_at="2026-11-27T00:00:00Z"), RECORD, "bad-extension"),
        Variant("a second extension announced before the first", second(announced_at="2026-11-26T09:29:59Z"), RECORD, "bad-extension"),
        Variant("two extensions announced at once", second(announced_at="2026-11-26T09:30:00Z")),
        Variant("an extension without a reason", first(reason=""), RECORD, "bad-head"),
        Variant("an extension with too long a reason", first(reason="雪" * 501), RECORD, "bad-head"),
        Variant("an extension of five hundred letters", first(reason="\U0001f328" * 500)),
        Variant("an extension with a strange field", first(by="office"), RECORD, "bad-head"),
        Variant("extensions left out", extended_out, RECORD, "bad-head"),
        Variant("a head of the older format", head(format="zhengyou-record-1"), RECORD, "bad-head"),
        Variant("a head of a format to come", head(format="blindballot-record-2"), RECORD, "bad-head"),
    ]  # fmt: skip
