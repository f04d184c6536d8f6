"""Servers that live only as long as what they hold is needed: each a copy of one template, in a folder of its own beside its key.

The key lies in a file and in no database. Where it is gone the server is over: what was written with it cannot be read any more,
and server and folder follow. One process keeps the servers: it starts all that have a key and ends those that have none.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path

import psycopg
from psycopg import sql

from ownpostgres.account import EmbeddedDatabaseError, make_folders
from ownpostgres.cluster import TICK, Address, Cluster, synced
from ownpostgres.connections import Connections
from ownpostgres.server_settings import quiet_io

KEY_LENGTH = 32
PATIENCE = 60.0  # a server that cannot start must not keep the others waiting for long
NEW = ".new"


class Throwaways:
    """The throwaway servers of one folder, by name.

    `tables` says which databases each has, and the statements that make their tables. `starts=False` is for processes beside
    another one that keeps the servers: they never start one and wait until it is there.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str,
        copies: Path,
        tables: Mapping[str, str],
        durable: bool = True,
        starts: bool = True,
    ) -> None:
        self.folder, self.name, self.copies = Path(folder), name, copies
        self.tables, self.durable, self.starts = tables, durable, starts
        self.connections = Connections()
        self._clusters: dict[str, Cluster] = {}

    def prepare(self) -> None:
        """Make what the servers are copied from, so that the first need not wait. Idempotent."""
        _made = self._template

    def make(self, name: str) -> None:
        """Make a server with its key, and return when it answers. One that was made before stays as it is.

        Cut off, it leaves a server that `names` or `over` tells of. Raises EmbeddedDatabaseError.
        """
        place = self.folder / name
        if not place.exists():
            make_folders(self.folder, 0o711 if os.geteuid() == 0 else 0o700)
            fresh = place.with_name(f"{name}.{secrets.token_hex(4)}{NEW}")
            fresh.mkdir(0o711 if os.geteuid() == 0 else 0o700)
            fresh.chmod(0o711 if os.geteuid() == 0 else 0o700)
            _write_key(fresh / "key")
            fresh.rename(place)
            synced(self.folder)
        cluster = self._cluster(name)
        if self.starts:
            cluster.start()
            return
        cluster.prepare()
        deadline = time.monotonic() + cluster.patience
        while not cluster.running():
            if time.monotonic() > deadline:
                raise EmbeddedDatabaseError(f"The database in {place} was not started: is “serve” running?")
            time.sleep(TICK)

    def key(self, name: str) -> bytes:
        """The key of a server. Raises FileNotFoundError when it is over."""
        return (self.folder / name / "key").read_bytes()

    def has(self, name: str) -> bool:
        """Whether there is a server of this name that is not over."""
        return (self.folder / name / "key").exists()

    def address(self, name: str, database: str) -> Address:
        """Where one of its databases answers."""
        return self._cluster(name).dsn(database)

    @contextmanager
    def lent(self, name: str, database: str) -> Iterator[psycopg.Connection]:
        """A connection to one of its databases; a server that nobody else keeps is started for it.

        Raises psycopg.OperationalError if it does not answer, or is over.
        """
        cluster = self._cluster(name)
        if self.starts and cluster.is_prepared and self.has(name) and not cluster.is_kept:
            cluster.start()
        with self.connections.lent(cluster.dsn(database)) as connection:
            yield connection

    def names(self) -> list[str]:
        """The servers that are not over."""
        return [name for name in self._folders() if self.has(name)]

    def over(self) -> list[str]:
        """The servers whose key is gone and whose folder is still there."""
        return [name for name in self._folders() if not self.has(name)]

    def destroy(self, name: str) -> bool:
        """Destroy the key, then the server with everything in its folder. Idempotent; cut off, it is done again by `keep`.

        Returns True, since nothing of it is left. Raises EmbeddedDatabaseError or OSError if it cannot be done now.
        """
        place = self.folder / name
        _destroy_key(place / "key")
        if place.exists():
            cluster = self._cluster(name)
            self.connections.close_to(str(cluster.socket_folder))
            cluster.destroy()
            synced(self.folder)
        self._clusters.pop(name, None)
        return not place.exists()

    def keep(self) -> None:
        """Start every server that has a key and does not run, and destroy those without one. For the process that keeps them.

        Raises EmbeddedDatabaseError for the first that cannot be started, after it has tried all.
        """
        troubles: list[EmbeddedDatabaseError] = []
        for name in self.names():
            cluster = self._cluster(name)
            try:
                if not cluster.is_kept and cluster.is_prepared:
                    cluster.start()
            except EmbeddedDatabaseError as error:
                troubles += [error] if self.has(name) else []
        for name in self.over():
            self.destroy(name)
        if troubles:
            raise troubles[0]

    def stop(self) -> None:
        """Stop the servers that this process started, and close its connections to all; the servers stay as they are."""
        self.connections.close_all()
        for cluster in self._clusters.values():
            cluster.stop()

    def sweep(self) -> None:
        """Delete what a `make` that was cut off left behind before it had a name. For whoever knows that none is under way."""
        for path in self.folder.glob(f"*{NEW}"):
            shutil.rmtree(path)

    def _folders(self) -> list[str]:
        if not self.folder.exists():
            return []
        return sorted(
            path.name for path in self.folder.iterdir() if path.is_dir() and path.suffix != NEW and path.name[0] != "."
        )

    def _cluster(self, name: str) -> Cluster:
        if name not in self._clusters:
            made = Cluster(
                self.folder / name, name=self.name, copies=self.copies, durable=self.durable, private=True,
                template=self._template, database=next(iter(self.tables)), patience=PATIENCE,
            )  # fmt: skip
            made.programs, made.account = (
                self._model.programs,
                self._model.account,
            )  # looked for once, not once a server
            self._clusters[name] = made
        return self._clusters[name]

    @cached_property
    def _model(self) -> Cluster:
        """The server that becomes the template."""
        return Cluster(self.folder / ".made", name=self.name, copies=self.copies, durable=False, private=True)

    @cached_property
    def _template(self) -> Path:
        """The data of the stopped server that is copied, made at first need; of other tables or another PostgreSQL another one."""
        wanted = hashlib.sha256(repr((self._model.programs, sorted(self.tables.items()))).encode()).hexdigest()[:16]
        place = self.folder / f".template-{wanted}"
        if not place.exists():
            make_folders(self.folder, 0o711 if os.geteuid() == 0 else 0o700)
            with (self.folder / ".template.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if not place.exists():
                    self._make_template(self._model, place)
        return place / "data"

    def _make_template(self, cluster: Cluster, place: Path) -> None:
        for old in (*self.folder.glob(".template-*"), cluster.folder):
            if old.exists():
                shutil.rmtree(old)
        with cluster:
            self._make_databases(cluster)
        quiet_io(cluster.folder / "data")
        cluster.folder.rename(place)

    def _make_databases(self, cluster: Cluster) -> None:
        """The databases with their tables and no others, so that a copy is small."""
        first, *others = self.tables
        with psycopg.connect(**cluster.dsn("postgres"), autocommit=True) as connection:
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(self.name), sql.Identifier(first)))
            for database in others:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        for database, statements in self.tables.items():
            with psycopg.connect(**cluster.dsn(database), autocommit=True) as connection:
                connection.execute(statements.encode())
        with psycopg.connect(**cluster.dsn(first), autocommit=True) as connection:
            for spare in ("template0", "template1", "postgres"):
                connection.execute(f"ALTER DATABASE {spare} WITH IS_TEMPLATE false".encode())
                connection.execute(f"DROP DATABASE {spare}".encode())


def _write_key(path: Path) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(KEY_LENGTH))
        file.flush()
        os.fsync(file.fileno())
    synced(path.parent)


def _destroy_key(path: Path) -> None:
    """Written over before it goes: what a disk that copies on writing keeps of it is said in docs/running.md."""
    with suppress(FileNotFoundError):
        with path.open("r+b") as file:
            file.write(bytes(KEY_LENGTH))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        synced(path.parent)
