"""What the second form of a record adds: later closing times with their reasons, paper slips that were not drawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.blindballot.polls import Poll, document, make_poll
from tests.blindballot.records import CLOSED_AT, export

from blindballot.__main__ import main
from blindballot.closing.exporting import ExportError
from blindballot.format.encoding import FormatError, parse_canonical
from blindballot.format.lines import CancelledSlip, read_cancelled_line
from blindballot.format.manifest import Manifest
from blindballot.format.record import CANCELLED, COUNTS, RECORD, Extension, check_extensions
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
    made.cancel("members", 3)
    made.cancelled.pop()
    folder = export(made, tmp_path)
    head = parse_canonical((folder / RECORD).read_bytes())
    assert head["format"] == "zhengyou-record-2"
    assert head["extensions"] == [
        {"closes_at": "2026-11-29T00:00:00Z", "reason": "大雪封路", "announced_at": "2026-11-26T08:00:00Z"}
    ]
    assert parse_canonical((folder / "manifest.json").read_bytes())["closes_at"] == "2026-11-27T00:00:00Z"
    pools = parse_canonical((folder / COUNTS).read_bytes())["pools"]
    assert [(pool["issued"], pool["cancelled"]) for pool in pools] == [
        ({"office": 7}, {"u1": 3, "u2": 2}),
        ({"office": 6}, {}),
    ]
    listed = [read_cancelled_line(line) for line in (folder / CANCELLED).read_bytes().splitlines(keepends=True)]
    assert sorted(listed, key=lambda slip: slip.serial) == listed
    assert set(listed) == set(made.cancelled)
    verdict = verify(folder, tmp_path / "openings.jsonl")
    assert verdict.is_sound
    assert verdict.extensions == (SNOW,)
    assert [pool.cancelled for pool in verdict.pools] == [5, 0]
    assert main(["verify", str(folder), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "Closing time moved to 2026-11-29T00:00:00Z, announced 2026-11-26T08:00:00Z: 大雪封路" in said
    assert "members: 5 printed paper slips were not drawn and are cancelled." in said
    assert "guests: " not in said
    assert main(["verify", str(folder), "--lang", "zh"]) == 0
    assert "投票截止时间延至 2026-11-29T00:00:00Z" in capsys.readouterr().out


def broken(made: Poll, change: Callable[[Poll], object], at: Path, match: str) -> None:
    extensions, cancelled = list(made.extensions), list(made.cancelled)
    change(made)
    with pytest.raises(ExportError, match=match):
        export(made, at)
    made.extensions, made.cancelled = extensions, cancelled
    assert list(at.iterdir()) == []


def test_the_export_writes_no_record_that_breaks_the_rules(tmp_path: Path) -> None:
    made = small_poll()
    made.cancel("members")
    one, used = made.cancelled[0], made.slips[0]
    late = Extension("2026-12-24T00:00:00Z", "late", "2026-11-26T00:00:00Z")
    broken(made, lambda made: made.extensions.append(late), tmp_path, f"closed at {CLOSED_AT}, before")
    broken(made, lambda made: made.extensions.extend([SNOW, SNOW]), tmp_path, r"extensions\[1\].closes_at")
    broken(made, lambda made: made.cancelled.append(one), tmp_path, "cancelled twice")
    off = CancelledSlip("members", "u1", b"\x04" + bytes(64))
    broken(made, lambda made: made.cancelled.append(off), tmp_path, "not a point")
    for pool, line in (("members", "u9"), ("nobody", "u1")):
        strange = CancelledSlip(pool, line, one.serial)
        broken(made, lambda made, slip=strange: made.cancelled.append(slip), tmp_path, "does not have")  # type: ignore[misc]
    counted = CancelledSlip(used.pool, used.line, used.serial)
    broken(made, lambda made: made.cancelled.append(counted), tmp_path, "is cancelled")
    assert verify(export(made, tmp_path)).is_sound


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
