"""What a record tells beside its counts: later closing times with their reasons, paper slips that were not drawn."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.blindballot.polls import Poll, document, make_poll
from tests.blindballot.records import CLOSED_AT, export, verify_all

from blindballot.__main__ import main
from blindballot.closing.exporting import ExportError
from blindballot.format.encoding import FormatError, b64, parse_canonical
from blindballot.format.lines import CancelledSlip, read_cancelled_line
from blindballot.format.manifest import Manifest
from blindballot.format.printed import PrintedBatch, PrintedSlip, cancelled_of, printed_root
from blindballot.format.record import CANCELLED, COUNTS, PRINTED, RECORD, Extension, check_extensions
from blindballot.format.slips import Slip
from blindballot.verifying.verifier import verify

SNOW = Extension("2026-11-29T00:00:00Z", "大雪封路", "2026-11-26T08:00:00Z")


def small_poll() -> Poll:
    plan = document({"members": 12, "guests": 9}, ("u1", "u2"), ("work",))
    made = make_poll(plan)
    for pool, voters in (("members", 7), ("guests", 6)):
        for _ in range(voters):
            made.vote(pool, {"u1": {"work": "good"}, "u2": {"work": "fair"}})
    return made


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    return make_poll(lines=("u1",)).manifest


def test_a_record_tells_its_extensions_and_its_cancelled_slips(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = small_poll()
    made.extensions.append(SNOW)
    made.cancel("members", 3, drawn=2)
    folder = export(made, tmp_path)
    head = parse_canonical((folder / RECORD).read_bytes())
    assert head["format"] == "blindballot-record-1"
    assert head["extensions"] == [
        {"closes_at": "2026-11-29T00:00:00Z", "reason": "大雪封路", "announced_at": "2026-11-26T08:00:00Z"}
    ]
    assert parse_canonical((folder / "manifest.json").read_bytes())["closes_at"] == "2026-11-27T00:00:00Z"
    pools = parse_canonical((folder / COUNTS).read_bytes())["pools"]
    assert [(pool["issued"], pool["cancelled"]) for pool in pools] == [
        ({"office": 7}, {"u1": 3, "u2": 3}),
        ({"office": 6}, {}),
    ]
    listed = [read_cancelled_line(line) for line in (folder / CANCELLED).read_bytes().splitlines(keepends=True)]
    assert sorted(listed, key=lambda slip: slip.serial) == listed
    assert set(listed) == set(made.cancelled)
    assert parse_canonical((folder / PRINTED).read_bytes())["batches"] == [
        {"pool": "members", "number": 1, "sheets": 5, "drawn": 2, "root": b64(made.batches[0].root)}
    ]
    verdict = verify_all(folder)
    assert verdict.is_sound
    assert verdict.extensions == (SNOW,)
    assert [pool.cancelled for pool in verdict.pools] == [6, 0]
    assert main(["verify", str(folder), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "Closing time moved to 2026-11-29T00:00:00Z, announced 2026-11-26T08:00:00Z: 大雪封路" in said
    assert "members: 6 printed paper slips were not drawn and are cancelled." in said
    assert "guests: " not in said
    assert main(["verify", str(folder), "--lang", "zh"]) == 0
    assert "投票截止时间延至 2026-11-29T00:00:00Z" in capsys.readouterr().out


def broken(made: Poll, change: Callable[[Poll], object], at: Path, match: str) -> None:
    before = {name: list(getattr(made, name)) for name in ("extensions", "batches", "cancelled", "slips")}
    change(made)
    with pytest.raises(ExportError, match=match):
        export(made, at)
    vars(made).update(before)
    assert list(at.iterdir()) == []


def test_the_export_writes_no_record_that_breaks_the_rules(tmp_path: Path) -> None:
    made = small_poll()
    made.cancel("members", 2)
    one = made.cancelled[0]
    late = Extension("2026-12-24T00:00:00Z", "late", "2026-11-26T00:00:00Z")
    broken(made, lambda made: made.extensions.append(late), tmp_path, f"closed at {CLOSED_AT}, before")
    broken(made, lambda made: made.extensions.extend([SNOW, SNOW]), tmp_path, r"extensions\[1\].closes_at")
    again = next(place for place, slip in enumerate(made.cancelled) if slip.line == one.line and slip != one)
    broken(made, lambda made: made.cancelled.__setitem__(again, one), tmp_path, "cancelled twice")
    for changes, match in (
        ({"serial": b"\x04" + bytes(64)}, "not a point"),
        ({"line": "u9"}, "does not have"),
        ({"pool": "nobody"}, "does not have"),
        ({"batch": 2}, "is not of its batch"),
        ({"nonce": bytes(16)}, "is not of its batch"),
        ({"index": one.index ^ 1}, "is not of its batch"),
        ({"line": made.cancelled[1].line}, "drawn and cancelled slips are not those printed"),
    ):
        broken(made, replace_first(**changes), tmp_path, match)
    broken(made, lambda made: made.cancelled.pop(), tmp_path, "drawn and cancelled slips are not those printed")
    broken(made, lambda made: made.batches.append(made.batches[0]), tmp_path, "each number once")
    assert verify(export(made, tmp_path)).is_sound


def replace_first(**changes: Any) -> Callable[[Poll], object]:
    """Changes the first cancelled slip."""
    return lambda made: made.cancelled.__setitem__(0, dataclasses.replace(made.cancelled[0], **changes))


def test_a_slip_that_was_cast_is_not_cancelled_as_well(tmp_path: Path) -> None:
    """A printed slip that was drawn is cast, and its printer says all the same that it was left over."""
    made = small_poll()
    made.batches, made.cancelled = paper_of_cast(made, [slip for slip in made.slips if slip.pool == "members"][:2])
    broken(made, lambda made: None, tmp_path, "holds a slip whose serial is cancelled")


def paper_of_cast(made: Poll, slips: Sequence[Slip]) -> tuple[list[PrintedBatch], list[CancelledSlip]]:
    printed = [PrintedSlip(slip.line, slip.serial, bytes(16)) for slip in slips]
    batch = PrintedBatch("members", 1, 1, 0, printed_root(printed))
    return [batch], cancelled_of("members", 1, printed, printed)


def test_extensions_follow_each_other(manifest: Manifest) -> None:
    assert check_extensions(manifest, []) == "2026-11-27T00:00:00Z"
    again = Extension("2026-11-29T00:00:01Z", "again", "2026-11-28T23:59:59Z")
    assert check_extensions(manifest, [SNOW, again]) == again.closes_at
    too_late = Extension("2026-11-30T00:00:00Z", "late", "2026-11-29T00:00:00Z")
    before = Extension("2026-11-30T00:00:00Z", "before", "2026-11-26T07:59:59Z")
    for listed, place in (
        ([Extension("2026-11-27T00:00:00Z", "same", "2026-11-26T00:00:00Z")], r"extensions\[0\].closes_at"),
        ([Extension("2026-11-28T00:00:00Z", "after", "2026-11-27T00:00:00Z")], r"extensions\[0\].announced_at"),
        ([SNOW, too_late], r"extensions\[1\].announced_at: must be before"),
        ([SNOW, before], r"extensions\[1\].announced_at: must not be before"),
    ):
        with pytest.raises(FormatError, match=place):
            check_extensions(manifest, listed)
