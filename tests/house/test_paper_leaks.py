"""Refusals 1 and 3 on paper: what is printed and keyed is looked for where it must not be, over the real pages, until the close.

Every search is also made where it must find something, so that a search that finds nothing anywhere fails.
"""

import re
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import booth as cast_booth
from tests.cast import boxes as cast_boxes
from tests.cast import district as cast
from tests.cast import paper as cast_paper
from tests.living.evenings import files_of, found_in, house_files, poll_files, rows_of_box, rows_of_house

from blindballot.box.paper import read_key, secret_of
from blindballot.format.keys import point_bytes
from blindballot.format.manifest import read_manifest
from zhengyou.base.models import JournalEntry
from zhengyou.boxes import queries as box_queries
from zhengyou.identity import actions as identity
from zhengyou.identity.models import Account
from zhengyou.organisations.models import Person
from zhengyou.paper import actions as paper_actions
from zhengyou.paper import queries as paper_queries
from zhengyou.paper.models import PRINTED, PaperBatch
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll, RollEntry
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Evening:
    """Five on paper; sheets printed over the office's page, drawn, all forms keyed by two after the closing time."""

    began: float
    poll: Poll
    district: cast.District
    watching: Person
    codes: list[str]
    keys: list[list[str]]

    @property
    def private_keys(self) -> list[bytes]:
        digest = read_manifest(self.poll.manifest.encode()).digest
        secrets = [secret_of(digest, read_key(key, self.poll.fingerprint)) for sheet in self.keys for key in sheet]
        return [secret.serial.private_numbers().private_value.to_bytes(32, "big") for secret in secrets]

    @property
    def serials(self) -> list[bytes]:
        digest = read_manifest(self.poll.manifest.encode()).digest
        return [
            point_bytes(secret_of(digest, read_key(key, self.poll.fingerprint)).serial)
            for sheet in self.keys
            for key in sheet
        ]


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(Account.objects.get(person=person))
    return client


def printed(district: cast.District, poll: Poll, watching: Person) -> tuple[list[str], list[list[str]]]:
    """Sheet codes and slip keys as they stand on the printed page."""
    pool = poll_queries.pools_of(poll)[0]
    people = poll_queries.people_on_roll(poll, pool)[:5]
    paper_actions.mark_on_paper(poll=poll, pool=pool, people=people, at=clock.now(), by=district.office)
    said = {"sheets": 6, "login": watching.number, "password": cast.PASSWORD}
    page = signed_in(district.office).post(reverse("office-paper-print", args=[poll.key, pool.slug]), said)
    assert "no-store" in page.headers["Cache-Control"]
    sheets = page.content.decode().split('<section class="sheet">')[1:]
    codes = [re.search(r'class="sheet-code">([^<]+)<', sheet)[1] for sheet in sheets]
    keys = [
        [re.sub(r"<[^>]+>|\s", "", key) for key in re.findall(r'class="key">(.*?)</p>', sheet, re.S)]
        for sheet in sheets
    ]
    return codes, keys


@pytest.fixture
def evening(monkeypatch: pytest.MonkeyPatch) -> Evening:
    began = time.time()
    district = cast.small_district(at=clock.now())
    watching = cast_paper.scrutineer(district, at=clock.now())
    identity.open_account(person=watching, login=watching.number, password=cast.PASSWORD, at=clock.now(), by=None)
    poll = cast_booth.opened_now(district, cast_booth.small_cycle(district), [district.members[:6]], units=2)
    codes, keys = printed(district, poll, watching)
    batch = PaperBatch.objects.get()
    paper_actions.settle_draw(batch=batch, codes=codes[5:], absent=0, at=clock.now(), by=district.office)
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + 3 * cast_booth.HOUR)
    return Evening(began, poll, district, watching, codes, keys)


def key_over_pages(evening: Evening, person: Person) -> list[bytes]:
    """Key all forms by the pages, sheet by sheet with the same figure; returns every page seen on the way."""
    client, batch = signed_in(person), PaperBatch.objects.get()
    address = reverse("office-paper-keying", args=[evening.poll.key, batch.pk])
    client.post(reverse("office-paper-count", args=[evening.poll.key, batch.pk]), {"forms_": 10, "without_slip": 0})
    seen = []
    for place, sheet in enumerate(evening.keys[:5]):
        for key in sheet:
            page = client.post(address, {"scanned": key})
            assert b'name="entry"' in page.content
            entries = {"scanned": key, "entry": [str(place % 4 + 1)] * 2}
            saved = client.post(reverse("office-paper-key", args=[evening.poll.key, batch.pk]), entries, follow=True)
            seen.append(saved.content)
    return seen


def test_no_database_no_file_and_no_journal_keeps_a_key_or_a_sheets_code(servers, evening: Evening, settings) -> None:
    for person in (evening.district.office, evening.watching):
        key_over_pages(evening, person)
    assert len(cast_boxes.forms_in(evening.poll)) == 20
    letters = [key.encode() for sheet in evening.keys for key in sheet]
    secrets = [*letters, *evening.private_keys, *[code.encode() for code in evening.codes]]
    printed = [slip.written() for slip in paper_queries.printed_slips(evening.poll)]
    assert found_in(b"\n".join(printed), evening.serials) == evening.serials
    assert found_in(b"\n".join(printed), secrets) == []
    everything = rows_of_house() + rows_of_box(evening.poll)
    everything += house_files(settings, evening.began) + poll_files(evening.poll, settings)
    assert found_in(everything, [*secrets, *evening.serials]) == []
    batch = str(PaperBatch.objects.get().pk).encode()
    assert b"printed," in rows_of_box(evening.poll)
    assert b"," + batch + b"," in rows_of_box(evening.poll)


def test_nothing_in_the_box_joins_the_slips_of_a_sheet_and_nothing_joins_a_person_with_one(evening: Evening) -> None:
    sealer = box_queries.sealer(evening.poll.key)
    with box_queries.at_box(evening.poll.key) as box:
        lying = [key for (key,) in box.execute("SELECT key FROM paper WHERE kind = %s ORDER BY ctid", [PRINTED])]
    slips = {slip.serial: slip for slip in paper_queries.printed_slips(evening.poll)}
    by_sheet = [sealer.name(PRINTED, slips[serial].finder) for serial in evening.serials[:10]]
    assert set(by_sheet) <= set(lying)
    assert lying == sorted(lying)
    assert [key for key in lying if key in by_sheet] != by_sheet
    marks = [mark for mark in poll_queries.marks_of(evening.poll).values() if mark.is_on_paper]
    assert {(mark.request, mark.is_sheet_printed) for mark in marks} == {(None, True)}
    entries = RollEntry.objects.filter(pk__in=[mark.entry for mark in marks])
    people = [secret for entry in entries for secret in (entry.person.name.encode(), bytes(entry.nonce))]
    assert len(people) == 10
    assert found_in(rows_of_box(evening.poll), people) == []
    assert found_in(rows_of_house(), people) == people


def test_no_page_shows_a_sum_or_the_other_persons_figures_and_the_journal_knows_no_form(evening: Evening) -> None:
    first = key_over_pages(evening, evening.district.office)
    second = key_over_pages(evening, evening.watching)
    grades = [grade["name"] for grade in evening.poll.cycle.rules["grades"]]
    names = [name.encode() for grade in grades for name in grade.values()]
    assert all(b"<h1" in page for page in first + second)
    assert [name for page in first + second for name in names if name in page] == []
    deeds = list(JournalEntry.objects.values_list("deed", "payload"))
    assert [deed for deed, _said in deeds].count("paper.count_forms") == 2
    told = " ".join(str(said) for _deed, said in deeds).encode()
    numbers = [slip.number.encode() for slip in paper_queries.printed_slips(evening.poll)]
    assert found_in(told, numbers) == []
    assert all(b'"sealed"' in form.written() for form in cast_boxes.forms_in(evening.poll))


def test_the_close_takes_the_keyed_forms_and_printed_slips_out_of_the_box(servers, evening: Evening, settings) -> None:
    people = [evening.district.office, evening.watching]
    for person in people:
        key_over_pages(evening, person)
    for person in people:
        paper_actions.sign_batch(batch=PaperBatch.objects.get(), at=clock.now(), by=person)
    place = settings.POLL_SERVERS.folder / str(evening.poll.key)
    assert place.exists()
    closed = cast_booth.closed_now(evening.poll, evening.district)
    assert not place.exists()
    record = files_of(Path(settings.RECORDS))
    names = [person.name.encode() for person in poll_queries.people_on_roll(closed)]
    letters = [key.encode() for sheet in evening.keys for key in sheet]
    assert found_in(record, [*letters, *evening.private_keys, *names]) == []
    assert found_in(record, evening.serials) == evening.serials
