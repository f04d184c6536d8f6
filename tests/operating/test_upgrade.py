"""An upgrade: every kept dump, and one made now, is loaded, migrated, walked; its open poll is voted in, closed, counted, verified."""

import json
import re
import subprocess
import sys
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from tests.dumps import keeping, making
from tests.living.homes import ROOT
from tests.living.house import LivingHouse, LivingPoll, ask

KEPT = sorted(making.FOLDER.glob("*.zip"))
PAGES_WALKED = 40


def about(file: Path) -> dict[str, Any]:
    with zipfile.ZipFile(file) as archive:
        return json.loads(archive.read(keeping.ABOUT))  # type: ignore[no-any-return]


def test_a_migration_that_a_kept_dump_knows_is_never_written_anew() -> None:
    present = keeping.migrations()
    for known in (about(file)["migrations"] for file in KEPT):
        assert {name: present.get(name) for name in known} == known, (
            "add a migration, and leave the earlier ones as they were"
        )


@pytest.fixture(scope="module")
def made_now(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("dumps") / "now.zip"
    making.make(file)
    return file


@pytest.mark.long
@pytest.mark.parametrize("kept", ["made now", *KEPT], ids=lambda kept: getattr(kept, "stem", kept))
def test_a_house_is_upgraded_with_a_poll_open(kept: Path | str, request: pytest.FixtureRequest) -> None:
    file = kept if isinstance(kept, Path) else request.getfixturevalue("made_now")
    expected = about(file)
    with LivingHouse(workers=1, is_new=True, is_served=False) as house:
        load = (sys.executable, "-m", "tests.dumps.keeping", "load", file)
        loaded = subprocess.run(load, cwd=ROOT, env=house.environment, capture_output=True, text=True, check=False)
        assert loaded.returncode == 0, loaded.stderr
        house.start()
        assert walked(house) >= PAGES_WALKED
        assert verified(house, expected["counted"]) == expected["voters"]
        voters = expected["voted_before"] + voted_after(house, expected)
        house.tell("close_poll", expected["open"]["key"])
        assert verified(house, expected["open"]["key"]) == voters
        assert house.polls() == []
        assert "Traceback" not in house.log()


def walked(house: LivingHouse) -> int:
    """How many public pages answer, from the first one along their links."""
    seen, waiting = set[str](), ["/"]
    with closing(house.connect()) as connection:
        while waiting and len(seen) < 2 * PAGES_WALKED:
            path = waiting.pop(0)
            seen.add(path)
            status, page = ask(connection, "GET", path)
            assert status in {200, 302}, (path, status)
            links = re.findall(r'<a [^>]*href="(/[^"#]*)', page.decode(errors="replace"))
            waiting += [to for to in map(unescape, dict.fromkeys(links)) if to not in seen and to not in waiting]
    return len(seen)


def voted_after(house: LivingHouse, expected: dict[str, Any]) -> int:
    """How many voted after the upgrade: who had fetched tokens before, and who follows a code of before. Nobody once the time is over."""
    if datetime.fromisoformat(expected["closes_at"]) <= datetime.now(UTC):
        return 0
    poll = LivingPoll(expected["open"])
    with closing(house.connect()) as connection:
        status, answer = ask(connection, "POST", poll.path("cast"), expected["waiting"].encode())
        assert status == 200, answer
    for code in poll.codes:
        making.voted(house, poll, code, "good")
    return 1 + len(poll.codes)


def verified(house: LivingHouse, poll: str) -> int:
    """How many voted by a record that the verifier finds sound."""
    [record] = [path for path in (house.home / "records").rglob("record.json") if poll in str(path)]
    command = (sys.executable, "-m", "blindballot", "verify", record.parent, "--lang", "en")
    done = subprocess.run(command, cwd=ROOT, env=house.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    [returned] = re.findall(r"\toffice \d+\t(\d+)\t", done.stdout)
    return int(returned)
