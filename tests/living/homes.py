"""Homes for houses in processes of their own: an empty one, or one whose database is there already, whole and migrated.

Making and migrating a cluster takes as long as many tests. It is done once a test run, in a pattern beside the run's own servers
and by the real start of a house; the homes get copies of its data. One test serves from nothing, so that a first start is tried too.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def empty_home() -> Iterator[Path]:
    """A fresh folder that the servers' account can pass through; gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="zhengyou-living-"))
    home.chmod(0o711)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def migrated_home() -> Iterator[Path]:
    """The same with the database, stopped: a durable cluster with empty tables. The servers of polls have their template there."""
    with empty_home() as home:
        for folder in ("database", "polls"):
            (home / folder).mkdir()
            (home / folder).chmod(0o711)
        subprocess.run(("cp", "-a", _pattern() / "database" / "data", home / "database" / "data"), check=True)
        for template in (_pattern() / "polls").glob(".template-*"):
            (home / "polls" / template.name).symlink_to(template)
        (home / "programs").symlink_to(
            _pattern() / "programs"
        )  # root's stand-in runs a copy; one will do for all homes
        yield home


def environment_of(home: Path) -> dict[str, str]:
    """The environment of a process that lives in this home, with its own embedded servers."""
    kept = {name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")}
    kept.pop("ZHENGYOU_DEBUG", None)
    own = {"ZHENGYOU_HOME": str(home), "DJANGO_SETTINGS_MODULE": "zhengyou.settings"}
    return kept | own | {"PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))}


def _pattern() -> Path:
    """The home that is copied, made by whichever worker of the run needs it first."""
    pattern = Path(os.environ["ZHENGYOU_HOME"]) / "pattern"
    with pattern.with_name("pattern.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (pattern / "whole").exists():
            shutil.rmtree(pattern, ignore_errors=True)
            pattern.mkdir()
            pattern.chmod(0o711)
            made = (sys.executable, "-m", "tests.living.stories", "nothing")
            subprocess.run(made, cwd=ROOT, env=environment_of(pattern), check=True, stdout=subprocess.DEVNULL)
            (pattern / "whole").touch()
    return pattern
