"""Ratings, in a file or in memory, to scores and honest ranks in one call: what the command line does, for a program.

Means that somebody else computed go into `standing`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from honestrank.defaults import MANY, SEED, Way
from honestrank.given import columns_of
from honestrank.ranks.assembly import Ranking, Standing, check_ranking
from honestrank.ranks.fitting import ratings_standing
from honestrank.reading.ratings import read_ratings
from honestrank.sums import Columns


def rate(
    ratings: Any,
    *,
    unit: str,
    score: str,
    rater: str | None = None,
    group: str | Sequence[str] = (),
    fixed: Sequence[str] = (),
    part: str | None = None,
    part_weight: str | None = None,
    level: float = 0.95,
    compare_from: int = 13,
    quota: int | None = None,
    noise: Way = "own_or_pooled",
    grades: Sequence[float] = (),
    seed: int = SEED,
    many: int = MANY,
    raters_assigned_at_random: bool = False,
) -> Standing:
    """Standing of the units that `ratings` mark: a row a mark, `unit`, `score` and the rest the names of its columns.

    `ratings`: a file of CSV or Parquet, a data frame of pandas or polars, an Arrow table, a mapping of names to columns,
    or a list of mappings. The same rows give the same answer in any of them. A row without a score is left out and counted; a
    missing label, text for a number, NaN where the table knows a missing value besides, and infinity are refused.
    `group` and each factor of `fixed` may be several columns joined by a colon. The rest is as on the command line.
    Raises InputError with a sentence that says what to mend, naming the row.
    """
    groups = (group,) if isinstance(group, str) else tuple(group)
    named = tuple(name for one in groups for name in one.split(":"))
    factors = tuple(tuple(factor.split(":")) for factor in ((fixed,) if isinstance(fixed, str) else fixed))
    columns = Columns(unit, score, rater, named, part, part_weight, fixed=factors)
    ranking = Ranking(level, seed, None, compare_from, quota, noise, tuple(grades))
    check_ranking(ranking)
    given = ratings if isinstance(ratings, (str, Path)) else columns_of(ratings, "ratings")
    read = read_ratings(given, columns, many=many, with_marks=True, grades=ranking.grades)
    return ratings_standing(read, ranking, raters_assigned_at_random=raters_assigned_at_random)
