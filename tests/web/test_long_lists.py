"""Lists too long for a request: written by a worker for the one who asked, through the same door, with the same bytes."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import district as cast
from tests.cast.awards import published_notice
from tests.cast.jobs import run_jobs

from zhengyou.base.models import Job
from zhengyou.identity.models import Account
from zhengyou.organisations.models import Post
from zhengyou.web.shared import clock, list_jobs

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def district():
    return cast.small_district()


@pytest.fixture
def office(district) -> Client:
    return signed_in(district.office)


@pytest.fixture
def _long(monkeypatch) -> None:
    """Three rows are too many here."""
    monkeypatch.setattr(list_jobs, "LONGEST_AT_ONCE", 3)


def signed_in(person) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(Account.objects.get(person=person))
    return client


def text_of(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_long_list_is_the_same_file_that_a_short_one_would_be(office, ending, monkeypatch):
    address = reverse("office-posts") + f"?q=村&as={ending}"
    at_once = office.get(address).content
    monkeypatch.setattr(list_jobs, "LONGEST_AT_ONCE", 3)
    asked = office.get(address)
    page = asked.headers["Location"]
    assert page == reverse("list-job", args=[Job.objects.get().pk])
    assert f'hx-get="{page}?seen=waiting"' in text_of(office.get(page))
    assert reverse("office-posts") in text_of(office.get(page))
    assert office.get(address).headers["Location"] == page
    run_jobs()
    assert office.get(page, headers=HTMX).headers["HX-Refresh"] == "true"
    assert "Download the file" in text_of(office.get(page))
    taken = office.post(f"{page}take/")
    assert f'filename="posts.{ending}"' in taken.headers["Content-Disposition"]
    data = taken.getvalue()
    assert (data == at_once) if ending == "csv" else (data[:2] == at_once[:2] == b"PK")
    assert office.post(f"{page}take/").getvalue() == data
    office.post(f"{page}put-away/")
    assert "This file is gone" in text_of(office.post(f"{page}take/", follow=True))


@pytest.mark.usefixtures("_long")
def test_a_list_that_is_not_long_stays_in_the_request(office):
    assert office.get(reverse("office-posts") + "?q=村书记1&as=csv").content.startswith(b"\xef\xbb\xbf")
    assert not Job.objects.exists()


@pytest.mark.usefixtures("_long")
def test_a_long_list_is_its_askers_alone(office, district):
    page = office.get(reverse("office-posts") + "?as=csv").headers["Location"]
    run_jobs()
    others = (signed_in(district.second_office), signed_in(district.secretaries[0]))
    for client in others:
        assert client.get(page).status_code == 404
        assert {client.post(f"{page}{name}/").status_code for name in ("stop", "again", "take", "put-away")} == {404}
    number = re.search(r"\d+", page)[0]
    assert others[0].get(reverse("office-job", args=[number])).status_code == 404
    assert Client().get(page).headers["Location"].startswith(reverse("sign-in"))
    assert office.post(f"{page}take/").getvalue().startswith(b"\xef\xbb\xbf")


@pytest.mark.usefixtures("_long")
def test_who_lost_their_post_meanwhile_gets_no_list(office, district):
    page = office.get(reverse("office-posts") + "?as=csv").headers["Location"]
    yesterday = clock.today() - timedelta(days=1)
    Post.objects.filter(person=district.office).update(until_on=yesterday)
    run_jobs()
    assert Job.objects.get().state == "failed"
    assert "campaign office" in text_of(office.get(page))
    Account.objects.filter(person=district.office).update(is_active=False)
    assert office.get(page).status_code == 302


@pytest.mark.usefixtures("_long")
def test_a_public_list_of_any_length_is_there_at_once_for_people_without_an_account(client, district):
    cycle = cast.launched_cycle(district)
    for number in range(4):
        published_notice(district, cycle, at=cast.NOW, title=f"称号{number}")
    assert client.get(reverse("public-notices") + "?as=csv").content.count("称号".encode()) == 4
    assert not Job.objects.exists()
