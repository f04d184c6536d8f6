"""A unit of several lines has one band in a pool of few, whatever was marked."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.blindballot.polls import document, make_poll

from blindballot.closing.tallying import Tally, turnout_of
from blindballot.format.encoding import FormatError
from blindballot.format.lines import Opening
from blindballot.format.publication import BANDS, one_band_a_unit
from blindballot.format.record import PoolCounts, read_counts, write_counts

UNITS = {"a-1": "a", "a-2": "a", "a-3": "a", "b-1": "b"}


def manifest_of_lines() -> Any:
    plan = document({"members": 14}, tuple(UNITS), ("work", "service"))
    for line in plan["lines"]:
        line["unit"] = UNITS[line["id"]]
    return make_poll(plan).manifest


MANIFEST = manifest_of_lines()
MARKS = st.tuples(*[st.sampled_from([0, 1, 2, 3, 4, 255])] * 2)
SLIPS = st.lists(MARKS, min_size=3, max_size=11)
REASONS = st.lists(st.sampled_from(["unreadable", "other-commitment", "no-such-mark"]), max_size=3)


def tallied(slips: dict[str, list[tuple[int, ...]]], invalid: dict[str, list[str]]) -> PoolCounts:
    tally = Tally(MANIFEST)
    for line, marked in slips.items():
        for marks in marked:
            tally.add("members", line, Opening(b"", bytes(marks)))
        for reason in invalid.get(line, []):
            tally.add("members", line, Opening(b"", invalid=reason))
    returned = {("members", line): len(marked) + len(invalid.get(line, [])) for line, marked in slips.items()}
    (pool,) = tally.counts(turnout_of(MANIFEST, {"members": {"office": 14}}, returned), {})
    return pool


def read(pool: PoolCounts) -> dict[str, Any]:
    (found,) = read_counts(MANIFEST, write_counts([pool]), {})
    return {line["line"]: line for line in found.lines}


@settings(deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(UNITS, SLIPS)), st.fixed_dictionaries(dict.fromkeys(UNITS, REASONS)))
def test_whatever_is_marked_a_unit_has_one_band_the_lowest_of_its_lines(
    slips: dict[str, list[tuple[int, ...]]], invalid: dict[str, list[str]]
) -> None:
    pool = tallied(slips, invalid)
    lines = read(pool)
    for unit in ("a", "b"):
        banded = [line for line, of in UNITS.items() if of == unit and lines[line]["publication"] == "band"]
        alone = [read(tallied({line: slips[line]}, {}))[line].get("band") for line in banded]
        if pool.verdict == "valid" and banded and None not in alone:
            assert {lines[line]["band"] for line in banded} == {max(alone, key=BANDS.index)}
        assert all(set(lines[line]["invalid"]) <= {"any"} for line in banded)
    assert one_band_a_unit(MANIFEST, pool.lines) == list(pool.lines)


def of_few() -> PoolCounts:
    """Seven slips a line: unit a high, low and counted with a spoilt slip; unit b middle."""
    marked = {"a-1": [(1, 1)] * 7, "a-2": [(4, 4)] * 7, "a-3": [(2, 2)] * 7, "b-1": [(2, 2)] * 7}
    return tallied(marked, {"a-3": ["unreadable", "no-such-mark"]})


def test_the_lines_of_a_unit_show_the_lowest_band_and_no_reasons() -> None:
    lines = read(of_few())
    assert {line: shown["band"] for line, shown in lines.items()} == {
        "a-1": "low",
        "a-2": "low",
        "a-3": "low",
        "b-1": "middle",
    }
    assert lines["a-3"]["invalid"] == {"any": 2}


@pytest.mark.parametrize(("line", "band"), [(0, "high"), (1, "none"), (2, "middle")])
def test_a_line_with_a_band_of_its_own_is_refused(line: int, band: str) -> None:
    pool = of_few()
    pool.lines[line]["band"] = band
    with pytest.raises(FormatError, match="one unit have different bands"):
        read(pool)


def test_reasons_beside_a_band_are_refused() -> None:
    pool = of_few()
    pool.lines[2]["invalid"] = {"unreadable": 1, "no-such-mark": 1}
    with pytest.raises(FormatError, match="is not a field"):
        read(pool)
