"""Writes judged rows into the tree and its members, and says what was there before. `actions.confirm_import` calls it, with the tree
locked, and journals it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from zhengyou.organisations import queries, tree
from zhengyou.organisations.importing.judging import JudgedRow
from zhengyou.organisations.models import Organisation, Person, Post, Responsibility, person_key, unit_key

PEOPLE_FIELDS = ("name", "membership", "is_floating", "post_kind", "joined_on")
UNIT_FIELDS = ("name", "kind", "sector", "founded_on")
BATCH = 2000  # rows a statement; PostgreSQL takes 65,535 values in one, and a row has up to ten


@dataclass(frozen=True, slots=True)
class Written:
    """A row that an import wrote, as it is now, and what it held before.

    `before` has the fields that were changed, or all of one that was removed; it is None for a row that is new.
    """

    row: Organisation | Person | Post | Responsibility
    before: dict[str, Any] | None


def write_organisations(rows: list[JudgedRow], organisations: dict[str, Organisation]) -> list[Written]:
    """Bring the tree up to the rows; new ones are added to `organisations`, the whole tree by code. Returns what is new or changed."""
    fresh = iter(_fresh_ids(sum(row.key not in organisations for row in rows)))
    for row in rows:
        if row.key not in organisations:
            organisations[row.key] = Organisation(pk=next(fresh), code=row.key)
    touched = [row for row in rows if set(row.values) & {*UNIT_FIELDS, "parent"}]
    written = []
    for row in touched:
        before = _take_values(organisations[row.key], row, organisations)
        written.append(Written(organisations[row.key], before if row.is_known else None))
    Organisation.objects.bulk_create(
        [organisations[row.key] for row in touched],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["name", "kind", "sector", "parent", "name_key", "founded_on"],
    )
    if any("parent" in row.values for row in rows):
        tree.write_paths()
    return written


def write_people(rows: list[JudgedRow], organisations: dict[str, Organisation]) -> list[Written]:
    """Bring the members up to the rows. `organisations` is the whole tree by code. Returns who is new or changed."""
    numbers = [row.key for row in rows if row.is_known]
    known = {person.number: person for person in Person.objects.select_for_update().filter(number__in=numbers)}
    people, written = [], []
    for row in rows:
        person = known.get(row.key) or Person(number=row.key)
        values = {name: row.values[name] for name in PEOPLE_FIELDS if name in row.values}
        if "organisation" in row.values:
            values["organisation_id"] = organisations[row.values["organisation"]].pk
        if "name" in row.values:
            values["name_key"] = person_key(row.values["name"])
        before = _put(person, values)
        people.append(person)
        written.append(Written(person, before if row.is_known else None))
    Person.objects.bulk_create([person for person in people if person.pk is None], batch_size=BATCH)
    Person.objects.bulk_create(
        [person for person in people if person.pk is not None],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["name", "membership", "is_floating", "post_kind", "organisation", "name_key", "joined_on"],
    )
    return written


def put_back_people(values: Mapping[int, Mapping[str, Any]]) -> None:
    """Give people what they held before, by the numbers of their rows."""
    _write_all(Person, values)


def put_back_organisations(values: Mapping[int, Mapping[str, Any]]) -> list[Organisation]:
    """Give organisations what they held before, by the numbers of their rows; the paths follow. Returns them as they are then."""
    _write_all(Organisation, values)
    if any("parent_id" in held for held in values.values()):
        tree.write_paths()
    return list(Organisation.objects.filter(pk__in=list(values)))


def _write_all(model: Any, values: Mapping[int, Mapping[str, Any]]) -> None:
    """One statement for each set of fields and each batch of rows."""
    rows = model.objects.select_for_update().in_bulk(list(values))
    alike: dict[tuple[str, ...], list[Any]] = {}
    for pk, held in values.items():
        _put(rows[pk], dict(held))
        alike.setdefault(tuple(sorted(held)), []).append(rows[pk])
    for fields, group in alike.items():
        names = [model._meta.get_field(name.removesuffix("_id")).name for name in fields]
        model.objects.bulk_create(
            group, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=names
        )


def _fresh_ids(count: int) -> list[int]:
    """Ids taken from the organisations' sequence ahead of writing, so that a new row can stand under another new one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [Organisation._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def _put(row: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Give a row these values; what it held before."""
    before = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    return before


def _take_values(organisation: Organisation, row: JudgedRow, organisations: dict[str, Organisation]) -> dict[str, Any]:
    values = {name: row.values[name] for name in UNIT_FIELDS if name in row.values}
    if "parent" in row.values:
        parent = row.values["parent"]
        values["parent_id"] = organisations[parent].pk if parent else None
    if "name" in row.values:
        values["name_key"] = unit_key(row.values["name"])
    return _put(organisation, values)


def end_what_is_left(rows: list[JudgedRow], written: list[Written], day: date) -> list[Written]:
    """End what those who moved held at the place that they left. `written` is what `write_people` said of these rows.

    A constant number of statements, whoever moves.
    """
    slugs = {row.key: row.ends for row in rows if row.ends}
    left = {
        (one.row.pk, (one.before or {})["organisation_id"], slug)
        for one in written
        if isinstance(one.row, Person)
        for slug in slugs.get(one.row.number, ())
    }
    if not left:
        return []
    held = {"person__in": {person for person, _place, _slug in left}, "until_on": None}
    posts = Post.objects.filter(**held, role=Post.Role.SECRETARY).order_by("pk")
    duties = Responsibility.objects.filter(**held).order_by("pk")
    ended_posts = [row for row in posts if (row.person_id, row.organisation_id, row.role) in left]
    ended_duties = [row for row in duties if (row.person_id, row.organisation_id, row.tier) in left]
    return _replace_holders(Post, [], ended_posts, day) + _replace_holders(Responsibility, [], ended_duties, day)


def write_holders(rows: list[JudgedRow], organisations: dict[str, Organisation], day: date) -> list[Written]:
    """Responsible people and secretaries that the rows name, from that day. Returns who held it until now, and who does from now on."""
    slugs = {*Responsibility.Tier.values, Post.Role.SECRETARY.value}
    named = [(organisations[row.key].pk, slug, row.values[slug]) for row in rows for slug in slugs & set(row.values)]
    if not named:
        return []
    people = queries.people_by_number({number for _organisation, _slug, number in named})
    tiers = {(home, slug): people[number].pk for home, slug, number in named if slug != Post.Role.SECRETARY}
    secretaries = {(home, slug): people[number].pk for home, slug, number in named if slug == Post.Role.SECRETARY}
    homes = {home for home, _slug, _number in named}
    responsible = Responsibility.objects.filter(organisation__in=homes, until_on=None)
    posts = Post.objects.filter(organisation__in=homes, until_on=None, role=Post.Role.SECRETARY)
    written = _replace_holders(
        Responsibility,
        [
            Responsibility(organisation_id=home, tier=tier, person_id=pk, from_on=day)
            for (home, tier), pk in tiers.items()
        ],
        [holder for holder in responsible if (holder.organisation_id, holder.tier) in tiers],
        day,
    )
    return written + _replace_holders(
        Post,
        [Post(organisation_id=home, role=role, person_id=pk, from_on=day) for (home, role), pk in secretaries.items()],
        [holder for holder in posts if (holder.organisation_id, holder.role) in secretaries],
        day,
    )


def _replace_holders(
    model: type[Responsibility] | type[Post], fresh: Sequence[Any], former: Sequence[Any], day: date
) -> list[Written]:
    """Who held it until now holds it until `day`; an entry that begins on `day` itself is corrected, not ended."""
    table: Any = model.objects
    table.filter(pk__in=[holder.pk for holder in former if holder.from_on < day]).update(until_on=day)
    table.filter(pk__in=[holder.pk for holder in former if holder.from_on >= day]).delete()
    table.bulk_create(fresh, batch_size=BATCH)
    ended = [Written(holder, {"until_on": None} if holder.from_on < day else fields_of(holder)) for holder in former]
    return ended + [Written(holder, None) for holder in fresh]


def fields_of(row: Any) -> dict[str, Any]:
    """All that a row holds, by the names of its columns, without its number."""
    return {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields if not one.primary_key}
