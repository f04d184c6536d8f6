"""A backup made while the house serves and a poll is open, and what a restore of it may do: on the real commands."""

import json
from contextlib import closing
from pathlib import Path

import pytest
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
    with LivingHouse(workers=1) as house:
        voters = Voters(house, count=5, lines=2)
        (house.home / "files" / "ab").mkdir()
        (house.home / "files" / "ab" / "abcd").write_bytes(b"a photo")
        assert "The backup is whole" in said(house, "backup", backups)
        [made] = [path for path in backups.iterdir() if path.name[0] != "."]
        assert modes(made) == {("d", 0o700), ("f", 0o600)}
        written = b"".join(path.read_bytes() for path in made.rglob("*") if path.is_file())
        assert (house.home / "polls" / voters.poll.key / "key").read_bytes() not in written
        assert sorted(path.name for path in made.iterdir()) == ["backup.json", "files", "house.dump", "secrets"]
        first = voters.voters[0]
        for _turn in ("issue", "cast"):
            voters.step(first)
        assert "Stop it, then restore" in refused_with(house, "restore", backups, "--replace")
        house.stop()
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
    backups, apart = tmp_path / "backups", tmp_path / "apart"
    with LivingHouse(is_served=False) as house:
        poll = house.tell("open_poll", "5", "2")["key"]
        said(house, "backup", backups, "--secrets", apart)
        secrets = {path.name: path.read_text() for path in (house.home / "secrets").iterdir()}
        house.tell("close_poll", poll)
        record = house.home / "records" / poll / "record" / "record.json"
        signed = record.read_bytes()
        assert "--new-secrets" in refused_with(house, "restore", backups, "--replace")
        told = said(house, "restore", backups, "--replace", "--secrets", apart)
        assert f"The record {poll} was signed after the backup" in told
        assert record.read_bytes() == signed
        with pytest.raises(RuntimeError, match="PollRefused"):
            house.tell("close_poll", poll)
        assert record.read_bytes() == signed
        for name, text in secrets.items():
            kept = house.home / "secrets" / name
            assert (kept.read_text(), kept.stat().st_mode & 0o777) == (text, 0o600)
        found = {row["slug"] for row in json.loads(command(house, "doctor", "--json").stdout)}
        assert found >= {"record.unknown", "poll.only-void"}
