"""What was entered for units, and what waits: for the unit a look, for the level above an objection."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from zhengyou.base.prepared import prepared
from zhengyou.base.time import local_day
from zhengyou.organisations import tree
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.organisations.readers import Reader
from zhengyou.submissions.models import Submission, SubmissionThing

ABOVE = (Post.Role.SECRETARY, Post.Role.LEADER, Post.Role.CAMPAIGN_OFFICE)


@dataclass(frozen=True)
class Waiting:
    """What of this waits for somebody: to look at for their own units, objections to settle from those below."""

    to_look_at: list[Submission]
    to_settle: list[Submission]


@dataclass(frozen=True)
class EnteredFor:
    """One entry as the public sees it: the organisation for which the clerk acted stands for the clerk."""

    row: Submission
    office: Organisation

    @property
    def is_objected_to(self) -> bool:
        """Whether the unit has said that it is not as handed in, and nobody has settled that yet."""
        return self.row.objected_at is not None and self.row.settled_at is None


def submissions_of(organisation: Organisation) -> QuerySet[Submission]:
    """What was entered for a unit, the newest first."""
    return _rows().filter(organisation=organisation)


def submission_with_id(number: int) -> Submission | None:
    """One of them, or None."""
    return _rows().filter(pk=number).first()


def waiting_for(reader: Reader) -> Waiting:
    """What waits for this reader, the oldest first. Two queries."""
    mine = reader.organisations_as(Post.Role.SECRETARY)
    uppers = {one.pk: one for role in ABOVE for one in reader.organisations_as(role)}
    top = next((one.pk for one in reader.organisations_as(Post.Role.CAMPAIGN_OFFICE) if one.parent_id is None), 0)
    look = _to_look_at(mine, reader.person) if mine else []
    return Waiting(look, _to_settle(top, *tree.places(uppers.values())) if uppers else [])


@prepared
def _to_look_at(units: list[Organisation], but: Person | None) -> QuerySet[Submission]:
    rows = _rows().filter(organisation__in=units, agreed_at=None, objected_at=None)
    return rows.exclude(entered_by=but).order_by("pk")


@prepared
def _to_settle(top: int, *places: Any) -> QuerySet[Submission]:
    mine = tree.below_places(places, "organisation") | Q(organisation=top)
    rows = _rows().filter(mine, objected_at__isnull=False, settled_at=None)
    return rows.order_by("pk")


def entered_about(references: Iterable[str], what: str = "") -> dict[str, EnteredFor]:
    """What was entered for units among the things with these references (of one kind, if named), by reference; of several the
    newest. One query where nothing was, else two.
    """
    asked = list(references)
    rows = _things(asked) if asked else []
    newest = {one.about: one.submission for one in rows if what in ("", one.submission.what)}
    if not newest:
        return {}
    places = {pk for row in newest.values() for pk in tree.ids_above(row.organisation)}
    people = {row.entered_by_id for row in newest.values()}
    posts = Post.objects.filter(role__in=ABOVE, person__in=people, organisation__in=places)
    held = list(posts.select_related("organisation").order_by("-organisation__depth"))
    return {about: EnteredFor(row, _office_of(row, held)) for about, row in newest.items()}


@prepared
def _things(references: list[str]) -> QuerySet[SubmissionThing]:
    rows = SubmissionThing.objects.filter(about__in=references).order_by("submission_id")
    return rows.select_related("submission__entered_by", "submission__photo", "submission__organisation__parent")


def things_of(rows: Iterable[Submission]) -> dict[int, list[str]]:
    """What was made of these, by their references. One query."""
    found = defaultdict(list)
    for one in SubmissionThing.objects.filter(submission__in=list(rows)).order_by("pk"):
        found[one.submission_id].append(one.about)
    return found


def _office_of(row: Submission, held: list[Post]) -> Organisation:
    """For which organisation above the unit whoever entered it acted that day: the nearest in which they held a post."""
    day, above = local_day(row.entered_at), tree.ids_above(row.organisation)
    for post in held:
        is_held = post.from_on <= day and (post.until_on is None or day < post.until_on)
        if post.person_id == row.entered_by_id and post.organisation_id in above and is_held:
            return post.organisation
    return row.organisation.parent or row.organisation


def _rows() -> QuerySet[Submission]:
    people = ("entered_by", "looked_by", "settled_by")
    return Submission.objects.select_related("organisation", "photo", *people).order_by("-pk")
