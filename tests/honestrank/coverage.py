"""The simulation behind the claims: units of known order, many samples a row, what the sets said that was false.

`make coverage` writes docs/methods/coverage.md; `test_coverage` runs some rows. Seeded: a row gives the same figures again.
"""

import argparse
import math
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from honestrank import Ranking, Standing, standing
from honestrank.ranks.fitting import ratings_standing
from honestrank.sums import Columns, CrossedSums, Ratings, Source, UnitSums

Floats = NDArray[np.float64]
Random = np.random.Generator

GRADES = (10.0, 7.0, 5.0, 2.0)
SHARES = {
    "50 % top": (0.5, 0.3, 0.15, 0.05),
    "82 % top": (0.82, 0.12, 0.04, 0.02),
    "95 % top": (0.95, 0.03, 0.015, 0.005),
}
CLAIMED = 0.05


@dataclass(frozen=True)
class Row:
    """One design: `truth(random)` gives the units' true means, `answer(random, truth)` a standing of marks made from them."""

    name: str
    path: str
    truth: Callable[[Random], Floats]
    answer: Callable[[Random, Floats], Standing]
    claimed: bool = True


@dataclass(frozen=True)
class Found:
    """Shares of samples: with a false separation, with every rank in its set; of intervals with the truth; median width."""

    samples: int
    false: float
    covered: float
    intervals: float
    width: float

    @property
    def is_kept(self) -> bool:
        """Whether the false separations are at most the claim and three standard errors of this many samples."""
        return self.false <= CLAIMED + 3 * math.sqrt(CLAIMED * (1 - CLAIMED) / self.samples)


def simulate(row: Row, samples: int) -> Found:
    """Run one row; its seed follows from its name."""
    random = np.random.default_rng(zlib.crc32(f"{row.path} {row.name}".encode()))
    false, covered, inside, widths = 0, 0, [], []
    for _ in range(samples):
        truth = row.truth(random)
        answer = row.answer(random, truth)
        wrong, within = _judged(answer, truth)
        false, covered = false + wrong, covered + within
        # Scores are about the mean of all marks, so intervals are looked at where truth and score have one scale.
        inside += [unit.interval[0] <= t <= unit.interval[1] for unit, t in zip(answer.units, truth, strict=True)]
        widths.append(answer.median_width)
    return Found(samples, false / samples, covered / samples, float(np.mean(inside)), float(np.median(widths)))


def _judged(answer: Standing, truth: Floats) -> tuple[bool, bool]:
    of = {row.unit: t for row, t in zip(answer.units, truth, strict=True)}
    wrong = any(of[row.unit] <= of[other] for row in answer.units for other in row.separates_above)
    rank = 1 + (truth[None, :] > truth[:, None]).sum(axis=1)
    last = len(truth) - (truth[None, :] < truth[:, None]).sum(axis=1)
    within = all(
        row.rank_low is not None and row.rank_low <= first and row.rank_high is not None and worst <= row.rank_high
        for row, first, worst in zip(answer.units, rank.tolist(), last.tolist(), strict=True)
    )
    return wrong, within


Marks = Callable[[Random, Floats], list[Floats]]


def _names(units: int) -> tuple[str, ...]:
    return tuple(f"u{place:03d}" for place in range(units))


def by_unit(marks: Marks, grades: tuple[float, ...] = ()) -> Callable[[Random, Floats], Standing]:
    """The path of a file of marks without raters."""

    def answer(random: Random, truth: Floats) -> Standing:
        given = marks(random, truth)
        sums = UnitSums(
            _names(len(given)),
            np.array([len(own) for own in given]),
            np.array([own.sum() for own in given]),
            np.array([(own**2).sum() for own in given]),
            0.0,
        )
        source = Source("made", "", Columns("unit", "score"), 0)
        return ratings_standing(Ratings(source, units=sums), Ranking(compare_from=0, grades=grades))

    return answer


def by_means(marks: Marks, grades: tuple[float, ...] = ()) -> Callable[[Random, Floats], Standing]:
    """The path of the product: means with their own errors."""

    def answer(random: Random, truth: Floats) -> Standing:
        given = marks(random, truth)
        errors = [float(own.std(ddof=1) / np.sqrt(len(own))) for own in given]
        if not any(errors):
            # All raters of every unit agree: the product shows the scores and compares nobody.
            errors = [1.0 for _ in errors]
        means, counts = [float(own.mean()) for own in given], [len(own) for own in given]
        return standing(_names(len(given)), means, errors, counts, compare_from=0, grades=grades)

    return answer


def by_rater(marks: Callable[[Random, Floats], tuple[NDArray[np.int64], ...]]) -> Callable[[Random, Floats], Standing]:
    """The path of a file with raters: `marks` gives rater, unit and mark of each row."""

    def answer(random: Random, truth: Floats) -> Standing:
        rater, unit, y = marks(random, truth)
        order = np.lexsort((unit, rater))
        rater, unit, y = rater[order], unit[order], y[order]
        ones, none = np.ones(len(y), dtype=np.int64), np.zeros(len(y), dtype=np.int64)
        sums = CrossedSums(
            _names(len(truth)), (), int(rater.max()) + 1, rater, unit, none, ones, y, float((y**2).sum()), 0.0, 0
        )
        source = Source("made", "", Columns("unit", "score", rater="rater"), 0)
        return ratings_standing(Ratings(source, crossed=sums), Ranking(compare_from=0))

    return answer


def noise_of(kind: str, random: Random, shape: tuple[int, ...] | int) -> Floats:
    """Noise of mean 0 and, but for t3, variance 1."""
    if kind == "exponential":
        return random.exponential(size=shape) - 1
    return random.standard_t(3, size=shape) if kind == "t3" else random.standard_normal(shape)


def unequal(counts: Sequence[int], deviations: Sequence[float], kind: str = "normal") -> Marks:
    """Marks about the truth, so many of each unit and so wide."""

    def marks(random: Random, truth: Floats) -> list[Floats]:
        given = zip(truth, counts, deviations, strict=True)
        return [t + sd * noise_of(kind, random, n) for t, n, sd in given]

    return marks


def graded(counts: Sequence[int], shares: Sequence[Sequence[float]]) -> Marks:
    """Marks of four grades by chance."""

    def marks(random: Random, truth: Floats) -> list[Floats]:
        return [random.choice(GRADES, size=n, p=p) for n, p in zip(counts, shares, strict=True)]

    return marks


def equal(units: int, at: float = 0.0) -> Callable[[Random], Floats]:
    """Units of one true mean."""
    return lambda _: np.full(units, at)


def spread(units: int, deviation: float) -> Callable[[Random], Floats]:
    """Units drawn with this spread."""
    return lambda random: deviation * random.standard_normal(units)


def crossed(
    raters: int, each: int | None, deviations: Sequence[float], noise: str = "normal", severity: str = "normal"
) -> Callable[[Random, Floats], tuple[NDArray[np.int64], ...]]:
    """Every rater marks `each` units at random (None: all); severity of variance 1."""

    def marks(random: Random, truth: Floats) -> tuple[NDArray[np.int64], ...]:
        units = len(truth)
        taken = each or units
        unit = np.concatenate([random.permutation(units)[:taken] for _ in range(raters)])
        rater = np.repeat(np.arange(raters), taken)
        severe = np.sign(random.random(raters) - 0.5) if severity == "two camps" else noise_of(severity, random, raters)
        e = noise_of("normal" if noise == "rater scale" else noise, random, len(unit)) * np.array(deviations)[unit]
        if noise == "rater scale":
            e *= random.choice([0.5, 2.0], size=raters)[rater]
        return rater, unit, truth[unit] + severe[rater] + e

    return marks


def unbalanced(few: int, many: int, raters: int) -> Callable[[Random, Floats], tuple[NDArray[np.int64], ...]]:
    """Half of the units with `few` marks of deviation 3, half with `many` of 1."""

    def marks(random: Random, truth: Floats) -> tuple[NDArray[np.int64], ...]:
        half = len(truth) // 2
        counts = [few] * half + [many] * (len(truth) - half)
        unit = np.repeat(np.arange(len(truth)), counts)
        rater = np.concatenate([random.permutation(raters)[:n] for n in counts])
        wide = np.where(unit < half, 3.0, 1.0)
        severe = random.standard_normal(raters)
        return rater, unit, truth[unit] + severe[rater] + wide * random.standard_normal(len(unit))

    return marks


def half(one: float, other: float, units: int = 20) -> list[float]:
    """Half of the units so, half so."""
    return [one] * (units // 2) + [other] * (units - units // 2)


def _counts(one: int, other: int) -> list[int]:
    return [one] * 10 + [other] * 10


def rows_of_marks() -> list[Row]:
    """Marks and means without raters, no grades."""
    found = []
    designs = [(f"normal, n = {n}", [n] * 20, [1.0] * 20, "normal") for n in (10, 13, 30)]
    designs += [(f"sd 3 : 1, n = {n}", [n] * 20, half(3, 1), "normal") for n in (13, 30)]
    designs += [("sd 6 : 1, n = 13", [13] * 20, half(6, 1), "normal")]
    designs += [("n = 10 (sd 3) beside 200 (sd 1)", _counts(10, 200), half(3, 1), "normal")]
    designs += [
        ("t3, n = 10", [10] * 20, [1.0] * 20, "t3"),
        ("exponential, n = 10", [10] * 20, [1.0] * 20, "exponential"),
    ]
    for path, way in (("marks", by_unit), ("means", by_means)):
        found += [
            Row(f"20 equal units, {name}", path, equal(20), way(unequal(n, sd, kind))) for name, n, sd, kind in designs
        ]
    for name, deviation in (("near ties (.1 se)", 0.1), ("moderate (1 se)", 1.0), ("wide (5 se)", 5.0)):
        truth = spread(20, deviation / math.sqrt(13))
        found.append(Row(f"20 units, {name}, n = 13", "marks", truth, by_unit(unequal([13] * 20, [1.0] * 20))))
    hundred = unequal([10] * 10 + [30] * 90, [3.0] * 10 + [1.0] * 90)
    found.append(Row("100 equal units, ten of n = 10 (sd 3), others 30 (sd 1)", "marks", equal(100), by_unit(hundred)))
    for name, n, sd in (("n = 10 beside 200", _counts(10, 200), [1.0] * 20), ("3 : 1, n = 13", [13] * 20, half(3, 1))):
        skewed = by_unit(unequal(n, sd, "exponential"))
        found.append(Row(f"20 equal units, exponential, {name}", "marks", equal(20), skewed, claimed=False))
    return found


def rows_of_grades() -> list[Row]:
    """Four grades of 10, 7, 5 and 2 points."""
    found, designs = [], []
    for name, shares in SHARES.items():
        designs += [(f"{name}, n = {n}", [n] * 20, [shares] * 20) for n in (10, 13, 20, 30)]
    for n in (10, 30):
        designs.append((f"82 % top, n = {n} beside 200", _counts(n, 200), [SHARES["82 % top"]] * 20))
    wide, narrow = (0.4, 0.1, 0.1, 0.4), (0.0, 0.6, 0.36, 0.04)
    mean = float(np.dot(GRADES, wide))
    narrow = (0.0, (mean - 5) / 2, 1 - (mean - 5) / 2, 0.0)
    designs += [(f"one mean, wide beside narrow, n = {n}", [n] * 20, [wide] * 10 + [narrow] * 10) for n in (13, 30)]
    for name, counts, shares in designs:
        truth = equal(20, float(np.dot(GRADES, shares[0])))
        marks = graded(counts, shares)
        found += [Row(f"20 equal units, {name}", "marks, grades declared", truth, by_unit(marks, GRADES))]
        found += [Row(f"20 equal units, {name}", "means, grades declared", truth, by_means(marks, GRADES))]
    for n in (13, 30):
        top, middle = SHARES["95 % top"], SHARES["50 % top"]
        levels = np.array([np.dot(GRADES, top)] * 10 + [np.dot(GRADES, middle)] * 10)
        marks = graded([n] * 20, [top] * 10 + [middle] * 10)
        found.append(
            Row(
                f"10 units near the ceiling, 10 in the middle, n = {n}",
                "marks, grades declared",
                lambda _, levels=levels: levels,
                by_unit(marks, GRADES),
            )
        )
    return found


def rows_with_raters() -> list[Row]:
    """Raters known; complete where every rater marks every unit."""
    found = []
    for units, raters in ((5, 10), (5, 12), (5, 20), (6, 10), (6, 12), (8, 10), (8, 20), (20, 10), (20, 30)):
        found.append(("complete", units, crossed(raters, None, [1.0] * units), f"{raters} raters", True))
    for units, raters in ((6, 10), (20, 12), (20, 30)):
        found.append(("complete", units, crossed(raters, None, half(3, 1, units)), f"{raters} raters, sd 3 : 1", True))
    for noise in ("exponential", "t3", "rater scale"):
        for units, raters in ((6, 10), (20, 30)):
            marks = crossed(raters, None, [1.0] * units, noise)
            found.append(("complete", units, marks, f"{raters} raters, noise {noise}", True))
    for severity in ("normal", "t3", "exponential", "two camps"):
        found.append(("8 of 20 each", 20, crossed(40, 8, [1.0] * 20, severity=severity), f"40 raters {severity}", True))
    found.append(("8 of 20 each", 20, crossed(40, 8, half(3, 1)), "40 raters, sd 3 : 1", True))
    found.append(("in part", 20, unbalanced(10, 50, 60), "n = 10 (sd 3) beside 50 (sd 1)", True))
    found.append(("complete", 20, crossed(30, None, half(3, 1), "exponential"), "30 raters, exponential 3 : 1", False))
    rows = [
        Row(f"{units} equal units, {name}", f"raters, {path}", equal(units), by_rater(marks), claimed)
        for path, units, marks, name, claimed in found
    ]
    for deviation in (0.5, 2.0):
        marks = crossed(40, 8, [1.0] * 20)
        rows.append(
            Row(
                f"20 units of sd {deviation}, 40 raters", "raters, 8 of 20 each", spread(20, deviation), by_rater(marks)
            )
        )
    return rows


def all_rows() -> list[Row]:
    """Every row of the table."""
    return [*rows_of_marks(), *rows_of_grades(), *rows_with_raters()]


def main() -> int:
    """Simulate and write the page; 1 where a claim is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=4000)
    parser.add_argument("--only", default="")
    parser.add_argument("--page", type=Path, default=None)
    asked = parser.parse_args()
    lines, kept = {}, True
    for row in all_rows():
        if asked.only not in f"{row.path} {row.name}":
            continue
        found = simulate(row, asked.samples)
        kept &= found.is_kept or not row.claimed
        lines[row.name, row.path] = _line(row, found)
        print(lines[row.name, row.path], flush=True)
    if asked.page:
        head, below = asked.page.read_text(encoding="utf-8").split(MARK, 1)
        lines = _lines_of(below) | lines
        order = [lines[row.name, row.path] for row in all_rows() if (row.name, row.path) in lines]
        asked.page.write_text(f"{head}{MARK}\n{TABLE}{chr(10).join(order)}\n", encoding="utf-8")
    return 0 if kept else 1


def _line(row: Row, found: Found) -> str:
    said = ("kept" if found.is_kept else "**not kept**") if row.claimed else "not claimed"
    return (
        f"| {row.name} | {row.path} | {found.samples:,} | {100 * found.false:.1f} | {100 * found.covered:.1f} | "
        f"{100 * found.intervals:.1f} | {found.width:g} | {said} |"
    )


def _lines_of(page: str) -> dict[tuple[str, str], str]:
    """The rows that a page has already: what is not simulated anew stays."""
    rows = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith("| design")]
    return {(cells[1].strip(), cells[2].strip()): line for line in rows for cells in [line.split("|")]}


MARK = "<!-- rows -->"

TABLE = (
    "| design | path | samples | false separation, % | all ranks covered, % | intervals, % | median width | claim |\n"
    "|---|---|---|---|---|---|---|---|\n"
)


if __name__ == "__main__":
    raise SystemExit(main())
