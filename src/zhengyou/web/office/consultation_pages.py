"""The plans of a cycle for its office: how each stands, and whose remarks wait for an answer. Writing and answering are at the desk."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from zhengyou.base.refusals import allows
from zhengyou.base.words import joined
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.consultation import queries, rules
from zhengyou.consultation.models import Plan
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Post
from zhengyou.organisations.vocabulary import word
from zhengyou.web.office.roster_words import name_and_path
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.narrowing import Filter, of_unit

of_cycle = doors.of_campaign("cycle_id", campaigns.cycle_with_id)


@doors.room("consultation")
@doors.office
@of_cycle
def plans(request: doors.PersonRequest, cycle: Cycle) -> HttpResponse:
    """Every plan of the cycle, drafts too."""
    top = cycle.campaign.organisation
    return listed(
        request,
        "office/plans.html",
        queries.plans_in(cycle, clock.today()),
        [
            Column(_("Plan"), _title_of, order="title"),
            Column(_("Unit"), _unit_of, order="organisation__path"),
            Column(_("State"), lambda row: {"plan": row}, part="parts/plan_state.html"),
            Column(_("Comments until"), lambda row: row.open_until, order="open_until"),
            Column(_("Without an answer"), _unanswered_of, order="unanswered", is_figure=True),
        ],
        name="plans",
        nothing=_("No plan has been begun in this cycle."),
        search=_("Find a plan by its title, or by the name of its unit"),
        paths=("title", *of_unit("organisation")),
        filters=[Filter("phase", _("State"), "phase_now", Plan.Phase.choices)],
        cycle=cycle,
        may_begin=top if allows(rules.check_may_plan, request.person, top, clock.today()) else None,
    )


@doors.room("consultation")
@doors.office
@of_cycle
def missing(request: doors.PersonRequest, cycle: Cycle) -> HttpResponse:
    """The units of the campaign that have no plan which everybody may read."""
    leads: dict[int, list[str]] = {}
    return listed(
        request,
        "office/plans_missing.html",
        queries.units_without_plan(cycle, clock.today()),
        [
            Column(_("Unit"), name_and_path, order="path"),
            Column(_("Code"), lambda row: row.code, order="code"),
            Column(word("Secretary"), lambda row: joined(leads.get(row.pk, []))),
        ],
        name="without-plan",
        nothing=_("Every unit has a plan that can be read."),
        search=_("Find a unit"),
        paths=of_unit(),
        before=lambda rows: leads.update(organisations.names_of_holders(Post.Role.SECRETARY, rows, clock.today())),
        cycle=cycle,
    )


def _title_of(row: Any) -> Cell:
    """To where everybody reads it; what is not public leads nowhere, as drafts are their writers' own."""
    is_public = rules.is_public(row, clock.today())
    return Cell(row.title, reverse("public-plan", args=[row.organisation.code, row.pk]) if is_public else "")


def _unit_of(row: Any) -> Cell:
    return Cell(row.organisation.name, reverse("public-organisation", args=[row.organisation.code]))


def _unanswered_of(row: Any) -> Cell:
    """How many, and since when the oldest is late."""
    due_on = rules.answer_due_on(row.oldest) if row.oldest else None
    note = (
        _("answers are late since %(day)s") % {"day": date_format(due_on)} if due_on and due_on < clock.today() else ""
    )
    return Cell(row.unanswered or "", note=note)
