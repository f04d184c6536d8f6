"""What a close or an opening that was cut off leaves, and that whoever looks after the boxes finishes it. Real kills: tests/house."""

from uuid import uuid4

import pytest
from django.db import transaction
from tests.cast import boxes as cast_boxes
from tests.cast import district as cast
from tests.cast import polls as cast_polls

from zhengyou.ballots import actions as ballot_actions
from zhengyou.boxes import actions as box_actions
from zhengyou.boxes import queries as box_queries
from zhengyou.boxes.models import Watermark
from zhengyou.polls import actions as poll_actions
from zhengyou.polls.models import Poll

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
