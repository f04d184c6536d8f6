"""Builds the wheel of Zhengyou for pip (PEP 517): everything below `src`, the built parts too, and the same bytes on every machine.

It needs nothing but Python, so no build downloads anything. A folder without the built parts is refused: a wheel of it would serve
an English site without a booth. `make wheel` builds them first. Decision 72 says why it is one wheel, and why it is written here.
"""

import sys
import tomllib
from pathlib import Path
from typing import Any

from zhengyou.operating import product, wheels

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("blindballot", "honestrank", "ownpostgres", "zhengyou")
LEFT_OUT = {".pyc", ".stamp"}


def build_wheel(wheel_directory: str, config_settings: object = None, metadata_directory: object = None) -> str:
    """Writes the wheel and returns its name. Ends with a sentence where a built part is missing."""
    if missing := product.not_built():
        sys.exit(
            f"These parts of Zhengyou were not built: {', '.join(missing)}. Run “make wheel”: it builds them first, and then the wheel."
        )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    more = {
        "entry_points.txt": _entry_points(project["scripts"]),
        "licenses/LICENSE": (ROOT / "LICENSE").read_bytes(),
    }
    name, version = project["name"], project["version"]
    wheel = wheels.packed(name, version, _files(), metadata=_metadata(project), more=more)
    (Path(wheel_directory) / wheel.name).write_bytes(wheel.data)
    return wheel.name


def build_sdist(sdist_directory: str, config_settings: object = None) -> str:
    """There is none: the sources are what the repository holds."""
    sys.exit("Zhengyou is built from a checkout of its sources: run “make wheel” there.")


def _files() -> dict[str, bytes]:
    places = (
        path
        for package in PACKAGES
        for path in sorted((ROOT / "src" / package).rglob("*"))
        if path.is_file() and path.parent.name != "__pycache__"
    )
    files = {
        path.relative_to(ROOT / "src").as_posix(): path.read_bytes()
        for path in places
        if path.suffix not in LEFT_OUT and not path.name.startswith(".")
    }
    return files | {"zhengyou/commit.txt": f"{product.commit()}\n".encode()}


def _metadata(project: dict[str, Any]) -> bytes:
    heads = [
        "Metadata-Version: 2.4",
        f"Name: {project['name']}",
        f"Version: {project['version']}",
        f"Summary: {project['description']}",
        f"Requires-Python: {project['requires-python']}",
        f"License-Expression: {project['license']}",
        "License-File: LICENSE",
        *(f"Requires-Dist: {one}" for one in _lines(ROOT / "requirements/base.in")),
    ]
    for extra, wanted in project["optional-dependencies"].items():
        heads += [f"Provides-Extra: {extra}", *(f'Requires-Dist: {one} ; extra == "{extra}"' for one in wanted)]
    readme = (ROOT / project["readme"]).read_text(encoding="utf-8")
    return "\n".join([*heads, "Description-Content-Type: text/markdown; charset=UTF-8", "", readme]).encode()


def _entry_points(scripts: dict[str, str]) -> bytes:
    return "\n".join(["[console_scripts]", *(f"{name} = {place}" for name, place in scripts.items()), ""]).encode()


def _lines(path: Path) -> list[str]:
    lines = (line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]
