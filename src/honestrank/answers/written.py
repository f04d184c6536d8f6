"""The answer in words and in files: text for the terminal, result.json, units.csv, method.md.

Computes nothing. No list 1..n: rows carry rank ranges, and the sentence that says what they mean stands below.
"""

import csv
import io
import json
import math
import shlex
import tempfile
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from honestrank.ranks.assembly import DIGITS, Standing, UnitStanding
from honestrank.sums import Source
from honestrank.words.wording import Language, places, say, signed

# Rows of a table that are printed; units.csv has all.
HEAD = 12

# What spreadsheets begin a formula with, East Asian ones at full width too.
RUN = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")

# Digits a spreadsheet keeps.
LONGEST_NUMBER = 15

# Without it Excel reads UTF-8 as something else.
BOM = "\ufeff"

CSV_COLUMNS = (
    "unit", "n", "raw_mean", "score", "standard_error", "shrunken", "prediction_error", "interval_low",
    "interval_high", "compared", "rank_low", "rank_high", "marginal_low", "marginal_high", "quota",
    "expected_rank", "top_chance", "reliability", "why_not_compared", "conditional_error", "distribution",
    "why_no_interval",
)  # fmt: skip


def in_words(standing: Standing, language: Language) -> str:
    """The readable answer, ending with a line feed."""
    lines = [*_summary(standing, language), ""]
    if any(math.isfinite(row.score) for row in standing.units):
        lines += [*_table(standing, language), ""]
    return "\n".join([*lines, *_meanings(standing, language)]) + "\n"


def write_files(standing: Standing, source: Source, command: str, folder: Path, language: Language) -> list[Path]:
    """Write result.json, units.csv and method.md into `folder` (made if needed), replacing older ones; their paths.

    All are written in full before the first takes its name.

    The same input gives the same bytes. In result.json the pairs are given by `separates_above` alone: of two units
    of which neither separates above the other, the two are indistinguishable.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = {
        "result.json": _result(standing, source),
        "units.csv": units_csv(standing),
        "method.md": _method(standing, source, command, language),
    }
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=folder) as unfinished:
        for name, text in written.items():
            Path(unfinished, name).write_text(text, encoding="utf-8", errors="replace", newline="\n")
        for name in written:
            Path(unfinished, name).replace(folder / name)
    return [folder / name for name in written]


def _summary(standing: Standing, language: Language) -> list[str]:
    record = standing.fit_record
    model = say("model_" + record["model"], language, method=record["method"])
    lines = [say("said_model", language, model=model)]
    lines.append(_size(standing, language))
    lines.append(say("said_mean", language, mean=_number(record["mean"]), error=_number(record["mean_error"])))
    deviations = [
        f"{say('term_' + term, language)} {_number(math.sqrt(variance))}"
        for term, variance in record["variances"].items()
    ]
    lines.append(say("said_deviations", language, deviations=", ".join(deviations)))
    lines += _fixed(record["fixed"], language)
    lines += _comparison(standing, language)
    lines += [say("said_warning", language, warning=found.sentence(language)) for found in standing.warnings]
    return lines


def _fixed(effects: dict[str, tuple[float, float]], language: Language) -> list[str]:
    """The fixed effects, the first dozen of them spelled out."""
    if not effects:
        return []
    shown = [
        f"{name} {signed(effect, places(error))} ± {error:.{places(error)}f}"
        for name, (effect, error) in list(effects.items())[:HEAD]
    ]
    if len(effects) > HEAD:
        shown.append(say("said_more", language, count=len(effects) - HEAD))
    factors = tuple(dict.fromkeys(name.rpartition("=")[0] for name in effects))
    return [say("said_fixed", language, factors=factors, effects=tuple(shown))]


def _size(standing: Standing, language: Language) -> str:
    units = f"{len(standing.units):,}"
    counts = [row.n for row in standing.units if row.n is not None]
    return (
        say("said_size", language, ratings=f"{sum(counts):,}", units=units)
        if counts
        else say("said_units", language, units=units)
    )


def _comparison(standing: Standing, language: Language) -> list[str]:
    if not standing.compared:
        return [say("said_nobody_compared", language)]
    separate, pairs = standing.pairs_that_separate, standing.pairs
    percent = f"{100 * separate / max(1, pairs):.1f}"
    lines = [say("said_pairs", language, separate=f"{separate:,}", pairs=f"{pairs:,}", percent=percent)]
    lines += _noise(standing.fit_record["noise"], language)
    lines.append(say("said_width", language, width=_number(standing.median_width), units=f"{standing.compared:,}"))
    if standing.quota is not None:
        said = [row.quota for row in standing.units]
        counts = {"inside": said.count("in"), "outside": said.count("out"), "undecided": said.count("open")}
        lines.append(say("said_quota", language, quota=standing.quota, **counts))
        inside = [row.unit for row in standing.units if row.quota == "in"]
        lines += [say("said_surely_in", language, units=", ".join(inside))] if inside else []
    return lines


def _noise(record: dict[str, Any], language: Language) -> list[str]:
    """How noise was taken and what it costs in width; nothing where errors are known from elsewhere."""
    price = record.get("price_in_width")
    if price is None or not math.isfinite(price):
        return []
    return [
        say("said_noise", language, way=say("way_" + record["way"], language), price=f"{100 * max(0.0, price):.0f}")
    ]


def _table(standing: Standing, language: Language) -> list[str]:
    compared = [row for row in standing.units if row.compared]
    rows = compared or [row for row in standing.units if math.isfinite(row.score)]
    shown = sorted(rows, key=lambda row: -row.score)[:HEAD]
    names = ["unit", "n", "score", "shrunken", "interval", "ranks"] + (["quota"] if standing.quota else [])
    cells = [[say("column_" + name, language) for name in names]] + [
        _cells(row, language, has_quota=bool(standing.quota)) for row in shown
    ]
    head = say("said_head", language, shown=len(shown), units=f"{len(standing.units):,}")
    return [head, *aligned(cells)]


def aligned(cells: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table for the terminal: the first column to the left, the others to the right."""
    cells = [[on_one_line(cell) for cell in line] for line in cells]
    widths = [max(_width(line[place]) for line in cells) for place in range(len(cells[0]))]
    return ["  ".join(_padded(cell, widths[i], left=i == 0) for i, cell in enumerate(line)) for line in cells]


def published_command(given: Sequence[str], file: Path) -> str:
    """The command to publish: the file by its name alone, without the folder written to."""
    kept = [file.name if word == str(file) else word for word in given]
    if "--out" in kept:
        place = kept.index("--out")
        del kept[place : place + 2]
    return shlex.join(["python", "-m", "honestrank", *(word for word in kept if not word.startswith("--out="))])


def _cells(row: UnitStanding, language: Language, *, has_quota: bool) -> list[str]:
    low, high = row.interval
    cells = [row.unit, "" if row.n is None else f"{row.n:,}", _number(row.score), _number(row.shrunken)]
    # An interval without any width would read as certainty where nothing shows how far another set of raters would differ.
    cells += ["–" if low == high or not math.isfinite(low) else f"{_number(low)} – {_number(high)}"]
    cells += [f"{row.rank_low}–{row.rank_high}" if row.compared else "–"]
    return cells + ([say("quota_" + row.quota, language) if row.quota else "–"] if has_quota else [])


def _number(value: float) -> str:
    """Five significant digits, never in scientific notation for ordinary sizes."""
    if math.isnan(value):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1e5 else f"{value:.5g}"


def _width(text: str) -> int:
    """Columns a terminal needs: two for East Asian wide characters."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int, *, left: bool) -> str:
    space = " " * (width - _width(text))
    return text + space if left else space + text


def _result(standing: Standing, source: Source) -> str:
    found = standing.as_dict(pairs=False)
    found["source"] = asdict(source)
    return json.dumps(found, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False) + "\n"


def units_csv(standing: Standing) -> str:
    """The text of units.csv, a row a unit in the order of the standing; the same for a standing that was kept and read back."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for row in standing.as_dict(pairs=False)["units"]:
        # One column a number, so that a spreadsheet can use it.
        row["interval_low"], row["interval_high"] = row["interval"]
        row["unit"] = for_spreadsheet(row["unit"])
        if row["distribution"] is not None:
            row["distribution"] = " ".join(f"{mark:.{DIGITS}g}:{n}" for mark, n in row["distribution"])
        writer.writerow(["" if row[name] is None else row[name] for name in CSV_COLUMNS])
    return BOM + text.getvalue()


def for_spreadsheet(label: str) -> str:
    """A label as a spreadsheet leaves it alone: none is run as a formula, no code loses zeros or digits; our readers take it back.

    An apostrophe stands before what would be run; a number with zeros in front, or too long to be kept, becomes ="007".
    """
    if label.isascii() and label.isdecimal():
        is_changed = (label.startswith("0") and label != "0") or len(label) > LONGEST_NUMBER
        return f'="{label}"' if is_changed else label
    if not label.startswith(RUN):
        return label
    try:
        float(label)
    except ValueError:
        return "'" + label
    return label


def on_one_line(text: str) -> str:
    """Line breaks and other signs that steer a terminal, as blanks."""
    return "".join(" " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter for letter in text)


def _method(standing: Standing, source: Source, command: str, language: Language) -> str:
    record = standing.as_dict(pairs=False)["fit_record"]
    columns = ", ".join(source.columns.named())
    sections = [
        f"# {say('method_title', language)}",
        "\n\n".join(_summary(standing, language)),
        say("method_source", language, name=source.name, sha256=source.sha256, columns=columns),
        say(
            "method_ranks" if record["draws"] else "method_ranks_welch",
            language,
            draws=f"{record['draws']:,}",
            seed=record["seed"],
            critical=record["critical_value"],
        ),
        "\n\n".join(_meanings(standing, language)),
        f"{say('method_recompute', language)}\n\n    {command}",
        f"## {say('method_record', language)}\n\n" + _as_list(record),
    ]
    return "\n\n".join(sections) + "\n"


def _meanings(standing: Standing, language: Language) -> Sequence[str]:
    level = _number(100 * standing.level)
    has_interval = any(math.isfinite(row.interval[0]) for row in standing.units)
    interval = "what_interval_means" if any(row.n is not None for row in standing.units) else "what_known_error_means"
    keys = (*((interval,) if has_interval else ()), "what_shrunken_means")
    ranks = [say("what_ranks_mean", language, level=level)] if standing.compared else []
    return [*ranks, *(say(key, language) for key in keys)]


def _as_list(record: dict[str, object]) -> str:
    return "\n".join(f"- `{key}`: {json.dumps(value, ensure_ascii=False)}" for key, value in sorted(record.items()))
