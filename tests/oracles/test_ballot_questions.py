"""Winners of the ballot record's questions against pref_voting: the cases of tests/vectors/questions-1.json."""

import json
from pathlib import Path

import pytest
from pref_voting.margin_based_methods import beat_path
from pref_voting.profiles_with_ties import ProfileWithTies
from pref_voting.scoring_methods import symmetric_borda_scores

CASES = json.loads((Path(__file__).parents[1] / "vectors" / "questions-1.json").read_bytes())


def rankings(case: dict) -> ProfileWithTies:
    """The slips of a case as orders in which options that are not ranked are last and level; one that names none has all level."""
    placed, counts = [], []
    for marks, n in case["slips"].items():
        ranked = [mark - 1 for mark in bytes.fromhex(marks) if 0 < mark < 255]
        order = {option: place for place, option in enumerate(ranked, start=1)}
        placed.append({option: order.get(option, len(ranked) + 1) for option in range(len(case["options"]))})
        counts.append(n)
    return ProfileWithTies(placed, counts, candidates=list(range(len(case["options"]))))


@pytest.mark.parametrize("method", ["schulze", "borda"])
def test_rankings(method: str) -> None:
    """pref_voting's beat path measures by margins, as the record does; its symmetric Borda is the record's points."""
    cases = [case for case in CASES if case["method"] == method]
    assert len(cases) > 80
    for case in cases:
        profile = rankings(case)
        if method == "schulze":
            first = beat_path(profile)
        else:
            points = symmetric_borda_scores(profile)
            first = [option for option in points if points[option] == max(points.values())]
        assert [case["options"][place] for place in first] == case["open"]["winners"]
        numbers = [
            sum(n for marks, n in case["slips"].items() if bytes.fromhex(marks)[0] == place)
            for place in profile_places(case)
        ]
        assert numbers == case["open"]["options"]
        assert [list(row) for row in profile.margin_matrix] == margins(case["open"]["pairwise"])


def profile_places(case: dict) -> range:
    """The places of the options, from 1."""
    return range(1, len(case["options"]) + 1)


def margins(pairwise: list[list[int]]) -> list[list[int]]:
    """How many more put one option above another than the other way."""
    return [[row[j] - pairwise[j][i] for j in range(len(row))] for i, row in enumerate(pairwise)]
