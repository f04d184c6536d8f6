"""What the command for ratings and means answers: the file read as its options ask, the standing, progress on the way.

Parsing, printing and writing are `__main__`'s.
"""

import argparse
import sys
from collections.abc import Callable

from honestrank.ranks.assembly import Ranking, Standing, check_ranking
from honestrank.ranks.fitting import ratings_standing
from honestrank.reading.cells import NARROWED
from honestrank.reading.ratings import read_ratings
from honestrank.sums import Columns, Ratings, Source
from honestrank.words.wording import InputError, Language, say

# Bytes. Shorter files take a second or so, and sentences about their progress would only flicker.
LONG = 1_000_000

# As the library and the comparisons: a mean of 13 marks has a reliability of 0.7 in a large set of ratings
# (docs/methods/generalisability.md).
LEAST = 13


def answer(asked: argparse.Namespace, language: Language) -> tuple[Source, Standing]:
    """What the file is and what may be said of it, as the options ask; progress on standard error where it is long.

    Raises InputError for what cannot be read or compared.
    """
    is_long = asked.file.is_file() and asked.file.stat().st_size >= LONG
    _progress(is_long, say("reading", language, path=asked.file.name))
    group = tuple(asked.group.split(":")) if asked.group else ()
    fixed = tuple(tuple(factor.split(":")) for factor in asked.fixed)
    columns = Columns(
        asked.unit, asked.score, asked.rater, group, asked.part, asked.part_weight, asked.se, asked.count, fixed
    )
    least = asked.compare_from if asked.compare_from is not None else LEAST
    ranking = Ranking(asked.level, asked.seed, asked.draws, least, asked.quota, asked.noise, _grades(asked.grades))
    check_ranking(ranking)
    if asked.se:
        return _of_means(asked, columns, ranking, language if is_long else None)
    ratings = read_ratings(
        asked.file,
        columns,
        memory=asked.memory,
        progress=_percent(is_long, language),
        many=asked.many,
        with_marks=True,
        grades=ranking.grades,
    )
    _progress(is_long, say("fitting", language, units=f"{_unit_count(ratings):,}"))
    found = ratings_standing(ratings, ranking, raters_assigned_at_random=asked.raters_at_random)
    return ratings.source, found


def _of_means(
    asked: argparse.Namespace, columns: Columns, ranking: Ranking, language: Language | None
) -> tuple[Source, Standing]:
    """The same for a file of means; progress in `language`, if any."""
    from honestrank.ranks.of_means import grouped_standing, means_standing
    from honestrank.reading.means import read_grouped_means, read_means

    if asked.part:
        grouped = read_grouped_means(asked.file, columns)
        return grouped.source, grouped_standing(grouped, ranking)
    means = read_means(asked.file, columns)
    if language:
        _progress(True, say("fitting", language, units=f"{len(means.units):,}"))
    return means.source, means_standing(means, ranking)


def _grades(text: str) -> tuple[float, ...]:
    try:
        parted = text.translate(NARROWED).replace("、", ",").strip(" ,")
        return tuple(dict.fromkeys(float(grade) for grade in parted.split(","))) if parted else ()
    except ValueError as error:
        raise InputError("grades_are_no_numbers", value=text) from error


def _unit_count(ratings: Ratings) -> int:
    if ratings.parts is not None:
        return len(ratings.parts.sums[0].units)
    sums = ratings.units or ratings.crossed or ratings.large
    return len(sums.units) if sums else 0


def _percent(is_long: bool, language: Language) -> Callable[[float], None]:
    """Tells how much has been read, each tenth once."""
    told = [0]

    def tell(share: float) -> None:
        tenth = int(10 * share)
        if tenth > told[0]:
            told[0] = tenth
            _progress(is_long, say("reading_percent", language, percent=10 * tenth))

    return tell


def _progress(is_long: bool, sentence: str) -> None:
    if is_long:
        sys.stderr.write(sentence + "\n")
        sys.stderr.flush()
