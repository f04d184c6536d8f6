"""What may be said of a standing and what may not: every clear difference and no other, in few sentences."""

from dataclasses import replace

import numpy as np
import pytest
from django.utils import translation
from django.utils.html import strip_tags

import honestrank
from zhengyou.standings.computing.document import PoolResult, UnitResult, with_standing
from zhengyou.web.shared.standing_words import MOST_FACTS, conclusions_about, conclusions_of, facts_of, named


def pool(scores, errors=0.2, n=30, names=None):
    """A pool whose units A, B … have these scores; None is a unit that shows nothing."""
    units = [
        UnitResult(chr(65 + at), {"en": (names or {}).get(at, chr(65 + at))}, n, "counts", None, score, errors, ())
        for at, score in enumerate(scores)
    ]
    scored = [unit for unit in units if unit.score is not None]
    ranked = None
    if len(scored) > 1 and errors:
        columns = zip(*((unit.unit, unit.score, unit.standard_error, unit.n) for unit in scored), strict=True)
        ranked = honestrank.standing(*columns)
    units = [unit if unit.score is not None else replace(unit, level="nothing") for unit in units]
    return PoolResult("p", {"en": "Pool"}, n, "valid", "", True, with_standing(units, ranked), ranked)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def read(told):
    """Sentences as they are read, without the links of their names."""
    return [strip_tags(one) for one in told]


def sentences(table):
    found = conclusions_of(table)
    return read(found.may), read(found.may_not)


def test_where_nothing_separates_no_one_is_first():
    may, may_not = sentences(pool([7, 7.1, 6.9]))
    assert may == ["No clear difference is seen between these 3 units."]
    assert may_not == ["Which is better, who is first or who is last: each of the 3 could be either."]


def test_where_everything_separates_the_order_itself_is_told():
    may, may_not = sentences(pool([2, 9, 6]))
    assert may == ["All places are clear; from the first on: B, C, A."]
    assert may_not == ["By exactly how much they differ: other voters would have graded a little differently."]
    assert sentences(pool([2, 9]))[0] == ["B is clearly higher than A."]


def test_what_lies_between_says_who_is_higher_and_who_could_be_first():
    may, may_not = sentences(pool([8, 8.1, 7.9, 3, None]))
    assert may == ["Of the 4 compared, D is last: clearly lower than every other one."]
    assert may_not == [
        "Who is first of the 4 compared: it could be A, B or C.",
        "That a slightly higher mean is better: only the clear differences count.",
        "The place of E, which could not be compared.",
    ]


@pytest.mark.parametrize(
    ("table", "may", "may_not"),
    [
        (pool([]), [], []),
        (pool([None, None]), [], []),
        (
            pool([8, None]),
            ["A has 8.00 points."],
            ["Whether that is better or worse than others: nobody else here has a score."],
        ),
        (
            pool([10, 8], errors=0.0),
            ["All ballots agree on each unit: A 10.00, B 8.00."],
            ["Who is ahead of whom: where all agree, nothing shows how far other voters would differ."],
        ),
        (
            pool([9, 3], n=11),
            ["2 units have a score, each from few ballots."],
            ["Who is better: there are too few ballots to compare them."],
        ),
    ],
)
def test_what_cannot_be_compared_says_what_there_is(table, may, may_not):
    assert sentences(table) == (may, may_not)


def test_bands_are_told_as_bands():
    table = pool([None, None, None])
    units = tuple(
        replace(unit, level="band", band=band) for unit, band in zip(table.units, ("high", "low", "high"), strict=True)
    )
    may, may_not = sentences(replace(table, units=units))
    assert may == ["high overall: A and C.", "low overall: B."]
    assert may_not == ["Any score, and who is better within a band: this group is too small."]


@pytest.mark.parametrize("seed", range(6))
def test_every_sentence_is_a_clear_difference_and_the_first_ones_tell_most(seed):
    numbers = np.random.default_rng(seed)
    table = pool([round(float(score), 3) for score in numbers.normal(6, 1.5, 24)], errors=0.3)
    rows = {row.unit: row for row in table.units}
    facts = facts_of(table.units)
    assert 1 <= len(facts) <= MOST_FACTS
    told = set()
    for fact in facts:
        pairs = {(above.unit, below.unit) for above in fact.above for below in fact.below}
        assert all(below in rows[above].standing.separates_above for above, below in pairs)
        assert not pairs & told
        told |= pairs
    assert len(told) > 0.5 * table.standing.pairs_that_separate
    assert strip_tags(named(table.units)).startswith("A, B, C, D, E and 19 more F, G")
    assert sum("24" in sentence or "could be" in sentence for sentence in sentences(table)[1]) >= 1


def test_a_card_says_the_same_as_its_table_and_names_stay_text():
    table = pool([8, 8.1, 3], names={2: "<b>&"})
    about = conclusions_about(table.units[0], table)
    assert read(about.may) == ["It is clearly higher than &lt;b&gt;&amp;.", "Of 3 its place is between 1 and 2."]
    assert read(about.may_not) == ["Whether it is better or worse than B: the difference is not clear."]
    assert read(conclusions_of(table).may) == ["&lt;b&gt;&amp; is last: clearly lower than every other one."]
    assert '<a class="quiet" href="/organisations/C/">&lt;b&gt;&amp;</a> is last' in conclusions_of(table).may[0]
    assert conclusions_about(pool([8, None]).units[0], table).may == ()


def test_a_pair_is_told_once_and_what_is_new_says_so():
    """松岭 above 石桥 was once said in two sentences of three."""
    assert sentences(pool([8.66, 8.05, 6.77, 6.59, 3.23], errors=0.4))[0] == [
        "E is last: clearly lower than every other one.",
        "A is also clearly higher than C and D.",
    ]
