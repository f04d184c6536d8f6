"""What a scrutineer has to do: take the openings of a closed poll, recount, sign what was found."""

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zhengyou.counting import actions, queries
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import LONGEST_REASON, PollScrutineer
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.fields import ReasonField
from zhengyou.web.shared.pages import found, posted


class StatementForm(forms.Form):
    """A scrutineer's word: agreed, or not and why. Nothing is preselected."""

    is_agreed = forms.TypedChoiceField(
        label=_("What the recount found"),
        choices=[("yes", _("The counts fit the slips: agreed")), ("no", _("They do not fit: not agreed"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    remark = ReasonField(label=_("What does not fit"), required=False, max_length=LONGEST_REASON)


@doors.room("polls")
@doors.signed_in
def polls(request: doors.PersonRequest) -> HttpResponse:
    """The polls this person watches as scrutineer, each with what is left to do."""
    rows = queries.polls_to_scrutinise(request.person)
    return render(request, "desk/scrutiny_polls.html", {"rows": rows, "now": clock.now()})


@doors.signed_in
@never_cache
def scrutiny(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """One poll step by step: record, openings, command, signature; posting signs."""
    registered = _registered(request, key)
    poll = registered.poll
    form = StatementForm(request.POST or None)
    signed = next((one for one in queries.statements_of(poll) if one.person_id == request.person.pk), None)
    shown = {"form": form, "poll": poll, "registered": registered, "signed": signed, "now": clock.now()}
    return posted(
        request,
        form,
        partial(actions.sign_recount, poll=poll),
        done=_("Signed. Everybody can read it now."),
        to=("desk-scrutiny", key),
    ) or render(request, "desk/scrutiny.html", shown)


@doors.signed_in
@never_cache
@require_POST
def openings(request: doors.PersonRequest, key: UUID) -> Any:
    """The openings of a closed poll, for its own scrutineers only; each download is put on record."""
    registered = _registered(request, key)
    path = actions.hand_over_openings(poll=registered.poll, at=clock.now(), by=request.person)
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"openings-{key}.jsonl")


def _registered(request: doors.PersonRequest, key: UUID) -> PollScrutineer:
    poll = found(poll_queries.poll_with_key(key))
    registered = found(poll_queries.registration_of(poll, request.person))
    registered.poll = poll
    return registered
