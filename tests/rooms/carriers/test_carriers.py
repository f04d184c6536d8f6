"""Carriers last, their content is of a cycle; whom they reach; units shown as examples. Refusals by their slugs."""

from datetime import date, timedelta

import pytest
from tests.cast import district as cast
from tests.cast.refusing import refused

from zhengyou.base import searching
from zhengyou.base.models import PublicEntry
from zhengyou.carriers import actions, queries
from zhengyou.organisations.models import Person

pytestmark = pytest.mark.django_db
TODAY = cast.NOW.date()


@pytest.fixture
def district():
    return cast.small_district()


@pytest.fixture
def cycle(district):
    return cast.launched_cycle(district)


def begun(district, cycle, name="三级联创", since_on=TODAY, grew_from=None, kind="linked-levels", by=None):
    given = {"cycle": cycle, "organisation": district.root, "kind": kind, "name": name, "since_on": since_on}
    return actions.begin_carrier(**given, grew_from=grew_from, at=cast.NOW, by=by or district.office)


def written(district, cycle, carrier, units, *, below=False, kinds=(), content="每月一次联合走访"):
    return actions.write_year(
        carrier=carrier,
        cycle=cycle,
        content=content,
        what_is_new="",
        units=units,
        with_all_below=below,
        post_kinds=kinds,
        at=cast.NOW,
        by=district.office,
    )


def test_a_carrier_goes_on_from_cycle_to_cycle_without_being_typed_anew(district, cycle):
    first, second, *_rest = district.villages
    carrier = begun(district, cycle)
    written(district, cycle, carrier, [first, second])
    assert [one.carrier for one in queries.taking_part(first, [cycle])] == [carrier]
    assert searching.search("三级联创", ["carrier"]).groups[0].count == 1
    cast.closed_cycle(district, cycle)
    following = cast.drafted_cycle(district, name="下一轮")
    acting = {"at": cast.NOW, "by": district.office}
    assert actions.carry_on(cycle=following, **acting) == 1
    assert actions.carry_on(cycle=following, **acting) == 0
    year = queries.year_in(carrier, following)
    assert (year.content, year.what_is_new) == ("每月一次联合走访", "")
    assert [one.organisation for one in queries.units_in(year)] == [first, second]
    child = begun(district, following, "服务型支部", TODAY + timedelta(days=1), carrier, "serving-organisation")
    assert child.grew_from == carrier
    actions.end_carrier(carrier=carrier, on=TODAY, reason="并入服务型支部", **acting)
    with refused("carrier.ended"):
        written(district, following, carrier, [first])
    assert {row.what for row in PublicEntry.objects.filter(what__startswith="carriers.")} == {
        "carriers.begin_carrier",
        "carriers.write_year",
        "carriers.end_carrier",
    }


def test_the_coverage_names_units_and_kinds_of_post_that_no_carrier_reaches(district, cycle):
    first, second, third, fourth = district.villages
    Person.objects.filter(organisation=first).update(post_kind="village-community")
    Person.objects.filter(organisation=second).update(post_kind="leading")
    carrier = begun(district, cycle)
    written(district, cycle, carrier, [first], kinds=["village-community"])
    reach = queries.reach_of(cycle)
    assert set(reach.unreached) == {district.town.pk, second.pk, third.pk, fourth.pk}
    assert {one.kind: (one.people, one.reached) for one in reach.post_kinds} == {
        "village-community": (4, 4),
        "leading": (4, 0),
    }
    written(district, cycle, carrier, [district.town], below=True)
    reach = queries.reach_of(cycle)
    assert reach.unreached == []
    assert all(one.people == one.reached for one in reach.post_kinds)
    assert [one.carrier for one in queries.taking_part(fourth, [cycle])] == [carrier]


def test_what_a_carrier_cannot_be(district, cycle):
    carrier = begun(district, cycle)
    with refused("carrier.name-taken"):
        begun(district, cycle)
    with refused("carrier.unknown-kind"):
        begun(district, cycle, "别的", kind="no-such-kind")
    with refused("carrier.continues-a-later-one"):
        begun(district, cycle, "更早", TODAY - timedelta(days=9), carrier)
    with refused("role.not-office"):
        begun(district, cycle, "偷建", by=district.secretaries[0])
    with refused("carrier.nobody-takes-part"):
        written(district, cycle, carrier, [])
    with refused("carrieryear.content-missing"):
        written(district, cycle, carrier, [district.town], content=" ")
    with refused("carrier.end-reason-missing"):
        actions.end_carrier(carrier=carrier, on=TODAY, reason=" ", at=cast.NOW, by=district.office)
    assert queries.year_in(carrier, cycle) is None


def test_a_unit_is_shown_as_an_example_once_and_until_a_reason_ends_it(district, cycle):
    village = district.villages[0]
    given = {"campaign": cycle.campaign, "organisation": village, "carrier": None, "designated_on": TODAY}
    given |= {"at": cast.NOW, "by": district.office}
    with refused("demonstrationunit.criteria-missing"):
        actions.designate_unit(criteria="", designated_by="测试区委", **given)
    row = actions.designate_unit(criteria="承诺按期兑现九成以上", designated_by="测试区委", **given)
    with refused("demonstration-unit.already"):
        actions.designate_unit(criteria="再来", designated_by="测试区委", **given)
    acting = {"row": row, "on": TODAY, "at": cast.NOW, "by": district.office}
    with refused("demonstrationunit.end-reason-missing"):
        actions.end_designation(reason="", **acting)
    actions.end_designation(reason="承诺没有兑现", **acting)
    assert [(one.ended_on, one.end_reason) for one in queries.demonstrations_of(village)] == [(TODAY, "承诺没有兑现")]


def test_carriers_and_model_units_have_days_that_can_be(district, cycle):
    for day, slug in ((date(1899, 1, 1), "day.year-long-ago"), (date(2099, 1, 1), "day.year-far-ahead")):
        with refused(slug):
            begun(district, cycle, since_on=day)
    carrier = begun(district, cycle)
    acting = {"at": cast.NOW, "by": district.office}
    with refused("day.ahead"):
        actions.end_carrier(carrier=carrier, on=date(2099, 1, 1), reason="并入", **acting)
    shown = {"campaign": cycle.campaign, "organisation": district.villages[0], "carrier": None}
    for day, slug in ((date(1899, 1, 1), "day.year-long-ago"), (date(2099, 1, 1), "day.ahead")):
        with refused(slug):
            actions.designate_unit(**shown, criteria="全部兑现", designated_by="区委", designated_on=day, **acting)
