"""The embedded PostgreSQL: one folder, one server, which ends with the process that started it.

Here: folder, settings, start, stop, destroy. Who it runs as is in `embedded_account`, the watching process in
`embedded_keeper`. No Django, no tables. Two locks, as a process number may belong to somebody else by now: `keeper.lock`
is held by whoever starts the server and then by its keeper, `server.lock` by every process of the server.
"""

import atexit
import fcntl
import hashlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Self, TypedDict
from urllib.parse import quote

import psycopg

from zhengyou.base import embedded_keeper
from zhengyou.base.embedded_account import (
    NAME,
    ROOTS_HOME,
    Account,
    EmbeddedDatabaseError,
    make_folders,
    reachable_installation,
    wheel_installation,
)

__all__ = ["Address", "Cluster", "EmbeddedDatabaseError", "data_home"]

PORT = 5432  # names the socket's file; nothing listens on TCP
LONGEST_SOCKET_FOLDER = 88  # bytes: 104 (macOS; Linux has 108) less "/.s.PGSQL.5432" and the final zero
LARGEST_LOG = 4_000_000
TICK = 0.05

COMMON = {
    "listen_addresses": "", "port": str(PORT), "unix_socket_permissions": "0700", "max_connections": "100",
    "shared_buffers": "128MB", "logging_collector": "off", "timezone": "UTC", "log_timezone": "UTC",
    # A log line has a time: beside it no statement and no row, which may be somebody's who just went to vote.
    "log_min_error_statement": "panic", "log_error_verbosity": "terse",
}  # fmt: skip
VOLATILE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# Nothing that tells who did what when: no archive, no replica, no statement, value or query text kept or shown.
PRIVATE = {
    "wal_level": "minimal", "max_wal_senders": "0", "max_replication_slots": "0", "archive_mode": "off",
    "track_commit_timestamp": "off", "track_activities": "off", "update_process_title": "off",
    "log_statement": "none", "log_min_messages": "log", "log_min_duration_statement": "-1", "log_connections": "off",
    "log_disconnections": "off", "log_checkpoints": "off", "log_autovacuum_min_duration": "-1", "autovacuum": "on",
}  # fmt: skip


class Address(TypedDict):
    """Where a database answers, as keyword arguments of `psycopg.connect`."""

    host: str
    port: int
    user: str
    dbname: str


def data_home(environ: Mapping[str, str]) -> Path:
    """Zhengyou's data folder: ZHENGYOU_HOME, else root's /var/lib/zhengyou, else the user's data folder. Makes nothing.

    Root's own home is never used: PostgreSQL refuses to run as root, and nobody else can enter it.
    """
    if given := environ.get("ZHENGYOU_HOME"):
        return Path(given).expanduser().absolute()
    if os.geteuid() == 0:
        return ROOTS_HOME
    home = Path(environ.get("HOME") or Path.home())
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / NAME
    data = Path(environ.get("XDG_DATA_HOME", ""))
    return (data if data.is_absolute() else home / ".local" / "share") / NAME


def _quoted(value: str | Path) -> str:
    """A value for PostgreSQL's settings file."""
    return "'" + str(value).replace("\\", "\\\\").replace("'", "''") + "'"


def _taken(path: Path) -> int | None:
    """A descriptor that holds the lock on `path`, or None if somebody else holds it."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


class Cluster:
    """One embedded server in one folder; also a context manager.

    The first process to `start` it owns it: the server ends when that process ends, however it ends. Others who call
    `start` meanwhile are guests, whose `stop` leaves the server alone. `durable=False` (for tests) may lose everything
    in a power cut and the last commits when the server is killed; `private=True` (for the ballot box) keeps no trace of
    statements, values and times.
    """

    def __init__(self, folder: Path, *, durable: bool = True, private: bool = False, patience: float = 120.0) -> None:
        self.folder = Path(folder).expanduser().resolve()
        self.durable, self.private, self.patience = durable, private, patience
        self._data = self.folder / "data"
        self._log = self.folder / "server.log"
        self._keeper: subprocess.Popen[bytes] | None = None
        self._keepers_owner = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    @cached_property
    def account(self) -> Account:
        """Who the server runs as."""
        return Account.for_this_process()

    @cached_property
    def installation(self) -> Path:
        """The PostgreSQL that `account` can run."""
        return reachable_installation(wheel_installation(), self.account)

    @cached_property
    def socket_folder(self) -> Path:
        """Where the server's socket lies: in the folder, or in a short private one in /tmp named after the folder.

        The latter if the path is too long for a socket, or has a comma, which libpq takes for a list.
        """
        inside = self.folder / "socket"
        name = os.fsencode(inside)
        if len(name) <= LONGEST_SOCKET_FOLDER and b"," not in name:
            return inside
        return Path("/tmp") / f"{NAME}-{os.geteuid()}-{hashlib.sha256(name).hexdigest()[:16]}"

    def dsn(self, database: str = NAME) -> Address:
        """Where `database` answers once the cluster is started; known before."""
        return {"host": str(self.socket_folder), "port": PORT, "user": NAME, "dbname": database}

    def url(self, database: str = NAME) -> str:
        """`dsn` as an address for libpq; the host is the percent-encoded socket folder (capitals matter)."""
        return f"postgresql://{NAME}@{quote(str(self.socket_folder), safe='')}:{PORT}/{quote(database, safe='')}"

    def running(self) -> bool:
        """Whether the database `zhengyou` accepts a connection now."""
        return self._refusal(NAME) is None

    def start(self) -> None:
        """Returns when a connection to the database `zhengyou` has succeeded; makes whatever is missing. Idempotent.

        Whatever an earlier run left behind, killed keeper or server included, is put in order first. Processes that
        start at once become one owner and guests. Raises EmbeddedDatabaseError, with the end of the server's log.
        """
        deadline = time.monotonic() + self.patience
        try:
            while True:
                make_folders(self.folder, 0o711 if self.account.is_dropped_to else 0o700)
                if (lock := self._lock()) is not None:
                    try:
                        return self._become_owner(lock, deadline)
                    finally:
                        os.close(lock)
                refusal = self._refusal(NAME)
                if refusal is None:
                    return None
                if time.monotonic() > deadline:
                    raise self._failure(refusal)
                time.sleep(TICK)
        except OSError as error:
            raise EmbeddedDatabaseError(
                f"The folder {self.folder} cannot hold the database ({error}): set ZHENGYOU_HOME to a folder "
                f"in which {self.account.name!r} may work."
            ) from error

    def stop(self) -> None:
        """Stops the server if this process started it, else leaves it alone. Idempotent; a dead server is no error."""
        if self._keeper is None or self._keepers_owner != os.getpid():
            return
        self._dismiss_keeper()
        if (lock := self._lock()) is not None:
            try:
                self._end_leftovers()
            finally:
                os.close(lock)

    def destroy(self) -> None:
        """Stops the server, whoever owns it, and deletes everything in the folder that is ours, WAL included.

        If interrupted, calling it again finishes the work; a `start` in between begins an empty cluster.
        Raises EmbeddedDatabaseError if the server cannot be stopped.
        """
        self.stop()
        deadline = time.monotonic() + self.patience
        while self.folder.exists():
            if (lock := self._lock()) is not None:
                try:
                    self._end_leftovers()
                    self._delete()
                finally:
                    os.close(lock)
                return
            if time.monotonic() > deadline:
                raise EmbeddedDatabaseError(f"The database in {self.folder} could not be stopped, so it still exists.")
            self._ask_to_stop()
            time.sleep(TICK)

    def _delete(self) -> None:
        for path, gone in ((self._data, self.folder / "data.gone"), (self.socket_folder, self.socket_folder)):
            if path.exists():
                shutil.rmtree(path.rename(gone))
        for name in ("postgresql.conf", "pg_hba.conf", "pg_ident.conf", "server.log", "server.log.old", "server.lock"):
            (self.folder / name).unlink(missing_ok=True)
        (self.folder / "keeper.lock").unlink()
        with suppress(OSError):  # somebody else's files are not ours to delete
            self.folder.rmdir()

    def _lock(self) -> int | None:
        """`keeper.lock`, if no keeper, starter or destroyer holds it; to be closed by the caller."""
        path = self.folder / "keeper.lock"
        with suppress(FileNotFoundError):
            if (lock := _taken(path)) is not None:
                if os.path.samestat(os.fstat(lock), path.stat()):
                    return lock
                os.close(lock)  # destroyed between opening and locking
        return None

    def _is_at_work(self) -> bool:
        """Whether any process of the server lives, be it a backend that outlived its server."""
        lock = _taken(self.folder / "server.lock")
        if lock is not None:
            os.close(lock)
        return lock is None

    def _refusal(self, database: str, *, then_make: bool = False) -> str | None:
        """None if `database` accepts a connection now (and the database `zhengyou` could be made), else why not."""
        try:
            with psycopg.connect(**self.dsn(database), connect_timeout=5, autocommit=True) as connection:
                made = "SELECT 1 FROM pg_database WHERE datname = %s"
                if then_make and not connection.execute(made, [NAME]).fetchone():
                    connection.execute(f"CREATE DATABASE {NAME}")
        except psycopg.OperationalError as error:
            return str(error).strip()
        return None

    def _failure(self, reason: str) -> EmbeddedDatabaseError:
        lines = self._log.read_text(errors="replace").splitlines()[-12:] if self._log.exists() else []
        told = "\n  ".join(["The server's log ends:", *lines]) if lines else "The server wrote no log."
        return EmbeddedDatabaseError(f"The database in {self.folder} did not start: {reason}\n{told}")

    def _become_owner(self, lock: int, deadline: float) -> None:
        self._check_reachable()
        self._end_leftovers()
        self._make_socket_folder()
        self._write_settings()
        if not self._data.exists():
            self._initialise()
        self._check_version()
        self._spawn_keeper(lock)
        try:
            self._wait_for_server(deadline)
        except BaseException:
            self.stop()
            raise

    def _check_reachable(self) -> None:
        script = 'for place; do cd "$place" 2>/dev/null || { printf %s "$place"; exit 1; }; done'
        places = reversed((self.folder, *self.folder.parents))
        blocked = self.account.run("/bin/sh", "-c", script, "sh", *places).stdout
        if blocked:
            raise EmbeddedDatabaseError(
                f"The database runs as the user {self.account.name!r}, who cannot enter {blocked}: "
                f"set ZHENGYOU_HOME to a folder that every user can reach, such as {ROOTS_HOME}."
            )
        if self.folder.stat().st_uid != os.geteuid():
            raise EmbeddedDatabaseError(
                f"The folder {self.folder} belongs to another user: run Zhengyou as that user, or set ZHENGYOU_HOME."
            )

    def _check_version(self) -> None:
        """A server opens only data of its own major version; a damaged wheel may have left an older one."""
        made_by = (self._data / "PG_VERSION").read_text().strip()
        server = self.account.run(self.installation / "bin" / "postgres", "--version").stdout.split()[-1]
        if server.partition(".")[0] != made_by:
            raise EmbeddedDatabaseError(
                f"The database in {self.folder} was made by PostgreSQL {made_by}, but the one here is {server}: install the "
                "locked packages again (make setup after deleting .venv), or set DATABASE_URL."
            )

    def _end_leftovers(self) -> None:
        """With the keeper's lock in hand: no process of this cluster is left afterwards, and nothing half done."""
        deadline = time.monotonic() + embedded_keeper.BACKENDS_LEAVE_WITHIN
        while self._listens() or self._is_at_work():
            if time.monotonic() > deadline:
                raise self._failure("processes of an earlier server are still at work")
            self._ask_to_stop()
            time.sleep(TICK)
        for half in (self.folder / "data.new", self.folder / "data.gone"):
            if half.exists():
                shutil.rmtree(half)

    def _listens(self) -> bool:
        """Whether a live server (ours or one started by hand) holds the data: its socket is named in postmaster.pid."""
        try:
            lines = (self._data / "postmaster.pid").read_text(errors="surrogateescape").splitlines()
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(f"{lines[4]}/.s.PGSQL.{lines[3]}")
        except (FileNotFoundError, ConnectionRefusedError, IndexError):
            return False
        return True

    def _ask_to_stop(self) -> None:
        """Fast shutdown through pg_ctl, as the server's account, so that a forged postmaster.pid can do no harm."""
        if self._listens():
            self.account.run(self.installation / "bin" / "pg_ctl", "stop", "-D", self._data, "-m", "fast", "-t", "60")

    def _make_socket_folder(self) -> None:
        with suppress(FileExistsError):
            self.socket_folder.mkdir(0o700)
        if not self.account.takes(self.socket_folder):
            raise EmbeddedDatabaseError(
                f"The folder {self.socket_folder} for the database's socket is not private to {self.account.name!r}: "
                "remove it, or set ZHENGYOU_HOME to another folder with a shorter path."
            )

    def _write_settings(self) -> None:
        """The settings and the doors: the server's account, and root if it is root's, as the one role; nobody else."""
        settings = COMMON | ({} if self.durable else VOLATILE) | (PRIVATE if self.private else {})
        settings["unix_socket_directories"] = '"' + str(self.socket_folder).replace('"', '""') + '"'
        for name in ("hba", "ident"):
            settings[f"{name}_file"] = str(self.folder / f"pg_{name}.conf")
        lines = ["include 'data/postgresql.conf'", *(f"{name} = {_quoted(value)}" for name, value in settings.items())]
        admitted = {self.account.name, pwd.getpwuid(os.geteuid()).pw_name}
        for name, text in (
            ("postgresql.conf", "\n".join(lines)),
            ("pg_hba.conf", "local all all peer map=owner"),
            ("pg_ident.conf", "\n".join(f'owner "{person}" {NAME}' for person in sorted(admitted))),
        ):
            path = self.folder / name
            path.write_bytes(os.fsencode(text + "\n"))
            path.chmod(0o644)

    def _initialise(self) -> None:
        """Makes the data folder, whole or not at all. Holds the server's lock, so that no initdb outlives us unseen."""
        fresh = self.folder / "data.new"
        fresh.mkdir(0o700)
        self.account.takes(fresh)
        kind = ("--encoding=UTF8", "--locale=C", "--data-checksums", *(() if self.durable else ("--no-sync",)))
        doors = ("--username", NAME, "--auth-local=peer", "--auth-host=reject")
        with open(self.folder / "server.lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            initdb = self.installation / "bin" / "initdb"
            made = self.account.run(initdb, *kind, *doors, "-D", fresh, holding=(lock.fileno(),))
        if made.returncode:
            raise EmbeddedDatabaseError(f"The database in {self.folder} could not be made: {made.stderr.strip()}")
        fresh.rename(self._data)
        folder = os.open(self.folder, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)

    def _spawn_keeper(self, lock: int) -> None:
        """Hands the lock on to a new keeper, which starts the server. An earlier one is dead, as we have the lock."""
        self._dismiss_keeper()
        if self._log.exists() and self._log.stat().st_size > LARGEST_LOG:
            self._log.replace(self._log.with_name("server.log.old"))
        account = f"{self.account.uid}:{self.account.gid}" if self.account.is_dropped_to else ""
        paths = (self.folder / "server.lock", self._data / "postmaster.pid", self.socket_folder / f".s.PGSQL.{PORT}")
        server = (self.installation / "bin" / "postgres", "-D", self._data)
        settings = ("-c", f"config_file={self.folder / 'postgresql.conf'}")
        keeper = (sys.executable, "-I", "-S", embedded_keeper.__file__, str(os.getpid()), account, *paths)
        with open(os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
            self._keeper = subprocess.Popen(
                (*keeper, *server, *settings), bufsize=0, cwd="/", pass_fds=(lock,),
                stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self._keepers_owner = os.getpid()
        atexit.register(self.stop)

    def _dismiss_keeper(self) -> None:
        """Tells our keeper, if we have one, to stop the server, and waits until it did; it may be dead already."""
        if self._keeper is not None and self._keepers_owner == os.getpid():
            atexit.unregister(self.stop)
            with self._keeper as keeper, suppress(BrokenPipeError):
                assert keeper.stdin is not None
                keeper.stdin.write(b".")
            self._keeper = None

    def _wait_for_server(self, deadline: float) -> None:
        """Patient with a server killed meanwhile, as the keeper starts it again, but not when the keeper gave up."""
        assert self._keeper is not None
        while refusal := self._refusal("postgres", then_make=True) or self._refusal(NAME):
            if self._keeper.poll() is not None or time.monotonic() > deadline:
                raise self._failure(refusal)
            time.sleep(TICK)
