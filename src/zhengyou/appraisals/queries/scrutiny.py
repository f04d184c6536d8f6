"""What is asked about the scrutineers of a poll: who they are, what they have to do, what they signed."""

from datetime import datetime
from typing import Any

from zhengyou.appraisals.models import Poll, PollScrutineer, ScrutineerStatement
from zhengyou.appraisals.rules import FEWEST_SCRUTINEERS
from zhengyou.appraisals.rules.scrutiny import check_may_scrutinise
from zhengyou.base.refusals import allows
from zhengyou.base.time import local_day
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Person, Post


def scrutineers_of(poll: Poll) -> list[PollScrutineer]:
    """The scrutineers registered for a poll, by number."""
    return list(PollScrutineer.objects.filter(poll=poll).select_related("person").order_by("person__number"))


def registration_of(poll: Poll, person: Person) -> PollScrutineer | None:
    """A person's registration as scrutineer of a poll, or None."""
    return PollScrutineer.objects.filter(poll=poll, person=person).first()


def polls_to_scrutinise(person: Person) -> list[PollScrutineer]:
    """The registrations of a scrutineer, the newest poll first; each row has `statement`, what was signed, or None."""
    rows = list(PollScrutineer.objects.filter(person=person).select_related("poll").order_by("-poll__closes_at", "-id"))
    signed = {row.poll_id: row for row in ScrutineerStatement.objects.filter(person=person)}
    for row in rows:
        row.statement = signed.get(row.poll_id)  # type: ignore[attr-defined]
    return rows


def statements_of(poll: Poll) -> list[ScrutineerStatement]:
    """What the scrutineers of a poll signed, in the order of signing."""
    return list(ScrutineerStatement.objects.filter(poll=poll).select_related("person").order_by("signed_at", "id"))


def recount_by_scrutineers(poll: Poll) -> dict[str, Any]:
    """What may be said in public: `verdict` (`agreed` by two or more, `disagreed` by anybody, `waiting`), names, remarks."""
    statements = [row for row in statements_of(poll) if row.record_fingerprint == poll.record_fingerprint]
    said = {row.person_id for row in statements}
    agreed = [row.person.name for row in statements if row.is_agreed]
    disagreed = [row for row in statements if not row.is_agreed]
    verdict = "disagreed" if disagreed else "agreed" if len(agreed) >= FEWEST_SCRUTINEERS else "waiting"
    waiting = [row.person.name for row in scrutineers_of(poll) if row.person_id not in said]
    return {"verdict": verdict, "agreed": agreed, "disagreed": disagreed, "waiting": waiting}


def possible_scrutineers(poll: Poll, at: datetime) -> list[Person]:
    """Who could be registered as scrutineer of a poll and is not yet, by number."""
    taken = {row.person_id for row in scrutineers_of(poll)}
    posted = organisations.holders_of(Post.Role.SCRUTINEER, local_day(at))
    return [p for p in posted if p.pk not in taken and allows(check_may_scrutinise, poll, p, at)]
