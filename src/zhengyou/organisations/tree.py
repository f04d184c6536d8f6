"""The tree's order: who stands above, within or below whom, told by paths; and the one place where paths are written.

A path is the chain of ids from the root down to the organisation itself, each eight digits long and closed by a slash,
so that one path begins with another exactly if its organisation lies within the other's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from zhengyou.organisations.models import Organisation

# From the organisations asked for down to the leaves, each path is its parent's with one step more. Whatever holds its
# path already is left alone, so that a small change locks few rows.
WRITE_PATHS = """
    WITH RECURSIVE fresh (id, path, depth) AS (
        SELECT row.id, coalesce(above.path, '') || {step}, coalesce(above.depth + 1, 0)
        FROM {table} row LEFT JOIN {table} above ON above.id = row.parent_id WHERE {where}
      UNION ALL
        SELECT row.id, fresh.path || {step}, fresh.depth + 1
        FROM {table} row JOIN fresh ON row.parent_id = fresh.id
    )
    UPDATE {table} row SET path = fresh.path, depth = fresh.depth FROM fresh
    WHERE row.id = fresh.id AND (row.path, row.depth) <> (fresh.path, fresh.depth)
"""
FEW = 50  # organisations that are conditions of a question
STEP = "lpad(row.id::text, greatest(8, length(row.id::text)), '0') || '/'"  # lpad alone would cut longer ids off


@dataclass(slots=True)
class PlacedUnit:
    """Name and place of an organisation, and what was asked for `beside` them, for tables of thousands: whole rows of the model
    cost most of the time there.
    """

    pk: int
    code: str
    name: str
    path: str
    depth: int
    parent: "PlacedUnit | None" = None
    beside: tuple[Any, ...] = ()


def write_paths(root: Organisation | None = None) -> None:
    """Write path and depth of an organisation and of everything below it; of the whole tree if none is given.

    Goes by the parents that the database holds, in one statement, inside the caller's transaction.
    """
    where = "row.id = %s" if root else "row.parent_id IS NULL"
    statement = WRITE_PATHS.format(table=connection.ops.quote_name(Organisation._meta.db_table), step=STEP, where=where)
    with connection.cursor() as cursor:
        cursor.execute(statement, [root.pk] if root else [])


def ids_of(organisation: Organisation) -> list[int]:
    """The ids on the way from the root down to the organisation, its own last."""
    return [int(part) for part in organisation.path.split("/") if part]


def ids_above(organisation: Organisation) -> list[int]:
    """The ids of everything above the organisation, the root first."""
    return ids_of(organisation)[:-1]


def is_within(inner: Organisation, outer: Organisation) -> bool:
    """Whether `inner` is `outer` or lies below it."""
    return inner.path.startswith(outer.path)


def is_within_any(inner: Organisation, outers: Iterable[Organisation]) -> bool:
    """Whether `inner` is one of these organisations or lies below one of them."""
    return any(is_within(inner, outer) for outer in outers)


def topmost(rows: Iterable[Organisation]) -> list[Organisation]:
    """Those of these organisations that lie below no other of them, each once."""
    several = {one.pk: one for one in rows}.values()
    return [one for one in several if not any(is_within(one, other) for other in several if other is not one)]


def within(outer: Organisation) -> Q:
    """Organisations that are this one or lie below it."""
    return Q(path__startswith=outer.path)


def within_any(outers: Iterable[Organisation], field: str = "") -> Q:
    """Rows whose organisation, to which `field` leads, is one of these or lies below one; organisations themselves without a field.

    Without any of them no row is meant.
    """
    path = f"{field}__path__startswith" if field else "path__startswith"
    condition = Q(pk__in=[])
    for outer in outers:
        condition |= Q(**{path: outer.path})
    return condition


def ids_within(outers: Iterable[Organisation]) -> list[int]:
    """The ids of these organisations and of all below one of them. Of many the paths of all are read: as many conditions as there are
    of them, each tried on every path, would cost their square.
    """
    ids = {outer.pk: outer for outer in outers}
    rows = Organisation.objects.order_by()
    if len(ids) <= FEW:
        return list(rows.filter(within_any(ids.values())).values_list("id", flat=True))
    paths = rows.values_list("id", "path")
    return [pk for pk, path in paths if any(int(part) in ids for part in path.split("/") if part)]


def below(uppers: Iterable[Organisation], field: str = "") -> Q:
    """Rows whose organisation, to which `field` leads, lies below one of these; organisations themselves without a field.

    Without any of them no row is meant.
    """
    return below_places(places(uppers), field)


def places(uppers: Iterable[Organisation]) -> list[str | int]:
    """Path and id of each, one after the other: what a prepared question is given for `below_places`."""
    return [fact for upper in uppers for fact in (upper.path, upper.pk)]


def below_places(places: Sequence[Any], field: str = "") -> Q:
    """As `below`."""
    path, itself = (f"{field}__path__startswith", field) if field else ("path__startswith", "pk")
    condition = Q(pk__in=[])
    for place, pk in zip(places[::2], places[1::2], strict=True):
        condition |= Q(**{path: place}) & ~Q(**{itself: pk})
    return condition


def is_from_elsewhere(home: Organisation, unit: Organisation) -> bool:
    """Whether somebody whose own organisation is `home` comes from elsewhere than `unit`: neither from it, nor from below it,
    nor from its direct parent. Nobody does for the top of the tree; there two people act, one of them a scrutineer.
    """
    return not is_within(home, unit) and home.pk != unit.parent_id


def placed(rows: QuerySet[Organisation], above: Organisation, *beside: str) -> list[PlacedUnit]:
    """These organisations below another one by name and place, in their order, each with its parent, and with what else of them is
    asked for. One query, and one more where a parent is neither among them nor the one above.
    """
    top = PlacedUnit(above.pk, above.code, above.name, above.path, above.depth)
    asked = ("pk", "code", "name", "path", "depth")
    found = [(PlacedUnit(*facts[:5]), facts[5], facts[6:]) for facts in rows.values_list(*asked, "parent_id", *beside)]
    known = {top.pk: top} | {one.pk: one for one, _parent, _beside in found}
    elsewhere = {parent for _one, parent, _beside in found if parent is not None and parent not in known}
    more = Organisation.objects.filter(pk__in=elsewhere).values_list(*asked) if elsewhere else ()
    known |= {facts[0]: PlacedUnit(*facts) for facts in more}
    for one, parent, more_of_it in found:
        one.parent, one.beside = known[parent] if parent is not None else None, more_of_it
    return [one for one, _parent, _beside in found]


def downward(names: Sequence[str]) -> str:
    """Where something stands, out of names that lead upward: the upper one first, as every list and page of the house writes it."""
    return " › ".join(reversed(names))
