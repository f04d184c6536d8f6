"""The count of ranked ballots in words and in files: text for the terminal, result.json, candidates.csv, method.md.

Counts nothing.
"""

import csv
import io
import json
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

from honestrank.answers.written import BOM, aligned, for_spreadsheet
from honestrank.ranked.counting import Counted, Counting
from honestrank.ranks.assembly import ENGINE_VERSION
from honestrank.sums import BallotFile
from honestrank.words.wording import Language, say

# Candidates that are printed; candidates.csv has all.
HEAD = 30

RANKS = ("rank_low", "rank_high")


def count_in_words(file: BallotFile, counted: Counted, language: Language) -> str:
    """The readable answer, ending with a line feed."""
    lines = [*_summary(file, counted, language), "", *_table(counted, language)]
    if counted.stages:
        lines += ["", *_stages(counted, language)]
    return "\n".join([*lines, "", say("declared_beforehand", language)]) + "\n"


def write_count(
    file: BallotFile, counting: Counting, counted: Counted, command: str, folder: Path, language: Language
) -> list[Path]:
    """Write result.json, candidates.csv and method.md into `folder` (made if needed); the same input, the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {
        "result.json": _result(file, counting, counted),
        "candidates.csv": _candidates(counted),
        "method.md": _method(file, counted, command, language),
    }
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8", errors="replace", newline="\n")
    return [folder / name for name in written]


def _summary(file: BallotFile, counted: Counted, language: Language) -> list[str]:
    size = {"cast": f"{file.cast:,}", "blank": f"{file.blank:,}", "candidates": len(file.ballots.candidates)}
    lines = [said.sentence(language) for said in counted.said]
    lines.append(say("said_ballots", language, **size))
    if (file.ballots.places == 0).any():
        lines.append(say(f"unlisted_{file.ballots.unlisted}", language))
    key = "said_elected" if counted.stages else "said_first" if len(counted.first) == 1 else "said_first_together"
    lines.append(say(key, language, names=counted.first))
    return lines + [say("said_warning", language, warning=found.sentence(language)) for found in counted.warnings]


def _table(counted: Counted, language: Language) -> list[str]:
    names = [name for name in counted.rows[0] if name not in RANKS]
    has_ranks = RANKS[0] in counted.rows[0]
    head = [say(f"column_{name}", language) for name in names] + ([say("column_ranks", language)] if has_ranks else [])
    cells = [
        [_cell(row[name]) for name in names] + ([f"{row[RANKS[0]]}–{row[RANKS[1]]}"] if has_ranks else [])
        for row in counted.rows[:HEAD]
    ]
    return aligned([head, *cells])


def _cell(value: Any) -> str:
    return "" if value is None else f"{value:.5g}" if isinstance(value, float) else str(value)


def _stages(counted: Counted, language: Language) -> list[str]:
    lines = []
    for number, stage in enumerate(counted.stages, start=1):
        votes = tuple(f"{name} {float(Fraction(value)):.5g}" for name, value in stage["votes"].items())
        names = tuple(stage["elected"]) or ((stage["excluded"],) if stage["excluded"] else ())
        key = "stage" if not names else "stage_elected" if stage["elected"] else "stage_excluded"
        values = {"names": names} if names else {}
        lines.append(say(key, language, number=number, votes=votes, **values))
    return lines


def _result(file: BallotFile, counting: Counting, counted: Counted) -> str:
    found = asdict(counted) | {"warnings": [asdict(some) for some in counted.warnings]}
    found["said"] = [asdict(some) for some in counted.said]
    found["counting"] = asdict(counting)
    found["unlisted"] = file.ballots.unlisted
    found["source"] = {"name": file.name, "sha256": file.sha256, "columns": asdict(file.columns)}
    found |= {"cast": file.cast, "blank": file.blank, "honestrank": ENGINE_VERSION}
    found["rows"] = [{name: _rounded(value) for name, value in row.items()} for row in counted.rows]
    return json.dumps(found, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False) + "\n"


def _rounded(value: Any) -> Any:
    return float(f"{value:.10g}") if isinstance(value, float) else value


def _candidates(counted: Counted) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(counted.rows[0])
    for row in counted.rows:
        cells = [for_spreadsheet(value) if isinstance(value, str) else _rounded(value) for value in row.values()]
        writer.writerow(["" if value is None else value for value in cells])
    return BOM + text.getvalue()


def _method(file: BallotFile, counted: Counted, command: str, language: Language) -> str:
    sections = [
        f"# {say('method_title', language)}",
        "\n\n".join(_summary(file, counted, language)),
        say("method_ballots", language, name=file.name, sha256=file.sha256),
        say("declared_beforehand", language),
        f"{say('method_recompute', language)}\n\n    {command}",
    ]
    return "\n\n".join(sections) + "\n"
