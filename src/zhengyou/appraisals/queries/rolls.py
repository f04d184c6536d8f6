"""One person's own entries on the rolls, and what they keep to check that they stand there. Nobody else's are asked for here."""

from blindballot.manifest import read_manifest, roll_leaf
from blindballot.rolls import write_entry
from zhengyou.appraisals.models import Poll, RollEntry
from zhengyou.identity import queries as identity
from zhengyou.organisations.models import Person


def roll_entry(poll: Poll, person: Person | None) -> RollEntry | None:
    """A person's own entry on the roll of a poll that has been opened, or None."""
    rows = RollEntry.objects.select_related("pool", "person", "poll").filter(poll=poll, person=person)
    return rows.exclude(poll__state=Poll.State.DRAFTED).first()


def roll_entry_with_code(poll: Poll, code: str) -> RollEntry | None:
    """The entry of whoever this one-time code belongs to, or None."""
    return roll_entry(poll, identity.person_with_code(poll.reference, code)) if code else None


def roll_entries_of(person: Person) -> list[RollEntry]:
    """A person's entries on the rolls of all polls that have been opened, the newest poll first."""
    rows = RollEntry.objects.select_related("poll", "pool").filter(person=person)
    return list(rows.exclude(poll__state=Poll.State.DRAFTED).order_by("-poll__opens_at", "-id"))


def kept_entry(entry: RollEntry) -> bytes:
    """What a person keeps of their entry, to check by themselves that they stand on the announced roll (docs/ballots.md)."""
    roll = RollEntry.objects.filter(pool=entry.pool_id).values_list("nonce", "person__number")
    leaves = [roll_leaf(bytes(nonce), number) for nonce, number in roll]
    manifest = read_manifest(entry.poll.manifest.encode())
    return write_entry(manifest, entry.pool.slug, leaves, bytes(entry.nonce), entry.person.number)
