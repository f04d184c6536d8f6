"""What a step at a window is called."""

from typing import Any

from zhengyou.base.words import in_readers_words
from zhengyou.windows.models import WindowWords


def step_of(words: WindowWords) -> Any:
    """The step beside words that were left at a window, as the rules of their cycle call it."""
    names = {one.id: in_readers_words(one.name) for one in words.remark.cycle.ruleset.service_steps}
    return names.get(words.step, words.step)
