"""What the hospital's departments and their staff promise, report and hear, in the closed cycle and in the one under way.

Plainly fictional sentences; few rows, so that the demo is built quickly.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from zhengyou.base.time import local_day
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.rules import Piece
from zhengyou.commitments import actions as commitments
from zhengyou.commitments.models import Promise, PromiseText
from zhengyou.commitments.rules import Opinion
from zhengyou.keeping import actions as keeping
from zhengyou.management.demo import endings, shared
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.plans import actions as plans
from zhengyou.remarks import actions as remarks
from zhengyou.remarks import queries as remark_queries
from zhengyou.vows import actions as vows
from zhengyou.vows.models import VowText

DAY = timedelta(days=1)
# What the group itself has to get done this year, each with the aim that it serves; the last one nobody serves yet.
CENTRAL_WORK = [
    Piece(1, "门诊平均等候时间缩短三分之一", "waiting"),
    Piece(2, "住院患者跌倒和压疮减少一半", "safety"),
    Piece(3, "每项检查、每种用药都讲清楚", "explaining"),
    Piece(4, "新职工一年内独立值班", "staff"),
]
# A promise in the order of its columns: what, standard, for whom, evidence, aim, how to check it, number of the piece of work.
Line = tuple[str, str, str, str, str, str, int]
# By the kind of department: its theme, what it serves, and what it promises; how the number of the piece ends each line.
PROMISED: dict[str, tuple[str, str, tuple[Line, Line]]] = {
    "clinical": (
        "少等一刻钟",
        "门诊流程",
        (
            ("预约患者等候不超过30分钟", "门口屏幕每天公布", "门诊患者", "每月的等候记录", "waiting", "number", 1),
            ("出院前当面讲清用药，并写在一张纸上", "每位出院患者都拿到", "出院患者", "用药说明样张", "explaining", "thing", 3),
        ),
    ),
    "technical": (
        "报告快一点，说明清一点",
        "检查流程",
        (
            ("普通检查当天出报告", "窗口和手机都能查到", "检查患者", "每月出报告时间", "waiting", "number", 1),
            ("检查前用大字说明要做什么准备", "预约单和候诊区都有", "检查患者", "说明的照片", "explaining", "thing", 3),
        ),
    ),
    "nursing": (
        "不跌倒、少疼痛",
        "住院护理",
        (
            ("每张病床装上夜灯和扶手", "夜里下床看得见、扶得住", "住院患者", "安装照片", "safety", "thing", 2),
            ("换药前先问疼不疼，按分数用药", "床头卡上有记录", "住院患者", "床头卡照片", "explaining", "place", 0),
        ),
    ),
    "administration": (
        "一次说清，一趟办完",
        "服务一线",
        (
            ("科室报来的事三天内答复", "答复登记在院内公开", "临床科室", "登记表", "staff", "number", 4),
            ("患者复印病历一趟办完", "窗口写明要带什么", "出院患者", "窗口照片", "waiting", "place", 1),
        ),
    ),
}  # fmt: skip
# What a clinical department promises beside the waiting, by its name without that of the campus; the others explain medicines.
OF_ITS_OWN = {
    "消化科": (
        "胃肠镜预约时当面讲清怎样准备",
        "每人拿到一张大字说明",
        "检查患者",
        "说明样张",
        "explaining",
        "thing",
        3,
    ),
    "神经科": (
        "卒中患者检查有护士全程陪同",
        "从进门到做完检查有同一名护士",
        "卒中患者和家属",
        "陪同登记",
        "safety",
        "number",
        0,
    ),
    "普外科": (
        "手术前一天由主刀医生当面说明",
        "家属签字确认听明白了",
        "手术患者和家属",
        "谈话记录份数",
        "explaining",
        "number",
        3,
    ),
    "骨科": ("术后第一天康复师到床边", "床头卡上有时间和签名", "手术患者", "床头卡照片", "safety", "thing", 2),
    "泌尿科": ("碎石门诊每月开两个周六", "排班表提前一个月公布", "门诊患者", "排班表", "waiting", "thing", 1),
    "妇产科": ("产检预约分到半小时", "预约单上写明半小时的时段", "孕妇", "预约单样张", "waiting", "thing", 1),
    "儿科": ("发热患儿先测体温再排队", "分诊台十分钟内测完", "患儿和家长", "分诊记录", "safety", "number", 0),
    "急诊科": ("候诊时间每十分钟更新一次", "大厅屏幕看得到", "急诊患者", "屏幕照片", "explaining", "place", 3),
}
# An emergency room takes nobody by appointment.
UNANNOUNCED = (
    "急危重患者十分钟内见到医生",
    "分诊到接诊的时间每天公布",
    "急诊患者",
    "每月的接诊记录",
    "safety",
    "number",
    0,
)
# By the kind of department what is reported of its first promise.
REPORTED = {
    "clinical": (
        "第一个月的记录已经贴在门口，超过时限的几次写明了原因。",
        "等候从平均五十分钟降到三十五分钟，周一上午还做不到，正在分时段放号。",
    ),
    "technical": (
        "上月普通检查九成三当天出报告，晚出的都在窗口写了原因。",
        "检修日改到周日，提前三天在窗口和预约短信里说明。",
    ),
    "nursing": (
        "夜灯全部装好，扶手装了一半，缺的配件下月到。",
        "扶手已先装靠窗的床，装好前夜里每小时巡一次。",
    ),
}
# By the kind of department what people say of its first promise: that it goes well, that it does not, and the answer to that.
SAID = {
    "clinical": (
        ("这个月去了两次，确实快了。", "上午还是要等一个多小时。", "九点到十点确实最慢，本月起这一小时加开一个诊室。"),
        ("屏幕上写着要等多久，和实际差不多。", "约的十点，十一点二十才轮到。", "那天两位医生去会诊，屏幕上没有说明。以后会诊先挂出通知。"),
        ("带母亲复查，二十来分钟就看上了。", "复诊的和初诊的挤在一条队里。", "本周起复诊单独排队，护士在门口分开叫号。"),
        ("下午人少，几乎不用等。", "到了时间没人叫号，问了才知道换了诊室。", "换诊室要在屏幕和门口同时写明，已经和导诊台说定。"),
        ("预约的时间很准。", "等候区的屏幕坏了三天。", "屏幕昨天修好了；修的这几天，护士每半小时报一次等候时间。"),
        ("老人走得慢，护士先让坐下再叫号。", "中午没有人值班，等到两点。", "中午留一位医生值班，名字贴在门口。"),
        ("比去年少等一半。", "加号的插在前面，没有说明。", "加号改为插在整点之后，屏幕上写明有几位。"),
    ),
    "technical": (
        ("下午查的，晚上手机上就有了。", "说好当天出，第二天中午才查到。", "那天仪器检修，报告晚了。检修日今后提前三天在窗口写明。"),
    ),
    "nursing": (
        ("夜里下床看得清了。", "靠窗两张床还没有扶手。", "两张床的扶手缺配件，本月二十日前装好，装好前夜里多巡一次。"),
    ),
}  # fmt: skip
ON_THE_SPOT = PromiseText(
    what="候诊区加二十把椅子，其中四把带扶手",
    standard="候诊区能看到、能坐",
    for_whom="候诊患者",
    due_on=date.min,
    evidence="照片",
    aim="waiting",
)
DOUBTED = "去看过：椅子只到了八把，没有带扶手的。"
OPINION = "请写清贴在哪几处、哪天贴好，让患者能够对照。"
OF_STAFF = (
    ("每周四下午留一小时，给家属当面讲病情", "护士站有预约本，谁都可以看"),
    ("教十位老年患者用手机查报告", "十位患者自己查到一次"),
    ("交接班时到床边说清一个风险", "床头卡上有当天的记录"),
)
SITUATIONS = {
    "clinical": (
        "等候时间降到34分钟，还没有到30分钟：周一上午人多，正在分时段放号。\n接下来：周一上午加开一个诊室。",
        "等候时间降到31分钟。会诊时号往后顺延，有人不知道。\n接下来：会诊先在屏幕上说明。",
    ),
    "technical": (
        "九成报告当天出，夜间的要等到第二天上午。\n接下来：夜间加一人值班。",
        "夜间的报告也在当天出了。检修那天晚了十几个小时。\n接下来：检修日提前三天写明。",
    ),
    "nursing": (
        "夜灯装好一半，没有人在夜里跌倒。扶手缺配件，晚了两周。\n接下来：先装靠窗的床。",
        "夜灯全部装好，扶手还差两张床。\n接下来：本月装完。",
    ),
    "administration": (
        "科室报来的事，三天内答复的占八成。\n接下来：答复晚了的写明原因。",
        "三天内答复的占九成。复印病历还有人跑两趟。\n接下来：要带什么，写在挂号单背面。",
    ),
}
# Who has promised this year: those of whom patients say something, and every other clinic and laboratory but one that was sent its
# promises back; some wards and the offices have not yet.
TOLD_ABOUT = ("H101", "H102", "H104", "H106", "H114", "H201", "H202", "H204", "H206", "H211")
ALSO = (
    *("H103", "H105", "H107", "H108", "H109", "H110", "H111", "H112", "H113", "H115", "H116"),
    *("H205", "H207", "H208", "H209", "H210", "H212", "H213", "H214", "H215"),
    *("H301", "H302", "H303", "H304", "H305", "H306", "H307", "H308"),
    *("H309", "H310", "H311", "H312", "H313", "H314", "H316"),
)
REPORTING = 3  # of four departments
EXPLAINED = "流程图改了两次，新系统推迟到今年上线。已写进本年度的承诺，由科室主任负责。"


def last_year(cycle: Cycle, at: datetime) -> None:
    """Two departments promised; the level above decided: one promise was kept, one not, and one department explained why."""
    for unit in _units(("H101", "H102")):
        head, above = _head(unit), _head(unit.parent or unit)
        kept, other = _agreed(cycle, unit, at)
        _report(kept, head, at + 60 * DAY)
        for row, mark in ((kept, "kept"), (kept, "kept"), (other, "not_kept")):
            commitments.answer_promise(promise=row, mark=mark, arrival=None, at=_ends(cycle, at))
        ends = (("fulfilled", "已按标准办到。", "kept"), ("not_fulfilled", "没有按时办到。", "not_kept"))
        for row, (outcome, words, decision) in zip((kept, other), ends, strict=True):
            stated: dict[str, Any] = {"promise": row, "at": _ends(cycle, at), "by": head}
            commitments.state_outcome(outcome=outcome, explanation=words, **stated)
            reason = endings.REASONS[decision]
            keeping.decide(promise=row, decision=decision, reason=reason, at=_ends(cycle, at), by=above)
        if unit.code == "H102":
            keeping.answer_in_public(promise=other, text=EXPLAINED, at=_ends(cycle, at) + DAY, by=head)


def this_year(cycle: Cycle, office: Person, now: datetime) -> None:
    """Most departments promise and report, patients say what they saw; one is sent back, one is contested, one waits."""
    at = now - 110 * DAY
    units = _units((*TOLD_ABOUT, *ALSO))
    for nth, unit in enumerate(units):
        taken = endings.take_over(cycle, unit, _head(unit), at)
        first, *_others = _agreed(cycle, unit, at, taken)
        if nth % 4 < REPORTING:
            _report(first, _head(unit), at + 40 * DAY, nth % 2)
        if unit.code in TOLD_ABOUT:
            of_sector = sum(one.sector == unit.sector and one.code in TOLD_ABOUT for one in units[:nth])
            well, badly, _answer = SAID[unit.sector][of_sector % len(SAID[unit.sector])]
            for mark, words in (("on_course", well), ("off_course", badly), ("on_course", ""))[: (nth + 1) % 4]:
                commitments.answer_promise(promise=first, mark=mark, words=words, arrival=None, at=now - 20 * DAY)
        if nth < len(OF_STAFF):
            _staff_promise(cycle, unit, nth, at)
    endings.tell_what_is_late(cycle, now, _situation, always=units[: len(OF_STAFF)])
    _answer_words(cycle, office, now)
    _contested(cycle, units[0], now)
    for unit in _units(("H203",)):
        _agreed(cycle, unit, now - 3 * DAY, sends_back=OPINION)
    for unit in _units(("H001",)):
        keeping.propose_promises(
            commitment=_written(cycle, unit, now - DAY)[0].commitment, at=now - DAY, by=_head(unit)
        )


def _agreed(
    cycle: Cycle, unit: Organisation, at: datetime, taken: Sequence[Promise] = (), *, sends_back: str = ""
) -> list[Promise]:
    """A theme and promises, of which the level above agrees to all, or sends the last one back; those taken over stand last."""
    head, rows = _head(unit), [*_written(cycle, unit, at, {one.what for one in taken}), *taken]
    row = keeping.propose_promises(commitment=rows[0].commitment, at=at, by=head)
    opinions = {one.pk: Opinion(agrees=True) for one in rows}
    if sends_back:
        opinions[rows[-1].pk] = Opinion(agrees=False, words=sends_back)
    commitments.review_promises(commitment=row, opinions=opinions, at=at + 2 * DAY, by=_head(unit.parent or unit))
    return rows


def _written(cycle: Cycle, unit: Organisation, at: datetime, but: Collection[str] = ()) -> list[Promise]:
    """A unit's theme and its promises but those that it has taken over, written and not yet proposed."""
    head = _head(unit)
    theme, serves, lines = PROMISED[unit.sector]
    pieces = {one.number: one for one in campaigns.central_work(cycle)}
    numbers = [line[-1] for line in lines]
    chosen: dict[str, Any] = {"text": theme, "main_work": serves, "central_work": pieces.get(numbers[0])}
    plans.choose_practice_theme(cycle=cycle, organisation=unit, **chosen, at=at, by=head)
    due = cycle.ends_on - 20 * DAY
    rows = []
    for what, standard, for_whom, evidence, aim, checked_by, piece in _lines(unit, lines):
        if what in but:
            continue
        text = PromiseText(what, standard, for_whom, due, evidence, aim, checked_by, piece if pieces else 0)
        rows.append(commitments.write_promise(cycle=cycle, organisation=unit, text=text, at=at, by=head))
    return rows


def _lines(unit: Organisation, lines: Sequence[Line]) -> list[Line]:
    """What a department promises: as all of its kind do, but for what a clinical one has of its own."""
    name = unit.name[1:]
    first, second = lines
    return [UNANNOUNCED if name == "急诊科" else first, OF_ITS_OWN.get(name, second)]


def _report(promise: Promise, by: Person, at: datetime, nth: int = 0) -> None:
    told = REPORTED[promise.commitment.organisation.sector]
    commitments.report_progress(promise=promise, text=told[nth], at=at, by=by)


def _contested(cycle: Cycle, unit: Organisation, now: datetime) -> None:
    """A promise given on the spot, whose day has passed; the level above found one doubt right, so the head owes an answer."""
    given = now - 30 * DAY
    text = replace(ON_THE_SPOT, due_on=local_day(now - 8 * DAY))
    facts: dict[str, Any] = {"cycle": cycle, "organisation": unit, "given_on": local_day(given)}
    row = commitments.publish_immediate_promise(text=text, **facts, at=given, by=_head(unit))
    answer = commitments.answer_promise(promise=row, mark="not_kept", words=DOUBTED, arrival=None, at=now - 5 * DAY)
    above = _head(unit.parent or unit)
    remarks.show_remarks(remarks=[answer.remark], at=now - 4 * DAY, by=above)
    keeping.uphold_answer(answer=answer, reason="到候诊区数过，确实只有八把。", at=now - 3 * DAY, by=above)


def _staff_promise(cycle: Cycle, unit: Organisation, nth: int, at: datetime) -> None:
    """One of the staff writes, one speaks and it is written down, one waits for the head."""
    head = _head(unit)
    people = [one for one in organisations.members_of([unit]) if one.pk != head.pk][:3]
    due = cycle.ends_on - 10 * DAY
    for place, person in enumerate(people):
        what, standard = OF_STAFF[(nth + place) % len(OF_STAFF)]
        given: dict[str, Any] = {"cycle": cycle, "items": [VowText(what, standard, due)], "is_of_age": True, "at": at}
        if place == 1:
            row = vows.record_vow(person=person, read_back_on=local_day(at), by=head, **given)
        else:
            row = vows.hand_in_vow(by=person, **given)
        if place < 2:
            by = _head(unit.parent or unit) if place else head
            vows.review_vow(vow=row, agrees=True, opinion="", at=at + DAY, by=by)


def _answer_words(cycle: Cycle, office: Person, now: datetime) -> None:
    """The office has looked at the words; the heads have answered those that doubt."""
    rows = [row for row in remark_queries.remarks_of(cycle) if row.is_waiting]
    remarks.show_remarks(remarks=rows, at=now - 19 * DAY, by=office)
    answers = {badly: answer for lines in SAID.values() for _well, badly, answer in lines}
    for row in remark_queries.remarks_of(cycle):
        if row.words in answers:
            remarks.answer_remark(remark=row, answer=answers[row.words], at=now - 15 * DAY, by=_head(row.organisation))


def _situation(unit: Organisation, nth: int) -> str:
    told = SITUATIONS.get(unit.sector, SITUATIONS["administration"])
    return told[nth % len(told)]


def _ends(cycle: Cycle, at: datetime) -> datetime:
    """The hour of `at` on the last day but one of a cycle."""
    return at + (cycle.ends_on - local_day(at) - DAY)


def _units(codes: Sequence[str]) -> list[Organisation]:
    """The units of these codes that there are; a small group has fewer."""
    return list(Organisation.objects.filter(code__in=codes).select_related("parent").order_by("code"))


def _head(unit: Organisation) -> Person:
    return shared.holder(Post.Role.SECRETARY, unit)
