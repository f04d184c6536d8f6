"""Ratings that live in a Spark cluster: the sums of `streaming` and the passes of `large`, run where the ratings are.

A rater's ratings lie in one partition, sorted, as `Sheets`; each pass sends the vectors to every partition and brings home
their sum, added in the order of the partitions. Needs the extra `spark`; the machines of the cluster need honestrank too.
"""

import math
import pickle
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from honestrank.linear.passes import CARRIED, SheetPasses
from honestrank.linear.sorted_ratings import sort_ratings
from honestrank.reading.cells import MISSING
from honestrank.reading.labels import label_order
from honestrank.sums import Columns, LargeRatings, Ratings, Source
from honestrank.words.wording import InputError

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame


Floats = NDArray[np.float64]

Batches = Iterator[Any]

# Java, and so Spark's own cast, takes more for a number, for example 1d and 2f.
NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"

# Ratings in a partition, 8 to 16 MB sorted: small enough for any worker, large enough that a pass is not all
# overhead. The number of partitions comes from the ratings alone, never from the machines, because the order of sums,
# and so the digits, follows from it.
IN_ONE_PARTITION, FEWEST_PARTITIONS = 2_000_000, 8

# Numbers added up by one task (8 MB of each partition's vector), and how many such tasks share a vector.
IN_ONE_BLOCK, MOST_ADDERS = 1 << 20, 64

# Columns of what is kept in the cluster, and of what comes back from a pass.
HELD = "place int, sheet binary, sums binary"

SUMMED = "block int, place int, found binary"


@contextmanager
def ratings_in(
    frame: "DataFrame", columns: Columns, *, name: str = "spark", sha256: str = "", partitions: int | None = None
) -> Iterator[Ratings]:
    """What `read_ratings(…, many=0)` reads from a file, from a Spark table with raters; for `fitting.ratings_standing`.

    Held in the cluster until the block ends. `name` and `sha256` go into the answer: Spark tables have no bytes to hash.
    `partitions` is by the number of ratings (one for two million, at least 8), never by the machines.
    Raises InputError for a missing column, a blank label, a score that is no number, columns that need the exact model.
    """
    _require_spark()
    if columns.rater is None or columns.part or columns.fixed or columns.error:
        raise InputError("spark_needs_raters")
    rated, missing, origin, count = _checked(frame, columns)
    labels = [_labels(rated, column) for column in ("unit", "grp")]
    groups = labels[1] if columns.group else ()
    wanted = partitions or max(FEWEST_PARTITIONS, math.ceil(count / IN_ONE_PARTITION))
    held = _held(rated, labels[0], groups, origin, wanted)
    try:
        passes = SparkPasses(held, len(labels[0]), len(groups), origin)
        parts, duplicates, is_apart = passes.connections()
        read = LargeRatings(labels[0], passes, parts, duplicates, is_apart)
        yield Ratings(Source(name, sha256, columns, missing), large=read)
    finally:
        held.unpersist(True)


def _require_spark() -> None:
    if not all(find_spec(needed) for needed in ("pyspark", "pyarrow", "pandas")):
        raise InputError("no_spark")


def _checked(frame: "DataFrame", columns: Columns) -> "tuple[DataFrame, int, float, int]":
    """Rows with a score (rater, unit, grp, score), how many have none, the origin, how many have one."""
    from pyspark.sql import functions as F  # noqa: N812

    for name in columns.named():
        if name not in frame.columns:
            raise InputError("no_such_column", column=name, columns=", ".join(frame.columns))
    text = {name: F.trim(_quoted(name).cast("string")) for name in columns.named()}
    rater, labels = columns.rater or "", [columns.unit, columns.rater or "", *columns.group]
    blank = F.lit(False)
    for name in labels:
        blank = blank | (F.coalesce(text[name], F.lit("")) == "")
    absent, score = _score(text[columns.score], _quoted(columns.score), dict(frame.dtypes)[columns.score])
    marked = frame.select(
        text[rater].alias("rater"),
        text[columns.unit].alias("unit"),
        F.concat_ws(":", *(text[name] for name in columns.group)).alias("grp"),
        score.alias("score"),
        absent.alias("absent"),
        (blank | (~absent & ~F.coalesce(F.abs(score) <= sys.float_info.max, F.lit(False)))).alias("wrong"),
    )
    counted = [F.sum(F.col(name).cast("long")) for name in ("absent", "wrong")]
    missing, wrong, mean, count = marked.agg(*counted, F.avg("score"), F.count("score")).collect()[0]
    if wrong:
        raise InputError("rows_wrong", count=wrong, column=columns.score)
    if not count:
        raise InputError("no_scores", column=columns.score)
    return marked.where(~F.col("absent")).drop("absent", "wrong"), int(missing), float(np.round(mean)), int(count)


def _quoted(name: str) -> "Column":
    from pyspark.sql import functions as F  # noqa: N812

    return F.col("`" + name.replace("`", "``") + "`")


def _score(text: "Column", column: "Column", kind: str) -> "tuple[Column, Column]":
    """Whether a score is absent, and its value: null where it is no number."""
    from pyspark.sql import functions as F  # noqa: N812

    if kind == "double":
        return column.isNull(), column
    return F.coalesce(text, F.lit("")).isin(*MISSING), F.when(text.rlike(NUMBER), text.cast("double"))


def _labels(rated: "DataFrame", column: str) -> tuple[str, ...]:
    labels = [label for (label,) in rated.select(column).distinct().collect()]
    return tuple(labels[i] for i in label_order(labels))


def _held(
    rated: "DataFrame", units: tuple[str, ...], groups: tuple[str, ...], origin: float, partitions: int
) -> "DataFrame":
    """A row for each partition of raters: its number, its sheet, its sums."""
    from pyspark import StorageLevel

    known = rated.sparkSession.sparkContext.broadcast((units, groups))

    def gather(batches: Batches) -> Batches:
        import pyarrow as pa
        from pyspark import TaskContext

        taken = [batch for batch in batches if batch.num_rows]
        if taken:
            sheet, sums = _gathered(pa.Table.from_batches(taken), known.value, origin)
            place = TaskContext.get().partitionId()
            yield pa.RecordBatch.from_pydict(
                {"place": pa.array([place], pa.int32()), "sheet": [sheet], "sums": [sums.tobytes()]}
            )

    return rated.repartition(partitions, "rater").mapInArrow(gather, HELD).persist(StorageLevel.MEMORY_AND_DISK)


def _gathered(table: Any, labels: tuple[tuple[str, ...], tuple[str, ...]], origin: float) -> tuple[bytes, Floats]:
    """One partition as a pickled sheet, its rows put in an order of their own, and the sums that add up."""
    units, groups = labels
    rater = _codes(table["rater"], sorted(table["rater"].unique().to_pylist()))
    unit, score = _codes(table["unit"], units), np.asarray(table["score"], dtype=np.float64)
    group = _codes(table["grp"], groups) if groups else np.zeros(len(unit), dtype=np.int32)
    order = np.lexsort((score, group, unit, rater))
    sheets = sort_ratings(
        rater[order],
        unit[order],
        score[order],
        units=len(units),
        group=group[order] if groups else None,
        groups=len(groups),
        origin=origin,
    )
    sums = np.concatenate(
        [[sheets.raters, sheets.ratings, sheets.squares], sheets.n, sheets.total, sheets.unit_squares]
    )
    bare = replace(sheets, n=np.empty(0), total=np.empty(0), unit_squares=np.empty(0))
    return pickle.dumps(bare, protocol=5), sums


def _codes(column: Any, labels: Any) -> NDArray[np.int32]:
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pc.index_in(column, value_set=pa.array(labels, type=column.type))
    return np.asarray(found.to_numpy(), dtype=np.int32)


class SparkPasses:
    """`Passes` over the partitions held in a cluster: each is one job of Spark."""

    def __init__(self, held: "DataFrame", units: int, groups: int, origin: float) -> None:
        self._held, self.units, self.groups, self.origin = held, units, groups, origin
        self._columns = units + groups
        sums = self._summed("sums", np.frombuffer, 3 + 2 * self._columns + units)
        self.raters, self.ratings, self.squares = int(sums[0]), int(sums[1]), float(sums[2])
        self.n, self.total, self.unit_squares = np.split(sums[3:], [self._columns, 2 * self._columns])

    def of_raters(self) -> Floats:
        """As promised by `Passes`."""
        return self._passed("of_raters", (2,))

    def shared_with_raters(self) -> Floats:
        """As promised by `Passes`."""
        return self._passed("shared_with_raters", (self._columns + 2,))

    def shared_marks(self) -> csr_array:
        """As promised by `Passes`."""
        if not self.groups:
            return csr_array((self.units, 1))
        found = csr_array((self.units, self.groups))
        for marks in self._collected(lambda passes: passes.shared_marks()):
            found += marks
        return found

    def back(self, ridge: float) -> Floats:
        """As promised by `Passes`."""
        return self._passed("back", (self._columns + 1, 3), ridge)

    def through_raters(self, ridge: float, v: Floats) -> Floats:
        """As promised by `Passes`."""
        return self._passed("through_raters", (self._columns + 1, CARRIED), ridge, v)

    def border(self, ridge: float) -> Floats:
        """As promised by `Passes`."""
        return self._passed("border", (self._columns, self.groups), ridge)

    def connections(self) -> tuple[NDArray[np.int64], int, bool]:
        """For each unit the number of its connected part; marks given twice; whether no rater marked two units."""
        found = self._collected(_joined)
        units = np.tile(np.arange(self.units), len(found))
        heads = np.concatenate([parent for parent, _, _ in found])
        edges = coo_array((np.ones(len(units)), (units, heads)), shape=(self.units, self.units))
        parts = connected_components(edges, directed=False)[1].astype(np.int64)
        return parts, sum(twice for _, twice, _ in found), not any(joined for _, _, joined in found)

    def _passed(self, name: str, shape: tuple[int, ...], *given: Any) -> Floats:
        """One pass: `given` to every partition, the sum of what `SheetPasses` answers there back."""
        sent = self._held.sparkSession.sparkContext.broadcast(given)

        def ask(kept: bytes) -> Floats:
            return np.asarray(getattr(SheetPasses(pickle.loads(kept)), name)(*sent.value), dtype=np.float64)

        try:
            return self._summed("sheet", ask, math.prod(shape)).reshape(shape)
        finally:
            sent.destroy()

    def _summed(self, column: str, ask: Callable[[bytes], Floats], size: int) -> Floats:
        """The sum of a vector over all partitions, in their order, taken in blocks by several machines."""
        blocks = math.ceil(size / IN_ONE_BLOCK)
        adders = min(MOST_ADDERS, blocks)
        asked = self._held.select("place", column).mapInArrow(_in_blocks(ask), SUMMED)
        rows = asked.repartition(adders, "block").mapInArrow(_add_up, SUMMED).collect()
        return np.concatenate([np.frombuffer(row.found) for row in sorted(rows, key=lambda row: row.block)])

    def _collected(self, ask: Callable[[SheetPasses], Any]) -> list[Any]:
        """What every partition answers, in their order."""

        def each(batches: Batches) -> Batches:
            for place, kept in _rows(batches, 2):
                yield _batch(0, place, pickle.dumps(ask(SheetPasses(pickle.loads(kept))), protocol=5))

        rows = self._held.select("place", "sheet").mapInArrow(each, SUMMED).collect()
        return [pickle.loads(row.found) for row in sorted(rows, key=lambda row: row.place)]


def _joined(passes: SheetPasses) -> tuple[NDArray[np.uint32], int, int]:
    from honestrank.linear.kernels import join_units

    parent, seen = np.arange(passes.units, dtype=np.uint32), np.zeros(passes.units, dtype=np.int64)
    joined, twice = join_units(passes.sheets.begins, passes.sheets.unit, parent, seen)
    return parent, int(twice), int(joined)


def _rows(batches: Batches, columns: int) -> Iterator[tuple[Any, ...]]:
    for batch in batches:
        yield from zip(*(batch.column(place).to_pylist() for place in range(columns)), strict=True)


def _batch(block: int, place: int, found: bytes) -> Any:
    import pyarrow as pa

    numbers = {"block": pa.array([block], pa.int32()), "place": pa.array([place], pa.int32())}
    return pa.RecordBatch.from_pydict(numbers | {"found": pa.array([found], pa.binary())})


def _in_blocks(ask: Callable[[bytes], Floats]) -> Callable[[Batches], Batches]:
    def cut(batches: Batches) -> Batches:
        for place, kept in _rows(batches, 2):
            vector = ask(kept).ravel()
            for block, start in enumerate(range(0, len(vector), IN_ONE_BLOCK)):
                yield _batch(block, place, vector[start : start + IN_ONE_BLOCK].tobytes())

    return cut


def _add_up(batches: Batches) -> Batches:
    sums: dict[int, Floats] = {}
    for block, _, found in sorted(_rows(batches, 3), key=lambda row: row[:2]):
        added = np.frombuffer(found)
        sums[block] = sums[block] + added if block in sums else added
    for block, total in sums.items():
        yield _batch(block, 0, total.tobytes())
