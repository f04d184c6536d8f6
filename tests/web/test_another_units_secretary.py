"""Forged requests: every address of the desk about promises, papers and situations, visited and sent to by people of a unit beside."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse
from tests.cast.commitments import promises_of, published_commitment, secretary_of
from tests.cast.district import closed_cycle, drafted_cycle, launched_cycle, small_district

from zhengyou.base.models import JournalEntry
from zhengyou.base.time import local_day
from zhengyou.campaigns import actions as campaigns
from zhengyou.commitments.models import Promise
from zhengyou.identity.models import Account
from zhengyou.keeping import actions as keeping
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Post
from zhengyou.submissions import actions as submissions
from zhengyou.submissions.actions import HandedIn
from zhengyou.submissions.models import Submission
from zhengyou.vows import actions as vows
from zhengyou.vows.models import VowText
from zhengyou.web.desk import (
    commitments_urls,
    keeping_urls,
    plans_urls,
    situations_urls,
    submissions_urls,
    units_urls,
    vows_urls,
)
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db
ROOMS = (commitments_urls, keeping_urls, plans_urls, situations_urls, submissions_urls, units_urls, vows_urls)
FORGED = {
    "text": "别人写的", "what": "别人写的", "standard": "看得见", "checked_by": "place", "for_whom": "村民", "evidence": "照片",
    "aim": "service", "main_work": "修路", "title": "情况", "reason": "因为", "decision": "kept", "agrees": "agree", "words": "好",
    "outcome": "fulfilled", "explanation": "好了", "consents": "yes", "opinion": "好", "sure": "on", "came_how": "paper",
    "answer": "好", "objection": "不对", "settlement": "好", "exempt_because": "忙", "is_so": "no",
}  # fmt: skip


def noon(days_ago=0):
    return datetime.combine(clock.today() - timedelta(days=days_ago), time(4), tzinfo=UTC)


@pytest.fixture
def district():
    return small_district(at=noon(70))


@pytest.fixture
def numbers(district):
    """What can be attacked in the first village: by the part of an address that names it."""
    cycle, village = launched_cycle(district, at=noon(60)), district.villages[0]
    promise = promises_of(published_commitment(district, cycle, village, at=noon(50)))[0]
    Promise.objects.filter(pk=promise.pk).update(due_on=local_day(noon(45)))
    keeping.decide(promise=promise, decision="nothing_shown", reason="没有材料", at=noon(41), by=district.leader)
    closed_cycle(district, cycle, at=noon(40))
    now = drafted_cycle(district, at=noon(40), name="下一年度")
    campaigns.launch_cycle(cycle=now, why="", at=noon(40), by=district.office)
    now.refresh_from_db()
    wish = keeping.ask_to_drop(promise=promise, cycle=now, reason="改道了", at=noon(30), by=secretary_of(village))
    came = HandedIn("paper", local_day(noon(21)), None)
    entered = submissions.enter_for_unit(
        organisation=village, what=Submission.What.DOUBTS, text="已补上", came=came, ticket=None, at=noon(20),
        by=district.town_secretary, deed=lambda **acting: keeping.answer_in_public(promise=promise, text="已补上", as_clerk=True, **acting),
    )  # fmt: skip
    member = next(one for one in district.members if one.organisation == village)
    items = [VowText("每周帮两户老人买药", "登记卡有签名", now.ends_on)]
    vow = vows.hand_in_vow(cycle=now, items=items, is_of_age=True, at=noon(10), by=member)
    rows = {"desk-keeping-dropping": wish, "desk-submission": entered, "desk-vow": vow}
    return {"code": village.code, "promise_id": promise.pk, "person_id": member.pk, "cycle_id": now.pk, "rows": rows}


def addresses(numbers):
    """Of every address of these rooms that names something of the village: its name and the address."""
    for module in ROOMS:
        for pattern in module.urlpatterns:
            parts = set(pattern.pattern.converters)
            if not parts or parts == {"cycle_id"}:
                continue
            known = {part: numbers[part] for part in parts if part in numbers}
            if "number" in parts:
                known["number"] = next(row.pk for name, row in numbers["rows"].items() if pattern.name.startswith(name))
            for what in ("theme", "doubts", "situation", "on-the-spot") if "what" in parts else ("",):
                yield pattern.name, reverse(pattern.name, kwargs=known | ({"what": what} if what else {}))


def test_nobody_of_a_unit_beside_reads_or_changes_anything_of_it_at_the_desk(client, district, numbers) -> None:
    beside = district.villages[1]
    member = next(one for one in district.members if one.organisation == beside)
    clerk = next(one for one in district.members if one.organisation == district.villages[2])
    other_town = organisations.add_organisation(
        code="001009", name="邻镇党委", kind="committee", sector="rural", parent=district.root, at=noon(60), by=None
    )
    Post.objects.create(person=clerk, organisation=other_town, role=Post.Role.CAMPAIGN_OFFICE, from_on=date(2020, 1, 1))
    every = list(addresses(numbers))
    assert len(every) > 30
    days = dict.fromkeys(("due_on", "given_on", "came_on"), clock.today().isoformat())
    chosen = {"promise": numbers["promise_id"]}
    before = JournalEntry.objects.count()
    client.force_login(Account.objects.get(person=district.town_secretary))
    opened = [name for name, address in every if client.get(address).status_code == 200]
    assert {"desk-submissions", "desk-keeping-dropping", "desk-vow-review"} <= set(opened), "who may come in does"
    for person in (secretary_of(beside), member, clerk):
        client.force_login(Account.objects.get_or_create(person=person, defaults={"login": person.number})[0])
        for name, address in every:
            assert client.get(address).status_code in (302, 403, 404), (person, name, address)
            answer = client.post(address, FORGED | days | chosen)
            assert answer.status_code in (302, 403, 404), (person, name, address)
            assert JournalEntry.objects.count() == before, (person, address)
