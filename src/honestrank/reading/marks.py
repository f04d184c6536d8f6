"""How often each mark was given to each unit, where few different marks are given. Sums are `ratings`' business."""

import duckdb

from honestrank.sums import Marks

# Grades are few; a file with more different scores holds measurements, whose distribution nobody reads in a table.
MOST_GRADES = 20


def marks_by_unit(connection: duckdb.DuckDBPyConnection, units: tuple[str, ...]) -> Marks | None:
    """The distribution of each of `units` from the view `rated` (unit, score); None above 20 different scores."""
    few = connection.execute(
        f"SELECT count(*) FROM (SELECT DISTINCT score FROM rated LIMIT {MOST_GRADES + 1})"
    ).fetchall()[0][0]
    if few > MOST_GRADES:
        return None
    found: dict[str, list[tuple[float, int]]] = {unit: [] for unit in units}
    for unit, score, count in connection.execute(
        "SELECT unit, score, count(*) FROM rated GROUP BY unit, score ORDER BY score"
    ).fetchall():
        found[str(unit)].append((float(score), int(count)))
    return tuple(tuple(found[unit]) for unit in units)
