"""Seeded ways to change a record, for the fuzzer that holds the two verifiers against each other.

A record is its files by name. Most changes are signed again with the platform's own keys, as a platform that lies could do,
so that they get past the fingerprints. Nothing here knows what a verifier must find.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import random
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.blindballot.polls import Poll

from blindballot.format.encoding import b64, unb64
from blindballot.format.keys import generate_point_key, point_bytes, sign_with_point
from blindballot.format.lines import read_board_line
from blindballot.format.merkle import merkle_root

Files = dict[str, bytes]
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
DOCUMENTS = ("manifest.json", "keys.json", "counts.json", "printed.json", "closing-keys.json", "record.json")
LINES = tuple(f"{name}.jsonl" for name in ("board", "opened", "sealed", "invalid", "cancelled", "statements"))
LISTED = sorted({*DOCUMENTS, *LINES} - {"record.json"})
COSIGNATURES = "cosignatures.jsonl"


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


def mutate(base: Base, dice: random.Random) -> Mutation:
    """One mutation, the same for the same state of `dice`."""
    made = Mutation(dict(base.files))
    kinds = ON_EMPTY if base.is_empty else ON_SLIPS
    for kind in dice.choices(list(kinds), weights=list(kinds.values()), k=dice.choice((1, 1, 1, 2))):
        kind(made, base.poll, dice)
    if dice.random() < 0.9:
        settle(made.files, base.poll)
    if dice.random() < 0.15:
        made.packed = pack(made, dice)
    return made


# ---- JSON, as it is written and as it must not be written


@dataclass(frozen=True)
class Raw:
    """A value that is written just so, canonical or not."""

    text: str


def write(value: Any) -> bytes:
    """Canonical JSON but for `Raw`; lone surrogates are written as JavaScript does."""
    return _text(value).encode("utf-8", "backslashreplace")


def _text(value: Any) -> str:
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{_text(key)}:{_text(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_text, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def read(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def nodes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to every value inside."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield (*path, key)
        yield from nodes(each, (*path, key))


def parent_of(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path[:-1]:
        value = value[step]
    return value


def lines_of(files: Files, name: str) -> list[bytes]:
    return files.get(name, b"").splitlines(keepends=True)


# ---- Signing again


def settle(files: Files, poll: Poll) -> None:
    """Makes everything that follows from the documents follow again: roots, fingerprints, signatures."""
    manifest, keys = read(files.get("manifest.json", b"")), read(files.get("keys.json", b""))
    if isinstance(manifest, dict) and isinstance(keys, list) and "keys_root" in manifest:
        root = b64(merkle_root([write(document) for document in keys]))
        if root != manifest["keys_root"]:
            files["manifest.json"] = write(manifest | {"keys_root": root})
    digest = hashlib.sha256(files.get("manifest.json", b"")).digest()
    _sign_statements(files, poll, digest.hex())
    head = read(files.get("record.json", b""))
    if isinstance(head, dict):
        _fit_head(files, head, digest)
        files["record.sig"] = b64(poll.head_key.sign(files["record.json"])).encode()
    _sign_cosignatures(files, poll)


def _fit_head(files: Files, head: dict[str, Any], digest: bytes) -> None:
    """Only what differs is written anew, so that a head that was written oddly stays odd."""
    board = lines_of(files, "board.jsonl")
    wanted: dict[str, Any] = {
        "manifest": digest.hex(),
        "files": {name: hashlib.sha256(files[name]).hexdigest() for name in LISTED if name in files},
        "board_size": len(board),
    }
    with contextlib.suppress(ValueError):
        wanted["board_root"] = b64(merkle_root([read_board_line(line).name(digest) for line in board]))
    if any(name in head and head[name] != value for name, value in wanted.items()):
        files["record.json"] = write(head | {name: value for name, value in wanted.items() if name in head})


def _signed_part(document: dict[str, Any]) -> bytes:
    rest = {name: value for name, value in document.items() if name != "signature"}
    return str(document.get("format")).encode("utf-8", "replace") + b"\0" + hashlib.sha256(write(rest)).digest()


def _sign_statements(files: Files, poll: Poll, manifest: str) -> None:
    lines = []
    for line in lines_of(files, "statements.jsonl"):
        said = read(line)
        key = poll.statement_keys.get(str(said.get("pool"))) if isinstance(said, dict) else None
        if key is not None and said.get("manifest") != manifest:
            said = said | {"manifest": manifest}
            line = write(said | {"signature": b64(key.sign(_signed_part(said)))}) + b"\n"
        lines.append(line)
    files["statements.jsonl"] = b"".join(lines)


def _sign_cosignatures(files: Files, poll: Poll) -> None:
    if COSIGNATURES not in files:
        return
    record = hashlib.sha256(files.get("record.json", b"")).hexdigest()
    lines = []
    for line in lines_of(files, COSIGNATURES):
        said = read(line)
        key = poll.signing_keys.get(str(said.get("scrutineer"))) if isinstance(said, dict) else None
        if key is not None and said.get("record") != record:
            said = said | {"record": record}
            line = write(said | {"signature": b64(sign_with_point(key, _signed_part(said)))}) + b"\n"
        lines.append(line)
    files[COSIGNATURES] = b"".join(lines)


# ---- Odd values


TEXTS = [
    *(
        "",
        " ",
        "x" * 500,
        "x" * 501,
        "\U0001f600" * 500,
        "\U0001f600" * 501,
        "\ufeffx",
        "é",
        "e\u0301",
        "\x00",
        "\n",
        "\t",
    ),
    *("\x1b[8m", "\x7f", "\x80", "\x9f", "\xa0", "\xad", "\u200b", "\u200e", "\u2028", "\u2029", "\u202a", "\u202e"),
    *(
        "\u202f",
        "\u2066",
        "\u2069",
        "\u206a",
        "\ud800",
        "\udfff",
        "\ue000",
        "\ufffe",
        "\U0010ffff",
        "/",
        '"',
        "\\",
        "</script>",
    ),
]
IDS = [
    *(
        "constructor",
        "__proto__",
        "toString",
        "hasownproperty",
        "valueof",
        "prototype",
        "length",
        "a",
        "0",
        "00",
        "-1",
        "1e3",
    ),
    *(
        "a" * 64,
        "a" * 65,
        "a.",
        ".a",
        "-a",
        "_a",
        "a_-.",
        "A",
        "ａ",
        "é",
        "a\n",
        "a b",
        "",
        "dont_know",
        "unmarked",
        "any",
    ),
    *("all", "none", "null", "nan", "٣", "a٣"),
]
NUMBERS: list[Any] = [
    *(
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        9,
        10,
        12,
        13,
        50,
        100,
        101,
        999,
        1000,
        1001,
        100_000,
        100_001,
        2**31 - 1,
        2**31,
        2**32 - 1,
        2**32,
    ),
    *(-1, 2**53 - 1, 2**53, 2**53 + 1, True, False, None, "1", [], {}),
    *(Raw(text) for text in ("-0", "1.0", "5e0", "1e2", "1E2", "01", "1.5", "1e400", "NaN", "1e21", "1e+21", "0.1")),
]
INSTANTS = [
    *(
        "0000-01-01T00:00:00Z",
        "1999-12-31T23:59:59Z",
        "2000-01-01T00:00:00Z",
        "2999-12-31T23:59:59Z",
        "3000-01-01T00:00:00Z",
    ),
    *(
        "٢٠٢٦-11-20T00:00:00Z",
        "２０２６-11-20T00:00:00Z",
        "2026-11-٢0T00:00:00Z",
        "2026-11-20T00:00:0０Z",
        "2026-02-29T00:00:00Z",
    ),
    *(
        "2024-02-29T00:00:00Z",
        "2026-11-20T24:00:00Z",
        "2026-11-20T23:59:60Z",
        "2026-11-20T00:00:00z",
        "2026-11-20 00:00:00Z",
    ),
    *(
        "2026-11-20T00:00:00+00:00",
        "2026-11-20T00:00:00.000Z",
        "2026-11-20T00:00Z",
        "+02026-11-20T00:00:00Z",
        "2026-11-20T00:00:00Z\n",
    ),
    *(
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-11-31T00:00:00Z",
        "2026-11-00T00:00:00Z",
        "2100-02-29T00:00:00Z",
    ),
]


def odd_instant(old: str, dice: random.Random) -> str:
    """One from the list, or the old one with a character of another script's digits, or with another digit."""
    if dice.random() < 0.4:
        return dice.choice(INSTANTS)
    places = [place for place, sign in enumerate(old) if sign.isdigit()]
    place = dice.choice(places or [0])
    if dice.random() < 0.5:
        zero = dice.choice(("٠", "０", "०"))
        swapped = "".join(chr(ord(zero) + int(sign)) if sign.isdigit() else sign for sign in old)
        return dice.choice((swapped, old[:place] + swapped[place : place + 1] + old[place + 1 :]))
    return old[:place] + str(dice.randrange(10)) + old[place + 1 :]


def odd_binary(old: str, dice: random.Random) -> Any:
    """Base64url that is written or filled otherwise."""
    try:
        data = unb64(old)
    except ValueError:
        return dice.choice(TEXTS)
    number = int.from_bytes(data, "big")
    size = len(data)
    tries: list[Callable[[], Any]] = [
        lambda: old + "=",
        lambda: old.replace("_", "/").replace("-", "+"),
        lambda: old[:-1] + dice.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
        lambda: " " + old,
        lambda: old + "A",
        lambda: "",
        lambda: b64(bytes(size)),
        lambda: b64(b"\xff" * size),
        lambda: b64(data[::-1]),
        lambda: b64(data[:-1]),
        lambda: b64(data + b"\0"),
        lambda: b64(bytes([data[0] ^ (1 << dice.randrange(8))]) + data[1:]) if data else "A",
        lambda: b64(_flip(data, dice)) if data else "A",
        lambda: b64((number ^ 1).to_bytes(size, "big")),
        lambda: b64(((number + ORDER) % 256**size).to_bytes(size, "big")) if data else "",
        lambda: b64(_odd_point(data, dice)),
        lambda: b64(_odd_signature(data, dice)),
    ]
    return dice.choice(tries)()


def _flip(data: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << dice.randrange(8))]) + data[place + 1 :]


def _odd_point(data: bytes, dice: random.Random) -> bytes:
    """A point of another kind, or its negative, which is a point as well."""
    if len(data) != 65:
        return data
    field_ = 2**256 - 2**224 + 2**192 + 2**96 - 1
    y = int.from_bytes(data[33:], "big")
    negative = data[:33] + (field_ - y).to_bytes(32, "big")
    other = point_bytes(generate_point_key())
    kinds = [bytes([6 + (y & 1)]) + data[1:], bytes([2 + (y & 1)]) + data[1:], b"\0" * 65, negative, negative, other]
    return dice.choice(kinds)


def _odd_signature(data: bytes, dice: random.Random) -> bytes:
    """The other spelling of an ECDSA signature, or one out of range."""
    if len(data) != 64:
        return data
    r, s = int.from_bytes(data[:32], "big"), int.from_bytes(data[32:], "big")
    spelled = [(r, (ORDER - s) % ORDER), (r, (ORDER - s) % ORDER), (r, 0), (0, s), (ORDER, s), (r, ORDER)]
    return b"".join(number.to_bytes(32, "big") for number in dice.choice(spelled))


def odd_value(old: Any, dice: random.Random) -> Any:
    """Something in the place of a value: mostly of its kind, and at the edge of what is allowed."""
    if dice.random() < 0.1:
        return dice.choice([*NUMBERS, *TEXTS, *IDS])
    if isinstance(old, str):
        return odd_text(old, dice)
    if isinstance(old, (dict, list)):
        return odd_shape(old, dice)
    return dice.choice(NUMBERS) if dice.random() < 0.7 else int(old or 0) + dice.choice((-1, 1))


def odd_text(old: str, dice: random.Random) -> Any:
    """By what the text is: an instant, a fingerprint, bytes, or words."""
    if len(old) == len("2026-11-20T00:00:00Z") and old.endswith("Z"):
        return odd_instant(old, dice)
    if len(old) > 20 and not set(old) - set("0123456789abcdef"):
        return dice.choice((old.upper(), old[:-1], old[::-1], "", old + "\n"))
    if len(old) > 20 and old.isascii() and " " not in old:
        return odd_binary(old, dice)
    return dice.choice((*TEXTS, *IDS, old + "\n", old.upper(), old + "\u200d"))


def odd_shape(old: Any, dice: random.Random) -> Any:
    """A list or an object with something left out, put in, doubled or moved."""
    if isinstance(old, dict):
        names = list(old)
        changed = dict(old)
        if names and dice.random() < 0.5:
            changed[dice.choice(("extra", "__proto__", "constructor", "toString"))] = changed.get(dice.choice(names))
        elif names:
            changed.pop(dice.choice(names))
        return changed
    changed = list(old)
    deed = dice.randrange(5)
    if deed == 0 or not changed:
        changed.append(dice.choice(changed) if changed else 1)
    elif deed == 1:
        changed.pop(dice.randrange(len(changed)))
    elif deed == 2:
        changed.reverse()
    elif deed == 3:
        dice.shuffle(changed)
    else:
        changed.insert(dice.randrange(len(changed)), dice.choice(changed))
    return changed


# ---- Kinds of mutation


def change_bytes(made: Mutation, poll: Poll, dice: random.Random) -> None:
    """Bytes of a file: flipped, left out, doubled, put in, cut off."""
    name = dice.choice(sorted(made.files))
    data = made.files[name]
    at = dice.randrange(len(data) + 1)
    span = data[at : at + dice.choice((1, 1, 2, 30))]
    deeds = {
        "flipped": _flip(data, dice) if data else b"x",
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
    if name == COSIGNATURES and (key := poll.signing_keys.get(str(said.get("scrutineer")))):
        lines[at] = write(said | {"signature": b64(sign_with_point(key, _signed_part(said)))}) + b"\n"
    if name == "statements.jsonl" and (stated := poll.statement_keys.get(str(said.get("pool")))):
        lines[at] = write(said | {"signature": b64(stated.sign(_signed_part(said)))}) + b"\n"
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
    kind = dice.choice(("lines", "lines", "pools", "criteria", "grades", "issuers", "scrutineers"))
    try:
        ids = [each["id"] for each in manifest[kind]] if kind != "issuers" else ["office", "county"]
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
        entry["closing_key"] = b64(_odd_point(unb64(entry["closing_key"]), dice))
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


ON_SLIPS: dict[Callable[[Mutation, Poll, random.Random], None], int] = {
    change_bytes: 5,
    change_lines: 5,
    change_line: 8,
    change_document: 5,
    change_instant: 3,
    change_files: 2,
}
ON_EMPTY = {
    change_bytes: 2,
    change_manifest: 10,
    change_document: 4,
    change_instant: 5,
    change_line: 3,
    change_files: 1,
    change_keys: 4,
    rename: 5,
    grow: 3,
}


# ---- Zips


def pack(made: Mutation, dice: random.Random) -> bytes:
    """The record as a zip, plain or strange."""
    folder = dice.choice(("", "", "record/", "a/b/", "记录/", "__proto__/"))
    entries = [(folder + name, data) for name, data in made.files.items()]
    deed = dice.choice(("plain", "plain", "more", "more", "twice", "method", "patched", "bytes", "bytes", "around"))
    if deed == "more":
        more = (
            "__proto__",
            "constructor",
            "__MACOSX/._x",
            ".hidden",
            "x/",
            "../x",
            "/x",
            "x\0",
            "a" * 300,
            "record.sig/",
        )
        entries.append((dice.choice((folder, "")) + dice.choice(more), b"x"))
    if deed == "twice":
        entries.append(dice.choice(entries))
    method = dice.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    packed = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(packed, "w", method) as archive:
        warnings.simplefilter("ignore")
        for name, data in entries:
            info = zipfile.ZipInfo("x")
            info.filename = name
            own = zipfile.ZIP_BZIP2 if deed == "method" and dice.random() < 0.3 else method
            info.compress_type = own
            archive.writestr(info, data, own)
    data, word = _strange_zip(packed.getvalue(), deed, dice)
    made.words.append(f"zip: {deed} {word} in {folder!r}")
    return data


def _strange_zip(data: bytes, deed: str, dice: random.Random) -> tuple[bytes, str]:
    if deed == "around":
        return dice.choice(
            ((b"PK" + data, "before"), (data + b"x", "after"), (data[:-1], "cut"), (data + b"\0" * 22, "zeros"))
        )
    if deed == "bytes":
        # mostly in the list at the end and in the headers, where the meaning is
        near = [place for place in range(len(data)) if data[place : place + 2] == b"PK"]
        place = min(dice.choice(near) + dice.randrange(46), len(data) - 1)
        return data[:place] + bytes([data[place] ^ (1 << dice.randrange(8))]) + data[place + 1 :], f"bit at {place}"
    if deed == "patched":
        place = data.rindex(b"PK\x01\x02")
        field_, value = dice.choice(
            ((8, 1), (8, 1 << 6), (10, 12), (10, 99), (16, 7), (24, 1), (24, 2**32 - 1), (42, 1), (34, 1))
        )
        patched = bytearray(data)
        struct.pack_into("<H" if field_ in (8, 10, 34) else "<I", patched, place + field_, value)
        return bytes(patched), f"{field_} is {value}"
    return data, str(zlib.crc32(data))
