"""Promises for the tests of later rooms and pages, made through the real actions."""

import io
from datetime import date, datetime
from functools import partial

from PIL import Image
from tests.cast.district import NOW, District
from tests.cast.memory import built_upon

from zhengyou.campaigns.models import Cycle
from zhengyou.commitments import actions, queries
from zhengyou.commitments.models import Commitment, Promise, PromiseText
from zhengyou.commitments.rules import Opinion
from zhengyou.organisations.models import Organisation, Person, Post


def promise_text(n: int = 1, *, due_on: date | None = None, aim: str = "service") -> PromiseText:
    """The n-th plainly fictional promise."""
    return PromiseText(
        what=f"修好测试路第{n}段的路灯",
        standard="夜间全部能亮",
        for_whom="全体村民",
        due_on=due_on or date(NOW.year, 12, 31),
        evidence="完工照片",
        aim=aim,
    )


def secretary_of(organisation: Organisation) -> Person:
    """Whoever is secretary of this organisation."""
    return Post.objects.select_related("person").get(organisation=organisation, role=Post.Role.SECRETARY).person


def drafted_commitment(cycle: Cycle, organisation: Organisation, *, items: int = 3, at: datetime = NOW) -> Commitment:
    """`items` promises written by the organisation's secretary, not yet proposed."""
    by = secretary_of(organisation)
    for n in range(1, items + 1):
        text = promise_text(n, due_on=cycle.ends_on)
        actions.write_promise(cycle=cycle, organisation=organisation, text=text, at=at, by=by)
    commitment = queries.commitment_of(cycle, organisation)
    assert commitment is not None
    return commitment


def proposed_commitment(cycle: Cycle, organisation: Organisation, *, items: int = 3, at: datetime = NOW) -> Commitment:
    """`items` promises written and proposed by the organisation's secretary, waiting for review."""
    drafted = drafted_commitment(cycle, organisation, items=items, at=at)
    return actions.propose_promises(commitment=drafted, at=at, by=secretary_of(organisation))


def published_commitment(
    district: District, cycle: Cycle, organisation: Organisation, *, items: int = 3, at: datetime = NOW
) -> Commitment:
    """`items` promises agreed to by the district's leader and so published. The organisation needs a secretary of its own."""
    key = ("commitment", cycle.pk, organisation.code, items, at)
    return built_upon(key, partial(_built_commitment, district, cycle, organisation, items, at))


def _built_commitment(
    district: District, cycle: Cycle, organisation: Organisation, items: int, at: datetime
) -> Commitment:
    proposed = proposed_commitment(cycle, organisation, items=items, at=at)
    opinions = {promise.pk: Opinion(agrees=True) for promise in queries.live_promises(proposed)}
    return actions.review_promises(commitment=proposed, opinions=opinions, at=at, by=district.leader)


def promises_of(commitment: Commitment) -> list[Promise]:
    """Its promises, as they stand now."""
    return queries.live_promises(commitment)


def photo_bytes(colour: str = "teal", size: tuple[int, int] = (640, 480)) -> bytes:
    """A real JPEG of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()
