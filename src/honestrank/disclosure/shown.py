"""What a certificate of `coarsen` shows, whether a distribution fits it, and whether a class of distributions is safe.

Checks only: nothing here lists or searches, so a certificate can be trusted without trusting what made it.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from honestrank.disclosure.candidates import Cell, Counts, Majority, Rules, Scale, fits, hidden_places, joins_to

Output = tuple[float, float] | None


def is_safe(members: Sequence[Counts], scale: Scale, hidden: Sequence[int]) -> bool:
    """Whether a class of distributions protects those in it, of which everybody knows that the truth is one of the members.

    It does if there are two members, one of them not unanimous, and no grade at a place of `hidden` has the same number in
    all. This must hold for an onlooker. It must also hold for each person who knows one mark, their own: such a person drops
    the members without that mark and takes it off the others.
    """
    return len(members) >= 2 and all(_is_varied(members, scale, hidden, own) for own in viewers(scale))


def viewers(scale: Scale) -> list[int | None]:
    """The onlooker, and whoever gave each of the grades."""
    return [None, *range(len(scale.grades))]


def _is_varied(members: Sequence[Counts], scale: Scale, hidden: Sequence[int], own: int | None) -> bool:
    """True also where no member has the grade `own`. Ends at the first member that leaves nothing to look for."""
    first, same, is_mixed = None, set(hidden), False
    for counts in members:
        if own is not None and not counts[own]:
            continue
        is_mixed = is_mixed or not scale.unanimous(without_own(counts, own))
        if first is None:
            first = counts
            continue
        same -= {place for place in same if counts[place] != first[place]}
        if is_mixed and not same:
            return True
    return first is None


def without_own(counts: Counts, own: int | None) -> Counts:
    """What the others gave, for somebody who gave the grade at the place `own`."""
    return counts if own is None else (*counts[:own], counts[own] - 1, *counts[own + 1 :])


def check_certificate(certificate: Mapping[str, Any]) -> bool:
    """Whether a certificate proves its release: its witnesses fit the cells and give the published figures.

    Uses the certificate alone. The witnesses must differ in every hidden grade and not all be unanimous, and again for
    whoever gave a mark that a witness has (`is_safe`). A suppressed release proves itself when nothing but the cells is
    published and the witnesses fit them.
    """
    scale, hidden = shown_scale(certificate)
    found = [tuple(witness) for witness in certificate["witnesses"]]
    if certificate["rounding"] is None and (certificate["mean"], certificate["standard_error"]) != (None, None):
        return False
    is_varied = len(set(found)) == len(found) and is_safe(found, scale, hidden)
    return is_varied and all(fits_shown(witness, certificate) for witness in found)


def shown_scale(certificate: Mapping[str, Any]) -> tuple[Scale, list[int]]:
    """The grades of a certificate of `coarsen`, and the places of those whose number its cells hide."""
    scale = Scale(tuple(certificate["grades"]), tuple(certificate["points"]))
    return scale, hidden_places(scale, cells_of(certificate))


def fits_shown(counts: Counts, certificate: Mapping[str, Any]) -> bool:
    """Whether a distribution would have published the cells, mean and error of a certificate of `coarsen`."""
    scale, cells = shown_scale(certificate)[0], cells_of(certificate)
    if not fits(counts, scale, cells) or not gives(counts, scale, certificate):
        return False
    if certificate["joined_from"] is None or isinstance(cells, Majority):
        return True
    rules = Rules(joined_from=certificate["joined_from"])
    return joins_to(counts, scale, cells, rules) and not rules.is_nearly_unanimous(counts)


# What of a certificate has decimals, two at most: written as hundredths where it goes into a document of whole numbers.
_WITH_DECIMALS = ("rounding", "mean", "standard_error")


def in_hundredths(certificate: Mapping[str, Any]) -> dict[str, Any]:
    """A certificate of `coarsen` without its witnesses, in whole numbers if the points are."""
    written = {name: value for name, value in certificate.items() if name != "witnesses"}
    return written | {name: None if written[name] is None else round(100 * written[name]) for name in _WITH_DECIMALS}


def from_hundredths(written: Mapping[str, Any]) -> dict[str, Any]:
    """What `in_hundredths` wrote, as `coarsen` has it."""
    decimals = {name: None if written[name] is None else round(written[name] / 100, 2) for name in _WITH_DECIMALS}
    return {**written, **decimals}


def gives(counts: Counts, scale: Scale, certificate: Mapping[str, Any]) -> bool:
    """Whether a distribution has the figures of a certificate; without a mean any has."""
    if certificate["rounding"] is None:
        return True
    return rounded_figures(counts, scale, certificate["rounding"]) == (
        certificate["mean"],
        certificate["standard_error"],
    )


def cells_of(certificate: Mapping[str, Any]) -> list[Cell] | Majority:
    """The cells of a certificate, or the grade that nearly all gave."""
    published = certificate["cells"]
    if isinstance(published, Mapping):
        return Majority(published["grade"], published["least"], published["total"])
    return [Cell(tuple(cell["grades"]), cell["n"]) for cell in published]


def rounded_figures(counts: Counts, scale: Scale, rounding: float) -> Output:
    """Mean and standard error to the nearest multiple of `rounding`, halves up; written with two decimals."""
    figures = scale.mean_and_error(counts)
    if figures is None:
        return None
    # 1e-9 lets a figure that is a half up to rounding of doubles be rounded up on every machine.
    mean, error = (round(math.floor(figure / rounding + 0.5 + 1e-9) * rounding, 2) for figure in figures)
    return mean, error
