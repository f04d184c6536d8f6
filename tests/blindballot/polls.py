"""A small round for tests: manifest, keys, voters that vote. Keys are made once and used again by later rounds."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from blindballot.box.issuing import IssuerKey
from blindballot.format.encoding import b64
from blindballot.format.keyring import Keyring, key_document, keys_root
from blindballot.format.keys import acknowledgement_bytes, generate_acknowledgement_key, generate_point_key, point_bytes
from blindballot.format.manifest import Manifest, roll_leaf, roll_root, write_manifest
from blindballot.format.record import CancelledSlip, Extension
from blindballot.format.slips import Slip
from blindballot.voter.voting import Ballot

GRADES = (("excellent", 10, "优秀"), ("good", 7, "良好"), ("fair", 5, "一般"), ("poor", 2, "较差"))
Marks = Mapping[str, Mapping[str, str]]


@functools.cache
def rsa_key(number: int) -> IssuerKey:
    return IssuerKey.generate()


@dataclass
class Poll:
    """Everything of a poll: the manifest, the private keys, and what was issued and cast."""

    manifest: Manifest
    keys: Keyring
    issuer_keys: dict[tuple[str, str, str], IssuerKey]
    closing_keys: dict[str, ec.EllipticCurvePrivateKey]
    acknowledgement_key: ed25519.Ed25519PrivateKey
    issued: dict[str, dict[str, int]]
    slips: list[Slip] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    cancelled: list[CancelledSlip] = field(default_factory=list)

    def ballot(self, pool: str) -> Ballot:
        """A voter's ballot with all its tokens."""
        ballot = Ballot.begin(self.manifest, self.keys, pool)
        for issuer in self.manifest.pool_by_id[pool].issuers:
            ballot.accept(issuer, self.sign(pool, issuer, ballot.request(issuer)))
            self.issued[pool][issuer] += 1
        return ballot

    def sign(self, pool: str, issuer: str, blinded: Mapping[str, bytes]) -> dict[str, bytes]:
        return {line: self.issuer_keys[pool, line, issuer].sign_blinded(one) for line, one in blinded.items()}

    def vote(self, pool: str, marks: Marks) -> list[Slip]:
        """One person of the pool casts these marks."""
        slips = self.ballot(pool).cast(marks)
        self.slips.extend(slips)
        return slips

    def cancel(self, pool: str, times: int = 1) -> None:
        """So many paper sheets of the pool were printed, a slip of every line each, and not drawn."""
        for _ in range(times):
            for line in self.manifest.lines:
                self.cancelled.append(CancelledSlip(pool, line.id, point_bytes(generate_point_key())))


def document(
    pools: Mapping[str, int] | None = None,
    lines: Sequence[str] = ("u1", "u2"),
    criteria: Sequence[str] = ("work",),
    issuers: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """A manifest's document of plain values, without its keys."""
    sizes = pools or {"members": 8}
    return {
        "format": "zhengyou-manifest-1",
        "round": "0b54bd9a-5c40-4bd8-8f1f-1c7a3c62c0b1",
        "title": {"zh-hans": "年度评议", "en": "Yearly appraisal"},
        "campaign": "",
        "opens_at": "2026-11-20T00:00:00Z",
        "closes_at": "2026-11-27T00:00:00Z",
        "grades": [{"id": id_, "points": points, "name": {"zh-hans": name}} for id_, points, name in GRADES],
        "criteria": [{"id": criterion, "name": {"en": criterion.title()}} for criterion in criteria],
        "lines": [
            {"id": line, "unit": f"unit {line}", "name": {"en": line}, "criteria": list(criteria)} for line in lines
        ],
        "pools": [
            {
                "id": pool,
                "name": {"en": pool.title()},
                "size": size,
                "roll_root": b64(roll_root([roll_leaf(secrets.token_bytes(16), f"person {i}") for i in range(size)])),
                "closing_key": "",
                "issuers": list((issuers or {}).get(pool, ("office",))),
            }
            for pool, size in sizes.items()
        ],
        "keys_root": b64(bytes(32)),
        "acknowledgement_key": b64(bytes(32)),
        "thresholds": {"nothing_below": 5, "band_below": 10, "open_from": 50, "cell": 5, "turnout": [1, 2]},
    }


def make_poll(plan: dict[str, Any] | None = None, **changes: Any) -> Poll:
    """A poll with fresh closing and acknowledgement keys for `document(**changes)`, or for a document given."""
    plan = plan or document(**changes)
    lines = [line["id"] for line in plan["lines"]]
    issuer_keys, documents = {}, []
    closing_keys = {}
    for pool in plan["pools"]:
        listed = []
        for line in lines:
            for issuer in pool["issuers"]:
                key = issuer_keys[pool["id"], line, issuer] = rsa_key(len(issuer_keys))
                listed.append((line, issuer, key.n))
        documents.append(key_document(pool["id"], listed))
        closing_keys[pool["id"]] = generate_point_key()
        pool["closing_key"] = b64(point_bytes(closing_keys[pool["id"]]))
    acknowledgement_key = generate_acknowledgement_key()
    plan["keys_root"] = b64(keys_root(documents))
    plan["acknowledgement_key"] = b64(acknowledgement_bytes(acknowledgement_key))
    manifest = write_manifest(plan)
    issued = {pool.id: dict.fromkeys(pool.issuers, 0) for pool in manifest.pools}
    keys = Keyring.read(manifest, documents)
    return Poll(manifest, keys, issuer_keys, closing_keys, acknowledgement_key, issued)
