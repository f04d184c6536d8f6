"""What a scrutineer has to do: make and try keys before a poll opens; then take what is handed over, recount, pass shares on, sign."""

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zhengyou import jobs
from zhengyou.counting import queries as counting
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll, PollScrutineer
from zhengyou.scrutiny import actions, queries
from zhengyou.scrutiny.rules import LONGEST_DOCUMENT
from zhengyou.web.desk.scrutiny_words import scrutineer_words
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.downloads import download, streamed
from zhengyou.web.shared.fields import LongText
from zhengyou.web.shared.pages import Deed, found, posted, pressed

LONGEST_LINES = 1_100_000  # shares for many scrutineers, or the longest word there is


class CardForm(forms.Form):
    """The public keys of a scrutineer, as the page or the command wrote them."""

    card = LongText(label=_("Your card"), max_length=LONGEST_DOCUMENT)


class AnswerForm(forms.Form):
    """What shows that the keys work."""

    answer = LongText(label=_("Answer to the test"), max_length=LONGEST_DOCUMENT)


class WordForm(forms.Form):
    """Shares for the other scrutineers, and a signed word. Either may come first."""

    passed = LongText(
        label=_("Shares for the other scrutineers, a line each"), required=False, max_length=LONGEST_LINES
    )
    cosignature = LongText(label=_("Your signed word on the record"), required=False, max_length=LONGEST_LINES)


@doors.room("polls")
@doors.signed_in
def polls(request: doors.PersonRequest) -> HttpResponse:
    """The polls this person watches as scrutineer, each with what is left to do."""
    rows = queries.polls_to_scrutinise(request.person)
    shown = [(row, queries.slips_counted(row.poll)) for row in rows]
    return render(request, "desk/scrutiny_polls.html", {"rows": shown, "now": clock.now()})


@doors.signed_in
@never_cache
def scrutiny(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """One poll step by step; posting hands in shares and a signed word."""
    registered = _registered(request, key)
    form = WordForm(request.POST or None)
    hand_in = partial(actions.hand_in, poll=registered.poll)
    answer = posted(request, form, hand_in, done=_("Handed in. Thank you."), to=("desk-scrutiny", key))
    return answer or render(request, "desk/scrutiny.html", _facts(registered) | {"form": form})


@doors.signed_in
@never_cache
def register_keys(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """Take the card with the public keys."""
    done = _("Your keys are registered. Now try them: choose the key file that you saved.")
    return _of_keys(request, key, ("card_form", CardForm), actions.register_keys, done)


@doors.signed_in
@never_cache
def try_keys(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """Take the answer to the test of the keys."""
    done = _("Your keys work. Keep the file and the paper until you have recounted.")
    return _of_keys(request, key, ("answer_form", AnswerForm), actions.try_keys, done)


def _of_keys(
    request: doors.PersonRequest, key: UUID, shown: tuple[str, type[forms.Form]], deed: Deed, done: Any
) -> HttpResponse:
    """The page with one of its two forms about keys, which is taken to its deed."""
    registered, (name, form_class) = _registered(request, key), shown
    form = form_class(request.POST or None)
    answer = posted(request, form, partial(deed, poll=registered.poll), done=done, to=("desk-scrutiny", key))
    return answer or render(request, "desk/scrutiny.html", _facts(registered) | {name: form})


@doors.signed_in
@never_cache
def challenge(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """The test of the keys as a file, for the command."""
    data = found(queries.challenge_for(_registered(request, key)))
    return download(data, f"challenge-{key}.json")


@doors.signed_in
@never_cache
@require_POST
def handover(request: doors.PersonRequest, key: UUID) -> Any:
    """What is handed over of a closed poll, for its own scrutineers only; each download is put on record."""
    poll = _registered(request, key).poll

    def hand_over(**given: Any) -> FileResponse:
        path = actions.hand_over(poll=poll, **given)
        return streamed(path.open("rb"), f"handover-{key}.jsonl")

    return pressed(request, hand_over, to=("desk-scrutiny", key))


@doors.signed_in
@never_cache
def passed(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """The shares that other scrutineers left for this one."""
    data = queries.shares_for(_registered(request, key).poll, request.person)
    return download(data, f"passed-{key}.jsonl")


@doors.signed_in
@never_cache
def record(request: doors.PersonRequest, key: UUID) -> Any:
    """The whole record of a closed poll for its own scrutineers. Of one that rates persons nobody else has it (decision 80)."""
    poll = _registered(request, key).poll
    if poll.state != Poll.State.CLOSED:
        raise Http404
    packed, page = counting.packed_record(poll), reverse("desk-scrutiny", args=[key])
    if not packed.exists():  # a close was cut off at its very end
        jobs.ask("record", poll, at=clock.now(), by=None, page=page)
        return redirect(page)
    return streamed(packed.open("rb"), f"record-{key}.zip")


def _registered(request: doors.PersonRequest, key: UUID) -> PollScrutineer:
    poll = found(poll_queries.poll_with_key(key))
    registered = found(poll_queries.registration_of(poll, request.person))
    registered.poll = poll
    return registered


def _facts(registered: PollScrutineer) -> dict[str, Any]:
    poll, person = registered.poll, registered.person
    shown: dict[str, Any] = {
        "poll": poll,
        "program_words": scrutineer_words(),
        "registered": registered,
        "now": clock.now(),
        "card_form": CardForm(),
        "answer_form": AnswerForm(),
        "form": WordForm(),
    }
    challenge_ = queries.challenge_for(registered) if poll.state == Poll.State.DRAFTED else None
    if challenge_ is not None:
        shown["challenge"] = challenge_.decode()
    if poll.state == Poll.State.CLOSED:
        shown |= {
            "record_address": reverse(
                "desk-scrutiny-record" if poll.is_of_persons else "public-record-zip", args=[poll.key]
            ),
            "me": queries.id_in_manifest(queries.manifest_of(poll), registered),
            "handed": len(queries.places_handed(poll)),
            "is_handover_there": queries.is_handover_there(poll),
            "senders": [each.name for each in queries.senders_to(poll, person)],
            "has_passed": queries.has_passed(poll, person),
            "word": queries.word_of(poll, person),
        }
    return shown
