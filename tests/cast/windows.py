"""Windows of the small district, and marks given there."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from tests.cast.district import NOW, District
from tests.cast.writing import arrived

from zhengyou.base.time import local_day
from zhengyou.windows import actions
from zhengyou.windows.models import ServicePoint

GOOD, FAIR, MIDDLING, BAD, WORST = "very-satisfied", "satisfied", "middling", "dissatisfied", "very-dissatisfied"


def opened(
    district: District, n: int = 0, *, at: datetime = NOW, name: str = "1号窗口", **more: object
) -> ServicePoint:
    """A window of a village, opened by its secretary; nobody has said yet when its day ends, so 17:30 holds."""
    facts: dict[str, object] = {
        "what": "办理证明",
        "place": "一楼",
        "closes_at": None,
        "opened_on": local_day(at),
        "at": at,
    }
    facts |= {"organisation": district.villages[n], "name": name, "by": district.secretaries[n]}
    return actions.open_point(**facts | more)


def marked(point: ServicePoint, step: str = GOOD, *, at: datetime = NOW, **more: object) -> actions.Given:
    """One mark from a form of its own, with a puzzle solved for it."""
    return actions.give_mark(point=point, step=step, at=at, arrival=arrived(), **more)


def marked_apart(point: ServicePoint, steps: Iterable[str], *, at: datetime = NOW, **more: object) -> None:
    """Marks that come a quarter of an hour apart, so that they are no burst."""
    for n, step in enumerate(steps):
        marked(point, step, at=at + timedelta(minutes=n), **more)
