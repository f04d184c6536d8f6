"""What is handed to the scrutineers at the close: shares of the closing keys of sealed lines, and those lines' sealed slips.

Two of the shares together open a line, one alone says nothing (Shamir 1979). Whether a share fits can be seen without any
other (Feldman 1987), since the closing key itself was public from the opening on. One scrutineer passes shares to another
sealed, so that nobody on the way can join them.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from blindballot.format.curve import ORDER, add, multiply, read_point, write_point
from blindballot.format.encoding import FormatError, b64, canonical, lp, parse_canonical, tag, unb64
from blindballot.format.fields import Fields
from blindballot.format.keyring import Keyring
from blindballot.format.keys import POINT_LENGTH, point_bytes
from blindballot.format.lines import SealedSlip, read_sealed_line
from blindballot.format.manifest import Manifest
from blindballot.format.record import Place, PoolCounts
from blindballot.format.sealing import open_with_key, seal_to_point

FORMAT, PASSED = "blindballot-handover-1", "blindballot-passed-1"
SHARE_LENGTH = 32
SEALED_SHARE = POINT_LENGTH + SHARE_LENGTH + 16
# Bytes of a line: a hundred scrutineers' shares are 16 KB.
LONGEST_LINE = 1 << 16
LONGEST_PASSED = 8 << 20

_SHARE = tag("blindballot-share-1")


@dataclass(frozen=True, slots=True)
class HandedPlace:
    """A place whose closing key is shared: the commitment to the line through it, and each scrutineer's sealed share."""

    pool: str
    line: str
    commitment: bytes
    shares: tuple[bytes, ...]

    @property
    def place(self) -> Place:
        """Pool and line."""
        return self.pool, self.line


@dataclass(frozen=True, slots=True)
class Handover:
    """A handover as read: its places, and where in its file the slips begin."""

    path: Path
    places: tuple[HandedPlace, ...]
    slips_at: int

    def slips(self) -> Iterator[tuple[int, SealedSlip]]:
        """`(line number, slip)` of the sealed slips. Raises FormatError for a line in no canonical form."""
        with self.path.open("rb") as file:
            file.seek(self.slips_at)
            number = len(self.places) + 1
            while line := file.readline(LONGEST_LINE):
                number += 1
                yield number, read_sealed_line(line)


def handed_places(manifest: Manifest, counts: Sequence[PoolCounts]) -> tuple[Place, ...]:
    """Whose keys are shared: those of lines published as counts or bands; where nothing is published, of those only on which
    slips are called invalid, since nobody else could ever tell. In the manifest's order."""
    handed = {
        (pool.pool, line["line"])
        for pool in counts
        if pool.verdict == "valid"
        for line in pool.lines
        if line["publication"] in ("counts", "band") or (line["publication"] == "nothing" and line["invalid"])
    }
    return tuple(place for place in manifest.places if place in handed)


def write_places(manifest: Manifest, secret: Mapping[Place, int]) -> Iterator[bytes]:
    """The first lines of a handover: its head, then each place's shares for the manifest's scrutineers; sealed slips follow."""
    places = [place for place in manifest.places if place in secret]
    yield canonical({"format": FORMAT, "manifest": manifest.fingerprint, "places": len(places)}) + b"\n"
    for pool, line in places:
        slope = 1 + secrets.randbelow(ORDER - 1)
        sealed = [
            _seal_share(manifest, (pool, line), place, (secret[pool, line] + slope * (place + 1)) % ORDER)
            for place in range(len(manifest.scrutineers))
        ]
        commitment = b64(point_bytes(ec.derive_private_key(slope, ec.SECP256R1())))
        shares = [b64(share) for share in sealed]
        yield canonical({"pool": pool, "line": line, "commitment": commitment, "shares": shares}) + b"\n"


def read_handover(manifest: Manifest, path: Path) -> Handover:
    """The places of a handover; its slips are read when they are asked for. Raises FormatError."""
    with path.open("rb") as file:
        head = Fields(parse_canonical(_whole(file.readline(LONGEST_LINE))))
        head.constant("format", FORMAT)
        head.constant("manifest", manifest.fingerprint)
        count = head.whole("places", 0, len(manifest.places))
        head.done()
        places = [_read_place(manifest, _whole(file.readline(LONGEST_LINE)), number) for number in range(count)]
        order = {place: index for index, place in enumerate(manifest.places)}
        numbers = [order.get(place.place, -1) for place in places]
        if -1 in numbers or numbers != sorted(set(numbers)):
            raise FormatError("places: must be places of the manifest, in its order, each once")
        return Handover(path, tuple(places), file.tell())


def open_shares(
    manifest: Manifest, keys: Keyring, handover: Handover, scrutineer: str, key: ec.EllipticCurvePrivateKey
) -> dict[Place, int]:
    """A scrutineer's own shares, each found to fit. Raises FormatError for one that does not open, or does not fit."""
    index = _index(manifest, scrutineer)
    shares = {}
    for handed in handover.places:
        opened = open_with_key(key, handed.shares[index], _share_info(manifest, handed.place, scrutineer))
        if opened is None or len(opened) != SHARE_LENGTH:
            raise FormatError(f"the share of {handed.pool}, {handed.line} does not open with these keys")
        shares[handed.place] = int.from_bytes(opened, "big")
    _check_fit(keys, handover, index, shares)
    return shares


def pass_shares(manifest: Manifest, shares: Mapping[Place, int], sender: str, receiver: str) -> bytes:
    """One scrutineer's shares for another one's eyes: a line without its line feed."""
    plain = b"".join(share.to_bytes(SHARE_LENGTH, "big") for share in shares.values())
    public = manifest.scrutineers[_index(manifest, receiver)].decryption_key
    sealed = seal_to_point(public, plain, _passed_info(manifest, sender, receiver))
    names = {"from": sender, "to": receiver}
    return canonical({"format": PASSED, "manifest": manifest.fingerprint, "sealed": b64(sealed), **names})


def passed_length(places: int) -> int:
    """Bytes that are sealed when the shares of so many places are passed on."""
    return POINT_LENGTH + SHARE_LENGTH * places + 16


@dataclass(frozen=True, slots=True)
class Passed:
    """Shares on their way from one scrutineer to another."""

    sender: str
    receiver: str
    sealed: bytes


def read_passed(manifest: Manifest, line: bytes) -> Passed:
    """Who passes shares to whom, of a line without its line feed. Raises FormatError."""
    if len(line) > LONGEST_PASSED:
        raise FormatError("too large")
    fields = Fields(parse_canonical(line))
    fields.constant("format", PASSED)
    fields.constant("manifest", manifest.fingerprint)
    passed = Passed(fields.identifier("from"), fields.identifier("to"), fields.binary("sealed"))
    fields.done()
    if _index(manifest, passed.sender) == _index(manifest, passed.receiver):
        raise FormatError("to: must be another scrutineer")
    return passed


def open_passed(
    manifest: Manifest, keys: Keyring, handover: Handover, passed: Passed, key: ec.EllipticCurvePrivateKey
) -> dict[Place, int]:
    """The shares that were passed, each found to fit. Raises FormatError for those that do not open, or do not fit."""
    plain = open_with_key(key, passed.sealed, _passed_info(manifest, passed.sender, passed.receiver))
    if plain is None or len(plain) != SHARE_LENGTH * len(handover.places):
        raise FormatError(f"the shares of {passed.sender} do not open with these keys")
    shares = {
        handed.place: int.from_bytes(plain[at * SHARE_LENGTH : (at + 1) * SHARE_LENGTH], "big")
        for at, handed in enumerate(handover.places)
    }
    _check_fit(keys, handover, _index(manifest, passed.sender), shares)
    return shares


def join_shares(
    manifest: Manifest, first: tuple[str, Mapping[Place, int]], second: tuple[str, Mapping[Place, int]]
) -> dict[Place, int]:
    """The private closing keys that two scrutineers' fitting shares make together: the line through two points, at zero."""
    one, other = _index(manifest, first[0]) + 1, _index(manifest, second[0]) + 1
    if one == other:
        raise FormatError("two shares of one scrutineer open nothing")
    inverse = pow(other - one, -1, ORDER)
    return {place: (share * other - second[1][place] * one) * inverse % ORDER for place, share in first[1].items()}


def _check_fit(keys: Keyring, handover: Handover, index: int, shares: Mapping[Place, int]) -> None:
    """Raises FormatError unless each share times the base is the closing key and index + 1 times the commitment."""
    for handed in handover.places:
        share = shares[handed.place]
        wanted = add(read_point(keys.closing[handed.place]), multiply(index + 1, read_point(handed.commitment)))
        if not 0 < share < ORDER or wanted is None or write_point(wanted) != _public(share):
            raise FormatError(f"the share of {handed.pool}, {handed.line} does not fit its closing key")


def _public(scalar: int) -> bytes:
    return point_bytes(ec.derive_private_key(scalar, ec.SECP256R1()))


def _seal_share(manifest: Manifest, place: Place, index: int, share: int) -> bytes:
    scrutineer = manifest.scrutineers[index]
    info = _share_info(manifest, place, scrutineer.id)
    return seal_to_point(scrutineer.decryption_key, share.to_bytes(SHARE_LENGTH, "big"), info)


def _share_info(manifest: Manifest, place: Place, scrutineer: str) -> bytes:
    return _SHARE + manifest.digest + b"".join(lp(part.encode("ascii")) for part in (*place, scrutineer))


def _passed_info(manifest: Manifest, sender: str, receiver: str) -> bytes:
    return tag(PASSED) + manifest.digest + lp(sender.encode("ascii")) + lp(receiver.encode("ascii"))


def _index(manifest: Manifest, scrutineer: str) -> int:
    for index, each in enumerate(manifest.scrutineers):
        if each.id == scrutineer:
            return index
    raise FormatError(f"{scrutineer}: is not a scrutineer of the manifest")


def _whole(line: bytes) -> bytes:
    if not line.endswith(b"\n"):
        raise FormatError("a line is cut or too long")
    return line[:-1]


def _read_place(manifest: Manifest, line: bytes, number: int) -> HandedPlace:
    fields = Fields(parse_canonical(line), f"places[{number}]")
    count = len(manifest.scrutineers)
    place = HandedPlace(
        fields.identifier("pool"),
        fields.identifier("line"),
        fields.point("commitment"),
        fields.items("shares", _read_share, count, count),
    )
    fields.done()
    return place


def _read_share(value: object, where: str) -> bytes:
    try:
        return unb64(value, SEALED_SHARE)
    except FormatError as error:
        raise FormatError(f"{where}: {error}") from error
