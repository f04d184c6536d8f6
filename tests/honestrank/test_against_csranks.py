"""PISA 2018, mathematics: what the pages of the R package csranks print, by the authors of the method.

Its two articles "Introduction" (37 countries, without Costa Rica) and "Inference for Ranks", version 1.2.2 (all 38). They
draw 1,000 times without a seed: a bound that hangs on draws may differ by one place, as the articles' own text does.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from honestrank import RankSets, rank_sets

# Places by score alone, in alphabetical order of the 37 countries ("Introduction").
PLACES = [
    24, 18, 10, 7, 35, 37, 17, 8, 3, 11, 20, 15, 34, 30, 21, 16, 32, 25, 1, 2, 19, 29, 27, 36, 4, 22, 14, 5, 23, 26, 9, 28,
    12, 6, 33, 13, 31,
]  # fmt: skip
MAY_BE_AMONG_FIVE = {
    "Belgium", "Canada", "Denmark", "Estonia", "Finland", "Japan", "Korea", "Netherlands", "Poland", "Slovenia", "Sweden",
    "Switzerland",
}  # fmt: skip


class Countries:
    """Names, scores and variances; without Costa Rica where 37 are asked for."""

    def __init__(self, folder: Path, *, number: int) -> None:
        with (folder / "pisa2018.csv").open(encoding="utf-8", newline="") as stream:
            rows = [row for row in csv.DictReader(stream) if number == 38 or row["jurisdiction"] != "Costa Rica"]
        self.names = [row["jurisdiction"] for row in rows]
        self.scores = np.array([float(row["math_score"]) for row in rows])
        self.variances = np.array([float(row["math_se"]) for row in rows]) ** 2
        assert len(rows) == number

    def sets(self, level: float) -> RankSets:
        return rank_sets(self.scores, self.variances, level=level)

    def ranks(self, name: str, sets: RankSets) -> set[int]:
        at = self.names.index(name)
        return set(range(int(sets.low[at]), int(sets.high[at]) + 1))


@pytest.fixture(params=[37, 38])
def countries(request: pytest.FixtureRequest, shared_data: Path) -> Countries:
    return Countries(shared_data, number=request.param)


def test_the_places_by_score_alone_are_those_printed(shared_data: Path) -> None:
    """Which shows that the table is the same."""
    scores = Countries(shared_data, number=37).scores
    assert [1 + int((scores > score).sum()) for score in scores] == PLACES


@pytest.mark.parametrize(("level", "may_be"), [(0.95, MAY_BE_AMONG_FIVE), (0.9, MAY_BE_AMONG_FIVE - {"Sweden"})])
def test_who_may_be_among_the_best_five(countries: Countries, level: float, may_be: set[str]) -> None:
    """`cstaubest(…, tau = 5)` at 95 and 90 %, the same in both articles: 12 names, then all but Sweden."""
    low = countries.sets(level).low
    assert {name for name, first in zip(countries.names, low, strict=True) if first <= 5} == may_be


def test_the_united_kingdom_alone(countries: Countries) -> None:
    """`csranks(…, simul = FALSE)`: places 7 to 23 among 37 countries, 8 to 23 among 38; 8 and 7 in the text beside them."""
    sets, at = countries.sets(0.95), countries.names.index("United Kingdom")
    printed = (7, 23) if len(countries.names) == 37 else (8, 23)
    assert (sets.marginal_low[at], sets.marginal_high[at]) == pytest.approx(printed, abs=1)


def test_korea_and_germany_share_place_seven_at_95_percent_and_none_at_75(shared_data: Path) -> None:
    countries = Countries(shared_data, number=38)
    wide, narrow = countries.sets(0.95), countries.sets(0.75)
    assert countries.ranks("Korea", wide) & countries.ranks("Germany", wide) == {7}
    assert countries.ranks("Korea", narrow).isdisjoint(countries.ranks("Germany", narrow))


def test_sweden_may_be_fifth_and_the_last_three_stay_apart(shared_data: Path) -> None:
    """ "Sweden's confidence set border is 5"; the sets of Chile, Mexico and Colombia meet no other country's."""
    countries = Countries(shared_data, number=37)
    sets = countries.sets(0.95)
    assert min(countries.ranks("Sweden", sets)) == 5
    last = {"Chile", "Mexico", "Colombia"}
    theirs = set().union(*(countries.ranks(name, sets) for name in last))
    for name in set(countries.names) - last:
        assert countries.ranks(name, sets).isdisjoint(theirs), name
