"""The public entries: a list, one entry byte for byte, long texts by their hash, and all of it as lines of JSON (docs/log.md)."""

import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengyou.base import entries
from zhengyou.base.models import PublicEntry
from zhengyou.organisations import queries as organisations
from zhengyou.web.public.entries_content import said_in
from zhengyou.web.public.entries_words import BY, WORDS, about, names_of, names_of_polls, words_in
from zhengyou.web.shared import doors
from zhengyou.web.shared.addresses import address
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.narrowing import Filter
from zhengyou.web.shared.pages import found

MOST_LINES = 1000  # a request: whoever wants all asks again after the last one


@require_safe
def entries_list(request: HttpRequest) -> HttpResponse:
    """All public entries, the newest first, by kind and by whom they are about."""
    names: dict[str, Cell] = {}
    return listed(
        request,
        "public/entries.html",
        entries.entries(),
        [
            Column(_("What"), lambda row: Cell(WORDS.get(row.what, row.what), address("public-entry", row.number))),
            Column(_("About"), lambda row: about(row, names), says_itself=True),
            Column(_("Number"), lambda row: row.number),
            Column(_("Day"), lambda row: row.day),
            Column(_("Hash"), lambda row: row.leaf[:16], is_only_in_files=True),
        ],
        per_page=25,
        name="entries",
        nothing=_("Nothing has been entered yet."),
        search=_("Find entries by a word in them, a unit’s code or an appraisal’s address"),
        paths=("about", "document"),
        filters=[Filter("what", _("Kinds"), "what", words_in(doors.frame_of(request).rooms_ever))],
        before=lambda rows: names.update(_names(rows)),
        head=entries.head(),
    )


@require_safe
def entry(request: HttpRequest, number: int) -> HttpResponse:
    """One entry: what it says in words, then its bytes, its hashes, and its texts as long as they may be read."""
    row = found(entries.entry_numbered(number))
    said = json.loads(row.document)
    texts = entries.readable_texts([number]).get(number, {})
    shown = {
        "entry": row,
        "what": WORDS.get(row.what, row.what),
        "by": BY.get(said["by"], said["by"]),
        "level": _level_in(said["content"].get("level", "")),
        "about": about(row, names_of([row])),
        "content": json.dumps(said["content"], ensure_ascii=False, indent=2),
        "said": said_in(row, texts),
        "texts": texts,
    }
    return render(request, "public/entry.html", shown)


def _level_in(reference: Any) -> str:
    """The name of the level above that an entry names as the one that decided; nothing for entries that name none."""
    code = str(reference).removeprefix("organisation:")
    row = organisations.organisation_with_code(code) if code != reference else None
    return row.name if row else ""


@require_safe
def entry_document(request: HttpRequest, number: int) -> HttpResponse:
    """The entry's bytes as they were hashed."""
    row = found(entries.entry_numbered(number))
    return HttpResponse(row.document.encode(), content_type="application/json")


@require_safe
def entry_text(request: HttpRequest, digest: str) -> HttpResponse:
    """A long text that an entry names by its SHA-256."""
    return HttpResponse(found(entries.text_with(digest)), content_type="text/plain; charset=utf-8")


@require_safe
def entries_lines(request: HttpRequest) -> StreamingHttpResponse:
    """Up to 1,000 entries after number `after`, one JSON object a line, oldest first; of one kind or about one thing if asked.

    A `Link` header leads to the next ones while there are any.
    """
    after = request.GET.get("after", "")
    rows = entries.entries_after(int(after) if after.isascii() and after.isdigit() and len(after) < 18 else 0)
    for name in ("what", "about"):
        rows = rows.filter(**{name: request.GET[name]}) if request.GET.get(name) else rows
    page = list(rows[: MOST_LINES + 1])
    response = StreamingHttpResponse(_lines(page[:MOST_LINES]), content_type="application/jsonl")
    if len(page) > MOST_LINES:
        words = request.GET.copy()
        words["after"] = str(page[MOST_LINES - 1].number)
        response.headers["Link"] = f'<{request.path}?{words.urlencode()}>; rel="next"'
    return response


def _names(rows: list[PublicEntry]) -> dict[str, Cell]:
    """The names of all living units, and polls, that these entries are about. Two queries at most."""
    references = {row.about for row in rows}
    codes = [one.removeprefix("organisation:") for one in references if one.startswith("organisation:")]
    units = {
        f"organisation:{code}": Cell(name, address("public-organisation", code))
        for code, name in organisations.living_organisations().filter(code__in=codes).values_list("code", "name")
    }
    return units | (names_of_polls() if any(one.startswith("poll:") for one in references) else {})


def _lines(page: list[PublicEntry]) -> Iterator[str]:
    texts = entries.readable_texts([row.number for row in page])
    for row in page:
        line: dict[str, Any] = {"number": row.number, "leaf": row.leaf, "chain": row.chain, "entry": row.document}
        line |= {"texts": texts[row.number]} if row.number in texts else {}
        yield json.dumps(line, ensure_ascii=False) + "\n"
