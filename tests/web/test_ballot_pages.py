"""A signed-in member's way into the booth."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.cast import boxes as cast_boxes
from tests.cast import district as cast
from tests.cast import polls as cast_polls

from zhengyou.ballots import queries
from zhengyou.base.models import JournalEntry
from zhengyou.identity import actions as identity
from zhengyou.polls.models import Poll

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll(db):
    district = cast.small_district()
    row = cast_polls.opened_poll(district, cast.launched_cycle(district), [district.members[:5]])
    now = timezone.now()
    Poll.objects.update(opens_at=now - timedelta(hours=1), closes_at=now + timedelta(hours=1))
    row.refresh_from_db()
    row.member, row.outsider = district.members[0], district.members[9]
    for person in (row.member, row.outsider):
        identity.open_account(person=person, login=person.number, password=cast.PASSWORD, at=now, by=None)
    return row


def sign_in(client, person):
    client.post(reverse("sign-in"), {"login": person.number, "password": cast.PASSWORD})


def test_the_desk_leads_into_the_booth_with_a_code_in_the_fragment_and_leaves_no_trace_of_when(client, poll):
    sign_in(client, poll.member)
    address = reverse("desk-ballot", args=[poll.key])
    assert address in client.get(reverse("desk-home")).content.decode()
    assert client.get(address).status_code == 200
    before = JournalEntry.objects.count()
    answer = client.post(address)
    target, _mark, fragment = answer.headers["Location"].partition("#")
    assert target == reverse("booth", args=[poll.key])
    manifest, code = fragment.removeprefix("m=").split("&c=")
    assert manifest == poll.fingerprint
    entry = queries.roll_entry_with_code(poll, code)
    assert entry is not None
    assert entry.person == poll.member
    assert JournalEntry.objects.count() == before


def test_once_issued_the_desk_says_so_and_gives_no_second_code(client, poll):
    sign_in(client, poll.member)
    cast_boxes.mark_as_issued(poll, poll.member)
    address = reverse("desk-ballot", args=[poll.key])
    assert client.post(address).status_code == 200
    assert address not in client.get(reverse("desk-home")).content.decode()


def test_others_have_no_such_page(client, poll):
    address = reverse("desk-ballot", args=[poll.key])
    assert client.get(address).status_code == 302
    sign_in(client, poll.outsider)
    assert client.get(address).status_code == 404
