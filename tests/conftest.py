"""What every test of the house gets: files and records in a folder of its own."""

import pytest


@pytest.fixture(autouse=True)
def _files_of_the_test(settings, tmp_path):
    settings.FILES = tmp_path / "files"
    settings.RECORDS = tmp_path / "records"
