"""What a scrutineer's desk and the pages of a record ask: keys, what is handed over, shares left for somebody, signed words."""

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from blindballot.format.encoding import FormatError
from blindballot.format.gate import read_gate
from blindballot.format.handover import handed_places
from blindballot.format.manifest import Manifest, read_manifest
from blindballot.format.record import COUNTS, GATE, Place, PoolCounts, read_counts
from blindballot.format.scrutineers import ScrutineerCard, write_challenge
from zhengyou.base.prepared import prepared
from zhengyou.campaigns.models import Cycle
from zhengyou.counting import queries as counting
from zhengyou.organisations.models import Person
from zhengyou.polls import queries as polls
from zhengyou.polls.models import Poll, PollScrutineer
from zhengyou.scrutiny.models import PassedShares, ScrutineerWord
from zhengyou.scrutiny.rules import ENOUGH_SCRUTINEERS


def card_of(registered: PollScrutineer) -> ScrutineerCard:
    """The public keys that a scrutineer registered."""
    return ScrutineerCard(bytes(registered.signing_key or b""), bytes(registered.decryption_key or b""))


def challenge_for(registered: PollScrutineer) -> bytes | None:
    """The test of a scrutineer's keys, sealed anew each time; None before they registered any, or once it is passed."""
    if registered.nonce is None or registered.tried_at is not None:
        return None
    return write_challenge(card_of(registered), str(registered.poll.key), bytes(registered.nonce))


def manifest_of(poll: Poll) -> Manifest:
    """The manifest under which the poll was opened."""
    return read_manifest(poll.manifest.encode())


def counts_of(poll: Poll, manifest: Manifest) -> tuple[PoolCounts, ...]:
    """What the record of a closed poll says of its pools."""
    gate = read_gate(manifest, counting.record_path(poll, GATE).read_bytes())
    return read_counts(manifest, counting.record_path(poll, COUNTS).read_bytes(), gate)


def places_handed(poll: Poll) -> tuple[Place, ...]:
    """The pools and lines of a closed poll that only scrutineers can recount."""
    manifest = manifest_of(poll)
    return handed_places(manifest, counts_of(poll, manifest))


def slips_counted(poll: Poll) -> tuple[int, int] | None:
    """How many slips the record of a closed poll counts, and how many ballots they belong to; None where no record lies here."""
    if poll.state != Poll.State.CLOSED or not counting.record_path(poll, COUNTS).exists():
        return None
    pools = counts_of(poll, manifest_of(poll))
    slips = sum(line["returned"] for pool in pools for line in pool.lines)
    return slips, sum(max(pool.issued.values(), default=0) for pool in pools)


def is_handover_there(poll: Poll) -> bool:
    """Whether what was handed over at the close is still here."""
    return counting.handover_file(poll).exists()


def id_in_manifest(manifest: Manifest, registered: PollScrutineer) -> str:
    """How the manifest calls this scrutineer. Raises FormatError if it does not name the registered keys."""
    card = card_of(registered)
    for each in manifest.scrutineers:
        if (each.signing_key, each.decryption_key) == (card.signing_key, card.decryption_key):
            return each.id
    raise FormatError("not a scrutineer of this manifest")


def shares_for(poll: Poll, person: Person) -> bytes:
    """The lines of shares that others left for this person, in the order of their senders."""
    rows = PassedShares.objects.filter(poll=poll, receiver=person).order_by("sender__number")
    return "".join(f"{row.line}\n" for row in rows).encode()


def senders_to(poll: Poll, person: Person) -> list[Person]:
    """Who has left shares for this person."""
    rows = PassedShares.objects.filter(poll=poll, receiver=person).select_related("sender")
    return [row.sender for row in rows.order_by("sender__number")]


def has_passed(poll: Poll, person: Person) -> bool:
    """Whether this person has left shares for others."""
    return PassedShares.objects.filter(poll=poll, sender=person).exists()


def word_of(poll: Poll, person: Person) -> ScrutineerWord | None:
    """What a scrutineer signed, or None."""
    return ScrutineerWord.objects.filter(poll=poll, person=person).first()


def words_of(poll: Poll) -> list[ScrutineerWord]:
    """What the scrutineers of a poll signed, in the order of signing."""
    return list(ScrutineerWord.objects.filter(poll=poll).select_related("person").order_by("signed_at", "id"))


def furthest_with_keys(cycle: Cycle) -> tuple[Poll | None, int]:
    """Of a cycle's polls that are not void the one most of whose scrutineers have tried their keys, and how many have."""
    tried = PollScrutineer.objects.filter(poll=OuterRef("pk"), tried_at__isnull=False).order_by()
    counted = tried.values("poll").annotate(n=Count("pk")).values("n")
    rows = Poll.objects.filter(cycle=cycle).exclude(state=Poll.State.VOIDED)
    row: Any = rows.annotate(tried=Coalesce(Subquery(counted), 0)).order_by("-tried", "pk").first()
    return (row, row.tried) if row else (None, 0)


def polls_to_scrutinise(person: Person) -> list[PollScrutineer]:
    """The registrations of a scrutineer, the newest poll first; each row has `word`, what was signed, or None."""
    rows = _registered(person)
    signed = {row.poll_id: row for row in ScrutineerWord.objects.filter(person=person)} if rows else {}
    for row in rows:
        row.word = signed.get(row.poll_id)  # type: ignore[attr-defined]
    return rows


@prepared
def _registered(person: Person) -> QuerySet[PollScrutineer]:
    rows = PollScrutineer.objects.filter(person=person).select_related("poll")
    return rows.order_by("-poll__closes_at", "-id")


def recount_by_scrutineers(poll: Poll) -> dict[str, Any]:
    """What may be said in public: `verdict` (`agreed` by two or more, `disagreed` by anybody, `waiting`), names, remarks."""
    words = words_of(poll)
    said = {row.person_id for row in words if row.kind != ScrutineerWord.Kind.SEEN}
    agreed = [row.person.name for row in words if row.kind == ScrutineerWord.Kind.CHECKED]
    disagreed = [row for row in words if row.kind == ScrutineerWord.Kind.DISAGREES]
    verdict = "disagreed" if disagreed else "agreed" if len(agreed) >= ENOUGH_SCRUTINEERS else "waiting"
    waiting = [row.person.name for row in polls.scrutineers_of(poll) if row.person_id not in said]
    return {"verdict": verdict, "agreed": agreed, "disagreed": disagreed, "waiting": waiting}
