"""A rule's no, by its slug: a test names the refusal it expects."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from zhengyou.base.refusals import Refused


@contextmanager
def refused(slug: str) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """What is done inside must be refused for this reason and no other. Gives the exception, as `pytest.raises` does."""
    with pytest.raises(Refused) as caught:
        yield caught
    assert caught.value.reason == slug, f"refused for {caught.value.reason}: {caught.value}"
