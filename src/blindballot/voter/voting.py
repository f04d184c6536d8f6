"""The voter's device in Python: serials, blinding, tokens, marks, seal, signature. The browser's booth does the same.

Everything secret stays in the Ballot; what leaves it is what the wire shows.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric import ec

from blindballot.format import rsabssa
from blindballot.format.keyring import Keyring
from blindballot.format.keys import generate_point_key, point_bytes, sign_with_point
from blindballot.format.manifest import Line, Manifest, Pool
from blindballot.format.marks import DONT_KNOW, DONT_KNOW_ID, UNMARKED, UNMARKED_ID
from blindballot.format.questions import marks_of_answer
from blindballot.format.sealing import seal_to_point
from blindballot.format.slips import SALT_LENGTH, Slip, commitment_of, seal_info

# What a line is marked with: grade ids by criterion; or, for a question, option ids in order of preference, or approved of.
LineMarks = Mapping[str, str] | Sequence[str]


@dataclass(slots=True)
class Prepared:
    """One line's serial, and for each issuer what it takes to finish its token."""

    key: ec.EllipticCurvePrivateKey
    serial: bytes
    prefixes: list[bytes]
    blinded: list[bytes]
    inverses: list[int]
    tokens: list[bytes | None]


@dataclass(slots=True)
class Ballot:
    """One voter's stack of slips in the making. Order: `request` and `accept` for each issuer, then `cast`."""

    manifest: Manifest
    keys: Keyring
    pool: Pool
    prepared: dict[str, Prepared] = field(default_factory=dict)

    @classmethod
    def begin(cls, manifest: Manifest, keys: Keyring, pool_id: str) -> Ballot:
        """A ballot with a fresh serial for every line of the pool, blinded for each of its issuers."""
        ballot = cls(manifest, keys, manifest.pool_by_id[pool_id])
        for line in manifest.lines_of(ballot.pool):
            ballot.prepared[line.id] = ballot._prepare(line)
        return ballot

    def _prepare(self, line: Line) -> Prepared:
        key = generate_point_key()
        one = Prepared(key, point_bytes(key), [], [], [], [])
        for public in self.keys.keys[self.pool.id, line.id]:
            prefix, message = rsabssa.prepare(one.serial)
            blinded, inverse = rsabssa.blind(public, message)
            one.prefixes.append(prefix)
            one.blinded.append(blinded)
            one.inverses.append(inverse)
            one.tokens.append(None)
        return one

    def request(self, issuer: str) -> dict[str, bytes]:
        """The blinded serials by line for one issuer; the same at every call, so a retry is one."""
        place = self.pool.issuers.index(issuer)
        return {line: one.blinded[place] for line, one in self.prepared.items()}

    def accept(self, issuer: str, signatures: Mapping[str, bytes]) -> None:
        """Finish the tokens from the issuer's answer. Raises BlindSignatureError, keeping nothing, if one does not fit."""
        place = self.pool.issuers.index(issuer)
        finished = {}
        for line, one in self.prepared.items():
            public = self.keys.keys[self.pool.id, line][place]
            message = one.prefixes[place] + one.serial
            signature = rsabssa.finalize(public, message, signatures[line], one.inverses[place])
            finished[line] = one.prefixes[place] + signature
        for line, token in finished.items():
            self.prepared[line].tokens[place] = token

    def cast(self, marks: Mapping[str, LineMarks], version: int = 1) -> list[Slip]:
        """A slip for every line from `{line: {criterion: grade id or "dont_know"}}`; what is left out is unmarked.

        A question's line has a list of option ids, or `["dont_know"]`. A higher `version` replaces an earlier cast. Raises ValueError
        while a token is missing or for what is no answer, KeyError for a grade that does not exist.
        """
        lines = self.manifest.lines_of(self.pool)
        return [self.fill(line, self.marks_of(line, marks.get(line.id, {})), version) for line in lines]

    def marks_of(self, line: Line, marked: LineMarks) -> bytes:
        """The bytes of a line's marks from grades by criterion, or from the options of a question."""
        if line.question:
            return marks_of_answer(line.question, list(marked))
        if not isinstance(marked, Mapping):
            raise ValueError("a line of criteria has grades by criterion")
        values = {grade.id: place for place, grade in enumerate(self.manifest.grades, 1)}
        values |= {UNMARKED_ID: UNMARKED, DONT_KNOW_ID: DONT_KNOW}
        return bytes(values[marked.get(criterion, UNMARKED_ID)] for criterion in line.criteria)

    def fill(self, line: Line, marks: bytes, version: int = 1) -> Slip:
        """One sealed and signed slip. The marks are not checked: the box cannot either, and a test may want bad ones."""
        one = self.prepared[line.id]
        tokens = tuple(token for token in one.tokens if token is not None)
        if len(tokens) != len(one.tokens):
            raise ValueError("a token is missing")
        return make_slip(self.manifest, self.keys, (self.pool.id, line.id), one.key, tokens, marks, version)


def make_slip(
    manifest: Manifest,
    keys: Keyring,
    place: tuple[str, str],
    key: ec.EllipticCurvePrivateKey,
    tokens: tuple[bytes, ...],
    marks: bytes,
    version: int,
) -> Slip:
    """Marks sealed to the line's closing key and signed by the serial's own key; `place` is the ids of pool and line."""
    (pool, line), digest, serial = place, manifest.digest, point_bytes(key)
    salt = secrets.token_bytes(SALT_LENGTH)
    info = seal_info(digest, pool, line, serial, version)
    sealed = seal_to_point(keys.closing[place], marks + salt, info)
    commitment = commitment_of(digest, serial, marks, salt)
    unsigned = Slip(pool, line, serial, tokens, version, commitment, sealed, b"")
    return replace(unsigned, signature=sign_with_point(key, unsigned.body(digest)))
