"""Two people of the office at one thing: nobody saves over the other unasked, and whoever comes second is told who was first."""

import re

import pytest
from django.urls import reverse
from tests.cast.awards import answered_objection, filed_objection, published_notice
from tests.cast.district import launched_cycle, small_district

from zhengyou.awards import actions as awards
from zhengyou.identity.models import Account
from zhengyou.notices import actions as notices
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Post
from zhengyou.web.shared import clock

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


@pytest.fixture
def district(db):
    return small_district()


@pytest.fixture
def office(client, district):
    client.force_login(Account.objects.get(person=district.office))
    return client


def mark_in(page: str) -> str:
    return re.search(r'name="seen" value="(\w+)"', page)[1]


def all_the_same_in(page: str) -> str:
    return re.search(r'name="all_the_same" value="(\w+)"', page)[1]


def test_deeds_are_not_saved_over_what_somebody_else_wrote_meanwhile(office, district) -> None:
    cycle = launched_cycle(district)
    given = {"at": clock.now(), "by": district.office}
    selection = awards.make_selection(cycle=cycle, title="先进基层党组织", quota=2, **given)
    candidate = awards.add_candidate(selection=selection, organisation=district.villages[0], deeds="起初", **given)
    address = reverse("office-candidate-deeds", args=[selection.pk, candidate.pk])
    mine = {"deeds": "我写的", "seen": mark_in(office.get(address, **ENGLISH).content.decode())}
    awards.change_deeds(candidate=candidate, deeds="别人写的", **given)

    page = office.post(address, mine, **ENGLISH).content.decode()
    assert f"{district.office.name} changed this on" in page
    assert "别人写的" in page
    assert "我写的" in page
    candidate.refresh_from_db()
    assert candidate.deeds == "别人写的"

    awards.change_deeds(candidate=candidate, deeds="又改了", **given)
    again = office.post(address, mine | {"all_the_same": all_the_same_in(page)}, **ENGLISH).content.decode()
    assert "又改了" in again  # what they had seen is not what stands there now

    office.post(address, mine | {"all_the_same": all_the_same_in(again)}, **ENGLISH)
    candidate.refresh_from_db()
    assert candidate.deeds == "我写的"


def test_the_same_twice_is_no_collision(office, district) -> None:
    person = district.members[0]
    address = reverse("office-person-change", args=[person.pk, "correct"])
    mark = mark_in(office.get(address, **ENGLISH).content.decode())
    organisations.change_person(person=person, changes={"is_floating": True}, at=clock.now(), by=district.office)
    sent = {"membership": person.membership, "post_kind": person.post_kind, "is_floating": "on", "seen": mark}
    assert office.post(address, sent).status_code == 302


def test_a_rename_says_that_somebody_renamed_meanwhile(office, district) -> None:
    village = district.villages[0]
    address = reverse("office-organisation-change", args=[village.pk, "rename"])
    mark = mark_in(office.get(address, **ENGLISH).content.decode())
    organisations.change_organisation(
        organisation=village, changes={"name": "别名党支部"}, at=clock.now(), by=district.office
    )
    sent = {"name": "我的党支部", "on": clock.today().isoformat(), "reason": "改名", "seen": mark}
    page = office.post(address, sent, **ENGLISH).content.decode()
    assert "What you wrote has not been saved yet" in page
    assert "别名党支部" in page
    village.refresh_from_db()
    assert village.name == "别名党支部"


def test_the_second_to_end_a_post_is_told_who_was_first(office, district) -> None:
    post = Post.objects.filter(role=Post.Role.SECRETARY).first()
    organisations.end_post(post=post, until_on=clock.today(), at=clock.now(), by=district.office)
    answer = office.post(reverse("office-post-end", args=[post.pk]), **ENGLISH)
    assert answer.status_code == 409
    assert f"This post has ended already, on {clock.today():%-d %B %Y}." in answer.content.decode()
    assert f"{district.office.name} did it on" in answer.content.decode()


def test_a_ruling_is_not_turned_back_by_whoever_saw_it_before_somebody_else_turned_it(office, district) -> None:
    at = clock.now()
    objection = filed_objection(published_notice(district, launched_cycle(district, at=at), at=at), at=at)
    answered_objection(district, objection, is_upheld=True, at=at)
    address = reverse("office-objection-turn", args=[objection.pk])
    mine = {"why": "路修通了", "sure": "on", "seen": mark_in(office.get(address, **ENGLISH).content.decode())}
    other = {"is_upheld": False, "why": "路已修通", "at": clock.now(), "by": district.office}
    notices.correct_ruling(objection=objection, **other)
    page = office.post(address, mine, **ENGLISH).content.decode()
    assert f"{district.office.name} changed this on" in page
    objection.refresh_from_db()
    assert objection.is_upheld is False
