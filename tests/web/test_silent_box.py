"""A ballot box whose server is down for a moment: pages say so in words, and go on as soon as it is there again."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import booth as cast_booth
from tests.cast import district as cast

from zhengyou.identity.models import Account

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
