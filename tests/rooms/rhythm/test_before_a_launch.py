"""Before the first launch of a campaign nothing of it is told: no document, no team, no contact point, no carrier, no example."""

from datetime import timedelta

import pytest
from tests.cast import district as cast

from zhengyou.base.models import PublicEntry
from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns.models import SuperiorDocument
from zhengyou.carriers import actions as carriers
from zhengyou.leadership import actions as leadership

pytestmark = pytest.mark.django_db
DAY = cast.NOW.date()
GOES = {"number": "测字2号", "title": "去掉的文件", "body": "上级"}
STAYS = {"number": "测字1号", "title": "尚未公开的文件", "body": "上级"}


def everything_said(cycle, district):
    """Each deed of the rooms that tell of a campaign rather than of one of its stages."""
    acting, campaign, village = {"at": cast.NOW, "by": district.office}, cycle.campaign, district.villages[0]
    for one in (GOES, STAYS):
        campaigns.cite_document(campaign=campaign, **one, **acting)
    campaigns.drop_document(document=SuperiorDocument.objects.get(number=GOES["number"]), **acting)
    group = leadership.form_team(campaign=campaign, kind="group", name="领导小组", tasks="", **acting)
    leadership.change_team(team=group, name="领导小组", tasks="统筹", **acting)
    who = {"role": "head", "duty": "", "place": 1, "from_on": DAY - timedelta(days=3)}
    member = leadership.name_member(team=group, person=district.leader, **who, **acting)
    leadership.change_member(member=member, **who | {"duty": "主持"}, until_on=None, **acting)
    unit = {
        "campaign": campaign,
        "leader": district.leader,
        "organisation": village,
        "from_on": DAY - timedelta(days=2),
    }
    leadership.release_unit(point=leadership.adopt_unit(**unit, **acting), until_on=DAY, **acting)
    leadership.end_member(member=member, until_on=DAY, **acting)
    leadership.end_team(team=group, **acting)
    kind = cycle.ruleset.carrier_kinds[0].id
    what = {
        "organisation": village,
        "kind": kind,
        "name": "先锋岗",
        "since_on": DAY - timedelta(days=9),
        "grew_from": None,
    }
    carrier = carriers.begin_carrier(cycle=cycle, **what, **acting)
    carriers.change_carrier(carrier=carrier, cycle=cycle, **what, **acting)
    given = {"carrier": carrier, "criteria": "标准", "designated_by": "区委", "designated_on": DAY - timedelta(days=1)}
    example = carriers.designate_unit(campaign=campaign, organisation=village, **given, **acting)
    carriers.end_designation(row=example, on=DAY, reason="期满", **acting)
    carriers.end_carrier(carrier=carrier, on=DAY, reason="期满", **acting)


def test_nothing_of_a_campaign_is_entered_before_its_first_launch():
    district = cast.small_district()
    cycle, before = cast.drafted_cycle(district), PublicEntry.objects.count()
    everything_said(cycle, district)
    assert PublicEntry.objects.count() == before
    campaigns.launch_cycle(cycle=cycle, why="", at=cast.NOW, by=district.office)
    [launch] = PublicEntry.objects.filter(what="campaigns.launch_cycle")
    assert STAYS["title"] in launch.document
    assert GOES["title"] not in launch.document
    said = PublicEntry.objects.count()
    everything_said(cycle, district)
    assert PublicEntry.objects.count() > said + 10
