"""What is due about cases, as lines: for whoever has them in hand or decides on them, and for the office that looks after them."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from zhengyou.campaigns.models import Cycle
from zhengyou.cases import due_queries, rules
from zhengyou.cases.due_queries import CaseDue
from zhengyou.organisations.models import Post
from zhengyou.organisations.readers import Reader
from zhengyou.organisations.tree import is_within_any
from zhengyou.organisations.vocabulary import worded
from zhengyou.web.shared.due_lines import DueLine
from zhengyou.web.shared.stages import calendars_for

# Guesses until they are measured: looking into a case, deciding on one, handing one over, giving one to a unit, a call.
MINUTES = {
    "work": 15,
    "decide": 10,
    "hand_over": 10,
    "aside": 5,
    "assign": 3,
    "aside_flood": 5,
    "pause": 3,
    "call_back": 10,
    "write_back": 3,
    "close": 1,
}
NAMED = ("work", "decide")  # what goes around a unit is named nowhere but on the readers' own pages
DESK_ROLES = (Post.Role.SECRETARY, Post.Role.LEADER, Post.Role.CAMPAIGN_OFFICE)


def desk_case_lines(reader: Reader, ended: Iterable[Cycle] = ()) -> list[DueLine]:
    """What this person has to do about cases, also about those that carried over from cycles that are over."""
    if reader.person is None:
        return []
    holds_a_post = bool(reader.organisations_as(*DESK_ROLES))
    calendars = calendars_for(reader) if holds_a_post else []
    return [_line(one) for one in due_queries.due_for(reader, calendars, ended if holds_a_post else ())]


def office_case_lines(reader: Reader, cycle: Cycle | None) -> list[DueLine]:
    """What the office of this cycle has to do about its cases. An office below has no list of them, so it has no line either."""
    if cycle is None or reader.person is None or rules.ROOM not in cycle.ruleset.rooms:
        return []
    offices = reader.organisations_as(Post.Role.CAMPAIGN_OFFICE)
    if not is_within_any(cycle.campaign.organisation, offices):
        return []
    dues = due_queries.due_for_office(reader.person, offices, cycle, reader.on)
    return [_line(one) for one in dues]


def _line(one: CaseDue) -> DueLine:
    late = ngettext("%(n)d is late", "%(n)d are late", one.late) % {"n": one.late} if one.late else ""
    return DueLine(
        _address(one),
        worded(_texts(one.count)[one.kind], n=one.count),
        one.unit.name if one.unit and one.kind in NAMED else "",
        one.due_on,
        minutes=MINUTES[one.kind] * one.count,
        organisation=one.unit.pk if one.unit and one.kind == "work" else None,
        since=one.first_on,
        cycle=one.cycle.pk if one.cycle else None,
        late=late,
    )


def _texts_of_readers(n: int) -> dict[str, Any]:
    return {
        "hand_over": ngettext("Hand over %(n)d report", "Hand over %(n)d reports", n),
        "aside": ngettext(
            "Say whether %(n)d report is set aside, as the other reader asks",
            "Say whether %(n)d reports are set aside, as the other reader asks",
            n,
        ),
    }


def _texts(n: int) -> dict[str, Any]:
    return _texts_of_readers(n) | {
        "work": ngettext("Deal with %(n)d case", "Deal with %(n)d cases", n),
        "decide": ngettext("Decide on %(n)d case called impossible", "Decide on %(n)d cases called impossible", n),
        "assign": ngettext("Give %(n)d report to its unit", "Give %(n)d reports to their units", n),
        "call_back": ngettext("Call %(n)d reporter back", "Call %(n)d reporters back", n),
        "write_back": ngettext(
            "Write to %(n)d reporter who left no number", "Write to %(n)d reporters who left no number", n
        ),
        "aside_flood": ngettext(
            "Say whether %(n)d report is set aside, as another person in the %(office)s asks",
            "Say whether %(n)d reports are set aside, as another person in the %(office)s asks",
            n,
        ),
        "pause": ngettext(
            "Answer %(n)d unit that asks to pause a time limit",
            "Answer %(n)d units that ask to pause a time limit",
            n,
        ),
        "close": ngettext(
            "Close %(n)d case whose reporter has been silent for a long time",
            "Close %(n)d cases whose reporters have been silent for a long time",
            n,
        ),
    }


def _address(one: CaseDue) -> str:
    if one.kind in ("hand_over", "aside"):
        return reverse("desk-guarded")
    if one.cycle is None or one.kind in ("work", "decide"):
        return reverse("desk-cases")
    query = {
        "assign": "?due=give",
        "aside_flood": "?state=received",
        "pause": "?due=pause",
        "call_back": "?due=uncalled",
        "write_back": "?due=unwritten",
        "close": "?due=silent",
    }[one.kind]
    return reverse("office-cases", args=[one.cycle.pk]) + query
