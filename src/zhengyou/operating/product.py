"""Which Zhengyou this is: its version, the commit it was made from, where that can be known, and what of it is built, not committed."""

import subprocess
from functools import cache
from importlib import metadata
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
SOURCES = PACKAGE.parents[1]
UNKNOWN = "unknown"
# Made by `make setup`; without them nobody can vote, or pages are in one language only.
BUILT = [
    f"static/dist/{name}"
    for name in (
        "booth.js",
        "booth-old.js",
        "doubting.js",
        "recount.js",
        "sealcode.js",
        "scrutineer.js",
        "keying.js",
        "writing.js",
        "page.js",
        "htmx.min.js",
        "pico.min.css",
    )
]
BUILT += ["locale/zh_Hans/LC_MESSAGES/django.mo"]


@cache
def version() -> str:
    """The product's version, as the installed package says it, else as the sources do."""
    for line in _lines(SOURCES / "pyproject.toml"):
        if line.startswith("version = "):
            return line.split('"')[1]
    try:
        return metadata.version("zhengyou")
    except metadata.PackageNotFoundError:
        return UNKNOWN


@cache
def commit() -> str:
    """The commit: of the checkout, with “+” where sources were changed since; else as the wheel's build wrote it; else “unknown”."""
    if (SOURCES / ".git").exists() and (said := _git("rev-parse", "--short=12", "HEAD")):
        return f"{said}+" if _git("status", "--porcelain", "--untracked-files=no", "--", "src") else said
    return next(iter(_lines(PACKAGE / "commit.txt")), UNKNOWN)


def named() -> str:
    """Version and commit in one line."""
    return f"Zhengyou {version()} ({commit()})"


def not_built() -> list[str]:
    """Which of the built parts are missing, by their places in the package."""
    return [name for name in BUILT if not (PACKAGE / name).exists()]


def _git(*arguments: str) -> str:
    try:
        asked = subprocess.run(
            ("git", "-C", SOURCES, *arguments), capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
    except OSError:
        return ""
    return asked.stdout.strip() if asked.returncode == 0 else ""


def _lines(path: Path) -> list[str]:
    try:
        return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except OSError:
        return []
