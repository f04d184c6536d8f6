"""The wheel as the container and the service run it: no privileges, a root that is read only, one folder for all data.

As root this happens in a root of its own (`tests/living/installed.sh`); any other user runs the same commands without that root.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import psycopg
import pytest
from tests.living.homes import ROOT
from tests.living.house import free_port

pytestmark = pytest.mark.long
PACKAGES = Path(psycopg.__file__).parents[1]
# One process after the other as its operator starts them: the first office, then the site, and a backup beside it.
COMMANDS = """
set -eu
zhengyou version
! touch /opt/zhengyou/written 2>/dev/null && ! touch /written 2>/dev/null && echo the root is read only
zhengyou create_office --code 001 --name 示范区委 --person 甲 --number 0001 --login office
zhengyou serve --port "$1" --exact-port --workers 1 &
site=$!
trap 'kill -INT $site; wait $site' TERM
until [ -e backup-now ]; do kill -0 $site; sleep 0.1; done
zhengyou backup backups --secrets secrets-apart --keep 3
zhengyou backup --check backups
echo all is done
wait $site
"""


class Installed:
    """The commands above in a process of their own; what they say goes into a file."""

    def __init__(self, folder: Path) -> None:
        self.data, self.port, self.log = folder / "data", free_port(), folder / "log"
        self.data.mkdir()
        make = (
            "import sys; sys.path[:0] = ['packaging', 'src']; import building; print(building.build_wheel(sys.argv[1]))"
        )
        built = subprocess.run(
            (sys.executable, "-S", "-c", make, folder), cwd=ROOT, capture_output=True, text=True, check=True
        )
        self.wheel = folder / built.stdout.strip()
        (folder / "commands.sh").write_text(COMMANDS)
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                self.command(folder), env=self.environment(folder), stdout=out, stderr=out, start_new_session=True
            )

    @property
    def is_apart(self) -> bool:
        """Whether there is a root of its own."""
        return os.geteuid() == 0

    def command(self, folder: Path) -> tuple[str | Path, ...]:
        commands = ("sh", "-c", COMMANDS, "sh", str(self.port))
        if self.is_apart:
            apart = ("unshare", "--mount", "--propagation", "private", "sh", ROOT / "tests/living/installed.sh")
            return (*apart, self.wheel, sys.base_prefix, PACKAGES, self.data, *commands)
        subprocess.run((sys.executable, "-m", "venv", folder / "installed"), check=True)
        [own] = (folder / "installed/lib").glob("python3*/site-packages")
        (own / "fetched.pth").write_text(f"{PACKAGES}\n")
        pip = (folder / "installed/bin/python", "-m", "pip", "install", "--quiet", "--no-index", self.wheel)
        subprocess.run(pip, check=True)
        return commands

    def environment(self, folder: Path) -> dict[str, str]:
        places = "/opt/zhengyou/bin" if self.is_apart else str(folder / "installed/bin")
        own = {} if self.is_apart else {"ZHENGYOU_HOME": str(self.data), "HOME": str(self.data)}
        return {"PATH": f"{places}:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", **own}

    def wait_for(self, what: str) -> str:
        """What was said, once these words are among it."""
        deadline = time.monotonic() + 600
        while what not in (said := self.log.read_text(errors="replace")):
            assert self.process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.1)
        return said

    def page(self, path: str) -> tuple[int, str]:
        """A page as it is served now, to a reader of Chinese."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=120)) as connection:
            connection.request("GET", path, headers={"Accept-Language": "zh-CN"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(120)
        finally:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installed]:
    made = Installed(tmp_path)
    yield made
    made.stop()


def test_the_wheel_serves_and_backs_up_without_privileges_on_a_root_it_cannot_write(installed: Installed) -> None:
    installed.wait_for("Zhengyou: http://")
    deadline = time.monotonic() + 300
    while True:
        try:
            if installed.page("/health/ready")[0] == 200:
                break
        except OSError:
            pass
        assert time.monotonic() < deadline, installed.log.read_text()
        time.sleep(0.1)
    status, first = installed.page("/")
    assert (status, 'lang="zh-Hans"' in first, "争优" in first) == (200, True, True)
    assert installed.page("/static/dist/booth.js")[0] == 200
    (installed.data / "backup-now").touch()
    said = installed.wait_for("all is done")
    assert "the root is read only" in said or not installed.is_apart
    assert "Traceback" not in said
    assert list((installed.data / "backups").iterdir())
    assert not (installed.data / "backups" / "secrets").exists()
