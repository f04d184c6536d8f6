"""Runs the checks of stretches on several cores, in order and with few under way at once; on one where that is not possible.

Where processes cannot be started, or die, the work is done here; the result is the same.
"""

from __future__ import annotations

import functools
import multiprocessing
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from blindballot.format.keyring import Keyring
from blindballot.format.manifest import read_manifest
from blindballot.format.record import KEYS, MANIFEST
from blindballot.verifying.boardcheck import BoardCheck, Checked, Claims, Stretch

# Stretches a process has ahead: enough that none waits for work, few enough that what is done and not yet taken stays small.
UNDER_WAY = 4
# Fewer stretches are checked before a second process has started.
WORTH_IT = 4

Loader = Callable[[], BoardCheck]


def check_stretches(
    folder: Path, claims: Claims, stretches: Sequence[Stretch], processes: int
) -> Iterator[tuple[Stretch, Checked]]:
    """Each stretch with what its check came to, in order. At most four results a process wait to be taken."""
    here = functools.cache(lambda: load_check(folder, claims))
    executor = _start_processes(folder, claims, processes) if len(stretches) >= WORTH_IT else None
    if executor is None:
        yield from ((stretch, here().check(stretch)) for stretch in stretches)
        return
    under_way: deque[tuple[Stretch, Future[Checked] | None]] = deque()
    try:
        for stretch in stretches:
            under_way.append((stretch, _submit(executor, stretch)))
            if len(under_way) > UNDER_WAY * processes:
                done, future = under_way.popleft()
                yield done, _result(done, future, here)
        for done, future in under_way:
            yield done, _result(done, future, here)
    finally:
        executor.shutdown(cancel_futures=True)


def load_check(folder: Path, claims: Claims) -> BoardCheck:
    """The check of a record's board, with the keys loaded in this process."""
    manifest = read_manifest((folder / MANIFEST).read_bytes())
    keys = Keyring.read_file(manifest, (folder / KEYS).read_bytes())
    return BoardCheck(folder, manifest, keys, claims)


def _start_processes(folder: Path, claims: Claims, processes: int) -> ProcessPoolExecutor | None:
    if processes < 2:
        return None
    # forking is quicker, but a process with threads may be forked while one of them holds a lock
    can_fork = sys.platform == "linux" and threading.active_count() == 1
    context = multiprocessing.get_context("fork" if can_fork else "spawn")
    try:
        return ProcessPoolExecutor(processes, context, _load_in_worker, (folder, claims))
    except (OSError, ImportError, NotImplementedError):
        return None


def _submit(executor: ProcessPoolExecutor, stretch: Stretch) -> Future[Checked] | None:
    try:
        return executor.submit(_check_in_worker, stretch)
    except (BrokenProcessPool, OSError):
        return None


def _result(stretch: Stretch, future: Future[Checked] | None, here: Loader) -> Checked:
    if future is not None:
        try:
            return future.result()
        except BrokenProcessPool:
            pass
    return here().check(stretch)


_worker: list[BoardCheck] = []


def _load_in_worker(folder: Path, claims: Claims) -> None:
    _worker[:] = [load_check(folder, claims)]


def _check_in_worker(stretch: Stretch) -> Checked:
    return _worker[0].check(stretch)
