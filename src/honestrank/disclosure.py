"""Disclosure gate of one sealed group: what its size lets be shown, and how coarse its mean and error must be.

Attackers are assumed to know this code, so the gate publishes classes: two true distributions that give the same
output cannot be distinguished, and every class has two members, one of them not unanimous, even for somebody who knows their own
mark. Whole trees: `disclosure_gate`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from honestrank.candidates import Cell, Counts, Majority, Rules, Scale, candidates, fits
from honestrank.wording import InputError

Level = Literal["nothing", "band", "score", "compared"]
Output = tuple[float, float] | None

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
    Above 100,000 candidates nothing is published. Raises InputError when cells and counts disagree.
    """
    truth = tuple(counts.get(grade, 0) for grade in scale.grades)
    if not fits(truth, scale, cells):
        raise InputError("bad_cells")
    possible = candidates(truth, scale, cells, rules)
    if possible is None:
        return Release(None, None, None, _certificate(scale, cells, None, None, []))
    if possible == [truth]:
        return _release_open(truth, scale, cells, score_from)
    classes = _settled_classes(possible, scale, score_from)
    mine = next(found for found in classes if truth in found.members)
    certificate = _certificate(scale, cells, mine.rounding, mine.output, _witnesses(mine.members, scale))
    alike = tuple(sorted(mine.members))
    if mine.output is None:
        return Release(None, None, None, certificate, alike)
    return Release(*mine.output, mine.rounding, certificate, alike)


def _release_open(truth: Counts, scale: Scale, cells: Sequence[Cell] | Majority, score_from: int) -> Release:
    """The cells tell the whole distribution: its mean is no news, but unanimity stays a band."""
    if scale.unanimous(truth) or scale.graded(truth) < score_from:
        return Release(None, None, None, _certificate(scale, cells, None, None, [truth]), (truth,))
    output = _rounded(truth, scale, ROUNDINGS[0])
    mean, error = output if output else (None, None)
    return Release(mean, error, ROUNDINGS[0], _certificate(scale, cells, ROUNDINGS[0], output, [truth]), (truth,))


def check_certificate(certificate: Mapping[str, Any]) -> bool:
    """Whether a certificate proves its release: its witnesses fit the cells and give the published figures.

    Uses the certificate alone. There must be two, not both unanimous, and again two for whoever gave a mark that a witness
    has (`is_safe`); a suppressed release proves itself when nothing but the cells is published and the witnesses fit them.
    """
    scale = Scale(tuple(certificate["grades"]), tuple(certificate["points"]))
    witnesses = [tuple(witness) for witness in certificate["witnesses"]]
    if len(set(witnesses)) < len(witnesses) or not is_safe(witnesses, scale):
        return False
    cells = _cells_of(certificate)
    if not all(fits(witness, scale, cells) for witness in witnesses):
        return False
    if certificate["rounding"] is None:
        return certificate["mean"] is None and certificate["standard_error"] is None
    published = (certificate["mean"], certificate["standard_error"])
    return all(_rounded(witness, scale, certificate["rounding"]) == published for witness in witnesses)


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
    possible = candidates(tuple(first["witnesses"][0]), scale, _cells_of(first), rules) if fewest else None
    if possible is None:
        return False
    return is_safe([one for one in possible if all(_gives(one, scale, each) for each in certificates)], scale)


def _gives(counts: Counts, scale: Scale, certificate: Mapping[str, Any]) -> bool:
    """Whether a distribution has the figures of a certificate; without a mean any has."""
    if certificate["rounding"] is None:
        return True
    return _rounded(counts, scale, certificate["rounding"]) == (certificate["mean"], certificate["standard_error"])


def _cells_of(certificate: Mapping[str, Any]) -> list[Cell] | Majority:
    published = certificate["cells"]
    if isinstance(published, Mapping):
        return Majority(published["grade"], published["least"], published["total"])
    return [Cell(tuple(cell["grades"]), cell["n"]) for cell in published]


@dataclass
class _Class:
    """Candidates that publish the same figures; `rounding` and `output` are None when suppressed."""

    rounding: float | None
    output: Output
    members: list[Counts]


def is_safe(members: Sequence[Counts], scale: Scale) -> bool:
    """Whether a class of distributions protects those in it, of which everybody knows that the truth is one of the members.

    It does if at least two members are left, and one of them at least is not unanimous. This must hold for an onlooker. It must
    also hold for each person who knows one mark, their own: such a person drops the members without that mark and takes it off
    the others.
    """
    if len(members) < 2 or all(scale.unanimous(counts) for counts in members):
        return False
    return all(_is_safe_from(others, scale) for others in _without_own(members, scale) if others)


def _is_safe_from(others: Sequence[Counts], scale: Scale) -> bool:
    return len(others) >= 2 and not all(scale.unanimous(counts) for counts in others)


def _without_own(members: Sequence[Counts], scale: Scale) -> list[list[Counts]]:
    """For each grade: what is left of the members that have it, for somebody who gave it."""
    return [
        [(*counts[:place], counts[place] - 1, *counts[place + 1 :]) for counts in members if counts[place]]
        for place in range(len(scale.grades))
    ]


def _settled_classes(possible: Sequence[Counts], scale: Scale, score_from: int) -> list[_Class]:
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
            if not is_safe(one.members, scale):
                _take_in(one, classes, outputs)
            if is_safe(one.members, scale):
                classes.append(one)
            else:
                left += one.members
    hidden.members += left
    while hidden.members and not is_safe(hidden.members, scale) and classes:
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
            self.known[counts] = _rounded(counts, self.scale, self.rounding)
        return self.known[counts]

    def classes(self, members: Sequence[Counts]) -> list[_Class]:
        found: dict[Output, list[Counts]] = {}
        for counts in members:
            found.setdefault(self.of(counts), []).append(counts)
        return [_Class(self.rounding, output, alike) for output, alike in found.items()]


def _rounded(counts: Counts, scale: Scale, rounding: float) -> Output:
    """Mean and standard error to the nearest multiple of `rounding`, halves up; written with two decimals."""
    figures = scale.mean_and_error(counts)
    if figures is None:
        return None
    # 1e-9 lets a figure that is a half up to rounding of doubles be rounded up on every machine.
    mean, error = (round(math.floor(figure / rounding + 0.5 + 1e-9) * rounding, 2) for figure in figures)
    return mean, error


def _witnesses(alike: Sequence[Counts], scale: Scale) -> list[Counts]:
    """Members of the class that prove it safe: the first that is not unanimous and the first other one, and the same again for
    whoever gave one of the grades. Nothing if the class is not safe.
    """
    if not is_safe(alike, scale):
        return []
    chosen = _first_two(list(alike), list(alike), scale)
    while not is_safe(chosen, scale):
        for place in range(len(scale.grades)):
            if any(counts[place] for counts in chosen):
                having = [counts for counts in alike if counts[place]]
                own = [(*counts[:place], counts[place] - 1, *counts[place + 1 :]) for counts in having]
                chosen += [counts for counts in _first_two(having, own, scale) if counts not in chosen]
    return chosen


def _first_two(members: Sequence[Counts], others: Sequence[Counts], scale: Scale) -> list[Counts]:
    """The first member whose `others` are not unanimous, and the first other member."""
    mixed = next(counts for counts, left in zip(members, others, strict=True) if not scale.unanimous(left))
    return [mixed, next(counts for counts in members if counts != mixed)]


def _certificate(
    scale: Scale,
    cells: Sequence[Cell] | Majority,
    rounding: float | None,
    output: Output,
    witnesses: Sequence[Counts],
) -> dict[str, Any]:
    published: Any = (
        [{"grades": list(cell.grades), "n": cell.n} for cell in cells]
        if not isinstance(cells, Majority)
        else {"grade": cells.grade, "least": cells.least, "total": cells.total}
    )
    return {
        "grades": list(scale.grades),
        "points": list(scale.points),
        "cells": published,
        "rounding": rounding,
        "mean": None if output is None else output[0],
        "standard_error": None if output is None else output[1],
        "witnesses": [list(witness) for witness in witnesses],
    }
