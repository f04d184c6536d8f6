"""What becomes public without a deed, because a day has come or a campaign was launched, is found by everybody from then on."""

import pytest
from tests.cast import district as cast
from tests.cast.leading import carriers_of
from tests.cast.plans import later, published_plan

from zhengyou import jobs
from zhengyou.base.models import SearchEntry
from zhengyou.campaigns import actions as campaigns

pytestmark = pytest.mark.django_db


def titles():
    return sorted(SearchEntry.objects.filter(kind__in=["plan", "carrier"]).values_list("title", flat=True))


def test_a_plan_that_members_read_first_is_found_from_its_day_on():
    district = cast.small_district()
    plan = published_plan(cast.launched_cycle(district), district.villages[0])
    jobs.forget(at=later(1))
    assert titles() == []
    for _twice in range(2):
        jobs.forget(at=later(2))
        assert titles() == [plan.title]


def test_a_project_begun_before_the_launch_is_found_after_it():
    district = cast.small_district()
    cycle = cast.drafted_cycle(district)
    project, _example = carriers_of(district, cycle)
    jobs.forget(at=cast.NOW)
    assert titles() == []
    campaigns.launch_cycle(cycle=cycle, why="", at=cast.NOW, by=district.office)
    jobs.forget(at=cast.NOW)
    assert titles() == [project.name]
