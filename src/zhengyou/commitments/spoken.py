"""What citizens said of a promise in words or by a photo: the list that everybody reads, whose first page nearly everybody asks for.

Bare marks are counted in `queries`.
"""

from typing import Any

from django.db.models import Count, QuerySet

from zhengyou.base.entries import entries
from zhengyou.base.models import PublicEntry
from zhengyou.base.prepared import prepared
from zhengyou.commitments.models import CitizenAnswer, Promise
from zhengyou.commitments.queries import ANSWERS_A_PAGE
from zhengyou.remarks import queries as remarks


def spoken_answers(promise: Promise) -> QuerySet[CitizenAnswer]:
    """The citizens' answers whose words or photo were looked at, the newest first, hidden ones too."""
    return _spoken(promise.pk, promise.reference).select_related("remark__photo").order_by("-id")


def _spoken(promise: int, reference: str) -> QuerySet[CitizenAnswer]:
    """Both say the same of an answer; by what its remark is about the database need not read what was said of other promises."""
    return CitizenAnswer.objects.filter(remarks.readable("remark__"), promise=promise, remark__subject=reference)


def spoken_number(promise: Promise) -> int:
    """How many readable answers a promise has."""
    return next((n for _promise, n in _spoken_number(promise.pk, promise.reference)), 0)


@prepared
def _spoken_number(promise: int, reference: str) -> QuerySet[Any, tuple[int, int]]:
    return _spoken(promise, reference).order_by().values_list("promise").annotate(n=Count("pk"))


def spoken_last(promise: Promise) -> list[CitizenAnswer]:
    """The first page of them."""
    return _spoken_last(promise.pk, promise.reference)


@prepared
def _spoken_last(promise: int, reference: str) -> QuerySet[CitizenAnswer]:
    return _spoken(promise, reference).select_related("remark__photo").order_by("-id")[:ANSWERS_A_PAGE]


def spoken_before(answer: CitizenAnswer) -> int:
    """How many of the promise's readable answers stand above this one in their list."""
    return spoken_answers(answer.promise).filter(pk__gt=answer.pk).count()


def told_of_taking_off(promise: Promise) -> PublicEntry | None:
    """What everybody was told when a promise that they could read was taken off, or None."""
    return entries().filter(what="commitments.take_off_on_the_spot", deed__subject=promise.reference).first()
