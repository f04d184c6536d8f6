"""Makes CHANGELOG.md of `changes/`: `make changelog`. `tools/changelog.py --release 1.0.0 2027-01-05` gathers what was not yet released.

A fragment is a paragraph; those of the newest work come first. What was released stands in `changes/released/VERSION.md`, whose first
line is its day, and is never changed again.
"""

import argparse
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHANGES, RELEASED = ROOT / "changes", ROOT / "changes" / "released"
HEAD = """# Changes

For the people who run or use Zhengyou: what they can do now, and what they must do when they upgrade. Made by `make changelog` of
the fragments in [`changes/`](changes/README.md); write there, not here. How to upgrade: [docs/upgrading.md](docs/upgrading.md).
"""


def fragments() -> list[Path]:
    """What is not yet released, the newest work first."""
    found = [path for path in CHANGES.glob("*.md") if re.match(r"\d+-", path.name)]
    return sorted(found, key=lambda path: (-int(path.name.split("-")[0]), path.name))


def gathered(paths: list[Path]) -> str:
    """Fragments as a list."""
    texts = (" ".join(path.read_text(encoding="utf-8").split()) for path in paths)
    return "".join(f"- {text}\n" for text in texts)


def versions() -> list[Path]:
    """What was released, the newest first."""
    return sorted(RELEASED.glob("*.md"), key=lambda path: [int(part) for part in path.stem.split(".")], reverse=True)


def changelog() -> str:
    """The whole file."""
    parts = [HEAD]
    if waiting := fragments():
        parts.append(f"## Not yet released\n\n{gathered(waiting)}")
    for path in versions():
        day, _empty, text = path.read_text(encoding="utf-8").partition("\n")
        parts.append(f"## {path.stem} ({day})\n\n{text.strip()}\n")
    return "\n".join(parts)


def release(version: str, day: str) -> None:
    """Moves the fragments into the notes of a release."""
    waiting = fragments()
    RELEASED.mkdir(exist_ok=True)
    (RELEASED / f"{version}.md").write_text(f"{day}\n\n{gathered(waiting)}", encoding="utf-8")
    for path in waiting:
        path.unlink()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--release", nargs=2, metavar=("VERSION", "DAY"))
    if given := asked.parse_args().release:
        release(*given)
    (ROOT / "CHANGELOG.md").write_text(changelog(), encoding="utf-8")


if __name__ == "__main__":
    main()
