"""The answer on a full disk, a closed pipe and a terminal of few signs; files that a spreadsheet opens."""

import csv
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from honestrank.__main__ import main

RATINGS = "rater,unit,score\n" + "".join(
    f"r{rater},{unit},{(rater * 7 + place * 3) % 5 + 1}\n"
    for rater in range(14)
    for place, unit in enumerate(["007", "008", "=1+1", "\uff1d乙", "-丙", "丁"])
)
ASKED = ["--rater", "rater", "--unit", "unit", "--score", "score"]


def run(folder: Path, *words: str, out: int | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    path = os.pathsep.join(sys.path)
    command = [sys.executable, "-m", "honestrank", *words]
    stdout = subprocess.PIPE if out is None else out
    settings = os.environ | {"PYTHONPATH": path} | environment
    return subprocess.run(command, cwd=folder, stdout=stdout, stderr=subprocess.PIPE, env=settings, check=False)


def test_a_full_disk_is_said(csv_file: Callable[..., Path]) -> None:
    path = csv_file(RATINGS)
    for words in (ASKED, ["--help"]):
        with Path("/dev/full").open("wb") as full:
            done = run(path.parent, path.name, *words, out=full.fileno())
        assert done.returncode == 4
        assert done.stderr.decode() == "The answer cannot be written: No space left on device.\n"


def test_a_reader_that_goes_away_is_met_with_silence(csv_file: Callable[..., Path]) -> None:
    path = csv_file(RATINGS)
    reading, writing = os.pipe()
    os.close(reading)
    done = run(path.parent, path.name, *ASKED, out=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize(
    "locale", [{"PYTHONIOENCODING": "latin-1"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "gbk"}]
)
def test_a_terminal_of_few_signs(csv_file: Callable[..., Path], locale: dict[str, str]) -> None:
    path = csv_file(RATINGS)
    done = run(path.parent, path.name, *ASKED, "--lang", "zh", **locale)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_folder_that_is_a_file(csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    path = csv_file(RATINGS)
    assert main([str(path), *ASKED, "--out", str(path)]) == 4
    assert "cannot be written: File exists. Give another one with --out." in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["--level", "95"], ["--level", "nan"], ["--level", "0"], ["--memory", "nan"], ["--memory", "-1"]]
)
def test_levels_and_memory_that_cannot_be_meant(
    csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    """Also where no unit differs from another, so that no rank set is asked for its level."""
    path = csv_file("unit,score\n" + "".join(f"{unit},{mark}\n" for unit in "ABC" for mark in (1, 2, 3, 4) * 5))
    assert main([str(path), "--unit", "unit", "--score", "score", *words]) == 2
    assert ("0.95 stands for 95 %" if "--level" in words else "for example 4") in capsys.readouterr().err


def test_a_spreadsheet_runs_nothing_and_keeps_zeros_and_the_file_comes_back(
    csv_file: Callable[..., Path], tmp_path: Path
) -> None:
    assert main([str(csv_file(RATINGS)), *ASKED, "--out", str(tmp_path / "out")]) == 0
    written = (tmp_path / "out" / "units.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbfunit,n,")
    first = labels(tmp_path / "out")
    assert sorted(first) == sorted(['="007"', '="008"', "'=1+1", "'\uff1d乙", "'-丙", "丁"])
    columns = ["--unit", "unit", "--score", "score", "--se", "standard_error", "--count", "n"]
    assert main([str(tmp_path / "out" / "units.csv"), *columns, "--out", str(tmp_path / "again")]) == 0
    assert labels(tmp_path / "again") == first


def labels(folder: Path) -> list[str]:
    """The first column of units.csv as a spreadsheet gets it."""
    with (folder / "units.csv").open(encoding="utf-8-sig", newline="") as stream:
        return [row[0] for row in csv.reader(stream)][1:]
