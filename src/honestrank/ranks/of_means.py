"""Standings of units known by published means: one table of means, or groups of raters with frozen weights."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from honestrank.estimators.fay_herriot import fay_herriot
from honestrank.estimators.fixed_columns import FixedDesign
from honestrank.estimators.rater_groups import combine_groups
from honestrank.fits import Noise, Warned
from honestrank.ranks.assembly import Ranking, Sample, Standing, assemble
from honestrank.ranks.standing import inputs_sha256, means_ranked
from honestrank.sums import FixedColumns, GroupedMeans, Means, RaterGroup
from honestrank.words.wording import InputError


def means_standing(means: Means, ranking: Ranking) -> Standing:
    """`standing` of the units of a file, as `ranking` asks. With counts the errors are taken as estimated from them.

    Without counts they are known from elsewhere and every unit is compared. Fixed columns become dummies against their
    first level, named in `fit_record.fixed`; columns that follow from others are left out and named. Raises InputError as `standing` does.
    """
    fixed = None if means.fixed is None else _dummies(means.fixed)
    design = None if fixed is None else np.column_stack([np.ones(len(means.units)), fixed.matrix.toarray()])
    found = means_ranked(means.units, means.scores, means.errors, means.counts, ranking, design=design)
    missing = means.source.missing
    warnings: tuple[Warned, ...] = (Warned("missing_scores", {"count": missing}),) if missing else ()
    if fixed is None:
        return replace(found, warnings=(*warnings, *found.warnings))
    warnings += (Warned("fixed_dropped", {"columns": fixed.dropped}),) if fixed.dropped else ()
    effects = dict(zip(fixed.names, list(found.fit_record["fixed"].values())[1:], strict=True))
    return replace(found, fit_record=found.fit_record | {"fixed": effects}, warnings=(*warnings, *found.warnings))


def _dummies(fixed: FixedColumns) -> FixedDesign:
    """Each unit a cell of its own, with one mark."""
    units = len(fixed.codes)
    return FixedDesign.of(fixed, np.ones(units, dtype=np.int64), np.arange(units), units)


def grouped_standing(means: GroupedMeans, ranking: Ranking) -> Standing:
    """`combined_standing` of the units that every group has a figure for; the others are left out and counted.

    Raises InputError as `combined_standing` does.
    """
    complete = [unit for unit in means.units if all(unit in group.means for group in means.groups)]
    found = combined_standing(complete, means.groups, ranking)
    left = len(means.units) - len(complete)
    warnings = (Warned("groups_incomplete", {"count": left}),) if left else ()
    return replace(found, warnings=(*warnings, *found.warnings))


def combined_standing(units: Sequence[str], groups: Sequence[RaterGroup], ranking: Ranking) -> Standing:
    """`standing` of the units every group of raters has a figure for; the others are left out of it.

    `ranking.compare_from` counts the marks of all groups together. Raises InputError as `combine_groups`, and when no
    unit is complete.
    """
    complete = [row for row in combine_groups(units, groups) if not row.missing]
    if not complete:
        raise InputError("no_complete_unit")
    names = tuple(row.unit for row in complete)
    scores = np.array([row.score for row in complete], dtype=np.float64)
    errors = np.array([row.standard_error for row in complete], dtype=np.float64)
    ranked = combine_groups(names, groups, for_ranks=True)
    own = np.array([row.standard_error for row in ranked], dtype=np.float64)
    freedom = np.array([row.degrees_of_freedom for row in ranked], dtype=np.float64)
    shown = np.array([row.degrees_of_freedom for row in complete], dtype=np.float64)
    counts = np.array([row.n for row in complete], dtype=np.int64)
    sample = Sample(names, counts, scores, inputs_sha256(names, scores, errors, counts, None))
    noise = Noise(
        way=ranking.noise,
        variance=own**2,
        freedom=np.maximum(freedom, 1.0),
        extra=np.zeros(len(own)),
        error=errors,
        pooled=errors**2,
        pooled_freedom=float(freedom.sum()),
        equal=None,
        interval=(scores, errors, shown),
    )
    return assemble(sample, fay_herriot(scores, errors), ranking, noise=noise)
