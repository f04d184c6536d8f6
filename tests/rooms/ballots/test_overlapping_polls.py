"""Two polls of one cycle about the same organisations: the same people, or groups that differ by five at least."""

import pytest
from tests.cast import booth as cast_booth
from tests.cast import district as cast
from tests.cast import keys as cast_keys
from tests.cast import polls as cast_polls

from zhengyou.ballots import actions as ballot_actions
from zhengyou.counting import queries as counting_queries
from zhengyou.polls import actions as poll_actions
from zhengyou.polls.rules import PollRefused
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return cast.small_district(members_a_village=6)


@pytest.fixture
def cycle(district):
    return cast_booth.small_cycle(district, criteria=1)


def open_with(district, cycle, people):
    return cast_booth.opened_now(district, cycle, people)


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        ([(0, 12)], [(0, 12)], None),
        ([(0, 12)], [(0, 13)], 1),
        ([(0, 12)], [(4, 12)], 4),
        ([(0, 12)], [(5, 12)], None),
        ([(0, 12)], [(0, 17)], None),
        ([(0, 6), (6, 12)], [(0, 14)], 2),
        ([(0, 12)], [(12, 18)], None),
        ([(0, 6), (6, 14)], [(0, 7), (7, 14)], 1),
    ],
)
def test_a_poll_whose_groups_differ_by_a_few_people_does_not_open(district, cycle, first, second, refused):
    def groups(spans):
        return [district.members[left:right] for left, right in spans]

    open_with(district, cycle, groups(first))
    if refused is None:
        assert open_with(district, cycle, groups(second)).state == "opened"
    else:
        with pytest.raises(PollRefused, match=f"by only {refused} people"):
            open_with(district, cycle, groups(second))


def test_polls_about_other_organisations_or_void_ones_do_not_count(district, cycle):
    first = open_with(district, cycle, [district.members[:12]])
    later = cast_booth.HOUR
    other = poll_actions.plan_poll(
        cycle=cycle,
        name=cast_booth.NAMES,
        organisations=district.villages[2:3],
        opens_at=clock.now() - later,
        closes_at=clock.now() + later,
        at=clock.now(),
        by=district.office,
    )
    people = district.members[:13]
    poll_actions.add_pool(poll=other, name=cast_booth.NAMES, people=people, at=clock.now(), by=district.office)
    cast_keys.give_keys(other)
    cast_polls.watched(other, district, at=clock.now())
    assert ballot_actions.open_poll(poll=other, at=clock.now(), by=district.office).state == "opened"
    cast_booth.closed_now(first, district)
    assert counting_queries.turnout_of_record(first)[0]["verdict"] == "below-turnout"
    assert open_with(district, cycle, [people]).state == "opened"
