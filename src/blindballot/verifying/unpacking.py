"""A record that came as one zip: unpacked into a folder of its own for as long as it is read.

A zip is hostile: it may name paths outside, name a file twice, or grow without end. Nothing is written but a record's own files.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from blindballot.format.record import ALL_FILES, COSIGNATURES
from blindballot.verifying.verifier import UnreadableError
from blindballot.verifying.zips import NoZipError, is_hidden, read_list, unpack

MOST_FILES = 1000
# Base64 and JSON shrink to about two thirds. A zip that grows more than this was made to fill a disk.
MOST_GROWTH = 50
SMALL = 1 << 20


@contextmanager
def record_folder(path: Path) -> Iterator[Path]:
    """The folder of a record: the path itself, or of a zip what is in it. Raises UnreadableError for what is neither."""
    if path.is_dir():
        yield path
        return
    if not path.is_file():
        raise UnreadableError(f"{path}: not a folder and not a zip")
    with tempfile.TemporaryDirectory(prefix="record.") as made:
        try:
            _unpack(path, Path(made))
        except (NoZipError, OSError) as error:
            raise UnreadableError(f"{path}: not a zip that can be unpacked ({error})") from error
        yield Path(made)


def _unpack(path: Path, folder: Path) -> None:
    with path.open("rb") as file:
        entries = [entry for entry in read_list(file, path.stat().st_size) if not is_hidden(entry.name)]
        size = sum(entry.size for entry in entries)
        if len(entries) > MOST_FILES or size > SMALL + MOST_GROWTH * path.stat().st_size:
            raise UnreadableError(f"{path}: the zip would grow beyond all sense")
        names = _without_folder([entry.name for entry in entries])
        for number, (entry, name) in enumerate(zip(entries, names, strict=True)):
            # what does not belong to a record is only there to be found, under a name that harms nobody
            known = name in (*ALL_FILES, COSIGNATURES)
            with (folder / (name if known else f"strange-{number}")).open("wb") as out:
                unpack(file, entry, out)


def _without_folder(names: list[str]) -> list[str]:
    """The names without the folders that all of them are in."""
    while names and all("/" in name for name in names) and len({name.split("/", 1)[0] for name in names}) == 1:
        names = [name.split("/", 1)[1] for name in names]
    return names
