"""Ratings, in a file or in memory, to scores and honest ranks in one call: what the command line does, for a program.

Means that somebody else computed go into `standing`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from honestrank.defaults import MANY, SEED, Way
from honestrank.given import column_named, columns_of
from honestrank.ranks.assembly import Ranking, Standing, check_ranking, grades_given
from honestrank.ranks.fitting import ratings_standing
from honestrank.reading.ratings import read_ratings
from honestrank.sums import Columns
from honestrank.words.asked import check_asked


def rate(
    ratings: Any,
    *,
    unit: str | int,
    score: str | int,
    rater: str | int | None = None,
    group: str | int | Sequence[str | int] = (),
    fixed: str | int | Sequence[str | int] = (),
    part: str | int | None = None,
    part_weight: str | int | None = None,
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
    a list of mappings or of rows, or an array of rows and columns, which are named by their numbers from 0. The same rows
    give the same answer in any of them. A row without a score is left out and counted; a missing label, text for a number,
    NaN where the table knows a missing value besides, and infinity are refused.
    Names may be numbers. `group` and each factor of `fixed` may be several columns joined by a colon. The rest is as on the
    command line.
    Raises InputError with a sentence that says what to mend, naming the row.
    """
    one = {"unit": unit, "score": score, "rater": rater, "part": part, "part_weight": part_weight}
    names = {key: None if name is None else column_named(name, key) for key, name in one.items()}
    grouped = tuple(column for factor in _factors(group, "group") for column in factor)
    factors = _factors(fixed, "fixed")
    check_asked({**names, "group": grouped, "fixed": factors}, options=False)
    columns = Columns(
        column_named(unit, "unit"), column_named(score, "score"), names["rater"], grouped, names["part"],
        names["part_weight"], fixed=factors,
    )  # fmt: skip
    ranking = Ranking(level, seed, None, compare_from, quota, noise, grades_given(grades))
    check_ranking(ranking)
    given = ratings if isinstance(ratings, (str, Path)) else columns_of(ratings, "ratings")
    read = read_ratings(given, columns, many=many, with_marks=True, grades=ranking.grades)
    return ratings_standing(read, ranking, raters_assigned_at_random=raters_assigned_at_random)


def _factors(asked: Any, what: str) -> tuple[tuple[str, ...], ...]:
    """The columns that are asked for one by one, or joined by a colon."""
    several = asked if isinstance(asked, (list, tuple)) else (asked,)
    return tuple(tuple(column_named(one, what).split(":")) for one in several)
