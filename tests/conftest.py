"""What every test of the house gets: English sentences, files in a folder of its own, cheap passwords and puzzles."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import translation
from tests import pattern_database
from tests.poll_servers import SharedServer
from tests.servers import cluster_for_boxes

from ownpostgres.throwaway import Throwaways
from zhengyou import migrations
from zhengyou.boxes.models import TABLES

THREADS_END_WITHIN = 5.0


class QuickArgon2(Argon2PasswordHasher):
    """Argon2 at its lowest cost: the tests sign in often."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1


@pytest.fixture(scope="session")
def django_db_use_migrations() -> bool:
    """Tables come straight from the models, in a third of the time; houses in processes of their own migrate as in life."""
    django_settings.MIGRATION_MODULES = {"zhengyou": None}
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings) -> None:
    """Just before the database of this process is made."""
    pattern_database.wait_for_it()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    """From here on everybody finds the tables as migrated.

    A thread of the live server that still answers, or listens to, a browser which has gone is joined by nobody: the database
    cannot be dropped before it is done. What then still holds a connection is cut off.
    """
    django_settings.MIGRATION_MODULES = {}
    with django_db_blocker.unblock():
        connection.ops.sql_flush = _emptied
        if not pattern_database.is_of_a_pattern():
            for path in sorted(Path(migrations.__file__).parent.glob("0*.py")):
                MigrationRecorder(connection).record_applied("zhengyou", path.stem)
        pattern_database.keep_it()
    yield
    until = time.monotonic() + THREADS_END_WITHIN
    with django_db_blocker.unblock():
        while _others_at_the_database() and time.monotonic() < until:
            time.sleep(0.1)
        _others_at_the_database("pg_terminate_backend(pid)")
        connection.close()


def _emptied(_style: object, tables: list[str], **_asked: object) -> list[str]:
    """What empties the tables after a test that committed: Django would have PostgreSQL make the files of all 200 anew.

    Whoever still writes is waited for, as Django's own TRUNCATE does. A table without a page has no row.
    """
    names = ", ".join(map(connection.ops.quote_name, tables))
    return [
        f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE",
        "SET LOCAL session_replication_role = replica",
        f"""DO $$ DECLARE one regclass; BEGIN
            FOREACH one IN ARRAY '{{{names}}}'::regclass[] LOOP
                IF pg_relation_size(one) > 0 THEN EXECUTE format('DELETE FROM %s', one); END IF;
            END LOOP;
        END $$""",
    ]


def _others_at_the_database(asked: str = "pid") -> list[tuple[object]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {asked} FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return list(cursor.fetchall())


@pytest.fixture(scope="session")
def boxes() -> Iterator[SharedServer]:
    """Where polls have desk and box."""
    shared = SharedServer(cluster_for_boxes(), TABLES)
    yield shared
    shared.connections.close_to(str(shared.cluster.socket_folder))


@pytest.fixture(scope="session")
def servers_of_the_run() -> Throwaways:
    """What the settings say outside tests: a server for each poll, in the home of this run."""
    made: Throwaways = django_settings.POLL_SERVERS
    return made


@pytest.fixture
def servers(_house_of_the_test, settings, servers_of_the_run) -> Iterator[Throwaways]:
    """A server for each poll of this test, as in life, which other processes reach by its files."""
    settings.POLL_SERVERS = servers_of_the_run
    yield servers_of_the_run
    for name in list(servers_of_the_run._clusters):  # those of this process: others share the folder
        servers_of_the_run.destroy(name)


@pytest.fixture(autouse=True)
def _house_of_the_test(settings, tmp_path, boxes, servers_of_the_run):
    settings.POLL_SERVERS = boxes
    settings.FILES = tmp_path / "files"
    settings.RECORDS = tmp_path / "records"
    settings.HANDED = tmp_path / "handed"
    settings.PASSWORD_HASHERS = ["tests.conftest.QuickArgon2"]
    settings.LANGUAGE_CODE = "en"
    settings.PUZZLE_TRIES = 2
    # Tests read sentences whole. What marks the Chinese in them has tests of its own, and is in every browser.
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith("MarkingMiddleware")]
    with translation.override("en"):
        yield
    boxes.recycle()
