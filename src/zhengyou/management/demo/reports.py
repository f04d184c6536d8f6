"""The demo's cases: one just reported, some on their way, one closed by its reporter after it was opened again, one that goes around."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from zhengyou.campaigns.models import Cycle
from zhengyou.cases import actions, effects, guarding, pausing, reporting
from zhengyou.cases.models import Case
from zhengyou.management.demo import shared
from zhengyou.organisations.models import Organisation, Person, Post

DAY = timedelta(days=1)
PHONE = "0745-0000000"  # no such number


@dataclass(frozen=True)
class Reported:
    """What somebody reports, the text that its unit reads, and what comes of it: said on the telephone, or in public by the unit."""

    words: str
    text: str = ""
    told: str = ""
    answer: str = ""


@dataclass(frozen=True)
class ReportWords:
    """What people report, by kind of the pack, each in words of its own, and what is done about it. All is invented."""

    kinds: tuple[str, str]
    around: str
    new: Reported
    closed: Reported
    again: Reported
    fixed: Reported
    passed: Reported
    asked: Reported
    late: Reported
    guarded: Reported


DISTRICT = ReportWords(
    kinds=("delay", "buck-passing"),
    around="misconduct",
    new=Reported("低保材料交上去二十天没有回音，打电话说经办人下乡了，什么时候回来也不知道。"),
    closed=Reported(
        "村口的路灯坏了半个月，晚上老人不敢出门，说了两次没人修。",
        "村口路灯坏了，请查看并修好。",
        "已报修，三天内派人来换。",
        "路灯已换，并贴出报修电话。",
    ),
    again=Reported("只亮了三盏，靠学校那边还是黑的。", answer="剩下的两盏也换好了，晚上逐盏看过。"),
    fixed=Reported(
        "村部厕所的水管一直漏，地上总是湿的，昨天有人滑了一跤。",
        "村部厕所水管漏水，请尽快修理。",
        "",
        "水管已换，地面铺了防滑垫。",
    ),
    passed=Reported(
        "水渠塌了一段，村里说归镇里修，镇里说归村里修，问了一个月没有结果。",
        "有一段水渠损坏，请确认由谁负责并修复。",
        "",
        "损坏的这一段在邻村，由邻村管护。",
    ),
    asked=Reported(
        "进村路边的灯杆锈得厉害，有两根已经歪了，刮大风时不敢从下面走。",
        "村道灯杆锈蚀倾斜，请处理。",
        "",
        "更换全部灯杆需要镇里列入预算，今年没有这笔钱。",
    ),
    late=Reported(
        "申请低保，村里让去镇里问，镇里让回村里等，前后跑了五趟。",
        "有一份低保申请久未答复，请查看办理。",
        "材料补一份身份证复印件，三天内办结。",
    ),
    guarded=Reported("有人收了修路的好处费，请查一查。"),
)
HOSPITAL = ReportWords(
    kinds=("waiting", "attitude"),
    around="misconduct",
    new=Reported("预约九点，等到十一点半才叫号，中间没有人说明。"),
    closed=Reported(
        "做检查要先后排三次队，老人站不住，旁边也没有坐的地方。",
        "检查需要多次排队，请改进流程。",
        "流程下周调整，先在门口加座椅。",
        "三次排队并成一次，门口加了座椅。",
    ),
    again=Reported("座椅第二天就撤走了。", answer="座椅已固定在门口，每天检查。"),
    fixed=Reported(
        "按预约时间来，前面还有二十几个人，护士说预约的和现场的排在一起。",
        "按预约来的人等得太久，请改进。",
        "",
        "预约和现场挂号已分开叫号。",
    ),
    passed=Reported(
        "换药时护士让去找医生，医生又让回来找护士，谁也不肯多说一句。",
        "换药由谁负责说法不一，态度也不好，请明确并答复。",
        "",
        "换药由病区护士做，几点换、由谁换，请病区说明。",
    ),
    asked=Reported(
        "这个门诊每周只开两个上午，排上号要等十多天。",
        "门诊开得太少，候诊时间长，请研究解决。",
        "",
        "再开一间诊室需要增加一名医生，本院区没有编制。",
    ),
    late=Reported(
        "去改预约，窗口的人头也不抬，说自己看墙上的纸，纸上根本没有写。",
        "有人反映更改预约时答复生硬，请改进。",
        "今后有人当面说明怎样改预约。",
    ),
    guarded=Reported("有位医生让患者到院外一家药店买药，说那里便宜。"),
)

# Cases of other departments, by the department's code: the kind, what was reported and answered, and whether its reporter closed it.
ELSEWHERE = (
    (
        "H204",
        "surroundings",
        True,
        Reported(
            "三楼卫生间的扶手松了，母亲扶的时候差点摔倒。",
            "卫生间一处扶手不稳，请尽快固定。",
            "今天就派人去看。",
            "扶手当天换新，同层其余七处也查过。",
        ),
    ),
    (
        "H211",
        "waiting",
        True,
        Reported(
            "抽血的队排到了电梯口，站了五十分钟，窗口只开了两个。",
            "早上抽血等候太长，请想办法分流。",
            "已请检验科商量增开窗口。",
            "七点到九点增开两个窗口，屏幕上写明前面还有几位。",
        ),
    ),
    (
        "H306",
        "surroundings",
        False,
        Reported(
            "去放射科的指示牌走到一半就没有了，推着轮椅来回绕了两趟。",
            "院内导向标识不连贯，请逐段核对并补齐。",
            "已请科室核对整条路线。",
        ),
    ),
)


@dataclass(frozen=True)
class Hands:
    """Who acts: both people of the office, the unit with whoever leads it, a second unit, and the two who read what goes around its
    target, who are neither of the office nor answer for anything.
    """

    office: Person
    second_office: Person
    unit: Organisation
    head: Person
    second: Organisation
    readers: tuple[Person, Person]
    top: Organisation


def tell(cycle: Cycle, hands: Hands, said: ReportWords, now: datetime) -> None:
    """All of it, in the order in which it would have happened."""
    first, second = said.kinds
    _closed_after_it_was_opened_again(cycle, hands, said, now - 24 * DAY)
    fixed = _given(cycle, hands, first, said.fixed, now - 4 * DAY)
    actions.say_fixed(case=fixed, says=said.fixed.answer, at=now - 2 * DAY, by=hands.head)
    passed = _given(cycle, hands, second, said.passed, now - 3 * DAY)
    actions.pass_on(case=passed, to=hands.second, words=said.passed.answer, at=now - 2 * DAY, by=hands.head)
    asked = _given(cycle, hands, first, said.asked, now - 3 * DAY)
    actions.say_impossible(case=asked, lacks="means", words=said.asked.answer, at=now - DAY, by=hands.head)
    late = _given(cycle, hands, second, said.late, now - 16 * DAY, contact=PHONE)
    pausing.call_back(case=late, words=said.late.told, at=now - 15 * DAY, by=hands.office)
    _received(cycle, hands.unit, first, said.new, now - DAY)
    for person in hands.readers:
        row = guarding.name_reader(organisation=hands.top, person=person, at=now - 30 * DAY, by=hands.office)
        guarding.confirm_reader(reader=row, at=now - 30 * DAY, by=hands.second_office)
    _received(cycle, hands.unit, said.around, said.guarded, now - DAY)
    effects.settle(at=now)


def tell_elsewhere(cycle: Cycle, hands: Hands, now: datetime) -> None:
    """What was reported of other departments, as far as this house has them: put right and closed, or in hand."""
    for nth, (code, kind, is_closed, said) in enumerate(ELSEWHERE):
        for unit in Organisation.objects.filter(code=code):
            there = replace(hands, unit=unit, head=shared.holder(Post.Role.SECRETARY, unit))
            at = now - (12 - 3 * nth) * DAY
            row = _given(cycle, there, kind, said, at, contact=PHONE)
            row = pausing.call_back(case=row, words=said.told, at=at + DAY, by=hands.office)
            if is_closed:
                row = actions.say_fixed(case=row, says=said.answer, at=at + 2 * DAY, by=there.head)
                reporting.give_verdict(case=row, verdict="solved", goes_on=False, at=at + 4 * DAY)
    effects.settle(at=now)


def _closed_after_it_was_opened_again(cycle: Cycle, hands: Hands, said: ReportWords, at: datetime) -> None:
    row = _given(cycle, hands, said.kinds[0], said.closed, at, contact=PHONE)
    row = pausing.call_back(case=row, words=said.closed.told, at=at + DAY, by=hands.office)
    row = actions.say_fixed(case=row, says=said.closed.answer, at=at + 3 * DAY, by=hands.head)
    row = reporting.give_verdict(case=row, verdict="not_solved", goes_on=True, words=said.again.words, at=at + 4 * DAY)
    row = actions.say_fixed(case=row, says=said.again.answer, at=at + 6 * DAY, by=hands.head)
    reporting.give_verdict(case=row, verdict="solved", goes_on=False, at=at + 7 * DAY)


def _given(cycle: Cycle, hands: Hands, kind: str, said: Reported, at: datetime, contact: str = "") -> Case:
    row = _received(cycle, hands.unit, kind, said, at - DAY, may_show=True, contact=contact)
    return actions.assign_case(case=row, to=hands.unit, target_text=said.text, shows=True, at=at, by=hands.office)


def _received(
    cycle: Cycle,
    unit: Organisation,
    kind: str,
    said: Reported,
    at: datetime,
    *,
    may_show: bool = False,
    contact: str = "",
) -> Case:
    taken = actions.receive_case(
        kind=kind,
        unit=unit,
        words=said.words,
        contact=contact,
        source=Case.Source.REPORT,
        cycle=cycle,
        may_show=may_show,
        ticket=uuid.uuid4(),
        at=at,
    )
    return taken.case
