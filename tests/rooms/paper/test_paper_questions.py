"""Questions on paper: keyed place by place or tick by tick, over-voted forms that do not count, differences, one count with phones."""

import pytest
from tests.cast import district as cast
from tests.cast import paper as cast_paper
from tests.cast.booth import codes_for, small_cycle
from tests.cast.questions import answer, approval, closed_and_counted, opened_questions, ranking
from tests.cast.refusing import refused

from zhengyou.paper import actions, queries
from zhengyou.paper.models import PaperBatch
from zhengyou.standings import queries as standings
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(transaction=True)

FIVE = ("甲", "乙", "丙", "丁", "戊")
KEYED = [  # by sheet: the ranking's three places, then the approval's five boxes
    (["2", "1", "0"], ["1", "1", "0", "0", "0"]),
    (["2", "2", "0"], ["0", "1", "0", "0", "0"]),  # an option in two places
    (["2", "0", "3"], ["2", "1", "0", "0", "0"]),  # a place left out; don't know beside a tick
    (["6", "0", "0"], ["2", "0", "0", "0", "0"]),  # don't know
    (["0", "0", "0"], ["0", "0", "0", "0", "0"]),
]


@pytest.fixture
def district():
    return cast.small_district(members_a_village=4)


@pytest.fixture
def poll(district):
    asked = [ranking(*FIVE, kind="best-three"), approval(*FIVE)]
    return opened_questions(district, small_cycle(district), asked, [district.members[:12]])


@pytest.fixture
def printing(poll, district):
    watching = cast_paper.scrutineer(district, at=clock.now())
    return cast_paper.settled(poll, district, watching, people=5, spare=1, at=clock.now())


@pytest.fixture
def after(poll):
    return poll.closes_at


def key(printing, sheet, line, entries, by, at):
    slip = printing.voters[sheet].slips[line]
    return actions.key_form(batch=printing.batch, scanned=slip.key, entries=entries, at=at, by=by)


def key_all(printing, by, at):
    """Whether each form counts."""
    return [
        key(printing, sheet, line, entries, by, at).counts
        for sheet, forms in enumerate(KEYED)
        for line, entries in enumerate(forms)
    ]


def test_forms_of_questions_are_keyed_twice_and_counted_with_the_phones(poll, printing, district, after):
    for code in codes_for(poll, district.members[5:12]):
        answer(poll, "pool-1", code, ["o02"], ["o01"])
    cast_paper.counted(printing, district.office, at=after)
    counts = [True, True, False, True, False, False, True, True, True, True]
    for person in (district.office, district.second_office):
        assert key_all(printing, person, after) == counts
    assert queries.paper_differences(printing.batch) == []
    printing.batch = PaperBatch.objects.get(pk=printing.batch.pk)
    cast_paper.signed(printing, [district.office, district.second_office], at=after)
    document = standings.figures_in_force(closed_and_counted(poll, district)).document
    ranked, approved = document.pools[0].questions
    assert (ranked.winners, ranked.n) == (("o02",), 10)
    assert (approved.winners, approved.n) == (("o01",), 11)


def test_entries_that_cannot_be_are_refused_with_the_largest_figure(printing, district, after):
    cast_paper.counted(printing, district.office, at=after)
    for line, entries in ((0, ["7", "0", "0"]), (0, ["1", "0"]), (1, ["3", "0", "0", "0", "0"]), (1, ["", "1"])):
        with refused("form.entry-missing"):
            key(printing, 0, line, entries, district.office, after)


def test_where_two_keyers_differ_the_places_and_options_are_named(printing, district, after):
    cast_paper.counted(printing, district.office, at=after)
    key_all(printing, district.office, after)
    for sheet, forms in enumerate(KEYED):
        for line, entries in enumerate(forms):
            other = {(0, 0): ["2", "3", "0"], (0, 1): ["1", "1", "0", "1", "0"]}.get((sheet, line), entries)
            key(printing, sheet, line, other, district.second_office, after)
    batch = PaperBatch.objects.get(pk=printing.batch.pk)
    assert sorted(each.criteria for each in queries.paper_differences(batch)) == [("2",), ("o04",)]
