"""`zhengyou issuer` and the roll it reads. The whole way through the command is in the journey of two issuers."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from tests.cast import district as cast

from zhengyou.base.refusals import Refused
from zhengyou.base.spreadsheets import Sheet, write_workbook
from zhengyou.management.issuer_roll import read_roll

PEOPLE = [("M001", "甲"), ("M002", "乙"), ("M003", "丙")]
LINES = "M001,甲\nM002,乙\nM003,丙\n"


@pytest.mark.parametrize(
    "data",
    [
        LINES.encode(),
        f"编号,姓名\n{LINES}".encode(),
        f"编号,姓名\n{LINES}".encode("utf-8-sig"),
        f"工号,姓名\n{LINES}".encode("gb18030"),
        "name,dept,number\r\n甲,x,M001\r\n\r\n乙,,M002\r\n丙,,M003\r\n".encode(),
        LINES.replace(",", "\t").encode("utf-16"),
        write_workbook([Sheet("名单", ["编号", "姓名"], PEOPLE)]),
    ],
    ids=["plain", "headed", "bom", "gbk", "other-order", "utf-16", "workbook"],
)
def test_a_roll_is_read_however_it_was_saved(data):
    assert read_roll(data) == PEOPLE


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("编号,姓名\n", []),
        ("编号,部门\nM1,x\n", ["must head one column “number” and one “name”"]),
        ("M1,甲\nM2\n,丙\n", ["Row 2: the name is missing.", "Row 3: the number is missing."]),
        ("M1,甲\nM2,乙\nM1,丙\n", ["Row 3: the number M1 already stands in row 1."]),
        ("11010519491231002X,甲\n", ["Row 1: ID-card numbers are never stored here."]),
        (f"{'9' * 41},甲\nM2,{'长' * 81}\n", ["Row 1: the number has more", "Row 2: the number has more"]),
        ("".join(f"M{n},\n" for n in range(30)), ["Row 20: the name is missing.", "… and 10 more rows."]),
    ],
)
def test_wrong_rows_are_named_and_nothing_is_taken(text, sentences):
    if not sentences:
        assert read_roll(text.encode()) == []
        return
    with pytest.raises(Refused) as caught:
        read_roll(text.encode())
    for sentence in sentences:
        assert sentence in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"  \n", b"%PDF-1.7 \x00\x01", b"<html><table>"])
def test_what_is_no_list_is_refused_in_words(data):
    with pytest.raises(Refused, match=r"empty|not a workbook|web page"):
        read_roll(data)


@pytest.mark.django_db
def test_no_second_issuer_moves_into_the_home_of_an_office(tmp_path):
    cast.small_district()
    for words in (["duties"], ["prepare", "x", "y", "--roll", "z"], ["statement", str(tmp_path / "count.json")]):
        with pytest.raises(CommandError, match="A campaign office lives in this home"):
            call_command("issuer", *words, language="en", stdout=StringIO())


@pytest.mark.django_db
def test_missing_files_and_unknown_polls_are_said(tmp_path):
    missing, out = tmp_path / "none.json", StringIO()
    call_command("issuer", "duties", language="en", stdout=out)
    assert out.getvalue() == ""
    for words, sentence in [
        (["prepare", missing, tmp_path / "reply.json", "--roll", missing], "No such file"),
        (["open", missing], "No such file"),
        (["open", "http://elsewhere.example/opening.json"], "must begin with https"),
        (["codes", tmp_path / "codes.html"], "Say which appraisal and pool you mean"),
        (["statement", tmp_path / "count.json"], "Say which appraisal and pool you mean"),
        (["extend", "tomorrow"], "Write the time like"),
    ]:
        with pytest.raises(CommandError, match=sentence):
            call_command("issuer", *map(str, words), language="en", stdout=StringIO())
    assert list(tmp_path.iterdir()) == []
