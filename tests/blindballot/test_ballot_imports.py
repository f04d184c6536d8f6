"""What the engine may touch: the verifier none of what it checks, the whole of it no framework and no clock."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import blindballot

PACKAGE = Path(blindballot.__file__).parent
CHECKED = {"issuing", "receiving", "voting", "tallying", "exporting", "boardwriting"}


def imported(module: str) -> set[str]:
    """Every module that one module's text imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse((PACKAGE / f"{module}.py").read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add(node.module or "")
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def own(module: str) -> set[str]:
    """The engine's own modules among them."""
    names = {name.split(".")[1] for name in imported(module) if name.startswith("blindballot.")}
    return {name for name in names if (PACKAGE / f"{name}.py").exists()}


def reached(module: str) -> set[str]:
    found, waiting = {module}, [module]
    while waiting:
        new = own(waiting.pop()) - found
        found |= new
        waiting += new
    return found


def test_the_verifier_reaches_nothing_that_it_checks() -> None:
    for module in ("verifier", "__main__"):
        assert reached(module) & CHECKED == set()
        assert {"slips", "record", "publication", "boardcheck", "processes"} <= reached(module)


def test_the_search_itself_finds_what_it_should() -> None:
    assert CHECKED - {"issuing", "voting"} <= reached("exporting")
    assert reached("voting") & CHECKED == {"voting"}


def test_the_engine_is_pure() -> None:
    allowed = {"blindballot", "cryptography", "gmpy2", "rfc8785"}
    for path in PACKAGE.glob("*.py"):
        tops = {name.split(".")[0] for name in imported(path.stem)}
        outside = {top for top in tops if top not in allowed and not is_standard(top)}
        assert outside == set(), path.name
        assert tops & {"datetime", "time", "socket", "urllib", "http", "random"} == set(), path.name


def is_standard(top: str) -> bool:
    return top in sys.stdlib_module_names
