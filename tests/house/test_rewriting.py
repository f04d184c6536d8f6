"""A test file that one process of a run rewrote is not rewritten by the next, and its failures still say what was compared."""

import importlib.util
import sys
from pathlib import Path

import pytest
from tests.rewriting import files_of, rewrite_unless_kept

FAILING = "def test_two_is_three():\n    two = 2\n    assert two == 3\n"


def test_what_is_kept_is_what_pytest_reads_itself(pytestconfig, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    path = tmp_path / "test_two.py"
    path.write_text(FAILING)
    assert files_of([tmp_path]) == files_of([path]) == [path]
    assert rewrite_unless_kept(path, pytestconfig)
    assert not rewrite_unless_kept(path, pytestconfig)
    [kept] = tmp_path.glob("__pycache__/*.pyc")
    written = kept.stat().st_ino
    spec = importlib.util.find_spec("tests.house.test_rewriting")
    assert spec is not None
    found = importlib.util.spec_from_file_location("test_two", path, loader=spec.loader)
    assert found is not None
    read = importlib.util.module_from_spec(found)
    found.loader.exec_module(read)
    assert kept.stat().st_ino == written, "pytest took it as it is"
    with pytest.raises(AssertionError, match="assert 2 == 3"):
        read.test_two_is_three()


def test_a_changed_file_is_rewritten(pytestconfig, tmp_path: Path) -> None:
    path = tmp_path / "test_two.py"
    path.write_text(FAILING)
    assert rewrite_unless_kept(path, pytestconfig)
    path.write_text(FAILING.replace("2", "1"))
    assert rewrite_unless_kept(path, pytestconfig)
