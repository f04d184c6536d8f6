"""A house that lives in processes of its own, as `zhengyou serve` starts them: durable clusters, two web workers, a free port.

For what can only be seen from outside: killing processes, measuring requests. Everything is on loopback and in a home that is
thrown away; only processes that descend from the one started here are ever ended.
"""

import json
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, closing
from http.client import HTTPConnection, HTTPException
from typing import Any, Self

from tests.living.homes import ROOT, empty_home, environment_of, migrated_home

from blindballot.format.encoding import b64, canonical, unb64
from blindballot.format.keyring import Keyring
from blindballot.format.manifest import Manifest, read_manifest
from blindballot.voter.voting import Ballot

PATIENCE = 240.0
JSON = {"Content-Type": "application/json"}


class LivingHouse:
    """A context manager: the house is made and served inside, and gone afterwards."""

    command_of_workers = "zhengyou serve"

    def __init__(self, *, workers: int = 2, is_new: bool = False, is_served: bool = True) -> None:
        """`is_new`: the first start finds nothing, and makes and migrates the database itself. `is_served`: starts at once."""
        self._kept = ExitStack()
        self.home = self._kept.enter_context(empty_home() if is_new else migrated_home())
        self.environment = environment_of(self.home)
        self.workers, self.port, self.starts = workers, free_port(), 0
        self.server: subprocess.Popen[bytes] | None = None
        self.is_served = is_served

    def __enter__(self) -> Self:
        try:
            if self.is_served:
                self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        with self._kept:
            self.stop()

    def start(self) -> None:
        """Serve, and return when the first page is answered."""
        self.starts += 1
        command = (sys.executable, "-m", "zhengyou", "serve", "--port", str(self.port), "--exact-port")
        with (self.home / "serve.log").open("ab") as log:
            self.server = subprocess.Popen(
                (*command, "--workers", str(self.workers)), cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        self.wait_until_served()

    def revive(self) -> None:
        """Serve again if the server has ended, as whoever runs it would see to."""
        if self.server is None or self.server.poll() is not None:
            self.start()

    def wait_until_served(self) -> None:
        """Return when the house answers with a page. Raises RuntimeError, with the server's log, if it never does."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.server is not None and self.server.poll() is None:
            if self.answers():
                return
            time.sleep(0.05)
        raise RuntimeError(f"the house does not serve:\n{self.log()}")

    def answers(self) -> bool:
        """Whether a page is answered now."""
        try:
            with closing(self.connect()) as connection:
                return ask(connection, "GET", "/booth/")[0] == 200
        except (OSError, HTTPException):
            return False

    def connect(self) -> HTTPConnection:
        """A connection to the house, not yet opened."""
        return HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def stop(self) -> None:
        """Stop serving as Ctrl+C does; the clusters end with the server."""
        if self.server is not None:
            self.server.send_signal(signal.SIGINT)
            self.server.wait(PATIENCE)
            self.server = None

    def polls(self) -> list[str]:
        """The polls that have a server."""
        return sorted(path.parent.name for path in (self.home / "polls").glob("*/key"))

    def log(self) -> str:
        """What the server has said."""
        return (self.home / "serve.log").read_text(errors="replace")

    def tell(self, *story: str) -> Any:
        """Run one story of `tests.living.stories` beside the server; what it answers. Raises RuntimeError if it failed."""
        told = subprocess.run(self.story(*story), cwd=ROOT, env=self.beside, capture_output=True, check=False)
        if told.returncode:
            raise RuntimeError(told.stderr.decode())
        return json.loads(told.stdout)

    @property
    def beside(self) -> dict[str, str]:
        """The environment of a process that the server would have started: it leaves the servers of polls to it."""
        return self.environment | {"ZHENGYOU_KEPT": str(self.server.pid)} if self.server else self.environment

    def story(self, *story: str) -> tuple[str, ...]:
        """The command of a story."""
        return (sys.executable, "-m", "tests.living.stories", *story)


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(connection: HTTPConnection, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    """One request; status and body."""
    connection.request(method, path, body, JSON)
    response = connection.getresponse()
    return response.status, response.read()


class LivingPoll:
    """An open poll of a living house as its voters see it: manifest, keys of the one pool, codes."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.key: str = told["key"]
        self.pool: str = told["pool"]
        self.codes: list[str] = told["codes"]
        self.manifest: Manifest = read_manifest(told["manifest"].encode())
        self.keys = Keyring.read(self.manifest, [canonical(document) for document in told["keys"]])

    def path(self, name: str) -> str:
        """The address of one of the booth's requests."""
        return f"/booth/{self.key}/{name}"

    def ballot(self) -> Ballot:
        """A fresh ballot without tokens."""
        return Ballot.begin(self.manifest, self.keys, self.pool)

    def issue_body(self, ballot: Ballot, code: str) -> bytes:
        """The request for a ballot's tokens; always the same bytes for one ballot."""
        blinded = {line: b64(data) for line, data in ballot.request("office").items()}
        return canonical({"manifest": self.manifest.fingerprint, "code": code, "blinded": blinded})

    def accept(self, ballot: Ballot, answer: bytes) -> None:
        """Finish the tokens from the house's answer."""
        signatures = json.loads(answer)["signatures"]
        ballot.accept("office", {line: unb64(text) for line, text in signatures.items()})

    def cast_body(self, ballot: Ballot, grade: str, version: int = 1) -> bytes:
        """A stack of slips with one grade for everything, as it is sent."""
        marks = {line.id: dict.fromkeys(line.criteria, grade) for line in self.manifest.lines}
        slips = [slip.to_json() for slip in ballot.cast(marks, version)]
        return canonical({"manifest": self.manifest.fingerprint, "slips": slips})
