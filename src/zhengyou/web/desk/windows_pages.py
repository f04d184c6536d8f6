"""Windows at the desk: those of one's own unit and of the units below, and what is odd about their marks."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhengyou.organisations.models import Organisation, Post
from zhengyou.web.shared import doors, window_parts
from zhengyou.web.shared.lists import listed
from zhengyou.web.shared.pages import found, posted
from zhengyou.web.shared.window_parts import DESK
from zhengyou.windows import actions, queries
from zhengyou.windows.models import ServicePoint, WindowFlag


def _point(request: doors.PersonRequest, window_id: int) -> ServicePoint:
    return found(queries.points_kept_by(doors.reader_of(request)).filter(pk=window_id).first())


def _flag(request: doors.PersonRequest, flag_id: int) -> WindowFlag:
    return found(queries.flags_for(doors.reader_of(request)).filter(pk=flag_id).first())


@doors.room("windows")
@doors.signed_in
def windows(request: doors.PersonRequest) -> HttpResponse:
    """The windows of the reader's units and of those below."""
    reader = doors.reader_of(request)
    return listed(
        request,
        "desk/windows.html",
        queries.points_kept_by(reader),
        window_parts.columns(DESK),
        name="windows",
        nothing=_("No window has been entered yet. Whoever leads a unit with a counter enters its windows here."),
        search=_("Find a window by its name, what is done there, or its unit"),
        paths=window_parts.PATHS,
        filters=[window_parts.STATES],
        units=reader.organisations_as(Post.Role.SECRETARY),
        unsettled=queries.unsettled_for(reader),
    )


@doors.room("windows")
@doors.secretary
def open_window(request: doors.PersonRequest, organisation: Organisation) -> HttpResponse:
    """Enter a window of one's own unit."""
    form = window_parts.OpenForm(request.POST or None)
    deed = partial(actions.open_point, organisation=organisation, closes_at=None)
    done, to = _("The window is entered. Print its sheet and hang it up."), "desk-windows"
    shown = {"base": DESK.base, "form": form, "heading": _("Enter a window"), "button": _("Enter it")}
    shown |= {"organisation": organisation, "back_to": "desk-windows"}
    return posted(request, form, deed, done=done, to=to) or render(request, "parts/window_open.html", shown)


@doors.room("windows")
@doors.signed_in
def window(request: doors.PersonRequest, window_id: int) -> HttpResponse:
    """One window."""
    return window_parts.point_page(request, DESK, _point(request, window_id))


@doors.room("windows")
@doors.signed_in
def close(request: doors.PersonRequest, window_id: int) -> HttpResponse:
    """Close it."""
    return window_parts.close_page(request, DESK, _point(request, window_id))


@doors.room("windows")
@doors.signed_in
@require_POST
def reopen(request: doors.PersonRequest, window_id: int) -> HttpResponse:
    """Undo the closing."""
    return window_parts.reopen(request, DESK, _point(request, window_id))


@doors.room("windows")
@doors.signed_in
def codes(request: doors.PersonRequest, window_id: int) -> HttpResponse:
    """Slips with slip codes."""
    return window_parts.codes_page(request, DESK, _point(request, window_id))


@doors.room("windows")
@doors.signed_in
def flags(request: doors.PersonRequest) -> HttpResponse:
    """What looks odd about the marks at windows below, as counts; about one's own unit what the level above found."""
    return listed(
        request,
        "desk/window_flags.html",
        queries.flags_for(doors.reader_of(request)),
        window_parts.flag_columns(DESK),
        name="odd-marks",
        nothing=_("Nothing about the ratings at these windows looks unusual."),
        search=_("Find by window or unit"),
        paths=window_parts.FLAG_PATHS,
        filters=[window_parts.SETTLED, window_parts.KINDS],
    )


@doors.room("windows")
@doors.signed_in
def flag(request: doors.PersonRequest, flag_id: int) -> HttpResponse:
    """One of them."""
    return window_parts.flag_page(request, DESK, _flag(request, flag_id))
