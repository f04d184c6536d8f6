"""Rounds of appraisal for the office: plan, pools, keys, opening, codes, turnout, closing by two people."""

from typing import Any
from uuid import UUID

import segno
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from zhengyou.appraisals import actions, queries
from zhengyou.appraisals.models import Round, VoterPool
from zhengyou.base.refusals import Refused
from zhengyou.campaigns import queries as campaigns
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation
from zhengyou.standings import actions as standings_actions
from zhengyou.standings import queries as standings
from zhengyou.templatetags.words import said
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.fields import Ticket
from zhengyou.web.shared.refusing import refused_into

KEYS_A_STEP = 6
KEYS_A_PRESS = 30


class InstantInput(forms.DateTimeInput):
    """A day and time picker."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class TimesForm(forms.Form):
    """The window of a round."""

    opens_at = forms.DateTimeField(label=_("Opens at"), widget=InstantInput())
    closes_at = forms.DateTimeField(label=_("Closes at"), widget=InstantInput())


class RoundForm(TimesForm):
    """Name, sheet and window of a round."""

    field_order = ("ticket", "name_zh", "name_en", "parent", "codes", "opens_at", "closes_at")
    ticket = Ticket()
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    parent = forms.ModelChoiceField(
        label=_("Organisations on the sheet: those directly below"),
        queryset=Organisation.objects.none(),
        required=False,
    )
    codes = forms.CharField(
        label=_("or these, by code, one a line"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, parents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = parents  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Find the organisations; a code that is nobody's is named."""
        given = super().clean() or self.cleaned_data
        codes = given.get("codes", "").split()
        known = organisations.organisations_by_code(codes)
        unknown = [code for code in codes if code not in known]
        if unknown:
            self.add_error("codes", _("No organisation has the code %(code)s.") % {"code": unknown[0]})
        chosen = [known[code] for code in dict.fromkeys(codes) if code in known]
        if not codes and given.get("parent"):
            chosen = organisations.children(given["parent"])
        if not chosen and not self.errors:
            self.add_error("parent", _("Choose an organisation, or write codes below."))
        given["organisations"] = chosen
        return given


class PoolForm(forms.Form):
    """A pool of voters: the members of an organisation and all below it, or a list of member numbers."""

    field_order = ("name_zh", "name_en", "rater_group")
    name_zh = forms.CharField(label=_("Name of the pool in Chinese"), max_length=80)
    name_en = forms.CharField(label=_("Name of the pool in English"), max_length=80)
    within = forms.ModelChoiceField(
        label=_("Members of this organisation and all below it"), queryset=Organisation.objects.none(), required=False
    )
    numbers = forms.CharField(
        label=_("or these people, by member number"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, roots: Any, groups: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["within"].queryset = roots  # type: ignore[attr-defined]
        weights = [(group["id"], f"{said(group['name'])} ({group['weight']})") for group in groups if group["weight"]]
        if weights:
            self.fields["rater_group"] = forms.ChoiceField(
                label=_("Group of raters, with its weight in the combined score"),
                choices=[("", _("none: shown by itself only")), *weights],
                required=False,
            )
            self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """Find the people; a number that is nobody's is named."""
        given = super().clean() or self.cleaned_data
        numbers = list(dict.fromkeys(given.get("numbers", "").split()))
        people = organisations.people_by_number(numbers)
        unknown = [number for number in numbers if number not in people]
        if unknown:
            self.add_error("numbers", _("No member has the number %(number)s.") % {"number": unknown[0]})
        given["people"] = [people[number] for number in numbers if number in people]
        if not numbers and given.get("within"):
            given["people"] = list(organisations.members_of(organisations.subtree(given["within"])))
        if not given["people"] and not self.errors:
            self.add_error("within", _("Choose an organisation, or write member numbers below."))
        return given


@doors.office
def rounds(request: doors.PersonRequest) -> HttpResponse:
    """All rounds of the cycle under way, and the way to a new one."""
    cycle = campaigns.cycle_under_way()
    cycles = queries.rounds_by_cycle(campaigns.launched_cycles())
    return render(request, "office/rounds.html", {"cycle": cycle, "cycles": cycles, "now": clock.now()})


@doors.office
def plan(request: doors.PersonRequest) -> HttpResponse:
    """Plan a round in the cycle under way."""
    cycle = campaigns.cycle_under_way()
    if cycle is None:
        return redirect("office-rounds")
    parents = organisations.subtree(cycle.campaign.organisation).filter(kind__in=["committee", "general-branch"])
    form = RoundForm(request.POST or None, parents=parents)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            row = actions.plan_round(
                cycle=cycle,
                name={"zh-hans": form.cleaned_data["name_zh"], "en": form.cleaned_data["name_en"]},
                organisations=form.cleaned_data["organisations"],
                opens_at=form.cleaned_data["opens_at"],
                closes_at=form.cleaned_data["closes_at"],
                at=clock.now(),
                by=request.person,
                key=form.cleaned_data["ticket"],
            )
            return redirect("office-round", row.key)
    shown = {"form": form, "heading": _("New round"), "button": _("Save and go on to the pools"), "cycle": cycle}
    return render(request, "office/form.html", shown)


@doors.office
def one_round(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """One round: its sheet, pools, keys, state and what can be done next; posting adds a pool."""
    row = _round(key)
    groups = row.cycle.rules.get("rater_groups", [])
    form = PoolForm(request.POST or None, roots=organisations.living_organisations(), groups=groups)
    if request.method == "POST" and form.is_valid():
        name = {"zh-hans": form.cleaned_data["name_zh"], "en": form.cleaned_data["name_en"]}
        with refused_into(form):
            actions.add_pool(
                round_=row,
                name=name,
                people=form.cleaned_data["people"],
                rater_group=form.cleaned_data.get("rater_group", ""),
                at=clock.now(),
                by=request.person,
            )
            return redirect("office-round", row.key)
    return render(request, "office/round.html", {"form": form, **_facts(row)})


@doors.office
def times(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """Another window for a drafted round."""
    row = _round(key)
    form = TimesForm(request.POST or None, initial={"opens_at": row.opens_at, "closes_at": row.closes_at})
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            actions.change_times(round_=row, **form.cleaned_data, at=clock.now(), by=request.person)
            return redirect("office-round", row.key)
    shown = {"form": form, "heading": _("Opening and closing time"), "button": _("Save the times"), "cycle": row.cycle}
    return render(request, "office/form.html", shown)


@doors.office
@require_POST
def remove_pool(request: doors.PersonRequest, key: UUID, slug: str) -> HttpResponse:
    """Take a pool back before the round opens."""
    row = _round(key)
    actions.remove_pool(round_=row, pool=_pool(row, slug), at=clock.now(), by=request.person)
    return redirect("office-round", row.key)


@doors.office
@require_POST
def prepare(request: Any, key: UUID) -> HttpResponse:
    """Make the next few keys; asked again by the page until none is missing, so that it shows progress and can be stopped."""
    row = _round(key)
    try:
        missing = actions.prepare_keys(round_=row, count=KEYS_A_STEP if request.htmx else KEYS_A_PRESS)
    except Refused as refusal:
        messages.error(request, str(refusal))
        missing = 0
    if request.htmx and row.state == Round.State.DRAFTED:
        return render(request, "office/round_keys.html", {"running": missing > 0, **_facts(row)})
    page = redirect("office-round", row.key)
    return HttpResponseClientRedirect(page.url) if request.htmx else page


@doors.office
@require_POST
def open_round(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """Freeze the round's manifest and open it."""
    row = _round(key)
    _said_or_refused(
        request, lambda: actions.open_round(round_=row, at=clock.now(), by=request.person), _("The round is open.")
    )
    return redirect("office-round", row.key)


@doors.office
@never_cache
@require_POST
def codes(request: doors.PersonRequest, key: UUID, slug: str) -> HttpResponse:
    """A print sheet of fresh one-time codes for one pool. It is shown once: the house keeps no code."""
    row = _round(key)
    pool = _pool(row, slug)
    people = queries.people_on_roll(row, pool)
    made = actions.hand_out_round_codes(round_=row, people=people, at=clock.now(), by=request.person)
    address = request.build_absolute_uri(f"/booth/{row.key}/")
    sheets = [
        {"person": person, "code": made[person.pk], "qr": _qr(f"{address}#m={row.fingerprint}&c={made[person.pk]}")}
        for person in people
    ]
    return render(
        request, "office/round_codes.html", {"round": row, "pool": pool, "sheets": sheets, "address": address}
    )


@doors.office
@require_POST
def ask_to_close(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """The first of two people asks to close."""
    row = _round(key)
    _said_or_refused(
        request,
        lambda: actions.ask_to_close(round_=row, at=clock.now(), by=request.person),
        _("The close is asked for. A second person of the office must now confirm it."),
    )
    return redirect("office-round", row.key)


@doors.office
@require_POST
def close(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """The second person closes: the box is opened and counted, the record written, the box emptied; then the result is computed."""
    row = _round(key)
    closed = _said_or_refused(
        request,
        lambda: actions.close_round(round_=row, at=clock.now(), by=request.person),
        _("The round is closed and its record is written. Anybody can check it now."),
    )
    if closed:
        _compute(request, row)
    return redirect("office-round", row.key)


@doors.office
@require_POST
def compute(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """Compute the result of a closed round; the same record gives the same result."""
    row = _round(key)
    _compute(request, row)
    return redirect("office-round", row.key)


def _compute(request: doors.PersonRequest, row: Round) -> None:
    _said_or_refused(
        request,
        lambda: standings_actions.compute_result(round_=row, at=clock.now(), by=request.person),
        _("The result is computed."),
    )


def _said_or_refused(request: doors.PersonRequest, deed: Any, sentence: Any) -> bool:
    """Do it and say so, or say why not; whether it was done."""
    try:
        deed()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, sentence)
    return True


def _round(key: UUID) -> Round:
    row = queries.round_with_key(key)
    if row is None:
        raise Http404
    return row


def _pool(row: Round, slug: str) -> VoterPool:
    pool = next((pool for pool in queries.pools_of(row) if pool.slug == slug), None)
    if pool is None:
        raise Http404
    return pool


def _facts(row: Round) -> dict[str, Any]:
    sizes = queries.pool_sizes(row)
    units = queries.rated_organisations(row)
    sheet = queries.lines_of(row.cycle.rules, units)
    lines = len(sheet)
    pools = queries.pools_of(row)
    return {
        "round": row,
        "title": said(row.name),
        "units": units,
        "pools": [
            {"row": pool, "size": sizes[pool.pk][0], "turnout": queries.coarse_turnout(*sizes[pool.pk])}
            for pool in pools
        ],
        "issuers_awaited": [said(pool.name) for pool in queries.pools_waiting_for_issuer(row, pools, sizes, sheet)],
        "keys_needed": lines * len(pools),
        "keys_made": lines * len(pools) - queries.keys_missing(row, lines),
        "is_over": clock.now() >= row.closes_at,
        "result": standings.newest_result(row) if row.state == Round.State.CLOSED else None,
        "now": clock.now(),
    }


def _qr(text: str) -> str:
    return segno.make(text, error="m").svg_inline(scale=3, border=2, omitsize=False)
