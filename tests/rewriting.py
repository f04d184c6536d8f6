"""In a clean clone the processes of a run share the rewriting of asserts in test files; a pytest plugin (`-p tests.rewriting`).

All of them read all test files, at the same time: each would rewrite each file for itself, 16 seconds of a processor. What one
has rewritten is read by the others, as pytest keeps it.
"""

from pathlib import Path

import pytest
from _pytest.assertion import rewrite

ROOT = Path(__file__).resolve().parents[1]


def pytest_sessionstart(session: pytest.Session) -> None:
    """Before it collects, a process rewrites every third file, if there are three."""
    given = getattr(session.config, "workerinput", None)
    if given is None:
        return
    place, processes = int(given["workerid"].removeprefix("gw")), given["workercount"]
    for path in files_of([ROOT / argument.partition("::")[0] for argument in session.config.args])[place::processes]:
        rewrite_unless_kept(path, session.config)


def files_of(places: list[Path]) -> list[Path]:
    """The test files that will be read, in the same order in every process."""
    found = {file for place in places for file in ([place] if place.is_file() else place.rglob("test_*.py"))}
    return sorted(found)


def rewrite_unless_kept(path: Path, config: pytest.Config) -> bool:
    """Write what pytest would write at the import of this file, and whether that was needed."""
    kept = rewrite.get_cache_dir(path) / f"{path.stem}{rewrite.PYC_TAIL}"
    if rewrite._read_pyc(path, kept) is not None:
        return False
    source, code = rewrite._rewrite_test(path, config)
    kept.parent.mkdir(exist_ok=True)
    return rewrite._write_pyc(config.stash[rewrite.assertstate_key], code, source, kept)
