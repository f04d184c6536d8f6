"""Private keys that this process has read and keeps in memory, so that not every ballot reads them anew.

Whoever closes a poll empties the memory of their own process only; every web worker asks for itself what is over
(see `keep_only`).
"""

from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

Owner = TypeVar("Owner", bound=Hashable)
Keys = TypeVar("Keys")


class KeyMemory(Generic[Owner, Keys]):
    """Keys by what they belong to, which is forgotten as one, and by a number of theirs. For many threads."""

    def __init__(self) -> None:
        self._held: dict[Owner, dict[int, Keys]] = {}

    def get(self, owner: Owner, number: int, read: Callable[[], Keys]) -> Keys:
        """The keys, read if they are not remembered."""
        held = self._held.setdefault(owner, {})
        if number not in held:
            held[number] = read()
        return held[number]

    def forget(self, owner: Owner) -> None:
        """Drop what belongs to this owner."""
        self._held.pop(owner, None)

    def keep_only(self, in_use: Callable[[list[Owner]], Iterable[Owner]]) -> None:
        """Drop all but what `in_use` leaves of the owners remembered; it is not asked when there are none."""
        if owners := list(self._held):
            for owner in set(owners).difference(in_use(owners)):
                self.forget(owner)
