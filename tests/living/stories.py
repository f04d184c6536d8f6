"""What is done to a living house from beside its server: `python -m tests.living.stories NAME …` prints its answer as JSON.

Runs in a process of its own with the house's environment, through the real actions.
"""

import gc
import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import django

HOUR = timedelta(hours=1)


def nothing() -> dict[str, Any]:
    """The database is there afterwards, and what the servers of polls are copied from."""
    from django.conf import settings

    settings.POLL_SERVERS.prepare()
    return {}


def open_poll(voters: int, lines: int) -> dict[str, Any]:
    """A poll that is open now, for one pool; its sheet has two slips an organisation. What voters need to know of it."""
    return open_polls(1, voters, lines)[0]


def open_polls(count: int, voters: int, lines: int) -> list[dict[str, Any]]:
    """Several of one cycle, with the same voters."""
    from tests.cast import district as cast

    from zhengyou.campaigns import actions as campaigns
    from zhengyou.web.shared import clock

    now = clock.now()
    district = cast.small_district(at=now, members_a_village=-(-voters // 4))
    cycle = cast.drafted_cycle(district, at=now)
    sheet = replace(cycle.ruleset, criteria=cycle.ruleset.criteria[:5])
    campaigns.set_rules(cycle=cycle, ruleset=sheet, at=now, by=district.office)
    campaigns.launch_cycle(cycle=cycle, why="测试启动", at=now, by=district.office)
    cycle.refresh_from_db()
    return [_opened(district, cycle, voters, lines) for _poll in range(count)]


def _opened(district: Any, cycle: Any, voters: int, lines: int) -> dict[str, Any]:
    from tests.cast import polls as cast_polls

    from blindballot.format.encoding import parse_canonical
    from zhengyou.ballots import actions as ballot_actions
    from zhengyou.ballots import queries as ballot_queries
    from zhengyou.polls import actions as poll_actions
    from zhengyou.web.shared import clock

    now = clock.now()
    row = poll_actions.plan_poll(
        cycle=cycle, name=cast_polls.NAMES, organisations=[*district.villages, district.town][: lines // 2],
        opens_at=now - HOUR, closes_at=now + 2 * HOUR, at=now, by=district.office,
    )  # fmt: skip
    people = district.members[:voters]
    pool = poll_actions.add_pool(poll=row, name=cast_polls.NAMES, people=people, at=now, by=district.office)
    while ballot_actions.prepare_keys(poll=row, count=100):
        pass
    cast_polls.watched(row, district, at=now)
    row = ballot_actions.open_poll(poll=row, at=now, by=district.office)
    codes = ballot_actions.hand_out_poll_codes(poll=row, people=people, at=now, by=district.office)
    documents = [parse_canonical(document) for document in ballot_queries.public_keys(row).documents]
    told = {"key": str(row.key), "pool": pool.slug, "manifest": row.manifest, "keys": documents}
    return told | {"codes": [codes[person.pk] for person in people]}


def add_towns(towns: int, villages: int, members: int) -> dict[str, Any]:
    """Towns of so many villages with so many members each beside the small district, by the office's own import."""
    from zhengyou.organisations.models import Post

    office = Post.objects.filter(organisation__parent=None).earliest("pk").person
    _import_towns(office, towns, villages, members)
    return {}


def _import_towns(office: Any, towns: int, villages: int, members: int) -> None:
    """Towns of so many villages below the district, by the office's own import."""
    from tests.rooms.organisations.lists import csv_text

    from zhengyou.organisations import actions
    from zhengyou.organisations.importing import drafts
    from zhengyou.organisations.models import ImportDraft
    from zhengyou.web.shared import clock

    at, names = clock.now(), [f"8{town:03d}" for town in range(towns)]
    codes = [f"{town}{village:03d}" for town in names for village in range(villages)]
    tree = [[f"大镇{town}党委", town, "001", "党委", "农村"] for town in names]
    tree += [[f"大村{code}党支部", code, code[:4], "党支部", "农村"] for code in codes]
    people = [[f"大员{code}{n}", f"Z{code}{n:02d}", code, "正式党员", "否"] for code in codes for n in range(members)]
    heads = {
        ImportDraft.What.ORGANISATIONS: ["组织名称", "代码", "上级组织", "类别", "所属领域"],
        ImportDraft.What.PEOPLE: ["姓名", "党员编号", "所在支部", "人员类别", "是否流动党员"],
    }
    for what, rows in zip(heads, (tree, people), strict=True):
        data = csv_text([heads[what], *rows]).encode()
        draft = actions.draft_import(what=what, data=data, file_name="名册.csv", at=at, by=office)
        actions.confirm_import(draft=draft, seen=drafts.plan_of(draft).fingerprint, at=at, by=office)


def close_poll(key: str) -> dict[str, Any]:
    """The poll closed by two people, as if its time were over; a close cut off before is done again."""
    from zhengyou.counting import actions as counting_actions
    from zhengyou.polls import queries as poll_queries
    from zhengyou.standings.actions import JUDGE

    row = poll_queries.poll_with_key(UUID(key))
    assert row is not None
    after = row.closes_at + HOUR
    first, second = poll_queries.people_who_may_run(row, after)[:2]
    counting_actions.ask_to_close(poll=row, at=after, by=first)
    row = counting_actions.close_poll(poll=row, at=after, by=second, judge=JUDGE)
    return {"record": row.record_fingerprint}


def open_window() -> dict[str, Any]:
    """A window of a village of the small district, open since a month, in a cycle under way."""
    from tests.cast import district as cast
    from tests.cast.windows import opened

    from zhengyou.web.shared import clock

    at = clock.now() - timedelta(days=30)
    district = cast.small_district(at=at)
    cast.launched_cycle(district, at=at)
    return {"code": opened(district, at=at).code}


def marks_counted() -> dict[str, Any]:
    """How many marks were counted at all windows."""
    from zhengyou.windows.models import MarkTally

    return {"marks": sum(row.count for row in MarkTally.objects.all())}


STORIES: dict[str, Callable[..., Any]] = {
    "nothing": nothing,
    "open_poll": lambda voters, lines: open_poll(int(voters), int(lines)),
    "open_polls": lambda *numbers: open_polls(*map(int, numbers)),
    "add_towns": lambda *numbers: add_towns(*map(int, numbers)),
    "close_poll": close_poll,
    "open_window": open_window,
    "marks_counted": marks_counted,
}


def main(name: str, *arguments: str) -> None:
    """Tell one story."""
    gc.disable()  # as the house's own commands do while they load
    django.setup()
    gc.freeze()
    gc.enable()
    from django.conf import settings
    from django.core.management import call_command

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # in a hurry: nobody signs in here
    with ExitStack() as stack:
        for cluster in settings.EMBEDDED_CLUSTERS.values():
            stack.enter_context(cluster)
        call_command("migrate", verbosity=0)
        print(json.dumps(STORIES[name](*arguments)))


if __name__ == "__main__":
    main(*sys.argv[1:])
