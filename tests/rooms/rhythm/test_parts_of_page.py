"""Of what parts of a unit's page there may be anything: never no where there is something."""

import pytest
from tests.cast import district as cast
from tests.cast.awards import published_notice
from tests.rooms.carriers.test_carriers import begun, written

from zhengyou.carriers import queries as carriers
from zhengyou.notices import queries as notices
from zhengyou.rhythm.queries import parts_of_page

pytestmark = pytest.mark.django_db


def test_notices_and_carriers_are_asked_for_where_there_are_some_and_nowhere_else():
    district = cast.small_district()
    cycle = cast.launched_cycle(district)
    everywhere = [*district.everywhere, district.town]
    assert not any(parts_of_page(unit)["notices"] or parts_of_page(unit)["carriers"] for unit in everywhere)
    published_notice(district, cycle)
    written(district, cycle, begun(district, cycle), [district.town], below=True)
    one = begun(district, cycle, name="一村一品")
    written(district, cycle, one, [district.villages[-1]])
    told = {unit.name: parts_of_page(unit) for unit in everywhere}
    named = {unit.name: bool(notices.notices_naming(unit, cast.NOW)) for unit in everywhere}
    reached = {unit.name: bool(carriers.taking_part(unit, [cycle])) for unit in everywhere}
    assert {name: has["notices"] for name, has in told.items()} == named
    assert {name: has["carriers"] for name, has in told.items()} == reached
    assert set(named.values()) == set(reached.values()) == {True, False}
