"""Seeded ways to change a record, for the fuzzer that holds the two verifiers against each other.

A record is its files by name. Most changes are signed again with the platform's own keys, as a platform that lies could do,
so that they get past the fingerprints. Nothing here knows what a verifier must find.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.blindballot.odd_values import (
    EDGES,
    IDS,
    flipped,
    nodes,
    odd_instant,
    odd_part,
    odd_point,
    odd_value,
    parent_of,
    read,
    write,
)
from tests.blindballot.odd_zips import pack_files
from tests.blindballot.polls import Poll
from tests.blindballot.settling import COSIGNATURES, DOCUMENTS, LINES, Files, lines_of, settle, signed_part

from blindballot.format.encoding import b64, unb64
from blindballot.format.keys import generate_point_key, point_bytes, sign_with_point


@dataclass
class Base:
    """A sound record with the keys of its platform. `is_empty`: it has no slips, so that its manifest can be changed."""

    poll: Poll
    files: Files
    is_empty: bool


@dataclass
class Mutation:
    """A changed record: its files, or a zip of them, and in words what was done to it."""

    files: Files
    words: list[str] = field(default_factory=list)
    packed: bytes | None = None


Kind = Callable[[Mutation, Poll, random.Random], None]


def mutate(base: Base, dice: random.Random, kinds: Mapping[Kind, int] | None = None) -> Mutation:
    """One mutation, the same for the same state of `dice`. `kinds` says which, and how often in proportion."""
    made = Mutation(dict(base.files))
    kinds = kinds or (ON_EMPTY if base.is_empty else ON_SLIPS)
    for kind in dice.choices(list(kinds), weights=list(kinds.values()), k=dice.choice((1, 1, 1, 2))):
        kind(made, base.poll, dice)
    if dice.random() < 0.9:
        settle(made.files, base.poll)
    if pack in kinds or dice.random() < 0.1:
        made.packed, words = pack_files(made.files, dice)
        made.words.append(words)
    return made


# ---- Kinds of mutation


def change_bytes(made: Mutation, poll: Poll, dice: random.Random) -> None:
    """Bytes of a file: flipped, left out, doubled, put in, cut off."""
    name = dice.choice(sorted(made.files))
    data = made.files[name]
    at = dice.randrange(len(data) + 1)
    span = data[at : at + dice.choice((1, 1, 2, 30))]
    deeds = {
        "flipped": flipped(data, dice) if data else b"x",
        "left out": data[:at] + data[at + len(span) :],
        "doubled": data[:at] + span + data[at:],
        "put in": data[:at]
        + dice.choice((b" ", b"\n", b"\r\n", b"\0", b"\xef\xbb\xbf", b",", b"0", b"{}\n", b"\xff"))
        + data[at:],
        "cut": data[:at],
        "appended": data + dice.choice((b"\n", b" ", b"\0", b"{}", data[-1:])),
        "marked": dice.choice((b"\xef\xbb\xbf", b"\xff\xfe", b" ")) + data,
    }
    deed = dice.choice(list(deeds))
    made.files[name] = deeds[deed]
    made.words.append(f"{name}: {deed} at {at}")


def change_lines(made: Mutation, poll: Poll, dice: random.Random) -> None:
    """Whole lines: swapped, doubled, left out, moved to another file."""
    name = dice.choice((*LINES, COSIGNATURES))
    lines = lines_of(made.files, name)
    if not lines:
        return
    one, other = dice.randrange(len(lines)), dice.randrange(len(lines))
    deed = dice.choice(("swap", "double", "drop", "blank", "crlf", "unended"))
    if deed == "swap":
        lines[one], lines[other] = lines[other], lines[one]
    elif deed == "double":
        lines.insert(other, lines[one])
    elif deed == "drop":
        lines.pop(one)
    elif deed == "blank":
        lines.insert(one, b"\n")
    elif deed == "crlf":
        lines[one] = lines[one][:-1] + b"\r\n"
    else:
        lines[-1] = lines[-1][:-1]
    made.files[name] = b"".join(lines)
    made.words.append(f"{name}: {deed} {one} {other}")


def change_document(made: Mutation, poll: Poll, dice: random.Random) -> None:
    """One value of a document."""
    _change_value(made, dice.choice(DOCUMENTS), None, dice)


def change_manifest(made: Mutation, poll: Poll, dice: random.Random) -> None:
    """One value of the manifest."""
    _change_value(made, "manifest.json", None, dice)


def change_number(made: Mutation, poll: Poll, dice: random.Random) -> None:
    """A number, found by the name of its field, set to the edge of what numbers may be."""
    name = dice.choice(
        ("manifest.json", "manifest.json", "manifest.json", "printed.json", "counts.json", "record.json")
    )
    document = read(made.files.get(name, b""))
    paths = [path for path in nodes(document) if type(parent_of(document, path)[path[-1]]) is int]
    if not paths:
        return
    field_ = dice.choice(sorted({_field_of(path) for path in paths}))
    path = dice.choice([path for path in paths if _field_of(path) == field_])
    holder = parent_of(document, path)
    old, new = holder[path[-1]], dice.choice(EDGES)
    holder[path[-1]] = new
    made.files[name] = write(document)
    made.words.append(f"{name}: {path}: {old} -> {new}")


def _field_of(path: tuple[Any, ...]) -> str:
    return next(step for step in reversed(path) if isinstance(step, str))


def withhold(made: Mutation, poll: Poll, dice: random.Random) -> None:
    """Rows of the gate: places there are or are not, in order or out of it, with any kind and some criteria."""
    gate = read(made.files.get("gate.json", b""))
    if not isinstance(gate, dict) or not isinstance(gate.get("withheld"), list):
        return
    for _ in range(dice.choice((1, 1, 2, 3))):
        pool = dice.choice(poll.manifest.pools)
        line = dice.choice(poll.manifest.lines)
        criteria = dice.sample(line.criteria, dice.randrange(len(line.criteria) + 1))
        most = dice.choice(("nothing", "band", "counts", "counts", "open"))
        gate["withheld"].append({"pool": pool.id, "line": line.id, "most": most, "criteria": criteria})
    made.files["gate.json"] = write(gate)
    made.words.append(f"gate.json: {gate['withheld']}")


def change_question(made: Mutation, poll: Poll, dice: random.Random) -> None:
    """What is asked, where there are no slips that depend on it; else what is told of who is first, and the numbers beside it."""
    name = "counts.json" if made.files.get("board.jsonl") else "manifest.json"
    document = read(made.files.get(name, b""))
    holders = [parent_of(document, path)[path[-1]] for path in nodes(document) if path[-1] == "question"]
    asked = [each for each in holders if isinstance(each, dict)]
    if not asked:
        return
    question = dice.choice(asked)
    field_ = dice.choice(sorted(question))
    old, new = question[field_], odd_part(field_, question[field_], dice)
    question[field_] = new
    made.files[name] = write(document)
    made.words.append(f"{name}: {field_}: {str(old)[:80]!r} -> {str(new)[:80]!r}")


def change_line(made: Mutation, poll: Poll, dice: random.Random) -> None:
    """One value of a line; what statements and cosignatures say is signed again by whoever said it."""
    name = dice.choice((*LINES, COSIGNATURES, COSIGNATURES, "statements.jsonl"))
    lines = lines_of(made.files, name)
    if not lines:
        return
    at = dice.randrange(len(lines))
    _change_value(made, name, at, dice)
    said = read(lines_of(made.files, name)[at])
    if not isinstance(said, dict) or dice.random() < 0.3:
        return
    lines = lines_of(made.files, name)
    if name == COSIGNATURES and (key := poll.scrutineers.get(str(said.get("scrutineer")))):
        lines[at] = write(said | {"signature": b64(sign_with_point(key.signing, signed_part(said)))}) + b"\n"
    if name == "statements.jsonl" and (stated := poll.statement_keys.get(str(said.get("pool")))):
        lines[at] = write(said | {"signature": b64(stated.sign(signed_part(said)))}) + b"\n"
    made.files[name] = b"".join(lines)


def _change_value(made: Mutation, name: str, at: int | None, dice: random.Random) -> None:
    lines = lines_of(made.files, name) if at is not None else [made.files.get(name, b"")]
    document = read(lines[at or 0])
    paths = list(nodes(document))
    if not paths:
        return
    path = dice.choice(paths)
    holder = parent_of(document, path)
    old, new = holder[path[-1]], odd_value(holder[path[-1]], dice)
    holder[path[-1]] = new
    if isinstance(holder, dict) and dice.random() < 0.05:
        holder[dice.choice(IDS)] = holder.pop(path[-1])
    lines[at or 0] = write(document) + (b"\n" if at is not None else b"")
    made.files[name] = b"".join(lines)
    made.words.append(f"{name}: line {at}: {path}: {str(old)[:80]!r} -> {str(new)[:80]!r}")


def change_instant(made: Mutation, poll: Poll, dice: random.Random) -> None:
    """A time of the manifest or the head, or an extension more."""
    name = dice.choice(("manifest.json", "record.json", "record.json"))
    document = read(made.files.get(name, b""))
    if not isinstance(document, dict):
        return
    if name == "record.json" and isinstance(document.get("extensions"), list) and dice.random() < 0.4:
        added = {"closes_at": "2026-11-30T00:00:00Z", "reason": "snow", "announced_at": "2026-11-26T00:00:00Z"}
        document["extensions"] = [*document["extensions"], added]
    paths = [
        path
        for path in nodes(document)
        if path[-1] in ("opens_at", "closes_at", "closed_at", "announced_at")
        and isinstance(parent_of(document, path)[path[-1]], str)
    ]
    if not paths:
        return
    path = dice.choice(paths)
    holder = parent_of(document, path)
    old, new = holder[path[-1]], odd_instant(holder[path[-1]], dice)
    holder[path[-1]] = new
    made.files[name] = write(document)
    made.words.append(f"{name}: {path}: {old!r} -> {new!r}")


def rename(made: Mutation, poll: Poll, dice: random.Random) -> None:
    """An id, everywhere it stands."""
    manifest = read(made.files["manifest.json"])
    kind = dice.choice(("lines", "lines", "pools", "criteria", "grades", "issuers", "scrutineers", "options"))
    try:
        ids = ["office", "county"] if kind == "issuers" else [each["id"] for each in _named(manifest, kind)]
    except (TypeError, KeyError):
        return
    if not ids:
        return
    old, new = dice.choice(ids), dice.choice(IDS)
    for name in sorted(made.files):
        if name.endswith(".jsonl"):
            made.files[name] = b"".join(_renamed(line, old, new) + b"\n" for line in lines_of(made.files, name))
        elif name.endswith(".json"):
            made.files[name] = _renamed(made.files[name], old, new)
    made.words.append(f"{kind}: {old!r} is called {new!r}")


def _named(manifest: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """Objects with an id; the options are those of every question."""
    if kind != "options":
        return manifest[kind]  # type: ignore[no-any-return]
    return [option for line in manifest["lines"] for option in line.get("question", {}).get("options", ())]


def _renamed(data: bytes, old: str, new: str) -> bytes:
    document = read(data)
    return data.rstrip(b"\n") if document is None else write(_with_name(document, old, new))


def _with_name(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {new if key == old else key: _with_name(each, old, new) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_name(each, old, new) for each in value]
    return new if value == old else value


def grow(made: Mutation, poll: Poll, dice: random.Random) -> None:
    """A list as long as it may be, or longer by one."""
    name, key, most = dice.choice(
        (
            ("manifest.json", "criteria", 1000),
            ("manifest.json", "grades", 12),
            ("manifest.json", "scrutineers", 100),
            *EXTENDED,
        )
    )
    document = read(made.files.get(name, b""))
    if not isinstance(document, dict) or not isinstance(document.get(key), list):
        return
    size = most + dice.choice((0, 1, 1))
    document[key] = [*document[key][:size], *(_grown(key, n) for n in range(len(document[key]), size))]
    if key == "extensions":
        document["closed_at"] = f"2027-01-01T00:{size // 60 + 1:02}:00Z"
    made.files[name] = write(document)
    made.words.append(f"{name}: {size} {key}")


EXTENDED = (("record.json", "extensions", 100),)


def _grown(key: str, number: int) -> dict[str, Any]:
    if key == "extensions":
        at = f"2027-01-01T00:{number // 60:02}:{number % 60:02}Z"
        return {"closes_at": at, "reason": "snow", "announced_at": "2026-11-26T23:00:00Z"}
    named = {"id": f"{key[:1]}x{number}", "name": {"en": f"number {number}"}}
    if key == "grades":
        return named | {"points": 0}
    if key == "scrutineers":
        points = [b64(point_bytes(generate_point_key())) for _ in range(2)]
        return named | {"name": "Somebody", "signing_key": points[0], "decryption_key": points[1]}
    return named


def change_keys(made: Mutation, poll: Poll, dice: random.Random) -> None:
    """An issuer's modulus or a closing key: even, with a small factor, twice, of another size."""
    documents = read(made.files.get("keys.json", b""))
    try:
        entries = [entry for document in documents for entry in document["keys"]]
        entry, other = dice.choice(entries), dice.choice(entries)
        deed = dice.choice(("even", "factor", "twice", "closing twice", "negative closing", "larger", "smaller"))
        modulus = int.from_bytes(unb64(entry["n"][0]), "big")
    except (TypeError, KeyError, IndexError, ValueError):
        return
    if deed == "closing twice":
        entry["closing_key"] = other["closing_key"]
    elif deed == "negative closing":
        entry["closing_key"] = b64(odd_point(unb64(entry["closing_key"]), dice))
    elif deed == "twice":
        entry["n"][0] = other["n"][-1]
    else:
        entry["n"][0] = b64(_odd_modulus(deed, modulus, dice))
    made.files["keys.json"] = write(documents)
    made.words.append(f"keys.json: {deed}")


def _odd_modulus(deed: str, modulus: int, dice: random.Random) -> bytes:
    if deed == "even":
        return (modulus - 1).to_bytes(256, "big")
    if deed == "factor":
        prime = dice.choice((3, 5, 251, 65519, 65521, 65537))
        odd = (modulus // prime) | 1
        return (prime * odd if (prime * odd).bit_length() == 2048 else prime * (odd - 2)).to_bytes(256, "big")
    return modulus.to_bytes(257, "big") if deed == "larger" else (modulus >> 1 | 1).to_bytes(256, "big")


def change_files(made: Mutation, poll: Poll, dice: random.Random) -> None:
    """A file more or less, or under another name."""
    name = dice.choice(sorted(made.files))
    deed = dice.choice(("gone", "strange", "hidden", "renamed", "empty", "swapped"))
    if deed == "gone":
        del made.files[name]
    elif deed in ("strange", "hidden"):
        made.files[{"strange": dice.choice(("notes.txt", "__proto__", "record-1.json")), "hidden": ".notes"}[deed]] = (
            b"x"
        )
    elif deed == "renamed":
        made.files[dice.choice((name.upper(), name + " ", name + ".txt"))] = made.files.pop(name)
    elif deed == "empty":
        made.files[name] = b""
    else:
        other = dice.choice(sorted(made.files))
        made.files[name], made.files[other] = made.files[other], made.files[name]
    made.words.append(f"{name}: {deed}")


def pack(made: Mutation, poll: Poll, dice: random.Random) -> None:
    """Nothing but a zip, which is made when the files are settled."""


ON_SLIPS: dict[Kind, int] = {
    change_bytes: 5,
    change_lines: 5,
    change_line: 8,
    change_document: 5,
    change_number: 2,
    withhold: 2,
    change_question: 3,
    change_instant: 3,
    change_files: 2,
}
ON_EMPTY: dict[Kind, int] = {
    change_bytes: 2,
    change_manifest: 8,
    change_number: 6,
    withhold: 4,
    change_question: 4,
    change_document: 4,
    change_instant: 5,
    change_line: 3,
    change_files: 1,
    change_keys: 4,
    rename: 5,
    grow: 3,
}
