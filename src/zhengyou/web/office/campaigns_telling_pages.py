"""What a campaign says of itself, the documents it carries out, a cycle's name and days, and who answers where nobody does."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from zhengyou.campaigns import actions, queries
from zhengyou.campaigns.models import Campaign, Cycle
from zhengyou.rhythm import actions as rhythm
from zhengyou.web.office import campaigns_forms as forms
from zhengyou.web.office.campaigns_pages import of_campaign, of_cycle
from zhengyou.web.shared import doors, meanwhile
from zhengyou.web.shared.pages import found, posted, pressed

TEXTS = ("name", "theme", "aim", "launch_words", "launch_speaker", "opinion", "asked_of_you")


@doors.office
@of_campaign
def describe(request: doors.PersonRequest, row: Campaign) -> HttpResponse:
    """Name, theme, aim, and what the campaign's page says; after the launch with the reason."""
    is_public = any(cycle.is_launched for cycle in queries.cycles(row))
    form = forms.DescribeForm(
        request.POST or None, initial={part: getattr(row, part) for part in TEXTS}, is_public=is_public
    )
    deed, done = partial(actions.describe_campaign, campaign=row), _("Saved. The campaign’s page shows it.")
    shown = {"form": form, "heading": _("What the campaign says about itself"), "button": _("Save"), "campaign": row}
    return posted(request, form, deed, done=done, to=("office-campaign", row.pk)) or render(
        request, "office/form.html", shown
    )


@doors.office
@of_campaign
def documents(request: doors.PersonRequest, row: Campaign) -> HttpResponse:
    """The documents of higher bodies; posting adds one."""
    form = forms.DocumentForm(request.POST or None)
    deed, done = partial(actions.cite_document, campaign=row), _("The document is named on the campaign’s page.")
    shown = {"form": form, "campaign": row, "documents": queries.superior_documents(row)}
    return posted(request, form, deed, done=done, to=("office-campaign-documents", row.pk)) or render(
        request, "office/campaign_documents.html", shown
    )


@doors.office
@require_POST
@of_campaign
def drop_document(request: doors.PersonRequest, row: Campaign, document_id: int) -> HttpResponse:
    """Name a document no longer."""
    document = found(queries.superior_document(row, document_id))
    done = _("The document is taken out. Adding it again brings it back.")
    to = ("office-campaign-documents", row.pk)
    return pressed(request, partial(actions.drop_document, document=document), done=done, to=to)


@doors.office
@of_cycle
def rename(request: doors.PersonRequest, row: Cycle) -> HttpResponse:
    """Name and days of a cycle that is not launched yet."""
    initial = {"name": row.name, "starts_on": row.starts_on, "ends_on": row.ends_on}
    form = forms.CycleForm(request.POST or None, initial=initial)
    shown = {"form": form, "heading": _("Name and days of the cycle"), "button": _("Save"), "cycle": row}
    deed, done = partial(actions.rename_cycle, cycle=row), _("Name and days are saved.")
    return posted(request, form, deed, done=done, to=("office-cycle", row.pk)) or render(
        request, "office/form.html", shown | {"campaign": row.campaign}
    )


@doors.office
@of_cycle
def english(request: doors.PersonRequest, row: Cycle) -> HttpResponse:
    """How the campaign, this cycle and the themes of its sectors are called on English pages."""
    rows = queries.themes_of_sectors(row)
    campaign = row.campaign
    initial = {"campaign_name": campaign.name_en, "campaign_theme": campaign.theme_en, "cycle_name": row.name_en}
    initial |= {f"theme_{one.sector}": one.text_en for one in rows}
    form = forms.EnglishForm(request.POST or None, sectors=[(one.sector, one.text) for one in rows], initial=initial)
    meanwhile.guard(form, about=row.reference, deeds=["campaigns.name_in_english"])
    shown = {"form": form, "heading": _("Names on English pages"), "button": _("Save the names"), "cycle": row}
    deed, done = partial(actions.name_in_english, cycle=row), _("English pages now show these names.")
    return posted(request, form, deed, done=done, to=("office-cycle", row.pk)) or render(
        request, "office/form.html", shown | {"campaign": row.campaign}
    )


@doors.office
@require_POST
@of_cycle
def secretaries(request: doors.PersonRequest, row: Cycle) -> HttpResponse:
    """Where nobody is responsible the secretary is."""

    def name_them(**acting: Any) -> HttpResponse:
        named = rhythm.make_secretaries_responsible(campaign=row.campaign, **acting)
        text = ngettext(
            "%(n)d unit has its own leader responsible now.",
            "%(n)d units have their own leaders responsible now.",
            named,
        )
        if named:
            messages.success(request, text % {"n": named})
        else:
            nobody = _(
                "None of the units without somebody responsible has a leader in the list of posts yet. Name "
                "them there, or in a workbook."
            )
            messages.warning(request, nobody)
        return redirect("office-cycle", row.pk)

    return pressed(request, name_them, to=("office-cycle", row.pk))
