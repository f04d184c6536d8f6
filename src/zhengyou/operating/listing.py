"""What stands in `backup.json`: every file of a backup with size and hash, the versions, the moment.

Read exactly, and compared with what lies there.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengyou.operating.rules import COPIED, DUMP

FORMAT = "zhengyou-backup-1"
WORDS = {
    "missing": _("missing"),
    "changed": _("changed"),
    "unreadable": _("cannot be read"),
    "empty": _("without any table"),
}


class NotAListing(ValueError):
    """The file is no listing of a backup."""


@dataclass(frozen=True)
class Copied:
    """One file of a backup, by its path below the backup's folder."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Listing:
    """A backup's own list. `secrets` has the names of secrets, which lie apart if `are_secrets_apart`."""

    made_at: str
    product: str
    server: int
    migrations: tuple[str, ...]
    files: tuple[Copied, ...]
    secrets: tuple[Copied, ...]
    are_secrets_apart: bool

    def to_bytes(self) -> bytes:
        """As it is written."""
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, indent=1).encode()

    @classmethod
    def read(cls, data: bytes) -> "Listing":
        """Raises NotAListing for anything else, a path that leads out of the folder included."""
        try:
            said = json.loads(data)
            if said.pop("format") != FORMAT:
                raise NotAListing("another format")
            said["files"] = tuple(_copied(row, is_of_a_backup) for row in said["files"])
            said["secrets"] = tuple(_copied(row, is_a_name) for row in said["secrets"])
            said["migrations"] = tuple(map(str, said["migrations"]))
            read = cls(**said)
            datetime.fromisoformat(read.made_at)
            return read
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise NotAListing(str(error)) from error

    @property
    def at(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.made_at)


@dataclass(frozen=True)
class Fault:
    """What is wrong with one file of a backup: a word of `WORDS`, or a program's own sentence."""

    path: str
    what: str

    def __str__(self) -> str:
        return f"{self.path} ({WORDS.get(self.what, self.what)})"


def hashed(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def faults_in(folder: Path, files: tuple[Copied, ...]) -> Iterator[Fault]:
    """Every listed file that is not there, or not as it was."""
    for row in files:
        path = folder / row.path
        try:
            if not path.is_file() or leads_elsewhere(folder, path):
                yield Fault(row.path, "missing")
            elif path.stat().st_size != row.size or hashed(path) != row.sha256:
                yield Fault(row.path, "changed")
        except OSError:
            yield Fault(row.path, "unreadable")


def leads_elsewhere(folder: Path, path: Path) -> bool:
    """Whether a file is another's: itself or a folder on its way is a link."""
    return path.resolve() != folder.resolve() / path.relative_to(folder)


def is_of_a_backup(path: PurePosixPath) -> bool:
    """Whether a backup of ours holds such a file: the dump, or one below the folders that are copied."""
    return path == PurePosixPath(DUMP) or (len(path.parts) > 1 and path.parts[0] in COPIED and ".." not in path.parts)


def is_a_name(path: PurePosixPath) -> bool:
    """Whether it is the name of a file, without a folder."""
    return len(path.parts) == 1 and not path.is_absolute() and ".." not in path.parts


def _copied(row: Mapping[str, Any], is_ours: Callable[[PurePosixPath], bool]) -> Copied:
    path = PurePosixPath(row["path"])
    if not is_ours(path):
        raise NotAListing(f"a path that no backup has: {path}")
    return Copied(str(path), int(row["size"]), str(row["sha256"]))
