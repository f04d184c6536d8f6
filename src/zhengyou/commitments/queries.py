"""What pages ask about promises: how they stand, what was said of them, what is due, and who has none."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Max, OuterRef, Q, QuerySet, Subquery, Value, When

from zhengyou.base.entries import LEVEL_ABOVE, Public
from zhengyou.base.searching import Searchable
from zhengyou.base.time import local_day
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.ruleset import Purpose
from zhengyou.commitments.models import (
    CitizenAnswer,
    Commitment,
    OutcomeStatement,
    ProgressReport,
    Promise,
    PromiseReview,
)
from zhengyou.organisations import queries as organisations
from zhengyou.organisations import tree
from zhengyou.organisations.models import Organisation, Post, held_on
from zhengyou.organisations.readers import Reader
from zhengyou.plans import queries as plans
from zhengyou.remarks import queries as remarks
from zhengyou.remarks.models import Remark

QUIET_AFTER = timedelta(days=30)  # whoever reads a promise may expect news of it once a month
SEARCHED_AS = "promise"
ANSWERS_A_PAGE = 20  # of the public list, which a link to one of them must know as well
ANSWER = "answer"  # the kind of remark that comes with an answer
ABOVE = (Post.Role.SECRETARY, Post.Role.LEADER)


@dataclass(frozen=True)
class PromiseProgress:
    """One published promise with the organisation's word and the citizens' words beside each other.

    `waiting` came in a flood, waits for a look and is counted nowhere yet.
    """

    promise: Promise
    reports: int = 0
    last_reported_at: datetime | None = None
    outcome: OutcomeStatement | None = None
    kept: int = 0
    not_kept: int = 0
    cannot_tell: int = 0
    on_course: int = 0
    off_course: int = 0
    too_early: int = 0
    waiting: int = 0

    @property
    def answers(self) -> int:
        """How many answered whether it was kept."""
        return self.kept + self.not_kept + self.cannot_tell

    @property
    def early_answers(self) -> int:
        """How many said before its day how it looked."""
        return self.on_course + self.off_course + self.too_early

    @property
    def is_contested(self) -> bool:
        """Whether anybody says that it was not kept, or that it does not look so."""
        return bool(self.not_kept or self.off_course)

    def is_overdue(self, on: date) -> bool:
        """Whether its day is over without a word on how it ended."""
        return self.outcome is None and self.promise.due_on < on


@dataclass(frozen=True)
class CyclePromises:
    """What an organisation published in one cycle."""

    cycle: Cycle
    commitment: Commitment
    lines: list[PromiseProgress]


@dataclass(frozen=True)
class Promised:
    """How many promises a cycle has, of how many units, of how many the day has come, and of how many it comes within 30 days."""

    promises: int
    units: int
    due: int
    soon: int


@dataclass(frozen=True)
class ReviewedPromise:
    """One promise on the desk, with everything that was said to it, the newest first."""

    promise: Promise
    reviews: list[PromiseReview]

    @property
    def last_review(self) -> PromiseReview | None:
        return self.reviews[0] if self.reviews else None


@dataclass(frozen=True)
class Due:
    """Something that a person has to do. `kind` is one of choose_theme, write_promises, mend_promises, review_promises,
    report_progress, state_outcomes; `organisation` is None where several are meant; `count` counts promises, or
    organisations for review_promises."""

    kind: str
    organisation: Organisation | None
    count: int
    due_on: date | None
    cycle: Cycle


@dataclass(frozen=True)
class CoverageRow:
    """How far one organisation has come in a cycle."""

    organisation: Organisation
    theme: str
    commitment: Commitment | None
    promises: int
    reports: int
    last_reported_at: datetime | None

    @property
    def is_published(self) -> bool:
        return self.commitment is not None and self.commitment.state == Commitment.State.PUBLISHED

    @property
    def missing(self) -> set[str]:
        """What is missing: any of theme, promise, report."""
        lacks = {"theme": not self.theme, "promise": not self.is_published}
        lacks["report"] = self.is_published and not self.reports
        return {what for what, is_missing in lacks.items() if is_missing}


@dataclass
class Waiting:
    """Proposals that a person may review: those where nobody nearer could, and the others further below."""

    nearest: list[Commitment] = field(default_factory=list)
    further: list[Commitment] = field(default_factory=list)


def searchable(promises: Iterable[Promise]) -> list[Searchable]:
    """How these promises are found: by what they say, and where their organisation is."""
    return [
        Searchable(
            kind=SEARCHED_AS,
            reference=row.reference,
            title=row.what,
            address=f"{row.commitment.organisation.code}/{row.pk}",
            more=("承诺 promise", row.standard, row.for_whom),
            place=row.commitment.organisation_id,
        )
        for row in promises
    ]


def every_published_promise() -> QuerySet[Promise]:
    """The promises of all published commitments, whatever their cycle."""
    rows = Promise.objects.filter(commitment__state=Commitment.State.PUBLISHED, state=Promise.State.AGREED)
    return rows.select_related("commitment__organisation", "commitment__cycle").order_by("pk")


def public_promise(promise: Promise) -> Public:
    """What everybody may know of a promise on the day it is published: its words."""
    text = {**asdict(promise.text), "promise": promise.pk, "cycle": promise.commitment.cycle.name}
    about = promise.commitment.organisation.public_reference
    return Public(text, about=about, by=LEVEL_ABOVE, what="commitments.publish_promise")


def aims_of(cycle: Cycle) -> dict[str, dict[str, str]]:
    """The aims of the cycle's frozen rules, in their order: id to name in both languages."""
    return {aim.id: aim.name for aim in cycle.ruleset.aims}


def commitment_of(cycle: Cycle, organisation: Organisation) -> Commitment | None:
    """The organisation's commitment in this cycle, if it has begun one."""
    rows = Commitment.objects.select_related("cycle", "cycle__campaign", "organisation", "proposed_by")
    return rows.filter(cycle=cycle, organisation=organisation).first()


def commitments_of(cycle: Cycle, units: Iterable[Organisation]) -> dict[int, Commitment]:
    """The commitments of these organisations in this cycle, by organisation id."""
    return {row.organisation_id: row for row in Commitment.objects.filter(cycle=cycle, organisation__in=list(units))}


def states_by_commitment(commitments: Iterable[Commitment]) -> dict[int, dict[str, int]]:
    """Commitment id to how many of its promises are in which state."""
    rows: Any = Promise.objects.filter(commitment__in=list(commitments)).values_list("commitment", "state")
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for commitment, state, n in rows.annotate(n=Count("id")):
        counts[commitment][state] = n
    return counts


def live_promises(commitment: Commitment) -> list[Promise]:
    """The promises that were not withdrawn, in the order in which they were written."""
    rows = Promise.objects.filter(commitment=commitment).exclude(state=Promise.State.WITHDRAWN)
    return list(rows.order_by("id"))


def reviewed_promises(commitment: Commitment) -> list[ReviewedPromise]:
    """The live promises with their reviews."""
    reviews = defaultdict(list)
    rows = PromiseReview.objects.filter(promise__commitment=commitment).select_related("reviewed_by")
    for review in rows.order_by("-proposal"):
        reviews[review.promise_id].append(review)
    return [ReviewedPromise(promise, reviews[promise.pk]) for promise in live_promises(commitment)]


def promise_with_id(organisation: Organisation, promise_id: int) -> Promise | None:
    """One promise of this organisation in whatever state, with its cycle and campaign."""
    rows = Promise.objects.select_related(
        "commitment", "commitment__organisation", "commitment__cycle", "commitment__cycle__campaign"
    )
    return rows.filter(pk=promise_id, commitment__organisation=organisation).first()


def published_promise(organisation: Organisation, promise_id: int) -> Promise | None:
    """One published promise of this organisation, or None."""
    row = promise_with_id(organisation, promise_id)
    is_out = row is not None and (row.state, row.commitment.state) == (Promise.State.AGREED, Commitment.State.PUBLISHED)
    return row if is_out else None


def published_promises(organisation: Organisation) -> list[CyclePromises]:
    """Everything the organisation has published, the newest cycle first. Constant number of queries."""
    rows = Promise.objects.filter(
        commitment__organisation=organisation, commitment__state=Commitment.State.PUBLISHED, state=Promise.State.AGREED
    ).select_related("commitment", "commitment__cycle__campaign")
    by_commitment: dict[int, list[PromiseProgress]] = defaultdict(list)
    for kept in progress_of(rows.order_by("-commitment__cycle__starts_on", "-commitment__cycle", "id")):
        by_commitment[kept.promise.commitment_id].append(kept)
    firsts = [(lines[0].promise.commitment, lines) for lines in by_commitment.values()]
    return [CyclePromises(commitment.cycle, commitment, lines) for commitment, lines in firsts]


def published_in(cycle: Cycle, units: Iterable[Organisation]) -> QuerySet[Promise]:
    """The published promises of these organisations in this cycle."""
    rows = Promise.objects.filter(commitment__state=Commitment.State.PUBLISHED, state=Promise.State.AGREED)
    return rows.filter(commitment__cycle=cycle, commitment__organisation__in=units).select_related("commitment")


def newer_cycle_of(commitment: Commitment) -> Cycle | None:
    """The cycle under way of the same campaign in which the same organisation has published promises, or None."""
    rows = Commitment.objects.filter(organisation=commitment.organisation_id, state=Commitment.State.PUBLISHED)
    rows = rows.filter(cycle__closed_at=None, cycle__campaign=commitment.cycle.campaign_id)
    rows = rows.select_related("cycle").exclude(pk=commitment.pk)
    newest = rows.order_by("-cycle__starts_on", "-cycle_id").first()
    return newest.cycle if newest else None


def promises_in(cycle: Cycle, on: date) -> QuerySet[Promise]:
    """The published promises of a cycle, those first whose day comes first; each with its organisation and its `when`.

    `when` is due, soon (within 30 days) or later.
    """
    annotated: Any = every_published_promise().filter(commitment__cycle=cycle)
    annotated = annotated.annotate(
        when=Case(
            When(due_on__lte=on, then=Value("due")),
            When(due_on__lte=on + QUIET_AFTER, then=Value("soon")),
            default=Value("later"),
        ),
    )
    rows: QuerySet[Promise] = annotated.order_by("due_on", "pk")
    return rows


def promised_in(cycle: Cycle, on: date) -> Promised:
    """How many promises a cycle has, and how many have come due. One query."""
    due, soon = Q(due_on__lte=on), Q(due_on__gt=on, due_on__lte=on + QUIET_AFTER)
    counts: Any = every_published_promise().filter(commitment__cycle=cycle).order_by()
    return Promised(
        **counts.aggregate(
            promises=Count("pk"),
            units=Count("commitment", distinct=True),
            due=Count("pk", filter=due),
            soon=Count("pk", filter=soon),
        )
    )


def progress_of(promises: Iterable[Promise]) -> list[PromiseProgress]:
    """Each promise with reports, outcome and answers counted. Three queries for any number of promises."""
    rows = list(promises)
    if not rows:
        return []
    ids = [row.pk for row in rows]
    reports = _reports_by("promise", Q(promise__in=ids))
    outcomes = {row.promise_id: row for row in OutcomeStatement.objects.filter(promise__in=ids).order_by("id")}
    counts: dict[int, dict[str, Any]] = defaultdict(dict)
    for promise, mark, n, waiting in _answers_to(ids):
        counts[promise] |= {mark: n, "waiting": counts[promise].get("waiting", 0) + waiting}
    return [
        PromiseProgress(row, *reports.get(row.pk, (0, None)), outcomes.get(row.pk), **counts[row.pk]) for row in rows
    ]


def reports_of(promise: Promise) -> list[ProgressReport]:
    """All reports of a promise, the oldest first, with their photos."""
    return list(ProgressReport.objects.filter(promise=promise).select_related("photo", "corrects").order_by("id"))


def outcomes_of(promise: Promise) -> list[OutcomeStatement]:
    """Everything the organisation has stated about how the promise ended, the newest first."""
    return list(OutcomeStatement.objects.filter(promise=promise).order_by("-id"))


def spoken_answers(promise: Promise) -> QuerySet[CitizenAnswer]:
    """The citizens' answers whose words or photo were looked at, the newest first, hidden ones too."""
    rows = CitizenAnswer.objects.filter(remarks.readable("remark__"), promise=promise)
    return rows.select_related("remark__photo").order_by("-id")


def spoken_before(answer: CitizenAnswer) -> int:
    """How many of the promise's readable answers stand above this one in their list."""
    return spoken_answers(answer.promise).filter(pk__gt=answer.pk).count()


def answer_of(remark: Remark) -> CitizenAnswer | None:
    """The answer with which a remark came, with its promise and organisation, or None for another kind of remark."""
    related = ("promise__commitment__organisation", "promise__commitment__cycle")
    return CitizenAnswer.objects.filter(remark=remark).select_related(*related).first()


def with_marks(rows: QuerySet[Remark]) -> QuerySet[Remark]:
    """The remarks, each with the `mark` of the answer with which it came, or None."""
    marks = CitizenAnswer.objects.filter(remark=OuterRef("pk")).values("mark")[:1]
    marked: QuerySet[Remark] = rows.annotate(mark=Subquery(marks))
    return marked


def is_public_photo(digest: str) -> bool:
    """Whether this file hangs on a report, or on a citizen's words that are shown."""
    return ProgressReport.objects.filter(photo__digest=digest).exists() or remarks.is_public_photo(digest)


def waiting_for(reader: Reader, cycle: Cycle) -> Waiting:
    """The proposals below the organisations in which the reader is a secretary or leader, the oldest first."""
    mine = reader.organisations_as(*ABOVE)
    if not mine:
        return Waiting()
    rows = Commitment.objects.filter(tree.below(mine, "organisation"), cycle=cycle, state=Commitment.State.PROPOSED)
    rows = rows.exclude(proposed_by=reader.person).select_related("organisation").order_by("proposed_at")
    return _parted(list(rows), {organisation.pk for organisation in mine}, reader.on)


def due_for(reader: Reader) -> list[Due]:
    """What the reader has to do about themes and promises in every campaign under way, the most urgent first."""
    if not reader.posts:
        return []
    due = [one for calendar in Calendar.under_way() for one in _due_in(calendar, reader)]
    return sorted(due, key=lambda one: one.kind not in {"mend_promises", "review_promises"})


def _due_in(calendar: Calendar, reader: Reader) -> list[Due]:
    cycle, on, due = calendar.cycle, reader.on, list[Due]()
    mine = [row for row in reader.organisations_as(Post.Role.SECRETARY) if _takes_part(cycle, row)]
    if mine:
        due += _due_before_publishing(calendar, mine, on)
        if calendar.has_begun(Purpose.FULFIL, on):
            due += _due_after_publishing(calendar, mine, on)
    waiting = len(waiting_for(reader, cycle).nearest)
    if waiting:
        due.insert(0, Due("review_promises", None, waiting, _last_day(calendar, Purpose.PROMISE), cycle))
    return due


def promising_organisations(cycle: Cycle) -> QuerySet[Organisation]:
    """The living organisations of the campaign that have a level above them, in the order of the tree."""
    return organisations.subtree(cycle.campaign.organisation).exclude(parent=None)


def coverage(cycle: Cycle) -> list[CoverageRow]:
    """How far each organisation, with the two above it, has come, in the order of the tree. Five queries for any number."""
    themes = plans.practice_themes(cycle)
    commitments = {row.organisation_id: row for row in Commitment.objects.filter(cycle=cycle)}
    live = Promise.objects.filter(commitment__cycle=cycle).exclude(state=Promise.State.WITHDRAWN)
    promises = dict(live.values_list("commitment").annotate(n=Count("id")).values_list("commitment", "n"))
    reports = _reports_by("promise__commitment", Q(promise__commitment__cycle=cycle))
    rows = []
    for organisation in promising_organisations(cycle).select_related("parent__parent"):
        commitment = commitments.get(organisation.pk)
        number = commitment.pk if commitment else 0
        rows.append(
            CoverageRow(
                organisation,
                themes.get(organisation.pk, ""),
                commitment,
                promises.get(number, 0),
                *reports.get(number, (0, None)),
            )
        )
    return rows


def _answers_to(promises: Collection[int]) -> Iterable[tuple[int, str, int, int]]:
    """Promise id, mark, how many answers with it count, and how many came in a flood and wait."""
    counts = {
        "n": Count("id", filter=remarks.counted("remark__")),
        "waiting": Count("id", filter=remarks.from_a_flood("remark__")),
    }
    rows: Any = CitizenAnswer.objects.filter(promise__in=promises).values_list("promise", "mark").annotate(**counts)
    answers: Iterable[tuple[int, str, int, int]] = rows.values_list("promise", "mark", "n", "waiting")
    return answers


def _reports_by(owner: str, which: Q) -> dict[int, tuple[int, datetime | None]]:
    """Owner id to how many reports there are and when the last one was made."""
    rows = ProgressReport.objects.filter(which).values(owner).annotate(n=Count("id"), last=Max("reported_at"))
    return {row[owner]: (row["n"], row["last"]) for row in rows}


def _parted(rows: Collection[Commitment], mine: set[int], on: date) -> Waiting:
    """A proposal is nearest to whoever holds a post in the lowest organisation above it that has anybody to review."""
    above = {row.pk: tree.ids_above(row.organisation) for row in rows}
    asked = {organisation for path in above.values() for organisation in path}
    posts = Post.objects.filter(held_on(on), role__in=ABOVE, organisation__in=asked)
    manned = set(posts.values_list("organisation_id", flat=True)) if asked else set()
    waiting = Waiting()
    for row in rows:
        nearest = next((organisation for organisation in reversed(above[row.pk]) if organisation in manned), None)
        (waiting.nearest if nearest in mine else waiting.further).append(row)
    return waiting


def _takes_part(cycle: Cycle, organisation: Organisation) -> bool:
    return organisation.parent_id is not None and tree.is_within(organisation, cycle.campaign.organisation)


def _last_day(calendar: Calendar, purpose: str) -> date | None:
    window = calendar.window(purpose)
    return window.closes_on if window else None


def _due_before_publishing(calendar: Calendar, mine: list[Organisation], on: date) -> list[Due]:
    cycle, is_open, by = calendar.cycle, calendar.is_open(Purpose.PROMISE, on), _last_day(calendar, Purpose.PROMISE)
    rooms = cycle.ruleset.rooms
    themes = plans.practice_themes(cycle)
    commitments = commitments_of(cycle, mine)
    counts = states_by_commitment(commitments.values())
    due = []
    for organisation in mine:
        commitment = commitments.get(organisation.pk)
        state = commitment.state if commitment else Commitment.State.DRAFTED
        count = counts.get(commitment.pk, {}) if commitment else {}
        if is_open and "plans" in rooms and organisation.pk not in themes:
            due.append(Due("choose_theme", organisation, 0, by, cycle))
        if state == Commitment.State.RETURNED:
            due.append(Due("mend_promises", organisation, count.get(Promise.State.RETURNED, 0), by, cycle))
        elif is_open and "commitments" in rooms and state == Commitment.State.DRAFTED:
            due.append(Due("write_promises", organisation, count.get(Promise.State.DRAFTED, 0), by, cycle))
    return due


def _due_after_publishing(calendar: Calendar, mine: list[Organisation], on: date) -> list[Due]:
    """One line a unit: the promises of which nothing was heard for long, or, once the stage is over, whose end nobody has told."""
    is_over = calendar.is_over(Purpose.FULFIL, on)
    due: dict[int, list[date]] = defaultdict(list)
    for one in progress_of(published_in(calendar.cycle, mine)):
        commitment = one.promise.commitment
        since = one.last_reported_at or commitment.published_at
        news_by = local_day(since) + QUIET_AFTER if since else None
        if one.outcome is None and (is_over or (news_by and news_by <= on)):
            due[commitment.organisation_id].append(calendar.cycle.ends_on if is_over else news_by or on)
    kind = "state_outcomes" if is_over else "report_progress"
    return [Due(kind, row, len(days), min(days), calendar.cycle) for row in mine if (days := due[row.pk])]
