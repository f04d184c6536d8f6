"""The desk of secretaries and of the level above: promises, review, progress, outcome."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from zhengyou.base.refusals import allows, reason_against
from zhengyou.base.words import in_readers_words
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns import rules as campaign_rules
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.ruleset import Purpose
from zhengyou.commitments import actions, queries, rules
from zhengyou.commitments.models import Commitment, Promise
from zhengyou.keeping import actions as keeping_actions
from zhengyou.keeping import owing
from zhengyou.keeping import queries as keeping
from zhengyou.keeping import rules as keeping_rules
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Post
from zhengyou.organisations.tree import is_within
from zhengyou.plans import queries as plans
from zhengyou.web.desk import commitments_forms as forms
from zhengyou.web.desk import ordinary_duty
from zhengyou.web.shared import clock, doors, meanwhile
from zhengyou.web.shared.guidance import guidance_for
from zhengyou.web.shared.pages import check_opens, found, posted, pressed
from zhengyou.web.shared.stages import calendars_for, chosen, cycle_for
from zhengyou.web.shared.submission_words import entered_for


@doors.room("commitments")
@doors.signed_in
def overview(request: doors.PersonRequest) -> HttpResponse:
    """Our own promises, and those that wait for our review."""
    reader = doors.reader_of(request)
    calendar = chosen(request, calendars_for(reader))
    cycle = calendar.cycle if calendar else None
    top = cycle.campaign.organisation if cycle else None
    mine = [row for row in reader.organisations_as(Post.Role.SECRETARY) if top and is_within(row, top)]
    shown: dict[str, Any] = {"cycle": cycle, "mine": []}
    if cycle:
        begun = queries.commitments_of(cycle, mine)
        shown["mine"] = [(row, begun.get(row.pk)) for row in mine]
        shown["waiting"] = keeping.waiting_for(reader, cycle)
        shown["has_above"] = bool(reader.organisations_as(*keeping.ABOVE))
    return render(request, "desk/commitments.html", shown)


@doors.room("commitments")
@doors.secretary
def commitment(request: doors.PersonRequest, organisation: Organisation) -> HttpResponse:
    """All promises of one of our organisations, with what was said to each and what can be done next."""
    cycle = cycle_for(request, organisation)
    row = queries.commitment_of(cycle, organisation)
    calendar = Calendar.of(cycle)
    lines = queries.reviewed_promises(row) if row else []
    inherited = keeping.inherited(cycle, organisation)
    earlier = [one.promise.commitment.cycle for one in inherited]
    shown = {
        "organisation": organisation,
        "cycle": cycle,
        "commitment": row,
        "lines": lines,
        "published": queries.progress_of(line.promise for line in lines) if row and row.published_at else [],
        "theme": plans.practice_theme(cycle, organisation),
        **queries.served_by_promises(cycle),
        "limits": cycle.ruleset.commitments,
        "ordinary": ordinary_duty.of_drafts([line.promise for line in lines], cycle),
        "inherited": inherited,
        "on_the_spot": queries.progress_of(queries.immediate_promises(cycle, organisation)),
        "owed": {one.promise.pk: one for one in owing.owed_by([organisation], [cycle, *earlier])},
        "remarks": queries.draft_remarks(row) if row else [],
        "today": clock.today(),
        "may_choose_theme": "plans" in cycle.ruleset.rooms and calendar.is_open(Purpose.PROMISE, clock.today()),
        "hindrances": _hindrances(cycle, inherited, [line.promise for line in lines]),
        "may_write": allows(rules.check_may_write, calendar, row, clock.today()),
        "window": calendar.window(Purpose.PROMISE),
    }
    return render(request, "desk/commitment.html", shown)


def _hindrances(cycle: Cycle, inherited: list[keeping.Inherited], lines: list[Promise]) -> list[tuple[str, str]]:
    """All that stands in the way of proposing, each as the sentence by which it would be refused, and the place of this page where
    it is mended.
    """
    returned = next((one for one in lines if one.state == Promise.State.RETURNED), None)
    said = [
        (reason_against(keeping_rules.check_inherited_settled, sum(one.is_open for one in inherited)), "#inherited"),
        (
            reason_against(rules.check_may_propose, lines, cycle, clock.today()),
            f"#promise-{returned.pk}" if returned else "",
        ),
    ]
    return [(one, place) for one, place in said if one]


@doors.room("commitments")
@doors.secretary
def write(request: doors.PersonRequest, organisation: Organisation) -> HttpResponse:
    """Write one more promise."""
    cycle = cycle_for(request, organisation)
    check_opens(request, _check_may_write, cycle, organisation)
    left = _inherited_of(request, cycle, organisation)
    initial = forms.wording_of(left) | {"due_on": None, "piece": None} if left else {}
    form = forms.PromiseForm(request.POST or None, initial=initial, **_limits(cycle))
    return posted(
        request,
        form,
        partial(actions.write_promise, cycle=cycle, organisation=organisation, carried_from=left),
        done=_("The promise is saved as a draft."),
        to=("desk-commitment", organisation.code),
    ) or _form_page(
        request,
        organisation,
        form,
        _("Take over a promise") if left else _("New promise"),
        _("Save the draft"),
        intro=_("Left open in %(cycle)s: %(what)s") % {"cycle": left.commitment.cycle.called, "what": left.what}
        if left
        else "",
        guidance=guidance_for(cycle, organisation),
    )


def _check_may_write(cycle: Cycle, organisation: Organisation) -> None:
    """What is refused of a promise whatever it says."""
    rules.check_takes_part(cycle, organisation)
    row = queries.commitment_of(cycle, organisation)
    rules.check_may_write(Calendar.of(cycle), row, clock.today())
    rules.check_may_add(len(queries.live_promises(row)) if row else 0, cycle.ruleset.commitments.most)


def _check_may_give(cycle: Cycle, organisation: Organisation) -> None:
    """What is refused of a promise given on the spot whatever it says."""
    rules.check_takes_part(cycle, organisation)
    campaign_rules.check_under_way(cycle)
    campaign_rules.check_has_days_left(cycle, clock.today())


def _check_may_reword(promise: Promise) -> None:
    """What is refused of a wording whatever it says."""
    rules.check_may_write(Calendar.of(promise.commitment.cycle), promise.commitment, clock.today())
    rules.check_may_change(promise, None)


@doors.room("commitments")
@doors.secretary
def on_the_spot(request: doors.PersonRequest, organisation: Organisation) -> HttpResponse:
    """Publish what was promised on the spot (即时承诺)."""
    cycle = cycle_for(request, organisation)
    check_opens(request, _check_may_give, cycle, organisation)
    form = forms.ImmediateForm(request.POST or None, **_limits(cycle))
    form.cycle = cycle
    return posted(
        request,
        form,
        partial(actions.publish_immediate_promise, cycle=cycle, organisation=organisation),
        done=_("The promise is published. The level above looks at it afterwards."),
        to=("desk-commitment", organisation.code),
    ) or _form_page(request, organisation, form, _("Promise given on the spot"), _("Publish it now"))


@doors.room("commitments")
@doors.signed_in
def draft(request: doors.PersonRequest, code: str) -> HttpResponse:
    """The draft of one's own unit, for its people to remark on before the level above reviews it."""
    organisation = found(organisations.organisation_with_code(code))
    cycle = cycle_for(request, organisation)
    row = found(queries.commitment_of(cycle, organisation))
    rules.check_may_remark(row, request.person)
    form = forms.DraftRemarkForm(request.POST or None)
    done = _("Your comment has gone to those who write the promises, and to the level above.")
    shown = {
        "organisation": organisation,
        "form": form,
        "commitment": row,
        "lines": queries.reviewed_promises(row),
        **queries.served_by_promises(cycle),
        "own": [one for one in queries.draft_remarks(row) if one.said_by_id == request.person.pk],
    }
    deed = partial(actions.remark_on_draft, commitment=row)
    return posted(request, form, deed, done=done, to=("desk-draft", code)) or render(request, "desk/draft.html", shown)


@doors.room("commitments")
@doors.secretary
def change(request: doors.PersonRequest, organisation: Organisation, promise_id: int) -> HttpResponse:
    """Reword a draft, or mend what was sent back."""
    promise = found(queries.promise_with_id(organisation, promise_id))
    check_opens(request, _check_may_reword, promise)
    form = forms.ChangeForm(
        request.POST or None, initial=forms.wording_of(promise), **_limits(promise.commitment.cycle)
    )
    answer = posted(
        request,
        form,
        partial(actions.change_promise, promise=promise),
        done=_("The promise is saved."),
        to=("desk-commitment", organisation.code),
    )
    line = next((line for line in queries.reviewed_promises(promise.commitment) if line.promise.pk == promise_id), None)
    shown = {"review": line.last_review if line else None}
    return answer or _form_page(request, organisation, form, _("Change the promise"), _("Save"), **shown)


@doors.room("commitments")
@require_POST
@doors.secretary
def withdraw(request: doors.PersonRequest, organisation: Organisation, promise_id: int) -> HttpResponse:
    """Take a promise back before it is agreed to."""
    promise = found(queries.promise_with_id(organisation, promise_id))
    return pressed(
        request,
        partial(actions.withdraw_promise, promise=promise),
        done=_("The promise is withdrawn. It stays on record."),
        to=("desk-commitment", organisation.code),
    )


@doors.room("commitments")
@require_POST
@doors.secretary
def propose(request: doors.PersonRequest, organisation: Organisation) -> HttpResponse:
    """Hand the promises to the level above."""
    row = found(queries.commitment_of(cycle_for(request, organisation), organisation))
    return pressed(
        request,
        partial(keeping_actions.propose_promises, commitment=row),
        done=_("The promises are proposed. The level above reviews them now."),
        to=("desk-commitment", organisation.code),
    )


@doors.room("commitments")
@require_POST
@doors.secretary
def take_back(request: doors.PersonRequest, organisation: Organisation) -> HttpResponse:
    """Take back what waits for the review."""
    row = found(queries.commitment_of(cycle_for(request, organisation), organisation))
    done = _("The promises are drafts again. Change them, and propose them again.")
    to = ("desk-commitment", organisation.code)
    return pressed(request, partial(actions.take_back_proposal, commitment=row), done=done, to=to)


@doors.room("commitments")
@doors.signed_in
def correct(request: doors.PersonRequest, code: str, promise_id: int) -> HttpResponse:
    """Correct the wording of a published promise: for the level above and the campaign's office."""
    organisation = found(organisations.organisation_with_code(code))
    promise = found(queries.published_promise(organisation, promise_id))
    rules.check_may_correct(request.person, promise.commitment, clock.today())
    cycle = promise.commitment.cycle
    limits = _limits(cycle) | {"first": cycle.starts_on, "is_held_to": queries.is_held_to(promise, clock.today())}
    form = forms.CorrectPromiseForm(request.POST or None, initial=forms.wording_of(promise), **limits)
    meanwhile.guard(form, about=promise.reference, deeds=("commitments.correct_promise",))
    deed = partial(actions.correct_promise, promise=promise)
    done = _("The promise is corrected. The old wording is shown beside the new one.")
    to = ("public-promise", code, promise_id)
    return posted(request, form, deed, done=done, to=to) or _form_page(
        request, organisation, form, _("Correct a published promise"), _("Correct it in public"), published=promise
    )


@doors.room("commitments")
@doors.above
def review(request: doors.PersonRequest, organisation: Organisation) -> HttpResponse:
    """Agree to the promises of an organisation below, or send them back with an opinion, one by one."""
    row = found(queries.commitment_of(cycle_for(request, organisation), organisation))
    if request.method == "POST":
        # What was reviewed meanwhile is refused as a whole: the form would no longer fit the promises that wait.
        rules.check_may_review(row, request.person, _number(request.POST.get("proposal", "")))
    lines = queries.reviewed_promises(row)
    form = forms.ReviewForm(request.POST or None, lines=lines, initial={"proposal": row.proposals})

    def judge(**given: Any) -> HttpResponse:
        done = actions.review_promises(commitment=row, **given)
        messages.success(request, _reviewed(done))
        return redirect("desk-promises")

    why_not = reason_against(rules.check_may_review, row, request.person, None)
    shown = _review_facts(row, lines) | {"form": form, "may_review": not why_not, "why_not": why_not}
    return posted(request, form, judge) or render(request, "desk/commitment_review.html", shown)


@doors.room("commitments")
@doors.secretary
def progress(request: doors.PersonRequest, organisation: Organisation, promise_id: int) -> HttpResponse:
    """Report progress with words and a photo."""
    promise = found(queries.published_promise(organisation, promise_id))
    check_opens(request, Calendar.of(promise.commitment.cycle).check_open, Purpose.FULFIL, clock.today())
    reports = queries.reports_of(promise)
    known = {"here": request.get_host(), "about": reverse("public-promise", args=[organisation.code, promise.pk])}
    form = forms.ProgressForm(request.POST or None, request.FILES or None, reports=reports, **known)
    shown = {"promise": promise, "reports": reports}
    return posted(
        request,
        form,
        partial(actions.report_progress, promise=promise),
        done=_("The report is published."),
        to=("desk-commitment", organisation.code),
    ) or _form_page(request, organisation, form, _("Report progress"), _("Publish the report"), **shown)


@doors.room("commitments")
@doors.secretary
def outcome(request: doors.PersonRequest, organisation: Organisation, promise_id: int) -> HttpResponse:
    """Say how a promise ended, and why."""
    promise = found(queries.published_promise(organisation, promise_id))
    check_opens(request, Calendar.of(promise.commitment.cycle).check_begun, Purpose.FULFIL, clock.today())
    form, outcomes = forms.OutcomeForm(request.POST or None), queries.outcomes_of(promise)
    last = max(outcomes, key=lambda one: one.pk, default=None)
    if not (
        request.method == "POST" and last and last.stated_by_id == request.person.pk
    ):  # else it may be the same, sent twice
        stands = {"outcome": last.outcome if last else "", "explanation": last.explanation if last else ""}
        meanwhile.guard(form, about=promise.reference, deeds=("commitments.state_outcome",), now=stands)
    shown = {"promise": promise, "outcomes": outcomes}
    return posted(
        request,
        form,
        partial(actions.state_outcome, promise=promise, after=last.pk if last else 0),
        done=_("Your statement is published."),
        to=("desk-commitment", organisation.code),
    ) or _form_page(request, organisation, form, _("How the promise ended"), _("Publish the statement"), **shown)


def _inherited_of(request: doors.PersonRequest, cycle: Cycle, organisation: Organisation) -> Promise | None:
    """The promise of an earlier cycle that the address asks to take over. Raises Http404 for one that is not inherited, or is settled."""
    number = request.GET.get("over", "")
    if not number:
        return None
    one = found(keeping.inherited_one(cycle, organisation, _number(number)))
    return found(one.promise if one.is_open or request.method == "POST" else None)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _limits(cycle: Cycle) -> dict[str, Any]:
    """What a promise may choose from: aims, pieces of central work, and days."""
    aims = [(aim, in_readers_words(name)) for aim, name in queries.aims_of(cycle).items()]
    first = max(clock.today(), cycle.starts_on)
    days = {"first": first, "last": cycle.ends_on}
    return {"aims": aims, "pieces": campaigns.central_work(cycle), "limits": cycle.ruleset.commitments, **days}


def _review_facts(row: Commitment, lines: list[queries.ReviewedPromise]) -> dict[str, Any]:
    unit = row.organisation
    theme = plans.practice_theme(row.cycle, unit)
    return {
        "organisation": unit,
        "commitment": row,
        "agreed": [line for line in lines if line.promise.state == Promise.State.AGREED],
        "sent_back": [line for line in lines if line.is_sent_back],
        **queries.served_by_promises(row.cycle),
        "ordinary": ordinary_duty.of_drafts([line.promise for line in lines], row.cycle),
        "remarks": queries.draft_remarks(row),
        "entered_for": entered_for(line.promise.reference for line in lines),
        "theme": theme,
        "theme_entered": entered_for([unit.reference], "theme").get(unit.reference) if theme else None,
    }


def _reviewed(done: Commitment) -> str:
    """What the review has done, with the unit's name and the way to what everybody reads now."""
    unit = done.organisation
    if done.state != Commitment.State.PUBLISHED:
        return _("The promises of %(unit)s are returned with your opinions.") % {"unit": unit.name}
    n = len(queries.live_promises(done))
    text = ngettext(
        "%(n)d promise of %(unit)s is published now.", "%(n)d promises of %(unit)s are published now.", n
    ) % {"n": n, "unit": unit.name}
    address = reverse("public-organisation", args=[unit.code])
    return format_html('{} <a href="{}">{}</a>', text, address, _("Look at them"))


def _form_page(
    request: doors.PersonRequest, organisation: Organisation, form: Any, heading: str, button: str, **more: Any
) -> HttpResponse:
    shown = {"organisation": organisation, "form": form, "heading": heading, "button": button, **more}
    return render(request, "desk/commitment_form.html", {"base": "parts/desk_page.html", **shown})
