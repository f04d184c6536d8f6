"""Two commands on a machine that never ran Zhengyou: in open and closed folders, with awkward names, beside others, after others.

Each case is tried by everybody whom this machine has: by whoever runs the tests, and, if that is root, by the ordinary user `nobody` too
(through an interpreter that they can run, if there is one). The clones are light: the sources that keep a server, and PostgreSQL as the
wheel lays it out. The last test runs the whole of `make demo`.
"""

import json
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psycopg
import pytest
from tests.living.homes import ROOT, environment_of, migrated_home

from ownpostgres import programs

pytestmark = pytest.mark.long
# Starts the cluster of its home, adds a row and tells how many there are; once more for each line it is sent.
VISITOR = """
import json, os, sys
from pathlib import Path
import psycopg
import zhengyou
from zhengyou.base.home import demo_home, own_cluster
with own_cluster(demo_home(os.environ, Path(zhengyou.__file__)), durable=False) as cluster:
    while True:
        with psycopg.connect(**cluster.dsn()) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS visits (visit text)")
            connection.execute("INSERT INTO visits VALUES ('one')")
            [visits] = connection.execute("SELECT count(*) FROM visits").fetchone()
        print(json.dumps({"visits": visits, "folder": str(cluster.folder), "socket": str(cluster.socket_folder)}), flush=True)
        if not sys.stdin.readline():
            break
"""
INSTALLED = Path(psycopg.__file__).parents[1]
NEEDED = ("psycopg", "psycopg_binary", "psycopg_binary.libs", "typing_extensions.py")  # the third on Linux only
PACKAGES = [INSTALLED / name for name in NEEDED if (INSTALLED / name).exists()]
MADE_HERE = (".git", ".venv", "build", "dist", "node_modules", "__pycache__", ".*_cache", "*.stamp", "*.mo")
PATIENCE = 1200.0
LONG = "很长的名字" * 12  # 180 bytes, where a socket's whole path may have 107


@dataclass(frozen=True)
class Person:
    """Somebody who tries Zhengyou: the one who runs the tests, or another user of the machine."""

    name: str
    python: str
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        """Whether it is not the one who runs the tests."""
        return self.uid != os.geteuid()

    def popen(self, *command: str | Path, env: dict[str, str]) -> "subprocess.Popen[str]":
        """A process of theirs."""
        user, group, others = (self.uid, self.gid, list[int]()) if self.is_other else (None, None, None)
        return subprocess.Popen(
            (self.python, "-s", "-W", "error", *command), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, cwd="/", env=env, user=user, group=group, extra_groups=others,
        )  # fmt: skip

    def owns(self, folder: Path) -> Path:
        """Gives them a folder with all that is in it."""
        for path in (folder, *folder.rglob("*")) if self.is_other else ():
            os.chown(path, self.uid, self.gid, follow_symlinks=False)
        return folder


def people() -> Iterator[Person]:
    """Who is there to try it."""
    base = str(getattr(sys, "_base_executable", sys.executable))
    yield Person("root" if os.geteuid() == 0 else "user", base, os.geteuid(), os.getegid())
    if os.geteuid() == 0:
        entry = pwd.getpwnam("nobody")
        for python in (base, f"/usr/bin/python3.{sys.version_info.minor}"):
            person = Person("user", python, entry.pw_uid, entry.pw_gid)
            with suppress(OSError), person.popen("-c", "", env={}) as asked:
                asked.communicate()
                if asked.returncode == 0:
                    yield person
                    return


PEOPLE = list(people())


@pytest.fixture(params=PEOPLE, ids=[person.name for person in PEOPLE])
def person(request: pytest.FixtureRequest) -> Person:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder on a machine with nothing of an earlier run; everybody may pass through."""
    made = Path(tempfile.mkdtemp(prefix="zhengyou-fresh-", dir="/tmp"))
    made.chmod(0o711)
    (made / "packages").mkdir()
    for package in PACKAGES:
        copy = shutil.copytree if package.is_dir() else shutil.copy
        copy(package, made / "packages" / package.name)
    yield made
    shutil.rmtree(made)


@dataclass
class Clone:
    """One copy of the sources with its packages, and the person who uses it from a home of their own."""

    folder: Path
    home: Path
    person: Person

    def visit(self, seen: int) -> None:
        """Starts, sees so many visits with its own, and ends."""
        with self.started() as visitor:
            said, trouble = visitor.communicate(timeout=120)
        assert trouble == ""
        assert json.loads(said)["visits"] == seen

    def started(self) -> "subprocess.Popen[str]":
        """A process that keeps the clone's server until its input ends."""
        path = os.pathsep.join(str(self.folder / name) for name in ("src", "site"))
        packages = next(above for above in self.folder.parents if (above / "packages").is_dir()) / "packages"
        env = {"PYTHONPATH": f"{path}{os.pathsep}{packages}", "PATH": os.defpath, "HOME": str(self.home)}
        # Root's default is the machine's own /var/lib/zhengyou, which is not ours to empty; others get their default.
        own = {"ZHENGYOU_HOME": str(self.home)} if self.person.uid == 0 else {}
        return self.person.popen("-c", VISITOR, env=env | own)


def a_clone(place: Path, name: str, person: Person, *, mode: int = 0o700, home: str = "home") -> Clone:
    """A new clone in a folder of this mode; a home that is there already stays."""
    around = place / f"around {name}"
    clone, site = around / name, around / name / "site"
    shutil.copytree(ROOT / "src/ownpostgres", clone / "src/ownpostgres")
    (clone / "src/zhengyou/base").mkdir(parents=True)
    for file in ("__init__.py", "base/__init__.py", "base/home.py"):
        shutil.copy(ROOT / "src/zhengyou" / file, clone / "src/zhengyou" / file)
    wheel, installation = programs.in_the_wheel()
    for part in (installation, *programs.LIBRARIES):
        if (wheel / part).exists():
            shutil.copytree(wheel / part, site / part, ignore=shutil.ignore_patterns("include", "*.a"))
    person.owns(around).chmod(mode)
    if not (place / home).exists():
        (place / home).mkdir(mode=0o711 if person.uid == 0 else 0o700)
        person.owns(place / home)
    return Clone(clone, place / home, person)


def visits(visitor: "subprocess.Popen[str]") -> dict[str, object]:
    """What the running visitor says next."""
    assert visitor.stdout is not None
    assert visitor.stderr is not None
    line = visitor.stdout.readline()
    return json.loads(line) if line else pytest.fail(visitor.stderr.read())  # type: ignore[no-any-return]


def again(visitor: "subprocess.Popen[str]") -> dict[str, object]:
    """Another visit to the same server."""
    assert visitor.stdin is not None
    visitor.stdin.write("again\n")
    visitor.stdin.flush()
    return visits(visitor)


@pytest.mark.parametrize(("name", "mode"), [("open", 0o755), ("closed", 0o700), ("政优，with  blanks", 0o700)])
def test_it_starts_where_nothing_was_before(place: Path, person: Person, name: str, mode: int) -> None:
    clone = a_clone(place, name, person, mode=mode)
    clone.visit(1)
    clone.visit(2)
    assert clone.folder.parent.stat().st_mode & 0o777 == mode


def test_a_second_clone_goes_on_after_the_first_was_deleted(place: Path, person: Person) -> None:
    first = a_clone(place, "first", person, home="home")
    folder = first.folder
    first.visit(1)
    shutil.rmtree(folder)
    a_clone(place, "second", person).folder.rename(folder)  # where the first one was, so that the home is the same
    Clone(folder, first.home, person).visit(2)


def test_a_running_server_outlives_its_deleted_clone(place: Path, person: Person) -> None:
    clone = a_clone(place, "first", person)
    with clone.started() as visitor:
        assert visits(visitor)["visits"] == 1
        shutil.rmtree(clone.folder)
        assert again(visitor)["visits"] == 2
        visitor.communicate(timeout=60)
    assert visitor.returncode == 0


@pytest.mark.parametrize("home", ["home", LONG], ids=["a short path", "a path too long for a socket"])
def test_a_second_clone_beside_the_first_never_touches_its_server(place: Path, person: Person, home: str) -> None:
    first, second = (a_clone(place, name, person, home=f"{home} of {name}") for name in ("first", "second"))
    with first.started() as one:
        begun = visits(one)
        with second.started() as other:
            beside = visits(other)
            assert beside["visits"] == begun["visits"] == 1
            assert beside["folder"] != begun["folder"]
            assert beside["socket"] != begun["socket"]
            assert again(one)["visits"] == 2
            other.communicate(timeout=60)
        assert again(one)["visits"] == 3
        one.communicate(timeout=60)
    assert (one.returncode, other.returncode) == (0, 0)
    for socket in (Path(str(seen["socket"])) for seen in (begun, beside)):
        assert home != LONG or place not in socket.parents
        shutil.rmtree(socket)


def test_a_guest_of_the_same_server_ends_without_it(place: Path, person: Person) -> None:
    clone = a_clone(place, "clone", person)
    with clone.started() as one:
        assert visits(one)["visits"] == 1
        clone.visit(2)
        assert again(one)["visits"] == 3
        one.communicate(timeout=60)
    assert one.returncode == 0


def test_half_a_copy_left_in_the_home_is_no_obstacle(place: Path, person: Person) -> None:
    """Only root's stand-in needs a copy; for others there is nothing to spoil, and they start all the same."""
    clone = a_clone(place, "clone", person)
    clone.visit(1)
    copies = [path for path in clone.home.rglob("postgresql-*") if path.is_dir()]
    assert len(copies) == (person.uid == 0)
    for library in (path for copy in copies for path in copy.rglob("libpq*.so*")):
        library.unlink()
    clone.visit(2)


def test_a_damaged_wheel_is_said_in_a_sentence(place: Path, person: Person) -> None:
    clone = a_clone(place, "clone", person)
    for library in clone.folder.rglob("libpq*"):
        library.unlink()
    with clone.started() as visitor:
        _said, trouble = visitor.communicate(timeout=120)
    assert "cannot run PostgreSQL from" in trouble
    assert "install the locked packages again" in trouble


def answers(port: int) -> bool:
    """Whether a page is served there now."""
    with suppress(OSError, HTTPException), closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", "/booth/")
        return connection.getresponse().status == 200
    return False


def wait_for(log: Path, words: str, process: "subprocess.Popen[bytes]") -> str:
    """The log as soon as it has these words; the test fails with the log if the process ends before, or never says them."""
    deadline = time.monotonic() + PATIENCE
    while words not in (text := log.read_text(errors="replace")):
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"{words!r} was never said:\n{text}")
        time.sleep(0.2)
    return text


def served_at(log: Path, process: "subprocess.Popen[bytes]") -> int:
    """The port that is said, once it answers."""
    said = re.search(r"http://localhost:(\d+)", wait_for(log, "http://localhost:", process))
    assert said is not None
    deadline = time.monotonic() + PATIENCE
    while not answers(int(said[1])):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return int(said[1])


def ended(process: "subprocess.Popen[bytes]") -> None:
    """Ctrl+C for a process and its children; by force if that does not help within a minute."""
    for number in (signal.SIGINT, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(60)
            return


def test_two_houses_that_start_at_once_have_a_port_each_and_the_first_outlives_the_second(place: Path) -> None:
    serve = (
        sys.executable,
        "-m",
        "zhengyou",
        "serve",
        "--workers",
        "1",
    )  # no port is named: one that is, is never exchanged
    with ExitStack() as kept:
        houses: list[tuple[Path, subprocess.Popen[bytes]]] = []
        for number in range(2):
            env, log = environment_of(kept.enter_context(migrated_home())), place / f"{number}.log"
            with log.open("wb") as out:
                process = subprocess.Popen(serve, cwd=ROOT, env=env, stdout=out, stderr=out, start_new_session=True)
            kept.callback(ended, process)
            houses.append((log, process))
        first, second = (served_at(*house) for house in houses)
        assert first != second
        ended(houses[1][1])
        assert not answers(second)
        assert answers(first)


def test_make_demo_runs_from_a_clone_in_a_closed_folder_with_an_awkward_name(place: Path) -> None:
    """The README's own command, environment and all, by whoever runs the tests; a second one from there is refused.

    Then the wheel of this clone, in an environment without the sources, goes on with the same demo.
    """
    closed, log = place / "closed 政优", place / "demo.log"
    closed.mkdir(mode=0o700)
    shutil.copytree(ROOT, closed / "clone", symlinks=True, ignore=shutil.ignore_patterns(*MADE_HERE))
    (place / "home").mkdir(mode=0o711)
    env = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "VIRTUAL_ENV"))}
    env |= environment_of(place / "home")
    del env["PYTHONPATH"], env["DJANGO_SETTINGS_MODULE"]
    make = ("make", f"PYTHON={PEOPLE[0].python}", "demo")
    with log.open("wb") as out:
        demo = subprocess.Popen(make, cwd=closed / "clone", env=env, stdout=out, stderr=out, start_new_session=True)
    try:
        wait_for(log, "Things to try first", demo)
        port = served_at(log, demo)
        second = subprocess.run(make, cwd=closed / "clone", env=env, capture_output=True, text=True, check=False)
        assert second.returncode != 0
        assert "is served already" in second.stderr
        assert answers(port)
    finally:
        ended(demo)
    assert not answers(port)
    assert closed.stat().st_mode & 0o777 == 0o700
    installed = install_the_wheel(closed / "clone", place / "installed", env)
    assert_the_wheel_serves(installed, place, env)


def install_the_wheel(clone: Path, folder: Path, env: dict[str, str]) -> Path:
    """The program `zhengyou` of an empty environment into which the clone's wheel was installed.

    What it needs is the clone's own, fetched by `make demo`: that saves the same download a second time. pip finds it complete.
    """
    made = subprocess.run(("make", "wheel"), cwd=clone, env=env, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    subprocess.run((PEOPLE[0].python, "-m", "venv", folder), check=True)
    [packages] = (clone / ".venv/lib").glob("python3*/site-packages")
    [own] = (folder / "lib").glob("python3*/site-packages")
    (own / "fetched.pth").write_text(f"{packages}\n")  # the sources' own .pth is not followed from here
    [wheel] = (clone / "build/release").glob("*.whl")
    pip = (folder / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", wheel)
    done = subprocess.run(pip, cwd=folder, capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 0, done.stderr
    return folder / "bin/zhengyou"


def assert_the_wheel_serves(zhengyou: Path, place: Path, env: dict[str, str]) -> None:
    """It is Chinese, its booth has its script, and a ballot from a printed link is cast in a browser."""
    log = place / "wheel.log"
    with log.open("wb") as out:
        demo = subprocess.Popen((zhengyou, "demo"), cwd=place, env=env, stdout=out, stderr=out, start_new_session=True)
    try:
        wait_for(log, "Things to try first", demo)
        port = served_at(log, demo)
        with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            connection.request("GET", "/", headers={"Accept-Language": "zh-CN"})
            assert "群众" in connection.getresponse().read().decode()
        link = re.findall(r"http://localhost:\d+/booth/\S+", log.read_text())[0]
        voted = subprocess.run(
            (sys.executable, "-m", "tests.living.browser_vote", link),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert voted.returncode == 0, voted.stderr
        assert json.loads(voted.stdout)["language"] == "zh-Hans"
    finally:
        ended(demo)
