"""A house on the real commands: `zhengyou NAME …` in processes of their own, as its operator types them."""

import subprocess
import sys
from pathlib import Path

from tests.living.homes import ROOT
from tests.living.house import LivingHouse


def command(house: LivingHouse, *arguments: str | Path, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    """One command in the house's home, or in another one, in English; its code is not checked."""
    environment = house.environment | {"LANG": "C", "LC_ALL": "C", "LANGUAGE": ""}
    environment |= {"ZHENGYOU_HOME": str(home)} if home else {}
    environment.pop("LANGUAGE")
    return subprocess.run(
        (sys.executable, "-m", "zhengyou", *map(str, arguments)), cwd=ROOT, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def said(house: LivingHouse, *arguments: str | Path, home: Path | None = None) -> str:
    """What a command says that goes well."""
    done = command(house, *arguments, home=home)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def refused_with(house: LivingHouse, *arguments: str | Path, home: Path | None = None) -> str:
    """What a command says that is refused: a sentence, and no traceback."""
    done = command(house, *arguments, home=home)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr
