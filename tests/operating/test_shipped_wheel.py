"""The wheel of the house: what is inside, the same bytes twice, refused where a part was not built, installed among the locked packages."""

import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest

from zhengyou.operating import product, wheels

ROOT = Path(__file__).resolve().parents[2]
BUILD = "import sys; sys.path[:0] = ['packaging', 'src']; import building; building.build_wheel(sys.argv[1])"
# Licences of packages that an AGPL-3.0 program may use, import and ship beside itself (decision 73).
FITTING = (
    "MIT", "MIT-0", "MIT-CMU", "BSD", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "ISC", "Zlib", "CC0-1.0", "PSF-2.0", "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception", "Apache Software License", "Apache License 2.0", "MIT License", "BSD License", "MPL-2.0",
    "LGPL-3.0-only", "LGPL-3.0-or-later",
)  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build(ROOT, folder)
    return next(folder.glob("zhengyou-*.whl"))


def build(root: Path, folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        (sys.executable, "-S", "-c", BUILD, folder), cwd=root, capture_output=True, text=True, check=False
    )


def test_everything_below_the_sources_is_inside_and_what_is_built_too(built: Path) -> None:
    listed = subprocess.run(("git", "ls-files", "src"), cwd=ROOT, capture_output=True, text=True, check=True).stdout
    tracked = {name.removeprefix("src/") for name in listed.splitlines() if (ROOT / name).is_file()}
    with zipfile.ZipFile(built) as archive:
        names = set(archive.namelist())
        assert re.fullmatch(r"[0-9a-f]{12}\+?|unknown", archive.read("zhengyou/commit.txt").decode().strip())
    assert tracked - names == set()
    assert {f"zhengyou/{name}" for name in product.BUILT} <= names
    assert not [
        name for name in names if name.endswith(".stamp") or "__pycache__" in name
    ]  # what this machine compiled


def test_the_same_sources_give_the_same_wheel(built: Path, tmp_path: Path) -> None:
    build(ROOT, tmp_path)
    assert (tmp_path / built.name).read_bytes() == built.read_bytes()


@pytest.mark.parametrize("missing", ["static/dist/booth.js", "locale/zh_Hans/LC_MESSAGES/django.mo"])
def test_a_wheel_without_a_built_part_is_refused_in_a_sentence(tmp_path: Path, missing: str) -> None:
    copy = tmp_path / "copy"
    for name in ("packaging/building.py", "pyproject.toml", "src/zhengyou/__init__.py", "src/zhengyou/operating",
                 *(f"src/zhengyou/{part}" for part in product.BUILT)):  # fmt: skip
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        copied = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copied(ROOT / name, copy / name)
    (copy / "src/zhengyou" / missing).unlink()
    done = build(copy, tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"These parts of Zhengyou were not built: {missing}. Run “make wheel”: it builds them first, and then the wheel."
    ]
    assert list(tmp_path.glob("*.whl")) == []


def test_the_metadata_name_what_the_house_needs_and_its_licence(built: Path) -> None:
    with zipfile.ZipFile(built) as archive:
        [about] = {name.split("/")[0] for name in archive.namelist() if ".dist-info/" in name}
        text = archive.read(f"{about}/METADATA").decode()
        assert archive.read(f"{about}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()
        assert b"zhengyou = zhengyou.__main__:main" in archive.read(f"{about}/entry_points.txt")
    wanted = [line for line in (ROOT / "requirements/base.in").read_text().splitlines() if line]
    assert re.findall(r"^Requires-Dist: ([^;\n]+)$", text, re.M) == wanted
    assert "License-Expression: AGPL-3.0-or-later" in text
    assert f"Version: {product.version()}" in text


# Licences.


@cache
def locked() -> list[str]:
    """The packages of production, by the locked list, that this machine's list has."""
    text = (ROOT / "requirements/base.txt").read_text()
    rows = re.findall(r"^([a-z0-9-]+)==[^\s;]+(?: ; ([^\\\n]+))?", text, re.M)
    return sorted({name for name, only in rows if "win32" not in only and name != "tzdata"})


def licences_of(name: str) -> Iterator[str]:
    """How a package's metadata name its licence: as an expression, else by classifiers, else as its author wrote it."""
    about = importlib.metadata.metadata(name)
    named = [row.split(" :: ")[-1] for row in about.get_all("Classifier", []) if row.startswith("License :: ")]
    said = about.get("License-Expression") or " AND ".join(named) or about.get("License") or "none"
    yield from chosen(said)


def chosen(said: str) -> Iterator[str]:
    """Of each part the choice that fits, if there is one."""
    for part in said.split(" AND "):
        yield next((one for one in part.strip("()").split(" OR ") if one in FITTING), part)


@pytest.mark.parametrize("name", locked())
def test_the_licence_of_every_locked_package_fits_ours(name: str) -> None:
    assert [one for one in licences_of(name) if one not in FITTING] == []


def test_the_licences_of_what_the_browser_gets_fit_ours() -> None:
    packages = json.loads((ROOT / "frontend/package-lock.json").read_text())["packages"]
    shipped = {name: row.get("license", "none") for name, row in packages.items() if name and not row.get("dev")}
    assert {name: said for name, said in shipped.items() if not {*chosen(said)} <= {*FITTING}} == {}
    assert "node_modules/@picocss/pico" in shipped


def test_the_licence_is_named_alike_everywhere() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["license"] == "AGPL-3.0-or-later"
    text = (ROOT / "LICENSE").read_text()
    assert text.split()[:6] == ["GNU", "AFFERO", "GENERAL", "PUBLIC", "LICENSE", "Version"]
    assert len(text) == 34_520  # as its authors publish it


def test_the_verifier_inside_is_the_one_that_pages_offer(built: Path) -> None:
    with zipfile.ZipFile(built) as archive, zipfile.ZipFile(BytesIO(wheels.verifier().data)) as alone:
        sources = [name for name in alone.namelist() if ".dist-info/" not in name]
        assert {name: archive.read(name) for name in sources} == {name: alone.read(name) for name in sources}
