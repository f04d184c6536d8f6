"""A ballot box whose server is down for a moment: pages say so in words, and go on as soon as it is there again."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import booth as cast_booth
from tests.cast import district as cast

from zhengyou.identity.models import Account
from zhengyou.polls.models import Poll

pytestmark = pytest.mark.django_db


def test_a_page_says_that_the_box_does_not_answer_and_then_goes_on(servers):
    district = cast.small_district()
    people = district.members
    poll = cast_booth.opened_now(district, cast_booth.small_cycle(district), [people])
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(Account.objects.get(person=district.office))
    page = reverse("office-poll", args=[poll.key])
    assert client.get(page).status_code == 200
    servers.stop()
    servers.starts = False
    try:
        answer = client.get(page)
        assert answer.status_code == 503
        assert "The ballot box of this appraisal does not answer at the moment." in answer.content.decode()
        assert 'lang="en"' in answer.content.decode()
    finally:
        servers.starts = True
    assert client.get(page).status_code == 200


def test_a_poll_that_can_only_be_declared_void_has_no_sheet_and_says_so_once():
    district = cast.small_district(members_a_village=4)
    poll = cast_booth.opened_now(district, cast_booth.small_cycle(district), [district.members[:6]])
    assert 'id="sheet"' in Client().get(f"/booth/{poll.key}/").content.decode()
    Poll.objects.filter(pk=poll.pk).update(only_void="restored")
    page = Client(headers={"accept-language": "en"}).get(f"/booth/{poll.key}/").content.decode()
    assert page.count("it can only be declared void and held again.") == 1
    assert 'id="sheet"' not in page
    assert "booth.js" not in page
