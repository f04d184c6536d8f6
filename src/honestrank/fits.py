"""The types of an answer on its way: scores with their covariance, the record of a fit, warnings by key."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from honestrank.defaults import Way
from honestrank.linear.factored import Covariance
from honestrank.linear.minimum import TOLERANCE
from honestrank.words.wording import Language, say

Floats = NDArray[np.float64]

BEYOND_COLUMNS = "unit beyond the columns"


@dataclass(frozen=True)
class Fit:
    """How a model was fitted, to be published with its results.

    `variances` by term (`residual` is the noise of one mark), `objective` = −2 log (restricted) likelihood with all
    its constants, `start` the starting ratios to the residual, `dropped` the terms whose variance is zero.
    `fixed`: effect and standard error of each fixed column against its factor's first level; `fixed_dropped`: columns that
    follow from others; `fixed_in_units`: those that do not vary within units and so stay in the units' scores.
    `without_noise`: severity and units explain every mark, so nothing is known about the noise.
    `fallback`: what stands in for the model asked for, if anything: "moments" or "fixed effects".
    """

    model: str
    method: str
    mean: float
    mean_error: float
    variances: dict[str, float]
    objective: float
    steps: int
    converged: bool
    start: dict[str, float] = field(default_factory=dict)
    tolerance: float = TOLERANCE
    dropped: tuple[str, ...] = ()
    fixed: dict[str, tuple[float, float]] = field(default_factory=dict)
    fixed_dropped: tuple[str, ...] = ()
    fixed_in_units: tuple[str, ...] = ()
    fallback: str | None = None
    without_noise: bool = False


@dataclass(frozen=True)
class Scores:
    """Per unit: score and its covariance (variances alone if independent; factored if units are many), shrunken score and
    prediction error.

    `posterior` is the covariance of the shrunken scores' errors (variances alone if taken as independent).
    `conditional_error`: standard deviation of a unit's effect given its marks, the variances and the fixed effects, as lme4
    gives it; `prediction_error` is that of mean and effect together. None where the model has none.
    """

    score: Floats
    covariance: Covariance
    shrunken: Floats
    prediction_error: Floats
    posterior: Covariance
    fit: Fit
    conditional_error: Floats | None = None


@dataclass(frozen=True)
class Warned:
    """A warning by key, with its numbers; `sentence(language)` gives the words."""

    key: str
    values: dict[str, Any]

    def sentence(self, language: Language) -> str:
        """The warning in the reader's language."""
        return say(self.key, language, **self.values)


@dataclass(frozen=True)
class EqualNoise:
    """Bartlett's test that all units have one noise."""

    statistic: float
    degrees_of_freedom: int
    p: float


@dataclass(frozen=True)
class Noise:
    """How much each score owes to its unit's own marks, and how surely that is known.

    `way`: "own_or_pooled" (the larger of the unit's own variance and the pooled one), "own", or "pooled" (one noise for
    all, assumed). `variance` of each score by its own marks with `freedom`; `extra` comes onto the diagonal of the
    covariance; `error`: the standard error to be shown; `pooled`: variances with one noise (None: the covariance without
    `extra`); `interval`: centre, error and degrees of freedom of each unit's own interval, where they differ.
    """

    way: Way
    variance: Floats
    freedom: Floats
    extra: Floats
    error: Floats
    pooled: Floats | None
    pooled_freedom: float
    equal: EqualNoise | None
    interval: tuple[Floats, Floats, Floats] | None = None

    def of(self, kept: NDArray[np.int64]) -> "Noise":
        """The noise of some of the units."""
        return replace(
            self,
            variance=self.variance[kept],
            freedom=self.freedom[kept],
            extra=self.extra[kept],
            error=self.error[kept],
            pooled=None if self.pooled is None else self.pooled[kept],
            interval=_kept(self.interval, kept),
        )


def _kept(
    interval: tuple[Floats, Floats, Floats] | None, kept: NDArray[np.int64]
) -> tuple[Floats, Floats, Floats] | None:
    return None if interval is None else (interval[0][kept], interval[1][kept], interval[2][kept])
