"""Where a run's time goes, by folder and by test: printed, and written to `build/test-times.json`; a pytest plugin (`-p tests.times`).

Never asserted: a busy machine is no fault of a test. Runs of a single process, which are of a part, are not written.
"""

import json
from collections import defaultdict
from pathlib import Path

import hypothesis
import pytest

hypothesis.settings.register_profile("no deadline", deadline=None)
hypothesis.settings.load_profile("no deadline")

FILE = Path(__file__).resolve().parents[1] / "build" / "test-times.json"
SLOWEST = 20
_seconds: defaultdict[str, float] = defaultdict(float)
_each: defaultdict[str, float] = defaultdict(float)
_tests: defaultdict[str, set[str]] = defaultdict(set)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Reports of all workers come by here, in the process that started them."""
    folder = report.nodeid.partition("::")[0].rpartition("/")[0]
    _seconds[folder] += report.duration
    _each[report.nodeid] += report.duration
    _tests[folder].add(report.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The most expensive folders first. Seconds of all workers are added up, so two workers spend two in one."""
    if not getattr(config.option, "numprocesses", None) or not _seconds:
        return
    order = sorted(_seconds, key=lambda folder: -_seconds[folder])
    times = {folder: {"seconds": round(_seconds[folder], 1), "tests": len(_tests[folder])} for folder in order}
    terminalreporter.section("seconds by folder")
    for folder, row in times.items():
        terminalreporter.line(f"{row['seconds']:8.1f} s {row['tests']:5d} tests  {folder}")
    slowest = sorted(_each, key=lambda test: -_each[test])[:SLOWEST]
    for test in slowest:
        terminalreporter.line(f"{_each[test]:8.1f} s {test}")
    FILE.parent.mkdir(exist_ok=True)
    runs = json.loads(FILE.read_text()) if FILE.exists() else {}
    where = "journeys" if set(times) == {"tests/journeys"} else "inside"
    runs[f"{config.option.markexpr or 'all'}, {where}"] = times
    FILE.write_text(json.dumps(runs, indent=1) + "\n")
