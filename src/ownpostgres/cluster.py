"""One folder, one server, which ends with the process that started it: start, stop, destroy.

Two locks say who is at work, as a process number may belong to somebody else by now: `keeper.lock` is held by whoever
starts the server and then by its keeper, `server.lock` by every process of the server. No tables, no Django.
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
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Self, TypedDict
from urllib.parse import quote

import psycopg
from psycopg import sql

from ownpostgres import keeper
from ownpostgres.account import Account, EmbeddedDatabaseError, make_folders
from ownpostgres.programs import programs_for
from ownpostgres.server_settings import FILES, PORT, write_settings

LONGEST_SOCKET_FOLDER = 88  # bytes: 104 (macOS; Linux has 108) less "/.s.PGSQL.5432" and the final zero
LARGEST_LOG = 4_000_000
TICK = 0.05


class Address(TypedDict):
    """Where a database answers, as keyword arguments of `psycopg.connect`."""

    host: str
    port: int
    user: str
    dbname: str


def synced(folder: Path) -> None:
    """Have the names in a folder on the disk, so that a power cut brings back no old one and loses no new one."""
    names = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(names)
    finally:
        os.close(names)


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

    `name` is the name of its database, of the one role, and of the system user that stands in for root; `copies` is the
    folder for the programs that the stand-in runs. With a `template`, the data of a stopped server, it begins as a copy of that
    one, and its first database is `database`.
    The first process to `start` it owns it: the server ends when that process ends, however it ends. Others who call
    `start` meanwhile are guests, whose `stop` leaves the server alone. `durable=False` (for tests) may lose everything
    in a power cut and the last commits when the server is killed; `private=True` (for the ballot box) keeps no trace of
    statements, values and times.
    """

    def __init__(
        self, folder: Path, *, name: str, copies: Path,
        durable: bool = True, private: bool = False, patience: float = 120.0,
        template: Path | None = None, database: str = "",
    ) -> None:  # fmt: skip
        self.folder = Path(folder).expanduser().resolve()
        self.name, self.copies = name, Path(copies).expanduser().resolve()
        self.durable, self.private, self.patience = durable, private, patience
        self.template, self.database = template, database or name
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
        return Account.for_this_process(self.name)

    @cached_property
    def programs(self) -> Path:
        """The folder of PostgreSQL's programs that `account` can run."""
        return programs_for(self.account, self.copies) / "bin"

    @cached_property
    def socket_folder(self) -> Path:
        """Where the server's socket lies: in the folder, or in a short private one in /tmp named after the folder.

        The latter if the path is too long for a socket, or has a comma, which libpq takes for a list.
        """
        inside = self.folder / "socket"
        name = os.fsencode(inside)
        if len(name) <= LONGEST_SOCKET_FOLDER and b"," not in name:
            return inside
        return Path("/tmp") / f"{self.name}-{os.geteuid()}-{hashlib.sha256(name).hexdigest()[:16]}"

    def dsn(self, database: str = "") -> Address:
        """Where `database` (else the one made at the start) answers once the cluster is started; known before."""
        return {"host": str(self.socket_folder), "port": PORT, "user": self.name, "dbname": database or self.database}

    def url(self, database: str = "") -> str:
        """`dsn` as an address for libpq; the host is the percent-encoded socket folder (capitals matter)."""
        host, path = quote(str(self.socket_folder), safe=""), quote(database or self.database, safe="")
        return f"postgresql://{self.name}@{host}:{PORT}/{path}"

    def running(self) -> bool:
        """Whether the cluster's database accepts a connection now."""
        return self._refusal() is None

    @property
    def is_kept(self) -> bool:
        """Whether this process started the server and its keeper is at work. Asks nobody, so that it can be asked often."""
        return self._keepers_owner == os.getpid() and self._keeper is not None and self._keeper.poll() is None

    @property
    def is_prepared(self) -> bool:
        """Whether there is data to start with."""
        return self._data.exists()

    def prepare(self) -> None:
        """Make what is missing, so that somebody else can start the server. Raises EmbeddedDatabaseError."""
        make_folders(self.folder, 0o711 if self.account.is_dropped_to else 0o700)
        lock = self._lock()
        if lock is None or self.is_prepared:
            return  # somebody is at work on it
        try:
            self._check_reachable()
            self._end_leftovers()
            self._initialise()
        finally:
            os.close(lock)

    def start(self) -> None:
        """Returns when a connection to the cluster's database has succeeded; makes whatever is missing. Idempotent.

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
                refusal = self._refusal()
                if refusal is None:
                    return None
                if time.monotonic() > deadline:
                    raise self._failure(refusal)
                time.sleep(TICK)
        except OSError as error:
            raise EmbeddedDatabaseError(
                f"The folder {self.folder} cannot hold the database ({error}): choose a folder in which "
                f"{self.account.name!r} may work."
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
        for name in (*FILES, "server.log", "server.log.old", "server.lock"):
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

    def _refusal(self, database: str = "", *, then_make: bool = False) -> str | None:
        """None if `database` accepts a connection now (and the cluster's own could be made), else why not."""
        try:
            with psycopg.connect(**self.dsn(database), connect_timeout=5, autocommit=True) as connection:
                made = "SELECT 1 FROM pg_database WHERE datname = %s"
                if then_make and not connection.execute(made, [self.name]).fetchone():
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.name)))
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
                "choose a folder that every user can reach."
            )
        if self.folder.stat().st_uid != os.geteuid():
            raise EmbeddedDatabaseError(
                f"The folder {self.folder} belongs to another user: work as that user, or choose another folder."
            )

    def _check_version(self) -> None:
        """A server opens only data of its own major version; a damaged wheel may have left an older one."""
        made_by = (self._data / "PG_VERSION").read_text().strip()
        server = self.account.run(self.programs / "postgres", "--version").stdout.split()[-1]
        if server.partition(".")[0] != made_by:
            raise EmbeddedDatabaseError(
                f"The database in {self.folder} was made by PostgreSQL {made_by}, but the one here is {server}: install the "
                "locked packages again (make setup after deleting .venv)."
            )

    def _end_leftovers(self) -> None:
        """With the keeper's lock in hand: no process of this cluster is left afterwards, and nothing half done."""
        deadline = time.monotonic() + keeper.BACKENDS_LEAVE_WITHIN
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
            self.account.run(self.programs / "pg_ctl", "stop", "-D", self._data, "-m", "fast", "-t", "60")

    def _make_socket_folder(self) -> None:
        with suppress(FileExistsError):
            self.socket_folder.mkdir(0o700)
        if not self.account.takes(self.socket_folder):
            raise EmbeddedDatabaseError(
                f"The folder {self.socket_folder} for the database's socket is not private to {self.account.name!r}: "
                "remove it, or choose a folder with a shorter path."
            )

    def _write_settings(self) -> None:
        write_settings(
            self.folder, self.socket_folder, role=self.name, durable=self.durable, private=self.private,
            people={self.account.name, pwd.getpwuid(os.geteuid()).pw_name},
        )  # fmt: skip

    def _initialise(self) -> None:
        """Makes the data folder, whole or not at all. Holds the server's lock, so that nothing that makes it outlives us unseen."""
        fresh = self.folder / "data.new"
        fresh.mkdir(0o700)
        self.account.takes(fresh)
        with open(self.folder / "server.lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for command in self._steps_to(fresh):
                made = self.account.run(*command, holding=(lock.fileno(),))
                if made.returncode:
                    raise EmbeddedDatabaseError(
                        f"The database in {self.folder} could not be made: {made.stderr.strip()}"
                    )
        fresh.rename(self._data)
        synced(self.folder)

    def _steps_to(self, fresh: Path) -> list[tuple[str | Path, ...]]:
        """The commands that fill a data folder: a copy of the template, or a new one. Safe against a power cut if `durable`."""
        initdb = self.programs / "initdb"
        if self.template is not None:
            copied = ("cp", "-Rp", f"{self.template}/.", fresh)
            return [copied, (initdb, "--sync-only", *self._quick_sync(), "-D", fresh)] if self.durable else [copied]
        kind = ("--encoding=UTF8", "--locale=C", "--data-checksums", *(() if self.durable else ("--no-sync",)))
        doors = ("--username", self.name, "--auth-local=peer", "--auth-host=reject")
        sizes = ("--wal-segsize=1",) if self.private else ()
        return [(initdb, *kind, *doors, *sizes, "-D", fresh)]

    def _quick_sync(self) -> tuple[str, ...]:
        """One call for the whole file system instead of one a file, where system and PostgreSQL know it: ten times as fast."""
        assert self.template is not None
        is_known = sys.platform == "linux" and int((self.template / "PG_VERSION").read_text().partition(".")[0]) >= 17
        return ("--sync-method=syncfs",) if is_known else ()

    def _spawn_keeper(self, lock: int) -> None:
        """Hands the lock on to a new keeper, which starts the server. An earlier one is dead, as we have the lock."""
        self._dismiss_keeper()
        if self._log.exists() and self._log.stat().st_size > LARGEST_LOG:
            self._log.replace(self._log.with_name("server.log.old"))
        account = f"{self.account.uid}:{self.account.gid}" if self.account.is_dropped_to else ""
        paths = (self.folder / "server.lock", self._data / "postmaster.pid", self.socket_folder / f".s.PGSQL.{PORT}")
        server = (self.programs / "postgres", "-D", self._data)
        settings = ("-c", f"config_file={self.folder / 'postgresql.conf'}")
        watching = (sys.executable, "-I", "-S", keeper.__file__, str(os.getpid()), account, *paths)
        with open(os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
            self._keeper = subprocess.Popen(
                (*watching, *server, *settings), bufsize=0, cwd="/", pass_fds=(lock,),
                stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self._keepers_owner = os.getpid()
        atexit.register(self.stop)

    def _dismiss_keeper(self) -> None:
        """Tells our keeper, if we have one, to stop the server, and waits until it did; it may be dead already."""
        if self._keeper is not None and self._keepers_owner == os.getpid():
            atexit.unregister(self.stop)
            with self._keeper as ours, suppress(BrokenPipeError):
                assert ours.stdin is not None
                ours.stdin.write(b".")
            self._keeper = None

    def _wait_for_server(self, deadline: float) -> None:
        """Patient with a server killed meanwhile, as the keeper starts it again, but not when the keeper gave up."""
        assert self._keeper is not None
        while refusal := (None if self.template else self._refusal("postgres", then_make=True)) or self._refusal():
            if self._keeper.poll() is not None or time.monotonic() > deadline:
                raise self._failure(refusal)
            time.sleep(TICK)
