"""Entering that people committed in public, correcting it, taking it back. What they promised is the room commitments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from zhengyou.base.deeds import done, locked
from zhengyou.base.files import store_photo
from zhengyou.base.time import local_day
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations.models import Organisation, Person
from zhengyou.pledges import rules
from zhengyou.pledges.models import PublicCommitment
from zhengyou.pledges.rules import Made


@dataclass(frozen=True)
class Entered:
    """What came of a list: the commitments that are new, and how many of the people had one already."""

    new: list[PublicCommitment]
    had: int


@transaction.atomic
def enter_public_commitments(
    *,
    cycle: Cycle,
    people: Sequence[Person],
    made: Made,
    at: datetime,
    by: Person,
    photo: bytes | None = None,
    as_clerk: bool = False,
) -> Entered:
    """Enter of all these people that they committed in public, on one day at one place. All of it or nothing; twice is once.

    Whoever has one already keeps it as it stands. By the campaign's office, or, `as_clerk`, by a level above their units.
    Raises RoleRefused, StageRefused, PledgeRefused, NotAPhoto.
    """
    row, day = locked(cycle, "campaign__organisation"), local_day(at)  # one list after the other
    made = rules.check_made(row, made, day)
    rules.check_people(row, people)
    homes = {one.organisation_id: one.organisation for one in people}
    rules.check_may_enter(row, homes.values(), by, day, as_clerk=as_clerk)
    have = set(PublicCommitment.objects.filter(cycle=row, taken_back_at=None).values_list("person", flat=True))
    left = {one.pk: one for one in people if one.pk not in have}
    picture = store_photo(photo, at=at) if photo and left else None
    new = PublicCommitment.objects.bulk_create(
        PublicCommitment(
            cycle=row,
            person=one,
            organisation=one.organisation,
            made_on=made.on,
            place=made.place,
            evidence=made.evidence,
            photo=picture,
            entered_at=at,
            entered_by=by,
        )
        for one in left.values()
    )
    if new:
        behalf = _one_unit(homes) if as_clerk else None
        said = {"people": list(left.values()), "made_on": made.on, "place": made.place}
        done("pledges.enter_public_commitments", row, at=at, by=by, on_behalf_of=behalf, **said)
    return Entered(new, len({one.pk for one in people}) - len(new))


@transaction.atomic
def correct_public_commitment(
    *, commitment: PublicCommitment, made: Made, at: datetime, by: Person
) -> PublicCommitment:
    """Correct day, place or evidence; the journal keeps what stood there before. The same again changes nothing.

    Raises RoleRefused, StageRefused, PledgeRefused.
    """
    row, day = _locked(commitment), local_day(at)
    rules.check_may_change(row, by, day)
    made, before = rules.check_made(row.cycle, made, day), Made(row.made_on, row.place, row.evidence)
    if made == before:
        return row
    row.made_on, row.place, row.evidence = made.on, made.place, made.evidence
    row.save(update_fields=["made_on", "place", "evidence"])
    said = {"person": row.person, "before": _told(before), "after": _told(made)}
    done("pledges.correct_public_commitment", row, at=at, by=by, **said)
    return row


@transaction.atomic
def take_back_public_commitments(
    *, commitments: Sequence[PublicCommitment], why: str, at: datetime, by: Person
) -> list[PublicCommitment]:
    """Take back what was entered wrongly, with the reason: from then on these people cannot be judged. All of them or none.

    Those taken back already stay as they are. The rows taken back now. Raises RoleRefused, StageRefused, PledgeRefused.
    """
    why, day, taken = rules.check_why(why), local_day(at), []
    for one in sorted(commitments, key=lambda row: row.pk):
        row = _locked(one)
        if row.taken_back_at is not None:
            continue
        rules.check_may_change(row, by, day)
        row.taken_back_at, row.taken_back_by, row.why_taken_back = at, by, why
        row.save(update_fields=["taken_back_at", "taken_back_by", "why_taken_back"])
        done("pledges.take_back_public_commitments", row, at=at, by=by, person=row.person, why=why)
        taken.append(row)
    return taken


def _one_unit(homes: dict[int, Organisation]) -> Organisation | None:
    return next(iter(homes.values())) if len(homes) == 1 else None


def _locked(commitment: PublicCommitment) -> PublicCommitment:
    return locked(commitment, "person", "organisation", "cycle__campaign__organisation")


def _told(made: Made) -> dict[str, str]:
    return {"on": made.on.isoformat(), "place": made.place, "evidence": made.evidence}
