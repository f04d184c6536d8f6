"""More cast: selections, notices and objections, built through the real actions."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from tests.cast.district import NOW, District
from tests.cast.memory import built_upon
from tests.cast.persons import committed

from zhengyou.awards import actions as awards
from zhengyou.awards.models import Candidate, Selection
from zhengyou.campaigns.models import Cycle
from zhengyou.notices import actions as notices
from zhengyou.notices.models import Notice, Objection
from zhengyou.organisations.models import Organisation, Person

RECEIVING = {
    "receiving_body": "测试区委活动办",
    "phone": "0745-0000000",
    "mail": "office@example.org",
    "address": "测试路1号",
}


def drafted_selection(
    district: District,
    cycle: Cycle,
    *,
    at: datetime = NOW,
    candidates: list[Organisation] | None = None,
    title: str = "先进基层党组织",
    quota: int = 3,
) -> Selection:
    """A selection with the first two villages (or these) as candidates, not yet noticed."""
    selection = awards.make_selection(cycle=cycle, title=title, quota=quota, at=at, by=district.office)
    for organisation in district.villages[:2] if candidates is None else candidates:
        awards.add_candidate(
            selection=selection,
            organisation=organisation,
            deeds=f"{organisation.name}修通了村里的路，办成了三件实事。",
            at=at,
            by=district.office,
        )
    return selection


def published_notice(district: District, cycle: Cycle, *, at: datetime = NOW, title: str = "先进基层党组织") -> Notice:
    """The notice of two candidates (the first two villages) for a title; its selection is `selection_of(notice)`."""
    return built_upon(("notice", cycle.pk, at, title), partial(_built_notice, district, cycle, at, title))


def _built_notice(district: District, cycle: Cycle, at: datetime, title: str) -> Notice:
    return awards.publish_candidates(
        selection=drafted_selection(district, cycle, at=at, title=title),
        title=f"关于{title}拟表彰对象的公示",
        route="各支部推荐、群众评议、领导小组研究。",
        at=at,
        by=district.office,
        **RECEIVING,
    )


DEEDS_OF_A_PERSON = "冒雨转移了三户老人，夜里守住了堤口。"


def selection_of_people(district: District, cycle: Cycle, *, at: datetime = NOW, **bounds: Any) -> Selection:
    """A draft for 优秀共产党员; nobody is put forward yet."""
    given: dict[str, Any] = {"title": "优秀共产党员", "quota": 3, "of": "members"} | bounds
    return awards.make_selection(cycle=cycle, at=at, by=district.office, **given)


def put_forward(
    district: District, selection: Selection, person: Person, *, at: datetime = NOW, **changes: Any
) -> Candidate:
    """Somebody as a candidate, with plain deeds."""
    given: dict[str, Any] = {"post": "护林员", "is_front_line": True, "deeds": DEEDS_OF_A_PERSON} | changes
    return awards.add_person(selection=selection, person=person, at=at, by=district.office, **given)


def notice_of_people(district: District, cycle: Cycle, people: list[Person], *, at: datetime = NOW) -> Notice:
    """The running notice of these people, who committed in public, for 优秀共产党员."""
    committed(district, cycle, people, at=at)
    selection = selection_of_people(district, cycle, at=at)
    for person in people:
        put_forward(district, selection, person, at=at)
    return awards.publish_candidates(
        selection=selection,
        title="优秀共产党员拟表彰对象公示",
        route="支部推荐，集体研究。",
        at=at,
        by=district.office,
        **RECEIVING,
    )


def selection_of(notice: Notice) -> Selection:
    """The selection whose candidates a notice names."""
    return Selection.objects.select_related("cycle").get(notice=notice)


def filed_objection(notice: Notice, *, nominee: str = "", at: datetime, ticket: str = "a" * 32) -> Objection:
    """An objection from the public."""
    return notices.file_objection(
        notice=notice, nominee=nominee, content="所述的路并未修通。", name="", contact="", ticket=ticket, at=at
    ).objection


def answered_objection(district: District, objection: Objection, *, is_upheld: bool, at: datetime) -> Objection:
    """The objection, led through the docket to its answer by the office; the last village's secretary checks it."""
    step = {"objection": objection, "by": district.office}
    notices.register_objection(at=at, **step)
    notices.record_check(
        checker=district.secretaries[3], finding="已到现场查看。", at=at + timedelta(minutes=1), **step
    )
    notices.rule_on_objection(is_upheld=is_upheld, at=at + timedelta(minutes=2), **step)
    return notices.answer_objection(answer="已核实，谢谢。", at=at + timedelta(minutes=3), **step)
