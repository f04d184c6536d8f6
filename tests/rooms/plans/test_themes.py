"""Practice themes: who chooses one, when, and what it must say."""

from datetime import timedelta

import pytest
from tests.cast import district as cast
from tests.cast.refusing import refused

from zhengyou.base.journal import entries_about
from zhengyou.base.models import JournalEntry
from zhengyou.organisations import actions as organisations
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
        ("点亮测试路", "找张三13800138000", "answer.tells-of-somebody"),
        ("亮" * 201, "道路照明", "theme.too-long"),
        ("点亮测试路", "路" * 301, "theme.too-long"),
    ],
)
def test_a_theme_says_something_in_one_sentence(district, cycle, village, text, main_work, why):
    with refused(why):
        choose(cycle, village, district.secretaries[0], text=text, main_work=main_work)


def say(cycle, person, answer="yes"):
    actions.say_theme_known(cycle=cycle, answer=answer, at=cast.NOW, by=person)


def test_whether_the_theme_is_known_is_counted_once_by_full_tens_and_never_by_whom(cycle, district, village):
    members = list(cast_people(village, 12))
    assert queries.theme_to_ask_of(members[0], [cycle], cast.NOW.date()) is None
    with refused("theme.none-chosen"):
        say(cycle, members[0])
    choose(cycle, village, district.secretaries[0])
    assert queries.theme_to_ask_of(members[0], [cycle], cast.NOW.date()).text == "点亮测试路"
    assert queries.theme_to_ask_of(district.secretaries[0], [cycle], cast.NOW.date()) is None
    with refused("theme.unknown-answer"):
        say(cycle, members[0], "maybe")
    for person in members[:9]:
        say(cycle, person)
    assert queries.known_band(cycle, village) == ""
    with refused("theme.asked-already"):
        say(cycle, members[0])
    say(cycle, members[9], "no")
    assert queries.known_band(cycle, village) == "nearly_all"  # nine of ten
    say(cycle, members[10], "no")
    say(cycle, members[11], "")  # is not asked again, and counts nowhere
    assert queries.theme_to_ask_of(members[11], [cycle], cast.NOW.date()) is None
    assert queries.known_band(cycle, village) == "nearly_all"  # the eleventh shows only with the twentieth
    assert queries.known_bands(cycle) == {"nearly_all": 1}
    people = [person.reference for person in members]
    assert not [entry for entry in JournalEntry.objects.filter(deed__startswith="plans.") if entry.by in people]


def cast_people(unit, count):
    """Members of a unit beside those of the cast."""
    for n in range(count):
        given = {"number": f"T{n:03d}", "name": f"党员{n}", "organisation": unit, "at": cast.NOW, "by": None}
        yield organisations.add_person(**given)
