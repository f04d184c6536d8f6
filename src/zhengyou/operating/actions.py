"""A backup made: beside its place, checked by reading it, and only then under its name. Nothing half-done stays.

The database first, then the files: photos are named by their hash and records appear whole, so that what the dump knows is there.
"""

import fcntl
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from ownpostgres.account import make_folders
from ownpostgres.cluster import synced
from zhengyou.base.home import held
from zhengyou.operating import dumping, product, queries, rules
from zhengyou.operating.listing import Copied, Listing
from zhengyou.operating.queries import Backup
from zhengyou.operating.rules import DUMP, LISTING, NOTE, SECRETS

HALF = ".half"
# Made anew when it is asked for (the zip), or for two scrutineers only and never kept (the handover).
LEFT_OUT = ("record.zip", "handover-for-scrutineers.jsonl")


@dataclass(frozen=True)
class Made(Backup):
    """A backup just made, and the names of the oldest that went for it."""

    forgotten: tuple[str, ...] = ()


def make_backup(*, home: Path, folder: Path, secrets_folder: Path | None = None, keep: int = 0, at: datetime) -> Made:
    """Make one complete backup of the house in `folder`, checked by reading it again, and return it.

    With `keep`, the oldest complete ones beyond that number go afterwards. Polls' servers and files handed to one person are never
    in it. Works while the house is served. Raises OperatingRefused; nothing of a backup that failed is left.
    """
    _check_places(home, folder, secrets_folder)
    name = _free_name(folder, at)
    half, half_secrets = folder / f".{name}.{secrets.token_hex(4)}{HALF}", None
    try:
        make_folders(folder, 0o700)
        # A house that does not run is not started meanwhile: its database would be ours, and end with us.
        with held(home), _alone(folder):
            half.mkdir(0o700)
            half_secrets = half / SECRETS
            if secrets_folder:
                make_folders(secrets_folder, 0o700)
                half_secrets = secrets_folder / half.name
            listing = _write(home, half, half_secrets, are_apart=secrets_folder is not None, at=at)
            made = Backup(half, listing)
            rules.check_is_whole(queries.faults_of(made, half_secrets))
            if secrets_folder:
                half_secrets.rename(secrets_folder / name)
            half.rename(folder / name)
            synced(folder)
            forgotten = _forget_oldest(folder, secrets_folder, keep)
    except OSError as error:
        raise rules.not_written(folder, error.strerror or error) from error
    finally:
        for left in filter(None, (half, half_secrets)):
            shutil.rmtree(left, ignore_errors=True)
    _note(home, folder / name, at)
    return Made(folder / name, listing, forgotten)


def _write(home: Path, half: Path, place: Path, *, are_apart: bool, at: datetime) -> Listing:
    dumping.write_dump(half / DUMP)
    files: list[Copied | None] = [_listed(half / DUMP, DUMP)]
    for name in rules.COPIED:
        files += [
            _copy(path, half, f"{name}/{path.relative_to(home / name).as_posix()}") for path in _kept(home / name)
        ]
    place.mkdir(0o700)
    kept = [_copy(path, place, path.name) for path in _kept(home / SECRETS) if "." not in path.name]
    listing = Listing(
        made_at=at.isoformat(), product=product.named(), server=dumping.server_major(),
        migrations=tuple(queries.migrations_applied()), files=tuple(row for row in files if row),
        secrets=tuple(row for row in kept if row), are_secrets_apart=are_apart,
    )  # fmt: skip
    _write_synced(half / LISTING, listing.to_bytes())
    return listing


def _kept(folder: Path) -> Iterator[Path]:
    """The files of a folder but those that are being written, made anew, or never kept."""
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder).parts
        is_passing = any(part[0] == "." for part in inner) or path.suffix == HALF
        if not is_passing and path.name not in LEFT_OUT and path.is_file() and not path.is_symlink():
            yield path


def _copy(source: Path, root: Path, name: str) -> Copied | None:
    """One file copied and hashed on the way; None if it went away meanwhile."""
    target = root / name
    try:
        with source.open("rb") as given:
            make_folders(target.parent, 0o700)
            whole = hashlib.sha256()
            with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                while piece := given.read(1 << 20):
                    whole.update(piece)
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
    except FileNotFoundError:
        return None
    return Copied(name, target.stat().st_size, whole.hexdigest())


def _listed(path: Path, name: str) -> Copied:
    with path.open("rb") as file:
        os.fsync(file.fileno())
        return Copied(name, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _write_synced(path: Path, data: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def _check_places(home: Path, folder: Path, secrets_folder: Path | None) -> None:
    for place in filter(None, (folder, secrets_folder)):
        rules.check_is_elsewhere(_inside(home, place), place)
        rules.check_is_folder(place.is_file(), place)
    _check_folder(folder)


def _inside(home: Path, folder: Path) -> str:
    """The home's own folder in which this one lies, "." for the home itself, or nothing."""
    place = folder.resolve()
    if place == home.resolve():
        return "."
    return next((name for name in rules.OWN_FOLDERS if place.is_relative_to((home / name).resolve())), "")


def _check_folder(folder: Path) -> None:
    try:
        names = [path.name for path in folder.iterdir() if path.name != ".lock" and path.suffix != HALF]
    except FileNotFoundError:
        return
    except OSError as error:
        raise rules.not_written(folder, error.strerror or error) from error
    is_one = (folder / LISTING).exists()
    rules.check_may_hold_backups(names, has_backups=bool(queries.backups_in(folder)) and not is_one, folder=folder)


def _free_name(folder: Path, at: datetime) -> str:
    name = timezone.localtime(at).strftime("%Y-%m-%d-%H%M")
    later = (f"{name}-{number}" for number in range(2, 1000))
    return next(one for one in (name, *later) if not (folder / one).exists())


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """With nobody else at a backup into this folder; what such a one left that was killed goes first."""
    with open(os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600), "r+b") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise rules.busy(folder) from None
        for left in folder.glob(f".*{HALF}"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def _forget_oldest(folder: Path, secrets_folder: Path | None, keep: int) -> tuple[str, ...]:
    too_old = queries.backups_in(folder)[:-keep] if keep else []
    for old in too_old:
        gone = old.folder.rename(old.folder.with_name(f".{old.folder.name}{HALF}"))
        shutil.rmtree(gone)
        if secrets_folder and old.listing.are_secrets_apart:
            shutil.rmtree(secrets_folder / old.folder.name, ignore_errors=True)
    return tuple(old.folder.name for old in too_old)


def _note(home: Path, folder: Path, at: datetime) -> None:
    """Tell the house when its last backup was made, for `doctor`. A house that cannot be written to has its backup all the same."""
    fresh = home / f"{NOTE}.{secrets.token_hex(4)}"
    try:
        fresh.write_text(json.dumps({"at": at.isoformat(), "folder": str(folder.resolve())}))
        fresh.replace(home / NOTE)
    except OSError:
        fresh.unlink(missing_ok=True)
