"""What the verifier finds is said with names: no reader has to know that pools[0].lines[1] is the lower village."""

import json
import shutil
from pathlib import Path

import pytest

from blindballot.__main__ import main
from blindballot.format.encoding import canonical
from blindballot.format.findings import Finding
from blindballot.format.manifest import read_manifest
from blindballot.verifying.called import sentence_of

RECORD = Path(__file__).resolve().parents[1] / "vectors/record/record"


@pytest.fixture
def record(tmp_path):
    return Path(shutil.copytree(RECORD, tmp_path / "record"))


def changed(record, change):
    """The record with other counts."""
    counts = json.loads((record / "counts.json").read_bytes())
    change(counts)
    (record / "counts.json").write_bytes(canonical(counts))


def said(capsys, record, language):
    assert main(["verify", str(record), "--lang", language]) == 1
    return [line for line in capsys.readouterr().out.splitlines() if line.startswith("- counts.json")]


def open_line(counts):
    """The place of a line that is published slip by slip, and the line."""
    for number, pool in enumerate(counts["pools"]):
        for line in pool["lines"]:
            if line["publication"] == "open" and "criteria" in line:
                return number, line
    raise AssertionError("the shared record has an open line")


def test_counts_that_do_not_add_up_name_pool_organisation_and_item(capsys, record):
    def one_more(counts):
        open_line(counts)[1]["criteria"][0]["cells"][0]["n"] += 1

    manifest = json.loads((record / "manifest.json").read_bytes())
    number, line = open_line(json.loads((record / "counts.json").read_bytes()))
    pool, criterion = manifest["pools"][number], line["criteria"][0]["criterion"]
    changed(record, one_more)
    for language in ("en", "zh-hans"):
        [sentence] = [one for one in said(capsys, record, language) if "bad-counts" in one]
        for names in (
            pool["name"],
            next(one["name"] for one in manifest["lines"] if one["id"] == line["line"]),
            next(one["name"] for one in manifest["criteria"] if one["id"] == criterion),
        ):
            assert (names.get(language) or next(iter(names.values()))) in sentence
        assert "pools[" not in sentence
    assert "合计不等于有效票页" in sentence


def test_a_false_count_is_said_with_the_true_one_in_the_words_of_the_result(capsys, record):
    def moved(counts):
        cells = open_line(counts)[1]["criteria"][0]["cells"]
        cells[0]["n"] += 1
        next(cell for cell in cells[1:] if cell["n"])["n"] -= 1

    changed(record, moved)
    [sentence] = [one for one in said(capsys, record, "zh") if "recount" in one]
    assert "各项目的计数" in sentence
    assert "弃权" in sentence
    assert "{" not in sentence


@pytest.mark.parametrize(
    ("detail", "chinese"),
    [
        ("pools[9].lines[0]: is missing", "pools[9].lines[0]：缺失"),
        ("pools[0].lines[999]: too large", "太大"),
        ("something that nobody foresaw", "something that nobody foresaw"),
        ("", ""),
    ],
)
def test_what_has_no_name_stays_as_it_is(detail, chinese):
    manifest = read_manifest((RECORD / "manifest.json").read_bytes())
    finding = Finding("counts.json", 0, "bad-counts", {"detail": detail})
    assert chinese in sentence_of(finding, "zh-hans", manifest)
    assert detail in sentence_of(finding, "en", None)
