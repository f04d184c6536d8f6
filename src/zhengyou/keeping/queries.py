"""What is due of promises; what is contested, decided, inherited; what would be offered to the ledger.

How far units have come is in `coverage`. Promises themselves are in `commitments`, members' in `vows`, reports on the situation in
`situations`: each says its own due.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from zhengyou.base.entries import LEVEL_ABOVE, Erasable, Public
from zhengyou.base.prepared import prepared
from zhengyou.base.time import local_day
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.ruleset import Purpose
from zhengyou.commitments import by_unit
from zhengyou.commitments import queries as promises
from zhengyou.commitments.models import CitizenAnswer, Commitment, OutcomeStatement, ProgressReport, Promise
from zhengyou.commitments.queries import QUIET_AFTER, PromiseProgress, progress_of
from zhengyou.keeping import owing, rules
from zhengyou.keeping.models import Dropping, PromiseDecision, UnitAnswer, Upholding
from zhengyou.organisations import tree
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.organisations.readers import Reader
from zhengyou.plans import queries as plans

ABOVE = (Post.Role.SECRETARY, Post.Role.LEADER)


@dataclass(frozen=True)
class Due:
    """Something that a person has to do. `kind` is one of choose_theme, write_promises, mend_promises, report_progress,
    state_outcomes, answer_doubts, explain_promise (of the `promise`) for a unit; review_promises, look_at_promises,
    decide_promises, answer_droppings for the level above, where `organisation` is None, as several are meant. `count` counts
    promises, or organisations for review_promises."""

    kind: str
    organisation: Organisation | None
    count: int
    due_on: date | None
    cycle: Cycle
    promise: Promise | None = None


@dataclass
class Waiting:
    """Proposals that a person may review: those where nobody nearer could, and the others further below."""

    nearest: list[Commitment] = field(default_factory=list)
    further: list[Commitment] = field(default_factory=list)


@dataclass(frozen=True)
class PromiseProofs:
    """By what a promise is shown to be kept or not: how many reports bring evidence, how many people said which."""

    evidence: int = 0
    words: int = 0


@dataclass(frozen=True)
class Inherited:
    """A promise that an earlier cycle left unkept, with the promise that takes it over, or the wish to drop it, if any."""

    promise: Promise
    outcome: str
    successor: Promise | None = None
    dropping: Dropping | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is neither taken over nor dropped with consent."""
        return self.successor is None and not (self.dropping and self.dropping.consents)


@dataclass(frozen=True)
class LedgerOffer:
    """What the ledger may take up: a promise decided as not kept, or of which nothing was shown, that its unit has not explained."""

    reference: str
    organisation: Organisation
    what: str
    decision: str
    decided_on: date
    due_on: date


@dataclass(frozen=True)
class Ending:
    """All that was said about the end of one promise: decisions and answers, the newest first, what was upheld, what was dropped."""

    decisions: list[PromiseDecision]
    answers: list[UnitAnswer]
    upheld: list[Upholding]
    dropping: Dropping | None
    successor: Promise | None
    owed: owing.ToAnswer | None
    answered_since: date | None = None  # since when it was contested
    is_upheld: bool = False  # contested since the level above confirmed a doubt, and not since a majority said so


def proofs_of(rows: Collection[Promise], but: Person | None = None) -> dict[int, PromiseProofs]:
    """By what each of these promises is shown, the same evidence once; what `but` entered does not count. Two queries."""
    proofs = Q(photo__isnull=False) | Q(paper__isnull=False) | ~Q(link__in=("", "/"))
    ids = [row.pk for row in rows]
    brought = ProgressReport.objects.filter(proofs, promise__in=ids).exclude(reported_by=but).order_by()
    evidence = Counter(one[0] for one in brought.values_list("promise", "photo", "paper", "link").distinct())
    said: Any = owing.counted().filter(promise__in=ids).exclude(mark=CitizenAnswer.Mark.CANNOT_TELL).order_by()
    words = dict(said.values_list("promise").annotate(n=Count("pk")))
    return {pk: PromiseProofs(evidence.get(pk, 0), words.get(pk, 0)) for pk in ids}


def decision_in_force(promise: Promise) -> PromiseDecision | None:
    """The last decision on a promise, which counts, or None."""
    return PromiseDecision.objects.filter(promise=promise).order_by("pk").last()


def last_said() -> tuple[int, ...]:
    """The numbers of the newest statement, decision and answer about any promise: while they stay, nothing was said. One query."""
    return tuple(pk or 0 for (pk,) in _last_said())


@prepared
def _last_said() -> QuerySet[Any, tuple[int | None]]:
    first, *others = (
        model.objects.order_by("-pk").values_list("pk")[:1]
        for model in (OutcomeStatement, PromiseDecision, CitizenAnswer)
    )
    return first.union(*others, all=True)


def ending_of(promise: Promise, told: PromiseProgress | None = None) -> Ending:
    """All that was said about how a promise ended. Seven queries at most, fewer where a page has counted already how it stands (`told`)."""
    pk: int = promise.pk
    said = Ending(
        _decisions_on(pk), _answers_on(pk), _upheld_on(pk), next(iter(_dropped(pk)), None),
        next(iter(reversed(_taken_over(pk))), None), None,
    )  # fmt: skip
    answered = {pk: said.answers[0].answered_at} if said.answers else {}
    by_marks = told is None or bool(answered) or (told.answers >= rules.FEWEST_ANSWERS and told.not_kept > told.kept)
    upheld = {pk: [one.upheld_at for one in said.upheld]}
    contested = owing.contested([pk], answered, upheld, by_marks=by_marks)
    last = {pk: said.decisions[0]} if said.decisions else {}
    before = owing.contested([pk], {}, upheld) if said.answers and not contested else {}
    owed = next(iter(owing.told_of([promise], answered, contested, last)), None)
    is_upheld = bool(owed and owed.since in map(local_day, upheld[pk]))
    return replace(said, owed=owed, is_upheld=is_upheld, answered_since=before.get(pk))


@prepared
def _decisions_on(promise: int) -> QuerySet[PromiseDecision]:
    return PromiseDecision.objects.filter(promise=promise).order_by("-pk")


@prepared
def _answers_on(promise: int) -> QuerySet[UnitAnswer]:
    return UnitAnswer.objects.filter(promise=promise).order_by("-pk")


@prepared
def _upheld_on(promise: int) -> QuerySet[Upholding]:
    return Upholding.objects.filter(promise=promise).select_related("answer__remark").order_by("-pk")


@prepared
def _dropped(promise: int) -> QuerySet[Dropping]:
    return Dropping.objects.filter(promise=promise, consents=True).order_by("pk")


@prepared
def _taken_over(promise: int) -> QuerySet[Promise]:
    return promises.every_published_promise().filter(carried_from=promise)


def _published_successors(ids: list[int]) -> dict[int | None, Promise]:
    return {row.carried_from_id: row for row in promises.every_published_promise().filter(carried_from__in=ids)}


def inherited(cycle: Cycle, organisation: Organisation) -> list[Inherited]:
    """What earlier, closed cycles left unkept with this unit and none between has settled, the oldest first. Three queries."""
    outcomes = OutcomeStatement.objects.filter(promise=OuterRef("pk")).order_by("-id").values("outcome")[:1]
    earlier: Any = promises.every_published_promise().filter(
        commitment__organisation=organisation,
        commitment__cycle__campaign=cycle.campaign_id,
        commitment__cycle__closed_at__isnull=False,
        commitment__cycle__starts_on__lt=cycle.starts_on,
    )
    earlier = earlier.annotate(outcome=Subquery(outcomes))
    rows = [row for row in earlier if rules.is_left_unkept(row, row.outcome)]
    ids = [row.pk for row in rows]
    taken = Promise.objects.filter(carried_from__in=ids).exclude(state=Promise.State.WITHDRAWN)
    successors = {row.carried_from_id: row for row in taken.select_related("commitment")}
    asked = Dropping.objects.filter(promise__in=ids).exclude(consents=False).select_related("promise", "asked_by")
    droppings = {row.promise_id: row for row in asked}
    lines = [Inherited(row, row.outcome or "", successors.get(row.pk), droppings.get(row.pk)) for row in rows]
    return [one for one in lines if one.successor is None or one.successor.commitment.cycle_id == cycle.pk]


def refused_droppings(promise: Promise) -> list[Dropping]:
    """When the level above did not consent, with its opinions, the newest first."""
    return list(Dropping.objects.filter(promise=promise, consents=False).select_related("answered_by").order_by("-pk"))


def inherited_one(cycle: Cycle, organisation: Organisation, promise_id: int) -> Inherited | None:
    """One of them, or None."""
    return next((one for one in inherited(cycle, organisation) if one.promise.pk == promise_id), None)


def dropping_with_id(number: int) -> Dropping | None:
    """One wish to drop a promise, or None."""
    related = ("promise__commitment__organisation", "promise__commitment__cycle", "cycle", "asked_by")
    return Dropping.objects.filter(pk=number).select_related(*related).first()


def public_dropping(row: Dropping) -> Public:
    """What everybody may know of a promise that is dropped: the unit's reason."""
    told = {"promise": row.promise_id, "reason": Erasable(row.reason, is_public=True)}
    unit = row.promise.commitment.organisation
    return Public(told, about=unit.public_reference, by=LEVEL_ABOVE, what="keeping.drop_promise")


def offers_for(cycle: Cycle) -> list[LedgerOffer]:
    """What a cycle offers to the ledger: what was not kept, or not shown, and has no explanation. Nobody pulls yet. Six queries."""
    rows = promises.every_published_promise().filter(commitment__cycle=cycle, decision__in=owing.UNKEPT)
    return [
        LedgerOffer(
            one.promise.reference,
            one.promise.commitment.organisation,
            one.promise.what,
            one.promise.decision,
            one.since,
            one.due_on,
        )
        for one in owing.to_answer(list(rows))
    ]


def to_decide(cycle: Cycle, units: Q) -> QuerySet[Promise]:
    """Promises of these units whose end the unit has told and on which nobody has decided, or which the unit has told otherwise
    since, in words that do not say what was decided.
    """
    stated = OutcomeStatement.objects.filter(promise=OuterRef("pk")).order_by("-pk")
    decided = PromiseDecision.objects.filter(promise=OuterRef("pk")).order_by("-pk").values("decided_at")[:1]
    rows = promises.every_published_promise().filter(units, Exists(stated), commitment__cycle=cycle)
    rows = rows.alias(
        said=Subquery(stated.values("outcome")[:1]),
        said_at=Subquery(stated.values("stated_at")[:1]),
        decided_at=Subquery(decided),
    )
    same = Q()
    for outcome, decisions in rules.SAYS_THE_SAME.items():
        same |= Q(said=outcome, decision__in=decisions)
    return rows.filter(Q(decision="") | Q(said_at__gt=F("decided_at")) & ~same)


def droppings_waiting(units: Q) -> QuerySet[Dropping]:
    """Wishes of these units to drop something inherited that nobody has answered, the oldest first."""
    related = ("promise__commitment__organisation", "cycle")
    rows = Dropping.objects.filter(units, consents=None, cycle__closed_at=None).select_related(*related)
    return rows.order_by("pk")


def waiting_for(reader: Reader, cycle: Cycle) -> Waiting:
    """The proposals below the organisations in which the reader is a secretary or leader, the oldest first."""
    mine = reader.organisations_as(*ABOVE)
    if not mine:
        return Waiting()
    waiting, found = Waiting(), _proposed_below(cycle, reader.person, *tree.places(mine))
    is_nearest = reader.is_nearest_above([(row.organisation, row.proposed_by_id) for row in found], *ABOVE)
    for row, nearest in zip(found, is_nearest, strict=True):
        (waiting.nearest if nearest else waiting.further).append(row)
    return waiting


@prepared
def _proposed_below(cycle: Cycle, but: Person | None, *places: Any) -> QuerySet[Commitment]:
    rows = Commitment.objects.filter(tree.below_places(places, "organisation"), cycle=cycle)
    rows = rows.filter(state=Commitment.State.PROPOSED).exclude(proposed_by=but)
    return rows.select_related("organisation").order_by("proposed_at")


def due_for(reader: Reader) -> list[Due]:
    """What the reader has to do about themes and promises in every campaign under way, the most urgent first."""
    if not reader.posts:
        return []
    due = [one for calendar in Calendar.under_way_at(reader) for one in _due_in(calendar, reader)]
    due += explanations_of(reader.organisations_as(Post.Role.SECRETARY))
    return sorted(due, key=lambda one: one.kind not in {"mend_promises", "review_promises"})


def due_of_units(calendar: Calendar, units: Collection[Organisation], on: date) -> list[Due]:
    """What those of these units that take part have to do in this cycle: their own lists ask here, and whoever enters for them."""
    mine = [row for row in units if _takes_part(calendar.cycle, row)]
    due = _due_before_publishing(calendar, mine, on) if mine else []
    if mine and calendar.has_begun(Purpose.FULFIL, on):
        due += _due_after_publishing(calendar, mine, on) + _due_answers(calendar.cycle, mine)
    return due


def _due_in(calendar: Calendar, reader: Reader) -> list[Due]:
    cycle = calendar.cycle
    due = due_of_units(calendar, reader.organisations_as(Post.Role.SECRETARY), reader.on)
    waiting = len(waiting_for(reader, cycle).nearest)
    if waiting:
        due.insert(0, Due("review_promises", None, waiting, _last_day(calendar, Purpose.PROMISE), cycle))
    return due + _due_above(calendar, reader)


def _due_answers(cycle: Cycle, mine: list[Organisation]) -> list[Due]:
    """A line for each of these units that owes everybody answers."""
    days: dict[int, list[date]] = defaultdict(list)
    for one in owing.contested_in(cycle, mine):
        days[one.promise.commitment.organisation_id].append(one.due_on)
    return [Due("answer_doubts", row, len(days[row.pk]), min(days[row.pk]), cycle) for row in mine if days[row.pk]]


def explanations_of(mine: list[Organisation]) -> list[Due]:
    """A line for each promise of a cycle that is closed about which these units still owe everybody an answer."""
    return [
        Due("explain_promise", row.commitment.organisation, 1, one.due_on, row.commitment.cycle, row)
        for one in (owing.owed_of_earlier(mine) if mine else [])
        for row in [one.promise]
    ]


def _due_above(calendar: Calendar, reader: Reader) -> list[Due]:
    """What waits for whoever is the nearest level above: promises given on the spot, wishes to drop one, promises to decide on."""
    mine, cycle = reader.organisations_as(*ABOVE), calendar.cycle
    if not mine:
        return []
    last, places = _last_day(calendar, Purpose.FULFIL), tree.places(mine)
    wanted = [row for row in _wishes_below(*places) if row.cycle_id == cycle.pk]
    spoken, ended = _on_the_spot_below(cycle, *places), _to_decide_below(cycle, *places)
    found: list[tuple[str, list[tuple[Promise, int | None, date | None]]]] = [
        ("look_at_promises", [(row, row.written_by_id, rules.look_due_on(row)) for row in spoken]),
        ("decide_promises", [(row, None, last) for row in ended]),
        ("answer_droppings", [(row.promise, row.asked_by_id, rules.consent_due_on(row)) for row in wanted]),
    ]
    due = []
    for kind, rows in found:
        others = [one for one in rows if one[1] is None or reader.person is None or one[1] != reader.person.pk]
        are_mine = reader.is_nearest_above([(row.commitment.organisation, own) for row, own, _day in others], *ABOVE)
        days = [day for (_row, _own, day), is_mine in zip(others, are_mine, strict=True) if is_mine]
        if days:
            due.append(Due(kind, None, len(days), min((day for day in days if day), default=None), cycle))
    return due


@prepared
def _wishes_below(*places: Any) -> QuerySet[Dropping]:
    return droppings_waiting(tree.below_places(places, "promise__commitment__organisation"))


@prepared
def _on_the_spot_below(cycle: Cycle, *places: Any) -> QuerySet[Promise]:
    return promises.unreviewed_on_the_spot(cycle, tree.below_places(places, "commitment__organisation"))


@prepared
def _to_decide_below(cycle: Cycle, *places: Any) -> QuerySet[Promise]:
    return to_decide(cycle, tree.below_places(places, "commitment__organisation"))


def _takes_part(cycle: Cycle, organisation: Organisation) -> bool:
    return organisation.parent_id is not None and tree.is_within(organisation, cycle.campaign.organisation)


def _last_day(calendar: Calendar, purpose: str) -> date | None:
    window = calendar.window(purpose)
    return window.closes_on if window else None


def _due_before_publishing(calendar: Calendar, mine: list[Organisation], on: date) -> list[Due]:
    cycle, is_open, by = calendar.cycle, calendar.is_open(Purpose.PROMISE, on), _last_day(calendar, Purpose.PROMISE)
    rooms, asks_themes = cycle.ruleset.rooms, is_open and "plans" in cycle.ruleset.rooms
    themes = plans.practice_themes(cycle, [row.pk for row in mine]) if asks_themes else {}
    commitments = {row.organisation_id: row for row in by_unit.yearly_of(cycle, [row.pk for row in mine])}
    written = [
        row.pk for row in commitments.values() if row.state in (Commitment.State.RETURNED, Commitment.State.DRAFTED)
    ]
    counts = promises.states_by_commitment(written) if written else {}
    due = []
    for organisation in mine:
        commitment = commitments.get(organisation.pk)
        state = commitment.state if commitment else Commitment.State.DRAFTED
        count = counts.get(commitment.pk, {}) if commitment else {}
        if asks_themes and organisation.pk not in themes:
            due.append(Due("choose_theme", organisation, 0, by, cycle))
        if state == Commitment.State.RETURNED:
            due.append(Due("mend_promises", organisation, count.get(Promise.State.RETURNED, 0), by, cycle))
        elif is_open and "commitments" in rooms and state == Commitment.State.DRAFTED:
            due.append(Due("write_promises", organisation, count.get(Promise.State.DRAFTED, 0), by, cycle))
    return due


def _public_since(promise: Promise) -> datetime | None:
    """Since when everybody reads it: a promise given on the spot since it was written, the others since all were agreed to."""
    commitment = promise.commitment
    return promise.written_at if commitment.kind == Commitment.Kind.IMMEDIATE else commitment.published_at


def _due_after_publishing(calendar: Calendar, mine: list[Organisation], on: date) -> list[Due]:
    """Two lines a unit at most: the promises whose day, or whose stage, is over and whose end nobody has told, and those of which
    nothing was heard for long.
    """
    is_over = calendar.is_over(Purpose.FULFIL, on)
    due: dict[tuple[str, int], list[date]] = defaultdict(list)
    for one in progress_of(by_unit.published_of(calendar.cycle, [row.pk for row in mine])):
        commitment, last = one.promise.commitment, one.promise.due_on
        since = one.last_reported_at or _public_since(one.promise)
        news_by = local_day(since) + QUIET_AFTER if since else None
        if one.outcome is not None:
            continue
        if is_over or last < on:
            due["state_outcomes", commitment.organisation_id].append(calendar.cycle.ends_on if is_over else last)
        elif news_by and news_by <= on:
            due["report_progress", commitment.organisation_id].append(news_by)
    kinds = ("state_outcomes", "report_progress")
    found = [(kind, row, due[kind, row.pk]) for row in mine for kind in kinds]
    return [Due(kind, row, len(days), min(days), calendar.cycle) for kind, row, days in found if days]
