"""Columns and tables in memory: the same answer from every kind, missing where that is allowed, a sentence for the rest."""

import datetime as dt
import math
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import honestrank as hr
from honestrank.given import columns_of, listed, matrix
from honestrank.words.wording import InputError

RNG = np.random.default_rng(5)
ROWS = [
    {"unit": f"单位 {u}", "rater": r, "score": None if (u, r) == (2, 3) else int(RNG.integers(1, 6)) + u / 2}
    for r in range(15)
    for u in range(6)
]
LISTS = {name: [row[name] for row in ROWS] for name in ROWS[0]}
SCORES, ERRORS = [3.0, 2.5, 4.25, 1.0, 2.0], [0.3, 0.2, 0.4, 0.25, 0.5]

# Ways to hold the ratings above; pandas turns the raters' column into 7.0 where a number is missing from it.
TABLES: dict[str, Callable[[], Any]] = {
    "a list of rows": lambda: ROWS,
    "lists by name": lambda: LISTS,
    "arrays by name": lambda: {name: np.array(column) for name, column in LISTS.items()},
    "pandas": lambda: pd.DataFrame(LISTS),
    "pandas with its own missing values": lambda: pd.DataFrame(LISTS).convert_dtypes(),
    "pandas with raters as floats": lambda: pd.DataFrame(LISTS).astype({"rater": float}),
    "pandas with categories": lambda: pd.DataFrame(LISTS).astype({"unit": "category"}),
    "series by name": lambda: dict(pd.DataFrame(LISTS).items()),
}


def written(path: Path) -> Path:
    """The ratings as a file."""
    lines = [f"{row['unit']},{row['rater']},{'' if row['score'] is None else row['score']}" for row in ROWS]
    path.write_text("unit,rater,score\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def without_source(found: hr.Standing) -> dict[str, Any]:
    """A standing as far as it does not name its file and hash."""
    record = {name: value for name, value in found.fit_record.items() if "sha" not in name and name != "input"}
    return vars(found) | {"fit_record": record}


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_in_memory_gives_the_answer_of_the_file(kind: str, tmp_path: Path) -> None:
    path = written(tmp_path / "ratings.csv")
    from_file = hr.rate(path, unit="unit", score="score", rater="rater")
    from_memory = hr.rate(TABLES[kind](), unit="unit", score="score", rater="rater")
    assert repr(without_source(from_memory)) == repr(without_source(from_file))
    assert [warned.key for warned in from_memory.warnings][:1] == ["missing_scores"]


REFUSED: dict[str, tuple[Any, str, dict[str, object]]] = {
    "infinity": (LISTS | {"score": [math.inf, *LISTS["score"][1:]]}, "score_not_finite", {"line": 1}),
    "NaN beside None": (LISTS | {"score": [1.0, math.nan, *LISTS["score"][2:]]}, "score_not_finite", {"line": 2}),
    "text": (LISTS | {"score": [*LISTS["score"][:-1], "good"]}, "score_is_text", {"line": 90}),
    "no unit": (LISTS | {"unit": [None, *LISTS["unit"][1:]]}, "blank_label", {"line": 1}),
    "no such column": ({"unit": ["a"], "mark": [1]}, "no_such_column", {"column": "score"}),
    "columns that differ in length": (LISTS | {"unit": ["a"]}, "rows_differ", {}),
    "no rows": ({"unit": [], "score": [], "rater": []}, "no_rows", {}),
    "nothing but rows without anything": ({"unit": [None], "score": [None], "rater": [None]}, "no_scores", {}),
    "a number": (7, "not_a_table", {}),
    "a column for a table": (pd.Series([1, 2]), "not_a_table", {}),
    "two columns of one name": (pd.DataFrame([[1, 2]], columns=["unit", "unit"]), "column_twice", {}),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_table_that_cannot_be_meant_is_refused(case: str) -> None:
    table, key, values = REFUSED[case]
    with pytest.raises(InputError) as error:
        hr.rate(table, unit="unit", score="score", rater="rater")
    assert error.value.key == key
    assert values.items() <= error.value.values.items()
    assert error.value.sentence("en") != error.value.sentence("zh-hans")


@pytest.mark.parametrize("kind", [list, tuple, np.array, pd.Series, lambda column: pd.DataFrame({"only": column})])
def test_columns_of_every_kind_stand_alike(kind: Callable[[Any], Any]) -> None:
    names = ["甲", "乙", "丙", "丁", "戊"]
    plain = hr.standing(names, SCORES, ERRORS, [20] * 5, covariance=np.diag(np.square(ERRORS)))
    joint = pd.DataFrame(np.diag(np.square(ERRORS)), columns=names, index=names)
    found = hr.standing(kind(names), kind(SCORES), kind(ERRORS), kind([20] * 5), covariance=joint)
    assert repr(found) == repr(plain)
    sets = hr.rank_sets(kind(SCORES), joint, draws=500)  # type: ignore[arg-type]
    assert repr(sets) == repr(hr.rank_sets(np.array(SCORES), np.diag(np.square(ERRORS)), draws=500))


def test_a_covariance_whose_columns_stand_in_another_order_is_refused() -> None:
    """Taken as it stands, each unit would get another's variance."""
    joint = pd.DataFrame(np.diag([1.0, 2, 3]), columns=["乙", "甲", "丙"])
    with pytest.raises(InputError) as error:
        hr.standing(["甲", "乙", "丙"], [1, 2, 3], [1, 1, 1], [20] * 3, covariance=joint)  # type: ignore[arg-type]
    assert error.value.key == "other_order"


MARKS = np.array([[9.0, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])


def test_tables_of_marks_of_every_kind_agree_alike() -> None:
    rows = [[None if (i, j) == (1, 1) else mark for j, mark in enumerate(row)] for i, row in enumerate(MARKS.tolist())]
    gaps = np.where(np.arange(24).reshape(6, 4) == 5, np.nan, MARKS)
    for table in (rows, pd.DataFrame(rows), pd.DataFrame(rows).convert_dtypes(), dict(pd.DataFrame(rows).items())):
        assert hr.cronbach_alpha(table) == hr.cronbach_alpha(gaps)  # type: ignore[arg-type]
        assert hr.krippendorff_alpha(table, "interval") == hr.krippendorff_alpha(gaps, "interval")  # type: ignore[arg-type]
    assert hr.intraclass(pd.DataFrame(MARKS)) == hr.intraclass(MARKS)  # type: ignore[arg-type]
    same = RNG.integers(1, 5, (200, 6)).tolist() + [[1, 2, 4, 4, None, 3]] * 12
    zeros = np.array([[mark or 0 for mark in row] for row in same])
    assert hr.equal_ballots(pd.DataFrame(same)) == hr.equal_ballots(zeros)  # type: ignore[arg-type]
    assert len(hr.equal_ballots(zeros)[0].subjects) == 12
    assert hr.weighted_mean(pd.Series([1, 2, 4]), [1, 1, 2]) == hr.weighted_mean(
        np.array([1.0, 2, 4]), np.array([1.0, 1, 2])
    )  # type: ignore[arg-type]


PEERS = [hr.Figure(name, float(place), 1.0, 20) for place, name in enumerate("甲乙丙丁戊己庚")]


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        (lambda: hr.standing("甲乙", [1, 2], [1, 1], None), "not_a_column"),
        (lambda: hr.standing({"甲": 1, "乙": 2}, [1, 2], [1, 1], None), "not_a_column"),  # type: ignore[arg-type]
        (lambda: hr.standing(["甲", None], [1, 2], [1, 1], None), "unit_unnamed"),  # type: ignore[list-item]
        (lambda: hr.standing(pd.Series(["甲", np.nan]), [1, 2], [1, 1], None), "unit_unnamed"),  # type: ignore[arg-type]
        (lambda: hr.standing(["甲", "乙"], ["1", "2"], [1, 1], None), "not_a_number"),  # type: ignore[list-item]
        (lambda: hr.standing(["甲", "乙"], pd.Series([1, None]), [1, 1], None), "not_finite"),  # type: ignore[arg-type]
        (lambda: hr.standing(["甲", "乙"], [1, 10**400], [1, 1], None), "not_finite"),
        (lambda: hr.standing(["甲", "乙"], [1, 2], [1, 1], None, design=np.array([[1, np.nan], [1, 2]])), "bad_design"),
        (lambda: hr.rank_sets([1, 2], [[1, 2], [2, 1]]), "covariance_indefinite"),  # type: ignore[arg-type]
        (lambda: hr.rank_sets([1, 2], [[1, 2], [2]]), "rows_differ"),  # type: ignore[arg-type]
        (lambda: hr.rank_sets([1, math.nan], [1, 1]), "score_missing"),  # type: ignore[arg-type]
        (lambda: hr.rank_sets([1, 2], np.eye(2), degrees_of_freedom=[9, 9]), "freedom_of_matrix"),  # type: ignore[arg-type]
        (lambda: hr.rank_sets([1, 2], [1, 1], degrees_of_freedom=[9]), "lengths_differ"),  # type: ignore[arg-type]
        (lambda: hr.rank_sets([1, 2], [1, 1], degrees_of_freedom=[9, 0]), "freedom_not_positive"),  # type: ignore[arg-type]
        (lambda: hr.rank_sets([1, 2], [1, 1], degrees_of_freedom=[9, None]), "freedom_not_positive"),  # type: ignore[arg-type,list-item]
        (lambda: hr.rank_sets([1, 2], [1, 1], comparable=[[1, 1], [0, 1]]), "not_in_groups"),  # type: ignore[arg-type]
        (lambda: hr.rank_sets([1, 2], [1, 1], comparable=[1, 1]), "not_in_groups"),  # type: ignore[arg-type]
        (lambda: hr.rank_sets([1, 2, 3], [1] * 3, comparable=[[1, 1, 0], [1, 1, 1], [0, 1, 1]]), "not_in_groups"),  # type: ignore[arg-type]
        (lambda: hr.rank_sets([1, 2], [1, 1], draws=100.5), "not_whole"),  # type: ignore[arg-type]
        (lambda: hr.rank_sets([1, 2], [1, 1], seed=-1), "seed_negative"),  # type: ignore[arg-type]
        (lambda: hr.rank_sets([1, 2], [1, 1], level="0.95"), "bad_level"),  # type: ignore[arg-type]
        (lambda: hr.rank_sets([1, 2e160], [1, 1]), "score_too_large"),  # type: ignore[arg-type]
        (lambda: hr.standing(["甲", "乙"], [1, 2e160], [1, 1], None), "score_too_large"),
        (lambda: hr.among_peers(PEERS[0], PEERS, covariance=np.full((8, 8), -0.9) + 1.9 * np.eye(8)), "covariance_indefinite"),
        (lambda: hr.among_peers(PEERS[0], PEERS, covariance=np.full((8, 8), np.nan)), "bad_covariance"),
        (lambda: hr.alpha_of_covariance([[1, 2], [2, 1]]), "covariance_indefinite"),  # type: ignore[arg-type]
        (lambda: hr.cronbach_alpha(MARKS, missing="row"), "bad_metric"),  # type: ignore[arg-type]
        (lambda: hr.krippendorff_alpha(MARKS, metric="interva"), "bad_metric"),  # type: ignore[arg-type]
        (lambda: hr.intraclass([[1, 2], [2, 3], [4, 5]]), "agree_but_for_level"),  # type: ignore[arg-type]
        (lambda: hr.spearman_brown(math.nan, 2), "bad_reliability"),
        (lambda: hr.spearman_brown(0.5, -2), "bad_reliability"),
        (lambda: hr.ratings_needed(1, math.nan), "bad_reliability"),
        (lambda: hr.ratings_needed(1, 1, [1.2]), "bad_reliability"),
        (lambda: hr.cronbach_alpha([[1, math.inf], [2, 3]]), "infinite_in_row"),  # type: ignore[arg-type]
        (lambda: hr.cronbach_alpha([1, 2, 3]), "not_a_table"),  # type: ignore[arg-type]
        (lambda: hr.alpha_of_covariance([[1, None], [None, 1]]), "not_finite_in_row"),  # type: ignore[arg-type]
        (lambda: hr.intraclass(MARKS, level=95), "bad_level"),
        (lambda: hr.straight_lines([[1, 2, 3, 4], [1, 2, 3, 2.5]]), "marks_not_whole"),  # type: ignore[arg-type]
        (lambda: hr.weighted_mean([1, 2], [1]), "lengths_differ"),  # type: ignore[arg-type]
        (lambda: hr.weighted_mean([1, None], [1, 1]), "not_finite_in_row"),  # type: ignore[arg-type]
        (lambda: hr.rake([1, None], [hr.Margin("性别", pd.Series(["男", "女"]), {"男": 1, "女": 1})]), "weights_not_positive"),  # type: ignore[arg-type]
    ],
)  # fmt: skip
def test_what_is_no_column_no_number_or_no_covariance_is_refused(asked: Callable[[], object], key: str) -> None:
    with pytest.raises(InputError) as error:
        asked()
    assert error.value.key == key


def test_columns_of_any_kind_say_what_is_estimated_and_what_is_compared() -> None:
    plain = hr.rank_sets(
        np.array([1.0, 2, 9]), np.ones(3), degrees_of_freedom=np.array([9.0, 9, 9]), comparable=np.eye(3) > 0
    )
    lists = hr.rank_sets(
        [1, 2, 9], [1, 1, 1], degrees_of_freedom=[9, 9, 9], comparable=[[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    )  # type: ignore[arg-type]
    assert repr(plain) == repr(lists)
    known = hr.rank_sets([1, 2, 9], [1, 1, 1], degrees_of_freedom=[math.inf] * 3)  # type: ignore[arg-type]
    assert known.critical_value == pytest.approx(hr.rank_sets([1, 2, 9], [1, 1, 1]).critical_value, abs=0.05)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"unit": "x", "score": "mark"}, "unit, rater, mark"),
        ({"unit": "Unit", "score": "mark", "rater": "unit"}, "as two things at once"),
        ({"unit": "unit", "score": "mark", "fixed": "unit"}, "as two things at once"),
        ({"unit": "unit", "score": "mark", "fixed": "UNIT"}, "as two things at once"),
    ],
)
def test_a_table_in_memory_names_its_columns_as_a_file_does(asked: dict[str, str], said: str, tmp_path: Path) -> None:
    table = pd.DataFrame({"unit": list("abcdef") * 9, "rater": list("uvw") * 18, "mark": [1, 2, 3, 2, 4, 1] * 9})
    table.to_csv(tmp_path / "marks.csv", index=False)
    for given in (table, tmp_path / "marks.csv"):
        with pytest.raises(InputError, match=said):
            hr.rate(given, **asked)  # type: ignore[arg-type]
    assert hr.rate(table, unit="UNIT", score="Mark").units == hr.rate(table, unit="unit", score="mark").units


def test_a_level_is_not_rounded_to_certainty() -> None:
    with pytest.raises(InputError, match=r"99\.999 %"):
        hr.rank_sets([1, 2], [1, 1], level=0.99999, draws=1000)  # type: ignore[arg-type]


def test_values_of_other_types_are_taken_for_what_they_say() -> None:
    assert listed(iter([1, 2]), "x") == [1, 2]
    assert matrix([[Decimal("1.5"), True], (np.float32(2), pd.NA)], "x").tolist()[0] == [1.5, 1.0]
    assert columns_of([{"a": 1}, {"b": 2}], "x") == {"a": [1, None], "b": [None, 2]}
    days = [dt.date(2026, 11, day) for day in (28, 29, 30)]
    found = hr.rate({"u": days * 20, "s": [3, 2, 1] * 20}, unit="u", score="s")
    assert [row.unit for row in found.units] == ["2026-11-28", "2026-11-29", "2026-11-30"]


THREE = np.column_stack([np.repeat(np.arange(3), 14), np.arange(42) * 7 % 5, np.tile(np.arange(14), 3)]).astype(float)
NUMBERED: dict[str, Callable[[], Any]] = {
    "an array": lambda: THREE,
    "a list of rows": THREE.tolist,
    "names that are numbers": lambda: dict(enumerate(THREE.T)),
    "pandas": lambda: pd.DataFrame(THREE),
    "an array with names": lambda: np.array([tuple(row) for row in THREE], dtype=[(name, "f8") for name in "012"]),
}


@pytest.mark.parametrize("kind", NUMBERED)
@pytest.mark.parametrize("names", [(0, 1, 2), ("0", "1", "2")])
def test_columns_may_have_numbers_for_names(kind: str, names: tuple[Any, Any, Any]) -> None:
    unit, score, rater = names
    found = hr.rate(NUMBERED[kind](), unit=unit, score=score, rater=rater, compare_from=5)
    expected = hr.rate(
        {"u": THREE[:, 0], "s": THREE[:, 1], "r": THREE[:, 2]}, unit="u", score="s", rater="r", compare_from=5
    )
    assert found.units == expected.units


def test_pairs_name_columns_too() -> None:
    frame = pd.DataFrame(THREE, columns=pd.MultiIndex.from_tuples([("a", "u"), ("a", "s"), ("b", "r")]))
    assert len(hr.rate(frame, unit=("a", "u"), score=("a", "s")).units) == 3  # type: ignore[arg-type]


HALF = "甲\ud83d"


@pytest.mark.parametrize(
    ("call", "key"),
    [
        (lambda: hr.rate({"u": [HALF, "b"] * 9, "s": list(range(18))}, unit="u", score="s"), "half_a_sign"),
        (lambda: hr.rate({"u": ["a", "b"] * 9, "s": [HALF] * 18}, unit="u", score="s"), "half_a_sign"),
        (lambda: hr.standing([HALF, "b"], [1, 2], [1, 1], None), "half_a_sign"),
        (lambda: hr.rate({"u": ["a"], "s": [1]}, unit=HALF, score="s"), "no_such_column"),
        (lambda: hr.rate(LISTS, unit=None, score="score"), "column_without_name"),  # type: ignore[arg-type]
        (lambda: hr.rate(LISTS, unit="unit", score="score", fixed=[None]), "column_without_name"),  # type: ignore[list-item]
        (lambda: hr.rate(np.arange(9), unit="unit", score="score"), "not_a_table"),
        (lambda: hr.rate([[1, 2], [1]], unit=0, score=1), "rows_differ"),
        (lambda: hr.rate(LISTS, unit="unit", score="score", group="rater"), "option_needs"),
        (lambda: hr.rate(LISTS, unit="unit", score="score", rater="rater", group="unit"), "group_is_unit"),
        (lambda: hr.rate(LISTS, unit="unit", score="score", rater="rater", part="unit"), "options_apart"),
        (lambda: hr.rate(LISTS, unit="unit", score="score", part_weight="rater"), "option_needs"),
        (lambda: hr.rate(LISTS, unit="unit", score="score", quota="3"), "not_whole"),  # type: ignore[arg-type]
        (lambda: hr.rate(LISTS, unit="unit", score="score", compare_from=3.5), "not_whole"),  # type: ignore[arg-type]
        (lambda: hr.rate(LISTS, unit="unit", score="score", grades="5,3"), "not_a_column"),  # type: ignore[arg-type]
        (lambda: hr.standing(["a"], [1], [1], None, grades=["x"]), "not_a_number"),  # type: ignore[list-item]
        (lambda: hr.standing(["a", "b"], [1, 2], [1, 1], None, seed=1.5), "not_whole"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_meant_gets_a_sentence_that_can_be_printed(call: Callable[[], Any], key: str) -> None:
    with pytest.raises(InputError) as refused:
        call()
    assert refused.value.key == key
    for language in ("en", "zh-hans"):
        refused.value.sentence(language).encode()
    str(refused.value).encode()
