"""The worked examples on the pages on methods that no other test computes: recomputed, and their figures looked up there."""

from pathlib import Path

import numpy as np
import pytest

from honestrank.estimators.crossed import fit_crossed
from honestrank.estimators.large import fit_moments
from honestrank.estimators.one_way import one_way
from honestrank.estimators.parts import join_parts
from honestrank.ranked.pairwise import borda, copeland, ranked_pairs, read_orders
from honestrank.ranked.plackett import plackett_luce, preference
from honestrank.ranks.ranksets import rank_sets
from honestrank.reading.ratings import read_ratings
from honestrank.screens.reliability import cronbach_alpha
from honestrank.sums import Columns, UnitSums

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "methods"
TOWNS = read_orders("MNCK", ["MNCK", "NCKM", "CKNM", "KCNM"], [42, 26, 15, 17])


def page(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


def row(*cells: object) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def signed(values: np.ndarray) -> list[str]:
    return [f"{value:.3f}".replace("-", "−") for value in values]


def test_one_way() -> None:
    marks = [[10, 10, 7, 10, 7], [7, 7, 5, 10], [10, 7, 5, 5, 7, 7, 2, 7], [10, 10]]
    n, total = np.array([len(some) for some in marks]), np.array([float(sum(some)) for some in marks])
    squares = np.array([float(sum(mark**2 for mark in some)) for some in marks])
    found, text = one_way(UnitSums(("a", "b", "c", "d"), n, total, squares, 0.0)), page("one-way")
    assert f"{found.fit.variances['unit']:.4f}, noise {found.fit.variances['residual']:.4f}" in text
    assert f"mean {found.fit.mean:.3f}" in text
    error = np.sqrt(found.covariance)
    for i in range(4):
        figures = (found.score[i], error[i], found.shrunken[i], found.prediction_error[i])
        assert row(n[i], *(f"{figure:.2f}" for figure in figures)) in text


def test_moments_beside_reml(shared_data: Path) -> None:
    sums = read_ratings(shared_data / "insteval.csv", Columns("d", "y", rater="s", group=("dept", "service"))).crossed
    assert sums is not None
    quick, exact, text = fit_moments(sums), fit_crossed(sums), page("moments")
    for name, found in (("moments", quick), ("REML", exact)):
        sd = [f"{float(found.fit.variances[term]) ** 0.5:.4f}" for term in ("rater", "unit", "group", "residual")]
        assert row(name, *sd, f"{found.fit.mean:.4f} ({found.fit.mean_error:.4f})") in text
    larger = np.sqrt(quick.covariance / np.diag(exact.covariance)) - 1
    assert f"larger by {larger.min():.0%} to {larger.max():.0%}".replace("%", "", 1).replace("%", " %") in text
    assert f"{np.median(larger):.0%} in the median".replace("%", " %") in text
    assert np.abs(quick.score - exact.score).max() == pytest.approx(0.012, abs=5e-4)


def test_plackett_luce() -> None:
    found, text = plackett_luce(TOWNS), page("plackett-luce")
    order = np.argsort(-found.strength)
    sets = rank_sets(found.strength, found.covariance)
    assert row("", *(TOWNS.candidates[i] for i in order)).replace("|  |", "| |") in text
    assert row("strength", *signed(found.strength[order])) in text
    assert row("standard error", *signed(found.standard_error[order])) in text
    assert row("places possible (95 %, all together)", *(f"{sets.low[i]}–{sets.high[i]}" for i in order)) in text
    assert f"−{-found.log_likelihood:.4f} after {found.steps} steps" in text
    assert "{:.2f} ({:.2f} to {:.2f})".format(*preference(found, 1, 2)) in text


def test_counts() -> None:
    assert borda(read_orders("AB", ["AB", "BA"], [3, 2])).tolist() == [3, 2]
    assert borda(read_orders("ABC", ["ABC", "BCA"], [3, 2])).tolist() == [6, 7, 2]
    assert "A has 6, B 7" in page("borda")
    schulze_2011 = read_orders(
        "ABCDE",
        ["ACBED", "ADECB", "BEDAC", "CABED", "CAEBD", "CBADE", "DCEBA", "EBADC"],
        [5, 5, 8, 3, 7, 2, 7, 8],
    )
    assert "A {:.0f}, B {:.0f}, C {:.0f}, D {:.0f}, E {:.0f}".format(*borda(schulze_2011)) in page("schulze")
    order = np.argsort(-ranked_pairs(schulze_2011.preferences()).above.sum(axis=1))
    assert "ranked pairs " + ", ".join("ABCDE"[i] for i in order) in page("schulze")
    assert copeland(schulze_2011.preferences()).tolist() == [0, 0, 0, -2, 2]
    assert not ranked_pairs(read_orders("ABC", ["ABC", "BCA", "CAB"], [35, 25, 25]).preferences()).ties_decided


def test_parts_and_items() -> None:
    joined = join_parts(np.array([3.0, 1]), np.array([[8.0], [4]]), np.array([[0.2], [0.4]]), np.array([[9], [9]]))
    assert (joined.score[0], joined.standard_error[0]) == pytest.approx((7, 0.25))
    table = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float)
    own = table.var(axis=0, ddof=1)
    assert ", ".join(f"{value:.3f}" for value in own) + f", together {own.sum():.3f}" in page("cronbach")
    assert f"(1 − {own.sum():.3f}/{table.sum(axis=1).var(ddof=1):.3f}) = {cronbach_alpha(table):.3f}" in page(
        "cronbach"
    )
