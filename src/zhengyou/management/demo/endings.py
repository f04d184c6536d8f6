"""How promises end in the demo: decided on, taken over, doubted; what members promise; reports on the situation. Plainly fictional."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from zhengyou.base.time import local_day
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Cycle
from zhengyou.commitments import actions as commitments
from zhengyou.commitments import queries as promises
from zhengyou.commitments.models import Promise, PromiseText
from zhengyou.commitments.rules import Opinion
from zhengyou.keeping import actions, queries
from zhengyou.management.demo import shared
from zhengyou.management.demo.district import Cast
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.situations import actions as situations
from zhengyou.situations.queries import late_in
from zhengyou.situations.rules import periods_of
from zhengyou.vows import actions as vows
from zhengyou.vows.models import VowText

REASONS = {
    "kept": "逐项看过，报告和照片都对得上。",
    "mostly": "大部分办了，余下的转入下一轮。",
    "not_kept": "现场看过，没有办到。",
    "nothing_shown": "没有照片，没有材料，也没有人说过。",
}
MEMBERS = [
    ("每周给两户独居老人送药、量血压", "门上的登记卡有老人签名"),
    ("每月带大家清一次村口的水沟", "月底去看，水沟里没有垃圾"),
    ("教五位老人用手机挂号", "五位老人自己挂上一次号"),
]
REPORTS = (
    "路灯换好了九盏，还有三盏等零件，下月底前装好。\n水渠清淤没有动工：机器被邻村借走，下月十日还回来。",
    "余下三盏路灯已亮。水渠清了一半。\n接下来：下月底前清完，请大家来看。",
    "水渠清完了。村口的垃圾点还有人乱倒，新立了牌子。\n接下来：每周看一次，乱倒的当面说。",
)
ON_THE_SPOT = PromiseText(
    what="修好卫生室门口的台阶，装一根扶手",
    standard="台阶不晃，老人能扶着上下",
    for_whom="来看病的老人",
    due_on=date.min,
    evidence="完工照片",
    aim="service",
    checked_by="thing",
)


def decide_all(cycle: Cycle, at: datetime) -> None:
    """The level above decides on every promise whose end was told: by what was shown, as the unit says or less."""
    rows = list(promises.every_published_promise().filter(commitment__cycle=cycle))
    shown = queries.proofs_of(rows)
    for number, line in enumerate(promises.progress_of(rows)):
        row = line.promise
        if not (shown[row.pk].evidence or shown[row.pk].words):
            decision = "nothing_shown"
        elif line.outcome and line.outcome.outcome == "fulfilled":
            decision = "kept" if number % 5 else "not_kept"
        else:
            decision = "mostly"
        unit = row.commitment.organisation
        above = shared.holder(Post.Role.SECRETARY, unit.parent or unit)
        actions.decide(promise=row, decision=decision, reason=REASONS[decision], at=at, by=above)
        if decision == "not_kept" and number % 2:
            text = "负责的人年中调走，没有交接。现在由村委会接手，写进了下一轮的承诺。"
            by = shared.holder(Post.Role.SECRETARY, unit)
            actions.answer_in_public(promise=row, text=text, at=at + timedelta(days=3), by=by)


def take_over(cycle: Cycle, unit: Organisation, secretary: Person, at: datetime) -> list[Promise]:
    """What the last cycle left unkept, taken over as the first lines of the new one."""
    return [
        commitments.write_promise(
            cycle=cycle,
            organisation=unit,
            text=replace(one.promise.text, due_on=cycle.ends_on - timedelta(days=30)),
            carried_from=one.promise,
            at=at,
            by=secretary,
        )
        for one in queries.inherited(cycle, unit)
    ]


def this_year(cycle: Cycle, cast: Cast, units: list[Organisation], now: datetime) -> None:
    """In the cycle under way: a contested promise of the demo's village, spoken and written promises of people, reports."""
    _contested(cycle, cast, now)
    first = [cast.village, *units[:8]]
    for nth, unit in enumerate(first):
        _members_promise(cycle, unit, shared.holder(Post.Role.SECRETARY, unit), nth, now - timedelta(days=200))
    tell_what_is_late(cycle, now, lambda unit, nth: REPORTS[nth % len(REPORTS)], always=first)


def tell_what_is_late(
    cycle: Cycle, now: datetime, told: Callable[[Organisation, int], str], *, always: Collection[Organisation]
) -> None:
    """Four of five units whose report on the situation would be late, and some `always`, have told one in the last days of each period,
    in the order of the days.
    """
    calendar, day = Calendar.of(cycle), local_day(now)
    past, spared = [one for one in periods_of(calendar) if one.last < day], {one.pk for one in always}
    late = [one.organisation.pk for one in late_in(calendar, promises.promising_organisations(cycle), day)]
    for nth, unit in enumerate(promises.promising_organisations(cycle).filter(pk__in=late)):
        by = shared.holder(Post.Role.SECRETARY, unit)
        for number, period in enumerate(past if nth % 5 < 4 or unit.pk in spared else ()):
            title = f"{period.first.month}月至{period.last.month}月的情况"
            given: dict[str, Any] = {"title": title, "text": told(unit, number), "by": by}
            at = now - timedelta(days=(day - period.last).days + nth % 9)
            situations.publish_report(cycle=cycle, organisation=unit, at=at, **given)


def _contested(cycle: Cycle, cast: Cast, now: datetime) -> None:
    """A promise given on the spot, which is due and of which most say that it was not kept."""
    given = now - timedelta(days=40)
    text = replace(ON_THE_SPOT, due_on=local_day(now) - timedelta(days=12))
    row = commitments.publish_immediate_promise(
        cycle=cycle,
        organisation=cast.village,
        text=text,
        given_on=local_day(given),
        at=given,
        by=cast.village_secretary,
    )
    commitments.look_at_promise(
        promise=row, opinion=Opinion(agrees=True), at=now - timedelta(days=38), by=cast.town_secretary
    )
    for mark in ["not_kept"] * 5 + ["kept"]:
        commitments.answer_promise(promise=row, mark=mark, arrival=None, at=now - timedelta(days=4))


def _members_promise(cycle: Cycle, unit: Organisation, secretary: Person, nth: int, at: datetime) -> None:
    """One writes and one speaks; the leader of the unit reviews what they did not record, the level above the rest."""
    people = [one for one in organisations.members_of([unit]) if one.pk != secretary.pk][:3]
    above = shared.holder(Post.Role.SECRETARY, unit.parent or unit)
    due = cycle.ends_on - timedelta(days=10)
    texts = [VowText(*one, due) for one in MEMBERS]
    for place, person in enumerate(people):
        items = [texts[(nth + place) % 3], texts[(nth + place + 1) % 3]]
        given: dict[str, Any] = {"cycle": cycle, "items": items, "is_of_age": True, "at": at}
        if place == 1:
            row = vows.record_vow(person=person, read_back_on=local_day(at), by=secretary, **given)
        else:
            row = vows.hand_in_vow(by=person, **given)
        if place < 2:
            by = above if place == 1 else secretary
            vows.review_vow(vow=row, agrees=True, opinion="", at=at + timedelta(days=2), by=by)
