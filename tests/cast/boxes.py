"""A look into the box and at the desk of a poll, which nobody but tests takes while it is open."""

from blindballot.format.encoding import sha256
from blindballot.format.sealcode import printed_code, seal_digest, seal_item, seal_letters
from blindballot.format.slips import Slip
from zhengyou.ballots import queries as ballot_queries
from zhengyou.boxes import actions as box_actions
from zhengyou.boxes import queries as box_queries
from zhengyou.boxes.models import Mark
from zhengyou.organisations.models import Person
from zhengyou.paper import queries as paper_queries
from zhengyou.paper.models import KEYED, BoxKeyedForm
from zhengyou.polls.models import Poll, RollEntry


def slips_in(poll: Poll) -> list[Slip]:
    """The slips in the box, none where it is gone, by name of pool, line and serial."""
    found = list(ballot_queries.every_slip(poll)) if box_queries.has_box(poll.key) else []
    return sorted(found, key=lambda slip: (slip.pool, slip.line, slip.serial))


def forms_in(poll: Poll) -> list[BoxKeyedForm]:
    """The forms that were keyed."""
    return [BoxKeyedForm.read(document) for document in box_queries.papers(poll.key, KEYED)]


def held_in(poll: Poll) -> dict[bytes, bool]:
    """The printed serials that the box does not take, each with whether it is cancelled."""
    return box_queries.held(poll.key, [slip.serial for slip in paper_queries.printed_slips(poll)])


def mark_of(poll: Poll, person: Person) -> Mark:
    """What the desk has of somebody."""
    entry = RollEntry.objects.get(poll=poll, person=person)
    return box_queries.marks(poll.key, [entry.pk])[entry.pk]


def mark_as_issued(poll: Poll, *people: Person) -> None:
    """As if a ballot had been issued to these people."""
    for entry in RollEntry.objects.filter(poll=poll, person__in=people):
        box_actions.mark_issued(poll=poll.key, entry=entry.pk, request=b"x" * 32)


def take_one_out(poll: Poll) -> None:
    """What whoever runs the server can do: one slip goes from the box, and nothing is written about it."""
    with box_queries.at_box(poll.key) as connection:
        connection.execute("DELETE FROM slip WHERE key = (SELECT min(key) FROM slip)")


def seal_code(poll: Poll) -> str:
    """The seal code of all slips in the box, for a poll in which one person has cast."""
    items = [seal_item(slip.commitment, sha256(slip.sealed)) for slip in slips_in(poll)]
    return printed_code(seal_letters(seal_digest(bytes.fromhex(poll.fingerprint), items)))
