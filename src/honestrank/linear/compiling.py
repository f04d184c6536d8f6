"""Compiling by numba, for `kernels` and `left_sets`: at once, or what was compiled before.

Compiled code is kept beside the sources or, where those may not be written, in the user's own cache (or in
`NUMBA_CACHE_DIR`).
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])

# Four sums side by side then go through one vector register: a third of the time.
numba.config.SLP_VECTORIZE = 1  # type: ignore[attr-defined]


def compiled(*signatures: str) -> Callable[[F], F]:
    """Compile now, or take what was compiled before; without any folder to keep it in, compile for this process only."""

    def compile_function(function: F) -> F:
        asked = list(signatures)
        # Without a folder to keep it in numba raises at once, before anything is compiled.
        try:
            return numba.njit(asked, cache=True, nogil=True, error_model="numpy")(function)  # type: ignore[return-value]
        except (RuntimeError, OSError):
            return numba.njit(asked, nogil=True, error_model="numpy")(function)  # type: ignore[return-value]

    return compile_function


def inlined(function: F) -> F:
    """Part of whatever calls it, compiled with that."""
    return cast(F, numba.njit(inline="always", nogil=True, error_model="numpy")(function))
