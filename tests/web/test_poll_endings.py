"""How polls end on the pages: extended, void, held again; what the public, the booth and the record say of it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localtime
from tests.cast import booth as cast_booth
from tests.cast import boxes as cast_boxes
from tests.cast import district as cast
from tests.cast import polls as cast_polls
from tests.cast.jobs import run_jobs

from zhengyou.identity.models import Account
from zhengyou.polls.models import Poll
from zhengyou.standings.models import Result
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
REASON = "停电两小时 <b>"


@pytest.fixture
def district():
    return cast.small_district(members_a_village=4)


@pytest.fixture
def opened(district):
    return cast_booth.opened_now(district, cast_booth.small_cycle(district), [district.members[:6]])


def signed_in(person):
    client = Client(**ENGLISH)
    client.force_login(Account.objects.get(person=person))
    return client


def deed(person, poll, name, **given):
    """Press, let a worker do what is left to it, and look."""
    client = signed_in(person)
    answer = client.post(f"/office/polls/{poll.key}/{name}/", given)
    run_jobs()
    return (client.get(answer.headers["Location"]) if answer.status_code == 302 else answer).content.decode()


def read(name, poll=None):
    return Client(**ENGLISH).get(reverse(name, args=[poll.key] if poll else []))


def test_an_extension_is_later_has_a_reason_and_is_shown_to_everybody(district, opened):
    later = localtime(opened.closes_at + timedelta(days=2))
    for given, sentence in [
        ({"closes_at": later.strftime("%Y-%m-%dT%H:%M"), "reason": " "}, "Please fill this in."),
        ({"closes_at": later.strftime("%Y-%m-%dT%H:%M"), "reason": "雪" * 501}, "at most 500 characters"),
        ({"closes_at": localtime(clock.now()).strftime("%Y-%m-%dT%H:%M"), "reason": "x"}, "can only be extended"),
        ({"closes_at": later.replace(year=later.year + 3).strftime("%Y-%m-%dT%H:%M"), "reason": "x"}, "a year at most"),
    ]:
        assert sentence in deed(district.office, opened, "extend", **given)
    said = f"until {later:%-d %B %Y, %-H:%M}:"
    assert said in deed(district.office, opened, "extend", closes_at=later.strftime("%Y-%m-%dT%H:%M"), reason=REASON)
    for page in (read("booth", opened), read("public-polls")):
        assert said in page.content.decode()
        assert "停电两小时 &lt;b&gt;" in page.content.decode()
    frozen = Poll.objects.get()
    assert frozen.manifest == opened.manifest
    assert f'data-closes-at="{localtime(frozen.closes_at).isoformat()}"' in read("booth", opened).content.decode()


def test_a_void_poll_says_so_everywhere_and_its_booth_takes_nothing(district, opened):
    code = cast_booth.codes_for(opened, district.members[:1])[0]
    cast_booth.vote(opened, "pool-1", code, lambda place: "good")
    assert "asks to void this appraisal" in deed(district.office, opened, "ask-void", reason=REASON)
    assert "A second person in the campaign office must confirm" in deed(district.office, opened, "void")
    assert len(cast_boxes.slips_in(opened)) == 1
    assert "The appraisal is void." in deed(district.second_office, opened, "void")
    assert cast_boxes.slips_in(opened) == []
    booth = read("booth", opened).content.decode()
    assert "was declared void" in booth
    assert "停电两小时 &lt;b&gt;" in booth
    assert "<form id=" not in booth
    record = read("public-record", opened)
    assert (record.status_code, "There is no record" in record.content.decode()) == (404, True)
    assert "was declared void" in read("public-polls").content.decode()
    assert read("public-record-zip", opened).status_code == 404
    answer = Client().post(
        reverse("booth-keys", args=[opened.key]), cast_booth.keys_body(opened, code), content_type="application/json"
    )
    assert (answer.status_code, answer.json()["reason"]) == (409, "closed")


def test_what_was_asked_can_be_dropped_and_the_poll_goes_on(district, opened):
    deed(district.office, opened, "ask-void", reason=REASON)
    assert "already asked to void" in deed(district.second_office, opened, "ask-void", reason=REASON)
    assert "The appraisal goes on." in deed(district.second_office, opened, "drop-void")
    assert "Nobody asks to void" in deed(district.second_office, opened, "drop-void")
    assert "Ask first." in deed(district.second_office, opened, "void")
    row = Poll.objects.get()
    assert (row.state, row.void_reason) == ("opened", "")


def test_a_void_poll_is_held_again_once_and_the_old_booth_leads_to_the_new_one(district, opened):
    assert "This appraisal is not over." in deed(district.office, opened, "repeat")
    deed(district.office, opened, "ask-void", reason=REASON)
    deed(district.second_office, opened, "void")
    assert "Hold it again" in signed_in(district.office).get(f"/office/polls/{opened.key}/").content.decode()
    assert "The appraisal is drafted anew." in deed(district.office, opened, "repeat")
    deed(district.second_office, opened, "repeat")
    again = Poll.objects.get(repeats=opened)
    assert "It is being held again" not in read("booth", opened).content.decode()
    cast_polls.watched(again, district, at=clock.now())  # new keys of the scrutineers, as of everything
    for name in ("keys", "open"):
        deed(district.office, again, name)
    assert reverse("booth", args=[again.key]) in read("booth", opened).content.decode()
    assert reverse("booth", args=[again.key]) in read("public-polls").content.decode()


def test_before_the_close_the_record_is_not_there_and_says_when_it_will_be(opened):
    page = read("public-record", opened)
    assert page.status_code == 404
    assert "Its record is published once two people have closed it." in page.content.decode()


def test_a_result_is_computed_again_only_with_a_reason_which_is_published_if_the_figures_differ(district, opened):
    for code in cast_booth.codes_for(opened, district.members[:6]):
        cast_booth.vote(opened, "pool-1", code, lambda place: "good")
    assert "still open" in deed(district.office, opened, "compute")
    closed = cast_booth.closed_now(opened, district)
    assert (
        "Compute the result again"
        not in signed_in(district.office).get(f"/office/polls/{closed.key}/").content.decode()
    )
    page = deed(district.office, closed, "compute")
    assert "The result is computed." in page
    assert "Compute the result again" in page
    assert "Say why the result is computed again" in deed(district.office, closed, "compute", reason=" ")
    assert "result number 1 stays" in deed(district.office, closed, "compute", reason=REASON)
    assert Result.objects.count() == 1
    first = Result.objects.get()
    Result.objects.filter(pk=first.pk).update(
        stored_document=first.stored_document | {"record": "another"}, fingerprint="0" * 64
    )
    assert "Result number 2 is computed." in deed(district.second_office, closed, "compute", reason=REASON)
    shown = read("public-results", closed).content.decode()
    assert "Why it was computed again: 停电两小时 &lt;b&gt;" in shown
    concerned = deed(district.secretaries[0], closed, "compute", reason=REASON)
    assert "Result number 3" not in concerned
    assert Result.objects.count() == 2
