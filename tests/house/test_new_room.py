"""A new room is made in a copy of the house: its own files are written, it is registered by hand, and the house stands.

Counted are the lines outside its own files. Words, addresses and tables of the room are tried with the copy's own tests.
"""

import difflib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 12

ROOM = {
    "src/zhengyou/greetings/__init__.py": '''"""What visitors wish an organisation."""\n''',
    "src/zhengyou/greetings/models.py": '''"""Greetings."""

from django.db import models

from zhengyou.base.deeds import Referable
from zhengyou.organisations.models import Organisation


class Greeting(Referable):
    """One wish."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=200)
''',
    "src/zhengyou/greetings/rules.py": '''"""What may be wished."""

from zhengyou.base.refusals import Refused


class GreetingRefused(Refused):
    """The greeting cannot stand."""


def check_words(words: str) -> None:
    """A greeting says something."""
    if not words.strip():
        raise GreetingRefused("…", reason="greeting.empty")
''',
    "src/zhengyou/greetings/queries.py": '''"""What pages ask about greetings."""

from zhengyou.greetings.models import Greeting
from zhengyou.organisations.models import Organisation


def greetings_of(organisation: Organisation) -> list[Greeting]:
    """The greetings of an organisation, the newest first."""
    return list(Greeting.objects.filter(organisation=organisation).order_by("-id"))
''',
    "src/zhengyou/greetings/actions.py": '''"""Greeting."""

from datetime import datetime

from django.db import transaction

from zhengyou.base.deeds import done
from zhengyou.greetings import rules
from zhengyou.greetings.models import Greeting
from zhengyou.organisations.models import Organisation, Person


@transaction.atomic
def greet(*, organisation: Organisation, words: str, at: datetime, by: Person | None) -> Greeting:
    """Wish an organisation something. Raises GreetingRefused."""
    rules.check_words(words)
    row = Greeting.objects.create(organisation=organisation, words=words)
    done("greetings.greet", row, at=at, by=by)
    return row
''',
    "src/zhengyou/web/public/greetings_pages.py": '''"""The public page of greetings."""

from django.http import HttpRequest, HttpResponse

from zhengyou.greetings import queries
from zhengyou.organisations import queries as organisations
from zhengyou.web.shared.pages import found


def greetings(request: HttpRequest, code: str) -> HttpResponse:
    """The greetings of one organisation."""
    rows = queries.greetings_of(found(organisations.organisation_with_code(code)))
    return HttpResponse("".join(row.words for row in rows))
''',
    "src/zhengyou/web/public/greetings_urls.py": '''"""Addresses of greetings for the public."""

from django.urls import path

from zhengyou.web.public import greetings_pages as greetings

urlpatterns = [path("organisations/<str:code>/greetings/", greetings.greetings, name="greetings")]
''',
    "tests/rooms/greetings/test_greetings.py": '''"""Greetings: what may be wished, and where it is read."""

from django.urls import resolve, reverse
from tests.cast.refusing import refused

from zhengyou.greetings import rules


def test_a_greeting_says_something():
    with refused("greeting.empty"):
        rules.check_words(" ")


def test_greetings_have_an_address():
    assert resolve(reverse("greetings", args=["001"])).func.__module__ == "zhengyou.web.public.greetings_pages"
''',
}
# Where the room is registered: the file, the line below which it is written, its line. No other list may be needed.
REGISTERED = [
    (".importlinter", "    commitments", "    greetings"),
    ("src/zhengyou/models.py", "from zhengyou.grades", "from zhengyou.greetings.models import *  # noqa: F403"),
    ("src/zhengyou/web/public/urls.py", "urlpatterns", '    path("", include("zhengyou.web.public.greetings_urls")),'),
]

Run = Callable[..., str]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The house with one room more."""
    made = tmp_path_factory.mktemp("house")
    unread = shutil.ignore_patterns("static", "bench", "journeys", "vectors", "node_modules")
    for folder in ("src", "tests", "frontend"):
        shutil.copytree(ROOT / folder, made / folder, ignore=unread)
    for file in (".importlinter", "pyproject.toml", "Makefile"):
        shutil.copy(ROOT / file, made)
    for name, text in ROOM.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(text, encoding="utf-8")
    for name, below, line in REGISTERED:
        lines = (made / name).read_text(encoding="utf-8").splitlines()
        place = next(n for n, text in enumerate(lines) if text.startswith(below))
        (made / name).write_text("\n".join([*lines[: place + 1], line, *lines[place + 1 :], ""]), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def run(copy: Path) -> Run:
    """Run a program in the copy; what it said, once it went well."""

    def ran(*command: str, cwd: str = ".") -> str:
        environment = os.environ | {"PYTHONPATH": f"{copy / 'src'}:{copy}", "ZHENGYOU_HOME": str(copy / "data")}
        done = subprocess.run(
            command, cwd=copy / cwd, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return ran


def changed_lines(copy: Path) -> list[str]:
    """Every line that differs between the house and its copy, the room's own files left out."""
    changed = []
    for path in sorted(path for path in copy.rglob("*") if path.is_file() and path.suffix != ".pyc"):
        name = path.relative_to(copy)
        if str(name) in ROOM:
            continue
        old, new = ((root / name).read_text("utf-8", "replace").splitlines() for root in (ROOT, copy))
        changed += [f"{name}: {line}" for line in difflib.ndiff(old, new) if line[0] in "+-"] if old != new else []
    return changed


def test_a_new_room_is_registered_in_twelve_lines_at_most(copy: Path) -> None:
    lines = changed_lines(copy)
    assert len(lines) == len(REGISTERED) <= MOST_LINES, lines


def test_a_new_room_keeps_every_contract(run: Run) -> None:
    linter = str(Path(sys.executable).with_name("lint-imports"))
    assert "0 broken" in run(linter, "--config", "../.importlinter", "--no-cache", "--no-logo", cwd="src")


def test_a_new_room_and_the_house_around_it_pass_their_tests(run: Run) -> None:
    tests = ["tests/rooms/greetings", "tests/house/test_shape.py"]
    about = "greeting or room or models or constraints or actions or deeds"
    run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-k", about, *tests)


def test_a_new_room_gets_its_table_by_one_migration(run: Run) -> None:
    made = run(sys.executable, "-W", "ignore", "-m", "zhengyou", "makemigrations", "zhengyou")
    assert [line.strip(" -+") for line in made.splitlines() if "model" in line] == ["Create model Greeting"]
