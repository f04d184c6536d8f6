"""A restore: everything is made in a folder of its own in the home, and moved into place at the end.

So a home is never half another one.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from ownpostgres.account import EmbeddedDatabaseError, make_folders
from ownpostgres.cluster import Cluster
from zhengyou.base.home import NAME, held
from zhengyou.counting import actions as counting_actions
from zhengyou.operating import dumping, queries, rules
from zhengyou.operating.queries import Backup
from zhengyou.operating.rules import DUMP, SECRETS
from zhengyou.polls.models import Poll

FRESH = ".restoring"


@dataclass(frozen=True)
class Restored:
    """What a restore did: polls that can only be declared void now, records kept that the backup did not know, the old home's place."""

    only_void: list[Poll]
    records_kept: list[str]
    moved_aside: Path | None


@dataclass(frozen=True)
class Wanted:
    """What is restored, and how: the secrets' folder, if any is to be used; whether a house that is there may be moved aside."""

    backup: Backup
    secrets: Path | None
    replaces: bool


def restore_house(*, home: Path, wanted: Wanted, migrate: Callable[[], None], at: datetime) -> Restored:
    """Check a backup, put it into a home, and stop every poll that was open in it.

    `migrate` brings the database to the present shape. Nothing is written over: what is there is moved aside. Raises
    OperatingRefused; then the home is as it was, and a database of one's own may have to be emptied.
    """
    try:
        home.mkdir(mode=0o711, parents=True, exist_ok=True)
        with held(home) as other:
            rules.check_nobody_serves(bool(other) or queries.is_kept(home))
            _check(home, wanted)
            return _restored(home, wanted, migrate, at)
    except (OSError, EmbeddedDatabaseError) as error:
        raise rules.not_restored(error) from error


def _restored(home: Path, wanted: Wanted, migrate: Callable[[], None], at: datetime) -> Restored:
    fresh = home / FRESH
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        fresh.mkdir(0o711)
        fresh.chmod(0o711)
        with _empty_database(fresh):
            dumping.read_dump_into_house(wanted.backup.folder / DUMP)
            migrate()
            stopped = counting_actions.stop_after_restore(at=at)
        _copy_files(fresh, wanted)
        kept = _keep_later_records(home, fresh)
        return Restored(stopped, kept, _moved_into_place(home, fresh, at))
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _check(home: Path, wanted: Wanted) -> None:
    """In the order in which somebody would mend it. The backup is read last, as that takes longest."""
    listing = wanted.backup.listing
    rules.check_home_is_empty([] if wanted.replaces else queries.what_a_restore_would_lose(home), home)
    rules.check_is_known(set(listing.migrations) - queries.migrations_known())
    rules.check_is_whole(queries.faults_of(wanted.backup, wanted.secrets))


@contextmanager
def _empty_database(fresh: Path) -> Iterator[None]:
    """The house's connection leads to an empty database meanwhile: of a new server in the fresh folder, or the one that is named."""
    with ExitStack() as stack:
        if settings.EMBEDDED_CLUSTERS:
            durable = settings.EMBEDDED_CLUSTERS["default"].durable
            new = Cluster(fresh / "database", name=NAME, copies=settings.HOME / "programs", durable=durable)
            stack.enter_context(new)
            stack.enter_context(_connected_to(str(new.socket_folder)))
        rules.check_database_is_empty(queries.count_tables())
        yield


@contextmanager
def _connected_to(host: str) -> Iterator[None]:
    usual: Any = connection.settings_dict["HOST"]
    connection.close()
    connection.settings_dict["HOST"] = host
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["HOST"] = usual


def _copy_files(fresh: Path, wanted: Wanted) -> None:
    """With the rights that the house gives them: nobody else of this machine reads them."""
    listing = wanted.backup.listing
    for row in listing.files:
        if row.path != DUMP:
            _copy(wanted.backup.folder / row.path, fresh / row.path)
    place = queries.secrets_of(wanted.backup, wanted.secrets)
    for row in listing.secrets if place else []:
        assert place is not None
        _copy(place / row.path, fresh / SECRETS / row.path)


def _copy(source: Path, target: Path) -> None:
    make_folders(target.parent, 0o700)
    target.touch(0o600)
    shutil.copyfile(source, target)


def _keep_later_records(home: Path, fresh: Path) -> list[str]:
    """Records in the home that the backup does not have come along: a record once signed is never lost by a restore."""
    kept = []
    for path in sorted((home / "records").glob("*/record/record.json")):
        name = path.parents[1].name
        if not (fresh / "records" / name).exists():
            (fresh / "records").mkdir(mode=0o700, exist_ok=True)
            shutil.copytree(path.parents[1], fresh / "records" / name)
            kept.append(name)
    return kept


def _moved_into_place(home: Path, fresh: Path, at: datetime) -> Path | None:
    """Move the old parts aside and the new ones in; undone, if it fails. Polls' servers stay where they are: nobody copies them."""
    aside = home / timezone.localtime(at).strftime("replaced-%Y-%m-%d-%H%M%S")
    moves = [(home / name, aside / name) for name in _parts(home, fresh)]
    moves += [(path, home / path.name) for path in sorted(fresh.iterdir())]
    moved: list[tuple[Path, Path]] = []
    try:
        for source, target in moves:
            if source.parent == home:
                aside.mkdir(mode=0o700, exist_ok=True)
            source.rename(target)
            moved.append((source, target))
    except OSError:
        for source, target in reversed(moved):
            target.rename(source)
        raise
    return aside if aside.exists() else None


def _parts(home: Path, fresh: Path) -> list[str]:
    """What of the home makes way: what a house is made of, and is not just an empty folder; secrets only for others."""
    names = ["database", *rules.COPIED] + ([SECRETS] if (fresh / SECRETS).exists() else [])
    for name in names:
        if (home / name).is_dir() and not any((home / name).iterdir()):
            (home / name).rmdir()
    return [name for name in names if (home / name).exists()]
