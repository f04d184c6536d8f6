"""Where the real data lies, and a writer of small rating files."""

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Data that is not ours to pass on: where it does not lie beside the repository, its tests are skipped and say so."""
    folder = Path(__file__).parents[2].parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no data in {folder}")
    return folder


@pytest.fixture
def csv_file(tmp_path: Path) -> Callable[..., Path]:
    """Write text to a file of the given encoding and return its path."""

    def write(text: str, encoding: str = "utf-8", name: str = "ratings.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write
