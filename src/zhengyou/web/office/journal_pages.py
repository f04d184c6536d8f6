"""The journal for the office: who did what, when, about what, and for whom. What was said in a deed stands on its own page."""

from collections import Counter
from datetime import date, datetime, time
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from zhengyou.base.deeds import references_of
from zhengyou.base.models import JournalEntry
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation
from zhengyou.rhythm import queries as rhythm
from zhengyou.roster import queries as roster
from zhengyou.web.office.journal_reach import OF_COMMANDS, entries_in_reach
from zhengyou.web.office.journal_words import JOURNALLED, ROOMS, names_of
from zhengyou.web.office.roster_words import town_filter
from zhengyou.web.shared import doors
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.narrowing import Filter, Typed, words_of

FEW = 2_000  # references in one statement; the people of a town are fewer
ALIKE = 3  # from here on the same deed of one person within a minute is one line


@doors.office
def deeds(request: doors.PersonRequest) -> HttpResponse:
    """All deeds with a word, the newest first. Whose office stands lower in the tree sees those of the people there."""
    names: dict[str, Cell] = {}
    together: dict[int, list[JournalEntry]] = {}

    def fetch(rows: list[JournalEntry]) -> None:
        named = {one for row in rows for one in (row.subject, row.by, _for_whom(row)) if one}
        names.update(names_of(named - names.keys(), doors.offices_of(request)))

    return listed(
        request,
        "office/journal.html",
        _searched(entries_in_reach(request, JOURNALLED, of_commands=OF_COMMANDS), words_of(request)),
        _columns(names, together),
        name="journal",
        nothing=_("Nothing has been done yet."),
        search=_("Find by deed, person or unit"),
        filters=_filters(request),
        typed=_TYPED,
        before=fetch,
        gathered=lambda rows: _gathered(rows, together),
    )


def _gathered(rows: list[JournalEntry], together: dict[int, list[JournalEntry]]) -> list[JournalEntry]:
    """The rows of a page, of those of one person, deed and minute the first alone; `together` is told which it stands for."""
    alike: dict[Any, list[JournalEntry]] = {}
    for row in rows:
        alike.setdefault((row.at.replace(second=0, microsecond=0), row.by, row.deed, _for_whom(row)), []).append(row)
    together |= {several[0].pk: several for several in alike.values() if len(several) >= ALIKE}
    left_out = {row.pk for several in together.values() for row in several[1:]}
    return [row for row in rows if row.pk not in left_out]


def _columns(names: dict[str, Cell], together: dict[int, list[JournalEntry]]) -> list[Column]:
    def what(row: JournalEntry) -> Any:
        several = together.get(row.pk)
        return Cell(JOURNALLED[row.deed], note=f"{len(several)}×") if several else JOURNALLED[row.deed]

    def about(row: JournalEntry) -> Any:
        several = together.get(row.pk)
        return _about_all(several, names) if several else names.get(row.subject, "")

    return [
        Column(_("When"), lambda row: row.at, order="at"),
        Column(_("Who"), lambda row: names.get(row.by, "") or _nobody(row)),
        Column(_("What"), what),
        Column(_("About"), about),
        Column(_("On behalf of"), lambda row: names.get(_for_whom(row), "")),
    ]


def _about_all(several: list[JournalEntry], names: dict[str, Cell]) -> str:
    """What rows of one line were about, folded, each thing once with how often; nothing where no page shows any of it."""
    things = Counter(names[row.subject] for row in several if names.get(row.subject))
    return render_to_string("office/journal_together.html", {"things": list(things.items())}) if things else ""


def _nobody(row: JournalEntry) -> Any:
    """Of posts and accounts nobody but the house's own machine writes anything unnamed: `appoint_office` and its sisters."""
    return _("by a command on the server") if not row.by and row.deed in OF_COMMANDS else ""


def _filters(request: Any) -> list[Filter]:
    kinds = Filter("room", _("Kind"), "", list(ROOMS.items()), means=lambda room: Q(deed__startswith=f"{room}."))
    return [kinds, town_filter(request, _about)]


def _searched(rows: QuerySet[JournalEntry], words: str) -> QuerySet[JournalEntry]:
    for word in words.split():
        deeds = [deed for deed, name in JOURNALLED.items() if word.lower() in str(name).lower()]
        people = _references(roster.people_called(word))
        units = _references(roster.organisations_of_the_roster(word))
        meant = Q(by__in=people) | _any_of("subject", [people, units])
        rows = rows.filter(meant | Q(deed__in=deeds) if deeds else meant)
    return rows


def _references(rows: QuerySet[Any]) -> Any:
    """What these rows are called in the journal: texts where they are few, so that its indexes serve, else a question in the question."""
    named = references_of(rows)
    few = list(named.values_list("named", flat=True)[: FEW + 1])
    return few if len(few) <= FEW else named


def _any_of(field: str, several: list[Any]) -> Q:
    """Entries of which `field` is in one of these: one index condition for all that are lists."""
    texts = [text for one in several if isinstance(one, list) for text in one]
    asked = [Q(**{f"{field}__in": one}) for one in several if not isinstance(one, list)]
    return reduce(or_, asked, Q(**{f"{field}__in": texts}))


def _by_whom(number: str) -> Q:
    return Q(by__in=references_of(roster.everybody().filter(number=number)))


def _about_unit(code: str) -> Q:
    unit = organisations.organisation_with_code(code)
    return _about(unit) if unit else Q(pk__in=[])


def _about(unit: Organisation) -> Q:
    """What was done about a unit or one below it, its people, its promises."""
    people = roster.everybody().filter(roster.people_within(unit))
    of_units = roster.organisations_of_the_roster().filter(path__startswith=unit.path)
    all_of_them = (of_units, people, rhythm.commitments_within(unit), rhythm.promises_within(unit))
    return _any_of("subject", [_references(rows) for rows in all_of_them])


def _on(day: str, *, is_first: bool) -> Q | None:
    try:
        instant = make_aware(datetime.combine(date.fromisoformat(day), time.min if is_first else time.max))
    except (ValueError, OverflowError):
        return None
    return Q(at__gte=instant) if is_first else Q(at__lte=instant)


def _for_whom(row: JournalEntry) -> str:
    return str((row.payload or {}).get("on_behalf_of", ""))


_TYPED = [
    Typed("who", _("Who, by number"), "text", _by_whom),
    Typed("unit", _("Unit, by code"), "text", _about_unit),
    Typed("from", _("From"), "date", lambda day: _on(day, is_first=True)),
    Typed("until", _("Until"), "date", lambda day: _on(day, is_first=False)),
]
