"""Whom the method of a question puts first, and whether a few more slips could change it. Whole numbers only.

Each method comes down to a *lead* of every option over every other, which one slip more moves by a known *swing* at most.
Symbols: d[i][j] is the number of slips that put i above j (one that is ranked is above one that is not); N the valid slips.
"""

from __future__ import annotations

from collections.abc import Sequence

from blindballot.format.questions import BORDA, SCHULZE, Question

Table = Sequence[Sequence[int]]


def winners(leads: Table) -> list[int]:
    """The places, from 0, of all options that no other one leads: one, or several who draw level; never none.

    Where no slip names an option, all draw level. So it is not told apart from a draw that nobody could vote on.
    """
    # each method's relation "leads" is transitive (Schulze 2011, section 4.1), so somebody is always first
    return [i for i in range(len(leads)) if all(leads[j][i] <= 0 for j in range(len(leads)))]


def is_certain(question: Question, leads: Table, valid: int, cell: int) -> bool:
    """Whether there is one winner, who stays the only one whatever `cell` slips beyond the `valid` ones might say.

    That is so if the winner's lead over each other option is more than `cell` swings. From fewer than 2 cell + 2 valid slips
    nothing is called certain: such a lead among so few would tell somebody who knows one slip how the others voted.
    """
    first, *others = winners(leads)
    if others or valid < 2 * cell + 2:
        return False
    return all(leads[first][j] > cell * swing(question) for j in range(len(leads)) if j != first)


def leads_of(question: Question, numbers: Sequence[int], pairwise: Table) -> list[list[int]]:
    """The lead of each option over each other by the question's method; `numbers` are approvals, `pairwise` is d."""
    if question.method == SCHULZE:
        return schulze_leads(pairwise)
    points = borda_points(pairwise) if question.method == BORDA else list(numbers)
    return [[one - other for other in points] for one in points]


def swing(question: Question) -> int:
    """The most by which one slip more can move a lead.

    Approvals: one point. Borda: to the first of m options m - 1 points, from one that is not ranked, or ranked last, one for each
    option above it. Schulze: one slip moves each margin by one, so each of the two strongest paths, which are compared, by one.
    """
    others = len(question.options) - 1
    return {SCHULZE: 2, BORDA: others + min(question.most, others)}.get(question.method, 1)


def borda_points(pairwise: Table) -> list[int]:
    """Borda's points by option: on each slip the options put below it less those put above it, added up.

    The score of Gärdenfors 1973 ("Positionalist voting functions", Theory and Decision 4) for orders with ties, which options
    that are not ranked are; for whole orders it is twice Borda's of 1784, less a constant. They add up to 0.
    """
    options = range(len(pairwise))
    return [sum(pairwise[i][j] - pairwise[j][i] for j in options) for i in options]


def schulze_leads(pairwise: Table) -> list[list[int]]:
    """P[i, j] - P[j, i], where P[i, j] is the strength of the strongest path from i to j, by margins d[i][j] - d[j][i].

    Schulze 2011 ("A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner election method",
    Social Choice and Welfare 36), section 2.2, with the loops of section 2.3: a path is as strong as its weakest step, and i is
    above j if P[i, j] > P[j, i]. Steps of every margin count, also 0 and below; that changes no relation, for of i and j one always
    has a path of at least 0 to the other, and a lead of 0 is a draw.
    """
    options = range(len(pairwise))
    strength = [[pairwise[i][j] - pairwise[j][i] for j in options] for i in options]
    for through in options:
        for i in options:
            for j in options:
                if through not in (i, j) and i != j:
                    strength[i][j] = max(strength[i][j], min(strength[i][through], strength[through][j]))
    return [[strength[i][j] - strength[j][i] if i != j else 0 for j in options] for i in options]
