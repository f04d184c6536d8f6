"""What each file of a record is, in a sentence, in the order in which one reads them; and why one may be empty."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class RecordFile:
    """One file of a record: its name, its size in bytes, what it is."""

    name: str
    size: int
    what: str
    why_empty: str = ""


def record_files(paths: Iterable[Path]) -> list[RecordFile]:
    """The files in the order of their sentences; one that has none comes last."""
    words, empty = _what(), _why_empty()
    order = list(words)
    sizes = {path.name: path.stat().st_size for path in paths}
    names = sorted(sizes, key=lambda name: (order.index(name) if name in order else len(order), name))
    return [
        RecordFile(name, sizes[name], words.get(name, ""), empty.get(name, "") if not sizes[name] else "")
        for name in names
    ]


def _what() -> dict[str, str]:
    return {
        "manifest.json": _("The rules: what is graded, who may vote, which keys hold. Published before the vote."),
        "counts.json": _("The counts: what is published of each group and unit."),
        "board.jsonl": _("Every slip that was in the box, sealed, in an order that says nothing of who cast it when."),
        "opened.jsonl": _("The marks of the slips that are published one by one."),
        "sealed.jsonl": _("The sealed bytes of those slips, so that everybody can open them again."),
        "closing-keys.json": _("The keys that open those slips."),
        "invalid.jsonl": _("Slips that are not valid, each with the proof."),
        "cancelled.jsonl": _("Paper slips that were printed and not drawn. They are cancelled."),
        "printed.json": _("The batches of paper slips, as they were announced when they were printed."),
        "statements.jsonl": _("How many ballots a second issuer says it issued, signed by it."),
        "gate.json": _("What is withheld so that nobody can be recognised, with the proof that it is enough."),
        "keys.json": _("The issuers’ public keys, with which every slip’s token is checked."),
        "record.json": _("The head: the fingerprints of all other files, and when the appraisal was closed."),
        "record.sig": _("The signature on the head."),
        "cosignatures.jsonl": _("What the scrutineers signed about this record."),
    }


def _why_empty() -> dict[str, str]:
    return {
        "cancelled.jsonl": _("Empty: no printed slip was left over, or none was printed."),
        "invalid.jsonl": _("Empty: no invalid slip has to be proved."),
        "statements.jsonl": _("Empty: there was one issuer only."),
        "opened.jsonl": _("Empty: no slip is published one by one."),
        "sealed.jsonl": _("Empty: no slip is published one by one."),
        "board.jsonl": _("Empty: no slip came back."),
        "cosignatures.jsonl": _("Empty: no scrutineer has signed yet."),
    }
