"""What a backup holds, how it is checked and counted, and what is refused; in the tests' own house."""

import fcntl
import hashlib
import json
import os
import resource
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation
from tests.cast.refusing import refused

from ownpostgres.account import EmbeddedDatabaseError
from ownpostgres.clients import client, major_of
from zhengyou.operating import actions, dumping, looking, queries, rules
from zhengyou.operating.actions import make_backup
from zhengyou.operating.listing import Copied, Fault, Listing, NotAListing, faults_in
from zhengyou.operating.queries import Backup

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 28, 7, 30, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with one thing of every kind."""
    lying = {
        "files/ab/abcd": "photo", "packs/own.toml": "pack", "records/k/record/record.json": "{}", "records/k/record.zip": "zip",
        "records/k/handover-for-scrutineers.jsonl": "shares", "records/k/.record.x/board.jsonl": "half", "secrets/code_key": "secret",
        "polls/k/key": "key of a poll", "handed/letter": "letter", "files/ab/abce.half": "half",
    }  # fmt: skip
    for name, text in lying.items():
        path = tmp_path / "home" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "home"


def made(home: Path, folder: Path, *, minutes: int = 0, **given: object) -> Backup:
    return make_backup(home=home, folder=folder, at=NOW + timedelta(minutes=minutes), **given)


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_backup_holds_what_is_the_houses_and_nothing_of_open_polls(home, tmp_path) -> None:
    backup = made(home, tmp_path / "backups")
    assert backup.folder == tmp_path / "backups" / "2026-11-28-1530", "by the clock of the house"
    own = [
        "backup.json",
        "files/ab/abcd",
        "house.dump",
        "packs/own.toml",
        "records/k/record/record.json",
        "secrets/code_key",
    ]
    assert names(backup.folder) == own
    everything = [backup.folder, *backup.folder.rglob("*")]
    assert {path.stat().st_mode & 0o777 for path in everything} == {0o700, 0o600}
    assert dumping.tables_in_dump(backup.folder / "house.dump") > 50
    assert queries.faults_of(backup) == []
    assert looking.last_backup_at(home) == NOW


@pytest.mark.parametrize(
    ("harm", "fault"),
    [
        (lambda folder: (folder / "files/ab/abcd").unlink(), Fault("files/ab/abcd", "missing")),
        (lambda folder: (folder / "files/ab/abcd").write_text("PHOTO"), Fault("files/ab/abcd", "changed")),
        (lambda folder: os.truncate(folder / "house.dump", 0), Fault("house.dump", "changed")),
        (lambda folder: (folder / "secrets/code_key").unlink(), Fault("code_key", "missing")),
    ],
)
def test_whatever_is_lost_or_changed_is_named(home, tmp_path, harm, fault) -> None:
    backup = made(home, tmp_path / "backups")
    harm(backup.folder)
    assert queries.faults_of(backup) == [fault]
    for language, sentence in (("en", "This backup is not whole"), ("zh", "这份备份不完整")):
        with pytest.raises(CommandError, match=sentence):
            call_command("backup", tmp_path / "backups", check=True, lang=language)
    with translation.override("zh-hans"):
        assert fault.what not in str(fault)


def test_a_dump_that_cannot_be_opened_is_found_though_its_hash_fits(home, tmp_path) -> None:
    backup = made(home, tmp_path / "backups")
    dump = backup.folder / "house.dump"
    dump.write_bytes(b"")
    listing = backup.listing
    rows = [actions._listed(dump, "house.dump"), *listing.files[1:]]
    forged = Backup(backup.folder, Listing(**{**vars(listing), "files": tuple(rows)}))
    assert [fault.path for fault in queries.faults_of(forged)] == ["house.dump"]


def test_the_oldest_go_and_secrets_apart_go_with_them(home, tmp_path) -> None:
    backups, apart = tmp_path / "backups", tmp_path / "apart"
    forgotten = [made(home, backups, minutes=minutes, secrets_folder=apart, keep=2).forgotten for minutes in (0, 1, 1)]
    assert forgotten == [(), (), ("2026-11-28-1530",)]
    kept = ["2026-11-28-1531", "2026-11-28-1531-2"]
    for folder in (backups, apart):
        assert sorted(path.name for path in folder.iterdir() if path.name[0] != ".") == kept
    newest = queries.latest_backup(backups)
    assert newest.folder.name == kept[1]
    assert "secrets/code_key" not in names(newest.folder)
    assert queries.faults_of(newest, apart) == []
    assert queries.latest_backup(newest.folder) == newest, "a backup is named as well as the folder of backups"


@pytest.mark.parametrize("count", ["0", "-3", "many"])
def test_a_number_of_backups_to_keep_that_is_none(home, tmp_path, count) -> None:
    with pytest.raises(CommandError, match="Say how many backups shall stay"):
        call_command("backup", str(tmp_path / "backups"), "--keep", count)
    assert not (tmp_path / "backups").exists()


def test_a_disk_that_is_full_is_said_and_nothing_is_left(home, tmp_path) -> None:
    backups, apart = tmp_path / "backups", tmp_path / "apart"
    made(home, backups)
    os.truncate(home / "files/ab/abcd", 30_000_000)
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000_000, usual[1]))  # no file may grow larger, as on a full disk
    try:
        with refused("backup.not-written"):
            made(home, backups, minutes=5, secrets_folder=apart)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, usual[1]))
        with refused("backup.program-failed"):
            made(home, backups, minutes=5, secrets_folder=apart)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert [path.name for path in backups.iterdir() if path.name != ".lock"] == ["2026-11-28-1530"]
    assert list(apart.iterdir()) == []
    assert looking.last_backup_at(home) == NOW


def test_only_one_backup_at_once_and_what_a_killed_one_left_goes(home, tmp_path) -> None:
    backups = tmp_path / "backups"
    (backups / ".2026-11-27-0300.abcd.half" / "files").mkdir(parents=True)
    with (backups / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with refused("backup.busy"):
            made(home, backups)
    made(home, backups)
    assert sorted(path.name for path in backups.iterdir()) == [".lock", "2026-11-28-1530"]


def test_a_folder_with_other_things_and_one_of_the_house_are_refused(home, tmp_path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter").touch()
    with refused("backup.folder-not-empty"):
        made(home, tmp_path / "mine")
    with refused("backup.inside-the-house"):
        made(home, home / "files" / "backups")
    with refused("backup.inside-the-house"):
        made(home, home)
    with refused("backup.not-a-folder"):
        made(home, tmp_path / "mine" / "letter")
    with refused("backup.none-there"):
        queries.latest_backup(tmp_path / "mine")
    backup = made(home, tmp_path / "backups")
    with refused("backup.folder-not-empty"):
        made(home, backup.folder, minutes=1)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "other"}', "null"],
)  # fmt: skip
def test_what_is_no_listing_is_no_backup(tmp_path, text) -> None:
    with pytest.raises(NotAListing):
        Listing.read(text.encode())
    (tmp_path / "backup.json").write_text(text)
    assert queries.backups_in(tmp_path) == []


@pytest.mark.parametrize("path", ["../secrets/code_key", "/etc/passwd", "files/../../x", ""])
def test_a_listing_whose_paths_lead_out_is_none(home, tmp_path, path) -> None:
    said = json.loads((made(home, tmp_path / "backups").folder / "backup.json").read_bytes())
    said["files"][0]["path"] = path
    with pytest.raises(NotAListing):
        Listing.read(json.dumps(said).encode())


def test_what_stands_against_a_restore(home, tmp_path) -> None:
    assert queries.what_a_restore_would_lose(home) == ["files", "records", "packs"]
    with refused("restore.home-not-empty"):
        rules.check_home_is_empty(queries.what_a_restore_would_lose(home), home)
    shutil.rmtree(home)
    assert queries.what_a_restore_would_lose(home) == []
    with refused("restore.newer-data"):
        rules.check_is_known({"zhengyou.9999_later"} - queries.migrations_known())
    with refused("restore.database-not-empty"):
        rules.check_database_is_empty(queries.count_tables())
    with refused("restore.secrets-apart"):
        rules.check_has_secrets(are_apart=True, are_given=False)
    assert set(queries.migrations_applied()) <= queries.migrations_known()


def test_a_server_that_is_kept_is_checked_by_its_lock(home) -> None:
    (home / "database").mkdir()
    assert not queries.is_kept(home)
    with (home / "database" / "keeper.lock").open("w") as lock:
        assert not queries.is_kept(home)
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert queries.is_kept(home)


def test_the_programs_of_the_servers_own_version_are_found_and_no_others() -> None:
    major = dumping.server_major()
    for name in ("pg_dump", "pg_restore"):
        assert major_of(client(name, major)) == major
    with pytest.raises(EmbeddedDatabaseError, match="postgresql-client-99"):
        client("pg_dump", 99)


@pytest.mark.parametrize(
    "path",
    [
        "polls/x/key",
        "database/data/pg_hba.conf",
        "../files/a",
        "/etc/passwd",
        "files",
        "secrets/key",
        "files/../polls/key",
    ],
)
def test_a_listing_that_names_what_no_backup_holds_is_none(path) -> None:
    row = {"path": path, "size": 1, "sha256": "0" * 64}
    whole = {
        "format": "zhengyou-backup-1",
        "made_at": "2026-11-28T10:00:00+08:00",
        "product": "x",
        "server": 18,
        "migrations": [],
    }
    ours = {**row, "path": "files/a"}
    assert Listing.read(json.dumps({**whole, "files": [ours], "secrets": [], "are_secrets_apart": False}).encode())
    with pytest.raises(NotAListing):
        Listing.read(json.dumps({**whole, "files": [row], "secrets": [], "are_secrets_apart": False}).encode())
    if "/" in path:
        with pytest.raises(NotAListing):
            Listing.read(json.dumps({**whole, "files": [], "secrets": [row], "are_secrets_apart": False}).encode())


def test_a_file_of_a_backup_that_is_a_link_is_missing(tmp_path) -> None:
    (tmp_path / "elsewhere").write_text("x")
    (tmp_path / "backup" / "files").mkdir(parents=True)
    (tmp_path / "backup" / "files" / "a").symlink_to(tmp_path / "elsewhere")
    copied = Copied("files/a", 1, hashlib.sha256(b"x").hexdigest())
    assert [fault.what for fault in faults_in(tmp_path / "backup", (copied,))] == ["missing"]
    (tmp_path / "backup" / "files" / "a").unlink()
    (tmp_path / "backup" / "files" / "a").write_text("x")
    assert list(faults_in(tmp_path / "backup", (copied,))) == []
