"""Service windows for everybody: the page behind the code that hangs there, the same for a device of the counter, what may be shown
of marks, and the sheets to print. No cookie, no script needed; what is at the counter takes marks only.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from zhengyou.base.words import in_readers_words
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.ruleset import Rules
from zhengyou.cases import queries as cases
from zhengyou.notices import queries as notices
from zhengyou.organisations import queries as organisations
from zhengyou.standings import queries as standings
from zhengyou.web.shared import case_words, clock, doors
from zhengyou.web.shared.addresses import address
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.narrowing import page_of
from zhengyou.web.shared.pages import found, posted
from zhengyou.web.shared.public_address import doubts, printed_address
from zhengyou.web.shared.public_writing import Line, PublicForm, Words, from_our_page
from zhengyou.web.shared.qr import qr_of
from zhengyou.web.shared.window_parts import STATES
from zhengyou.windows import actions, queries, rules
from zhengyou.windows.models import ServicePoint, Way

CHOOSE = _("Choose one of the five steps.")
LONGEST_CODE = 40
OPEN = (Way.PHONE, Way.COUNTER)
SLIPS_APART = (Way.OWN, Way.AGAIN)


class MarkForm(PublicForm):
    """One of the five steps, none chosen beforehand; reasons, words and what else may be left out is left out."""

    step = forms.ChoiceField(
        label=_("How was the service?"),
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    reasons = forms.MultipleChoiceField(
        label=_("What it was about"), required=False, widget=forms.CheckboxSelectMultiple
    )
    words = Words(
        label=_("What you want to say"),
        required=False,
        most=rules.LONGEST_WORDS,
        rows=3,
        help_text=_(
            "If your rating is bad, your words open a case and are not shown; otherwise everybody can read "
            "them once somebody in the office has. Please give no names or numbers of other people."
        ),
    )
    contact = Line(
        label=_("How to reach you, if it was bad"),
        required=False,
        most=rules.LONGEST_CONTACT,
        help_text=_("Only for calling you back. Nobody at the counter sees it; with a good rating it is not kept."),
    )
    code = Line(
        label=_("Slip code: on the slip you were given, if you were given one"),
        required=False,
        most=LONGEST_CODE,
        help_text=_("It makes your rating count as one per visit. It is not the case code used to follow a report."),
    )

    def __init__(self, request: HttpRequest, point: ServicePoint, ruleset: Rules) -> None:
        super().__init__(request, about=point.reference)
        self.fields["step"].choices = _named(ruleset.service_steps)  # type: ignore[attr-defined]
        self.fields["reasons"].choices = _named(ruleset.service_reasons)  # type: ignore[attr-defined]


class CounterForm(MarkForm):
    """The same on a device of the counter: nothing is typed there, as the next visitor and the counter could read it."""

    words = None  # type: ignore[assignment]
    contact = None  # type: ignore[assignment]
    code = None  # type: ignore[assignment]


def _named(rows: Any) -> list[tuple[str, Any]]:
    return [(one.id, in_readers_words(one.name)) for one in rows]


@doors.room("windows")
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("step", "words", "contact", "code")
@from_our_page
def mark(request: HttpRequest, code: str) -> HttpResponse:
    """What the code at a window opens: five steps and a button."""
    return _mark(request, found(queries.point_with_code(code)))


@doors.room("windows")
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("step", "words", "contact", "code")
@from_our_page
def counter(request: HttpRequest, secret: str) -> HttpResponse:
    """The same page on the counter's own device, whose marks are counted apart: only by the address that the office gave it."""
    return _mark(request, found(queries.point_with_tablet(secret)), secret)


def _mark(request: HttpRequest, point: ServicePoint, secret: str = "") -> HttpResponse:
    calendar, is_at_counter = queries.calendar_of(point), bool(secret)
    here = reverse("public-window-counter", args=[secret]) if secret else address("public-window", point.code)
    shown = {"point": point, "organisation": point.organisation, "is_at_counter": is_at_counter, "here": here}
    if calendar is None or not rules.takes_marks(point, calendar, clock.today()):
        return render(request, "public/window_closed.html", shown | {"receiving": notices.last_receiving()})
    if is_at_counter:
        shown["qr"] = qr_of(printed_address(request, address("public-window", point.code)))
    form = (CounterForm if is_at_counter else MarkForm)(request, point, calendar.cycle.ruleset)

    def give(**given: Any) -> HttpResponse:
        try:
            made = actions.give_mark(point=point, is_at_counter=is_at_counter, calendar=calendar, **given)
        except rules.WindowRefused as refusal:
            if refusal.reason != "window.code":
                raise
            form.add_error("code", str(refusal))  # beside the box in which it was mistyped
            return render(request, "public/window_mark.html", shown | {"form": form})
        if made.case_code:
            return _case(request, point, made.case_code)
        if made.remark:
            return redirect("public-own-words", made.remark.public_id)
        if secret:
            return redirect("public-window-next", secret)
        more = "?slip" if made.way == Way.CODED else "?many" if made.is_burst else ""
        return redirect(f"{reverse('public-window-thanks', args=[point.code])}{more}")

    return posted(request, form, give) or render(request, "public/window_mark.html", shown | {"form": form})


def _case(request: HttpRequest, point: ServicePoint, code: str) -> HttpResponse:
    """What a bad mark has become, with the code, which stands in no address: those are written down by machines on the way."""
    row = found(cases.case_with_code(code))
    shown = {
        "point": point,
        "code": code,
        "around": case_words.may_go_around(row),
        "opened": case_words.opened_word(row),
    }
    answer = render(request, "public/window_case.html", shown)
    answer["Cache-Control"] = "no-store"
    return answer


@doors.room("windows")
@require_safe
def thanks(request: HttpRequest, code: str) -> HttpResponse:
    """The mark counts, and there is nothing more to do."""
    point = found(queries.point_with_code(code))
    may_report = bool(
        cases.units_taking([point.organisation])
    )  # alike after every mark: a counter looks over shoulders
    shown = {"point": point, "came_in_burst": "many" in request.GET, "by_slip": "slip" in request.GET}
    shown["may_report"] = may_report
    return render(request, "public/window_thanks.html", shown)


@doors.room("windows")
@require_safe
def next_visitor(request: HttpRequest, secret: str) -> HttpResponse:
    """The same at the counter; the page goes back by itself for whoever comes next."""
    shown = {"point": found(queries.point_with_tablet(secret)), "is_at_counter": True}
    return render(
        request, "public/window_thanks.html", shown | {"here": reverse("public-window-counter", args=[secret])}
    )


@doors.room("windows")
@require_safe
def windows(request: HttpRequest) -> HttpResponse:
    """All windows that are or were open."""
    return listed(
        request,
        "public/windows.html",
        queries.points(),
        [
            Column(_("Window"), lambda row: Cell(row.name, _page_of(row), note=row.place)),
            Column(_("Services"), lambda row: row.what),
            Column(_("Unit"), _unit_of, order="organisation__name_key", says_itself=True),
            Column(_("Open since"), lambda row: row.opened_on, order="opened_on"),
            Column(_("Closed"), lambda row: Cell(row.closed_on or "", note=row.closed_because)),
        ],
        per_page=25,
        name="windows",
        nothing=_("No window has been entered yet."),
        search=_("Find a window by its name, what is done there, or its unit"),
        paths=("name", "what", "place", "organisation__name", "organisation__name_key"),
        filters=[STATES],
    )


def _page_of(row: ServicePoint) -> str:
    return address("public-window-page", row.code)


def _unit_of(row: ServicePoint) -> Cell:
    return Cell(row.organisation.name, address("public-organisation", row.organisation.code))


@doors.room("windows")
@require_safe
def window(request: HttpRequest, code: str) -> HttpResponse:
    """One window: what it is, what may be shown of its marks, and what people wrote."""
    point = found(queries.point_with_code(code))
    calendar, day = queries.calendar_of(point), clock.today()
    shown: dict[str, Any] = {
        "point": point,
        "organisation": point.organisation,
        "takes_marks": rules.takes_marks(point, calendar, day),
        "is_closed": point.closed_on is not None and point.closed_on < day,
        "least": rules.LEAST,
        "page": page_of(request, queries.spoken(point), queries.WORDS_A_PAGE),
        "today": day,
        "looked_into": queries.looked_into(point, day),
    }
    if calendar:
        shown |= _figures(point, calendar) | {"cycle": calendar.cycle}
        shown["steps"] = {one.id: in_readers_words(one.name) for one in calendar.cycle.ruleset.service_steps}
    return render(request, "public/window.html", shown)


def _figures(point: ServicePoint, calendar: Calendar) -> dict[str, Any]:
    cycle: Cycle = calendar.cycle
    figures, ruleset = queries.figures_of(point, cycle, clock.today()), cycle.ruleset
    reasons, coded = dict(_named(ruleset.service_reasons)), figures.by_way[Way.CODED]
    return {
        "figures": figures,
        "opened": _by_way(ruleset, figures.by_way, OPEN),
        # Who makes the slips could use them: no share is computed of those that the unit printed itself, or that came again.
        "slips_apart": _by_way(ruleset, figures.by_way, SLIPS_APART),
        "bursts": _by_way(ruleset, figures.in_bursts, Way.values),
        "burst_bad": [(reasons.get(slug, slug), n) for slug, n in figures.burst_reasons[True].items()],
        "burst_other": [(reasons.get(slug, slug), n) for slug, n in figures.burst_reasons[False].items()],
        "coded": standings.shares_at_window(coded, ruleset),
        "coded_figures": coded,
        "reasons_bad": [(reasons.get(slug, slug), n) for slug, n in figures.reasons[True].items()],
        "reasons_other": [(reasons.get(slug, slug), n) for slug, n in figures.reasons[False].items()],
    }


def _by_way(ruleset: Rules, by_way: dict[str, rules.WindowCounts], ways: Iterable[str]) -> list[tuple[Any, Any, Any]]:
    """What was given in these ways, where there is any: its name, the counts, and the counts by step."""
    rows = [(Way(way).label, by_way[way], _counted(ruleset, by_way[way])) for way in ways]
    return [one for one in rows if one[1].total or one[1].later]


def _counted(ruleset: Rules, figures: rules.WindowCounts) -> list[tuple[Any, int]]:
    return [(in_readers_words(one.name), figures.counts.get(one.id, 0)) for one in ruleset.service_steps]


@require_safe
def window_numbered(request: HttpRequest, number: int) -> HttpResponse:
    """On to the page of a window, for what knows it by its reference only."""
    return redirect("public-window-page", found(queries.point_with_id(number)).code)


@doors.room("windows")
@require_safe
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """The sheet that hangs at the window, A5, both languages in large print."""
    point = found(queries.point_with_code(code))
    return render(request, "public/window_sheet.html", _printed(request, [point]) | {"point": point})


@doors.room("windows")
@require_safe
def board(request: HttpRequest, code: str) -> HttpResponse:
    """All open windows of a unit on one sheet for its notice-board."""
    unit = found(organisations.organisation_with_code(code))
    rows = [row for row in queries.points_of(unit) if row.closed_on is None]
    return render(request, "public/window_board.html", _printed(request, rows) | {"organisation": unit})


def _printed(request: HttpRequest, rows: list[ServicePoint]) -> dict[str, Any]:
    addresses = [printed_address(request, address("public-window", row.code)) for row in rows]
    codes = [(row, address, qr_of(address)) for row, address in zip(rows, addresses, strict=True)]
    prints = getattr(request, "user", None) is not None and request.user.is_authenticated  # others only look at it
    return {"codes": codes, "doubts": doubts(request) if prints else [], "prints": prints}
