"""Loops that numpy cannot do in one pass, compiled by numba: import this only where one is needed.

Compiled code is kept beside the sources or, where those may not be written, in the user's own cache (or in
`NUMBA_CACHE_DIR`). Importing this module compiles all, as `make setup` does, so that nobody waits later.
No kernel starts threads or holds the interpreter's lock: `two_threads` runs two of them at once.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numba
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int32]
Places = NDArray[np.int64]
F = TypeVar("F", bound=Callable[..., Any])


def _compiled(*signatures: str) -> Callable[[F], F]:
    """Compile now, or take what was compiled before; without any folder to keep it in, compile for this process only."""

    def compile_function(function: F) -> F:
        asked = list(signatures)
        try:
            return numba.njit(asked, cache=True, nogil=True, error_model="numpy")(function)  # type: ignore[return-value]
        except (RuntimeError, OSError):
            return numba.njit(asked, nogil=True, error_model="numpy")(function)  # type: ignore[return-value]

    return compile_function


@_compiled("void(int64[::1], int32[::1], float64[::1], float64[::1], int64, int64, float64[:, ::1])")
def add_products(
    begins: Places, columns: Codes, marks: Floats, weight: Floats, first: int, beyond: int, out: Floats
) -> None:
    """out[c, d] += sum over rows r of weight_r q_rc q_rd for first <= c < beyond and d >= c; columns of a row ascend."""
    for r in range(len(begins) - 1):
        end = begins[r + 1]
        for i in range(begins[r], end):
            c = columns[i]
            if c >= beyond:
                break
            if c >= first:
                factor = weight[r] * marks[i]
                row = out[c]
                for j in range(i, end):
                    row[columns[j]] += factor * marks[j]
