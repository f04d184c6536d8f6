"""A cycle chooses among its pack's rooms and stages; what is not chosen leaves no trace."""

from datetime import date

import pytest
from django.urls import reverse
from tests.cast import district as cast
from tests.cast.refusing import refused

from zhengyou.campaigns import actions, queries
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.ruleset import ROOMS, Purpose
from zhengyou.identity.models import Account
from zhengyou.keeping import queries as keeping
from zhengyou.organisations.readers import Reader

pytestmark = pytest.mark.django_db
APPRAISAL = {"rooms": ["polls", "paper"], "stages": ["appraise"]}


@pytest.fixture
def district():
    return cast.small_district()


@pytest.fixture
def cycle(district):
    return cast.drafted_cycle(district)


def choose(cycle, district, **choice):
    return actions.choose_parts(cycle=cycle, at=cast.NOW, by=district.office, **(APPRAISAL | choice))


def launched(cycle, district):
    actions.launch_cycle(cycle=cycle, why="测试", at=cast.NOW, by=district.office)
    cycle.refresh_from_db()
    return cycle


@pytest.mark.parametrize(
    ("slug", "choice"),
    [
        ("stage.none-chosen", {"stages": []}),
        ("stage.without-room", {"stages": ["appraise", "fulfil"]}),
        ("room.without-stage", {"rooms": ["polls", "commitments"]}),
        ("room.needs-another", {"rooms": ["plans", "paper"], "stages": ["promise"]}),
    ],
)
def test_a_choice_that_contradicts_itself_is_refused_and_changes_nothing(district, cycle, slug, choice):
    with refused(slug):
        choose(cycle, district, **choice)
    cycle.refresh_from_db()
    assert cycle.ruleset.rooms == ROOMS
    assert len(Calendar.of(cycle).in_order()) == 4


def test_what_is_chosen_keeps_its_dates_and_a_launch_needs_no_more(district, cycle):
    opens_on = Calendar.of(cycle).window(Purpose.APPRAISE).opens_on
    row = launched(choose(cycle, district), district)
    calendar = Calendar.of(row)
    assert [stage.id for stage, _window in calendar.in_order()] == ["appraise"]
    assert calendar.window(Purpose.APPRAISE).opens_on == opens_on
    with refused("stage.not-chosen"):
        calendar.check_open(Purpose.PROMISE, date(2026, 6, 1))


def test_a_choice_can_be_taken_back_until_the_launch_and_then_no_more(district, cycle):
    choose(cycle, district)
    again = choose(cycle, district, rooms=ROOMS, stages=["promise", "fulfil", "appraise", "recognise"])
    assert again.ruleset.rooms == ROOMS
    with refused("stage.without-dates"):
        actions.launch_cycle(cycle=again, why="测试", at=cast.NOW, by=district.office)
    row = launched(choose(cycle, district), district)
    with refused("cycle.frozen"):
        choose(row, district)


def test_what_is_not_chosen_leaves_no_menu_no_due_line_and_no_card(client, district, cycle):
    launched(choose(cycle, district), district)
    home = client.get(reverse("public-home"), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert reverse("public-polls") in home
    for name in ("public-notices", "public-honours"):
        assert reverse(name) not in home
    assert "Sectors and their themes" not in home
    secretary = district.secretaries[0]
    client.force_login(Account.objects.get(person=secretary))
    desk = client.get(reverse("desk-home"), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert reverse("desk-promises") not in desk
    assert keeping.due_for(Reader.of(secretary, cast.NOW.date(), "en")) == []


def test_the_menu_follows_the_cycles_under_way_then_the_last_of_the_widest_campaign_and_first_everything(
    district, cycle
):
    assert queries.rooms_in_use() == set(ROOMS)
    small = launched(choose(cycle, district), district)
    assert queries.rooms_in_use() == {"polls", "paper"}
    other = cast.campaign_beneath(district)
    assert queries.rooms_in_use() == set(ROOMS)
    for row in (other, small):
        cast.closed_cycle(district, row, at=cast.NOW)
    assert queries.rooms_in_use() == {"polls", "paper"}
