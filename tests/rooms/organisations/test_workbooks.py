"""Workbooks and CSV files as offices and attackers send them."""

import io
import struct
import zipfile
from pathlib import Path

import pytest
from django.utils import translation
from tests.rooms.organisations.lists import csv_text, xlsx

from zhengyou.organisations.importing import workbooks
from zhengyou.organisations.rules import WorkbookRefused

FOLDER = Path(__file__).parent / "workbooks"
ROWS = [["姓名", "党员编号"], ["张三", "0017"]]


def package(**members: bytes) -> bytes:
    """A zip with these members beside what makes it look like a workbook."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in members.items():
            book.writestr(name, data)
    return out.getvalue()


def changed(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """The workbook with some text of one member replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as book, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as other:
        for member in book.namelist():
            text = book.read(member)
            if member == name:
                assert old in text
                text = text.replace(old, new)
            other.writestr(member, text)
    return out.getvalue()


def reason(data: bytes) -> str:
    with pytest.raises(WorkbookRefused) as refusal, translation.override("en"):
        workbooks.read_sheets(data)
    assert str(refusal.value).endswith(".")
    return refusal.value.reason


def test_values_of_a_workbook_become_text():
    [sheet] = workbooks.read_sheets(
        xlsx(("甲", [["标题"], [], ["代码", 1001, 1.5, True, "==1+1"], ["  x ", 431202198001011000]]))
    )
    assert sheet.rows == [
        (1, ["标题", "", "", "", ""]),
        (3, ["代码", "1001", "1.5", "TRUE", "由公式算出"]),
        (4, ["x", "≈431202198001011008", "", "", ""]),
    ]


def test_cells_merged_downwards_count_for_each_row_but_fill_no_empty_one():
    [sheet] = workbooks.read_sheets(xlsx(("甲", [["上级", "乙"], ["001", "b"], ["", "c"], []]), merged=("A2:A4",)))
    assert sheet.rows == [(1, ["上级", "乙"]), (2, ["001", "b"]), (3, ["001", "c"])]


def test_hidden_sheets_are_told():
    sheets = workbooks.read_sheets(xlsx(("甲", ROWS), ("乙", ROWS), hidden=("乙",)))
    assert [(sheet.name, sheet.is_hidden) for sheet in sheets] == [("甲", False), ("乙", True)]


def test_an_old_workbook_is_read():
    [sheet] = workbooks.read_sheets((FOLDER / "members.xls").read_bytes())
    assert (3, ["1", "旧表甲", "9001", "001001001", "正式党员"]) in sheet.rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_in_the_usual_encodings(encoding, delimiter):
    text = csv_text(ROWS).replace(",", delimiter)
    [sheet] = workbooks.read_sheets(text.encode(encoding))
    assert sheet.rows == [(1, ROWS[0]), (2, ROWS[1])]


def test_csv_rows_keep_their_numbers_across_blank_lines():
    [sheet] = workbooks.read_sheets('姓名,编号\n\n"张\n三",1\n,\n李四,2\n'.encode())
    assert [number for number, _cells in sheet.rows] == [1, 3, 5]


def test_a_locked_workbook_is_refused_new_and_old():
    assert reason((FOLDER / "locked.xlsx").read_bytes()) == "workbook.locked"
    plain = (FOLDER / "members.xls").read_bytes()
    interface = plain.index(struct.pack("<HH", 0x00E1, 2))
    locked = plain[:interface] + struct.pack("<HH", 0x002F, 2) + plain[interface + 4 :]
    assert reason(locked) == "workbook.locked"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "empty"),
        (b"  \r\n ", "empty"),
        (b"\xff\xd8\xff\xe0" + bytes(range(256)), "kind"),
        (b"%PDF-1.4\n1 0 obj\n", "kind"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "kind"),
        (b"abc\x00def", "kind"),
        ("<html><table><tr><td>姓名".encode("gbk"), "web-page"),
        (b"<?xml version='1.0'?><Workbook/>", "web-page"),
        (package(**{"word/document.xml": b"<x/>"}), "kind"),
        (package(**{"xl/workbook.xml": b"<nonsense"}), "broken"),
        (b"PK\x03\x04 and nothing more", "broken"),
        (workbooks.OLE + b"\x00" * 600, "broken"),
        (b"x" * (workbooks.LARGEST + 1), "size"),
        (b"a,b\n" + b"x" * 1_000_000, "cell-too-long"),
        (b'a,b\n"' + b"x" * 1_000_000, "quote-not-closed"),
        (xlsx(("甲", ROWS))[:-300], "broken"),
    ],
)
def test_other_files_are_refused_with_a_sentence(data, expected):
    assert reason(data) == f"workbook.{expected}"


def test_bombs_are_refused_before_anything_is_unpacked():
    assert reason(package(**{"xl/workbook.xml": b"0" * 5_000_000})) == "workbook.bomb"
    many = package(**{f"xl/{n}.xml": b"" for n in range(2001)})
    assert reason(many) == "workbook.bomb"


def test_a_bomb_that_lies_about_its_size_harms_only_its_reader():
    sheet = b"<row><c><v>1</v></c></row>" * 4_000_000
    data = changed(xlsx(("甲", ROWS)), "xl/worksheets/sheet1.xml", b"<sheetData>", b"<sheetData>" + sheet)
    place = data.rindex(b"xl/worksheets/sheet1.xml") - 46
    assert data[place : place + 4] == b"PK\x01\x02"
    size = struct.pack("<I", struct.unpack_from("<I", data, place + 20)[0] * 10)
    data = data[: place + 24] + size + data[place + 28 :]
    assert reason(data) == "workbook.broken"


def test_what_the_reader_has_no_room_for_is_told_as_too_much_and_not_as_damaged(tmp_path, monkeypatch):
    monkeypatch.setattr(workbooks.workbook_reader, "__file__", str(tmp_path / "reader.py"))
    for ends, said in (("os.abort()", "heavy"), ("os.kill(os.getpid(), 9)", "heavy"), ("os._exit(1)", "broken")):
        (tmp_path / "reader.py").write_text(f"import os; {ends}")
        assert reason(xlsx(("甲", ROWS))) == f"workbook.{said}"


@pytest.mark.parametrize(
    ("cell", "said"), [("XFD1048576", "rows"), ("A10000000", "rows"), ("XFD3", "columns"), ("A131073", "rows")]
)
def test_a_cell_far_away_is_refused_before_the_rows_in_between_are_made(cell, said):
    data = changed(xlsx(("甲", ROWS)), "xl/worksheets/sheet1.xml", b'r="B2"', f'r="{cell}"'.encode())
    assert reason(data) == f"workbook.{said}"


def test_entity_bombs_are_not_expanded():
    bomb = b'<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 10) for letter in range(ord("b"), ord("j"))
    )
    data = changed(xlsx(("甲", ROWS)), "xl/sharedStrings.xml", b"<sst", bomb + b"]><sst")
    data = changed(data, "xl/sharedStrings.xml", "张三".encode(), b"&i;")
    assert reason(data) == "workbook.broken"


def test_too_many_rows_and_columns_are_refused():
    assert reason(b"a,b\n" * 100_001) == "workbook.rows"
    assert reason(b"," * 200 + b"x") == "workbook.columns"
    assert reason(xlsx(("甲", [["x"] * 201]))) == "workbook.columns"
