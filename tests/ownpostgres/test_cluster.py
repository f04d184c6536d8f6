"""A server under bad treatment: real servers, real kills, as root and as an ordinary user alike."""

import fcntl
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from ownpostgres.account import EmbeddedDatabaseError
from ownpostgres.cluster import Cluster
from ownpostgres.server_settings import PRIVATE

pytestmark = pytest.mark.long
ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
IS_ROOT = os.geteuid() == 0
# Starts the cluster in argv[1], tells how many rows it sees after adding one, and waits to be told to end.
VISITOR = """
import sys
from pathlib import Path
import psycopg
from ownpostgres.cluster import Cluster
with Cluster(Path(sys.argv[1]), name="zhengyou", copies=Path(sys.argv[2]), durable=False) as cluster:
    with psycopg.connect(**cluster.dsn()) as connection:
        connection.execute("SET synchronous_commit = on")
        connection.execute("SELECT pg_advisory_xact_lock(1)")
        connection.execute("CREATE TABLE IF NOT EXISTS visits (visit text)")
        connection.execute("INSERT INTO visits VALUES ('one')")
    print("ready", flush=True)
    sys.stdin.readline()
"""
# Keeps a backend computing, deaf to the end of its server.
BUSY = b"""
DO $$ DECLARE done timestamptz := clock_timestamp() + interval '2 s';
BEGIN WHILE clock_timestamp() < done LOOP END LOOP; END $$
"""


COPIES = Path(os.environ["ZHENGYOU_HOME"]) / "programs"  # the test run's own


def a_cluster(folder: Path, *, durable: bool = True, private: bool = False) -> Cluster:
    return Cluster(folder, name="zhengyou", copies=COPIES, durable=durable, private=private)


def new_home() -> Path:
    """A folder of our own, with an awkward name, that the unprivileged user can pass through."""
    made = Path(tempfile.mkdtemp(prefix="zhengyou test 政优 ", dir="/tmp"))
    made.chmod(0o711)
    return made


@pytest.fixture
def home() -> Iterator[Path]:
    """A new home, which the test leaves empty."""
    made = new_home()
    yield made
    left = list(made.iterdir())
    shutil.rmtree(made)
    assert left == []


@pytest.fixture(scope="module")
def shared_cluster() -> Iterator[Cluster]:
    """One folder for the tests that maltreat a running cluster."""
    made = a_cluster(new_home() / "database", durable=False)
    yield made
    made.destroy()
    made.folder.parent.rmdir()


@pytest.fixture
def cluster(shared_cluster: Cluster) -> Cluster:
    """The shared cluster, started in whatever state the test before left it, without visits."""
    shared_cluster.start()
    with psycopg.connect(**shared_cluster.dsn()) as connection:
        connection.execute("DROP TABLE IF EXISTS visits")
    return shared_cluster


def visitor(folder: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-W", "error", "-c", VISITOR, str(folder), str(COPIES)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)


def one(cluster: Cluster, query: str) -> str:
    """The one value a query yields, as text."""
    with psycopg.connect(**cluster.dsn(), autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return str(row[0])


def add_visit(cluster: Cluster) -> None:
    """A row that outlives a killed server, even a volatile one."""
    with psycopg.connect(**cluster.dsn()) as connection:
        connection.execute("SET synchronous_commit = on")
        connection.execute("CREATE TABLE IF NOT EXISTS visits (visit text)")
        connection.execute("INSERT INTO visits VALUES ('one')")


def server_pid(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().split()[0])


def is_at_work(folder: Path) -> bool:
    """Whether any process of the server lives. A process number would not tell: the dead may wait to be reaped."""
    with (folder / "server.lock").open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def kill_keeper(cluster: Cluster) -> int:
    """Kills the keeper alone; returns its process number."""
    assert cluster._keeper is not None
    cluster._keeper.kill()
    cluster._keeper.wait()
    return cluster._keeper.pid


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    """Whether the condition comes true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def modes(folder: Path) -> dict[Path, int]:
    """The modes of a folder and of all above it."""
    return {path: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.parents)}


def test_first_start_makes_an_empty_database_and_the_second_finds_it_again(home: Path) -> None:
    before = modes(home)
    cluster = a_cluster(home / "deep down" / "it's 50%, \\ here")
    with cluster:
        assert one(cluster, "SHOW server_encoding") == "UTF8"
        assert one(cluster, "SELECT datcollate FROM pg_database WHERE datname = 'zhengyou'") == "C"
        assert one(cluster, "SHOW data_checksums") == "on"
        assert one(cluster, "SHOW fsync") == "on"
        assert one(cluster, "SHOW listen_addresses") == ""
        add_visit(cluster)
        first = server_pid(cluster.folder)
        cluster.start()
        assert server_pid(cluster.folder) == first
    assert not cluster.running()
    assert not is_at_work(cluster.folder)
    with cluster:
        assert one(cluster, "SELECT count(*) FROM visits") == "1"
        with psycopg.connect(cluster.url("postgres")) as connection:
            assert connection.info.dbname == "postgres"
    assert modes(home) == before
    cluster.destroy()
    (home / "deep down").rmdir()


def test_a_path_too_long_for_a_socket_gets_a_short_private_folder(home: Path) -> None:
    cluster = a_cluster(home / ("long" * 20), durable=False)
    told_before_start = cluster.dsn()
    with cluster:
        assert cluster.running()
        found = cluster.socket_folder.stat()
        assert (stat.S_IMODE(found.st_mode), found.st_uid) == (0o700, cluster.account.uid)
        assert cluster.folder not in cluster.socket_folder.parents
    assert cluster.dsn() == told_before_start
    cluster.socket_folder.chmod(0o755)
    with pytest.raises(EmbeddedDatabaseError, match="choose a folder"):
        cluster.start()
    cluster.destroy()
    assert not cluster.socket_folder.exists()


def test_a_killed_server_comes_back_with_its_data_even_behind_a_busy_backend(cluster: Cluster) -> None:
    add_visit(cluster)
    first = server_pid(cluster.folder)
    with closing(psycopg.connect(**cluster.dsn(), autocommit=True)) as busy:
        busy.pgconn.send_query(BUSY)
        busy.pgconn.flush()
        time.sleep(0.2)
        os.kill(first, signal.SIGKILL)
        assert not within(1, cluster.running), "this backend was meant to be busy for longer"
    assert within(20, cluster.running)
    assert server_pid(cluster.folder) != first
    assert "shared memory" not in (cluster.folder / "server.log").read_text(), "the new server was started too early"
    assert one(cluster, "SELECT count(*) FROM visits") == "1"


def test_the_server_ends_with_its_killed_owner(home: Path) -> None:
    owner = visitor(home / "database")
    assert owner.stdout is not None
    assert owner.stdout.readline() == "ready\n"
    assert is_at_work(home / "database")
    with owner:
        owner.kill()
    assert within(10, lambda: not is_at_work(home / "database"))
    with a_cluster(home / "database", durable=False) as cluster:
        assert one(cluster, "SELECT count(*) FROM visits") == "1"
    cluster.destroy()


def test_a_first_start_killed_halfway_is_no_obstacle(home: Path) -> None:
    with visitor(home / "database") as starter:
        assert within(10, (home / "database" / "data.new" / "PG_VERSION").exists)
        starter.kill()
        starter.wait()
        assert is_at_work(home / "database"), "the orphaned initdb must be known to the next starter"
    with a_cluster(home / "database", durable=False) as cluster:
        assert cluster.running()
    cluster.destroy()


def test_the_server_ends_though_a_forked_child_holds_the_lifeline(home: Path) -> None:
    script = VISITOR.replace(
        "    print(", "    import os\n    child = os.fork() or sys.exit(os.read(0, 1) and 0)\n    print("
    )
    command = [sys.executable, "-c", script, str(home / "database"), str(COPIES)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"ready\n"
        owner.kill()
        assert within(10, lambda: not is_at_work(home / "database"))
    a_cluster(home / "database").destroy()


def test_a_killed_keeper_and_an_orphaned_server_are_put_in_order_by_the_next_start(cluster: Cluster) -> None:
    add_visit(cluster)
    orphan = server_pid(cluster.folder)
    keeper = kill_keeper(cluster)
    assert cluster.running()
    cluster.start()
    assert server_pid(cluster.folder) != orphan
    assert kill_keeper(cluster) != keeper
    cluster.start()
    assert one(cluster, "SELECT count(*) FROM visits") == "1"


def test_a_stale_process_number_that_now_belongs_to_somebody_else_is_no_obstacle(cluster: Cluster) -> None:
    add_visit(cluster)
    server = server_pid(cluster.folder)
    kill_keeper(cluster)
    os.kill(server, signal.SIGKILL)
    assert within(10, lambda: not is_at_work(cluster.folder))
    stale = cluster.folder / "data" / "postmaster.pid"
    with subprocess.Popen(["sleep", "60"], user=cluster.account.uid if IS_ROOT else None) as stranger:
        stale.write_text(stale.read_text().replace(str(server), str(stranger.pid), 1))
        cluster.start()
        assert stranger.poll() is None
        stranger.terminate()
    assert one(cluster, "SELECT count(*) FROM visits") == "1"


def test_a_stopped_owner_leaves_no_orphan_of_a_killed_keeper(cluster: Cluster) -> None:
    kill_keeper(cluster)
    assert is_at_work(cluster.folder)
    cluster.stop()
    assert not is_at_work(cluster.folder)


def test_others_are_refused(cluster: Cluster) -> None:
    """Closed twice: by the socket's folder, and by peer authentication should somebody open that folder."""
    rules = "SELECT string_agg(concat_ws(' ', type, auth_method, options), ';') FROM pg_hba_file_rules"
    assert one(cluster, rules) == "local peer {map=owner}"
    psql = [str(cluster.programs / "psql"), "-h", str(cluster.socket_folder), "-d", "zhengyou", "-U"]
    # Without root nobody else can be had: then our own user asks for a role that is not theirs.
    stranger, role = (65534, "zhengyou") if IS_ROOT else (None, "postgres")
    if IS_ROOT:
        outside = subprocess.run([*psql, role], user=stranger, cwd="/", capture_output=True, text=True, check=False)
        assert "Permission denied" in outside.stderr
        cluster.socket_folder.chmod(0o755)
        (cluster.socket_folder / ".s.PGSQL.5432").chmod(0o777)
    asked = subprocess.run([*psql, role], user=stranger, cwd="/", capture_output=True, text=True, check=False)
    cluster.socket_folder.chmod(0o700)
    assert f'Peer authentication failed for user "{role}"' in asked.stderr
    assert asked.returncode == 2


def test_two_processes_that_start_at_once_both_work(home: Path) -> None:
    both = [visitor(home / "database"), visitor(home / "database")]
    assert [process.stdout.readline() for process in both if process.stdout] == ["ready\n", "ready\n"]
    cluster = a_cluster(home / "database", durable=False)
    cluster.start()
    assert one(cluster, "SELECT count(*) FROM visits") == "2"
    cluster.stop()
    assert cluster.running(), "a guest's stop must leave the server alone"
    for process in both:
        process.communicate("end\n")
    assert [process.returncode for process in both] == [0, 0]
    assert not cluster.running()
    cluster.destroy()


def test_a_guest_destroys_the_box_and_the_owner_can_begin_again(home: Path) -> None:
    owner = a_cluster(home / "box", durable=False, private=True)
    owner.start()
    with psycopg.connect(**owner.dsn()) as connection:
        connection.execute("CREATE TABLE slip (serial text PRIMARY KEY)")
        connection.execute("INSERT INTO slip VALUES ('very secret')")
    with psycopg.connect(**owner.dsn()) as connection, pytest.raises(psycopg.errors.UniqueViolation):
        connection.execute("INSERT INTO slip VALUES ('very secret')")
    for name, value in PRIVATE.items():
        assert one(owner, f"SHOW {name}") == value, name
    assert "slip" not in (owner.folder / "server.log").read_text()
    a_cluster(home / "box").destroy()
    assert not owner.folder.exists()
    owner.start()
    assert one(owner, "SELECT count(*) FROM pg_tables WHERE tablename = 'slip'") == "0"
    owner.destroy()


def test_destroy_leaves_what_is_not_ours(cluster: Cluster) -> None:
    note = cluster.folder / "note of the office"
    note.touch()
    cluster.destroy()
    assert list(cluster.folder.iterdir()) == [note]
    note.unlink()
    cluster.folder.rmdir()


def test_a_server_that_cannot_start_is_an_error_with_its_log(cluster: Cluster) -> None:
    cluster.stop()
    settings = cluster.folder / "data" / "postgresql.auto.conf"
    settings.write_text("no_such_setting = 1\n")
    with pytest.raises(EmbeddedDatabaseError, match="no_such_setting"):
        cluster.start()
    settings.write_text("")
    cluster.start()
    assert cluster.running()


def test_a_data_folder_out_of_reach_is_said_in_a_sentence_and_stays_as_it_was(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir()
    closed.chmod(0o500)
    with pytest.raises(EmbeddedDatabaseError, match="choose a folder"):
        a_cluster(closed / "database").start()
    assert stat.S_IMODE(closed.stat().st_mode) == 0o500
    closed.chmod(0o700)
    shutil.rmtree(closed)


def test_data_of_another_major_version_is_refused_in_words_and_stays_as_it_is(home: Path) -> None:
    cluster = a_cluster(home / "database", durable=False)
    with cluster:
        pass
    version = home / "database" / "data" / "PG_VERSION"
    own = version.read_text()
    version.write_text("12\n")
    with pytest.raises(EmbeddedDatabaseError, match=r"made by PostgreSQL 12, but the one here is \d+"):
        cluster.start()
    version.write_text(own)
    with cluster:
        assert cluster.running()
    cluster.destroy()
