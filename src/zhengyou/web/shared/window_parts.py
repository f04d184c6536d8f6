"""What desk and office do with service windows alike: forms, columns of the lists, and the pages about one window or one flag.

A page of either face looks up the row and who may see it; what may be done is for the room to say.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from zhengyou import jobs
from zhengyou.base import codes
from zhengyou.base.refusals import allows
from zhengyou.base.texts import longest
from zhengyou.organisations.vocabulary import worded
from zhengyou.templatetags.days import day
from zhengyou.web.shared import clock, doors, meanwhile
from zhengyou.web.shared.fields import DayInput, LongText, OrganisationField, ReasonField, ShortText, SureField, Ticket
from zhengyou.web.shared.lists import Cell, Column
from zhengyou.web.shared.narrowing import Filter
from zhengyou.web.shared.pages import posted, pressed
from zhengyou.web.shared.public_address import doubts, printed_address
from zhengyou.web.shared.qr import qr_of
from zhengyou.windows import actions, queries, rules
from zhengyou.windows.models import ServicePoint, Way, WindowFlag

PATHS = ("name", "what", "place", "code", "organisation__name", "organisation__code", "organisation__name_key")
FLAG_PATHS = ("window__name", "window__organisation__name", "window__organisation__code", "finding")
OPEN_OR_CLOSED = [("open", pgettext_lazy("window", "open")), ("closed", pgettext_lazy("window", "closed"))]
STATES = Filter("state", _("Open or closed"), "", OPEN_OR_CLOSED, means=lambda one: Q(closed_on__isnull=one == "open"))
SAID_OR_NOT = [("no", _("not said yet: 17:30 holds")), ("yes", worded(_("said by the %(office)s")))]
HOURS = Filter("hour", _("End of its day"), "", SAID_OR_NOT, means=lambda one: Q(closes_at__isnull=one == "no"))
YES_OR_NO = [("no", _("not looked into yet")), ("yes", _("looked into"))]
SETTLED = Filter("settled", _("Looked into"), "", YES_OR_NO, means=lambda one: Q(settled_on__isnull=one == "no"))
KINDS = Filter("kind", _("What is unusual"), "kind", WindowFlag.Kind.choices)


CLOSING = worded(
    _(
        "Praise that comes shortly before is noticed, so only the %(office)s sets this. Until it does 17:30 holds, or what it said "
        "of another window of this unit within a year."
    )
)


@dataclass(frozen=True)
class Side:
    """Which face a page stands in: the beginning of its addresses' names, and its frame."""

    name: str
    base: str


DESK = Side("desk", "parts/desk_page.html")
OFFICE = Side("office", "parts/office_page.html")


class PointForm(forms.Form):
    """What a window says of itself."""

    name = ShortText(
        label=_("Name"), max_length=longest(ServicePoint, "name"), help_text=_("As on its sign, for example: Window 3.")
    )
    what = LongText(label=_("Services"), max_length=longest(ServicePoint, "what"), rows=2)
    place = ShortText(label=_("Where it is"), max_length=longest(ServicePoint, "place"), required=False)
    closes_at = forms.TimeField(
        label=_("Its day ends at"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=_(
            "Praise that comes shortly before is noticed. Empty means 17:30. Where there is no end, write 23:59."
        ),
    )
    opened_on = forms.DateField(label=_("Open since"), widget=DayInput, initial=clock.today)


class OpenForm(PointForm):
    """A new window of the unit whose page this is. When its day ends is not for the unit to say."""

    ticket = Ticket()
    closes_at = None  # type: ignore[assignment]


class OpenForUnitForm(PointForm):
    """A new window of a unit that is named."""

    ticket = Ticket()
    organisation = OrganisationField(label=_("Unit"))
    field_order = ("organisation",)


class CloseForm(forms.Form):
    """From which day, and why."""

    is_final = True  # beside its button stands the way back
    on = forms.DateField(label=_("Last day"), widget=DayInput, initial=clock.today)
    because = ReasonField(max_length=longest(ServicePoint, "closed_because"))


class CodesForm(forms.Form):
    """How many slips."""

    count = forms.IntegerField(
        label=_("How many slips"),
        min_value=1,
        max_value=rules.MOST_CODES,
        initial=40,
        help_text=_(
            "Eight on a page. More than 200 are made in the background, as a file that lies here for an hour at most."
        ),
    )
    sure = SureField(
        _("The slips are shown once and kept nowhere. I print them now, and delete the file if there is one.")
    )


class TabletForm(forms.Form):
    """Nothing but the question."""

    sure = SureField(
        _(
            "The address is shown once and kept nowhere; I open it on the device now. The one before opens nothing any more."
        )
    )


class FindingForm(forms.Form):
    """What was found."""

    finding = LongText(
        label=_("What you found"),
        max_length=longest(WindowFlag, "finding"),
        rows=3,
        help_text=_("The unit reads it. Ask those at the counter; never ask who gave a rating."),
    )


def columns(side: Side) -> list[Column]:
    """The columns of a list of windows."""
    return [
        Column(_("Window"), lambda row: Cell(row.name, reverse("public-window-page", args=[row.code]), note=row.place)),
        Column(_("Unit"), _unit_of, order="organisation__path"),
        Column(_("Services"), lambda row: row.what),
        Column(_("Open since"), lambda row: row.opened_on, order="opened_on"),
        Column(_("Closed"), lambda row: Cell(row.closed_on or "", note=row.closed_because), order="closed_on"),
        Column(_("Action"), partial(_own_page, side), part="parts/window_link.html", is_deed=True),
    ]


def flag_columns(side: Side) -> list[Column]:
    """The columns of a list of flags."""
    return [
        Column(_("What is unusual"), partial(_flag_link, side)),
        Column(_("How many ratings"), lambda row: row.count, order="count", is_figure=True),
        Column(_("Window"), lambda row: Cell(row.window.name, reverse("public-window-page", args=[row.window.code]))),
        Column(_("Unit"), lambda row: _unit_of(row.window), order="window__organisation__path"),
        Column(_("Day"), lambda row: row.day, order="day"),
        Column(_("Found"), lambda row: Cell(row.finding, note=row.settled_on or "")),
    ]


def _unit_of(row: ServicePoint) -> Cell:
    return Cell(row.organisation.name, reverse("public-organisation", args=[row.organisation.code]))


def _own_page(side: Side, row: ServicePoint) -> dict[str, str]:
    return {"address": reverse(f"{side.name}-window", args=[row.pk]), "name": row.name}


def _flag_link(side: Side, row: WindowFlag) -> Cell:
    address = reverse(f"{side.name}-window-flag", args=[row.pk])
    return Cell(row.get_kind_display(), address, note=Way(row.way).label, apart=f"{row.window.name} {day(row.day)}")


def point_page(request: doors.PersonRequest, side: Side, point: ServicePoint) -> HttpResponse:
    """One window: what it says of itself, to be corrected, and what else may be done."""
    initial = {name: getattr(point, name) for name in ("name", "what", "place", "closes_at", "opened_on")}
    form = PointForm(request.POST or None, initial=initial)
    if not rules.may_set_closing(request.person, point.organisation, clock.today()):
        form.fields["closes_at"].disabled, form.fields["closes_at"].help_text = True, CLOSING
    deeds = ["windows.change_point", "windows.close_point", "windows.reopen_point"]
    meanwhile.guard(form, about=point.reference, deeds=deeds)
    deed, to = partial(actions.change_point, point=point), (f"{side.name}-window", point.pk)
    may_keep = allows(rules.check_keeps, request.person, point.organisation, clock.today())
    shown = shown_of(side, point, form, point.name, _("Save")) | {
        "may_keep": may_keep,
        "history": _history(request, point),
        "may_reopen": allows(rules.check_may_reopen, queries.closed_at(point), clock.now()),
        "sheets": queries.sheets_of(point),
        "gives_tablet": side is OFFICE,
    }
    if point.closed_on is not None or not may_keep:
        shown["form"] = None
    answer = posted(request, form, deed, done=_("Saved. Its page shows it."), to=to)
    return answer or render(request, "parts/window_kept.html", shown)


def _history(request: doors.PersonRequest, point: ServicePoint) -> tuple[int, int] | None:
    """What the windows of its unit left behind within a year, for those from elsewhere."""
    day, unit = clock.today(), point.organisation
    return None if rules.is_of_unit(request.person, unit, day) else queries.history_of(unit, day)


def close_page(request: doors.PersonRequest, side: Side, point: ServicePoint) -> HttpResponse:
    """A window closes, with a reason."""
    form = CloseForm(request.POST or None)
    done = _("“%(name)s” closes. This can be undone within a day.") % {"name": point.name}
    deed, to = partial(actions.close_point, point=point), (f"{side.name}-window", point.pk)
    shown = shown_of(side, point, form, _("Close this window?"), pgettext("window", "Close it"))
    return posted(request, form, deed, done=done, to=to) or render(request, "parts/window_form.html", shown)


def reopen(request: doors.PersonRequest, side: Side, point: ServicePoint) -> HttpResponse:
    """A closing is undone."""
    deed, to = partial(actions.reopen_point, point=point), (f"{side.name}-window", point.pk)
    return pressed(request, deed, done=_("The window is open again."), to=to)


def codes_page(request: doors.PersonRequest, side: Side, point: ServicePoint) -> HttpResponse:
    """Slips with slip codes are made and shown once, to be printed; many of them a job writes into a file."""
    form = CodesForm(request.POST or None)

    def make(*, count: int, **acting: Any) -> HttpResponse:
        if count > rules.AT_ONCE:
            return _many_codes(request, side, point, count, **acting)
        made = [codes.fresh() for _n in range(count)]
        sheet = actions.add_codes(point=point, made=made, **acting)
        address = printed_address(request, reverse("public-window", args=[point.code]))
        slips = [(code, qr_of(f"{address}#{code}", mask=0)) for code in made]
        shown = {"base": side.base, "point": point, "sheet": sheet, "slips": slips, "address": address}
        answer = render(request, "parts/window_slips.html", shown)
        answer["Cache-Control"] = "no-store"
        return answer

    shown = shown_of(side, point, form, _("Slips with slip codes"), _("Make the slips")) | {"doubts": doubts(request)}
    return posted(request, form, make) or render(request, "parts/window_form.html", shown)


def _many_codes(
    request: doors.PersonRequest, side: Side, point: ServicePoint, count: int, **acting: Any
) -> HttpResponse:
    address = printed_address(request, reverse("public-window", args=[point.code]))
    page = reverse(f"{side.name}-window-codes", args=[point.pk])
    job = jobs.ask_for_slips(point=point, count=count, address=address, page=page, **acting)
    return redirect("list-job", job.pk)


def _heading_of(flag: WindowFlag) -> Any:
    return _("Unusual ratings: %(what)s") % {"what": flag.get_kind_display()}


def flag_page(request: doors.PersonRequest, side: Side, flag: WindowFlag) -> HttpResponse:
    """Something odd about a window's marks: what it means, and what was found."""
    is_open = flag.settled_on is None and allows(rules.check_may_settle, flag, request.person, clock.today())
    form = FindingForm(request.POST or None) if is_open else None
    shown = shown_of(side, flag.window, form, _heading_of(flag), _("Write it down")) | {
        "flag": flag,
        "way": Way(flag.way).label,
        "history": _history(request, flag.window),
    }
    done, to = _("Recorded. The unit reads it."), f"{side.name}-window-flags"
    answer = posted(request, form, partial(actions.settle_flag, flag=flag), done=done, to=to) if form else None
    return answer or render(request, "parts/window_flag.html", shown)


def shown_of(side: Side, point: ServicePoint, form: Any, heading: Any, button: Any) -> dict[str, Any]:
    """What the pages about one window have in common."""
    return {
        "base": side.base,
        "point": point,
        "form": form,
        "heading": heading,
        "button": button,
        "back": reverse(f"{side.name}-windows"),
        "flags_at": reverse(f"{side.name}-window-flags"),
        "own": reverse(f"{side.name}-window", args=[point.pk]),
        "close_at": reverse(f"{side.name}-window-close", args=[point.pk]),
        "reopen_at": reverse(f"{side.name}-window-reopen", args=[point.pk]),
        "codes_at": reverse(f"{side.name}-window-codes", args=[point.pk]),
    }
