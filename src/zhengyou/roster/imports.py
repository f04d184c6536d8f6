"""What imports change, written down like what is entered by hand: each change one of the roster's, undone on its own within a day.

Corrections of kind, sector or membership are none, as by hand. Whoever is new was entered, and is taken out again by the undo.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.db import transaction

from zhengyou.base import locks
from zhengyou.base.time import local_day
from zhengyou.organisations import actions as organisations
from zhengyou.organisations import queries as tree
from zhengyou.organisations.importing.writing import Written
from zhengyou.organisations.models import ImportDraft, Organisation, Person, Post
from zhengyou.roster import actions
from zhengyou.roster.before import as_made, with_values
from zhengyou.roster.models import RosterChange

BATCH = 2000
Kind = RosterChange.Kind


def confirm_import(
    *, draft: ImportDraft, seen: str, at: datetime, by: Person, told: Callable[[int, int], None] = lambda _done, _of: None
) -> ImportDraft:  # fmt: skip
    """Write the rows of a draft as its preview showed them, and write down what happens by that to people and organisations.

    `told` hears how far it is. Raises what `organisations.actions.confirm_import` raises.
    """

    def tell(row: ImportDraft, written: list[Written]) -> None:
        made = {"happened_on": local_day(at), "source": row, "made_at": at, "made_by": by, "together": uuid4()}
        changes = [RosterChange(**facts, **made) for one in written for facts in _changes_of(one)]
        RosterChange.objects.bulk_create(changes, batch_size=BATCH)
        told(4, 4)

    return organisations.confirm_import(draft=draft, seen=seen, at=at, by=by, tell=tell, told=told)


@transaction.atomic
def end_missing(
    *, draft: ImportDraft, references: Sequence[str], died: bool, on: date, reason: str, at: datetime, by: Person
) -> tuple[int, int]:
    """Let people go and dissolve organisations that an import found missing, all or none; how many of each.

    The deepest organisations go first. Each change is undone on its own for a day. Raises what `let_go` and `end_organisation` raise.
    """
    locks.alone(locks.TREE)  # before those that each change takes
    people, places = tree.named_missing(references)
    given: dict[str, Any] = {"on": on, "reason": reason, "at": at, "by": by}
    kind = Kind.DIED if died else Kind.LEFT
    made = [actions.let_go(person=person, kind=kind, **given) for person in people]
    deepest_first = sorted(places, key=lambda row: -row.depth)
    made += [actions.end_organisation(organisation=place, **given) for place in deepest_first]
    RosterChange.objects.filter(pk__in=[one.pk for one in made]).update(source=draft, together=uuid4())
    return len(people), len(places)


def _changes_of(written: Written) -> Iterator[dict[str, Any]]:
    """What a row that was written says has happened; nothing for what is corrected without a day."""
    row, before = written.row, written.before
    if isinstance(row, Organisation | Person):
        yield from _of_entry(row) if before is None else _of_name_and_place(row, before)
        return
    what = row.role if isinstance(row, Post) else row.tier
    if before is None:
        kept = as_made(row)
        yield {
            "kind": Kind.POST_GIVEN, "what": what, "before": [kept], "organisation_id": row.organisation_id,
            "into_person_id": row.person_id,
        }  # fmt: skip
    else:
        kept = with_values(row, before)
        yield {
            "kind": Kind.POST_ENDED, "what": what, "before": [kept], "person_id": row.person_id,
            "into_organisation_id": row.organisation_id,
        }  # fmt: skip


def _of_entry(row: Organisation | Person) -> Iterator[dict[str, Any]]:
    yield {"person" if isinstance(row, Person) else "organisation": row, "kind": Kind.ENTERED, "before": []}


def _of_name_and_place(row: Organisation | Person, before: dict[str, Any]) -> Iterator[dict[str, Any]]:
    about = {"person" if isinstance(row, Person) else "organisation": row}
    place = "organisation_id" if isinstance(row, Person) else "parent_id"
    if "name" in before:
        named: dict[str, Any] = {name: before[name] for name in ("name", "name_key") if name in before}
        yield {**about, "kind": Kind.RENAMED, "before": [with_values(row, named)]}
    if place in before:
        kept = with_values(row, {place: before[place]})
        yield {**about, "kind": Kind.MOVED, "into_organisation_id": getattr(row, place), "before": [kept]}
