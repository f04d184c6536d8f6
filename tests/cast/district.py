"""The cast of the tests: a small, plainly fictional district, built through the real actions."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial

from django.conf import settings
from tests.cast.memory import built_once, built_upon

from zhengyou.base.time import local_day
from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns.models import Campaign, Cycle
from zhengyou.identity import actions as identity
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Organisation, Person, Post, Responsibility

PASSWORD = "a-long-test-password"
NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


@dataclass
class District:
    """A root, one town below it, four village branches below the town, and the people who run and fill them."""

    root: Organisation
    town: Organisation
    villages: list[Organisation]
    office: Person
    second_office: Person
    leader: Person
    town_secretary: Person
    secretaries: list[Person]
    members: list[Person] = field(default_factory=list)

    @property
    def everywhere(self) -> list[Organisation]:
        return [self.root, self.town, *self.villages]


def small_district(*, at: datetime = NOW, members_a_village: int = 3) -> District:
    """Build the district. Everybody's account has the password PASSWORD and the member number as login."""
    key = ("small district", at, members_a_village, *settings.PASSWORD_HASHERS)
    return built_once(key, partial(_built_district, at, members_a_village))


def _built_district(at: datetime, members_a_village: int) -> District:
    campaigns.load_pack_words(pack_id="excellence-2010", at=at, by=None)
    root = _organisation("001", "测试区委", "committee", "", None, at)
    town = _organisation("001001", "测试镇党委", "committee", "rural", root, at)
    villages = [_organisation(f"00100100{n}", f"测试{n}村党支部", "branch", "rural", town, at) for n in range(1, 5)]
    people = {
        name: _person(f"P{number:04d}", name, home, at)
        for number, (name, home) in enumerate(
            [("甲办公", root), ("乙办公", root), ("丙领导", root), ("丁书记", town)]
            + [(f"村书记{n}", village) for n, village in enumerate(villages, 1)]
        )
    }
    office, second, leader, town_secretary, *secretaries = people.values()
    day = at.date() - timedelta(days=400)
    for person, home, role in [
        (office, root, Post.Role.CAMPAIGN_OFFICE),
        (second, root, Post.Role.CAMPAIGN_OFFICE),
        (leader, root, Post.Role.LEADER),
        (town_secretary, town, Post.Role.SECRETARY),
        *[(person, home, Post.Role.SECRETARY) for person, home in zip(secretaries, villages, strict=True)],
    ]:
        organisations.appoint(person=person, organisation=home, role=role, title="", from_on=day, at=at, by=None)
        identity.open_account(person=person, login=person.number, password=PASSWORD, at=at, by=None)
    members = [
        _person(f"M{village.code[-1]}{n:03d}", f"成员{village.code[-1]}-{n}", village, at)
        for village in villages
        for n in range(members_a_village)
    ]
    district = District(root, town, villages, office, second, leader, town_secretary, secretaries, members)
    for organisation in district.everywhere:
        organisations.make_responsible(
            organisation=organisation,
            person=leader,
            tier=Responsibility.Tier.PRIMARY,
            from_on=day,
            at=at,
            by=office,
        )
    return district


def drafted_cycle(district: District, *, at: datetime = NOW, name: str = "2026年度") -> Cycle:
    """A campaign from the pack with one cycle of that calendar year, its stages set, not launched."""
    campaign = Campaign.objects.first() or campaigns.create_campaign(
        pack_id="excellence-2010",
        name="测试创先争优活动",
        theme="推动科学发展",
        aim="",
        organisation=district.root,
        basis={
            "kind": "internal-annual-assessment",
            "body": "测试区委",
            "number": "测发〔2026〕1号",
            "valid_from": date(2020, 1, 1),
            "valid_until": None,
        },
        at=at,
        by=district.office,
    )
    first, last = _free_days(campaign, at)
    cycle = campaigns.add_cycle(campaign=campaign, name=name, starts_on=first, ends_on=last, at=at, by=district.office)
    windows = dict.fromkeys([stage.id for stage in cycle.ruleset.stages], (first, last))
    campaigns.set_windows(cycle=cycle, windows=windows, at=at, by=district.office)
    return cycle


def _free_days(campaign: Campaign, at: datetime) -> tuple[date, date]:
    """The days of a cycle after all others: the rest of the year from the close of the last, or the year after it."""
    before = Cycle.objects.filter(campaign=campaign).order_by("-ends_on").first()
    if before is None:
        return date(at.year, 1, 1), date(at.year, 12, 31)
    first = local_day(before.closed_at) if before.closed_at else before.ends_on + timedelta(days=1)
    return first, date(first.year, 12, 31)


def closed_cycle(district: District, cycle: Cycle, *, at: datetime = NOW) -> Cycle:
    """The cycle, closed by both people of the office, whatever is open in it."""
    campaigns.ask_to_close(cycle=cycle, at=at, by=district.office)
    return campaigns.close_cycle(cycle=cycle, open_things=(), at=at, by=district.second_office)


def launched_cycle(district: District, *, at: datetime = NOW) -> Cycle:
    """A launched cycle of that calendar year, with its stages open all the year."""
    return built_upon(("launched cycle", at), partial(_built_cycle, district, at))


def _built_cycle(district: District, at: datetime) -> Cycle:
    cycle = drafted_cycle(district, at=at)
    campaigns.launch_cycle(cycle=cycle, why="测试启动", at=at, by=district.office)
    cycle.refresh_from_db()
    return cycle


def campaign_beneath(district: District, *, at: datetime = NOW, is_launched: bool = True) -> Cycle:
    """A campaign of the town's own, launched (or to be) beside the district's, with its stages open all the year."""
    basis = {"kind": "internal-annual-assessment", "body": "测试镇党委", "number": "镇发〔2026〕3号"}
    campaign = campaigns.create_campaign(
        pack_id="excellence-2010",
        name="测试镇争优活动",
        theme="镇里的主题",
        aim="",
        organisation=district.town,
        basis=basis | {"valid_from": date(2020, 1, 1), "valid_until": None},
        at=at,
        by=district.office,
    )
    days = {"starts_on": date(at.year, 1, 1), "ends_on": date(at.year, 12, 31)}
    cycle = campaigns.add_cycle(campaign=campaign, name="镇年度", at=at, by=district.office, **days)
    windows = dict.fromkeys([stage.id for stage in cycle.ruleset.stages], tuple(days.values()))
    campaigns.set_windows(cycle=cycle, windows=windows, at=at, by=district.office)
    if is_launched:
        campaigns.launch_cycle(cycle=cycle, why="镇启动", at=at, by=district.office)
    cycle.refresh_from_db()
    return cycle


def scrutineers(district: District, *, at: datetime = NOW) -> list[Person]:
    """Three people of the root who hold a post as scrutineer there, with accounts; made at the first call."""
    found = []
    for n in (1, 2, 3):
        person = Person.objects.filter(number=f"S000{n}").first()
        if person is None:
            person = _person(f"S000{n}", f"监票人{n}", district.root, at)
            organisations.appoint(
                person=person,
                organisation=district.root,
                role=Post.Role.SCRUTINEER,
                title="",
                from_on=at.date() - timedelta(days=400),
                at=at,
                by=None,
            )
            identity.open_account(person=person, login=person.number, password=PASSWORD, at=at, by=None)
        found.append(person)
    return found


def _organisation(
    code: str, name: str, kind: str, sector: str, parent: Organisation | None, at: datetime
) -> Organisation:
    return organisations.add_organisation(code=code, name=name, kind=kind, sector=sector, parent=parent, at=at, by=None)


def _person(number: str, name: str, home: Organisation, at: datetime) -> Person:
    return organisations.add_person(number=number, name=name, organisation=home, at=at, by=None)
