"""How a rule says no: an exception whose message is a sentence for the person, and `allows` for pages that only ask."""

from collections.abc import Callable
from typing import Any


class Refused(Exception):
    """A rule said no. `str(refusal)` is the sentence to show, in the reader's language; `reason` is a stable slug."""

    reason = "refused"

    def __init__(self, sentence: Any, *, reason: str | None = None) -> None:
        super().__init__(sentence)
        if reason:
            self.reason = reason

    def __str__(self) -> str:
        return str(self.args[0])


def allows(check: Callable[..., None], *args: Any, **kwargs: Any) -> bool:
    """Whether `check` would let this pass, so that pages and actions cannot disagree."""
    try:
        check(*args, **kwargs)
    except Refused:
        return False
    return True
