"""What a close or an opening that was cut off leaves, and that whoever looks after the boxes finishes it. Real kills: tests/house."""

import hashlib
import shutil
from uuid import uuid4

import pytest
from django.db import transaction
from tests.cast import booth as cast_booth
from tests.cast import boxes as cast_boxes
from tests.cast import district as cast
from tests.cast import polls as cast_polls
from tests.cast.refusing import refused

from zhengyou.ballots import actions as ballot_actions
from zhengyou.ballots.models import LineKey, PlatformKey
from zhengyou.boxes import actions as box_actions
from zhengyou.boxes import queries as box_queries
from zhengyou.boxes.models import Watermark
from zhengyou.burden.models import Ask
from zhengyou.counting import actions as counting_actions
from zhengyou.counting import queries as counting_queries
from zhengyou.counting.actions import Judge
from zhengyou.polls import actions as poll_actions
from zhengyou.polls.models import Poll
from zhengyou.standings.actions import JUDGE
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db
ELSEWHERE = Watermark("7", 1, 1)


@pytest.fixture
def district():
    return cast.small_district(members_a_village=2)


@pytest.fixture
def opened(district):
    return cast_polls.opened_poll(district, cast.launched_cycle(district), [district.members[:5]])


def test_a_box_that_a_cut_off_close_left_goes_at_the_next_look(opened) -> None:
    Poll.objects.update(state=Poll.State.CLOSED)  # the house's commit was the last that the close did
    assert box_queries.has_box(opened.key)
    poll_actions.destroy_boxes_left()
    assert not box_queries.has_box(opened.key)
    assert Poll.objects.get().is_box_destroyed
    poll_actions.destroy_boxes_left()


def test_the_box_of_an_opening_that_was_undone_is_swept_and_open_ones_are_not(opened, district) -> None:
    house = box_queries.watermark_of_house()
    early, late = uuid4(), uuid4()
    box_actions.make_box(poll=early, entries=[(1, 1)], house=house)
    box_actions.make_box(poll=late, entries=[], house=house)
    with box_queries.at_desk(late) as desk:
        desk.execute("DELETE FROM watermark")  # cut off before anything was written there
    assert poll_actions.sweep_boxes() == []
    assert box_queries.polls_with_box() == [opened.key]
    planned = cast_polls.planned_poll(district, opened.cycle, [district.members[:5]])
    with transaction.atomic():
        cast_polls.give_keys(planned)
        ballot_actions.open_poll(poll=planned, at=cast.NOW, by=district.office)
        transaction.set_rollback(True)
    assert set(box_queries.polls_with_box()) == {opened.key, planned.key}
    poll_actions.sweep_boxes()
    assert box_queries.polls_with_box() == [opened.key]


def test_the_box_of_a_poll_that_another_house_knows_is_told_of_and_left_alone(opened) -> None:
    stranger = uuid4()
    box_actions.make_box(poll=stranger, entries=[], house=ELSEWHERE)
    assert poll_actions.sweep_boxes() == [stranger]
    assert set(box_queries.polls_with_box()) == {opened.key, stranger}
    assert cast_boxes.slips_in(opened) == []


def cast_and_over(district, people: int) -> Poll:
    """A poll in which so many voted, and whose time is over; one person asked to close it."""
    opened = cast_booth.opened_now(district, cast_booth.small_cycle(district), [district.members[:6]])
    for code in cast_booth.codes_for(opened, district.members[:people]):
        cast_booth.vote(opened, "pool-1", code, lambda _line: "good")
    counting_actions.ask_to_close(poll=opened, at=after(opened), by=district.office)
    return opened


def after(poll: Poll):
    return poll.closes_at + cast_booth.HOUR


def cut_off_at_its_end(poll: Poll, district) -> bytes:
    """A close that wrote and signed its record and was cut off before the house's commit; the record's head."""

    class CutOff(Exception):
        pass

    def cut_off(**_given: object) -> None:
        raise CutOff

    with pytest.raises(CutOff):
        close(poll, district, Judge(JUDGE.ask_gate, cut_off))
    return (counting_queries.record_folder(poll) / "record.json").read_bytes()


def close(poll: Poll, district, judge: Judge = JUDGE, *, later: int = 0) -> Poll:
    at = after(poll) + later * cast_booth.HOUR
    return counting_actions.close_poll(poll=poll, at=at, by=district.second_office, judge=judge)


def test_a_close_done_again_adopts_the_record_that_was_signed(district) -> None:
    poll = cast_and_over(district, 6)
    signed = cut_off_at_its_end(poll, district)
    closed = close(poll, district, later=1)
    assert (counting_queries.record_folder(poll) / "record.json").read_bytes() == signed
    assert closed.record_fingerprint == hashlib.sha256(signed).hexdigest()
    assert counting_queries.handover_file(poll).exists()
    assert [path.name for path in counting_queries.record_folder(poll).parent.glob(".*")] == []


def test_a_signed_record_of_other_ballots_is_not_written_over(district) -> None:
    poll = cast_and_over(district, 6)
    signed = cut_off_at_its_end(poll, district)
    with box_queries.at_box(poll.key) as box:
        box.execute("DELETE FROM slip")  # as after a restore that brought back an older box
    with refused("poll.record-stands"):
        close(poll, district)
    assert (counting_queries.record_folder(poll) / "record.json").read_bytes() == signed
    assert box_queries.has_box(poll.key)


def test_a_signed_record_whose_files_were_changed_is_not_written_over(district) -> None:
    poll = cast_and_over(district, 6)
    cut_off_at_its_end(poll, district)
    counts = counting_queries.record_path(poll, "counts.json")
    counts.write_bytes(counts.read_bytes() + b" ")
    with refused("poll.record-stands"):
        close(poll, district)


def test_a_record_whose_signature_is_false_is_nobodys_and_is_made_anew(district) -> None:
    poll = cast_and_over(district, 6)
    signed = cut_off_at_its_end(poll, district)
    counting_queries.record_path(poll, "record.sig").write_text("A" * 86)
    closed = close(poll, district, later=1)
    assert closed.record_fingerprint != hashlib.sha256(signed).hexdigest()


def test_the_record_of_another_life_of_the_poll_is_put_aside_whole(district) -> None:
    poll = cast_and_over(district, 6)
    folder = counting_queries.record_folder(poll)
    other = cast_and_over_elsewhere(district)
    shutil.copytree(counting_queries.record_folder(other), folder)
    signed = (folder / "record.json").read_bytes()
    closed = close(poll, district)
    kept = folder.with_name(f"record-{hashlib.sha256(signed).hexdigest()}")
    assert counting_queries.signed_record(kept).broken == ()
    assert closed.record_fingerprint == counting_queries.signed_record(folder).fingerprint


def cast_and_over_elsewhere(district) -> Poll:
    """Another closed poll of the same people."""
    cycle = Poll.objects.get().cycle
    poll = cast_booth.drafted_now(district, cycle, [district.members[:6]])
    cast_polls.give_keys(poll)
    opened = ballot_actions.open_poll(poll=poll, at=clock.now(), by=district.office)
    counting_actions.ask_to_close(poll=opened, at=after(opened), by=district.office)
    return close(opened, district)


def test_a_poll_does_not_open_onto_a_box_in_which_ballots_lie(district) -> None:
    poll = cast_and_over(district, 2)
    Poll.objects.update(state=Poll.State.DRAFTED, close_asked_by=None)  # as a restore to a time before it was opened
    for model in (PlatformKey, Ask):
        model.objects.all().delete()
    poll.refresh_from_db()
    with refused("box.in-use"):
        ballot_actions.open_poll(poll=poll, at=clock.now(), by=district.office)
    assert poll_actions.sweep_boxes() == [poll.key], "told of and left alone"
    assert len(cast_boxes.slips_in(poll)) > 0


def test_after_a_restore_open_polls_can_only_be_voided_and_drafted_ones_need_new_keys(opened, district) -> None:
    drafted = cast_polls.planned_poll(district, opened.cycle, [district.members[:5]])
    cast_polls.give_keys(drafted)
    assert [poll.key for poll in counting_actions.stop_after_restore(at=clock.now())] == [opened.key]
    assert not LineKey.objects.filter(pool__poll=drafted).exists()
    assert LineKey.objects.filter(pool__poll=opened).exists(), "they go when it is declared void"
    assert Poll.objects.get(pk=opened.pk).only_void == Poll.OnlyVoid.RESTORED
    assert counting_actions.stop_after_restore(at=clock.now()) == []
