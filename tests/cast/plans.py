"""Plans for the tests of pages and later rooms, made through the real actions: a village's plan, published, remarked on."""

from datetime import date, datetime, timedelta

from tests.cast.commitments import secretary_of
from tests.cast.district import NOW
from tests.cast.writing import arrived

from zhengyou.base.time import local_day
from zhengyou.campaigns.models import Cycle
from zhengyou.consultation import actions, queries
from zhengyou.consultation.models import ParagraphWording, Plan, PlanRemark
from zhengyou.consultation.rules import ReadingDays
from zhengyou.organisations.models import Organisation, Person
from zhengyou.remarks import actions as remarks

LAMPS = "六月底前修好村口到学校的路灯，共十二盏。由村委会负责。"
BUDGET = "费用从集体经济中列支，年底公布一次。"
MEETING = "每季度开一次村民议事会。"
TEXT = f"{LAMPS}\n\n{BUDGET}\n\n{MEETING}"
BODY = "测试村党员大会"


def later(days: int, at: datetime = NOW) -> datetime:
    """So many days after."""
    return at + timedelta(days=days)


def days_from(day: date) -> ReadingDays:
    """Two days for members, then eight for everybody."""
    return ReadingDays(day, day + timedelta(days=2), day + timedelta(days=9))


def drafted_plan(cycle: Cycle, organisation: Organisation, *, text: str = TEXT, at: datetime = NOW) -> Plan:
    """A plan of three paragraphs that nobody has read yet."""
    by = secretary_of(organisation)
    return actions.begin_plan(cycle=cycle, organisation=organisation, title="路灯计划", text=text, at=at, by=by)


def published_plan(cycle: Cycle, organisation: Organisation, *, text: str = TEXT, at: datetime = NOW) -> Plan:
    """The plan published: members read it for two days from `at` on, then everybody for eight."""
    plan = drafted_plan(cycle, organisation, text=text, at=at)
    return actions.publish_plan(plan=plan, days=days_from(local_day(at)), at=at, by=secretary_of(organisation))


def wordings(plan: Plan, number: int | None = None) -> list[ParagraphWording]:
    """The whole and the paragraphs of the newest version, or of the one of that number."""
    version = queries.newest_version(plan) if number is None else queries.version_numbered(plan, number)
    assert version is not None
    return [queries.wording_with_id(row.pk) for row in queries.wordings_of(version)]  # type: ignore[misc]


def remark(
    wording: ParagraphWording, words: str, *, by_office: Person | None = None, at: datetime | None = None
) -> PlanRemark:
    """Anybody's remark on the fourth day, looked at and shown if somebody of the level above is given."""
    row = actions.remark_on_paragraph(wording=wording, words=words, at=at or later(4), arrival=arrived())
    if by_office is not None:
        remarks.show_remarks(remarks=[row.remark], at=at or later(4), by=by_office)
    return PlanRemark.objects.select_related("remark").get(pk=row.pk)
