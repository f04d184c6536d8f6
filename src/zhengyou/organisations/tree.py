"""The algebra of the tree: who stands above, within or below whom, by `path` alone. No query is made here.

A path is the chain of ids from the root down to the organisation itself, each eight digits long and closed by a slash,
so that one path begins with another exactly if its organisation lies within the other's. `actions` alone writes paths.
"""

from collections.abc import Iterable

from django.db.models import Q

from zhengyou.organisations.models import Organisation


def step(pk: int) -> str:
    """One organisation's part of a path."""
    return f"{pk:08d}/"


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
    return inner.path.startswith(tuple(outer.path for outer in outers))


def is_below(lower: Organisation, upper: Organisation) -> bool:
    """Whether `lower` lies below `upper` and is not `upper` itself."""
    return lower.pk != upper.pk and is_within(lower, upper)


def within(outers: Iterable[Organisation], field: str = "") -> Q:
    """Rows whose organisation is one of these or lies below one; `field` is the way to it, empty for organisations themselves.

    Without any organisation no row is meant.
    """
    name = f"{field}__path__startswith" if field else "path__startswith"
    condition = Q(pk__in=[])
    for outer in outers:
        condition |= Q(**{name: outer.path})
    return condition


def is_from_elsewhere(home: Organisation, unit: Organisation) -> bool:
    """Whether somebody whose own organisation is `home` comes from elsewhere than `unit`: neither from it, nor from below it,
    nor from its direct parent. Nobody does for the top of the tree; there two people act, one of them a scrutineer.
    """
    return not is_within(home, unit) and home.pk != unit.parent_id
