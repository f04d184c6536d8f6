"""The publication rule against examples worked out by hand."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.blindballot.polls import make_poll

from blindballot.format.encoding import FormatError
from blindballot.format.publication import Withheld, band, pool_verdict, publish_line, read_line, tally_criterion

MADE = make_poll(pools={"members": 80}, criteria=("work", "service"))
MANIFEST = MADE.manifest
LINE = MANIFEST.lines[0]
EXCELLENT, GOOD, FAIR, POOR, DONT_KNOW, UNMARKED = 1, 2, 3, 4, 255, 0


def publish(patterns: dict[tuple[int, int], int], invalid: dict[str, int] | None = None) -> dict[str, Any]:
    counted = Counter({bytes(marks): count for marks, count in patterns.items()})
    published = publish_line(MANIFEST, LINE, counted, invalid or {})
    assert read_line(MANIFEST, published, "line") == published
    return published


def test_four_valid_slips_publish_nothing() -> None:
    assert publish({(1, 1): 3, (0, 0): 1}, {"unreadable": 2, "no-such-mark": 1}) == {
        "line": "u1",
        "returned": 7,
        "valid": 4,
        "invalid": {"any": 3},
        "publication": "nothing",
    }


def test_no_slips_publish_nothing() -> None:
    assert publish({}) == {"line": "u1", "returned": 0, "valid": 0, "invalid": {}, "publication": "nothing"}


@pytest.mark.parametrize(
    ("patterns", "wanted"),
    [
        ({(EXCELLENT, GOOD): 7}, "high"),  # (10 + 7) / 2 = 8.5 of 10
        ({(EXCELLENT, EXCELLENT): 3, (GOOD, FAIR): 4}, "middle"),  # (60 + 28 + 20) / 14 = 7.71
        ({(GOOD, FAIR): 7}, "middle"),  # 6 of 10
        ({(FAIR, FAIR): 7}, "middle"),  # exactly 0.5
        ({(FAIR, POOR): 7}, "low"),  # 3.5
        ({(DONT_KNOW, UNMARKED): 7}, "none"),
        ({(EXCELLENT, UNMARKED): 1, (DONT_KNOW, UNMARKED): 6}, "high"),
    ],
)
def test_seven_valid_slips_publish_one_band(patterns: dict[tuple[int, int], int], wanted: str) -> None:
    published = publish(patterns)
    assert published == {
        "line": "u1",
        "returned": 7,
        "valid": 7,
        "invalid": {},
        "publication": "band",
        "band": wanted,
    }


def test_four_fifths_exactly_is_high() -> None:
    tallies = [tally_criterion(MANIFEST, {bytes([EXCELLENT]): 3, bytes([FAIR]): 2}, 0)]
    assert band(MANIFEST, tallies) == "high"  # (30 + 10) / 5 = 8


def cells(published: dict[str, Any], criterion: int) -> list[tuple[str, int]]:
    return [("+".join(cell["marks"]), cell["n"]) for cell in published["criteria"][criterion]["cells"]]


def test_thirty_valid_slips_publish_joined_cells_without_small_ones() -> None:
    published = publish(
        {(EXCELLENT, EXCELLENT): 12, (GOOD, GOOD): 9, (FAIR, GOOD): 6, (POOR, DONT_KNOW): 2, (UNMARKED, UNMARKED): 1}
    )
    assert published["publication"] == "counts"
    assert "abstained" not in published
    # 12 9 6 2 0 1: the cell that begins with 2 has 3 at the end, so it goes to the 6 before it
    assert cells(published, 0) == [("excellent", 12), ("good", 9), ("fair+poor+dont_know+unmarked", 9)]
    # 12 15 0 0 2 1: the cell that begins with 2 has 3 at the end, and takes both 0 and the 15
    assert cells(published, 1) == [("excellent", 12), ("good+fair+poor+dont_know+unmarked", 18)]


def test_a_near_unanimous_criterion_is_a_band_and_hides_whether_it_was_all() -> None:
    for odd in (0, 1, 3):
        published = publish({(EXCELLENT, GOOD): 15 - odd, (GOOD, FAIR): odd, (EXCELLENT, FAIR): 15})
        assert published["criteria"][0] == {"criterion": "work", "most": "excellent"}
        assert published["publication"] == "counts"
        assert "cells" in published["criteria"][1]
    published = publish({(EXCELLENT, GOOD): 11, (GOOD, FAIR): 4, (EXCELLENT, FAIR): 15})
    # 26 of 30 is less than nine tenths, but the 4 others would be seen: all are one cell
    assert cells(published, 0) == [("excellent+good+fair+poor+dont_know+unmarked", 30)]


@pytest.mark.parametrize(
    ("valid", "others", "is_most"), [(10, 1, True), (10, 2, True), (10, 3, False), (19, 2, True), (19, 3, False)]
)
def test_one_who_differs_does_not_learn_that_all_the_others_agree(valid: int, others: int, is_most: bool) -> None:
    """Nine tenths of ten would be one who differs at most: that one would know what everybody else gave."""
    published = publish({(EXCELLENT, GOOD): valid - others, (GOOD, GOOD): others})
    assert ("most" in published["criteria"][0]) is is_most


def test_eighty_valid_slips_are_opened_with_every_cell() -> None:
    published = publish({(EXCELLENT, GOOD): 50, (GOOD, POOR): 25, (UNMARKED, DONT_KNOW): 3, (UNMARKED, UNMARKED): 2})
    assert published["publication"] == "open"
    assert published["abstained"] == 5
    assert cells(published, 0) == [
        ("excellent", 50),
        ("good", 25),
        ("fair", 0),
        ("poor", 0),
        ("dont_know", 0),
        ("unmarked", 5),
    ]


def test_eighty_near_unanimous_slips_stay_closed() -> None:
    published = publish({(EXCELLENT, GOOD): 40, (EXCELLENT, FAIR): 32, (GOOD, GOOD): 8})
    assert published["publication"] == "counts"
    assert published["criteria"][0] == {"criterion": "work", "most": "excellent"}
    assert cells(published, 1)[1] == ("good", 48)
    assert publish({(EXCELLENT, GOOD): 40, (EXCELLENT, FAIR): 31, (GOOD, GOOD): 9})["publication"] == "open"


@pytest.mark.parametrize(
    ("valid", "kind"), [(4, "nothing"), (5, "band"), (9, "band"), (10, "counts"), (49, "counts"), (50, "open")]
)
def test_the_thresholds_are_where_the_manifest_says(valid: int, kind: str) -> None:
    assert publish({(EXCELLENT, GOOD): valid // 2, (GOOD, FAIR): valid - valid // 2})["publication"] == kind


def test_agreeing_in_no_mark_or_in_dont_know_is_told_as_nearly_all() -> None:
    published = publish({(UNMARKED, DONT_KNOW): 17, (EXCELLENT, DONT_KNOW): 2})
    assert published["criteria"] == [
        {"criterion": "work", "most": "unmarked"},
        {"criterion": "service", "most": "dont_know"},
    ]


def test_a_line_is_open_by_the_slips_returned_whatever_is_called_invalid() -> None:
    """Ten slips called invalid do not close a line of fifty; eleven do, since fewer than four fifths are left to share a pattern."""
    patterns = {(EXCELLENT, GOOD): 20, (GOOD, FAIR): 20}
    assert publish(patterns, {"unreadable": 10})["publication"] == "open"
    assert publish(patterns, {"unreadable": 9})["publication"] == "counts"
    assert publish(patterns, {"unreadable": 11})["publication"] == "counts"


@pytest.mark.parametrize(("alone", "kind"), [(10, "open"), (11, "counts")])
def test_a_line_with_many_patterns_that_nobody_else_has_stays_closed(alone: int, kind: str) -> None:
    own = [(first, second) for first in (3, 4, 255) for second in (1, 2, 3, 4)][:alone]
    patterns = {(EXCELLENT, GOOD): 20, (GOOD, POOR): 30 - alone} | dict.fromkeys(own, 1)
    assert publish(patterns)["publication"] == kind


def test_what_the_gate_withholds_is_published_as_less() -> None:
    patterns = Counter({bytes([EXCELLENT, GOOD]): 30, bytes([GOOD, POOR]): 30})
    for most, extra in (("counts", "criteria"), ("band", "band"), ("nothing", None)):
        withheld = Withheld(most, frozenset({"work"}))
        published = publish_line(MANIFEST, LINE, patterns, {}, withheld)
        assert published["publication"] == most
        assert extra is None or extra in published
        assert read_line(MANIFEST, published, "line", withheld) == published
        if most == "counts":
            assert cells(published, 0) == [("excellent+good+fair+poor+dont_know+unmarked", 60)]
            assert cells(published, 1)[1] == ("good", 30)
        else:
            with pytest.raises(FormatError, match="may not be published"):
                read_line(MANIFEST, published, "line")
    told = publish_line(MANIFEST, LINE, patterns, {}, Withheld("counts"))
    with pytest.raises(FormatError, match="are withheld by the gate"):
        read_line(MANIFEST, told, "line", Withheld("counts", frozenset({"work"})))


def test_verdicts() -> None:
    pool = MANIFEST.pools[0]  # 80 people, half must have returned
    assert pool_verdict(MANIFEST, pool, {"office": 60}, [40, 39]) == "valid"
    assert pool_verdict(MANIFEST, pool, {"office": 60}, [39, 0]) == "below-turnout"
    assert pool_verdict(MANIFEST, pool, {"office": 60}, [60, 61]) == "void"
    assert pool_verdict(MANIFEST, pool, {"office": 70, "county": 50}, [51, 40]) == "void"
    assert pool_verdict(MANIFEST, pool, {"office": 81}, [50, 50]) == "void"
    assert pool_verdict(MANIFEST, pool, {"office": 0}, [0, 0]) == "below-turnout"


patterns_of_a_line = st.dictionaries(
    st.tuples(*[st.sampled_from([0, 1, 2, 3, 4, 255])] * 2), st.integers(1, 30), max_size=8
)


@given(patterns_of_a_line, st.dictionaries(st.sampled_from(["unreadable", "no-such-mark"]), st.integers(1, 3)))
def test_whatever_is_published_passes_the_readers_own_checks(
    patterns: dict[tuple[int, int], int], invalid: dict[str, int]
) -> None:
    published = publish(patterns, invalid)
    assert published["returned"] == sum(patterns.values()) + sum(invalid.values())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"publication": "open"}, "7 valid slips may not be published as open"),
        ({"publication": "counts"}, "7 valid slips may not be published as counts"),
        ({"publication": "nothing"}, "7 valid slips may not be published as nothing"),
        ({"band": "great"}, "band: must be one of"),
        ({"returned": 8}, "returned: is not valid and invalid together"),
        ({"invalid": {"bad-mood": 1}}, "invalid.bad-mood: is not a field"),
        ({"valid": 4, "returned": 4}, "4 valid slips may not be published as band"),
        ({"valid": 10, "returned": 10}, "10 valid slips may not be published as band"),
        ({"line": "u9"}, "is not a line of the manifest"),
        ({"abstained": 0}, "abstained: is not a field"),
    ],
)
def test_a_line_that_breaks_the_rule_is_refused(changes: dict[str, Any], message: str) -> None:
    published = {**publish({(GOOD, GOOD): 7}), **changes}
    with pytest.raises(FormatError, match=message):
        read_line(MANIFEST, published, "line")


def test_cells_that_break_the_rule_are_refused() -> None:
    def refuse(change: list[dict[str, Any]], message: str) -> None:
        published = publish({(EXCELLENT, GOOD): 10, (GOOD, FAIR): 10})
        published["criteria"][0]["cells"] = change
        with pytest.raises(FormatError, match=message):
            read_line(MANIFEST, published, "line")

    def cell(marks: str, n: int) -> dict[str, Any]:
        return {"marks": marks.split(), "n": n}

    refuse([cell("excellent good fair", 17), cell("poor dont_know unmarked", 3)], "not joined by the rule")
    refuse([cell("excellent good", 10), cell("fair poor dont_know", 10)], "cover every mark once")
    refuse([cell("good excellent", 10), cell("fair poor dont_know unmarked", 10)], "cover every mark once")
    refuse([cell("excellent good", 10), cell("fair poor dont_know unmarked", 9)], "do not add up to 20")
    refuse([cell("excellent", 20), cell("good fair poor dont_know unmarked", 0)], "not joined by the rule")
