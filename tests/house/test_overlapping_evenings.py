"""F1, the attack of November 2026: two polls overlap, voters come side by side, one poll is closed, and somebody reads every byte of the
house: files, logs, write-ahead log, dumps. Nothing leads from a closed poll's board to the order of voting, in whatever spelling.

First it is shown that the attacker finds what is to be found while the poll is open, and that one who keeps its key finds it afterwards.
"""

import hashlib
import threading
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections
from tests.cast import booth as cast_booth
from tests.cast import boxes as cast_boxes
from tests.cast import district as cast
from tests.house.test_attacks_by_reading import backup
from tests.living.evenings import files_of, spellings

from blindballot.format.lines import read_board_line
from blindballot.format.record import BOARD
from zhengyou.boxes import queries as box_queries
from zhengyou.boxes.sealing import Sealer
from zhengyou.counting import queries as counting_queries
from zhengyou.organisations.models import Person
from zhengyou.polls.models import Poll, RollEntry, RollMark
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(transaction=True)
GRADES = ["good", "fairly-good", "fair"]


def vote_side_by_side(polls: list[Poll], people: list[list[Person]]) -> None:
    """Everybody of all polls, each poll's in two threads, all at once."""
    codes = [cast_booth.codes_for(poll, those) for poll, those in zip(polls, people, strict=True)]
    troubles: list[BaseException] = []

    def walk(poll: Poll, own: list[str]) -> None:
        try:
            for place, code in enumerate(own):
                cast_booth.vote(poll, "pool-1", code, lambda _line, place=place: GRADES[place % 3])
        except BaseException as error:
            troubles.append(error)
        finally:
            connections.close_all()

    shares = [(poll, own[part::2]) for poll, own in zip(polls, codes, strict=True) for part in (0, 1)]
    threads = [threading.Thread(target=walk, args=share) for share in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []


def serials_on_board(poll: Poll) -> list[bytes]:
    """What everybody knows of a closed poll."""
    with counting_queries.record_path(poll, BOARD).open("rb") as board:
        return [read_board_line(line).serial for line in board]


def everything_under_the_home(servers, began: float) -> bytes:
    """Every byte that was written under the home since then: servers' files with their logs and write-ahead logs; and a fresh dump."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    for name in servers.names():
        for database in servers.tables:
            with servers.lent(name, database) as own:
                own.execute("CHECKPOINT")
    places = [Path(settings.EMBEDDED_CLUSTERS["default"].folder), servers.folder, Path(settings.HANDED)]
    return b"\n".join(files_of(place, began) for place in places) + backup(settings).encode()


def traces(haystack: bytes, serials: list[bytes], sealer: Sealer) -> int:
    """How many of the serials stand there raw, hashed, or as the key of a row, in any spelling."""
    found = 0
    for serial in serials:
        forms = (serial, hashlib.sha256(serial).digest(), sealer.name("slip", serial))
        found += any(spelled in haystack for form in forms for spelled in spellings(form))
    return found


def test_a_closed_poll_leaves_nothing_that_joins_its_board_with_the_order_of_voting(servers) -> None:
    began, district = time.time(), cast.small_district(at=clock.now(), members_a_village=4)
    cycle = cast_booth.small_cycle(district)
    people = [district.members[:5], district.members[5:10]]
    polls = [cast_booth.opened_now(district, cycle, [those]) for those in people]
    vote_side_by_side(polls, people)
    closing, open_one = polls
    key = servers.key(str(closing.key))
    slips = [slip.serial for slip in cast_boxes.slips_in(closing)]
    in_open = [slip.serial for slip in cast_boxes.slips_in(open_one)]
    before = everything_under_the_home(servers, began)
    assert traces(before, slips, Sealer(key)) == len(slips), (
        "who has files and key of an open poll finds its rows: not promised"
    )
    assert traces(before, slips, Sealer(bytes(32))) == 0, "without the key there is nothing to find even then"

    closed = cast_booth.closed_now(closing, district)
    assert serials_on_board(closed) == sorted(slips, key=serials_on_board(closed).index)
    after = everything_under_the_home(servers, began)
    assert traces(after, slips, Sealer(key)) == 0, "even to one who had kept the key"
    assert key not in after
    assert traces(after, in_open, Sealer(servers.key(str(open_one.key)))) == len(in_open), (
        "the search finds what is there"
    )
    assert not (servers.folder / str(closing.key)).exists()
    assert closed.is_box_destroyed


def test_the_houses_rows_of_a_closed_poll_have_no_order_of_voting(servers) -> None:
    """Whoever voted in the order of the roll's end leaves no trace of it in any table: one transaction wrote all marks."""
    district = cast.small_district(at=clock.now(), members_a_village=4)
    poll = cast_booth.opened_now(district, cast_booth.small_cycle(district), [district.members[:16]])
    comers = list(reversed(district.members[:12]))
    for code in cast_booth.codes_for(poll, comers):
        cast_booth.vote(poll, "pool-1", code, lambda _line: "good")
    entry_of = dict(RollEntry.objects.filter(poll=poll).values_list("person", "pk"))
    order = [entry_of[person.pk] for person in comers]
    with box_queries.at_desk(poll.key) as desk:
        rows = desk.execute("SELECT entry FROM mark WHERE is_issued ORDER BY age(xmin) DESC, ctid").fetchall()
    assert [entry for (entry,) in rows] == order, "while the poll is open the order is there to be read"
    cast_booth.closed_now(poll, district)
    marks = RollMark._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(DISTINCT xmin::text), count(*) FROM {marks}")
        assert cursor.fetchone() == (1, 16)
        cursor.execute(f"SELECT entry_id FROM {marks} WHERE is_issued ORDER BY ctid")
        lying = [entry for (entry,) in cursor.fetchall()]
        cursor.execute(
            f"SELECT count(DISTINCT xmin::text) FROM {RollEntry._meta.db_table} WHERE poll_id = %s", [poll.pk]
        )
        assert cursor.fetchone() == (1,)
    assert sorted(lying) == sorted(order)
    assert lying not in (order, order[::-1]), "once in a quarter of a billion by chance"
