"""Yearly grades page by page: one form for a unit, told in private, and whoever may not read it sees none."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast.district import PASSWORD, launched_cycle, small_district
from tests.cast.persons import committed

from zhengyou.grades import queries
from zhengyou.grades.models import GradeDecision
from zhengyou.identity import actions as identity
from zhengyou.identity.models import Account
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


def noon(days_ago=0):
    return datetime.combine(clock.today() - timedelta(days=days_ago), time(4), tzinfo=UTC)


@pytest.fixture
def district():
    return small_district(at=noon(70))


@pytest.fixture
def cycle(district):
    cycle = launched_cycle(district, at=noon(1))
    committed(district, cycle, [*district.members[:3], district.secretaries[0]], at=noon(1))
    return cycle


@pytest.fixture
def browser_of(district):
    """A browser of somebody, who gets an account if they have none."""

    def enter(person):
        if not Account.objects.filter(person=person).exists():
            identity.open_account(person=person, login=person.number, password=PASSWORD, at=clock.now(), by=None)
        client = Client(headers=ENGLISH)
        client.force_login(Account.objects.get(person=person))
        return client

    return enter


def test_a_whole_unit_on_one_page_more_of_the_best_is_asked_once_and_a_stale_form_says_so(district, cycle, browser_of):
    first, second, third = district.members[:3]
    secretary = browser_of(district.secretaries[0])
    address = reverse("desk-grade-unit", args=[district.villages[0].code])
    page = secretary.get(address).content.decode()
    assert "Nobody enters their own grade" in page
    assert f'name="grade_{district.secretaries[0].pk}"' not in page
    assert "knowingly" not in page
    boxes = {f"grade_{one.pk}": "" for one in (first, second, third)}
    sent = {"decided_on": clock.today().isoformat()} | boxes
    assert "Choose a grade for somebody" in secretary.post(address, sent).content.decode()
    sent |= {f"grade_{first.pk}": "excellent", f"grade_{second.pk}": "excellent", "rest": "qualified"}
    asked = secretary.post(address, sent).content.decode()
    assert "would get the best grade" in asked
    assert 'name="knowingly"' in asked
    assert not GradeDecision.objects.exists()
    assert secretary.post(address, sent | {"knowingly": "on"}).status_code == 302
    assert queries.decision_on(cycle, third).grade == "qualified"
    stale = secretary.post(address, sent | {"knowingly": "on"}).content.decode()
    assert "Somebody has entered these meanwhile" in stale
    listed = secretary.get(reverse("desk-grade-list", args=[district.villages[0].code]) + "?format=csv")
    assert first.name in listed.getvalue().decode("utf-8-sig")


def test_told_in_private_and_nobody_else_finds_a_grade(district, cycle, browser_of):
    """Committee, level above and the person; the office, a neighbour, another member, a visitor: nothing."""
    member, other = district.members[:2]
    village = district.villages[0]
    address = reverse("desk-grade-unit", args=[village.code])
    sent = {"decided_on": clock.today().isoformat(), f"grade_{member.pk}": "none", f"reason_{member.pk}": "暗号久病"}
    browser_of(district.secretaries[0]).post(address, sent)
    own = browser_of(member)
    assert "Read what was decided about your year" in own.get(reverse("desk-home")).content.decode()
    page = own.get(reverse("desk-grades")).content.decode()
    assert "not graded" in page
    assert "暗号久病" in page
    number = GradeDecision.objects.get().pk
    own.post(reverse("desk-grade-read", args=[number]))
    assert "Object to it" in own.get(reverse("desk-grades")).content.decode()
    sent = {"text": "请核实", "sure": "on"}
    assert own.post(reverse("desk-grade-object", args=[number]), sent).status_code == 302
    assert "暗号久病" in browser_of(district.town_secretary).get(address).content.decode()

    strangers = [browser_of(one) for one in (district.office, district.secretaries[1], other)]
    places = [
        address,
        reverse("desk-grade-list", args=[village.code]),
        *[reverse(f"desk-grade-{page}", args=[number]) for page in ("object", "correct", "tell", "answer")],
    ]
    for client in strangers:
        for place in places:
            answer = client.get(place)
            assert answer.status_code in (403, 404), place
            assert "暗号" not in answer.content.decode()
    office = strangers[0]
    seen = [
        reverse("office-grades", args=[cycle.pk]),
        reverse("office-journal"),
        reverse("office-home"),
        reverse("office-person", args=[member.pk]),
        reverse("office-organisation", args=[village.pk]),
    ]
    for place in [*seen, seen[0] + "?format=csv"]:
        text = office.get(place).getvalue().decode()
        assert "暗号" not in text, place
        assert not re.search("not graded|请核实", text), place
    assert "1 of 1" in office.get(seen[0]).content.decode()
    above = browser_of(district.town_secretary).get(reverse("desk-grade-list", args=[village.code]))
    assert above.status_code == 403  # the list leaves the house with the committee alone
    for place in (reverse("public-organisation", args=[village.code]), reverse("public-entries")):
        assert "暗号" not in Client().get(place).content.decode()


def test_who_is_told_in_a_talk_and_what_is_answered(district, cycle, browser_of):
    member, village = district.members[0], district.villages[0]
    secretary, above = browser_of(district.secretaries[0]), browser_of(district.town_secretary)
    sent = {"decided_on": clock.today().isoformat(), f"grade_{member.pk}": "unqualified"}
    secretary.post(reverse("desk-grade-unit", args=[village.code]), sent)
    number = GradeDecision.objects.get().pk
    corrected = {"grade": "nearly-qualified", "reason": "", "why": "录错", "sure": "on"}
    assert secretary.post(reverse("desk-grade-correct", args=[number]), corrected).status_code == 302
    told = {"told_on": clock.today().isoformat(), "sure": "on"}
    assert secretary.post(reverse("desk-grade-tell", args=[number]), told).status_code == 302
    own = browser_of(member)
    own.post(reverse("desk-grade-object", args=[number]), {"text": "请核实", "sure": "on"})
    assert "Answer an objection to a yearly grade" in above.get(reverse("desk-home")).content.decode()
    answered = {"answer": "属实", "grade": "qualified", "reason": "", "sure": "on"}
    assert above.post(reverse("desk-grade-answer", args=[number]), answered).status_code == 302
    page = own.get(reverse("desk-grades")).content.decode()
    assert "属实" in page
    assert "Nearly qualified" in page  # the old one stays beside the new
    assert "Not qualified" in page


def test_who_is_not_graded_is_told_so_before_writing(district, cycle, browser_of):
    address = reverse("desk-grade-words", args=[cycle.pk])
    assert "What you did of what you committed to" in browser_of(district.members[0]).get(address).content.decode()
    answer = browser_of(district.members[4]).get(address)
    assert answer.status_code == 409
    assert "Only those who did are graded" in answer.content.decode()
    assert 'name="text"' not in answer.content.decode()
