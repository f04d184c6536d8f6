"""Polls for the office until they open: plan, times, pools, scrutineers; then the poster. Keys and opening are the ballots' pages."""

from functools import partial
from typing import Any

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from zhengyou.base import journal
from zhengyou.base.words import in_readers_words, joined
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.calendar import Calendar
from zhengyou.organisations.models import Person
from zhengyou.polls import actions, queries
from zhengyou.polls.models import Poll
from zhengyou.rolls import queries as rolls
from zhengyou.web.office.polls_facts import back_to, facts_of, of_poll
from zhengyou.web.office.polls_forms import PollForm, PoolForm, QuestionForm, ScrutineerForm, TimesForm
from zhengyou.web.shared import clock, doors, meanwhile
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.pages import found, posted, pressed
from zhengyou.web.shared.public_address import doubts, printed_address
from zhengyou.web.shared.question_words import questions_in_words
from zhengyou.web.shared.stages import office_calendar, office_face


@doors.room("polls")
@doors.office
def polls(request: doors.PersonRequest) -> HttpResponse:
    """All polls of a campaign, drafted ones too, and the way to a new one."""
    at, face = clock.now(), office_face(request)
    return listed(
        request,
        "office/polls.html",
        queries.polls_with_drafts().filter(cycle__campaign=face.campaign_id if face else None),
        [
            Column(
                _("Appraisal"), lambda row: Cell(in_readers_words(row.name), reverse("office-poll", args=[row.key]))
            ),
            Column(_("Cycle"), lambda row: row.cycle.called, order="cycle__name"),
            Column(_("Opens at"), lambda row: row.opens_at, order="opens_at"),
            Column(_("Closes at"), lambda row: row.closes_at, order="closes_at"),
            Column(_("State"), lambda row: {"poll": row, "now": at}, part="parts/poll_state.html"),
        ],
        name="appraisals",
        nothing=_("No appraisal yet."),
        search=_("Find by name or cycle"),
        paths=("name__zh-hans", "name__en", "cycle__name", "cycle__name_en"),
        cycle=campaigns.cycle_with_id(face.cycle_id) if face and face.is_under_way else None,
    )


@doors.room("polls")
@doors.office
def plan(request: doors.PersonRequest) -> HttpResponse:
    """Plan a poll in the cycle under way of the campaign that the address names."""
    calendar = office_calendar(request)
    if calendar is None:
        return redirect("office-polls")
    cycle = calendar.cycle
    form = PollForm(request.POST or None, calendar=calendar)

    def plan_it(**given: Any) -> HttpResponse:
        poll = actions.plan_poll(cycle=cycle, **given)
        to_pools = _("The appraisal is planned. Add its pools of voters next.")
        to_questions = _("The appraisal is planned. Add its questions next.")
        messages.success(request, to_pools if given["organisations"] else to_questions)
        return redirect("office-poll", poll.key)

    shown = {"form": form, "heading": _("New appraisal"), "button": _("Save and go on"), "cycle": cycle}
    return posted(request, form, plan_it) or render(request, "office/form.html", shown)


@doors.office
@of_poll
def one_poll(request: doors.PersonRequest, poll: Poll) -> HttpResponse:
    """One poll: its sheet, pools, keys, state and what can be done next; posting adds a pool."""
    groups = poll.cycle.ruleset.groups_to_choose
    form = PoolForm(request.POST or None, request.FILES or None, groups=groups)

    def add_pool(**given: Any) -> None:
        actions.add_pool(poll=poll, **given)
        if alike := rolls.namesakes_of(poll, [one.name for one in given["guests"]]):
            named = joined(f"{one.name} ({one.organisation.name})" for one in alike)
            warning = _(
                "The list of people has: %(named)s. Check whether a guest is the same person, who would vote twice."
            )
            messages.warning(request, warning % {"named": named})

    return posted(request, form, add_pool, done=_("The pool is added."), to=back_to(poll)) or render(
        request, "office/poll.html", {"form": form, **facts_of(poll, request.person)}
    )


@doors.office
@of_poll
def times(request: doors.PersonRequest, poll: Poll) -> HttpResponse:
    """Another window for a drafted poll."""
    initial = {"opens_at": poll.opens_at, "closes_at": poll.closes_at}
    form = TimesForm(request.POST or None, initial=initial, calendar=Calendar.of(poll.cycle))
    meanwhile.guard(form, about=poll.reference, deeds=["polls.change_times"])
    shown = {"form": form, "heading": _("Opening and closing time"), "button": _("Save the times"), "cycle": poll.cycle}
    return posted(
        request, form, partial(actions.change_times, poll=poll), done=_("The times are saved."), to=back_to(poll)
    ) or render(request, "office/form.html", shown)


@doors.office
@of_poll
def question(request: doors.PersonRequest, poll: Poll, number: int | None = None) -> HttpResponse:
    """A question for the sheet of a drafted poll, or another wording of one that is there."""
    one = None if number is None else _question_of(poll, number)
    initial = QuestionForm.initial_of(one) if one else None
    form = QuestionForm(request.POST or None, top=poll.cycle.campaign.organisation, initial=initial)
    deed = partial(actions.write_question, poll=poll, instead_of=one.row if one else None)
    heading = _("Change the question") if one else _("New question")
    shown = {"form": form, "heading": heading, "button": _("Save the question"), "poll": poll}
    return posted(request, form, deed, done=_("The question is on the sheet."), to=back_to(poll)) or render(
        request, "office/form.html", shown
    )


def _question_of(poll: Poll, number: int) -> queries.QuestionWithOptions:
    """A question on the sheet; whoever changes one makes it anew, so that the old one is gone for everybody else."""
    return meanwhile.still(
        queries.question_of(poll, number),
        _("This question was changed or taken off the sheet meanwhile. Look at the sheet as it is now."),
        about=poll.reference,
        deeds=["polls.write_question", "polls.remove_question"],
    )


@doors.office
@require_POST
@of_poll
def remove_question(request: doors.PersonRequest, poll: Poll, number: int) -> HttpResponse:
    """Take a question off the sheet; one that is not there any more stays so."""
    one = queries.question_of(poll, number)
    if one is None:
        return redirect("office-poll", poll.key)
    deed = partial(actions.remove_question, poll=poll, question=one.row)
    return pressed(request, deed, done=_("The question is taken off the sheet."), to=back_to(poll))


@doors.office
@require_POST
@of_poll
def remove_pool(request: doors.PersonRequest, poll: Poll, slug: str) -> HttpResponse:
    """Take a pool back before the poll opens."""
    pool = queries.pool_of(poll, slug)
    if pool is None:
        found(journal.last_about(poll.reference, ["polls.remove_pool"], pool=slug))
    gone, deeds = _("This pool was taken back already."), ["polls.remove_pool"]
    pool = meanwhile.still(pool, gone, about=poll.reference, deeds=deeds, pool=slug)
    deed = partial(actions.remove_pool, poll=poll, pool=pool)
    return pressed(request, deed, done=_("The pool is taken back."), to=back_to(poll))


@doors.office
@require_POST
@of_poll
def delete(request: doors.PersonRequest, poll: Poll) -> HttpResponse:
    """Take a drafted poll away."""

    def delete_it(**given: Any) -> HttpResponse:
        actions.delete_poll(poll=poll, **given)
        return redirect("office-polls")

    return pressed(request, delete_it, done=_("The appraisal is deleted."), to=back_to(poll))


@doors.office
@of_poll
def add_scrutineer(request: doors.PersonRequest, poll: Poll) -> HttpResponse:
    """Register a scrutineer from outside the rated organisations."""
    possible = queries.possible_scrutineers(poll, clock.now())
    form = ScrutineerForm(request.POST or None, people=possible)

    def register(person: Person, **given: Any) -> None:
        actions.register_scrutineer(poll=poll, person=person, **given)
        messages.success(request, _("%(name)s is registered as scrutineer.") % {"name": person.name})

    shown = {"form": form, "heading": _("Register a scrutineer"), "button": _("Register"), "poll": poll}
    if not possible:
        shown |= {"form": None, "lead": _why_nobody(poll)}
    return posted(request, form, register, to=back_to(poll)) or render(request, "office/form.html", shown)


def _why_nobody(poll: Poll) -> Any:
    """Why the list of people to register is empty."""
    registered = [one.person.name for one in queries.scrutineers_of(poll)]
    if registered:
        return _(
            "Everybody who can be registered already is: %(names)s. For more, give somebody else from outside the rated "
            "units a post as scrutineer, on the page of posts."
        ) % {"names": joined(registered)}
    return _(
        "Nobody can be registered. Give three people from outside the rated units a post as scrutineer first, on the "
        "page of posts."
    )


@doors.office
@require_POST
@of_poll
def dismiss_scrutineer(request: doors.PersonRequest, poll: Poll, number: int) -> HttpResponse:
    """Take a scrutineer's registration back before the poll opens; one who is not registered any more stays so."""
    person = next((one.person for one in queries.scrutineers_of(poll) if one.pk == number), None)
    if person is None:
        return redirect("office-poll", poll.key)
    done = _("%(name)s is no longer a scrutineer of this appraisal.") % {"name": person.name}
    return pressed(request, partial(actions.dismiss_scrutineer, poll=poll, person=person), done=done, to=back_to(poll))


@doors.office
@of_poll
def poster(request: doors.PersonRequest, poll: Poll) -> HttpResponse:
    """A sheet to print and hang up: what is judged, until when, the booth's address and the fingerprint in its QR code."""
    if not poll.fingerprint:
        messages.error(request, _("There is nothing to announce yet. Open the appraisal first."))
        return redirect("office-poll", poll.key)
    if poll.is_of_persons:
        messages.error(request, _("People are rated here: its address goes to those who are asked, in their letters."))
        return redirect("office-poll", poll.key)
    address = printed_address(request, reverse("booth", args=[poll.way_in]))
    shown = {
        "poll": poll,
        "doubts": doubts(request),
        "address": address,
        "qr": segno.make(f"{address}#m={poll.fingerprint}", error="m").svg_inline(scale=6, border=2),
        "extensions": queries.extensions_of([poll]).get(poll.pk, []),
        "units": queries.rated_organisations(poll),
        "questions": questions_in_words(queries.questions_of(poll)),
    }
    return render(request, "office/poll_poster.html", shown)
