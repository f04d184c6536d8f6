"""People put forward, announced, commended: who may be, once, within bounds; whoever left or moved; what the notice keeps of them."""

from datetime import date, timedelta

import pytest
from tests.cast.awards import (
    DEEDS_OF_A_PERSON,
    RECEIVING,
    answered_objection,
    drafted_selection,
    filed_objection,
    notice_of_people,
    put_forward,
    selection_of,
    selection_of_people,
)
from tests.cast.district import NOW, launched_cycle, small_district
from tests.cast.persons import committed
from tests.cast.refusing import refused

from zhengyou.awards import actions, queries
from zhengyou.awards.models import Candidate, Honour
from zhengyou.base import entries
from zhengyou.base.models import PublicEntry
from zhengyou.notices import queries as notices
from zhengyou.notices.rules import check_deeds
from zhengyou.organisations.models import Person

pytestmark = pytest.mark.django_db
DECISION = {"decision_number": "测发〔2026〕9号", "deciding_body": "测试区委", "reasons": "集体研究。"}


@pytest.fixture
def district():
    return small_district()


@pytest.fixture
def cycle(district):
    return launched_cycle(district)


def commend(district, selection, *, at, **changes):
    return actions.record_commendation(selection=selection, at=at, by=district.office, **DECISION | changes)


def test_only_who_committed_in_public_is_put_forward_and_for_workers_who_holds_a_post(district, cycle):
    member, secretary = district.members[0], district.secretaries[1]
    selection = selection_of_people(district, cycle)
    workers = selection_of_people(district, cycle, title="优秀党务工作者", of="workers")
    for person in (member, secretary):
        with refused("candidate.without-public-commitment"):
            put_forward(district, selection, person)
    with refused("candidate.without-public-commitment"):
        put_forward(district, workers, member)
    put_forward(district, workers, secretary)
    committed(district, cycle, [member])
    row = put_forward(district, selection, member)
    assert (row.name, row.unit, row.post) == (member.name, district.villages[0], "护林员")


def test_nobody_stands_twice_probationary_people_and_those_who_left_not_at_all(district, cycle):
    first, second, third = district.members[:3]
    committed(district, cycle, [first, second, third])
    selection = selection_of_people(district, cycle)
    put_forward(district, selection, first)
    other = selection_of_people(district, cycle, title="优秀护林员")
    for again in (selection, other):
        with refused("candidate.person-twice") as caught:
            put_forward(district, again, first)
        assert "优秀共产党员" in str(caught.value)
    Person.objects.filter(pk=second.pk).update(membership=Person.Membership.PROBATIONARY)
    with refused("candidate.probationary"):
        put_forward(district, selection, second)
    Person.objects.filter(pk=third.pk).update(left_on=date(2026, 3, 1))
    with refused("candidate.has-left"):
        put_forward(district, selection, third)


def test_units_and_people_are_not_mixed(district, cycle):
    committed(district, cycle, [district.members[0]])
    of_units, of_people = drafted_selection(district, cycle), selection_of_people(district, cycle)
    with refused("candidate.person-among-organisations"):
        put_forward(district, of_units, district.members[0])
    with refused("candidate.organisation-among-people"):
        actions.add_candidate(
            selection=of_people, organisation=district.villages[0], deeds="修路。", at=NOW, by=district.office
        )
    put_forward(district, of_people, district.members[0])
    assert queries.units_put_forward(of_people) == {district.villages[0].pk}


def test_nobody_of_the_topmost_unit_as_nobody_could_check_an_objection(district, cycle):
    committed(district, cycle, [district.leader])
    with refused("candidate.nobody-from-elsewhere"):
        put_forward(district, selection_of_people(district, cycle), district.leader)


def test_bounds_by_unit_and_front_line(district, cycle):
    first, second, elsewhere = district.members[0], district.members[1], district.members[3]
    committed(district, cycle, [first, second, elsewhere])
    for bounds, slug in [
        ({"of": "organisations", "most_of_one": 1}, "selection.bounds-without-people"),
        ({"front_line_least": 4}, "selection.bound-out-of-range"),
        ({"of": "heroes"}, "selection.of-unknown"),
    ]:
        with refused(slug):
            selection_of_people(district, cycle, **bounds)
    selection = selection_of_people(district, cycle, most_of_one=1, front_line_least=1)
    put_forward(district, selection, first, is_front_line=False)
    with refused("candidate.too-many-of-one-unit"):
        put_forward(district, selection, second)
    said = {"title": "公示", "route": "推荐", **RECEIVING, "at": NOW, "by": district.office}
    with refused("selection.front-line-short"):
        actions.publish_candidates(selection=selection, **said)
    put_forward(district, selection, elsewhere)
    assert actions.publish_candidates(selection=selection, **said).number == 1


NUMBERS = (
    "身份证43120219800101123X",
    "431202 198001 011234",
    "手机13800001234",
    "１３８ ００００ １２３４",
    "+86-138-0000-1234",
    "0745-2233445",
)


def test_a_number_by_which_somebody_is_known_or_called_is_refused(district, cycle):
    for number in NUMBERS:
        with refused("notice.number-of-a-person"):
            check_deeds(f"热心，{number}。")
    check_deeds("2010—2026年走访12345户，筹款1380000元，修路0745米；文号2026-0310-0001。")
    committed(district, cycle, [district.members[0]])
    with refused("notice.number-of-a-person"):
        put_forward(district, selection_of_people(district, cycle), district.members[0], post="电13800001234")


def test_the_make_up_stands_beside_all_who_could_have_been_named(district, cycle):
    people = [*district.members[:4], district.secretaries[0]]
    committed(district, cycle, people)
    selection = selection_of_people(district, cycle)
    put_forward(district, selection, district.secretaries[0])
    made = queries.make_up(selection, date(2026, 3, 10))
    assert (made.named, made.every) == (1, 5)
    assert {(one.slug, one.named, one.every) for one in made.of("has_post")} == {("True", 1, 1), ("False", 0, 4)}
    assert [(one.slug, one.every) for one in made.of("town")] == [(str(district.town.pk), 5)]
    workers = selection_of_people(district, cycle, title="优秀党务工作者", of="workers")
    assert queries.make_up(workers, date(2026, 3, 10)).every == 4 + 5  # four members; four secretaries and the town's


def test_after_its_days_the_notice_keeps_name_post_unit_and_ruling_and_no_deeds(district, cycle):
    stays, falls = district.members[0], district.members[3]
    notice = notice_of_people(district, cycle, [stays, falls])
    running = notices.nominees_shown(notice, NOW)
    assert [(one.name, one.post, one.unit, one.deeds) for one in running] == [
        (one.name, "护林员", one.organisation.name, DEEDS_OF_A_PERSON) for one in (stays, falls)
    ]
    objection = filed_objection(notice, nominee=falls.reference, at=NOW + timedelta(hours=1))
    assert [row.is_frozen for row in queries.candidate_rows(selection_of(notice))] == [False, True]
    answered_objection(district, objection, is_upheld=True, at=NOW + timedelta(hours=2))
    lasting = notices.nominees_shown(notice, notice.closes_at)
    assert [(one.name, one.deeds, one.is_removed) for one in lasting] == [
        (stays.name, "", False),
        (falls.name, "", True),
    ]
    assert DEEDS_OF_A_PERSON not in str(entries.readable_texts(PublicEntry.objects.values_list("number", flat=True)))
    honours = queries.honours_in(commend(district, selection_of(notice), at=notice.closes_at, stepped_aside="组织部长"))
    assert [(one.holder, one.post, one.unit, one.person) for one in honours] == [
        (stays.name, "护林员", district.villages[0].name, stays)
    ]
    assert queries.honours_of(district.villages[0]) == []
    assert queries.honours_at(district.villages[0]) == ([], honours)
    told = [row.document for row in entries.entries() if row.what == "awards.give_honour"]
    assert len(told) == 1
    assert stays.name not in told[0]


def test_the_checker_comes_from_outside_the_unit_of_the_person(district, cycle):
    notice = notice_of_people(district, cycle, [district.members[9]])  # of the last village, whose secretary checks
    objection = filed_objection(notice, nominee=district.members[9].reference, at=NOW + timedelta(hours=1))
    with refused("objection.handler-from-nominee"):
        answered_objection(district, objection, is_upheld=False, at=NOW + timedelta(hours=2))


def test_who_moved_is_announced_with_the_new_unit_and_keeps_the_one_announced(district, cycle):
    mover = district.members[0]
    committed(district, cycle, [mover])
    selection = selection_of_people(district, cycle)
    put_forward(district, selection, mover)
    Person.objects.filter(pk=mover.pk).update(organisation=district.villages[1])
    said = {"title": "公示", "route": "推荐", **RECEIVING, "at": NOW, "by": district.office}
    notice = actions.publish_candidates(selection=selection, **said)
    assert [one.unit for one in notices.nominees_shown(notice, NOW)] == [district.villages[1].name]
    Person.objects.filter(pk=mover.pk).update(organisation=district.villages[2])
    [honour] = queries.honours_in(commend(district, selection, at=notice.closes_at))
    assert (honour.unit, honour.organisation) == (district.villages[1].name, district.villages[1])


def test_who_left_or_died_is_honoured_only_knowingly(district, cycle):
    mourned = district.members[0]
    committed(district, cycle, [mourned])
    draft = selection_of_people(district, cycle, title="优秀护林员")
    put_forward(district, draft, mourned)
    Person.objects.filter(pk=mourned.pk).update(left_on=NOW.date())
    with refused("candidate.left-before-the-notice"):
        actions.publish_candidates(selection=draft, title="公", route="推", **RECEIVING, at=NOW, by=district.office)
    Person.objects.filter(pk=mourned.pk).update(left_on=None)
    Candidate.objects.all().delete()
    selection = selection_of_people(district, cycle)
    put_forward(district, selection, mourned)
    notice = actions.publish_candidates(
        selection=selection, title="公示", route="推荐", **RECEIVING, at=NOW, by=district.office
    )
    Person.objects.filter(pk=mourned.pk).update(left_on=NOW.date())
    with refused("commendation.somebody-left"):
        commend(district, selection, at=notice.closes_at)
    assert not Honour.objects.exists()
    commend(district, selection, at=notice.closes_at, all_the_same=True)
    assert Honour.objects.get().person == mourned


def test_the_front_line_follows_from_the_kind_of_post_and_is_typed_only_where_it_is_unknown(district, cycle):
    first, second, third = district.members[:3]
    committed(district, cycle, [first, second, third])
    selection = selection_of_people(district, cycle)
    Person.objects.filter(pk=first.pk).update(post_kind="leading")
    Person.objects.filter(pk=second.pk).update(post_kind="village-community")
    assert put_forward(district, selection, first, is_front_line=True).is_front_line is False
    assert put_forward(district, selection, second, is_front_line=None).is_front_line is True
    with refused("candidate.front-line-unsaid"):
        put_forward(district, selection, third, is_front_line=None)
    assert put_forward(district, selection, third, is_front_line=True).is_front_line is True
