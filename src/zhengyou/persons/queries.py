"""Polls that rate persons as their readers reach them, and what came of one for one person. No order among people is made here."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from zhengyou.base.words import Names
from zhengyou.identity import rules as identity
from zhengyou.organisations.models import Organisation, Person
from zhengyou.polls import queries as polls
from zhengyou.polls.models import Poll, RatedPerson
from zhengyou.standings import queries as standings
from zhengyou.standings.computing.document import CombinedResult, CombinedRow, PoolResult, UnitResult
from zhengyou.standings.models import PoolResults


def poll_for_reader(address: UUID) -> Poll | None:
    """The poll that this address stands for, once it has been opened. One that rates persons has no address that is public."""
    return _reached(Q(key=address, is_of_persons=False) | Q(booth_key=address))


def record_for_reader(address: UUID) -> Poll | None:
    """The closed poll whose record anybody may take. No address gives that of persons: their scrutineers have it at the desk."""
    return _reached(Q(key=address, is_of_persons=False, state=Poll.State.CLOSED))


def names_for_reader(address: UUID) -> Poll | None:
    """The closed poll of persons whose slips may be looked for by their names under this address, which is that of its booth."""
    return _reached(Q(booth_key=address, state=Poll.State.CLOSED))


def _reached(which: Q) -> Poll | None:
    related = ("cycle", "cycle__campaign", "cycle__campaign__organisation")
    return Poll.objects.exclude(state=Poll.State.DRAFTED).select_related(*related).filter(which).first()


@dataclass(frozen=True)
class PoolOutcome:
    """What one pool said of one person: a score from ten ballots on, a band from five on, or nothing, which is all there is.

    `higher` and `lower`: the names of those who are clearly so, for readers of the whole unit; empty for the person.
    """

    pool: Names
    size: int
    verdict: str
    row: UnitResult | None
    higher: tuple[str, ...] = ()
    lower: tuple[str, ...] = ()


@dataclass(frozen=True)
class PersonOutcome:
    """What a closed poll said of one person, pool by pool, and the groups of raters `together`; None with fewer than two groups.

    `missing`: the groups of which nothing can be told, so that there is no combined score.
    """

    poll: Poll
    rated: RatedPerson
    pools: tuple[PoolOutcome, ...]
    items: dict[str, Names]
    together: CombinedRow | None
    missing: tuple[Names, ...]


def is_rated(person: Person) -> bool:
    """Whether a closed poll says anything of this person."""
    return RatedPerson.objects.filter(person=person, poll__state=Poll.State.CLOSED).exists()


def outcomes_of(person: Person) -> list[PersonOutcome]:
    """What closed polls said of one person, the newest first: for this person's own eyes. Three queries at most."""
    return _outcomes(RatedPerson.objects.filter(person=person), tells_others=False)


def outcomes_at(poll: Poll, unit: Organisation) -> list[PersonOutcome]:
    """What a closed poll said of a unit's people, by name and in no order of marks: for who may read of that unit."""
    return _outcomes(RatedPerson.objects.filter(poll=poll, organisation=unit), tells_others=True)


def _outcomes(rows: "QuerySet[RatedPerson]", *, tells_others: bool) -> list[PersonOutcome]:
    closed = rows.filter(poll__state=Poll.State.CLOSED).select_related("person", "organisation__parent", "poll__cycle")
    found = list(closed.order_by("-poll__closes_at", "person__name_key", "person__number"))
    kept = {
        one.poll_id: tuple(PoolResult.read(pool) for pool in one.pools)
        for one in PoolResults.objects.filter(poll__in={row.poll_id for row in found})
    }
    together = {row.poll_id: standings.combined_of(row.poll, kept.get(row.poll_id, ())) for row in found}
    return [
        PersonOutcome(
            row.poll,
            row,
            tuple(_of_pool(pool, row, tells_others=tells_others) for pool in kept.get(row.poll_id, ())),
            {one["id"]: one["name"] for one in polls.manifest_document(row.poll)["criteria"]},
            *_together(together[row.poll_id], row),
        )
        for row in found
    ]


def _together(combined: CombinedResult | None, rated: RatedPerson) -> tuple[CombinedRow | None, tuple[Names, ...]]:
    """This person's own score over the groups, and the groups that are missing in it. No place is taken over."""
    row = next((one for one in combined.units if one.unit == rated.code), None) if combined else None
    return row and replace(row, standing=None, alike=()), tuple(
        combined.names_of(row.missing)
    ) if combined and row else ()


def _of_pool(pool: PoolResult, rated: RatedPerson, *, tells_others: bool) -> PoolOutcome:
    row = next((one for one in pool.units if one.unit == rated.code), None)
    facts = (pool.name, pool.size, pool.verdict, row)
    if row is None or row.standing is None or not tells_others:
        return PoolOutcome(*facts)
    names = {one.unit: one.name["zh-hans"] for one in pool.units}
    higher = [names[one.unit] for one in pool.units if one.standing and rated.code in one.standing.separates_above]
    lower = [names[one] for one in row.standing.separates_above if one in names]
    return PoolOutcome(*facts, higher=tuple(sorted(higher)), lower=tuple(sorted(lower)))


@dataclass(frozen=True)
class ReadableUnit:
    """A unit whose people were rated in a closed poll, for who may read of it: how many of its people."""

    poll: Poll
    unit: Organisation
    people: int


def units_to_read(reader: Person, today: date) -> list[ReadableUnit]:
    """Closed polls with people of units of which somebody may read, the newest first."""
    rows = RatedPerson.objects.filter(poll__state=Poll.State.CLOSED).select_related(
        "poll__cycle", "organisation__parent"
    )
    places: dict[tuple[int, int], list[RatedPerson]] = {}
    for row in rows.order_by("-poll__closes_at", "organisation__path"):
        places.setdefault((row.poll_id, row.organisation_id), []).append(row)
    units = {row.organisation_id: row.organisation for row in rows}
    readable = {pk for pk, unit in units.items() if identity.may_read_of_people(reader, unit, today)}
    return [
        ReadableUnit(people[0].poll, people[0].organisation, len(people))
        for (_poll, unit), people in places.items()
        if unit in readable
    ]
