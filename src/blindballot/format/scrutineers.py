"""A scrutineer's two keys: the file and the paper they are kept as, the card that is registered, the test that they still open.

Both keys follow from one seed, so that a sheet of paper is enough to have them back. Shares of closing keys are handover.py.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from blindballot.format.encoding import FormatError, b64, canonical, lp, parse_json, sha256, tag
from blindballot.format.fields import Fields
from blindballot.format.keys import (
    POINT_LENGTH,
    SIGNATURE_LENGTH,
    is_signed_by_point,
    load_point,
    point_bytes,
    sign_with_point,
)
from blindballot.format.sealing import SEED_LENGTH, derive_key, open_with_key, seal_to_point
from blindballot.format.statements import read_document, signed_bytes

KEY_FILE = "blindballot-scrutineer-keys-1"
CARD = "blindballot-scrutineer-1"
CHALLENGE = "blindballot-scrutineer-try-1"
ANSWER = "blindballot-scrutineer-answer-1"
# Bytes: every document here is short.
LONGEST_DOCUMENT = 4096
NONCE_LENGTH = 32

_SIGN, _OPEN = tag("blindballot-scrutineer-sign-1"), tag("blindballot-scrutineer-open-1")
_PAPER = tag("blindballot-scrutineer-paper-1")
# Crockford's base 32: no letter that is read as another one.
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_READ_AS = str.maketrans({"o": "0", "i": "1", "l": "1", "\u2212": "-"})
_CHECK_LENGTH = 3
SIGNS_ON_PAPER = (SEED_LENGTH + _CHECK_LENGTH) * 8 // 5


@dataclass(frozen=True, slots=True)
class ScrutineerCard:
    """The public halves: two points, to sign with and to be handed shares under."""

    signing_key: bytes
    decryption_key: bytes

    def to_bytes(self) -> bytes:
        """The card as it is handed in."""
        keys = {"signing_key": b64(self.signing_key), "decryption_key": b64(self.decryption_key)}
        return canonical({"format": CARD, **keys})


@dataclass(frozen=True, slots=True)
class ScrutineerKeys:
    """Both private keys, by the seed of 32 bytes that they follow from."""

    seed: bytes = field(repr=False)

    @classmethod
    def generate(cls) -> ScrutineerKeys:
        """Fresh keys."""
        return cls(secrets.token_bytes(SEED_LENGTH))

    @property
    def signing(self) -> ec.EllipticCurvePrivateKey:
        """The key that signs statements."""
        return self._derive(_SIGN)

    @property
    def decryption(self) -> ec.EllipticCurvePrivateKey:
        """The key that opens shares."""
        return self._derive(_OPEN)

    @property
    def card(self) -> ScrutineerCard:
        """What is registered of these keys."""
        return ScrutineerCard(point_bytes(self.signing), point_bytes(self.decryption))

    def to_file(self) -> bytes:
        """The key file."""
        return canonical({"format": KEY_FILE, "seed": b64(self.seed)})

    @classmethod
    def from_file(cls, data: bytes) -> ScrutineerKeys:
        """The keys of a key file. Raises FormatError for anything else."""
        fields = _fields(data, KEY_FILE)
        keys = cls(fields.binary("seed", SEED_LENGTH))
        fields.done()
        return keys

    def to_paper(self) -> str:
        """Fourteen groups of four letters and digits, three bytes of which are for finding what was misread."""
        number = int.from_bytes(self.seed + self._check(), "big")
        signs = [_LETTERS[number >> 5 * place & 31] for place in reversed(range(SIGNS_ON_PAPER))]
        return " ".join("".join(signs[at : at + 4]) for at in range(0, SIGNS_ON_PAPER, 4))

    @classmethod
    def from_paper(cls, text: str) -> ScrutineerKeys:
        """The keys of what stands on the paper, in any case and spacing. Raises FormatError for what was misread."""
        signs = signs_on_paper(text)
        if len(signs) != SIGNS_ON_PAPER or not set(signs) <= set(_LETTERS):
            raise FormatError(f"must be {SIGNS_ON_PAPER} letters and digits, as on the paper")
        number = 0
        for sign in signs:
            number = number << 5 | _LETTERS.index(sign)
        data = number.to_bytes(SEED_LENGTH + _CHECK_LENGTH, "big")
        keys = cls(data[:SEED_LENGTH])
        if keys._check() != data[SEED_LENGTH:]:
            raise FormatError("a letter or digit is another than on the paper")
        return keys

    def _check(self) -> bytes:
        return sha256(_PAPER + self.seed)[:_CHECK_LENGTH]

    def _derive(self, info: bytes) -> ec.EllipticCurvePrivateKey:
        return derive_key(HKDF(hashes.SHA256(), 32, None, info).derive(self.seed))


def signs_on_paper(text: str) -> str:
    """The letters and digits of what was typed from the paper: in any width and case, without blanks, dashes and line breaks."""
    plain = unicodedata.normalize("NFKC", text).lower().translate(_READ_AS)
    return "".join(
        sign for sign in plain if unicodedata.category(sign)[0] not in "ZC" and unicodedata.category(sign) != "Pd"
    )


def read_card(data: bytes) -> ScrutineerCard:
    """The card of its bytes, in any layout of JSON. Raises FormatError for anything else, or one point for both keys."""
    fields = _fields(data, CARD)
    card = ScrutineerCard(fields.point("signing_key"), fields.point("decryption_key"))
    fields.done()
    if card.signing_key == card.decryption_key:
        raise FormatError("decryption_key: must be another key than signing_key")
    return card


def write_challenge(card: ScrutineerCard, poll: str, nonce: bytes) -> bytes:
    """The test whether the holder of a card opens what is sealed to it: 32 random bytes, sealed for this poll."""
    return canonical({"format": CHALLENGE, "poll": poll, "sealed": b64(_seal_nonce(card, poll, nonce))})


def answer_challenge(keys: ScrutineerKeys, challenge: bytes) -> bytes:
    """What was sealed, signed. Raises FormatError where these keys do not open the challenge."""
    fields = _fields(challenge, CHALLENGE)
    poll, sealed = fields.text("poll", 36), fields.binary("sealed", POINT_LENGTH + NONCE_LENGTH + 16)
    fields.done()
    nonce = open_with_key(keys.decryption, sealed, _try_info(poll))
    if nonce is None:
        raise FormatError("sealed: these keys do not open it")
    document = {"format": ANSWER, "poll": poll, "nonce": b64(nonce)}
    return canonical(document | {"signature": b64(sign_with_point(keys.signing, signed_bytes(document)))})


def check_answer(card: ScrutineerCard, poll: str, nonce: bytes, answer: bytes) -> None:
    """Raises FormatError unless the answer gives back the nonce for this poll, signed by the card's key."""
    fields = _fields(answer, ANSWER)
    document = read_document(answer.strip())
    fields.constant("poll", poll)
    if fields.binary("nonce", NONCE_LENGTH) != nonce:
        raise FormatError("nonce: is not what was sealed")
    signature = fields.binary("signature", SIGNATURE_LENGTH)
    fields.done()
    if not is_signed_by_point(load_point(card.signing_key), signature, signed_bytes(document)):
        raise FormatError("signature: is not of the card's signing key")


def _seal_nonce(card: ScrutineerCard, poll: str, nonce: bytes) -> bytes:
    return seal_to_point(card.decryption_key, nonce, _try_info(poll))


def _try_info(poll: str) -> bytes:
    return tag(CHALLENGE) + lp(poll.encode("utf-8"))


def _fields(data: bytes, wanted: str) -> Fields:
    if len(data) > LONGEST_DOCUMENT:
        raise FormatError("too large")
    fields = Fields(parse_json(data.strip()))
    fields.constant("format", wanted)
    return fields
