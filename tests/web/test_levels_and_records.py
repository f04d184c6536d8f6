"""The recording of members' promises is offered where it is taken; pages and entries name the level above that decided."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse
from tests.cast.commitments import promise_text, promises_of, published_commitment, secretary_of
from tests.cast.district import PASSWORD, launched_cycle, small_district
from tests.cast.writing import page_of

from zhengyou.base.models import PublicEntry
from zhengyou.commitments import actions as commitments
from zhengyou.commitments.models import CitizenAnswer, Promise, PromiseReview
from zhengyou.commitments.rules import Opinion
from zhengyou.identity import actions as identity
from zhengyou.identity.models import Account
from zhengyou.keeping import actions as keeping_actions
from zhengyou.organisations.models import Post
from zhengyou.remarks.models import Remark
from zhengyou.vows.models import Vow
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db


def noon(days_ago=0):
    return datetime.combine(clock.today(), time(4), tzinfo=UTC) - timedelta(days=days_ago)


@pytest.fixture
def district():
    return small_district(at=noon())


@pytest.fixture
def cycle(district):
    return launched_cycle(district, at=noon())


@pytest.fixture
def village(district):
    return district.villages[0]


@pytest.fixture
def promise(district, cycle, village):
    [row, *_rest] = promises_of(published_commitment(district, cycle, village, at=noon()))
    Promise.objects.filter(pk=row.pk).update(due_on=clock.today())
    row.refresh_from_db()
    return row


@pytest.fixture
def enter(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    def as_(person):
        if not Account.objects.filter(person=person).exists():
            identity.open_account(person=person, login=person.number, password=PASSWORD, at=noon(), by=None)
        client.force_login(Account.objects.get(person=person))
        return client

    return as_


def sent(client, name, args, **given):
    answer = client.post(reverse(name, args=args), given, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_recording_is_offered_and_opens_only_where_a_record_would_be_taken(enter, cycle, village, district):
    """Another one's record that waits, and what is published, are refused: so at once, and no list leads there."""
    member, colleague = [one for one in district.members if one.organisation == village][:2]
    secretary, people = secretary_of(village), reverse("desk-vows", args=[village.code])
    place = reverse("desk-vow-record", args=[member.pk])
    block = {"what_1": "每周给两户老人送药", "standard_1": "登记卡有签名", "due_on_1": cycle.ends_on.isoformat()}
    block |= {"serves_1": "service", "is_of_age": "on", "read_back_on": clock.today().isoformat()}
    assert place in page_of(enter(secretary), people)
    sent(enter(colleague), "desk-vow-record", [member.pk], **block)
    assert enter(colleague).get(place).context["form"], "whoever recorded it mends it"
    assert place not in page_of(enter(secretary), people)
    for address in (place, f"{place}?cycle={cycle.pk}"):
        refusal = enter(secretary).get(address).text
        assert "it waits for its review" in refusal
        assert 'name="what_1"' not in refusal
    typed = enter(secretary).post(place, block | {"what_1": "每天扫门前"}).text
    assert "每天扫门前" in typed, "what was typed while somebody was quicker stays"
    sent(enter(secretary), "desk-vow-review", [Vow.objects.get().pk], agrees="yes")
    assert place not in page_of(enter(secretary), people)
    assert "published already" in enter(colleague).get(place).text


def test_everybody_reads_which_level_decided(enter, promise, village, district, cycle):
    """The town says kept, the district not kept: both are levels above, so each is named, on the page and in its entry."""
    commitments.answer_promise(promise=promise, mark="not_kept", words="一盏都没修", arrival=None, at=noon())
    Remark.objects.update(state=Remark.State.SHOWN)
    keeping_actions.uphold_answer(
        answer=CitizenAnswer.objects.get(), reason="属实", at=noon(), by=district.town_secretary
    )
    said = {"promise": promise, "at": noon()}
    keeping_actions.decide(**said, decision="not_kept", reason="没有修", by=district.town_secretary)
    keeping_actions.decide(**said, decision="mostly", reason="修了一半", by=district.leader)
    for address in (
        reverse("public-promise", args=[village.code, promise.pk]),
        reverse("desk-keeping-decide", args=[village.code, promise.pk]),
    ):
        page = " ".join(page_of(enter(district.leader), address).split())
        assert page.count(f"decided by {district.town.name}") == 2
        assert page.count(f"decided by {district.root.name}") == 1
    entries = PublicEntry.objects.filter(what__in=("keeping.decide", "keeping.uphold_answer")).order_by("number")
    told = [
        " ".join(page_of(enter(district.leader), reverse("public-entry", args=[row.number])).split()) for row in entries
    ]
    assert [f"the level above: {district.town.name}" in one for one in told] == [True, True, False]
    assert f"the level above: {district.root.name}" in told[-1]


def test_everybody_reads_which_level_reviewed_a_promise_given_on_the_spot(enter, village, district, cycle):
    given = {"cycle": cycle, "organisation": village, "given_on": clock.today(), "at": noon()}
    text = promise_text(due_on=cycle.ends_on)
    row = commitments.publish_immediate_promise(text=text, by=secretary_of(village), **given)
    [entry] = PublicEntry.objects.filter(what="commitments.publish_promise")
    told = " ".join(page_of(enter(district.leader), reverse("public-entry", args=[entry.number])).split())
    assert "<dt>Entered by</dt> <dd>the unit itself</dd>" in told, "nobody above has seen it yet"
    commitments.look_at_promise(promise=row, opinion=Opinion(agrees=True), at=noon(), by=district.leader)
    page = reverse("public-promise", args=[village.code, row.pk])
    assert f"{district.root.name} has reviewed it and agrees." in " ".join(
        page_of(enter(district.leader), page).split()
    )
    Post.objects.filter(person=district.leader).delete()
    assert "The level above has reviewed it and agrees." in page_of(enter(secretary_of(village)), page)


def test_the_entry_of_a_promise_that_was_agreed_to_names_the_level(enter, promise, district):
    entry = PublicEntry.objects.filter(what="commitments.publish_promise").first()
    told = " ".join(page_of(enter(district.leader), reverse("public-entry", args=[entry.number])).split())
    assert f"the level above: {promise_level(promise, district)}" in told


def promise_level(promise, district):
    """The level of whoever reviewed it."""
    [review] = PromiseReview.objects.filter(promise=promise)
    return {district.leader.pk: district.root.name, district.town_secretary.pk: district.town.name}[
        review.reviewed_by_id
    ]
