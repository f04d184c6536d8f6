"""Contact points: which unit has nobody who answers or no leader who looks after it, and which leader has no unit."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from zhengyou.base.words import joined
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Campaign
from zhengyou.leadership import actions, queries
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Term
from zhengyou.web.office import leadership_forms as forms
from zhengyou.web.shared import clock, doors, meanwhile
from zhengyou.web.shared.fields import terms_in_readers_words
from zhengyou.web.shared.lists import Cell, Column, listed, numbers_in, ticks
from zhengyou.web.shared.narrowing import Filter, of_person, of_unit
from zhengyou.web.shared.pages import posted, pressed

MOST_NAMED = 8
of_campaign = doors.of_campaign("campaign_id", campaigns.campaign_with_id)


@doors.room("leadership")
@doors.office
@of_campaign
def coverage(request: doors.PersonRequest, campaign: Campaign) -> HttpResponse:
    """Every unit with who answers for it and which leader looks after it; posting gives the ticked ones a leader."""
    form, on = forms.AdoptForm(request.POST or None), clock.today()
    adopted = posted(request, form, partial(_adopt, request, campaign))
    return adopted or listed(
        request,
        "office/contact_points.html",
        queries.coverage(campaign, on),
        _columns(names := dict[int, str](), on),
        name="contact-points",
        nothing=_("No unit takes part yet. Import the units first."),
        search=_("Find a unit by name, code or pinyin"),
        paths=of_unit(),
        filters=[
            Filter("led", _("Leader"), "led", [("no", _("nobody looks after it")), ("yes", _("somebody does"))]),
            Filter(
                "answered", _("Responsible"), "answered", [("no", _("nobody answers")), ("yes", _("somebody answers"))]
            ),
            Filter("part", _("Within"), "path__startswith", _parts(campaign), of_units=True),
        ],
        before=lambda rows: _keep_names(names, campaign, rows),
        campaign=campaign,
        form=form,
        parts=queries.coverage_by_part(campaign, on),
        **_idle(campaign),
    )


def _idle(campaign: Campaign) -> dict[str, Any]:
    """The leaders without a unit, and the names of the first of them."""
    idle = queries.idle_leaders(campaign, clock.today())
    more = " …" if len(idle) > MOST_NAMED else ""
    return {"idle": idle, "idle_names": joined(one.name for one in idle[:MOST_NAMED]) + more}


def _adopt(request: doors.PersonRequest, campaign: Campaign, leader: Any, from_on: Any, **acting: Any) -> HttpResponse:
    ids = [int(number) for number, _same in numbers_in(request.POST, "row")]
    units = list(queries.units_of(campaign).filter(pk__in=ids))
    new = actions.adopt_units(campaign=campaign, leader=leader, units=units, from_on=from_on, **acting)
    text = ngettext("%(name)s now looks after %(n)d more unit.", "%(name)s now looks after %(n)d more units.", new)
    messages.success(request, text % {"name": leader.name, "n": new})
    return redirect(request.get_full_path())


def _parts(campaign: Campaign) -> list[tuple[str, str]]:
    return [(row.path, row.name) for row in organisations.children(campaign.organisation)]


def _keep_names(names: dict[int, str], campaign: Campaign, rows: list[Any]) -> None:
    leaders = queries.leaders_at(campaign, [row.pk for row in rows], clock.today())
    names.update({pk: joined(several) for pk, several in leaders.items()})


def _columns(names: dict[int, str], _on: Any) -> list[Column]:
    tiers = terms_in_readers_words(Term.Category.TIER)
    return [
        Column(_("Unit"), _unit, order="path"),
        Column(_("Code"), lambda row: row.code, is_only_in_files=True),
        Column(_("Leader who looks after it"), lambda row: names.get(row.pk, "")),
        *[Column(words, _of_tier(tier), order=tier) for tier, words in tiers],
        ticks(lambda row: row.name),
    ]


def _of_tier(tier: str) -> Callable[[Any], str]:
    return lambda row: getattr(row, tier, None) or ""


def _unit(row: Any) -> Cell:
    above = row.parent.name if row.parent_id else ""
    return Cell(row.name, reverse("public-organisation", args=[row.code]), note=above)


@doors.room("leadership")
@doors.office
@of_campaign
def leaders(request: doors.PersonRequest, campaign: Campaign) -> HttpResponse:
    """Every leader with the units they look after, those with none first; posting gives one a unit."""
    form = forms.AdoptOneForm(request.POST or None, within=campaign.organisation)
    done, to = _("The leader looks after this unit now. Its page shows it."), ("office-contact-leaders", campaign.pk)
    rows, on = queries.leaders_of(campaign, clock.today()), clock.today()
    points: dict[int, list[tuple[int, Organisation]]] = {}
    return posted(request, form, partial(actions.adopt_unit, campaign=campaign), done=done, to=to) or listed(
        request,
        "office/contact_leaders.html",
        rows,
        [
            Column(_("Leader"), _leader, order="person__name_key"),
            Column(_("Post"), lambda row: row.duty),
            Column(
                _("Looks after"),
                lambda row: {"points": points.get(row.pk, []), "campaign": campaign},
                part="parts/contact_points.html",
            ),
        ],
        name="leaders",
        nothing=_("There is no leader yet. Form the leading group, or give somebody the post of a leader."),
        search=_("Find a leader by name"),
        paths=(*of_person("person"), "duty"),
        before=lambda some: points.update(queries.points_of(campaign, [row.pk for row in some], on)),
        filters=[Filter("units", _("Show"), "has", [("none", _("without a unit")), ("some", _("with a unit"))])],
        campaign=campaign,
        form=form,
    )


def _leader(row: queries.Leader) -> Cell:
    return Cell(row.person.name, reverse("office-person", args=[row.pk]))


@doors.room("leadership")
@doors.office
@require_POST
@of_campaign
def end(request: doors.PersonRequest, campaign: Campaign, point_id: int) -> HttpResponse:
    """A leader looks after a unit no longer, from today."""
    row = queries.contact_point_with_id(point_id)
    gone = _("This contact point no longer exists.")
    point = meanwhile.still(row if row and row.campaign_id == campaign.pk else None, gone)
    facts = {"name": point.leader.name, "unit": point.organisation.name}
    done = _("%(name)s no longer looks after %(unit)s. If that was a mistake, enter it again.") % facts
    deed = partial(actions.release_unit, point=point, until_on=clock.today())
    return pressed(request, deed, done=done, to=("office-contact-leaders", campaign.pk))
