"""After a close nothing of the box is left on the disk: its cluster is destroyed with its write-ahead log, and made anew."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MARK = b"SLIP-THAT-MUST-NOT-STAY"
STORY = """
import os, django
django.setup()
from contextlib import ExitStack
from uuid import uuid4
from django.conf import settings
from django.core.management import call_command
with ExitStack() as stack:
    for cluster in settings.EMBEDDED_CLUSTERS.values():
        stack.enter_context(cluster)
    for alias in ("default", "box"):
        call_command("migrate", database=alias, verbosity=0)
    from tests import cast, cast_rounds
    from zhengyou.appraisals import actions
    from zhengyou.appraisals.models import BoxSlip, Round
    district = cast.small_district(members_a_village=2)
    cycle = cast.launched_cycle(district)
    round_ = cast_rounds.opened_round(district, cycle, [district.members[:5]])
    BoxSlip.objects.create(key=b"k" * 32, round=uuid4(), line="l", version=1, document=b"{mark}")
    assert actions.destroy_emptied_box() is False, "a round is open"
    cast_rounds.closed_round(round_, district)
    BoxSlip.objects.all().delete()
    print(sum(b"{mark}" in path.read_bytes() for path in (settings.HOME / "box").rglob("*") if path.is_file()))
    assert actions.destroy_emptied_box() is True
    print(sum(b"{mark}" in path.read_bytes() for path in (settings.HOME / "box").rglob("*") if path.is_file()))
    assert BoxSlip.objects.count() == 0, "the new box is empty and works"
    assert Round.objects.get().is_box_destroyed
    assert actions.destroy_emptied_box() is False, "once is enough"
"""


def test_the_bytes_of_a_deleted_slip_are_on_the_disk_until_the_box_is_destroyed_and_not_after():
    home = Path(tempfile.mkdtemp(prefix="zhengyou-box-"))
    home.chmod(0o711)
    kept = {name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")}
    try:
        told = subprocess.run(
            [sys.executable, "-c", STORY.replace("{mark}", MARK.decode())],
            cwd=ROOT,
            env=kept | {"ZHENGYOU_HOME": str(home), "DJANGO_SETTINGS_MODULE": "zhengyou.settings"},
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        shutil.rmtree(home, ignore_errors=True)
    assert told.returncode == 0, told.stderr
    before, after = map(int, told.stdout.split())
    assert before > 0
    assert after == 0
