"""Rows as they were, which a change of the roster keeps, and how an undo puts them back."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model, Q

from zhengyou.organisations import actions as organisations
from zhengyou.organisations import queries as tree
from zhengyou.organisations.importing.writing import fields_of
from zhengyou.organisations.models import Organisation, Person, Post, Responsibility
from zhengyou.polls import actions as polls
from zhengyou.roster import rules

Before = list[dict[str, Any]]
TABLES: dict[str, type[Model]] = {
    "person": Person, "organisation": Organisation, "post": Post, "responsibility": Responsibility,
}  # fmt: skip


def as_it_was(row: Model, *fields: str) -> dict[str, Any]:
    """A row with these of its fields, or with all of them, as they are before the change."""
    return with_values(row, {name: getattr(row, name) for name in fields} if fields else fields_of(row))


def with_values(row: Model, values: Mapping[str, Any]) -> dict[str, Any]:
    """A row that held these values before the change."""
    kept = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
    return {"table": row._meta.model_name, "pk": row.pk, "fields": kept}


def as_made(row: Model) -> dict[str, Any]:
    """A row that was not there before the change, as it was made."""
    return as_it_was(row) | {"is_new": True}


def put_all_back(before: Before, at: datetime, by: Person) -> None:
    """All rows as they were; the tree and the search follow.

    Raises RosterRefused where they no longer fit: their place has ended since, or the post is somebody else's now.
    """
    try:
        with transaction.atomic():
            for kept in reversed(before):
                _put_back(kept, at, by)
    except IntegrityError as error:
        raise rules.post_is_taken() from error
    for table in TABLES:
        _check_stands(table, [kept["pk"] for kept in before if kept["table"] == table])


def _put_back(kept: dict[str, Any], at: datetime, by: Person) -> None:
    """One row as it was. What was deleted comes back under its number, and what was made goes if it still is as it was made."""
    table, pk, fields = kept["table"], kept["pk"], kept["fields"]
    if table == "roll":
        polls.put_back_on_roll(pool=pk, person=fields["person_id"], instead=fields["instead_id"])
    elif kept.get("is_new"):
        rules.check_is_as_made(TABLES[table]._default_manager.filter(pk=pk, **fields).delete()[0])
    elif table == "organisation":
        named = {name.removesuffix("_id"): value for name, value in fields.items() if name != "name_key"}
        if "parent" in named:
            named["parent"] = tree.organisation_with_id(named["parent"])
        row = Organisation.objects.get(pk=pk)
        organisations.change_organisation(organisation=row, changes=named, at=at, by=by)
    elif "now" in kept:  # a post or duty that was changed, and goes on as it was unless it was changed since
        rules.check_is_as_made(TABLES[table]._default_manager.filter(pk=pk, **kept["now"]).update(**fields))
    elif not TABLES[table]._default_manager.filter(pk=pk).update(**fields):
        TABLES[table](pk=pk, **fields).save(force_insert=True)


def _check_stands(table: str, rows: Iterable[int]) -> None:
    """Whoever came back has a place that has not ended; a post that came back has a holder who is there."""
    lost = {
        "person": Q(left_on=None, organisation__ended_on__isnull=False),
        "organisation": Q(ended_on=None, parent__ended_on__isnull=False),
        "post": Q(until_on=None) & (Q(organisation__ended_on__isnull=False) | Q(person__left_on__isnull=False)),
    }
    lost["responsibility"] = lost["post"]
    rules.check_has_a_place(TABLES[table]._default_manager.filter(lost[table], pk__in=list(rows)).exists())
