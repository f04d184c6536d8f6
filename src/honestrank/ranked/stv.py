"""Single transferable vote: seats in proportion, Droop quota, surpluses by the weighted inclusive Gregory method.

Exact fractions, so a recount by hand gives the same votes. Chosen over Meek's method because it can be recounted on
paper; who wants transfers to candidates already elected needs Meek.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from honestrank.sums import Ballots
from honestrank.words.wording import InputError

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Stage:
    """One stage of the count: votes of each candidate at its beginning, who was elected, who was excluded after it."""

    votes: tuple[Fraction, ...]
    elected: tuple[int, ...]
    excluded: int | None


@dataclass(frozen=True)
class Count:
    """Who is elected, in the order of election; the quota; every stage; exclusions and surpluses that lots decided."""

    elected: tuple[int, ...]
    quota: int
    stages: tuple[Stage, ...]
    decided_by_lot: tuple[int, ...]


def stv(ballots: Ballots, seats: int, lot: Sequence[int] | None = None) -> Count:
    """Count by single transferable vote.

    Quota floor(valid / (seats + 1)) + 1. Each surplus in turn, the largest first: every ballot of the elected goes on at
    its value times surplus / votes (weighted inclusive Gregory, as in the Scottish Local Government Elections Order
    2007, rule 48, without its rounding). With no surplus left, the candidate with fewest votes is excluded and the
    ballots go on at their value. When as many are left as seats, they are elected. Among equals the one who was
    behind at the latest earlier stage where they differed is excluded (who was ahead is transferred first); if never, the
    earliest in `lot` (places of candidates; by default the reverse order of standing).
    Raises InputError for ties on a ballot or seats beyond the candidates.
    """
    _check(ballots, seats, lot)
    order = list(lot) if lot is not None else list(range(len(ballots.candidates)))[::-1]
    return _Counting(ballots, seats, order).run()


def _check(ballots: Ballots, seats: int, lot: Sequence[int] | None) -> None:
    standing = len(ballots.candidates)
    if not 1 <= seats <= standing:
        raise InputError("bad_seats", candidates=standing)
    if lot is not None and sorted(lot) != list(range(standing)):
        raise InputError("lengths_differ", what="lot", found=len(lot), expected=standing)
    for ballot, places in enumerate(ballots.places):
        listed = places[places > 0]
        if len(np.unique(listed)) < len(listed):
            raise InputError("tie_on_ballot", ballot=ballot + 1)


@dataclass
class _Counting:
    ballots: Ballots
    seats: int
    lot: list[int]
    elected: list[int] = field(default_factory=list)
    out: set[int] = field(default_factory=set)
    stages: list[Stage] = field(default_factory=list)
    lots: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.quota = int(self.ballots.counts.sum()) // (self.seats + 1) + 1
        listed = [np.flatnonzero(places)[np.argsort(places[places > 0])].tolist() for places in self.ballots.places]
        self.piles: dict[int, list[tuple[Fraction, list[int]]]] = {i: [] for i in range(len(self.ballots.candidates))}
        for order, count in zip(listed, self.ballots.counts.tolist(), strict=True):
            self.piles[order[0]].append((Fraction(count), order[1:]))
        self.surplus: list[int] = []

    def run(self) -> Count:
        while len(self.elected) < self.seats:
            votes = self.votes()
            fresh = self.reach_quota(votes)
            if len(self.hopeful()) <= self.seats - len(self.elected):
                rest = self.ranked(self.hopeful(), votes)
                self.elected += rest
                fresh += rest
            excluded = self.move_on(votes) if len(self.elected) < self.seats else None
            self.stages.append(Stage(votes, tuple(fresh), excluded))
        return Count(tuple(self.elected), self.quota, tuple(self.stages), tuple(self.lots))

    def votes(self) -> tuple[Fraction, ...]:
        return tuple(sum((value for value, _ in pile), Fraction(0)) for pile in self.piles.values())

    def hopeful(self) -> list[int]:
        return [i for i in self.piles if i not in self.out and i not in self.elected]

    def reach_quota(self, votes: tuple[Fraction, ...]) -> list[int]:
        fresh = self.ranked([i for i in self.hopeful() if votes[i] >= self.quota], votes)
        self.elected += fresh
        self.surplus += [i for i in fresh if votes[i] > self.quota]
        return fresh

    def ranked(self, some: list[int], votes: tuple[Fraction, ...]) -> list[int]:
        """From the most votes down, earlier stages and then the lot deciding among equals."""
        return sorted(some, key=lambda i: self.standing(i, votes), reverse=True)

    def standing(self, i: int, votes: tuple[Fraction, ...]) -> tuple[Fraction | int, ...]:
        return (votes[i], *(stage.votes[i] for stage in reversed(self.stages)), self.lot.index(i))

    def move_on(self, votes: tuple[Fraction, ...]) -> int | None:
        """Transfer the largest surplus or, if there is none, exclude the last; who was excluded."""
        if self.surplus:
            giver = self.extreme(self.surplus, votes, last=False)
            self.surplus.remove(giver)
            self.transfer(giver, (votes[giver] - self.quota) / votes[giver])
            self.piles[giver] = [(Fraction(self.quota), [])]
            return None
        loser = self.extreme(self.hopeful(), votes, last=True)
        self.out.add(loser)
        self.transfer(loser, Fraction(1))
        self.piles[loser] = []
        return loser

    def extreme(self, some: list[int], votes: tuple[Fraction, ...], *, last: bool) -> int:
        ordered = sorted(some, key=lambda i: self.standing(i, votes), reverse=not last)
        if len(ordered) > 1 and self.standing(ordered[0], votes)[:-1] == self.standing(ordered[1], votes)[:-1]:
            self.lots.append(ordered[0])
        return ordered[0]

    def transfer(self, giver: int, share: Fraction) -> None:
        open_to = set(self.hopeful())
        for value, rest in self.piles[giver]:
            place = next((at for at, i in enumerate(rest) if i in open_to), None)
            if place is not None:
                self.piles[rest[place]].append((value * share, rest[place + 1 :]))
