"""The shipped proxies: a real nginx and a real Caddy, a vote through each, a house that goes away behind them, and what they wrote."""

import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest
from tests.living.homes import ROOT
from tests.living.house import LivingHouse, LivingPoll, ask, free_port

pytestmark = pytest.mark.long
PLACES = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin"


class Proxy(ABC):
    """A proxy with the shipped file; only ports, paths, name and the house's port are another's."""

    program: str
    file: str

    def __init__(self, folder: Path, upstream: int) -> None:
        found = shutil.which(self.program, path=PLACES)
        assert found, f"install {self.program}: tools/proxies.sh"
        self.folder, self.secure, self.plain = folder, free_port(), free_port()
        self.pem, self.key = folder / "name.pem", folder / "name.key"
        made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2")
        subprocess.run((*made, "-keyout", self.key, "-out", self.pem), check=True, capture_output=True)
        self.settings, text = folder / "settings", (ROOT / self.file).read_text()
        for shipped, ours in {**self.changed(), "127.0.0.1:8000": f"127.0.0.1:{upstream}"}.items():
            assert shipped in text, shipped
            text = text.replace(shipped, ours)
        self.settings.write_text(self.around(text))
        checked = subprocess.run(
            (found, *self.check()), capture_output=True, text=True, check=False, env=self.environment()
        )
        assert checked.returncode == 0, checked.stderr
        self.said = (folder / "said").open("wb")
        self.process = subprocess.Popen(
            (found, *self.run()), stdout=self.said, stderr=self.said, env=self.environment()
        )

    @abstractmethod
    def changed(self) -> dict[str, str]:
        """What of the file is another's here."""

    @abstractmethod
    def check(self) -> tuple[str | Path, ...]:
        """How the program is asked whether the file is right."""

    @abstractmethod
    def run(self) -> tuple[str | Path, ...]:
        """How it is started."""

    def around(self, text: str) -> str:
        """The file where it is included."""
        return text

    def environment(self) -> dict[str, str]:
        """Its home is its folder; beside it Caddy keeps a copy of its settings."""
        own = {"HOME": self.folder, "XDG_DATA_HOME": self.folder, "XDG_CONFIG_HOME": self.folder.with_name("config")}
        return {"PATH": PLACES, **{name: str(place) for name, place in own.items()}}

    def connect(self) -> HTTPSConnection:
        """A connection as a browser has it; the certificate is nobody's."""
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        return HTTPSConnection("localhost", self.secure, timeout=60, context=trusting)

    def written(self) -> str:
        """Everything in its folder but settings and certificate, and what it said."""
        kept = {self.settings, self.pem, self.key}
        files = [path for path in self.folder.rglob("*") if path.is_file() and path not in kept]
        return "\n".join(path.read_text(errors="replace") for path in files)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        self.said.close()


class Nginx(Proxy):
    """nginx, its file included where Debian includes it."""

    program, file = "nginx", "packaging/nginx/zhengyou.conf"

    def changed(self) -> dict[str, str]:
        return {
            "    listen [::]:443 ssl;\n": "",
            "    listen [::]:80;\n": "",
            "listen 443 ssl": f"listen 127.0.0.1:{self.secure} ssl",
            "listen 80": f"listen 127.0.0.1:{self.plain}",
            "/etc/ssl/your.name.pem": str(self.pem),
            "/etc/ssl/private/your.name.key": str(self.key),
            "/var/log/nginx/zhengyou.log": str(self.folder / "access.log"),
            "your.name": "localhost",
        }

    def around(self, text: str) -> str:
        parts = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        bodies = " ".join(f"{kind}_temp_path {self.folder}/{kind};" for kind in parts)
        return (
            f"daemon off; worker_processes 1; pid {self.folder}/pid; error_log {self.folder}/error.log warn;\n"
            f"events {{}}\nhttp {{ {bodies}\n{text}\n}}\n"
        )

    def check(self) -> tuple[str | Path, ...]:
        return ("-t", *self.run())

    def run(self) -> tuple[str | Path, ...]:
        return ("-p", self.folder, "-c", self.settings)


class Caddy(Proxy):
    """Caddy with a certificate of its owner, as the file shows it."""

    program, file = "caddy", "packaging/caddy/Caddyfile"

    def changed(self) -> dict[str, str]:
        return {
            "\tadmin off\n": f"\tadmin off\n\thttp_port {self.plain}\n\thttps_port {self.secure}\n",
            "# A certificate of your own: tls /etc/ssl/your.name.pem /etc/ssl/private/your.name.key": f"tls {self.pem} {self.key}",
            "\nyour.name {": "\nlocalhost {",
        }

    def check(self) -> tuple[str | Path, ...]:
        return ("validate", "--adapter", "caddyfile", "--config", self.settings)

    def run(self) -> tuple[str | Path, ...]:
        return ("run", "--adapter", "caddyfile", "--config", self.settings)


@pytest.fixture
def house() -> Iterator[LivingHouse]:
    living = LivingHouse(workers=1)
    living.environment |= {"ZHENGYOU_HTTPS": "1", "ZHENGYOU_BEHIND_PROXY": "1", "ZHENGYOU_HOSTS": "localhost,127.0.0.1"}
    with living:
        yield living


def visit(proxy: Proxy, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    deadline = time.monotonic() + 60
    while True:
        try:
            with closing(proxy.connect()) as connection:
                return ask(connection, "GET" if body is None else "POST", path, body)
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def started(folder: Path, upstream: int) -> list[Proxy]:
    """One of each before the house at this port."""
    places = [folder / kind.program for kind in (Nginx, Caddy)]
    for place in places:
        place.mkdir()
    return [kind(place, upstream) for kind, place in zip((Nginx, Caddy), places, strict=True)]


def vote_through(proxy: Proxy, poll: LivingPoll, code: str) -> bytes:
    """What a member's browser asks for, to the cast; another body that may be cast."""
    assert visit(proxy, f"/booth/{poll.key}/")[0] == 200
    assert visit(proxy, "/static/dist/booth.js")[0] == 200
    assert visit(proxy, "/notices/")[0] == 200
    ballot = poll.ballot()
    status, answer = visit(proxy, poll.path("issue"), poll.issue_body(ballot, code))
    assert status == 200, answer
    poll.accept(ballot, answer)
    assert visit(proxy, poll.path("cast"), poll.cast_body(ballot, "good"))[0] == 200
    wrong = visit(proxy, poll.path("issue"), poll.issue_body(poll.ballot(), "AAAA-AAAA-AAAA"))
    assert (wrong[0], json.loads(wrong[1])["reason"]) == (409, "unknown-code")
    with closing(HTTPConnection("localhost", proxy.plain, timeout=60)) as plain:
        if isinstance(proxy, Nginx):
            plain.request("GET", "/booth/", headers={"Host": "elsewhere.example"})
            led = plain.getresponse()
            led.read()
            assert led.headers["Location"] == "https://localhost/booth/"
        plain.request("GET", f"/booth/{poll.key}/")
        answered = plain.getresponse()
        assert answered.status in {301, 308}
        assert answered.headers["Location"].startswith("https://localhost")
    return poll.cast_body(ballot, "fair")


def test_the_shipped_proxies_write_nothing_that_tells_who_came_to_vote(house: LivingHouse, tmp_path: Path) -> None:
    poll = LivingPoll(house.tell("open_poll", "5", "2"))
    proxies = started(tmp_path, house.port)
    try:
        bodies = [vote_through(proxy, poll, code) for proxy, code in zip(proxies, poll.codes, strict=False)]
        said_by_house = house.log()
        house.stop()
        for proxy, body in zip(proxies, bodies, strict=True):
            assert visit(proxy, poll.path("cast"), body)[0] == 502
            assert visit(proxy, f"/booth/{poll.key}/")[0] == 502
    finally:
        for proxy in proxies:
            proxy.stop()
    of_nginx, of_caddy = (proxy.written() for proxy in proxies)
    assert of_nginx.splitlines().count("200 GET /notices/ " + of_nginx.split("/notices/ ")[1].split()[0]) == 1
    assert "/notices/" not in of_caddy
    for written in (of_nginx, of_caddy):
        assert re.findall(r"booth/|booth\.js|/desk|/static|127\.0\.0\.1|::1|//localhost|\d\d:\d\d", written) == []
    assert "/booth/" not in said_by_house


class Told(BaseHTTPRequestHandler):
    """A house that only keeps which address it was told for which page."""

    seen: ClassVar[list[tuple[str, str, str]]] = []

    def do_GET(self) -> None:
        heads = (self.headers.get(name) or "" for name in ("X-Forwarded-For", "X-Forwarded-Proto"))
        self.seen.append((self.path, *heads))  # type: ignore[arg-type]
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        """It says nothing."""


def test_the_shipped_proxies_tell_an_address_to_the_sign_in_alone(tmp_path: Path) -> None:
    Told.seen.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Told) as upstream:
        Thread(target=upstream.serve_forever, daemon=True).start()
        proxies = started(tmp_path, upstream.server_port)
        try:
            for proxy in proxies:
                for path in ("/sign-in/", "/booth/x/issue", "/desk/"):
                    assert visit(proxy, path)[0] == 200
        finally:
            for proxy in proxies:
                proxy.stop()
            upstream.shutdown()
    told = [("/sign-in/", "127.0.0.1", "https"), ("/booth/x/issue", "", "https"), ("/desk/", "", "https")]
    assert Told.seen == told + told
