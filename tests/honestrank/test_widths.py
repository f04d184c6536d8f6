"""Widths beside Holm and Bonferroni, as the page on rank sets prints them; the claims of the index beside their simulation."""

import re
from itertools import takewhile
from pathlib import Path

import numpy as np
import pytest
from tests.honestrank.cards import SHARES, covered, separated
from tests.honestrank.widths import DATA, rejected, rows

from honestrank import rank_sets

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "methods"


def page(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def table(text: str, heading: str) -> list[list[str]]:
    """The cells of the table below a line that begins so."""
    lines = takewhile(lambda line: line.startswith("|"), text[text.index(heading) :].splitlines()[2:])
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_page_prints_our_widths_and_holms_and_none_of_ours_is_wider() -> None:
    found = list(rows())
    printed = {line for line in page("rank-sets.md").splitlines() if line.startswith(("| PISA", "| made"))}
    assert {row.row() for row in found} <= printed
    assert len(found) == len(printed) or not DATA.exists()
    for row in found:
        ours, holm, bonferroni = row.pairs
        assert ours >= holm >= bonferroni
        assert row.median[0] <= row.median[1] <= row.median[2]


def test_holm_steps_down_as_by_hand() -> None:
    p = np.array([[1, 0.004, 0.012], [0.99, 1, 0.009], [0.9, 0.9, 1]])
    # Of six: .004 <= .05/6, .009 <= .05/5, .012 <= .05/4; Bonferroni stops after the first.
    assert rejected(p, 0.95, stepped=True).sum() == 3
    assert rejected(p, 0.95, stepped=False).sum() == 1


def claims() -> list[list[str]]:
    return table(page("README.md"), "| path | claimed for |")


@pytest.mark.parametrize("path", ["marks", "means", "raters"])
def test_the_index_claims_what_the_simulation_found(path: str) -> None:
    """For each path: rows, worst share of false separations, least share of intervals, all from the page on coverage."""
    simulated = [row for row in table(page("coverage.md"), "| design | path |") if row[1].split(",")[0] == path]
    kept = [row for row in simulated if row[7] == "kept"]
    assert kept
    assert not [row for row in simulated if row[7] not in ("kept", "not claimed")]
    said = {row[0]: row for row in claims()}[path]
    worst, least = max(float(row[3]) for row in kept), min(float(row[5]) for row in kept)
    found = re.findall(r"\d+(?:\.\d+)?", said[3])
    assert [float(figure) for figure in found[:3]] == [len(kept), worst, least]
    assert float(said[2].split()[0]) == 5


def test_the_index_claims_for_cards_what_their_simulation_found() -> None:
    cells = table(page("small-samples.md"), "| marks | n | among peers |")
    assert len(cells) == 15
    claimed = [row for row in cells if int(row[1]) >= 13]
    least = min(float(cell) for row in claimed for cell in row[2:])
    assert f"{least:g}" in {row[0]: row for row in claims()}["cards"][3]
    share, n = SHARES["high (82 % excellent)"], 20
    printed = next(row for row in cells if row[0].startswith("high") and row[1] == str(n))
    assert [100 * kept for kept in covered(share, n, 1500)] == pytest.approx(
        [float(cell) for cell in printed[2:]], abs=0.05
    )


def test_the_index_claims_for_few_what_their_simulation_found() -> None:
    """The worst cell of the table is the index's figure, and one cell is simulated as it was for the page."""
    cells = table(page("small-samples.md"), "| units | raters | ours |")
    said = {row[0]: row for row in claims()}["few"]
    assert len(cells) == 4
    assert f"at most {max(float(row[2]) for row in cells):g} % of 400 files" in said[3]
    assert max(float(row[2]) for row in cells) <= float(said[2].split()[0]) + 3 * 1.1
    printed = next(float(row[2]) for row in cells if row[:2] == ["3", "6"])
    assert 100 * separated(3, 6, 400) == pytest.approx(printed, abs=0.051)


def test_the_index_claims_for_known_errors_what_a_simulation_finds() -> None:
    """Units truly equal, known errors as unequal as ten units with sd 3 and n = 10 beside ten with sd 1 and n = 200."""
    said = {row[0]: row for row in claims()}["known"]
    samples, variance = 300, np.repeat([9 / 10, 1 / 200], 10)
    random = np.random.default_rng(20100512)
    false = sum(
        rank_sets(random.normal(0, np.sqrt(variance)), variance, draws=1000, seed=sample).separate > 0
        for sample in range(samples)
    )
    claimed = float(said[2].split()[0]) / 100
    assert 0 < false / samples <= claimed + 3 * (claimed * (1 - claimed) / samples) ** 0.5
