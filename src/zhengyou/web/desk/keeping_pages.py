"""The desk where promises end: a unit answers doubts and drops what it inherited; the level above looks, decides, upholds, consents."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhengyou.base.time import local_day
from zhengyou.base.words import day_said
from zhengyou.commitments import actions as commitments
from zhengyou.commitments import queries as promises
from zhengyou.commitments import spoken
from zhengyou.commitments.models import Commitment, Promise
from zhengyou.keeping import actions, owing, queries, rules
from zhengyou.keeping.models import PromiseDecision
from zhengyou.organisations import tree
from zhengyou.organisations.models import Organisation
from zhengyou.standings import queries as standings
from zhengyou.web.desk import keeping_forms as forms
from zhengyou.web.shared import clock, doors, meanwhile, ways
from zhengyou.web.shared.levels import levels_of
from zhengyou.web.shared.pages import check_opens, found, posted
from zhengyou.web.shared.stages import calendars_for, chosen, cycle_for

WORDS = 10  # of people, on the page of a decision; the others stand on the page of the promise
DECIDED_ON = ("keeping.decide", "commitments.state_outcome", "commitments.report_progress")
MOST = 100  # of each kind on one page; the next come when these are done


@doors.room("commitments")
@doors.signed_in
def overview(request: doors.PersonRequest) -> HttpResponse:
    """What waits for the level above: promises given on the spot, promises to decide on, wishes to drop one. The office of that level
    reads it, to know what those who lead have to do.
    """
    reader = doors.reader_of(request)
    calendar = chosen(request, calendars_for(reader))
    decides, led = reader.organisations_as(*queries.ABOVE), reader.organisations_as(*ways.ABOVE)
    shown: dict[str, Any] = {"cycle": calendar.cycle if calendar else None, "led": led, "decisions": forms.DECISIONS}
    if calendar and led:
        below = tree.below(led, "commitment__organisation")
        wishes = tree.below(led, "promise__commitment__organisation")
        shown |= {
            "on_the_spot": promises.unreviewed_on_the_spot(calendar.cycle, below)[:MOST],
            "to_decide": queries.to_decide(calendar.cycle, below)[:MOST],
            "droppings": [one for one in queries.droppings_waiting(wishes)[:MOST] if one.cycle_id == calendar.cycle.pk],
        }
        promised = [*shown["on_the_spot"], *shown["to_decide"], *(one.promise for one in shown["droppings"])]
        units = {row.commitment.organisation for row in promised}
        shown["decides"] = {
            unit.pk for unit in units if any(unit != one and tree.is_within(unit, one) for one in decides)
        }
        shown["reads_only"] = not decides
    return render(request, "desk/keeping.html", shown)


@doors.room("commitments")
@doors.secretary
def answer(request: doors.PersonRequest, organisation: Organisation, promise_id: int) -> HttpResponse:
    """Answer in public what is contested, or explain what was not kept."""
    row = found(promises.published_promise(organisation, promise_id))
    check_opens(request, rules.check_is_asked, is_asked=owing.is_asked(row))
    form = forms.UnitAnswerForm(request.POST or None)
    deed = partial(actions.answer_in_public, promise=row)
    shown = {"heading": _("Answer in public"), "button": _("Publish the answer"), "done": _("Your answer is public.")}
    is_over = row.commitment.cycle.closed_at is not None  # the unit's page of promises is of a cycle under way
    return _about(
        request, row, form, deed, ("desk-home",) if is_over else ("desk-commitment", organisation.code), **shown
    )


@doors.room("commitments")
@doors.secretary
def drop(request: doors.PersonRequest, organisation: Organisation, promise_id: int) -> HttpResponse:
    """Ask to drop a promise that an earlier cycle left unkept."""
    cycle = cycle_for(request, organisation)
    inherited = found(queries.inherited_one(cycle, organisation, promise_id))
    row = inherited.promise
    form = forms.DropForm(request.POST or None)
    deed = partial(actions.ask_to_drop, promise=row, cycle=cycle)
    done = _("The level above is asked. Until it consents, the promise stands.")
    shown = {"heading": _("Drop an inherited promise"), "button": _("Ask the level above"), "done": done}
    shown["nothing"] = _why_not_dropped(inherited)
    return _about(request, row, form, deed, ("desk-commitment", organisation.code), **shown)


def _why_not_dropped(row: queries.Inherited) -> str:
    """Why nothing is to be asked about an inherited promise, and what to do; nothing where it may be."""
    if row.successor is not None:
        return _("Your unit has taken this promise over. To drop it after all, take back the new promise first.")
    if row.dropping is None:
        return ""
    if row.dropping.consents:
        return _("This promise is dropped already, with the consent of the level above. There is nothing more to do.")
    asked = {"day": day_said(local_day(row.dropping.asked_at))}
    return (
        _(
            "The level above was asked on %(day)s and has not answered yet. Until then the promise can still be taken over."
        )
        % asked
    )


@doors.room("commitments")
@doors.above
def look(request: doors.PersonRequest, organisation: Organisation, promise_id: int) -> HttpResponse:
    """Say afterwards what one thinks of a promise given on the spot."""
    row = found(promises.published_promise(organisation, promise_id))
    form = forms.LookForm(request.POST or None)
    deed = partial(commitments.look_at_promise, promise=row)
    done = _("Your opinion is shown beside the promise.")
    is_on_the_spot = row.commitment.kind == Commitment.Kind.IMMEDIATE
    heading = _("A promise given on the spot") if is_on_the_spot else _("A promise reviewed before it was published")
    nothing = "" if is_on_the_spot else _("Only promises given on the spot are looked at afterwards. This one is not.")
    if is_on_the_spot and promises.review_of(row) is not None:
        nothing = _("Nothing about this promise is waiting for a review any more.")
    shown = {"heading": heading, "button": _("Publish the opinion"), "done": done}
    return _about(request, row, form, deed, "desk-keeping", nothing=nothing, **shown)


@doors.room("commitments")
@doors.above
def decide(request: doors.PersonRequest, organisation: Organisation, promise_id: int) -> HttpResponse:
    """Decide how a promise was kept (评诺)."""
    row = found(promises.published_promise(organisation, promise_id))
    check_opens(request, _check_may_decide, row)
    proofs_of = queries.proofs_of([row])[row.pk]
    is_shown = {"has_evidence": proofs_of.evidence > 0, "has_words": proofs_of.words > 0}
    form = forms.DecisionForm(request.POST or None, open_ones=rules.decisions_open(row, **is_shown))
    last = queries.decision_in_force(row)
    if not _is_sent_again(request, last):
        meanwhile.guard(form, about=row.reference, deeds=DECIDED_ON, now=_decided_on(row, last))
    deed = partial(actions.decide, promise=row, after=last.pk if last else 0)
    done = _("Your decision is shown beside the promise.")
    shown = {"heading": _("Decide on a promise"), "button": _("Publish the decision"), "done": done}
    beside = _said_beside(row) | {"proofs_of": proofs_of}
    return _about(request, row, form, deed, "desk-keeping", **shown, **beside)


def _check_may_decide(row: Promise) -> None:
    """What is refused of a decision whatever it says."""
    is_stated = promises.progress_of([row])[0].outcome is not None
    rules.check_may_decide(row, clock.today(), is_stated=is_stated)


def _is_sent_again(request: doors.PersonRequest, last: PromiseDecision | None) -> bool:
    """Whether this is word for word what the same person decided last, so that twice is once."""
    if request.method != "POST" or last is None or last.decided_by_id != request.person.pk:
        return False
    sent = request.POST.get("reason", "").split()
    return request.POST.get("decision") == last.decision and sent == last.reason.split()


def _decided_on(row: Promise, last: PromiseDecision | None) -> dict[str, Any]:
    """What somebody who decides has before them: the decision that stands, the unit's word on the end, its newest report."""
    line = promises.progress_of([row])[0]
    said = {"said": line.outcome and line.outcome.pk, "reported": line.last_reported_at}
    return {"decision": last.decision if last else "", "reason": last.reason if last else "", **said}


def _said_beside(row: Promise) -> dict[str, Any]:
    """What others said, beside the decision and never merged into one: people about this promise, and what the appraisals of the
    cycle published about the unit, group by group.
    """
    unit, cycle = row.commitment.organisation, row.commitment.cycle
    words = [one for one in spoken.spoken_answers(row)[:MOST] if not one.remark.is_hidden]
    in_cycle = [one for one in standings.results_of_organisation(unit) if one.poll.cycle_id == cycle.pk]
    return {"is_beside": True, "answers": words[:WORDS], "results": in_cycle}


@doors.room("commitments")
@doors.above
def uphold(request: doors.PersonRequest, organisation: Organisation, promise_id: int) -> HttpResponse:
    """Find one answer of those that doubt a promise right."""
    row = found(promises.published_promise(organisation, promise_id))
    answers = [
        one for one in spoken.spoken_answers(row)[:MOST] if one.mark in rules.DOUBTS and not one.remark.is_hidden
    ]
    form = forms.UpholdForm(request.POST or None, answers=answers)
    deed = partial(actions.uphold_answer)
    done = _("The unit is asked to answer in public.")
    shown = {"heading": _("Uphold a doubt"), "button": _("Uphold it in public"), "done": done}
    to = ("public-promise", organisation.code, row.pk)
    nothing = "" if answers else _("Nobody has doubted this promise in words, so there is nothing to uphold.")
    return _about(request, row, form, deed, to, nothing=nothing, **shown)


@doors.room("commitments")
@doors.above
def dropping(request: doors.PersonRequest, organisation: Organisation, number: int) -> HttpResponse:
    """Consent that an inherited promise is dropped, or not."""
    row = found(queries.dropping_with_id(number))
    if row.promise.commitment.organisation_id != organisation.pk:
        found(None)
    check_opens(request, rules.check_may_answer_dropping, row, request.person, "", consents=True)
    is_over = request.method == "GET" and promises.is_taken_over(row.promise)
    form = forms.DroppingForm(request.POST or None, is_taken_over=is_over)
    deed = partial(actions.answer_dropping, dropping=row)
    done = _("Your answer is with the unit.")
    shown = {"heading": _("May this promise be dropped?"), "button": _("Send the answer"), "done": done}
    return _about(request, row.promise, form, deed, "desk-keeping", dropping=row, **shown)


def _about(
    request: doors.PersonRequest, row: Promise, form: Any, deed: Any, to: Any, *, done: str, **shown: Any
) -> HttpResponse:
    """A form about one promise, with all that was said of it above the form; without the form where there is `nothing` to say."""
    if response := posted(request, form, deed, done=done, to=to):
        return response
    reports, outcomes = promises.reports_of(row), promises.outcomes_of(row)
    line = promises.progress_told(row, reports, outcomes)
    ending = queries.ending_of(row, line)
    shown |= {
        "base": "parts/desk_page.html",
        "organisation": row.commitment.organisation,
        "promise": row,
        "form": None if shown.get("nothing") and request.method == "GET" else form,
        "line": line,
        "ending": ending,
        "levels": levels_of(row, ending),
        "reports": reports,
        "outcomes": outcomes,
        **promises.served_by_promises(row.commitment.cycle),
    }
    return render(request, "desk/keeping_form.html", shown)
