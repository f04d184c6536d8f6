"""The same ratings read by DuckDB on one machine and by Spark in partitions give the same digits: `make test-spark`."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest
from numpy.typing import NDArray
from pyspark.sql import DataFrame, SparkSession

from honestrank.ranks.assembly import Ranking, Standing
from honestrank.ranks.fitting import ratings_standing
from honestrank.reading.ratings import read_ratings
from honestrank.reading.spark import ratings_in
from honestrank.sums import Columns
from honestrank.words.wording import InputError

RATINGS, RATERS, UNITS = 120_000, 6_000, 150
RANKING = Ranking(draws=2_000, quota=20)
PLAIN, GROUPED = Columns("u", "y", rater="r"), Columns("u", "y", rater="r", group=("g", "h"))


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    folder = tmp_path_factory.mktemp("spark")
    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.pyspark.python": sys.executable,
        "spark.local.dir": str(folder / "local"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.shuffle.partitions": "3",
    }
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def made_csv(path: Path, *, decimals: int = 0, raters: int = RATERS, ratings: int = RATINGS) -> Path:
    """Ratings at random (so some are given twice), every 997th without a score, blanks around some labels."""
    rng = np.random.default_rng(11)
    rater, unit = rng.integers(0, raters, ratings), rng.integers(0, UNITS, ratings)
    mark = 3 + rng.normal(0, 0.4, UNITS)[unit] + rng.normal(0, 0.5, raters)[rater] + rng.normal(0, 0.9, ratings)
    lines = [
        f"v{r},{' ' if i % 50 == 0 else ''}{u},{'abc'[u % 3]},{i % 2},{'NA' if i % 997 == 0 else f'{m:.{decimals}f}'}"
        for i, (r, u, m) in enumerate(zip(rater, unit, mark, strict=True))
    ]
    path.write_text("r,u,g,h,y\n" + "\n".join(lines) + "\n")
    return path


def frame_of(spark: SparkSession, path: Path) -> DataFrame:
    return spark.read.csv(str(path), header=True).repartition(7)


def here(path: Path, columns: Columns) -> Standing:
    read = read_ratings(path, columns, many=0)
    return ratings_standing(replace(read, source=replace(read.source, name="spark", sha256="")), RANKING)


def there(frame: DataFrame, columns: Columns, **given: int) -> Standing:
    with ratings_in(frame, columns, **given) as ratings:
        return ratings_standing(ratings, RANKING)


@pytest.mark.parametrize("decimals", [0, 2])
@pytest.mark.parametrize("columns", [PLAIN, GROUPED])
def test_the_same_digits(spark: SparkSession, tmp_path: Path, decimals: int, columns: Columns) -> None:
    """All of the answer, to the ten digits that are published: scores, errors, ranks, variances, warnings, the record."""
    path = made_csv(tmp_path / "ratings.csv", decimals=decimals)
    expected, found = here(path, columns), there(frame_of(spark, path), columns)
    assert {warned.key for warned in found.warnings} >= {"missing_scores", "duplicates", "moments_used"}
    assert found.pairs_that_separate > 1_000
    assert found.to_json() == expected.to_json()


def sums_there(frame: DataFrame, columns: Columns) -> tuple[list[NDArray[np.float64]], list[float], int]:
    with ratings_in(frame, columns) as ratings:
        assert ratings.large is not None
        sheets = ratings.large.sheets
        return (
            [sheets.n, sheets.total],
            [sheets.squares, sheets.origin, sheets.raters, sheets.ratings],
            ratings.large.duplicates,
        )


def test_sums_of_whole_grades_are_equal_to_the_last_bit(spark: SparkSession, tmp_path: Path) -> None:
    path = made_csv(tmp_path / "ratings.csv")
    vectors, numbers, duplicates = sums_there(frame_of(spark, path), GROUPED)
    large = read_ratings(path, GROUPED, many=0).large
    assert large is not None
    sheets = large.sheets
    assert [vector.tolist() for vector in vectors] == [sheets.n.tolist(), sheets.total.tolist()]
    assert numbers == [sheets.squares, sheets.origin, sheets.raters, sheets.ratings]
    assert duplicates == large.duplicates > 0


def test_where_the_rows_lie_does_not_matter_to_the_last_bit(spark: SparkSession, tmp_path: Path) -> None:
    frame = frame_of(spark, made_csv(tmp_path / "ratings.csv", decimals=3, ratings=20_000))
    one, other = there(frame, PLAIN), there(frame.orderBy("y").coalesce(2), PLAIN)
    assert [row.score for row in one.units] == [row.score for row in other.units]
    assert one == other


def test_one_rater_only(spark: SparkSession, tmp_path: Path) -> None:
    path = made_csv(tmp_path / "ratings.csv", raters=1, ratings=5_000)
    assert there(frame_of(spark, path), PLAIN).to_json() == here(path, PLAIN).to_json()


def test_parts_that_no_rater_joins_and_numbers_as_numbers(spark: SparkSession, tmp_path: Path) -> None:
    path = tmp_path / "ratings.parquet"
    duckdb.connect().execute(
        "COPY (SELECT r, u, ((r * 7 + u * 3) % 5)::TINYINT + (hash(r * 50 + u) % 3) / 4.0 AS y "
        f"FROM range(900) a(r), range(40) b(u) WHERE (r % 3 = 0) = (u < 12)) TO '{path}' (FORMAT parquet)"
    )
    expected, found = here(path, PLAIN), there(spark.read.parquet(str(path)).repartition(5), PLAIN, partitions=3)
    assert "disconnected" in {warned.key for warned in found.warnings}
    assert found.to_json() == expected.to_json()


@pytest.mark.parametrize(
    ("text", "columns", "key"),
    [
        ("r,u,y\na,b,1\n", Columns("x", "y", rater="r"), "no_such_column"),
        ("r,u,y\na,b,1\na,c,good\n", PLAIN, "rows_wrong"),
        ("r,u,y\na,b,1d\n", PLAIN, "rows_wrong"),
        ("r,u,y\na, ,1\n", PLAIN, "rows_wrong"),
        ("r,u,y\na,b,NA\n", PLAIN, "no_scores"),
        ("r,u,y\na,b,1\n", Columns("u", "y"), "spark_needs_raters"),
    ],
)
def test_bad_input_is_told(spark: SparkSession, tmp_path: Path, text: str, columns: Columns, key: str) -> None:
    path = tmp_path / "ratings.csv"
    path.write_text(text)
    with pytest.raises(InputError) as raised, ratings_in(spark.read.csv(str(path), header=True), columns):
        raise AssertionError
    assert raised.value.key == key
    assert raised.value.sentence("en") != raised.value.sentence("zh-hans")


def test_nothing_is_left_in_the_cluster(spark: SparkSession, tmp_path: Path) -> None:
    there(frame_of(spark, made_csv(tmp_path / "ratings.csv", ratings=3_000)), PLAIN)
    assert spark.sparkContext._jsc.getPersistentRDDs().isEmpty()
