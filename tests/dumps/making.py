"""Makes a dump to keep: a small house with a poll that was closed and counted, and one that is open while it is upgraded.

`make dump` writes it into this folder under the version's name. Run it once for each release, before anything is changed after it.
"""

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.living.homes import ROOT
from tests.living.house import LivingHouse, LivingPoll, ask

FOLDER = Path(__file__).resolve().parent
VOTERS, LINES = 6, 2
VOTED_BEFORE = 3


def voted(house: LivingHouse, poll: LivingPoll, code: str, grade: str, *, is_cast: bool = True) -> str:
    """Somebody fetches their tokens and casts, or keeps what they would cast; returns that body."""
    ballot = poll.ballot()
    with closing(house.connect()) as connection:
        status, answer = ask(connection, "POST", poll.path("issue"), poll.issue_body(ballot, code))
        assert status == 200, answer
        poll.accept(ballot, answer)
        body = poll.cast_body(ballot, grade)
        if is_cast:
            status, answer = ask(connection, "POST", poll.path("cast"), body)
            assert status == 200, answer
    return body.decode()


def lived() -> tuple[LivingHouse, dict[str, Any]]:
    """A house that has lived, and what to expect of it. It is stopped."""
    house = LivingHouse(workers=1)
    house.start()
    told = house.tell("open_polls", "2", str(VOTERS), str(LINES))
    counted, under_way = map(LivingPoll, told)
    for code in counted.codes:
        voted(house, counted, code, "good")
    record = house.tell("close_poll", counted.key)["record"]
    for code in under_way.codes[:VOTED_BEFORE]:
        voted(house, under_way, code, "fair")
    waiting = voted(house, under_way, under_way.codes[VOTED_BEFORE], "good", is_cast=False)
    house.stop()
    return house, {
        "counted": counted.key, "record": record, "voters": VOTERS, "voted_before": VOTED_BEFORE, "waiting": waiting,
        "open": told[1] | {"codes": under_way.codes[VOTED_BEFORE + 1 :]}, "closes_at": under_way.manifest.closes_at,
    }  # fmt: skip


def make(file: Path) -> None:
    """The house as a file."""
    house, expected = lived()
    try:
        command = (sys.executable, "-m", "tests.dumps.keeping", "keep", str(file))
        subprocess.run(command, cwd=ROOT, env=house.environment, input=json.dumps(expected), text=True, check=True)
    finally:
        house.__exit__(None, None, None)


def main() -> None:
    """Into this folder, under the version's name; one that is there already stays."""
    from zhengyou.operating import product

    file = FOLDER / f"{product.version()}.zip"
    if file.exists():
        sys.exit(f"{file.name} is kept already: a release has one dump, made when it was released.")
    make(file)
    sys.stdout.write(
        f"{file.relative_to(ROOT)}: {file.stat().st_size // 1024} KB. Keep it: git add it with the release.\n"
    )


if __name__ == "__main__":
    main()
