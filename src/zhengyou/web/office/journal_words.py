"""What the journal's entries are about, as a name that leads to its page, and what the rooms are called in its filter.

Only deeds with a word stand in the journal's page: what somebody of a house did. Ballots write no journal at all, and marks
and words of anybody, which have no name, are left out.
"""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhengyou.awards.models import Commendation, Honour, Selection
from zhengyou.base.deeds import rows_named
from zhengyou.base.words import in_readers_words
from zhengyou.campaigns.models import Campaign, Cycle
from zhengyou.commitments.models import Commitment, Promise
from zhengyou.notices.models import Notice, Objection
from zhengyou.organisations.models import ImportDraft, Organisation, Person
from zhengyou.polls import queries as polls
from zhengyou.situations.models import SituationReport
from zhengyou.vows.models import Vow
from zhengyou.web.office.deed_words import DEEDS
from zhengyou.web.shared.lists import Cell

JOURNALLED: dict[str, Any] = DEEDS | {
    "organisations.add_person": _("Person entered"),
    "identity.change_password": _("Password changed"),
}
ROOMS: dict[str, Any] = {
    "organisations": _("Tree, people and posts"),
    "roster": _("Changes of the roster"),
    "identity": _("Accounts"),
    "campaigns": _("Campaign and cycles"),
    "plans": _("Practice themes"),
    "consultation": _("Plans"),
    "commitments": _("Promises"),
    "vows": _("Promises of single people"),
    "situations": _("Reports on the situation"),
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


def names_of(references: Iterable[str]) -> dict[str, Cell]:
    """What these references name, each with the page where it stands. One query for each kind among them, at most twelve."""
    wanted = set(references)
    cells = {
        one: _cell("office-organisation", row.pk, row.name) for one, row in rows_named(Organisation, wanted).items()
    }
    cells |= {one: _cell("office-person", row.pk, row.name) for one, row in rows_named(Person, wanted).items()}
    cells |= {one: _cell("office-cycle", row.pk, row.name) for one, row in rows_named(Cycle, wanted).items()}
    cells |= {one: _cell("office-campaign", row.pk, row.name) for one, row in rows_named(Campaign, wanted).items()}
    cells |= {
        one: _cell("office-import", row.pk, row.file_name) for one, row in rows_named(ImportDraft, wanted).items()
    }
    for poll in polls.polls_with_references(wanted):
        cells[poll.reference] = _cell("office-poll", poll.key, in_readers_words(poll.name))
    return cells | _of_promises(wanted) | _of_notices(wanted) | _of_awards(wanted)


def _of_promises(wanted: set[str]) -> dict[str, Cell]:
    cells = {}
    for one, row in rows_named(Commitment, wanted, "organisation").items():
        cells[one] = _cell("public-organisation", row.organisation.code, row.organisation.name)
    for one, promise in rows_named(Promise, wanted, "commitment__organisation").items():
        unit = promise.commitment.organisation
        cells[one] = Cell(promise.what, reverse("public-promise", args=[unit.code, promise.pk]), note=unit.name)
    for one, vow in rows_named(Vow, wanted, "organisation", "person").items():
        cells[one] = _cell("public-organisation", vow.organisation.code, vow.person.name)
    for one, report in rows_named(SituationReport, wanted, "organisation").items():
        cells[one] = Cell(report.title, reverse("public-situation", args=[report.organisation.code, report.pk]))
    return cells


def _of_notices(wanted: set[str]) -> dict[str, Cell]:
    cells = {}
    for one, row in rows_named(Notice, wanted).items():
        cells[one] = Cell(row.title, reverse("public-notice", args=[row.year, row.number]))
    for one, objection in rows_named(Objection, wanted, "notice").items():
        title = _("Objection %(number)d to %(notice)s")
        words = title % {"number": objection.number, "notice": objection.notice.number_words}
        cells[one] = Cell(words, reverse("office-objection", args=[objection.pk]))
    return cells


def _of_awards(wanted: set[str]) -> dict[str, Cell]:
    cells = {one: _cell("office-selection", row.pk, row.title) for one, row in rows_named(Selection, wanted).items()}
    for one, row in rows_named(Commendation, wanted, "selection").items():
        cells[one] = _cell("office-selection", row.selection_id, row.selection.title)
    for one, honour in rows_named(Honour, wanted).items():
        cells[one] = Cell(f"{honour.holder} · {honour.title}", reverse("public-honour", args=[honour.code]))
    return cells


def _cell(page: str, part: Any, words: Any) -> Cell:
    return Cell(words, reverse(page, args=[part]))
