"""Public entries that somebody downloaded are checked without a house: whatever was changed, left out or moved is named."""

import json
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from tests.cast.district import NOW

from zhengyou.base import deeds, entries
from zhengyou.base.entries import Erasable, Public
from zhengyou.base.entries_downloaded import check_files


@pytest.fixture
def lines(client, db):
    """Three entries as a stranger gets them, the last with a text about somebody."""
    for number in range(2):
        deeds.done("stamps.press_stamp", "stamp:1", at=NOW, by=None, public=Public({"count": number}))
    said = {"why": Erasable("张三多年修路", is_public=True)}
    deeds.done("stamps.press_stamp", "stamp:1", at=NOW, by=None, public=Public(said))
    return b"".join(client.get("/entries/lines/").streaming_content).decode().splitlines()


def flaws(tmp_path, lines, earlier=None):
    (file := tmp_path / "entries.jsonl").write_text("".join(f"{line}\n" for line in lines))
    return [(flaw.number, flaw.what) for flaw in check_files([file], earlier).first_wrong]


def changed(line, **parts):
    return json.dumps(json.loads(line) | parts, ensure_ascii=False)


def test_what_was_downloaded_whole_is_right_and_leads_to_the_head(lines, tmp_path):
    head = entries.head()
    assert flaws(tmp_path, lines, head) == []
    assert check_files([tmp_path / "entries.jsonl"]).head == head


def test_pieces_are_checked_one_after_the_other(lines, tmp_path):
    pieces = [tmp_path / "1", tmp_path / "2"]
    for piece, some in zip(pieces, (lines[:2], lines[2:]), strict=True):
        piece.write_text("\n".join(some))
    assert check_files(pieces).wrong == 0
    assert check_files(pieces[1:]).wrong == 0
    assert check_files(pieces[::-1]).wrong > 0


def test_attack_an_entry_with_other_words_is_found(lines, tmp_path):
    lines[1] = lines[1].replace('\\"count\\":1', '\\"count\\":9')
    assert flaws(tmp_path, lines) == [(2, "changed")]


def test_attack_an_entry_changed_with_its_own_hashes_breaks_the_chain(lines, tmp_path):
    document = json.loads(lines[1])["entry"].replace('"count":1', '"count":9')
    leaf = entries.leaf_of(document.encode())
    chain = entries.chained(bytes.fromhex(json.loads(lines[0])["chain"]), leaf)
    noted = entries.head()
    lines[1] = changed(lines[1], entry=document, leaf=leaf.hex(), chain=chain.hex())
    assert flaws(tmp_path, lines) == [(3, "out-of-order")]
    last = entries.chained(chain, bytes.fromhex(json.loads(lines[2])["leaf"])).hex()
    lines[2] = changed(lines[2], chain=last)
    assert flaws(tmp_path, lines) == []
    assert flaws(tmp_path, lines, noted) == [(3, "other-than-noted")]


def test_attack_an_entry_left_out_moved_or_cut_off_is_found(lines, tmp_path):
    assert flaws(tmp_path, [lines[0], lines[2]]) == [(2, "missing")]
    assert flaws(tmp_path, [lines[0], lines[2], lines[1]]) == [(2, "missing"), (2, "out-of-order")]
    assert flaws(tmp_path, lines[:2], entries.head()) == [(3, "missing")]


def test_attack_another_text_about_somebody_is_found(lines, tmp_path):
    lines[2] = lines[2].replace("张三多年修路", "张三从不修路")
    assert flaws(tmp_path, lines) == [(3, "erasable-text-changed")]


def test_attack_a_number_from_far_away_takes_no_time(lines, tmp_path):
    lines[2] = changed(lines[2], number=2**53 - 1)
    assert flaws(tmp_path, lines) == [(3, "missing")]


@pytest.mark.parametrize(
    "line",
    ["", "no JSON", "[]", "null", '{"number": 1}', "[" * 100_000, '{"number": 0}', '{"number": "1"}'],
)
def test_what_is_no_line_of_entries_is_named(lines, tmp_path, line):
    (file := tmp_path / "entries.jsonl").write_text(f"{lines[0]}\n{line}\n")
    with pytest.raises(CommandError, match="line 2, is no line of /entries/lines/"):
        call_command("entries", "check", str(file))


def test_a_file_that_is_not_there_or_empty_is_said_to_be(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("entries", "check", str(tmp_path / "none"))
    (tmp_path / "empty").touch()
    with pytest.raises(CommandError, match="no entries"):
        call_command("entries", "check", str(tmp_path / "empty"))


def test_the_command_needs_no_house(lines, tmp_path):
    (file := tmp_path / "entries.jsonl").write_text("\n".join(lines))
    home = tmp_path / "home"
    command = [sys.executable, "-m", "zhengyou", "entries", "check", str(file)]
    environment = {"ZHENGYOU_HOME": str(home), "PATH": "/usr/bin:/bin", "PYTHONPATH": "src"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    head = json.loads(lines[-1])["chain"]
    assert done.stdout == f"3 public entries are as they were written. Head: 3:{head}\n"
    assert not (home / "database").exists()


def test_a_part_says_where_it_begins(lines, tmp_path, capsys):
    (file := tmp_path / "entries.jsonl").write_text(lines[2])
    call_command("entries", "check", str(file), "--head", f"3:{entries.head().chain}")
    assert "They begin with entry 3: what stands before it was not checked." in capsys.readouterr().out
    with pytest.raises(CommandError, match="3 is another one"):
        call_command("entries", "check", str(file), "--head", f"3:{'0' * 64}")
