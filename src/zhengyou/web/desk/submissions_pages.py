"""At the desk: a clerk of the level above enters what a unit handed in on paper; the unit looks at it; objections are settled."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from zhengyou.base.files import path_of
from zhengyou.base.refusals import allows
from zhengyou.base.words import in_readers_words, joined
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.commitments import actions as commitments
from zhengyou.commitments import queries as promises
from zhengyou.commitments.models import PromiseText
from zhengyou.consultation import actions as consultation
from zhengyou.consultation import on_paper
from zhengyou.keeping import actions as keeping
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation
from zhengyou.plans import actions as plans
from zhengyou.pledges import actions as pledges
from zhengyou.remarks import actions as remarks
from zhengyou.situations import actions as situations
from zhengyou.submissions import actions, queries, rules
from zhengyou.submissions.actions import HandedIn
from zhengyou.submissions.models import Submission
from zhengyou.vows import queries as vows
from zhengyou.web.desk import entered_in_full, ordinary_duty, papers_owed
from zhengyou.web.desk import submissions_forms as forms
from zhengyou.web.shared import clock, doors, meanwhile
from zhengyou.web.shared.pages import check_opens, found, posted, pressed
from zhengyou.web.shared.stages import cycle_for
from zhengyou.web.shared.submission_words import HOWS

What = Submission.What
WORDS: dict[str, Any] = {
    What.THEME: _("Its theme"),
    What.PROMISE: _("A promise"),
    What.BOARD: _("A board of promises, exactly as it hangs"),
    What.ON_THE_SPOT: _("A promise given on the spot"),
    What.TAKEN_OVER: _("A promise that takes over one left open by an earlier cycle"),
    What.DROPPED: _("That it no longer promises what an earlier cycle left open"),
    What.REVISED: _("A promise that was sent back or entered here, in its new wording"),
    What.TAKEN_OFF: _("A promise that was entered twice or wrongly, taken off again"),
    What.PROPOSAL: _("That it proposes its promises"),
    What.REPORT: _("A report of progress"),
    What.OUTCOME: _("Its word on how a promise ended"),
    What.SITUATION: _("A situation report"),
    What.DOUBTS: _("Its answer about a promise that is doubted"),
    What.ANSWER: _("Its answer to what somebody wrote"),
    What.COMMITTED: _("Who of its people made a public commitment"),
    What.COMMENTS: _("What people wrote on forms about its plan"),
    What.PLAN: _("A draft of its plan, for everybody to comment on"),
}
OF_PLANS = (What.COMMENTS, What.PLAN)  # where the house has them; all others where it has promises
WRITES_PROMISES: dict[str, Any] = {
    What.PROMISE: forms.PromiseForm,
    What.BOARD: forms.BoardForm,
    What.ON_THE_SPOT: forms.OnTheSpotForm,
}
# Those that choose one that an earlier cycle left open, or one that may be reworded.
OF_EARLIER: dict[str, Any] = {
    What.TAKEN_OVER: forms.TakenOverForm,
    What.REVISED: forms.RevisedForm,
}
OF_WHAT_WAITS: dict[str, Any] = {What.DROPPED: forms.DroppedForm, What.TAKEN_OFF: forms.TakenOffForm}
# Forms that choose among what the unit has: a promise, or its people.
OF_THE_UNIT: dict[str, Any] = {
    What.REPORT: forms.ReportForm,
    What.OUTCOME: forms.OutcomeForm,
    What.DOUBTS: forms.DoubtsForm,
    What.COMMITTED: forms.CommittedForm,
    What.COMMENTS: forms.CommentsForm,
}
PLAIN: dict[str, Any] = {
    What.PROPOSAL: forms.ProposalForm,
    What.SITUATION: forms.SituationForm,
    What.PLAN: forms.PlanForm,
}
# What is shown of an entry, whether its deed asks for cycle and unit, and the deed of its own room.
DEEDS: dict[str, tuple[str, bool, Callable[..., object]]] = {
    What.THEME: ("text", True, plans.choose_practice_theme),
    What.PROMISE: ("text", True, commitments.write_promise),
    What.BOARD: ("texts", True, commitments.write_board),
    What.ON_THE_SPOT: ("text", True, commitments.publish_immediate_promise),
    What.TAKEN_OVER: ("text", True, commitments.write_promise),
    What.DROPPED: ("reason", False, keeping.ask_to_drop),
    What.REVISED: ("text", False, commitments.change_promise),
    What.TAKEN_OFF: ("reason", False, commitments.withdraw_promise),
    What.PROPOSAL: ("", False, keeping.propose_promises),
    What.REPORT: ("text", False, commitments.report_progress),
    What.OUTCOME: ("explanation", False, commitments.state_outcome),
    What.SITUATION: ("title", True, situations.publish_report),
    What.DOUBTS: ("text", False, keeping.answer_in_public),
    What.ANSWER: ("answer", False, remarks.answer_remark),
    What.COMMITTED: ("people", False, pledges.enter_public_commitments),
    What.COMMENTS: ("written", False, on_paper.enter_sheets),
    What.PLAN: ("title", True, consultation.begin_plan),
}
GONE = _("This entry no longer exists.")


@doors.room("commitments", "consultation")
@doors.signed_in
def submissions(request: doors.PersonRequest, code: str) -> HttpResponse:
    """What was entered for a unit, with what the unit says to it; for the level above the ways to enter more."""
    unit, may_enter = _unit_of(request, code)
    hears = may_enter and allows(rules.check_may_enter, request.person, unit, What.COMMENTS, clock.today())
    hows: dict[str, Any] = dict(HOWS)
    rows = list(queries.submissions_of(unit)[:200])
    full = entered_in_full.in_full(rows)
    shown = {
        "unit": unit,
        "rows": [(row, WORDS[row.what], hows[row.how], full.get(row.pk)) for row in rows],
        "enter": [
            (reverse("desk-submission-enter", args=[unit.code, what]), words)
            for what, words in WORDS.items()
            if _is_here(request, what) and (hears if what in Submission.OF_ITS_PEOPLE else may_enter and unit.parent_id)
        ],
        "may_enter": may_enter,
        "hears": hears,
        "lines": papers_owed.owed_by(unit, clock.today()) if may_enter and unit.parent_id else [],
        "asks_members": may_enter and unit.parent_id is not None and vows.asks_of(unit),
        "has_promises": "commitments" in doors.frame_of(request).rooms_ever,
    }
    return render(request, "desk/submissions.html", shown)


@doors.room("commitments", "consultation")
@doors.signed_in
def enter(request: doors.PersonRequest, code: str, what: str) -> HttpResponse:
    """Enter one thing for a unit."""
    unit, _may_enter = _unit_of(request, code)
    if what not in WORDS or not _is_here(request, what):
        raise Http404
    rules.check_may_enter(request.person, unit, what, clock.today())  # its own secretary writes it as their own
    # An answer is owed when its cycle is closed too, and between two cycles.
    cycle: Any = None if what == What.DOUBTS else cycle_for(request, unit)
    form = _form_of(what, unit, cycle, request)
    form.initial |= {name: request.GET[name] for name in ("promise", "version") if name in request.GET}

    def put(came_how: str, came_on: Any, came_photo: Any, ticket: Any, at: Any, by: Any, **given: Any) -> None:
        worded = [*given.get("texts", ()), given.get("text")]
        text, deed = _deed(what, unit, cycle, given)
        came = HandedIn(came_how, came_on, came_photo)
        of_form: dict[str, Any] = {"ticket": ticket, "beside": str(given.get("written", ""))}
        actions.enter_for_unit(organisation=unit, what=what, text=text, came=came, deed=deed, at=at, by=by, **of_form)
        _warn_of_ordinary_duty(request, [one for one in worded if isinstance(one, PromiseText)], cycle)

    done = _("Entered for %(unit)s. Whoever leads the unit can see it and may object.") % {"unit": unit.name}
    shown = {"unit": unit, "form": form, "heading": WORDS[what], "button": _("Enter it for the unit")}
    shown["is_own_slip"] = what == What.TAKEN_OFF
    choice: Any = form.fields.get("promise") or form.fields.get("remark") or form.fields.get("version")
    shown["nothing"] = choice is not None and not choice.choices
    shown["form"] = None if shown["nothing"] else form
    return posted(request, form, put, done=done, to=("desk-submissions", unit.code)) or render(
        request, "desk/submission_form.html", shown | {"base": "parts/desk_page.html"}
    )


@doors.room("commitments", "consultation")
@doors.signed_in
@require_POST
def agree(request: doors.PersonRequest, number: int) -> HttpResponse:
    """The unit finds an entry as it was handed in."""
    row = meanwhile.still(queries.submission_with_id(number), GONE)
    to = ("desk-submissions", row.organisation.code)
    return pressed(
        request, partial(actions.agree, submission=row), done=_("Noted: it matches what was handed in."), to=to
    )


@doors.room("commitments", "consultation")
@doors.signed_in
def object_to(request: doors.PersonRequest, number: int) -> HttpResponse:
    """The unit says what is not as it was handed in."""
    row = meanwhile.still(queries.submission_with_id(number), GONE)
    check_opens(request, rules.check_may_look, row, request.person, clock.today())
    heading, done = (
        _("Object to this entry"),
        _("Your objection is shown beside the entry, and the level above is asked."),
    )
    return _about(request, row, forms.ObjectionForm(request.POST or None), actions.object_to, heading, done)


@doors.room("commitments", "consultation")
@doors.signed_in
def settle(request: doors.PersonRequest, number: int) -> HttpResponse:
    """The level above says what was done about an objection."""
    row = meanwhile.still(queries.submission_with_id(number), GONE)
    check_opens(request, rules.check_may_settle, row, request.person, clock.today(), "…")
    heading, done = _("Settle the objection"), _("What you wrote is shown beside the objection.")
    return _about(request, row, forms.SettlementForm(request.POST or None), actions.settle, heading, done)


@doors.signed_in
def photo(request: doors.PersonRequest, number: int) -> HttpResponse:
    """The photo of the paper, for the unit and the levels above; of what people wrote, for the levels above alone."""
    row = found(queries.submission_with_id(number))
    rules.check_may_see_photo(row, request.person, clock.today())
    if row.photo is None or not path_of(row.photo.digest).exists():
        raise Http404
    return HttpResponse(path_of(row.photo.digest).read_bytes(), content_type=row.photo.media_type)


def _warn_of_ordinary_duty(request: HttpRequest, texts: list[PromiseText], cycle: Cycle) -> None:
    """What stands on a paper is taken as it stands; the clerk reads what the unit would have been asked at its own desk."""
    for one in texts:
        if said := ordinary_duty.said_of(one.what, cycle.ruleset.commitments):
            warned = _("Taken as it stands on the paper: “%(what)s”. %(said)s") % {"what": one.what, "said": said}
            messages.warning(request, str(warned))


def _about(
    request: doors.PersonRequest, row: Submission, form: Any, deed: Callable[..., object], heading: Any, done: Any
) -> HttpResponse:
    rules.check_may_see(request.person, row.organisation, clock.today())
    shown = {"unit": row.organisation, "form": form, "heading": heading, "button": _("Write it down"), "row": row}
    to = ("desk-submissions", row.organisation.code)
    return posted(request, form, partial(deed, submission=row), done=done, to=to) or render(
        request, "desk/submission_form.html", shown | {"base": "parts/desk_page.html"}
    )


def _unit_of(request: doors.PersonRequest, code: str) -> tuple[Organisation, bool]:
    """The unit of the address, and whether the reader enters for it. Raises RoleRefused for whoever is neither that nor its own."""
    request.subject_shown = unit = found(organisations.organisation_with_code(code))
    return unit, rules.check_may_see(request.person, unit, clock.today())


def _is_here(request: HttpRequest, what: str) -> bool:
    return ("consultation" if what in OF_PLANS else "commitments") in doors.frame_of(request).rooms_ever


def _form_of(what: str, unit: Organisation, cycle: Cycle, request: HttpRequest) -> Any:
    data, files = request.POST or None, request.FILES or None
    if kind := OF_WHAT_WAITS.get(what):
        return kind(data, files, unit=unit, cycle=cycle)
    if kind := WRITES_PROMISES.get(what) or OF_EARLIER.get(what):
        aims = [(aim, in_readers_words(name)) for aim, name in promises.aims_of(cycle).items()]
        serves = {"aims": aims, "pieces": campaigns.central_work(cycle)}
        places: dict[str, Any] = {"unit": unit, "cycle": cycle} if what in OF_EARLIER else {}
        places |= {"most": cycle.ruleset.commitments.most} if what == What.BOARD else {}
        return kind(data, files, **places, **serves, first=max(clock.today(), cycle.starts_on), last=cycle.ends_on)
    if what == What.ANSWER:
        return forms.AnswerForm(data, files, unit=unit, cycle=cycle)
    if kind := OF_THE_UNIT.get(what):
        return kind(data, files, unit=unit)
    if what == What.THEME:
        return forms.ThemeForm(data, files, cycle=cycle)
    return PLAIN[what](data, files)


def _deed(what: str, unit: Organisation, cycle: Cycle, given: dict[str, Any]) -> tuple[str, Callable[..., object]]:
    """What is shown of the entry, and the deed of its own room."""
    if what == What.PROPOSAL:
        given = {"commitment": found(promises.commitment_of(cycle, unit))}
    name, of_a_unit, deed = DEEDS[what]
    place = {"cycle": cycle, "organisation": unit} if of_a_unit else {}
    if what in (What.COMMITTED, What.DROPPED):
        place = {"cycle": cycle}
    said: Any = given[name] if name else cycle.called
    if what == What.COMMENTS:
        numbers = dict.fromkeys(on_paper.number_of(one.sheet) for one in said)
        said = f"{given['version'].plan.title} · {joined(numbers)}"
    if what == What.TAKEN_OFF:
        said = f"{given['promise'].what} · {said}"
        deed = commitments.take_off_on_the_spot if given["promise"].given_on else deed
    if isinstance(said, list | QuerySet):
        said = joined(getattr(one, "what", "") or one.name for one in said)
    return getattr(said, "what", said), partial(deed, **place, **given, as_clerk=True)
