"""Which rows of a long list the address asks for: searched, filtered, ordered, one page of them.

Rows are a queryset or a list. Paths are Django's own ("organisation__name") and work on both.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import attrgetter, or_
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import IntegerField, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from zhengyou.base.folding import narrow
from zhengyou.web.shared.readings import looks_like_a_unit

ROWS = 50
LONGEST_SEARCH = 100
MOST_LINKS = 8
FAR = 500  # rows before a page; from here on ids are found first, since what else a row says would be asked of all before it


@dataclass(frozen=True)
class Filter:
    """Rows with one value at `path`, or with it among their values there. `name` is its word in the address.

    Where no path leads there, `means` says of which rows of a queryset a choice is true. `default` is chosen by an address
    that says nothing of it; then there is no choice of all.
    """

    name: str
    head: Any
    path: str
    choices: Sequence[tuple[str, Any]]
    means: Callable[[str], Q] | None = None
    default: str = ""

    @property
    def is_long(self) -> bool:
        """Whether its choices are too many to stand as links in a row."""
        return len(self.choices) > MOST_LINKS

    def chosen(self, request: HttpRequest) -> str:
        """The choice in the address, or nothing."""
        value = request.GET.get(self.name, "")
        return value if value in {choice for choice, _words in self.choices} else self.default

    def of(self, rows: Any, chosen: str) -> Any:
        """The rows that a choice leaves."""
        return rows.filter(self.means(chosen)) if self.means else filtered(rows, self.path, chosen)


@dataclass(frozen=True)
class Typed:
    """Rows of a queryset narrowed by what somebody types or picks, such as a day. `means` answers with None for what says nothing.

    `kind` is that of the HTML input; `name` its word in the address.
    """

    name: str
    head: Any
    kind: str
    means: Callable[[str], Q | None]

    def typed(self, request: HttpRequest) -> str:
        """What stands in the address."""
        return request.GET.get(self.name, "")[:LONGEST_SEARCH].strip()

    def of(self, rows: Any, typed: str) -> Any:
        """The rows that it leaves."""
        meant = self.means(typed) if typed else None
        return rows if meant is None else rows.filter(meant)


@dataclass(frozen=True)
class Choice:
    """One way to narrow a list: its words, the address with it, and, where that costs no query, how many rows it leaves."""

    words: Any
    address: str
    is_chosen: bool
    count: int | None = None

    @property
    def is_a_unit(self) -> bool:
        """Whether it is named as a unit: that has its pinyin beside it. A whole sentence has none."""
        words = str(self.words)
        return looks_like_a_unit(words) and not words[0].isdigit()


def address_with(request: HttpRequest, **changes: str | None) -> str:
    """This address with other words in it, on its first page; None takes a word out."""
    changed = {"page": None, **changes}
    words = [(name, value) for name, values in request.GET.lists() if name not in changed for value in values]
    words += [(name, value) for name, value in changed.items() if value]
    return f"?{urlencode(words, encoding=request.GET.encoding)}"


def words_of(request: HttpRequest) -> str:
    """What is searched for."""
    return request.GET.get("q", "")[:LONGEST_SEARCH].strip()


def is_narrowed(request: HttpRequest, filters: Sequence[Filter], typed: Sequence[Typed]) -> bool:
    """Whether the address asks for less than the whole list."""
    is_filtered = any(one.chosen(request) != one.default for one in filters)
    return bool(words_of(request)) or is_filtered or any(one.typed(request) for one in typed)


def chosen_words(request: HttpRequest, filters: Sequence[Filter], typed: Sequence[Typed]) -> list[str]:
    """What the address asks for, in the words of its filters: what a folded head says."""
    said = [str(words) for one in filters for value, words in one.choices if value == one.chosen(request) != "all"]
    return [*said, *(given for one in typed if (given := one.typed(request))), *filter(None, [words_of(request)])]


RowsOf = Callable[[list[int]], list[Any]]


def page_of(
    request: HttpRequest, rows: Any, count: int = ROWS, counted: int | None = None, *, rows_of: RowsOf | None = None
) -> "Page[Any]":
    """The page that the address asks for; a page that does not exist gives the nearest one. `counted`: how many rows there are, if that
    is known. `rows_of`: on each of several pages ids are found first, and it brings their rows, in their order.

    A search looks at every row: where its first page is not full, that page tells how many there are, and nobody counts them anew.
    """
    pages = Paginator(rows, count)
    if counted is not None:
        vars(pages)["count"] = counted
    if isinstance(rows, QuerySet) and words_of(request) and "page" not in request.GET:
        first = rows[:count]
        if len(first) < count:
            vars(pages)["count"] = len(first)
        return Page(first, 1, pages)
    return _far(pages.get_page(request.GET.get("page")), 0 if rows_of else FAR, rows_of)


def page_of_known(
    request: HttpRequest,
    counted: int,
    first: "Callable[[], list[Any]]",
    rows: "Callable[[], QuerySet[Any]]",
    count: int = ROWS,
) -> "Page[Any]":
    """The same of rows that were counted, whose first page, which nearly everybody asks for, is found by a prepared question."""
    page = Paginator(range(counted), count).get_page(request.GET.get("page"))
    if page.number == 1:
        page.object_list = first()
        return page
    paginator = Paginator(rows(), count)
    paginator.count = counted
    return _far(paginator.page(page.number), FAR)


def _far(page: "Page[Any]", far: int, rows_of: RowsOf | None = None) -> "Page[Any]":
    rows: Any = page.paginator.object_list
    if isinstance(page.object_list, QuerySet) and page.start_index() > far and page.has_other_pages():
        ids = _ids_on(page, rows)
        page.object_list = rows_of(ids) if rows_of else rows.filter(pk__in=ids)
    return page


def _ids_on(page: "Page[Any]", rows: "QuerySet[Any]") -> list[int]:
    """The ids of a page, in their order, counted from the nearer end: the database sorts no more rows than it passes by."""
    start, stop, every = page.start_index() - 1, page.end_index(), page.paginator.count
    if rows.ordered and start > every - stop:
        return list(rows.reverse().values_list("pk", flat=True)[every - stop : every - start])[::-1]
    return list(rows.values_list("pk", flat=True)[start:stop])


def of_person(at: str = "") -> tuple[str, ...]:
    """The paths by which every list finds a person: name, pinyin with initials, number. `at` leads from a row to the person."""
    return tuple(f"{at}__{one}" if at else one for one in ("name", "name_key", "number"))


def of_unit(at: str = "") -> tuple[str, ...]:
    """The paths by which every list finds a unit: name, pinyin with initials, code, and the name of the one above."""
    return tuple(f"{at}__{one}" if at else one for one in ("name", "name_key", "code", "parent__name"))


def searched(rows: Any, words: str, paths: Sequence[str]) -> Any:
    """The rows that have each of the words at one of the paths."""
    for word in words.split():
        if isinstance(rows, QuerySet):
            spelled = dict.fromkeys([word, narrow(word)])
            rows = rows.filter(reduce(or_, (_has(rows.model, path, one) for path in paths for one in spelled)))
        else:
            rows = [row for row in rows if any(word.lower() in str(_at(row, path) or "").lower() for path in paths)]
    return rows


def _has(model: Any, path: str, word: str) -> Q:
    """Rows with this word at the path. What another table says is looked for there, once, and not beside each of the rows."""
    parts, steps = path.split("__"), 0
    step = _column(model, parts[0])
    while step is not None and step.is_relation and steps + 1 < len(parts):
        model, steps = step.related_model, steps + 1
        step = _column(model, parts[steps])
    if isinstance(step, IntegerField) and not word.isdigit():
        return Q(pk__in=[])
    if not steps:
        return Q(**{f"{path}__icontains": word})
    there = model._default_manager.filter(**{f"{'__'.join(parts[steps:])}__icontains": word})
    return Q(**{f"{'__'.join(parts[:steps])}__in": there.order_by().values("pk")})


def _column(model: Any, name: str) -> Any:
    """The field of this name, or None for what a query adds to its rows."""
    return next((field for field in model._meta.concrete_fields if field.name == name), None)


def filtered(rows: Any, path: str, chosen: str) -> Any:
    """The rows with the chosen value at the path, or with it among their values there."""
    if isinstance(rows, QuerySet):
        return rows.filter(**{path: chosen})
    several = (list, tuple, set, frozenset)
    values = zip(rows, _all_at(rows, path), strict=True)
    return [row for row, value in values if (chosen in value if isinstance(value, several) else chosen == value)]


def left_by(request: HttpRequest, rows: Any, chosen: Sequence[Filter]) -> Any:
    """The rows that these filters leave, each with its choice in the address."""
    return reduce(lambda left, one: one.of(left, one.chosen(request)), chosen, rows)


def choices_of(request: HttpRequest, one: Filter, rows: Any) -> list[Choice]:
    """All rows that the other filters leave, and each choice of this one. Rows of a queryset are not counted: each would cost a query."""
    chosen, is_list = one.chosen(request), not isinstance(rows, QuerySet)
    every = Choice(_("All"), address_with(request, **{one.name: None}), not chosen, len(rows) if is_list else None)
    counts = _counted(_all_at(rows, one.path)) if is_list else {}
    return ([] if one.default else [every]) + [
        Choice(
            words,
            address_with(request, **{one.name: value}),
            chosen == value,
            counts[value] if is_list else None,
        )
        for value, words in one.choices
    ]


def ordered(rows: Any, order: str) -> Any:
    """The rows by the value at a path, backwards after a dash; those without a value come last."""
    if isinstance(rows, QuerySet):
        return rows.order_by(order, "pk")
    path = order.removeprefix("-")
    filled = [row for row in rows if _at(row, path) is not None]
    empty = [row for row in rows if _at(row, path) is None]
    return sorted(filled, key=lambda row: _at(row, path), reverse=order.startswith("-")) + empty


def _counted(values: list[Any]) -> Counter[Any]:
    """How many rows are found by each value: by the one that a row has, or by each of several. Rows alike are looked at once."""
    counts: Counter[Any] = Counter()
    alike = Counter(frozenset(value) if isinstance(value, list | tuple | set) else value for value in values)
    for value, n in alike.items():
        for one in value if isinstance(value, frozenset) else (value,):
            counts[one] += n
    return counts


def _all_at(rows: Any, path: str) -> list[Any]:
    """What each row of a list says at the path; of rows without such a thing None."""
    try:
        return list(map(attrgetter(path.replace("__", ".")), rows))
    except AttributeError:
        return [_at(row, path) for row in rows]


def _at(row: Any, path: str) -> Any:
    for part in path.split("__"):
        row = getattr(row, part, None)
    return row
