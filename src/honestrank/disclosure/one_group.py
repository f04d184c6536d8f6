"""Disclosure gate of one sealed group: what its size lets be shown, and how coarse its mean and error must be.

Attackers are assumed to know this code, so the gate publishes classes: two true distributions that give the same
output cannot be distinguished, and every class has members that differ in each hidden grade, one of them not unanimous,
even for somebody who knows their own mark. Whole trees: `disclosure.gate`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from honestrank.disclosure.candidates import (
    Cell,
    Counts,
    Majority,
    Rules,
    Scale,
    candidates,
    fits,
    follows_rule,
    hidden_places,
)
from honestrank.disclosure.shown import Output, cells_of, gives, is_safe, rounded_figures, viewers, without_own
from honestrank.words.wording import InputError

Level = Literal["nothing", "band", "score", "compared"]

USUAL_RULES = Rules()

# From the two decimals that pages print to a whole point, in steps small enough that no more is lost than needed.
ROUNDINGS = (0.01, 0.05, 0.1, 0.2, 0.5, 1.0)


def shown_level(n: int, *, band_from: int = 5, score_from: int = 10, compared_from: int = 13) -> Level:
    """What may be shown of n valid marks: nothing, one band, a score, or a score that is compared.

    The thresholds can be raised, never lowered: InputError otherwise, or when they are not in ascending order.
    """
    if band_from < 5 or score_from < max(10, band_from) or compared_from < max(13, score_from):
        raise InputError("bad_threshold")
    steps: tuple[tuple[int, Level], ...] = ((compared_from, "compared"), (score_from, "score"), (band_from, "band"))
    return next((level for least, level in steps if n >= least), "nothing")


@dataclass(frozen=True)
class Release:
    """What may be published: mean and standard error rounded to `rounding`, or nothing (all None), with a certificate.

    The certificate depends on the published figures only, so it may be published too: it names no true distribution.
    `alike` has all distributions that publish just this, the true one among them (None: too many to list).
    """

    mean: float | None
    standard_error: float | None
    rounding: float | None
    certificate: dict[str, Any]
    alike: tuple[Counts, ...] | None = None

    @property
    def error_for_comparison(self) -> float | None:
        """A standard error to compare with: the largest that rounds to the published one, plus the mean's rounding.

        sqrt((se + r/2)^2 + r^2/12): the mean's rounding error counts as uniform. Never zero. None when suppressed.
        """
        if self.standard_error is None or self.rounding is None:
            return None
        return math.hypot(self.standard_error + self.rounding / 2, self.rounding / math.sqrt(12))


def coarsen(
    counts: Mapping[str, int],
    scale: Scale,
    cells: Sequence[Cell] | Majority,
    *,
    score_from: int = 10,
    rules: Rules = USUAL_RULES,
) -> Release:
    """The finest rounding of mean and standard error that pins no hidden distribution.

    Candidates are the distributions that `cells` leave possible under `rules`. At each rounding of ROUNDINGS, from
    fine to coarse, candidates not yet settled that share rounded mean and error form a class; a class that `is_safe`
    is settled; another may take in a class settled earlier that has its figures; the rest go
    on. Those left at the end, and candidates with fewer than `score_from` graded marks, are suppressed, as one class
    that is safe again. The truth's class decides, and the rule treats all candidates
    alike, so that knowing it adds nothing. Cells that hide nothing: the finest rounding, unless unanimous.
    Publish the number of valid slips beside it, never the number of graded marks.
    Above 30,000 candidates nothing is published. Raises InputError when cells and counts disagree.
    """
    truth = tuple(counts.get(grade, 0) for grade in scale.grades)
    if not fits(truth, scale, cells):
        raise InputError("bad_cells")
    head = _head(scale, cells, rules.joined_from if follows_rule(truth, scale, cells, rules) else None)
    possible = candidates(truth, scale, cells, rules)
    if possible is None:
        return Release(None, None, None, head | _figures(None, None, []))
    if possible == [truth]:
        return _release_open(truth, scale, head, score_from)
    hidden = hidden_places(scale, cells)
    classes = _settled_classes(possible, scale, score_from, hidden)
    mine = next(found for found in classes if truth in found.members)
    proof = witnesses(mine.members, scale, hidden)
    certificate = head | _figures(mine.rounding, mine.output, proof)
    alike = tuple(sorted(mine.members))
    if mine.output is None:
        return Release(None, None, None, certificate, alike)
    return Release(*mine.output, mine.rounding, certificate, alike)


def _release_open(truth: Counts, scale: Scale, head: dict[str, Any], score_from: int) -> Release:
    """The cells tell the whole distribution: its mean is no news, but unanimity stays a band."""
    if scale.unanimous(truth) or scale.graded(truth) < score_from:
        return Release(None, None, None, head | _figures(None, None, [truth]), (truth,))
    output = rounded_figures(truth, scale, ROUNDINGS[0])
    mean, error = output if output else (None, None)
    return Release(mean, error, ROUNDINGS[0], head | _figures(ROUNDINGS[0], output, [truth]), (truth,))


def agree_safely(certificates: Sequence[Mapping[str, Any]], rules: Rules = USUAL_RULES) -> bool:
    """Whether certificates over the same cells of the same marks may all be known: what fits the figures of all is safe still.

    False for other cells or grades. Marks that the cells tell anyway have nothing left to hide.
    """
    first = certificates[0]
    if any(other[name] != first[name] for other in certificates for name in ("grades", "points", "cells")):
        return False
    fewest = min(len(other["witnesses"]) for other in certificates)
    if all(other == first for other in certificates) or fewest == 1:
        return True
    scale = Scale(tuple(first["grades"]), tuple(first["points"]))
    cells = cells_of(first)
    possible = candidates(tuple(first["witnesses"][0]), scale, cells, rules) if fewest else None
    if possible is None:
        return False
    agreeing = [one for one in possible if all(gives(one, scale, each) for each in certificates)]
    return is_safe(agreeing, scale, hidden_places(scale, cells))


@dataclass
class _Class:
    """Candidates that publish the same figures; `rounding` and `output` are None when suppressed."""

    rounding: float | None
    output: Output
    members: list[Counts]


def _settled_classes(
    possible: Sequence[Counts], scale: Scale, score_from: int, hidden_at: Sequence[int]
) -> list[_Class]:
    """Every candidate in exactly one class; all safe as long as the candidates together are."""
    left = [counts for counts in possible if scale.graded(counts) >= score_from]
    hidden = _Class(None, None, [counts for counts in possible if scale.graded(counts) < score_from])
    classes: list[_Class] = []
    # Only published figures and the list of candidates decide here; the truth is looked up afterwards, so the choice
    # of a rounding gives nothing away.
    for rounding in ROUNDINGS:
        outputs = _Outputs(rounding, scale)
        fresh = outputs.classes(left)
        left = []
        for one in fresh:
            if not is_safe(one.members, scale, hidden_at):
                _take_in(one, classes, outputs)
            if is_safe(one.members, scale, hidden_at):
                classes.append(one)
            else:
                left += one.members
    hidden.members += left
    while hidden.members and not is_safe(hidden.members, scale, hidden_at) and classes:
        hidden.members += classes.pop().members
    return [*classes, hidden]


def _take_in(one: _Class, classes: list[_Class], outputs: "_Outputs") -> None:
    """Let `one` absorb the smallest settled class all of whose members share its figures."""
    alike = [c for c in classes if all(outputs.of(counts) == one.output for counts in c.members)]
    if alike:
        taken = min(alike, key=lambda c: (len(c.members), c.members))
        one.members = sorted(one.members + taken.members)
        classes.remove(taken)


class _Outputs:
    """Rounded figures of candidates at one rounding, each computed once."""

    def __init__(self, rounding: float, scale: Scale) -> None:
        self.rounding = rounding
        self.scale = scale
        self.known: dict[Counts, Output] = {}

    def of(self, counts: Counts) -> Output:
        if counts not in self.known:
            self.known[counts] = rounded_figures(counts, self.scale, self.rounding)
        return self.known[counts]

    def classes(self, members: Sequence[Counts]) -> list[_Class]:
        found: dict[Output, list[Counts]] = {}
        for counts in members:
            found.setdefault(self.of(counts), []).append(counts)
        return [_Class(self.rounding, output, alike) for output, alike in found.items()]


def witnesses(alike: Sequence[Counts], scale: Scale, hidden: Sequence[int]) -> list[Counts]:
    """Members of the class that prove it safe, each the first that shows what was still missing; nothing if it is not safe."""
    if not is_safe(alike, scale, hidden):
        return []
    chosen = [alike[0]]
    while (further := _not_yet_shown(chosen, alike, scale, hidden)) is not None:
        chosen.append(further)
    return chosen


def _not_yet_shown(
    chosen: Sequence[Counts], alike: Sequence[Counts], scale: Scale, hidden: Sequence[int]
) -> Counts | None:
    """The first member of a safe class that varies what somebody sees unvaried in the chosen ones; None if nobody does."""
    for own in viewers(scale):
        seen, possible = ([one for one in some if own is None or one[own]] for some in (chosen, alike))
        for place in hidden if seen else ():
            if all(one[place] == seen[0][place] for one in seen):
                return next(one for one in possible if one[place] != seen[0][place])
        if seen and all(scale.unanimous(without_own(one, own)) for one in seen):
            return next(one for one in possible if not scale.unanimous(without_own(one, own)))
    return None if len(chosen) > 1 else alike[1]


def _head(scale: Scale, cells: Sequence[Cell] | Majority, joined_from: int | None) -> dict[str, Any]:
    """What a certificate says of the cells; `joined_from` where an onlooker knows by which rule they were joined."""
    published: Any = (
        [{"grades": list(cell.grades), "n": cell.n} for cell in cells]
        if not isinstance(cells, Majority)
        else {"grade": cells.grade, "least": cells.least, "total": cells.total}
    )
    return {
        "grades": list(scale.grades),
        "points": list(scale.points),
        "cells": published,
        "joined_from": joined_from,
    }


def _figures(rounding: float | None, output: Output, proof: Sequence[Counts]) -> dict[str, Any]:
    """What a certificate says of mean and error, and the distributions that prove them safe."""
    return {
        "rounding": rounding,
        "mean": None if output is None else output[0],
        "standard_error": None if output is None else output[1],
        "witnesses": [list(witness) for witness in proof],
    }
