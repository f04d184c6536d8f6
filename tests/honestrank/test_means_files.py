"""Files of means with standard errors: the same figures as `standing`, the PISA table, and sentences for bad ones."""

import json
import math
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pytest
from tests.honestrank.test_numbers import MILK

from honestrank import InputError, standing
from honestrank.__main__ import main
from honestrank.ranks.assembly import Ranking
from honestrank.ranks.of_means import means_standing
from honestrank.reading.means import read_means
from honestrank.sums import Columns

MEANS = Columns("unit", "score", error="se", count="n")


def published_table() -> list[tuple[str, str, int, float, float]]:
    """Forty units as a results page publishes them: figures rounded to four decimals, some with few marks."""
    random = np.random.default_rng(7)
    true, n = random.normal(7, 0.6, 40), random.integers(10, 60, 40)
    error = 2.0 / np.sqrt(n)
    score = true + error * random.normal(size=40)
    return [
        (f"单位 {i}", f"名称, {i}", int(n[i]), round(float(score[i]), 4), round(float(error[i]), 4)) for i in range(40)
    ]


def as_text(rows: list[tuple[str, str, int, float, float]]) -> str:
    return "unit,name,n,score,se\n" + "".join(f'{u},"{name}",{n},{score},{se}\n' for u, name, n, score, se in rows)


def milk_file(csv_file: Callable[..., Path]) -> Path:
    rows = [(f"区{area}", *row) for area, some in MILK.items() for row in some]
    return csv_file("unit,area,twin,y,se\n" + "".join(f"{i},{a},t{a},{y},{se}\n" for i, (a, y, se) in enumerate(rows)))


def test_means_that_move_with_a_region(csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    """The published variance; the effect of an area against the first; a second column that says the same is left out."""
    path = milk_file(csv_file)
    columns = Columns("unit", "y", error="se", fixed=(("area",), ("twin",)))
    found = means_standing(read_means(path, columns), Ranking())
    assert found.fit_record["variances"]["unit"] == pytest.approx(0.01855033, abs=5e-9)
    assert found.units[0].shrunken == pytest.approx(1.0219705, abs=1e-6)
    assert list(found.fit_record["fixed"]) == ["area=区2", "area=区3", "area=区4"]
    assert found.fit_record["fixed"]["area=区2"][0] == pytest.approx(1.1008 - 0.9682, abs=2e-3)
    assert main([str(path), "--unit", "unit", "--score", "y", "--se", "se", "--fixed", "area", "--fixed", "twin"]) == 0
    said = capsys.readouterr().out
    assert "The mean moves with area" in said
    assert "twin=t区2" in said.split("Left out")[1]


def test_a_region_that_is_blank_is_named(csv_file: Callable[..., Path]) -> None:
    path = csv_file("u,g,y,se\na,x,1,.1\nb,,2,.1\nc,z,,.1\n")
    with pytest.raises(InputError) as refused:
        read_means(path, Columns("u", "y", error="se", fixed=(("g",),)))
    assert refused.value.sentence("en").startswith("Line 3")


def test_a_region_for_each_unit_leaves_nothing_to_estimate(csv_file: Callable[..., Path]) -> None:
    path = csv_file("u,g,y,se\na,x,1,.1\nb,y,2,.1\nc,z,3,.1\n")
    means = read_means(path, Columns("u", "y", error="se", fixed=(("g",),)))
    with pytest.raises(InputError) as refused:
        means_standing(means, Ranking())
    assert refused.value.key == "bad_design"


def test_a_stranger_gets_the_published_figures_to_the_byte(
    csv_file: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = published_table()
    units, _, counts, scores, errors = zip(*rows, strict=True)
    published = standing(units, scores, errors, counts, compare_from=13).as_dict()
    columns = ("--unit", "unit", "--score", "score", "--se", "se", "--count", "n")
    assert main([str(csv_file(as_text(rows))), *columns, "--out", str(tmp_path / "out")]) == 0
    recomputed = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    for row in published["units"]:
        del row["indistinguishable_from"]
    for what in ("units", "fit_record", "compared", "pairs_that_separate", "median_width", "level"):
        as_bytes = [json.dumps(found[what], ensure_ascii=False, sort_keys=True) for found in (published, recomputed)]
        assert as_bytes[0] == as_bytes[1], what
    assert "fewer than 13 ratings" in capsys.readouterr().out
    assert recomputed["source"]["columns"]["error"] == "se"


def test_parquet_gives_the_same_figures_as_text(csv_file: Callable[..., Path], tmp_path: Path) -> None:
    text, parquet = csv_file(as_text(published_table())), tmp_path / "means.parquet"
    duckdb.connect().execute(f"COPY (SELECT * FROM read_csv('{text}')) TO '{parquet}' (FORMAT parquet)")
    one, other = read_means(text, MEANS), read_means(parquet, MEANS)
    assert (one.units, one.scores, one.errors, one.counts) == (other.units, other.scores, other.errors, other.counts)


def test_pisa_has_known_errors_and_compares_every_country(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = ("--unit", "jurisdiction", "--score", "science_score", "--se", "science_se")
    assert main([str(shared_data / "pisa2018.csv"), *columns, "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "Means of 38 units." in said
    assert "set of raters" not in said
    found = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    rows = {row["unit"]: row for row in found["units"]}
    assert found["compared"] == 38
    assert rows["Estonia"]["n"] is None
    assert (rows["Estonia"]["rank_low"], rows["Colombia"]["rank_high"]) == (1, 38)


def test_rows_without_a_score_are_left_out_and_said(
    csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = csv_file("unit,score,se\na,5,1\nb,NA,\nc,7,1\n")
    assert main([str(path), "--unit", "unit", "--score", "score", "--se", "se"]) == 0
    assert "1 row without a score: left out" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("unit,score,se,n\na,5,1,20\nb,6,-0.5,20\n", "Line 3: “-0.5” in column “se” is negative"),
        ("unit,score,n\na,5,20\n", "no column “se”; did you mean “score”? The file has: unit, score, n"),
        ("unit,score,se,n\na,5,good,20\n", "Line 2: “good” in column “se” is not a number"),
        ("unit,score,se,n\na,1_0,1,20\n", "Line 2: “1_0” in column “score” is not a number"),
        ("unit,score,se,n\na,5,,20\n", "Line 2: column “se” is blank"),
        ("unit,score,se,n\na,inf,1,20\n", "is not a finite number"),
        ("unit,score,se,n\na,5,1,20\n\nb,5,1,2.5\n", "Line 4: “2.5” in column “n” is not a whole number"),
        ("unit,score,se,n\na,5,1,0\n", "Line 2: “0” in column “n” is not a whole number"),
        ("unit,score,se,n\n,5,1,20\n", "Line 2: column “unit” is blank"),
        ("unit,score,se,n\na,5,1\n", "Line 2 has 3 columns where the heading has 4"),
        ("unit,score,se,n\na,,1,20\n", "no score at all"),
        ("unit,score,se,n\na,5,1,20\na,6,1,20\n", "“a” is listed twice"),
        ("unit,score,se,n\na,5,0,20\nb,6,0,20\n", "Every standard error is zero"),
    ],
)
def test_bad_means_are_refused_in_a_sentence(
    csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    columns = ("--unit", "unit", "--score", "score", "--se", "se", "--count", "n")
    assert main([str(csv_file(text)), *columns]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--se", "se", "--rater", "r"), "--se and --rater do not go together"),
        (("--part", "p", "--rater", "r"), "--part and --rater do not go together"),
        (("--count", "n"), "--count needs --se"),
        (("--part-weight", "n"), "--part-weight needs --part"),
        (("--group", "n"), "--group needs --rater"),
        (("--se", "se", "--compare-from", "20"), "--compare-from needs --count"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str], options: tuple[str, ...], said: str
) -> None:
    path = csv_file("unit,score,se\na,5,1\n")
    assert main([str(path), "--unit", "unit", "--score", "score", *options]) == 2
    assert said in capsys.readouterr().err


def test_the_interval_of_a_mean_of_one_mark_is_as_wide_as_one_degree_of_freedom_makes_it() -> None:
    found = standing(["a", "b", "c"], [1.0, 1.8, 1.5], [0.1, 0.1, 0.1], [1, 2, 40], compare_from=2)
    first, second, _ = found.units
    assert first.interval == pytest.approx((1 - 1.27062, 1 + 1.27062), abs=1e-5)
    assert second.interval[1] - 1.8 == pytest.approx(1.27062, abs=1e-5)


def test_a_broken_parquet_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "broken.parquet"
    path.write_bytes(b"PAR1 and nothing more")
    with pytest.raises(InputError) as refused:
        read_means(path, MEANS)
    assert refused.value.key == "parquet_broken"


GROUPED = (
    "--unit",
    "unit",
    "--score",
    "score",
    "--se",
    "se",
    "--count",
    "n",
    "--part",
    "group",
    "--part-weight",
    "weight",
)
GROUPS = """unit,group,weight,n,score,se
a,members,30,40,8,0.2
b,members,30,40,6,0.2
c,members,30,40,7,0.2
a,public,10,30,4,0.4
b,public,10,30,6,0.4
"""


def test_means_by_group_of_raters_are_combined_by_their_weights(csv_file: Callable[..., Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main([str(csv_file(GROUPS)), *GROUPED, "--out", str(out)]) == 0
    result = json.loads((out / "result.json").read_text())
    assert [(row["unit"], row["score"]) for row in result["units"]] == [("a", 7.0), ("b", 6.0)]
    assert result["units"][0]["standard_error"] == pytest.approx(math.hypot(0.75 * 0.2, 0.25 * 0.4))
    assert {"key": "groups_incomplete", "values": {"count": 1}} in result["warnings"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GROUPS.replace("b,members,30", "b,members,20"), "two different weights"),
        (GROUPS.replace(",30,40", ",0,40"), "must be above zero"),
        (GROUPS.replace("b,public", ",public"), "is blank"),
        (GROUPS.replace("b,public", "b,"), "is blank"),
        (GROUPS + "a,public,10,30,4,0.4\n", "listed twice"),
        (GROUPS.replace("public", "x").replace("a,x", "d,x").replace("b,x", "e,x"), "every group of raters"),
    ],
)
def test_bad_grouped_means_are_refused_in_a_sentence(
    csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    assert main([str(csv_file(text)), *GROUPED]) == 2
    assert said in capsys.readouterr().err
    assert main([str(csv_file(text)), *GROUPED[:-4], "--part", "group"]) == 2
    assert "needs --part-weight" in capsys.readouterr().err
