"""What every test of the house gets: English sentences, files in a folder of its own, cheap passwords and puzzles."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import translation
from tests.poll_servers import SharedServer
from tests.servers import cluster_for_boxes

from ownpostgres.throwaway import Throwaways
from zhengyou import migrations
from zhengyou.boxes.models import TABLES


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
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """From here on everybody finds the tables as migrated."""
    django_settings.MIGRATION_MODULES = {}
    with django_db_blocker.unblock():
        for path in sorted(Path(migrations.__file__).parent.glob("0*.py")):
            MigrationRecorder(connection).record_applied("zhengyou", path.stem)


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
