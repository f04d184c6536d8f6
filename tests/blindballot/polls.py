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
from blindballot.format.lines import CancelledSlip
from blindballot.format.manifest import Manifest, roll_leaf, roll_root, write_manifest
from blindballot.format.printed import PrintedBatch, PrintedSlip, cancelled_of, printed_root
from blindballot.format.questions import METHODS
from blindballot.format.record import Extension, Place
from blindballot.format.scrutineers import ScrutineerKeys
from blindballot.format.sealing import SEED_LENGTH, closing_key
from blindballot.format.slips import Slip
from blindballot.format.statements import IssuerStatement, write_statement
from blindballot.voter.voting import Ballot, LineMarks

GRADES = (("excellent", 10, "优秀"), ("good", 7, "良好"), ("fair", 5, "一般"), ("poor", 2, "较差"))
Marks = Mapping[str, LineMarks]


@functools.cache
def rsa_key(number: int) -> IssuerKey:
    return IssuerKey.generate()


@dataclass
class Poll:
    """Everything of a poll: the manifest, the private keys, and what was issued and cast."""

    manifest: Manifest
    keys: Keyring
    issuer_keys: dict[tuple[str, str, str], IssuerKey]
    closing_keys: dict[Place, ec.EllipticCurvePrivateKey]
    acknowledgement_key: ed25519.Ed25519PrivateKey
    head_key: ed25519.Ed25519PrivateKey
    statement_keys: dict[str, ed25519.Ed25519PrivateKey]
    scrutineers: dict[str, ScrutineerKeys]
    issued: dict[str, dict[str, int]]
    slips: list[Slip] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    batches: list[PrintedBatch] = field(default_factory=list)
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

    def cancel(self, pool: str, times: int = 1, drawn: int = 0) -> None:
        """A batch of paper sheets of the pool was printed, a slip of every line each, of which so many were not drawn."""
        sheets = [
            [
                PrintedSlip(line.id, point_bytes(generate_point_key()), secrets.token_bytes(16))
                for line in self.manifest.lines_of(self.manifest.pool_by_id[pool])
            ]
            for _ in range(times + drawn)
        ]
        slips = [slip for sheet in sheets for slip in sheet]
        number = 1 + sum(batch.pool == pool for batch in self.batches)
        self.batches.append(PrintedBatch(pool, number, times + drawn, drawn, printed_root(slips)))
        self.batches.sort(key=lambda batch: [each.id for each in self.manifest.pools].index(batch.pool))
        self.cancelled += cancelled_of(pool, number, slips, [slip for sheet in sheets[:times] for slip in sheet])

    def secrets(self) -> dict[Place, int]:
        """The private closing keys as numbers, which two scrutineers' shares make too."""
        return {place: key.private_numbers().private_value for place, key in self.closing_keys.items()}

    def statements(self) -> list[bytes]:
        """What the second issuers sign, in the manifest's order of pools."""
        said = []
        for pool in self.manifest.pools:
            if pool.statement_keys:
                issuer = pool.issuers[1]
                issued = self.issued[pool.id][issuer]
                statement = IssuerStatement(self.manifest.poll, pool.id, issuer, self.manifest.fingerprint, issued)
                said.append(write_statement(statement, self.statement_keys[pool.id]))
        return said


def document(
    pools: Mapping[str, int] | None = None,
    lines: Sequence[str] = ("u1", "u2"),
    criteria: Sequence[str] = ("work",),
    issuers: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """A manifest's document of plain values, without its keys."""
    sizes = pools or {"members": 8}
    return {
        "format": "blindballot-manifest-1",
        "poll": "0b54bd9a-5c40-4bd8-8f1f-1c7a3c62c0b1",
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
                "lines": "all",
                "issuers": list((issuers or {}).get(pool, ("office",))),
                "statement_keys": [],
            }
            for pool, size in sizes.items()
        ],
        "keys_root": b64(bytes(32)),
        "scrutineers": [],
        "acknowledgement_key": b64(bytes(32)),
        "head_key": b64(bytes(31) + b"\x01"),
        "thresholds": {"nothing_below": 5, "band_below": 10, "open_from": 50, "cell": 5, "turnout": [1, 2]},
    }


def question(line: str, kind: str, options: int, most: int = 0, method: str = "") -> dict[str, Any]:
    """A line that asks a question with so many options, a, b, c …; the method is the kind's first one unless given."""
    return {
        "id": line,
        "unit": f"unit {line}",
        "name": {"en": f"Question {line}?"},
        "question": {
            "kind": kind,
            "most": most or options,
            "method": method or METHODS[kind][0],
            "options": [{"id": chr(97 + place), "name": {"en": f"Option {place + 1}"}} for place in range(options)],
        },
    }


def asking(*questions: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A manifest's document whose lines are all questions."""
    return document(**changes) | {"grades": [], "criteria": [], "lines": list(questions)}


def add_scrutineers(plan: dict[str, Any], count: int = 3) -> dict[str, ScrutineerKeys]:
    """Names so many scrutineers in a manifest's document; their keys by id."""
    keys = {f"s{number}": ScrutineerKeys.generate() for number in range(1, count + 1)}
    plan["scrutineers"] = [
        {
            "id": scrutineer,
            "name": f"Scrutineer {scrutineer}",
            "signing_key": b64(own.card.signing_key),
            "decryption_key": b64(own.card.decryption_key),
        }
        for scrutineer, own in keys.items()
    ]
    return keys


def make_poll(plan: dict[str, Any] | None = None, scrutineers: int = 0, **changes: Any) -> Poll:
    """A poll with fresh keys of the platform for `document(**changes)`, or for a document given."""
    plan = plan or document(**changes)
    seed = secrets.token_bytes(SEED_LENGTH)
    issuer_keys, documents, statement_keys = {}, [], {}
    closing_keys = {}
    for pool in plan["pools"]:
        listed = []
        for line in [line["id"] for line in plan["lines"] if pool["lines"] == "all" or line["id"] in pool["lines"]]:
            for issuer in pool["issuers"]:
                issuer_keys[pool["id"], line, issuer] = rsa_key(len(issuer_keys))
            closing = closing_keys[pool["id"], line] = closing_key(seed, pool["id"], line)
            moduli = [issuer_keys[pool["id"], line, issuer].n for issuer in pool["issuers"]]
            listed.append((line, point_bytes(closing), moduli))
        documents.append(key_document(pool["id"], listed))
        if len(pool["issuers"]) > 1:
            statement_keys[pool["id"]] = generate_acknowledgement_key()
            pool["statement_keys"] = [b64(acknowledgement_bytes(statement_keys[pool["id"]]))]
    acknowledgement_key, head_key = generate_acknowledgement_key(), generate_acknowledgement_key()
    watching = add_scrutineers(plan, scrutineers) if scrutineers else {}
    plan["keys_root"] = b64(keys_root(documents))
    plan["acknowledgement_key"] = b64(acknowledgement_bytes(acknowledgement_key))
    plan["head_key"] = b64(acknowledgement_bytes(head_key))
    manifest = write_manifest(plan)
    issued = {pool.id: dict.fromkeys(pool.issuers, 0) for pool in manifest.pools}
    keys = Keyring.read(manifest, documents)
    platform = acknowledgement_key, head_key
    return Poll(manifest, keys, issuer_keys, closing_keys, *platform, statement_keys, watching, issued)
