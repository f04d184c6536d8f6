"""The box at the close: opens sealed slips with the closing keys, validates their marks, counts.

What may be shown of the counts is publication.py; writing the record exporting.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import ec

from blindballot.format.manifest import Manifest
from blindballot.format.publication import (
    NOTHING_WITHHELD,
    Withheld,
    mark_ids,
    one_band_a_unit,
    pool_verdict,
    publish_line,
    tally_criterion,
)
from blindballot.format.record import Opening, PoolCounts
from blindballot.format.slips import SALT_LENGTH, Slip, are_marks, commitment_of, seal_info

NO_GATE: Mapping[tuple[str, str], Withheld] = MappingProxyType({})
_SUITE = hpke.Suite(hpke.KEM.P256, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_128_GCM)


def open_slip(manifest: Manifest, closing_key: ec.EllipticCurvePrivateKey, slip: Slip) -> Opening:
    """The slip's marks and salt, or the reason it is invalid: unreadable, other-commitment, no-such-mark."""
    digest, name = manifest.digest, slip.name(manifest.digest)
    info = seal_info(digest, slip.pool, slip.line, slip.serial, slip.version)
    try:
        plain = _SUITE.decrypt(slip.sealed, closing_key, info)
    except (InvalidTag, ValueError):
        return Opening(name, invalid="unreadable")
    marks, salt = plain[:-SALT_LENGTH], plain[-SALT_LENGTH:]
    if commitment_of(digest, slip.serial, marks, salt) != slip.commitment:
        return Opening(name, invalid="other-commitment")
    if not are_marks(manifest, manifest.line_by_id[slip.line], marks):
        return Opening(name, invalid="no-such-mark")
    return Opening(name, marks, salt)


@dataclass(slots=True)
class Tally:
    """Patterns of marks of the valid slips, and reasons of the invalid ones, by (pool, line)."""

    manifest: Manifest
    patterns: dict[tuple[str, str], Counter[bytes]] = field(default_factory=dict)
    invalid: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)

    def add(self, pool: str, line: str, opening: Opening) -> None:
        """Count one opened slip."""
        if opening.invalid:
            self.invalid.setdefault((pool, line), Counter())[opening.invalid] += 1
        else:
            self.patterns.setdefault((pool, line), Counter())[opening.marks] += 1

    def counts(
        self,
        issued: Mapping[str, Mapping[str, int]],
        cancelled: Mapping[tuple[str, str], int],
        withheld: Mapping[tuple[str, str], Withheld] = NO_GATE,
    ) -> list[PoolCounts]:
        """The pools of `counts.json`, given the tokens issued by pool and issuer, cancelled slips by pool and line, and what the
        gate withholds."""
        counted = []
        for pool in self.manifest.pools:
            lines = [(pool.id, line.id) for line in self.manifest.lines]
            patterns = [self.patterns.get(key, Counter()) for key in lines]
            invalid = [self.invalid.get(key, Counter()) for key in lines]
            returned = [valid.total() + wrong.total() for valid, wrong in zip(patterns, invalid, strict=True)]
            own = {issuer: issued[pool.id][issuer] for issuer in pool.issuers}
            verdict = pool_verdict(self.manifest, pool, own, returned)
            published = [
                publish_line(
                    self.manifest,
                    *each,
                    verdict == "valid",
                    withheld=withheld.get((pool.id, each[0].id), NOTHING_WITHHELD),
                )
                for each in zip(self.manifest.lines, patterns, invalid, strict=True)
            ]
            unused = {line: cancelled[pool.id, line] for _, line in lines if cancelled.get((pool.id, line))}
            counted.append(PoolCounts(pool.id, own, verdict, tuple(one_band_a_unit(self.manifest, published)), unused))
        return counted

    def exact(self) -> dict[tuple[str, str, str], dict[str, int]]:
        """The true counts by (pool, line, criterion), mark to number of slips: for the gate only."""
        marks = mark_ids(self.manifest)
        return {
            (pool, line, criterion): dict(zip(marks, tally_criterion(self.manifest, patterns, place), strict=True))
            for (pool, line), patterns in self.patterns.items()
            for place, criterion in enumerate(self.manifest.line_by_id[line].criteria)
        }
