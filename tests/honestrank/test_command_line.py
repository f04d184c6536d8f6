"""`python -m honestrank`: the answer, the files, the exit codes, both languages."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from honestrank.__main__ import main
from honestrank.defaults import MANY

ROWS = "".join(
    f"{unit},{rater},{'东' if unit < 'd' else '西'},{base + (rater * 7 + place * 3) % 4}\n"
    for place, (unit, base) in enumerate({"a": 1, "b": 3, "c": 3, "d": 5, "e": 9}.items())
    for rater in range(20)
)
TEXT = "unit,rater,side,score\n" + ROWS


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_one_way(csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, csv_file(TEXT), "--unit", "unit", "--score", "score", "--quota", "1")
    assert code == 0
    assert err == ""
    assert "one-way model" in out
    assert "severity of a rater and the noise of a mark cannot be separated" in out
    assert "Surely in: e." in out
    assert "may truly stand the other way round" in out


def test_with_raters_and_files(
    csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path, folder = csv_file(TEXT), tmp_path / "new" / "out"
    columns = ("--unit", "unit", "--score", "score", "--rater", "rater", "--group", "side")
    code, out, _ = run(capsys, path, *columns, "--out", folder, "--lang", "zh")
    assert code == 0
    assert "评分人的宽严" in out
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    with (folder / "units.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = {row["unit"]: row for row in csv.DictReader(stream)}
    assert rows["e"]["rank_low"] == "1"
    assert [row["unit"] for row in result["units"]] == ["a", "b", "c", "d", "e"]
    method = (folder / "method.md").read_text(encoding="utf-8")
    assert "python -m honestrank ratings.csv --unit unit" in method
    assert result["source"]["sha256"] in method
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    run(capsys, path, *columns, "--out", folder, "--lang", "zh")
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_parts(csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    text = "u,p,w,s\n" + "".join(
        f"{unit},{part},{weight},{base + (k * 5 + base) % 3}\n"
        for unit, base in (("a", 1), ("b", 8), ("c", 4))
        for part, weight in (("one", 3), ("two", 1))
        for k in range(15)
    )
    asked = ("--unit", "u", "--score", "s", "--part", "p", "--part-weight", "w")
    code, out, _ = run(capsys, csv_file(text), *asked)
    assert code == 0
    assert "Fay–Herriot" in out
    assert "upper bound" in out


def test_raters_who_rate_one_unit_each(csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    lines = [line.split(",") for line in ROWS.splitlines()]
    text = "unit,rater,score\n" + "".join(f"{row[0]},{i},{row[3]}\n" for i, row in enumerate(lines))
    path = csv_file(text)
    code, out, _ = run(capsys, path, "--unit", "unit", "--score", "score", "--rater", "rater")
    _, without, _ = run(capsys, path, "--unit", "unit", "--score", "score")
    assert code == 0
    assert out == without


def test_parts_of_the_file_that_share_no_rater_are_not_compared(
    csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    text = "u,r,s\n" + "".join(
        f"{unit},{r + 100 * side},{base + (r * 3 + base // 20) % 4 + r * base // 20 % 3}\n"
        for unit, base, side in (("a", 0, 0), ("b", 20, 0), ("c", 40, 1), ("d", 60, 1))
        for r in range(20)
    )
    path = csv_file(text)
    _, out, _ = run(capsys, path, "--unit", "u", "--score", "s", "--rater", "r")
    assert "fall into 2 groups that share no rater" in out
    assert "2 of 6 pairs" in out
    _, out, _ = run(capsys, path, "--unit", "u", "--score", "s", "--rater", "r", "--raters-at-random")
    assert "share no rater" not in out


@pytest.mark.parametrize(
    ("text", "arguments", "said"),
    [
        (TEXT, ("--unit", "nobody", "--score", "score"), "no column “nobody”"),
        (TEXT, ("--unit", "unit", "--score", "side"), "Line 2: “东” in column “side” is not a number"),
        (TEXT, ("--unit", "unit", "--score", "score", "--quota", "99"), "from 1 to 5"),
        (TEXT, ("--unit", "unit", "--score", "score", "--level", "2"), "between 0 and 1"),
        ("u,s\na,1\nb,2\n", ("--unit", "u", "--score", "s"), "No unit has two scores"),
        ("", ("--unit", "u", "--score", "s"), "is empty"),
    ],
)
def test_bad_input_ends_with_two(
    csv_file: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
    text: str,
    arguments: tuple[str, ...],
    said: str,
) -> None:
    code, out, err = run(capsys, csv_file(text), *arguments)
    assert code == 2
    assert out == ""
    assert said in err


def test_an_out_folder_that_is_a_file(csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    path = csv_file(TEXT)
    code, _, err = run(capsys, path, "--unit", "unit", "--score", "score", "--out", path)
    assert code == 4
    assert err.count("\n") == 1


@pytest.mark.parametrize("units", [3, 6])
def test_marks_without_any_noise_beside_severity_have_no_interval(
    units: int, csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = "u,r,s\n" + "".join(f"{u},{r},{2 * u + r}\n" for u in range(units) for r in range(12))
    command = ("--unit", "u", "--score", "s", "--rater", "r", "--compare-from", "5", "--out", str(tmp_path / "out"))
    code, out, _ = run(capsys, csv_file(text), *command)
    assert code == 0
    assert f"0 of {units * (units - 1) // 2} pairs" in out
    assert "But for their severity all raters agree" in out
    assert "did not converge" not in out
    row = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))["units"][0]
    assert row["score"] == pytest.approx(5.5)
    assert (row["interval"], row["why_no_interval"]) == ([None, None], "no_noise")
    assert {row[name] for name in ("standard_error", "prediction_error", "rank_error", "reliability")} == {None}
    assert (tmp_path / "out" / "units.csv").read_text(encoding="utf-8").splitlines()[1].endswith(",no_noise")


def test_no_noise_beside_fixed_columns_does_not_converge_and_ends_with_three(
    csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    text = "u,r,w,s\n" + "".join(f"{u},{r},{r % 2},{2 * u + r}\n" for u in range(6) for r in range(12))
    command = ("--unit", "u", "--score", "s", "--rater", "r", "--fixed", "w", "--compare-from", "5")
    code, out, _ = run(capsys, csv_file(text), *command)
    assert code == 3
    assert "did not converge" in out


def test_a_file_whose_name_is_no_text_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.csv"))
    path.write_text("u,s\n" + "".join(f"{u},{(u * mark) % 5}\n" for u in range(3) for mark in range(14)))
    code, _, _ = run(capsys, path, "--unit", "u", "--score", "s", "--out", str(tmp_path / "out"))
    assert code == 0
    assert "??.csv" in (tmp_path / "out" / "method.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("rater", [(), ("--rater", "r")])
def test_units_whose_raters_all_agree_are_neither_certain_nor_given_a_noise(
    csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str], rater: tuple[str, ...]
) -> None:
    """Jeffreys: at most .145 of marks differ after 12 equal ones (95 %), so a mean moves by at most 10 times that."""
    text = "u,r,s\n" + "".join(f"{u},{r},{2 * u}\n" for u in range(6) for r in range(12))
    code, out, _ = run(capsys, csv_file(text), "--unit", "u", "--score", "s", *rater, "--compare-from", "12")
    assert code == 0
    assert "0 of 15 pairs of units separate" in out
    assert "with n = 12 another set of raters could move a score by up to 1.45 (at 95 %" in out
    code, out, _ = run(
        capsys,
        csv_file(text),
        "--unit",
        "u",
        "--score",
        "s",
        *rater,
        "--grades",
        "0,2,4,6,8,10",
        "--compare-from",
        "12",
    )
    assert code == 0
    # Twelve against twelve is evidence as soon as it is known which marks could have been given.
    assert "15 of 15 pairs" in out
    assert "another set of raters could move" not in out


def test_all_marks_equal(csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    text = "u,r,s\n" + "".join(f"{u},{r},5\n" for u in range(6) for r in range(12))
    for rater in ((), ("--rater", "r")):
        code, out, _ = run(capsys, csv_file(text), "--unit", "u", "--score", "s", *rater, "--compare-from", "12")
        assert code == 0
        assert "every rank from 1 to 6 is possible" in out


def test_insteval_from_the_shell(shared_data: Path) -> None:
    command = ["--rater", "s", "--unit", "d", "--group", "dept:service", "--score", "y"]
    done = subprocess.run(
        [sys.executable, "-m", "honestrank", shared_data / "insteval.csv", *command],
        capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(Path(__file__).parents[2] / "src"), "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0
    assert "rater 0.32468, unit 0.51248, group 0.11202, noise 1.1768" in done.stdout
    assert "23,442 of 501,501 pairs of units separate (4.7 %)" in done.stdout
    assert "reading insteval.csv" in done.stderr
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    shown = readme.partition("--group dept:service --score y\n")[2].partition("\n…")[0]
    assert done.stdout.startswith(shown), "the README shows what the command prints"


def test_a_second_group_does_not_silently_replace_the_first(
    csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = csv_file("r,u,dept,service,y\n1,a,x,0,3\n2,b,x,1,4\n")
    with pytest.raises(SystemExit) as stopped:
        main([str(path), "--rater", "r", "--unit", "u", "--score", "y", "--group", "dept", "--group", "service"])
    assert stopped.value.code == 2
    assert "given twice; join several columns by a colon, as in dept:service" in capsys.readouterr().err


@pytest.mark.parametrize("command", [[], ["rank"], ["check-certificate"]])
def test_help_in_both_languages(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """In Chinese every explanation is; what is left of English are names of options, files and methods."""
    said = {}
    for language in ("en", "zh", "zh-hans"):
        with pytest.raises(SystemExit) as stopped:
            main([*command, "--help", f"--lang={language}"])
        assert stopped.value.code == 0
        said[language] = capsys.readouterr().out
    assert "usage: " in said["en"]
    assert "show this help message and exit" in said["en"]
    assert said["zh-hans"] == said["zh"]
    assert said["zh"].startswith("用法：")
    for word in ("usage", "options:", "positional", "column", "show", "write"):
        assert word not in said["zh"]
    if not command:
        assert f"({MANY})" in said["en"]


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        (["x.csv"], "缺少必需的参数：--unit, --score"),
        (["x.csv", "--unit"], "参数 --unit：后面要有一个值"),
        (["x.csv", "--unit", "u", "--score", "s", "--level", "much"], "参数 --level：不是合适的值：'much'"),
        (["rank", "x.csv", "--method", "dice"], "没有 'dice' 这个选择，可选：'borda'"),
        (["x.csv", "--unit", "u", "--score", "s", "--group", "a", "--group", "b"], "给了两次；多列请用冒号连接"),
    ],
)
def test_complaints_about_options_in_chinese(
    given: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([*given, "--lang", "zh"]) if given[-1] != "--unit" else main(["--lang", "zh", *given])
    assert stopped.value.code == 2
    assert complaint in capsys.readouterr().err
