"""Values that a document should not have, and some at the edge of what it may: for the fuzzer of the two verifiers."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from blindballot.format.encoding import b64, unb64
from blindballot.format.keys import generate_point_key, point_bytes

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


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


# Controls, spaces, what changes how text is shown, what is no character, what is a surrogate by itself, what markup means.
_SIGNS = "\x00 \n \t \x1b \x7f \x80 \x9f \xad \u200b \u200e \u2028 \u2029 \u202a \u202e \u2066 \u2069 \u206a \ud800 \udfff \ue000"
TEXTS = [
    *_SIGNS.split(" "),
    "",
    " ",
    "\xa0",
    "\u202f",
    "\ufeffx",
    "\ufffe",
    "\U0010ffff",
    "é",
    "e\u0301",
    "/",
    '"',
    "\\",
    "</script>",
]
TEXTS += ["x" * 500, "x" * 501, "\U0001f600" * 500, "\U0001f600" * 501, "a\x1b[8m"]
# Names that every object of JavaScript has, and ids at the edge of what ids may be.
IDS = [
    "constructor",
    "constructor",
    "constructor",
    "__proto__",
    "toString",
    "valueof",
    "prototype",
    "length",
    "a",
    "0",
    "00",
    "-1",
    "1e3",
    "a.",
    ".a",
    "-a",
    "_a",
    "a_-.",
    "A",
]
IDS += [
    "ａ",
    "é",
    "٣",
    "a٣",
    "a\n",
    "a b",
    "",
    "a" * 64,
    "a" * 65,
    *["dont_know", "unmarked", "any", "all", "none", "null", "nan"],
]
EDGES = [*range(6), 12, 13, 100, 101, 999, 1000, 1001, 1001, 100_000, 100_001, 2**31 - 1, 2**31, -1]
NUMBERS: list[Any] = [
    *EDGES,
    6,
    9,
    10,
    50,
    2**32 - 1,
    2**32,
    2**53 - 1,
    2**53,
    2**53 + 1,
    True,
    False,
    None,
    "1",
    [],
    {},
]
NUMBERS += [
    Raw(text) for text in ["-0", "1.0", "5e0", "1e2", "1E2", "01", "1.5", "1e400", "NaN", "1e21", "1e+21", "0.1"]
]
# Years, days and hours that are none or too far, digits of other scripts, other ways to write a time.
_YEARS = [
    f"{year}-01-01T00:00:00Z"
    for year in ("0000", "1999", "2000", "2999", "3000", "٢٠٢٦", "２０２６", "+02026", "20026")
]
_DAYS = [
    f"{day}T00:00:00Z"
    for day in ["2026-02-29", "2024-02-29", "2100-02-29", "2026-13-01", "2026-00-01", "2026-11-31", "2026-11-00"]
]
_HOURS = [
    f"2026-11-20T{time}"
    for time in ["24:00:00Z", "23:59:60Z", "00:00:0０Z", "00:00:00z", "00:00:00+00:00", "00:00:00.000Z", "00:00Z"]
]
INSTANTS = [*_YEARS, *_DAYS, *_HOURS, "2999-12-31T23:59:59Z", "2026-11-20 00:00:00Z", "2026-11-20T00:00:00Z\n"]


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
        lambda: b64(flipped(data, dice)) if data else "A",
        lambda: b64((number ^ 1).to_bytes(size, "big")),
        lambda: b64(((number + ORDER) % 256**size).to_bytes(size, "big")) if data else "",
        lambda: b64(odd_point(data, dice)),
        lambda: b64(_odd_signature(data, dice)),
    ]
    return dice.choice(tries)()


def flipped(data: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << dice.randrange(8))]) + data[place + 1 :]


def odd_point(data: bytes, dice: random.Random) -> bytes:
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


def odd_part(name: str, old: Any, dice: random.Random) -> Any:
    """Something in the place of a part of a question that may be right as well."""
    if dice.random() < 0.2 or isinstance(old, bool):
        return dice.choice((not old, odd_value(old, dice)))
    if name == "winners":
        return [dice.choice("aabbcd") for _ in range(dice.randrange(4))]
    if name == "options" and old and isinstance(old[0], dict):
        return [
            {"id": f"o{place}", "name": {"en": "o"}} for place in range(dice.choice((1, 2, 3, 6, 7, 11, 12, 16, 17)))
        ]
    if isinstance(old, list):
        path = dice.choice(list(nodes(old)) or [(0,)])
        changed = json.loads(json.dumps(old)) or [0]
        parent_of(changed, path)[path[-1]] = odd_value(parent_of(changed, path)[path[-1]], dice)
        return changed
    words = {"kind": ["ranking", "approval"], "method": ["schulze", "borda", "approvals"]}
    return dice.choice(words.get(name, [*range(18), old]))
