"""Lists: rows under columns, with search, filters, order and pages, and the whole of it as a CSV or workbook.

All choices are in the address, so that a list can be sent to somebody. `parts/list.html` draws it.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from html import unescape
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template import RequestContext
from django.template.loader import get_template, render_to_string
from django.utils.formats import date_format, localize
from django.utils.html import conditional_escape, format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from zhengyou.base.spreadsheets import Sheet, write_csv, write_workbook
from zhengyou.base.texts import has_unreadable
from zhengyou.web.shared import doors, list_jobs, narrowing
from zhengyou.web.shared.clock import today
from zhengyou.web.shared.day_words import day_in_a_cell
from zhengyou.web.shared.downloads import download
from zhengyou.web.shared.narrowing import ROWS, Filter, Typed

ALL, LONGEST_ADDRESS = "all_that_match", 2000
PIECE = 1000  # rows of a file whose cells are asked for together


@dataclass(frozen=True)
class Cell:
    """What is more than a value: it leads to an address, has a note in small letters, or stands below the one above it.

    `late` says which of both tells that something is late, so that it is seen: the "value" or the "note". `apart` are words that
    are only heard: what tells a link from another one with the same text.
    """

    value: Any
    address: str = ""
    note: Any = ""
    depth: int = 0
    late: str = ""
    apart: Any = ""


@dataclass(frozen=True)
class Column:
    """A head, and what `cell` says of a row: a value, a Cell, or, where a template `part` draws it, what the part needs.

    `order` is the path by which the list can be ordered. A column of buttons `is_deed`: neither files nor paper have it; what a
    page shows in another way, such as the place in a tree, is a column `is_only_in_files`. What a `part` tells people, such as
    how many days are left, is for a file the value that `filed` says: one that can be sorted and counted with. What
    `says_itself` what it is, such as the name of a unit, has no label on a phone. What is read, and not only looked up, `is_wide`.
    """

    head: Any
    cell: Callable[[Any], Any]
    order: str = ""
    part: str = ""
    is_figure: bool = False
    in_files: bool = True
    is_deed: bool = False
    is_only_in_files: bool = False
    filed: Callable[[Any], Any] | None = None
    says_itself: bool = False
    is_wide: bool = False


def ticks(label: Callable[[Any], Any], *, kept: Collection[str] = ()) -> Column:
    """A column of boxes called `row` with the rows' ids, which belong to the form called `ticked`; `label` tells them apart.

    `kept` are those that were ticked before a refusal, and are still.
    """

    def box(row: Any) -> dict[str, Any]:
        return {"value": row.pk, "label": label(row), "is_ticked": str(row.pk) in kept}

    return Column(_("Tick"), box, part="parts/tick.html", is_deed=True)


def numbers_in(data: Any, name: str) -> list[tuple[str, str]]:
    """The ticked numbers of posted data as a field's choices; junk is none."""
    wanted = data.getlist(name) if data else []
    return [(one, one) for one in wanted if one.isascii() and one.isdigit() and len(one) < 18]


def means_all(request: Any) -> bool:
    """Whether a form means everything that fits its list, on all pages of it, and not only what is ticked.

    Then the words of the list's address stand in `request.GET`, where its filters look for them (`matching`).
    """
    given = request.POST if request.method == "POST" else request.GET
    words = QueryDict(given.get(ALL, "")[:LONGEST_ADDRESS])
    if ALL not in given or any(has_unreadable(text) for several in words.lists() for text in several[1]):
        return False
    request.GET = words
    return True


def matching(request: HttpRequest, rows: Any, *, paths: Sequence[str] = (), filters: Sequence[Filter] = ()) -> Any:
    """The rows of a list that its address asks for, on all its pages."""
    return _narrowed(request, rows, paths, filters, ())[0]


def listed(
    request: HttpRequest,
    template: str,
    rows: Any,
    columns: Sequence[Column],
    *,
    name: str,
    nothing: Any,
    search: Any = "",
    paths: Sequence[str] = (),
    filters: Sequence[Filter] = (),
    typed: Sequence[Typed] = (),
    per_page: int = ROWS,
    before: Callable[[list[Any]], None] | None = None,
    counted: int | None = None,
    rows_of: Callable[[list[int]], list[Any]] | None = None,
    gathered: Callable[[list[Any]], list[Any]] = list,
    **shown: Any,
) -> HttpResponse:
    """A page with its `list`, or all its rows as a file called `name`. `nothing` is said where there is no row at all.

    `search` is the label of the search box. Words are looked for at `paths`; without paths the room has found the rows itself.
    `before` is handed the rows of a page, or of a piece of the file, before their cells are drawn: what these need is asked at once.
    `counted` is how many rows the search leaves, where the page has counted them already.
    `rows_of` brings the rows of a page by their ids, in their order: for wide rows in an order that no index has.
    `gathered` may draw several rows of a page as one line; files have each, and all are counted.
    """
    doors.frame_of(request)  # brings the words that the heads say; asked for alone they would cost one query more
    rows, choices = _narrowed(request, rows, paths, filters, typed)
    order = request.GET.get("order", "")
    if order.removeprefix("-") in {column.order for column in columns if column.order}:
        rows = narrowing.ordered(rows, order)
    if request.GET.get("as") in ("csv", "xlsx"):
        file = f"{name}.{request.GET['as']}"
        is_long = list_jobs.is_too_long(request, rows)
        return list_jobs.asked_for(request, file) if is_long else _file(rows, columns, file, before)
    page = narrowing.page_of(request, rows, per_page, counted, rows_of=rows_of)
    columns = [one for one in columns if not one.is_only_in_files]
    if before:
        before(list(page))
    marked = [
        (column, _attributes(column) if n or column.is_deed else SafeString()) for n, column in enumerate(columns)
    ]
    drawn = _Pieces(request)
    facts = {
        "heads": [_head(request, column, order) for column in columns],
        "rows": [_line(drawn, marked, row) for row in gathered(list(page))],
        "search": search,
        "filters": choices,
        "nothing": nothing,
        "today": today(),
        **_asked(request, filters, typed),
    }
    # Nothing is narrowed where there is nothing; a list that begins with a part of its rows may have others.
    facts["is_worth_narrowing"] = facts["rows"] or facts["is_narrowed"] or any(one.default for one in filters)
    return render(request, template, shown | {"list": facts, "page": page})


def _narrowed(
    request: HttpRequest, rows: Any, paths: Sequence[str], filters: Sequence[Filter], typed: Sequence[Typed]
) -> tuple[Any, list[tuple[Any, list[narrowing.Choice]]]]:
    """The rows that the address asks for, and the choices of each short filter, counted among what all others leave."""
    rows = narrowing.searched(rows, narrowing.words_of(request), paths) if paths else rows
    for given in typed:
        rows = given.of(rows, given.typed(request))
    chosen = [one for one in filters if one.chosen(request)]
    choices = []
    for one in filters:
        if not one.is_long:
            others = [other for other in chosen if other is not one]
            left = (
                rows if isinstance(rows, QuerySet) else narrowing.left_by(request, rows, others)
            )  # nobody counts those
            choices.append((one.head, narrowing.choices_of(request, one, left)))
    return narrowing.left_by(request, rows, chosen), choices


def _asked(request: HttpRequest, filters: Sequence[Filter], typed: Sequence[Typed]) -> dict[str, Any]:
    """What stands in the search form, and what it carries along."""
    chosen = [(one, one.chosen(request)) for one in filters]
    return {
        "words": narrowing.words_of(request),
        "in_campaign": request.GET.get("cycle", ""),  # `stages`
        "kept": [(one.name, value) for one, value in chosen if value != one.default and not one.is_long],
        "selects": [(one, value) for one, value in chosen if one.is_long],
        "typed": [(one, one.typed(request)) for one in typed],
        "is_narrowed": narrowing.is_narrowed(request, filters, typed),
        "folds": bool(filters or typed),
        "chosen": narrowing.chosen_words(request, filters, typed),
    }


def _head(request: HttpRequest, column: Column, order: str) -> dict[str, Any]:
    """A column's head with the address that orders by it; pressed again, backwards."""
    turned = f"-{column.order}" if order == column.order else column.order
    sort = {column.order: "ascending", f"-{column.order}": "descending"}.get(order, "") if column.order else ""
    address = narrowing.address_with(request, order=turned) if column.order else ""
    return {"column": column, "address": address, "sort": sort}


NOTHING = SafeString('<span class="nothing">—</span>')  # left out on a phone, where each cell is a line


def _attributes(column: Column) -> SafeString:
    """What a column's cells carry in the page: its head, for narrow screens, and its class. The first is a head itself."""
    if column.is_deed:
        return SafeString(' class="screen-only"')
    is_labelled = (column.in_files or column.order) and not column.says_itself
    label = format_html(' data-label="{}"', column.head) if is_labelled else SafeString()
    kind = "figure" if column.is_figure else "wide" if column.is_wide else ""
    return format_html('{} class="{}"', label, kind) if kind else label


class _Pieces:
    """Draws the parts of a page's cells. What every template is given is asked for once a page and not once a cell."""

    def __init__(self, request: HttpRequest) -> None:
        self._context = RequestContext(request)
        self._bound: ExitStack | None = None
        self._parts: dict[str, Any] = {}

    def draw(self, part: str, given: dict[str, Any]) -> SafeString:
        """The part as `render_to_string` would draw it."""
        if part not in self._parts:
            engines: Any = get_template(part)
            self._parts[part] = engines.template
        template = self._parts[part]
        if self._bound is None:
            self._bound = ExitStack()
            self._bound.enter_context(self._context.bind_template(template))
        with self._context.push(**given):
            html: SafeString = template.render(self._context)
        return html


def _line(parts: _Pieces, columns: list[tuple[Column, SafeString]], row: Any) -> SafeString:
    """The cells of a row for the template, the first a head. Made here and not by a template, which is slow for thousands of cells."""
    first, *others = (_drawn(parts, *one, row) for one in columns)
    cells = "".join(f"<td{attributes}>{html}</td>\n" for attributes, html in others)
    return mark_safe(f'<th scope="row"{first[0]}>{first[1]}</th>\n{cells}')


def _drawn(parts: _Pieces, column: Column, attributes: SafeString, row: Any) -> tuple[str, str]:
    """What a cell carries, and what stands in it, as HTML."""
    given = column.cell(row)
    if column.part and given is not None:
        return attributes, parts.draw(column.part, given)
    cell = given if isinstance(given, Cell) else Cell(given)
    value = _read(cell.value)
    html: str = NOTHING if value == "" else conditional_escape(localize(value))
    html = f'<span class="day">{html}</span>' if isinstance(cell.value, date) else html
    html = f'<span class="late">{html}</span>' if cell.late == "value" else html
    heard = f'<span class="unseen"> {conditional_escape(localize(_read(cell.apart)))}</span>' if cell.apart else ""
    html = f'<a href="{conditional_escape(cell.address)}">{html}{heard}</a>' if cell.address else html
    small = '<small class="late">' if cell.late == "note" else "<small>"
    html = f"{html} {small}{conditional_escape(localize(_read(cell.note)))}</small>" if cell.note else html
    return f' class="depth-{cell.depth}"' if cell.depth else attributes, html


def _file(
    rows: Any, columns: Sequence[Column], name: str, before: Callable[[list[Any]], None] | None = None
) -> HttpResponse:
    kept = [column for column in columns if column.in_files and not column.is_deed]
    heads = [str(column.head) for column in kept]
    values = ([_written(column, row) for column in kept] for row in _in_pieces(rows, before))
    data = write_csv(heads, values) if name.endswith(".csv") else write_workbook([Sheet(str(_("List")), heads, values)])
    return download(data, name)


def _in_pieces(rows: Any, before: Callable[[list[Any]], None] | None) -> Iterator[Any]:
    if before is None:
        yield from rows
        return
    left = iter(rows)
    while piece := list(islice(left, PIECE)):
        before(piece)
        yield from piece


def _written(column: Column, row: Any) -> Any:
    """A cell for a file: the text of what the page shows, without its note."""
    if column.filed:
        return _plain(column.filed(row))
    given = column.cell(row)
    if column.part and given is not None:
        return " ".join(unescape(strip_tags(render_to_string(column.part, given))).split())
    return _plain(given.value if isinstance(given, Cell) else given)


def _read(value: Any) -> Any:
    """A value as people read it; days in the short form of their language."""
    if isinstance(value, datetime):
        return date_format(localtime(value), "SHORT_DATETIME_FORMAT")
    return day_in_a_cell(value) if isinstance(value, date) else _plain(value)


def _plain(value: Any) -> Any:
    """A value for a file: days in a form that can be sorted, numbers stay numbers."""
    if isinstance(value, datetime):
        return f"{localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if value is None:
        return ""
    return value if isinstance(value, int | float) else str(value)
