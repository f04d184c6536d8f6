"""Groups of raters put together by frozen weights: the formula, and that nobody speaks for a group that is missing."""

import json
import math

import pytest

from zhengyou.standings.computing import comparing
from zhengyou.standings.computing.combining import combine_pools
from zhengyou.standings.computing.document import CombinedResult, PoolResult, SmallRoll, UnitResult, WeighedGroup

GROUPS = [
    {"id": "members", "weight": 30, "name": {"en": "Members"}},
    {"id": "public", "weight": 10, "name": {"en": "The public"}},
    {"id": "peers", "weight": 0, "name": {"en": "Peers"}},
]


def pool_of(name, group, **units):
    """A pool of a result; each unit is (score, standard error, ballots), or None where nothing is shown."""
    rows = []
    for unit, figure in units.items():
        score, error, n = figure or (None, None, 40)
        rows.append(UnitResult(unit, {"en": unit}, n, "open", None, score, error, ()))
    return PoolResult(name, {}, 40, "valid", group, False, tuple(rows), None)


def combined(*pools, groups=GROUPS):
    return combine_pools(pools, [WeighedGroup(**{"side": ""} | group) for group in groups], 13)


def test_scores_and_errors_are_combined_by_the_weights():
    found = combined(
        pool_of("p1", "members", a=(8.0, 0.2, 40), b=(6.0, 0.2, 40)),
        pool_of("p2", "public", a=(4.0, 0.4, 30), b=(6.0, 0.4, 30)),
    )
    first, second = found.units
    assert (first.score, second.score) == (7.0, 6.0)
    assert first.standard_error == pytest.approx(math.hypot(0.75 * 0.2, 0.25 * 0.4), abs=1e-4)
    assert (first.n, first.missing) == (70, ())
    assert [group.id for group in found.groups] == ["members", "public"]
    assert found.standing.compared == 2


def test_a_missing_figure_leaves_the_unit_uncompared_and_no_weight_is_raised():
    found = combined(
        pool_of("p1", "members", a=(8.0, 0.2, 40), b=(6.0, 0.2, 40), c=(7.0, 0.2, 40)),
        pool_of("p2", "public", a=None, b=(6.0, 0.4, 30), c=(5.0, 0.4, 30)),
    )
    rows = {row.unit: row for row in found.units}
    assert (rows["a"].score, rows["a"].missing) == (None, ("public",))
    assert rows["b"].score == 6.0
    assert {row.unit for row in found.standing.units} == {"b", "c"}


def test_a_group_with_a_weight_that_was_not_asked_leaves_everybody_uncompared():
    groups = [*GROUPS, {"id": "superiors", "weight": 5, "name": {"en": "Superiors"}}]
    found = combined(
        pool_of("p1", "members", a=(8.0, 0.2, 40), b=(6.0, 0.2, 40)),
        pool_of("p2", "public", a=(4.0, 0.4, 30), b=(6.0, 0.4, 30)),
        groups=groups,
    )
    assert [row.missing for row in found.units] == [("superiors",)] * 2
    assert found.standing is None


def test_two_pools_of_one_group_count_by_their_ballots_and_both_must_show_the_unit():
    found = combined(
        pool_of("p1", "members", a=(8.0, 0.2, 30), b=(6.0, 0.3, 30)),
        pool_of("p2", "members", a=(5.0, 0.4, 10), b=None),
        pool_of("p3", "public", a=(7.0, 0.4, 30), b=(6.0, 0.4, 30)),
    )
    [members] = [part for part in found.figures if part.group == "members"]
    assert (members.unit, members.score, members.n) == ("a", 7.25, 40)
    assert members.standard_error == pytest.approx(math.hypot(30 * 0.2, 10 * 0.4) / 40, abs=1e-4)
    assert {row.unit: row.missing for row in found.units} == {"a": (), "b": ("members",)}


def test_pools_of_no_group_or_of_one_group_only_are_not_combined():
    assert combined(pool_of("p1", "", a=(8.0, 0.2, 40)), pool_of("p2", "public", a=(7.0, 0.2, 40))) is None
    assert combined(pool_of("p1", "peers", a=(8.0, 0.2, 40)), pool_of("p2", "public", a=(7.0, 0.2, 40))) is None


JOINT = [
    {"id": "both", "weight": 50, "name": {"en": "Both"}, "of": ("superiors", "peers")},
    {"id": "members", "weight": 50, "name": {"en": "Members"}},
]


def test_groups_joined_by_the_second_table_count_by_their_ballots_or_as_one_pool():
    members = pool_of("p1", "members", a=(8.0, 0.2, 40), b=(6.0, 0.2, 40))
    apart = [
        pool_of("p2", "superiors", a=(8.0, 0.4, 12), b=(5.0, 0.4, 12)),
        pool_of("p3", "peers", a=(6.0, 0.4, 20), b=(5.0, 0.4, 20)),
    ]
    [both, _members] = combined(members, *apart, groups=JOINT).figures[:2]
    assert (both.group, both.weight, both.n, both.score) == ("both", 50, 32, 6.75)
    together = combined(members, pool_of("p2", "both", a=(7.0, 0.3, 32), b=(5.0, 0.3, 32)), groups=JOINT)
    assert [row.score for row in together.units] == [7.5, 5.5]


def test_no_group_speaks_for_one_that_the_second_table_joins_with_it():
    found = combined(
        pool_of("p1", "members", a=(8.0, 0.2, 40), b=(6.0, 0.2, 40)),
        pool_of("p2", "public", a=(8.0, 0.2, 40), b=(6.0, 0.2, 40)),
        pool_of("p3", "peers", a=(6.0, 0.4, 20), b=(5.0, 0.4, 20)),
        groups=[*JOINT, {"id": "public", "weight": 10, "name": {"en": "The public"}}],
    )
    assert [row.missing for row in found.units] == [("both",)] * 2
    assert found.standing is None


def test_which_table_served_is_kept_and_results_from_before_it_are_read():
    small = SmallRoll("superiors", {"en": "Superiors"}, 12, 30)
    pools = [pool_of(name, name, a=(8.0, 0.2, 40), b=(6.0, 0.2, 40)) for name in ("both", "members")]
    groups = [WeighedGroup(**{"side": ""} | group) for group in JOINT]
    found = combine_pools(pools, groups, 13, (small,))
    kept = json.loads(json.dumps(found.to_json()))
    assert CombinedResult.read(kept) == found
    assert found.small == (small,)
    del kept["small"]
    for group in kept["groups"]:
        del group["of"]
    assert CombinedResult.read(kept).small == ()


@pytest.mark.parametrize(
    ("language", "names", "said"),
    [
        ("en", ["A and B"], "“A and B”"),
        ("en", ["A", "B", "C and D"], "“A”, “B” and “C and D”"),
        ("zh-hans", ["甲和乙", "丙"], "“甲和乙”、“丙”"),
    ],
)
def test_groups_are_named_one_after_the_other_each_in_its_marks(language, names, said):
    assert comparing.Reader(language, 13).named(names) == said


def test_the_sides_are_those_of_the_frozen_rules_whatever_the_groups_are_called():
    named = [("workers", "inside"), ("patients", "outside"), ("others", "")]
    groups = [{"id": name, "weight": 10, "name": {"en": name}, "side": side} for name, side in named]
    pools = [pool_of(name, name, a=(8.0, 0.2, 40), b=(6.0, 0.2, 40)) for name, _side in named]
    found = combined(*pools, groups=groups)
    seen = comparing.outside({"en": "a"}, found.figures[:3], found.groups, comparing.Reader("en", 13))
    assert seen.found.details == {"outside": "“patients”", "inside": "“workers”"}
    asked = [group for group in found.groups if group.id != "patients"]
    assert comparing.outside({"en": "a"}, found.figures[:3], asked, comparing.Reader("en", 13)) is None
