"""What pages and later rooms ask about plans: who may read which text, what was said to it, what became of that, what is due."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, cast

from django.db.models import Case, CharField, Count, F, Min, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce

from zhengyou.base.prepared import prepared
from zhengyou.base.searching import Searchable
from zhengyou.campaigns.models import Cycle
from zhengyou.consultation import asked_often, rules
from zhengyou.consultation.comparing import Compared, Lineage, compared
from zhengyou.consultation.models import (
    EarlierResponse,
    Paragraph,
    ParagraphFate,
    ParagraphWording,
    Plan,
    PlanRemark,
    PlanResponse,
    PlanVersion,
    RemarkGroup,
    SheetRemark,
)
from zhengyou.organisations import queries as organisations
from zhengyou.organisations import tree
from zhengyou.organisations.models import Organisation, Post
from zhengyou.organisations.readers import Reader
from zhengyou.remarks import queries as remarks
from zhengyou.remarks.models import Remark

REMARK = "plan-remark"
SHOWN_AT_ONCE = 3
SEARCHED_AS = "plan"
REMARKS_A_PAGE = 20
IS_OPEN, IS_SHOWN = asked_often.IS_OPEN, asked_often.IS_SHOWN
Phase = Plan.Phase


@dataclass(frozen=True)
class PlanAccount:
    """What became of the remarks on a plan. `sent` counts equal words as often as they came; hidden ones are not answered."""

    remarks: int
    sent: int
    waiting: int
    hidden: int
    taken_up: int
    partly: int
    not_taken_up: int
    unanswered: int


@dataclass(frozen=True)
class LostParagraph:
    """A paragraph that is no longer in the text: its last wording, why it left, and how many remarks it had."""

    wording: ParagraphWording
    because: str
    remarks: int


@dataclass(frozen=True)
class PlanText:
    """A version as it is read: each wording with how many remarks stand there, those of its forebears included."""

    version: PlanVersion
    whole: ParagraphWording
    wordings: list[tuple[ParagraphWording, int]]
    remarks_on_whole: int


@dataclass(frozen=True)
class PlanCoverage:
    """How the plans of a cycle stand: of how many units how many have one that can be read, how many are open for remarks and
    until when the first, and how many remarks have no answer.
    """

    units: int
    planned: int
    open: int
    first_closes: date | None
    unanswered: int


def plans_on(day: date) -> QuerySet[Plan]:
    """All plans with their organisation and where they stand on that day (`phase_now`)."""
    phases = Case(
        When(adopted_on__isnull=False, then=Value(Phase.ADOPTED.value)),
        When(members_from=None, then=Value(Phase.DRAFTED.value)),
        When(members_from__gt=day, then=Value(Phase.ANNOUNCED.value)),
        When(public_from__gt=day, then=Value(Phase.MEMBERS.value)),
        When(open_until__gte=day, then=Value(Phase.OPEN.value)),
        default=Value(Phase.ANSWERING.value),
        output_field=CharField(),
    )
    rows: QuerySet[Plan] = Plan.objects.select_related("organisation", "cycle__campaign").annotate(phase_now=phases)
    return rows


def public_plans(day: date) -> QuerySet[Plan]:
    """The plans that everybody may read, those open for remarks first, then the newest."""
    rows = plans_on(day).filter(public_from__lte=day).select_related(None).select_related("organisation")
    is_open = Case(When(adopted_on=None, open_until__gte=day, then=Value(0)), default=Value(1))
    return rows.order_by(is_open, F("adopted_on").desc(nulls_first=True), "-open_until", "-pk")


def plans_in(cycle: Cycle, day: date) -> QuerySet[Plan]:
    """All plans of a cycle, drafts too, with how many remarks have no answer (`unanswered`) and the day of the oldest (`oldest`)."""
    rows: Any = plans_on(day).filter(cycle=cycle)
    return _with_unanswered(rows).order_by("organisation__path", "pk")  # type: ignore[no-any-return]


def units_without_plan(cycle: Cycle, day: date) -> QuerySet[Organisation]:
    """The units of the campaign without a plan that everybody may read that day, in the order of the tree."""
    planned = Plan.objects.filter(cycle=cycle, public_from__lte=day).values("organisation")
    rows = organisations.subtree(cycle.campaign.organisation).exclude(pk__in=planned)
    return rows.select_related("parent__parent")


def standing_in(cycle: Cycle, day: date) -> PlanCoverage:
    """How the plans of a cycle stand in numbers. Three queries for any number of units and plans."""
    n, first = next(iter(asked_often.open_ones(cycle, day)), (0, None))
    units, planned = next(iter(asked_often.units_and_planned(cycle, cycle.campaign.organisation.path, day)), (0, 0))
    return PlanCoverage(units, planned, n, first, sum(asked_often.unanswered_in(cycle)))


def late_plans(cycle: Cycle, day: date, *, but: Collection[Organisation] = ()) -> list[Plan]:
    """The plans of a cycle with remarks whose answer is late, of other organisations than these, the oldest remark first."""
    left = {one.pk for one in but}
    waiting: list[Any] = [row for row in _waiting_in(cycle, day) if row.organisation_id not in left]
    return [row for row in waiting if rules.answer_due_on(row.oldest) < day]


@prepared
def _waiting_in(cycle: Cycle, day: date) -> QuerySet[Plan]:
    waiting: Any = plans_in(cycle, day)
    return cast("QuerySet[Plan]", waiting.filter(unanswered__gt=0).order_by("oldest"))


@prepared
def plans_of(organisation: Organisation, day: date) -> QuerySet[Plan]:
    """The public plans of one organisation, the newest first."""
    rows = public_plans(day).filter(organisation=organisation).order_by("-public_from", "-pk")
    return rows.select_related("organisation", "cycle__campaign").defer("cycle__rules")


@prepared
def open_in(cycle: Cycle, day: date) -> QuerySet[Plan]:
    """The three plans of a cycle on which anybody can say something that day that close first."""
    rows = plans_on(day).filter(cycle=cycle, adopted_on=None, public_from__lte=day, open_until__gte=day)
    return rows.order_by("open_until", "pk")[:SHOWN_AT_ONCE]


def plans_to_write(reader: Reader, day: date) -> list[Plan]:
    """The plans for which the reader writes and answers, the newest first."""
    led = led_by(reader)
    return _written_by(led, day) if led else []


@prepared
def _written_by(organisations: list[Organisation], day: date) -> QuerySet[Plan]:
    rows = _with_unanswered(plans_on(day).filter(organisation__in=organisations))
    return cast("QuerySet[Plan]", rows.order_by("-pk"))


def led_by(reader: Reader) -> list[Organisation]:
    """The organisations whose plans the reader writes, each once."""
    led = reader.organisations_as(Post.Role.SECRETARY, Post.Role.CAMPAIGN_OFFICE)
    return list({row.pk: row for row in led}.values())


def plans_to_read_first(reader: Reader, day: date) -> list[Plan]:
    """The drafts that the reader may read before everybody does."""
    if reader.person is None:
        return []
    return _drafts_of(tree.ids_of(reader.person.organisation), day)


@prepared
def _drafts_of(organisations: Collection[int], day: date) -> QuerySet[Plan]:
    drafts = plans_on(day).filter(organisation__in=organisations, members_from__lte=day, public_from__gt=day)
    return drafts.order_by("pk")


def _with_unanswered(rows: Any) -> Any:
    on_plan: Any = PlanRemark.objects.filter(IS_OPEN, plan=OuterRef("pk")).order_by().values("plan")
    return rows.annotate(
        unanswered=Coalesce(Subquery(on_plan.annotate(n=Count("pk")).values("n")), 0),
        oldest=Subquery(on_plan.annotate(day=Min("remark__came_on")).values("day")),
    )


def plan_with_id(pk: int) -> Plan | None:
    """One plan with its organisation and cycle, or None."""
    return next(iter(asked_often.plans_with_id(pk)), None)


def versions_of(plan: Plan) -> list[PlanVersion]:
    """All versions, the first one first."""
    return asked_often.versions_of(plan)


def newest_version(plan: Plan, *, is_published: bool | None = None) -> PlanVersion | None:
    """The newest version, the newest published one, or the one being written."""
    asked = asked_often.newest if is_published is None else asked_often.being_written
    return next(iter((asked_often.newest_published if is_published else asked)(plan)), None)


def version_numbered(plan: Plan, number: int) -> PlanVersion | None:
    """A published version, or None."""
    rows = PlanVersion.objects.filter(plan=plan, number=number, published_at__isnull=False)
    return rows.select_related("plan__organisation", "plan__cycle").first()


def wordings_of(version: PlanVersion) -> list[ParagraphWording]:
    """The whole and then the paragraphs of a version, in their order."""
    return asked_often.wordings_of(version)


def text_begun(plan: Plan) -> list[ParagraphWording]:
    """The paragraphs of a plan's first version as they stand now. One query."""
    rows = ParagraphWording.objects.filter(version__plan=plan, version__number=1, place__gt=0)
    return list(rows.order_by("place"))


def wording_with_id(pk: int) -> ParagraphWording | None:
    """One wording with its version, plan, organisation and cycle, or None."""
    rows = ParagraphWording.objects.select_related(
        "paragraph", "version__plan__organisation", "version__plan__cycle__campaign__organisation"
    )
    return rows.filter(pk=pk).first()


def removed_in(version: PlanVersion) -> list[tuple[ParagraphFate, str]]:
    """What was taken out of a version, each with its last wording."""
    rows = list(ParagraphFate.objects.filter(version=version, heir=None).order_by("pk"))
    last: Any = ParagraphWording.objects.filter(paragraph__in=[row.paragraph_id for row in rows]).order_by(
        "version__number"
    )
    texts = {row.paragraph_id: row.text for row in last}
    return [(row, texts.get(row.paragraph_id, "")) for row in rows]


def fate_with_id(plan: Plan, pk: int) -> ParagraphFate | None:
    """What became of a paragraph of this plan, or None."""
    rows = ParagraphFate.objects.select_related("version__plan", "paragraph")
    return rows.filter(pk=pk, version__plan=plan).first()


def account_of(plan: Plan) -> PlanAccount:
    """What became of the remarks on a plan. One query."""
    counts = next(iter(asked_often.accounts(plan)), {})
    return PlanAccount(**{one.name: counts.get(one.name) or 0 for one in fields(PlanAccount)})


def waiting_for_a_look(plan: Plan) -> remarks.Waiting:
    """What waits for a look of all that was said to a plan, a flood included. One query."""
    return remarks.waiting_in_row(asked_often.waiting_of(plan))


def waiting_and_unanswered(plan: Plan) -> tuple[int, int]:
    """How many remarks wait for a look, a flood included, and how many shown ones have no answer."""
    rows: Any = PlanRemark.objects.filter(plan=plan)
    counts = rows.aggregate(
        waiting=Count("pk", filter=Q(remark__state=Remark.State.WAITING)), unanswered=Count("pk", filter=IS_OPEN)
    )
    return counts["waiting"], counts["unanswered"]


def text_of(plan: Plan, version: PlanVersion, lineage: Lineage) -> PlanText:
    """A version with how many readable remarks stand at each paragraph. Two queries."""
    whole, *rows = wordings_of(version)
    counts: dict[int, int] = defaultdict(int)
    for paragraph, number, n in asked_often.counts_by_wording(plan):
        for heir in lineage.heirs(paragraph, number, version.number):
            counts[heir] += n
    return PlanText(version, whole, [(row, counts[row.paragraph_id]) for row in rows], counts[whole.paragraph_id])


def lost_from(plan: Plan, version: PlanVersion, lineage: Lineage) -> list[LostParagraph]:
    """The paragraphs of earlier published versions that go on in none of this one. Two queries, none for the first version."""
    if version.number == 1:
        return []
    rows: Any = ParagraphWording.objects.filter(version__plan=plan, version__number__lte=version.number)
    now, last = set(), {}
    for row in rows.select_related("version").order_by("version__number", "place"):
        if row.version_id == version.pk:
            now.add(row.paragraph_id)
        else:
            last[row.paragraph_id] = row
    counts: dict[int, int] = defaultdict(int)
    for paragraph, _number, n in asked_often.counts_by_wording(plan):
        counts[paragraph] += n
    return [
        LostParagraph(row, lineage.because.get(pk, (0, ""))[1], counts[pk])
        for pk, row in last.items()
        if not now & lineage.heirs(pk, row.version.number, version.number)
    ]


def comparison(old: PlanVersion, new: PlanVersion, lineage: Lineage) -> list[Compared]:
    """Two versions, paragraph by paragraph in the order of the new one. Two queries."""
    return compared(wordings_of(old)[1:], wordings_of(new)[1:], old.number, new.number, lineage)


def remarks_at(wording: ParagraphWording, lineage: Lineage) -> QuerySet[PlanRemark]:
    """The readable remarks at a paragraph, those on its forebears included, the newest first, hidden ones too."""
    version = wording.version
    earlier: Any = ParagraphWording.objects.filter(version__plan=version.plan, version__number__lte=version.number)
    meant = [
        pk
        for pk, paragraph, number in earlier.values_list("pk", "paragraph", "version__number")
        if wording.paragraph_id in lineage.heirs(paragraph, number, version.number)
    ]
    rows = PlanRemark.objects.filter(remarks.readable("remark__"), wording__in=meant)
    related = with_sheets(rows).select_related("remark__photo", "response", "group__first__remark", "wording__version")
    return related.prefetch_related("response__paragraphs").order_by("-pk")


def with_sheets(rows: QuerySet[PlanRemark]) -> QuerySet[PlanRemark]:
    """These remarks, each with on how many paper forms it stands (`sheets`)."""
    mine: Any = SheetRemark.objects.filter(remark=OuterRef("pk")).order_by().values("remark")
    return rows.annotate(sheets=Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n")), 0))


def remark_of(remark: Remark) -> PlanRemark | None:
    """The remark on a plan that these words are, with its wording and response, or None for other words."""
    rows = PlanRemark.objects.select_related("wording__version__plan__organisation", "response", "remark")
    return rows.filter(remark=remark).first() if remark.kind == REMARK else None


def readable_above(row: PlanRemark) -> int:
    """How many readable remarks stand above this one at its paragraph. Five queries."""
    wording = wording_with_id(row.wording_id)
    assert wording is not None
    return remarks_at(wording, Lineage(row.wording.version.plan)).filter(pk__gt=row.pk).count()


def remarks_on(plan: Plan) -> QuerySet[PlanRemark]:
    """All remarks on a plan for those who answer: what is shown and has no answer first, the oldest of it first. Of what is hidden
    they read where it stands and why (`words_read` is empty), and the words are not looked for.
    """
    rows = with_sheets(PlanRemark.objects.filter(plan=plan).exclude(remark__state=Remark.State.WAITING))
    is_open: Any = Case(
        When(IS_OPEN, then=Value("open")), When(response__isnull=False, then=Value("answered")), default=Value("hidden")
    )
    related = rows.select_related("remark", "response", "wording__version", "group__first__remark")
    words: Any = Case(When(remark__state=Remark.State.SHOWN, then=F("remark__words")), default=Value("", TextField()))
    return related.annotate(standing_now=is_open, words_read=words).order_by(
        Case(When(IS_OPEN, then=Value(0)), default=Value(1)), "pk"
    )


def remarks_with_ids(ids: Collection[int]) -> list[PlanRemark]:
    """These remarks, as far as they exist, in the order of their ids."""
    rows = PlanRemark.objects.filter(pk__in=ids).select_related("remark", "wording__version", "group")
    return list(rows.order_by("pk"))


def groups_of(plan: Plan, *, is_open: bool = False) -> list[RemarkGroup]:
    """The groups of a plan with their size (`size`) and how many have no answer (`unanswered`), the largest first."""
    mine: Any = PlanRemark.objects.filter(IS_SHOWN, group=OuterRef("pk")).order_by().values("group")
    rows: Any = RemarkGroup.objects.filter(plan=plan).select_related("first__remark", "first__wording__version")
    rows = rows.annotate(
        size=Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n")), 0),
        unanswered=Coalesce(Subquery(mine.filter(response=None).annotate(n=Count("pk")).values("n")), 0),
    )
    rows = rows.filter(unanswered__gt=0) if is_open else rows
    return list(rows.filter(size__gt=1).order_by("-size", "pk"))


def group_with_id(plan: Plan, pk: int) -> RemarkGroup | None:
    """A group of this plan, or None."""
    return RemarkGroup.objects.filter(plan=plan, pk=pk).select_related("first__remark").first()


def open_in_group(group: RemarkGroup) -> QuerySet[PlanRemark]:
    """The shown remarks of a group that have no answer."""
    return PlanRemark.objects.filter(IS_OPEN, group=group).select_related("remark").order_by("pk")


def sizes_of_groups(rows: Iterable[PlanRemark]) -> dict[int, int]:
    """How many shown remarks the groups of these have, by id. One query."""
    ids = {row.group_id for row in rows if row.group_id}
    if not ids:
        return {}
    counts: Any = PlanRemark.objects.filter(IS_SHOWN, group__in=ids).order_by().values_list("group")
    return dict(counts.annotate(n=Count("pk")))


def response_with_id(pk: int) -> PlanResponse | None:
    """One answer with its plan, or None."""
    rows = PlanResponse.objects.select_related("plan__organisation", "plan__cycle").prefetch_related("paragraphs")
    return rows.filter(pk=pk).first()


def earlier_responses(rows: Iterable[PlanRemark]) -> dict[int, list[EarlierResponse]]:
    """What the answers to these remarks said before they were mended, by the answer's id, the newest first. One query at most."""
    ids, found = {row.response_id for row in rows if row.response_id}, defaultdict[int, list[EarlierResponse]](list)
    for one in EarlierResponse.objects.filter(response__in=ids):
        found[one.response_id].append(one)
    return found


def untrue_responses(plan: Plan, newest: PlanVersion) -> list[int]:
    """The remarks answered "taken up" or "partly" of whose named paragraphs none says anything else since they
    were made: other marks and blanks, or the same words split or joined, change nothing. By number.
    """
    lineage = Lineage(plan)
    rows = PlanRemark.objects.filter(IS_SHOWN, plan=plan).exclude(response=None)
    rows = rows.exclude(response__outcome=PlanResponse.Outcome.NOT_TAKEN_UP).select_related("wording__version")
    named: dict[int, set[int]] = defaultdict(set)
    for response, paragraph in PlanResponse.paragraphs.through.objects.filter(planresponse__plan=plan).values_list(
        "planresponse", "paragraph"
    ):
        named[response].add(paragraph)
    held = list(rows.order_by("pk"))
    since = {row.wording.version for row in held}
    changed = {old.pk: _changed_since(old, newest, lineage) for old in since}
    return [row.remark_id for row in held if not named[row.response_id or 0] & changed[row.wording.version_id]]


def _changed_since(old: PlanVersion, newest: PlanVersion, lineage: Lineage) -> set[int]:
    """The paragraphs of both versions of which the newest says something else."""
    return {pk for one in comparison(old, newest, lineage) if one.says_something_else for pk in one.paragraphs}


def paragraphs_named(plan: Plan, paragraphs: Iterable[int]) -> list[Paragraph]:
    """These paragraphs, whosever plan they are of."""
    return list(Paragraph.objects.filter(pk__in=list(paragraphs)))


def paragraphs_taken_up(plan: Plan) -> set[int]:
    """The paragraphs that answers name as changed because of a remark. One query."""
    named: Any = PlanResponse.paragraphs.through.objects.filter(planresponse__plan=plan)
    return set(
        named.exclude(planresponse__outcome=PlanResponse.Outcome.NOT_TAKEN_UP).values_list("paragraph", flat=True)
    )


def numbers_in(version: PlanVersion) -> dict[int, int]:
    """Paragraph to its number in a version."""
    return dict(ParagraphWording.objects.filter(version=version).values_list("paragraph", "place"))


def searchable(plans: Iterable[Plan]) -> list[Searchable]:
    """How these plans are found: by their title, and where their organisation is."""
    return [
        Searchable(
            kind=SEARCHED_AS,
            reference=row.reference,
            title=row.title,
            address=f"{row.organisation.code}/{row.pk}",
            more=("计划 征求意见 plan",),
            place=row.organisation_id,
        )
        for row in plans
    ]


def open_plans(cycle: Cycle) -> list[Plan]:
    """The plans of a cycle that somebody has read and that are not adopted."""
    rows = Plan.objects.filter(cycle=cycle, adopted_on=None, members_from__isnull=False)
    return list(rows.select_related("organisation__parent").order_by("pk"))
