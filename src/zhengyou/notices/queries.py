"""What pages and higher rooms ask about notices and objections. Nothing about an objection is for the public."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import rfc8785
from django.db.models import Case, Count, IntegerField, Min, Q, QuerySet, Value, When

from zhengyou.base import codes
from zhengyou.base.entries import Erasable
from zhengyou.base.prepared import prepared
from zhengyou.base.searching import Searchable
from zhengyou.base.time import calendar_is_official, local_day, working_days_after, working_days_between
from zhengyou.notices import rules
from zhengyou.notices.models import Notice, Objection, ObjectionCode
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.organisations.readers import Reader
from zhengyou.organisations.tree import ids_of

LOOKUP = "objection"
CLOSED = (Objection.State.ANSWERED, Objection.State.SET_ASIDE)
UNLOOKED = Q(is_from_flood=True, state=Objection.State.RECEIVED)
MOST_RULINGS = 10
SEARCHED_AS = "notice"


@dataclass(frozen=True)
class Clock:
    """Where a notice stands. `days_left` counts working days, today's with them; 0 once the notice has ended."""

    is_running: bool
    is_last_day: bool
    days_left: int


@dataclass(frozen=True)
class NoticeFlood:
    """What came to a notice in a flood and nobody has looked at: how much, since when."""

    notice: Notice
    count: int
    first_at: datetime


@dataclass(frozen=True)
class Docket:
    """What is due in the docket: objections to handle, those of a flood to look at, and since when the oldest waits.

    `first` is the one objection to handle, if it is only one.
    """

    objections: int
    flood: int
    oldest_at: datetime | None
    first: Objection | None


@dataclass(frozen=True)
class Ruling:
    """What was decided on an objection, which is public; the objection itself is not."""

    notice: Notice
    is_upheld: bool
    on: date


@dataclass(frozen=True)
class Nominee:
    """One nominee as everybody reads it: `deeds` and `evidence` are empty on the lasting face of a notice of people."""

    reference: str
    organisation: int
    name: str
    unit: str
    post: str
    deeds: str
    evidence: dict[str, Any] | None
    is_person: bool
    is_removed: bool


@dataclass(frozen=True)
class LastDay:
    """The last day of a notice; in a year whose days off are not known yet, Monday to Friday were counted."""

    ends_on: date
    is_by_official_calendar: bool


def clock_of(notice: Notice, at: datetime) -> Clock:
    """How long objections still count at that instant."""
    is_running = notice.published_at <= at < notice.closes_at and not notice.is_withdrawn
    today = local_day(at)
    first = max(today, local_day(notice.restarted_at or notice.published_at) + timedelta(days=1))
    left = working_days_between(first, notice.ends_on) if is_running else 0
    return Clock(is_running=is_running, is_last_day=is_running and today == notice.ends_on, days_left=left)


def last_day(published_on: date, working_days: int) -> LastDay:
    """On which day a notice published on that day would end, and whether the official calendar is known until then."""
    ends_on = working_days_after(published_on, working_days)
    return LastDay(ends_on, calendar_is_official(published_on) and calendar_is_official(ends_on))


def notices(at: datetime) -> QuerySet[Notice]:
    """All notices published by then: those still running first, then the newest."""
    running = Case(When(closes_at__gt=at, then=Value(0)), default=Value(1), output_field=IntegerField())
    return Notice.objects.filter(published_at__lte=at).order_by(running, "-published_at", "-id")


def notice_numbered(year: int, number: int) -> Notice | None:
    """The notice with this number, or None."""
    return Notice.objects.filter(year=year, number=number).first()


def published_notice(year: int, number: int, at: datetime) -> Notice | None:
    """The notice with this number, if it has been published by then."""
    return Notice.objects.filter(year=year, number=number, published_at__lte=at).first()


def notices_naming(organisation: Organisation, at: datetime) -> list[Notice]:
    """The notices published by then on which the organisation itself is a candidate, the newest first."""
    return _naming(named_as(organisation), at)


def named_as(organisation: Organisation) -> str:
    """What stands in the snapshot of a notice on which it is a candidate, as JSON: for `naming`."""
    return json.dumps({"nominees": [{"reference": organisation.reference}]})


def naming(part_of_snapshot: str) -> QuerySet[Notice]:
    """The notices whose snapshot has this, published or not."""
    return Notice.objects.filter(snapshot__contains=part_of_snapshot)


@prepared
def _naming(part_of_snapshot: str, at: datetime) -> QuerySet[Notice]:
    return naming(part_of_snapshot).filter(published_at__lte=at).order_by("-published_at", "-id")


def searchable(notices: Iterable[Notice]) -> list[Searchable]:
    """How these notices are found: by title, number and candidates, and as a 公示."""
    return [
        Searchable(
            kind=SEARCHED_AS,
            reference=row.reference,
            title=row.title,
            address=f"{row.year}/{row.number}",
            more=(f"公示 notice {row.year} {row.number}", f"第{row.number}号", *_units(row)),
        )
        for row in notices
    ]


def names_people(notice: Notice) -> bool:
    """Whether a notice announces people."""
    return any(row.get("person") for row in notice.nominees)


def has_lasting_face(notice: Notice, at: datetime) -> bool:
    """Whether a notice of people has run its time, or was withdrawn: then name, post, unit and ruling stay, and deeds go."""
    return names_people(notice) and (at >= notice.closes_at or notice.is_withdrawn)


def nominees_shown(notice: Notice, at: datetime) -> list[Nominee]:
    """The nominees as everybody reads them at that instant; who was taken off by an objection stands on the lasting face only."""
    is_lasting = has_lasting_face(notice, at)
    removed = removed_nominees(notice) if is_lasting else set()
    return [
        Nominee(
            row["reference"],
            row["organisation"],
            row["name"],
            row["unit"],
            row.get("post", ""),
            "" if is_lasting else row["deeds"],
            None if is_lasting else row["evidence"],
            bool(row.get("person")),
            row["reference"] in removed,
        )
        for row in notice.nominees
    ]


def public_facts(notice: Notice) -> dict[str, Any]:
    """What a notice's public entry says. The deeds of candidates may name people, so of the snapshot it holds a salted hash.

    Of a notice of people nobody can take the text from the data either: it stands on the notice alone, as long as that runs.
    """
    return {
        "title": notice.title,
        "ends_on": notice.ends_on,
        "candidates": _units(notice),
        "snapshot": Erasable(rfc8785.dumps(notice.snapshot).decode(), is_public=not names_people(notice)),
    }


def _units(notice: Notice) -> list[str]:
    """The names of candidates that are organisations. Those of people stand on the notice alone, and go with it."""
    return [row["name"] for row in notice.nominees if row["reference"].startswith("organisation:")]


def notice_on(subject: str) -> Notice | None:
    """The notice about this subject, if one has been published and not withdrawn."""
    return Notice.objects.filter(subject=subject, withdrawn_at=None).first()


def last_receiving() -> dict[str, str]:
    """Where the newest notice sent objections to: body, phone, mail and address, so that nobody types them twice."""
    fields = ("receiving_body", "phone", "mail", "address")
    return Notice.objects.order_by("-published_at").values(*fields).first() or {}


def nominee(notice: Notice, reference: str) -> dict[str, Any] | None:
    """One nominee of the frozen snapshot, or None."""
    return next((row for row in notice.nominees if row["reference"] == reference), None)


def nominee_organisations(objection: Objection) -> list[Organisation]:
    """The organisations an objection concerns: its nominee's, or those of all nominees when it is to the whole."""
    rows = [row for row in objection.notice.nominees if objection.nominee in {"", row["reference"]}]
    return list(Organisation.objects.filter(id__in=[row["organisation"] for row in rows]))


def docket() -> QuerySet[Objection]:
    """All objections: open ones first, in the order of their arrival; what waits as a flood comes after them."""
    is_open = Case(
        When(state__in=CLOSED, then=Value(2)),
        When(UNLOOKED, then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    return Objection.objects.select_related("notice").order_by(is_open, "arrived_at", "id")


def objection_for(pk: int, *, reader: Person, on: date) -> Objection | None:
    """One objection, or None. Raises OutsiderRefused for a reader who belongs to the nominee."""
    row = Objection.objects.select_related("notice", "checked_by").filter(pk=pk).first()
    if row is not None:
        rules.check_is_outside(reader, nominee_organisations(row), on)
    return row


def objection_with_code(code: str) -> Objection | None:
    """The objection whose lookup code this is, or None; written as forgivingly as any one-time code."""
    row = ObjectionCode.objects.select_related("objection__notice").filter(lookup=codes.digest(LOOKUP, code)).first()
    return row.objection if row else None


def lookup_code(ticket: str) -> str:
    """The code of 60 bits that belongs to a form's ticket: keyed, so that only this house can tell one from the other."""
    return codes.spelled(int(codes.digest("objection-ticket", ticket), 16))


def open_objections(notice: Notice, alike: Any = ()) -> int:
    """How many objections to a notice have not been answered yet, those of a flood among them that nobody looked at.

    What was said against a nominee, or the whole, in a notice that was withdrawn before it waits for its answer as well.
    """
    named = Objection.objects.filter(Q(notice=notice) | _before(notice, alike, "", *_references(notice)))
    return named.exclude(state__in=CLOSED).count()


def _references(notice: Notice) -> list[str]:
    return [row["reference"] for row in notice.nominees]


def _before(notice: Notice, alike: Any, *named: str) -> Q:
    """Objections that name one of these in a withdrawn notice about the same subject, or about one of those that are `alike`."""
    return Q(notice__withdrawn_at__isnull=False, nominee__in=named) & (
        Q(notice__subject=notice.subject) | Q(notice__subject__in=alike)
    )


def upheld_before(subjects: Any) -> set[str]:
    """References of whom an upheld objection names in a withdrawn notice about one of these: a new notice does not undo that."""
    rows = Objection.objects.filter(notice__withdrawn_at__isnull=False, notice__subject__in=subjects, is_upheld=True)
    return set(rows.exclude(nominee="").values_list("nominee", flat=True))


def withdrawn_about(subject: str) -> list[Notice]:
    """The notices about a subject that were withdrawn, the newest first."""
    return list(Notice.objects.filter(subject=subject, withdrawn_at__isnull=False).order_by("-published_at"))


def flood_to(notice: Notice) -> QuerySet[Objection]:
    """What came to a notice in a flood and was not looked at, in the order of arrival."""
    return Objection.objects.filter(UNLOOKED, notice=notice).order_by("number")


def floods(subjects: Any) -> list[NoticeFlood]:
    """The notices about these subjects to which something came in a flood that nobody has looked at, the largest first."""
    rows = (
        Objection.objects.filter(UNLOOKED, notice__subject__in=subjects)
        .values("notice")
        .annotate(n=Count("pk"), first=Min("arrived_at"))
    )
    counted = {row["notice"]: row for row in rows}
    found = Notice.objects.filter(pk__in=counted) if counted else []
    made = [NoticeFlood(row, counted[row.pk]["n"], counted[row.pk]["first"]) for row in found]
    return sorted(made, key=lambda flood: -flood.count)


def due_for(reader: Reader, subjects: Any) -> Docket:
    """What the dockets of notices about these subjects ask of this reader, if the reader works in the office.

    Only objections that they may handle.
    """
    if reader.person is None or not reader.organisations_as(Post.Role.CAMPAIGN_OFFICE):
        return Docket(0, 0, None, None)
    rows = Objection.objects.filter(notice__subject__in=subjects).exclude(state__in=CLOSED)
    rows = rows.select_related("notice").order_by("arrived_at")
    homes = [reader.person.organisation, *[post.organisation for post in reader.posts]]
    mine = [row for row in rows.defer("content") if not _is_of(row, homes)]
    flood = [row for row in mine if row.waits_for_a_look]
    single = [row for row in mine if not row.waits_for_a_look]
    return Docket(
        objections=len(single),
        flood=len(flood),
        oldest_at=min((row.arrived_at for row in mine), default=None),
        first=single[0] if len(single) == 1 else None,
    )


def _is_of(objection: Objection, homes: list[Organisation]) -> bool:
    """Whether one of these organisations is a nominee meant by the objection, or lies within one."""
    meant = {row["organisation"] for row in objection.notice.nominees if objection.nominee in {"", row["reference"]}}
    return any(meant & set(ids_of(home)) for home in homes)


def rulings_on(subjects: Iterable[str], most: int) -> list[Ruling]:
    """What was decided on objections to notices of these subjects, the newest first. One query."""
    asked = list(subjects)
    rows = _ruled_on(asked)[:most] if asked else []
    return [Ruling(row.notice, bool(row.is_upheld), local_day(row.ruled_at)) for row in rows if row.ruled_at]


@prepared
def _ruled_on(subjects: list[str]) -> QuerySet[Objection]:
    about = Objection.objects.filter(notice__subject__in=subjects).exclude(ruled_at=None)
    return about.select_related("notice").order_by("-ruled_at", "-pk")[:MOST_RULINGS]


def frozen_nominees(notice: Notice, alike: Any = ()) -> set[str]:
    """References of the nominees with an open objection, by name in a withdrawn notice before it too: all if one is to the whole.

    What came in a flood holds up nobody until somebody has looked; before that no commendation is recorded either.
    """
    about = Objection.objects.filter(Q(notice=notice) | _before(notice, alike, *_references(notice)))
    rows = about.filter(~UNLOOKED).exclude(state__in=CLOSED)
    return _nominees_meant(notice, set(rows.values_list("nominee", flat=True)))


def removed_nominees(notice: Notice, alike: Any = ()) -> set[str]:
    """References of the nominees with an upheld objection, by name in a withdrawn notice before it too: all if one is to the whole."""
    about = Objection.objects.filter(Q(notice=notice) | _before(notice, alike, *_references(notice)))
    return _nominees_meant(notice, set(about.filter(is_upheld=True).values_list("nominee", flat=True)))


def _nominees_meant(notice: Notice, named: set[str]) -> set[str]:
    return {row["reference"] for row in notice.nominees} if "" in named else named


@prepared
def running_notices(at: datetime) -> QuerySet[Notice]:
    """The notices to which one can still object at that instant, the first to end first."""
    return Notice.objects.filter(published_at__lte=at, closes_at__gt=at, withdrawn_at=None).order_by("closes_at")
