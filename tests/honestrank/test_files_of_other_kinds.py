"""What is handed in as a table and is none: each kind is named, in one sentence, in both languages, by every reader."""

import bz2
import gzip
import io
import json
import lzma
import pickle
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from honestrank import InputError, rate
from honestrank.__main__ import main
from honestrank.reading.tables import OpenTable

Writer = Callable[..., Path]

ROWS = [{"unit": f"u{i % 4}", "rater": f"r{i // 4}", "score": i % 5 + 1} for i in range(60)]
CSV = "unit,rater,score\n" + "".join(f"{row['unit']},{row['rater']},{row['score']}\n" for row in ROWS)
CELLS = "".join(f"<tr><td>{row['unit']}</td><td>{row['score']}</td></tr>\n" for row in ROWS)
HTML_TABLE = f"<table><tr><th>unit</th><th>score</th></tr>{CELLS}</table>"
NOISE = bytes(range(256)) * 4


def zipped(**inside: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as file:
        for name, text in inside.items():
            file.writestr(name.replace("__", "/").replace("_DOT_", "."), text)
    return kept.getvalue()


def tarred() -> bytes:
    kept = io.BytesIO()
    with tarfile.open(fileobj=kept, mode="w") as file:
        entry = tarfile.TarInfo("ratings.csv")
        entry.size = len(CSV)
        file.addfile(entry, io.BytesIO(CSV.encode()))
    return kept.getvalue()


OPEN_SHEET, OPEN_TEXT = (f"application/vnd.oasis.opendocument.{kind}" for kind in ("spreadsheet", "text"))

# Bytes, the sentence, what it calls the kind.
KINDS: dict[str, tuple[bytes, str, str]] = {
    "xlsx": (zipped(xl__workbook_DOT_xml="<x/>"), "file_is_workbook", "Excel"),
    "xlsx of WPS, with backslashes": (zipped(**{"xl\\workbook_DOT_xml": "<x/>"}), "file_is_workbook", "Excel"),
    "ods": (zipped(mimetype=OPEN_SHEET, content_DOT_xml="<x/>"), "file_is_workbook", "OpenDocument"),
    "odt": (zipped(mimetype=OPEN_TEXT, content_DOT_xml="<x/>"), "file_is_document", "OpenDocument"),
    "docx": (zipped(word__document_DOT_xml="<x/>"), "file_is_document", "Word"),
    "pptx": (zipped(ppt__presentation_DOT_xml="<x/>"), "file_is_document", "PowerPoint"),
    "npz": (zipped(arr_0_DOT_npy="x"), "file_of_program", "NumPy"),
    "zip": (zipped(ratings_DOT_csv=CSV), "file_is_packed", "zip"),
    "half a zip": (zipped(ratings_DOT_csv=CSV)[:60], "file_is_packed", "zip"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + NOISE, "file_is_old_office", ""),
    "xls that is XML": (
        b'<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>',
        "file_is_workbook",
        "XML",
    ),
    "xls that is HTML": (HTML_TABLE.encode(), "file_is_page", "HTML"),
    "html in GBK": (f"<HTML><title>测评</title>{HTML_TABLE}".encode("gbk"), "file_is_page", "HTML"),
    "html with a mark": (f"\ufeff\n\n<!DOCTYPE html><html>{HTML_TABLE}</html>".encode(), "file_is_page", "HTML"),
    "html in UTF-16": (f"<html>{HTML_TABLE}</html>".encode("utf-16"), "file_is_page", "HTML"),
    "mht": (b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n--x\n", "file_is_page", "MHTML"),
    "json of records": (json.dumps(ROWS).encode(), "file_is_marked_up", "JSON"),
    "json of columns": (json.dumps({"unit": [1, 2], "score": [3, 4]}).encode(), "file_is_marked_up", "JSON"),
    "json, indented": (json.dumps({"data": ROWS}, indent=1).encode(), "file_is_marked_up", "JSON"),
    "json of rows": (json.dumps([list(row.values()) for row in ROWS]).encode(), "file_is_marked_up", "JSON"),
    "json by lines": ("\n".join(map(json.dumps, ROWS)).encode(), "file_is_marked_up", "JSON"),
    "xml": (f'<?xml version="1.0"?>\n<rows>{CELLS}</rows>'.encode(), "file_is_marked_up", "XML"),
    "xml without a head": (f"<rows>{CELLS}</rows>".encode(), "file_is_marked_up", "XML"),
    "markdown": (b"| unit | score |\n|---|---|\n| a | 3 |\n", "file_is_marked_up", "Markdown"),
    "latex": (b"\\begin{tabular}{ll}\nunit & score \\\\\n", "file_is_marked_up", "LaTeX"),
    "sql": (b'INSERT INTO ratings (unit, score) VALUES ("a", 3);\n', "file_is_marked_up", "SQL"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "file_is_document", "PDF"),
    "rtf": (rb"{\rtf1\ansi\deff0 unit score}", "file_is_document", "RTF"),
    "gzip": (gzip.compress(CSV.encode()), "file_is_packed", "gzip"),
    "bzip2": (bz2.compress(CSV.encode()), "file_is_packed", "bzip2"),
    "xz": (lzma.compress(CSV.encode()), "file_is_packed", "xz"),
    "zstandard": (b"\x28\xb5\x2f\xfd" + NOISE, "file_is_packed", "Zstandard"),
    "7z": (b"7z\xbc\xaf'\x1c" + NOISE, "file_is_packed", "7z"),
    "rar": (b"Rar!\x1a\x07\x01\x00" + NOISE, "file_is_packed", "RAR"),
    "tar": (tarred(), "file_is_packed", "tar"),
    "rds": (gzip.compress(b"X\n\x00\x00\x00\x03" + NOISE), "file_of_program", "R"),
    "rda": (gzip.compress(b"RDX3\nX\n" + NOISE), "file_of_program", "R"),
    "sav": (b"$FL2@(#) SPSS DATA FILE" + NOISE, "file_of_program", "SPSS"),
    "dta": (b"<stata_dta><header>" + NOISE, "file_of_program", "Stata"),
    "old dta": (b"\x73\x02\x01\x00" + NOISE, "file_of_program", "Stata"),
    "sas7bdat": (b"\x00" * 12 + b"\xc2\xea\x81\x60" + NOISE, "file_of_program", "SAS"),
    "arrow": (b"ARROW1\x00\x00" + NOISE, "file_of_program", "Arrow"),
    "feather": (b"FEA1" + NOISE, "file_of_program", "Feather"),
    "orc": (b"ORC" + NOISE, "file_of_program", "ORC"),
    "avro": (b"Obj\x01" + NOISE, "file_of_program", "Avro"),
    "npy": (b"\x93NUMPY\x01\x00" + NOISE, "file_of_program", "NumPy"),
    "hdf": (b"\x89HDF\r\n\x1a\n" + NOISE, "file_of_program", "HDF5"),
    "sqlite": (b"SQLite format 3\x00" + NOISE, "file_of_program", "SQLite"),
    "pickle": (pickle.dumps(ROWS), "file_of_program", "Python (pickle)"),
    "encrypted parquet": (b"PARE" + NOISE + b"PARE", "file_is_encrypted", "Parquet"),
    "half a parquet": (b"PAR1\x15\x04\x15\x00" + NOISE, "parquet_broken", ""),
    "png": (b"\x89PNG\r\n\x1a\n" + NOISE, "file_is_picture", "PNG"),
    "jpeg": (b"\xff\xd8\xff\xe0\x00\x10JFIF" + NOISE, "file_is_picture", "JPEG"),
    "heic": (b"\x00\x00\x00\x18ftypheic" + NOISE, "file_is_picture", "HEIC"),
    "exe": (b"MZ\x90\x00\x03" + NOISE, "file_is_program", ""),
    "elf": (b"\x7fELF" + NOISE, "file_is_program", ""),
    "zeros": (b"\x00" * 4096, "file_is_no_text", ""),
    "pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", "file_is_pointer", ""),
    "any bytes": (NOISE, "unknown_encoding", ""),
    "separators": (b",,,,\n,,,\n;;\n", "empty_file", ""),
    "a mark alone": (b"\xef\xbb\xbf", "empty_file", ""),
    "blank lines": (b"\n\r\n  \n", "empty_file", ""),
    "a heading": (b"unit,rater,score\n", "no_rows", ""),
    "a heading without an end": (b"unit,rater,score", "no_rows", ""),
    "a word": (b"hello", "no_rows", ""),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_named(kind: str, tmp_path: Path) -> None:
    content, key, called = KINDS[kind]
    path = tmp_path / "ratings.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as refused, OpenTable(path, ["unit", "score"]):
        pass
    assert refused.value.key == key
    for language in ("en", "zh-hans"):
        sentence = refused.value.sentence(language)
        assert "ratings.csv" in sentence
        assert called in sentence
        assert "\n" not in sentence


@pytest.mark.parametrize("kind", ["xlsx", "json of records", "html in GBK", "pdf", "gzip", "half a parquet"])
def test_every_reader_says_the_same(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "ratings.csv"
    path.write_bytes(KINDS[kind][0])
    with pytest.raises(InputError) as refused:
        rate(path, unit="unit", score="score")
    said = refused.value.sentence("en") + "\n"
    name = str(path)
    for words in (
        [name, "--unit", "unit", "--score", "score"],
        [name, "--unit", "unit", "--score", "score", "--rater", "rater"],
        [name, "--unit", "unit", "--score", "score", "--se", "se"],
        ["rank", name, "--method", "borda"],
        ["rank", name, "--method", "borda", "--ballot", "b", "--item", "i", "--rank", "r"],
    ):
        assert main(words) == 2
        found = capsys.readouterr()
        assert (found.out, found.err) == ("", said)


@pytest.mark.parametrize(
    "heading", ["ORCID", "PARENT", "PAR1", "BZhao", "GIF8", "RDX", "Rar!", "MZ", "FEA1", "[a]", "{a}", "<a>", "DUCK"]
)
def test_a_heading_that_begins_like_another_kind_is_a_heading(heading: str, tmp_path: Path) -> None:
    path = tmp_path / "ratings.csv"
    path.write_text(f"{heading},score\n" + "".join(f"u{i % 4},{i % 5 + 1}\n" for i in range(60)), encoding="utf-8")
    assert len(rate(path, unit=heading, score="score", compare_from=5).units) == 4


@pytest.mark.parametrize("separator", [",", ";", "\t", " "])
def test_a_missing_column_among_quoted_headings_is_no_matter_of_quotation_marks(
    separator: str, csv_file: Writer
) -> None:
    lines = ['"unit","rater","score"', *(f'"u{i % 4}","r{i // 4}",{i % 5}' for i in range(20))]
    path = csv_file("\n".join(lines).replace(",", separator) + "\n")
    with pytest.raises(InputError) as refused:
        rate(path, unit="units", score="score")
    assert refused.value.key == "no_such_column_but"
    assert refused.value.values["nearest"] == "unit"


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        rate(tmp_path, unit="unit", score="score")
    assert refused.value.key == "no_file_but_other"
