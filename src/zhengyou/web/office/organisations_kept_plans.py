"""The plan of an import, kept in this process while somebody looks through its tabs: for 40,000 rows it takes seconds to make.

One is kept, the newest, and only until nobody has looked at it for a while. It holds until a deed changes the house's roster or
its words, or the office answers a question. Whoever confirms has everything judged anew in any case.
"""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from zhengyou.base import journal
from zhengyou.organisations.importing import drafts
from zhengyou.organisations.importing.judging import Plan
from zhengyou.organisations.models import ImportDraft
from zhengyou.web.shared import clock

Made = TypeVar("Made")
CHANGING = ("organisations.", "roster.")  # deeds that change what rows are judged by
IDLE = 600  # seconds


@dataclass
class KeptPlan:
    """A plan with what is made of all its rows, such as the rows of a tab."""

    plan: Plan
    fingerprint: str
    _parts: dict[str, Any] = field(default_factory=dict)

    def part(self, name: str, make: Callable[[], Made]) -> Made:
        """What `make` makes of the plan, made once. `name` says which it is."""
        if name not in self._parts:
            self._parts[name] = make()
        made: Made = self._parts[name]
        return made


class _Shelf:
    """Holds one plan under a key, and lets it go after a while."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: tuple[Any, ...] = ()
        self._plan: KeptPlan | None = None
        self._timer: threading.Timer | None = None

    def get(self, key: tuple[Any, ...]) -> KeptPlan | None:
        with self._lock:
            return self._plan if self._key == key else None

    def put(self, key: tuple[Any, ...], plan: KeptPlan) -> None:
        with self._lock:
            self._key, self._plan = key, plan
            if self._timer:
                self._timer.cancel()
            self._timer = threading.Timer(IDLE, self.clear)
            self._timer.daemon = True
            self._timer.start()

    def clear(self) -> None:
        with self._lock:
            self._key, self._plan = (), None


_shelf = _Shelf()


def kept_plan_of(draft: ImportDraft) -> KeptPlan:
    """What an unconfirmed import would do to the house as it stands. One query where it was asked before and nothing has changed."""
    key = _key_of(draft)
    kept = _shelf.get(key)
    if kept is None:
        plan = drafts.plan_of(draft)
        kept = KeptPlan(plan, plan.fingerprint)
        _shelf.put(key, kept)
    return kept


def _key_of(draft: ImportDraft) -> tuple[Any, ...]:
    """Everything that a plan depends on: the file as it was read, the answers, the day, and the last deed that changed the roster."""
    answers = json.dumps(draft.answers, sort_keys=True)
    return draft.pk, draft.read_at, draft.digest, draft.is_read, answers, clock.today(), journal.last_of(CHANGING)
