"""Passwords are hashed one after the other in a thread of each process that steps aside: a flood of them takes only what nobody else needs.

An Argon2 hash keeps several cores busy for a tenth of a second, and anybody may send passwords.
"""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from django.contrib.auth.hashers import Argon2PasswordHasher, make_password

LAST = 19  # the `nice` value of who takes what is left over


class PoliteArgon2(Argon2PasswordHasher):
    """Django's Argon2, the same hashes, in the polite thread."""

    def encode(self, password: str, salt: str) -> str:
        """The hash as it is stored."""
        return str(_hashing().submit(super().encode, password, salt).result())

    def verify(self, password: str, encoded: str) -> bool:
        """Whether the password made this hash."""
        return bool(_hashing().submit(super().verify, password, encoded).result())


@cache
def nobodys() -> str:
    """A hash that no password of ours made: who tries a login that nobody has waits as long as for one that somebody has."""
    return make_password("nobody has this login")


@cache
def _hashing() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="passwords", initializer=_step_aside)


os.register_at_fork(after_in_child=_hashing.cache_clear)  # a web worker that is forked has the pool, but not its thread


def _step_aside() -> None:
    """On Linux a thread has a `nice` value of its own, which the threads that Argon2 starts take over."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LAST)
