"""Variances of the crossed model from sums of squares set to their expectation: one pass, any size.

Starts the exact search in `crossed` and stands alone in `large`.
"""

import itertools

import numpy as np
from numpy.typing import NDArray

from honestrank.sums import CrossedSums

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

TERMS = ("rater", "unit", "group")

# Pairs are counted in a table of all levels x levels up to so many entries, 80 MB; beyond, sorting the pairs takes
# less memory.
DENSE = 10_000_000


def levels(sums: CrossedSums) -> dict[str, tuple[Integers, int]]:
    """Codes and number of levels of each term that has more than one level."""
    found = {
        "rater": (sums.rater, sums.raters),
        "unit": (sums.unit, len(sums.units)),
        "group": (sums.group, len(sums.groups)),
    }
    return {term: found[term] for term in TERMS if found[term][1] > 1}


def moment_variances(sums: CrossedSums) -> dict[str, float]:
    """Variance of each term with more than one level, and `residual`; below zero where the data say less than nothing.

    Residual is above zero unless all marks within some grouping are equal.
    """
    terms, n = levels(sums), sums.n.astype(np.float64)
    marks: dict[str, Floats] = {
        term: np.bincount(codes, weights=n, minlength=count).astype(np.float64)
        for term, (codes, count) in terms.items()
    }
    within = {
        term: float((np.bincount(codes, weights=sums.total) ** 2 / marks[term]).sum())
        for term, (codes, _) in terms.items()
    }
    levels_of = {term: (len(own), float(own @ own)) for term, own in marks.items()}
    return from_squares(
        levels_of, within, _shares(sums, marks), (float(n.sum()), float(sums.total.sum()), sums.squares)
    )


def from_squares(
    marks: dict[str, tuple[int, float]],
    within: dict[str, float],
    shares: dict[tuple[str, str], float],
    overall: tuple[float, float, float],
) -> dict[str, float]:
    """Sums of squares within raters, within units, within groups and about the mean, each set to its expectation.

    Henderson's method as in Gao & Owen 2020, section 4, for any number of terms. `marks`: levels of each term and the
    sum of squares of their numbers; `within`: sum over its levels of total^2 / number; `shares`: see `_shares`;
    `overall`: number, sum, sum of squares.
    """
    all_marks, total, squares = overall
    left = [[*(shares[row, column] for column in marks), all_marks - marks[row][0]] for row in marks]
    left.append([*(all_marks - marks[term][1] / all_marks for term in marks), all_marks - 1])
    right = [squares - within[term] for term in marks]
    right.append(squares - total**2 / all_marks)
    variances = np.linalg.lstsq(np.array(left), np.array(right), rcond=None)[0]
    return dict(zip((*marks, "residual"), (float(value) for value in variances), strict=True))


def _shares(sums: CrossedSums, marks: dict[str, Floats]) -> dict[tuple[str, str], float]:
    """For each ordered pair of terms the coefficient of the second's variance in the squares within the first."""
    all_marks = float(sums.n.sum())
    shares = {(term, term): 0.0 for term in marks}
    for one, other in itertools.combinations(marks, 2):
        first, second, n = joint_marks(sums, one, other)
        shares[one, other] = all_marks - float((n**2 / marks[one][first]).sum())
        shares[other, one] = all_marks - float((n**2 / marks[other][second]).sum())
    return shares


def joint_marks(sums: CrossedSums, one: str, other: str) -> tuple[Integers, Integers, Floats]:
    """The pairs of levels of two terms that share marks, and how many they share."""
    terms = levels(sums)
    (first, count), (second, others) = terms[one], terms[other]
    pair, n = first * others + second, sums.n
    if (np.diff(pair) < 0).any():
        if count * others <= max(DENSE, len(pair)):
            shared = np.bincount(pair, weights=n, minlength=count * others)
            pair = np.flatnonzero(shared > 0)
            return pair // others, pair % others, shared[pair].astype(np.float64)
        order = np.argsort(pair, kind="stable")
        pair, n = pair[order], n[order]
    begins = np.flatnonzero(np.diff(pair, prepend=-1))
    pair = pair[begins]
    return pair // others, pair % others, np.add.reduceat(n, begins).astype(np.float64)
