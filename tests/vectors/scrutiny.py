"""The scrutineers' part of the vectors: key files, the test of keys, what is passed on, and handovers that were tampered with."""

from __future__ import annotations

import json
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.blindballot.polls import Poll
from tests.blindballot.records import recount_handed

from blindballot.format.encoding import b64, canonical, parse_canonical
from blindballot.format.handover import pass_shares
from blindballot.format.lines import read_sealed_line, write_sealed_line
from blindballot.format.scrutineers import NONCE_LENGTH, answer_challenge, write_challenge
from blindballot.verifying.scrutiny import Papers

Lines = list[bytes]
# What makes a new file of an old one, given its name and both.
Edits = Callable[[str, Path, Path], list[dict[str, Any]]]


def write_scrutiny(made: Poll, target: Path, edits_between: Edits) -> None:
    """Write what three scrutineers have and do beside the record, and what must come of it."""
    papers = Papers.read(target / "record", target / "handover.jsonl")
    passed = []
    for scrutineer, keys in made.scrutineers.items():
        (target / f"keys-{scrutineer}.json").write_bytes(keys.to_file())
        shares = papers.own_shares(keys)
        passed += [pass_shares(made.manifest, shares, scrutineer, to) for to in made.scrutineers if to != scrutineer]
    (target / "passed.jsonl").write_bytes(b"".join(line + b"\n" for line in passed))
    done = recount_handed(target / "record")
    told: dict[str, Any] = {
        "lines": [list(place) for place in done.lines],
        "slips": done.slips,
        "invalid": [b64(name) for name in done.invalid],
        "keys": {f"{pool}/{line}": f"{made.secrets()[pool, line]:064x}" for pool, line in done.lines},
        "scrutineers": {scrutineer: _of_keys(made, scrutineer) for scrutineer in made.scrutineers},
        "handovers": [_tampered(target, name, edits_between) for name in TAMPERED],
    }
    (target / "scrutiny.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _of_keys(made: Poll, scrutineer: str) -> dict[str, str]:
    keys, nonce = made.scrutineers[scrutineer], secrets.token_bytes(NONCE_LENGTH)
    challenge = write_challenge(keys.card, made.manifest.poll, nonce)
    return {
        "paper": keys.to_paper(),
        "card": keys.card.to_bytes().decode(),
        "challenge": challenge.decode(),
        "nonce": b64(nonce),
        "answer": answer_challenge(keys, challenge).decode(),
    }


def _tampered(target: Path, name: str, edits_between: Edits) -> dict[str, Any]:
    """A changed handover as edits, and what whoever recounts it finds."""
    sound = target / "handover.jsonl"
    lines = sound.read_bytes().splitlines(keepends=True)
    first = 1 + parse_canonical(lines[0][:-1])["places"]
    with tempfile.NamedTemporaryFile() as changed:
        changed.write(b"".join(TAMPERED[name](list(lines), first)))
        changed.flush()
        return {"name": name, "edits": edits_between(sound.name, sound, Path(changed.name)), "found": FOUND[name]}


def _without_a_slip(lines: Lines, first: int) -> Lines:
    return lines[:first] + lines[first + 1 :]


def _a_slip_twice(lines: Lines, first: int) -> Lines:
    return [*lines, lines[first]]


def _other_sealed(lines: Lines, first: int) -> Lines:
    slip = read_sealed_line(lines[first])
    changed = slip.sealed[:-1] + bytes([slip.sealed[-1] ^ 1])
    lines[first] = write_sealed_line(type(slip)(slip.name, changed))
    return lines


def _share_of_another(lines: Lines, first: int) -> Lines:
    place = parse_canonical(lines[1][:-1])
    place["shares"][0], place["shares"][1] = place["shares"][1], place["shares"][0]
    lines[1] = canonical(place) + b"\n"
    return lines


def _other_commitment(lines: Lines, first: int) -> Lines:
    one, other = (parse_canonical(lines[number][:-1]) for number in (1, 2))
    one["commitment"] = other["commitment"]
    lines[1] = canonical(one) + b"\n"
    return lines


def _without_a_place(lines: Lines, first: int) -> Lines:
    head = parse_canonical(lines[0][:-1])
    head["places"] -= 1
    return [canonical(head) + b"\n", *lines[1 : first - 1], *lines[first:]]


def _places_turned_round(lines: Lines, first: int) -> Lines:
    lines[1], lines[2] = lines[2], lines[1]
    return lines


def _of_another_manifest(lines: Lines, first: int) -> Lines:
    head = parse_canonical(lines[0][:-1])
    lines[0] = canonical(head | {"manifest": "0" * 64}) + b"\n"
    return lines


def _a_field_more(lines: Lines, first: int) -> Lines:
    place = parse_canonical(lines[1][:-1])
    lines[1] = canonical(place | {"more": 1}) + b"\n"
    return lines


def _cut(lines: Lines, first: int) -> Lines:
    lines[-1] = lines[-1][:-1]
    return lines


TAMPERED: dict[str, Callable[[Lines, int], Lines]] = {
    "as it is": lambda lines, first: lines,
    "a slip is missing": _without_a_slip,
    "a slip stands twice": _a_slip_twice,
    "other sealed bytes": _other_sealed,
    "shares are swapped": _share_of_another,
    "the commitment of another place": _other_commitment,
    "a place is missing": _without_a_place,
    "places are turned round": _places_turned_round,
    "of another manifest": _of_another_manifest,
    "a field more": _a_field_more,
    "the last line is cut": _cut,
}
# A check that is found; "share" where s1's own shares do not open or fit; "unreadable".
FOUND = {
    "as it is": "",
    "a slip is missing": "opened-missing",
    "a slip stands twice": "sealed-stranger",
    "other sealed bytes": "other-sealed",
    "shares are swapped": "share",
    "the commitment of another place": "share",
    "a place is missing": "other-places",
    "places are turned round": "unreadable",
    "of another manifest": "unreadable",
    "a field more": "unreadable",
    "the last line is cut": "unreadable",
}
