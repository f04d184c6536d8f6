"""The four comparisons of a unit (M16): with its own past, among its peers, inside, from outside; each with its sentence.

Pure functions of published figures. None of them orders units: which two separate is decided by `ranksets` alone.
"""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from honestrank.comparing.contrasts import (
    COMPARE_FROM,
    Arranged,
    Comparison,
    Figure,
    Kind,
    NotCompared,
    arranged,
    at_least_pooled_figures,
)
from honestrank.comparing.separation import Need, separation_need, standing_need
from honestrank.defaults import SEED
from honestrank.estimators.fay_herriot import fay_herriot
from honestrank.estimators.rater_groups import CombinedUnit
from honestrank.fits import Noise, Warned
from honestrank.given import matrix
from honestrank.ranks.ranksets import RankSets, check_scores, rank_sets, undivided
from honestrank.ranks.welch import welch_sets
from honestrank.words.wording import LANGUAGES, InputError, Language, percent, places

Floats = NDArray[np.float64]

__all__ = [
    "Comparison",
    "Figure",
    "Inside",
    "Need",
    "NotCompared",
    "PublishedPlace",
    "Wave",
    "among_peers",
    "among_published",
    "inside",
    "outside_view",
    "over_time",
    "separation_need",
    "standing_need",
]

# With fewer, one peer makes more than a fifth of the mean, and the comparison would be about that one.
LEAST_PEERS = 5

# One unit has no other to be compared with.
LEAST_INSIDE = 2


@dataclass(frozen=True)
class Wave:
    """What one poll found of one unit: a figure for each item asked, and the grades with their points as declared."""

    name: str
    items: Mapping[str, Figure]
    grades: Hashable = None


def over_time(
    unit: str, now: Wave, before: Wave, *, level: float = 0.95, compare_from: int = COMPARE_FROM
) -> Comparison | NotCompared:
    """The change of a unit between two polls, over the items both asked: mean now less mean before.

    Within a poll the slips of one voter cannot be joined, so its error is the mean of its items' errors, the bound for
    any correlation; between polls errors are taken as independent, which is conservative where voters recur:
    se^2 = (sum se_now / k)^2 + (sum se_before / k)^2. Degrees of freedom by the item with fewest marks.
    Not compared: no common item, other grades or points, fewer than `compare_from` marks.
    """
    names = {"now": now.name, "before": before.name}
    if now.grades != before.grades:
        return NotCompared("over_time", unit, Warned("scale_changed", {"unit": unit, **names}))
    common = tuple(item for item in now.items if item in before.items)
    if not common:
        return NotCompared("over_time", unit, Warned("no_common_items", {"unit": unit, **names}))
    figures = _joined_waves(now, before, common)
    ready = _too_few("over_time", unit, figures, compare_from) or _ready("over_time", unit, figures)
    if isinstance(ready, NotCompared):
        return ready
    left_out = tuple(dict.fromkeys(item for wave in (now, before) for item in wave.items if item not in common))
    notes = [Warned("common_items", {"count": len(common), "items": common})] if left_out or len(common) > 1 else []
    notes += [Warned("items_left_out", {"items": left_out})] if left_out else []
    notes.append(Warned("waves_apart", {}))
    return _against(ready, 0, "over_time", unit, names, notes, level)


def _joined_waves(now: Wave, before: Wave, items: Sequence[str]) -> list[Figure]:
    """A figure for each of two polls; an item's error is at least the pooled noise of both polls."""
    raised = [at_least_pooled_figures([now.items[item], before.items[item]]) for item in items]
    return [_joined(wave, [pair[place] for pair in raised]) for place, wave in enumerate((now, before))]


def _joined(wave: Wave, figures: Sequence[Figure]) -> Figure:
    """One figure for a poll from several items, errors added as if they moved together."""
    counts = [figure.n for figure in figures if figure.n is not None]
    score = sum(figure.score for figure in figures) / len(figures)
    error = sum(figure.standard_error for figure in figures) / len(figures)
    least = min(figure.freedom for figure in figures)
    return Figure(wave.name, score, error, min(counts, default=None), least)


def among_peers(
    unit: Figure,
    peers: Sequence[Figure],
    *,
    covariance: Floats | None = None,
    level: float = 0.95,
    least: int = LEAST_PEERS,
    compare_from: int = COMPARE_FROM,
) -> Comparison | NotCompared:
    """A unit against the plain mean of its declared peers without itself: d = x - sum x_j / m, every peer counting once.

    `peers` may hold the unit: whoever bears its name is left out, and so are, by name, peers with fewer than
    `compare_from` marks. se^2 = se_u^2 + sum se_j^2 / m^2, or w'V w with `covariance` (the unit first, then `peers` as
    given). Where the same voters mark all of them, their severity cancels and the independent error is too large.
    Not compared: fewer than `least` peers, or too few marks. Raises InputError for a `least` below 5.
    """
    if least < LEAST_PEERS:
        raise InputError("bad_least_peers", least=LEAST_PEERS)
    others = [place for place, peer in enumerate(peers) if peer.name != unit.name]
    kept = [place for place in others if not _is_small(peers[place], compare_from)]
    if len(kept) < least:
        values = {"unit": unit.name, "peers": len(kept), "least": least}
        return NotCompared("among_peers", unit.name, Warned("too_few_peers", values))
    small = tuple(peers[place].name for place in others if place not in kept)
    notes = [Warned("peers_left_out", {"peers": small, "least": compare_from})] if small else []
    if covariance is not None:
        covariance = matrix(covariance, "covariance")
        if covariance.shape != (len(peers) + 1,) * 2:
            raise InputError("bad_covariance")
        rows = [0, *(place + 1 for place in kept)]
        covariance = covariance[np.ix_(rows, rows)]
        check_scores(np.zeros(len(rows)), covariance, level)
    figures = [unit, *(peers[place] for place in kept)]
    ready = _too_few("among_peers", unit.name, [unit], compare_from) or _ready("among_peers", unit.name, figures)
    if isinstance(ready, NotCompared):
        return ready
    return _against(ready, 0, "among_peers", unit.name, {"peers": len(kept)}, notes, level, covariance)


@dataclass(frozen=True)
class Inside:
    """The units inside a whole: each against the mean of the others, their spread, and the pairs that separate.

    `spread`: standard deviation between the units beyond their noise (Fay–Herriot); `above`: (better, worse) by name, all
    pairs together at `level`. The comparisons hold one by one.
    """

    whole: str
    comparisons: tuple[Comparison, ...]
    spread: float
    above: tuple[tuple[str, str], ...]
    level: float
    notes: tuple[Warned, ...]

    def sentence(self, language: Language) -> str:
        """How far the units inside differ."""
        return self._summary().sentence(language)

    def sentences(self, language: Language) -> list[str]:
        """How far the units inside differ, and the conditions of saying so."""
        return [self.sentence(language), *(note.sentence(language) for note in self.notes)]

    def _summary(self) -> Warned:
        units = len(self.comparisons)
        if self.spread == 0:
            return Warned("inside_alike", {"whole": self.whole, "units": units})
        shown = places(self.comparisons[0].difference.standard_error)
        values = {
            "whole": self.whole,
            "units": units,
            "spread": f"{self.spread:.{shown}f}",
            "separate": len(self.above),
        }
        return Warned("inside_spread", {**values, "pairs": units * (units - 1) // 2, "level": percent(self.level)})

    def as_dict(self) -> dict[str, Any]:
        """Plain values with the sentences in both languages, for JSON."""
        return {
            "kind": "inside",
            "whole": self.whole,
            "compared": True,
            "units": [row.as_dict() for row in self.comparisons],
            "spread": self.spread,
            "above": [list(pair) for pair in self.above],
            "level": self.level,
            "sentences": {language: self.sentences(language) for language in LANGUAGES},
        }


def inside(
    whole: str,
    units: Sequence[Figure],
    *,
    level: float = 0.95,
    compare_from: int = COMPARE_FROM,
    seed: int = SEED,
) -> Inside | NotCompared:
    """The units inside a whole: each against the plain mean of the others, and which pairs separate at all.

    Units below `compare_from` marks are left out by name. Errors as independent (see `among_peers`). With no detectable
    spread no pair separates. Not compared: fewer than two units left, or nothing known of the noise.
    """
    kept = [unit for unit in units if not _is_small(unit, compare_from)]
    if len(kept) < LEAST_INSIDE:
        values = {"unit": whole, "units": len(kept), "least": LEAST_INSIDE}
        return NotCompared("inside", whole, Warned("too_few_inside", values))
    small = tuple(unit.name for unit in units if unit not in kept)
    notes = [Warned("peers_left_out", {"peers": small, "least": compare_from})] if small else []
    ready = _ready("inside", whole, kept)
    if isinstance(ready, NotCompared):
        return ready
    variance = fay_herriot(ready.scores, ready.errors).fit.variances["unit"]
    sets = _sets(ready, level, seed) if variance > 0 else undivided(len(kept), level)
    above = tuple((kept[i].name, kept[j].name) for i, j in np.argwhere(sets.above).tolist())
    details = {"others": len(kept) - 1}
    rows = [_against(ready, i, "inside", unit.name, details, (), level) for i, unit in enumerate(kept)]
    return Inside(whole, tuple(rows), float(np.sqrt(variance)), above, level, (*_replaced(ready), *notes))


def outside_view(
    unit: str,
    outside: Figure | CombinedUnit,
    inside: Figure | CombinedUnit,
    *,
    names: tuple[str, str],
    level: float = 0.95,
    compare_from: int = COMPARE_FROM,
) -> Comparison | NotCompared:
    """How those outside (public, service users) see a unit, less how those inside (members, superiors) do.

    Different people, so se^2 is the sum of both. Either side may be one group's figure or a `CombinedUnit` of several;
    `names` are the two sides' in the reader's words. Not compared: a group missing on either side, or too few marks.
    """
    sides = []
    for side, name in zip((outside, inside), names, strict=True):
        if side.score is None or side.standard_error is None:
            missing = side.missing if isinstance(side, CombinedUnit) else (name,)
            return NotCompared("outside_view", unit, Warned("group_missing", {"unit": unit, "missing": missing}))
        sides.append(Figure(name, side.score, side.standard_error, side.n, side.degrees_of_freedom))
    ready = _too_few("outside_view", unit, sides, compare_from) or _ready("outside_view", unit, sides)
    if isinstance(ready, NotCompared):
        return ready
    return _against(ready, 0, "outside_view", unit, {"outside": names[0], "inside": names[1]}, [], level)


@dataclass(frozen=True)
class PublishedPlace:
    """A unit among figures published elsewhere: against their mean, its place, and its shrunken score.

    `place_low`..`place_high` of `all`: the places possible for this unit alone at the level (best 1).
    """

    comparison: Comparison
    place_low: int
    place_high: int
    all: int
    shrunken: float
    prediction_error: float

    def sentence(self, language: Language) -> str:
        """The unit against the mean of the others."""
        return self.comparison.sentence(language)

    def sentences(self, language: Language) -> list[str]:
        """The comparison, its place, the shrunken score, and the conditions."""
        shown = places(self.prediction_error)
        guess = {"shrunken": f"{self.shrunken:.{shown}f}", "error": f"{self.prediction_error:.{shown}f}"}
        place = {"all": self.all, "place_low": self.place_low, "place_high": self.place_high}
        said = [Warned("place_among_published", place), Warned("shrunken_among_published", guess)]
        first, *rest = self.comparison.sentences(language)
        return [first, *(warned.sentence(language) for warned in said), *rest]

    def as_dict(self) -> dict[str, Any]:
        """Plain values with the sentences in both languages, for JSON."""
        own: dict[str, float] = {"place_low": self.place_low, "place_high": self.place_high, "all": self.all}
        own |= {"shrunken": self.shrunken, "prediction_error": self.prediction_error}
        said = {language: self.sentences(language) for language in LANGUAGES}
        return self.comparison.as_dict() | own | {"sentences": said}


def among_published(
    unit: Figure,
    published: Sequence[Figure],
    *,
    level: float = 0.95,
    least: int = LEAST_PEERS,
    compare_from: int = COMPARE_FROM,
    seed: int = SEED,
) -> PublishedPlace | NotCompared:
    """A unit among means published by other districts, each with its error (n None: taken as known).

    Against their plain mean as `among_peers`; its place from the marginal rank set of this one unit (Mogstad et al. 2024);
    its shrunken score by Fay–Herriot REML over all of them, ours included. With no detectable variance between them
    every place is possible. Not compared: fewer than `least` others, or too few marks of our own.
    """
    others = [figure for figure in published if figure.name != unit.name]
    if len(others) < max(least, LEAST_PEERS):
        values = {"unit": unit.name, "others": len(others), "least": max(least, LEAST_PEERS)}
        return NotCompared("among_published", unit.name, Warned("too_few_published", values))
    figures = [unit, *others]
    ready = _too_few("among_published", unit.name, [unit], compare_from) or _ready(
        "among_published", unit.name, figures
    )
    if isinstance(ready, NotCompared):
        return ready
    notes = [Warned("gathered_elsewhere", {})]
    found = _against(ready, 0, "among_published", unit.name, {"others": len(others)}, notes, level)
    fitted = fay_herriot(ready.scores, ready.errors)
    sets = undivided(len(figures), level) if "unit" in fitted.fit.dropped else _sets(ready, level, seed)
    place = int(sets.marginal_low[0]), int(sets.marginal_high[0])
    return PublishedPlace(found, *place, len(figures), float(fitted.shrunken[0]), float(fitted.prediction_error[0]))


def _sets(ready: Arranged, level: float, seed: int) -> RankSets:
    """The one relation: as `standing` makes it for estimated errors, and for errors that are all known from elsewhere."""
    if not np.isfinite(ready.freedom).any():
        return rank_sets(ready.scores, ready.variances, level=level, seed=seed)
    noise = Noise(
        way="own_or_pooled",
        variance=ready.variances,
        freedom=ready.freedom,
        extra=np.zeros(len(ready.scores)),
        error=ready.errors,
        pooled=None,
        pooled_freedom=math.inf,
        equal=None,
    )
    return welch_sets(ready.scores, ready.variances, noise, level=level)


def _is_small(figure: Figure, compare_from: int) -> bool:
    return figure.n is not None and figure.n < compare_from


def _too_few(kind: Kind, unit: str, figures: Sequence[Figure], compare_from: int) -> NotCompared | None:
    for figure in figures:
        if _is_small(figure, compare_from):
            values = {"unit": unit, "name": figure.name, "n": figure.n, "least": compare_from}
            return NotCompared(kind, unit, Warned("too_few_marks", values))
    return None


def _ready(kind: Kind, unit: str, figures: Sequence[Figure]) -> Arranged | NotCompared:
    """The figures as arrays, or why they cannot be compared."""
    return arranged(figures) or NotCompared(kind, unit, Warned("nothing_known_of_noise", {"unit": unit}))


def _against(
    ready: Arranged,
    place: int,
    kind: Kind,
    unit: str,
    details: dict[str, Any],
    notes: Sequence[Warned],
    level: float,
    covariance: Floats | None = None,
) -> Comparison:
    """The figure at `place` against the plain mean of the others."""
    weights = np.full(len(ready.scores), -1.0 / (len(ready.scores) - 1))
    weights[place] = 1.0
    difference = ready.against(weights, level, covariance)
    score = float(ready.scores[place])
    every = (*_replaced(ready), *notes)
    return Comparison(kind, unit, score, score - difference.value, difference, details, every)


def _replaced(ready: Arranged) -> list[Warned]:
    return [Warned("zero_se_replaced", {"count": ready.replaced})] if ready.replaced else []
