"""A refusal says a day as its reader writes it, never as a program does: 3 December 2026, not 2026-12-03."""

import ast
import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2] / "src" / "zhengyou"
A_DAY = re.compile(r"(_on|_from|_until)$|^(day|soonest|latest|earliest|due_on|publish_by)$")


def bare_days(path: Path) -> list[str]:
    """Where a day stands in a sentence as it is: in what follows %, or among the details of `worded`."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        said: list[ast.expr] = []
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and isinstance(node.right, ast.Dict):
            said = node.right.values
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "worded":
            said = [one.value for one in node.keywords]
        for value in said:
            if isinstance(value, ast.Call) and getattr(value.func, "attr", "") == "isoformat":
                found.append(f"{path.relative_to(HOUSE)}:{value.lineno} isoformat")
            name = value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")
            if A_DAY.search(name):
                found.append(f"{path.relative_to(HOUSE)}:{value.lineno} {name}")
    return found


@pytest.mark.parametrize("path", sorted(HOUSE.glob("*/rules.py")), ids=lambda path: path.parent.name)
def test_no_refusal_says_a_day_as_a_program_does(path) -> None:
    assert bare_days(path) == []
