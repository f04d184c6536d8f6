"""Exact encodings: what is read is accepted in one form only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blindballot.format.encoding import FormatError, b64, canonical, lp, parse_canonical, parse_json, tag, u32, unb64


@given(st.binary(max_size=300))
def test_base64_poll_trip(data: bytes) -> None:
    text = b64(data)
    assert unb64(text) == data
    assert unb64(text, len(data)) == data
    assert set(text).isdisjoint("+/=")


@pytest.mark.parametrize("text", ["A", "AA==", "A+A/", "AB", "AAF", "A A", "AAAA\n", "é", 7, None])
def test_base64_in_another_form_is_refused(text: object) -> None:
    with pytest.raises(FormatError):
        unb64(text)


def test_base64_of_another_length_is_refused() -> None:
    with pytest.raises(FormatError, match="3 bytes where 4 are wanted"):
        unb64("AAAA", 4)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_canonical_json_poll_trip(document: object) -> None:
    assert parse_canonical(canonical(document)) == document


@pytest.mark.parametrize(
    "data",
    [
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1}\n',
        b'{"a":1.0}',
        b'{"a":"\\u0062"}',
        b'{"a":1,"a":1}',
        b'{"a":NaN}',
        b'{"a":1e400}',
        b'{"a":12345678901234567890}',
        b'{"a":"\\ud800"}',
        b"\xef\xbb\xbf{}",
        b"\xff",
        b"",
        b"[" * 100_000,
    ],
)
def test_json_that_is_not_its_own_canonical_form_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError):
        parse_canonical(data)


def test_a_name_given_twice_is_refused_even_in_loose_json() -> None:
    with pytest.raises(FormatError):
        parse_json(b'{"a": 1, "a": 2}')


def test_small_encodings() -> None:
    assert lp(b"ab") == b"\x00\x02ab"
    assert u32(258) == b"\x00\x00\x01\x02"
    assert tag("t") == b"t\x00"
    assert canonical({"€": 1, "a": "优"}) == '{"a":"优","€":1}'.encode()
