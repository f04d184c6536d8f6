"""What a close that was cut off between its two databases left in the box."""

from uuid import uuid4

import pytest
from tests.cast import district as cast
from tests.cast import polls as cast_polls

from zhengyou.ballots.models import BoxSlip
from zhengyou.counting import actions as counting_actions

pytestmark = pytest.mark.django_db(databases=["default", "box"])


def test_slips_left_by_a_close_that_was_cut_off_go_even_where_the_box_is_not_ours(settings) -> None:
    settings.EMBEDDED_CLUSTERS = {}
    district = cast.small_district(members_a_village=2)
    closed = cast_polls.opened_poll(district, cast.launched_cycle(district), [district.members[:5]])
    closed = cast_polls.closed_poll(closed, district)
    other = uuid4()
    for key in (closed.key, other):
        BoxSlip.objects.create(key=key.bytes * 2, poll=key, line="pool-1/u001-1", version=1, document=b"{}")
    assert counting_actions.destroy_emptied_box() is False
    assert [slip.poll for slip in BoxSlip.objects.all()] == [other]
