"""Changes to the tree, its people, posts and responsibilities."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from pypinyin import Style, lazy_pinyin

from zhengyou.base import journal
from zhengyou.organisations import rules
from zhengyou.organisations.models import Organisation, Person, Post, Responsibility, Term


def name_key(name: str) -> str:
    """A key that sorts Chinese names by pinyin and lets them be found by it."""
    return "".join(lazy_pinyin(name, style=Style.NORMAL, errors=lambda text: text.lower())).replace(" ", "")


@transaction.atomic
def load_terms(*, category: str, terms: list[dict[str, Any]], at: datetime, by: str) -> None:
    """Bring one category of the pack's words into the house; known slugs are renewed, none is removed."""
    for position, term in enumerate(terms):
        Term.objects.update_or_create(
            category=category,
            slug=term["id"],
            defaults={"name": term["name"], "aliases": term.get("aliases", []), "position": position},
        )
    journal.record(deed="organisations.load_terms", subject=f"terms:{category}", by=by, at=at)


@transaction.atomic
def add_organisation(
    *, code: str, name: str, kind: str, sector: str, parent: Organisation | None, at: datetime, by: str
) -> Organisation:
    """Add one organisation below `parent` (or a root)."""
    row = Organisation.objects.create(
        code=code, name=name, kind=kind, sector=sector, parent=parent, name_key=name_key(name)
    )
    _write_path(row, parent)
    journal.record(
        deed="organisations.add_organisation", subject=row.reference, by=by, at=at, payload={"code": code, "name": name}
    )
    return row


@transaction.atomic
def change_organisation(*, organisation: Organisation, changes: dict[str, Any], at: datetime, by: str) -> Organisation:
    """Change name, kind, sector or parent. Moving carries the whole subtree along; raises TreeRefused for a loop."""
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    before = {field: str(getattr(row, field) or "") for field in changes}
    parent = changes.get("parent", row.parent)
    rules.check_may_place(row, parent)
    for field, value in changes.items():
        setattr(row, field, value)
    row.name_key = name_key(row.name)
    row.save()
    if "parent" in changes:
        _write_path(row, parent)
    journal.record(
        deed="organisations.change_organisation",
        subject=row.reference,
        by=by,
        at=at,
        payload={"before": before, "after": {field: str(value or "") for field, value in changes.items()}},
    )
    return row


@transaction.atomic
def add_person(
    *,
    number: str,
    name: str,
    organisation: Organisation,
    at: datetime,
    by: str,
    standing: str = Person.Standing.FORMAL,
    is_floating: bool = False,
) -> Person:
    """Add one member. Raises TreeRefused if the organisation has ended."""
    rules.check_may_join(None, organisation)
    row = Person.objects.create(
        number=number,
        name=name,
        organisation=organisation,
        standing=standing,
        is_floating=is_floating,
        name_key=name_key(name),
    )
    journal.record(deed="organisations.add_person", subject=row.reference, by=by, at=at, payload={"number": number})
    return row


@transaction.atomic
def change_person(*, person: Person, changes: dict[str, Any], at: datetime, by: str) -> Person:
    """Change name, organisation, standing or whether the member is floating."""
    row = Person.objects.select_for_update().get(pk=person.pk)
    if "organisation" in changes:
        rules.check_may_join(row, changes["organisation"])
    for field, value in changes.items():
        setattr(row, field, value)
    row.name_key = name_key(row.name)
    row.save()
    journal.record(
        deed="organisations.change_person", subject=row.reference, by=by, at=at, payload={"fields": sorted(changes)}
    )
    return row


@transaction.atomic
def appoint(
    *,
    person: Person,
    organisation: Organisation,
    role: str,
    title: str,
    from_on: date,
    at: datetime,
    by: str,
    until_on: date | None = None,
) -> Post:
    """Give a person a post. Raises PeriodRefused if it would end before it begins; a post already held is returned."""
    rules.check_period(from_on, until_on)
    held = Post.objects.filter(person=person, organisation=organisation, role=role, until_on=None).first()
    if held:
        return held
    row = Post.objects.create(
        person=person, organisation=organisation, role=role, title=title, from_on=from_on, until_on=until_on
    )
    journal.record(
        deed="organisations.appoint",
        subject=organisation.reference,
        by=by,
        at=at,
        payload={"person": person.reference, "role": role},
    )
    return row


@transaction.atomic
def make_responsible(
    *, organisation: Organisation, person: Person, tier: str, from_on: date, at: datetime, by: str
) -> Responsibility:
    """Make a person answer for an organisation; whoever held that tier before holds it until that day.

    Raises PeriodRefused if the earlier holder began on or after that day.
    """
    held = Responsibility.objects.select_for_update().filter(organisation=organisation, tier=tier, until_on=None).first()
    if held and held.person_id == person.pk:
        return held
    if held:
        rules.check_period(held.from_on, from_on)
        held.until_on = from_on
        held.save(update_fields=["until_on"])
    row = Responsibility.objects.create(organisation=organisation, person=person, tier=tier, from_on=from_on)
    journal.record(
        deed="organisations.make_responsible",
        subject=organisation.reference,
        by=by,
        at=at,
        payload={"person": person.reference, "tier": tier},
    )
    return row


def _write_path(row: Organisation, parent: Organisation | None) -> None:
    """The only writer of `path` and `depth`: for the row itself and, when it moves, for all below it."""
    old_path, old_depth = row.path, row.depth
    row.path = f"{parent.path if parent else ''}{row.pk:08d}/"
    row.depth = parent.depth + 1 if parent else 0
    row.save(update_fields=["path", "depth"])
    if old_path:
        below = Organisation.objects.filter(path__startswith=old_path).exclude(pk=row.pk)
        below.update(
            path=Concat(Value(row.path), Substr("path", len(old_path) + 1)), depth=F("depth") + row.depth - old_depth
        )
