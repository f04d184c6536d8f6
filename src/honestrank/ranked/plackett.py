"""Plackett–Luce: strengths of candidates behind ballots that rank them, with their covariance, for `rank_sets`.

Climbs the likelihood that `choices` sums; ties, contests that nobody held and the largest part are options.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from honestrank.linear.threads import one_thread_each
from honestrank.ranked.choices import Choices, WithContests, choices_of
from honestrank.sums import Ballots
from honestrank.words.wording import InputError

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

# Of the log likelihood. The step that gains so little is the last, and a Newton step about squares the error of the
# strengths.
TOLERANCE = 1e-10

# The log likelihood is concave: a hundred ballots took four steps. Fifty mean that it has no maximum within reach.
MOST_STEPS = 50

# Of the log strengths in one step, a factor of e^2 each.
MOST_MOVE = 2.0


@dataclass(frozen=True)
class Tied:
    """How much so many at once are preferred to one alone: log prevalence and its standard error."""

    order: int
    prevalence: float
    standard_error: float

    @property
    def share(self) -> float:
        """The chance that as many candidates of one strength are put on one place, and not one of them before the others."""
        return 1 / (1 + self.order * math.exp(-self.prevalence))


@dataclass(frozen=True)
class Strengths:
    """Log strengths (they sum to zero), their covariance (its rows too), log likelihood, Newton steps, convergence.

    `ties`: prevalence by order, where ties are a part of the model. `left_out`: who is not among the candidates.
    """

    candidates: tuple[str, ...]
    strength: Floats
    covariance: Floats
    log_likelihood: float
    steps: int
    converged: bool
    ties: tuple[Tied, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def standard_error(self) -> Floats:
        """Of each strength about the mean of all."""
        return np.asarray(np.sqrt(np.diag(self.covariance)), dtype=np.float64)


@one_thread_each
def plackett_luce(ballots: Ballots, pseudo: float = 0.0, *, ties: bool = False, largest: bool = False) -> Strengths:
    """Maximum likelihood of P(order) = prod_s exp(t_s) / sum of exp over those not yet chosen (Plackett 1975; Luce 1959).

    Newton steps on the concave log likelihood (derivatives: Hunter 2004, section 5), halved until it rises; covariance:
    pseudo-inverse of the observed information. Unlisted candidates are chosen after all listed ones, in an order not
    told, or did not stand, as `ballots.unlisted` says. Ratings by several orders of one voter are not independent: give
    one ballot a voter. `pseudo`: how often each candidate is taken to have won and to have lost against one that does not
    exist and whose strength is estimated too (Turner et al. 2020), which leaves nobody infinitely strong. `ties`: places
    that several share are choices of several at once (the same, after Davidson 1970). `largest`: where no chain of
    ballots ranks some candidate above some other, take the largest set of candidates within which one does.
    Raises InputError for ties on a ballot without `ties`, for ties wherever they could be, and without `pseudo` or `largest`
    where no chain of ballots ranks some candidate above some other: the strength of one against the other is then infinite
    (Hunter 2004, assumption 1).
    """
    left_out: tuple[str, ...] = ()
    choices = choices_of(ballots, ties=ties)
    if pseudo == 0 and largest:
        kept, left_out = _largest_part(ballots, choices.wins)
        if left_out:
            ballots, choices = kept, choices_of(kept, ties=ties)
    elif pseudo == 0:
        _refuse_apart(ballots.candidates, choices.wins)
    else:
        choices = WithContests(choices, len(ballots.candidates), pseudo)
    found = _climb(ballots.candidates, choices, ghost=pseudo > 0)
    return replace(found, left_out=left_out)


def _climb(candidates: tuple[str, ...], choices: Choices, *, ghost: bool) -> Strengths:
    size, orders = len(candidates), len(choices.orders)
    # To add one number to every strength changes nothing; what else is estimated has no such freedom.
    free = np.array([1.0] * size + [0.0] * orders + [1.0] * ghost)
    found, steps, converged = np.zeros(len(free)), 0, False
    now, gradient, information = choices.at(found)
    while not converged and steps < MOST_STEPS:
        steps += 1
        covariance = _pseudo_inverse(information, free)
        move = covariance @ gradient
        rise = float(gradient @ move)
        # Beyond MOST_MOVE the quadratic the step was made for says nothing, and exp underflows.
        move *= min(1.0, MOST_MOVE / max(float(np.abs(move).max()), 1e-300))
        if converged := rise < TOLERANCE:
            found, now = found + move, now + rise / 2
            continue
        for halving in range(30):
            tried = found + move / 2**halving
            tried -= free * tried[free > 0].max()
            likelihood, *slopes = choices.at(tried)
            if math.isfinite(likelihood) and likelihood >= now:
                found, now, (gradient, information) = tried, likelihood, slopes
                break
    errors = np.sqrt(np.diag(covariance))
    ties = tuple(Tied(g, float(found[i]), float(errors[i])) for i, g in enumerate(choices.orders, start=size))
    strength, covariance = found[:size], covariance[:size, :size]
    if ghost:
        centred = np.eye(size) - 1 / size
        covariance = centred @ covariance @ centred
    return Strengths(candidates, strength - strength.mean(), covariance, now, steps, converged, ties)


def _pseudo_inverse(information: Floats, free: Floats) -> Floats:
    """Inverse on strengths that sum to zero: the information has `free` as its null space."""
    among = np.outer(free, free) / free.sum()
    scale = float(np.trace(information)) / len(information) or 1.0
    return np.asarray(np.linalg.inv(information + scale * among) - among / scale, dtype=np.float64)


def _parts(wins: Booleans) -> list[list[int]]:
    """Candidates within whom chains of ballots lead from each to each, the largest part first."""
    number, label = connected_components(csr_array(wins), directed=True, connection="strong")
    return sorted((np.flatnonzero(label == part).tolist() for part in range(number)), key=lambda part: -len(part))


def _largest_part(ballots: Ballots, wins: Booleans) -> tuple[Ballots, tuple[str, ...]]:
    """Ballots about the largest part alone, and who is left out. Raises InputError where two are as large, or none has two."""
    parts = _parts(wins)
    if len(parts) == 1:
        return ballots, ()
    names = [tuple(ballots.candidates[i] for i in part) for part in parts[:2]]
    if len(names[0]) == 1:
        raise InputError("no_part")
    if len(names[0]) == len(names[1]):
        raise InputError("parts_alike", one=names[0], other=names[1])
    kept = Ballots(names[0], ballots.places[:, parts[0]], ballots.counts, ballots.unlisted)
    return kept, tuple(name for name in ballots.candidates if name not in names[0])


def _refuse_apart(candidates: tuple[str, ...], wins: Booleans) -> None:
    if len(_parts(wins)) > 1:
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


def preference(strengths: Strengths, one: int, other: int) -> tuple[float, float, float]:
    """Chance that a ballot puts `one` above `other`, given that it does not tie them, and its 95 % interval (Wald, on the log odds)."""
    difference = float(strengths.strength[one] - strengths.strength[other])
    v = strengths.covariance
    half = 1.959963984540054 * math.sqrt(max(0.0, float(v[one, one] + v[other, other] - 2 * v[one, other])))
    low, middle, high = (1 / (1 + math.exp(-odds)) for odds in (difference - half, difference, difference + half))
    return middle, low, high
