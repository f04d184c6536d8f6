"""What a closed round publishes: bands, coarsened means, scores, and nothing that pins a sealed mark."""

from itertools import cycle, islice

import pytest

from blindballot.manifest import read_manifest
from blindballot.publication import mark_ids, publish_line
from honestrank.disclosure import check_certificate
from zhengyou.standings.scoring import score_pools

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
        lines.append(publish_line(engine, line, patterns, {}, True))
        for place, criterion in enumerate(line.criteria):
            counts = dict.fromkeys(mark_ids(engine), 0)
            for pattern in slips[line.unit]:
                counts[pattern[place]] += 1
            exact["p", line.id, criterion] = counts
    return {"pools": [{"pool": "p", "verdict": "valid", "lines": lines}]}, exact


def engine_manifest(manifest):
    from blindballot.encoding import b64, canonical
    from blindballot.keys import acknowledgement_bytes, generate_acknowledgement_key, generate_point_key, point_bytes

    names = {"zh-hans": "名", "en": "Name"}
    document = manifest | {
        "format": "zhengyou-manifest-1",
        "round": "00000000-0000-4000-8000-000000000000",
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
                "closing_key": b64(point_bytes(generate_point_key())),
                "issuers": ["office"],
            }
            for pool in manifest["pools"]
        ],
        "keys_root": b64(bytes(32)),
        "acknowledgement_key": b64(acknowledgement_bytes(generate_acknowledgement_key())),
    }
    return read_manifest(canonical(document))


def slips_of(n, *columns):
    """n slips; each column is a repeated list of marks for one criterion."""
    return list(zip(*(islice(cycle(column), n) for column in columns), strict=True))


def scored(n, **units):
    manifest = manifest_of(list(units), ["a", "b"], n)
    counts, exact = published(manifest, units)
    return score_pools(manifest, counts, exact, 13)[0]


MIXED = ["good", "fair", "fairly-good", "good", "poor", "fairly-good"]
LOWER = ["fair", "poor", "fairly-good", "poor"]


def test_open_slips_give_exact_means_and_ranks():
    pool = scored(60, u1=slips_of(60, MIXED, MIXED), u2=slips_of(60, LOWER, LOWER))
    first, second = pool["units"]
    assert [first["level"], second["level"]] == ["open", "open"]
    assert first["score"] == pytest.approx((10 + 5 + 7 + 10 + 2 + 7) / 6, abs=0.005)
    assert not pool["sealed"]
    ranks = {row["unit"]: (row["rank_low"], row["rank_high"]) for row in pool["standing"]["units"]}
    assert ranks == {"u1": (1, 1), "u2": (2, 2)}


def test_two_alike_units_cannot_be_told_apart():
    pool = scored(60, u1=slips_of(60, MIXED, MIXED), u2=slips_of(60, MIXED[1:] + MIXED[:1], MIXED))
    rows = pool["standing"]["units"]
    assert [row["cannot_be_told_from"] for row in rows] == [["u2"], ["u1"]]
    assert {(row["rank_low"], row["rank_high"]) for row in rows} == {(1, 2)}


def test_sealed_slips_give_coarsened_means_each_with_a_certificate_that_checks():
    few = ["good"] * 18 + ["fairly-good"] * 9 + ["fair"] * 2 + ["poor"]
    pool = scored(30, u1=slips_of(30, few, few), u2=slips_of(30, few[::-1], LOWER))
    assert pool["sealed"]
    joined = [
        criterion
        for row in pool["units"]
        for criterion in row["criteria"]
        if any(len(cell["marks"]) > 1 for cell in criterion["cells"])
    ]
    assert len(joined) == 3
    for criterion in joined:
        assert check_certificate(criterion["certificate"])
        assert all(cell["n"] == 0 or cell["n"] >= 5 for cell in criterion["cells"])


def test_small_pools_show_one_band_or_nothing():
    pool = scored(7, u1=slips_of(7, MIXED, MIXED), u2=slips_of(4, MIXED, MIXED))
    first, second = pool["units"]
    assert (first["level"], first["band"], first["criteria"], first["score"]) == ("band", "middle", [], None)
    assert (second["level"], second["band"], second["criteria"], second["score"]) == ("nothing", None, [], None)
    assert pool["standing"] is None


@pytest.mark.parametrize("column", [["good"], ["unmarked"], ["dont_know"]])
@pytest.mark.parametrize("n", [12, 30, 60])
def test_unanimity_is_never_told(n, column):
    pool = scored(n, u1=slips_of(n, column, MIXED), u2=slips_of(n, LOWER, MIXED))
    unanimous, _other = pool["units"][0]["criteria"]
    if unanimous["mean"] is not None:
        assert unanimous["rounding"] > 0.01
        assert check_certificate(unanimous["certificate"])
        assert pool["units"][0]["standard_error"] > unanimous["rounding"] / 4
    assert not any(cell["n"] == n for cell in unanimous["cells"] or [] if cell["marks"][0] in dict(GRADES))
