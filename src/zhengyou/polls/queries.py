"""What pages and later rooms ask about polls. Turnout while a poll is open is only told as coarsely as the rules say."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, QuerySet

from zhengyou.base import codes
from zhengyou.base.folding import folded
from zhengyou.base.prepared import prepared
from zhengyou.base.refusals import allows
from zhengyou.base.time import local_day
from zhengyou.base.words import Names, names_apart, with_ends
from zhengyou.boxes import queries as boxes
from zhengyou.boxes.models import Mark
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.ruleset import Rules
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.polls import asked_often, rules
from zhengyou.polls.models import (
    Guest,
    Poll,
    PollExtension,
    PollScrutineer,
    QuestionOption,
    RatedOrganisation,
    RatedPerson,
    RefusedPool,
    RollEntry,
    RollMark,
    SheetQuestion,
    VoterPool,
)

AT_THE_BOOTH = ("key", "state", "opens_at", "closes_at", "fingerprint", "only_void")
TURNOUT_STEP = 5  # told in fives, so that no single ballot shows
BEST = 3  # places of the kind "best three"
TURNOUT_SHOWN_FROM = 10  # in a smaller pool even a five would say who has not voted yet


def polls_with_drafts() -> QuerySet[Poll]:
    """All polls with their cycles, drafted ones too, the newest first."""
    return Poll.objects.select_related("cycle").order_by("-opens_at", "-id")


def all_polls() -> list[Poll]:
    """All polls that have been opened, the newest first."""
    rows = Poll.objects.exclude(state=Poll.State.DRAFTED).select_related("cycle")
    return list(rows.order_by("-opens_at", "-id"))


def poll_with_key(key: UUID) -> Poll | None:
    """The poll with this public key, or None."""
    rows = Poll.objects.select_related("cycle", "cycle__campaign", "cycle__campaign__organisation")
    return rows.filter(key=key).first()


def announced_poll(key: UUID) -> Poll | None:
    """The poll with this public key once it has been opened, or None."""
    row = poll_with_key(key)
    return row if row and row.state != Poll.State.DRAFTED else None


def closed_poll(key: UUID) -> Poll | None:
    """The poll with this public key once it is closed, or None."""
    row = poll_with_key(key)
    return row if row and row.state == Poll.State.CLOSED else None


def poll_at_the_booth(key: UUID) -> Poll | None:
    """The poll with what issuing and casting need of its row; the manifest, which is long, is remembered elsewhere."""
    return Poll.objects.only(*AT_THE_BOOTH).filter(key=key).first()


def open_polls() -> list[Poll]:
    """The polls that were opened and neither closed nor declared void."""
    return list(Poll.objects.filter(state=Poll.State.OPENED))


def goes_on(poll: Poll) -> bool:
    """Whether the poll is open at this moment and can be gone on with."""
    return Poll.objects.filter(pk=poll.pk, state=Poll.State.OPENED, only_void="").exists()


def polls_with_box_left() -> list[Poll]:
    """The polls that are over and whose desk and box are not destroyed yet."""
    over = [Poll.State.CLOSED, Poll.State.VOIDED]
    return list(Poll.objects.filter(state__in=over, is_box_destroyed=False))


def rated_organisations(poll: Poll) -> list[Organisation]:
    """The organisations on the sheet, in the sheet's order."""
    rows = RatedOrganisation.objects.filter(poll=poll).select_related("organisation__parent").order_by("position")
    return [row.organisation for row in rows]


def rated_people(poll: Poll) -> list[RatedPerson]:
    """The people on the sheet, in the sheet's order."""
    rows = RatedPerson.objects.filter(poll=poll).select_related("person", "organisation__parent")
    return list(rows.order_by("position"))


def rated_units(poll: Poll) -> list[Organisation] | list[RatedPerson]:
    """Who is on the sheet, people or organisations: each has a code and a name."""
    return rated_people(poll) if poll.is_of_persons else rated_organisations(poll)


def judged_organisations(poll: Poll) -> list[Organisation]:
    """The organisations that a poll judges: those on the sheet and those that are options of its questions."""
    return rules.judged_in(poll)


@dataclass(frozen=True)
class QuestionWithOptions:
    """A question of a poll's sheet with its options, in order, and the id of its line."""

    line: str
    row: SheetQuestion
    options: tuple[QuestionOption, ...]

    @property
    def most(self) -> int:
        """How many places a ranking has; of an approval, how many options."""
        count = len(self.options)
        return min(count, BEST) if self.row.kind == SheetQuestion.Kind.BEST_THREE else count

    def document(self) -> dict[str, Any]:
        """The question as the manifest's line has it (docs/ballots.md)."""
        is_approval = self.row.kind == SheetQuestion.Kind.APPROVAL
        options = [{"id": option_id(place), "name": one.name} for place, one in enumerate(self.options, 1)]
        kind = "approval" if is_approval else "ranking"
        return {"kind": kind, "most": self.most, "method": self.row.method, "options": options}


def line_id(place: int) -> str:
    """The id of the line of a sheet's question at this place, from 1."""
    return f"q{place:03d}"


def option_id(place: int) -> str:
    """The id of a question's option at this place, from 1."""
    return f"o{place:02d}"


def questions_of(poll: Poll) -> list[QuestionWithOptions]:
    """The questions of a poll's sheet, in order. One query: no question is without options."""
    rows = QuestionOption.objects.filter(question__poll=poll).select_related("question", "organisation")
    options: dict[int, list[QuestionOption]] = {}
    for row in rows.order_by("question__position", "position"):
        options.setdefault(row.question_id, []).append(row)
    return [
        QuestionWithOptions(line_id(place), own[0].question, tuple(own))
        for place, own in enumerate(options.values(), 1)
    ]


def is_asked(one: QuestionWithOptions, asked: rules.Asked) -> bool:
    """Whether this question of a sheet asks the same."""
    row, options = one.row, tuple((each.name, each.organisation_id) for each in one.options)
    wanted = tuple((each.name, each.organisation.pk if each.organisation else None) for each in asked.choices)
    return (row.kind, row.method, row.text, options) == (asked.kind, asked.method, asked.text, wanted)


def question_of(poll: Poll, number: int) -> QuestionWithOptions | None:
    """One question of a poll by the number of its row, or None."""
    return next((one for one in questions_of(poll) if one.row.pk == number), None)


def pools_of(poll: Poll) -> list[VoterPool]:
    """The poll's pools in order."""
    return list(VoterPool.objects.filter(poll=poll).order_by("position"))


def pool_of(poll: Poll, slug: str) -> VoterPool | None:
    """One of the poll's pools, or None."""
    return VoterPool.objects.select_related("poll__cycle").filter(poll=poll, slug=slug).first()


def group_of(pool: VoterPool) -> Names | None:
    """What the group of raters is called to which a pool belongs; None where it belongs to none."""
    groups = (*pool.poll.cycle.ruleset.rater_groups, *pool.poll.cycle.ruleset.joint_groups)
    return next((group.name for group in groups if group.id == pool.rater_group), None)


def rater_groups_of(poll: Poll) -> dict[str, str]:
    """Pool id to its group of raters, for the pools that belong to one."""
    rows = VoterPool.objects.filter(poll=poll).exclude(rater_group="")
    return dict(rows.values_list("slug", "rater_group"))


def homes_of_voters(poll: Poll) -> list[Organisation]:
    """The organisations that have members on the poll's rolls, each once, in the order of the tree."""
    homes = RollEntry.objects.filter(poll=poll).values("person__organisation")
    return list(Organisation.objects.filter(pk__in=homes).order_by("path"))


def pool_sizes(poll: Poll) -> dict[int, tuple[int, int]]:
    """Pool id to (people on the roll, tokens issued). Of a poll whose desk is gone nothing counts as issued."""
    rows = RollEntry.objects.filter(poll=poll).values_list("pool").annotate(size=Count("id"))
    issued = _issued_by_pool(poll)
    return {pool: (size, issued.get(pool, 0)) for pool, size in rows}


def _issued_by_pool(poll: Poll) -> dict[int, int]:
    if poll.state == Poll.State.DRAFTED:
        return {}
    if poll.state == Poll.State.OPENED and boxes.has_box(poll.key):
        return boxes.issued_by_pool(poll.key)
    rows = RollMark.objects.filter(entry__poll=poll, is_issued=True).values_list("entry__pool")
    return dict(rows.annotate(issued=Count("entry")))


def marks_of(poll: Poll, entries: Iterable[int] | None = None) -> dict[int, Mark]:
    """What is known of these entries of the roll, or of all, by entry: at the poll's own desk while it is open, in the house after it.

    Of a poll whose desk is gone nothing is known.
    """
    if poll.state == Poll.State.OPENED and boxes.has_box(poll.key):
        return boxes.marks(poll.key, entries)
    ids = RollEntry.objects.filter(poll=poll).values_list("pk", flat=True) if entries is None else entries
    return marks_in_house(ids)


def marks_in_house(entries: Iterable[int]) -> dict[int, Mark]:
    """What the house has of these entries of the roll, by entry: of polls that are over only."""
    rows = RollMark.objects.filter(entry__in=entries).select_related("entry")
    return {row.pk: Mark(row.pk, row.entry.pool_id, row.is_issued, row.is_on_paper) for row in rows}


def with_marks(poll: Poll, entries: list[RollEntry]) -> list[RollEntry]:
    """The entries, each with its `mark`, or None where nothing is known."""
    known = marks_of(poll, [entry.pk for entry in entries])
    for entry in entries:
        entry.mark = known.get(entry.pk)
    return entries


def coarse_turnout(size: int, issued: int) -> int | None:
    """What may be known while the poll is open: multiples of five, and nothing in pools below ten."""
    return None if size < TURNOUT_SHOWN_FROM else issued // TURNOUT_STEP * TURNOUT_STEP


def entries_of(poll: Poll, pool: VoterPool | None = None) -> list[RollEntry]:
    """The entries of a poll's roll (or of one pool), each with its voter: members by branch, number by number, then guests."""
    rows = RollEntry.objects.filter(poll=poll).select_related("person__organisation", "guest")
    rows = rows.filter(pool=pool) if pool else rows
    return list(
        rows.order_by(F("person__organisation__path").asc(nulls_last=True), "person__number", "guest__position")
    )


def voters_of(pool: VoterPool) -> list[Person | Guest]:
    """The members and guests on a pool's roll."""
    return [entry.voter for entry in entries_of(pool.poll, pool)]


def likeness_of(cycle: int, invited: rules.Invited) -> str:
    """By what one guest twice in a cycle is noticed: name and contact, however they are spaced."""
    same = ["".join(folded(text).split()) for text in (invited.name, invited.contact)]
    return codes.likeness(f"guest:{cycle}", "\0".join(same))


def people_on_roll(poll: Poll, pool: VoterPool | None = None) -> list[Person]:
    """The members on a poll's roll (or in one pool), by number."""
    rows = RollEntry.objects.filter(poll=poll, guest=None).select_related("person", "person__organisation")
    rows = rows.filter(pool=pool) if pool else rows
    return [row.person for row in rows.order_by("person__number") if row.person]


def open_polls_for(person: Person) -> list[tuple[Poll, bool]]:
    """The open polls on whose roll this person stands, each with whether a ballot was issued in their name."""
    rows = asked_often.on_open_rolls(person)
    return [(row.poll, row.is_issued) for row in rows if with_marks(row.poll, [row])]


def lines_of(
    rules: Rules, units: Sequence[Organisation | RatedPerson], *, persons: bool = False
) -> list[dict[str, Any]]:
    """The sheet's lines: one slip each. A unit with more criteria than one slip may carry gets several, evenly filled.

    A slip carries at most 4,096 patterns (docs/ballots.md), so that a pattern is no signature.
    """
    criteria = [criterion.id for criterion in rules.items_for(persons=persons)]
    options = len(rules.grades) + 2
    most = max(count for count in range(1, 13) if options**count <= 4096)
    parts = -(-len(criteria) // most)
    named = [(unit.name, _place_of(unit)) for unit in units]
    numbers = [unit.person.number if isinstance(unit, RatedPerson) else unit.code for unit in units]
    names = names_apart(with_ends(named, numbers))
    cuts = [len(criteria) * part // parts for part in range(parts + 1)]
    return [
        {
            "id": f"u{position:03d}-{part + 1}",
            "unit": unit.code,
            "name": names[position - 1],
            "criteria": criteria[cuts[part] : cuts[part + 1]],
        }
        for position, unit in enumerate(units, 1)
        for part in range(parts)
    ]


def _place_of(unit: Organisation | RatedPerson) -> str:
    if isinstance(unit, RatedPerson):
        return unit.organisation.name
    return f"{unit.parent.name} · {unit.code}" if unit.parent else unit.code


def manifest_document(poll: Poll) -> dict[str, Any]:
    """The manifest of an opened poll as plain values."""
    document: dict[str, Any] = json.loads(poll.manifest)
    return document


def closed_polls_rating(*organisations: Organisation) -> list[Poll]:
    """The closed polls in which any of these organisations stood on the sheet, the newest first."""
    return asked_often.closed_rating([row.pk for row in organisations]) if organisations else []


@dataclass(frozen=True)
class PlaceAsOption:
    """Where an organisation was an option: the poll, the id of the question's line and its own id there."""

    poll: Poll
    line: str
    option: str


def places_as_option(organisation: Organisation) -> list[PlaceAsOption]:
    """Where the organisation was an option of a closed poll's question, the newest poll first. One query where there is none."""
    chosen = asked_often.options_in_closed(organisation)
    polls = {row.question.poll_id for row in chosen}
    lines: dict[int, list[int]] = {}
    for poll, question in (
        SheetQuestion.objects.filter(poll__in=polls).order_by("position").values_list("poll", "pk") if polls else ()
    ):
        lines.setdefault(poll, []).append(question)
    return [
        PlaceAsOption(
            row.question.poll,
            line_id(lines[row.question.poll_id].index(row.question_id) + 1),
            option_id(row.position),
        )
        for row in chosen
    ]


def people_without_ballot(poll: Poll) -> list[Person]:
    """The members on a poll's roll in whose name no ballot was issued yet, by number."""
    rows = list(RollEntry.objects.filter(poll=poll, guest=None).select_related("person").order_by("person__number"))
    return [row.person for row in with_marks(poll, rows) if row.person and not row.is_issued]


@prepared
def polls_under_way(at: datetime) -> QuerySet[Poll]:
    """The polls in which one can vote at that instant, the first to close first."""
    return Poll.objects.filter(state=Poll.State.OPENED, opens_at__lte=at, closes_at__gt=at).order_by("closes_at")


def sheet_lines(poll: Poll) -> list[dict[str, Any]]:
    """The lines of a poll's sheet: its units', then its questions', one slip each."""
    return lines_with(poll, rated_units(poll), questions_of(poll))


def lines_with(
    poll: Poll, units: Sequence[Organisation | RatedPerson], questions: list[QuestionWithOptions]
) -> list[dict[str, Any]]:
    """The lines of a poll's sheet of these units and questions."""
    asked = [{"id": one.line, "unit": one.line, "name": one.row.text, "question": one.document()} for one in questions]
    return [*lines_of(poll.cycle.ruleset, units, persons=poll.is_of_persons), *asked]


def effort_of(lines: list[dict[str, Any]]) -> int:
    """What a sheet asks of a member's time, in units."""
    units = {line["unit"] for line in lines if "question" not in line}
    return len(units) + rules.UNITS_A_QUESTION * sum("question" in line for line in lines)


def polls_not_finished() -> list[Poll]:
    """The polls that are not over, or whose box is not destroyed yet, the first to open first."""
    return asked_often.not_finished()


def polls_with_references(references: Iterable[str]) -> list[Poll]:
    """The polls among what these references name; no query where none is named."""
    keys = [key for kind, _colon, key in (one.partition(":") for one in references) if kind == "poll"]
    rows = Poll.objects.select_related("cycle__campaign__organisation")
    return list(rows.filter(key__in=keys)) if keys else []


@dataclass(frozen=True)
class Turnout:
    """What may be known of the turnout of an open poll: at least `issued` of `people`, in fives, as somebody read it at `read_at`.

    Groups of fewer than ten are not in it. `read_at` is None until somebody of the office has looked at the poll's page.
    """

    poll: Poll
    people: int
    issued: int
    read_at: datetime | None


def turnouts_read(polls: list[Poll]) -> list[Turnout]:
    """Of these polls the turnout as it was read last, summed over the groups that tell it. Two queries; no box is asked.

    Whether somebody may be told it at all is asked with `rules.check_is_not_concerned`, here as everywhere.
    """
    pools = VoterPool.objects.filter(poll__in=polls).exclude(turnout_shown=None)
    told: dict[int, list[VoterPool]] = {poll.pk: [] for poll in polls}
    for pool in pools:
        told[pool.poll_id].append(pool)
    sizes: Any = RollEntry.objects.filter(poll__in=polls).values_list("pool").annotate(n=Count("pk"))
    people = dict(sizes.order_by())
    return [
        Turnout(
            poll,
            people=sum(people.get(pool.pk, 0) for pool in told[poll.pk]),
            issued=sum(pool.turnout_shown or 0 for pool in told[poll.pk]),
            read_at=max((pool.turnout_shown_at for pool in told[poll.pk] if pool.turnout_shown_at), default=None),
        )
        for poll in polls
    ]


def sheet_sizes(polls: list[Poll]) -> dict[int, int]:
    """Poll id to what its sheet asks of a member's time, in units. Three queries for any number of polls."""
    ids = [poll.pk for poll in polls]
    sizes: dict[int, int] = {}
    for rated in (RatedOrganisation, RatedPerson):
        sizes |= dict(rated.objects.filter(poll__in=ids).values_list("poll").annotate(n=Count("pk")).order_by())
    for poll, n in SheetQuestion.objects.filter(poll__in=ids).values_list("poll").annotate(n=Count("pk")).order_by():
        sizes[poll] = sizes.get(poll, 0) + rules.UNITS_A_QUESTION * n
    return sizes


def polls_rating(organisation: Organisation, cycle: Cycle) -> list[Poll]:
    """The polls of a cycle, opened or over, with this organisation on the sheet, the first to open first."""
    rated = RatedOrganisation.objects.filter(organisation=organisation).values("poll")
    rows = Poll.objects.filter(pk__in=rated, cycle=cycle).exclude(state=Poll.State.DRAFTED)
    return list(rows.order_by("opens_at", "pk"))


def people_who_may_run(poll: Poll, at: datetime, rated: list[Organisation] | None = None) -> list[Person]:
    """The people of the campaign office who are neither rated in this poll nor administer the rated, who may be given."""
    on = local_day(at)
    office = organisations.holders_of(Post.Role.CAMPAIGN_OFFICE, on)
    rated = judged_organisations(poll) if rated is None else rated
    tied = organisations.ties_to(office, rated, poll.cycle.campaign.organisation, on)
    return [person for person in office if person.pk not in tied]


def extensions_of(polls: list[Poll]) -> dict[int, list[PollExtension]]:
    """Poll id to its extensions, the first one first."""
    found: dict[int, list[PollExtension]] = {}
    for row in PollExtension.objects.filter(poll__in=polls).order_by("closes_at", "id"):
        found.setdefault(row.poll_id, []).append(row)
    return found


def repetitions_of(polls: list[Poll]) -> dict[int, Poll]:
    """Poll id to the poll in which it was held again, drafted ones too."""
    return {row.repeats_id: row for row in Poll.objects.filter(repeats__in=polls).order_by("id") if row.repeats_id}


def scrutineers_of(poll: Poll) -> list[PollScrutineer]:
    """The scrutineers registered for a poll, by number."""
    return list(PollScrutineer.objects.filter(poll=poll).select_related("person").order_by("person__number"))


def registration_of(poll: Poll, person: Person) -> PollScrutineer | None:
    """A person's registration as scrutineer of a poll, or None."""
    return PollScrutineer.objects.filter(poll=poll, person=person).first()


def possible_scrutineers(poll: Poll, at: datetime) -> list[Person]:
    """Who could be registered as scrutineer of a poll and is not yet, by number."""
    taken = {row.person_id for row in scrutineers_of(poll)}
    posted = organisations.holders_of(Post.Role.SCRUTINEER, local_day(at))
    return [p for p in posted if p.pk not in taken and allows(rules.check_may_scrutinise, poll, p, at)]


def refused_pools(poll: Poll) -> list[RefusedPool]:
    """Groups that were too small to be a pool of this poll, each once, for the record.

    A group that became a pool under the same name after all is not among them.
    """
    announced = manifest_document(poll)["pools"] if poll.manifest else None
    names = [pool["name"] for pool in announced] if announced else [pool.name for pool in pools_of(poll)]
    return [group for group in RefusedPool.objects.filter(poll=poll).order_by("id") if group.name not in names]
