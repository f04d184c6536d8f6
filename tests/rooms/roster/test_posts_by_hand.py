"""Posts and duties given, changed and ended by hand: each stands with the person and the organisation, and is undone for a day."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from tests.cast import district as cast
from tests.cast.refusing import refused

from zhengyou.organisations import actions as tree
from zhengyou.organisations.models import Post, Responsibility
from zhengyou.roster import actions, posts, queries
from zhengyou.roster.models import RosterChange
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db
Kind = RosterChange.Kind


@pytest.fixture
def district() -> cast.District:
    return cast.small_district(members_a_village=3)


@pytest.fixture
def given(district) -> dict:
    return {"at": clock.now(), "by": district.office}


def held() -> list[list]:
    return [list(table.objects.order_by("pk").values()) for table in (Post, Responsibility)]


def kinds(changes) -> list[tuple[str, str]]:
    return [(one.kind, one.what) for one in changes]


def test_a_post_given_changed_and_ended_is_undone_in_reverse(district, given) -> None:
    village, person, today = district.villages[0], district.members[1], clock.today()
    before = held()
    post = posts.give_post(
        person=person, organisation=village, role="scrutineer", title="", from_on=today - timedelta(days=3), **given
    )
    posts.change_post(post=post, title="总监票人", from_on=post.from_on, until_on=None, **given)
    posts.end_post(post=post, until_on=today, **given)
    told = [(Kind.POST_ENDED, "scrutineer"), (Kind.POST_CHANGED, "scrutineer"), (Kind.POST_GIVEN, "scrutineer")]
    assert kinds(queries.changes_of_person(person)) == told
    ended, changed, made = queries.changes_of_organisation(village)
    assert kinds([ended, changed, made]) == told
    assert (made.happened_on, ended.happened_on, ended.made_by) == (today - timedelta(days=3), today, district.office)
    for earlier in (changed, made):
        with refused("roster.not-the-newest"):
            actions.undo_change(change=earlier, **given)
    for one in (ended, changed, made):
        actions.undo_change(change=one, **given)
    assert held() == before


def test_a_post_that_was_removed_on_its_first_day_comes_back_under_its_number(district, given) -> None:
    person = district.members[1]
    named = {"person": person, "organisation": district.villages[0], "role": "leader", "from_on": clock.today()}
    post = posts.give_post(title="组长", **named, **given)
    after = held()
    posts.end_post(post=post, until_on=clock.today(), **given)
    assert not Post.objects.filter(pk=post.pk).exists()
    actions.undo_change(change=queries.changes_of_person(person)[0], **given)
    assert held() == after


def test_nothing_is_written_where_nothing_changes(district, given) -> None:
    post = Post.objects.get(organisation=district.villages[0], role="secretary")
    posts.change_post(post=post, title=post.title, from_on=post.from_on, until_on=None, **given)
    assert not RosterChange.objects.exists()


def test_whoever_answered_before_stands_in_the_history_too(district, given) -> None:
    village, today = district.villages[0], clock.today()
    first, second = [one for one in district.members if one.organisation_id == village.pk][:2]
    named = {"organisation": village, "tier": "direct"}
    posts.make_responsible(person=first, from_on=today - timedelta(days=3), **named, **given)
    before = held()
    posts.make_responsible(person=second, from_on=today, **named, **given)
    made, ended = queries.changes_of_organisation(village)[:2]
    assert kinds([made, ended]) == [(Kind.POST_GIVEN, "direct"), (Kind.POST_ENDED, "direct")]
    assert (made.into_person, ended.person, made.together) == (second, first, ended.together)
    with refused("roster.not-the-newest"):
        actions.undo_change(change=ended, **given)
    assert actions.undo_together(together=made.together, **given) == 2
    assert held() == before


def test_posts_that_many_hold_are_undone_each_by_itself(district, given) -> None:
    village, (first, second) = district.villages[0], district.members[1:3]
    named = {"organisation": village, "role": "scrutineer", "title": "", "from_on": clock.today()}
    for person in (first, second):
        posts.give_post(person=person, **named, **given)
    actions.undo_change(change=queries.changes_of_person(first)[0], **given)
    assert [post.person for post in Post.objects.filter(role="scrutineer", organisation=village)] == [second]


def test_an_undo_never_leaves_the_office_empty(district, given) -> None:
    """Somebody is appointed; the one who was there before goes; then the appointment is undone."""
    root, person, today = district.root, district.members[1], clock.today()
    named = {"organisation": root, "role": "campaign_office", "title": ""}
    posts.give_post(person=person, from_on=today, **named, **given)
    change = queries.changes_of_person(person)[0]
    for post in Post.objects.filter(role="campaign_office").exclude(person=person):
        posts.end_post(post=post, until_on=today, **given)
    with refused("post.last-in-office"):
        actions.undo_change(change=change, **given)
    assert Post.objects.filter(person=person, role="campaign_office").exists()


def test_a_post_that_another_deed_ended_since_is_not_changed_back(district, given) -> None:
    village, person = district.villages[0], district.members[1]
    days = {"from_on": clock.today() - timedelta(days=9)}
    post = posts.give_post(person=person, organisation=village, role="leader", title="副组长", **days, **given)
    posts.change_post(post=post, title="组长", until_on=clock.today() + timedelta(days=9), **days, **given)
    actions.let_go(person=person, kind=Kind.LEFT, on=clock.today(), reason="转出", **given)
    changed = next(one for one in queries.changes_of_person(person) if one.kind == Kind.POST_CHANGED)
    with refused("roster.not-the-newest"):
        actions.undo_change(change=changed, **given)


def test_an_office_below_takes_back_nothing_that_one_above_gave(district, given) -> None:
    town, person = district.town, district.members[1]
    clerk = district.members[0]
    posts.give_post(person=clerk, organisation=town, role="campaign_office", title="", from_on=clock.today(), **given)
    posts.give_post(person=person, organisation=town, role="leader", title="", from_on=clock.today(), **given)
    with refused("roster.done-above"):
        actions.undo_change(change=queries.changes_of_person(person)[0], at=given["at"], by=clerk)


@pytest.mark.parametrize(
    ("first", "last", "slug"),
    [
        ("1899-01-01", None, "day.year-long-ago"),
        ("2099-01-01", None, "day.year-far-ahead"),
        ("2020-01-01", "2099-01-01", "day.year-far-ahead"),
        ("1998-01-01", None, "period.before-the-unit"),
    ],
)
def test_the_days_of_a_post_are_after_its_unit_began_and_in_years_that_can_be(
    district, given, first, last, slug
) -> None:
    """By hand and by change alike; a duty too, which has no last day by hand."""
    village, person = district.villages[0], district.members[1]
    if slug == "period.before-the-unit":
        tree.change_organisation(organisation=village, changes={"founded_on": date(1999, 5, 1)}, **given)
        village.refresh_from_db()
    days = {"from_on": date.fromisoformat(first), "until_on": date.fromisoformat(last) if last else None}
    named = {"person": person, "organisation": village}
    with refused(slug):
        posts.give_post(role="leader", title="", **named, **days, **given)
    kept = posts.give_post(role="leader", title="", from_on=clock.today(), **named, **given)
    with refused(slug):
        posts.change_post(post=kept, title="", **days, **given)
    if last is None:
        with refused(slug):
            posts.make_responsible(tier="primary", from_on=days["from_on"], **named, **given)


def test_a_post_ends_on_its_first_day_or_later_and_not_in_a_far_year(district, given) -> None:
    today = clock.today()
    named = {"person": district.members[1], "organisation": district.villages[0], "role": "leader"}
    post = posts.give_post(title="", from_on=today - timedelta(days=30), **named, **given)
    for day, slug in ((date(1899, 1, 1), "period.ends-before-it-begins"), (date(2099, 1, 1), "day.year-far-ahead")):
        with refused(slug):
            posts.end_post(post=post, until_on=day, **given)
    posts.end_post(post=post, until_on=today, **given)
    assert Post.objects.get(pk=post.pk).until_on == today


def test_who_is_entered_has_joined_and_what_is_entered_was_founded(district, given) -> None:
    person, village = district.members[0], district.villages[0]
    for day, slug in ((date(2099, 1, 1), "day.ahead"), (date(1899, 1, 1), "day.year-long-ago")):
        with refused(slug):
            tree.change_person(person=person, changes={"joined_on": day}, **given)
    with refused("day.ahead"):
        tree.change_organisation(organisation=village, changes={"founded_on": date(2099, 1, 1)}, **given)
    tree.change_organisation(organisation=village, changes={"founded_on": date(1899, 1, 1)}, **given)


def test_what_a_command_did_stands_in_history_and_can_be_undone_by_the_topmost_office(district, given) -> None:
    person = district.members[1]
    call_command("appoint_office", person.number, lang="en", stdout=StringIO())
    [made] = queries.changes_of_person(person)
    assert (made.kind, made.what, made.made_by) == (Kind.POST_GIVEN, "campaign_office", None)
    actions.undo_change(change=made, **given)
    assert not Post.objects.filter(person=person).exists()
    actions.let_go(person=person, kind=Kind.LEFT, on=clock.today(), reason="调往外地", **given)
    with pytest.raises(CommandError):
        call_command("appoint_office", person.number, stdout=StringIO())
