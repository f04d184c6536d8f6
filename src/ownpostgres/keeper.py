"""The process that watches one embedded PostgreSQL: starts it, starts it again when it dies, stops it with its owner.

`cluster.Cluster` runs this file with `python -I -S`, so it imports little and knows nothing about folders or settings.
Its standard input is the owner's lifeline: a byte or the end of it means stop. It decides nothing else.
"""

import contextlib
import fcntl
import os
import select
import signal
import subprocess
import sys
import time

ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}
TICK = 0.2
SHORT_LIFE = 10.0
MOST_SHORT_LIVES = 5
BACKENDS_LEAVE_WITHIN = 60.0
STOPPING = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 20.0), (signal.SIGKILL, 10.0))


class Keeper:
    """Keeps one server running as the given account (user and group ids, or None to stay who we are).

    `server_lock` is held by the server's processes; `signs` are files that a killed server leaves behind.
    """

    def __init__(
        self, owner: int, account: tuple[int, int] | None, server_lock: str, signs: list[str], command: list[str]
    ) -> None:
        self.owner, self.account, self.server_lock = owner, account, server_lock
        self.signs, self.command = signs, command
        self.told_to_stop = False
        signal.signal(signal.SIGTERM, self._on_terminate)

    def _on_terminate(self, _number: int, _frame: object) -> None:
        self.told_to_stop = True

    def should_stop(self, wait: float) -> bool:
        """Waits up to `wait` seconds for the owner's end. The parent is asked too: a forked child may hold the pipe."""
        readable, _, _ = select.select([sys.stdin], [], [], wait)
        return bool(readable) or self.told_to_stop or os.getppid() != self.owner

    def has_lock(self, lock: int) -> bool:
        """Waits until no process of a dead server holds the lock any more; False if it is time to stop."""
        deadline = time.monotonic() + BACKENDS_LEAVE_WITHIN
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                if self.should_stop(TICK) or time.monotonic() > deadline:
                    return False

    def launch(self) -> "subprocess.Popen[bytes] | None":
        """The new server, holding the server lock together with all its backends; None if it is time to stop.

        While a backend of a dead server lives, PostgreSQL refuses to start; the lock tells when the last has gone.
        Then the dead server's signs go too: PostgreSQL would believe the process number in them, whoever has it now.
        """
        lock = os.open(self.server_lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if not self.has_lock(lock):
                return None
            for sign in self.signs:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(sign)
            user, group = self.account or (None, None)
            others: list[int] | None = None if self.account is None else []
            return subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, env=ENVIRONMENT, pass_fds=(lock,),
                user=user, group=group, extra_groups=others,
            )  # fmt: skip
        finally:
            os.close(lock)

    def keep(self) -> int:
        """Runs until told to stop, the server is stopped by someone's wish, or it died too often in a row (1)."""
        short_lives = 0
        while True:
            born = time.monotonic()
            server = self.launch()
            if server is None:
                return 1
            while server.poll() is None:
                if self.should_stop(TICK):
                    end(server)
                    return 0
            if server.returncode == 0:
                return 0
            short_lives = short_lives + 1 if time.monotonic() - born < SHORT_LIFE else 1
            sys.stderr.write(f"the server ended with code {server.returncode}\n")
            sys.stderr.flush()
            if short_lives == MOST_SHORT_LIVES:
                return 1
            if self.should_stop(0.05 * 2**short_lives):
                return 0


def end(server: "subprocess.Popen[bytes]") -> None:
    """Stops the server: fast, then at once, then by force."""
    for number, patience in STOPPING:
        server.send_signal(number)
        try:
            server.wait(patience)
            return
        except subprocess.TimeoutExpired:
            continue


def main(owner: str, account: str, server_lock: str, pid_file: str, server_socket: str, *command: str) -> int:
    """Command line: owner's process, `uid:gid` or nothing, three paths of the server, the server's command."""
    user, _, group = account.partition(":")
    signs = [pid_file, server_socket, f"{server_socket}.lock"]
    return Keeper(int(owner), (int(user), int(group)) if account else None, server_lock, signs, list(command)).keep()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
