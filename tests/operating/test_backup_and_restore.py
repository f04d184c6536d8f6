"""A backup made while the house serves and a poll is open, and what a restore of it may do: on the real commands."""

import hashlib
import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from tests.living.homes import empty_home
from tests.living.house import LivingHouse, ask
from tests.living.voters import Voters
from tests.operating.houses import command, refused_with, said

pytestmark = pytest.mark.long


def modes(folder: Path) -> set[tuple[str, int]]:
    return {("d" if path.is_dir() else "f", path.stat().st_mode & 0o777) for path in (folder, *folder.rglob("*"))}


def issue(house: LivingHouse, voters: Voters, voter) -> tuple[int, dict]:
    with closing(house.connect()) as connection:
        status, answer = ask(connection, "POST", voters.poll.path("issue"), voter.request)
    return status, json.loads(answer)


def test_a_restore_in_the_middle_of_a_poll_lets_nobody_vote_twice(tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    with LivingHouse() as house:
        voters = Voters(house, count=5, lines=2)
        (house.home / "files" / "ab").mkdir()
        (house.home / "files" / "ab" / "abcd").write_bytes(b"a photo")
        assert "The backup is whole" in said(house, "backup", backups)
        [made] = [path for path in backups.iterdir() if path.name[0] != "."]
        assert modes(made) == {("d", 0o700), ("f", 0o600)}
        written = b"".join(path.read_bytes() for path in made.rglob("*") if path.is_file())
        assert (house.home / "polls" / voters.poll.key / "key").read_bytes() not in written
        assert sorted(path.name for path in made.iterdir()) == ["backup.json", "files", "house.dump", "secrets"]
        assert "0 days old" in said(house, "backup", "--check", backups)
        first = voters.voters[0]
        for _turn in ("issue", "cast"):
            voters.step(first)
        assert "Stop it, then restore" in refused_with(house, "restore", backups, "--replace")
        house.stop()
        assert "--replace" in refused_with(house, "restore", backups)
        told = said(house, "restore", backups, "--replace")
        assert "can only be declared void" in told
        [aside] = house.home.glob("replaced-*")
        assert (aside / "database" / "data").is_dir()
        assert (house.home / "files" / "ab" / "abcd").read_bytes() == b"a photo"
        house.start()
        for voter in voters.voters[:2]:
            status, answer = issue(house, voters, voter)
            assert (status, answer["reason"]) == (409, "poll.only-void")
        assert voters.rows("house", "SELECT only_void FROM zhengyou_poll") == [("restored",)]


def test_a_record_signed_after_the_backup_is_never_written_over(tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    with LivingHouse() as house:
        voters = Voters(house, count=5, lines=2)
        house.stop()
        said(house, "backup", backups)
        house.tell("close_poll", voters.poll.key)
        record = house.home / "records" / voters.poll.key / "record" / "record.json"
        signed = record.read_bytes()
        told = said(house, "restore", backups, "--replace")
        assert f"The record {voters.poll.key} was signed after the backup" in told
        assert record.read_bytes() == signed
        with pytest.raises(RuntimeError, match="PollRefused"):
            house.tell("close_poll", voters.poll.key)
        assert record.read_bytes() == signed


def test_backups_are_kept_apart_checked_and_counted(tmp_path: Path) -> None:
    backups, apart = tmp_path / "backups", tmp_path / "apart"
    with LivingHouse(is_served=False) as house, empty_home() as new:
        for _time in range(3):
            said(house, "backup", backups, "--secrets", apart, "--keep", "2")
        kept = sorted(path.name for path in backups.iterdir() if path.name[0] != ".")
        assert len(kept) == 2
        assert sorted(path.name for path in apart.iterdir()) == kept
        assert not (backups / kept[0] / "secrets").exists()
        assert "were not looked at" in said(house, "backup", "--check", backups)
        assert "were not looked at" not in said(house, "backup", "--check", backups, "--secrets", apart)
        assert "--new-secrets" in refused_with(house, "restore", backups, home=new)
        assert not (new / "database").exists()
        said(house, "restore", backups, "--secrets", apart, home=new)
        assert (new / "database" / "data").is_dir()
        for name in ("secret_key", "code_key", "key_password"):
            assert (new / "secrets" / name).read_text() == (apart / kept[-1] / name).read_text()
            assert (new / "secrets" / name).stat().st_mode & 0o777 == 0o600
        dump = backups / kept[-1] / "house.dump"
        dump.write_bytes(dump.read_bytes()[:-40])
        assert "house.dump (changed)" in command(house, "backup", "--check", backups).stdout
        assert "not whole" in refused_with(house, "restore", backups, "--secrets", apart, home=tmp_path / "third")
        assert hashlib.sha256(dump.read_bytes()).hexdigest() not in (backups / kept[-1] / "backup.json").read_text()
        shutil.rmtree(backups / kept[0])
        (backups / kept[-1] / "backup.json").unlink()
        assert "no complete backup" in refused_with(house, "restore", backups, home=tmp_path / "third")
        assert "not empty and holds no backups" in refused_with(house, "backup", backups)
        assert "the house itself uses" in refused_with(house, "backup", house.home / "files" / "backups")
