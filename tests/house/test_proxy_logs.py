"""The proxy as docs/running.md writes it: a real nginx, a vote through it, a house that goes away behind it, and what nginx wrote."""

import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

import pytest
from tests.living.homes import ROOT
from tests.living.house import LivingHouse, LivingPoll, ask, free_port

pytestmark = pytest.mark.long
BLOCK = re.compile(r"```nginx\n(.*?)```", re.S)
PLACES = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin"


class Proxy:
    """nginx with the documented block; only ports, paths and the house's port are another's."""

    def __init__(self, folder: Path, upstream: int) -> None:
        found = shutil.which("nginx", path=PLACES)
        assert found, "install nginx: tools/nginx.sh"
        self.folder, self.secure, self.plain = folder, free_port(), free_port()
        pem, key = folder / "name.pem", folder / "name.key"
        made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2")
        subprocess.run((*made, "-keyout", key, "-out", pem), check=True, capture_output=True)
        [block] = BLOCK.findall((ROOT / "docs/running.md").read_text())
        for documented, ours in {
            "listen 443 ssl": f"listen 127.0.0.1:{self.secure} ssl",
            "listen 80": f"listen 127.0.0.1:{self.plain}",
            "/etc/ssl/your.name.pem": str(pem),
            "/etc/ssl/private/your.name.key": str(key),
            "/var/log/nginx/zhengyou.log": str(folder / "access.log"),
            "your.name": "localhost",
            "127.0.0.1:8000": f"127.0.0.1:{upstream}",
        }.items():
            assert documented in block, documented
            block = block.replace(documented, ours)
        bodies = " ".join(
            f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        self.settings = folder / "nginx.conf"
        self.settings.write_text(
            f"daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log warn;\n"
            f"events {{}}\nhttp {{ {bodies}\n{block}\n}}\n"
        )
        self.process = subprocess.Popen((found, "-p", folder, "-c", self.settings), stderr=subprocess.DEVNULL)

    def connect(self) -> HTTPSConnection:
        """A connection as a browser has it; the certificate is nobody's."""
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        return HTTPSConnection("localhost", self.secure, timeout=60, context=trusting)

    def written(self) -> str:
        """Everything in its folder but settings and certificate."""
        kept = {self.settings, self.folder / "name.pem", self.folder / "name.key"}
        files = [path for path in self.folder.rglob("*") if path.is_file() and path not in kept]
        return "\n".join(path.read_text(errors="replace") for path in files)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


@pytest.fixture
def house() -> Iterator[LivingHouse]:
    living = LivingHouse()
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


def test_the_documented_proxy_writes_nothing_that_tells_who_came_to_vote(house: LivingHouse, tmp_path: Path) -> None:
    poll = LivingPoll(house.tell("open_poll", "5", "2"))
    proxy = Proxy(tmp_path, house.port)
    try:
        assert visit(proxy, f"/booth/{poll.key}/")[0] == 200
        assert visit(proxy, "/static/dist/booth.js")[0] == 200
        assert visit(proxy, "/notices/")[0] == 200
        ballot = poll.ballot()
        status, answer = visit(proxy, poll.path("issue"), poll.issue_body(ballot, poll.codes[0]))
        assert status == 200, answer
        poll.accept(ballot, answer)
        assert visit(proxy, poll.path("cast"), poll.cast_body(ballot, "good"))[0] == 200
        wrong = visit(proxy, poll.path("issue"), poll.issue_body(poll.ballot(), "AAAA-AAAA-AAAA"))
        assert (wrong[0], json.loads(wrong[1])["reason"]) == (409, "unknown-code")
        plain = HTTPConnection("localhost", proxy.plain, timeout=60)
        with closing(plain):
            assert ask(plain, "GET", f"/booth/{poll.key}/")[0] == 301
        said_by_house = house.log()
        house.stop()
        assert visit(proxy, poll.path("cast"), poll.cast_body(ballot, "fair"))[0] == 502
        assert visit(proxy, f"/booth/{poll.key}/")[0] == 502
    finally:
        proxy.stop()
    written = proxy.written()
    assert written.splitlines().count("200 GET /notices/ " + written.split("/notices/ ")[1].split()[0]) == 1
    assert re.findall(r"booth|/desk|/static|127\.0\.0\.1|::1|localhost|\d\d:\d\d", written) == []
    assert "/booth/" not in said_by_house
