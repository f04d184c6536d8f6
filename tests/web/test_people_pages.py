"""Posts and accounts through the office's pages."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.cast import district as cast

from zhengyou.identity import actions as identity
from zhengyou.identity import queries
from zhengyou.identity.rules import Place
from zhengyou.organisations.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return cast.small_district()


@pytest.fixture
def office(client, district):
    client.post(reverse("sign-in"), {"login": district.office.number, "password": cast.PASSWORD})
    return client


def test_a_member_gets_a_post_and_an_account_and_signs_in(office, district):
    member = district.members[0]
    given = {"person": member.number, "organisation": "001", "role": "campaign_office", "title": "干事"}
    assert office.post(reverse("office-posts"), given).status_code == 302
    page = office.post(reverse("office-account", args=[member.pk])).content.decode()
    login, password = re.findall(r"<code>([^<]+)</code>", page)
    office.post(reverse("sign-out"))
    office.post(reverse("sign-in"), {"login": login, "password": password})
    assert office.get(reverse("office-home")).status_code == 200


def test_an_ended_post_ends_its_role(office, district):
    today = timezone.localdate()
    post = Post.objects.get(person=district.second_office)
    office.post(reverse("office-post-end", args=[post.pk]))
    assert not queries.is_office(district.second_office, today)
    assert office.post(reverse("office-account", args=[district.second_office.pk])).status_code == 404


def test_wrong_numbers_and_codes_are_named_and_nothing_is_given(office, district):
    before = Post.objects.count()
    page = office.post(
        reverse("office-posts"), {"person": "NOBODY", "organisation": "NOWHERE", "role": "leader"}
    ).content.decode()
    assert "NOBODY" in page
    assert "NOWHERE" in page
    assert Post.objects.count() == before


def test_others_have_no_such_page(client, district):
    client.post(reverse("sign-in"), {"login": district.leader.number, "password": cast.PASSWORD})
    assert client.get(reverse("office-posts")).status_code == 403
    assert client.post(reverse("office-account", args=[district.office.pk])).status_code == 403
    assert identity.check_sign_in(
        login=district.office.number, password=cast.PASSWORD, place=Place("here", is_known=False), at=cast.NOW
    )
