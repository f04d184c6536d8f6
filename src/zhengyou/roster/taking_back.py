"""What an import changed is taken back as a whole, by the thousand; and entries that somebody made are taken out again.

All or nothing, in a constant number of statements. An entry goes only while nothing hangs on it: it was a slip, and leaves no trace but
in the journal.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import CASCADE, Model, Q

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
    rules.check_nothing_since(*queries.subjects_of(queries.built_on(rows)))
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
    searching.drop(row.reference for row in rows)
    gone: dict[type[Model], Sequence[int]] = {Person: people, Organisation: places}
    try:
        with transaction.atomic():
            for model, ids in gone.items():
                _forget_changes(str(model._meta.model_name), ids)
                _delete(model, ids)
            _check_keys()
    except IntegrityError as error:
        raise _what_hangs(error, gone) from error


def _delete(model: type[Model], ids: Sequence[int]) -> None:
    """Delete rows, and what goes with each. That nothing else hangs on them the keys say, all at once (`_check_keys`): to ask each of
    ninety tables for thousands of numbers, as `delete` does, takes minutes.
    """
    for field in _keys_to(model):
        if field.remote_field.on_delete is CASCADE:
            field.model._default_manager.filter(**{f"{field.name}__in": list(ids)}).delete()
    rows: Any = model._default_manager.filter(pk__in=list(ids))
    rows._raw_delete(rows.db)


def _keys_to(model: type[Model]) -> list[Any]:
    """The fields of all tables that lead to a row of this model."""
    every = (one for table in apps.get_models() for one in table._meta.local_concrete_fields)
    return [one for one in every if one.related_model is model]


def _check_keys() -> None:
    """Let the database look at once whether any key leads to what is gone. It asks each key's index for each row that went: one plan
    for all, by the index, since a plan made anew for each row, or a whole table read for each, would be most of the work.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan TO off; SET LOCAL plan_cache_mode TO force_generic_plan")
        connection.check_constraints()
        cursor.execute("SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL plan_cache_mode TO DEFAULT")


def _what_hangs(error: IntegrityError, gone: dict[type[Model], Sequence[int]]) -> rules.RosterRefused:
    """The refusal that names an entry and what hangs on it; the database says in which table that is."""
    table = getattr(getattr(error.__cause__, "diag", None), "table_name", "")
    for model, ids in gone.items():
        for field in _keys_to(model):
            rows = field.model._default_manager.filter(**{f"{field.name}__in": list(ids)})
            if field.model._meta.db_table == table and (held := rows.order_by("pk").first()):
                return rules.something_hangs_on(str(getattr(held, field.name)), str(field.model._meta.model_name))
    return rules.something_hangs_on("", "")


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
