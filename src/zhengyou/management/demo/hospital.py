"""The hospital's story: a plainly fictional group of about 60 departments and 1,200 staff.

One closed cycle with its promises, result, notice and awards; one under way with promises, an open poll and a notice that runs.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from zhengyou.base.time import local_day
from zhengyou.base.words import Names
from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns.models import Campaign, Cycle
from zhengyou.management.demo import counters, leading, plans, reports, shared, wards
from zhengyou.management.demo.people import Builder
from zhengyou.management.demo.shared import Login, NoticeWords, Say, Steps, Story, holder
from zhengyou.organisations import actions as organisation_actions
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person, Post, Responsibility
from zhengyou.pledges.rules import Made
from zhengyou.polls import actions as poll_actions
from zhengyou.polls.models import Poll
from zhengyou.polls.rules import Invited

PACK = "hospital-appraisal"
CAMPUSES = {"东院区": "east campus", "南院区": "south campus", "北院区": "north campus"}
# On each campus: department, kind, sector, and what most of its staff are.
DEPARTMENTS = [
    *[(name, "department", "clinical", "doctor") for name in (
        "心内科", "呼吸科", "消化科", "神经科", "普外科", "骨科", "泌尿科", "妇产科", "儿科", "急诊科")],
    *[(name, "department", "technical", "technician") for name in ("检验科", "影像科", "超声科")],
    *[(name, "nursing-unit", "nursing", "nurse") for name in ("一病区", "二病区", "三病区", "手术室")],
]  # fmt: skip
OFFICES = [
    *[(name, "office", "administration", "administrator") for name in ("医务处", "护理处", "人事处", "财务处", "质管处")],
    *[(name, "office", "support", "support") for name in ("设备处", "物资处", "膳食中心", "保洁中心")],
]  # fmt: skip
POOLS: dict[str, Names] = {
    "staff": {"zh-hans": "职工", "en": "Staff"},
    "management": {"zh-hans": "管理层", "en": "Management"},
}
PATIENTS: Names = {"zh-hans": "患者", "en": "Patients"}
FAMILY, GIVEN = "林何罗高郑", "秋山田雨晴川云"  # of invented patients
TELLING = shared.Telling(
    name_en="Yearly appraisal of the demo hospital group",
    theme_en="Patients first, better every year",
    words=(
        "患者把身体交给我们，我们就该听见他们的话。今年的考评，职工匿名评，患者也评；结果和算法都公开，谁都可以重新计票。\n"
        "考评不是为了排座次，而是为了知道哪里该改。"
    ),
    speaker="演示医院集团院长",
    opinion="一、考评对象：各院区临床科室。\n二、方式：职工、管理层、患者分别匿名测评。\n三、结果公示五个工作日，接受异议。",
    asked_of_you="职工和患者：测评开放的一周内，凭代码花十分钟打分，一人一次，无人知道是谁打的。",
    documents=(
        ("关于开展年度考评工作的通知（虚构）", "演卫发〔2025〕3号", "演示市卫生健康委员会"),
        ("关于改善患者就医体验的意见（虚构）", "演卫发〔2025〕8号", "演示市卫生健康委员会"),
    ),
)
# Names that stay true when the next year has begun: they stand on honours and certificates.
LAST_YEAR: Names = {"zh-hans": "第一年度", "en": "First year"}
THIS_YEAR: Names = {"zh-hans": "第二年度", "en": "Second year"}
TITLE, SERVICE = "优秀科室", "优质服务科室"
DECIDED = "集团院务会审定"
NOTICE = NoticeWords(
    title="优秀科室候选名单公示",
    route="匿名测评，考评办公室审核，集团院务会研究",
    receiving_body="演示医院集团考评办公室",
    address="演示路一号",
    deciding_body="演示医院集团院务会",
    decision_number="演医〔{year}〕6号",
    reasons="公示期满无异议，经集团院务会研究决定。",
)
SERVED_WELL = NoticeWords(
    title="优质服务科室候选名单公示",
    route="科室自荐、患者来信来电，考评办公室到场核实，集团院务会研究；不按测评得分",
    receiving_body=NOTICE.receiving_body,
    address=NOTICE.address,
    deciding_body=NOTICE.deciding_body,
    decision_number="演医〔{year}〕19号",
    reasons=NOTICE.reasons,
)
# What each clinical department is put forward for; by its name without that of the campus.
DEEDS = {
    "心内科": "胸痛患者进门十分钟内做完心电图；出院时当面讲清用药。",
    "呼吸科": "肺功能检查从约三天改为当天做，每月公布等候时间。",
    "消化科": "胃肠镜预约时一次讲清怎样准备，因准备不足白跑的少了一半。",
    "神经科": "卒中患者由一名护士全程陪同检查，家属不用自己找路。",
    "普外科": "手术前一天由主刀医生当面说明，家属可以录音带回。",
    "骨科": "术后第一天康复师到床边，出院带走一张训练图。",
    "泌尿科": "碎石门诊增开周六，等候从九天降到四天。",
    "妇产科": "产检预约分到半小时，孕妇平均少等二十五分钟。",
    "儿科": "夜间门诊增加一名医生，发热患儿先测体温再排队。",
    "急诊科": "分诊台两分钟内接待，等候时间每十分钟更新一次。",
}
SERVICE_DEEDS = {
    "南检验科": "普通检查九成当天出报告，手机上也能查；检修日提前三天写明。",
    "南骨科": "会诊前先在屏幕上说明，复诊患者单独排队，来信表扬七次。",
    "东一病区": "夜灯全部装好，四个月里没有患者夜间跌倒；扶手缺件时夜里多巡一次。",
}


@dataclass(frozen=True)
class Size:
    """How large a group is built, and how many vote in the closed poll and in the open one, by group of raters."""

    campuses: int = len(CAMPUSES)
    departments: tuple[tuple[str, str, str, str], ...] = tuple(DEPARTMENTS)
    offices: int = len(OFFICES)
    staff: int = 19  # of a department, beside its head
    closed: tuple[int, int, int] = (80, 60, 70)
    opened: tuple[int, int, int] = (60, 20, 24)


WHOLE = Size()
SMALLEST_TOLD = 10  # people of a department, of whom a score can be told


@dataclass
class Staff:
    """The people whose logins the terminal prints, and the places they act for."""

    root: Organisation
    office: Person
    second_office: Person
    leader: Person
    department: Organisation
    head: Person
    beside: Organisation
    head_beside: Person
    third_head: Person
    scrutineers: list[Person]


def build_group(at: datetime, size: Size = WHOLE) -> Organisation:
    """The whole tree with its staff; returns its root."""
    builder, since, campuses = Builder(at, "Y", floating=0), local_day(at), list(CAMPUSES)[: size.campuses]
    root = builder.organisation(None, "演示医院集团", "hospital-group", "", "H")
    leader = builder.holder(root, Post.Role.LEADER, "院长", since)
    builder.holder(root, Post.Role.CAMPAIGN_OFFICE, "考评办公室主任", since)
    builder.holder(root, Post.Role.CAMPAIGN_OFFICE, "考评办公室副主任", since)
    for title in ("职工代表监票员", "外聘监票员", "上级医院监票员"):
        builder.holder(root, Post.Role.SCRUTINEER, title, since)
    for campus in campuses:
        builder.holder(root, Post.Role.LEADER, f"副院长（分管{campus}）", since)
    _answer(root, leader, at)
    for n, office in enumerate(OFFICES[: size.offices], 1):
        _department(builder, root, office, f"H0{n:02d}", size.staff)
    for n, campus in enumerate(campuses, 1):
        above = builder.organisation(root, campus, "campus", "", f"H{n}")
        _answer(above, builder.holder(above, Post.Role.SECRETARY, "院区主任", since), at)
        for m, department in enumerate(size.departments, 1):
            _department(builder, above, department, f"H{n}{m:02d}", size.staff)
    return root


def _department(builder: Builder, above: Organisation, about: tuple[str, str, str, str], code: str, staff: int) -> None:
    name, kind, sector, post_kind = about
    place = "" if above.parent_id is None else above.name.removesuffix("院区")
    row = builder.organisation(above, f"{place}{name}", kind, sector, code)
    head = builder.holder(
        row, Post.Role.SECRETARY, "护士长" if kind == "nursing-unit" else "主任", local_day(builder.at)
    )
    _answer(row, head, builder.at)
    for nth in range(staff):
        is_new = builder.random.random() < 0.05
        builder.person(
            row,
            membership=Person.Membership.PROBATIONARY if is_new else Person.Membership.FORMAL,
            post_kind="nurse" if sector == "clinical" and nth % 2 else post_kind,
        )


def _answer(organisation: Organisation, person: Person, at: datetime) -> None:
    organisation_actions.make_responsible(
        organisation=organisation,
        person=person,
        tier=Responsibility.Tier.PRIMARY,
        from_on=local_day(at),
        at=at,
        by=None,
    )


def find_staff() -> Staff:
    """The people of a built group."""
    root = Organisation.objects.get(code="H")
    department = Organisation.objects.get(code="H101")
    assert department.parent is not None
    beside, third = [row for row in organisations.children(department.parent) if row.pk != department.pk][:2]
    return Staff(
        root=root,
        office=holder(Post.Role.CAMPAIGN_OFFICE, root),
        second_office=holder(Post.Role.CAMPAIGN_OFFICE, root, 1),
        leader=holder(Post.Role.LEADER, root),
        department=department,
        head=holder(Post.Role.SECRETARY, department),
        beside=beside,
        head_beside=holder(Post.Role.SECRETARY, beside),
        third_head=holder(Post.Role.SECRETARY, third),
        scrutineers=[holder(Post.Role.SCRUTINEER, root, nth) for nth in (0, 1, 2)],
    )


def begin_campaign(staff: Staff, now: datetime) -> Campaign:
    """The yearly appraisal of the whole group, from the pack."""
    day = local_day(now)
    campaign = campaigns.create_campaign(
        pack_id=PACK,
        name="演示医院集团年度考评",
        theme="以患者为中心，年年有改进",
        aim="",
        organisation=staff.root,
        basis={
            "kind": "internal-annual-assessment",
            "body": "演示医院集团理事会",
            "number": f"演医〔{day.year - 2}〕1号",
            "valid_from": day - timedelta(days=900),
            "valid_until": day + timedelta(days=900),
        },
        at=now - timedelta(days=420),
        by=staff.office,
    )
    return shared.tell(campaign, TELLING, now - timedelta(days=419), staff.office)


def closed_cycle(campaign: Campaign, staff: Staff, now: datetime, say: Say, size: Size = WHOLE) -> None:
    """Last year's cycle: a poll about one campus, its result, a notice, awards, the end."""
    day = local_day(now)
    days = (day - timedelta(days=400), day - timedelta(days=130))
    windows = dict.fromkeys(("promise", "fulfil", "appraise", "recognise"), days)
    cycle = shared.launch(campaign, LAST_YEAR, windows, None, DECIDED, now - timedelta(days=399), staff.office)
    say("what two departments promised, and how it ended")
    wards.last_year(cycle, now - timedelta(days=390))
    say("a poll about the departments of a campus with three pools, one of patients, voted, closed, counted")
    poll = _poll(cycle, staff, "H1", size.closed, now - timedelta(days=300))
    turnout = dict(zip(size.closed, (0.95, 0.9, 0.8), strict=True))
    opened = shared.open_and_vote(poll, staff, poll.opens_at, turnout, spread=0.7, seed=60, say=say)
    closed = shared.count(opened, staff)
    say("a notice of candidates, five working days, awards")
    deeds = {row: DEEDS[row.name[1:]] for row in shared.best(closed, 3)}
    announced = opened.closes_at + timedelta(days=10)
    selection = shared.announce(cycle, staff, TITLE, deeds, NOTICE, announced)
    shared.commend(selection, staff, NOTICE, announced + timedelta(days=21))
    shared.close(cycle, staff, now - timedelta(days=130))


def cycle_under_way(campaign: Campaign, staff: Staff, now: datetime, say: Say, size: Size = WHOLE) -> None:
    """This year's cycle: a poll in which half of the voters have voted, and a notice published yesterday."""
    day = local_day(now)
    windows = {
        "promise": (day - timedelta(days=120), day + timedelta(days=20)),
        "fulfil": (day - timedelta(days=120), day + timedelta(days=120)),
        "appraise": (day - timedelta(days=120), day + timedelta(days=60)),
        "recognise": (day - timedelta(days=30), day + timedelta(days=120)),
    }
    begun = now - timedelta(days=119)
    cycle = shared.launch(campaign, THIS_YEAR, windows, None, DECIDED, begun, staff.office, wards.CENTRAL_WORK)
    lead(campaign, staff, now - timedelta(days=118))
    carry(cycle, staff, now - timedelta(days=117))
    say("a plan that a remark of the public changed")
    plans.adopted(cycle, staff.root, staff.office, staff.office, plans.HOSPITAL, now)
    say("promises of departments and of their staff, with what patients say")
    wards.this_year(cycle, staff.office, now)
    say("two service windows with marks of five weeks")
    counters.open_counters(counters.HOSPITAL, staff.office, now)
    say("cases that patients reported")
    _report_cases(cycle, staff, now)
    say("an open poll that you can vote in")
    poll = _poll(cycle, staff, "H2", size.opened, now - timedelta(days=1))
    half = dict.fromkeys(size.opened, 0.5)
    shared.open_and_vote(poll, staff, poll.opens_at, half, spread=0.6, seed=61, say=say)
    if size.staff >= SMALLEST_TOLD:
        people_of_a_department(cycle, staff, now, say)
    deeds = {row: SERVICE_DEEDS[row.name] for row in Organisation.objects.filter(name__in=SERVICE_DEEDS)}
    shared.announce(cycle, staff, SERVICE, deeds, SERVED_WELL, now - timedelta(days=1))


def _report_cases(cycle: Cycle, staff: Staff, now: datetime) -> None:
    readers = staff.scrutineers[0], staff.scrutineers[1]
    hands = reports.Hands(
        staff.office, staff.second_office, staff.department, staff.head, staff.beside, readers, staff.root
    )
    reports.tell(cycle, hands, reports.HOSPITAL, now)
    reports.tell_elsewhere(cycle, hands, now)


def lead(campaign: Campaign, staff: Staff, at: datetime) -> None:
    """The leading group; the deputy of each campus looks after its departments, one of three has nobody."""
    campuses = sorted(
        (row for row in organisations.children(staff.root) if row.kind == "campus"), key=lambda row: row.code
    )
    deputies = [shared.holder(Post.Role.LEADER, staff.root, nth) for nth, _campus in enumerate(campuses, 1)]
    below = [(deputy, f"副院长（分管{row.name}）") for row, deputy in zip(campuses, deputies, strict=True)]
    heads = [(shared.holder(Post.Role.SECRETARY, row), f"{row.name}主任") for row in campuses]
    group = [(staff.leader, "院长"), *below, *heads]
    office = [(staff.office, "考评办公室主任"), (staff.second_office, "考评办公室副主任")]
    leading.form_teams(campaign, group, office, {"数据组": "核对名册和测评数据"}, at, staff.office)
    pairs = [(staff.leader, staff.department)]
    for nth, campus in enumerate(campuses):
        others = [row for row in organisations.children(campus) if row.pk != staff.department.pk]
        pairs += [(deputies[nth], row) for place, row in enumerate(others) if place % 3]
    leading.give_units(campaign, pairs, at, staff.office)


CARRIERS = {
    "quality-circle": ("品管圈", "每个科室每季度选一个问题，量出前后变化。", "今年先选等候时间。"),
    "skills-contest": ("岗位练兵", "每月一次急救演练，结果贴在科室里。", "今年起演练由邻近科室打分。"),
}


def carry(cycle: Cycle, staff: Staff, at: datetime) -> None:
    """Two carriers over the campuses and some offices, and a department as an example."""
    example = (staff.department, "连续两季度等候时间下降", "集团理事会")
    leading.begin_carriers(cycle, CARRIERS, organisations.children(staff.root)[:-1], example, at, staff.office)


def people_of_a_department(cycle: Cycle, staff: Staff, now: datetime, say: Say) -> None:
    """Doctors and nurses who committed in public were appraised; one of them signs in as `member` and reads the result."""
    say("doctors and nurses of a department who committed in public are appraised; each reads their own result")
    name = {
        "zh-hans": f"{staff.department.name}医护人员测评",
        "en": f"Appraisal of doctors and nurses, {staff.department.name}",
    }
    made = Made(local_day(now) - timedelta(days=40), "科室全体会议", "会议记录第2号")
    opens = now - timedelta(days=12)
    rated = shared.appraise_people(cycle, staff, staff.department, name, made, opens, 62, say)
    shared.open_accounts({"member": next(one for one in rated if one.pk != staff.head.pk)}, now)


def _poll(cycle: Cycle, staff: Staff, campus: str, sizes: tuple[int, int, int], opens: datetime) -> Poll:
    """A poll about the clinical departments of a campus, with pools of these sizes by group of raters."""
    place = Organisation.objects.get(code=campus)
    name = {
        "zh-hans": f"{place.name}临床科室测评",
        "en": f"Appraisal of the clinical departments, {CAMPUSES[place.name]}",
    }
    poll = shared.plan(cycle, staff, _departments(campus, "clinical"), name, opens)
    heads = Post.objects.filter(role=Post.Role.SECRETARY).values("person")
    everybody = organisations.members_of(organisations.subtree(place))
    people = {
        "staff": list(everybody.exclude(pk__in=heads)),
        "management": list(Person.objects.filter(pk__in=heads).order_by("number")),
    }
    *of_members, patients = sizes
    for group, size in zip(POOLS, of_members, strict=True):
        random.Random(size).shuffle(people[group])
        poll_actions.add_pool(
            poll=poll, name=POOLS[group], people=people[group][:size], rater_group=group, at=opens, by=staff.office
        )
    guests = [Invited(name, f"门诊号{n:06d}") for n, name in enumerate(_patients(patients), 1)]
    given: dict[str, Any] = {"people": [], "guests": guests, "rater_group": "patients", "at": opens, "by": staff.office}
    poll_actions.add_pool(poll=poll, name=PATIENTS, **given)
    return poll


def _patients(count: int) -> list[str]:
    """Invented names; their contact is a number of a card, to whose holder a letter is handed."""
    return [
        f"{FAMILY[n % len(FAMILY)]}{GIVEN[n % len(GIVEN)]}{GIVEN[n // len(GIVEN) % len(GIVEN)]}" for n in range(count)
    ]


def _departments(campus: str, sector: str) -> list[Organisation]:
    return list(organisations.subtree(Organisation.objects.get(code=campus)).filter(sector=sector))


def steps(now: datetime, say: Say) -> Steps:
    """The hospital's steps in their order."""

    def tree() -> None:
        campaigns.load_pack_words(pack_id=PACK, at=now, by=None)
        build_group(now.replace(year=now.year - 2, month=1, day=1))
        staff = find_staff()
        first, second, third = staff.scrutineers
        people = {"office": staff.office, "office2": staff.second_office, "leader": staff.leader, "head": staff.head}
        people |= {"neighbour": staff.head_beside, "third": staff.third_head}
        shared.open_accounts({**people, "scrutineer": first, "scrutineer2": second, "scrutineer3": third}, now)
        say(f"{Organisation.objects.count()} organisations, {Person.objects.count()} staff")

    def last_year() -> None:
        staff = find_staff()
        closed_cycle(begin_campaign(staff, now), staff, now, say)

    def this_year() -> None:
        cycle_under_way(Campaign.objects.get(), find_staff(), now, say)

    return {"hospital group": tree, "closed cycle": last_year, "cycle under way": this_year}


def logins() -> list[Login]:
    """Who can be played."""
    staff = find_staff()
    scrutineers = ", ".join(person.name for person in staff.scrutineers)
    return [
        Login("appraisal office", "office", staff.office.name),
        Login("office, second person", "office2", staff.second_office.name),
        Login("hospital leader", "leader", staff.leader.name),
        Login("head of a department", "head", f"{staff.head.name}, {staff.department.name}"),
        Login("head of the department beside it", "neighbour", f"{staff.head_beside.name}, {staff.beside.name}"),
        Login("head of a third department", "third", f"{staff.third_head.name}, {staff.third_head.organisation.name}"),
        Login("staff member", "member", f"of {staff.department.name}: reads what was said of them, under “My ballots”"),
        Login("scrutineers", "scrutineer, scrutineer2, scrutineer3", f"{scrutineers} (two signed last year’s recount)"),
        Login("anybody else", "", ""),
    ]


STORY = Story(
    pack=PACK,
    place="The demo hospital group",
    steps=steps,
    logins=logins,
    office=lambda: find_staff().office,
    to_try=(
        "Promise: sign in as head at {address}/desk/ , explain what was not kept, answer what patients doubt; review as leader.",
        "Vote: open the first staff member’s link on your phone or here, grade, cast. Then look at {address}/booth/",
        "Doubt: open last year’s result on {address}/booth/, download its record, change a byte, verify.",
        "Compare: choose a department on last year’s result; its card says whom it cannot be told from.",
        "Read in: sign in as office at {address}/office/organisations/import/ , take the staff list away, change it, read it in.",
        "Begin anew: sign in as office at {address}/office/campaigns/new/ and look at what each pack would bring.",
    ),
)
