"""At the desk: what appraisals said of oneself, and of the people of units that one leads or answers for. Never cached, never public."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache

from zhengyou.base.words import in_readers_words, joined
from zhengyou.organisations import queries as organisations
from zhengyou.persons import queries, rules
from zhengyou.persons.queries import PersonOutcome, PoolOutcome
from zhengyou.polls import queries as polls
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.pages import found

BANDS = {"high": gettext_lazy("high"), "middle": gettext_lazy("middle"), "low": gettext_lazy("low")}


@doors.room("polls")
@doors.signed_in
@never_cache
def results(request: doors.PersonRequest) -> HttpResponse:
    """What was said of the reader, and which units' people they may read of."""
    outcomes = queries.outcomes_of(request.person)
    rows = [row for one in outcomes for row in (*(pool.row for pool in one.pools), one.together) if row]
    shown = {
        "outcomes": [(one, [_drawn(pool, one) for pool in one.pools], _together(one)) for one in outcomes],
        "has_intervals": any(row.score is not None and row.standard_error is not None for row in rows),
        "units": queries.units_to_read(request.person, clock.today()),
    }
    return render(request, "desk/person_results.html", shown)


@doors.room("polls")
@doors.signed_in
@never_cache
def unit(request: doors.PersonRequest, key: UUID, code: str) -> HttpResponse:
    """What one appraisal said of a unit's people, for who may read of that unit."""
    place, poll = found(organisations.organisation_with_code(code)), found(polls.closed_poll(key))
    rules.check_may_read_of(request.person, place, clock.today())
    outcomes = queries.outcomes_at(poll, place)
    rows = [(one, pool) for one in outcomes for pool in (*one.pools, *([None] if one.together else []))]
    return listed(
        request,
        "desk/person_unit.html",
        found(rows or None),
        [
            Column(pgettext("of a person", "Name"), lambda row: row[0].rated.person.name),
            Column(_("Pool"), lambda row: in_readers_words(row[1].pool) if row[1] else _("All groups together")),
            Column(_("Result"), lambda row: _said(row[1]) if row[1] else _together(row[0])),
            Column(_("Clearly higher than this person"), lambda row: joined(row[1].higher) if row[1] else ""),
            Column(_("Clearly lower than this person"), lambda row: joined(row[1].lower) if row[1] else ""),
        ],
        name="people",
        nothing=_("Nobody of this unit was rated."),
        poll=poll,
        unit=place,
    )


def _drawn(pool: PoolOutcome, outcome: PersonOutcome) -> dict[str, Any]:
    """One pool for the page: its sentence, the items' means where they may be told, and the items of which nothing is."""
    items = [] if pool.row is None else [(outcome.items[one.criterion], one) for one in pool.row.criteria]
    told = [(name, one) for name, one in items if one.mean is not None]
    withheld = [in_readers_words(name) for name, one in items if one.mean is None]
    return {"name": pool.pool, "said": _said(pool), "items": told, "withheld": withheld}


def _said(pool: PoolOutcome) -> Cell:
    """What may be told of one person in one pool, in a sentence."""
    row = pool.row
    if pool.verdict != "valid":
        return Cell(_("Too few took part: no ballot was opened, and nothing is counted."))
    if row is None or row.level == "nothing":
        return Cell(_("Nothing is shown: fewer than five valid ballots."))
    note = _("%(n)s ballots") % {"n": row.n}
    if row.level == "band":
        return Cell(_("Overall: %(band)s") % {"band": BANDS.get(row.band or "", _("no marks"))}, note=note)
    if row.score is None or row.standard_error is None:
        return Cell(
            _("No overall score is shown: together with the other figures it would reveal single marks"), note=note
        )
    alone = (row.score - 2 * row.standard_error, row.score + 2 * row.standard_error)  # nobody else has a score there
    low, high = row.standing.interval if row.standing else alone
    figures = {name: number_format(value, 2) for name, value in (("score", row.score), ("low", low), ("high", high))}
    return Cell(_("%(score)s, between %(low)s and %(high)s") % figures, note=note)


def _together(outcome: PersonOutcome) -> Cell | None:
    """The groups of raters put together for one person; None where they are not put together."""
    row = outcome.together
    if row is None:
        return None
    if row.score is None or row.standard_error is None:
        groups = joined([in_readers_words(one) for one in outcome.missing])
        return Cell(_("No combined score: nothing can be shown for %(groups)s.") % {"groups": groups})
    figures = {
        "score": row.score,
        "low": row.score - 2 * row.standard_error,
        "high": row.score + 2 * row.standard_error,
    }
    told = {name: number_format(value, 2) for name, value in figures.items()}
    return Cell(_("%(score)s, between %(low)s and %(high)s") % told, note=_("%(n)s ballots") % {"n": row.n})
