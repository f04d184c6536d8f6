"""`python -m tests.bench`: runs every bench, prints both sides and their ratio, and writes build/bench.json. Minutes; with rivals, more."""

import json
import time
from pathlib import Path

from tests.bench import (
    belenios_bench,
    cases_bench,
    cast_bench,
    coverage_bench,
    import_bench,
    issue_bench,
    large_district_bench,
    letters_bench,
    lists_bench,
    page_bench,
    rank_bench,
    siege_bench,
    verify_bench,
    window_bench,
)

TARGET = Path(__file__).resolve().parents[2] / "build" / "bench.json"
BENCHES = (
    verify_bench.measure,
    lambda: [issue_bench.measure()],
    belenios_bench.measure,
    cast_bench.measure,
    siege_bench.measure,
    window_bench.measure,
    cases_bench.measure,
    lambda: [page_bench.measure()],
    lambda: [lists_bench.measure()],
    lambda: [coverage_bench.measure()],
    lambda: [large_district_bench.measure()],
    letters_bench.measure,
    lambda: [import_bench.measure()],
    rank_bench.measure,
)
COLUMNS = "{name:24}{ours:>12}{reference:>14}{ratio:>9}  {unit}"


def main() -> None:
    """Run the benches one after the other, so that none disturbs another."""
    print(COLUMNS.format(name="", ours="ours", reference="reference", ratio="ratio", unit=""))
    results = []
    for bench in BENCHES:
        start = time.perf_counter()
        for row in bench():
            results.append(row)
            print(COLUMNS.format(**row), flush=True)
        print(f"({time.perf_counter() - start:.0f} s)", flush=True)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
