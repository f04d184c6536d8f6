"""`python -m honestrank rank FILE --method …`: counts ballots that rank, words the answer, writes the files."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from honestrank.cli.help import Parser, language_named, language_of
from honestrank.cli.streams import UnwritableError, writing_into
from honestrank.defaults import METHODS, SEED
from honestrank.words.wording import LANGUAGES, InputError, Language, say

if TYPE_CHECKING:
    from honestrank.sums import BallotColumns

RANK = "rank"

BAD_INPUT, NOT_CONVERGED = 2, 3


def run_rank(given: Sequence[str]) -> tuple[int, str, str]:
    """What the command behind the word `rank` answers: exit code, text to say, text to complain.

    0 answered, 2 bad input, 3 the model did not converge.
    """
    asked = _parser(language_of(given)).parse_args(given)
    language: Language = asked.lang
    # Only now: what counts takes a second to load, and help and complaints need none of it.
    from honestrank.answers.counted import count_in_words, write_count
    from honestrank.answers.written import published_command
    from honestrank.ranked.counting import Counting, count_ballots
    from honestrank.reading.ballots import read_ballots

    try:
        file = read_ballots(asked.file, _columns(asked), asked.unlisted)
        lot = tuple(asked.lot.split(":")) if asked.lot else ()
        model = (asked.pseudo, asked.ties, asked.largest)
        counting = Counting(asked.method, asked.seats, lot, asked.level, asked.seed, asked.draws, *model)
        counted = count_ballots(file, counting)
        said = count_in_words(file, counted, language)
        if asked.out:
            command = published_command([RANK, *given], asked.file)
            with writing_into(asked.out):
                files = write_count(file, counting, counted, command, asked.out, language)
            said += say("said_written", language, files=", ".join(str(path) for path in files)) + "\n"
    except InputError as error:
        return BAD_INPUT, "", error.sentence(language) + "\n"
    except UnwritableError:
        raise
    except OSError as error:
        return BAD_INPUT, "", say("unreadable", language, path=asked.file.name, reason=error.strerror) + "\n"
    return 0 if counted.converged else NOT_CONVERGED, said, ""


def _columns(asked: argparse.Namespace) -> "BallotColumns":
    """Long form needs all three of its columns; a count belongs to wide form."""
    from honestrank.sums import BallotColumns

    for option, other in (("item", "rank"), ("rank", "item"), ("item", "ballot")):
        if getattr(asked, option) and not getattr(asked, other):
            raise InputError("option_needs", option=f"--{option}", other=f"--{other}")
    if asked.item and asked.count:
        raise InputError("options_apart", option="--item", other="--count")
    return BallotColumns(asked.ballot, asked.item, asked.rank, asked.count)


def _parser(language: Language) -> Parser:
    parser = Parser(
        language,
        f"python -m honestrank {RANK}",
        "Counts ballots that rank. Long form: a row says which place a ballot gives an item. Wide form "
        "(without --item): a row is a ballot, a column a candidate, a cell the place.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV or Parquet; blank rank: not listed")
    parser.add_argument("--method", required=True, choices=METHODS, help="how ballots are counted")
    parser.add_argument("--ballot", metavar="COL", help="column of the ballot")
    parser.add_argument("--item", metavar="COL", help="column of the item ranked (long form)")
    parser.add_argument("--rank", metavar="COL", help="column of the place, 1 is best, equal for ties (long form)")
    parser.add_argument("--count", metavar="COL", help="column of how many such ballots there are (wide form)")
    parser.add_argument("--unlisted", choices=("below", "unknown"), default="below", help="what not listing says")
    parser.add_argument("--seats", type=int, metavar="K", help="how many are elected (stv)")
    parser.add_argument("--lot", metavar="NAME:NAME…", help="all candidates in the order lots exclude them (stv)")
    parser.add_argument(
        "--pseudo", type=float, default=0.0, metavar="W", help="made-up contests each wins and loses (plackett-luce)"
    )
    parser.add_argument("--ties", action="store_true", help="make ties a part of the model (plackett-luce)")
    parser.add_argument(
        "--largest", action="store_true", help="count the largest part that ballots join (plackett-luce)"
    )
    parser.add_argument("--level", type=float, default=0.95, help="confidence level (plackett-luce; 0.95)")
    parser.add_argument("--draws", type=int, help="simulated draws (plackett-luce)")
    parser.add_argument("--seed", type=int, default=SEED, help="start of the random numbers")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write result.json, candidates.csv, method.md here")
    parser.add_argument("--lang", type=language_named, choices=LANGUAGES, default="en", help="language of the answer")
    return parser
