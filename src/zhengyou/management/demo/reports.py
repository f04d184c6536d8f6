"""The demo's cases: one just reported, some on their way, one closed by its reporter after it was opened again, one that goes around."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from zhengyou.campaigns.models import Cycle
from zhengyou.cases import actions, effects, guarding, pausing, reporting
from zhengyou.cases.models import Case
from zhengyou.organisations.models import Organisation, Person

DAY = timedelta(days=1)
PHONE = "0745-0000000"  # no such number


@dataclass(frozen=True)
class ReportWords:
    """What people report, by kind of the pack, each with the text that its unit reads, and what is done about it. All is invented."""

    kinds: tuple[str, str]
    around: str
    new: tuple[str, str]
    shown: tuple[str, str]
    done: str
    again: str
    told: str
    lacking: str
    guarded: str


DISTRICT = ReportWords(
    kinds=("delay", "buck-passing"),
    around="misconduct",
    new=(
        "低保材料交上去二十天没有回音，打电话说经办人下乡了，什么时候回来也不知道。",
        "有一份低保申请久未答复，请查看办理。",
    ),
    shown=("村口的路灯坏了半个月，晚上老人不敢出门，说了两次没人修", "村口路灯坏了，请查看并修好。"),
    done="路灯已换，并贴出报修电话。",
    again="只亮了三盏，靠学校那边还是黑的。",
    told="材料补一份身份证复印件，三天内办结。",
    lacking="更换全部灯杆需要镇里列入预算，今年没有这笔钱。",
    guarded="有人收了修路的好处费，请查一查。",
)
HOSPITAL = ReportWords(
    kinds=("waiting", "attitude"),
    around="misconduct",
    new=("预约九点，等到十一点半才叫号，中间没有人说明。", "按预约来的人等得太久，请改进。"),
    shown=("做检查要先后排三次队，老人站不住", "检查需要三次排队，请改进流程。"),
    done="三次排队并成一次，门口加了座椅。",
    again="座椅第二天就撤走了。",
    told="今后超过半小时会有人说明原因。",
    lacking="再开一间诊室需要增加一名医生，本院区没有编制。",
    guarded="有人让患者到指定药店买药。",
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
    fixed = _given(cycle, hands, first, said.shown, now - 4 * DAY)
    actions.say_fixed(case=fixed, says=said.done, at=now - 2 * DAY, by=hands.head)
    passed = _given(cycle, hands, second, (f"{said.new[0]}（转来转去）", said.new[1]), now - 3 * DAY)
    actions.pass_on(case=passed, to=hands.second, words="不属于本单位职责。", at=now - 2 * DAY, by=hands.head)
    asked = _given(cycle, hands, first, (f"{said.shown[0]}，换新的", said.shown[1]), now - 3 * DAY)
    actions.say_impossible(case=asked, lacks="means", words=said.lacking, at=now - DAY, by=hands.head)
    words = (f"{said.new[0]}（第二次）", said.new[1])
    late = _given(cycle, hands, second, words, now - 16 * DAY, contact=PHONE)
    pausing.call_back(case=late, words=said.told, at=now - 15 * DAY, by=hands.office)
    _received(cycle, hands.unit, first, said.new[0], now - DAY)
    for person in hands.readers:
        row = guarding.name_reader(organisation=hands.top, person=person, at=now - 30 * DAY, by=hands.office)
        guarding.confirm_reader(reader=row, at=now - 30 * DAY, by=hands.second_office)
    _received(cycle, hands.unit, said.around, said.guarded, now - DAY)
    effects.settle(at=now)


def _closed_after_it_was_opened_again(cycle: Cycle, hands: Hands, said: ReportWords, at: datetime) -> None:
    row = _given(cycle, hands, said.kinds[0], said.shown, at, contact=PHONE)
    row = pausing.call_back(case=row, words=said.told, at=at + DAY, by=hands.office)
    row = actions.say_fixed(case=row, says=said.done, at=at + 3 * DAY, by=hands.head)
    row = reporting.give_verdict(case=row, verdict="not_solved", goes_on=True, words=said.again, at=at + 4 * DAY)
    row = actions.say_fixed(case=row, says=said.done, at=at + 6 * DAY, by=hands.head)
    reporting.give_verdict(case=row, verdict="solved", goes_on=False, at=at + 7 * DAY)


def _given(cycle: Cycle, hands: Hands, kind: str, said: tuple[str, str], at: datetime, contact: str = "") -> Case:
    row = _received(cycle, hands.unit, kind, said[0], at - DAY, may_show=True, contact=contact)
    return actions.assign_case(case=row, to=hands.unit, target_text=said[1], shows=True, at=at, by=hands.office)


def _received(
    cycle: Cycle, unit: Organisation, kind: str, words: str, at: datetime, *, may_show: bool = False, contact: str = ""
) -> Case:
    taken = actions.receive_case(
        kind=kind,
        unit=unit,
        words=words,
        contact=contact,
        source=Case.Source.REPORT,
        cycle=cycle,
        may_show=may_show,
        ticket=uuid.uuid4(),
        at=at,
    )
    return taken.case
