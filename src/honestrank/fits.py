"""The types of an answer on its way: scores with their covariance, the record of a fit, warnings by key."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

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


@dataclass(frozen=True)
class Scores:
    """Per unit: score and its covariance (variances alone if independent), shrunken score and prediction error.

    `posterior` is the covariance of the shrunken scores' errors (variances alone if taken as independent).
    """

    score: Floats
    covariance: Floats
    shrunken: Floats
    prediction_error: Floats
    posterior: Floats
    fit: Fit


@dataclass(frozen=True)
class Warned:
    """A warning by key, with its numbers; `sentence(language)` gives the words."""

    key: str
    values: dict[str, Any]

    def sentence(self, language: Language) -> str:
        """The warning in the reader's language."""
        return say(self.key, language, **self.values)
