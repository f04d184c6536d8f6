"""Practice themes: who chooses one, when, and what it must say."""

from datetime import timedelta

import pytest
from tests.cast import district as cast
from tests.cast.refusing import refused

from zhengyou.base.journal import entries_about
from zhengyou.plans import actions, queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return cast.small_district()


@pytest.fixture
def village(district):
    return district.villages[0]


@pytest.fixture
def cycle(district):
    return cast.launched_cycle(district)


def choose(cycle, village, by, text="点亮测试路", main_work="道路照明", at=cast.NOW):
    return actions.choose_practice_theme(
        cycle=cycle, organisation=village, text=text, main_work=main_work, at=at, by=by
    )


def test_a_secretary_chooses_a_theme_and_may_change_it(district, cycle, village):
    choose(cycle, village, district.secretaries[0])
    choose(cycle, village, district.secretaries[0], text=" 修好测试路 ")
    theme = queries.practice_theme(cycle, village)
    assert (theme.text, theme.main_work, theme.chosen_by) == ("修好测试路", "道路照明", district.secretaries[0])
    assert queries.practice_themes(cycle) == {village.pk: "修好测试路"}
    deeds = [entry for entry in entries_about(village.reference) if entry.deed == "plans.choose_practice_theme"]
    assert [entry.payload["text"] for entry in deeds] == ["点亮测试路", "修好测试路"]


def test_only_the_secretary_chooses(district, cycle, village):
    with refused("role.not-secretary"):
        choose(cycle, village, district.secretaries[1])
    assert queries.practice_theme(cycle, village) is None


def test_a_theme_is_chosen_while_the_stage_of_promises_is_open(district, cycle, village):
    with refused("stage.closed"):
        choose(cycle, village, district.secretaries[0], at=cast.NOW + timedelta(days=330))


@pytest.mark.parametrize(
    ("text", "main_work", "why"),
    [
        (" ", "道路照明", "theme.incomplete"),
        ("点亮测试路", "", "theme.incomplete"),
        ("亮" * 201, "道路照明", "theme.too-long"),
        ("点亮测试路", "路" * 301, "theme.too-long"),
    ],
)
def test_a_theme_says_something_in_one_sentence(district, cycle, village, text, main_work, why):
    with refused(why):
        choose(cycle, village, district.secretaries[0], text=text, main_work=main_work)
