"""What pages ask about rolls: the entries of a pool with where each belongs, and what was corrected."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from zhengyou.organisations import queries as organisations
from zhengyou.organisations import tree
from zhengyou.organisations.models import Organisation, Person, person_key
from zhengyou.organisations.tree import downward
from zhengyou.polls import queries as polls
from zhengyou.polls.models import Guest, Poll, RollEntry, VoterPool
from zhengyou.rolls import rules
from zhengyou.rolls.models import RollChange

MOST_NAMED = 5  # namesakes in one sentence


@dataclass(frozen=True)
class RollVoter:
    """One entry as the office reads it. A guest has a contact, a member a branch, with the names of those above it; `place` is the unit
    directly below the top, or "guests".
    """

    pk: int
    name: str
    name_key: str
    number: str
    branch: str = ""
    branch_code: str = ""
    path: str = ""
    place: str = ""
    contact: str = ""
    is_guest: bool = False


def namesakes_of(poll: Poll, names: Iterable[str]) -> list[Person]:
    """Those of the roster within the poll's campaign who bear one of these names: a few of them. One query."""
    within = tree.within(poll.cycle.campaign.organisation)
    homes = Organisation.objects.filter(within)
    rows = Person.objects.filter(name__in=list(names), left_on=None, organisation__in=homes)
    return list(rows.select_related("organisation").order_by("name_key", "number")[:MOST_NAMED])


def lines_of(pool: VoterPool) -> list[RollVoter]:
    """The roll of a pool, branch by branch, then its guests. Three queries."""
    entries = polls.entries_of(pool.poll, pool)
    paths = organisations.names_upward({one.person.organisation_id for one in entries if one.person})
    return [_line(one, paths) for one in entries]


def _line(entry: RollEntry, paths: dict[int, list[str]]) -> RollVoter:
    if entry.person is None:
        guest = entry.voter
        contact = guest.contact if isinstance(guest, Guest) else ""
        key = person_key(guest.name)
        return RollVoter(entry.pk, guest.name, key, guest.number, place="guests", contact=contact, is_guest=True)
    person, home = entry.person, entry.person.organisation
    names = paths[home.pk]
    facts = (entry.pk, person.name, person.name_key, person.number, home.name, home.code)
    return RollVoter(*facts, path=downward(names[1:]), place=names[-2] if len(names) > 1 else names[0])


def branches_on(pool: VoterPool) -> list[Organisation]:
    """The organisations that have members on this roll, in the order of the tree."""
    homes = RollEntry.objects.filter(pool=pool).values("person__organisation")
    return list(Organisation.objects.filter(pk__in=homes).order_by("path"))


def entry_of(pool: VoterPool, number: int) -> RollEntry | None:
    """One entry of a pool's roll by the number of its row, or None."""
    return RollEntry.objects.filter(pool=pool, pk=number).select_related("person", "guest", "pool", "poll").first()


def entry_of_person(poll: Poll, person: Person) -> RollEntry | None:
    """The entry that a member has on any roll of a poll, or None."""
    return RollEntry.objects.filter(poll=poll, person=person).select_related("pool").first()


def corrections_of(pool: VoterPool) -> list[RollChange]:
    """What was corrected on a pool's roll, the newest first."""
    rows = RollChange.objects.filter(pool=pool).select_related("person", "guest", "made_by")
    return list(rows.order_by("-pk"))


def correction_of(pool: VoterPool, number: int) -> RollChange | None:
    """One correction of a pool's roll, or None."""
    rows = RollChange.objects.filter(pool=pool, pk=number)
    return rows.select_related("person", "guest", "pool__poll__cycle__campaign").first()


def guests_to_forget(at: datetime) -> list[Guest]:
    """The guests of polls that have been over for long enough, or never opened in their cycle, who are not forgotten yet."""
    until = at - rules.GUESTS_KEPT
    over = Q(poll__closed_at__lte=until) | Q(poll__voided_at__lte=until) | Q(poll__cycle__closed_at__lte=until)
    return list(Guest.objects.filter(over, forgotten_at=None))
