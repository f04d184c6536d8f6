"""Where the tests' polls have desk and box: databases of one shared server, used again and again, behind what `Throwaways` offers.

Making a server for each poll is tried where servers are the matter (`tests/ownpostgres`, `tests/house`); here it would cost too much.
"""

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count

import psycopg
from psycopg import sql

from ownpostgres.cluster import Address, Cluster
from ownpostgres.connections import Connections

Pair = dict[str, str]


class SharedServer:
    """Databases on one server, a set for each name. `recycle` takes back what a test left."""

    def __init__(self, cluster: Cluster, tables: Mapping[str, str]) -> None:
        self.cluster, self.tables, self.connections = cluster, tables, Connections()
        self._keys: dict[str, bytes] = {}
        self._used: dict[str, Pair] = {}
        self._free: list[Pair] = []
        self._numbers = count()

    def make(self, name: str) -> None:
        """A set of empty databases for this name."""
        if name not in self._used:
            self._used[name] = self._free.pop() if self._free else self._new_pair()
            self._keys[name] = secrets.token_bytes(32)

    def key(self, name: str) -> bytes:
        """As a key file that is gone."""
        if name not in self._keys:
            raise FileNotFoundError(name)
        return self._keys[name]

    def has(self, name: str) -> bool:
        """Whether it is there and not over."""
        return name in self._keys

    def address(self, name: str, database: str) -> Address:
        """Where one of its databases answers."""
        return self.cluster.dsn(self._used[name][database])

    @contextmanager
    def lent(self, name: str, database: str) -> Iterator[psycopg.Connection]:
        """A connection to one of its databases."""
        if name not in self._used:
            raise psycopg.OperationalError("there is no such database")
        with self.connections.lent(self.address(name, database)) as connection:
            yield connection

    def names(self) -> list[str]:
        """Those that are not over."""
        return sorted(self._keys)

    def destroy(self, name: str) -> bool:
        """Empty its databases; they serve the next."""
        self._keys.pop(name, None)
        if pair := self._used.pop(name, None):
            for database in self.tables:
                with self.connections.lent(self.cluster.dsn(pair[database])) as connection:
                    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
                    names = sql.SQL(", ").join(sql.Identifier(table) for (table,) in found)
                    connection.execute(sql.SQL("TRUNCATE {}").format(names))
            self._free.append(pair)
        return True

    def recycle(self) -> None:
        """Take everything back."""
        for name in list(self._used):
            self.destroy(name)

    def keep(self) -> None:
        """Nothing is to be kept."""

    def sweep(self) -> None:
        """Nothing is left half-made."""

    def _new_pair(self) -> Pair:
        number = next(self._numbers)
        pair = {database: f"{database}_{os.getpid()}_{number}" for database in self.tables}
        with psycopg.connect(**self.cluster.dsn("postgres"), autocommit=True) as connection:
            for name in pair.values():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        for database, statements in self.tables.items():
            with psycopg.connect(**self.cluster.dsn(pair[database]), autocommit=True) as connection:
                connection.execute(statements.encode())
        return pair
