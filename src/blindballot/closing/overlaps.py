"""How few people tell the results of two polls apart: the least difference between pools of the one and pools of the other.

Pools and people only; what slips say is no matter here.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable

Joined = dict[int, dict[int, int]]
# The point that stands for no pool; pools are numbered from 1.
NOBODY = 0


def smallest_difference(first: Iterable[Collection[Hashable]], second: Iterable[Collection[Hashable]]) -> int | None:
    """The fewest people (but at least one) by whom some pools of one poll differ from some pools of the other.

    Pools of one poll share nobody. Pools of both polls, and "nobody", are points; two are joined by the people who stand in
    both, and somebody of one poll only joins their pool to "nobody". To subtract results of some pools of one poll from
    results of some of the other is to put each point on one of two sides; who is left in the difference joins two sides.
    So the answer is the least cut (Stoer and Wagner 1997), taken in each part that hangs together. A single pool's result
    stands by itself, so the answer is never above the smallest. None without any pool.
    """
    joined = _joined(list(first), list(second))
    cuts = [_least_cut({point: joined[point] for point in part}) for part in _parts(joined) if len(part) > 1]
    return min(cuts, default=None)


def _joined(first: list[Collection[Hashable]], second: list[Collection[Hashable]]) -> Joined:
    before = {person: place for place, pool in enumerate(first, 1) for person in pool}
    after = {person: place for place, pool in enumerate(second, 1 + len(first)) for person in pool}
    joined: Joined = {point: {} for point in range(1 + len(first) + len(second))}
    for person in before.keys() | after.keys():
        one, other = before.get(person, NOBODY), after.get(person, NOBODY)
        joined[one][other] = joined[one].get(other, 0) + 1
        joined[other][one] = joined[one][other]
    return joined


def _parts(joined: Joined) -> list[set[int]]:
    parts: list[set[int]] = []
    left = set(joined)
    while left:
        part, edge = set(), {min(left)}
        while edge:
            part |= edge
            edge = {near for point in edge for near in joined[point]} - part
        parts.append(part)
        left -= part
    return parts


def _least_cut(joined: Joined) -> int:
    """Merges the two points that hang together most closely until two are left; the best cut of a phase is the last point's."""
    points = {point: dict(near) for point, near in joined.items()}
    best = sum(sum(near.values()) for near in points.values())
    while len(points) > 1:
        order = _by_attachment(points)
        last, before = order[-1], order[-2]
        best = min(best, sum(points[last].values()))
        for near, people in points.pop(last).items():
            del points[near][last]
            if near != before:
                points[before][near] = points[near][before] = points[before].get(near, 0) + people
    return best


def _by_attachment(points: Joined) -> list[int]:
    """The points, each time the one joined by most people to those already taken; of equals the first."""
    order = [min(points)]
    attached = dict(points[order[0]])
    left = set(points) - {order[0]}
    while left:
        taken = min(left, key=lambda point: (-attached.get(point, 0), point))
        order.append(taken)
        left.remove(taken)
        for near, people in points[taken].items():
            attached[near] = attached.get(near, 0) + people
    return order
