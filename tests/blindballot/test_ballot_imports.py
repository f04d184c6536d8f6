"""What the engine may touch: no framework, no network, no clock. What its folders may import is a contract of the house."""

import ast
import sys
from pathlib import Path

import blindballot

PACKAGE = Path(blindballot.__file__).parent
ALLOWED = {"blindballot", "cryptography", "gmpy2", "rfc8785", *sys.stdlib_module_names}
FORBIDDEN = {"datetime", "time", "socket", "urllib", "http", "random"}


def imported(path: Path) -> set[str]:
    """The packages that a module's text imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add((node.module or "").split(".")[0])
    return names


def test_the_engine_is_pure() -> None:
    modules = list(PACKAGE.rglob("*.py"))
    assert len(modules) > 25
    for path in modules:
        assert imported(path) <= ALLOWED - FORBIDDEN, path.name
