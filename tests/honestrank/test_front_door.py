"""The front door: every name lives where the imports for type checkers say, and nothing heavy is loaded before it is asked for."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

import honestrank
from honestrank.linear.minimum import root_between

# What takes longer to load than a count of ballots takes, or the help.
HEAVY = ("scipy", "numba", "duckdb", "pandas")


def loaded_after(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_every_name_is_that_of_the_module_its_import_names() -> None:
    tree = ast.parse(Path(honestrank.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    named = {alias.name: node.module for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert set(named) == set(honestrank.__all__) == set(honestrank._PLACE)
    for name, module in named.items():
        assert getattr(honestrank, name) is getattr(importlib.import_module(str(module)), name)
        assert name in dir(honestrank)
    with pytest.raises(AttributeError, match="no attribute 'rankings'"):
        honestrank.rankings  # noqa: B018


def test_the_door_and_the_help_load_nothing_heavy() -> None:
    assert not loaded_after("import honestrank") & {"numpy", *HEAVY}
    asked = "import contextlib, io, honestrank.__main__ as m\nwith contextlib.redirect_stdout(io.StringIO()):\n"
    for words in (["--help"], ["rank", "--help"], ["check-certificate", "--help"]):
        run = f" try: m.main({words!r})\n except SystemExit: pass"
        assert not loaded_after(asked + run) & {"numpy", *HEAVY}


def test_a_file_without_raters_needs_no_scipy_and_no_compiler(tmp_path: Path) -> None:
    """What takes longest to load stays out of a short file's way."""
    path = tmp_path / "marks.csv"
    path.write_text("u,s\n" + "".join(f"{i % 20},{i * 7 % 11}\n" for i in range(400)), encoding="utf-8")
    asked = [str(path), "--unit", "u", "--score", "s"]
    run = f"import contextlib, io, honestrank.__main__ as m\nwith contextlib.redirect_stdout(io.StringIO()):\n assert not m.main({asked!r})"
    found = loaded_after(run)
    assert "duckdb" in found
    assert not found & {"numba", "narwhals", "scipy"}


@settings(max_examples=200, deadline=None)
@given(st.floats(0.01, 20), st.floats(-5, 5), st.floats(0.05, 0.95), st.sampled_from(["cubic", "exp", "step", "flat"]))
def test_the_root_is_found_as_by_brent(scale: float, shift: float, at: float, kind: str) -> None:
    low, high = shift - scale, shift + scale
    root = low + at * (high - low)
    slopes = {
        "cubic": lambda x: (x - root) ** 3 + 1e-3 * (x - root),
        "exp": lambda x: float(np.expm1((x - root) / scale)),
        "step": lambda x: float(np.arctan(1e6 * (x - root) / scale)),
        "flat": lambda x: ((x - root) / scale) ** 9,
    }
    found, calls = root_between(slopes[kind], low, high, 1e-12)
    assert found == pytest.approx(root, abs=1e-10 * scale + 4e-12)
    if kind != "flat":
        assert found == pytest.approx(brentq(slopes[kind], low, high, xtol=1e-12), abs=1e-10 * scale + 4e-12)
    assert calls <= 200
    turned, _ = root_between(lambda x: -slopes[kind](x), low, high, 1e-12)
    assert turned == found
