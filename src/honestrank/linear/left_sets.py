"""Ballots as choices out of those still left: which sets were left how often, and sums over what could be chosen from them.

Compiled by numba (`compiling`), like `kernels`; for `ranked.choices`.
"""

import numpy as np
from numpy.typing import NDArray

from honestrank.linear.compiling import compiled, inlined

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Bytes = NDArray[np.uint8]


@inlined
def _in_order(places: Places, order: Places) -> int:
    # The candidates of one ballot, from the first place down, into `order`; how many they are.
    listed = 0
    for c in range(len(places)):
        if places[c] > 0:
            i = listed
            while i > 0 and places[order[i - 1]] > places[c]:
                order[i] = order[i - 1]
                i -= 1
            order[i] = c
            listed += 1
    return listed


@compiled("int64(int64[:, ::1], boolean, float64[::1], float64[::1], int64[::1], float64[::1], uint8[:, ::1])")
def count_left(
    places: Places, below: bool, count: Floats, left_how_often: Floats, below_whom: Places, chosen: Floats, sizes: Bytes
) -> int:
    """Walk down each ballot, a set being a number whose bits are candidates; the first ballot with a tie, or -1.

    `left_how_often[set]` for sets of two and more; bit j of `below_whom[i]` set where i was chosen while j was left;
    `chosen[i]` how often, a tie of g being 1/g each; `sizes[g, a]` set where g at once were chosen out of a.
    """
    candidates, first_tie = places.shape[1], -1
    order = np.empty(candidates, dtype=np.int64)
    for b in range(len(places)):
        listed, left, size = _in_order(places[b], order), 0, 0
        for c in range(candidates):
            if places[b, c] > 0 or below:
                left |= 1 << c
                size += 1
        at = 0
        while at < listed and size > 1:
            end, group = at + 1, 1 << order[at]
            while end < listed and places[b, order[end]] == places[b, order[at]]:
                group |= 1 << order[end]
                end += 1
            together = end - at
            if together > 1 and first_tie < 0:
                first_tie = b
            left_how_often[left] += count[b]
            sizes[together, size] = 1
            left &= ~group
            for i in range(at, end):
                chosen[order[i]] += count[b] / together
                below_whom[order[i]] |= left
            size -= together
            at = end
    return first_tie


@inlined
def _tail(worth: Floats, without: int, degree: int, tail: Floats) -> None:
    # tail[j, k]: sums of products of k of the worths from place j on, place `without` left out.
    n = len(worth)
    tail[n, :] = 0.0
    tail[n, 0] = 1.0
    for j in range(n - 1, -1, -1):
        for k in range(degree + 1):
            tail[j, k] = tail[j + 1, k]
            if k > 0 and j != without:
                tail[j, k] += worth[j] * tail[j + 1, k - 1]


@compiled("void(float64[::1], int64, float64[:, ::1])")
def sum_of_groups(worth: Floats, size: int, out: Floats) -> None:
    """Sums of products of `size` of the worths, size 2 or more: out[i, j] over groups with i and j in them, out[i, i] with i.

    Everything added is positive, so that no digits cancel: for each i a table from behind and one row from the front.
    """
    n, degree = len(worth), size - 2
    tail, head = np.empty((n + 1, degree + 1)), np.empty(degree + 1)
    for i in range(n):
        _tail(worth, i, degree, tail)
        head[:] = 0.0
        head[0] = 1.0
        with_i = 0.0
        for j in range(n):
            if j == i:
                continue
            both = 0.0
            for k in range(degree + 1):
                both += head[k] * tail[j + 1, degree - k]
            out[i, j] = worth[i] * worth[j] * both
            with_i += out[i, j]
            for k in range(degree, 0, -1):
                head[k] += worth[j] * head[k - 1]
        # Every group with i holds size - 1 others.
        out[i, i] = with_i / (size - 1)


@inlined
def _add_order(together: Floats, of: Places, g: int, here: int, times: float, mean: Floats, square: Floats) -> float:
    # Groups of g out of the set `of`, whose order is number `here` of what is estimated: their weight.
    weight, n = 0.0, len(of)
    for a in range(n):
        for b in range(n):
            square[of[a], of[b]] += times * together[a, b] / g**2
        with_a = times * together[a, a] / g
        mean[of[a]] += with_a
        square[of[a], here] += with_a
        square[here, of[a]] += with_a
        weight += with_a
    return weight


@compiled("float64(uint8[:, ::1], float64[::1], float64[::1], int64[::1], float64[::1], float64[::1], float64[:, ::1])")
def add_groups(
    members: Bytes,
    count: Floats,
    strength: Floats,
    orders: Places,
    prevalence: Floats,
    expected: Floats,
    information: Floats,
) -> float:
    """Groups chosen out of sets: sum of count log Z; expected counts and their covariance added, strengths first, then orders.

    A group of g has weight exp(prevalence_g + mean strength of its members), one alone exp(strength). `orders` has the g.
    """
    size, found = len(strength), 0.0
    alone, mean, square = np.exp(strength), np.empty(len(expected)), np.empty(information.shape)
    for s in range(len(members)):
        of = np.flatnonzero(members[s])
        n = len(of)
        together, whole = np.empty((n, n)), 0.0
        mean[:] = 0.0
        square[:, :] = 0.0
        for i in of:
            whole += alone[i]
            mean[i] = alone[i]
            square[i, i] = alone[i]
        for place in range(len(orders)):
            g, here = orders[place], size + place
            if g > n:
                continue
            sum_of_groups(np.exp(strength[of] / g), g, together)
            of_order = _add_order(together, of, g, here, np.exp(prevalence[place]), mean, square)
            mean[here] = of_order
            square[here, here] = of_order
            whole += of_order
        found += count[s] * np.log(whole)
        mean /= whole
        expected += count[s] * mean
        for a in range(len(mean)):
            for b in range(len(mean)):
                information[a, b] += count[s] * (square[a, b] / whole - mean[a] * mean[b])
    return found
