"""How far an office reaches: where that has its place which an address of the office names.

A literal table: for the beginning of an address's name and a part of it, the organisation whose office looks after the row. A new
address is covered by the names of its parts; a test fails for one whose parts say nothing.
"""

from collections.abc import Callable, Mapping
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


def _campaign(parts: Parts) -> Organisation | None:
    row = campaigns.campaign_with_id(parts["campaign_id"])
    return row.organisation if row else None


def _cycle(parts: Parts) -> Organisation | None:
    return _of(campaigns.cycle_with_id(parts["cycle_id"]))


def _poll(parts: Parts) -> Organisation | None:
    row = polls.poll_with_key(parts["key"])
    return _of(row.cycle) if row else None


def _person(parts: Parts) -> Organisation | None:
    row = organisations.person_with_id(parts["person_id"])
    return row.organisation if row else None


def _organisation(parts: Parts) -> Organisation | None:
    return organisations.organisation_with_id(parts["organisation_id"])


def _post(parts: Parts) -> Organisation | None:
    row = organisations.post_with_id(parts["post_id"])
    return row.organisation if row else None


def _change(parts: Parts) -> Organisation | None:
    """Where what happened has its place: of a post, where it is held; of a person, where they belong."""
    row = roster.change_with_id(parts["change_id"])
    if row is None or row.person is None:
        return row.organisation if row else None
    return row.into_organisation if row.kind in roster.OF_POSTS else row.person.organisation


def _together(parts: Parts) -> list[Organisation]:
    return list(roster.places_together(parts["together_key"]))


def _pledge(parts: Parts) -> Organisation | None:
    row = pledges.commitment_with_id(parts["pledge_id"])
    return row.person.organisation if row else None


def _remark(parts: Parts) -> Organisation | None:
    row = remarks.remark_with_id(parts["remark_id"])
    return row.organisation if row else None


def _case(parts: Parts) -> Organisation | None:
    row = cases.case_with_id(parts["case_id"])
    return row.unit if row else None


def _window(parts: Parts) -> Organisation | None:
    row = windows.point_with_id(parts["window_id"])
    return row.organisation if row else None


def _window_flag(parts: Parts) -> Organisation | None:
    row = windows.flag_with_id(parts["flag_id"])
    return row.window.organisation if row else None


def _selection(parts: Parts) -> Organisation | None:
    row = awards.selection(parts["pk"])
    return _of(row.cycle) if row else None


def _honour(parts: Parts) -> Organisation | None:
    row = awards.honours_register().filter(pk=parts["pk"]).first()
    return _of(row.commendation.selection.cycle) if row else None


def _objection(parts: Parts) -> Organisation | None:
    row = notices.docket().filter(pk=parts["pk"]).first()
    return _of_notice(row.notice) if row else None


def _notice(parts: Parts) -> Organisation | None:
    return _of_notice(notices.notice_numbered(parts["year"], parts["number"]))


def _job(parts: Parts) -> Organisation | None:
    row = jobs.job_with_number(parts["number"])
    asked = polls.polls_with_references([row.about]) if row else []
    return _of(asked[0].cycle) if asked else None


def _of(cycle: Cycle | None) -> Organisation | None:
    return cycle.campaign.organisation if cycle else None


def _of_notice(notice: Notice | None) -> Organisation | None:
    """A notice knows its subject as text: the selection that it is about."""
    kind, _colon, number = notice.subject.partition(":") if notice else ("", "", "")
    return _selection({"pk": int(number)}) if kind == "selection" else None


PLACES: tuple[tuple[str, str, Callable[[Parts], Organisation | list[Organisation] | None]], ...] = (
    ("office-", "campaign_id", _campaign),
    ("office-", "cycle_id", _cycle),
    ("office-", "key", _poll),
    ("office-", "person_id", _person),
    ("office-", "organisation_id", _organisation),
    ("office-", "post_id", _post),
    ("office-", "change_id", _change),
    ("office-", "together_key", _together),
    ("office-", "remark_id", _remark),
    ("office-", "case_id", _case),
    ("office-", "pledge_id", _pledge),
    ("office-", "year", _notice),
    ("office-window", "window_id", _window),
    ("office-window", "flag_id", _window_flag),
    ("office-selection", "pk", _selection),
    ("office-candidate", "pk", _selection),
    ("office-honour", "pk", _honour),
    ("office-objection", "pk", _objection),
    ("office-job", "number", _job),
)


def places_named(name: str, parts: Parts) -> list[Organisation]:
    """The organisations whose offices look after what an address names; none for a row that is not there, which the page says."""
    found = [
        find(parts) for beginning, part, find in PLACES if name.startswith(beginning) and parts.get(part) is not None
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
