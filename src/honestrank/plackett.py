"""Plackett–Luce: strengths of candidates behind ballots that rank them, with their covariance, for `rank_sets`.

Ties on a ballot are not part of the model and are refused.
"""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from honestrank.rankings import Ballots
from honestrank.wording import InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

TOLERANCE = 1e-10
MOST_STEPS = 50
AT_ONCE = 5_000


@dataclass(frozen=True)
class Strengths:
    """Log strengths (they sum to zero), their covariance (its rows too), log likelihood, Newton steps, convergence."""

    candidates: tuple[str, ...]
    strength: Floats
    covariance: Floats
    log_likelihood: float
    steps: int
    converged: bool

    @property
    def standard_error(self) -> Floats:
        """Of each strength about the mean of all."""
        return np.asarray(np.sqrt(np.diag(self.covariance)), dtype=np.float64)


def plackett_luce(ballots: Ballots) -> Strengths:
    """Maximum likelihood of P(order) = prod_s exp(t_s) / sum of exp over those not yet chosen (Plackett 1975; Luce 1959).

    Newton steps on the concave log likelihood (derivatives: Hunter 2004, section 5), halved until it rises; covariance:
    pseudo-inverse of the observed information. Unlisted candidates are chosen after all listed ones, in an order not
    told, or did not stand, as `ballots.unlisted` says. Ratings by several orders of one voter are not independent: give
    one ballot a voter.
    Raises InputError for ties on a ballot, and where no chain of ballots ranks some candidate above some other: the
    strength of one against the other is then infinite (Hunter 2004, assumption 1).
    """
    choices = _Choices(ballots)
    _refuse_apart(ballots.candidates, choices.wins())
    strength, steps, converged = np.zeros(len(ballots.candidates)), 0, False
    now, covariance = choices.log_likelihood(strength), np.zeros((len(strength), len(strength)))
    while not converged and steps < MOST_STEPS:
        steps += 1
        gradient, information = choices.derivatives(strength)
        covariance = _pseudo_inverse(information)
        move = covariance @ gradient
        expected = float(gradient @ move)
        converged = expected < TOLERANCE
        for halving in range(30):
            tried = choices.log_likelihood(strength + move / 2**halving)
            if tried >= now or converged:
                strength, now = strength + move / 2**halving, tried
                break
    return Strengths(ballots.candidates, strength - strength.mean(), covariance, now, steps, converged)


def _pseudo_inverse(information: Floats) -> Floats:
    """Inverse on strengths that sum to zero: the information has the vector of ones as its null space."""
    among = np.full(information.shape, 1 / len(information))
    scale = float(np.trace(information)) / len(information) or 1.0
    return np.asarray(np.linalg.inv(information + scale * among) - among / scale, dtype=np.float64)


def _refuse_apart(candidates: tuple[str, ...], wins: Booleans) -> None:
    parts, _ = connected_components(csr_array(wins), directed=True, connection="strong")
    if parts > 1:
        reached = csr_array(wins)
        for i in range(len(candidates)):
            chain = _reachable(reached, i)
            if not chain.all():
                raise InputError("no_chain", above=candidates[i], below=candidates[int(chain.argmin())])


def _reachable(wins: csr_array, start: int) -> Booleans:
    found = np.zeros(wins.shape[0], dtype=bool)
    found[start] = True
    while True:
        more = found | (np.asarray(wins.T @ found.astype(np.float64)) > 0)
        if (more == found).all():
            return found
        found = more


class _Choices:
    """Ballots as successive choices: `order[b, s]` is chosen at stage s; behind `listed[b]` come those not listed.

    `leaves[b, c]`: the last stage at which c is still there, -1 for one who does not stand.
    """

    def __init__(self, ballots: Ballots) -> None:
        places = np.where(ballots.places > 0, ballots.places, np.iinfo(np.int64).max)
        self.candidates = len(ballots.candidates)
        self.count = ballots.counts.astype(np.float64)
        self.order = np.argsort(places, axis=1, kind="stable")
        self.listed = (ballots.places > 0).sum(axis=1)
        sorted_places = np.take_along_axis(places, self.order, axis=1)
        stages = np.arange(self.candidates)
        is_listed = stages < self.listed[:, None]
        tied = (np.diff(sorted_places, axis=1) == 0) & is_listed[:, 1:]
        if tied.any():
            raise InputError("tie_on_ballot", ballot=int(np.flatnonzero(tied.any(axis=1))[0]) + 1)
        self.stands = is_listed if ballots.unlisted == "unknown" else np.ones_like(is_listed)
        self.leaves = np.empty(self.order.shape, dtype=np.int16)
        np.put_along_axis(self.leaves, self.order, np.where(self.stands, stages, -1).astype(np.int16), axis=1)
        left = self.stands.sum(axis=1)[:, None] - stages
        self.chosen = is_listed & (left > 1)

    def wins(self) -> Booleans:
        """`[i, j]`: on some ballot i was chosen while j was left."""
        found = np.eye(self.candidates, dtype=bool)
        for start in range(0, len(self.order), AT_ONCE):
            some = slice(start, start + AT_ONCE)
            order, chosen, stands = self.order[some], self.chosen[some], self.stands[some]
            for stage, later in itertools.combinations(range(self.candidates), 2):
                both = chosen[:, stage] & stands[:, later]
                found[order[both, stage], order[both, later]] = True
            if found.all():
                break
        return found & ~np.eye(self.candidates, dtype=bool)

    def _remaining(self, strength: Floats) -> tuple[Floats, Floats]:
        """Worth of each place on each ballot, and the worth of all still there at each stage."""
        worth = np.exp(strength - strength.max())[self.order] * self.stands
        return worth, np.cumsum(worth[:, ::-1], axis=1)[:, ::-1]

    def log_likelihood(self, strength: Floats) -> float:
        _, remaining = self._remaining(strength)
        each = np.where(self.chosen, strength[self.order] - strength.max(), 0).sum(axis=1)
        each -= np.log(remaining, out=np.zeros_like(remaining), where=self.chosen).sum(axis=1)
        return float(self.count @ each)

    def derivatives(self, strength: Floats) -> tuple[Floats, Floats]:
        """Gradient and observed information in the strengths."""
        worth, remaining = self._remaining(strength)
        inverse = np.divide(1, remaining, out=np.zeros_like(remaining), where=self.chosen)
        expected = worth * np.cumsum(inverse, axis=1)
        gradient = self._sum(self.chosen - expected)
        information = np.diag(self._sum(expected))
        for chosen_together in self._outer(strength, inverse):
            information -= chosen_together
        return gradient, information

    def _sum(self, values: Floats) -> Floats:
        """Values by place summed over ballots, by candidate."""
        weighted = (values * self.count[:, None]).ravel()
        return np.asarray(
            np.bincount(self.order.ravel(), weights=weighted, minlength=self.candidates), dtype=np.float64
        )

    def _outer(self, strength: Floats, inverse: Floats) -> Iterator[Floats]:
        """For each stage the sum of p p', p the chances of being chosen at it."""
        worth, root = np.exp(strength - strength.max()), np.sqrt(self.count)
        for stage in range(self.candidates):
            if not self.chosen[:, stage].any():
                return
            chance = (self.leaves >= stage) * (inverse[:, stage] * root)[:, None]
            yield (chance.T @ chance) * np.outer(worth, worth)


def preference(strengths: Strengths, one: int, other: int) -> tuple[float, float, float]:
    """Chance that a ballot puts `one` above `other`, and its 95 % interval (Wald, on the log odds)."""
    difference = float(strengths.strength[one] - strengths.strength[other])
    v = strengths.covariance
    half = 1.959963984540054 * math.sqrt(max(0.0, float(v[one, one] + v[other, other] - 2 * v[one, other])))
    low, middle, high = (1 / (1 + math.exp(-odds)) for odds in (difference - half, difference, difference + half))
    return middle, low, high
