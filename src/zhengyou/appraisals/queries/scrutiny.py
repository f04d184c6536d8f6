"""What is asked about the scrutineers of a round: who they are, what they have to do, what they signed."""

from datetime import datetime
from typing import Any

from zhengyou.appraisals.models import Round, RoundScrutineer, ScrutineerStatement
from zhengyou.appraisals.rules import FEWEST_SCRUTINEERS
from zhengyou.appraisals.rules.scrutiny import check_may_scrutinise
from zhengyou.base.refusals import allows
from zhengyou.base.time import local_day
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Person, Post


def scrutineers_of(round_: Round) -> list[RoundScrutineer]:
    """The scrutineers registered for a round, by number."""
    return list(RoundScrutineer.objects.filter(round=round_).select_related("person").order_by("person__number"))


def registration_of(round_: Round, person: Person) -> RoundScrutineer | None:
    """A person's registration as scrutineer of a round, or None."""
    return RoundScrutineer.objects.filter(round=round_, person=person).first()


def rounds_to_scrutinise(person: Person) -> list[RoundScrutineer]:
    """The registrations of a scrutineer, the newest round first; each row has `statement`, what was signed, or None."""
    rows = list(
        RoundScrutineer.objects.filter(person=person).select_related("round").order_by("-round__closes_at", "-id")
    )
    signed = {row.round_id: row for row in ScrutineerStatement.objects.filter(person=person)}
    for row in rows:
        row.statement = signed.get(row.round_id)  # type: ignore[attr-defined]
    return rows


def statements_of(round_: Round) -> list[ScrutineerStatement]:
    """What the scrutineers of a round signed, in the order of signing."""
    return list(ScrutineerStatement.objects.filter(round=round_).select_related("person").order_by("signed_at", "id"))


def recount_by_scrutineers(round_: Round) -> dict[str, Any]:
    """What may be said in public: `verdict` (`agreed` by two or more, `disagreed` by anybody, `waiting`), names, remarks."""
    statements = [row for row in statements_of(round_) if row.record_fingerprint == round_.record_fingerprint]
    said = {row.person_id for row in statements}
    agreed = [row.person.name for row in statements if row.is_agreed]
    disagreed = [row for row in statements if not row.is_agreed]
    verdict = "disagreed" if disagreed else "agreed" if len(agreed) >= FEWEST_SCRUTINEERS else "waiting"
    waiting = [row.person.name for row in scrutineers_of(round_) if row.person_id not in said]
    return {"verdict": verdict, "agreed": agreed, "disagreed": disagreed, "waiting": waiting}


def possible_scrutineers(round_: Round, at: datetime) -> list[Person]:
    """Who could be registered as scrutineer of a round and is not yet, by number."""
    taken = {row.person_id for row in scrutineers_of(round_)}
    posted = organisations.holders_of(Post.Role.SCRUTINEER, local_day(at))
    return [p for p in posted if p.pk not in taken and allows(check_may_scrutinise, round_, p, at)]
