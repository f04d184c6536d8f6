"""The packs of this house: those that a campaign can be made from, those with faults; and the beginning of a campaign."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhengyou.base.refusals import reason_against
from zhengyou.base.words import in_readers_words
from zhengyou.burden.rules import FilledBy
from zhengyou.campaigns import actions, packs, queries, rules
from zhengyou.campaigns.packing.parts import Pack
from zhengyou.campaigns.packs import PackFile
from zhengyou.organisations import queries as organisations
from zhengyou.web.office import campaigns_forms as forms
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.pages import posted


@dataclass(frozen=True)
class Offer:
    """A pack as it is offered: what its dearest month asks of a unit and of a member, and why it cannot be taken here, if so."""

    pack: Pack
    unit_minutes: int
    member_minutes: int
    why_not: str
    is_ours: bool


@doors.office
def choose(request: doors.PersonRequest) -> HttpResponse:
    """From which pack a campaign is made: those that fit this house first, the house's own before them."""
    offers = _offers()
    faulty = [file for file in packs.pack_files() if not file.pack]
    return render(request, "office/packs_to_choose.html", {"packs": offers, "faulty": faulty})


@doors.office
def create(request: doors.PersonRequest, pack_id: str) -> HttpResponse:
    """Make a campaign from a pack. Without such a pack one chooses again."""
    if pack_id not in packs.pack_ids():
        return redirect("office-campaign-create")
    pack = packs.load_pack(pack_id)
    roots = organisations.living_organisations().filter(depth__lte=1)
    initial = {
        "name": in_readers_words(pack.name),
        "theme": in_readers_words(pack.theme),
        "aim": in_readers_words(pack.aim),
        "organisation": roots.first(),
    }
    form = forms.CampaignForm(request.POST or None, initial=initial, roots=roots, kinds=forms.basis_kinds(pack_id))

    def make(**given: Any) -> HttpResponse:
        row = actions.create_campaign(pack_id=pack_id, **given)
        if why := reason_against(rules.check_basis_covers, row, clock.today()):
            messages.warning(request, why)
        return redirect("office-cycle-add", row.pk)

    shown = {"form": form, "heading": _("New campaign"), "button": _("Save and go on to the cycle"), "pack": pack}
    return posted(request, form, make) or render(request, "office/form.html", shown)


@doors.office
def all_packs(request: doors.PersonRequest) -> HttpResponse:
    """Every pack's file with its faults, so that whoever writes one sees here what is still wrong."""
    shown = {"files": packs.pack_files(), "loaded": organisations.pack_of_house(), "folder": packs.own_folder()}
    return render(request, "office/packs.html", shown)


def _offers() -> list[Offer]:
    root = organisations.living_organisations().filter(depth=0).first()
    had = organisations.words_within(root) if root else {}
    loaded = organisations.pack_of_house()
    offers = [_offer(file, had) for file in packs.pack_files() if file.pack]
    return sorted(offers, key=lambda one: (bool(one.why_not), one.pack.id != loaded, one.pack.id != packs.DEFAULT))


def _offer(file: PackFile, had: Any) -> Offer:
    assert file.pack is not None
    minutes = {
        filled_by: sum(cost.minutes for cost in queries.cost_of(file.pack.rules) if cost.form.filled_by == filled_by)
        for filled_by in (FilledBy.UNIT, FilledBy.MEMBER)
    }
    why_not = str(reason_against(rules.check_knows, file.pack, had) or "")
    return Offer(file.pack, minutes[FilledBy.UNIT], minutes[FilledBy.MEMBER], why_not, file.is_ours)
