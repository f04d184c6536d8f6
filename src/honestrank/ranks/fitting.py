"""From sums of a file to a standing: chooses the model its columns allow, and says in warnings what it cannot find out.

Without raters see `of_units`; with them `beside_raters`, which takes longer to load and is loaded when there are some.
"""

from dataclasses import replace

import numpy as np

from honestrank.fits import Warned
from honestrank.ranks.assembly import Ranking, Standing
from honestrank.ranks.of_units import parts_standing, units_standing
from honestrank.sums import CrossedSums, Ratings, UnitSums, squares_by_unit


def ratings_standing(ratings: Ratings, ranking: Ranking, *, raters_assigned_at_random: bool = False) -> Standing:
    """Fit the model the columns of `ratings` allow and rank what separates.

    Units of the same file that no chain of raters joins are not compared, unless raters were assigned at random.
    Raises InputError when the file is too small for the model.
    """
    found = _standing(ratings, ranking, at_random=raters_assigned_at_random)
    return found if ratings.marks is None else _with_marks(found, ratings)


def _with_marks(found: Standing, ratings: Ratings) -> Standing:
    """Each unit with the distribution of its marks."""
    sums = ratings.units or ratings.crossed
    assert sums is not None
    assert ratings.marks is not None
    of_unit = dict(zip(sums.units, ratings.marks, strict=True))
    return replace(found, units=tuple(replace(row, distribution=of_unit[row.unit]) for row in found.units))


def _standing(ratings: Ratings, ranking: Ranking, *, at_random: bool) -> Standing:
    source = ratings.source
    warnings = [Warned("missing_scores", {"count": source.missing})] if source.missing else []
    if ratings.units is not None:
        return units_standing(ratings.units, source, ranking, [*warnings, Warned("severity_unseparated", {})])
    if ratings.parts is not None:
        return parts_standing(ratings.parts, source, ranking, warnings)
    if ratings.large is not None:
        from honestrank.ranks.beside_raters import large_standing

        return large_standing(ratings.large, source, ranking, warnings, at_random)
    assert ratings.crossed is not None
    sums = ratings.crossed
    if sums.duplicates and source.columns.rater:
        warnings.append(Warned("duplicates", {"count": sums.duplicates}))
    is_apart = _each_rater_has_one_unit(sums)
    if is_apart or sums.raters == 1:
        is_one = source.columns.rater and sums.raters == 1
        warnings.append(Warned("one_rater" if is_one else "severity_unseparated", {}))
    is_plain = sums.fixed is None and (is_apart or (sums.raters == 1 and not sums.groups))
    if is_plain or _units_agree(sums):
        return units_standing(_unit_sums(sums), source, ranking, warnings)
    if is_apart:
        sums = replace(sums, rater=np.zeros_like(sums.rater), raters=1)
    from honestrank.ranks.beside_raters import crossed_standing

    return crossed_standing(sums, source, ranking, warnings, at_random)


def _each_rater_has_one_unit(sums: CrossedSums) -> bool:
    pairs = np.unique(sums.rater * len(sums.units) + sums.unit)
    return len(pairs) == sums.raters


def _units_agree(sums: CrossedSums) -> bool:
    """Whether the marks of every unit are equal, which leaves neither severity nor noise anything to show in."""
    return sums.fixed is None and _unit_sums(sums).within <= 1e-12 * sums.squares


def _unit_sums(sums: CrossedSums) -> UnitSums:
    """The marks summed by unit alone."""
    units = len(sums.units)
    n = np.bincount(sums.unit, weights=sums.n, minlength=units).astype(np.int64)
    total = np.bincount(sums.unit, weights=sums.total, minlength=units).astype(np.float64)
    return UnitSums(sums.units, n, total, squares_by_unit(sums), sums.origin)
