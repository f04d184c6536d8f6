"""Writes judged rows into the tree and its members. `actions.confirm_import` calls it, with the tree locked, and journals it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection

from zhengyou.organisations import queries, tree
from zhengyou.organisations.importing.judging import JudgedRow
from zhengyou.organisations.models import Organisation, Person, Post, Responsibility, person_key, unit_key

BATCH = 2000  # rows a statement; PostgreSQL takes 65,535 values in one, and a row has up to ten


def write_organisations(rows: list[JudgedRow], organisations: dict[str, Organisation]) -> None:
    """Bring the tree up to the rows. `organisations` is the whole tree by code; new ones are added to it."""
    fresh = iter(_fresh_ids(sum(row.key not in organisations for row in rows)))
    for row in rows:
        if row.key not in organisations:
            organisations[row.key] = Organisation(pk=next(fresh), code=row.key)
    touched = [row for row in rows if set(row.values) & {"name", "kind", "sector", "parent", "founded_on"}]
    for row in touched:
        _take_values(organisations[row.key], row, organisations)
    Organisation.objects.bulk_create(
        [organisations[row.key] for row in touched],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["name", "kind", "sector", "parent", "name_key", "founded_on"],
    )
    if any("parent" in row.values for row in rows):
        tree.write_paths()


def write_people(rows: list[JudgedRow], organisations: dict[str, Organisation]) -> None:
    """Bring the members up to the rows. `organisations` is the whole tree by code."""
    numbers = [row.key for row in rows if row.is_known]
    known = {person.number: person for person in Person.objects.select_for_update().filter(number__in=numbers)}
    people = []
    for row in rows:
        person = known.get(row.key) or Person(number=row.key)
        for field in set(row.values) & {"name", "membership", "is_floating", "post_kind", "joined_on"}:
            setattr(person, field, row.values[field])
        if "organisation" in row.values:
            person.organisation_id = organisations[row.values["organisation"]].pk
        if "name" in row.values:
            person.name_key = person_key(person.name)
        people.append(person)
    Person.objects.bulk_create([person for person in people if person.pk is None], batch_size=BATCH)
    Person.objects.bulk_create(
        [person for person in people if person.pk is not None],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["name", "membership", "is_floating", "post_kind", "organisation", "name_key", "joined_on"],
    )


def _fresh_ids(count: int) -> list[int]:
    """Ids taken from the organisations' sequence ahead of writing, so that a new row can stand under another new one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [Organisation._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def _take_values(organisation: Organisation, row: JudgedRow, organisations: dict[str, Organisation]) -> None:
    for field in set(row.values) & {"name", "kind", "sector", "founded_on"}:
        setattr(organisation, field, row.values[field])
    if "parent" in row.values:
        parent = row.values["parent"]
        organisation.parent_id = organisations[parent].pk if parent else None
    if "name" in row.values:
        organisation.name_key = unit_key(organisation.name)


def write_holders(rows: list[JudgedRow], organisations: dict[str, Organisation], day: date) -> None:
    """Responsible people and secretaries that the rows name, from that day."""
    slugs = {*Responsibility.Tier.values, Post.Role.SECRETARY.value}
    named = [(organisations[row.key].pk, slug, row.values[slug]) for row in rows for slug in slugs & set(row.values)]
    if not named:
        return
    people = queries.people_by_number({number for _organisation, _slug, number in named})
    tiers = {(home, slug): people[number].pk for home, slug, number in named if slug != Post.Role.SECRETARY}
    secretaries = {(home, slug): people[number].pk for home, slug, number in named if slug == Post.Role.SECRETARY}
    homes = {home for home, _slug, _number in named}
    responsible = Responsibility.objects.filter(organisation__in=homes, until_on=None)
    posts = Post.objects.filter(organisation__in=homes, until_on=None, role=Post.Role.SECRETARY)
    _replace_holders(
        Responsibility,
        [
            Responsibility(organisation_id=home, tier=tier, person_id=pk, from_on=day)
            for (home, tier), pk in tiers.items()
        ],
        [holder for holder in responsible if (holder.organisation_id, holder.tier) in tiers],
        day,
    )
    _replace_holders(
        Post,
        [Post(organisation_id=home, role=role, person_id=pk, from_on=day) for (home, role), pk in secretaries.items()],
        [holder for holder in posts if (holder.organisation_id, holder.role) in secretaries],
        day,
    )


def _replace_holders(
    model: type[Responsibility] | type[Post], fresh: Sequence[Any], former: Sequence[Any], day: date
) -> None:
    """Who held it until now holds it until `day`; an entry that begins on `day` itself is corrected, not ended."""
    table: Any = model.objects
    table.filter(pk__in=[holder.pk for holder in former if holder.from_on < day]).update(until_on=day)
    table.filter(pk__in=[holder.pk for holder in former if holder.from_on >= day]).delete()
    table.bulk_create(fresh, batch_size=BATCH)
