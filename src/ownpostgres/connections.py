"""Connections to many databases: made when asked for, each lent to one thread at a time, closed a minute after their last use."""

import os
import select
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from psycopg.pq import TransactionStatus

from ownpostgres.cluster import Address

Place = tuple[str, int, str]


class Connections:
    """The connections of one process. At most `most` at once to each database: who comes later waits.

    A forked process begins with none. Connections commit each statement; whoever wants a transaction opens one.
    """

    def __init__(self, *, most: int = 8, kept_for: float = 60.0) -> None:
        self.most, self.kept_for = most, kept_for
        self._lock = threading.Lock()
        self._forget_all()

    @contextmanager
    def lent(self, address: Address) -> Iterator[psycopg.Connection]:
        """A connection to this database until the context ends. Raises psycopg.OperationalError if there is no way to it."""
        place = (address["host"], address["port"], address["dbname"])
        with self._slot(place):
            connection = self._idle(place) or psycopg.connect(**address, autocommit=True, connect_timeout=5)
            try:
                yield connection
            finally:
                self._give_back(place, connection)

    def close_idle(self) -> None:
        """Close what nobody has used for a minute."""
        self._close_those(lambda place, since: time.monotonic() - since >= self.kept_for)

    def close_to(self, host: str) -> None:
        """Close the connections to a server that nobody uses now."""
        self._close_those(lambda place, since: place[0] == host)

    def close_all(self) -> None:
        """Close what nobody uses now."""
        self._close_those(lambda place, since: True)

    def count(self) -> int:
        """How many connections lie ready now."""
        with self._lock:
            return sum(map(len, self._ready.values())) if self._process == os.getpid() else 0

    def _forget_all(self) -> None:
        self._process = os.getpid()
        self._ready: dict[Place, list[tuple[float, psycopg.Connection]]] = {}
        self._slots: dict[Place, threading.Semaphore] = {}

    def _slot(self, place: Place) -> threading.Semaphore:
        with self._lock:
            if self._process != os.getpid():
                self._forget_all()
            return self._slots.setdefault(place, threading.Semaphore(self.most))

    def _idle(self, place: Place) -> psycopg.Connection | None:
        while True:
            with self._lock:
                ready = self._ready.get(place)
                connection = ready.pop()[1] if ready else None
            if connection is None or _is_alive(connection):
                return connection
            connection.close()

    def _give_back(self, place: Place, connection: psycopg.Connection) -> None:
        if connection.closed or connection.info.transaction_status != TransactionStatus.IDLE:
            connection.close()
            return
        with self._lock:
            self._ready.setdefault(place, []).append((time.monotonic(), connection))

    def _close_those(self, is_meant: Callable[[Place, float], bool]) -> None:
        closing: list[psycopg.Connection] = []
        with self._lock:
            for place, ready in list(self._ready.items() if self._process == os.getpid() else ()):
                closing += [connection for since, connection in ready if is_meant(place, since)]
                self._ready[place] = [kept for kept in ready if not is_meant(place, kept[0])]
        for connection in closing:
            connection.close()


def _is_alive(connection: psycopg.Connection) -> bool:
    """Whether the server has neither closed an idle connection nor said goodbye on it. Asks the socket, not the server."""
    if connection.closed:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return not poll.poll(0)
