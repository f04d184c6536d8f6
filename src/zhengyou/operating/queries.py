"""Backups as they lie in a folder: which there are, whether one is whole; and what a home holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from ownpostgres.clients import is_held
from zhengyou.operating import dumping, rules
from zhengyou.operating.listing import Fault, Listing, NotAListing, faults_in
from zhengyou.operating.rules import DUMP, LISTING, SECRETS, OperatingRefused


@dataclass(frozen=True)
class Backup:
    """One complete backup."""

    folder: Path
    listing: Listing

    @property
    def size(self) -> int:
        """The bytes of all its files."""
        return sum(row.size for row in self.listing.files)


def backups_in(folder: Path) -> list[Backup]:
    """The complete backups in a folder, oldest first; of a folder that is itself one, that one."""
    if not folder.is_dir():
        return []
    if own := _backup_at(folder):
        return [own]
    found = [_backup_at(path) for path in folder.iterdir() if path.is_dir() and path.name[0] != "."]
    return sorted((one for one in found if one), key=lambda one: (one.listing.at, one.folder.name))


def latest_backup(folder: Path) -> Backup:
    """The one backup that a folder means: itself, or the newest in it. Raises OperatingRefused."""
    if not (found := backups_in(folder)):
        raise rules.no_backup_there(folder)
    return found[-1]


def faults_of(backup: Backup, secrets: Path | None = None) -> list[Fault]:
    """What is wrong with a backup: every file hashed, the dump opened. Secrets that lie apart are looked at where they are named."""
    listing = backup.listing
    faults = list(faults_in(backup.folder, listing.files))
    place = secrets_of(backup, secrets)
    faults += faults_in(place, listing.secrets) if place else []
    if not any(fault.path == DUMP for fault in faults):
        faults += _faults_of_dump(backup.folder / DUMP)
    return faults


def secrets_of(backup: Backup, given: Path | None) -> Path | None:
    """Where the secrets of a backup lie; None if they lie apart and nobody says where."""
    if not backup.listing.are_secrets_apart:
        return backup.folder / SECRETS
    if given and (given / backup.folder.name).is_dir():
        return given / backup.folder.name
    return given


def what_a_restore_would_lose(home: Path) -> list[str]:
    """The folders of a home in which a house lives. Secrets alone are none: every command makes them."""
    found = ["database"] if (home / "database" / "data").exists() else []
    return found + [name for name in rules.COPIED if any((home / name).glob("*"))]


def is_kept(home: Path) -> bool:
    """Whether a server of the home, the house's or a poll's, is kept by somebody at this moment."""
    places = [home / "database", *(path for path in (home / "polls").glob("*") if path.name[0] != ".")]
    return any(is_held(place / "keeper.lock") for place in places)


def migrations_known() -> set[str]:
    """Every migration that these programs have."""
    return {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}


def migrations_applied() -> list[str]:
    """Every migration that the house's database has."""
    loader = MigrationLoader(connection, ignore_no_migrations=True)
    return sorted(f"{app}.{name}" for app, name in loader.applied_migrations)


def count_tables() -> int:
    """How many tables are in the house's database."""
    return len(connection.introspection.table_names())


def _backup_at(folder: Path) -> Backup | None:
    try:
        return Backup(folder, Listing.read((folder / LISTING).read_bytes()))
    except (OSError, NotAListing):
        return None


def _faults_of_dump(path: Path) -> Iterator[Fault]:
    try:
        if not dumping.tables_in_dump(path):
            yield Fault(DUMP, "empty")
    except OperatingRefused as refused:
        yield Fault(DUMP, str(refused))
