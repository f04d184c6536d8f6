"""One person's own entries on the rolls, and what they keep to check that they stand there. Nobody else's are asked for here."""

from blindballot.manifest import read_manifest, roll_leaf
from blindballot.rolls import write_entry
from zhengyou.appraisals.models import RollEntry, Round
from zhengyou.identity import queries as identity
from zhengyou.organisations.models import Person


def roll_entry(round_: Round, person: Person | None) -> RollEntry | None:
    """A person's own entry on the roll of a round that has been opened, or None."""
    rows = RollEntry.objects.select_related("pool", "person", "round").filter(round=round_, person=person)
    return rows.exclude(round__state=Round.State.DRAFTED).first()


def roll_entry_with_code(round_: Round, code: str) -> RollEntry | None:
    """The entry of whoever this one-time code belongs to, or None."""
    return roll_entry(round_, identity.person_with_code(round_.reference, code)) if code else None


def roll_entries_of(person: Person) -> list[RollEntry]:
    """A person's entries on the rolls of all rounds that have been opened, the newest round first."""
    rows = RollEntry.objects.select_related("round", "pool").filter(person=person)
    return list(rows.exclude(round__state=Round.State.DRAFTED).order_by("-round__opens_at", "-id"))


def kept_entry(entry: RollEntry) -> bytes:
    """What a person keeps of their entry, to check by themselves that they stand on the announced roll (docs/ballots.md)."""
    roll = RollEntry.objects.filter(pool=entry.pool_id).values_list("nonce", "person__number")
    leaves = [roll_leaf(bytes(nonce), number) for nonce, number in roll]
    manifest = read_manifest(entry.round.manifest.encode())
    return write_entry(manifest, entry.pool.slug, leaves, bytes(entry.nonce), entry.person.number)
