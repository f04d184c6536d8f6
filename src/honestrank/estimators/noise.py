"""What each unit's noise is taken to be where marks alone may say too little."""

import numpy as np
from numpy.typing import NDArray

from honestrank.words.wording import InputError

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


def pooled_where_zero(errors: Floats, counts: Integers | None) -> tuple[Floats, int]:
    """Zeros replaced by sqrt(pooled variance / n), as equal marks prove no certainty; and how many there were.

    Where n is not known it is taken as the same for all. Raises InputError when all are zero.
    """
    zero = errors == 0
    if zero.all():
        raise InputError("se_all_zero")
    if not zero.any():
        return errors, 0
    n = np.full(len(errors), 2.0) if counts is None else np.maximum(counts, 2).astype(np.float64)
    pooled = float(((n - 1) * n * errors**2).sum() / (n - 1).sum())
    return np.where(zero, np.sqrt(pooled / n), errors), int(zero.sum())
