"""Plackett–Luce: strengths of candidates behind ballots that rank them, with their covariance, for `rank_sets`.

Ties on a ballot are not part of the model and are refused.
"""

import math
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from honestrank.linear.threads import one_thread_each, side_by_side
from honestrank.sums import Ballots
from honestrank.words.wording import InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

# Of the log likelihood. The step that gains so little is the last, and a Newton step about squares the error of the
# strengths.
TOLERANCE = 1e-10

# The log likelihood is concave: a hundred ballots took four steps. Fifty mean that it has no maximum within reach.
MOST_STEPS = 50

# Of the log strengths in one step, a factor of e^2 each.
MOST_MOVE = 2.0


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


@one_thread_each
def plackett_luce(ballots: Ballots, pseudo: float = 0.0) -> Strengths:
    """Maximum likelihood of P(order) = prod_s exp(t_s) / sum of exp over those not yet chosen (Plackett 1975; Luce 1959).

    Newton steps on the concave log likelihood (derivatives: Hunter 2004, section 5), halved until it rises; covariance:
    pseudo-inverse of the observed information. Unlisted candidates are chosen after all listed ones, in an order not
    told, or did not stand, as `ballots.unlisted` says. Ratings by several orders of one voter are not independent: give
    one ballot a voter. `pseudo`: how often each candidate is taken to have won and to have lost against one that does not
    exist and whose strength is estimated too (Turner et al. 2020), which leaves nobody infinitely strong.
    Raises InputError for ties on a ballot, and without `pseudo` where no chain of ballots ranks some candidate above some
    other: the strength of one against the other is then infinite (Hunter 2004, assumption 1).
    """
    choices: _Choices = _Choices(ballots) if pseudo == 0 else _WithContests(ballots, pseudo)
    size = len(ballots.candidates)
    if pseudo == 0:
        _refuse_apart(ballots.candidates, choices.wins)
    strength, steps, converged = np.zeros(size + (pseudo > 0)), 0, False
    now, gradient, information = choices.at(strength)
    covariance = np.zeros_like(information)
    while not converged and steps < MOST_STEPS:
        steps += 1
        covariance = _pseudo_inverse(information)
        move = covariance @ gradient
        rise = float(gradient @ move)
        # Beyond MOST_MOVE the quadratic the step was made for says nothing, and exp underflows.
        move *= min(1.0, MOST_MOVE / max(float(np.abs(move).max()), 1e-300))
        converged = rise < TOLERANCE
        if converged:
            strength, now = strength + move, now + rise / 2
            continue
        for halving in range(30):
            tried = strength + move / 2**halving
            tried -= tried.max()
            likelihood, *slopes = choices.at(tried)
            if math.isfinite(likelihood) and likelihood >= now:
                strength, now, (gradient, information) = tried, likelihood, slopes
                break
    strength, centred = strength[:size], np.eye(size) - 1 / size
    if pseudo > 0:
        covariance = centred @ covariance[:size, :size] @ centred
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
    """Ballots as successive choices: `order[b, s]` is chosen at stage s; behind them come those not listed.

    `wins[i, j]`: on some ballot i was chosen while j was left.
    """

    def __init__(self, ballots: Ballots) -> None:
        from honestrank.linear.kernels import sort_ballots

        shape, half = ballots.places.shape, len(ballots.places) // 2
        self.order = np.zeros(shape, dtype=np.uint32)
        self.choices, self.stands = np.zeros((2, shape[0]), dtype=np.int64)
        self.count = ballots.counts.astype(np.float64)
        won, tied = np.zeros((2, shape[1], shape[1]), dtype=np.uint8), [-1, -1]
        places = np.ascontiguousarray(ballots.places, dtype=np.int64)

        def sort(part: int, these: slice) -> None:
            given = (places[these], ballots.unlisted == "below", self.order[these])
            tied[part] = sort_ballots(*given, self.choices[these], self.stands[these], won[part])

        side_by_side(partial(sort, 0, slice(half)), partial(sort, 1, slice(half, None)))
        for first, ballot in zip((0, half), tied, strict=True):
            if ballot >= 0:
                raise InputError("tie_on_ballot", ballot=first + ballot + 1)
        self.wins: Booleans = np.asarray(won.any(axis=0), dtype=np.bool_)

    def at(self, strength: Floats) -> tuple[float, Floats, Floats]:
        """Log likelihood, gradient and observed information in the strengths: two threads, half of the ballots each."""
        from honestrank.linear.kernels import add_choices

        size, half = len(strength), len(self.order) // 2
        likelihood, gradient, information = np.zeros(2), np.zeros((2, size)), np.zeros((2, size, size))

        def add(part: int, first: int, beyond: int) -> None:
            given = (self.order, self.choices, self.stands, self.count, strength, first, beyond)
            likelihood[part] = add_choices(*given, gradient[part], information[part])

        side_by_side(partial(add, 0, 0, half), partial(add, 1, half, len(self.order)))
        lower = information.sum(axis=0)
        whole = lower + lower.T - np.diag(np.diag(lower))
        return float(likelihood.sum()), gradient.sum(axis=0), np.asarray(whole, dtype=np.float64)


class _WithContests(_Choices):
    """The same with one candidate more, against whom each wins and loses `pseudo` contests of two."""

    def __init__(self, ballots: Ballots, pseudo: float) -> None:
        super().__init__(ballots)
        self.pseudo = pseudo

    def at(self, strength: Floats) -> tuple[float, Floats, Floats]:
        """As `_Choices.at`; the strength of the one who does not exist stands last."""
        likelihood, slope, found = super().at(strength[:-1])
        ahead = strength[:-1] - strength[-1]
        won = 1 / (1 + np.exp(-ahead))
        likelihood -= self.pseudo * float((np.logaddexp(0, ahead) + np.logaddexp(0, -ahead)).sum())
        gain, curvature = self.pseudo * (1 - 2 * won), 2 * self.pseudo * won * (1 - won)
        information = np.zeros((len(strength), len(strength)))
        information[:-1, :-1] = found + np.diag(curvature)
        information[-1, :-1] = information[:-1, -1] = -curvature
        information[-1, -1] = curvature.sum()
        return likelihood, np.append(slope + gain, -gain.sum()), information


def preference(strengths: Strengths, one: int, other: int) -> tuple[float, float, float]:
    """Chance that a ballot puts `one` above `other`, and its 95 % interval (Wald, on the log odds)."""
    difference = float(strengths.strength[one] - strengths.strength[other])
    v = strengths.covariance
    half = 1.959963984540054 * math.sqrt(max(0.0, float(v[one, one] + v[other, other] - 2 * v[one, other])))
    low, middle, high = (1 / (1 + math.exp(-odds)) for odds in (difference - half, difference, difference + half))
    return middle, low, high
