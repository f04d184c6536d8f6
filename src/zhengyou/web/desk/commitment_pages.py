"""The desk of secretaries and of the level above: theme, promises, review, progress, outcome."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhengyou.base.refusals import Refused, allows
from zhengyou.campaigns import actions as campaign_actions
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Cycle, StageWindow
from zhengyou.campaigns.rules import StageRefused
from zhengyou.commitments import actions, queries, rules
from zhengyou.commitments.models import Commitment, Promise
from zhengyou.identity import queries as identity
from zhengyou.identity import rules as identity_rules
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Post
from zhengyou.templatetags.words import said
from zhengyou.web.desk import commitment_forms as forms
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.refusing import refused_into


@doors.signed_in
def overview(request: doors.PersonRequest) -> HttpResponse:
    """Our own promises, and those that wait for our review."""
    cycle, today = campaigns.cycle_under_way(), clock.today()
    mine = identity.organisations_as(request.person, Post.Role.SECRETARY, today)
    shown: dict[str, Any] = {"cycle": cycle, "mine": []}
    if cycle:
        begun = queries.commitments_of(cycle, mine)
        shown["mine"] = [(row, begun.get(row.pk)) for row in mine]
        shown["waiting"] = queries.waiting_for(request.person, cycle, today)
    return render(request, "desk/commitments.html", shown)


@doors.signed_in
def commitment(request: doors.PersonRequest, code: str) -> HttpResponse:
    """All promises of one of our organisations, with what was said to each and what can be done next."""
    organisation, cycle = _own(request, code), _cycle()
    row = queries.commitment_of(cycle, organisation)
    window = campaigns.window(cycle, StageWindow.Stage.PROMISE)
    lines = queries.draft_lines(row) if row else []
    shown = {
        "organisation": organisation,
        "cycle": cycle,
        "commitment": row,
        "lines": lines,
        "published": queries.lines_of(line.promise for line in lines) if row and row.published_at else [],
        "theme": campaigns.practice_theme(cycle, organisation),
        "aims": queries.aims_of(cycle),
        "limits": cycle.rules["commitments"],
        "may_write": allows(rules.check_may_write, cycle, row, window, clock.today()),
        "window": window,
    }
    return render(request, "desk/commitment.html", shown)


@doors.signed_in
def theme(request: doors.PersonRequest, code: str) -> HttpResponse:
    """Choose the organisation's practice theme."""
    organisation, cycle = _own(request, code), _cycle()
    chosen = campaigns.practice_theme(cycle, organisation)
    initial = {"text": chosen.text, "main_work": chosen.main_work} if chosen else {}
    form = forms.ThemeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            campaign_actions.choose_practice_theme(
                cycle=cycle, organisation=organisation, **form.cleaned_data, at=clock.now(), by=request.person
            )
            return _back(request, organisation, _("The theme is chosen and shown on your public page."))
    sector = campaigns.sector_themes(cycle).get(organisation.sector, "")
    intro = _("Theme of your sector: %(theme)s") % {"theme": sector} if sector else ""
    return _form_page(request, organisation, form, _("Practice theme"), _("Choose this theme"), intro=intro)


@doors.signed_in
def write(request: doors.PersonRequest, code: str) -> HttpResponse:
    """Write one more promise."""
    organisation, cycle = _own(request, code), _cycle()
    form = _promise_form(request, cycle)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            actions.write_promise(
                cycle=cycle,
                organisation=organisation,
                text=form.text,
                key=form.cleaned_data["ticket"],
                at=clock.now(),
                by=request.person,
            )
            return _back(request, organisation, _("The promise is saved as a draft."))
    return _form_page(request, organisation, form, _("New promise"), _("Save the draft"))


@doors.signed_in
def change(request: doors.PersonRequest, code: str, promise_id: int) -> HttpResponse:
    """Reword a draft, or mend what was sent back."""
    organisation, cycle = _own(request, code), _cycle()
    promise = _promise(organisation, promise_id)
    form = _promise_form(request, cycle, initial=forms.wording_of(promise))
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            actions.change_promise(
                promise=promise,
                text=form.text,
                revision=form.cleaned_data["revision"],
                at=clock.now(),
                by=request.person,
            )
            return _back(request, organisation, _("The promise is saved."))
    line = next((line for line in queries.draft_lines(promise.commitment) if line.promise.pk == promise_id), None)
    shown = {"review": line.last_review if line else None}
    return _form_page(request, organisation, form, _("Change the promise"), _("Save"), **shown)


@require_POST
@doors.signed_in
def withdraw(request: doors.PersonRequest, code: str, promise_id: int) -> HttpResponse:
    """Take a promise back before it is agreed to."""
    organisation = _own(request, code)
    promise = _promise(organisation, promise_id)
    return _try(
        request,
        organisation,
        lambda: actions.withdraw_promise(promise=promise, at=clock.now(), by=request.person),
        _("The promise is withdrawn. It stays in the record."),
    )


@require_POST
@doors.signed_in
def propose(request: doors.PersonRequest, code: str) -> HttpResponse:
    """Hand the promises to the level above."""
    organisation = _own(request, code)
    row = queries.commitment_of(_cycle(), organisation)
    if row is None:
        raise Http404
    return _try(
        request,
        organisation,
        lambda: actions.propose_promises(commitment=row, at=clock.now(), by=request.person),
        _("The promises are proposed. The level above reviews them now."),
    )


@doors.signed_in
def review(request: doors.PersonRequest, code: str) -> HttpResponse:
    """Agree to the promises of an organisation below, or send them back with an opinion, one by one."""
    organisation, cycle = _organisation(code), _cycle()
    identity_rules.check_is_above(request.person, organisation, clock.today())
    row = queries.commitment_of(cycle, organisation)
    if row is None:
        raise Http404
    if request.method == "POST":
        rules.check_may_review(row, request.person, _number(request.POST.get("proposal", "")))
    lines = queries.draft_lines(row)
    form = forms.ReviewForm(request.POST or None, lines=lines, initial={"proposal": row.proposals})
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            done = actions.review_promises(
                commitment=row,
                verdicts=form.verdicts,
                proposal=form.cleaned_data["proposal"],
                at=clock.now(),
                by=request.person,
            )
            messages.success(request, _reviewed(done))
            return redirect("desk-promises")
    may_review = allows(rules.check_may_review, row, request.person, None)
    return render(
        request, "desk/commitment_review.html", _review_facts(row, lines) | {"form": form, "may_review": may_review}
    )


@doors.signed_in
def progress(request: doors.PersonRequest, code: str, promise_id: int) -> HttpResponse:
    """Report progress with words and a photo."""
    organisation = _own(request, code)
    promise = _published(organisation, promise_id)
    reports = queries.reports_of(promise)
    form = forms.ProgressForm(request.POST or None, request.FILES or None, reports=reports)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            actions.report_progress(
                promise=promise,
                text=form.cleaned_data["text"],
                photo=form.cleaned_data["photo"],
                corrects=form.cleaned_data.get("corrects"),
                key=form.cleaned_data["ticket"],
                at=clock.now(),
                by=request.person,
            )
            return _back(request, organisation, _("The report is published."))
    shown = {"promise": promise, "reports": reports}
    return _form_page(request, organisation, form, _("Report progress"), _("Publish the report"), **shown)


@doors.signed_in
def outcome(request: doors.PersonRequest, code: str, promise_id: int) -> HttpResponse:
    """Say how a promise ended, and why."""
    organisation = _own(request, code)
    promise = _published(organisation, promise_id)
    form = forms.OutcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            actions.state_outcome(
                promise=promise,
                outcome=form.cleaned_data["outcome"],
                explanation=form.cleaned_data["explanation"],
                key=form.cleaned_data["ticket"],
                at=clock.now(),
                by=request.person,
            )
            return _back(request, organisation, _("Your statement is published."))
    shown = {"promise": promise, "outcomes": queries.outcomes_of(promise)}
    return _form_page(request, organisation, form, _("How the promise ended"), _("Publish the statement"), **shown)


def _cycle() -> Cycle:
    cycle = campaigns.cycle_under_way()
    if cycle is None:
        raise StageRefused(
            _("No cycle is under way. When the campaign office launches one, promises are written here.")
        )
    return cycle


def _organisation(code: str) -> Organisation:
    row = organisations.organisation_with_code(code)
    if row is None:
        raise Http404
    return row


def _own(request: doors.PersonRequest, code: str) -> Organisation:
    row = _organisation(code)
    identity_rules.check_is_secretary(request.person, row, clock.today())
    return row


def _promise(organisation: Organisation, promise_id: int) -> Promise:
    row = queries.promise_with_id(organisation, promise_id)
    if row is None:
        raise Http404
    return row


def _published(organisation: Organisation, promise_id: int) -> Promise:
    row = queries.published_promise(organisation, promise_id)
    if row is None:
        raise Http404
    return row


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _promise_form(
    request: doors.PersonRequest, cycle: Cycle, initial: dict[str, Any] | None = None
) -> forms.PromiseForm:
    aims = [(aim, said(name)) for aim, name in queries.aims_of(cycle).items()]
    first = max(clock.today(), cycle.starts_on)
    return forms.PromiseForm(request.POST or None, initial=initial, aims=aims, first=first, last=cycle.ends_on)


def _review_facts(row: Commitment, lines: list[queries.DraftLine]) -> dict[str, Any]:
    return {
        "organisation": row.organisation,
        "commitment": row,
        "agreed": [line for line in lines if line.promise.state == Promise.State.AGREED],
        "aims": queries.aims_of(row.cycle),
        "theme": campaigns.practice_theme(row.cycle, row.organisation),
    }


def _reviewed(done: Commitment) -> str:
    if done.state == Commitment.State.PUBLISHED:
        return _("All promises are agreed to and published now.")
    return _("The promises are sent back to the organisation with your opinions.")


def _try(
    request: doors.PersonRequest, organisation: Organisation, deed: Callable[[], object], done: str
) -> HttpResponse:
    try:
        deed()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("desk-commitment", organisation.code)


def _back(request: doors.PersonRequest, organisation: Organisation, done: str) -> HttpResponse:
    messages.success(request, done)
    return redirect("desk-commitment", organisation.code)


def _form_page(
    request: doors.PersonRequest, organisation: Organisation, form: Any, heading: str, button: str, **more: Any
) -> HttpResponse:
    shown = {"organisation": organisation, "form": form, "heading": heading, "button": button, **more}
    return render(request, "desk/commitment_form.html", {"base": "parts/desk_page.html", **shown})
