"""People: members who change, move and leave; posts and who answers for what; whom a typed text means."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import call_command
from django.core.management.base import CommandError
from tests.cast.district import NOW, District
from tests.cast.refusing import refused

from zhengyou.base.journal import entries_about
from zhengyou.identity.models import Account
from zhengyou.organisations import actions, queries
from zhengyou.organisations.models import Organisation, Person, Post, Responsibility
from zhengyou.web.shared import clock

TODAY = NOW.date()


@pytest.fixture
def member(district: District) -> Person:
    return district.members[0]


def change(person: Person, by: Person, **changes: object) -> Person:
    return actions.change_person(person=person, changes=changes, at=NOW, by=by)


def test_a_member_changes_name_and_membership(district: District, member: Person) -> None:
    row = change(member, district.office, name="安宁", membership=Person.Membership.PROBATIONARY, is_floating=True)
    assert (row.name, row.name_key, row.membership, row.is_floating) == ("安宁", "anning an", "probationary", True)
    assert queries.the_one_person("anning").possible == [row]


def test_the_journal_keeps_which_fields_were_changed_and_not_what_they_held(district: District, member: Person) -> None:
    change(member, district.office, name="安宁", is_floating=True)
    newest = entries_about(member.reference)[-1]
    assert (newest.deed, newest.by) == ("organisations.change_person", district.office.reference)
    assert newest.payload == {"fields": ["is_floating", "name"]}


def test_a_member_moves_to_another_organisation(district: District, member: Person) -> None:
    change(member, district.office, organisation=district.villages[1])
    assert member not in queries.members_of([district.villages[0]])
    assert member in queries.members_of([district.villages[1]])


def test_nobody_joins_an_organisation_that_has_ended(district: District, member: Person) -> None:
    Organisation.objects.filter(pk=district.villages[1].pk).update(ended_on=TODAY)
    district.villages[1].refresh_from_db()
    with refused("organisation.ended"):
        change(member, district.office, organisation=district.villages[1])
    with refused("organisation.ended"):
        actions.add_person(number="N1", name="新", organisation=district.villages[1], at=NOW, by=None)
    assert Person.objects.get(pk=member.pk).organisation == district.villages[0]


def test_whoever_left_is_no_member_and_cannot_be_found(district: District, member: Person) -> None:
    change(member, district.office, left_on=TODAY)
    assert member not in queries.members_of([district.villages[0]])
    assert queries.people_by_number([member.number]) == {}


def test_a_post_is_given_once_and_ends_on_its_day(district: District, member: Person) -> None:
    given = [
        actions.appoint(
            person=member,
            organisation=district.town,
            role=Post.Role.LEADER,
            title="副镇长",
            from_on=TODAY,
            at=NOW,
            by=district.office,
        )
        for _time in range(2)
    ]
    assert given[0] == given[1]
    actions.end_post(post=given[0], until_on=TODAY + timedelta(days=9), at=NOW, by=district.office)
    assert queries.holds_post(member, Post.Role.LEADER, district.town, TODAY + timedelta(days=8))
    assert not queries.holds_post(member, Post.Role.LEADER, district.town, TODAY + timedelta(days=9))


def test_a_post_that_ends_on_its_first_day_was_a_mistake_and_goes(district: District, member: Person) -> None:
    post = actions.appoint(
        person=member, organisation=district.town, role=Post.Role.LEADER, title="", from_on=TODAY, at=NOW, by=None
    )
    actions.end_post(post=post, until_on=TODAY, at=NOW, by=district.office)
    assert not Post.objects.filter(pk=post.pk).exists()


def test_a_post_held_already_gets_its_new_title_and_the_longer_days(district: District, member: Person) -> None:
    by = {"organisation": district.town, "role": Post.Role.SCRUTINEER, "at": NOW, "by": district.office}
    first = actions.appoint(person=member, title="监票人", from_on=TODAY, until_on=TODAY + timedelta(days=9), **by)
    again = actions.appoint(person=member, title="总监票人", from_on=TODAY - timedelta(days=2), **by)
    assert (again.pk, again.title, again.from_on, again.until_on) == (
        first.pk,
        "总监票人",
        TODAY - timedelta(days=2),
        None,
    )
    actions.appoint(person=member, title="", from_on=TODAY, **by)  # as an import does
    assert Post.objects.get(pk=first.pk).title == "总监票人"


def test_title_and_days_of_a_post_are_corrected_and_never_meet_another_one(district: District, member: Person) -> None:
    by = {"at": NOW, "by": district.office}
    given = {"person": member, "organisation": district.town, "role": Post.Role.LEADER}
    first = actions.appoint(**given, title="", from_on=TODAY - timedelta(9), until_on=TODAY - timedelta(3), **by)
    second = actions.appoint(**given, title="", from_on=TODAY, **by)
    row = actions.change_post(post=second, title="镇长", from_on=TODAY - timedelta(1), until_on=None, **by)
    assert (row.title, row.from_on) == ("镇长", TODAY - timedelta(1))
    with refused("post.held-twice"):
        actions.change_post(post=second, title="", from_on=TODAY - timedelta(5), until_on=None, **by)
    with refused("period.ends-before-it-begins"):
        actions.change_post(post=first, title="", from_on=TODAY, until_on=TODAY, **by)


def test_the_last_office_post_cannot_be_put_into_another_time(district: District) -> None:
    one, other = Post.objects.filter(role=Post.Role.CAMPAIGN_OFFICE).order_by("pk")
    actions.end_post(post=one, until_on=TODAY, at=NOW, by=district.office)
    for days in ({"from_on": TODAY + timedelta(1), "until_on": None}, {"from_on": other.from_on, "until_on": TODAY}):
        with refused("post.last-in-office"):
            actions.change_post(post=other, title="", at=NOW, by=district.office, **days)


def test_a_post_is_ended_once(district: District, member: Person) -> None:
    given = {"person": member, "organisation": district.town, "role": Post.Role.LEADER, "title": ""}
    for begun in (TODAY - timedelta(1), TODAY):  # the second one is removed when it ends
        post = actions.appoint(**given, from_on=begun, at=NOW, by=None)
        actions.end_post(post=post, until_on=TODAY, at=NOW, by=district.office)
        with refused("post.already-ended"):
            actions.end_post(post=post, until_on=TODAY, at=NOW, by=district.second_office)
    change(member, district.office, left_on=TODAY)
    with refused("post.person-left"):
        actions.appoint(**given | {"person": Person.objects.get(pk=member.pk)}, from_on=TODAY, at=NOW, by=None)


def test_the_last_post_in_the_office_cannot_be_ended(district: District, member: Person) -> None:
    posts = list(Post.objects.filter(role=Post.Role.CAMPAIGN_OFFICE).order_by("pk"))
    assert len(posts) == 2
    actions.end_post(post=posts[0], until_on=TODAY, at=NOW, by=district.office)
    with refused("post.last-in-office"):
        actions.end_post(post=posts[1], until_on=TODAY, at=NOW, by=district.office)
    call_command("appoint_office", member.number, lang="en", stdout=(told := StringIO()))
    assert f"Login: {member.number}" in told.getvalue()
    actions.end_post(post=posts[1], until_on=clock.today(), at=NOW, by=district.office)
    assert queries.holders_of(Post.Role.CAMPAIGN_OFFICE, clock.today()) == [member]


def test_whoever_lost_the_password_gets_another_from_the_machine(district: District, member: Person) -> None:
    call_command("appoint_office", member.number, lang="en", stdout=(told := StringIO()))
    first = told.getvalue().split()[-1]
    call_command("reset_password", member.number, lang="en", stdout=(told := StringIO()))
    second = told.getvalue().split()[-1]
    stored = Account.objects.get(person=member).password
    assert (check_password(first, stored), check_password(second, stored)) == (False, True)
    call_command("appoint_office", member.number, lang="en", stdout=(told := StringIO()))
    assert "reset_password" in told.getvalue()
    for command in ("appoint_office", "reset_password"):
        with pytest.raises(CommandError, match="99999"):
            call_command(command, "99999")


def test_a_period_ends_after_it_begins(district: District, member: Person) -> None:
    with refused("period.ends-before-it-begins"):
        actions.appoint(
            person=member,
            organisation=district.town,
            role=Post.Role.LEADER,
            title="",
            from_on=TODAY,
            until_on=TODAY,
            at=NOW,
            by=None,
        )


def test_whoever_answered_before_answers_until_the_next_one_does(district: District, member: Person) -> None:
    village, tier = district.villages[0], Responsibility.Tier.PRIMARY
    by = {"at": NOW, "by": district.office}
    actions.make_responsible(organisation=village, person=member, tier=tier, from_on=TODAY, **by)
    rows = Responsibility.objects.filter(organisation=village, tier=tier).order_by("id")
    assert [(row.person, row.until_on) for row in rows] == [(district.leader, TODAY), (member, None)]
    with refused("responsible.begins-later"):
        actions.make_responsible(
            organisation=village, person=district.leader, tier=tier, from_on=TODAY - timedelta(days=1), **by
        )
    other = district.members[1]  # was meant: the same day is a correction
    actions.make_responsible(organisation=village, person=other, tier=tier, from_on=TODAY, **by)
    assert [(row.person, row.until_on) for row in rows.all()] == [(district.leader, TODAY), (other, None)]
    actions.make_responsible(organisation=village, person=district.leader, tier=tier, from_on=TODAY, **by)
    assert [(row.person, row.until_on) for row in rows.all()] == [(district.leader, None)]


def test_organisations_without_anybody_responsible_in_all_and_in_a_subtree(district: District) -> None:
    alone = actions.add_organisation(code="9", name="新区委", kind="committee", sector="", parent=None, at=NOW, by=None)
    Responsibility.objects.filter(organisation=district.villages[2]).delete()
    assert list(queries.organisations_without_responsible(TODAY)) == [district.villages[2], alone]
    assert list(queries.organisations_without_responsible(TODAY, district.root)) == [district.villages[2]]
    assert queries.organisations_without_responsible(date(2000, 1, 1)).count() == 7


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("001001", "测试镇党委"),  # a code that other codes begin with
        (" 测试1村党支部 ", "测试1村党支部"),
    ],
)
def test_a_text_means_the_organisation_of_that_code_or_name(district: District, typed: str, means: str) -> None:
    meant = queries.the_one(typed)
    assert meant.one is not None
    assert (meant.one.name, meant.possible) == (means, [meant.one])


def test_what_has_the_text_in_its_name_or_pinyin_is_offered_and_never_taken(district: District) -> None:
    for typed in ("1村", "ceshi1cun"):
        assert (queries.the_one(typed).one, queries.the_one(typed).possible) == (None, [district.villages[0]])
    meant = queries.the_one("村党支部")
    assert (meant.one, meant.possible) == (None, district.villages)
    for nothing in ("", "没有", "%"):
        assert (queries.the_one(nothing).one, queries.the_one(nothing).possible) == (None, [])


def test_within_a_subtree_and_among_the_living_only(district: District) -> None:
    assert queries.the_one(district.villages[1].code, district.villages[0]).possible == []
    Organisation.objects.filter(pk=district.villages[0].pk).update(ended_on=TODAY)
    assert queries.the_one(district.villages[0].code).possible == []


def test_people_are_meant_by_number_or_name_and_offered_by_a_part_of_it(district: District, member: Person) -> None:
    for typed in (member.number, member.name):
        assert queries.the_one_person(typed).one == member
    assert (queries.the_one_person("chengyuan1-0").one, queries.the_one_person("chengyuan1-0").possible) == (
        None,
        [member],
    )
    assert queries.the_one_person("成员1").possible == district.members[:3]
    change(member, district.office, left_on=TODAY)
    assert queries.the_one_person(member.number).possible == []
