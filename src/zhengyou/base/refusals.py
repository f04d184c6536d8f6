"""How a rule says no: an exception whose message is a sentence for the person. Pages that only ask use the two below it."""

from collections.abc import Callable
from typing import Any


class Refused(Exception):
    """A rule said no. `str(refusal)` is the sentence to show, in the reader's language.

    `reason` is a stable slug, `noun.what-is-wrong`, by which tests and programs know one refusal from another.
    """

    def __init__(self, sentence: Any, *, reason: str) -> None:
        super().__init__(sentence)
        self.reason = reason

    def __str__(self) -> str:
        return str(self.args[0])


def allows(check: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
    """Whether `check` would let this pass, so that pages and actions cannot disagree."""
    return _refusal(check, *args, **kwargs) is None


def reason_against(check: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    """The sentence by which `check` would refuse this, in the reader's language; nothing if it would let it pass."""
    refusal = _refusal(check, *args, **kwargs)
    return "" if refusal is None else str(refusal)


def _refusal(check: Callable[..., Any], *args: Any, **kwargs: Any) -> Refused | None:
    try:
        check(*args, **kwargs)
    except Refused as refusal:
        return refusal
    return None
