"""Slips for paper: a printed key from which the serial's private key follows, the slip's short number, the sheet's code.

Letters are Crockford's 32 with check letters that find every single wrong letter and every swapped pair. The byte format is
in docs/ballots.md; the booth does the same in paper.ts.
"""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from blindballot.box.issuing import IssuerKey
from blindballot.format.curve import ORDER
from blindballot.format.encoding import lp, tag
from blindballot.format.letters import ALPHABET, CodeError, read_letters, with_check
from blindballot.format.manifest import NONCE_LENGTH, Line, Manifest
from blindballot.format.marks import DONT_KNOW
from blindballot.format.questions import APPROVAL, Question, is_answer
from blindballot.format.slips import marks_length

# Five bits a letter. A key's 130 bits cannot be guessed; a sheet's 60 and a number's 50 tell sheets and slips apart.
KEY_LETTERS = 26
SHEET_LETTERS = 12
NUMBER_LETTERS = 10
SPOILT = 254
"""The byte of a mark that cannot be read: it is no grade, so the record counts the slip as invalid, `no-such-mark`."""

_SERIAL = tag("blindballot-paper-serial-1")
_FINDER = tag("blindballot-paper-finder-1")
_NONCE = tag("blindballot-paper-nonce-1")
_NUMBER = tag("blindballot-paper-number-1")


@dataclass(frozen=True, slots=True, repr=False)
class PaperSecret:
    """What follows from a slip's printed key under a manifest: the serial's private key, the word to look it up by, the nonce
    under which the serial was printed."""

    serial: ec.EllipticCurvePrivateKey
    finder: bytes
    nonce: bytes


def read_key(text: str, fingerprint: str) -> str:
    """The letters of a slip's key from what a scanner types (the address of its QR code) or a person (the key itself).

    Raises CodeError, `round` if the address names another manifest than `fingerprint`.
    """
    _before, mark, fragment = unicodedata.normalize("NFKC", text).strip().partition("#")
    if not mark:
        return read_letters(text, KEY_LETTERS, 2)
    named = dict(part.partition("=")[::2] for part in fragment.split("&"))
    if named.get("m", "").lower() != fingerprint:
        raise CodeError("round")
    return read_letters(named.get("s", ""), KEY_LETTERS, 2)


def secret_of(digest: bytes, key: str) -> PaperSecret:
    """The secret of a slip's key letters under the manifest's digest: HKDF-SHA256, 48 bytes reduced to 1 … n - 1 (FIPS 186-5, A.2.1)."""
    number = int.from_bytes(_derive(digest, key, _SERIAL, 48), "big") % (ORDER - 1) + 1
    finder, nonce = _derive(digest, key, _FINDER, 32), _derive(digest, key, _NONCE, NONCE_LENGTH)
    return PaperSecret(ec.derive_private_key(number, ec.SECP256R1()), finder, nonce)


def slip_number(digest: bytes, sheet: str, pool: str, line: str) -> str:
    """The short number of a sheet's slip for a line, with its check letter.

    It follows from the sheet's letters, so that a sheet leads to its slips while the slips do not lead to one another.
    """
    message = _NUMBER + digest + lp(pool.encode("ascii")) + lp(line.encode("ascii"))
    bits = int.from_bytes(hmac.digest(sheet.encode("ascii"), message, "sha256")[:8], "big")
    letters = "".join(ALPHABET[bits >> 5 * place & 31] for place in range(NUMBER_LETTERS))
    return with_check(letters, 1)


def sign_serial(key: IssuerKey, serial: bytes) -> bytes:
    """A token on a serial that the issuer sees: RSASSA-PSS with SHA-384 over `prefix || serial`, as `prefix || signature`."""
    prefix = secrets.token_bytes(32)
    pss = padding.PSS(padding.MGF1(hashes.SHA384()), 48)
    return prefix + key.loaded.sign(prefix + serial, pss, hashes.SHA384())


def read_marks(manifest: Manifest, line: Line, typed: list[str]) -> bytes | None:
    """The marks of a form from what was keyed for each criterion: a grade's place from 1, one more for don't know, 0 for none.

    None if an entry is missing or is none of these. A question has an entry for each place of a ranking, the option's number
    from 1, or for each option that may be approved of, 1; nothing is 0; don't know is one more than the largest of these, in the first
    entry. Entries of a question that together are no answer (an option twice, a gap) are those of a form that cannot be counted.
    """
    if line.question:
        return _read_answer(line, line.question, typed)
    known = {str(place): place for place in range(len(manifest.grades) + 1)} | {
        str(len(manifest.grades) + 1): DONT_KNOW
    }
    if len(typed) != len(line.criteria) or not all(entry in known for entry in typed):
        return None
    return bytes(known[entry] for entry in typed)


def _read_answer(line: Line, question: Question, typed: list[str]) -> bytes | None:
    largest = 1 if question.kind == APPROVAL else len(question.options)
    known = {str(place): place for place in range(largest + 1)} | {str(largest + 1): DONT_KNOW}
    if len(typed) != question.most or not all(entry in known for entry in typed):
        return None
    marks = bytes(known[entry] for entry in typed)
    return marks if is_answer(question, marks) else spoilt_marks(line)


def spoilt_marks(line: Line) -> bytes:
    """The marks of a form that cannot be counted."""
    return bytes([SPOILT]) * marks_length(line)


def _derive(digest: bytes, key: str, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, digest, info).derive(key.encode("ascii"))
