"""What would have to be different for two units to separate: how many more ratings, or how large a difference.

A planning figure, not a test. Whether they separate now is decided by the rank sets, whose errors and critical value are taken.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from honestrank.comparing.contrasts import NotCompared
from honestrank.fits import Warned
from honestrank.ranks.assembly import Standing, UnitStanding
from honestrank.ranks.studentised import range_critical
from honestrank.words.wording import LANGUAGES, InputError, Language, places, say


@dataclass(frozen=True)
class Need:
    """What A and B would need. Numbers of ratings are *more* ratings; None where no number of them would do.

    `difference_needed`: critical value times the present standard error. `times`: both with so many times as many.
    """

    names: tuple[str, str]
    difference: float
    difference_needed: float
    times: float
    both: tuple[int, int]
    alone: tuple[int | None, int | None]
    now: tuple[int, int]
    pool_size: int | None

    @property
    def separates(self) -> bool:
        """Whether the two separate already by this critical value."""
        return abs(self.difference) > self.difference_needed

    def sentence(self, language: Language) -> str:
        """How far apart they are, and how far apart they would have to be."""
        key = "need_separates" if self.separates else "need_difference"
        values = {"size": self.size_shown, "needed": self.needed_shown}
        return say(key, language, first=self.names[0], second=self.names[1], **values)

    @property
    def size_shown(self) -> str:
        """How far apart they are, to the places that the difference needed is shown with."""
        return f"{abs(self.difference):.{places(self.difference_needed / 2)}f}"

    @property
    def needed_shown(self) -> str:
        """How far apart they would have to be."""
        return f"{self.difference_needed:.{places(self.difference_needed / 2)}f}"

    @property
    def times_shown(self) -> str:
        """With how many times as many ratings of both this difference would do."""
        return _short(self.times)

    @property
    def is_beyond_all(self) -> bool:
        """Whether that is more than everybody who could rate."""
        return any(self._beyond(place, self.both[place]) for place in (0, 1))

    def sentences(self, language: Language) -> list[str]:
        """How far apart they are and would have to be, and how many more ratings it would take ("more than everybody there is"
        beyond the pool).
        """
        if self.separates:
            return [self.sentence(language)]
        said = [self.sentence(language), self._both(language)]
        said += [self._one(place, language) for place in (0, 1)]
        return [*dict.fromkeys(said), say("need_true_difference", language)]

    def _both(self, language: Language) -> str:
        values = {"times": self.times_shown, "pool": self.pool_size}
        if self.is_beyond_all:
            return say("need_both_more_than_all", language, **values)
        names = {"first": self.names[0], "second": self.names[1]}
        more = {"more_first": f"{self.both[0]:,}", "more_second": f"{self.both[1]:,}"}
        return say("need_both", language, **values, **names, **more)

    def _one(self, place: int, language: Language) -> str:
        more, name = self.alone[place], self.names[place]
        if more is None:
            return say("need_one_never", language, name=name)
        if self._beyond(place, more):
            return say("need_one_more_than_all", language, name=name, pool=self.pool_size)
        return say("need_one", language, name=name, more=f"{more:,}")

    def _beyond(self, place: int, more: int) -> bool:
        return self.pool_size is not None and self.now[place] + more > self.pool_size

    def as_dict(self) -> dict[str, Any]:
        """Plain values with the sentences in both languages, for JSON."""
        return {
            "names": list(self.names),
            "compared": True,
            "separates": self.separates,
            "difference": self.difference,
            "difference_needed": self.difference_needed,
            "times": self.times,
            "both": list(self.both),
            "alone": list(self.alone),
            "sentences": {language: self.sentences(language) for language in LANGUAGES},
        }


def separation_need(
    score_a: float,
    se_a: float,
    n_a: int,
    score_b: float,
    se_b: float,
    n_b: int,
    critical: float,
    *,
    names: tuple[str, str] = ("A", "B"),
    pool_size: int | None = None,
) -> Need | NotCompared:
    """What would have to be different for A and B to separate, |d| > c sqrt(se_a^2 + se_b^2).

    With errors that fall as 1 / sqrt(n) and the difference d as it is: both with k times as many ratings,
    k > c^2 (se_a^2 + se_b^2) / d^2; A alone n > n_a se_a^2 / (d^2 / c^2 - se_b^2), never if that is not above zero; or a
    difference beyond c sqrt(se_a^2 + se_b^2). `critical`: the simultaneous critical value of the rank sets, kept as it is,
    though it would fall a little with more ratings. `pool_size`: how many people could rate at all.
    Not compared: equal scores, or both errors zero. Raises InputError for figures that are not finite, a negative error,
    fewer than one rating, or a critical value not above zero.
    """
    _check(names, (score_a, score_b), (se_a, se_b), (n_a, n_b), critical)
    d = score_a - score_b
    if d == 0:
        return NotCompared(
            "separation_need", names[0], Warned("need_no_difference", dict(zip(PAIR, names, strict=True)))
        )
    variances = (se_a**2, se_b**2)
    if variances == (0.0, 0.0):
        return NotCompared("separation_need", names[0], Warned("nothing_known_of_noise", {"unit": names[0]}))
    times = critical**2 * sum(variances) / d**2
    room = (d / critical) ** 2
    counts = (n_a, n_b)
    return Need(
        names=names,
        difference=d,
        difference_needed=critical * math.sqrt(sum(variances)),
        times=times,
        both=(_more(times * n_a, n_a), _more(times * n_b, n_b)),
        alone=(_alone(counts[0], variances, room), _alone(counts[1], variances[::-1], room)),
        now=counts,
        pool_size=pool_size,
    )


def standing_need(
    standing: Standing, one: str, other: str, *, names: tuple[str, str] | None = None, pool_size: int | None = None
) -> Need | NotCompared:
    """What two units of a standing would need, by the errors and the critical value of its own relation.

    Two that it does not separate never separate here. Their errors are taken as independent, so after a fit with raters, who
    are shared, it may be less that they need. Not compared: as in `separation_need`, units without ranks, a standing that
    found no difference at all. Raises KeyError for a unit that is not in it.
    """
    rows = {row.unit: row for row in standing.units}
    pair = (rows[one], rows[other])
    critical = _critical_of(standing, pair)
    if not all(row.compared for row in pair) or critical is None:
        return NotCompared(
            "separation_need", one, Warned("need_no_ranks", dict(zip(PAIR, names or (one, other), strict=True)))
        )
    first, second = ((row.score, row.rank_error or 0.0, row.n or 1) for row in pair)
    return separation_need(*first, *second, critical, names=names or (one, other), pool_size=pool_size)


def _critical_of(standing: Standing, pair: tuple[UnitStanding, UnitStanding]) -> float | None:
    """The critical value of this pair; None where nothing separates whatever the scores."""
    critical = standing.fit_record["critical_value"]
    if critical is None or not math.isfinite(critical):
        return None
    errors, freedom = [row.rank_error or 0.0 for row in pair], [row.rank_freedom for row in pair]
    if None in freedom or not any(errors):
        return float(critical)
    parts = [error**4 / (f or math.inf) for error, f in zip(errors, freedom, strict=True)]
    welch = max(sum(error**2 for error in errors) ** 2 / sum(parts), min(f or math.inf for f in freedom))
    return float(range_critical(standing.compared, np.array([welch]), standing.level)[0])


# The names of the two in a sentence.
PAIR = ("first", "second")


def _check(
    names: tuple[str, str],
    scores: tuple[float, float],
    errors: tuple[float, float],
    n: tuple[int, int],
    critical: float,
) -> None:
    for name, score, error, count in zip(names, scores, errors, n, strict=True):
        if not (math.isfinite(score) and math.isfinite(error)):
            raise InputError("not_finite", what="score", unit=name)
        if error < 0:
            raise InputError("se_negative", unit=name)
        if count < 1:
            raise InputError("count_below_one", unit=name)
    if not (math.isfinite(critical) and critical > 0):
        raise InputError("bad_critical")


def _more(needed: float, now: int) -> int:
    """Further ratings so that there are more than `needed`."""
    return max(0, math.floor(needed) + 1 - now)


def _alone(n: int, variances: tuple[float, float], room: float) -> int | None:
    """Further ratings of the first alone; None where the other's error alone is too large."""
    left = room - variances[1]
    return _more(n * variances[0] / left, n) if left > 0 else None


def _short(value: float) -> str:
    return f"{math.ceil(value * 10) / 10:,.1f}" if value < 100 else f"{math.ceil(value):,}"
