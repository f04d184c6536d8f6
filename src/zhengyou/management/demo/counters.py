"""The demo's service windows: some weeks of marks, a few words, a case, slips with codes, and one day that looks odd."""

import random
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from zhengyou.base import codes
from zhengyou.base.time import local_day
from zhengyou.management.demo.shared import holder
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.remarks import actions as remarks
from zhengyou.remarks.rules import Arrival
from zhengyou.windows import actions
from zhengyou.windows.models import ServicePoint

STEPS = ("very-satisfied", "satisfied", "middling", "dissatisfied", "very-dissatisfied")
REASONS = ("waiting", "explained", "papers", "manner", "outcome")
WEEKS = 5
DAYS_A_WEEK = 4


@dataclass(frozen=True)
class Counter:
    """A window of the demo: its words, how its marks fall on the five steps, how many come a day, and what people write."""

    code: str
    name: str
    what: str
    place: str
    falls: tuple[int, int, int, int, int]
    a_day: int
    said: tuple[tuple[str, str], ...] = ()
    has_slips: bool = False


DISTRICT = (
    Counter(
        "00130114", "3号综合窗口", "社保登记、老年证、居住证明", "区政务中心一楼大厅", (9, 6, 3, 2, 1), 6,
        (
            ("very-satisfied", "材料少了一样，工作人员当场帮我打印好了"),
            ("middling", "办得快，就是叫号屏的字太小，老人看不清"),
            ("dissatisfied", "排队一个半小时，轮到我时说系统坏了，没人说什么时候能好"),
        ),
        has_slips=True,
    ),
    Counter("00130207", "门诊挂号处", "现场挂号、退号", "区医院门诊楼", (5, 6, 4, 3, 2), 4,
            (("satisfied", "志愿者教会了我用自助机"),)),
    Counter("00120101", "便民服务点", "代办证明、代缴费", "村部", (6, 3, 1, 1, 0), 1),
)  # fmt: skip
HOSPITAL = (
    Counter("H1", "一站式服务台", "预约、盖章、病历复印", "门诊大厅", (6, 6, 3, 2, 1), 5,
            (("very-satisfied", "病历复印不用再跑两趟了"),), has_slips=True),
    Counter("H2", "门诊收费处", "缴费、退费", "门诊楼一层", (4, 5, 4, 3, 1), 3),
)  # fmt: skip


def open_counters(counters: tuple[Counter, ...], office: Person, now: datetime) -> list[ServicePoint]:
    """Open them six weeks ago, and let people mark the service since; the office looks at their words."""
    dice = random.Random(18)
    return [_opened(one, office, now, dice) for one in counters]


def _opened(one: Counter, office: Person, now: datetime, dice: random.Random) -> ServicePoint:
    unit, begun = Organisation.objects.get(code=one.code), now - timedelta(days=7 * (WEEKS + 1))
    by = holder(Post.Role.SECRETARY, unit)
    point = actions.open_point(
        organisation=unit, name=one.name, what=one.what, place=one.place, closes_at=None, opened_on=local_day(begun), at=begun, by=by,
    )  # fmt: skip
    slips = [codes.fresh() for _n in range(80)] if one.has_slips else []
    if slips:
        actions.add_codes(point=point, made=slips, at=begun, by=office)
    for day in range(WEEKS * DAYS_A_WEEK):
        at = begun + timedelta(days=day // DAYS_A_WEEK * 7 + day % DAYS_A_WEEK)
        for n in range(one.a_day):
            _mark(point, one, at + timedelta(minutes=37 * n), dice, slips.pop() if slips and n == 0 else "")
    for step, words in one.said:
        given = _give(point, step, now - timedelta(days=4), words=words)
        if given.remark:
            remarks.show_remarks(remarks=[given.remark], at=now - timedelta(days=3), by=office)
    if one.has_slips:
        _odd_day(point, now - timedelta(days=2))
    return point


def _mark(point: ServicePoint, one: Counter, at: datetime, dice: random.Random, code: str) -> None:
    [step] = dice.choices(STEPS, one.falls)
    reasons = [dice.choice(REASONS)] if dice.random() < 0.5 else []
    _give(point, step, at, reasons=reasons, code=code)


def _give(point: ServicePoint, step: str, at: datetime, **more: object) -> actions.Given:
    arrival = Arrival(uuid.uuid4(), uuid.uuid4().hex)
    return actions.give_mark(point=point, step=step, at=at, arrival=arrival, **more)  # type: ignore[arg-type]


def _odd_day(point: ServicePoint, at: datetime) -> None:
    """Twenty-six best marks within minutes on the counter's own tablet."""
    for n in range(26):
        _give(point, STEPS[0], at + timedelta(seconds=20 * n), is_at_counter=True)
