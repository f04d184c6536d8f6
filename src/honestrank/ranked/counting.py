"""One count of ballots that rank, by the method asked for: rows by candidate, who stands first, what the count hangs on.

The methods themselves are in `rankings`, `stv` and `plackett`; words and files in `counting_answer`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from honestrank.defaults import SEED
from honestrank.fits import Warned
from honestrank.ranked.pairwise import borda, condorcet_winner, copeland, ranked_pairs, schulze, winners
from honestrank.ranked.plackett import Strengths, plackett_luce
from honestrank.ranked.stv import stv
from honestrank.ranks.assembly import Ranking, check_ranking
from honestrank.ranks.ranksets import rank_sets
from honestrank.sums import BallotFile, Ballots
from honestrank.words.wording import InputError, percent

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


# More contests that nobody held than a small poll has ballots would speak in their place.
MOST_PSEUDO = 10


@dataclass(frozen=True)
class Counting:
    """Which count to take: method; seats and lots (STV only); level, seed, draws and what follows (Plackett–Luce only).

    `pseudo`: made-up contests; `ties`: ties are a part of the model; `largest`: the largest part that ballots join.
    """

    method: str
    seats: int | None = None
    lot: tuple[str, ...] = ()
    level: float = 0.95
    seed: int = SEED
    draws: int | None = None
    pseudo: float = 0.0
    ties: bool = False
    largest: bool = False


@dataclass(frozen=True)
class Counted:
    """The count. `rows`: one a candidate, in the order the count gives, ties in the order of standing.

    `first`: those above whom nobody stands or, by STV, the elected in order. `above`: names each candidate stands above,
    where the count says so. `said`: sentences about the count; `warnings`: what it hangs on.
    """

    method: str
    rows: tuple[dict[str, Any], ...]
    first: tuple[str, ...]
    said: tuple[Warned, ...]
    warnings: tuple[Warned, ...]
    above: dict[str, tuple[str, ...]] = field(default_factory=dict)
    stages: tuple[dict[str, Any], ...] = ()
    converged: bool = True


def count_ballots(file: BallotFile, counting: Counting) -> Counted:
    """Count the ballots of a file.

    Raises InputError for seats, lots or made-up contests where they do not belong or do not fit, ties on a ballot where the method has no
    place for them, and, by Plackett–Luce, candidates that no chain of ballots joins.
    """
    is_stv = counting.method == "stv"
    if is_stv != (counting.seats is not None):
        raise InputError("seats_for_stv")
    if counting.lot and not is_stv:
        raise InputError("lot_for_stv")
    _check_options(counting)
    check_ranking(Ranking(counting.level, counting.seed, counting.draws))
    if is_stv:
        file.refuse_ties("tie_on_ballot")
        return _by_transfer(file.ballots, counting)
    if counting.method == "plackett-luce":
        if not counting.ties:
            file.refuse_ties("tie_not_in_model")
        return _by_strength(file.ballots, counting)
    if counting.method in ("schulze", "ranked-pairs"):
        return _by_relation(file.ballots, counting)
    return _by_points(file.ballots, counting)


def _check_options(counting: Counting) -> None:
    """Raise InputError for options of Plackett–Luce with another method, or that say two things."""
    for option in ("pseudo", "ties", "largest"):
        if getattr(counting, option) and counting.method != "plackett-luce":
            raise InputError("option_for_plackett_luce", option=f"--{option}")
    if not 0 <= counting.pseudo <= MOST_PSEUDO:
        raise InputError("bad_pseudo", most=MOST_PSEUDO)
    if counting.pseudo and counting.largest:
        raise InputError("options_apart", option="--pseudo", other="--largest")


def _by_points(ballots: Ballots, counting: Counting) -> Counted:
    preferences = ballots.preferences()
    points, column = (
        (borda(ballots), "points") if counting.method == "borda" else (copeland(preferences), "won_less_lost")
    )
    rows = [{"candidate": name, column: float(value)} for name, value in zip(ballots.candidates, points, strict=True)]
    order = np.argsort(-points, kind="stable").tolist()
    first = tuple(ballots.candidates[i] for i in order if points[i] == points.max())
    said, warnings = _two_by_two(ballots, preferences, first)
    said = (Warned(f"count_{counting.method}", {}), *said)
    return Counted(counting.method, tuple(rows[i] for i in order), first, said, warnings)


def _by_relation(ballots: Ballots, counting: Counting) -> Counted:
    preferences = ballots.preferences()
    ties: tuple[Warned, ...] = ()
    if counting.method == "schulze":
        above = schulze(preferences)
    else:
        locked = ranked_pairs(preferences)
        above = locked.above
        ties = (Warned("equal_margins", {}),) if locked.ties_decided else ()
    names = ballots.candidates
    order = np.lexsort((above.sum(axis=0), -above.sum(axis=1))).tolist()
    rows = tuple(
        {"candidate": names[i], "stands_above": int(above[i].sum()), "stands_below": int(above[:, i].sum())}
        for i in order
    )
    relation = {names[i]: tuple(names[j] for j in np.flatnonzero(above[i])) for i in order}
    first = tuple(names[i] for i in winners(above))
    said, warnings = _two_by_two(ballots, preferences, first)
    said = (Warned(f"count_{counting.method}", {}), *said)
    return Counted(counting.method, rows, first, said, (*warnings, *ties), relation)


def _two_by_two(
    ballots: Ballots, preferences: Floats, first: tuple[str, ...]
) -> tuple[tuple[Warned, ...], tuple[Warned, ...]]:
    """Who beats all others: said where the count names nobody else, a warning where it does or there is no such one."""
    best = condorcet_winner(preferences)
    if best is None:
        return (), (Warned("no_condorcet", {}),)
    name = ballots.candidates[best]
    if first == (name,):
        return (Warned("condorcet", {"name": name}),), ()
    return (), (Warned("condorcet_passed_over", {"name": name}),)


def _by_transfer(ballots: Ballots, counting: Counting) -> Counted:
    names = ballots.candidates
    if counting.lot and sorted(counting.lot) != sorted(names):
        raise InputError("bad_lot", candidates=tuple(names))
    count = stv(ballots, counting.seats or 0, [names.index(name) for name in counting.lot] or None)
    votes = count.stages[0].votes
    place = {i: at for at, i in enumerate(count.elected, start=1)}
    order = [*count.elected, *(i for i in _most(votes) if i not in place)]
    rows = tuple({"candidate": names[i], "votes": float(votes[i]), "elected": place.get(i)} for i in order)
    stages = tuple(
        {
            "votes": {name: str(value) for name, value in zip(names, stage.votes, strict=True)},
            "elected": [names[i] for i in stage.elected],
            "excluded": None if stage.excluded is None else names[stage.excluded],
        }
        for stage in count.stages
    )
    lots = tuple(dict.fromkeys(names[i] for i in count.decided_by_lot))
    warnings = (Warned("decided_by_lot", {"names": lots}),) if lots else ()
    said = (Warned("count_stv", {"seats": counting.seats, "quota": count.quota}),)
    return Counted("stv", rows, tuple(names[i] for i in count.elected), said, warnings, stages=stages)


def _most(votes: Sequence[Any]) -> list[int]:
    return sorted(range(len(votes)), key=lambda i: -votes[i])


def _by_strength(ballots: Ballots, counting: Counting) -> Counted:
    """Strengths with the rank sets their covariance allows: the one count that says how sure it is."""
    found = plackett_luce(ballots, counting.pseudo, ties=counting.ties, largest=counting.largest)
    names = found.candidates
    sets = rank_sets(found.strength, found.covariance, level=counting.level, draws=counting.draws, seed=counting.seed)
    order = np.argsort(-found.strength, kind="stable").tolist()
    rows = tuple(
        {
            "candidate": names[i],
            "strength": float(found.strength[i]),
            "standard_error": float(found.standard_error[i]),
            "rank_low": int(sets.low[i]),
            "rank_high": int(sets.high[i]),
        }
        for i in order
    )
    pairs = len(names) * (len(names) - 1) // 2
    separate = {"separate": sets.separate, "pairs": pairs, "level": percent(counting.level)}
    said = (*_of_model(found), Warned("said_separate", separate))
    warnings = _of_options(found, counting)
    relation = {names[i]: tuple(names[j] for j in np.flatnonzero(sets.above[i])) for i in order}
    first = tuple(names[i] for i in np.flatnonzero(sets.low == 1))
    return Counted("plackett-luce", rows, first, said, warnings, relation, converged=found.converged)


def _of_model(found: Strengths) -> tuple[Warned, ...]:
    likelihood = {"value": f"{found.log_likelihood:.4f}", "steps": found.steps}
    ties = tuple(
        Warned(
            "said_ties",
            {
                "order": tied.order,
                "share": f"{100 * tied.share:.1f}",
                "prevalence": f"{tied.prevalence:.4f}",
                "error": f"{tied.standard_error:.4f}",
            },
        )
        for tied in found.ties
    )
    return (Warned("count_plackett-luce", {}), Warned("said_log_likelihood", likelihood), *ties)


def _of_options(found: Strengths, counting: Counting) -> tuple[Warned, ...]:
    warnings: tuple[Warned, ...] = () if found.converged else (Warned("not_converged", {}),)
    if counting.pseudo:
        warnings += (Warned("contests_made_up", {"number": f"{counting.pseudo:g}"}),)
    if found.left_out:
        warnings += (Warned("left_out", {"names": found.left_out, "count": len(found.candidates)}),)
    return warnings
