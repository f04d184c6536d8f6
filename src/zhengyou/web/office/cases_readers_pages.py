"""Who reads what goes around its target: named, confirmed and released by two people of the office, and given what lay unread."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Campaign
from zhengyou.cases import guarding, reader_queries, rules
from zhengyou.organisations.models import Person
from zhengyou.organisations.vocabulary import worded
from zhengyou.web.office import cases_forms as forms
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.pages import found, posted, pressed

of_campaign = doors.of_campaign("campaign_id", campaigns.campaign_with_id)


@doors.room("cases")
@doors.office
@of_campaign
def readers(request: doors.PersonRequest, campaign: Campaign) -> HttpResponse:
    """The two people who read what goes around its target."""
    form = forms.ReaderForm(request.POST or None)
    name = partial(guarding.name_reader, organisation=campaign.organisation)
    rows, on = reader_queries.readers_named(campaign.organisation), clock.today()
    shown = {
        "me": request.person,
        "barred": [row.pk for row in rows if reader_queries.is_barred(row.person, campaign.organisation, on)],
        "unread": reader_queries.unread_by_anybody(campaign.organisation, on).count(),
        "giving": reader_queries.giving_asked(campaign.organisation),
        "campaign": campaign,
        "form": form if len(rows) < rules.READERS else None,
        "rows": rows,
    }
    done = worded(_("Named. Another person in the %(office)s confirms it here."))
    return posted(request, form, name, done=done, to=("office-case-readers", campaign.pk)) or render(
        request, "office/case_readers.html", shown
    )


@doors.room("cases")
@doors.office
@of_campaign
@require_POST
def confirm(request: doors.PersonRequest, campaign: Campaign, reader_id: int) -> HttpResponse:
    """A second person confirms who is named."""
    row = found(next((one for one in reader_queries.readers_named(campaign.organisation) if one.pk == reader_id), None))
    deed, to = partial(guarding.confirm_reader, reader=row), ("office-case-readers", campaign.pk)
    return pressed(request, deed, done=_("Confirmed. This person can read what comes from tomorrow on."), to=to)


@doors.room("cases")
@doors.office
@of_campaign
@require_POST
def give(request: doors.PersonRequest, campaign: Campaign) -> HttpResponse:
    """Ask that what nobody may read is given to those named now, or confirm what another person asked."""
    top, to = campaign.organisation, ("office-case-readers", campaign.pk)
    asked = reader_queries.giving_asked(top)
    if asked and asked.asked_by_id != request.person.pk:
        deed: Callable[..., object] = partial(guarding.confirm_giving, giving=asked)
        return pressed(request, deed, done=_("Given to them. Their reporters and everybody see it."), to=to)
    done = worded(_("Asked. Another person in the %(office)s confirms it here."))
    return pressed(request, partial(guarding.ask_giving, organisation=top), done=done, to=to)


@doors.room("cases")
@doors.office
@of_campaign
def release(request: doors.PersonRequest, campaign: Campaign, reader_id: int) -> HttpResponse:
    """Release one of the two, asked about once: whoever is released gets nothing back of what they could read."""
    row = found(next((one for one in reader_queries.readers_named(campaign.organisation) if one.pk == reader_id), None))

    def let_go(*, at: Any, by: Person) -> None:
        guarding.release_reader(reader=row, at=at, by=by)

    is_asked = row.release_asked_by_id is None and row.from_on is not None
    done = worded(_("Asked. Another person in the %(office)s releases them here.")) if is_asked else _("Released.")
    form = forms.LetGoForm(request.POST or None)
    left = len([one for one in reader_queries.readers_named(campaign.organisation) if one.pk != row.pk])
    shown = {"campaign": campaign, "form": form, "row": row, "is_asked": is_asked, "left": left}
    return posted(request, form, let_go, done=done, to=("office-case-readers", campaign.pk)) or render(
        request, "office/case_release.html", shown
    )


@doors.room("cases")
@doors.office
@of_campaign
@require_POST
def keep(request: doors.PersonRequest, campaign: Campaign, reader_id: int) -> HttpResponse:
    """Take back that somebody is to be released, or decline it."""
    row = found(next((one for one in reader_queries.readers_named(campaign.organisation) if one.pk == reader_id), None))
    done = _("Not released. This person reads on.")
    return pressed(
        request, partial(guarding.keep_reader, reader=row), done=done, to=("office-case-readers", campaign.pk)
    )
