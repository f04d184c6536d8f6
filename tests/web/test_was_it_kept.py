"""Was it kept? The first page adds up what the units, the level above and citizens say of the promises that have come due."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from tests.cast.commitments import promises_of, published_commitment, secretary_of
from tests.cast.district import closed_cycle, launched_cycle, small_district

from zhengyou.campaigns import actions as campaigns
from zhengyou.commitments import actions, tallies
from zhengyou.commitments.models import Promise
from zhengyou.keeping import actions as keeping
from zhengyou.remarks import actions as remarks
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return small_district(at=clock.now())


@pytest.fixture
def cycle(district):
    return launched_cycle(district, at=clock.now())


@pytest.fixture
def promises(district, cycle):
    """Three published promises of a village; the days of the first two have come."""
    rows = promises_of(published_commitment(district, cycle, district.villages[0], items=3, at=clock.now()))
    Promise.objects.filter(pk__in=[row.pk for row in rows[:2]]).update(due_on=clock.today())
    return [Promise.objects.get(pk=row.pk) for row in rows]


@pytest.fixture
def front(client):
    def read():
        page = client.get(reverse("public-home"), headers={"accept-language": "en"}).content.decode()
        told = re.sub(r"<[^>]+>", " ", page.partition('id="kept"')[2].partition("</section>")[0])
        return " ".join(told.split())

    return read


def stated(district, promise, outcome):
    step = {"promise": promise, "outcome": outcome, "explanation": "已装九盏，还差三盏。", "ticket": uuid4()}
    return actions.state_outcome(**step, at=clock.now(), by=secretary_of(district.villages[0]))


def decided(district, promise, decision):
    keeping.decide(promise=promise, decision=decision, reason="看过了。", at=clock.now(), by=district.leader)


def answered(promise, mark, words=""):
    return actions.answer_promise(promise=promise, mark=mark, words=words, arrival=None, at=clock.now())


def begun_after(cycle, *, by):
    """The next cycle of the campaign, launched."""
    days = {"starts_on": cycle.ends_on + timedelta(days=1), "ends_on": cycle.ends_on + timedelta(days=365)}
    row = campaigns.add_cycle(campaign=cycle.campaign, name="下一年度", at=clock.now(), by=by, **days)
    windows = dict.fromkeys([stage.id for stage in row.ruleset.stages], tuple(days.values()))
    campaigns.set_windows(cycle=row, windows=windows, at=clock.now(), by=by)
    return campaigns.launch_cycle(cycle=row, why="测试启动", at=clock.now(), by=by) and row


def test_before_any_day_has_come_there_is_no_answer_and_no_heading(client, district, cycle):
    published_commitment(district, cycle, district.villages[0], at=clock.now())
    assert b'id="kept"' not in client.get(reverse("public-home")).content


def test_what_is_due_and_what_nobody_said_stands_there(front, promises):
    told = front()
    assert "2 of 3 promises have come due so far." in told
    assert "The units and the level above have said nothing yet. Citizens have said nothing yet." in told
    assert "The units say" not in told


def test_a_side_that_told_nothing_is_named_beside_the_one_that_did(front, district, promises):
    decided(district, promises[0], "nothing_shown")
    told = front()
    assert "so far. The units have said nothing yet. Citizens have said nothing yet." in told
    assert "The level above says 1 nothing shown 1 not said yet" in told
    stated(district, promises[0], "fulfilled")
    assert "The units have said nothing yet" not in front()


def test_each_side_is_added_up_by_itself_and_the_last_statement_counts(front, district, promises):
    stated(district, promises[0], "fulfilled")
    assert "The units say 1 kept 1 not said yet" in front()
    stated(district, promises[0], "partly")
    decided(district, promises[1], "nothing_shown")
    answered(promises[0], "kept")
    answered(promises[0], "not_kept")
    answered(promises[1], "cannot_tell")
    told = front()
    assert "The units say 1 partly kept 1 not said yet" in told
    assert "The level above says 1 nothing shown 1 not said yet" in told
    assert "Citizens say, in 3 answers 1 kept 1 not kept 1 can’t tell" in told


def test_an_answer_that_does_not_count_is_not_added_up(district, cycle, promises):
    answered(promises[0], "kept")
    doubt = answered(promises[0], "not_kept", "灯不亮。")
    day = clock.today()
    assert tallies.told_in([cycle.pk], day)[cycle.pk]["citizens"] == tallies.KeptBy(kept=1, not_kept=1)
    remarks.hide_remarks(remarks=[doubt.remark], reason="advertising", at=clock.now(), by=district.office)
    counted = tallies.counts_of([promises[0].pk])[promises[0].pk]
    told = tallies.told_in([cycle.pk], day)[cycle.pk]["citizens"]
    assert (told.kept, told.not_kept) == (counted["kept"], counted["not_kept"])


def test_a_promise_whose_day_comes_tomorrow_is_not_counted(cycle, promises):
    answered(promises[0], "kept")
    assert not tallies.told_in([cycle.pk], clock.today() - timedelta(days=1))


def test_the_cycle_before_stays_beside_the_one_under_way(front, client, district, cycle, promises):
    answered(promises[0], "kept")
    decided(district, promises[0], "kept")
    decided(district, promises[1], "nothing_shown")
    closed_cycle(district, cycle, at=clock.now())
    follower = begun_after(cycle, by=district.office)
    told = front()
    assert follower.called not in told
    assert "The level above says 1 kept 1 nothing shown Citizens" in told
    page = client.get(reverse("public-home"), headers={"accept-language": "en"}).content.decode()
    assert "1 of 2 kept, the level above says" in " ".join(page.split())


def test_what_one_can_do_today_comes_before_how_the_promises_ended(client, promises):
    page = client.get(reverse("public-home"), headers={"accept-language": "en"}).content.decode()
    assert 0 < page.index('id="today"') < page.index('id="kept"')
    assert "2 promises are due" in " ".join(page.split())
