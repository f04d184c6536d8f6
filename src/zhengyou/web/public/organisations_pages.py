"""One page for each organisation. The search is in `searching_pages`."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhengyou.awards import queries as awards
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.ruleset import Purpose
from zhengyou.carriers import queries as carriers
from zhengyou.cases import queries as cases
from zhengyou.commitments import queries as commitments
from zhengyou.consultation import queries as consultation
from zhengyou.keeping import owing
from zhengyou.leadership import queries as leadership
from zhengyou.notices import queries as notices
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Term
from zhengyou.plans import queries as plans
from zhengyou.pledges import queries as pledges
from zhengyou.remarks import queries as remarks
from zhengyou.rhythm import queries as rhythm
from zhengyou.situations import queries as situations
from zhengyou.standings import queries as standings
from zhengyou.vows import queries as vows
from zhengyou.web.shared import case_words, clock, doors
from zhengyou.web.shared.cycle_strip import strip_of
from zhengyou.web.shared.pages import found
from zhengyou.web.shared.question_words import first_in_words
from zhengyou.web.shared.submission_words import entered_for
from zhengyou.windows import queries as windows

Parts = dict[str, bool]  # of which parts of the page there may be anything: `rhythm.queries.parts_of_page`


@require_safe
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """Everything the public may know of one organisation."""
    row = found(organisations.organisation_with_code(code))
    has = rhythm.parts_of_page(row)
    promises = commitments.published_promises(row) if has["promises"] else []
    taking_part = _campaigns_of(request, row, promises, has)
    honours, of_people = awards.honours_at(row) if has["honours"] else ([], [])
    return render(
        request,
        "public/organisation.html",
        {
            "organisation": row,
            **_placed(row),
            "cycle": taking_part[0]["cycle"] if taking_part else None,
            "today": clock.today(),
            "promises": promises,
            "owed": _owed(promises),
            **_said_by(request, row, has),
            **_appraised(row, has),
            "honours": honours,
            "honours_of_people": of_people,
            "taking_part": taking_part,
            **_who_answers(request, row, has),
            **_carriers(request, row, taking_part, has),
            **_cases(request, row, taking_part, has),
            "notices": notices.notices_naming(row, clock.now()) if has["notices"] else [],
            "answered": remarks.answered_about(row) if has["answered"] else [],
        },
    )


def _owed(published: list[commitments.CyclePromises]) -> dict[int, owing.ToAnswer]:
    """By promise, what the unit owes everybody an answer about. Nothing is asked where nobody doubts a promise and none is unkept."""
    return {one.promise.pk: one for one in owing.owed_among([line for each in published for line in each.lines])}


def _placed(row: Organisation) -> dict[str, Any]:
    """What stands above and below it, and the words for its kind and sector and for who answers for it."""
    above, below = organisations.above_and_below(row)
    asked = Term.Category
    kinds, sectors, tiers = organisations.names_of_terms(asked.ORGANISATION_KIND, asked.SECTOR, asked.TIER)
    return {"above": above, "below": below, "kinds": kinds, "sectors": sectors, "tier_names": tiers}


def _appraised(row: Organisation, has: Parts) -> dict[str, Any]:
    """What the figures in force say of it, and the questions where it was one of the answers."""
    questions = standings.questions_about(row) if has["asked"] else []
    return {
        "results": standings.results_of_organisation(row) if has["results"] else [],
        "asked": [(one, first_in_words(one.question)) for one in questions],
    }


def _said_by(request: HttpRequest, row: Organisation, has: Parts) -> dict[str, Any]:
    """What the unit and its people plan, promise and tell, and where it does something for others."""
    has_windows = "windows" in doors.frame_of(request).rooms_ever
    return {
        "windows": windows.points_of(row) if has_windows and has["windows"] else [],
        **_of_its_people(row, has),
        "plans": consultation.plans_of(row, clock.today()) if has["plans"] else [],
        "situations": situations.newest_of(row) if has["situations"] else [],
    }


def _of_its_people(row: Organisation, has: Parts) -> dict[str, Any]:
    """Each cycle's promises of single people, the newest first, with where they committed in public; and who did that alone."""
    named = pledges.named_on_page(row, clock.today()) if has["committed"] else []
    committed = {one.person_id: one for one in named}
    published = vows.published_by(row, clock.today()) if has["vows"] else []
    of_cycles = [(one, [(line, committed.pop(line.person.pk, None)) for line in one.lines]) for one in published]
    return {"vows": of_cycles, "committed": list(committed.values())}


def _who_answers(request: HttpRequest, row: Organisation, has: Parts) -> dict[str, Any]:
    """Who is responsible in the three tiers, and the leaders who look after it, where the house has that."""
    if "leadership" not in doors.frame_of(request).rooms:
        return {}
    on = clock.today()
    return {
        "responsible": organisations.responsible_for(row, on) if has["responsible"] else [],
        "looked_after": leadership.who_looks_after(row, on) if has["looked_after"] else [],
    }


def _carriers(request: HttpRequest, row: Organisation, taking_part: list[dict[str, Any]], has: Parts) -> dict[str, Any]:
    """The carriers in which it takes part, and for what it is, or was, a demonstration unit."""
    if "carriers" not in doors.frame_of(request).rooms_ever:
        return {}
    cycles = [one["cycle"] for one in taking_part]
    shown = carriers.demonstrations_of(row) if has["demonstrations"] else []
    return {"carriers": carriers.taking_part(row, cycles) if has["carriers"] else [], "demonstrations": shown}


def _cases(request: HttpRequest, row: Organisation, taking_part: list[dict[str, Any]], has: Parts) -> dict[str, Any]:
    """The newest cases that it has in hand, with their figures, and whether one can report something about it."""
    if "cases" not in doors.frame_of(request).rooms_ever:
        return {}
    cycles = [one["cycle"] for one in taking_part if "cases" in one["cycle"].ruleset.rooms]
    newest = cases.of_unit(row, cycles[0]) if cycles and has["cases"] else []
    figures = cases.figures(cycles[0], clock.today(), row) if newest else None
    late = figures.late_ones if figures else ()
    return {
        "cases": [
            (one, case_words.headed(case_words.kind_name(one), one), case_words.STATES[one.state], one.pk in late)
            for one in newest
        ],
        "case_figures": figures,
        "takes_reports": any(cycle.is_under_way for cycle in cycles) and row.ended_on is None,
    }


def _campaigns_of(
    request: HttpRequest, row: Organisation, promises: list[commitments.CyclePromises], has: Parts
) -> list[dict[str, Any]]:
    """Each campaign in which it takes part, the widest first: its cycle, where that stands, the unit's own theme in it, and until
    when its promises are to come, if they have not.
    """
    promised = {one.cycle.pk for one in promises if one.commitment.kind == commitments.YEARLY}
    faces = [face for face in doors.frame_of(request).faces if row.path.startswith(face.path)]
    calendars = [calendar for face in faces if (calendar := Calendar.of_id(face.cycle_id))]
    themes = {one.cycle.pk: plans.practice_theme(one.cycle, row) if has["themes"] else None for one in calendars}
    entered = entered_for([row.reference], "theme").get(row.reference) if any(themes.values()) else None
    return [
        {
            "cycle": one.cycle,
            "strip": strip_of(one, clock.today()) if row.parent_id else None,
            "theme": (theme := themes[one.cycle.pk]),
            "awaited": _awaited(one, row) if one.cycle.pk not in promised else None,
            "entered": entered if theme and entered and entered.text == theme.text else None,
        }
        for one in calendars
    ]


def _awaited(calendar: Calendar, row: Organisation) -> dict[str, Any] | None:
    """Until when the unit's promises of this cycle are to be published, and whether that is over."""
    window = calendar.window(Purpose.PROMISE)
    if window is None or row.parent_id is None or "commitments" not in calendar.cycle.ruleset.rooms:
        return None
    return {"until": window.closes_on, "is_late": window.closes_on < clock.today()}
