"""The set-up assistant: a campaign from the pack, its cycle, stages, themes, sheet, and the launch."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengyou.base.words import in_readers_words
from zhengyou.burden.rules import FilledBy
from zhengyou.campaigns import actions, packs, queries
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Campaign, Cycle
from zhengyou.campaigns.ruleset import When
from zhengyou.organisations import queries as organisations
from zhengyou.web.office import campaigns_forms as forms
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.pages import found, posted, pressed

WHENS = {
    When.FIRST: gettext_lazy("in the first month of its stage"),
    When.EVERY: gettext_lazy("in every month of its stage"),
    When.LAST: gettext_lazy("in the last month of its stage"),
}
of_cycle = doors.fetched("cycle_id", queries.cycle_with_id)


@doors.office
def create(request: doors.PersonRequest, pack_id: str = "") -> HttpResponse:
    """Make a campaign from a pack: first choose which, then name it."""
    if pack_id not in packs.pack_ids():
        return render(request, "office/packs.html", {"packs": [_offer(pack) for pack in packs.pack_ids()]})
    pack = packs.load_pack(pack_id)
    roots = organisations.living_organisations().filter(depth__lte=1)
    kinds = [(kind.id, in_readers_words(kind.name)) for kind in pack.basis_kinds]
    initial = {
        "name": in_readers_words(pack.name),
        "theme": in_readers_words(pack.theme),
        "aim": in_readers_words(pack.aim),
        "organisation": roots.first(),
    }
    form = forms.CampaignForm(request.POST or None, initial=initial, roots=roots, kinds=kinds)

    def make(**given: Any) -> HttpResponse:
        row = actions.create_campaign(pack_id=pack_id, **given)
        return redirect("office-cycle-add", row.pk)

    return posted(request, form, make) or _form_page(request, form, _("New campaign"), _("Save and go on to the cycle"))


@doors.office
def add_cycle(request: doors.PersonRequest, campaign_id: int) -> HttpResponse:
    """Add a cycle to a campaign."""
    campaign = found(queries.campaign_with_id(campaign_id))
    form = forms.CycleForm(request.POST or None)

    def add(**given: Any) -> HttpResponse:
        row = actions.add_cycle(campaign=campaign, **given)
        return redirect("office-cycle", row.pk)

    return posted(request, form, add) or _form_page(
        request, form, _("New cycle"), _("Save and go on to the stages"), campaign=campaign
    )


@doors.office
@of_cycle
def cycle(request: doors.PersonRequest, row: Cycle) -> HttpResponse:
    """Everything of one cycle: what is set, what is missing, and the launch."""
    form = forms.LaunchForm(request.POST or None)

    def launch(**given: Any) -> HttpResponse:
        manifest = actions.launch_cycle(cycle=row, **given)
        messages.success(request, _("The cycle is launched. Its rules are frozen as number %d.") % manifest.number)
        return redirect("office-cycle", row.pk)

    return posted(request, form, launch) or render(request, "office/cycle.html", {"form": form, **_cycle_facts(row)})


@doors.office
@of_cycle
def close(request: doors.PersonRequest, row: Cycle) -> HttpResponse:
    """End a cycle. It takes a press; a visit only leads to the cycle."""
    if request.method != "POST":
        return redirect("office-cycle", row.pk)
    return pressed(
        request, partial(actions.close_cycle, cycle=row), done=_("The cycle is closed."), to=("office-cycle", row.pk)
    )


@doors.office
@of_cycle
def stages(request: doors.PersonRequest, row: Cycle) -> HttpResponse:
    """Set first and last day of each stage."""
    form = forms.StagesForm(request.POST or None, calendar=Calendar.of(row))
    return posted(request, form, partial(actions.set_windows, cycle=row), to=("office-cycle", row.pk)) or _form_page(
        request, form, _("Stages"), _("Save the dates"), cycle=row
    )


@doors.office
@of_cycle
def parts(request: doors.PersonRequest, row: Cycle) -> HttpResponse:
    """Choose which stages and parts of the pack the campaign has."""
    form = forms.ChoiceForm(request.POST or None, ruleset=row.ruleset, pack=packs.rules_of(row.campaign.pack))
    return posted(request, form, partial(actions.choose_parts, cycle=row), to=("office-cycle", row.pk)) or _form_page(
        request, form, _("What the campaign has"), _("Save the choice"), cycle=row
    )


@doors.office
@of_cycle
def themes(request: doors.PersonRequest, row: Cycle) -> HttpResponse:
    """Write a theme for each sector."""
    sectors = [(slug, in_readers_words(name)) for slug, name in organisations.term_names("sector").items()]
    form = forms.ThemesForm(request.POST or None, initial=queries.sector_themes(row), sectors=sectors)
    return posted(
        request, form, partial(actions.write_sector_themes, cycle=row), to=("office-cycle", row.pk)
    ) or _form_page(request, form, _("Themes of the sectors"), _("Save the themes"), cycle=row)


@doors.office
@of_cycle
def sheet(request: doors.PersonRequest, row: Cycle) -> HttpResponse:
    """Points, items and thresholds of the appraisal sheet."""
    criteria = packs.rules_of(row.campaign.pack).criteria
    form = forms.SheetForm(request.POST or None, ruleset=row.ruleset, criteria=criteria)
    return posted(request, form, partial(actions.set_rules, cycle=row), to=("office-cycle", row.pk)) or _form_page(
        request, form, _("Appraisal sheet"), _("Save the sheet"), cycle=row
    )


def _offer(pack_id: str) -> dict[str, Any]:
    """A pack as it is offered: its words, its stages, and the minutes that its dearest month asks of a unit."""
    pack, ruleset = packs.load_pack(pack_id), packs.rules_of(pack_id)
    costs = [cost.minutes for cost in queries.cost_of(ruleset) if cost.form.filled_by == FilledBy.UNIT]
    return {"id": pack_id, "pack": pack, "stages": ruleset.stages, "minutes": sum(costs)}


def _cycle_facts(row: Cycle) -> dict[str, Any]:
    missing = organisations.organisations_without_responsible(clock.today(), row.campaign.organisation)
    return {
        "cycle": row,
        "windows": Calendar.of(row).in_order(),
        "parts": [forms.ROOM_NAMES[room] for room in row.ruleset.rooms],
        "costs": queries.cost_of(row.ruleset),
        "whens": WHENS,
        "themes": queries.sector_themes(row),
        "sectors": organisations.term_names("sector"),
        "missing": missing[:20],
        "missing_count": missing.count(),
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
