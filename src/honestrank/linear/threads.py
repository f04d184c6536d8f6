"""Two tasks at once. Threads are started for the moment and joined: nothing outlives a call, so forks are safe.

What is computed by which task never depends on the number of cores: the digits are the same with one.
"""

import sys
import threading
from collections.abc import Callable
from functools import cache, wraps
from typing import ParamSpec, TypeVar

from threadpoolctl import ThreadpoolController

P = ParamSpec("P")

R = TypeVar("R")


@cache
def _libraries(*, with_scipy: bool) -> ThreadpoolController:
    """The libraries for linear algebra that are loaded by now; looked for again when SciPy has brought its own."""
    assert with_scipy == ("scipy.linalg" in sys.modules)
    return ThreadpoolController()


def one_thread_each(function: Callable[P, R]) -> Callable[P, R]:
    """Let every call to linear algebra inside `function` take one thread, whoever loaded numpy first with more.

    Theirs would wait for work in a loop and take the cores from our two.
    """

    @wraps(function)
    def limited(*args: P.args, **kwargs: P.kwargs) -> R:
        # Held for the length of the call only: what else runs in this process keeps its threads.
        with _libraries(with_scipy="scipy.linalg" in sys.modules).limit(limits=1, user_api="blas"):
            return function(*args, **kwargs)

    return limited


def side_by_side(one: Callable[[], object], other: Callable[[], object]) -> None:
    """Run both, `one` in a second thread, and return when both are done; raises what either raised.

    They save time only where they let go of the interpreter's lock: LAPACK through `dense`, `kernels`, numpy's products.
    """
    raised: list[BaseException] = []

    def guarded() -> None:
        try:
            one()
        # Whatever it is, also an interrupt, must come up in the thread that waits.
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=guarded, daemon=True)
    thread.start()
    try:
        other()
    finally:
        thread.join()
    if raised:
        raise raised[0]
