"""How far an office reaches: where that has its place which an address of the office names.

A literal table: for the beginning of an address's name and a part of it, the organisation whose office looks after the row. A new
address is covered by the names of its parts; a test fails for one whose parts say nothing.
"""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

from zhengyou.awards import queries as awards
from zhengyou.base import jobs
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.cases import queries as cases
from zhengyou.identity import rules as identity_rules
from zhengyou.notices import queries as notices
from zhengyou.notices.models import Notice
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation
from zhengyou.pledges import queries as pledges
from zhengyou.polls import queries as polls
from zhengyou.remarks import queries as remarks
from zhengyou.roster import queries as roster
from zhengyou.windows import queries as windows

Parts = Mapping[str, Any]
Places = Organisation | list[Organisation] | None
Seen = dict[tuple[Callable[[Any], Any], Any], Any]  # the rows that a door looked at, by how and by what they were found


def _row(
    part: str, fetch: Callable[[Any], Any], place: Callable[[Any], Organisation]
) -> Callable[[Parts, Seen], Places]:
    """Finds the place of one row. The row is kept for the page, which asks for the same one."""

    def find(parts: Parts, seen: Seen) -> Places:
        row = seen[fetch, parts[part]] = fetch(parts[part])
        return place(row) if row else None

    return find


def _change(parts: Parts, _seen: Seen) -> Places:
    """Where what happened has its place: of a post, where it is held; of a person, where they belong."""
    row = roster.change_with_id(parts["change_id"])
    if row is None or row.person is None:
        return row.organisation if row else None
    return row.into_organisation if row.kind in roster.OF_POSTS else row.person.organisation


def _together(parts: Parts, _seen: Seen) -> Places:
    return list(roster.places_together(parts["together_key"]))


def _honour(parts: Parts, _seen: Seen) -> Places:
    row = awards.honours_register().filter(pk=parts["pk"]).first()
    return _of(row.commendation.selection.cycle) if row else None


def _objection(parts: Parts, _seen: Seen) -> Places:
    row = notices.docket().filter(pk=parts["pk"]).first()
    return _of_notice(row.notice) if row else None


def _notice(parts: Parts, _seen: Seen) -> Places:
    return _of_notice(notices.notice_numbered(parts["year"], parts["number"]))


def _job(parts: Parts, _seen: Seen) -> Places:
    row = jobs.job_with_number(parts["number"])
    asked = polls.polls_with_references([row.about]) if row else []
    return _of(asked[0].cycle) if asked else None


def _of(cycle: Cycle) -> Organisation:
    return cycle.campaign.organisation


def _of_cycle_of(row: Any) -> Organisation:
    return _of(row.cycle)


def _of_notice(notice: Notice | None) -> Organisation | None:
    """A notice knows its subject as text: the selection that it is about."""
    kind, _colon, number = notice.subject.partition(":") if notice else ("", "", "")
    row = awards.selection(int(number)) if kind == "selection" else None
    return _of(row.cycle) if row else None


_selection = _row("pk", awards.selection, _of_cycle_of)
PLACES: tuple[tuple[str, str, Callable[[Parts, Seen], Places]], ...] = (
    ("office-", "campaign_id", _row("campaign_id", campaigns.campaign_with_id, attrgetter("organisation"))),
    ("office-", "cycle_id", _row("cycle_id", campaigns.cycle_with_id, _of)),
    ("office-", "key", _row("key", polls.poll_with_key, _of_cycle_of)),
    ("office-", "person_id", _row("person_id", organisations.person_with_id, attrgetter("organisation"))),
    ("office-", "organisation_id", _row("organisation_id", organisations.organisation_with_id, lambda row: row)),
    ("office-", "post_id", _row("post_id", organisations.post_with_id, attrgetter("organisation"))),
    ("office-", "change_id", _change),
    ("office-", "together_key", _together),
    ("office-", "remark_id", _row("remark_id", remarks.remark_with_id, attrgetter("organisation"))),
    ("office-", "case_id", _row("case_id", cases.case_with_id, attrgetter("unit"))),
    ("office-", "pledge_id", _row("pledge_id", pledges.commitment_with_id, attrgetter("person.organisation"))),
    ("office-", "year", _notice),
    ("office-window", "window_id", _row("window_id", windows.point_with_id, attrgetter("organisation"))),
    ("office-window", "flag_id", _row("flag_id", windows.flag_with_id, attrgetter("window.organisation"))),
    ("office-selection", "pk", _selection),
    ("office-candidate", "pk", _selection),
    ("office-honour", "pk", _honour),
    ("office-objection", "pk", _objection),
    ("office-job", "number", _job),
)


def places_named(name: str, parts: Parts, seen: Seen) -> list[Organisation]:
    """The organisations whose offices look after what an address names; none for a row that is not there, which the page says."""
    found = [
        find(parts, seen)
        for beginning, part, find in PLACES
        if name.startswith(beginning) and parts.get(part) is not None
    ]
    return [place for places in found if places for place in (places if isinstance(places, list) else [places])]


def limit(request: Any, form: Any) -> None:
    """The boxes of an office's form, in which organisations and people are looked for, look no further than the office reaches."""
    offices = getattr(request, "offices", None)
    for field in form.fields.values():
        if hasattr(field, "offices"):
            field.offices = offices


def check_typed(request: Any, given: Mapping[str, Any]) -> None:
    """What a form of the office names among the organisations lies within its reach. Raises RoleRefused."""
    offices = getattr(request, "offices", None)
    if offices is not None:
        identity_rules.check_reaches(offices, [value for value in given.values() if isinstance(value, Organisation)])
