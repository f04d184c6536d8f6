"""What pages ask about promises: how they stand and what was said of them. What is due of them, and who has none, is in `keeping`."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Value, When

from zhengyou.base.entries import LEVEL_ABOVE, UNIT, Public
from zhengyou.base.prepared import prepared
from zhengyou.base.searching import Searchable
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import CentralWork, Cycle
from zhengyou.commitments import rules, tallies
from zhengyou.commitments.models import (
    CitizenAnswer,
    Commitment,
    DraftRemark,
    OutcomeStatement,
    ProgressReport,
    Promise,
    PromiseReview,
)
from zhengyou.identity import queries as identity
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person
from zhengyou.remarks import queries as remarks
from zhengyou.remarks.models import Remark

QUIET_AFTER = timedelta(days=30)  # whoever reads a promise may expect news of it once a month
SEARCHED_AS = "promise"
ANSWERS_A_PAGE = 20  # of the public list, which a link to one of them must know as well
ANSWER = "answer"  # the kind of remark that comes with an answer
YEARLY = Commitment.Kind.YEARLY
Units = (
    Collection[Organisation] | Collection[int] | QuerySet[Organisation]
)  # a query of many units stays one: two thousand ids are slow to send


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
    def is_doubted(self) -> bool:
        """Whether anybody says that it was not kept, or that it does not look so."""
        return bool(self.not_kept or self.off_course)  # as `tallies.DOUBTS`

    def is_overdue(self, on: date) -> bool:
        """Whether its day is over without a word on how it ended."""
        return self.outcome is None and self.promise.due_on < on


@dataclass(frozen=True)
class CyclePromises:
    """What an organisation published in one cycle."""

    cycle: Cycle
    commitment: Commitment
    lines: list[PromiseProgress]
    pieces: dict[int, CentralWork]


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

    @property
    def is_sent_back(self) -> bool:
        """Whether the last word on it was an opinion, and its organisation has not proposed it again."""
        return bool(self.reviews) and not self.reviews[0].agrees and self.promise.state != Promise.State.PROPOSED


def searchable(promises: Iterable[Promise]) -> list[Searchable]:
    """How these promises are found: by what they say, and where their organisation is; its day tells one from another."""
    return [
        Searchable(
            kind=SEARCHED_AS,
            reference=row.reference,
            title=row.what,
            address=f"{row.commitment.organisation.code}/{row.pk}",
            more=("承诺 promise", row.standard, row.for_whom),
            place=row.commitment.organisation_id,
            state=row.due_on.isoformat(),
        )
        for row in promises
    ]


def every_published_promise() -> QuerySet[Promise]:
    """The promises of all published commitments, whatever their cycle."""
    rows = Promise.objects.filter(commitment__state=Commitment.State.PUBLISHED, state=Promise.State.AGREED)
    return rows.select_related("commitment__organisation", "commitment__cycle").order_by("pk")


def open_wordings(cycle: Cycle, organisation: Organisation) -> list[str]:
    """What the organisation's published promises of the cycle say whose end it has not told."""
    rows = every_published_promise().filter(commitment__cycle=cycle, commitment__organisation=organisation)
    told = OutcomeStatement.objects.filter(promise=OuterRef("pk"))
    return list(rows.exclude(Exists(told)).values_list("what", flat=True))


def public_promises(promises: Iterable[Promise], unit: Organisation, by: Person, day: date) -> list[Public]:
    """What everybody may know of promises that a level above agreed to: their words, and which level it was. One query."""
    level = identity.level_told(unit, by, day)
    return [replace(one, content={**one.content, **level}) for one in map(public_promise, promises)]


def public_promise(promise: Promise, *, is_of_unit: bool = False) -> Public:
    """What everybody may know of a promise on the day it is published: its words; by the level above, or by the unit at once."""
    text = {**asdict(promise.text), "promise": promise.pk, "cycle": promise.commitment.cycle.name}
    text |= {"kind": promise.commitment.kind}
    about = promise.commitment.organisation.public_reference
    return Public(text, about=about, by=UNIT if is_of_unit else LEVEL_ABOVE, what="commitments.publish_promise")


def aims_of(cycle: Cycle) -> dict[str, dict[str, str]]:
    """The aims of the cycle's frozen rules, in their order: id to name in both languages."""
    return {aim.id: aim.name for aim in cycle.ruleset.aims}


def served_by_promises(cycle: Cycle) -> dict[str, Any]:
    """What a promise of this cycle may serve, as a page says it: the `aims`, and the `pieces` of central work by their number."""
    return {"aims": aims_of(cycle), "pieces": campaigns.pieces_of([cycle])[cycle.pk]}


def serving(cycle: Cycle) -> dict[tuple[int, str], int]:
    """How many published promises of a cycle serve a piece of central work, by its number, and an aim. One query."""
    rows: Any = every_published_promise().filter(commitment__cycle=cycle).order_by()
    return {(piece, aim): n for piece, aim, n in rows.values_list("piece", "aim").annotate(n=Count("pk"))}


def commitment_of(cycle: Cycle, organisation: Organisation) -> Commitment | None:
    """The organisation's yearly commitment in this cycle, if it has begun one."""
    rows = Commitment.objects.select_related("cycle", "cycle__campaign", "organisation", "proposed_by")
    return rows.filter(cycle=cycle, organisation=organisation, kind=YEARLY).first()


def begun_by(cycle: Cycle, units: Units) -> QuerySet[Commitment]:
    """The yearly commitments of these organisations in this cycle."""
    return Commitment.objects.filter(cycle=cycle, organisation__in=units, kind=YEARLY)


def commitments_of(cycle: Cycle, units: Units) -> dict[int, Commitment]:
    """The yearly commitments of these organisations in this cycle, by organisation id."""
    return {row.organisation_id: row for row in begun_by(cycle, units)}


def states_by_commitment(commitments: Collection[int] | QuerySet[Commitment]) -> dict[int, dict[str, int]]:
    """Commitment id to how many of its promises are in which state."""
    rows: Any = Promise.objects.filter(commitment__in=commitments).values_list("commitment", "state")
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for commitment, state, n in rows.annotate(n=Count("id")):
        counts[commitment][state] = n
    return counts


def live_promises(commitment: Commitment) -> list[Promise]:
    """The promises that were not withdrawn, in the order in which they were written."""
    rows = Promise.objects.filter(commitment=commitment).exclude(state=Promise.State.WITHDRAWN)
    return list(rows.order_by("id"))


def immediate_promises(cycle: Cycle, organisation: Organisation) -> list[Promise]:
    """What the organisation promised on the spot in this cycle, the newest first."""
    of_kind = {"commitment__cycle": cycle, "commitment__organisation": organisation}
    rows = every_published_promise().filter(**of_kind, commitment__kind=Commitment.Kind.IMMEDIATE)
    return list(rows.order_by("-pk"))


def unreviewed_on_the_spot(cycle: Cycle, units: Q) -> QuerySet[Promise]:
    """Promises given on the spot by these units that nobody of the level above has reviewed yet, the oldest first."""
    reviews = PromiseReview.objects.filter(promise=OuterRef("pk"))
    rows = every_published_promise().filter(units, commitment__cycle=cycle, commitment__kind=Commitment.Kind.IMMEDIATE)
    return rows.filter(~Exists(reviews))


def review_of(promise: Promise) -> PromiseReview | None:
    """The newest word of the level above on a promise."""
    rows = PromiseReview.objects.filter(promise=promise).select_related("reviewed_by")
    return rows.order_by("-proposal", "-pk").first()


def has_open_draft(cycle: Cycle, organisation: Organisation) -> bool:
    """Whether the organisation has written promises that are not published yet, so that its people can remark on them."""
    rows = Commitment.objects.filter(cycle=cycle, organisation=organisation, kind=YEARLY)
    return rows.exclude(state=Commitment.State.PUBLISHED).exists()


def draft_remarks(commitment: Commitment) -> list[DraftRemark]:
    """What people of the unit said about its draft, the oldest first."""
    return list(DraftRemark.objects.filter(commitment=commitment).select_related("said_by").order_by("pk"))


def promises_to_revise(cycle: Cycle, organisation: Organisation) -> list[Promise]:
    """The promises of a unit that may still be reworded: being written, or sent back. One query."""
    rows = Promise.objects.filter(commitment__cycle=cycle, commitment__organisation=organisation)
    return list(rows.filter(state__in=(Promise.State.DRAFTED, Promise.State.RETURNED)).order_by("pk"))


def promises_to_reword_for(cycle: Cycle, organisation: Organisation, day: date) -> list[Promise]:
    """Those of them that a clerk may word anew from paper: what was sent back, and the drafts that were entered, not the unit's own."""
    rows = promises_to_revise(cycle, organisation)
    return [row for row in rows if row.state == Promise.State.RETURNED or rules.is_entered(row, organisation, day)]


def is_taken_over(promise: Promise) -> bool:
    """Whether a promise of a later cycle takes this one over."""
    return Promise.objects.filter(carried_from=promise).exclude(state=Promise.State.WITHDRAWN).exists()


def last_outcome(promise: Promise) -> int:
    """The number of the last word on how a promise ended, 0 for none."""
    return OutcomeStatement.objects.filter(promise=promise).order_by("pk").values_list("pk", flat=True).last() or 0


def promises_entered_for(cycle: Cycle, organisation: Organisation, day: date) -> list[Promise]:
    """What a level above entered from paper and may still take off: being written, or given on the spot with nothing said of it."""
    given = [row for row in immediate_promises(cycle, organisation) if not is_spoken_of(row)]
    return [row for row in promises_to_revise(cycle, organisation) + given if rules.is_entered(row, organisation, day)]


def is_spoken_of(promise: Promise) -> bool:
    """Whether anybody has said something of a promise: a review, a report, how it ended, an answer. Four queries at most."""
    tables: list[Any] = [PromiseReview, ProgressReport, OutcomeStatement, CitizenAnswer]
    return any(table.objects.filter(promise=promise).exists() for table in tables)


def reviewed_promises(commitment: Commitment) -> list[ReviewedPromise]:
    """The live promises with their reviews."""
    reviews = defaultdict(list)
    rows = PromiseReview.objects.filter(promise__commitment=commitment).select_related("reviewed_by")
    for review in rows.order_by("-proposal"):
        reviews[review.promise_id].append(review)
    return [ReviewedPromise(promise, reviews[promise.pk]) for promise in live_promises(commitment)]


def promise_with_id(organisation: Organisation, promise_id: int) -> Promise | None:
    """One promise of this organisation in whatever state, with its cycle and campaign."""
    return next(iter(_promise_of(organisation, promise_id)), None)


@prepared
def _promise_of(organisation: Organisation, promise_id: int) -> QuerySet[Promise]:
    rows = Promise.objects.select_related(
        "commitment", "commitment__organisation", "commitment__cycle", "commitment__cycle__campaign"
    )
    return rows.filter(pk=promise_id, commitment__organisation=organisation)


def published_promise(organisation: Organisation, promise_id: int) -> Promise | None:
    """One published promise of this organisation, or None."""
    row = promise_with_id(organisation, promise_id)
    is_out = row is not None and (row.state, row.commitment.state) == (Promise.State.AGREED, Commitment.State.PUBLISHED)
    return row if is_out else None


def published_promises(organisation: Organisation) -> list[CyclePromises]:
    """Everything the organisation has published, the newest cycle first. Constant number of queries."""
    by_commitment: dict[int, list[PromiseProgress]] = defaultdict(list)
    for kept in progress_of(_published_by(organisation)):
        by_commitment[kept.promise.commitment_id].append(kept)
    firsts = [(lines[0].promise.commitment, lines) for lines in by_commitment.values()]
    pieces = campaigns.pieces_of(one.cycle for one, _lines in firsts)
    return [CyclePromises(one.cycle, one, lines, pieces[one.cycle_id]) for one, lines in firsts]


@prepared
def _published_by(organisation: Organisation) -> QuerySet[Promise]:
    rows = Promise.objects.filter(
        commitment__organisation=organisation, commitment__state=Commitment.State.PUBLISHED, state=Promise.State.AGREED
    )
    rows = rows.select_related("commitment", "commitment__cycle__campaign")
    return rows.order_by("-commitment__cycle__starts_on", "-commitment__cycle", "id")


def published_in(cycle: Cycle, units: Units) -> QuerySet[Promise]:
    """The published promises of these organisations in this cycle."""
    rows = Promise.objects.filter(commitment__state=Commitment.State.PUBLISHED, state=Promise.State.AGREED)
    return rows.filter(commitment__cycle=cycle, commitment__organisation__in=units).select_related("commitment")


def newer_cycle_of(commitment: Commitment) -> Cycle | None:
    """The cycle under way of the same campaign in which the same organisation has published promises, or None."""
    rows = Commitment.objects.filter(organisation=commitment.organisation_id, state=Commitment.State.PUBLISHED)
    rows = rows.filter(cycle__closed_at=None, cycle__campaign=commitment.cycle.campaign_id)
    rows = rows.select_related("cycle").exclude(cycle=commitment.cycle_id)
    newest = rows.order_by("-cycle__starts_on", "-cycle_id").first()
    return newest.cycle if newest else None


def promises_in(cycle: Cycle, on: date) -> QuerySet[Promise]:
    """The published promises of a cycle, those first whose day comes first; each with its organisation and its `when`.

    `when` is due, soon (within 30 days) or later.
    """
    annotated: Any = every_published_promise().filter(commitment__cycle=cycle)
    annotated = (
        annotated.select_related(None)
        .select_related("commitment__organisation")
        .annotate(
            when=Case(
                When(due_on__lte=on, then=Value("due")),
                When(due_on__lte=on + QUIET_AFTER, then=Value("soon")),
                default=Value("later"),
            ),
        )
    )
    rows: QuerySet[Promise] = annotated.order_by("due_on", "pk")
    return rows


def comes_due(on: date, when: str) -> Q:
    """The promises of which that `when` is true, by their day: so the database finds them in the order of their days."""
    soon = on + QUIET_AFTER
    known = {"due": Q(due_on__lte=on), "soon": Q(due_on__gt=on, due_on__lte=soon), "later": Q(due_on__gt=soon)}
    return known[when]


def promised_in(cycle: Cycle | int, on: date) -> Promised:
    """How many promises a cycle has, and how many have come due. One query."""
    return next(
        (Promised(*counts) for _cycle, *counts in _promised_in(cycle, on, on + QUIET_AFTER)), Promised(0, 0, 0, 0)
    )


@prepared
def _promised_in(cycle: Cycle | int, on: date, soon: date) -> QuerySet[Any, tuple[int, int, int, int, int]]:
    rows = every_published_promise().filter(commitment__cycle=cycle).order_by()
    counted: QuerySet[Any, tuple[int, int, int, int, int]] = rows.values_list("commitment__cycle").annotate(
        promises=Count("pk"),
        units=Count("commitment", distinct=True),
        due=Count("pk", filter=Q(due_on__lte=on)),
        soon=Count("pk", filter=Q(due_on__gt=on, due_on__lte=soon)),
    )
    return counted


def progress_of(promises: Iterable[Promise]) -> list[PromiseProgress]:
    """Each promise with reports, outcome and answers counted. Three queries for any number of promises."""
    rows = list(promises)
    if not rows:
        return []
    ids = [row.pk for row in rows]
    reports: dict[int, tuple[int, datetime | None]] = {promise: (n, last) for promise, n, last in _reported(ids)}
    outcomes = {row.promise_id: row for row in _outcomes(ids)}
    counts = tallies.counts_of(ids)
    return [
        PromiseProgress(row, *reports.get(row.pk, (0, None)), outcomes.get(row.pk), **counts[row.pk]) for row in rows
    ]


@prepared
def _reported(promises: list[int]) -> QuerySet[Any, tuple[int, int, datetime]]:
    rows = ProgressReport.objects.filter(promise__in=promises).values("promise")
    return rows.annotate(n=Count("id"), last=Max("reported_at")).values_list("promise", "n", "last")


@prepared
def _outcomes(promises: list[int]) -> QuerySet[OutcomeStatement]:
    return OutcomeStatement.objects.filter(promise__in=promises).order_by("id")


def progress_told(promise: Promise, reports: list[ProgressReport], outcomes: list[OutcomeStatement]) -> PromiseProgress:
    """As `progress_of`, for one promise whose reports and outcomes, the newest first, are known. One query."""
    last = max((row.reported_at for row in reports), default=None)
    counts = tallies.counts_of([promise.pk])[promise.pk]
    return PromiseProgress(promise, len(reports), last, outcomes[0] if outcomes else None, **counts)


@prepared
def reports_of(promise: Promise) -> QuerySet[ProgressReport]:
    """All reports of a promise, the oldest first, with their photos."""
    rows = ProgressReport.objects.filter(promise=promise).select_related("photo", "paper", "corrects")
    return rows.order_by("id")


@prepared
def outcomes_of(promise: Promise) -> QuerySet[OutcomeStatement]:
    """Everything the organisation has stated about how the promise ended, the newest first."""
    return OutcomeStatement.objects.filter(promise=promise).order_by("-id")


def is_held_to(promise: Promise, on: date) -> bool:
    """Whether a published promise is held to its day and standard: it is due, its end was told, or anybody has answered about it."""
    spoken = CitizenAnswer.objects.filter(promise=promise), OutcomeStatement.objects.filter(promise=promise)
    return promise.due_on <= on or any(rows.exists() for rows in spoken)


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


def is_public_paper(digest: str) -> bool:
    """Whether this PDF hangs on a report."""
    return ProgressReport.objects.filter(paper__digest=digest).exists()


def promising_organisations(cycle: Cycle) -> QuerySet[Organisation]:
    """The living organisations of the campaign that have a level above them, in the order of the tree."""
    return organisations.subtree(cycle.campaign.organisation).exclude(parent=None)
