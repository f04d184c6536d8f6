"""What ruff forbids in rooms and engines (HTTP, signals, the clock) and allows to pages and commands, proved on snippets;
and what Debian 12's Python gets wrong, which no source may use."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUFF = Path(sys.executable).with_name("ruff")
ROOM = "src/zhengyou/notices/actions.py"
INSIDE = [
    ROOM,
    "src/zhengyou/base/time.py",
    "src/zhengyou/urls.py",
    "src/blindballot/format/slips.py",
    "src/honestrank/estimators/parts.py",
]
OUTSIDE = ["src/zhengyou/web/public/notices_pages.py", "src/zhengyou/management/serving/keepers.py"]

BANNED = {
    "a response": "from django.http import HttpResponse\n\nHttpResponse()\n",
    "the whole module": "import django.http\n\ndjango.http.HttpResponse()\n",
    "the package's module": "from django import http\n\nhttp.HttpResponse()\n",
    "a signal": "from django.db.models.signals import post_save\n\npost_save.connect(print)\n",
    "all signals": "from django.db.models import signals\n\nsignals.post_save.connect(print)\n",
    "Django's clock": "from django.utils import timezone\n\ntimezone.now()\n",
    "Django's clock by name": "from django.utils.timezone import now\n\nnow()\n",
    "the instant": "from datetime import UTC, datetime\n\ndatetime.now(UTC)\n",
    "the instant by module": "import datetime\n\ndatetime.datetime.now(datetime.UTC)\n",
    "the old instant": "from datetime import datetime\n\ndatetime.utcnow()\n",
    "the day": "from datetime import date\n\ndate.today()\n",
    "inside a function": "def tomorrow():\n    from datetime import date\n\n    return date.today()\n",
}


def broken_rules(snippet: str, file: str) -> set[str]:
    """The codes that ruff, with the house's own settings, finds in `snippet` as if it were `file`."""
    command = [RUFF, "check", "--no-cache", "--output-format", "json", "--stdin-filename", file, "-"]
    done = subprocess.run(command, cwd=ROOT, input=snippet, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode in (0, 1), done.stderr
    return {found["code"] for found in json.loads(done.stdout)}


@pytest.mark.parametrize("snippet", BANNED.values(), ids=BANNED)
def test_a_room_knows_no_http_no_signals_and_no_clock(snippet: str) -> None:
    assert "TID251" in broken_rules(snippet, ROOM)


@pytest.mark.parametrize("file", INSIDE)
def test_nor_does_anything_else_below_the_pages(file: str) -> None:
    assert "TID251" in broken_rules(BANNED["Django's clock"], file)


@pytest.mark.parametrize("file", OUTSIDE)
def test_pages_and_commands_may(file: str) -> None:
    assert "TID251" not in broken_rules("".join(BANNED.values()), file)
    assert "TID251" not in broken_rules(BANNED["Django's clock"], file)


def test_what_arrives_as_an_argument_is_fine() -> None:
    snippet = '"""A room."""\n\nfrom datetime import datetime\n\n\ndef day(at: datetime) -> int:\n    return at.day\n'
    assert broken_rules(snippet, ROOM) == set()


# What Python 3.11.2 gets wrong in regular expressions: repetitions that give nothing back (`a++`, `(?>a)`).
POSSESSIVE = re.compile(r"(?<!\\)[*+?}]\+|\(\?>")


def possessive(source: str) -> list[str]:
    texts = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return [text for text in texts if isinstance(text, str) and POSSESSIVE.search(text)]


def test_no_regular_expression_is_one_that_debians_python_gets_wrong() -> None:
    assert possessive('re.compile(rf"[{SIGNS}]++\\s")')
    assert possessive('X = "(?>a|b)"')
    assert possessive('re.compile(r"[+*]+ \\++ (a)+")') == []
    assert {str(file): found for file in (ROOT / "src").rglob("*.py") if (found := possessive(file.read_text()))} == {}
