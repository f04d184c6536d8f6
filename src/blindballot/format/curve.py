"""Arithmetic of P-256 (FIPS 186-5, SP 800-186) on plain numbers: adding points, multiplying them, the equality of two logarithms.

For what the library of keys does not offer. Not in constant time: only the close uses a secret here, on its own machine.
"""

from __future__ import annotations

import hmac

from blindballot.format.encoding import FormatError, sha256

PRIME = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B

# Affine; None is the point at infinity.
Point = tuple[int, int] | None
_Jacobian = tuple[int, int, int]

BASE: Point = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
PROOF_LENGTH = 64


def read_point(data: bytes) -> tuple[int, int]:
    """The point of 65 uncompressed bytes. Raises FormatError for another form or a point off the curve."""
    x, y = int.from_bytes(data[1:33], "big"), int.from_bytes(data[33:], "big")
    on_curve = x < PRIME and y < PRIME and (y * y - x * x * x + 3 * x - _B) % PRIME == 0
    if len(data) != 65 or data[0] != 4 or not on_curve:
        raise FormatError("not an uncompressed point of P-256")
    return x, y


def write_point(point: tuple[int, int]) -> bytes:
    """The 65 uncompressed bytes of a point."""
    return b"\x04" + point[0].to_bytes(32, "big") + point[1].to_bytes(32, "big")


def multiply(scalar: int, point: Point) -> Point:
    """`scalar` times the point, by doubling and adding."""
    total, step = (0, 1, 0), (*point, 1) if point else (0, 1, 0)
    for bit in bin(scalar % ORDER)[2:]:
        total = _double(total)
        if bit == "1":
            total = _add(total, step)
    return _affine(total)


def add(first: Point, second: Point) -> Point:
    """The sum of two points."""
    return _affine(_add((*first, 1) if first else (0, 1, 0), (*second, 1) if second else (0, 1, 0)))


def prove_equal(secret: int, public: bytes, other: bytes, result: bytes, context: bytes) -> bytes:
    """That one secret x makes `public` = x G and `result` = x `other` (Chaum and Pedersen 1992, made non-interactive): `c || z`.

    The chosen number follows from the secret and all that is proved, as in RFC 6979: two closes of one box write one record, and
    no poor source of chance gives the secret away.
    """
    said = context + public + other + result
    chosen = int.from_bytes(hmac.digest(secret.to_bytes(32, "big"), said, "sha512"), "big") % (ORDER - 1) + 1
    first, second = multiply(chosen, BASE), multiply(chosen, read_point(other))
    assert first is not None
    assert second is not None
    challenge = _challenge(context, (public, other, result, write_point(first), write_point(second)))
    answer = (chosen + challenge * secret) % ORDER
    return challenge.to_bytes(32, "big") + answer.to_bytes(32, "big")


def is_equal(public: bytes, other: bytes, result: bytes, context: bytes, proof: bytes) -> bool:
    """Whether the proof shows that one secret makes `public` and `result`. Raises FormatError for what is no point."""
    challenge, answer = int.from_bytes(proof[:32], "big"), int.from_bytes(proof[32:], "big")
    if len(proof) != PROOF_LENGTH or challenge >= ORDER or answer >= ORDER:
        return False
    points = [
        add(multiply(answer, base), multiply(-challenge, read_point(made)))
        for base, made in ((BASE, public), (read_point(other), result))
    ]
    if None in points:
        return False
    written = [write_point(point) for point in points if point]
    return challenge == _challenge(context, (public, other, result, *written))


def _challenge(context: bytes, points: tuple[bytes, ...]) -> int:
    return int.from_bytes(sha256(context + b"".join(points)), "big") % ORDER


def _double(point: _Jacobian) -> _Jacobian:
    x, y, z = point
    if not z or not y:
        return 0, 1, 0
    square = y * y % PRIME
    product = 4 * x * square % PRIME
    slope = 3 * (x - z * z) * (x + z * z) % PRIME
    new = (slope * slope - 2 * product) % PRIME
    return new, (slope * (product - new) - 8 * square * square) % PRIME, 2 * y * z % PRIME


def _add(first: _Jacobian, second: _Jacobian) -> _Jacobian:
    if not first[2] or not second[2]:
        return second if not first[2] else first
    (x1, y1, z1), (x2, y2, z2) = first, second
    u1, u2 = x1 * z2 * z2 % PRIME, x2 * z1 * z1 % PRIME
    s1, s2 = y1 * z2 * z2 * z2 % PRIME, y2 * z1 * z1 * z1 % PRIME
    across, up = (u2 - u1) % PRIME, (s2 - s1) % PRIME
    if not across:
        return _double(first) if not up else (0, 1, 0)
    square = across * across % PRIME
    cube, part = across * square % PRIME, u1 * square % PRIME
    new = (up * up - cube - 2 * part) % PRIME
    return new, (up * (part - new) - s1 * cube) % PRIME, across * z1 * z2 % PRIME


def _affine(point: _Jacobian) -> Point:
    x, y, z = point
    if not z:
        return None
    inverse = pow(z, -1, PRIME)
    return x * inverse * inverse % PRIME, y * inverse * inverse * inverse % PRIME
