"""Confidence sets for ranks and the one relation that orders units, after Mogstad, Romano, Shaikh & Wilhelm (2024).

Works on any estimates with their errors, wherever they come from. No list 1..n is ever made.
"""

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from honestrank.defaults import LARGEST, SEED
from honestrank.given import check_level, check_whole, is_definite, matrix, numbers
from honestrank.linear.threads import one_thread_each
from honestrank.ranks.draws import Draws, simulate
from honestrank.words.wording import InputError, percent

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

# Each step but the last lowers the critical value. To stop early would leave it too high, which claims too little,
# never too much.
MOST_STEPS = 50

# How many draws are looked at for a quantile near the top: four times those above it, more if these prove too few.
LEADING = 4

# Degrees of freedom of a variance that is as good as known.
KNOWN = 1e12


@dataclass(frozen=True)
class RankSets:
    """Rank sets of U units, best rank 1, each pair (low, high) inclusive.

    `above[i, j]`: i separates above j, all pairs right together with probability `level`; a strict partial order.
    """

    level: float
    draws: int
    seed: int
    critical_value: float
    steps: int
    low: Integers
    high: Integers
    marginal_low: Integers
    marginal_high: Integers
    above: Booleans

    @property
    def separate(self) -> int:
        """How many unordered pairs separate."""
        return int(self.above.sum())

    def indistinguishable_from(self, unit: int) -> Integers:
        """The other units that neither separate above nor below `unit`. Not transitive: no bands follow from it."""
        together = ~(self.above[unit] | self.above[:, unit])
        together[unit] = False
        return np.flatnonzero(together)


def default_draws(units: int) -> int:
    """10,000 draws up to about 300 units, then fewer, never below 1,000: the work stays near 10^9 comparisons."""
    return int(min(10_000, max(1_000, 10**9 // max(1, units * units))))


@one_thread_each
def rank_sets(
    scores: Floats,
    covariance: Floats,
    *,
    level: float = 0.95,
    draws: int | None = None,
    seed: int = SEED,
    degrees_of_freedom: Floats | None = None,
    comparable: Booleans | None = None,
) -> RankSets:
    """Marginal and simultaneous rank sets of U units from `scores` (higher is better) and their covariance.

    `covariance` is a U x U matrix, or U variances of independent scores. The statistic of a pair is
    T_ij = (x_i - x_j) / s_ij; its null distribution is simulated with normal draws (Mogstad et al. 2024, section 3),
    the simultaneous critical value stepped down over all ordered hypotheses "i is not above j" (Romano & Wolf 2005,
    section 4), so the last critical value alone gives every separation.
    rank(i) lies in [1 + #{j above i}, U - #{j below i}].
    The marginal sets use, for each unit, only the pairs it belongs to.
    `degrees_of_freedom` (independent scores only): each variance was itself estimated; it is then drawn too, so that
    small samples do not feign certainty. `comparable` parts the units into groups: false keeps a pair from separating.
    One critical value, rounded up to 4 decimals; s_ij is a norm, so the relation is transitive.
    """
    x, covariance = numbers(scores, "scores"), matrix(covariance, "covariance")
    check_scores(x, covariance, level)
    freedom, together = _freedom(degrees_of_freedom, covariance), _together(comparable, len(x))
    check_draws(draws, level, seed)
    draws = default_draws(len(x)) if draws is None else draws
    x, covariance = _to_unit_size(x, covariance)
    t, spread = _statistics(x, covariance, together)
    simulated = simulate(x, covariance, spread, draws, seed, freedom)
    maxima = simulated.largest()
    own = np.array([_step_down_unit(simulated, unit, maxima[unit], t[unit], level) for unit in range(len(x))])
    critical, steps = _step_down(simulated, t, maxima, level)
    above = t > critical
    return RankSets(
        level=level,
        draws=draws,
        seed=seed,
        critical_value=critical,
        steps=steps,
        **low_and_high("", above, above.T),
        **low_and_high("marginal_", t > own[:, None], t < -own[:, None]),
        above=above,
    )


def low_and_high(prefix: str, above: Booleans, below: Booleans) -> dict[str, Integers]:
    """Best and worst rank left to each unit, a row saying which others it is above and below."""
    return {f"{prefix}low": 1 + below.sum(axis=1), f"{prefix}high": len(above) - above.sum(axis=1)}


def undivided(units: int, level: float) -> RankSets:
    """The rank sets when no difference was detected: every rank from 1 to U for each, nothing separates."""
    ones, all_of_them = np.ones(units, dtype=np.int64), np.full(units, units, dtype=np.int64)
    nothing = np.zeros((units, units), dtype=bool)
    return RankSets(level, 0, 0, math.inf, 0, ones, all_of_them, ones, all_of_them, nothing)


def quota_statement(sets: RankSets, places: int) -> list[Literal["in", "out", "open"]]:
    """For a quota: surely in (high <= places), surely out (low > places), else open; all at once at `level`."""
    if not 1 <= places <= len(sets.low):
        raise InputError("bad_quota", units=len(sets.low))
    return [
        "in" if high <= places else "out" if low > places else "open"
        for low, high in zip(sets.low.tolist(), sets.high.tolist(), strict=True)
    ]


def check_draws(draws: int | None, level: float, seed: int) -> None:
    """Raise InputError for fewer draws than the level needs to be seen in them, and for a seed below zero."""
    check_whole("draws", draws)
    check_whole("seed", seed)
    least = math.ceil(1 / (1 - level) - 1e-9)
    if draws is not None and draws < least:
        raise InputError("too_few_draws", draws=draws, least=least, level=percent(level))
    if seed < 0:
        raise InputError("seed_negative", seed=seed)


def _freedom(given: Any, covariance: Floats) -> Floats | None:
    """Degrees of freedom of each variance; infinite ones are of variances that are known."""
    if given is None:
        return None
    if covariance.ndim == 2:
        raise InputError("freedom_of_matrix")
    found = numbers(given, "degrees_of_freedom")
    if len(found) != len(covariance):
        raise InputError("lengths_differ", what="degrees_of_freedom", found=len(found), expected=len(covariance))
    if not (found > 0).all():
        raise InputError("freedom_not_positive", place=int(np.flatnonzero(~(found > 0))[0]) + 1)
    return np.minimum(found, KNOWN)


def _together(given: Any, units: int) -> Booleans | None:
    """Which units may be compared. They fall into groups: else A above B above C would not put A above C."""
    if given is None:
        return None
    is_plain = isinstance(given, np.ndarray) and given.dtype == bool
    found = given if is_plain else matrix(given, "comparable") != 0
    if found.shape != (units, units):
        raise InputError("not_in_groups")
    found = found | np.eye(units, dtype=bool)
    group = found.argmax(axis=1)
    if not np.array_equal(found, group[:, None] == group):
        raise InputError("not_in_groups")
    return np.asarray(found, dtype=np.bool_)


def check_scores(x: Floats, covariance: Floats, level: float) -> None:
    """Raise InputError for scores that are no numbers, a bad level, or what is no covariance of so many scores."""
    if len(x) == 0:
        raise InputError("no_units")
    check_level(level)
    if not np.isfinite(x).all():
        raise InputError("score_missing", place=int(np.flatnonzero(~np.isfinite(x))[0]) + 1)
    check_size(x)
    square = covariance.ndim == 2
    if covariance.shape != ((len(x), len(x)) if square else (len(x),)):
        raise InputError("bad_covariance")
    diagonal = np.diag(covariance) if square else covariance
    if not np.isfinite(covariance).all() or (diagonal < 0).any():
        raise InputError("bad_covariance")
    if square and not np.allclose(covariance, covariance.T, rtol=1e-8, atol=1e-12 * float(diagonal.max())):
        raise InputError("bad_covariance")
    if square and not is_definite(covariance):
        raise InputError("covariance_indefinite")


def check_size(x: Floats) -> None:
    """Raise InputError for scores whose squares are beyond all numbers."""
    largest = float(np.abs(x).max(initial=0.0))
    if largest > LARGEST:
        raise InputError("score_too_large", value=f"{largest:g}")


def _to_unit_size(x: Floats, covariance: Floats) -> tuple[Floats, Floats]:
    """Both divided by the largest standard error, which changes no statistic but keeps single precision safe."""
    largest = float(np.sqrt((np.diag(covariance) if covariance.ndim == 2 else covariance).max())) or 1.0
    return x / largest, covariance / largest / largest


def _statistics(x: Floats, covariance: Floats, comparable: Booleans | None) -> tuple[Floats, Floats]:
    """(T, s): the pairs' statistics and the standard errors of their differences; T = ±inf where s = 0 and x differ."""
    if covariance.ndim == 2:
        own = np.diag(covariance)
        squared = own[:, None] + own - covariance - covariance.T
    else:
        squared = covariance[:, None] + covariance
    # A variance of a difference at the level of rounding is none: the two scores are one number.
    squared[squared < 1e-12 * squared.max()] = 0
    np.fill_diagonal(squared, 0)
    spread = np.sqrt(squared)
    difference = x[:, None] - x
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(difference == 0, 0.0, difference / spread)
    if comparable is not None:
        t[~comparable] = 0
        spread[~comparable] = 0
    return t, spread


def _from_top(draws: int, level: float) -> int:
    """Which of the draws' largest statistics is the quantile: ceil((draws + 1) level) from below, counted from above."""
    return draws + 1 - min(draws, math.ceil((draws + 1) * level))


def _largest_but(values: Singles, k: int) -> float:
    """The k-th largest value, rounded up to 4 decimals: conservative, and the same everywhere."""
    place = len(values) - k
    return math.ceil(float(np.partition(values, place)[place]) * 1e4) / 1e4


@dataclass(frozen=True)
class _Leading:
    """The draws with the largest statistics, which alone decide a quantile near the top; `bound`: the largest outside."""

    places: Integers
    bound: float

    @classmethod
    def of(cls, values: Singles, count: int) -> "_Leading":
        if count >= len(values):
            return cls(np.arange(len(values)), -math.inf)
        order = np.argpartition(values, len(values) - count - 1)
        return cls(np.sort(order[len(values) - count :]), float(values[order[len(values) - count - 1]]))


def _step_down_unit(simulated: Draws, unit: int, maxima: Singles, t: Floats, level: float) -> float:
    """Romano–Wolf over both directions of one unit's pairs: a rejected direction leaves only its opposite.

    `maxima`: the largest |T*| of each draw. Few draws decide; more are taken when those turn out too few.
    """
    k = _from_top(len(maxima), level)
    start = _largest_but(maxima, k)
    count = LEADING * k
    while (np.abs(t) > start).any():
        leading = _Leading.of(maxima, count)
        critical = _stepped_down(simulated.against(unit, leading.places), maxima[leading.places], t, start, k)
        if critical >= leading.bound:
            return critical
        count *= LEADING
    return start


def _stepped_down(block: Singles, maxima: Singles, t: Floats, start: float, k: int) -> float:
    """The last critical value. Only draws whose maximum came from a rejected direction are searched again."""
    critical = start
    for _ in range(MOST_STEPS):
        above, below = t > critical, t < -critical
        rejected = np.maximum(_top(block[:, above]), _top(-block[:, below]))
        stale = np.flatnonzero(rejected >= maxima)
        largest, again = maxima.copy(), block[stale]
        largest[stale] = np.maximum(_top(again[:, ~above]), _top(-again[:, ~below]))
        lower = _largest_but(largest, k)
        if lower >= critical:
            break
        critical = lower
    return critical


def _top(block: Singles) -> Singles:
    """The largest value per draw, 0 where there is none."""
    return np.asarray(block.max(axis=1, initial=0.0), dtype=np.float32)


def _step_down(simulated: Draws, t: Floats, maxima: Singles, level: float) -> tuple[float, int]:
    """The last critical value of the simultaneous step-down over ordered pairs, and the number of steps."""
    overall = maxima.max(axis=0)
    k = _from_top(len(overall), level)
    start = _largest_but(overall, k)
    count = LEADING * k
    while True:
        leading = _Leading.of(overall, count)
        critical, steps = _stepped_down_all(simulated, t, maxima, leading.places, start, k)
        if critical == start or critical >= leading.bound:
            return critical, steps
        count *= LEADING


def _stepped_down_all(
    simulated: Draws, t: Floats, maxima: Singles, places: Integers, start: float, k: int
) -> tuple[float, int]:
    """A draw is searched again only when the hypothesis that gave its maximum has been rejected."""
    critical, largest = start, maxima[:, places].max(axis=0)
    first, second = _where_largest(simulated, maxima, places)
    for step in range(1, MOST_STEPS):
        rejected = t > critical
        stale = np.flatnonzero(rejected[first, second])
        if len(stale) == 0:
            return critical, step
        largest[stale], first[stale], second[stale] = _largest_left(simulated, places[stale], rejected, maxima)
        lower = _largest_but(largest, k)
        if lower >= critical:
            return critical, step
        critical = lower
    return critical, MOST_STEPS


def _where_largest(simulated: Draws, maxima: Singles, places: Integers) -> tuple[Integers, Integers]:
    """The ordered pair that gives each of the draws at `places` its largest statistic."""
    first = maxima[:, places].argmax(axis=0)
    signed = simulated.against(first, places)
    second = np.abs(signed).argmax(axis=1)
    swapped = signed[np.arange(len(places)), second] < 0
    return np.where(swapped, second, first), np.where(swapped, first, second)


def _largest_left(
    simulated: Draws, places: Integers, rejected: Booleans, maxima: Singles
) -> tuple[Singles, Integers, Integers]:
    """Per draw the largest one-sided statistic among hypotheses not rejected, and its ordered pair.

    No statistic of a unit exceeds its `maxima`: a draw that already has more is passed over.
    """
    bound = maxima[:, places]
    largest = np.zeros(len(places), dtype=np.float32)
    pairs = np.zeros((2, len(places)), dtype=np.int64)
    for unit in np.argsort(-bound.mean(axis=1)).tolist():
        hopeful = np.flatnonzero(bound[unit] > largest)
        if len(hopeful) == 0:
            continue
        block = simulated.against(unit, places[hopeful])
        block[:, rejected[unit]] = 0
        top = block.max(axis=1)
        better = top > largest[hopeful]
        largest[hopeful[better]] = top[better]
        pairs[0, hopeful[better]] = unit
        pairs[1, hopeful[better]] = block[better].argmax(axis=1)
    return largest, pairs[0], pairs[1]
