"""A clerk of the level above enters what a unit handed in; the unit looks and may object; nobody enters the wrong way."""

import inspect
from datetime import date, timedelta
from functools import partial
from uuid import UUID

import pytest
from django.urls import reverse
from tests.cast import district as cast
from tests.cast.commitments import promises_of, published_commitment
from tests.cast.refusing import refused

from zhengyou.ballots import actions as ballots
from zhengyou.base.models import JournalEntry
from zhengyou.commitments import actions as commitments
from zhengyou.commitments.models import ProgressReport
from zhengyou.organisations.models import Post
from zhengyou.organisations.readers import Reader
from zhengyou.paper import actions as paper
from zhengyou.plans import actions as plans
from zhengyou.plans.models import PracticeTheme
from zhengyou.submissions import actions, queries
from zhengyou.submissions.actions import HandedIn
from zhengyou.submissions.models import Submission

pytestmark = pytest.mark.django_db
TODAY = cast.NOW.date()


@pytest.fixture
def district():
    return cast.small_district()


@pytest.fixture
def cycle(district):
    return cast.launched_cycle(district)


def entered(district, cycle, unit, by, **more) -> Submission:
    deed = partial(
        plans.choose_practice_theme, cycle=cycle, organisation=unit, text="修好水渠", main_work="水利", as_clerk=True
    )
    given = {
        "organisation": unit, "what": Submission.What.THEME, "text": "修好水渠", "came": HandedIn("paper", TODAY),
        "deed": deed, "ticket": UUID(int=7), "at": cast.NOW, "by": by,
    }  # fmt: skip
    return actions.enter_for_unit(**given | more)


def waiting(person):
    return queries.waiting_for(Reader.of(person, TODAY, "en"))


def test_it_is_entered_once_in_the_name_of_both_and_the_unit_is_asked(district, cycle):
    unit, secretary = district.villages[0], district.secretaries[0]
    rows = {entered(district, cycle, unit, district.town_secretary).pk for _time in range(2)}
    assert len(rows) == 1
    assert PracticeTheme.objects.get(organisation=unit).text == "修好水渠"
    entry = JournalEntry.objects.get(deed="plans.choose_practice_theme")
    assert (entry.by, entry.payload["on_behalf_of"]) == (district.town_secretary.reference, unit.reference)
    [row] = waiting(secretary).to_look_at
    actions.agree(submission=row, at=cast.NOW, by=secretary)
    assert waiting(secretary).to_look_at == []
    with refused("submission.looked-at"):
        actions.object_to(submission=row, objection="不对", at=cast.NOW, by=secretary)


def test_an_objection_waits_for_the_level_above_until_it_is_settled(district, cycle):
    secretary = district.secretaries[0]
    row = entered(district, cycle, district.villages[0], district.office)
    with refused("submission.objection-missing"):
        actions.object_to(submission=row, objection=" ", at=cast.NOW, by=secretary)
    actions.object_to(submission=row, objection="原文是“修好水井”", at=cast.NOW, by=secretary)
    assert [one.objection for one in waiting(district.town_secretary).to_settle] == ["原文是“修好水井”"]
    with refused("role.not-clerk-above"):
        actions.settle(submission=row, settlement="已改", at=cast.NOW, by=secretary)
    actions.settle(submission=row, settlement="已改为“修好水井”", at=cast.NOW, by=district.town_secretary)
    assert waiting(district.town_secretary).to_settle == []
    with refused("submission.settled"):
        actions.settle(submission=row, settlement="再来", at=cast.NOW, by=district.town_secretary)


def test_a_report_from_paper_stands_like_the_units_own(district, cycle):
    unit = district.villages[0]
    promise = promises_of(published_commitment(district, cycle, unit))[0]
    deed = partial(commitments.report_progress, promise=promise, text="渠已通水", as_clerk=True)
    entered(district, cycle, unit, district.town_secretary, what="report", text="渠已通水", deed=deed)
    assert ProgressReport.objects.get(promise=promise).reported_by == district.town_secretary


def test_nobody_enters_for_a_unit_that_is_not_below_theirs(district, cycle):
    village, other = district.villages[:2]
    for by, unit in (
        (district.secretaries[1], village),  # beside
        (district.secretaries[0], village),  # one's own
        (district.secretaries[0], district.town),  # above
        (district.town_secretary, district.town),
        (district.members[0], other),
    ):
        with refused("role.not-clerk-above"):
            entered(district, cycle, unit, by)
    assert not PracticeTheme.objects.exists()


def test_an_office_of_another_branch_of_the_tree_enters_nothing(district, cycle):
    clerk = district.secretaries[2]
    Post.objects.create(person=clerk, organisation=district.villages[2], role=Post.Role.CAMPAIGN_OFFICE, from_on=TODAY)
    with refused("role.not-clerk-above"):
        entered(district, cycle, district.villages[0], clerk)


def test_the_rooms_own_refusals_hold_and_leave_nothing_behind(district, cycle):
    unit = district.villages[0]
    empty = partial(plans.choose_practice_theme, cycle=cycle, organisation=unit, text="", main_work="", as_clerk=True)
    with refused("theme.incomplete"):
        entered(district, cycle, unit, district.town_secretary, deed=empty)
    with refused("submission.day-ahead"):
        entered(district, cycle, unit, district.town_secretary, came=HandedIn("paper", TODAY + timedelta(days=1)))
    with refused("day.year-long-ago"):
        entered(district, cycle, unit, district.town_secretary, came=HandedIn("paper", date(1899, 1, 1)))
    assert not Submission.objects.exists()


def test_whoever_entered_it_does_not_look_at_it_for_the_unit(district, cycle):
    unit, clerk = district.villages[0], district.town_secretary
    row = entered(district, cycle, unit, clerk)
    Post.objects.create(person=clerk, organisation=unit, role=Post.Role.SECRETARY, from_on=TODAY)
    with refused("submission.own"):
        actions.agree(submission=row, at=cast.NOW, by=clerk)


def test_no_ballot_is_asked_for_in_anothers_name():
    """Neither issuing nor casting has a way to act for somebody: only what units hand in does."""
    for room in (ballots, paper):
        for name, deed in inspect.getmembers(room, inspect.isfunction):
            if deed.__module__ == room.__name__:
                assert "as_clerk" not in inspect.signature(deed).parameters, name


def test_everybody_reads_which_office_entered_it_and_nobody_reads_who(client, district, cycle):
    unit, secretary, clerk = district.villages[0], district.secretaries[0], district.town_secretary
    [promise, *_rest] = promises_of(published_commitment(district, cycle, unit))
    deed = partial(commitments.report_progress, promise=promise, text="修到第二公里", as_clerk=True)
    given = {"what": Submission.What.REPORT, "text": "修到第二公里", "deed": deed, "ticket": UUID(int=9)}
    row = entered(district, cycle, unit, clerk, **given)
    theme = entered(district, cycle, unit, clerk)
    english = {"HTTP_ACCEPT_LANGUAGE": "en"}
    page = client.get(reverse("public-promise", args=[unit.code, promise.pk]), **english).content.decode()
    assert f"Entered by {district.town.name} for {unit.name}; handed in on paper on" in page
    assert clerk.name not in page
    assert "The unit objects to this entry" not in page
    for one in (row, theme):
        actions.object_to(submission=one, objection="是第三公里", at=cast.NOW, by=secretary)
    for address in (
        reverse("public-promise", args=[unit.code, promise.pk]),
        reverse("public-organisation", args=[unit.code]),
    ):
        page = client.get(address, **english).content.decode()
        assert "The unit objects to this entry" in page
        assert "是第三公里" not in page
