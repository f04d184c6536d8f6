"""Carriers of a cycle: what they are, what they do in it, whom they reach; demonstration units."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST

from zhengyou.base.words import in_readers_words
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.carriers import actions, queries
from zhengyou.carriers.models import Carrier, DemonstrationUnit
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Term
from zhengyou.web.office import carriers_forms as forms
from zhengyou.web.shared import doors, meanwhile
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.narrowing import Filter, of_unit
from zhengyou.web.shared.pages import found, posted, pressed

of_cycle = doors.of_campaign("cycle_id", campaigns.cycle_with_id)


@doors.room("carriers")
@doors.office
@of_cycle
def carriers(request: doors.PersonRequest, cycle: Cycle) -> HttpResponse:
    """All carriers with what is written for this cycle; posting begins one."""
    rows = queries.carriers_in(cycle.campaign, cycle)
    others = [one.carrier for one in rows]
    form = forms.CarrierForm(request.POST or None, cycle=cycle, others=others)

    def begin(**given: Any) -> HttpResponse:
        row = actions.begin_carrier(cycle=cycle, **given)
        return redirect("office-carrier-year", cycle.pk, row.pk)

    kinds = {one.id: in_readers_words(one.name) for one in cycle.ruleset.carrier_kinds}
    living = [one for one in rows if one.carrier.ended_on is None]
    reach = queries.reach_of(cycle)
    shown = {
        "cycle": cycle,
        "rows": [(one, kinds.get(one.carrier.kind, one.carrier.kind)) for one in rows],
        "unwritten": sum(one.year is None for one in living),
        "reach": reach,
        "reached": reach.units - len(reach.unreached),
        "form": form,
    }
    done = _("The project has begun. Write now what is done in this cycle and who takes part.")
    return posted(request, form, begin, done=done) or render(request, "office/carriers.html", shown)


@doors.room("carriers")
@doors.office
@of_cycle
def change(request: doors.PersonRequest, cycle: Cycle, carrier_id: int) -> HttpResponse:
    """Correct what a carrier is."""
    row = _carrier(cycle, carrier_id)
    initial: dict[str, Any] = {name: getattr(row, name) for name in ("kind", "name", "since_on")}
    initial |= {"organisation": row.organisation.code, "grew_from": str(row.grew_from_id or "")}
    others = [one for one in queries.carriers_of(cycle.campaign) if one.pk != row.pk]
    form = forms.CarrierForm(request.POST or None, initial=initial, cycle=cycle, others=others)
    meanwhile.guard(form, about=row.reference, deeds=["carriers.change_carrier"])
    deed = partial(actions.change_carrier, carrier=row, cycle=cycle)
    return posted(request, form, deed, done=_("Saved."), to=("office-carriers", cycle.pk)) or _form_page(
        request, cycle, form, row.name, _("Save")
    )


@doors.room("carriers")
@doors.office
@of_cycle
def year(request: doors.PersonRequest, cycle: Cycle, carrier_id: int) -> HttpResponse:
    """What a carrier does in this cycle, and who takes part; what is new beside the last."""
    row = _carrier(cycle, carrier_id)
    written = queries.year_in(row, cycle)
    units = queries.units_in(written)
    initial = {
        "content": written.content if written else "",
        "what_is_new": written.what_is_new if written else "",
        "units": "\n".join(one.organisation.code for one in units),
        "with_all_below": any(one.is_with_all_below for one in units) if written else True,
        "post_kinds": written.post_kinds if written else [],
    }
    form = forms.YearForm(request.POST or None, initial=initial, cycle=cycle)
    meanwhile.guard(form, about=row.reference, deeds=["carriers.write_year"])
    deed, done = partial(actions.write_year, carrier=row, cycle=cycle), _("Saved. The project’s page shows it.")
    return posted(request, form, deed, done=done, to=("office-carriers", cycle.pk)) or _form_page(
        request, cycle, form, f"{row.name} · {cycle.called}", _("Save the content")
    )


@doors.room("carriers")
@doors.office
@of_cycle
def end(request: doors.PersonRequest, cycle: Cycle, carrier_id: int) -> HttpResponse:
    """A carrier ends, with a reason."""
    row = _carrier(cycle, carrier_id)
    form = forms.EndForm(request.POST or None)
    done = _("“%(name)s” has ended. What it did stays on its page.") % {"name": row.name}
    deed = partial(actions.end_carrier, carrier=row)
    return posted(request, form, deed, done=done, to=("office-carriers", cycle.pk)) or _form_page(
        request, cycle, form, _("End this project?"), _("End it"), lead=row.name
    )


@doors.room("carriers")
@doors.office
@require_POST
@of_cycle
def carry_on(request: doors.PersonRequest, cycle: Cycle) -> HttpResponse:
    """Every carrier begins the cycle with its last content and units."""

    def carry(**acting: Any) -> HttpResponse:
        count = actions.carry_on(cycle=cycle, **acting)
        text = ngettext(
            "%(n)d project goes on with its last content and units. Say what is new.",
            "%(n)d projects go on with their last content and units. Say what is new in each.",
            count,
        )
        messages.success(request, text % {"n": count})
        return redirect("office-carriers", cycle.pk)

    return pressed(request, carry, to=("office-carriers", cycle.pk))


@doors.room("carriers")
@doors.office
@of_cycle
def reach(request: doors.PersonRequest, cycle: Cycle) -> HttpResponse:
    """Units and kinds of post that no carrier reaches."""
    reached = queries.reach_of(cycle)
    words = organisations.term_names(Term.Category.POST_KIND)
    kinds = [(in_readers_words(words.get(one.kind, {})) or one.kind, one) for one in reached.post_kinds]
    rows = organisations.living_organisations().filter(pk__in=reached.unreached).select_related("parent")
    parts = [(row.path, row.name) for row in organisations.children(cycle.campaign.organisation)]
    return listed(
        request,
        "office/carriers_reach.html",
        rows,
        [
            Column(_("Unit that no project reaches"), _unit, order="path"),
            Column(_("Code"), lambda row: row.code, order="code"),
        ],
        name="not-reached",
        nothing=_("Every unit is reached by a project."),
        search=_("Find a unit by name, code or pinyin"),
        paths=of_unit(),
        filters=[Filter("part", _("Within"), "path__startswith", parts, of_units=True)],
        cycle=cycle,
        reach=reached,
        kinds=sorted(kinds, key=lambda one: one[1].reached),
    )


@doors.room("carriers")
@doors.office
@of_cycle
def demonstrations(request: doors.PersonRequest, cycle: Cycle) -> HttpResponse:
    """Demonstration units; posting enters one that a body designated."""
    campaign = cycle.campaign
    living = [one for one in queries.carriers_of(campaign) if one.ended_on is None]
    form = forms.DesignateForm(request.POST or None, carriers=living, within=campaign.organisation)
    done, to = _("Entered. The unit’s page shows it."), ("office-demonstrations", cycle.pk)
    return posted(request, form, partial(actions.designate_unit, campaign=campaign), done=done, to=to) or listed(
        request,
        "office/demonstrations.html",
        queries.demonstration_units(campaign),
        [
            Column(_("Unit"), lambda row: _unit(row.organisation), order="organisation__path"),
            Column(_("Project"), lambda row: row.carrier.name if row.carrier else ""),
            Column(_("Designated by"), lambda row: Cell(row.designated_by, note=row.designated_on)),
            Column(pgettext("day", "Ended"), lambda row: Cell(row.ended_on or "", note=row.end_reason)),
            Column(_("Action"), partial(_end_link, cycle), is_deed=True),
        ],
        name="demonstration-units",
        nothing=_("No unit is shown as an example yet."),
        search=_("Find a unit by name, code or pinyin"),
        paths=(*of_unit("organisation"), "designated_by"),
        cycle=cycle,
        form=form,
    )


def _end_link(cycle: Cycle, row: DemonstrationUnit) -> Any:
    return "" if row.ended_on else Cell(_("End it"), reverse("office-demonstration-end", args=[cycle.pk, row.pk]))


@doors.room("carriers")
@doors.office
@of_cycle
def end_demonstration(request: doors.PersonRequest, cycle: Cycle, row_id: int) -> HttpResponse:
    """A unit is shown as an example no longer, with the reason."""
    row = queries.demonstration_with_id(row_id)
    row = found(row if row and row.campaign_id == cycle.campaign_id else None)
    form = forms.EndForm(request.POST or None)
    deed, done = partial(actions.end_designation, row=row), _("Ended. The reason is shown on the unit’s page.")
    return posted(request, form, deed, done=done, to=("office-demonstrations", cycle.pk)) or _form_page(
        request, cycle, form, _("No longer a model unit?"), _("End it"), lead=row.organisation.name
    )


def _unit(row: Any) -> Cell:
    above = row.parent.name if row.parent_id else ""
    return Cell(row.name, reverse("public-organisation", args=[row.code]), note=above)


def _carrier(cycle: Cycle, carrier_id: int) -> Carrier:
    row = queries.carrier_with_id(carrier_id)
    return found(row if row and row.campaign_id == cycle.campaign_id else None)


def _form_page(
    request: doors.PersonRequest, cycle: Cycle, form: Any, heading: Any, button: Any, lead: str = ""
) -> HttpResponse:
    shown = {"form": form, "heading": heading, "button": button, "cycle": cycle, "lead": lead}
    return render(request, "office/carrier_form.html", shown)
