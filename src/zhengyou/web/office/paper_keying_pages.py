"""Keying paper forms, by keyboard and scanner: hand count, slip, figures, differences, two signatures. No sum is ever shown."""

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zhengyou.base.refusals import Refused
from zhengyou.paper import actions, queries
from zhengyou.paper.models import PaperBatch
from zhengyou.polls import queries as polls
from zhengyou.polls.models import Poll
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.pages import found, posted, pressed


class CountForm(forms.Form):
    """The hand count of a batch's forms."""

    forms_ = forms.IntegerField(label=_("Forms with a slip stapled to them"), min_value=0, max_value=32_000)
    without_slip = forms.IntegerField(
        label=_("Forms without a readable slip: put aside, not keyed"), initial=0, min_value=0, max_value=32_000
    )

    def clean(self) -> dict[str, Any]:
        """The count as the action takes it."""
        given = self.cleaned_data
        return given if self.errors else {"forms": given["forms_"], "without_slip": given["without_slip"]}


class ScanForm(forms.Form):
    """The slip of the next form, scanned or typed."""

    scanned = forms.CharField(
        label=_("Slip of the next form"),
        help_text=_("Scan its QR code, or type its 28 letters and figures and press Enter."),
        max_length=400,
        widget=forms.TextInput(
            attrs={"autofocus": True, "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


@doors.paper_handlers
@never_cache
def keying(request: doors.PersonRequest, key: UUID, number: int) -> HttpResponse:
    """Where one of the two stands, and the field for the next slip; posting a slip shows the figures to key."""
    poll, batch = _poll_and_batch(key, number)
    form = ScanForm(request.POST or None)

    def find(scanned: str, **given: Any) -> HttpResponse:
        slip = actions.find_slip(batch=batch, scanned=scanned, **given)
        return _form_of(request, poll, batch, slip, scanned)

    return posted(request, form, find) or _desk(request, poll, batch, scan=form)


@doors.paper_handlers
@never_cache
@require_POST
def key_one(request: doors.PersonRequest, key: UUID, number: int) -> HttpResponse:
    """Save the figures of one form, or that it cannot be counted; then on to the next slip."""
    poll, batch = _poll_and_batch(key, number)
    scanned = request.POST.get("scanned", "")[:400]
    entries = None if "spoilt" in request.POST else [entry.strip() for entry in request.POST.getlist("entry")]
    deed: dict[str, Any] = {"batch": batch, "scanned": scanned, "at": clock.now(), "by": request.person}
    try:
        keyed = actions.key_form(entries=entries, **deed)
    except Refused as refusal:
        try:
            slip = actions.find_slip(**deed)
        except Refused:
            messages.error(request, str(refusal))
            return redirect("office-paper-keying", key, number)
        return _form_of(request, poll, batch, slip, scanned, sentence=str(refusal), entries=entries)
    done = _("Slip %(number)s is keyed as not countable.") if entries is None else _("Slip %(number)s is keyed.")
    messages.success(request, done % {"number": keyed})
    return redirect("office-paper-keying", key, number)


@doors.paper_handlers
@require_POST
def count(request: doors.PersonRequest, key: UUID, number: int) -> HttpResponse:
    """Enter the hand count."""
    poll, batch = _poll_and_batch(key, number)
    form = CountForm(request.POST)
    return posted(
        request,
        form,
        partial(actions.count_forms, batch=batch),
        done=_("The hand count is entered."),
        to=("office-paper-keying", key, number),
    ) or _desk(request, poll, batch, counting=form)


@doors.paper_handlers
@require_POST
def take_back(request: doors.PersonRequest, key: UUID, number: int) -> HttpResponse:
    """Forget one's own keyed form."""
    _poll, batch = _poll_and_batch(key, number)
    slip = request.POST.get("slip", "")
    return pressed(
        request,
        partial(actions.take_back_form, batch=batch, number=slip),
        done=_("Slip %(number)s is taken back. Key its form again.") % {"number": slip},
        to=("office-paper-keying", key, number),
    )


@doors.paper_handlers
@require_POST
def restart(request: doors.PersonRequest, key: UUID, number: int, keying: int) -> HttpResponse:
    """Forget everything one of the two keyed, so that somebody else can take the place."""
    _poll, batch = _poll_and_batch(key, number)
    return pressed(
        request,
        partial(actions.restart_keying, batch=batch, keying=keying),
        done=_("This keying is forgotten. Somebody can begin it anew."),
        to=("office-paper-keying", key, number),
    )


@doors.paper_handlers
@require_POST
def sign(request: doors.PersonRequest, key: UUID, number: int) -> HttpResponse:
    """Sign that the batch adds up; the second signature puts its slips into the box."""
    _poll, batch = _poll_and_batch(key, number)

    def sign_it(**given: Any) -> None:
        signed = actions.sign_batch(batch=batch, **given)
        messages.success(
            request,
            _("Both have signed. The forms of this batch are in the box.")
            if signed.reconciled_at
            else _("You have signed. The other person signs too."),
        )

    return pressed(request, sign_it, to=("office-paper-keying", key, number))


def _poll_and_batch(key: UUID, number: int) -> tuple[Poll, PaperBatch]:
    poll = found(polls.opened_poll_with_key(key))
    return poll, found(queries.paper_batch(poll, number))


def _desk(
    request: doors.PersonRequest,
    poll: Poll,
    batch: PaperBatch,
    *,
    scan: ScanForm | None = None,
    counting: CountForm | None = None,
) -> HttpResponse:
    """The page of one batch as this person sees it: own numbers, how far both are, differences when both are done."""
    counts = queries.keyed_counts(batch)
    own = {batch.first_keyer_id: 1, batch.second_keyer_id: 2}.get(request.person.pk, 0)
    initial = {"forms_": batch.forms, "without_slip": batch.forms_without_slip}
    shown = {
        "base": _face_of(request),
        "poll": poll,
        "batch": batch,
        "is_due": clock.now() >= poll.closes_at and poll.state == Poll.State.OPENED and batch.drawn is not None,
        "scan": scan or ScanForm(),
        "counting": counting or CountForm(initial=initial),
        "own": own,
        "counts": counts,
        "own_count": counts[own - 1] if own else 0,
        "numbers": queries.numbers_keyed(batch, own) if own else [],
        "is_complete": batch.forms is not None and set(counts) == {batch.forms},
        "differences": _differences(poll, batch),
        "has_signed": (own == 1 and batch.is_signed_by_first) or (own == 2 and batch.is_signed_by_second),
    }
    return render(request, "office/paper_keying.html", shown)


def _differences(poll: Poll, batch: PaperBatch) -> list[dict[str, Any]]:
    lines = {line["id"]: line for line in queries.form_lines(poll)}
    return [
        {
            "row": each,
            "line": lines[each.line],
            "criteria": [item["name"] for item in lines[each.line]["criteria"] if item["id"] in each.criteria],
        }
        for each in queries.paper_differences(batch)
    ]


def _face_of(request: doors.PersonRequest) -> str:
    """The frame of the page: the office's, or the desk's for a scrutineer who does not work there."""
    return "parts/office_page.html" if doors.is_office(request) else "parts/desk_page.html"


def _form_of(
    request: doors.PersonRequest, poll: Poll, batch: PaperBatch, slip: actions.FoundSlip, scanned: str, **shown: Any
) -> HttpResponse:
    """The form of one slip to key: its criteria, and what each figure means."""
    grades = poll.cycle.rules["grades"]
    shown |= {
        "base": _face_of(request),
        "poll": poll,
        "batch": batch,
        "found": slip,
        "scanned": scanned,
        "line": next(line for line in queries.form_lines(poll) if line["id"] == slip.line),
        "grades": grades,
        "dont_know": len(grades) + 1,
    }
    return render(request, "office/paper_form.html", shown)
