"""Survey answers raked to known totals, and the weighted mean with its error."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from honestrank.given import complete, listed, numbers
from honestrank.words.wording import InputError

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

# How near, relatively, the weights come to each known total.
TOLERANCE = 1e-10

# Where the answers can meet the totals the gap shrinks by some share each round. So many rounds mean that it does
# not.
MOST_ROUNDS = 1000


@dataclass(frozen=True)
class Margin:
    """One known margin: the category of each answer, and the known total of each category."""

    name: str
    categories: Sequence[str]
    totals: Mapping[str, float]


@dataclass(frozen=True)
class Raked:
    """Weights that add up to the known totals; Kish's design effect 1 + cv^2 and effective number; how it went."""

    weights: Floats
    design_effect: float
    effective_n: float
    trimmed: int
    rounds: int
    converged: bool


def rake(start: Floats, margins: Sequence[Margin], *, most: float | None = None) -> Raked:
    """Iterative proportional fitting of weights to known totals (Deming & Stephan 1940), trimmed if asked.

    `most`: no weight above so many times the mean weight; what is cut goes to the others by the next rounds, so
    totals still hold when `converged`. When caps and totals cannot both hold, `converged` is false.
    Raises InputError for weights or totals that are not positive, totals that differ between margins, a category with
    a total but no answer or with answers but no total.
    """
    start = numbers(start, "weights")
    codes = [_codes(margin, len(start)) for margin in margins]
    _check(start, margins)
    weights, rounds, gap, cut = start.astype(np.float64).copy(), 0, math.inf, np.zeros(len(start), dtype=bool)
    while gap > TOLERANCE and rounds < MOST_ROUNDS:
        rounds += 1
        for code, totals in codes:
            weights *= (totals / np.bincount(code, weights=weights, minlength=len(totals)))[code]
        if most is not None:
            cap = most * weights.mean()
            cut |= weights > cap * (1 + TOLERANCE)
            weights = np.minimum(weights, cap)
        gap = max(
            float(np.abs(np.bincount(code, weights=weights, minlength=len(totals)) / totals - 1).max())
            for code, totals in codes
        )
    effect = float(len(weights) * (weights**2).sum() / weights.sum() ** 2)
    return Raked(weights, effect, len(weights) / effect, int(cut.sum()), rounds, gap <= TOLERANCE)


def _codes(margin: Margin, answers: int) -> tuple[Integers, Floats]:
    categories = listed(margin.categories, margin.name)
    if len(categories) != answers:
        raise InputError("lengths_differ", what=margin.name, found=len(categories), expected=answers)
    place = {category: i for i, category in enumerate(margin.totals)}
    for category in categories:
        if category not in place:
            raise InputError("category_unknown", category=category, margin=margin.name)
    known = set(categories)
    for category, total in margin.totals.items():
        if category not in known:
            raise InputError("category_empty", category=category, margin=margin.name, total=total)
    code = np.array([place[category] for category in categories], dtype=np.int64)
    return code, np.array(list(margin.totals.values()), dtype=np.float64)


def _check(start: Floats, margins: Sequence[Margin]) -> None:
    known = [np.array(list(margin.totals.values()), dtype=np.float64) for margin in margins]
    if not margins or not all((some > 0).all() and np.isfinite(some).all() for some in (start, *known)):
        raise InputError("weights_not_positive")
    expected = float(known[0].sum())
    for margin, totals in zip(margins, known, strict=True):
        if abs(float(totals.sum()) - expected) > 1e-9 * expected:
            found = float(totals.sum())
            raise InputError("totals_differ", margin=margin.name, found=found, first=margins[0].name, expected=expected)


def weighted_mean(y: Floats, weights: Floats) -> tuple[float, float]:
    """Weighted mean and its standard error by linearisation, sqrt(n/(n-1) sum w^2 (y - mean)^2) / sum w.

    Särndal, Swensson & Wretman 1992, section 5.7, drawn with replacement. After raking it is on the large side, since
    what the known totals explain is not taken off. Raises InputError for lists that do not fit and what is no finite number.
    """
    y, weights = complete(y, "answers"), complete(weights, "weights")
    if len(y) != len(weights):
        raise InputError("lengths_differ", what="weights", found=len(weights), expected=len(y))
    if not ((weights >= 0).all() and weights.sum() > 0):
        raise InputError("weights_not_positive")
    total = float(weights.sum())
    mean = float(weights @ y) / total
    n = len(y)
    spread = float((weights**2) @ (y - mean) ** 2) * n / (n - 1) if n > 1 else math.inf
    return mean, math.sqrt(spread) / total
