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
from zhengyou.base.words import in_readers_words
from zhengyou.paper import actions, queries
from zhengyou.paper.models import PaperBatch
from zhengyou.polls.models import Poll
from zhengyou.web.office.paper_pages import entry_labels, of_poll
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.fields import ShortText
from zhengyou.web.shared.pages import found, posted, pressed


class CountForm(forms.Form):
    """The hand count of a batch's forms."""

    forms_ = forms.IntegerField(label=_("Forms with a slip stapled to them"), min_value=0, max_value=32_000)
    without_slip = forms.IntegerField(
        label=_("Forms without a readable slip: put aside, not keyed"), initial=0, min_value=0, max_value=32_000
    )

    def clean(self) -> dict[str, Any]:
        """Under the names of the action; a form's field cannot be called `forms`."""
        given = self.cleaned_data
        return given if self.errors else {"forms": given["forms_"], "without_slip": given["without_slip"]}


class ScanForm(forms.Form):
    """The slip of the next form, scanned or typed."""

    scanned = ShortText(
        label=_("Slip of the next form"),
        help_text=_("Scan its QR code, or type its 28 letters and figures and press Enter."),
        max_length=400,
        widget=forms.TextInput(
            attrs={"autofocus": True, "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


@doors.paper_handlers
@never_cache
@of_poll
def keying(request: doors.PersonRequest, poll: Poll, number: int) -> HttpResponse:
    """Where one of the two stands, and the field for the next slip; posting a slip shows the figures to key."""
    batch = found(queries.paper_batch(poll, number))
    form = ScanForm(request.POST or None)

    def find(*, scanned: str, **deed: Any) -> HttpResponse:
        slip = actions.find_slip(batch=batch, scanned=scanned, **deed)
        return render(request, "office/paper_form.html", _sheet(request, poll, batch, slip, scanned))

    return posted(request, form, find) or _desk(request, poll, batch, scan=form)


@doors.paper_handlers
@never_cache
@require_POST
@of_poll
def key_one(request: doors.PersonRequest, poll: Poll, number: int) -> HttpResponse:
    """Save the figures of one form, or that it cannot be counted; then on to the next slip."""
    batch = found(queries.paper_batch(poll, number))
    scanned = request.POST.get("scanned", "")[:400]
    entries = None if "spoilt" in request.POST else [entry.strip() for entry in request.POST.getlist("entry")]
    deed: dict[str, Any] = {"batch": batch, "scanned": scanned, "at": clock.now(), "by": request.person}
    try:
        slip = actions.key_form(entries=entries, **deed)
    except Refused as refusal:
        try:
            shown = _sheet(request, poll, batch, actions.find_slip(**deed), scanned)
        except Refused:
            messages.error(request, str(refusal))
            return redirect("office-paper-keying", poll.key, number)
        shown |= {"sentence": str(refusal), "entries": entries}
        return render(request, "office/paper_form.html", shown)
    messages.success(request, _said(entries, slip))
    return redirect("office-paper-keying", poll.key, number)


def _said(entries: list[str] | None, slip: actions.KeyedSlip) -> Any:
    if slip.counts:
        said = _("Slip %(number)s is keyed.")
    elif entries is None:
        said = _("Slip %(number)s is keyed as not countable.")
    else:
        said = _(
            "Slip %(number)s is keyed as not countable: what was keyed is no answer, as an option stands twice, a place before "
            "another was left out, or “Don’t know” stands beside something. Take it back if the form says otherwise."
        )
    return said % {"number": slip.number}


@doors.paper_handlers
@require_POST
@of_poll
def count(request: doors.PersonRequest, poll: Poll, number: int) -> HttpResponse:
    """Enter the hand count."""
    batch = found(queries.paper_batch(poll, number))
    form = CountForm(request.POST)
    deed = partial(actions.count_forms, batch=batch)
    done = _("The hand count is entered.")
    return posted(request, form, deed, done=done, to=_back_to(batch)) or _desk(request, poll, batch, counting=form)


@doors.paper_handlers
@require_POST
@of_poll
def take_back(request: doors.PersonRequest, poll: Poll, number: int) -> HttpResponse:
    """Forget one's own keyed form."""
    batch, slip = found(queries.paper_batch(poll, number)), request.POST.get("slip", "")
    done = _("Slip %(number)s is taken back. Key its form again.") % {"number": slip}
    deed = partial(actions.take_back_form, batch=batch, number=slip)
    return pressed(request, deed, done=done, to=_back_to(batch))


@doors.paper_handlers
@require_POST
@of_poll
def restart(request: doors.PersonRequest, poll: Poll, number: int, keying: int) -> HttpResponse:
    """Forget everything one of the two keyed, so that somebody else can take the place."""
    batch = found(queries.paper_batch(poll, number))
    done = _("This keying is cleared. Somebody can begin it again.")
    deed = partial(actions.restart_keying, batch=batch, keying=keying)
    return pressed(request, deed, done=done, to=_back_to(batch))


@doors.paper_handlers
@require_POST
@of_poll
def sign(request: doors.PersonRequest, poll: Poll, number: int) -> HttpResponse:
    """Sign that the batch adds up; the second signature puts its slips into the box."""
    batch = found(queries.paper_batch(poll, number))

    def sign_it(**deed: Any) -> None:
        both = _("Both have signed. The forms of this batch are in the box.")
        one = _("You have signed. The other person signs too.")
        signed = actions.sign_batch(batch=batch, **deed)
        messages.success(request, both if signed.reconciled_at else one)

    return pressed(request, sign_it, to=_back_to(batch))


def _back_to(batch: PaperBatch) -> tuple[str, UUID, int]:
    return "office-paper-keying", batch.pool.poll.key, batch.pk


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
            "criteria": [label for entry, label in entry_labels(lines[each.line]).items() if entry in each.criteria],
        }
        for each in queries.paper_differences(batch)
    ]


def _face_of(request: doors.PersonRequest) -> str:
    """The frame of the page: the office's, or the desk's for a scrutineer who does not work there."""
    return "parts/office_page.html" if doors.is_office(request) else "parts/desk_page.html"


def _sheet(request: doors.PersonRequest, poll: Poll, batch: PaperBatch, found: Any, scanned: str) -> dict[str, Any]:
    """What is keyed for one slip: its criteria, and what each figure means."""
    line = next(line for line in queries.form_lines(poll) if line["id"] == found.line)
    question, grades = line["question"], poll.cycle.ruleset.grades
    choices = [option["name"] for option in question["options"]] if question else [grade.name for grade in grades]
    return {
        "base": _face_of(request),
        "poll": poll,
        "batch": batch,
        "found": found,
        "scanned": scanned,
        "line": line,
        "labels": list(entry_labels(line).values()),
        "choices": [in_readers_words(name) for name in choices],
        "dont_know": 2 if question and question["kind"] == "approval" else len(choices) + 1,
    }
