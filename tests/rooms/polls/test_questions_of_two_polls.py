"""Two polls that ask the same by hand, of people who differ by one: what both publish would be that person's order."""

import pytest
from tests.cast import district as cast
from tests.cast.questions import opened_questions, ranking
from tests.cast.refusing import refused

pytestmark = pytest.mark.django_db


def test_polls_with_options_typed_by_hand_are_held_apart_like_all_others():
    district = cast.small_district(members_a_village=4)
    cycle = cast.launched_cycle(district)
    opened_questions(district, cycle, [ranking("甲", "乙", "丙", "丁")], [district.members[:9]])
    for asked in (ranking("甲", "乙", "丙", "丁"), ranking("甲单位", "乙单位", "丙单位")):
        with refused("poll.groups-too-alike"):
            opened_questions(district, cycle, [asked], [district.members[:10]])
