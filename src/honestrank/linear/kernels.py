"""Loops that numpy cannot do in one pass, compiled by numba: import this only where one is needed.

Importing this module compiles all (`compiling`), as `make setup` does, so that nobody waits later.
No kernel starts threads or holds the interpreter's lock: `threads` runs two at once. Codes are unsigned (no wrapping).
"""

import math

import numpy as np
from numpy.typing import NDArray

from honestrank.linear.compiling import compiled, inlined

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Codes = NDArray[np.uint32]

Places = NDArray[np.int64]


@compiled("void(int64[::1], uint32[::1], float64[::1], float64[::1], int64, int64, float64[:, ::1])")
def add_products(
    begins: Places, columns: Codes, marks: Floats, weight: Floats, first: int, beyond: int, out: Floats
) -> None:
    """out[c, d] += sum over rows r of weight_r q_rc q_rd for first <= c < beyond and d >= c; columns of a row ascend."""
    for r in range(len(begins) - 1):
        end = begins[r + 1]
        for i in range(begins[r], end):
            # Columns of a row ascend: what this thread has to add stands in one stretch of them.
            c = columns[i]
            if c >= beyond:
                break
            if c >= first:
                factor = weight[r] * marks[i]
                row = out[c]
                for j in range(i, end):
                    row[columns[j]] += factor * marks[j]


@compiled("float64(int64[::1], uint32[::1], float64[::1], float64[::1], int64, int64, float64[:, ::1])")
def sum_forms(
    begins: Places, columns: Codes, marks: Floats, weight: Floats, first: int, beyond: int, upper: Floats
) -> float:
    """Sum over rows first <= r < beyond of weight_r q_r'U q_r, U symmetric with this upper triangle; columns of a row ascend."""
    found = 0.0
    for r in range(first, beyond):
        end = begins[r + 1]
        # q'Uq from one triangle: sum_i q_i (2 sum_{j>i} q_j U_ij + q_i U_ii).
        form = 0.0
        for i in range(begins[r], end):
            row = upper[columns[i]]
            beyond_diagonal = 0.0
            for j in range(i + 1, end):
                beyond_diagonal += marks[j] * row[columns[j]]
            form += marks[i] * (2.0 * beyond_diagonal + marks[i] * row[columns[i]])
        found += weight[r] * form
    return found


@compiled("void(int64[::1], uint32[::1], float64[::1], float64[:, ::1], int64, int64, float64[::1])")
def add_form_of_each(
    begins: Places, columns: Codes, marks: Floats, core: Floats, first: int, beyond: int, out: Floats
) -> None:
    """out[r] += f_r'C f_r over rows first <= r < beyond, f_r with these marks in these columns, C symmetric."""
    for r in range(first, beyond):
        form, end = 0.0, begins[r + 1]
        for i in range(begins[r], end):
            row, after = core[columns[i]], 0.0
            for j in range(i + 1, end):
                after += marks[j] * row[columns[j]]
            form += marks[i] * (2.0 * after + marks[i] * row[columns[i]])
        out[r] += form


@compiled("int64(uint32[::1], int64[::1])")
def find_begins(rater: Codes, begins: Places) -> int:
    """Write where each run of equal codes begins, and the end of the last; the number of runs, -1 if codes descend."""
    runs = 0
    for i in range(len(rater)):
        if i == 0 or rater[i] != rater[i - 1]:
            if i > 0 and rater[i] < rater[i - 1]:
                return -1
            begins[runs] = i
            runs += 1
    begins[runs] = len(rater)
    return runs


@compiled(
    "float64(int64[::1], uint32[::1], float64[::1], float64, int64, int64, "
    "float64[::1], float64[::1], float64[::1], float64[::1])"
)
def add_scores(
    begins: Places,
    column: Codes,
    score: Floats,
    origin: float,
    first: int,
    beyond: int,
    rater_total: Floats,
    n: Floats,
    total: Floats,
    squares_of: Floats,
) -> float:
    """Of raters first to beyond - 1: sums about the origin by rater and column, number and squares by column; sum of squares."""
    squares = 0.0
    for r in range(first, beyond):
        own = 0.0
        for i in range(begins[r], begins[r + 1]):
            value = score[i] - origin
            own += value
            squares += value * value
            squares_of[column[i]] += value * value
            n[column[i]] += 1.0
            total[column[i]] += value
        rater_total[r] = own
    return squares


@compiled("float64(int64[::1], uint32[::1], float64[::1], int64, int64, uint32[::1], float64[::1])")
def add_squares(
    begins: Places, column: Codes, weight: Floats, first: int, beyond: int, seen: Codes, out: Floats
) -> float:
    """out[c] += sum over raters of weight_r n_rc^2; the sum over raters and columns of n_rc^2 / n_r. `seen` is all zero."""
    shares = 0.0
    for r in range(first, beyond):
        begin, end = begins[r], begins[r + 1]
        # n_rc by counting; then every mark adds w_r n_rc, which is w_r n_rc^2 by column; then the counts used are set
        # back to zero.
        for i in range(begin, end):
            seen[column[i]] += 1
        together = 0
        for i in range(begin, end):
            out[column[i]] += weight[r] * seen[column[i]]
            together += seen[column[i]]
        for i in range(begin, end):
            seen[column[i]] = 0
        if end > begin:
            shares += together / (end - begin)
    return shares


# Below, a, b, c, d are the same sum for each of the four vectors a pass carries: written out, not looped over,
# because the compiler then keeps the four in one register.


@inlined
def _add_row(out: Floats, place: int, a: float, b: float, c: float, d: float) -> None:
    # All four are read, then all four written: one load and one store of a register.
    e, f, g, h = out[place, 0] + a, out[place, 1] + b, out[place, 2] + c, out[place, 3] + d
    out[place, 0], out[place, 1], out[place, 2], out[place, 3] = e, f, g, h


@compiled("void(int64[::1], uint32[::1], float64[:, ::1], int64, int64, float64[:, ::1])")
def add_back(begins: Places, column: Codes, value: Floats, first: int, beyond: int, out: Floats) -> None:
    """out[c] += value_r, four numbers, for every mark that raters first to beyond - 1 gave in column c."""
    for r in range(first, beyond):
        a, b, c, d = value[r, 0], value[r, 1], value[r, 2], value[r, 3]
        for i in range(begins[r], begins[r + 1]):
            _add_row(out, column[i], a, b, c, d)


@compiled("void(int64[::1], uint32[::1], uint32[::1], float64[::1], float64[:, ::1], int64, int64, float64[:, ::1])")
def add_through_raters(
    begins: Places, unit: Codes, group: Codes, weight: Floats, v: Floats, first: int, beyond: int, out: Floats
) -> None:
    """out += sum over raters of weight_r q_r q_r'v for four vectors v at once; the last row is the intercept's."""
    last, grouped = len(v) - 1, len(group) > 0
    for r in range(first, beyond):
        begin, end = begins[r], begins[r + 1]
        n, w = end - begin, weight[r]
        # q_r'v: n_r times the intercept's row, then a unit's (and a group's) row for every mark.
        a, b, c, d = n * v[last, 0], n * v[last, 1], n * v[last, 2], n * v[last, 3]
        for i in range(begin, end):
            u = unit[i]
            a, b, c, d = a + v[u, 0], b + v[u, 1], c + v[u, 2], d + v[u, 3]
        if grouped:
            for i in range(begin, end):
                u = group[i]
                a, b, c, d = a + v[u, 0], b + v[u, 1], c + v[u, 2], d + v[u, 3]
        # w_r q_r'v, and back along q_r: to each marked unit and group once a mark, to the intercept n_r times.
        a, b, c, d = w * a, w * b, w * c, w * d
        for i in range(begin, end):
            _add_row(out, unit[i], a, b, c, d)
        if grouped:
            for i in range(begin, end):
                _add_row(out, group[i], a, b, c, d)
        _add_row(out, last, n * a, n * b, n * c, n * d)


@compiled("void(int64[::1], uint32[::1], uint32[::1], float64[::1], int64, float64[:, ::1])")
def add_border(begins: Places, unit: Codes, group: Codes, weight: Floats, offset: int, out: Floats) -> None:
    """out[c, g - offset] += sum over raters of weight_r n_rc n_rg, c a unit or a group."""
    here, seen = np.zeros(out.shape[1], dtype=np.int64), np.zeros(out.shape[1], dtype=np.int64)
    for r in range(len(begins) - 1):
        begin, end = begins[r], begins[r + 1]
        # `here` lists the groups this rater marked, `seen` how often: a rater has few, and only those are gone
        # through.
        kinds = 0
        for i in range(begin, end):
            g = group[i] - offset
            if seen[g] == 0:
                here[kinds] = g
                kinds += 1
            seen[g] += 1
        for i in range(begin, end):
            for k in range(kinds):
                share = weight[r] * seen[here[k]]
                out[unit[i], here[k]] += share
                out[group[i], here[k]] += share
        for k in range(kinds):
            seen[here[k]] = 0


@compiled("void(uint32[::1], uint32[::1], int64, float64[:, ::1])")
def add_shared(unit: Codes, group: Codes, offset: int, out: Floats) -> None:
    """out[u, g - offset] += 1 for every mark."""
    for i in range(len(unit)):
        out[unit[i], group[i] - offset] += 1.0


@compiled("int64(int64[:, ::1], boolean, uint32[:, ::1], int64[::1], int64[::1], uint8[:, ::1])")
def sort_ballots(
    places: Places, below: bool, order: Codes, choices: Places, stands: Places, wins: NDArray[np.uint8]
) -> int:
    """Order each ballot's candidates by place, those not listed last; the first ballot with a tie, or -1.

    `choices`: how many were chosen while more than one was left; `stands`: how many could be; `wins[i, j]` set where i
    was chosen while j was left.
    """
    candidates = places.shape[1]
    for b in range(len(places)):
        listed = 0
        for c in range(candidates):
            if places[b, c] > 0:
                i = listed
                while i > 0 and places[b, order[b, i - 1]] > places[b, c]:
                    order[b, i] = order[b, i - 1]
                    i -= 1
                if i > 0 and places[b, order[b, i - 1]] == places[b, c]:
                    return b
                order[b, i] = c
                listed += 1
        stands[b] = candidates if below else listed
        choices[b] = min(listed, stands[b] - 1)
        for c in range(candidates):
            if places[b, c] <= 0 and below:
                order[b, listed] = c
                listed += 1
        for i in range(choices[b]):
            for j in range(i + 1, stands[b]):
                wins[order[b, i], order[b, j]] = 1
    return -1


@inlined
def _subtract_pairs(order: Codes, stands: int, squares: Floats, worth: Floats, information: Floats) -> None:
    for a in range(stands):
        row = information[order[a]]
        for d in range(a, stands):
            row[order[d]] -= squares[a] * worth[d]


@compiled(
    "float64(uint32[:, ::1], int64[::1], int64[::1], float64[::1], float64[::1], int64, int64, float64[::1], "
    "float64[:, ::1])"
)
def add_choices(
    order: Codes,
    choices: Places,
    stands: Places,
    count: Floats,
    strength: Floats,
    first: int,
    beyond: int,
    gradient: Floats,
    information: Floats,
) -> float:
    """Log likelihood of ballots first to beyond - 1, its gradient and one triangle (by place) of its information added.

    With S_s the worth left at stage s and A_a, B_a the sums of 1 / S_s and 1 / S_s^2 over the stages up to place a, the
    candidate at a has gradient 1 - e_a A_a, those at a <= d the information [a = d] e_a A_a - e_a e_d B_a.
    `worth[a]` is e_a, the exp of the strength of the one at place a; `left[a]` S_a; `squares[a]` e_a B_a; `once` A_a, `twice`
    B_a. Logarithms cost most, so `product` gathers the S_s, and one is taken before it leaves the range of doubles.
    """
    worth, left, squares = np.empty((3, order.shape[1]))
    worths = np.exp(strength)
    found = 0.0
    for b in range(first, beyond):
        here, after, product, likelihood = stands[b], 0.0, 1.0, 0.0
        for a in range(here - 1, -1, -1):
            worth[a] = worths[order[b, a]]
            after += worth[a]
            left[a] = after
        once, twice = 0.0, 0.0
        for a in range(here):
            c = order[b, a]
            if a < choices[b]:
                once += 1 / left[a]
                twice += 1 / left[a] ** 2
                gradient[c] += count[b]
                likelihood += strength[c]
                product *= left[a]
                if not 1e-200 < product < 1e200:
                    likelihood -= math.log(product)
                    product = 1.0
            expected = count[b] * worth[a] * once
            gradient[c] -= expected
            information[c, c] += expected
            squares[a] = count[b] * worth[a] * twice
        _subtract_pairs(order[b], here, squares, worth, information)
        found += count[b] * (likelihood - math.log(product))
    return found


@compiled("void(float32[:, ::1], float32[:, ::1], float32[:, ::1])")
def raise_largest(x: Singles, weight: Singles, largest: Singles) -> None:
    """Of units i and j raise largest[i] and largest[j] to |x_j - x_i| weight_ij in each draw; rows are units."""
    units, draws = x.shape
    # A pair is worked out once and serves both units; draws run innermost, so that neighbours in memory go through
    # one register.
    for i in range(units - 1):
        for j in range(i + 1, units):
            w = weight[i, j]
            for d in range(draws):
                value = abs(x[j, d] - x[i, d]) * w
                one, other = largest[i, d], largest[j, d]
                largest[i, d] = value if value > one else one
                largest[j, d] = value if value > other else other


@inlined
def _head(parent: Codes, place: int) -> int:
    # Each look also shortens the way (path halving), so that chains of units never grow long.
    while parent[place] != place:
        parent[place] = parent[parent[place]]
        place = parent[place]
    return place


@compiled("UniTuple(int64, 2)(int64[::1], uint32[::1], uint32[::1], int64[::1])")
def join_units(begins: Places, unit: Codes, parent: Codes, seen: Places) -> tuple[int, int]:
    """Join the units each rater marked (`parent` starts as 0, 1, …; its heads are the parts), `seen` starts as zero.

    How many marks joined two units of one rater, and how many (rater, unit) were marked more than once.
    """
    joined, twice = 0, 0
    for r in range(len(begins) - 1):
        for i in range(begins[r], begins[r + 1]):
            # seen[u] is 2r + 1 after this rater's first mark of u and 2r + 2 after a further one: no clearing between
            # raters.
            u = unit[i]
            if seen[u] == 2 * r + 1:
                twice += 1
            seen[u] = 2 * r + (2 if seen[u] > 2 * r else 1)
            if u != unit[begins[r]]:
                joined += 1
                one, other = _head(parent, unit[begins[r]]), _head(parent, u)
                parent[max(one, other)] = min(one, other)
    return joined, twice
