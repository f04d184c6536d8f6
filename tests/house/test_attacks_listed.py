"""Every test that docs/attacks.md names exists, and every test of an attack is named there."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ATTACKS = sorted((ROOT / "tests" / "house").glob("test_attacks_*.py"))


def names_of(path: Path) -> set[str]:
    """The tests of a file."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return {node.name for node in body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_every_attack_in_the_list_has_its_test_and_every_test_of_an_attack_is_in_the_list() -> None:
    text = (ROOT / "docs" / "attacks.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| attack")]
    named = set(re.findall(r"`(test_\w+)`", "\n".join(rows)))
    assert all("`test_" in row for row in rows)
    assert len(rows) > 35
    existing = set().union(*(names_of(path) for path in (ROOT / "tests").rglob("test_*.py")))
    assert named - existing == set()
    own = names_of(Path(__file__))
    assert set().union(*(names_of(path) for path in ATTACKS)) - own - named == set()
