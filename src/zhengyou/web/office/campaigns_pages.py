"""The set-up assistant: a campaign from the pack, its cycle, stages, themes, sheet, and the launch."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhengyou.base.refusals import Refused
from zhengyou.campaigns import actions, packs, queries, rules
from zhengyou.campaigns.models import Campaign, Cycle
from zhengyou.organisations import queries as organisations
from zhengyou.templatetags.words import said
from zhengyou.web.office import campaigns_forms as forms
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.refusing import refused_into
from zhengyou.web.shared.stages import STAGE_NAMES

PACK = "excellence-2010"


@doors.office
def create(request: doors.PersonRequest) -> HttpResponse:
    """Make a campaign from the pack."""
    pack = packs.load_pack(PACK)
    roots = organisations.living_organisations().filter(depth__lte=1)
    kinds = [(kind["id"], said(kind["name"])) for kind in pack["basis_kinds"]]
    initial = {"name": said(pack["name"]), "theme": said(pack["theme"]), "organisation": roots.first()}
    form = forms.CampaignForm(request.POST or None, initial=initial, roots=roots, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            campaign = actions.create_campaign(
                pack_id=PACK,
                name=form.cleaned_data["name"],
                theme=form.cleaned_data["theme"],
                aim=form.cleaned_data["aim"],
                organisation=form.cleaned_data["organisation"],
                basis=form.basis,
                at=clock.now(),
                by=request.person,
            )
            return redirect("office-cycle-add", campaign.pk)
    return _form_page(request, form, _("New campaign"), _("Save and go on to the cycle"))


@doors.office
def add_cycle(request: doors.PersonRequest, campaign_id: int) -> HttpResponse:
    """Add a cycle to a campaign."""
    campaign = queries.campaign_with_id(campaign_id)
    if campaign is None:
        raise Http404
    form = forms.CycleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            cycle = actions.add_cycle(campaign=campaign, **form.cleaned_data, at=clock.now(), by=request.person)
            return redirect("office-cycle", cycle.pk)
    return _form_page(request, form, _("New cycle"), _("Save and go on to the stages"), campaign=campaign)


@doors.office
def cycle(request: doors.PersonRequest, cycle_id: int) -> HttpResponse:
    """Everything of one cycle: what is set, what is missing, and the launch."""
    row = _cycle(cycle_id)
    form = forms.LaunchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            manifest = actions.launch_cycle(cycle=row, why=form.cleaned_data["why"], at=clock.now(), by=request.person)
            messages.success(request, _("The cycle is launched. Its rules are frozen as number %d.") % manifest.number)
            return redirect("office-cycle", row.pk)
    return render(request, "office/cycle.html", {"form": form, **_cycle_facts(row)})


@doors.office
def close(request: doors.PersonRequest, cycle_id: int) -> HttpResponse:
    """End a cycle."""
    row = _cycle(cycle_id)
    if request.method == "POST":
        actions.close_cycle(cycle=row, at=clock.now(), by=request.person)
        messages.success(request, _("The cycle is closed."))
    return redirect("office-cycle", row.pk)


@doors.office
def stages(request: doors.PersonRequest, cycle_id: int) -> HttpResponse:
    """Set first and last day of each stage."""
    row = _cycle(cycle_id)
    known = {window.stage: window for window in queries.stage_windows(row)}
    initial: dict[str, Any] = {}
    for stage in STAGE_NAMES:
        window = known.get(stage)
        initial[f"{stage}_opens_on"] = window.opens_on if window else row.starts_on
        initial[f"{stage}_closes_on"] = window.closes_on if window else row.ends_on
    form = forms.StagesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        windows = _windows_of(row, form)
        if form.is_valid():
            with refused_into(form):
                actions.set_windows(cycle=row, windows=windows, at=clock.now(), by=request.person)
                return redirect("office-cycle", row.pk)
    return _form_page(request, form, _("Stages"), _("Save the dates"), cycle=row)


def _windows_of(row: Cycle, form: forms.StagesForm) -> dict[str, tuple[date, date]]:
    """First and last day by stage; a refusal stands at the stage that it is about."""
    given = form.cleaned_data
    windows = {stage: (given[f"{stage}_opens_on"], given[f"{stage}_closes_on"]) for stage in STAGE_NAMES}
    for stage, (opens_on, closes_on) in windows.items():
        try:
            rules.check_window(row, opens_on, closes_on)
        except Refused as refusal:
            form.add_error(f"{stage}_closes_on", str(refusal))
    return windows


@doors.office
def themes(request: doors.PersonRequest, cycle_id: int) -> HttpResponse:
    """Write a theme for each sector."""
    row = _cycle(cycle_id)
    sectors = [(slug, said(name)) for slug, name in organisations.term_names("sector").items()]
    form = forms.ThemesForm(request.POST or None, initial=queries.sector_themes(row), sectors=sectors)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            actions.write_sector_themes(cycle=row, texts=form.cleaned_data, at=clock.now(), by=request.person)
            return redirect("office-cycle", row.pk)
    return _form_page(request, form, _("Themes of the sectors"), _("Save the themes"), cycle=row)


@doors.office
def sheet(request: doors.PersonRequest, cycle_id: int) -> HttpResponse:
    """Points, items and thresholds of the appraisal sheet."""
    row = _cycle(cycle_id)
    criteria = packs.load_pack(row.campaign.pack)["rules"]["criteria"]
    form = forms.SheetForm(request.POST or None, rules=row.rules, criteria=criteria, said=said)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            actions.set_rules(cycle=row, rules_=form.new_rules(), at=clock.now(), by=request.person)
            return redirect("office-cycle", row.pk)
    return _form_page(request, form, _("Appraisal sheet"), _("Save the sheet"), cycle=row)


def _cycle(cycle_id: int) -> Cycle:
    row = queries.cycle_with_id(cycle_id)
    if row is None:
        raise Http404
    return row


def _cycle_facts(row: Cycle) -> dict[str, Any]:
    missing = queries.without_responsible_person(row, clock.today())
    return {
        "cycle": row,
        "windows": [(STAGE_NAMES[window.stage], window) for window in queries.stage_windows(row)],
        "themes": queries.sector_themes(row),
        "sectors": organisations.term_names("sector"),
        "missing": missing[:20],
        "missing_count": len(missing),
        "manifest": queries.manifest_of(row),
    }


def _form_page(
    request: doors.PersonRequest,
    form: Any,
    title: str,
    button: str,
    campaign: Campaign | None = None,
    cycle: Cycle | None = None,
) -> HttpResponse:
    shown = {"form": form, "heading": title, "button": button, "campaign": campaign, "cycle": cycle}
    return render(request, "office/form.html", shown)
