"""The demo's plans: one adopted whose text a remark changed, one open for remarks, one that its own people read first."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from zhengyou.base.time import local_day
from zhengyou.campaigns.models import Cycle
from zhengyou.consultation import actions, queries
from zhengyou.consultation.models import Paragraph, ParagraphWording, Plan, PlanRemark
from zhengyou.consultation.rules import ReadingDays
from zhengyou.organisations.models import Organisation, Person
from zhengyou.remarks import actions as remarks


@dataclass(frozen=True)
class PlanWords:
    """A plan's title and text, what people say to its second paragraph, how that is answered, and what it becomes."""

    title: str
    text: str
    said: tuple[str, ...]
    answer: str
    own_answer: str
    becomes: str
    body: str
    apart: str = ""  # to what stands apart from the others


ROADS = PlanWords(
    title="演示区为民办实事计划",
    text="""今年集中办好三件实事，年底前逐件公开结果。

第一件，六月底前在村口到学校的路上装好路灯，共十二盏。由建设局负责。

第二件，十月底前修好两条灌溉水渠。由水务局负责。

第三件，每季度开一次群众议事会，听取意见，公布进度。""",
    said=(
        "路灯只装到学校不够，学校到卫生室那段路晚上看不见，请一起装上",
        "路灯只装到学校不够，学校到卫生室那段路晚上看不见，请一起装上。谢谢",
        "路灯只装到学校不够，学校到卫生室那段路晚上看不见，请一起装上。另外路灯坏了找谁修，电话也请写明",
        "十二盏太少了",
    ),
    answer="采纳。路灯装到卫生室，由十二盏改为十八盏，已写进第二段。",
    own_answer="报修电话在竣工时写在灯杆上。",
    apart="部分采纳。增加六盏，共十八盏，先装学校到卫生室这一段；其余路段等明年的经费。",
    becomes="第一件，六月底前在村口到学校、学校到卫生室的路上装好路灯，共十八盏。由建设局负责。",
    body="演示区委常委会",
)
VILLAGE = PlanWords(
    title="村集体经济发展计划（征求意见稿）",
    text="""今年把闲置的旧校舍租给村民办加工点，租金归村集体。

租金的一半用于村内道路维修，一半用于老人食堂。

账目每半年公布一次。""",
    said=(
        "账目半年一次太久，最好每季度公布",
        "账目半年一次太久，最好每季度公布，贴在村口",
        "老人食堂的钱应当多一些",
    ),
    answer="",
    own_answer="",
    becomes="",
    body="",
)
TOWN = PlanWords(
    title="全镇饮水改造计划（草案）",
    text="""明年底前为八个村更换供水管道。

施工期间每天送水两次，每户先登记人数。""",
    said=(),
    answer="",
    own_answer="",
    becomes="",
    body="",
)
HOSPITAL = PlanWords(
    title="缩短门诊等候时间的计划",
    text="""今年把门诊平均等候时间缩短三分之一，每月公布结果。

预约改为按半小时分段，每段放号二十个。由医务处负责。

检查结果当天发到手机，不必再来取。""",
    said=(
        "老人不会用手机预约，请在大厅留人帮忙，并留一部分现场号",
        "老人不会用手机预约，请在大厅留人帮忙，并留一部分现场号。检查结果也请能打印",
        "半小时一段很好",
    ),
    answer="采纳。每段留五个现场号，大厅设专人帮助，已写进第二段。",
    own_answer="大厅的自助机可以打印结果。",
    apart="部分采纳。仍按半小时分段，每段另留五个现场号。",
    becomes="预约改为按半小时分段，每段放号二十个，其中五个为现场号，大厅有专人帮助预约。由医务处负责。",
    body="演示医院集团院务会",
)


def adopted(cycle: Cycle, unit: Organisation, by: Person, looks: Person, words: PlanWords, now: datetime) -> Plan:
    """A plan through all its steps: remarks in a group, the changed sentence, the adoption three weeks ago."""
    plan = _published(cycle, unit, by, words, now - timedelta(days=60), members=3, everybody=10)
    rows = _said(plan, 2, words.said, looks, now - timedelta(days=52))
    at = now - timedelta(days=40)
    actions.propose_groups(plan=plan, at=at, by=by)
    named = _paragraph(plan, 2).paragraph
    held = list(PlanRemark.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk"))
    alike = [row for row in held if row.group_id]
    own = {row.pk: words.own_answer for row in alike if row.has_own_words}
    _respond(plan, alike, "taken_up", words.answer, [named], own, at, by)
    apart = [row for row in held if not row.group_id]
    if apart:
        _respond(plan, apart, "partly", words.apart, [named], {}, at, by)
    actions.begin_version(plan=plan, at=at, by=by)
    actions.reword_paragraph(wording=_paragraph(plan, 2), text=words.becomes, at=at, by=by)
    actions.publish_version(plan=plan, open_until=None, at=at, by=by)
    at = now - timedelta(days=30)
    return actions.adopt_plan(plan=plan, body=words.body, adopted_on=local_day(at), at=at, by=by)


def open_now(cycle: Cycle, unit: Organisation, by: Person, looks: Person, words: PlanWords, now: datetime) -> Plan:
    """A plan that everybody reads now, with remarks to answer and one that waits for a look."""
    plan = _published(cycle, unit, by, words, now - timedelta(days=6), members=3, everybody=14)
    last = len(queries.wordings_of(_paragraph(plan, 1).version)) - 1
    _said(plan, last, words.said, looks, now - timedelta(days=2))
    _say(plan, 1, "租给谁应当公开招标", now)
    return plan


def read_first(cycle: Cycle, unit: Organisation, by: Person, words: PlanWords, now: datetime) -> Plan:
    """A plan that only those of the unit read yet."""
    return _published(cycle, unit, by, words, now - timedelta(days=1), members=4, everybody=14)


def _published(
    cycle: Cycle, unit: Organisation, by: Person, words: PlanWords, at: datetime, *, members: int, everybody: int
) -> Plan:
    plan = actions.begin_plan(cycle=cycle, organisation=unit, title=words.title, text=words.text, at=at, by=by)
    first = local_day(at)
    days = ReadingDays(first, first + timedelta(days=members), first + timedelta(days=members + everybody))
    return actions.publish_plan(plan=plan, days=days, at=at, by=by)


def _paragraph(plan: Plan, place: int) -> ParagraphWording:
    version = queries.newest_version(plan)
    return ParagraphWording.objects.select_related("version__plan", "paragraph").get(version=version, place=place)


def _say(plan: Plan, place: int, words: str, at: datetime) -> PlanRemark:
    return actions.remark_on_paragraph(wording=_paragraph(plan, place), words=words, at=at, arrival=None)


def _said(plan: Plan, place: int, said: tuple[str, ...], looks: Person, at: datetime) -> list[PlanRemark]:
    rows = [_say(plan, place, words, at) for words in said]
    remarks.show_remarks(remarks=[row.remark for row in rows], at=at, by=looks)
    return rows


def _respond(
    plan: Plan,
    rows: list[PlanRemark],
    outcome: str,
    text: str,
    named: list[Paragraph],
    own: dict[int, str],
    at: datetime,
    by: Person,
) -> None:
    actions.respond(
        plan=plan,
        remark_ids=[row.pk for row in rows],
        outcome=outcome,
        text=text,
        paragraph_ids=[one.pk for one in named],
        own_answers=own,
        at=at,
        by=by,
    )
