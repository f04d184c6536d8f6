"""A pool's second issuer as the office deals with it: name it, hand on the request, take its keys, later its signed count."""

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from zhengyou.ballots import actions as ballot_actions
from zhengyou.ballots import queries as ballot_queries
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll, VoterPool
from zhengyou.web.office.poll_facts import of_poll
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.downloads import download
from zhengyou.web.shared.fetching import LARGEST, fetch
from zhengyou.web.shared.fields import names_in
from zhengyou.web.shared.pages import found, posted, pressed


class IssuerForm(forms.Form):
    """Who the second issuer is and where its process answers."""

    issuer = forms.CharField(
        label=_("Short name, for the manifest"),
        max_length=40,
        help_text=_("Small letters, digits and dashes, such as “county”."),
    )
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    address = forms.CharField(
        label=_("Address of its process"),
        max_length=300,
        help_text=_("https:// and the name of its machine. Voters' phones ask there for the second signature."),
    )

    def clean(self) -> dict[str, Any]:
        """The name in both languages in one piece."""
        return self.cleaned_data if self.errors else self.cleaned_data | {"name": names_in(self.cleaned_data)}


class FileForm(forms.Form):
    """One file from the second issuer."""

    file = forms.FileField(label=_("File"))

    def __init__(self, *args: Any, label: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = label


@doors.office
@of_poll
def issuer(request: doors.PersonRequest, row: Poll, slug: str) -> HttpResponse:
    """Everything about one pool's second issuer, step by step; posting names it."""
    pool = found(poll_queries.pool_of(row, slug))
    form = IssuerForm(request.POST or None, initial=_initial(pool))
    return posted(
        request,
        form,
        partial(ballot_actions.name_issuer, poll=row, pool=pool),
        done=_("The second issuer is named. Hand it the request next."),
        to=_back_to(pool),
    ) or render(request, "office/issuer.html", {"form": form, **_facts(request, row, pool)})


@doors.office
@require_GET
@of_poll
def request_file(request: doors.PersonRequest, row: Poll, slug: str) -> HttpResponse:
    """The request, to hand to the second issuer."""
    pool = found(poll_queries.pool_of(row, slug))
    data = ballot_actions.write_issuer_request(row, pool, _origin(request))
    return download(data, f"request-{row.key}-{pool.slug}.json")


@doors.office
@require_POST
@of_poll
def reply(request: doors.PersonRequest, row: Poll, slug: str) -> HttpResponse:
    """Take the second issuer's reply: its public keys."""
    pool = found(poll_queries.pool_of(row, slug))
    take = partial(ballot_actions.take_reply, poll=row, pool=pool, reply=_upload(request), origin=_origin(request))
    return pressed(request, take, done=_("The keys of the second issuer are taken."), to=_back_to(pool))


@doors.office
@require_POST
@of_poll
def dismiss(request: doors.PersonRequest, row: Poll, slug: str) -> HttpResponse:
    """Let the office issue alone again."""
    pool = found(poll_queries.pool_of(row, slug))
    deed = partial(ballot_actions.dismiss_issuer, poll=row, pool=pool)
    return pressed(request, deed, done=_("The office issues alone for this pool again."), to=_back_to(pool))


@doors.office
@require_POST
@of_poll
def statement(request: doors.PersonRequest, row: Poll, slug: str) -> HttpResponse:
    """Take the second issuer's signed count, from a file or from its own address."""
    pool = found(poll_queries.pool_of(row, slug))

    def take(**deed: Any) -> None:
        data = _upload(request)
        if not data:
            address = f"{pool.issuer_address}/issue/{row.key}/{pool.slug}/statement"
            data = fetch(address, accept_language=get_language() or "")
        ballot_actions.take_statement(poll=row, pool=pool, statement=data, **deed)

    return pressed(request, take, done=_("The count of the second issuer is taken."), to=_back_to(pool))


def _upload(request: doors.PersonRequest) -> bytes:
    """What was uploaded, or nothing."""
    upload: Any = request.FILES.get("file")
    return upload.read(LARGEST + 1) if upload else b""


def _back_to(pool: VoterPool) -> tuple[str, UUID, str]:
    return "office-issuer", pool.poll.key, pool.slug


def _origin(request: doors.PersonRequest) -> str:
    """This site as a voter's browser names it when it asks the second issuer."""
    return request.build_absolute_uri("/").removesuffix("/")


def _initial(pool: VoterPool) -> dict[str, str]:
    name = pool.issuer_name or {}
    given = {"issuer": pool.issuer, "name_zh": name.get("zh-hans", ""), "name_en": name.get("en", "")}
    return given | {"address": pool.issuer_address}


def _facts(request: doors.PersonRequest, row: Poll, pool: VoterPool) -> dict[str, Any]:
    sizes = poll_queries.pool_sizes(row)
    size, issued = sizes[pool.pk]
    waiting = ballot_queries.pools_waiting_for_issuer(row, [pool], sizes, poll_queries.sheet_lines(row))
    counted = pool.issuer_count
    return {
        "poll": row,
        "pool": pool,
        "size": size,
        "is_answered": bool(pool.issuer) and not waiting,
        "is_stale": bool(pool.issuer_request and waiting),
        "is_over": clock.now() >= row.closes_at,
        "is_extended": ballot_queries.is_extended(row),
        "issued": issued if counted is not None else None,
        "apart": abs(issued - counted) if counted is not None else 0,
        "opening": request.build_absolute_uri(f"/booth/{row.key}/opening.json"),
        "reply_form": FileForm(label=_("Its reply")),
        "statement_form": FileForm(label=_("Its signed count")),
    }
