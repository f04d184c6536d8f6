"""`python -m honestrank FILE --unit COL --score COL …`: reads ratings or means, prints the answer, writes the files.
`python -m honestrank rank FILE --method …`: counts ballots that rank (see `rank_command`).
`python -m honestrank check-certificate FILE`: checks what a release of counts proves.

Exit codes: 0 answered, 2 bad input, 3 the fit did not converge (the answer is printed all the same, and says so) or the certificate fails,
4 the answer could not be written, 130 stopped by Ctrl-C, 141 whoever read the answer went away (`| head`).
"""

import argparse
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from honestrank.cli.help import Parser, language_named, language_of
from honestrank.cli.ranked import RANK, run_rank
from honestrank.cli.streams import guarded, writing_into
from honestrank.defaults import MANY, SEED, WAYS
from honestrank.words.asked import check_asked
from honestrank.words.wording import LANGUAGES, InputError, Language, say

BAD_INPUT, NOT_CONVERGED, FAILS, STOPPED = 2, 3, 3, 130

CHECK_CERTIFICATE = "check-certificate"

# A certificate fails in one place or everywhere: ten lines say which.
MOST_FAILURES = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    commands = {CHECK_CERTIFICATE: _check_certificate, RANK: _rank}
    run = commands.get(given[0]) if given else None
    if run is not None:
        return guarded(lambda: run(given[1:]), language_of(given))
    return guarded(lambda: _rate(given), language_of(given))


def _rate(given: Sequence[str]) -> int:
    asked = _parser(language_of(given)).parse_args(given)
    language: Language = asked.lang
    try:
        _check_options(asked)
        _check_memory(asked)
        # Only now: what reads, fits and ranks takes a while to load, and help and complaints need none of it.
        from honestrank.answers.written import in_words, published_command, write_files
        from honestrank.cli.rated import answer

        source, standing = answer(asked, language)
    except InputError as error:
        print(error.sentence(language), file=sys.stderr)
        return BAD_INPUT
    except OSError as error:
        print(say("unreadable", language, path=asked.file.name, reason=error.strerror), file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print(say("stopped", language), file=sys.stderr)
        return STOPPED
    print(in_words(standing, language), end="")
    if asked.out:
        with writing_into(asked.out):
            files = write_files(standing, source, published_command(given, asked.file), asked.out, language)
        print(say("said_written", language, files=", ".join(str(path) for path in files)))
    return 0 if standing.fit_record["converged"] else NOT_CONVERGED


def _rank(given: Sequence[str]) -> int:
    code, said, complaint = run_rank(given)
    print(said, end="")
    print(complaint, end="", file=sys.stderr)
    return code


def _check_certificate(given: Sequence[str]) -> int:
    """Say whether a certificate holds; 0 if it does."""
    parser = Parser(language_of(given), f"python -m honestrank {CHECK_CERTIFICATE}")
    parser.add_argument("file", type=Path, metavar="FILE", help="certificate of a release, as JSON")
    parser.add_argument("--lang", type=language_named, choices=LANGUAGES, default="en", help="language of the answer")
    asked = parser.parse_args(given)
    language: Language = asked.lang
    from honestrank.disclosure.certificate import failures

    try:
        document = json.loads(asked.file.read_bytes())
        # A poll's gate.json says more than its certificate proves.
        certificate = document.get("certificate", document) if isinstance(document, dict) else document
        found = failures(certificate)
    except (InputError, ValueError):
        print(say("no_certificate", language), file=sys.stderr)
        return BAD_INPUT
    except OSError as error:
        print(say("unreadable", language, path=error.filename, reason=error.strerror), file=sys.stderr)
        return BAD_INPUT
    if found:
        more = "" if len(found) <= MOST_FAILURES else f" … ({len(found)})"
        print(say("certificate_fails", language, places=", ".join(found[:MOST_FAILURES]) + more))
        return FAILS
    hidden = sum(1 for _, n, _ in certificate["figures"] if n is None)
    print(say("certificate_holds", language, figures=len(certificate["figures"]) - hidden, hidden=hidden))
    return 0


def _check_options(asked: argparse.Namespace) -> None:
    group = asked.group.split(":") if asked.group else []
    check_asked({**vars(asked), "group": group}, options=True)
    if asked.se and asked.compare_from is not None and not asked.count:
        raise InputError("option_needs", option="--compare-from", other="--count")


def _check_memory(asked: argparse.Namespace) -> None:
    if asked.memory is not None and not 0 < asked.memory < math.inf:
        raise InputError("bad_memory")


class _Once(argparse.Action):
    """Stores a value; refuses a second one, which would silently take the place of the first."""

    def __call__(self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, *_: Any) -> None:
        if getattr(namespace, self.dest) is not self.default:
            raise argparse.ArgumentError(self, "was given twice; join several columns by a colon, as in dept:service")
        setattr(namespace, self.dest, values)


def _parser(language: Language) -> Parser:
    parser = Parser(language, "python -m honestrank", "Ratings to scores and honest ranks.")
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="CSV or Parquet, one rating (with --se: one unit's mean) a row"
    )
    parser.add_argument("--unit", required=True, metavar="COL", help="column of the unit rated")
    parser.add_argument("--score", required=True, metavar="COL", help="column of the score, higher is better")
    parser.add_argument("--se", metavar="COL", help="column of the score's standard error: the file holds means")
    parser.add_argument("--count", metavar="COL", help="column of the number of marks behind a mean (with --se)")
    parser.add_argument("--rater", metavar="COL", help="column of the rater or ballot")
    parser.add_argument(
        "--group", metavar="COL[:COL]", action=_Once, help="column of the group, or several joined by a colon"
    )
    parser.add_argument(
        "--fixed",
        metavar="COL[:COL]",
        action="append",
        default=[],
        help="column the mean moves with (item, wave, stratum; with --se: region, kind), against its first value; may be given again",
    )
    parser.add_argument(
        "--part",
        metavar="COL",
        help="column of the part of the unit's score (without --rater); with --se: of the group of raters",
    )
    parser.add_argument("--part-weight", metavar="COL", help="column of the part's weight")
    _add_ways(parser)
    return parser


def _add_ways(parser: Parser) -> None:
    """How to compare, and where the answer goes."""
    parser.add_argument("--quota", type=int, metavar="K", help="say who is surely in, surely out, open for K places")
    parser.add_argument("--compare-from", type=int, metavar="N", help="least ratings to be compared (13)")
    parser.add_argument(
        "--noise",
        choices=WAYS,
        default=WAYS[0],
        help="noise of units: the larger of own and pooled, own, or one for all",
    )
    parser.add_argument(
        "--grades", default="", metavar="P,P", help="points of the grades a rater may give, as 10,7,5,2"
    )
    parser.add_argument("--raters-at-random", action="store_true", help="raters were assigned at random")
    parser.add_argument("--level", type=float, default=0.95, help="confidence level (0.95)")
    parser.add_argument("--draws", type=int, help="simulated draws (by the number of units)")
    parser.add_argument("--seed", type=int, default=SEED, help="start of the random numbers")
    parser.add_argument("--memory", type=float, metavar="GB", help="memory for reading; what is more goes to disk")
    parser.add_argument("--many", type=int, default=MANY, metavar="N", help="fit by moments above N ratings (5000000)")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write result.json, units.csv and method.md here")
    parser.add_argument("--lang", type=language_named, choices=LANGUAGES, default="en", help="language of the answer")


if __name__ == "__main__":
    sys.exit(main())
