"""Where the data lies: what the environment names, else a place that depends on who asks; the demo's apart from all others."""

import os
import stat
import subprocess
import sys
from pathlib import Path

from zhengyou.base.home import data_home, demo_home


def test_data_home_follows_the_environment(tmp_path: Path) -> None:
    assert data_home({"ZHENGYOU_HOME": str(tmp_path)}) == tmp_path
    users = tmp_path / "Library/Application Support" if sys.platform == "darwin" else tmp_path / "xdg"
    expected = Path("/var/lib/zhengyou") if os.geteuid() == 0 else users / "zhengyou"
    assert data_home({"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "xdg")}) == expected


def test_the_demos_of_two_clones_have_homes_of_their_own(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path)}
    first, second = (demo_home(environ, tmp_path / clone) for clone in ("one", "two"))
    assert first != second
    assert first.parent == second.parent == data_home(environ)
    assert demo_home(environ, tmp_path / "one") == first
    assert demo_home({"ZHENGYOU_HOME": str(tmp_path)}, tmp_path / "one") == tmp_path


def test_the_demo_of_another_pack_lives_beside_the_usual_one(tmp_path):
    environ = {"XDG_DATA_HOME": str(tmp_path), "HOME": str(tmp_path)}
    usual, other = (demo_home(environ, tmp_path / "clone", pack) for pack in ("", "hospital-appraisal"))
    assert other.parent == usual.parent
    assert other.name == f"{usual.name}-hospital-appraisal"


def test_attack_no_other_login_of_the_machine_reads_photos_and_records(tmp_path):
    environment = {"ZHENGYOU_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "zhengyou.settings", "PYTHONPATH": "src"}
    command = [sys.executable, "-c", "from django.conf import settings; settings.FILES"]
    subprocess.run(command, env=environment | {"PATH": "/usr/bin:/bin"}, check=True, umask=0)
    for folder in ("files", "records", "secrets"):
        assert stat.S_IMODE((tmp_path / folder).stat().st_mode) == 0o700
