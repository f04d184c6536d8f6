"""Which of the levels above a unit decided on its promise, reviewed it, upheld a doubt or consented: by name, since several may differ."""

from typing import Any

from zhengyou.base.time import local_day
from zhengyou.commitments.models import Promise, PromiseReview
from zhengyou.identity import queries as identity
from zhengyou.keeping.queries import Ending


def levels_of(promise: Promise, ending: Ending, review: PromiseReview | None = None) -> dict[str, Any]:
    """The organisation whose leaders said it, by the number of the decision and of the upholding; of the decision that counts
    (`last`), of the consent to drop it, and of the review of one given on the spot. Who is not found to have led any is not named.
    """
    decided = {row.pk: (row.decided_by_id, local_day(row.decided_at)) for row in ending.decisions}
    upheld = {row.pk: (row.upheld_by_id, local_day(row.upheld_at)) for row in ending.upheld}
    drop = ending.dropping
    consented = [(drop.answered_by_id, local_day(drop.answered_at))] if drop and drop.answered_at else []
    reviewed = [(review.reviewed_by_id, local_day(review.reviewed_at))] if review else []
    judged = [*decided.values(), *upheld.values(), *consented, *reviewed]
    found = identity.levels_of(promise.commitment.organisation, judged)
    decisions = {pk: found.get(one) for pk, one in decided.items()}
    return {
        "decisions": decisions,
        "upheld": {pk: found.get(one) for pk, one in upheld.items()},
        "last": next(iter(decisions.values()), None),
        "dropped": next((found.get(one) for one in consented), None),
        "reviewed": next((found.get(one) for one in reviewed), None),
    }
