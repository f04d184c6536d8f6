"""Two people do something in the same moment, on connections of their own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections

from zhengyou.base.refusals import Refused


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls at the same moment: what each returned, or its refusal, in the order in which they ended."""
    start, outcomes = threading.Barrier(len(calls), timeout=20), []

    def run(call: Callable[[], Any]) -> None:
        try:
            start.wait()
            outcomes.append(call())
        except Refused as refusal:
            outcomes.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(outcomes) == len(calls), "a call ended with an error or not at all"
    return outcomes


def refusals_of(outcomes: list[Any]) -> list[str]:
    """The reasons of those that were refused."""
    return sorted(outcome.reason for outcome in outcomes if isinstance(outcome, Refused))
