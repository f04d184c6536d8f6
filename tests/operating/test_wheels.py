"""The verifier as a wheel: the same bytes every time, installed into an empty environment, where it verifies a record."""

import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from django.urls import reverse

from zhengyou.operating import wheels

ROOT = Path(__file__).resolve().parents[2]


def test_the_wheel_is_the_same_bytes_of_the_same_sources():
    first = wheels.verifier()
    wheels.verifier.cache_clear()
    assert wheels.verifier() == first
    with zipfile.ZipFile(BytesIO(first.data)) as archive:
        sources = {name: archive.read(name) for name in archive.namelist() if ".dist-info/" not in name}
        assert {entry.date_time for entry in archive.infolist()} == {wheels.DATE}
    assert sources == {
        path.relative_to(ROOT / "src").as_posix(): path.read_bytes()
        for path in (ROOT / "src/blindballot").rglob("*.py")
    }


def test_whoever_builds_with_other_tools_is_told_the_same():
    project = tomllib.loads((ROOT / "packaging/blindballot/pyproject.toml").read_text())["project"]
    assert (project["name"], project["version"], project["requires-python"], project["description"]) == (
        wheels.NAME,
        wheels.VERSION,
        wheels.PYTHON,
        wheels.SUMMARY,
    )
    assert tuple(project["dependencies"]) == wheels.REQUIRES


@pytest.mark.django_db
def test_the_page_hands_out_these_bytes_and_no_others(client):
    wheel = wheels.verifier()
    page = client.get(reverse("trust")).content.decode()
    assert wheel.sha256[:8] in page
    answer = client.get(reverse("verifier", args=[wheel.name]))
    assert answer.content == wheel.data
    again = client.get(reverse("verifier", args=[wheel.name]), HTTP_IF_NONE_MATCH=answer.headers["ETag"])
    assert again.status_code == 304
    assert client.get(reverse("verifier", args=["blindballot-9-py3-none-any.whl"])).status_code == 404


def test_the_wheel_verifies_a_record_in_an_empty_environment(tmp_path):
    """Its libraries come from this environment instead of the network; nothing else of the house does."""
    wheel, record = wheels.verifier(), ROOT / "tests/vectors/record/record"
    (tmp_path / wheel.name).write_bytes(wheel.data)
    venv.create(tmp_path / "empty", with_pip=False, symlinks=True)
    python = tmp_path / "empty/bin/python"
    place = subprocess.check_output([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True)
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", place.strip()]
    subprocess.run([*install, tmp_path / wheel.name], check=True, capture_output=True)
    libraries = Path(sysconfig.get_path("platlib"))
    for name in ("cryptography*", "gmpy2*", "rfc8785*", "cffi*", "_cffi_backend*", "pycparser*"):
        for found in libraries.glob(name):
            (Path(place.strip()) / found.name).symlink_to(found)
    for language, verdict in (("en", "The record is sound"), ("zh", "记录本身完好")):
        command = [python, "-I", "-m", "blindballot", "verify", record, "--lang", language]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert verdict in done.stdout
