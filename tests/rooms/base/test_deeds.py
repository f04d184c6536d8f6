"""Deeds: references, rows that are held, entries in the journal and the proof that nobody changed them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from tests.cast.district import NOW, small_district
from tests.cast.refusing import refused

from zhengyou.base import deeds, journal
from zhengyou.base.models import JournalEntry
from zhengyou.base.refusals import Refused
from zhengyou.identity.models import Account


class Stamp(deeds.Referable):
    """A row of no room, never written."""

    class Meta:
        app_label = "no_room"


@pytest.fixture
def district(db):
    return small_district()


def _entry():
    return JournalEntry.objects.latest("id")


RIGHT = journal.LeavesChecked(right=1, erased=0, wrong=0, first_wrong=[])


def test_a_reference_is_kind_and_number():
    assert Stamp(pk=17).reference == "stamp:17"


def test_a_deed_of_a_person_is_kept_with_references_and_days_as_text(district):
    said = {"paths": ["a", Stamp(pk=2)], "due_on": date(2026, 3, 1), "stamp": Stamp(pk=1), "count": 3}
    deeds.done("stamps.press_stamp", Stamp(pk=9), at=NOW, by=district.office, **said)
    entry = _entry()
    assert (entry.deed, entry.subject, entry.by, entry.at) == (
        "stamps.press_stamp",
        "stamp:9",
        district.office.reference,
        NOW,
    )
    assert entry.payload == {"paths": ["a", "stamp:2"], "due_on": "2026-03-01", "stamp": "stamp:1", "count": 3}


def test_a_process_is_nobody_and_what_is_no_row_is_named_by_text(db):
    deeds.done("stamps.load_words", "words:stamps", at=NOW, by=None)
    entry = _entry()
    assert (entry.subject, entry.by, entry.payload) == ("words:stamps", "", {})


def test_a_deed_undone_leaves_no_entry(db):
    with transaction.atomic():
        deeds.done("stamps.press_stamp", "stamp:1", at=NOW, by=None)
        transaction.set_rollback(True)
    assert not JournalEntry.objects.exists()


def test_a_held_row_is_as_the_database_has_it_now(district):
    account = Account.objects.get(person=district.office)
    Account.objects.filter(pk=account.pk).update(login="renamed")
    with transaction.atomic():
        assert deeds.locked(account).login == "renamed"


def test_only_the_row_itself_is_held_and_what_comes_along_costs_no_query(district, django_assert_num_queries):
    account = Account.objects.get(person=district.office)
    with transaction.atomic(), django_assert_num_queries(1) as queries:
        row = deeds.locked(account, "person__organisation")
        assert row.person.organisation == district.root
    assert f'FOR UPDATE OF "{Account._meta.db_table}"' in queries.captured_queries[0]["sql"]


@pytest.mark.django_db(transaction=True)
def test_a_row_is_not_held_outside_a_transaction():
    account = Account.objects.create(login="p1", person=small_district().members[0])
    with pytest.raises(transaction.TransactionManagementError):
        deeds.locked(account)


def test_the_second_person_is_another_one(district):
    deeds.two_people(district.office.pk, district.second_office, Refused("no", reason="stamp.same-person"))
    deeds.two_people(None, district.second_office, Refused("no", reason="stamp.same-person"))
    with refused("stamp.same-person"):
        deeds.two_people(district.office.pk, district.office, Refused("no", reason="stamp.same-person"))


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"b": 1, "a": {"10": "x", "2": [1.5, None, True]}},
        {"by_number": {10: "x", 2: "y"}},
        {"pair": (1, 2)},
        {"words": "路修通了 – “fine”"},
    ],
    ids=["nothing", "nested", "numbers as keys", "a pair", "chinese"],
)
def test_a_leaf_fits_its_entry_after_the_database_has_kept_it(db, payload):
    journal.record(deed="stamps.press_stamp", subject="stamp:1", by="", at=NOW, payload=payload)
    assert journal.check_leaves() == RIGHT


def test_a_leaf_fits_an_instant_told_in_local_time(db):
    at = datetime(2026, 3, 10, 0, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    deeds.done("stamps.press_stamp", "stamp:1", at=at, by=None)
    assert _entry().at == datetime(2026, 3, 9, 16, 0, tzinfo=UTC)
    assert journal.check_leaves() == RIGHT


@pytest.mark.parametrize(
    "change",
    [
        {"payload": {"count": 4}},
        {"deed": "stamps.burn_stamp"},
        {"by": "person:2"},
        {"subject": "stamp:2"},
        {"at": datetime(2026, 3, 11, tzinfo=UTC)},
        {"salt": b"0" * 16},
        {"salt": None},
        {"payload": None},
        {"leaf": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_entry_no_longer_fits_its_leaf(db, change):
    deeds.done("stamps.press_stamp", "stamp:1", at=NOW, by=None, count=3)
    JournalEntry.objects.update(**change)
    checked = journal.check_leaves()
    assert (checked.right, checked.erased, checked.wrong, checked.first_wrong) == (0, 0, 1, [_entry().pk])


def test_an_erased_entry_is_neither_right_nor_wrong_and_keeps_its_leaf(db):
    deeds.done("stamps.press_stamp", "stamp:1", at=NOW, by=None, count=3)
    leaf = _entry().leaf
    JournalEntry.objects.update(payload=None, salt=None)
    assert journal.check_leaves() == journal.LeavesChecked(right=0, erased=1, wrong=0, first_wrong=[])
    assert _entry().leaf == leaf


def test_the_command_says_how_many_entries_are_as_they_were_written(district, capsys):
    written = JournalEntry.objects.count()
    JournalEntry.objects.filter(pk=_entry().pk).update(payload=None, salt=None)
    call_command("journal", "check")
    assert capsys.readouterr().out == f"{written - 1} entries are as they were written, 1 were erased.\n"


def test_the_command_names_the_first_changed_entries(db):
    for number in range(30):
        deeds.done("stamps.press_stamp", f"stamp:{number}", at=NOW, by=None)
    JournalEntry.objects.update(by="person:1")
    first = JournalEntry.objects.order_by("id").values_list("id", flat=True)[:20]
    with pytest.raises(CommandError) as caught:
        call_command("journal", "check")
    named = ", ".join(map(str, first))
    assert str(caught.value) == f"30 entries were changed after they were written. The first: {named}."
