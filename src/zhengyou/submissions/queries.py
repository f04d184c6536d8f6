"""What was entered for units, and what waits: for the unit a look, for the level above an objection."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from zhengyou.organisations import tree
from zhengyou.organisations.models import Organisation, Post
from zhengyou.organisations.readers import Reader
from zhengyou.submissions.models import Submission

ABOVE = (Post.Role.SECRETARY, Post.Role.LEADER, Post.Role.CAMPAIGN_OFFICE)


@dataclass(frozen=True)
class Waiting:
    """What of this waits for somebody: to look at for their own units, objections to settle from those below."""

    to_look_at: list[Submission]
    to_settle: list[Submission]


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
    look = _rows().filter(organisation__in=mine, agreed_at=None, objected_at=None).order_by("pk")
    settle = _rows().filter(tree.below(uppers.values(), "organisation"), objected_at__isnull=False, settled_at=None)
    person = reader.person.pk if reader.person else None
    return Waiting(list(look.filter(~Q(entered_by=person))), list(settle.order_by("pk")))


def _rows() -> QuerySet[Submission]:
    people = ("entered_by", "looked_by", "settled_by")
    return Submission.objects.select_related("organisation", "photo", *people).order_by("-pk")
