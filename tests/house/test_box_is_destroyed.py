"""After a close nothing of the box is left on the disk: its cluster is destroyed with its write-ahead log, and made anew."""

import subprocess
import sys

from tests.living.homes import ROOT, environment_of, migrated_home

MARK = b"SLIP-THAT-MUST-NOT-STAY"
STORY = """
import os, django
django.setup()
from contextlib import ExitStack
from uuid import uuid4
from django.conf import settings
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
with ExitStack() as stack:
    for cluster in settings.EMBEDDED_CLUSTERS.values():
        stack.enter_context(cluster)
    from tests.cast import district as cast
    from tests.cast import polls as cast_polls
    from zhengyou.ballots.models import BoxSlip
    from zhengyou.counting import actions
    from zhengyou.polls.models import Poll
    district = cast.small_district(members_a_village=2)
    cycle = cast.launched_cycle(district)
    poll = cast_polls.opened_poll(district, cycle, [district.members[:5]])
    BoxSlip.objects.create(key=b"k" * 32, poll=uuid4(), line="l", version=1, document=b"{mark}")
    assert actions.destroy_emptied_box() is False, "a poll is open"
    cast_polls.closed_poll(poll, district)
    BoxSlip.objects.all().delete()
    print(sum(b"{mark}" in path.read_bytes() for path in (settings.HOME / "box").rglob("*") if path.is_file()))
    assert actions.destroy_emptied_box() is True
    print(sum(b"{mark}" in path.read_bytes() for path in (settings.HOME / "box").rglob("*") if path.is_file()))
    assert BoxSlip.objects.count() == 0, "the new box is empty and works"
    assert Poll.objects.get().is_box_destroyed
    assert actions.destroy_emptied_box() is False, "once is enough"
"""


def test_the_bytes_of_a_deleted_slip_are_on_the_disk_until_the_box_is_destroyed_and_not_after():
    story = (sys.executable, "-c", STORY.replace("{mark}", MARK.decode()))
    with migrated_home() as home:
        told = subprocess.run(story, cwd=ROOT, env=environment_of(home), capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    before, after = map(int, told.stdout.split())
    assert before > 0
    assert after == 0
