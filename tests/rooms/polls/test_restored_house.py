"""A house that is not the one its open polls have seen: nobody can tell any more who has voted, so they can only be declared void."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests.cast import booth as cast_booth
from tests.cast import boxes as cast_boxes
from tests.cast import district as cast
from tests.cast import polls as cast_polls
from tests.cast.refusing import refused

from zhengyou.ballots import actions as ballot_actions
from zhengyou.base.models import JournalEntry
from zhengyou.boxes import actions as box_actions
from zhengyou.boxes import queries as box_queries
from zhengyou.counting import actions as counting_actions
from zhengyou.counting import queries as counting_queries
from zhengyou.polls import actions as poll_actions
from zhengyou.polls.models import Poll, RollMark
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return cast.small_district(members_a_village=3)


@pytest.fixture
def opened(district) -> Poll:
    return cast_booth.opened_now(district, cast_booth.small_cycle(district), [district.members[:10]])


def voided(poll: Poll, district) -> Poll:
    counting_actions.ask_to_void(poll=poll, reason="从备份恢复", at=clock.now(), by=district.office)
    return counting_actions.void_poll(poll=poll, at=clock.now(), by=district.second_office)


def test_a_house_that_went_on_is_the_same_and_is_remembered_as_it_is(opened) -> None:
    before = box_queries.watermark(opened.key)
    JournalEntry.objects.filter(pk=0).delete()
    assert poll_actions.watch_house(at=clock.now()) == []
    after = box_queries.watermark(opened.key)
    assert (after.system, after.timeline) == (before.system, before.timeline)
    assert after.position >= before.position > 0


@pytest.mark.parametrize(
    "seen", [{"system": "1"}, {"timeline": 99}, {"position": 2**62}], ids=lambda seen: next(iter(seen))
)
def test_another_house_another_timeline_and_one_further_back_end_the_poll(opened, district, seen) -> None:
    [code, other] = cast_booth.codes_for(opened, district.members[:2])
    cast_booth.vote(opened, "pool-1", code, lambda _line: "good")
    box_actions.keep_watermark(poll=opened.key, house=replace(box_queries.watermark_of_house(), **seen))
    assert [poll.key for poll in poll_actions.watch_house(at=clock.now())] == [opened.key]
    assert poll_actions.watch_house(at=clock.now()) == [], "told once"
    poll = Poll.objects.get()
    after = poll.closes_at + cast_booth.HOUR
    for deed in (
        lambda: cast_booth.vote(poll, "pool-1", other, lambda _line: "good"),
        lambda: cast_booth.codes_for(poll, district.members[:1]),
        lambda: ballot_actions.draw_own_code(poll=poll, person=district.members[3], at=clock.now()),
        lambda: counting_actions.ask_to_close(poll=poll, at=after, by=district.office),
    ):
        with refused("poll.only-void") as caught:
            deed()
        assert "restored from a backup" in str(caught.value)
    with refused("closed"):  # a request that was on its way
        cast_booth.vote(opened, "pool-1", other, lambda _line: "good")
    assert len(cast_boxes.slips_in(poll)) == 1, "what was cast before stays where nobody counts it"
    for language, sentence in (
        ("en", "can only be declared void and held again"),
        ("zh-hans", "只能宣布作废并重新测评"),
    ):
        with translation.override(language):
            page = Client().get(reverse("booth", args=[poll.key]), headers={"accept-language": language})
        assert sentence in page.content.decode()
    assert voided(poll, district).is_box_destroyed
    assert RollMark.objects.filter(is_issued=True).count() == 1


def test_a_poll_without_its_box_can_be_declared_void_and_tells_no_turnout(opened, district) -> None:
    box_actions.destroy_box(poll=opened.key)
    [poll] = poll_actions.watch_house(at=clock.now())
    assert poll.only_void == Poll.OnlyVoid.NO_BOX
    assert "ballot box of this appraisal is lost" in Client().get(reverse("booth", args=[poll.key])).content.decode()
    with refused("poll.only-void"):
        counting_actions.ask_to_close(poll=poll, at=cast_polls.AFTER, by=district.office)
    ended = voided(poll, district)
    assert [pool["issued"] for pool in counting_queries.turnout_of_void(ended)] == [None]


def test_no_more_polls_are_open_at_once_than_a_machine_bears(opened, district, monkeypatch) -> None:
    monkeypatch.setattr("zhengyou.ballots.rules.MOST_OPEN_POLLS", 1)
    drafted = cast_booth.drafted_now(district, opened.cycle, [district.members[:10]])
    cast_polls.give_keys(drafted)
    with refused("poll.too-many-open"):
        ballot_actions.open_poll(poll=drafted, at=clock.now(), by=district.office)
    assert box_queries.polls_with_box() == [opened.key]
