"""The box at the close: opens sealed slips with the closing keys, validates their marks, counts.

What may be shown of the counts is publication.py; writing the record exporting.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from blindballot.format.answers import exact_answers
from blindballot.format.lines import Opening
from blindballot.format.manifest import Line, Manifest
from blindballot.format.publication import (
    NOTHING_WITHHELD,
    Withheld,
    mark_ids,
    one_band_a_unit,
    pool_verdict,
    publish_line,
    tally_criterion,
)
from blindballot.format.record import Place, PoolCounts, unopened_line
from blindballot.format.sealing import open_with_key
from blindballot.format.slips import SALT_LENGTH, BoardSlip, Slip, are_marks, commitment_of, seal_info

# Where the gate finds the true numbers of a line that has no criteria.
QUESTION = "question"
NO_GATE: Mapping[Place, Withheld] = MappingProxyType({})


def open_slip(manifest: Manifest, closing_key: ec.EllipticCurvePrivateKey, slip: Slip) -> Opening:
    """The slip's marks and salt, or the reason it is invalid: unreadable, other-commitment, no-such-mark."""
    return open_sealed(manifest, closing_key, slip.for_board, slip.sealed)


def open_sealed(manifest: Manifest, closing_key: ec.EllipticCurvePrivateKey, slip: BoardSlip, sealed: bytes) -> Opening:
    """The same for a slip of the board and the sealed bytes it has the hash of."""
    digest, name = manifest.digest, slip.name(manifest.digest)
    plain = open_with_key(closing_key, sealed, seal_info(digest, slip.pool, slip.line, slip.serial, slip.version))
    if plain is None:
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
    patterns: dict[Place, Counter[bytes]] = field(default_factory=dict)
    invalid: dict[Place, Counter[str]] = field(default_factory=dict)

    def add(self, pool: str, line: str, opening: Opening) -> None:
        """Count one opened slip."""
        if opening.invalid:
            self.invalid.setdefault((pool, line), Counter())[opening.invalid] += 1
        else:
            self.patterns.setdefault((pool, line), Counter())[opening.marks] += 1

    def counts(
        self,
        turnout: Mapping[str, Turnout],
        cancelled: Mapping[Place, int],
        withheld: Mapping[Place, Withheld] = NO_GATE,
    ) -> list[PoolCounts]:
        """The pools of `counts.json`, given each pool's turnout, cancelled slips by place, and what the gate withholds."""
        counted = []
        for pool in self.manifest.pools:
            said, lines = turnout[pool.id], self.manifest.lines_of(pool)
            if said.verdict == "valid":
                published = one_band_a_unit(self.manifest, [self._publish(pool.id, line, withheld) for line in lines])
            else:
                published = [unopened_line(line.id, said.returned[line.id]) for line in lines]
            unused = {line.id: cancelled[pool.id, line.id] for line in lines if cancelled.get((pool.id, line.id))}
            counted.append(PoolCounts(pool.id, said.issued, said.verdict, tuple(published), unused))
        return counted

    def _publish(self, pool: str, line: Line, withheld: Mapping[Place, Withheld]) -> dict[str, Any]:
        place = (pool, line.id)
        patterns, invalid = self.patterns.get(place, Counter()), self.invalid.get(place, Counter())
        return publish_line(self.manifest, line, patterns, invalid, withheld.get(place, NOTHING_WITHHELD))

    def exact(self) -> dict[tuple[str, str, str], dict[str, int]]:
        """The true counts by (pool, line, criterion), mark to number of slips: for the gate only.

        A question stands under the name `question` instead of a criterion, with first choices or approvals by option.
        """
        found: dict[tuple[str, str, str], dict[str, int]] = {}
        for (pool, line), patterns in self.patterns.items():
            known = self.manifest.line_by_id[line]
            if known.question:
                found[pool, line, QUESTION] = exact_answers(known.question, patterns)
            for place, criterion in enumerate(known.criteria):
                tally = tally_criterion(self.manifest, patterns, place)
                found[pool, line, criterion] = dict(zip(mark_ids(self.manifest), tally, strict=True))
        return found


@dataclass(frozen=True, slots=True)
class Turnout:
    """What is known of a pool before any slip is opened: tokens issued by issuer, slips returned by line, and so the verdict."""

    issued: dict[str, int]
    returned: dict[str, int]
    verdict: str


def turnout_of(
    manifest: Manifest, issued: Mapping[str, Mapping[str, int]], returned: Mapping[Place, int]
) -> dict[str, Turnout]:
    """Each pool's turnout. Raises KeyError for an issuer whose count is not given."""
    found = {}
    for pool in manifest.pools:
        own = {issuer: issued[pool.id][issuer] for issuer in pool.issuers}
        came = {line.id: returned.get((pool.id, line.id), 0) for line in manifest.lines_of(pool)}
        found[pool.id] = Turnout(own, came, pool_verdict(manifest, pool, own, list(came.values())))
    return found
