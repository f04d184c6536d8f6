"""What is due for whom, and who has no theme and no promise."""

from datetime import date, timedelta

import pytest
from tests.cast.commitments import (
    drafted_commitment,
    promise_text,
    promises_of,
    proposed_commitment,
    published_commitment,
    secretary_of,
)
from tests.cast.district import NOW, launched_cycle, small_district

from zhengyou.campaigns.models import StageWindow
from zhengyou.commitments import actions, queries
from zhengyou.commitments.rules import Opinion
from zhengyou.keeping import coverage
from zhengyou.keeping import queries as keeping
from zhengyou.organisations.models import Post
from zhengyou.organisations.readers import Reader
from zhengyou.plans import actions as plans

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)


@pytest.fixture
def district():
    return small_district()


@pytest.fixture
def cycle(district):
    return launched_cycle(district)


def _due(person, on=TODAY):
    due = keeping.due_for(Reader.of(person, on, "en"))
    return [(line.kind, line.organisation and line.organisation.code, line.count) for line in due]


def _choose_theme(cycle, organisation):
    plans.choose_practice_theme(
        cycle=cycle,
        organisation=organisation,
        text="点亮测试路",
        main_work="道路照明",
        at=NOW,
        by=secretary_of(organisation),
    )


def test_nothing_is_due_without_a_cycle_or_without_a_post(district):
    assert _due(district.secretaries[0]) == []
    launched_cycle(district)
    assert _due(district.members[0]) == []
    assert _due(district.office) == []


def test_a_secretary_chooses_a_theme_writes_mends_and_reports(district, cycle):
    village, secretary = district.villages[0], district.secretaries[0]
    code = village.code
    assert _due(secretary) == [("choose_theme", code, 0), ("write_promises", code, 0)]
    _choose_theme(cycle, village)
    drafted_commitment(cycle, village, items=2)
    assert _due(secretary) == [("write_promises", code, 2)]
    commitment = actions.propose_promises(commitment=queries.commitment_of(cycle, village), at=NOW, by=secretary)
    assert _due(secretary) == []
    first, second = promises_of(commitment)
    opinions = {first.pk: Opinion(False, "写明标准"), second.pk: Opinion(True)}
    actions.review_promises(commitment=commitment, opinions=opinions, at=NOW, by=district.leader)
    assert _due(secretary) == [("mend_promises", code, 1)]


def test_a_published_promise_without_a_report_for_thirty_days_is_due(district, cycle):
    village, secretary = district.villages[0], district.secretaries[0]
    _choose_theme(cycle, village)
    first, second, third = promises_of(published_commitment(district, cycle, village))
    assert _due(secretary, TODAY + timedelta(days=29)) == []
    assert _due(secretary, TODAY + timedelta(days=30)) == [("report_progress", village.code, 3)]
    later = NOW + timedelta(days=20)
    actions.report_progress(promise=first, text="已开工", at=later, by=secretary)
    actions.state_outcome(promise=second, outcome="fulfilled", explanation="修好了", at=later, by=secretary)
    assert _due(secretary, TODAY + timedelta(days=30)) == [("report_progress", village.code, 1)]
    assert _due(secretary, TODAY + timedelta(days=50)) == [("report_progress", village.code, 2)]
    assert third.pk


def test_a_promise_given_on_the_spot_is_quiet_only_thirty_days_after_it_was_written(district, cycle):
    village, secretary = district.villages[0], district.secretaries[0]
    _choose_theme(cycle, village)
    for days in (0, 40):
        at = NOW + timedelta(days=days)
        text = promise_text(f"修好第{days}盏路灯")
        given = {"cycle": cycle, "organisation": village, "text": text, "given_on": at.date()}
        actions.publish_immediate_promise(**given, at=at, by=secretary)
    quiet = [one for one in _due(secretary, TODAY + timedelta(days=41)) if one[0] == "report_progress"]
    assert quiet == [("report_progress", village.code, 1)]


def test_a_promise_past_its_day_is_due_to_be_ended_though_the_stage_runs_on(district, cycle):
    village, secretary = district.villages[0], district.secretaries[0]
    _choose_theme(cycle, village)
    first, *_others = promises_of(published_commitment(district, cycle, village))
    type(first).objects.filter(pk=first.pk).update(due_on=TODAY + timedelta(days=10))
    assert _due(secretary, TODAY + timedelta(days=10)) == []
    assert _due(secretary, TODAY + timedelta(days=11)) == [("state_outcomes", village.code, 1)]
    code, on = village.code, TODAY + timedelta(days=30)
    assert sorted(_due(secretary, on)) == [("report_progress", code, 2), ("state_outcomes", code, 1)]
    actions.state_outcome(promise=first, outcome="fulfilled", explanation="修好了", at=NOW, by=secretary)
    assert _due(secretary, on) == [("report_progress", code, 2)]


def test_after_the_keeping_the_outcomes_are_due(district, cycle):
    village, secretary = district.villages[0], district.secretaries[0]
    promises = promises_of(published_commitment(district, cycle, village))
    StageWindow.objects.filter(cycle=cycle).update(closes_on=date(2026, 3, 20))
    assert _due(secretary, date(2026, 3, 21)) == [("state_outcomes", village.code, 3)]
    for promise in promises:
        actions.state_outcome(promise=promise, outcome="partly", explanation="还差", at=NOW, by=secretary)
    assert _due(secretary, date(2026, 3, 21)) == []


def test_proposals_are_due_for_the_nearest_level_that_has_somebody(district, cycle):
    for village in district.villages[:2]:
        proposed_commitment(cycle, village, items=2)
    assert ("review_promises", None, 2) in _due(district.town_secretary)
    assert _due(district.leader) == []
    waiting = keeping.waiting_for(Reader.of(district.leader, TODAY, "en"), cycle)
    assert (len(waiting.nearest), len(waiting.further)) == (0, 2)
    Post.objects.filter(person=district.town_secretary).update(until_on=TODAY)
    assert _due(district.leader) == [("review_promises", None, 2)]


def test_mending_and_reviewing_come_first(district, cycle):
    proposed_commitment(cycle, district.villages[0], items=2)
    assert [kind for kind, _code, _n in _due(district.town_secretary)] == [
        "review_promises",
        "choose_theme",
        "write_promises",
    ]


def test_coverage_names_who_lacks_what(district, cycle):
    one, two, three, four = district.villages
    _choose_theme(cycle, one)
    promise = promises_of(published_commitment(district, cycle, one))[0]
    actions.report_progress(promise=promise, text="已开工", at=NOW, by=secretary_of(one))
    published_commitment(district, cycle, two, items=2)
    proposed_commitment(cycle, three, items=2)
    rows = {row.organisation.code: row for row in coverage.coverage(cycle)}
    assert list(rows) == [district.town.code, one.code, two.code, three.code, four.code]
    assert rows[one.code].missing == set()
    assert (rows[one.code].promises, rows[one.code].reports, rows[one.code].theme) == (3, 1, "点亮测试路")
    assert rows[two.code].missing == {"theme", "report"}
    assert rows[three.code].missing == {"theme", "promise"}
    assert (rows[three.code].state, rows[four.code].state) == ("proposed", "")


def test_coverage_and_the_public_lists_cost_the_same_for_one_and_for_many(district, cycle, django_assert_num_queries):
    published_commitment(district, cycle, district.villages[0], items=2)
    with django_assert_num_queries(5):
        coverage.coverage(cycle)
    with django_assert_num_queries(5):
        queries.published_promises(district.villages[0])
    published_commitment(district, cycle, district.villages[1], items=9)
    published_commitment(district, cycle, district.villages[2], items=2)
    with django_assert_num_queries(5):
        coverage.coverage(cycle)
    with django_assert_num_queries(5):
        queries.published_promises(district.villages[1])
