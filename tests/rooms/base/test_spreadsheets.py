"""Tables for spreadsheet programs: no cell runs as a formula, codes keep their zeros, numbers stay numbers."""

import io

from openpyxl import load_workbook

from zhengyou.base.spreadsheets import Sheet, harmless, write_csv, write_workbook

FORMULAS = ["=1+1", "+3", "-2", "@x", "\t=1", "\r=1"]


def test_what_would_run_as_a_formula_begins_with_an_apostrophe():
    assert [harmless(text) for text in FORMULAS] == [f"'{text}" for text in FORMULAS]
    assert [harmless(text) for text in ("甲", "0017", "1-2", "")] == ["甲", "0017", "1-2", ""]


def test_a_csv_says_that_it_is_unicode_guards_its_text_and_leaves_numbers_alone():
    data = write_csv(["头", "数"], [["=1+1", -2], ["甲", 3.5]])
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig").splitlines() == ["头,数", "'=1+1,-2", "甲,3.5"]


def test_a_workbook_holds_formulas_as_text_and_numbers_as_numbers_below_what_stands_above_its_head():
    sheets = [Sheet("甲", ["头", "数"], [["=1+1", 2], ["0017", ""]], above=[("名", 7), ()]), Sheet("乙", ["头"], [])]
    book = load_workbook(io.BytesIO(write_workbook(sheets)))
    cells = [[(cell.value, cell.data_type) for cell in row] for row in book["甲"].iter_rows()]
    assert cells[0] == [("名", "s"), (7, "n")]
    assert cells[2:] == [
        [("头", "s"), ("数", "s")],
        [("=1+1", "s"), (2, "n")],
        [("0017", "s"), (None, "n")],
    ]
    assert book["甲"].auto_filter.ref == "A3:B5"
    assert [[cell.value for cell in row] for row in book["乙"].iter_rows()] == [["头"]]
