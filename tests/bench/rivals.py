"""Runs what is measured beside ours: lme4 (R), glmm, mixedlm and choix (an environment of their own), and very large fits alone.

A rival that is not installed is not measured; `absent` says how to get it. `make bench-rivals` installs all.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / "build" / "rivals" / "bin" / "python"
HERE = Path(__file__).parent
# For 10^8 ratings: seconds before a process is given up, and gigabytes of memory it must find free.
LONGEST, NEEDED = 600, 7
HAS_LME4 = "quit(status = !requireNamespace('lme4', quietly = TRUE))"


def has_lme4() -> bool:
    """Whether R is here, with lme4."""
    return bool(shutil.which("Rscript")) and subprocess.run(["Rscript", "-e", HAS_LME4], check=False).returncode == 0


def absent() -> list[str]:
    """A sentence for each rival that cannot be measured."""
    said = []
    if not PYTHON.exists():
        said.append("glmm, mixedlm and choix are not installed: run make bench-rivals.")
    if not has_lme4():
        said.append("lme4 is not installed: run make bench-rivals as root, or install R with lme4 yourself.")
    return said


def any_installed() -> bool:
    """Whether there is anything to measure against."""
    return len(absent()) < 2


@dataclass(frozen=True)
class Took:
    """Seconds of a rival's quickest run: from the file to its estimates, and from what it had read."""

    whole: float
    fit: float


def lme4_seconds(path: Path, formula: str, repeats: int) -> Took | None:
    """lme4's."""
    return _seconds(["Rscript", str(HERE / "rivals.R"), str(path), formula, str(repeats)]) if has_lme4() else None


def glmm_seconds(path: Path, formula: str, repeats: int) -> Took | None:
    """Those of PyPI's glmm."""
    return _python("glmm", str(path), formula, str(repeats))


def mixedlm_seconds(path: Path, formula: str, repeats: int) -> Took | None:
    """Those of PyPI's mixedlm."""
    return _python("mixedlm", str(path), formula, str(repeats))


def choix_seconds(orders: NDArray[np.int64]) -> float | None:
    """choix on ballots that each list all candidates, best first, from memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "orders.npy")
        np.save(path, orders)
        took = _python("choix", str(path))
        return took and took.fit


def _python(*arguments: str) -> Took | None:
    return _seconds([str(PYTHON), str(HERE / "rivals_alone.py"), *arguments]) if PYTHON.exists() else None


def _seconds(command: list[str]) -> Took:
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Took(**json.loads(done.stdout.splitlines()[-1]))


@dataclass(frozen=True)
class Alone:
    """What a process of its own took: seconds, peak memory, and the seconds of what it is compared with."""

    seconds: float
    gigabytes: float
    reference: float


def alone(kind: str, ratings: int) -> Alone | None:
    """`huge.py` in a process of its own; kind `arrays` or `command`. None, said in words, without memory or after long."""
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9
    if free < NEEDED:
        print(f"{kind} of {ratings:,} ratings is not measured: {free:.1f} GB of memory are free, {NEEDED} are needed.")
        return None
    command = [sys.executable, "-m", "tests.bench.huge", kind, str(ratings)]
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    try:
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, env=environment, cwd=ROOT, timeout=LONGEST
        )
    except subprocess.TimeoutExpired:
        print(f"{kind} of {ratings:,} ratings is not measured: it was not done after {LONGEST} s.")
        return None
    return Alone(**json.loads(done.stdout.splitlines()[-1]))
