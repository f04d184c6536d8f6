"""The demo's yearly grades and people commended: one branch graded last year, one person in the register. All of it is fictional."""

from datetime import datetime, timedelta
from typing import Any

from zhengyou.awards import actions as awards
from zhengyou.base.time import local_day
from zhengyou.campaigns.models import Cycle
from zhengyou.grades import actions as grades
from zhengyou.grades import queries as graded
from zhengyou.grades.models import GradeDecision
from zhengyou.grades.rules import PersonGrade
from zhengyou.management.demo.district import Cast, members_of
from zhengyou.management.demo.shared import NoticeWords, commend, publish
from zhengyou.organisations.models import Organisation, Person
from zhengyou.pledges import actions as pledges
from zhengyou.pledges.rules import Made

COMMITTED = 9  # of the printed village, beside its secretary
TITLE = "优秀共产党员"
WORDS = (
    "承诺的三件事办成两件：修好了村口的排水沟，每月上门看望两户老人。学习抓得不够紧。",
    "全年参加义务巡林二十次，组织清渠三次。答应教乡亲用手机缴费，只教了五户，明年补上。",
    "家里有病人，活动参加得少。承诺的修桥护栏已完成。",
)
DEEDS = (
    "演示事迹：汛期连续七夜守在堤口，带头转移低洼处三户老人；牵头把村里两公里机耕路修通，账目逐月上墙。",
    "演示事迹：利用周末教五十多位乡亲使用手机办事，把常见问题画成图贴在村部；照看两位独居老人四年。",
)
NOTICE = NoticeWords(
    title="优秀共产党员拟表彰对象公示",
    route="支部推荐，党（工）委审核，征求意见，区委常委会研究",
    receiving_body="演示区活动办",
    address="演示区政府大院一号楼",
    deciding_body="演示区委",
    decision_number="演发〔{year}〕13号",
    reasons="公示期满无异议，经区委常委会研究决定。票数只作参考。",
)


def commit(cycle: Cycle, cast: Cast, people: list[Person], at: datetime) -> None:
    """These people committed in public at a meeting of their village."""
    made = Made(local_day(at), "村民大会", "会议记录第3页")
    pledges.enter_public_commitments(cycle=cycle, people=people, made=made, at=at, by=cast.office)


def grade_a_branch(cycle: Cycle, cast: Cast, at: datetime) -> None:
    """The printed village: own words, grades, one not graded, one changed after an objection; some read, others told in a talk."""
    people, secretary = members_of(cast.village, COMMITTED), cast.village_secretary
    commit(cycle, cast, [*people, secretary], at - timedelta(days=60))
    for person, text in zip(people, WORDS, strict=False):
        grades.write_self_assessment(cycle=cycle, text=text, at=at - timedelta(days=20), by=person)
    best, good, *_others = [grade.id for grade in cycle.ruleset.member_grades]
    lines = [PersonGrade(one, best if n in (1, 4) else good) for n, one in enumerate(people[:-1])]
    lines.append(PersonGrade(people[-1], "", "长期在外就医，未参加评议"))
    deed: dict[str, Any] = {"cycle": cycle, "organisation": cast.village, "decided_on": local_day(at), "at": at}
    grades.decide_grades(lines=lines, by=secretary, **deed)
    grades.decide_grades(lines=[PersonGrade(secretary, good)], by=cast.town_secretary, **deed)
    for person in [*people[:4], secretary]:
        grades.confirm_read(decision=_decision(cycle, person), at=at + timedelta(days=1), by=person)
    for person in people[4:]:
        told_on = local_day(at) + timedelta(days=3)
        grades.tell_in_talk(decision=_decision(cycle, person), told_on=told_on, at=at + timedelta(days=3), by=secretary)
    _object(cycle, cast, people[0], best, at + timedelta(days=2))


def begin_this_year(cycle: Cycle, cast: Cast, at: datetime) -> None:
    """The same village committed again; its committee has not decided yet, and one has written."""
    people = members_of(cast.village, COMMITTED)
    commit(cycle, cast, [*people, cast.village_secretary], at)
    grades.write_self_assessment(
        cycle=cycle, text=WORDS[1], at=at, by=people[2]
    )  # the first ones have accounts of their own


def _object(cycle: Cycle, cast: Cast, person: Person, grade: str, at: datetime) -> None:
    objection = grades.object_to_grade(
        decision=_decision(cycle, person), text="清渠是我组织的，评议时漏记了，请核实。", at=at, by=person
    )
    grades.answer_grade_objection(
        objection=objection,
        answer="查阅会议记录并问了三位村民，情况属实，改为优秀。",
        grade=grade,
        reason="",
        at=at + timedelta(days=4),
        by=cast.town_secretary,
    )
    grades.confirm_read(decision=_decision(cycle, person), at=at + timedelta(days=5), by=person)


def _decision(cycle: Cycle, person: Person) -> GradeDecision:
    row = graded.decision_on(cycle, person)
    if row is None:
        raise LookupError(f"{person.name} has no grade in the demo")
    return row


def commend_people(cycle: Cycle, cast: Cast, unit: Organisation, at: datetime) -> None:
    """Two people of one village put forward, announced and commended."""
    people = members_of(unit, len(DEEDS))
    commit(cycle, cast, people, at - timedelta(days=60))
    selection = awards.make_selection(cycle=cycle, title=TITLE, quota=2, of="members", at=at, by=cast.office)
    for person, deeds, post in zip(people, DEEDS, ("村民小组长", "护林员"), strict=True):
        awards.add_person(
            selection=selection, person=person, post=post, is_front_line=True, deeds=deeds, at=at, by=cast.office
        )
    publish(selection, NOTICE, at, cast.office)
    commend(selection, cast, NOTICE, at + timedelta(days=21))
