"""Documents at and beyond every bound, each in a record signed by the platform: here the two verifiers parted once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.blindballot.polls import Poll, document, make_poll
from tests.blindballot.records import sign_again
from tests.vectors.record_variants import Forgery, Variant, head

from blindballot.format.encoding import b64, canonical, parse_canonical
from blindballot.format.keyring import keys_root
from blindballot.format.record import COUNTS, GATE, KEYS, MANIFEST, RECORD

Change = Callable[[dict[str, Any]], object]
ARABIC, WIDE = "\u0662\u0660\u0662\u0666", "\uff12\uff10\uff12\uff16"


def empty_poll() -> Poll:
    """A poll in which nobody voted and nobody had to: whatever its manifest says, no slip depends on it."""
    plan = document({"members": 12}, ("u1", "u2"), ("work",))
    plan["thresholds"] |= {"turnout": [0, 1]}
    return make_poll(plan, scrutineers=2)


def bound_variants() -> list[Variant]:
    """Those of a head, which need no manifest of their own."""
    digits = {"closed_at": f"{ARABIC}-11-30T00:00:05Z"}
    return [
        Variant("a close in Arabic digits", head(**digits), RECORD, "bad-head"),
        Variant("a close in wide digits", head(closed_at=f"{WIDE}-11-30T00:00:05Z"), RECORD, "bad-head"),
        Variant("a close on the thirtieth of February", head(closed_at="2027-02-30T00:00:00Z"), RECORD, "bad-head"),
        Variant("a close in the year 3000", head(closed_at="3000-01-01T00:00:00Z"), RECORD, "bad-head"),
        Variant("a fingerprint in capitals", head(manifest="A" * 64), RECORD, "bad-head"),
        Variant("more slips than a number can say", head(board_size=2**31), RECORD, "bad-head"),
    ]


def manifest_variants() -> list[Variant]:
    """Those of a manifest and its keys, in the record of `empty_poll`."""
    return [Variant("nobody voted", lambda made, folder: None), *in_the_manifest(), *in_names(), *in_the_keys()]


def manifest(change: Change) -> Forgery:
    """Another manifest, which the platform signs as its own."""

    def forge(made: Poll, folder: Path) -> None:
        said = parse_canonical((folder / MANIFEST).read_bytes())
        change(said)
        write_manifest(made, folder, said)

    return forge


def write_manifest(made: Poll, folder: Path, said: dict[str, Any]) -> None:
    data = canonical(said)
    (folder / MANIFEST).write_bytes(data)
    gate = parse_canonical((folder / GATE).read_bytes()) | {"manifest": hashlib.sha256(data).hexdigest()}
    (folder / GATE).write_bytes(canonical(gate))
    document = parse_canonical((folder / RECORD).read_bytes())
    document["manifest"] = hashlib.sha256(data).hexdigest()
    (folder / RECORD).write_bytes(canonical(document))
    sign_again(made, folder)


def in_the_manifest() -> list[Variant]:
    """Numbers, instants, lists and ids."""

    def refused(name: str, change: Change) -> Variant:
        return Variant(name, manifest(change), MANIFEST, "bad-manifest")

    def sound(name: str, change: Change) -> Variant:
        return Variant(name, manifest(change))

    def thresholds(**changes: Any) -> Change:
        return lambda said: said["thresholds"].update(changes)

    def scrutineer(**changes: Any) -> Change:
        return lambda said: said["scrutineers"][0].update(changes)

    criteria = [{"id": f"c{number}", "name": {"en": "c"}} for number in range(1000)]
    return [
        refused("a closing time in Arabic digits", lambda said: said.update(closes_at=f"{ARABIC}-11-27T00:00:00Z")),
        refused("an opening time in wide digits", lambda said: said.update(opens_at=f"{WIDE}-11-20T00:00:00Z")),
        refused("the year 0000", lambda said: said.update(opens_at="0000-11-20T00:00:00Z")),
        refused("the year 1999", lambda said: said.update(opens_at="1999-11-20T00:00:00Z")),
        sound("the year 2000", lambda said: said.update(opens_at="2000-01-01T00:00:00Z")),
        refused("no leap year", lambda said: said.update(opens_at="2025-02-29T00:00:00Z")),
        sound("a leap year", lambda said: said.update(opens_at="2024-02-29T00:00:00Z")),
        refused("the hour 24", lambda said: said.update(opens_at="2026-11-19T24:00:00Z")),
        refused("a leap second", lambda said: said.update(opens_at="2026-11-19T23:59:60Z")),
        refused("a turnout of 2,000", thresholds(turnout=[1, 2000])),
        sound("a turnout of 1,000", thresholds(turnout=[0, 1000])),
        refused("a turnout of nothing", thresholds(turnout=[0, 0])),
        refused("a turnout of more than all", thresholds(turnout=[3, 2])),
        refused("a cell of two", thresholds(cell=2)),
        refused("a band below nothing", thresholds(band_below=4)),
        refused("half a threshold", thresholds(cell=3.5)),
        refused("a true threshold", thresholds(cell=True)),
        sound("a thousand criteria", lambda said: said["criteria"].extend(criteria[:999])),
        refused("a thousand and one criteria", lambda said: said["criteria"].extend(criteria)),
        refused("thirteen grades", lambda said: said["grades"].extend({"id": f"g{n}", "points": 1, "name": {"en": "g"}} for n in range(9))),
        refused("a grade called unmarked", lambda said: said["grades"][1].update(id="unmarked")),
        refused("points that rise", lambda said: said["grades"][1].update(points=11)),
        refused("points beyond a thousand", lambda said: said["grades"][0].update(points=1001)),
        refused("a pool of four", lambda said: said["pools"][0].update(size=4)),
        refused("a pool beyond all numbers", lambda said: said["pools"][0].update(size=2**31)),
        refused("a pool of all lines, listed", lambda said: said["pools"][0].update(lines=["u1", "u2"])),
        refused("a pool of no lines", lambda said: said["pools"][0].update(lines=[])),
        refused("a pool of every line", lambda said: said["pools"][0].update(lines="every")),
        refused("a pool of an unknown line", lambda said: said["pools"][0].update(lines=["u9"])),
        refused("three issuers", lambda said: said["pools"][0].update(issuers=["a", "b", "c"])),
        refused("a statement key of nobody", lambda said: said["pools"][0].update(statement_keys=[b64(bytes(32))])),
        refused("an issuer twice", lambda said: said["pools"][0].update(issuers=["a", "a"], statement_keys=[b64(bytes(32))])),
        refused("one key for acknowledgements and the head", lambda said: said.update(head_key=said["acknowledgement_key"])),
        refused("a head key too short", lambda said: said.update(head_key=b64(bytes(31)))),
        refused("a scrutineer twice", lambda said: said["scrutineers"].append(said["scrutineers"][0])),
        refused("one key for signing and decrypting", one_key),
        refused("a scrutineer's key that is no point", scrutineer(signing_key=b64(b"\4" + bytes(64)))),
        refused("a poll in capitals", lambda said: said.update(poll=said["poll"].upper())),
        refused("a poll without dashes", lambda said: said.update(poll=said["poll"].replace("-", ""))),
        refused("a campaign that is no fingerprint", lambda said: said.update(campaign="0" * 63)),
        refused("the format of old", lambda said: said.update(format="zhengyou-manifest-1")),
        refused("a field too many", lambda said: said.update(round=said["poll"])),
        refused("too many patterns", seven_criteria),
    ]  # fmt: skip


def one_key(said: dict[str, Any]) -> None:
    said["scrutineers"][0]["signing_key"] = said["scrutineers"][0]["decryption_key"]


def seven_criteria(said: dict[str, Any]) -> None:
    said["criteria"] += [{"id": f"c{number}", "name": {"en": "c"}} for number in range(6)]
    said["lines"][0]["criteria"] = [each["id"] for each in said["criteria"]]


def in_names() -> list[Variant]:
    """Texts and ids that mean something elsewhere."""

    def title(text: str, check: str = "bad-manifest") -> Variant:
        name = "a title with " + "".join(f"U+{ord(sign):04X} " for sign in text[:2]).strip()
        forge = manifest(lambda said: said.update(title={"en": text}))
        return Variant(name, forge, MANIFEST if check else "", check)

    def called(name: str, change: Callable[[bytes], bytes]) -> Variant:
        def forge(made: Poll, folder: Path) -> None:
            for file in (MANIFEST, KEYS, COUNTS):
                (folder / file).write_bytes(change((folder / file).read_bytes()))
            rewrite_keys(made, folder)

        return Variant(name, forge)

    return [
        *(title(text) for text in ("\0", "a\n", "a\r", "a\x1b", "a\x7f", "a\x85", "a\u2028", "a\u2029", "a\u202e", "a\u2066")),
        *(title(text, "") for text in ("a\u00ad", "a\u200b", "a\ufeff", "\U0001f328" * 500)),
        Variant("a title of 501 signs", manifest(lambda said: said.update(title={"en": "\U0001f328" * 501})), MANIFEST, "bad-manifest"),
        Variant("an empty title", manifest(lambda said: said.update(title={"en": ""})), MANIFEST, "bad-manifest"),
        Variant("a title in no language", manifest(lambda said: said.update(title={})), MANIFEST, "bad-manifest"),
        Variant("a title in a third language", manifest(lambda said: said["title"].update(fr="a")), MANIFEST, "bad-manifest"),
        Variant("a title on the prototype", manifest(lambda said: said.update(title={"__proto__": "a"})), MANIFEST, "bad-manifest"),
        called("a line called constructor", lambda data: data.replace(b'"u1"', b'"constructor"')),
        called("a pool called constructor", lambda data: data.replace(b'"members"', b'"constructor"')),
        called("an issuer called constructor", lambda data: data.replace(b'"office"', b'"constructor"')),
        called("a criterion called constructor", lambda data: data.replace(b'"work"', b'"constructor"')),
        Variant("a line with a wide id", manifest(lambda said: said["lines"][0].update(id="\uff551")), MANIFEST, "bad-manifest"),
        Variant("a line with a dash before its id", manifest(lambda said: said["lines"][0].update(id="-u1")), MANIFEST, "bad-manifest"),
        Variant("a line with an id too long", manifest(lambda said: said["lines"][0].update(id="u" * 65)), MANIFEST, "bad-manifest"),
    ]  # fmt: skip


def rewrite_keys(made: Poll, folder: Path) -> None:
    """The manifest with the root of what `keys.json` says now, signed as the platform's own."""
    documents = [canonical(each) for each in parse_canonical((folder / KEYS).read_bytes())]
    said = parse_canonical((folder / MANIFEST).read_bytes())
    said["keys_root"] = b64(keys_root(documents))
    write_manifest(made, folder, said)


def in_the_keys() -> list[Variant]:
    """Moduli that are none, points that are none, keys that stand twice."""

    def keys(change: Callable[[list[Any]], object]) -> Forgery:
        def forge(made: Poll, folder: Path) -> None:
            documents = parse_canonical((folder / KEYS).read_bytes())
            change(documents[0]["keys"])
            (folder / KEYS).write_bytes(canonical(documents))
            rewrite_keys(made, folder)

        return forge

    def modulus(number: int) -> Forgery:
        return keys(lambda said: said[0].update(n=[b64(number.to_bytes(256, "big"))]))

    def refused(name: str, forge: Forgery) -> Variant:
        return Variant(name, forge, KEYS, "bad-keys")

    # 2^2048 - 1 is a multiple of 3; the others have one small factor, chosen so that nothing else is wrong with them
    odd = (1 << 2047) + 1
    factor = next(number for number in range(odd, odd + 1 << 20, 2) if number % 65521 == 0)
    return [
        refused("an even modulus", modulus(1 << 2047)),
        refused("a modulus of ones", modulus((1 << 2048) - 1)),
        refused("a modulus with the largest small factor", modulus(factor)),
        refused("a modulus of 2047 bits", modulus((1 << 2047) - 1)),
        refused("a modulus twice", keys(lambda said: said[1].update(n=said[0]["n"]))),
        refused("two moduli of one issuer", keys(lambda said: said[0]["n"].append(said[1]["n"][0]))),
        refused("a closing key twice", keys(lambda said: said[1].update(closing_key=said[0]["closing_key"]))),
        refused(
            "a closing key that is no point", keys(lambda said: said[0].update(closing_key=b64(b"\4" + bytes(64))))
        ),
        refused("a compressed closing key", keys(lambda said: said[0].update(closing_key=b64(b"\2" + bytes(32))))),
        refused("lines in another order", keys(lambda said: said.reverse())),
        refused("a line without keys", keys(lambda said: said.pop())),
    ]
