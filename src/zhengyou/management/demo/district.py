"""Step 1 of the demo: about 120 organisations in the six sectors, about 3,000 fictional members, posts and accounts."""

from dataclasses import dataclass
from datetime import date, datetime

from zhengyou.management.demo.people import Builder
from zhengyou.management.demo.shared import holder
from zhengyou.organisations import actions as organisations
from zhengyou.organisations import queries
from zhengyou.organisations.models import Organisation, Person, Post, Responsibility

STREETS = ["东风", "西河", "南桥", "北门", "中山", "新园", "平安"]
TOWNS = ["红石镇", "青山乡", "白水乡"]
VILLAGES = ["上坪", "下坪", "竹溪", "松岭", "石桥", "柳塘", "梨园", "大湾"]
COMMUNITIES = ["一里", "二里", "三里", "四里"]
SYSTEMS = [
    ("区直机关工委", "government-office", ["区办公室", "区人事局", "区财政局", "区司法局", "区民政局", "区交通局", "区农业局",
     "区水务局", "区建设局", "区统计局", "区审计局", "区档案局", "区信访局", "区政务中心"]),
    ("区科教文卫工委", "public-institution", ["第一小学", "第二小学", "第三小学", "第一中学", "第二中学", "职业学校", "区医院",
     "区中医院", "区疾控中心", "区图书馆", "区文化馆", "区科技馆", "区体育中心", "区农科所"]),
    ("区国资党委", "enterprise-finance", ["自来水公司", "公交公司", "城投公司", "粮油公司", "农商银行", "燃气公司", "环卫公司",
     "旅游公司", "种业公司", "担保公司"]),
    ("区两新工委", "private-social", ["星火机械厂", "绿源食品厂", "宏图建材厂", "金桥物流", "清风茶业", "安心药房", "蓝天幼教",
     "同心商会", "志愿者协会", "老年协会", "家政协会", "律师事务所"]),
]  # fmt: skip
TOWN = "001201"
POST_KINDS = {
    "rural": "village-community",
    "street-community": "village-community",
    "government-office": "management",
    "public-institution": "professional",
    "enterprise-finance": "front-line",
    "private-social": "front-line",
}


@dataclass
class Cast:
    """The people whose logins the terminal prints, and the places they act for."""

    root: Organisation
    office: Person
    second_office: Person
    leader: Person
    town: Organisation
    town_secretary: Person
    clerk: Person
    village: Organisation
    village_secretary: Person
    neighbour: Organisation
    neighbour_secretary: Person
    third_secretary: Person
    scrutineers: list[Person]


def build_tree(at: datetime) -> Organisation:
    """The whole tree; returns its root."""
    builder = Builder(at)
    root = builder.organisation(None, "演示区委", "committee", "", "001")
    for n, street in enumerate(STREETS, 1):
        code = f"0011{n:02d}"
        above = builder.organisation(root, f"{street}街道党工委", "committee", "street-community", code)
        for m, community in enumerate(COMMUNITIES, 1):
            name = f"{street}{community}社区党支部"
            builder.organisation(above, name, "branch", "street-community", f"{code}{m:02d}")
    for n, town in enumerate(TOWNS, 1):
        code = f"0012{n:02d}"
        above = builder.organisation(root, f"{town}党委", "committee", "rural", code)
        for m, village in enumerate(VILLAGES, 1):
            builder.organisation(above, f"{town[:2]}{village}村党支部", "branch", "rural", f"{code}{m:02d}")
    for n, (system, sector, branches) in enumerate(SYSTEMS, 1):
        code = f"0013{n:02d}"
        above = builder.organisation(root, system, "committee", sector, code)
        for m, branch in enumerate(branches, 1):
            builder.organisation(above, f"{branch}党支部", "branch", sector, f"{code}{m:02d}")
    return root


def build_people(root: Organisation, everywhere: list[Organisation], at: datetime) -> None:
    """Posts, responsible people and members for every organisation of the tree."""
    builder = Builder(at)
    since = date(at.year, 1, 1)
    office = builder.holder(root, Post.Role.CAMPAIGN_OFFICE, "活动办主任", since)
    builder.holder(root, Post.Role.CAMPAIGN_OFFICE, "活动办副主任", since)
    leader = builder.holder(root, Post.Role.LEADER, "区领导", since)
    for organisation in everywhere:
        secretary = builder.holder(organisation, Post.Role.SECRETARY, "书记", since)
        organisations.make_responsible(
            organisation=organisation,
            person=leader if organisation.depth < 2 else secretary,
            tier=Responsibility.Tier.PRIMARY if organisation.depth < 2 else Responsibility.Tier.DIRECT,
            from_on=since,
            at=at,
            by=office,
        )
        if organisation.kind == "branch":
            for _member in range(builder.random.randint(22, 32)):
                probationary = builder.random.random() < 0.04
                builder.person(
                    organisation,
                    post_kind=POST_KINDS.get(organisation.sector, ""),
                    membership=Person.Membership.PROBATIONARY if probationary else Person.Membership.FORMAL,
                )
    for title in ("纪委监票员", "群众代表监票员", "邻区监票员"):
        builder.holder(root, Post.Role.SCRUTINEER, title, since)
    builder.holder(Organisation.objects.get(code=TOWN), Post.Role.CAMPAIGN_OFFICE, "镇活动办干事", since)


def accounts(cast: Cast) -> dict[str, Person]:
    """Who signs in by which login."""
    return {
        "office": cast.office,
        "office2": cast.second_office,
        "leader": cast.leader,
        "town": cast.town_secretary,
        "clerk": cast.clerk,
        "village": cast.village_secretary,
        "neighbour": cast.neighbour_secretary,
        "third": cast.third_secretary,
        "scrutineer": cast.scrutineers[0],
        "scrutineer2": cast.scrutineers[1],
        "scrutineer3": cast.scrutineers[2],
    }


def members_of(unit: Organisation, count: int) -> list[Person]:
    """The first full members of a unit who lead nothing."""
    rows = Person.objects.filter(organisation=unit, membership=Person.Membership.FORMAL).order_by("number")
    leading = holder(Post.Role.SECRETARY, unit)
    return [row for row in rows if row != leading][:count]


def find_cast() -> Cast:
    """The cast of a built district."""
    town = Organisation.objects.get(code=TOWN)
    village = Organisation.objects.get(code="00120101")
    neighbour, third = [row for row in queries.children(town) if row.pk != village.pk][:2]
    root = Organisation.objects.get(code="001")
    return Cast(
        root=root,
        office=holder(Post.Role.CAMPAIGN_OFFICE, root),
        second_office=holder(Post.Role.CAMPAIGN_OFFICE, root, 1),
        leader=holder(Post.Role.LEADER, root),
        town=town,
        town_secretary=holder(Post.Role.SECRETARY, town),
        clerk=holder(Post.Role.CAMPAIGN_OFFICE, town),
        village=village,
        village_secretary=holder(Post.Role.SECRETARY, village),
        neighbour=neighbour,
        neighbour_secretary=holder(Post.Role.SECRETARY, neighbour),
        third_secretary=holder(Post.Role.SECRETARY, third),
        scrutineers=[holder(Post.Role.SCRUTINEER, root, nth) for nth in (0, 1, 2)],
    )
