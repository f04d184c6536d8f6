"""The four comparisons: figures by hand, properties that hold for all figures, coverage, refusals in sentences."""

import dataclasses
import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honestrank.comparing.comparisons import (
    Comparison,
    Figure,
    Inside,
    Need,
    NotCompared,
    PublishedPlace,
    Wave,
    among_peers,
    among_published,
    inside,
    outside_view,
    over_time,
    standing_need,
)
from honestrank.comparing.contrasts import contrast
from honestrank.estimators.rater_groups import combine_groups
from honestrank.ranks.standing import standing
from honestrank.ranks.studentised import range_critical
from honestrank.sums import GroupMean, RaterGroup
from honestrank.words.wording import InputError

scores = st.floats(0, 10)
errors = st.floats(0.01, 3)
counts = st.integers(13, 400)
figures = st.builds(Figure, st.just("x"), scores, errors, counts)


def named(some: list[Figure]) -> list[Figure]:
    return [dataclasses.replace(figure, name=f"u{i}") for i, figure in enumerate(some)]


def compared(found: object) -> Comparison:
    assert isinstance(found, Comparison)
    return found


def reason(found: object) -> str:
    assert isinstance(found, NotCompared)
    assert found.sentence("en")
    assert found.sentence("zh-hans")
    assert found.as_dict()["compared"] is False
    return found.reason.key


def wave(name: str, *items: tuple[str, float, float, int], grades: object = (10, 7, 5, 2)) -> Wave:
    return Wave(name, {item: Figure(item, score, se, n) for item, score, se, n in items}, grades)


def test_over_time_uses_the_common_items_only_and_says_so() -> None:
    now = wave("2025", ("work", 8.0, 0.3, 40), ("service", 7.0, 0.5, 38), ("new", 1.0, 0.1, 40))
    before = wave("2024", ("service", 6.0, 0.4, 30), ("work", 7.0, 0.4, 31))
    found = compared(over_time("Branch A", now, before))
    assert (found.score, found.reference) == (7.5, 6.5)
    # By hand: of `work` 0.4^2 * 31 and 0.3^2 * 40 pooled are the noise of one mark, likewise of `service`.
    work = (39 * 40 * 0.3**2 + 30 * 31 * 0.4**2) / 69
    service = (37 * 38 * 0.5**2 + 29 * 30 * 0.4**2) / 66
    now_error = (math.sqrt(work / 40) + 0.5) / 2
    before_error = (0.4 + math.sqrt(service / 30)) / 2
    assert found.difference.standard_error == pytest.approx(math.hypot(now_error, before_error))
    assert 29 < found.difference.degrees_of_freedom < 37 + 29
    assert found.outcome == "indistinguishable"
    said = " ".join(found.sentences("en"))
    assert "does not differ detectably from its own past" in said
    assert "2 items both appraisals asked: work, service" in said
    assert "only one of the appraisals asked them: new" in said
    assert "taken as independent" in said
    assert "this one statement" in said
    assert "看不出差别" in found.sentence("zh-hans")


def test_over_time_is_refused_across_scales_and_without_common_items() -> None:
    now = wave("2025", ("work", 8.0, 0.3, 40))
    assert (
        reason(over_time("A", now, wave("2024", ("work", 0.8, 0.03, 40), grades=(1, 0.8, 0.6, 0.4)))) == "scale_changed"
    )
    assert reason(over_time("A", now, wave("2024", ("service", 8.0, 0.3, 40)))) == "no_common_items"
    assert reason(over_time("A", now, wave("2024", ("work", 8.0, 0.3, 12)))) == "too_few_marks"
    assert reason(over_time("A", wave("2", ("work", 8.0, 0.0, 20)), wave("1", ("work", 8.0, 0.0, 20)))) == (
        "nothing_known_of_noise"
    )


@settings(max_examples=60, deadline=None)
@given(figures, figures)
def test_time_turned_round_turns_the_sign(one: Figure, other: Figure) -> None:
    first, second = Wave("1", {"all": one}), Wave("2", {"all": other})
    there, back = compared(over_time("A", first, second)), compared(over_time("A", second, first))
    assert there.difference.value == pytest.approx(-back.difference.value)
    assert there.difference.interval[0] == pytest.approx(-back.difference.interval[1])
    opposite = {"above": "below", "below": "above", "indistinguishable": "indistinguishable"}
    assert back.outcome == opposite[there.outcome]


@settings(max_examples=60, deadline=None)
@given(figures, st.lists(figures, min_size=5, max_size=12), st.floats(0.1, 20), st.floats(-50, 50), st.randoms())
def test_peers_in_any_order_on_any_scale(
    unit: Figure, peers: list[Figure], scale: float, shift: float, random: object
) -> None:
    peers = named(peers)
    one = compared(among_peers(unit, peers))
    random.shuffle(peers)  # type: ignore[attr-defined]
    moved = [
        dataclasses.replace(f, score=scale * f.score + shift, standard_error=scale * f.standard_error) for f in peers
    ]
    mine = dataclasses.replace(unit, score=scale * unit.score + shift, standard_error=scale * unit.standard_error)
    two = compared(among_peers(mine, moved))
    for a, b in zip(one.difference.interval, two.difference.interval, strict=True):
        assert scale * a == pytest.approx(b, abs=1e-6 * scale)
    assert one.difference.degrees_of_freedom == pytest.approx(two.difference.degrees_of_freedom)


def test_a_unit_is_not_its_own_peer_and_small_peers_are_named() -> None:
    peers = [Figure(f"p{i}", 6 + i, 0.5, 30) for i in range(5)]
    mine = Figure("mine", 5.0, 0.4, 30)
    found = compared(among_peers(mine, [*peers, mine, Figure("tiny", 0.0, 0.1, 12)]))
    assert found.reference == 8
    pooled = (0.16 + 5 * 0.25) / 6
    assert found.difference.standard_error == pytest.approx(math.sqrt(pooled + 5 * 0.25 / 25))
    assert found.outcome == "below"
    assert "below the mean of its 5 peers: 5.00 against 8.00" in found.sentence("en")
    assert "fewer than 13 marks each: tiny" in " ".join(found.sentences("en"))
    assert reason(among_peers(mine, [*peers[:4], mine])) == "too_few_peers"
    assert reason(among_peers(dataclasses.replace(mine, n=12), peers)) == "too_few_marks"
    with pytest.raises(InputError) as refused:
        among_peers(mine, peers, least=4)
    assert refused.value.key == "bad_least_peers"


def test_a_known_covariance_takes_the_place_of_independence() -> None:
    peers = [Figure(f"p{i}", 6.0, 0.5, 30) for i in range(5)]
    mine = Figure("mine", 7.0, 0.5, 30)
    together = np.full((6, 6), 0.2) + np.eye(6) * 0.05
    found = compared(among_peers(mine, peers, covariance=together))
    assert found.difference.standard_error == pytest.approx(math.sqrt(0.05 * 1.2))
    assert found.difference.standard_error < compared(among_peers(mine, peers)).difference.standard_error
    with pytest.raises(InputError):
        among_peers(mine, peers, covariance=together[:5, :5])


@settings(max_examples=60, deadline=None)
@given(figures, st.lists(figures, min_size=5, max_size=8), st.floats(1.01, 4))
def test_larger_errors_never_find_more(unit: Figure, peers: list[Figure], times: float) -> None:
    peers = named(peers)
    larger = [dataclasses.replace(f, standard_error=times * f.standard_error) for f in [unit, *peers]]
    one, two = compared(among_peers(unit, peers)), compared(among_peers(larger[0], larger[1:]))
    assert two.difference.standard_error == pytest.approx(times * one.difference.standard_error)
    assert two.outcome in (one.outcome, "indistinguishable")


def test_inside_names_the_pairs_that_separate_and_orders_nobody() -> None:
    units = [Figure("a", 9.0, 0.2, 40), Figure("b", 5.0, 0.3, 30), Figure("c", 8.9, 0.3, 30), Figure("d", 1.0, 0.1, 5)]
    found = inside("Committee", units)
    assert isinstance(found, Inside)
    assert set(found.above) == {("a", "b"), ("c", "b")}
    assert [row.unit for row in found.comparisons] == ["a", "b", "c"]
    assert [row.outcome for row in found.comparisons] == ["above", "below", "above"]
    assert "2 of 3 pairs separate" in found.sentence("en")
    assert "d" in found.sentences("en")[-1]
    assert json.loads(json.dumps(found.as_dict()))["above"] == [list(pair) for pair in found.above]
    assert reason(inside("Committee", units[:1])) == "too_few_inside"


def test_units_alike_inside_are_said_to_be_alike() -> None:
    found = inside("Committee", [Figure(name, 7.0, 0.4, 20) for name in "abc"])
    assert isinstance(found, Inside)
    assert (found.spread, found.above) == (0.0, ())
    assert "No difference between the 3 units" in found.sentence("en")
    assert "看不出差别" in found.sentence("zh-hans")


def groups(public: dict[str, GroupMean]) -> list[RaterGroup]:
    return [RaterGroup("members", 50, {"A": GroupMean(8, 0.2, 30)}), RaterGroup("public", 50, public)]


def test_the_view_from_outside_against_the_view_from_inside() -> None:
    combined = combine_groups(["A"], groups({"A": GroupMean(9, 0.1, 200)}))[0]
    found = compared(outside_view("A", Figure("public", 6.0, 0.2, 200), combined, names=("The public", "the members")))
    assert found.difference.value == pytest.approx(6 - 8.5)
    assert found.difference.standard_error == pytest.approx(math.sqrt(0.04 + 0.25 * 0.05))
    assert "The public see A less favourably than the members: 6.00 against 8.50" in found.sentence("en")
    missing = combine_groups(["A"], groups({}))[0]
    assert reason(outside_view("A", Figure("public", 6.0, 0.2, 200), missing, names=("p", "m"))) == "group_missing"
    assert reason(outside_view("A", Figure("public", 6.0, 0.2, 9), combined, names=("p", "m"))) == "too_few_marks"


def test_combined_groups_say_n_of_each_and_what_is_missing() -> None:
    whole = combine_groups(["A"], groups({"A": GroupMean(9, 0.1, 200)}))[0]
    assert "members 8.00 from 30 marks, weight 50 %, public 9.00 from 200 marks, weight 50 %" in whole.sentence("en")
    lacking = combine_groups(["A"], groups({}))[0]
    assert lacking.score is None
    assert "no figure of public may be published or is there" in lacking.sentence("en")
    assert "其权重不会摊给其他群体" in lacking.sentence("zh-hans")


def test_our_place_among_published_means() -> None:
    published = [Figure(f"district {i}", 70 + 3 * i, 1.0) for i in range(8)]
    found = among_published(Figure("ours", 90.0, 2.0, 60), published)
    assert isinstance(found, PublishedPlace)
    assert found.comparison.outcome == "above"
    assert found.place_low == 1
    assert 2 <= found.place_high <= 4
    assert found.all == 9
    assert 80.5 < found.shrunken < 90
    said = found.sentences("en")
    assert f"anywhere from 1 to {found.place_high}" in said[1]
    assert "gathered by others" in " ".join(said)
    assert json.loads(json.dumps(found.as_dict()))["place_high"] == found.place_high
    assert reason(among_published(Figure("ours", 90.0, 2.0, 60), published[:4])) == "too_few_published"
    assert reason(among_published(Figure("ours", 90.0, 2.0, 12), published)) == "too_few_marks"


def test_published_means_that_do_not_differ_leave_every_place_open() -> None:
    found = among_published(Figure("ours", 7.0, 0.5, 30), [Figure(f"d{i}", 7.0, 0.5) for i in range(6)])
    assert isinstance(found, PublishedPlace)
    assert (found.place_low, found.place_high) == (1, 7)


def test_equal_marks_are_no_certainty_and_said_to_be_replaced() -> None:
    peers = [Figure(f"p{i}", 6.0, 0.5, 25) for i in range(5)]
    found = compared(among_peers(Figure("mine", 10.0, 0.0, 25), peers))
    pooled = (5 * 0.25 + 0.25 * 5 / 6) / 6
    assert found.difference.standard_error == pytest.approx(math.sqrt(pooled + 0.25 / 5))
    assert found.notes[0].key == "zero_se_replaced"


def figures_of(marks: list[np.ndarray]) -> list[Figure]:
    return [Figure(str(i), m.mean(), m.std(ddof=1) / math.sqrt(len(m)), len(m)) for i, m in enumerate(marks)]


@pytest.mark.parametrize("n", [13, 40])
def test_intervals_of_one_card_cover(n: int) -> None:
    """400 truly equal sets of six units: the unit's interval leaves zero out about once in twenty, or less."""
    rng = np.random.default_rng(n)
    out = 0
    for _ in range(400):
        mine, *peers = figures_of(list(rng.normal(0, 1, (6, n)) * np.array([[2.0], [1], [1], [1], [1], [0.5]])))
        out += compared(among_peers(mine, peers)).outcome != "indistinguishable"
    assert 0.01 < out / 400 < 0.05 + 3 * math.sqrt(0.05 * 0.95 / 400)


def test_a_small_group_that_nearly_agrees_is_no_proof_of_a_difference() -> None:
    """Twelve tens and a nine beside hundreds of marks that vary: by its own error alone the card would say "above"."""
    nearly = np.array([10.0] * 12 + [9])
    marks = np.repeat([10.0, 7, 5, 2], [150, 30, 12, 8])
    mine, *peers = figures_of([nearly, *[marks] * 5])
    by_own = mine.score - peers[0].score
    assert by_own > 3 * math.hypot(mine.standard_error, peers[0].standard_error / math.sqrt(5))
    found = compared(among_peers(mine, peers))
    assert found.outcome == "indistinguishable"
    assert found.difference.standard_error > 0.9 * marks.std() / math.sqrt(13)
    before, now = Wave("2024", {"all": peers[0]}), Wave("2025", {"all": mine})
    assert compared(over_time("A", now, before)).outcome == "indistinguishable"
    assert compared(outside_view("A", mine, peers[0], names=("public", "members"))).outcome == "indistinguishable"
    known = dataclasses.replace(mine, n=None)
    assert compared(among_peers(known, peers)).outcome == "above"


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 12))
def test_every_card_and_every_table_go_by_one_relation(seed: int, units: int) -> None:
    rng = np.random.default_rng(seed)
    some = figures_of(
        [rng.normal(rng.normal(0, 2), rng.uniform(0.3, 3), int(rng.integers(13, 80))) for _ in range(units)]
    )
    whole = standing(
        [f.name for f in some], [f.score for f in some], [f.standard_error for f in some], [f.n or 0 for f in some]
    )
    separated = {(row.unit, other) for row in whole.units for other in row.separates_above}
    cards = inside("all", some)
    assert isinstance(cards, Inside)
    assert set(cards.above) == separated
    if units > 5:
        place = among_published(some[0], some[1:])
        assert isinstance(place, PublishedPlace)
        assert (place.place_low, place.place_high) == (whole.units[0].marginal_low, whole.units[0].marginal_high)
    for row in whole.units[1:]:
        needed = standing_need(whole, whole.units[0].unit, row.unit)
        apart = {(whole.units[0].unit, row.unit), (row.unit, whole.units[0].unit)} & separated
        if isinstance(needed, Need) and needed.separates:
            assert apart


def test_what_two_units_need_is_counted_with_the_errors_of_the_rank_sets() -> None:
    """Two small groups that nearly agree, whose own errors would have them separate already."""
    found = standing(list("abcdef"), [8.0, 7.4, 5, 2, 9, 4], [0.1, 0.1, 0.6, 0.6, 0.6, 0.6], [15] * 6)
    assert "b" in found.units[0].indistinguishable_from
    needed = standing_need(found, "a", "b", names=("East", "West"))
    assert isinstance(needed, Need)
    assert not needed.separates
    pooled = (2 * 0.1**2 + 4 * 0.6**2) / 6
    c = float(range_critical(6, np.array([28.0]), 0.95)[0])
    assert needed.difference_needed == pytest.approx(c * math.sqrt(2 * pooled))
    assert needed.names == ("East", "West")
    alike = standing(list("abc"), [7.0, 7.0, 7.0], [0.4] * 3, [20] * 3)
    assert reason(standing_need(alike, "a", "b")) == "need_no_ranks"
    small = standing(list("abc"), [7.0, 5.0, 2.0], [0.4] * 3, [20, 20, 4])
    assert reason(standing_need(small, "a", "c")) == "need_no_ranks"


def test_a_contrast_refuses_what_does_not_fit() -> None:
    two = np.ones(2)
    for arguments, key in (((two, two, np.ones(3)), "lengths_differ"), ((two, two, two), "bad_level")):
        with pytest.raises(InputError) as refused:
            contrast(*arguments, level=0.95 if key == "lengths_differ" else 1.0)
        assert refused.value.key == key
    for wrong, key in ((Figure("a", math.nan, 1.0, 20), "not_finite"), (Figure("a", 1.0, -1.0, 20), "se_negative")):
        with pytest.raises(InputError) as refused:
            inside("w", [wrong, Figure("b", 1.0, 1.0, 20)])
        assert refused.value.key == key
