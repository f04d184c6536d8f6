"""Records from strangers: zips and folders made to do harm are refused in words, and nothing is written or waited for."""

from __future__ import annotations

import io
import os
import re
import shutil
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from blindballot.__main__ import main
from blindballot.format.record import ALL_FILES, BOARD, COSIGNATURES, COUNTS, MANIFEST, RECORD, SEALED, SIGNATURE
from blindballot.verifying.scrutiny import Papers
from blindballot.verifying.verifier import UnreadableError, verify

VECTOR = Path(__file__).parents[1] / "vectors" / "record"
SOUND = VECTOR / "record"
FILES = {path.name: path.read_bytes() for path in SOUND.iterdir()}
Entries = list[tuple[str, bytes]]


def zipped(at: Path, entries: Entries, kind: int = zipfile.ZIP_DEFLATED) -> Path:
    """A zip with these entries, in a folder where whatever is written outside of it would be seen."""
    place = at / "place"
    place.mkdir(exist_ok=True)
    path = place / "record.zip"
    with zipfile.ZipFile(path, "w", kind) as archive:
        for name, data in entries:
            entry = zipfile.ZipInfo("x")
            entry.filename = name
            entry.compress_type = kind
            archive.writestr(entry, data)
    return path


def under(folder: str = "", **more: bytes) -> Entries:
    return [(folder + name, data) for name, data in {**FILES, **more}.items()]


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The exit status and what was printed to either side."""
    status = main([*arguments, "--lang", "en"])
    printed = capsys.readouterr()
    return status, printed.out + printed.err


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where zips are unpacked, which must be empty afterwards."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.mark.parametrize("folder", ["", "record/", "poll-7/record/"])
@pytest.mark.parametrize("kind", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_has_the_verdict_of_its_folder(
    tmp_path: Path, temporary: Path, capsys: pytest.CaptureFixture[str], folder: str, kind: int
) -> None:
    path = zipped(tmp_path, under(folder), kind)
    assert said(capsys, "verify", str(path)) == said(capsys, "verify", str(SOUND))
    assert list(temporary.iterdir()) == []


def test_hidden_files_and_folders_of_a_zip_are_passed_over(
    tmp_path: Path, temporary: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hidden = [(".DS_Store", b"x"), ("__MACOSX/._manifest.json", b"x"), (".git/manifest.json", b"x"), ("empty/", b"")]
    path = zipped(tmp_path, [*under(), *hidden])
    assert said(capsys, "verify", str(path))[0] == 0


def twice(at: Path) -> Path:
    with pytest.warns(UserWarning, match="Duplicate name"):
        return zipped(at, [*under(), (BOARD, b"another board")])


def bomb(at: Path) -> Path:
    return zipped(at, under(**{BOARD: bytes(20 << 20)}))


def many(at: Path) -> Path:
    return zipped(at, [*under(), *((f"file-{number}", b"") for number in range(1001))])


def truncated(at: Path) -> Path:
    path = zipped(at, under())
    path.write_bytes(path.read_bytes()[:-30])
    return path


def in_the_middle(at: Path, change: Callable[[bytearray, int], object]) -> Path:
    """Changes the zip at the beginning of the local header and of the central entry of the board."""
    path = zipped(at, [(BOARD, FILES[BOARD]), *(each for each in under() if each[0] != BOARD)])
    data = bytearray(path.read_bytes())
    change(data, data.index(b"PK\x01\x02"))
    path.write_bytes(data)
    return path


def encrypted(at: Path) -> Path:
    def flag(data: bytearray, central: int) -> None:
        data[6] |= 1
        data[central + 8] |= 1

    return in_the_middle(at, flag)


def damaged(at: Path) -> Path:
    return in_the_middle(at, lambda data, central: data.__setitem__(slice(2000, 2100), bytes(100)))


def unknown_method(at: Path) -> Path:
    def method(data: bytearray, central: int) -> None:
        data[8:10] = data[central + 10 : central + 12] = struct.pack("<H", 97)

    return in_the_middle(at, method)


def renamed(at: Path) -> Path:
    """The entry has one name in the zip's list and another before its data."""
    return in_the_middle(at, lambda data, central: data.__setitem__(slice(30, 35), b"other"))


def understated(at: Path) -> Path:
    """It says that the board has ten bytes; more come out."""
    return in_the_middle(at, lambda data, central: data.__setitem__(slice(central + 24, central + 28), b"\n\0\0\0"))


def no_zip(at: Path) -> Path:
    path = at / "record.zip"
    path.write_bytes(FILES[MANIFEST])
    return path


@pytest.mark.parametrize(
    "make",
    [twice, bomb, many, truncated, encrypted, damaged, unknown_method, renamed, understated, no_zip],
    ids=lambda make: make.__name__,
)
def test_a_zip_that_cannot_be_trusted_is_refused_in_words(
    tmp_path: Path, temporary: Path, capsys: pytest.CaptureFixture[str], make: Callable[[Path], Path]
) -> None:
    path = make(tmp_path)
    status, printed = said(capsys, "verify", str(path))
    assert status == 2
    (sentence,) = printed.splitlines()
    assert sentence.startswith(f"Cannot verify: {path}: ")
    assert list(temporary.iterdir()) == []
    assert list(path.parent.glob("*.zip")) == [path]


OUTSIDE = [
    "../evil",
    "/tmp/evil",
    "a/../../evil",
    "..\\evil",
    "C:\\evil",
    "manifest.json\0.txt",
    "\x1b[2Jevil",
    "evil\n",
]


@pytest.mark.parametrize("name", OUTSIDE)
def test_an_entry_that_leads_outside_is_a_strange_file_of_a_changed_copy(
    tmp_path: Path, temporary: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    path = zipped(tmp_path, [*under(), (name, b"evil")])
    status, printed = said(capsys, "verify", str(path))
    assert status == 1
    assert printed.startswith("This copy was changed or is not whole: 1 checks fail.")
    assert "a file that does not belong to a record (strange-file)" in printed
    assert re.sub("[\n\t]", "", printed).isprintable()
    assert sorted(entry.name for entry in path.parent.iterdir()) == ["record.zip"]
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["place", "temporary"]
    assert list(temporary.iterdir()) == []


def test_a_link_in_a_zip_is_not_followed(tmp_path: Path, temporary: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(FILES[MANIFEST])
    path = zipped(tmp_path, [each for each in under() if each[0] != MANIFEST])
    with zipfile.ZipFile(path, "a") as archive:
        entry = zipfile.ZipInfo(MANIFEST)
        entry.create_system, entry.external_attr = 3, 0o120777 << 16
        archive.writestr(entry, str(secret))
    status, printed = said(capsys, "verify", str(path))
    assert status == 1
    assert "manifest.json: not a valid manifest" in printed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SOUND, tmp_path / "record"))


def fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def endless(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


def linked(path: Path) -> None:
    target = path.parent.parent / path.name
    path.rename(target)
    path.symlink_to(target)


def folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("name", [*ALL_FILES, COSIGNATURES])
@pytest.mark.parametrize("change", [fifo, endless, linked, folder_instead], ids=lambda change: change.__name__)
def test_what_is_no_ordinary_file_is_found_and_never_opened(
    folder: Path, name: str, change: Callable[[Path], None]
) -> None:
    change(folder / name)
    found = verify(folder, processes=1).findings
    assert [(finding.file, finding.check) for finding in found] == [(name, "not-a-file")]
    if name in (MANIFEST, COUNTS, BOARD):
        with pytest.raises(UnreadableError, match="not an ordinary file"):
            Papers.read(folder, VECTOR / "handover.jsonl")


@pytest.mark.parametrize("name", [MANIFEST, COUNTS, RECORD, SIGNATURE])
def test_a_huge_document_is_found_and_never_read(folder: Path, name: str) -> None:
    os.truncate(folder / name, 3 << 30)
    (finding,) = verify(folder, processes=1).findings
    assert (finding.file, finding.check) == (name, "not-a-file")
    assert "larger than" in finding.sentence("en")


@pytest.mark.parametrize("name", [BOARD, SEALED])
def test_a_huge_file_without_lines_ends_after_a_few_findings(folder: Path, name: str) -> None:
    """Many megabytes of nothing, without a line feed: read in pieces, and not for long."""
    os.truncate(folder / name, 1 << 25)
    verdict = verify(folder, processes=1)
    assert not verdict.is_sound
    assert len(verdict.findings) < 50


def test_a_handover_without_end_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for handover in (Path("/dev/zero"), tmp_path / "fifo", tmp_path):
        with pytest.raises(UnreadableError, match="not an ordinary file"):
            Papers.read(SOUND, handover)
    (tmp_path / "long").write_bytes(bytes(1 << 20))
    with pytest.raises(UnreadableError, match="cut or too long"):
        Papers.read(SOUND, tmp_path / "long")


def test_a_zip_may_lie_about_nothing_that_is_checked(tmp_path: Path, temporary: Path) -> None:
    """What comes out of a zip is verified like any folder: a board of another record does not pass."""
    data = io.BytesIO(FILES[BOARD])
    lines = data.readlines()
    path = zipped(tmp_path, under("record/", **{BOARD: b"".join(lines[:-1])}))
    assert main(["verify", str(path), "--lang", "en", "--processes", "1"]) == 1
