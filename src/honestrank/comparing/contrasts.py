"""Weighted differences of figures that carry errors: standard error, degrees of freedom, interval, outcome, words.

Says nothing about what is compared with what, nor whether it should be: that is `comparisons`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import scipy  # which loads `special` when it is first used
from numpy.typing import NDArray

from honestrank.estimators.noise import at_least_pooled, pooled_where_zero
from honestrank.fits import Warned
from honestrank.given import check_level
from honestrank.words.wording import LANGUAGES, InputError, Language, percent, places, say, signed

Floats = NDArray[np.float64]

Kind = Literal["over_time", "among_peers", "inside", "outside_view", "among_published"]

Outcome = Literal["above", "below", "indistinguishable"]

# Fewer marks are shown and not compared. In one large set of ratings a mean of 13 marks reaches a reliability of 0.7
# (docs/methods/generalisability.md), and with 13 the intervals keep their level by simulation
# (docs/methods/small-samples.md).
COMPARE_FROM = 13


@dataclass(frozen=True)
class Figure:
    """One published figure: whose, score, standard error, number of marks n (None: the error is known from elsewhere).

    `degrees_of_freedom` of the error; None means n - 1, or an error known exactly where n is None.
    """

    name: str
    score: float
    standard_error: float
    n: int | None = None
    degrees_of_freedom: float | None = None

    @property
    def freedom(self) -> float:
        """Degrees of freedom of the standard error, at least one; infinite where it is known from elsewhere."""
        if self.degrees_of_freedom is not None:
            return self.degrees_of_freedom
        return math.inf if self.n is None else max(1.0, self.n - 1.0)


@dataclass(frozen=True)
class Difference:
    """A contrast with its standard error, Satterthwaite's degrees of freedom and its interval at `level`."""

    value: float
    standard_error: float
    degrees_of_freedom: float
    interval: tuple[float, float]
    level: float

    @property
    def outcome(self) -> Outcome:
        """Above or below where the interval leaves zero out."""
        low, high = self.interval
        return "above" if low > 0 else "below" if high < 0 else "indistinguishable"


@dataclass(frozen=True)
class Comparison:
    """One unit against one reference: the difference, what may be said of it, and how far it may be trusted.

    `details` fill the sentence; `notes` are its conditions. The level holds for this one statement alone.
    """

    kind: Kind
    unit: str
    score: float
    reference: float
    difference: Difference
    details: dict[str, Any]
    notes: tuple[Warned, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """`above`, `below`, or `indistinguishable`: chance alone could make the difference."""
        return self.difference.outcome

    def sentence(self, language: Language) -> str:
        """What was found, in one sentence with its interval; two significant digits of the error decide the decimals."""
        shown = places(self.difference.standard_error)
        low, high = self.difference.interval
        values = {"unit": self.unit, "score": f"{self.score:.{shown}f}", "reference": f"{self.reference:.{shown}f}"}
        values |= {
            "difference": signed(self.difference.value, shown),
            "size": f"{abs(self.difference.value):.{shown}f}",
        }
        values |= {"low": signed(low, shown), "high": signed(high, shown), "level": percent(self.difference.level)}
        return say(f"{self.kind}_{self.outcome}", language, **values, **self.details)

    def sentences(self, language: Language) -> list[str]:
        """The sentence, its conditions, and what the level does and does not cover."""
        level = say("one_statement", language, level=percent(self.difference.level))
        return [self.sentence(language), *(note.sentence(language) for note in self.notes), level]

    def as_dict(self) -> dict[str, Any]:
        """Plain values with the sentences in both languages, for JSON. Infinite degrees of freedom are None."""
        freedom = self.difference.degrees_of_freedom
        return {
            "kind": self.kind,
            "unit": self.unit,
            "compared": True,
            "score": self.score,
            "reference": self.reference,
            "difference": self.difference.value,
            "standard_error": self.difference.standard_error,
            "degrees_of_freedom": freedom if math.isfinite(freedom) else None,
            "interval": list(self.difference.interval),
            "level": self.difference.level,
            "outcome": self.outcome,
            "details": {key: list(value) if isinstance(value, tuple) else value for key, value in self.details.items()},
            "sentences": {language: self.sentences(language) for language in LANGUAGES},
        }


@dataclass(frozen=True)
class NotCompared:
    """Why a unit is shown but not compared. Never an error of the caller: the page prints the sentence."""

    kind: str
    unit: str
    reason: Warned

    def sentence(self, language: Language) -> str:
        """The reason in the reader's language."""
        return self.reason.sentence(language)

    def sentences(self, language: Language) -> list[str]:
        """The reason in the reader's language, as a list of one: what is compared has several sentences."""
        return [self.sentence(language)]

    def as_dict(self) -> dict[str, Any]:
        """Plain values with the sentences in both languages, for JSON."""
        said = {language: self.sentences(language) for language in LANGUAGES}
        return {"kind": self.kind, "unit": self.unit, "compared": False, "reason": self.reason.key, "sentences": said}


def contrast(
    scores: Floats,
    covariance: Floats,
    weights: Floats,
    *,
    degrees_of_freedom: Floats | None = None,
    level: float = 0.95,
) -> Difference:
    """d = w'x with var(d) = w'V w; V is a matrix, or the variances of independent scores.

    With `degrees_of_freedom` of independent variances the interval is Student's t with Satterthwaite's (1946)
    var(d)^2 / sum (w_i^2 V_i)^2 / df_i, else normal. Raises InputError for lists that do not fit or a level outside 0..1.
    """
    if not len(scores) == len(weights) == len(covariance):
        raise InputError("lengths_differ", what="weights", found=len(weights), expected=len(scores))
    check_level(level)
    if covariance.ndim == 2:
        variance, freedom = float(weights @ covariance @ weights), math.inf
    else:
        parts = weights**2 * covariance
        variance = float(parts.sum())
        freedom = math.inf if degrees_of_freedom is None else _satterthwaite(parts, degrees_of_freedom)
    value, error = float(weights @ scores), math.sqrt(max(0.0, variance))
    tail = (1 + level) / 2
    half = error * float(scipy.special.stdtrit(freedom, tail) if math.isfinite(freedom) else scipy.special.ndtri(tail))
    return Difference(value, error, freedom, (value - half, value + half), level)


def _satterthwaite(parts: Floats, degrees_of_freedom: Floats) -> float:
    # Scaled by the largest part first: the squares of tiny variances would be zero.
    largest = float(parts.max(initial=0.0))
    if largest == 0:
        return math.inf
    share = parts / largest
    below = float((share**2 / degrees_of_freedom).sum())
    return float(share.sum()) ** 2 / below if below > 0 else math.inf


@dataclass(frozen=True)
class Arranged:
    """Figures as arrays, an error of zero among others replaced by the pooled one; `replaced` of them.

    `variances` are what comparisons go by, as rank sets do: the larger of a figure's own and the pooled noise over its n.
    """

    scores: Floats
    errors: Floats
    variances: Floats
    freedom: Floats
    replaced: int

    def against(self, weights: Floats, level: float, covariance: Floats | None = None) -> Difference:
        """The contrast `weights` of these figures; their covariance if known, else as independent."""
        if covariance is not None:
            beyond = np.maximum(0.0, self.variances - np.diag(covariance))
            return contrast(self.scores, covariance + np.diag(beyond), weights, level=level)
        return contrast(self.scores, self.variances, weights, degrees_of_freedom=self.freedom, level=level)


def arranged(figures: Sequence[Figure]) -> Arranged | None:
    """None where every error is zero: then nothing is known about the noise.

    Raises InputError for a figure that is not finite or an error below zero.
    """
    for figure in figures:
        if not (math.isfinite(figure.score) and math.isfinite(figure.standard_error)):
            raise InputError("not_finite", what="scores", unit=figure.name)
        if figure.standard_error < 0:
            raise InputError("se_negative", unit=figure.name)
    given = np.array([figure.standard_error for figure in figures])
    if not given.any():
        return None
    counts = [figure.n for figure in figures]
    known = None if None in counts else np.array(counts, dtype=np.int64)
    errors, replaced = pooled_where_zero(given, known)
    scores = np.array([figure.score for figure in figures], dtype=np.float64)
    freedom = np.array([figure.freedom for figure in figures])
    return Arranged(scores, errors, _at_least_pooled(figures, errors) ** 2, freedom, replaced)


def at_least_pooled_figures(figures: Sequence[Figure]) -> list[Figure]:
    """The same figures with what `arranged` compares by as their errors; as they are where nothing is known of the noise."""
    given = np.array([figure.standard_error for figure in figures])
    if not (np.isfinite(given).all() and (given > 0).any()):
        return list(figures)
    errors = _at_least_pooled(figures, given)
    return [replace(figure, standard_error=error) for figure, error in zip(figures, errors.tolist(), strict=True)]


def _at_least_pooled(figures: Sequence[Figure], errors: Floats) -> Floats:
    """Errors raised to the pooled noise of those figures that are plain means of their marks; the others stay."""
    plain = [
        place for place, figure in enumerate(figures) if figure.n is not None and figure.degrees_of_freedom is None
    ]
    raised = errors.copy()
    if plain:
        raised[plain] = at_least_pooled(errors[plain], np.array([figures[place].n for place in plain], dtype=np.int64))
    return raised
