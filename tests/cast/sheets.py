"""Sheets of the tests as plain values: manifest, published counts and exact counts of one pool, from its slips.

No poll, no box: what the record would say of them comes from blindballot itself.
"""

from itertools import cycle, islice

from blindballot.format.encoding import b64, canonical
from blindballot.format.manifest import read_manifest
from blindballot.format.publication import mark_ids, publish_line
from zhengyou.standings.computing.document import PoolResult
from zhengyou.standings.computing.scoring import score_pools

GRADES = [("good", 10), ("fairly-good", 7), ("fair", 5), ("poor", 2)]
MARKS = [*(name for name, _points in GRADES), "dont_know", "unmarked"]


def manifest_of(units, criteria, size):
    return {
        "grades": [{"id": name, "points": points, "name": {}} for name, points in GRADES],
        "criteria": [{"id": name, "name": {}} for name in criteria],
        "lines": [{"id": f"{unit}-1", "unit": unit, "name": {"zh-hans": unit}, "criteria": criteria} for unit in units],
        "pools": [{"id": "p", "name": {}, "size": size}],
        "thresholds": {"nothing_below": 5, "band_below": 10, "open_from": 50, "cell": 5, "turnout": [2, 3]},
    }


class Line:
    def __init__(self, line):
        self.id, self.criteria = line["id"], tuple(line["criteria"])


def published(manifest, slips):
    """counts.json and the exact counts of slips by unit: a list of patterns of marks (grade names by criterion)."""
    engine = engine_manifest(manifest)
    lines, exact = [], {}
    codes = {name: place for place, name in enumerate([name for name, _ in GRADES], 1)} | {
        "dont_know": 255,
        "unmarked": 0,
    }
    for line in engine.lines:
        patterns = {}
        for pattern in slips[line.unit]:
            marks = bytes(codes[mark] for mark in pattern)
            patterns[marks] = patterns.get(marks, 0) + 1
        lines.append(publish_line(engine, line, patterns, {}))
        for place, criterion in enumerate(line.criteria):
            counts = dict.fromkeys(mark_ids(engine), 0)
            for pattern in slips[line.unit]:
                counts[pattern[place]] += 1
            exact["p", line.id, criterion] = counts
    return {"pools": [{"pool": "p", "verdict": "valid", "lines": lines}]}, exact


def engine_manifest(manifest):
    names = {"zh-hans": "名", "en": "Name"}
    document = manifest | {
        "format": "blindballot-manifest-1",
        "poll": "00000000-0000-4000-8000-000000000000",
        "title": names,
        "campaign": "",
        "opens_at": "2026-01-01T00:00:00Z",
        "closes_at": "2026-01-08T00:00:00Z",
        "grades": [grade | {"name": names} for grade in manifest["grades"]],
        "criteria": [criterion | {"name": names} for criterion in manifest["criteria"]],
        "lines": [line | {"name": names} for line in manifest["lines"]],
        "pools": [
            pool
            | {
                "name": names,
                "roll_root": b64(bytes(32)),
                "lines": "all",
                "issuers": ["office"],
                "statement_keys": [],
            }
            for pool in manifest["pools"]
        ],
        "keys_root": b64(bytes(32)),
        "scrutineers": [],
        "acknowledgement_key": b64(bytes(32)),
        "head_key": b64(b"\x01" * 32),
    }
    return read_manifest(canonical(document))


def slips_of(n, *columns):
    """n slips; each column is a repeated list of marks for one criterion."""
    return list(zip(*(islice(cycle(column), n) for column in columns), strict=True))


def scored(n, **units) -> PoolResult:
    manifest = manifest_of(list(units), ["a", "b"], n)
    counts, exact = published(manifest, units)
    return score_pools(manifest, counts, exact, 13, {})[0]
