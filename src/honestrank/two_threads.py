"""Two tasks at once. Threads are started for the moment and joined: nothing outlives a call, so forks are safe.

What is computed by which task never depends on the number of cores: the digits are the same with one.
"""

import threading
from collections.abc import Callable


def side_by_side(one: Callable[[], object], other: Callable[[], object]) -> None:
    """Run both, `one` in a second thread, and return when both are done; raises what either raised.

    They save time only where they let go of the interpreter's lock: LAPACK through `dense`, `kernels`, numpy's products.
    """
    raised: list[BaseException] = []

    def guarded() -> None:
        try:
            one()
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
