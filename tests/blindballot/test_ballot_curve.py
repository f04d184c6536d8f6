"""Our own arithmetic of P-256, signatures in one form, and HPKE by hand, against the library and RFC 9180's own numbers."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st

from blindballot.format.curve import BASE, ORDER, PRIME, add, is_equal, multiply, prove_equal, read_point, write_point
from blindballot.format.encoding import FormatError
from blindballot.format.keys import generate_point_key, is_signed_by_point, load_point, point_bytes, sign_with_point
from blindballot.format.sealing import SUITE, derive_key, exchange, open_with_exchange, open_with_key

SCALARS = st.integers(1, ORDER - 1) | st.integers(1, 9) | st.integers(ORDER - 9, ORDER - 1)
QUICK = settings(max_examples=40, deadline=None)
KEY = generate_point_key()
SECRET = KEY.private_numbers().private_value


def key_of(scalar: int) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(scalar, ec.SECP256R1())


def made_by(scalar: int) -> tuple[int, int]:
    """The point that the library makes of a private number."""
    return read_point(point_bytes(key_of(scalar)))


@QUICK
@given(SCALARS)
def test_a_multiple_of_the_base_is_the_librarys_public_key(scalar: int) -> None:
    assert multiply(scalar, BASE) == made_by(scalar)
    assert write_point(made_by(scalar)) == point_bytes(key_of(scalar))


@QUICK
@given(SCALARS, SCALARS)
def test_an_exchange_is_the_librarys(one: int, other: int) -> None:
    shared = key_of(one).exchange(ec.ECDH(), key_of(other).public_key())
    point = multiply(one, made_by(other))
    assert point is not None
    assert point[0].to_bytes(32, "big") == shared


@QUICK
@given(SCALARS, SCALARS)
def test_multiples_add_up(one: int, other: int) -> None:
    first, second = made_by(one), made_by(other)
    together = (one + other) % ORDER
    assert add(first, second) == add(second, first) == (made_by(together) if together else None)
    assert multiply(3, add(first, second)) == add(multiply(3, first), multiply(3, second))


@QUICK
@given(SCALARS)
def test_nothing_is_the_point_at_infinity(scalar: int) -> None:
    point = made_by(scalar)
    turned = (point[0], PRIME - point[1])
    assert multiply(-1, point) == multiply(ORDER - 1, point) == turned
    assert add(point, turned) is None
    assert add(point, None) == add(None, point) == multiply(ORDER + 1, point) == point
    assert add(point, point) == multiply(2, point)
    assert multiply(0, point) is multiply(ORDER, point) is multiply(scalar, None) is add(None, None) is None


def test_only_uncompressed_points_of_the_curve_are_read() -> None:
    good = point_bytes(KEY)
    x, y = read_point(good)
    beyond = b"\x04" + (5).to_bytes(32, "big") + PRIME.to_bytes(32, "big")
    wrong = [b"", good[:-1], good + b"\0", b"\x05" + good[1:], b"\x04" + bytes(64), b"\0", beyond]
    wrong += [bytes([2 + (y & 1)]) + good[1:33], write_point((x, y ^ 1)), write_point((y, x))]
    for data in wrong:
        with pytest.raises(FormatError):
            read_point(data)
        with pytest.raises(FormatError):
            load_point(data)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=40))
def test_a_signature_never_has_the_larger_s(data: bytes) -> None:
    signature = sign_with_point(KEY, data)
    s = int.from_bytes(signature[32:], "big")
    assert 0 < s <= ORDER // 2
    assert is_signed_by_point(KEY.public_key(), signature, data)
    assert not is_signed_by_point(KEY.public_key(), signature[:32] + (ORDER - s).to_bytes(32, "big"), data)
    assert not is_signed_by_point(KEY.public_key(), signature, data + b"x")


def test_the_larger_s_of_anybody_is_refused_though_the_library_takes_it() -> None:
    refused = 0
    for number in range(24):
        data = bytes([number])
        r, s = decode_dss_signature(KEY.sign(data, ec.ECDSA(hashes.SHA256())))
        KEY.public_key().verify(encode_dss_signature(r, ORDER - s), data, ec.ECDSA(hashes.SHA256()))
        both = [r.to_bytes(32, "big") + each.to_bytes(32, "big") for each in (s, ORDER - s)]
        assert sum(is_signed_by_point(KEY.public_key(), each, data) for each in both) == 1
        refused += s > ORDER // 2
    assert refused


def test_numbers_out_of_range_sign_nothing() -> None:
    half = ORDER // 2
    for r, s in ((0, 1), (1, 0), (ORDER, 1), (1, half + 1), (1, ORDER), (2**256 - 1, half), (ORDER + 1, 1)):
        signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        assert not is_signed_by_point(KEY.public_key(), signature, b"data")


@QUICK
@given(st.binary(min_size=33, max_size=44), st.binary(max_size=60))
def test_an_exchange_opens_what_the_library_sealed(plain: bytes, info: bytes) -> None:
    sealed = SUITE.encrypt(plain, KEY.public_key(), info)
    exchanged = exchange(SECRET, sealed)
    assert exchanged is not None
    assert open_with_exchange(exchanged, point_bytes(KEY), sealed, info) == open_with_key(KEY, sealed, info) == plain
    for changed, told in ((sealed[:-1] + bytes([sealed[-1] ^ 1]), info), (sealed, info + b"x"), (sealed[:66], info)):
        assert open_with_exchange(exchanged, point_bytes(KEY), changed, told) is None
        assert open_with_key(KEY, changed, told) is None


def test_bytes_that_begin_with_no_point_have_no_exchange() -> None:
    for sealed in (b"", b"\x04" + bytes(120), b"\x05" + SUITE.encrypt(b"x" * 33, KEY.public_key(), b"")[1:]):
        assert exchange(SECRET, sealed) is None
        assert open_with_key(KEY, sealed, b"") is None


@settings(max_examples=10, deadline=None)
@given(SCALARS, SCALARS)
def test_a_proof_holds_for_one_secret_alone(secret: int, other: int) -> None:
    public, point = point_bytes(key_of(secret)), point_bytes(key_of(other))
    result = write_point(multiply(secret, read_point(point)) or (0, 0))
    proof = prove_equal(secret, public, point, result, b"context")
    assert is_equal(public, point, result, b"context", proof)
    assert not is_equal(public, point, result, b"contexts", proof)
    wrong = write_point(multiply(secret + 1, read_point(point)) or read_point(point))
    assert not is_equal(public, point, wrong, b"context", prove_equal(secret, public, point, wrong, b"context"))


# RFC 9180, appendix A.3.1: ikmE with skEm and pkEm, ikmR with skRm and pkRm.
DERIVED = [
    (
        "4270e54ffd08d79d5928020af4686d8f6b7d35dbe470265f1f5aa22816ce860e",
        "4995788ef4b9d6132b249ce59a77281493eb39af373d236a1fe415cb0c2d7beb",
        "04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac9"
        "8536d7b61a1af4b78e5b7f951c0900be863c403ce65c9bfcb9382657222d18c4",
    ),
    (
        "668b37171f1072f3cf12ea8a236a45df23fc13b82af3609ad1e354f6ef817550",
        "f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2",
        "04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a82"
        "6a779b4cf969b8a0e539c7f62fb3d30ad6aa8f80e30f1d128aafd68a2ce72ea0",
    ),
]


@pytest.mark.parametrize(("material", "secret", "public"), DERIVED, ids=["ephemeral", "recipient"])
def test_keys_are_derived_as_the_rfc_derives_them(material: str, secret: str, public: str) -> None:
    key = derive_key(bytes.fromhex(material))
    assert key.private_numbers().private_value == int(secret, 16)
    assert point_bytes(key).hex() == public
