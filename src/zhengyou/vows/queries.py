"""What pages ask about members' promises: one's own, those of a unit for everybody, those that wait, who has none."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from django.db.models import Case, Count, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from zhengyou.base.entries import UNIT, Erasable, Public
from zhengyou.base.prepared import prepared
from zhengyou.base.time import year_before
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import CentralWork, Cycle
from zhengyou.campaigns.ruleset import Purpose
from zhengyou.commitments import queries as commitments
from zhengyou.organisations import queries as organisations
from zhengyou.organisations import tree
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.organisations.readers import Reader
from zhengyou.organisations.tree import is_within
from zhengyou.vows.models import Vow, VowItem

FIRST_TO_DO = ("", Vow.State.RETURNED, Vow.State.PROPOSED, Vow.State.PUBLISHED, Vow.State.EXEMPT)
LEADS = (Post.Role.SECRETARY, Post.Role.LEADER)


@dataclass(frozen=True)
class MemberVow:
    """A member, and what they promise in a cycle, if anything yet."""

    person: Person
    vow: Vow | None
    items: list[VowItem] = field(default_factory=list)


@dataclass(frozen=True)
class VowDue:
    """What somebody has to do about members' promises: `kind` is write_vow, mend_vow, look_at_record, look_at_exemption, review_vows."""

    kind: str
    organisation: Organisation
    count: int
    due_on: date | None
    cycle: Cycle


@dataclass(frozen=True)
class UnitVows:
    """What a unit's page shows of a cycle: those that are published, and how many members are exempt."""

    cycle: Cycle
    lines: list[MemberVow]
    exempt: int
    pieces: dict[int, CentralWork]
    aims: dict[str, dict[str, str]]


def vow_of(cycle: Cycle, person: Person) -> MemberVow:
    """What this member promises in the cycle."""
    row = Vow.objects.select_related("recorder", "reviewed_by").filter(cycle=cycle, person=person).first()
    return MemberVow(person, row, list(VowItem.objects.filter(vow=row)) if row else [])


def recorded_by(cycle: Cycle, person: Person, by: Person) -> MemberVow:
    """Of what this member promises only what `by` wrote down, as long as nobody has said anything to it: all else is not theirs to see."""
    mine = vow_of(cycle, person)
    row = mine.vow
    is_theirs = row is not None and row.recorder_id == by.pk and row.state == Vow.State.PROPOSED
    is_open = row is not None and is_theirs and not (row.owned_at or row.disowned_at)
    return mine if is_open else MemberVow(person, None)


def vow_with_id(number: int) -> Vow | None:
    """One of them with its member and cycle, or None."""
    related = ("person__organisation", "organisation", "cycle__campaign__organisation", "recorder")
    return Vow.objects.select_related(*related).filter(pk=number).first()


def items_of(vow: Vow) -> list[VowItem]:
    """Its promises, in their order."""
    return list(VowItem.objects.filter(vow=vow))


def has_items(vow: Vow) -> bool:
    """Whether anything is written in it."""
    return VowItem.objects.filter(vow=vow).exists()


def waits_for_their_word(vow: Vow | None) -> bool:
    """Whether somebody recorded it, or decided that its member is exempt, and the member has said nothing to that yet."""
    is_of_others = vow is not None and bool(vow.recorder_id or vow.state == Vow.State.EXEMPT)
    return vow is not None and is_of_others and not (vow.owned_at or vow.disowned_at)


def public_vow(row: Vow) -> Public:
    """What everybody may know of what a member promises, until it is forgotten: name and promises."""
    unit: Organisation = row.organisation
    items = [{"what": Erasable(item.what, is_public=True), "by": item.due_on.isoformat()} for item in items_of(row)]
    told = {"cycle": row.cycle.name, "member": Erasable(row.person.name, is_public=True), "promises": items}
    return Public(told, about=unit.public_reference, by=UNIT, what="vows.publish_vow")


def published_by(organisation: Organisation, on: date) -> list[UnitVows]:
    """What the members of a unit promise in public, the newest cycle first; until a year after each cycle, whether or not the worker
    has forgotten it by then. Four queries.
    """
    rows = _published_vows(organisation, year_before(on))
    if not rows:
        return []
    counts = dict(_exempt_by_cycle(organisation))
    items, pieces = _items_by_vow(rows), campaigns.pieces_of(row.cycle for row in rows)
    by_cycle: dict[int, list[Vow]] = defaultdict(list)
    for row in rows:
        by_cycle[row.cycle_id].append(row)
    return [
        UnitVows(
            of[0].cycle,
            [MemberVow(row.person, row, items[row.pk]) for row in of],
            counts.get(cycle, 0),
            pieces[cycle],
            commitments.aims_of(of[0].cycle),
        )
        for cycle, of in by_cycle.items()
    ]


@prepared
def _published_vows(organisation: Organisation, ending_from: date) -> QuerySet[Vow]:
    shown = {"state": Vow.State.PUBLISHED, "taken_off_at": None, "cycle__ends_on__gte": ending_from}
    rows = Vow.objects.filter(organisation=organisation, **shown)
    return rows.select_related("person", "cycle__campaign").order_by("-cycle__starts_on", "person__name_key")


@prepared
def _exempt_by_cycle(organisation: Organisation) -> QuerySet[Any, tuple[int, int]]:
    exempt = Vow.objects.filter(organisation=organisation, state=Vow.State.EXEMPT, taken_off_at=None)
    return exempt.order_by().values_list("cycle").annotate(n=Count("pk"))


def serving(cycle: Cycle) -> dict[tuple[int, str], int]:
    """How many published promises of members serve a piece of central work, by its number, and an aim. One query."""
    rows: Any = VowItem.objects.filter(vow__cycle=cycle, vow__state=Vow.State.PUBLISHED).order_by()
    return {(piece, aim): n for piece, aim, n in rows.values_list("piece", "aim").annotate(n=Count("pk"))}


def people_of(cycle: Cycle, unit: Organisation) -> Any:
    """Every member of a unit with the `vow_state` of what they promise, empty for who has not begun: they come first, then what was
    sent back, then what waits, and last what is done.
    """
    mine = Vow.objects.filter(cycle=cycle, organisation=unit, person=OuterRef("pk"))
    people = organisations.members_of([unit]).filter(left_on=None, membership__in=Person.Membership.values)
    state: Any = Coalesce(Subquery(mine.values("state")), Value(""))
    ranks = [When(vow_state=state, then=Value(rank)) for rank, state in enumerate(FIRST_TO_DO)]
    rows = people.annotate(vow_state=state)
    return rows.annotate(vow_rank=Case(*ranks, default=Value(len(ranks)))).order_by("vow_rank", "name_key", "pk")


def to_record_for(cycle: Cycle, unit: Organisation, reader: Person) -> Any:
    """The others of a unit for whom its people may write down what is promised aloud: nothing of theirs is written yet."""
    return people_of(cycle, unit).filter(vow_state="").exclude(pk=reader.pk)


def with_vows(cycle: Cycle, people: Collection[Person]) -> dict[int, MemberVow]:
    """What these people promise in the cycle, by their ids. Two queries."""
    vows = {row.person_id: row for row in Vow.objects.filter(cycle=cycle, person__in=people).select_related("person")}
    items = _items_by_vow(vows.values())
    return {one.pk: MemberVow(one, row := vows.get(one.pk), items[row.pk] if row else []) for one in people}


def _items_by_vow(rows: Collection[Vow]) -> dict[int, list[VowItem]]:
    items: dict[int, list[VowItem]] = defaultdict(list)
    for item in VowItem.objects.filter(vow__in=[row.pk for row in rows]):
        items[item.vow_id].append(item)
    return items


def due_for(reader: Reader) -> list[VowDue]:
    """What the reader has to do about members' promises, in every cycle under way that asks for them."""
    if reader.person is None:
        return []
    asking = [one for one in Calendar.under_way_at(reader) if _asks(one.cycle)]
    return [due for calendar in asking for due in _due_in(calendar, reader, reader.person)]


def _due_in(calendar: Calendar, reader: Reader, person: Person) -> list[VowDue]:
    cycle, window = calendar.cycle, calendar.window(Purpose.PROMISE)
    by = window.closes_on if window else None
    due: list[VowDue] = []
    if person.membership in Person.Membership.values and is_within(person.organisation, calendar.top):
        own = next(iter(_own_vow(cycle, person)), None)
        if own is None and calendar.is_open(Purpose.PROMISE, reader.on):
            due.append(VowDue("write_vow", person.organisation, 0, by, cycle))
        elif own and own.state == Vow.State.RETURNED:
            due.append(VowDue("mend_vow", person.organisation, 0, by, cycle))
        if own and waits_for_their_word(own):
            kind = "look_at_exemption" if own.state == Vow.State.EXEMPT else "look_at_record"
            due.append(VowDue(kind, person.organisation, 0, None, cycle))
    return due + _to_review(calendar, reader, person, by)


def _to_review(calendar: Calendar, reader: Reader, person: Person, by: date | None) -> list[VowDue]:
    """A line for each unit that the reader leads; what its leader promised or recorded themselves, for the level above."""
    cycle, led = calendar.cycle, reader.organisations_as(Post.Role.SECRETARY)
    counts = dict(_waiting_in(cycle, person, led)) if led else {}
    due = [VowDue("review_vows", row, counts[row.pk], by, calendar.cycle) for row in led if counts.get(row.pk)]
    above = reader.organisations_as(*LEADS)
    waiting = _waiting_below(cycle, person, *tree.places(above)) if above else []
    if waiting:
        posts = Post.objects.filter(role=Post.Role.SECRETARY, until_on=None).values("person", "organisation")
        leaders = {(row["person"], row["organisation"]) for row in posts.filter(tree.below(above, "organisation"))}
        blocked = [
            row
            for row in waiting
            if {(row.person_id, row.organisation_id), (row.recorder_id, row.organisation_id)} & leaders
        ]
        nearest = reader.is_nearest_above([(row.organisation, row.recorder_id) for row in blocked], *LEADS)
        of_unit: dict[int, list[Vow]] = defaultdict(list)
        for row, is_nearest in zip(blocked, nearest, strict=True):
            if is_nearest:
                of_unit[row.organisation_id].append(row)
        due += [VowDue("review_vows", of[0].organisation, len(of), by, calendar.cycle) for of in of_unit.values()]
    return due


@prepared
def _own_vow(cycle: Cycle, person: Person) -> QuerySet[Vow]:
    return Vow.objects.filter(cycle=cycle, person=person).order_by("pk")


def _proposed_by_others(cycle: Cycle, person: Person) -> QuerySet[Vow]:
    rows = Vow.objects.filter(cycle=cycle, state=Vow.State.PROPOSED).exclude(person=person)
    return rows.exclude(recorder=person).order_by()


@prepared
def _waiting_in(cycle: Cycle, person: Person, units: list[Organisation]) -> QuerySet[Any, tuple[int, int]]:
    rows: Any = _proposed_by_others(cycle, person).filter(organisation__in=units).values_list("organisation")
    return cast("QuerySet[Any, tuple[int, int]]", rows.annotate(n=Count("pk")))


@prepared
def _waiting_below(cycle: Cycle, person: Person, *places: Any) -> QuerySet[Vow]:
    rows = _proposed_by_others(cycle, person).filter(tree.below_places(places, "organisation"))
    return rows.select_related("organisation").order_by("pk")


def asks_of(unit: Organisation) -> bool:
    """Whether a campaign under way asks this unit's members to promise something themselves."""
    return any(_asks(one.cycle) for one in Calendar.under_way_for([unit]))


def _asks(cycle: Cycle) -> bool:
    return "commitments" in cycle.ruleset.rooms and bool(cycle.ruleset.commitments.member_most)
