"""What the journal's entries are about, as a name that leads to its page, and what the rooms are called in its filter.

Only deeds with a word stand in the journal's page: what somebody of a house did. Ballots write no journal at all; of words of
anybody it says what they are about, never what they say.
"""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhengyou.awards import queries as awards
from zhengyou.awards.models import Commendation, Honour, Selection
from zhengyou.base.deeds import rows_named
from zhengyou.base.words import in_readers_words
from zhengyou.campaigns.models import Campaign, Cycle
from zhengyou.commitments.models import Commitment, Promise
from zhengyou.notices.models import Notice, Objection
from zhengyou.organisations.models import ImportDraft, Organisation, Person
from zhengyou.organisations.tree import is_within_any
from zhengyou.polls import queries as polls
from zhengyou.remarks.models import Remark
from zhengyou.situations.models import SituationReport
from zhengyou.vows.models import Vow
from zhengyou.web.office.deed_words import DEEDS
from zhengyou.web.shared.lists import Cell
from zhengyou.web.shared.subjects import address_of

JOURNALLED: dict[str, Any] = DEEDS | {
    "organisations.add_person": _("Person entered"),
    "identity.change_password": _("Password changed"),
}
ROOMS: dict[str, Any] = {
    "organisations": _("Tree, people and posts"),
    "roster": _("Changes of the roster"),
    "identity": _("Accounts"),
    "campaigns": _("Campaign and cycles"),
    "plans": _("Themes of the units"),
    "consultation": _("Plans"),
    "commitments": _("Promises"),
    "vows": _("Promises of individuals"),
    "situations": _("Situation reports"),
    "keeping": _("How promises end"),
    "remarks": _("What people wrote"),
    "cases": _("Cases"),
    "polls": _("Appraisals, planned"),
    "ballots": _("Appraisals, opened"),
    "paper": _("Paper"),
    "counting": _("Counting"),
    "scrutiny": _("Scrutineers"),
    "standings": _("Results"),
    "notices": _("Notices and objections"),
    "grades": _("Yearly grades"),
    "awards": _("Selections and honours"),
}


def names_of(references: Iterable[str], offices: list[Organisation]) -> dict[str, Cell]:
    """What these references name, each with the page where it stands, if these offices may open it. One query for each kind
    among them, at most thirteen.
    """
    wanted = set(references)
    cells = {
        one: _cell("office-organisation", row.pk, row.name, row, offices)
        for one, row in rows_named(Organisation, wanted).items()
    }
    for one, person in rows_named(Person, wanted, "organisation").items():
        cells[one] = _cell("office-person", person.pk, person.name, person.organisation, offices)
    for one, cycle in rows_named(Cycle, wanted, "campaign__organisation").items():
        cells[one] = _cell("office-cycle", cycle.pk, cycle.called, cycle.campaign.organisation, offices)
    for one, campaign in rows_named(Campaign, wanted, "organisation").items():
        cells[one] = _cell("office-campaign", campaign.pk, campaign.called, campaign.organisation, offices)
    reads_in = any(one.depth == 0 for one in offices)
    for one, draft in rows_named(ImportDraft, wanted).items():
        cells[one] = Cell(draft.file_name, reverse("office-import", args=[draft.pk]) if reads_in else "")
    for poll in polls.polls_with_references(wanted):
        top = poll.cycle.campaign.organisation
        cells[poll.reference] = _cell("office-poll", poll.key, in_readers_words(poll.name), top, offices)
    return cells | _of_words(wanted) | _of_promises(wanted) | _of_notices(wanted, offices) | _of_awards(wanted, offices)


def _of_words(wanted: set[str]) -> dict[str, Cell]:
    """What somebody's words are about: only things with a page of their own; a report, which has none, stays unnamed."""
    cells = {}
    for one, remark in rows_named(Remark, wanted, "organisation").items():
        if page := address_of(remark.subject, remark.organisation.code):
            cells[one] = Cell(remark.heading, page, note=remark.organisation.name)
    return cells


def _of_promises(wanted: set[str]) -> dict[str, Cell]:
    """What is published leads to its public page; a draft has none."""
    cells = {}
    for one, row in rows_named(Commitment, wanted, "organisation").items():
        cells[one] = _unit_cell(row.organisation, row.organisation.name)
    for one, promise in rows_named(Promise, wanted, "commitment__organisation").items():
        unit = promise.commitment.organisation
        is_out = (promise.state, promise.commitment.state) == (Promise.State.AGREED, Commitment.State.PUBLISHED)
        page = reverse("public-promise", args=[unit.code, promise.pk]) if is_out else ""
        cells[one] = Cell(promise.what, page, note=unit.name)
    for one, vow in rows_named(Vow, wanted, "organisation", "person").items():
        cells[one] = _unit_cell(vow.organisation, vow.person.name)
    for one, report in rows_named(SituationReport, wanted, "organisation").items():
        cells[one] = Cell(report.title, reverse("public-situation", args=[report.organisation.code, report.pk]))
    return cells


def _of_notices(wanted: set[str], offices: list[Organisation]) -> dict[str, Cell]:
    cells = {}
    for one, row in rows_named(Notice, wanted).items():
        cells[one] = Cell(row.title, reverse("public-notice", args=[row.year, row.number]))
    objections = rows_named(Objection, wanted, "notice")
    led = {row["named"] for row in awards.references_led_from(offices)} if objections else set()
    for one, objection in objections.items():
        title = _("Objection %(number)d to %(notice)s")
        words = title % {"number": objection.number, "notice": objection.notice.number_words}
        is_ours = objection.notice.subject in led
        cells[one] = Cell(words, reverse("office-objection", args=[objection.pk]) if is_ours else "")
    return cells


def _of_awards(wanted: set[str], offices: list[Organisation]) -> dict[str, Cell]:
    cells = {}
    for one, row in rows_named(Selection, wanted, "cycle__campaign__organisation").items():
        cells[one] = _cell("office-selection", row.pk, row.title, row.cycle.campaign.organisation, offices)
    for one, given in rows_named(Commendation, wanted, "selection__cycle__campaign__organisation").items():
        top = given.selection.cycle.campaign.organisation
        cells[one] = _cell("office-selection", given.selection_id, given.selection.title, top, offices)
    for one, honour in rows_named(Honour, wanted).items():
        cells[one] = Cell(f"{honour.holder} · {honour.title}", reverse("public-honour", args=[honour.code]))
    return cells


def _unit_cell(unit: Organisation, words: Any) -> Cell:
    return Cell(words, reverse("public-organisation", args=[unit.code]))


def _cell(page: str, part: Any, words: Any, place: Organisation, offices: list[Organisation]) -> Cell:
    return Cell(words, reverse(page, args=[part]) if is_within_any(place, offices) else "")
