"""A second issuer's house in processes of its own: `zhengyou issuer …` with a home of its own."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psycopg
from tests.living.house import free_port

OWN = ("ZHENGYOU_", "DATABASE_URL", "BOX_DATABASE_URL", "DJANGO_", "SECRET_KEY", "CODE_KEY", "KEY_PASSWORD", "PYTEST_")


class IssuersHouse:
    """The second issuer's side: `zhengyou issuer …` in processes of its own, with a home of its own."""

    command_of_workers = "zhengyou issuer"

    def __init__(self, home: Path) -> None:
        self.home = home
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OWN)}
        self.environment = kept | {"ZHENGYOU_HOME": str(home)}
        self.port = free_port()
        self.server: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self, *words: object) -> list[str]:
        return [sys.executable, "-m", "zhengyou", "issuer", "--language", "en", *map(str, words)]

    def run(self, *words: object, expected: int = 0) -> str:
        done = subprocess.run(
            self.command(*words), env=self.environment, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == expected, done.stdout + done.stderr
        return done.stdout + done.stderr

    def serve(self) -> None:
        words = ("serve", "--host", "127.0.0.1", "--port", self.port, "--exact-port")
        with (self.home / "served.log").open("ab") as log:
            self.server = subprocess.Popen(self.command(*words), env=self.environment, stdout=log, stderr=log)
        while self.server.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.address}/health", timeout=5) as answer:
                    assert json.load(answer) == {"ok": True}
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"the second issuer's process ended:\n{self.log()[-2000:]}")

    def revive(self) -> None:
        """Serve again if the server has ended."""
        if self.server is None or self.server.poll() is not None:
            self.serve()

    def log(self) -> str:
        """What the server has said."""
        return (self.home / "served.log").read_text(errors="replace")

    def ask(self, path: str, body: bytes) -> dict:
        request = urllib.request.Request(f"{self.address}{path}", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert answer.headers.get("Set-Cookie") is None
            return json.load(answer)

    def end_the_poll(self) -> None:
        """Its time is over; nobody waits for the clock."""
        host = self.home / "database" / "socket"
        with psycopg.connect(host=str(host), dbname="zhengyou", user="zhengyou", autocommit=True) as connection:
            connection.execute("UPDATE zhengyou_issuerduty SET closes_at = now()")

    def stop(self) -> None:
        if self.server is not None:
            self.server.terminate()
            self.server.wait(30)
