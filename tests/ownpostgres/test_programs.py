"""Root's stand-in runs a copy of PostgreSQL. The copy is whole or made again, and never another wheel's. Small folders, no root."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ownpostgres.programs import whole_copy

PARTS = ("wheel/pginstall", "wheel.libs", "wheel/.dylibs")
FILES = {
    "wheel/pginstall/bin/postgres": "a server",
    "wheel/pginstall/share/words": "words",
    "wheel.libs/libpq.so": "a library",
}
LEFT_OUT = ("wheel/pginstall/include/c.h", "wheel/pginstall/lib/libpq.a", "wheel/__init__.py")


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """A folder of packages in which the wheel is installed."""
    for name, text in (FILES | dict.fromkeys(LEFT_OUT, "for others")).items():
        path = tmp_path / "packages" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o700 if path.parent.name == "bin" else 0o600)
    return tmp_path / "packages"


def held(place: Path) -> dict[str, str]:
    """Every file of a folder with its text."""
    return {str(path.relative_to(place)): path.read_text() for path in place.rglob("*") if path.is_file()}


def test_a_copy_has_the_libraries_beside_the_programs_and_can_be_read_by_all(wheel: Path, tmp_path: Path) -> None:
    copy = whole_copy(wheel, PARTS, tmp_path / "copies")
    assert held(copy) == FILES
    modes = {path.relative_to(copy).parts[-1]: stat.S_IMODE(path.stat().st_mode) for path in copy.rglob("*")}
    assert {modes[name] for name in ("bin", "share", "wheel.libs", "postgres")} == {0o755}
    assert {modes[name] for name in ("words", "libpq.so")} == {0o644}


def test_a_whole_copy_is_left_alone(wheel: Path, tmp_path: Path) -> None:
    copy = whole_copy(wheel, PARTS, tmp_path / "copies")
    born = copy.stat().st_ino
    assert whole_copy(wheel, PARTS, tmp_path / "copies") == copy
    assert copy.stat().st_ino == born


def test_a_copy_stands_alone_and_serves_a_second_clone_after_the_first_is_deleted(wheel: Path, tmp_path: Path) -> None:
    second = tmp_path / "second clone"
    shutil.copytree(wheel, second)
    copy = whole_copy(wheel, PARTS, tmp_path / "copies")
    born = copy.stat().st_ino
    shutil.rmtree(wheel)
    assert held(copy) == FILES
    assert whole_copy(second, PARTS, tmp_path / "copies") == copy
    assert copy.stat().st_ino == born


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda copy: (copy / "wheel.libs/libpq.so").unlink(), id="a library is missing"),
        pytest.param(lambda copy: shutil.rmtree(copy / "wheel.libs"), id="all libraries are missing"),
        pytest.param(
            lambda copy: (copy / "wheel/pginstall/bin/postgres").write_text("a serv"), id="a program is cut off"
        ),
        pytest.param(lambda copy: (copy / "wheel/pginstall/bin/postgres").chmod(0o644), id="a program cannot be run"),
        pytest.param(lambda copy: (copy / "wheel/pginstall/share/words").write_text("WORDS"), id="a text is another"),
        pytest.param(lambda copy: (copy / "wheel.libs/libpq.so.6").touch(), id="a file is too many"),
        pytest.param(shutil.rmtree, id="all is gone"),
    ],
)
def test_half_a_copy_is_never_taken_for_whole(wheel: Path, tmp_path: Path, spoil: Callable[[Path], object]) -> None:
    copy = whole_copy(wheel, PARTS, tmp_path / "copies")
    spoil(copy)
    assert whole_copy(wheel, PARTS, tmp_path / "copies") == copy
    assert held(copy) == FILES
    assert os.access(copy / "wheel/pginstall/bin/postgres", os.X_OK)


def test_what_a_killed_copier_left_behind_goes(wheel: Path, tmp_path: Path) -> None:
    left = tmp_path / "copies" / "postgresql.new" / "wheel.libs"
    left.mkdir(parents=True)
    (left / "libpq.so.5").touch()
    copy = whole_copy(wheel, PARTS, tmp_path / "copies")
    assert held(copy) == FILES
    assert {path.name for path in (tmp_path / "copies").iterdir()} == {copy.name, "copying.lock"}


def test_another_wheel_gets_a_copy_of_its_own_and_the_first_one_stays(wheel: Path, tmp_path: Path) -> None:
    first = whole_copy(wheel, PARTS, tmp_path / "copies")
    (wheel / "wheel.libs/libpq.so").write_text("A library")
    second = whole_copy(wheel, PARTS, tmp_path / "copies")
    assert (first / "wheel.libs/libpq.so").read_text() == "a library"
    assert (second / "wheel.libs/libpq.so").read_text() == "A library"


def test_a_wheel_of_links_is_copied_with_what_they_lead_to(wheel: Path, tmp_path: Path) -> None:
    library = wheel / "wheel.libs/libpq.so"
    library.rename(tmp_path / "store")
    library.symlink_to(tmp_path / "store")
    copy = whole_copy(wheel, PARTS, tmp_path / "copies")
    (tmp_path / "store").unlink()
    assert held(copy) == FILES


def test_several_that_copy_at_once_get_one_whole_copy(wheel: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from ownpostgres.programs import whole_copy\n"
        f"print(whole_copy(Path(sys.argv[1]), {PARTS!r}, Path(sys.argv[2])))"
    )
    command = (sys.executable, "-c", script, str(wheel), str(tmp_path / "copies"))
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    several = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) for _ in range(4)]
    [copy] = {process.communicate(timeout=60)[0].strip() for process in several}
    assert [process.returncode for process in several] == [0] * 4
    assert held(Path(copy)) == FILES
