"""Two of the office set up, begin and launch cycles of one campaign in the same moment, on connections of their own."""

from datetime import date
from functools import partial

import pytest
from tests.cast.at_once import at_once, refusals_of
from tests.cast.district import NOW, launched_cycle, small_district

from zhengyou.campaigns import actions
from zhengyou.campaigns.models import Cycle, Manifest

pytestmark = pytest.mark.django_db(transaction=True, databases=["default"])
YEAR = NOW.year + 1


@pytest.fixture
def district():
    return small_district(members_a_village=0)


@pytest.fixture
def campaign(district):
    return launched_cycle(district).campaign


def adding(campaign, by, name="下年度", first=date(YEAR, 1, 1), last=date(YEAR, 12, 31)):
    return partial(actions.add_cycle, campaign=campaign, name=name, starts_on=first, ends_on=last, at=NOW, by=by)


def test_the_next_cycle_is_begun_once(district, campaign):
    one, other = district.office, district.second_office
    assert refusals_of(at_once(adding(campaign, one), adding(campaign, other))) == ["cycle.exists-already"]
    later = {"first": date(YEAR + 1, 1, 1), "last": date(YEAR + 1, 12, 31)}
    both = at_once(adding(campaign, one, "第三年", **later), adding(campaign, other, "再下年度", **later))
    assert refusals_of(both) == ["cycle.overlaps-another"]
    assert Cycle.objects.filter(campaign=campaign).count() == 3


def test_days_that_one_moves_are_not_taken_by_another_in_the_same_moment(district, campaign):
    one, other = district.office, district.second_office
    draft = adding(campaign, one)()
    days = {"starts_on": date(YEAR + 1, 1, 1), "ends_on": date(YEAR + 1, 12, 31)}
    move = partial(actions.rename_cycle, cycle=draft, name=draft.name, at=NOW, by=one, **days)
    both = at_once(move, adding(campaign, other, "再下年度", days["starts_on"], days["ends_on"]))
    assert refusals_of(both) == ["cycle.overlaps-another"]


def test_one_launch_and_each_manifest_its_own_number(district, campaign):
    one, other = district.office, district.second_office
    running, following = Cycle.objects.get(), adding(campaign, one)()
    stages = [stage.id for stage in following.ruleset.stages]
    windows = dict.fromkeys(stages, (following.starts_on, following.ends_on))
    actions.set_windows(cycle=following, windows=windows, at=NOW, by=one)
    launch = partial(actions.launch_cycle, cycle=following, why="下年度启动", at=NOW)
    themes = {next(iter(actions.queries.sector_themes(running))): "为群众办好身边事"}
    correct = partial(actions.correct_themes, cycle=running, texts=themes, why="写得不清楚", at=NOW, by=other)
    both = at_once(partial(launch, by=one), partial(launch, by=other), correct)
    assert refusals_of(both) == ["cycle.launched-already"]
    assert sorted(Manifest.objects.values_list("number", flat=True)) == [1, 2, 3]
