"""The gate, attacked by somebody who knows its code: nothing published ever leaves a single distribution."""

import copy
import json
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from honestrank.disclosure.candidates import Cell, Majority, Rules, Scale, candidates, hidden_places
from honestrank.disclosure.one_group import ROUNDINGS, Release, coarsen, shown_level
from honestrank.disclosure.shown import check_certificate
from honestrank.words.wording import InputError

GRADES = ("excellent", "good", "fair", "poor")
SHEET = Scale((*GRADES, "dont_know", "unmarked"), (10, 7, 5, 2, None, None))
PLAIN = Scale(GRADES, (10, 7, 5, 2))


def published_cells(counts: Sequence[int], scale: Scale) -> list[Cell]:
    return [
        Cell(tuple(scale.grades[place] for place in places), sum(counts[place] for place in places))
        for places in Rules().joined_cells(counts, scale)
    ]


def gate(counts: Sequence[int], scale: Scale) -> Release:
    return coarsen(dict(zip(scale.grades, counts, strict=True)), scale, published_cells(counts, scale))


def test_what_is_shown_by_size() -> None:
    assert [shown_level(n) for n in (0, 4, 5, 9, 10, 12, 13, 80)] == [
        "nothing", "nothing", "band", "band", "score", "score", "compared", "compared",
    ]  # fmt: skip
    assert shown_level(14, compared_from=20) == "score"
    assert shown_level(7, band_from=8) == "nothing"
    for lowered in ({"band_from": 4}, {"score_from": 9}, {"compared_from": 12}, {"score_from": 20}):
        with pytest.raises(InputError):
            shown_level(10, **lowered)


@pytest.mark.parametrize(
    ("counts", "joined"),
    [
        ((6, 7, 8, 9), [(0,), (1,), (2,), (3,)]),
        ((0, 0, 3, 20), [(0, 1, 2, 3)]),
        ((9, 0, 3, 20), [(0,), (1,), (2, 3)]),
        ((5, 1, 6, 0), [(0,), (1, 2), (3,)]),
        ((6, 9, 1, 3), [(0,), (1, 2, 3)]),
        ((1, 0, 0, 9), [(0, 1, 2, 3)]),
        ((7, 2, 7, 5), [(0,), (1, 2), (3,)]),
        ((2, 1, 0, 0), [(0, 1, 2, 3)]),
    ],
)
def test_joining_small_cells(counts: tuple[int, ...], joined: list[tuple[int, ...]]) -> None:
    """In (9, 0, 3, 20) the cell that begins with 3 ends with 20; in (6, 9, 1, 3) what is left over goes to the 9."""
    assert Rules().joined_cells(counts, PLAIN) == joined


def test_cells_are_joined_as_the_record_joins_them() -> None:
    """What an onlooker can still think possible is told rightly only if both packages join alike."""
    for one in json.loads((Path(__file__).parents[1] / "vectors" / "joining-1.json").read_bytes()):
        rules, counts = Rules(joined_from=one["least"]), tuple(one["tally"])
        assert rules.is_nearly_unanimous(counts) is (one["most"] is not None)
        if one["cells"]:
            grades = len(counts) - 2
            scale = Scale(tuple(map(str, range(len(counts)))), (*range(grades, 0, -1), None, None))
            cells = rules.joined_cells(counts, scale)
            assert [[len(cell), sum(counts[at] for at in cell)] for cell in cells] == one["cells"]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=4, max_size=4).filter(lambda n: 10 <= sum(n) < 32))
@example([0, 5, 1, 5])
def test_an_attacker_with_the_code_always_keeps_two_possibilities(counts: list[int]) -> None:
    """Run the gate on everything that fits the cells; those that would publish the same must differ in every hidden grade."""
    rules, truth = Rules(), tuple(counts)
    if rules.is_nearly_unanimous(truth):
        counts = [n + 3 for n in counts]
        truth = tuple(counts)
    release = gate(counts, PLAIN)
    cells = published_cells(counts, PLAIN)
    possible = candidates(truth, PLAIN, cells, rules)
    assert possible is not None
    hidden = hidden_places(PLAIN, cells)
    if not hidden:
        assert possible == [truth]
        return
    figures = (release.mean, release.standard_error, release.rounding)
    alike = [some for some in possible if _figures(some) == figures]
    assert truth in alike
    for own in (None, 0, 1, 2, 3):
        seen = [some for some in alike if own is None or some[own]]
        if own is None or counts[own]:
            assert all(len({some[place] for some in seen}) > 1 for place in hidden), (counts, own)
            assert not all(PLAIN.unanimous(some) for some in seen)


def _figures(counts: Sequence[int]) -> tuple[float | None, float | None, float | None]:
    release = gate(counts, PLAIN)
    return release.mean, release.standard_error, release.rounding


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(10, 30))
def test_every_certificate_checks_and_no_changed_one_does(seed: int, n: int) -> None:
    rng = random.Random(seed)
    marks = rng.choices(SHEET.grades, weights=[rng.random() ** 2 for _ in SHEET.grades], k=n)
    counts = [marks.count(grade) for grade in SHEET.grades]
    if max(counts) >= 0.9 * n:
        return
    release = gate(counts, SHEET)
    if len(release.certificate["witnesses"]) < 2:
        assert release.certificate["witnesses"] in ([], [counts])
        return
    assert check_certificate(release.certificate)
    for change in ("mean", "witness", "same"):
        forged = copy.deepcopy(release.certificate)
        if change == "mean":
            forged["mean"] = (forged["mean"] or 0) + 3 * (forged["rounding"] or 1)
        elif change == "witness":
            forged["witnesses"][0][0] += 1
        else:
            forged["witnesses"][1] = forged["witnesses"][0]
        assert not check_certificate(forged)


def test_published_figures_are_the_rounded_true_ones() -> None:
    counts = (3, 14, 4, 2, 1, 1)
    release = gate(counts, SHEET)
    figures = SHEET.mean_and_error(counts)
    assert figures is not None
    assert release.rounding in ROUNDINGS
    assert release.mean is not None
    assert release.standard_error is not None
    assert abs(release.mean - figures[0]) <= release.rounding / 2 + 1e-9
    assert abs(release.standard_error - figures[1]) <= release.rounding / 2 + 1e-9
    assert release.error_for_comparison is not None
    assert release.error_for_comparison > figures[1]


def test_mean_and_error_are_those_of_the_graded_marks() -> None:
    figures = SHEET.mean_and_error((1, 1, 0, 0, 7, 7))
    assert figures == pytest.approx((8.5, 1.5))
    assert SHEET.mean_and_error((1, 0, 0, 0, 9, 9)) is None


def test_cells_that_hide_nothing_need_no_coarsening() -> None:
    release = gate((10, 12, 9, 8), PLAIN)
    assert release.rounding == 0.01
    assert release.mean == 6.28


def test_unanimity_is_never_published() -> None:
    assert gate((12, 0, 0, 0), PLAIN).mean is None
    counts = {"excellent": 20}
    release = coarsen(counts, PLAIN, Majority("excellent", 18, 20))
    mixed = coarsen({"excellent": 19, "good": 1}, PLAIN, Majority("excellent", 18, 20))
    assert (release.mean, release.standard_error) == (mixed.mean, mixed.standard_error) or release.mean is None
    if release.mean is not None:
        assert check_certificate(release.certificate)


def test_a_near_majority_is_no_candidate_where_cells_are_published() -> None:
    cells = published_cells((8, 2, 1, 1), PLAIN)
    possible = candidates((8, 2, 1, 1), PLAIN, cells, Rules())
    assert possible is not None
    assert max(max(some) for some in possible) == 9
    wider = candidates((8, 2, 1, 1), PLAIN, cells, Rules(joined_from=None, majority=(1, 1)))
    assert wider is not None
    assert set(possible) < set(wider)


@pytest.mark.parametrize(
    "counts",
    [
        (2, 0, 0, 0, 0, 28), (1, 1, 0, 0, 0, 28), (0, 0, 0, 0, 30, 0), (0, 0, 0, 0, 0, 30), (0, 0, 0, 0, 15, 15),
        (3, 0, 0, 0, 27, 0), (9, 0, 0, 0, 0, 400), (12, 0, 0, 0, 0, 400), (0, 0, 0, 0, 0, 10),
    ],
)  # fmt: skip
def test_mostly_unmarked_or_unknown_tells_nothing(counts: tuple[int, ...]) -> None:
    release = gate(counts, SHEET)
    assert (release.mean, release.standard_error, release.rounding) == (None, None, None)
    assert release.certificate["witnesses"] in ([], [list(counts)]) or check_certificate(release.certificate)


NARROW = Scale(("good", "poor", "unmarked"), (10, 2, None))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2), st.integers(0, 2), st.integers(8, 22))
def test_an_attacker_gains_nothing_where_most_leave_the_mark_blank(good: int, poor: int, unmarked: int) -> None:
    """The record replaces cells only by a majority among the grades; the attacker leaves out what it would replace."""
    truth = (good, poor, unmarked)
    cells = published_cells(truth, NARROW)
    release = gate(truth, NARROW)
    assert release.mean is None
    if len(cells) == 3:
        return
    possible = [
        some
        for some in candidates(truth, NARROW, cells, Rules(majority=(1, 1))) or []
        if 10 * max(some[:2]) < 9 * sum(some)
    ]
    assert truth in possible
    # One more is enough, and one of them that is not unanimous: the others are not looked for.
    alike = [truth]
    for some in possible:
        if len(alike) >= 2 and not all(NARROW.unanimous(one) for one in alike):
            break
        if some != truth and gate(some, NARROW).mean is None:
            alike.append(some)
    assert len(alike) >= 2
    assert not all(NARROW.unanimous(some) for some in alike)


def test_a_majority_may_be_one_of_no_grade() -> None:
    assert Rules().is_nearly_unanimous((0, 18, 0, 0, 1, 1))
    assert Rules().is_nearly_unanimous((1, 0, 0, 0, 1, 18))
    assert not Rules().is_nearly_unanimous((3, 0, 0, 0, 1, 18))
    assert not Rules().is_nearly_unanimous((0, 0, 0, 0, 0, 0))


def test_too_few_graded_marks_publish_no_mean() -> None:
    release = gate((5, 4, 0, 0, 6, 0), SHEET)
    assert release.mean is None
    assert release.error_for_comparison is None


def test_too_many_possibilities_publish_nothing() -> None:
    wide = Scale(tuple("abcdefghijkl"), tuple(float(i) for i in range(12)))
    counts = dict.fromkeys(wide.grades, 4)
    release = coarsen(counts, wide, [Cell(wide.grades, 48)])
    assert (release.mean, release.certificate["witnesses"]) == (None, [])


def test_cells_that_disagree_with_the_counts_are_refused() -> None:
    for cells in ([Cell(GRADES, 11)], [Cell(("excellent",), 12)], Majority("good", 11, 12)):
        with pytest.raises(InputError) as refused:
            coarsen({"excellent": 12}, PLAIN, cells)
        assert refused.value.key == "bad_cells"
