"""Who leads a campaign and which leader looks after which unit: entered, changed, ended, covered, refused."""

from datetime import date, timedelta
from functools import partial

import pytest
from tests.cast import district as cast
from tests.cast.leading import adopted, formed_group, seated
from tests.cast.refusing import refused

from zhengyou.base.models import PublicEntry
from zhengyou.leadership import actions, queries
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Organisation
from zhengyou.roster import actions as roster

pytestmark = pytest.mark.django_db
TODAY = cast.NOW.date()


@pytest.fixture
def district():
    return cast.small_district()


@pytest.fixture
def campaign(district):
    return cast.launched_cycle(district).campaign


def test_a_leading_group_is_formed_staffed_changed_and_dissolved(district, campaign):
    group = formed_group(district, campaign)
    second = seated(district, group, district.town_secretary, role="deputy")
    [staffed] = queries.teams_of(campaign, TODAY)
    assert [(row.person, row.role) for row in staffed.members] == [
        (district.leader, "head"),
        (district.town_secretary, "deputy"),
    ]
    later = TODAY + timedelta(days=9)
    actions.end_member(member=second, until_on=later, at=cast.NOW, by=district.office)
    assert [row.person for row in queries.teams_of(campaign, later)[0].members] == [district.leader]
    assert len(queries.teams_of(campaign, TODAY)[0].members) == 2
    assert [row.person for row in queries.history_of(group, later)] == [district.town_secretary]
    actions.end_team(team=group, at=cast.NOW + timedelta(days=20), by=district.office)
    assert queries.teams_of(campaign, later) == []
    told = PublicEntry.objects.filter(what__startswith="leadership.")
    assert [row.what.partition(".")[2] for row in told.order_by("number")] == [
        "form_team", "name_member", "name_member", "end_member", "end_team",
    ]  # fmt: skip
    assert all(district.leader.name not in row.document for row in told)  # names can be erased


def test_a_team_has_one_head_one_name_and_each_person_once(district, campaign):
    group = formed_group(district, campaign)
    with refused("team.has-a-head"):
        seated(district, group, district.town_secretary, role="head")
    with refused("team-member.twice"):
        seated(district, group, district.leader)
    with refused("team.exists-already"):
        formed_group(district, campaign)
    again = {"kind": "team", "tasks": "", "at": cast.NOW, "by": district.office, "campaign": campaign}
    with refused("team.name-taken"):
        actions.form_team(name="领导小组", **again)
    with refused("leadingteam.name-missing"):
        actions.form_team(name=" ", **again)
    with refused("role.not-office"):
        actions.form_team(name="综合组", **again | {"by": district.leader})


def test_a_leader_adopts_units_once_and_lets_them_go(district, campaign):
    first, second, *_rest = district.villages
    point = actions.adopt_unit(
        campaign=campaign, leader=district.leader, organisation=first, from_on=TODAY, at=cast.NOW, by=district.leader
    )
    assert adopted(district, campaign, district.leader, first) == point
    new = actions.adopt_units(
        campaign=campaign,
        leader=district.leader,
        units=[first, second],
        from_on=TODAY,
        at=cast.NOW,
        by=district.office,
    )
    assert new == 1
    assert [row.organisation for row in queries.looked_after_by(district.leader, TODAY)] == [first, second]
    later = TODAY + timedelta(days=3)
    actions.release_unit(point=point, until_on=later, at=cast.NOW, by=district.leader)
    assert queries.who_looks_after(first, later) == []
    with refused("leadership.ended-already"):
        actions.release_unit(point=point, until_on=later, at=cast.NOW, by=district.leader)


def test_what_begins_later_is_entered_then(district, campaign):
    tomorrow = {"from_on": TODAY + timedelta(days=1), "at": cast.NOW, "by": district.office}
    with refused("leadership.begins-later"):
        actions.adopt_unit(campaign=campaign, leader=district.leader, organisation=district.villages[0], **tomorrow)
    group = formed_group(district, campaign)
    [member] = queries.teams_of(campaign, TODAY)[0].members
    seat = {"role": "member", "duty": "", "place": 2} | tomorrow
    with refused("leadership.begins-later"):
        actions.name_member(team=group, person=district.town_secretary, **seat)
    with refused("leadership.begins-later"):
        actions.change_member(member=member, until_on=None, **seat)


def test_nothing_begins_before_the_campaign(district, campaign):
    """A contact point from the first day of the first cycle on; a seat from the day on which the campaign's basis holds."""
    first = date(TODAY.year, 1, 1)
    early = {"from_on": first - timedelta(days=1), "at": cast.NOW, "by": district.office}
    adopt = partial(actions.adopt_unit, campaign=campaign, leader=district.leader, organisation=district.villages[0])
    with refused("leadership.begins-too-early"):
        adopt(**early)
    assert adopt(**early | {"from_on": first}).from_on == first
    group = formed_group(district, campaign)
    [member] = queries.teams_of(campaign, TODAY)[0].members
    seat = {"role": "member", "duty": "", "place": 2, "at": cast.NOW, "by": district.office}
    for day in (date(1999, 11, 30), campaign.basis_from - timedelta(days=1)):
        with refused("leadership.begins-too-early"):
            actions.name_member(team=group, person=district.town_secretary, from_on=day, **seat)
        with refused("leadership.begins-too-early"):
            actions.change_member(member=member, until_on=None, from_on=day, **seat)
    actions.name_member(team=group, person=district.town_secretary, from_on=campaign.basis_from, **seat)


def test_nobody_looks_after_a_unit_who_may_not(district, campaign):
    village = district.villages[0]
    with refused("contact-point.own-unit"):
        adopted(district, campaign, district.town_secretary, district.town)
    with refused("contact-point.no-leader"):
        adopted(district, campaign, district.secretaries[1], village)
    with refused("contact-point.takes-no-part"):
        adopted(district, campaign, district.leader, district.root)
    with refused("role.not-office"):
        actions.adopt_unit(
            campaign=campaign,
            leader=district.leader,
            organisation=village,
            from_on=TODAY,
            at=cast.NOW,
            by=district.secretaries[0],
        )
    with refused("contact-point.none-ticked"):
        actions.adopt_units(
            campaign=campaign, leader=district.leader, units=[], from_on=TODAY, at=cast.NOW, by=district.office
        )
    group = formed_group(district, campaign)
    seated(district, group, district.secretaries[1])  # from now on a member of the leading group
    assert adopted(district, campaign, district.secretaries[1], village).organisation == village


def test_the_coverage_says_who_has_nobody_and_which_leader_has_no_unit(district, campaign):
    formed_group(district, campaign)
    first, second, *_rest = district.villages
    [idle] = [row for row in queries.leaders_of(campaign, TODAY) if not row.units]
    assert idle.person == district.leader
    assert queries.campaigns_to_lead(district.leader, TODAY, [campaign]) == [campaign]
    adopted(district, campaign, district.leader, first)
    adopted(district, campaign, district.leader, second)
    assert queries.campaigns_to_lead(district.leader, TODAY, [campaign]) == []
    assert {row.name for row in queries.coverage(campaign, TODAY).filter(led="yes")} == {first.name, second.name}
    assert queries.leaders_at(campaign, [first.pk], TODAY) == {first.pk: [district.leader.name]}
    [part] = queries.coverage_by_part(campaign, TODAY)
    assert (part.organisation, part.units, part.unanswered, part.unled) == (district.town, 5, 0, 3)
    assert queries.units_without_leader(campaign, TODAY) == 3


def test_whoever_leaves_and_whatever_ends_counts_no_longer(district, campaign):
    formed_group(district, campaign)
    spare = Organisation.objects.create(
        code="00100109",
        name="测试九村党支部",
        kind="branch",
        parent=district.town,
        path=district.town.path + "00009999/",
    )
    adopted(district, campaign, district.leader, spare)
    adopted(district, campaign, district.leader, district.villages[0])
    gone = {"on": TODAY, "reason": "撤并", "at": cast.NOW, "by": district.office}
    roster.end_organisation(organisation=spare, **gone)
    assert [row.organisation for row in queries.looked_after_by(district.leader, TODAY)] == [district.villages[0]]
    change = roster.let_go(person=district.leader, kind="left", **gone)
    assert queries.units_without_leader(campaign, TODAY) == 5
    assert queries.teams_of(campaign, TODAY)[0].members == []
    roster.undo_change(change=change, at=cast.NOW, by=district.office)
    assert queries.units_without_leader(campaign, TODAY) == 4


def test_an_office_beside_touches_nothing_of_the_campaign(district, campaign):
    group = formed_group(district, campaign)
    point = adopted(district, campaign, district.leader, district.villages[0])
    clerk = district.members[0]
    organisations.appoint(
        person=clerk,
        organisation=district.villages[1],
        role="campaign_office",
        title="",
        from_on=TODAY,
        at=cast.NOW,
        by=None,
    )
    acting = {"at": cast.NOW, "by": clerk}
    with refused("role.not-office-of-the-campaign"):
        actions.change_team(team=group, name="别的", tasks="", **acting)
    with refused("role.not-office-of-the-campaign"):
        actions.end_team(team=group, **acting)
    with refused("role.not-office-of-the-campaign"):
        actions.release_unit(point=point, until_on=TODAY, **acting)
