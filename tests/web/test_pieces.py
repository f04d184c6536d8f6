"""The shared pieces of pages: what a button's refusal becomes, how files are named, which row a page is about."""

import pytest
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from tests.cast.awards import published_notice
from tests.cast.district import launched_cycle, small_district

from zhengyou.awards.models import Candidate
from zhengyou.identity.models import Account
from zhengyou.web.shared import doors
from zhengyou.web.shared.downloads import download


@pytest.mark.django_db
def test_the_refusal_of_a_button_is_said_on_the_page_with_the_button(client):
    district = small_district()
    published_notice(district, launched_cycle(district))
    client.force_login(Account.objects.get(person=district.office))
    candidate = Candidate.objects.order_by("pk")[0]
    page = reverse("office-selection", args=[candidate.selection_id])
    answer = client.post(reverse("office-candidate-remove", args=[candidate.selection_id, candidate.pk]), follow=True)
    assert answer.redirect_chain == [(page, 302)]
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert Candidate.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "kind", "disposition"),
    [
        ("a.csv", "text/csv; charset=utf-8", 'attachment; filename="a.csv"'),
        ("名册.json", "application/json", "attachment; filename*=utf-8''%E5%90%8D%E5%86%8C.json"),
        ('a"b.zip', "application/zip", 'attachment; filename="a\\"b.zip"'),
    ],
)
def test_a_file_carries_its_name_whatever_it_is_written_in(name, kind, disposition):
    answer = download(b"", name)
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (kind, disposition)


def test_a_file_of_an_unknown_kind_is_not_made():
    with pytest.raises(KeyError):
        download(b"", "a.exe")


def test_a_page_gets_the_row_for_its_part_of_the_address_and_is_not_called_without_one():
    page = doors.fetched("key", {"known": "the row"}.get)(lambda request, row, slug: HttpResponse(f"{row} {slug}"))
    request = RequestFactory().get("/")
    assert page(request, key="known", slug="a").content == b"the row a"
    with pytest.raises(Http404):
        page(request, key="unknown", slug="a")
