"""The pages on later days: members' promises until a year after their cycle, who answers from which day, a theme that its people know."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast.district import NOW, closed_cycle, drafted_cycle, launched_cycle, small_district

from zhengyou.base.models import JournalEntry, PublicEntry
from zhengyou.base.time import year_before, year_is_over_on
from zhengyou.campaigns import actions as campaigns
from zhengyou.identity.models import Account
from zhengyou.organisations import actions as organisations
from zhengyou.plans import actions as plans
from zhengyou.pledges import actions as pledges
from zhengyou.pledges.rules import Made
from zhengyou.rhythm import actions as rhythm
from zhengyou.vows import actions as vows
from zhengyou.vows.models import VowText
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db
LAMPS = VowText("每周帮两户老人买药", "门上贴的登记卡有签名", date(2026, 12, 1))
LAST, AFTER = date(2027, 12, 31), date(2028, 1, 1)


def noon_of(day):
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


class Days:
    """Pages on a day: everybody signs in anew, and the worker has looked, or not yet."""

    def __init__(self, monkeypatch):
        self.patch = monkeypatch

    def come(self, day, *, worker=True):
        self.patch.setattr(clock, "now", lambda: noon_of(day))
        if worker:
            rhythm.forget(at=noon_of(day))

    def page(self, address, person=None, **query):
        client = Client(headers={"accept-language": "en"})
        if person:
            client.force_login(Account.objects.get_or_create(person=person, defaults={"login": person.number})[0])
        return client.get(address, query)


@pytest.fixture
def days(monkeypatch):
    return Days(monkeypatch)


@pytest.fixture
def district():
    return small_district()


@pytest.fixture
def cycle(district):
    return launched_cycle(district)


@pytest.fixture
def village(district):
    return district.villages[0]


@pytest.fixture
def member(district, village):
    return next(one for one in district.members if one.organisation == village)


def published_vow(cycle, member, by):
    row = vows.hand_in_vow(cycle=cycle, items=[LAMPS], is_of_age=True, at=NOW, by=member)
    vows.review_vow(vow=row, agrees=True, opinion="", at=NOW, by=by)
    return row


@pytest.mark.parametrize(
    ("last", "gone_on"),
    [
        (date(2026, 12, 31), date(2028, 1, 1)),
        (date(2027, 12, 31), date(2029, 1, 1)),  # over a leap year it is a year too
        (date(2028, 2, 28), date(2029, 3, 1)),
        (date(2028, 2, 29), date(2029, 3, 1)),
        (date(2027, 2, 28), date(2028, 2, 29)),
    ],
)
def test_a_year_after_a_day_is_over_on_one_day_however_it_is_asked(last, gone_on):
    assert year_is_over_on(last) == gone_on
    days_of_two_years = [last + timedelta(days=n) for n in range(800)]
    assert next(day for day in days_of_two_years if last < year_before(day)) == gone_on


def test_a_member_s_promise_is_there_for_a_year_and_then_nowhere(days, district, cycle, village, member):
    secretary = district.secretaries[0]
    published_vow(cycle, member, secretary)
    entry = PublicEntry.objects.get(what="vows.publish_vow")
    unit, own = reverse("public-organisation", args=[village.code]), reverse("public-entry", args=[entry.number])
    days.come(date(2026, 3, 11))
    told = days.page(reverse("desk-vow"), member).content.decode()
    assert "It leaves the page on 1 January 2028." in " ".join(told.split())
    closed_cycle(district, cycle, at=noon_of(date(2026, 12, 31)))
    places = [unit, own, reverse("public-entry-document", args=[entry.number]), reverse("public-entries-lines")]
    for day in (date(2027, 1, 1), LAST):
        days.come(day)
        for address in places[:2]:
            page = days.page(address).content.decode()
            assert LAMPS.what in page
            assert member.name in page
    found = [days.page(reverse("public-find"), q=LAMPS.what).content.decode().count(LAMPS.what)]
    days.come(AFTER, worker=False)
    assert LAMPS.what not in days.page(unit).content.decode(), "the day counts, not when the worker looks"
    for day in (AFTER, date(2029, 6, 1)):
        days.come(day)
        for address in places:
            answer = days.page(address)
            said = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert answer.status_code == 200, address
            assert LAMPS.what not in said.decode(), address
            assert member.name not in said.decode(), address
        found.append(days.page(reverse("public-find"), q=LAMPS.what).content.decode().count(LAMPS.what))
        for person in (member, secretary, district.leader):
            for name in ("desk-home", "desk-unit", "desk-vow"):
                assert LAMPS.what not in days.page(reverse(name), person).content.decode()
            assert LAMPS.what not in days.page(reverse("desk-vows", args=[village.code]), person).content.decode()
        journal = days.page(reverse("office-journal"), district.office, q=village.code).content.decode()
        assert LAMPS.what not in journal
    assert len(set(found)) == 1, "the search finds it neither before nor after: only what was typed is on its page"
    assert LAMPS.what not in "".join(json.dumps(one.payload, ensure_ascii=False) for one in JournalEntry.objects.all())


def test_who_committed_in_public_is_named_until_the_same_day(days, district, cycle, village, member):
    made = Made(date(2026, 3, 5), "村部", "")
    pledges.enter_public_commitments(cycle=cycle, people=[member], made=made, at=NOW, by=district.office)
    unit = reverse("public-organisation", args=[village.code])
    for day, is_named in ((date(2026, 3, 11), True), (LAST, True), (AFTER, False)):
        days.come(day)
        assert (member.name in days.page(unit).content.decode()) == is_named


def test_the_three_tiers_on_a_unit_s_page_are_those_of_the_day(days, district, cycle, village):
    changes_on = date(2026, 6, 1)
    deputy, worker, *_others = (one for one in district.members if one.organisation == village)
    for person, tier in ((district.secretaries[0], "direct"), (deputy, "operational")):
        given = {"organisation": village, "person": person, "tier": tier, "from_on": date(2026, 3, 1)}
        organisations.make_responsible(**given, at=NOW, by=district.office)
    given = {"organisation": village, "person": worker, "tier": "operational", "from_on": changes_on}
    organisations.make_responsible(**given, at=NOW, by=district.office)
    unit = reverse("public-organisation", args=[village.code])
    for day, named, gone in (
        (date(2026, 5, 31), deputy, worker),
        (changes_on, worker, deputy),
        (date(2026, 9, 1), worker, deputy),
    ):
        days.come(day)
        answers = days.page(unit).content.decode().partition('<p class="answers">')[2].partition("</p>")[0]
        assert [one.name in answers for one in (district.leader, district.secretaries[0], named, gone)] == [
            True,
            True,
            True,
            False,
        ]


def test_members_are_asked_once_a_cycle_whether_they_know_the_theme_of_their_unit(days, district, village):
    first = launched_cycle(district)
    member = next(one for one in district.members if one.organisation == village)
    asked, home = "Do you know this year’s theme of", reverse("desk-home")
    chosen = {"organisation": village, "main_work": "修路", "by": district.secretaries[0]}

    def is_asked():
        return asked in days.page(home, member).content.decode()

    days.come(date(2026, 3, 20))
    assert not is_asked(), "nothing is chosen yet"
    plans.choose_practice_theme(cycle=first, text="把路修好", at=noon_of(date(2026, 3, 20)), **chosen)
    days.come(date(2026, 11, 1))
    assert is_asked(), "asked until they answer"
    assert "把路修好" in days.page(reverse("desk-unit"), member).content.decode()
    plans.say_theme_known(cycle=first, answer="yes", at=noon_of(date(2026, 11, 1)), by=member)
    assert not is_asked()
    closed_cycle(district, first, at=noon_of(date(2026, 11, 20)))
    days.come(date(2026, 11, 22))
    assert not is_asked()
    following = drafted_cycle(district, at=noon_of(date(2026, 11, 22)), name="下一年度")
    campaigns.launch_cycle(cycle=following, why="", at=noon_of(date(2026, 11, 22)), by=district.office)
    following.refresh_from_db()
    assert not is_asked(), "the theme of the last cycle is no question any more"
    plans.choose_practice_theme(cycle=following, text="把灯点亮", at=noon_of(date(2026, 11, 23)), **chosen)
    days.come(date(2026, 11, 24))
    assert is_asked()
