"""Every command line that docs/running.md prints: it is run here as it stands, or named with the reason why it is run elsewhere."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from tests.living.homes import ROOT, environment_of, migrated_home

from zhengyou.__main__ import KEPT_COMMANDS
from zhengyou.base.home import own_cluster

RUNNING = (ROOT / "docs/running.md").read_text(encoding="utf-8")
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.S | re.M)
BEGINNINGS = (
    ".venv/bin/python -m zhengyou ",
    ".venv/bin/python -m ",
    "python -m ",
    "zhengyou ",
    "issuer ",
    "make ",
    "…",
)
# What runs in a test of its own, because it lives on, needs a browser's or an issuer's work before it, or installs things.
ELSEWHERE = {
    "make install": "tests/house/test_installed.py installs the wheel; tests/house/test_fresh_machine.py runs make wheel",
    "make wheel": "tests/house/test_fresh_machine.py",
    "make demo": "tests/house/test_fresh_machine.py",
    "make demo PACK=hospital": "tests/web/test_words_of_another_pack.py builds it; the Makefile passes the word on",
    "make bench": "tests/bench, no test",
    "zhengyou serve": "tests/living/house.py",
    "zhengyou practice": "tests/web/test_practice.py, tests/operating/test_practice_beside.py",
    "zhengyou work": "tests/house/test_kill_worker.py",
    "zhengyou issuer": "tests/rooms/issuers, tests/house/test_kill_issuer.py",
    "python -m blindballot scrutineer": "tests/blindballot/test_ballot_scrutiny.py",
}


def command_lines() -> list[str]:
    """Lines of fenced blocks, and what stands between backticks and begins like a command; each once."""
    fenced = [line.strip() for kind, block in FENCED.findall(RUNNING) if not kind for line in block.splitlines()]
    outside = FENCED.sub("", RUNNING)
    ticked = [text for text in re.findall(r"`([^`\n]+)`", outside) if text.startswith(BEGINNINGS[:-1])]
    return list(dict.fromkeys(line for line in fenced + ticked if line))


def plain(line: str) -> str:
    """A command as `zhengyou …`, whichever way it was written."""
    for beginning in (".venv/bin/python -m zhengyou", "python -m zhengyou"):
        if line.startswith(beginning):
            return "zhengyou" + line.removeprefix(beginning)
    return f"zhengyou {line}" if line.startswith("issuer ") else line.removeprefix(".venv/bin/")


def is_elsewhere(line: str) -> bool:
    return any(plain(line) == name or plain(line).startswith(f"{name} ") for name in ELSEWHERE)


def here() -> list[str]:
    return [line for line in command_lines() if not is_elsewhere(line) and not line.startswith("export ")]


def test_every_line_is_found() -> None:
    lines = [plain(line) for line in command_lines()]
    for wanted in ("create_office", "backup", "restore", "doctor", "version", "journal check"):
        assert any(line.startswith(f"zhengyou {wanted}") for line in lines), wanted
    assert not any("pg_dump" in line for line in lines)
    assert [line for line in here() if not plain(line).startswith("zhengyou ")] == []


def test_nothing_is_listed_that_is_not_printed() -> None:
    unused = [
        name
        for name in ELSEWHERE
        if not any(is_elsewhere(line) and plain(line).startswith(name) for line in command_lines())
    ]
    assert unused == []


@pytest.mark.long
def test_each_line_runs_as_it_is_printed(tmp_path: Path) -> None:
    (tmp_path / "entries.jsonl").write_text("")
    alone = [line for line in here() if plain(line).startswith("zhengyou restore ")]
    with migrated_home() as home:
        with own_cluster(home, durable=False):  # so that not every command starts and stops a server of its own
            for line in (line for line in here() if line not in alone):
                check(line, home, tmp_path)
        for line in alone:
            check(line, home, tmp_path)


def check(line: str, home: Path, folder: Path) -> None:
    done = run(line, home, folder)
    assert "Traceback" not in done.stderr, (line, done.stderr)
    assert done.returncode == expected(line), (line, done.stdout, done.stderr)


def run(line: str, home: Path, folder: Path) -> "subprocess.CompletedProcess[str]":
    """The line in the prepared home; folders and files of the text are those of the test."""
    words = shlex.split(plain(line))[1:]
    given = {
        "/backup/zhengyou": f"{folder}/backups", "/elsewhere/secrets": f"{folder}/secrets", "entries.jsonl": f"{folder}/entries.jsonl",
        "FILE": str(ROOT / "src/zhengyou/packs/hospital-appraisal.toml"), "FOLDER": f"{folder}/backups", "ID": "excellence-light",
        "LOGIN": "office", "17:9f86d0…": f"17:{'9f' * 32}",
        "/etc/nginx/conf.d/zhengyou.conf": str(ROOT / "packaging/nginx/zhengyou.conf"),
    }  # fmt: skip
    is_restore = words[0] == "restore"
    environment = environment_of(home) | {"LANG": "C"}
    command = [sys.executable, "-m", "zhengyou", *(given.get(word, word) for word in words)]
    command += ["--replace"] if is_restore else []
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )


def expected(line: str) -> int:
    """How a line ends in a house that was just founded: it has no entry 17, and what a downloader gave is empty."""
    refused = ("--head", "entries.jsonl", "forget 17")
    return int(any(word in line for word in refused))


def test_no_command_is_offered_that_empties_serves_or_enters_the_house_past_its_rules(tmp_path: Path) -> None:
    def said(*words: str) -> str:
        command = (sys.executable, "-m", "zhengyou", *words)
        done = subprocess.run(command, env=environment_of(tmp_path), capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    own = {path.stem for path in (ROOT / "src/zhengyou/management/commands").glob("[a-z]*.py")}
    assert set(said("help", "--commands").split()) == own | KEPT_COMMANDS
    assert "Unknown command: 'createsuperuser'" in said("help", "createsuperuser")
