"""What the demo prints for members when it starts again: codes of the poll in which one can vote, whatever was planned since."""

import pytest
from tests.cast import booth as cast_booth
from tests.cast import district as cast

from zhengyou.management.commands import demo

pytestmark = pytest.mark.django_db


def test_codes_are_of_the_open_poll_even_if_a_newer_one_is_being_drafted():
    district = cast.small_district()
    cycle = cast_booth.small_cycle(district)
    assert "is over" in demo._member_lines("http://x", district.office)[0]
    opened = cast_booth.opened_now(district, cycle, [district.members[:6]])
    cast_booth.drafted_now(district, cycle, [district.members[:6]])
    lines = demo._member_lines("http://x", district.office)
    assert [line.strip().startswith(f"http://x/booth/{opened.key}/#m=") for line in lines[1:]] == [True] * 3
