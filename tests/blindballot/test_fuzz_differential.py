"""Both verifiers say the same of every record: seeded mutations of sound ones, judged in Python and by the recount of the page.

Any difference is a failure that prints the mutation. That the fuzzer is worth something is shown by taking out, one at a time,
what once made the two disagree.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.blindballot.mutations import (
    COSIGNATURES,
    Base,
    Kind,
    Mutation,
    change_instant,
    change_keys,
    change_number,
    change_question,
    grow,
    mutate,
    pack,
    rename,
    settle,
)
from tests.blindballot.polls import document, make_poll, question
from tests.blindballot.records import cosign_record, export
from tests.vectors.make_record import make_sound, words_of_scrutineers
from tests.vectors.question_variants import question_poll

from blindballot.format import fields
from blindballot.format.cosigning import Cosignature
from blindballot.verifying.unpacking import record_folder
from blindballot.verifying.verifier import UnreadableError, verify

ROOT = Path(__file__).parents[2]
FEW, MANY = 250, 600
# As many of one kind as are needed to find any one of the known differences.
ENOUGH = 300


class Browser:
    """The recount of the page under node; `without` are texts of its modules to be replaced, as (module, text, text instead)."""

    def __init__(self, without: Sequence[tuple[str, str, str]] = ()) -> None:
        path = os.pathsep.join([str(ROOT / ".venv" / "bin"), os.environ["PATH"]])
        node = shutil.which("node", path=path)
        assert node is not None
        command = [node, "test/verdicts.mjs", json.dumps(list(without))]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, cwd=ROOT / "frontend", stdin=pipe, stdout=pipe, text=True)

    def ask(self, path: Path) -> None:
        """Hands a record over; its verdict is waited for later, so that both verifiers work at once."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{path}\n")
        self.process.stdin.flush()

    def verdict(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        said: dict[str, Any] = json.loads(self.process.stdout.readline())
        return said

    def close(self) -> None:
        self.process.communicate(timeout=60)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    made = Browser()
    yield made
    made.close()


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def full_base(at: Path) -> Base:
    made = make_sound()
    folder = export(made, at)
    cosign_record(made, folder, words_of_scrutineers(made, folder))
    return Base(made, files_of(folder), is_empty=False)


def question_base(at: Path) -> Base:
    """Rankings and approvals, open, in counts and in bands."""
    made = question_poll()
    return Base(made, files_of(export(made, at)), is_empty=False)


def empty_base(at: Path) -> Base:
    """Nobody has voted, so every change of the manifest can be signed for; two issuers, questions, paper, scrutineers."""
    plan = document({"members": 8, "guests": 6}, ("u1", "u2"), ("work", "service"), {"guests": ("office", "county")})
    plan["lines"][1]["criteria"] = ["work"]
    plan["lines"] += [question("q1", "ranking", 3), question("q2", "approval", 2)]
    plan["pools"][1]["lines"] = ["u2", "q1"]
    plan["thresholds"]["turnout"] = [0, 1]
    made = make_poll(plan, scrutineers=3)
    made.cancel("members", 1, drawn=1)
    folder = export(made, at)
    cosign_record(made, folder, [Cosignature("", "s1", "seen"), Cosignature("", "s2", "disagrees", remark="No.")])
    return Base(made, files_of(folder), is_empty=True)


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> list[Base]:
    makers = (full_base, empty_base, question_base)
    return [make(tmp_path_factory.mktemp(make.__name__)) for make in makers]


@dataclass
class Difference:
    number: int
    mutation: Mutation
    python: Any
    browser: Any

    def __str__(self) -> str:
        words = "\n  ".join(self.mutation.words)
        return f"mutation {self.number}:\n  {words}\n Python: {self.python}\n browser: {self.browser}"


def place(mutation: Mutation, at: Path) -> Path:
    """The mutated record as a folder, or as the zip that it is."""
    shutil.rmtree(at, ignore_errors=True)
    at.mkdir()
    if mutation.packed is not None:
        (at / "record.zip").write_bytes(mutation.packed)
        return at / "record.zip"
    for name, data in mutation.files.items():
        (at / name).write_bytes(data)
    return at


def judge(path: Path) -> tuple[bool, Any]:
    try:
        with record_folder(path) as folder:
            verdict = verify(folder, decrypt_all=True, processes=1)
    except UnreadableError as error:
        return False, str(error)
    return verdict.is_sound, [(each.file, each.line, each.check) for each in verdict.findings[:5]]


def differences(
    bases: list[Base], browser: Browser, at: Path, count: int, seed: int = 0, kinds: Mapping[Kind, int] | None = None
) -> Iterator[Difference]:
    """What the two do not agree on among so many mutations. Those of given `kinds` are of the record without slips."""
    for number in range(count):
        dice = random.Random(f"{seed} {number}")
        base = bases[1] if kinds else dice.choices(bases, weights=(15, 75, 10))[0]
        mutation = mutate(base, dice, kinds)
        path = place(mutation, at / "mutated")
        browser.ask(path)
        is_sound, findings = judge(path)
        verdict = browser.verdict()
        if is_sound != verdict["sound"]:
            yield Difference(number, mutation, findings or "sound", verdict)


def test_what_is_mutated_is_sound_to_both(bases: list[Base], browser: Browser, tmp_path: Path) -> None:
    for base in bases:
        files = dict(base.files)
        settle(files, base.poll)
        assert files == base.files
        path = place(Mutation(files), tmp_path / "sound")
        browser.ask(path)
        assert judge(path) == (True, [])
        assert browser.verdict() == {"sound": True, "findings": []}
    assert COSIGNATURES in bases[0].files


def test_no_mutation_tells_the_two_apart(bases: list[Base], browser: Browser, tmp_path: Path) -> None:
    found = list(differences(bases, browser, tmp_path, FEW))
    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize("name", ["../x", "..x", "record/..x", "...", ".x", "record/.x"])
def test_a_name_with_dots_is_hidden_to_both_or_strange_to_both(
    bases: list[Base], browser: Browser, tmp_path: Path, name: str
) -> None:
    path, is_hidden = tmp_path / "record.zip", "/.x" in f"/{name}"
    with zipfile.ZipFile(path, "w") as archive:
        for each, data in bases[1].files.items():
            archive.writestr(f"record/{each}", data)
        archive.writestr(name, b"x")
    for packed in (path, place(Mutation({**bases[1].files, name.rpartition("/")[2]: b"x"}), tmp_path / "folder")):
        if packed == path or name != "../x":
            browser.ask(packed)
            assert (judge(packed)[0], browser.verdict()["sound"]) == (is_hidden, is_hidden)


@pytest.mark.long
def test_no_mutation_of_many_tells_the_two_apart(bases: list[Base], browser: Browser, tmp_path: Path) -> None:
    found = list(differences(bases, browser, tmp_path, MANY, seed=1))
    assert not found, "\n".join(map(str, found))


# What the browser's side once did otherwise: the kind of mutation that tells, the module, its text, and the text with the fix
# taken out.
# That of options is one that could have been: what a question may ask is written twice, from one page.
ONCE_IN_THE_BROWSER: dict[str, tuple[Kind, str, str, str]] = {
    "years": (change_instant, "shared/fields.ts", "/^2[0-9]{3}-", "/^[0-9]{4}-"),
    "turnout": (change_number, "recount/manifest.ts", "const mostTurnout = 1000;", "const mostTurnout = 2 ** 31;"),
    "criteria": (grow, "recount/manifest.ts", "] = [1000, 100_000,", "] = [100_000, 100_000,"),
    "even moduli": (change_keys, "recount/moduli.ts", "return larger === 1n;", "return true;"),
    "ids": (
        rename,
        "recount/comparing.ts",
        "const [said, own] = [cancelled.get(id) ?? 0,",
        "const [said, own] = [Object.fromEntries(cancelled)[id] ?? 0,",
    ),
    "options": (change_question, "recount/questions.ts", "ranking: 16,", "ranking: 17,"),
    "zips": (
        pack,
        "recount/source.ts",
        "new Map(visible.map(({ name, unpack }) => [name, unpack()]))",
        "new Map(Object.entries(visible.reduce((all, { name, unpack }) => { all[name] = unpack(); return all; }, {})))",
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("fix", ONCE_IN_THE_BROWSER)
def test_each_old_difference_would_be_found(bases: list[Base], fix: str, tmp_path: Path) -> None:
    kind, module, text, instead = ONCE_IN_THE_BROWSER[fix]
    browser = Browser([(module, text, instead)])
    try:
        assert is_told(bases, browser, tmp_path, kind)
    finally:
        browser.close()


@pytest.mark.long
def test_digits_of_other_scripts_would_be_found(
    bases: list[Base], browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fields, "INSTANT", re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"))
    assert is_told(bases, browser, tmp_path, change_instant)


def is_told(bases: list[Base], browser: Browser, at: Path, kind: Kind) -> bool:
    """Whether mutations of this kind tell the two apart."""
    return next(differences(bases, browser, at, ENOUGH, kinds={kind: 1}), None) is not None
