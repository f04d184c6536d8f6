"""What a file is that is no table in text: a workbook, a document, a picture, something packed, what another program keeps.

Goes by the first bytes, never by the name.
"""

import gzip
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from honestrank.words.wording import InputError

# Bytes looked at; a mark of tar stands at 257.
HEAD = 512

# What parts cells and says nothing: a file of nothing else is empty.
SEPARATORS = ',;|\t\r\n \uff0c\uff1b"'

# Bytes that text never holds.
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

# Sentences for what may begin like a heading (ORCID, PARENT): believed only where bytes stand behind that are no text.
_BINARY = ("file_is_picture", "file_is_packed", "file_is_encrypted", "file_of_program")

# How files begin: the sentence, and the name said in it.
_BEGINNINGS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "file_is_document", "PDF"),
    (b"{\\rtf", "file_is_document", "RTF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file_is_old_office", ""),
    (b"\x89PNG", "file_is_picture", "PNG"),
    (b"\xff\xd8\xff", "file_is_picture", "JPEG"),
    (b"GIF8", "file_is_picture", "GIF"),
    (b"II*\x00", "file_is_picture", "TIFF"),
    (b"MM\x00*", "file_is_picture", "TIFF"),
    (b"BZh", "file_is_packed", "bzip2"),
    (b"\xfd7zXZ\x00", "file_is_packed", "xz"),
    (b"\x28\xb5\x2f\xfd", "file_is_packed", "Zstandard"),
    (b"7z\xbc\xaf\x27\x1c", "file_is_packed", "7z"),
    (b"Rar!", "file_is_packed", "RAR"),
    (b"PARE", "file_is_encrypted", "Parquet"),
    (b"$FL", "file_of_program", "SPSS"),
    (b"<stata_dta>", "file_of_program", "Stata"),
    (b"RDX", "file_of_program", "R"),
    (b"RDA", "file_of_program", "R"),
    (b"X\n\x00\x00", "file_of_program", "R"),
    (b"ARROW1", "file_of_program", "Arrow"),
    (b"FEA1", "file_of_program", "Feather"),
    (b"ORC", "file_of_program", "ORC"),
    (b"Obj\x01", "file_of_program", "Avro"),
    (b"\x93NUMPY", "file_of_program", "NumPy"),
    (b"\x89HDF", "file_of_program", "HDF5"),
    (b"SQLite format 3\x00", "file_of_program", "SQLite"),
    (b"\x80\x02", "file_of_program", "Python (pickle)"),
    (b"\x80\x03", "file_of_program", "Python (pickle)"),
    (b"\x80\x04\x95", "file_of_program", "Python (pickle)"),
    (b"\x80\x05\x95", "file_of_program", "Python (pickle)"),
    (b"\x00" * 12 + b"\xc2\xea\x81\x60", "file_of_program", "SAS"),
    (b"\x7fELF", "file_is_program", ""),
    (b"version https://git-lfs", "file_is_pointer", ""),
)

# Further marks that do not stand first: (place, bytes).
_ELSEWHERE: tuple[tuple[int, bytes, str, str], ...] = (
    (4, b"ftypheic", "file_is_picture", "HEIC"),
    (4, b"ftypmif1", "file_is_picture", "HEIC"),
    (8, b"WEBP", "file_is_picture", "WebP"),
    (8, b"DUCK", "file_of_program", "DuckDB"),
    (257, b"ustar", "file_is_packed", "tar"),
)

# Folders and files in a zip that say what it is.
_IN_ZIP: tuple[tuple[str, str, str], ...] = (
    ("xl/", "file_is_workbook", "Excel"),
    ("word/", "file_is_document", "Word"),
    ("ppt/", "file_is_document", "PowerPoint"),
)

# How text begins that is no table: blanks in front do not count.
_TEXTS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"\{\s*(\"[^\"]*\"\s*:|\})"), "file_is_marked_up", "JSON"),
    (re.compile(r"\[\s*([\[{]|\"[^\"]*\"\s*[,\]]|\])"), "file_is_marked_up", "JSON"),
    (re.compile(r"<!doctype html|<(html|head|body|table|meta|style|div)\b[^>]*>", re.IGNORECASE), "file_is_page", "HTML"),
    (re.compile(r"MIME-Version:\s", re.IGNORECASE), "file_is_page", "MHTML"),
    (re.compile(r"<\?xml\s|<!DOCTYPE\s|<!--|<([A-Za-z][\w:.-]*)(\s[^<>]*)?>\s*<"), "file_is_marked_up", "XML"),
    (re.compile(r"\\(documentclass|begin\{)"), "file_is_marked_up", "LaTeX"),
    (re.compile(r"[^\n]*\|[^\n]*\n\s*\|?\s*:?-{3,}:?\s*(\||\r?\n)"), "file_is_marked_up", "Markdown"),
    (re.compile(r"(INSERT INTO|CREATE TABLE)\s", re.IGNORECASE), "file_is_marked_up", "SQL"),
)  # fmt: skip

# What Excel itself writes as XML.
_SHEET_IN_XML = "urn:schemas-microsoft-com:office:spreadsheet"


def is_parquet(path: Path) -> bool:
    """Whether a file begins as Parquet does, and not with the heading of a text that does."""
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    return head.startswith(b"PAR1") and (path.suffix.lower() == ".parquet" or _CONTROL.search(head) is not None)


def refuse_other_kinds(path: Path) -> None:
    """Raise InputError, in a sentence that says what to do, for a file whose first bytes are those of another kind."""
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    for sentence, name in _kinds(path, head):
        raise InputError(sentence, path=path.name, kind=name)


def _kinds(path: Path, head: bytes) -> Iterator[tuple[str, str]]:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        yield _zipped(path)
    if head.startswith(b"\x1f\x8b"):
        yield _gzipped(path)
    for place, mark, sentence, name in (*((0, *beginning) for beginning in _BEGINNINGS), *_ELSEWHERE):
        if head[place:].startswith(mark) and (sentence not in _BINARY or _CONTROL.search(head)):
            yield sentence, name
    if head.startswith(b"MZ") and _CONTROL.search(head):
        yield "file_is_program", ""
    if re.match(rb"[\x6c-\x73][\x01\x02]\x01\x00", head):
        yield "file_of_program", "Stata"
    # Whole words that text never holds: neither UTF-16 nor any table has so many zeros.
    if head.count(0) > 0.9 * len(head) > 0:
        yield "file_is_no_text", ""


def _zipped(path: Path) -> tuple[str, str]:
    try:
        with zipfile.ZipFile(path) as found:
            names = found.namelist()
            mimetype = found.read("mimetype")[:80].decode("ascii", "replace") if "mimetype" in names else ""
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, zlib.error):
        return "file_is_packed", "zip"
    if "opendocument" in mimetype:
        return ("file_is_workbook" if "spreadsheet" in mimetype else "file_is_document"), "OpenDocument"
    for folder, sentence, name in _IN_ZIP:
        if any(entry.replace("\\", "/").startswith(folder) for entry in names):
            return sentence, name
    if names and all(entry.endswith(".npy") for entry in names):
        return "file_of_program", "NumPy"
    return "file_is_packed", "zip"


def _gzipped(path: Path) -> tuple[str, str]:
    """R keeps its own files in gzip."""
    try:
        with gzip.open(path) as stream:
            inside = stream.read(16)
    except (OSError, EOFError, zlib.error):
        inside = b""
    of_r = any(inside.startswith(mark) for mark, _, name in _BEGINNINGS if name == "R")
    return ("file_of_program", "R") if of_r else ("file_is_packed", "gzip")


def refuse_other_texts(text: Path, name: str) -> None:
    """The same for text that is written for programs: JSON, web pages, XML and the like."""
    with text.open(encoding="utf-8-sig", newline="") as stream:
        head = stream.read(4 * HEAD).lstrip()
    if len(head) < HEAD and not head.strip(SEPARATORS):
        raise InputError("empty_file", path=name)
    if _SHEET_IN_XML in head and head.startswith("<"):
        raise InputError("file_is_workbook", path=name, kind="XML")
    for beginning, sentence, kind in _TEXTS:
        if beginning.match(head):
            raise InputError(sentence, path=name, kind=kind)
