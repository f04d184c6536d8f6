"""Files read in pieces give what they give when read at once; a stopped command leaves nothing behind."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pytest

from honestrank.__main__ import main
from honestrank.estimators.large import fit_moments
from honestrank.reading import in_pieces
from honestrank.reading.ratings import read_ratings
from honestrank.sums import Columns, Ratings

RATINGS = 6_000


def made_csv(raters: str, *, sort: bool) -> str:
    """Raters named by a pattern; groups of units; one rating without a score and some given twice."""
    rng = np.random.default_rng(5)
    rater, unit = rng.integers(0, 700, RATINGS), rng.integers(0, 60, RATINGS)
    if sort:
        rater.sort()
    mark = np.clip(
        np.round(3 + rng.normal(0, 0.5, 60)[unit] + rng.normal(0, 0.5, 700)[rater] + rng.normal(0, 1, RATINGS)), 1, 5
    )
    lines = [
        f"{raters.format(r)},u{u},g{u % 4}{u % 2 * (i % 3)},{m:.0f}"
        for i, (r, u, m) in enumerate(zip(rater, unit, mark, strict=True))
    ]
    lines[17] = lines[17][:-1]
    return "r,u,g,y\n" + "\n".join(lines) + "\n"


def both(path: Path, columns: Columns, monkeypatch: pytest.MonkeyPatch) -> tuple[Ratings, Ratings]:
    monkeypatch.setattr(in_pieces, "AT_ONCE", 1_000)
    return read_ratings(path, columns), read_ratings(path, columns, many=100, memory=0.2)


@pytest.mark.parametrize("group", [(), ("g",)])
@pytest.mark.parametrize(("raters", "sort"), [("{}", True), ("{}", False), ("voter {}", True), ("0{}", False)])
def test_in_pieces_and_at_once(
    csv_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, group: tuple[str, ...], raters: str, sort: bool
) -> None:
    columns = Columns("u", "y", rater="r", group=group)
    once, pieces = both(csv_file(made_csv(raters, sort=sort)), columns, monkeypatch)
    assert once.crossed is not None
    assert pieces.large is not None
    assert pieces.source.missing == once.source.missing == 1
    assert pieces.large.units == once.crossed.units
    assert pieces.large.sheets.groups == len(once.crossed.groups)
    expected, found = fit_moments(once.crossed), fit_moments(pieces.large.sheets)
    assert found.score == pytest.approx(expected.score, abs=1e-9)
    assert found.shrunken == pytest.approx(expected.shrunken, abs=1e-9)
    assert found.fit.variances == pytest.approx(expected.fit.variances, rel=1e-9)
    assert (pieces.large.duplicates > 0) == (once.crossed.duplicates > 0)
    if not group:
        assert pieces.large.duplicates == once.crossed.duplicates


@pytest.mark.parametrize(
    ("rater", "unit", "least"),
    [
        ("i // 5", "(hash(i) % 37)::SMALLINT", 0),
        ("i // 5", "(hash(i) % 37)::BIGINT - 20", -20),
        ("i // 5 + 5000000000", "(hash(i) % 37 + 4000000000)::BIGINT", 4_000_000_000),
        ("(i // 5)::UBIGINT", "(hash(i) % 37 + 10000000000000000000)::UBIGINT", 10**19),
        ("(i // 5)::VARCHAR", "(hash(i) % 37)::VARCHAR", 0),
    ],
)
def test_numbers_in_parquet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rater: str, unit: str, least: int) -> None:
    path = tmp_path / "ratings.parquet"
    duckdb.connect().execute(
        f"COPY (SELECT {rater} AS r, {unit} AS u, (hash(i + 7) % 5)::TINYINT AS y FROM range(5000) made(i)) "
        f"TO '{path}' (FORMAT parquet)"
    )
    once, pieces = both(path, Columns("u", "y", rater="r"), monkeypatch)
    assert once.crossed is not None
    assert pieces.large is not None
    assert pieces.large.units == once.crossed.units
    assert set(once.crossed.units) == {str(least + k) for k in range(37)}
    assert fit_moments(pieces.large.sheets).score == pytest.approx(fit_moments(once.crossed).score, abs=1e-9)


def test_parts_that_no_rater_joins(csv_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(r, u) for r in range(200) for u in range(6) if (r % 3 == 0) == (u < 2)]
    text = "r,u,y\n" + "".join(f"{r},{u},{1 + (r * 7 + u * 3) % 5}\n" for r, u in rows)
    _, pieces = both(csv_file(text), Columns("u", "y", rater="r"), monkeypatch)
    assert pieces.large is not None
    assert pieces.large.parts.tolist() == [0, 0, 1, 1, 1, 1]
    assert not pieces.large.is_apart


def test_the_command_by_moments(
    csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = csv_file(made_csv("{}", sort=True))
    given = [str(path), "--rater", "r", "--unit", "u", "--score", "y", "--out", str(tmp_path / "out")]
    assert main([*given, "--many", "1000"]) == 0
    assert "fitted by moments" in capsys.readouterr().out
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["method.md", "result.json", "units.csv"]
    assert main([*given, "--many", "1000", "--score", "z", "--lang", "zh"]) == 2
    assert "没有名为“z”的列" in capsys.readouterr().err
    assert main([*given, "--unit", "uu"]) == 2
    assert "did you mean “u”?" in capsys.readouterr().err


def test_stopped_by_the_keyboard(tmp_path: Path) -> None:
    """Stopped while it reads: one sentence, code 130, no file and no folder left."""
    path, folder = tmp_path / "ratings.parquet", tmp_path / "temporary"
    folder.mkdir()
    duckdb.connect().execute(
        "COPY (SELECT i // 10 AS r, hash(i) % 1000 AS u, (hash(i + 7) % 5)::TINYINT AS y "
        f"FROM range(6000000) made(i)) TO '{path}' (FORMAT parquet)"
    )
    # Tests that run in the background inherit that the keyboard is ignored; a person's terminal does not.
    heard = "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    start = [sys.executable, "-c", heard + "runpy.run_module('honestrank', run_name='__main__')"]
    command = [*start, str(path), "--rater", "r", "--unit", "u", "--score", "y"]
    with subprocess.Popen(
        [*command, "--out", str(tmp_path / "out")],
        stderr=subprocess.PIPE,
        text=True,
        env={"TMPDIR": str(folder)},
    ) as process:
        assert process.stderr is not None
        assert "reading" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
    assert process.returncode == 130
    assert "Stopped; nothing was written." in said
    assert not (tmp_path / "out").exists()
    assert list(folder.iterdir()) == []
