"""What an import changed is taken back as a whole, by the thousand; and entries that somebody made are taken out again.

All or nothing, in a constant number of statements. An entry goes only while nothing hangs on it: it was a slip, and leaves no trace but
in the journal.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Model, ProtectedError, Q

from zhengyou.base import entries, locks, searching
from zhengyou.base.deeds import done
from zhengyou.identity import actions as accounts
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.importing import writing
from zhengyou.organisations.models import ImportDraft, Organisation, Person, Post, Responsibility
from zhengyou.polls import actions as polls
from zhengyou.roster import queries, rules
from zhengyou.roster.before import TABLES, as_it_was, check_stand
from zhengyou.roster.models import RosterChange

Kind = RosterChange.Kind
OF_IMPORTS = (
    Kind.ENTERED,
    Kind.RENAMED,
    Kind.MOVED,
    Kind.POST_GIVEN,
    Kind.POST_ENDED,
)  # what the rows of a file can bring about
HOLDING: tuple[type[Model], ...] = (Post, Responsibility)
Told = Callable[[int, int], None]


@transaction.atomic
def take_back_import(*, draft: ImportDraft, at: datetime, by: Person, told: Told = lambda _done, _of: None) -> int:
    """Put everything back as it was before an import, as far as it was not undone one by one; how many changes. Idempotent.

    `told` hears how far it is. Raises RosterRefused after a day, if something was built on any of it, or hangs on a new entry: then
    nothing is taken back.
    """
    locks.alone(locks.TREE)
    locks.alone(locks.POSTS)
    rows = list(queries.written_by(draft).filter(undone_at=None).select_for_update(of=("self",)).order_by("pk"))
    if not rows:
        return 0
    rules.check_may_undo(rows[0], is_newest=True, at=at, by=by)
    rules.check_nothing_since(queries.subjects_of(queries.built_on(rows)))
    told(1, 4)
    _put_back(rows, at, told)
    draft.outcome = (draft.outcome or {}) | {"taken_back": len(rows)}
    draft.save(update_fields=["outcome"])
    done("roster.take_back_import", draft, at=at, by=by, file=draft.file_name, changes=len(rows))
    return len(rows)


def take_out(*, people: Sequence[int], places: Sequence[int]) -> None:
    """Delete entries of people, then of organisations from below, by the numbers of their rows; drafted rolls follow.

    Raises RosterRefused where anything hangs on one of them. Inside the caller's deed.
    """
    polls.take_off_rolls(people=list(Person.objects.filter(pk__in=queries.on_drafted_rolls(people))))
    accounts.drop_unused_accounts(people=people)
    rows = Organisation.objects.filter(pk__in=list(places))
    rules.check_is_untold(entries.first_about(row.public_reference for row in rows))
    depths = sorted(set(rows.values_list("depth", flat=True)), reverse=True)
    searching.drop(row.reference for row in rows)
    try:
        with transaction.atomic():
            _forget_changes("person", people)
            _delete(Person.objects.filter(pk__in=list(people)))
            _forget_changes("organisation", places)
            for depth in depths:
                _delete(rows.filter(depth=depth))
            connection.check_constraints()
    except IntegrityError as error:  # something was hung on it at this moment
        raise rules.something_hangs_on("", "") from error


def _delete(rows: Any) -> None:
    try:
        rows.delete()
    except ProtectedError as error:
        held = min(error.protected_objects, key=lambda one: (str(one._meta.model_name), one.pk))
        raise rules.something_hangs_on(_name_in(held, rows), str(held._meta.model_name)) from error


def _name_in(held: Any, rows: Any) -> str:
    """The name of the entry on which this hangs."""
    ids = {getattr(held, one.attname) for one in held._meta.concrete_fields if one.related_model is rows.model}
    return str(rows.filter(pk__in=ids).first() or "")


def _forget_changes(field: str, ids: Sequence[int]) -> None:
    """What was written down about entries that go, and was undone or was only that they were entered, goes as well."""
    gone = RosterChange.objects.filter(Q(undone_at__isnull=False) | Q(kind=Kind.ENTERED))
    gone.filter(**{f"{field}__in": list(ids)}).delete()
    gone.filter(**{f"into_{field}__in": list(ids)}).update(**{f"into_{field}": None})


def _put_back(rows: list[RosterChange], at: datetime, told: Told) -> None:
    """Posts first, then people, then the tree: the other way round than an import writes."""
    kept = [one for row in rows for one in row.before]
    for table in HOLDING:
        of_table = [one for one in kept if one["table"] == table._meta.model_name]
        _drop_as_made(table, [one for one in of_table if one.get("is_new")])
        _hold_again(table, [one for one in of_table if not one.get("is_new")])
    told(2, 4)
    entered = [row for row in rows if row.kind == Kind.ENTERED]
    RosterChange.objects.filter(pk__in=[row.pk for row in rows]).update(undone_at=at)
    writing.put_back_people(_values(kept, "person"))
    told(3, 4)
    organisations.find_again(writing.put_back_organisations(_values(kept, "organisation")), with_those_below=True)
    take_out(
        people=[row.person_id for row in entered if row.person_id],
        places=[row.organisation_id for row in entered if row.organisation_id],
    )
    for name in TABLES:
        check_stand(name, [one["pk"] for one in kept if one["table"] == name])
    told(4, 4)


def _values(kept: Iterable[dict[str, Any]], table: str) -> dict[int, dict[str, Any]]:
    """By the number of a row what it held; of what was changed twice, what it held first."""
    values: dict[int, dict[str, Any]] = {}
    for one in kept:
        if one["table"] == table:
            values[one["pk"]] = one["fields"] | values.get(one["pk"], {})
    return values


def _drop_as_made(table: type[Model], made: list[dict[str, Any]]) -> None:
    there = {
        row.pk: as_it_was(row)["fields"] for row in table._default_manager.filter(pk__in=[one["pk"] for one in made])
    }
    rules.check_is_as_made(int(all(there.get(one["pk"]) == one["fields"] for one in made)))
    table._default_manager.filter(pk__in=list(there)).delete()


def _hold_again(table: type[Model], ended: list[dict[str, Any]]) -> None:
    """Posts and duties that ended go on; those that were removed on their first day come back under their numbers."""
    removed = [one for one in ended if "from_on" in one["fields"]]
    goes_on = [one["pk"] for one in ended if "from_on" not in one["fields"]]
    try:
        with transaction.atomic():
            count = table._default_manager.filter(pk__in=goes_on).update(until_on=None)
            table._default_manager.bulk_create(table(pk=one["pk"], **one["fields"]) for one in removed)
    except IntegrityError as error:
        raise rules.post_is_taken() from error
    rules.check_is_as_made(int(count == len(goes_on)))
