"""What every test of the house gets: English sentences, files in a folder of its own, cheap passwords and puzzles."""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils import translation


class QuickArgon2(Argon2PasswordHasher):
    """Argon2 at its lowest cost: the tests sign in often."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1


@pytest.fixture(autouse=True)
def _house_of_the_test(settings, tmp_path):
    settings.FILES = tmp_path / "files"
    settings.RECORDS = tmp_path / "records"
    settings.HANDED = tmp_path / "handed"
    settings.PASSWORD_HASHERS = ["tests.conftest.QuickArgon2"]
    settings.LANGUAGE_CODE = "en"
    settings.PUZZLE_TRIES = 2
    with translation.override("en"):
        yield
