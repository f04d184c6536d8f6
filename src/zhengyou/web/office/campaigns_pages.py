"""A campaign and its legal basis; its cycles: stages, themes, sheet, and the launch. Its beginning is in `packs_pages`."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhengyou.base.refusals import reason_against
from zhengyou.base.words import Names, in_readers_words
from zhengyou.campaigns import actions, packs, queries, rules
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Campaign, Cycle
from zhengyou.campaigns.ruleset import When
from zhengyou.organisations import queries as organisations
from zhengyou.rhythm import queries as rhythm
from zhengyou.web.office import campaigns_forms as forms
from zhengyou.web.office.campaigns_forms import basis_kinds
from zhengyou.web.office.launching import SetUp, checks_of
from zhengyou.web.shared import clock, doors, meanwhile
from zhengyou.web.shared.addenda_words import corrections_of
from zhengyou.web.shared.pages import posted, pressed

MOST_MISSING = 20  # organisations named that have nobody responsible
WHENS = {
    When.FIRST: gettext_lazy("in the first month of its stage"),
    When.EVERY: gettext_lazy("in every month of its stage"),
    When.QUARTER: gettext_lazy("in every third month of its stage"),
    When.LAST: gettext_lazy("in the last month of its stage"),
}
of_cycle = doors.of_campaign("cycle_id", queries.cycle_with_id)
of_campaign = doors.of_campaign("campaign_id", queries.campaign_with_id)


@doors.office
@of_campaign
def campaign(request: doors.PersonRequest, row: Campaign) -> HttpResponse:
    """One campaign: its legal basis, its cycles, and what can still be corrected or taken back."""
    shown = {
        "campaign": row,
        "cycles": queries.cycles(row),
        "pack": in_readers_words(packs.name_of(row.pack)) or row.pack,
        "basis_note": reason_against(rules.check_basis_covers, row, clock.today()),
        "documents": queries.superior_documents(row),
        "addenda": corrections_of(row.reference),
    }
    return render(request, "office/campaign.html", shown)


@doors.office
@of_campaign
def correct_basis(request: doors.PersonRequest, row: Campaign) -> HttpResponse:
    """Correct the legal basis, or enter its renewal; once launched with the reason, beside the old."""
    given: dict[str, Any] = {"kinds": basis_kinds(row.pack), "initial": forms.basis_now(row)}
    is_public = any(cycle.is_launched for cycle in queries.cycles(row))
    form = forms.BasisForm(request.POST or None, is_public=is_public, **given)
    meanwhile.guard(form, about=row.reference, deeds=["campaigns.correct_basis"])
    return posted(
        request,
        form,
        partial(actions.correct_basis, campaign=row),
        done=_("The legal basis is corrected."),
        to=("office-campaign", row.pk),
    ) or _form_page(request, form, _("Legal basis"), _("Save the legal basis"), campaign=row)


@doors.office
@require_POST
@of_campaign
def delete_campaign(request: doors.PersonRequest, row: Campaign) -> HttpResponse:
    """Take back a campaign without cycles."""

    def delete(**given: Any) -> HttpResponse:
        actions.delete_campaign(campaign=row, **given)
        return redirect("office-home")

    return pressed(request, delete, done=_("The campaign is deleted."), to=("office-campaign", row.pk))


@doors.office
@require_POST
@of_cycle
def delete_cycle(request: doors.PersonRequest, row: Cycle) -> HttpResponse:
    """Take back a cycle that was never launched."""

    def delete(**given: Any) -> HttpResponse:
        actions.delete_cycle(cycle=row, **given)
        return redirect("office-campaign", row.campaign_id)

    return pressed(request, delete, done=_("The cycle is deleted."), to=("office-cycle", row.pk))


@doors.office
@of_campaign
def add_cycle(request: doors.PersonRequest, row: Campaign) -> HttpResponse:
    """Add a cycle to a campaign."""
    form = forms.CycleForm(request.POST or None)

    def add(**given: Any) -> HttpResponse:
        made = actions.add_cycle(campaign=row, **given)
        return redirect("office-cycle-stages", made.pk)

    return posted(request, form, add) or _form_page(
        request, form, _("New cycle"), _("Save and go on to the stages"), campaign=row
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
def stages(request: doors.PersonRequest, row: Cycle) -> HttpResponse:
    """Set first and last day of each stage."""
    form = forms.StagesForm(request.POST or None, calendar=Calendar.of(row))
    deed = actions.correct_windows if row.is_launched else actions.set_windows
    meanwhile.guard(form, about=row.reference, deeds=["campaigns.set_windows", "campaigns.correct_windows"])
    done = _("The dates are saved.")
    return posted(request, form, partial(deed, cycle=row), done=done, to=("office-cycle", row.pk)) or _form_page(
        request, form, _("Stages"), _("Save the dates"), cycle=row
    )


@doors.office
@of_cycle
def parts(request: doors.PersonRequest, row: Cycle) -> HttpResponse:
    """Choose which stages and parts of the pack the campaign has."""
    form = forms.ChoiceForm(request.POST or None, ruleset=row.ruleset, pack=packs.rules_of(row.campaign.pack))
    meanwhile.guard(form, about=row.reference, deeds=["campaigns.choose_parts"])
    return posted(request, form, partial(actions.choose_parts, cycle=row), to=("office-cycle", row.pk)) or _form_page(
        request, form, _("Parts of the campaign"), _("Save the choice"), cycle=row
    )


@doors.office
@of_cycle
def themes(request: doors.PersonRequest, row: Cycle) -> HttpResponse:
    """Write a theme for each sector."""
    sectors = [(slug, in_readers_words(name)) for slug, name in organisations.term_names("sector").items()]
    given: dict[str, Any] = {"sectors": sectors, "is_public": row.is_launched}
    form = forms.ThemesForm(request.POST or None, initial=queries.sector_themes(row), **given)
    deed = actions.correct_themes if row.is_launched else actions.write_sector_themes
    meanwhile.guard(form, about=row.reference, deeds=["campaigns.write_sector_themes", "campaigns.correct_themes"])
    done = _("The themes are saved.")
    return posted(request, form, partial(deed, cycle=row), done=done, to=("office-cycle", row.pk)) or _form_page(
        request, form, _("Themes of the sectors"), _("Save the themes"), cycle=row
    )


@doors.office
@of_cycle
def sheet(request: doors.PersonRequest, row: Cycle) -> HttpResponse:
    """Points, items and thresholds of the appraisal sheet."""
    criteria = packs.rules_of(row.campaign.pack).criteria
    form = forms.SheetForm(request.POST or None, ruleset=row.ruleset, criteria=criteria)
    meanwhile.guard(form, about=row.reference, deeds=["campaigns.set_rules"])
    return posted(request, form, partial(actions.set_rules, cycle=row), to=("office-cycle", row.pk)) or _form_page(
        request, form, _("Appraisal sheet"), _("Save the sheet"), cycle=row
    )


def _cycle_facts(row: Cycle) -> dict[str, Any]:
    before, carried = (None, []) if row.is_closed else rhythm.carried_into(row)
    missing = organisations.organisations_without_responsible(clock.today(), row.campaign.organisation)
    first = list(missing[: MOST_MISSING + 1])  # only of more than are shown the number is asked for
    count = missing.count() if len(first) > MOST_MISSING else len(first)
    known = _known_of(row)
    return {
        "cycle": row,
        "came_from": before,
        "carried": len(carried),
        "windows": known.calendar.in_order(),
        "parts": [forms.ROOM_NAMES[room] for room in row.ruleset.rooms],
        "costs": queries.cost_of(row.ruleset),
        "whens": WHENS,
        "basis_note": "" if row.is_launched else reason_against(rules.check_basis_covers, row.campaign, clock.today()),
        "themes": known.themes,
        "central_work": known.central_work,
        "sectors": known.sectors,
        "missing": first[:MOST_MISSING],
        "missing_count": count,
        "checks": [] if row.is_launched else checks_of(row, count, known),
        "manifest": queries.manifest_of(row),
        "addenda": corrections_of(row.reference, names=_names_in(row, known.sectors)) if row.is_launched else [],
    }


def _known_of(row: Cycle) -> SetUp:
    sectors = organisations.term_names("sector")
    return SetUp(Calendar.of(row), queries.sector_themes_said(row), sectors, queries.central_work(row))


def _names_in(row: Cycle, sectors: dict[str, Names]) -> dict[str, Names]:
    """What corrections call sectors and stages by their slugs."""
    return sectors | {stage.id: stage.name for stage in row.ruleset.stages}


def _form_page(
    request: doors.PersonRequest,
    form: Any,
    title: str,
    button: str,
    campaign: Campaign | None = None,
    cycle: Cycle | None = None,
) -> HttpResponse:
    campaign = campaign or (cycle.campaign if cycle else None)
    shown = {"form": form, "heading": title, "button": button, "campaign": campaign, "cycle": cycle}
    return render(request, "office/form.html", shown)
