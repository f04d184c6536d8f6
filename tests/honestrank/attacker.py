"""An onlooker with an integer programme: bounds every hidden count and looks for other forms of every hidden distribution.

Takes what is told and how it adds up, nothing else, and shares no code with the gate.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

MOST = 10_000


@dataclass
class Onlooker:
    """Knows `told` counts, linear `equations` over names (sum of coefficient x count = right side) and `ranges` of such sums."""

    told: Mapping[str, int]
    hidden: Sequence[str]
    equations: Sequence[tuple[Mapping[str, int], int]]
    ranges: Sequence[tuple[Mapping[str, float], float, float]] = ()

    def __post_init__(self) -> None:
        self.column = {name: at for at, name in enumerate(self.hidden)}
        rows, low, high = [], [], []
        wanted = [(terms, right, right) for terms, right in self.equations] + list(self.ranges)
        for terms, least, most in wanted:
            row = np.zeros(len(self.hidden))
            known = 0.0
            for name, times in terms.items():
                if name in self.told:
                    known += times * self.told[name]
                else:
                    row[self.column[name]] += times
            if row.any():
                rows.append(row)
                low.append(least - known)
                high.append(most - known)
        self.constraints = [LinearConstraint(np.array(rows), low, high)] if rows else []

    def extreme(self, terms: Mapping[str, float], sign: int) -> int | None:
        """The least (sign 1) or most (sign -1) a sum of hidden counts can be; None if nothing fits."""
        goal = np.zeros(len(self.hidden))
        for name, times in terms.items():
            goal[self.column[name]] += times
        count = len(self.hidden)
        found = milp(sign * goal, constraints=self.constraints, bounds=Bounds(0, MOST), integrality=np.ones(count))
        return None if found.x is None else round(float(goal @ found.x))

    def bounds(self, name: str) -> tuple[int, int]:
        """Least and most of one hidden count."""
        low, high = self.extreme({name: 1}, 1), self.extreme({name: 1}, -1)
        assert low is not None
        assert high is not None
        return low, high


def onlooker_of(figures: Mapping[str, int | None], sums: Sequence[tuple[str, Sequence[str]]]) -> Onlooker:
    """Somebody who has read a release: counts (None: not told) and what adds up to what."""
    told = {name: n for name, n in figures.items() if n is not None}
    hidden = [name for name, n in figures.items() if n is None]
    equations = [({total: -1, **dict.fromkeys(parts, 1)}, 0) for total, parts in sums]
    return Onlooker(told, hidden, equations)
