"""Windows for the office: all within its reach, those without marks, and what is odd about their marks."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhengyou.base import codes as codes_of_house
from zhengyou.web.shared import clock, doors, window_parts
from zhengyou.web.shared.lists import listed
from zhengyou.web.shared.pages import posted, pressed
from zhengyou.web.shared.public_address import doubts, printed_address
from zhengyou.web.shared.qr import qr_of
from zhengyou.web.shared.stages import office_calendar
from zhengyou.web.shared.window_parts import OFFICE
from zhengyou.windows import actions, queries
from zhengyou.windows.models import ServicePoint, WindowFlag

of_point = doors.fetched("window_id", queries.point_with_id)
of_flag = doors.fetched("flag_id", queries.flag_with_id)


@doors.room("windows")
@doors.office
def windows(request: doors.PersonRequest) -> HttpResponse:
    """All windows within the office's reach; `silent` shows those that had no mark yet."""
    calendar = office_calendar(request)
    cycle = calendar.cycle if calendar else None
    silent = request.GET.get("silent") == "yes" and cycle is not None
    rows = queries.without_marks(cycle, clock.today()) if silent and cycle else queries.points()
    return listed(
        request,
        "office/windows.html",
        rows.filter(doors.reach_of(request, "organisation")),
        window_parts.columns(OFFICE),
        name="windows",
        nothing=_("No window is entered yet. Units enter theirs at the desk, or you do it here."),
        search=_("Find a window by its name, what is done there, or its unit"),
        paths=window_parts.PATHS,
        filters=[window_parts.STATES, window_parts.HOURS],
        cycle=cycle,
        silent=silent,
        coverage=queries.coverage_of(cycle, clock.today()) if cycle else (0, 0),
        unsettled=queries.unsettled_in(cycle) if cycle else 0,
    )


@doors.room("windows")
@doors.office
def open_window(request: doors.PersonRequest) -> HttpResponse:
    """Enter a window of any unit within reach."""
    form = window_parts.OpenForUnitForm(request.POST or None)
    done, to = _("The window is entered. Print its sheet and hang it up."), "office-windows"
    shown = {"base": OFFICE.base, "form": form, "heading": _("Enter a window"), "button": _("Enter it")}
    shown |= {"back_to": "office-windows"}
    return posted(request, form, actions.open_point, done=done, to=to) or render(
        request, "parts/window_open.html", shown
    )


@doors.room("windows")
@doors.office
@of_point
def window(request: doors.PersonRequest, point: ServicePoint) -> HttpResponse:
    """One window."""
    return window_parts.point_page(request, OFFICE, point)


@doors.room("windows")
@doors.office
@of_point
def close(request: doors.PersonRequest, point: ServicePoint) -> HttpResponse:
    """Close it."""
    return window_parts.close_page(request, OFFICE, point)


@doors.room("windows")
@doors.office
@require_POST
@of_point
def reopen(request: doors.PersonRequest, point: ServicePoint) -> HttpResponse:
    """Undo the closing."""
    return window_parts.reopen(request, OFFICE, point)


@doors.room("windows")
@doors.office
@of_point
def codes(request: doors.PersonRequest, point: ServicePoint) -> HttpResponse:
    """Slips with slip codes."""
    return window_parts.codes_page(request, OFFICE, point)


@doors.room("windows")
@doors.office
@of_point
def tablet(request: doors.PersonRequest, point: ServicePoint) -> HttpResponse:
    """Give the counter's own device its address: shown this once, to be scanned there or printed; an earlier one dies."""
    form = window_parts.TabletForm(request.POST or None)

    def give(**acting: Any) -> HttpResponse:
        secret = codes_of_house.fresh()
        actions.give_tablet(point=point, secret=secret, **acting)
        address = printed_address(request, reverse("public-window-counter", args=[secret]))
        shown = {"point": point, "address": address, "qr": qr_of(address), "doubts": doubts(request)}
        answer = render(request, "office/window_tablet.html", shown)
        answer["Cache-Control"] = "no-store"
        return answer

    shown = window_parts.shown_of(
        OFFICE, point, form, _("The address for the counter’s own tablet"), _("Give it a new address")
    )
    return posted(request, form, give) or render(request, "parts/window_form.html", shown)


@doors.room("windows")
@doors.office
@require_POST
@of_point
def take_tablet(request: doors.PersonRequest, point: ServicePoint) -> HttpResponse:
    """No device of the counter takes marks any more."""
    done, to = _("The old address opens nothing any more."), ("office-window", point.pk)
    return pressed(request, partial(actions.take_tablet, point=point), done=done, to=to)


@doors.room("windows")
@doors.office
def flags(request: doors.PersonRequest) -> HttpResponse:
    """What looks odd about the marks at windows, as counts."""
    return listed(
        request,
        "office/window_flags.html",
        queries.flags().filter(doors.reach_of(request, "window__organisation")),
        window_parts.flag_columns(OFFICE),
        name="odd-marks",
        nothing=_("Nothing about the ratings at these windows looks unusual."),
        search=_("Find by window or unit"),
        paths=window_parts.FLAG_PATHS,
        filters=[window_parts.SETTLED, window_parts.KINDS],
    )


@doors.room("windows")
@doors.office
@of_flag
def flag(request: doors.PersonRequest, flag: WindowFlag) -> HttpResponse:
    """One of them."""
    return window_parts.flag_page(request, OFFICE, flag)
