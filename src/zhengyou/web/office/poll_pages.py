"""Polls of appraisal for the office until they are over: plan, pools, scrutineers, keys, opening, codes, poster."""

from functools import partial
from typing import Any

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from zhengyou.ballots import actions as ballot_actions
from zhengyou.base.refusals import Refused
from zhengyou.campaigns import queries as campaigns
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Person
from zhengyou.polls import actions as poll_actions
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll
from zhengyou.web.office.poll_facts import back_to, facts_of, of_poll
from zhengyou.web.office.poll_forms import PollForm, PoolForm, ScrutineerForm, TimesForm
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.pages import found, posted, pressed

KEYS_A_STEP = 6
KEYS_A_PRESS = 30


@doors.office
def polls(request: doors.PersonRequest) -> HttpResponse:
    """All polls of the cycle under way, and the way to a new one."""
    cycle = campaigns.cycle_under_way()
    cycles = poll_queries.polls_by_cycle(campaigns.launched_cycles())
    return render(request, "office/polls.html", {"cycle": cycle, "cycles": cycles, "now": clock.now()})


@doors.office
def plan(request: doors.PersonRequest) -> HttpResponse:
    """Plan a poll in the cycle under way."""
    cycle = campaigns.cycle_under_way()
    if cycle is None:
        return redirect("office-polls")
    leading = [kind.id for kind in cycle.ruleset.kinds if kind.leads_others]
    parents = organisations.subtree(cycle.campaign.organisation).filter(kind__in=leading)
    form = PollForm(request.POST or None, parents=parents)

    def draft(**given: Any) -> HttpResponse:
        row = poll_actions.plan_poll(cycle=cycle, **given)
        messages.success(request, _("The appraisal is planned. Add its pools of voters next."))
        return redirect("office-poll", row.key)

    shown = {"form": form, "heading": _("New appraisal"), "button": _("Save and go on to the pools"), "cycle": cycle}
    return posted(request, form, draft) or render(request, "office/form.html", shown)


@doors.office
@of_poll
def one_poll(request: doors.PersonRequest, row: Poll) -> HttpResponse:
    """One poll: its sheet, pools, keys, state and what can be done next; posting adds a pool."""
    groups = row.cycle.ruleset.rater_groups
    form = PoolForm(request.POST or None, roots=organisations.living_organisations(), groups=groups)
    return posted(
        request, form, partial(poll_actions.add_pool, poll=row), done=_("The pool is added."), to=back_to(row)
    ) or render(request, "office/poll.html", {"form": form, **facts_of(row, request.person)})


@doors.office
@of_poll
def times(request: doors.PersonRequest, row: Poll) -> HttpResponse:
    """Another window for a drafted poll."""
    form = TimesForm(request.POST or None, initial={"opens_at": row.opens_at, "closes_at": row.closes_at})
    shown = {"form": form, "heading": _("Opening and closing time"), "button": _("Save the times"), "cycle": row.cycle}
    return posted(
        request, form, partial(poll_actions.change_times, poll=row), done=_("The times are saved."), to=back_to(row)
    ) or render(request, "office/form.html", shown)


@doors.office
@require_POST
@of_poll
def remove_pool(request: doors.PersonRequest, row: Poll, slug: str) -> HttpResponse:
    """Take a pool back before the poll opens."""
    pool = found(poll_queries.pool_of(row, slug))
    deed = partial(poll_actions.remove_pool, poll=row, pool=pool)
    return pressed(request, deed, done=_("The pool is taken back."), to=back_to(row))


@doors.office
@require_POST
@of_poll
def prepare(request: Any, row: Poll) -> HttpResponse:
    """Make the next few keys; asked again by the page until none is missing, so that it shows progress and can be stopped."""
    try:
        missing = ballot_actions.prepare_keys(poll=row, count=KEYS_A_STEP if request.htmx else KEYS_A_PRESS)
    except Refused as refusal:
        messages.error(request, str(refusal))
        missing = 0
    if request.htmx and row.state == Poll.State.DRAFTED:
        return render(request, "office/poll_keys.html", {"running": missing > 0, **facts_of(row, request.person)})
    page = redirect("office-poll", row.key)
    return HttpResponseClientRedirect(page.url) if request.htmx else page


@doors.office
@require_POST
@of_poll
def open_poll(request: doors.PersonRequest, row: Poll) -> HttpResponse:
    """Freeze the poll's manifest and open it."""
    deed = partial(ballot_actions.open_poll, poll=row)
    return pressed(request, deed, done=_("The appraisal is open."), to=back_to(row))


@doors.office
@never_cache
@require_POST
@of_poll
def codes(request: doors.PersonRequest, row: Poll, slug: str) -> HttpResponse:
    """A print sheet of fresh one-time codes for one pool. It is shown once: the house keeps no code."""
    pool = found(poll_queries.pool_of(row, slug))
    people = poll_queries.people_on_roll(row, pool)
    made = ballot_actions.hand_out_poll_codes(poll=row, people=people, at=clock.now(), by=request.person)
    address = request.build_absolute_uri(f"/booth/{row.key}/")
    sheets = [
        {"person": person, "code": made[person.pk], "qr": _qr(f"{address}#m={row.fingerprint}&c={made[person.pk]}")}
        for person in people
    ]
    return render(request, "office/poll_codes.html", {"poll": row, "pool": pool, "sheets": sheets, "address": address})


@doors.office
@require_POST
@of_poll
def delete(request: doors.PersonRequest, row: Poll) -> HttpResponse:
    """Take a drafted poll away."""

    def delete_it(**deed: Any) -> HttpResponse:
        poll_actions.delete_poll(poll=row, **deed)
        return redirect("office-polls")

    return pressed(request, delete_it, done=_("The appraisal is deleted."), to=back_to(row))


@doors.office
@of_poll
def add_scrutineer(request: doors.PersonRequest, row: Poll) -> HttpResponse:
    """Register a scrutineer from outside the rated organisations."""
    possible = poll_queries.possible_scrutineers(row, clock.now())
    form = ScrutineerForm(request.POST or None, people=possible)

    def register(*, person: Person, **deed: Any) -> HttpResponse:
        poll_actions.register_scrutineer(poll=row, person=person, **deed)
        messages.success(request, _("%(name)s is registered as scrutineer.") % {"name": person.name})
        return redirect("office-poll", row.key)

    shown = {"form": form, "heading": _("Register a scrutineer"), "button": _("Register"), "poll": row}
    if not possible:
        shown |= {"form": None, "lead": _why_nobody(row)}
    return posted(request, form, register) or render(request, "office/form.html", shown)


def _why_nobody(row: Poll) -> Any:
    """Why the list of people to register is empty."""
    registered = [one.person.name for one in poll_queries.scrutineers_of(row)]
    if registered:
        return _(
            "Everybody who can be registered already is: %(names)s. For more, give somebody else from outside the rated "
            "organisations a post as scrutineer, on the page of posts."
        ) % {"names": _(", ").join(registered)}
    return _(
        "Nobody can be registered. Give two people from outside the rated organisations a post as scrutineer first, on the "
        "page of posts."
    )


@doors.office
@require_POST
@of_poll
def dismiss_scrutineer(request: doors.PersonRequest, row: Poll, number: int) -> HttpResponse:
    """Take a scrutineer's registration back before the poll opens; one who is gone already stays gone."""
    person = next((one.person for one in poll_queries.scrutineers_of(row) if one.pk == number), None)
    if person is None:
        return redirect("office-poll", row.key)
    deed = partial(poll_actions.dismiss_scrutineer, poll=row, person=person)
    done = _("%(name)s is no longer a scrutineer of this appraisal.") % {"name": person.name}
    return pressed(request, deed, done=done, to=back_to(row))


@doors.office
@of_poll
def poster(request: doors.PersonRequest, row: Poll) -> HttpResponse:
    """A sheet to print and hang up: what is judged, until when, the booth's address and the fingerprint in its QR code."""
    if not row.fingerprint:
        messages.error(request, _("There is nothing to announce yet. Open the appraisal first."))
        return redirect("office-poll", row.key)
    address = request.build_absolute_uri(f"/booth/{row.key}/")
    shown = {"poll": row, "address": address, "qr": _qr(f"{address}#m={row.fingerprint}", scale=6)}
    shown["extensions"] = poll_queries.extensions_of([row]).get(row.pk, [])
    return render(request, "office/poll_poster.html", shown | {"units": poll_queries.rated_organisations(row)})


def _qr(text: str, *, scale: int = 3) -> str:
    return segno.make(text, error="m").svg_inline(scale=scale, border=2, omitsize=False)
