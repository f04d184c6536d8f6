"""A pool's second issuer as the office deals with it: name it, hand on the request, take its keys, later its signed count."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from zhengyou.ballots import actions as ballot_actions
from zhengyou.ballots import queries as ballot_queries
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll, VoterPool
from zhengyou.web.office.poll_facts import said_or_refused
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.downloads import download
from zhengyou.web.shared.fetching import LARGEST, fetch
from zhengyou.web.shared.refusing import refused_into


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


class FileForm(forms.Form):
    """One file from the second issuer."""

    file = forms.FileField(label=_("File"))

    def __init__(self, *args: Any, label: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = label


@doors.office
def issuer(request: doors.PersonRequest, key: UUID, slug: str) -> HttpResponse:
    """Everything about one pool's second issuer, step by step; posting names it."""
    row, pool = _found(key, slug)
    form = IssuerForm(request.POST or None, initial=_initial(pool))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        name = {"zh-hans": given["name_zh"], "en": given["name_en"]}
        with refused_into(form):
            ballot_actions.name_issuer(
                poll=row,
                pool=pool,
                issuer=given["issuer"],
                name=name,
                address=given["address"],
                at=clock.now(),
                by=request.person,
            )
            messages.success(request, _("The second issuer is named. Hand it the request next."))
            return redirect("office-issuer", row.key, pool.slug)
    return render(request, "office/issuer.html", {"form": form, **_facts(request, row, pool)})


@doors.office
@require_GET
def request_file(request: doors.PersonRequest, key: UUID, slug: str) -> HttpResponse:
    """The request, to hand to the second issuer."""
    row, pool = _found(key, slug)
    return download(
        ballot_actions.write_issuer_request(row, pool, _origin(request)), f"request-{row.key}-{pool.slug}.json"
    )


@doors.office
@require_POST
def reply(request: doors.PersonRequest, key: UUID, slug: str) -> HttpResponse:
    """Take the second issuer's reply: its public keys."""

    def take(row: Poll, pool: VoterPool, data: bytes) -> None:
        ballot_actions.take_reply(
            poll=row, pool=pool, reply=data, origin=_origin(request), at=clock.now(), by=request.person
        )

    return _taking(request, key, slug, take, _("The keys of the second issuer are taken."))


@doors.office
@require_POST
def dismiss(request: doors.PersonRequest, key: UUID, slug: str) -> HttpResponse:
    """Let the office issue alone again."""
    row, pool = _found(key, slug)
    said_or_refused(
        request,
        lambda: ballot_actions.dismiss_issuer(poll=row, pool=pool, at=clock.now(), by=request.person),
        _("The office issues alone for this pool again."),
    )
    return redirect("office-issuer", row.key, pool.slug)


@doors.office
@require_POST
def statement(request: doors.PersonRequest, key: UUID, slug: str) -> HttpResponse:
    """Take the second issuer's signed count, from a file or from its own address."""

    def take(row: Poll, pool: VoterPool, data: bytes) -> None:
        if not data:
            address = f"{pool.issuer_address}/issue/{row.key}/{pool.slug}/statement"
            data = fetch(address, accept_language=get_language() or "")
        ballot_actions.take_statement(poll=row, pool=pool, statement=data, at=clock.now(), by=request.person)

    return _taking(request, key, slug, take, _("The count of the second issuer is taken."))


def _taking(
    request: doors.PersonRequest, key: UUID, slug: str, take: Callable[[Poll, VoterPool, bytes], None], done: Any
) -> HttpResponse:
    """Hand what was uploaded (or nothing) on, and say how it went."""
    row, pool = _found(key, slug)
    upload: Any = request.FILES.get("file")
    said_or_refused(request, lambda: take(row, pool, upload.read(LARGEST + 1) if upload else b""), done)
    return redirect("office-issuer", row.key, pool.slug)


def _found(key: UUID, slug: str) -> tuple[Poll, VoterPool]:
    row = poll_queries.poll_with_key(key)
    pool = next((pool for pool in poll_queries.pools_of(row) if pool.slug == slug), None) if row else None
    if row is None or pool is None:
        raise Http404
    return row, pool


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
