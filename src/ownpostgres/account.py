"""Who the server runs as, and what may be done as them: commands and private folders.

PostgreSQL refuses to run as root, so root has a stand-in: a system user without home, shell or password. No folder that
already exists is ever made more open.
"""

import os
import pwd
import shutil
import stat
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ownpostgres import keeper


class EmbeddedDatabaseError(Exception):
    """The embedded database cannot be used. The message is a sentence that says what to do."""


@dataclass(frozen=True)
class Account:
    """Who the server runs as: for root a stand-in, for anybody else the user as they are."""

    name: str
    uid: int
    gid: int

    @classmethod
    def for_this_process(cls, stand_in: str) -> "Account":
        """Makes root's stand-in at its first use. Raises EmbeddedDatabaseError if there is nobody to run as."""
        uid = os.geteuid()
        if uid == 0:
            entry = _entry(stand_in) or _make_user(stand_in)
            return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)
        try:
            return cls(pwd.getpwuid(uid).pw_name, uid, os.getegid())
        except KeyError:
            raise EmbeddedDatabaseError(
                f"The system has no user name for the user id {uid}, and PostgreSQL does not run without one: "
                "become a user with a name."
            ) from None

    @property
    def is_dropped_to(self) -> bool:
        """Whether we are root, and this is the stand-in."""
        return self.uid != os.geteuid()

    def run(self, *command: str | Path, holding: tuple[int, ...] = ()) -> "subprocess.CompletedProcess[str]":
        """Runs a command to its end as this account, in `/`, without our environment. Its code is not checked.

        It holds the locks of the descriptors `holding` even if we are killed before its end.
        """
        others: list[int] | None = [] if self.is_dropped_to else None
        user, group = (self.uid, self.gid) if self.is_dropped_to else (None, None)
        return subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", cwd="/", check=False,
            env=keeper.ENVIRONMENT, pass_fds=holding, user=user, group=group, extra_groups=others,
        )  # fmt: skip

    def takes(self, folder: Path) -> bool:
        """Hands over a real folder (no link) that is ours or this account's and closed to all others; else False."""
        found = folder.lstat()
        is_private = stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) == 0o700
        if not is_private or found.st_uid not in (self.uid, os.geteuid()):
            return False
        if self.is_dropped_to:
            os.chown(folder, self.uid, self.gid, follow_symlinks=False)
        return True


def make_folders(folder: Path, mode: int) -> None:
    """Makes `folder` and its missing parents with exactly this mode; whatever exists keeps its own."""
    for path in reversed([path for path in (folder, *folder.parents) if not path.exists()]):
        with suppress(FileExistsError):
            path.mkdir(mode)
            path.chmod(mode)  # born just now: the umask may have taken bits away


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _make_user(name: str) -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")
    options = ("--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/bin/false", name)
    if useradd:
        subprocess.run([useradd, *options], capture_output=True, check=False)
    # Asked again whatever useradd said: another process may have been faster.
    if (entry := _entry(name)) is None:
        raise EmbeddedDatabaseError(
            f"PostgreSQL does not run as root, and the system user {name!r} could not be created: create it "
            f"(useradd {' '.join(options)}), or work as an ordinary user."
        )
    return entry
