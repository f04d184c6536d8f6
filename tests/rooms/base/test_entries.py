"""Public entries: canonical, gapless, chained, each with its deed; what is tampered with is found; people can be forgotten."""

import hashlib
import json
import string
from datetime import UTC, date, datetime
from functools import partial

import pytest
import rfc8785
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cast.at_once import at_once
from tests.cast.district import NOW, small_district

from zhengyou.base import deeds, entries
from zhengyou.base.entries import Erasable, Head, Public
from zhengyou.base.entries_checked import check
from zhengyou.base.models import EntryText, ErasableText, JournalEntry, PublicEntry

TEXTS = st.text(max_size=1200)
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=12,
)
CONTENTS = st.dictionaries(st.text(string.ascii_lowercase, min_size=1, max_size=8), PLAIN, max_size=6)


def told(content, **more):
    deeds.done("stamps.press_stamp", "stamp:1", at=NOW, by=None, public=Public(content, **more))
    return PublicEntry.objects.latest("number")


def three():
    for number in range(3):
        told({"count": number}, about=f"organisation:{number}")


def flaws():
    return [(flaw.number, flaw.what) for flaw in check().first_wrong]


def test_an_entry_says_what_about_whom_on_which_day_and_by_whom(db):
    entry = told({"price": 3, "on": date(2026, 3, 1), "at": NOW, "words": "路灯"}, about="organisation:001")
    said = json.loads(entry.document)
    assert said == {
        "what": "stamps.press_stamp",
        "about": "organisation:001",
        "at": "2026-03-10",
        "by": "office",
        "content": {"price": 3, "on": "2026-03-01", "at": "2026-03-10T02:00:00Z", "words": "路灯"},
    }
    assert entry.document.encode() == rfc8785.dumps(said)
    assert entry.leaf == hashlib.sha256(b"\0" + entry.document.encode()).hexdigest()
    assert entry.chain == hashlib.sha256(bytes(32) + bytes.fromhex(entry.leaf)).hexdigest()


def test_the_day_is_that_of_the_place_where_the_campaign_runs(db):
    late = datetime(2026, 3, 9, 16, 0, tzinfo=UTC)
    deeds.done("stamps.press_stamp", "stamp:1", at=late, by=None, public=Public({}))
    assert PublicEntry.objects.get().day == date(2026, 3, 10)


def test_an_entry_about_nobody_in_particular_has_a_random_id_of_its_own(db):
    first, second = told({}), told({})
    assert first.about != second.about
    assert len(first.about) == len(second.about) == 32


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contents=st.lists(CONTENTS, min_size=1, max_size=5))
def test_whatever_is_entered_is_canonical_small_gapless_and_right(db, contents):
    with transaction.atomic():
        before = entries.head().number
        deeds.done("stamps.press_stamp", "stamp:1", at=NOW, by=None, public=[Public(content) for content in contents])
        rows = list(entries.entries_after(before))
        assert [row.number for row in rows] == [before + n for n in range(1, len(contents) + 1)]
        assert all(len(row.document.encode()) <= entries.LARGEST for row in rows)
        assert all(rfc8785.dumps(json.loads(row.document)) == row.document.encode() for row in rows)
        checked = check()
        assert (checked.wrong, checked.head) == (0, entries.head())
        transaction.set_rollback(True)


def test_a_long_text_stands_beside_its_entry_under_its_hash(db):
    entry = told({"why": "长" * 400, "short": "短"})
    kept = json.loads(entry.document)["content"]
    digest = hashlib.sha256(("长" * 400).encode()).hexdigest()
    assert kept == {"why": {"sha256": digest, "bytes": 1200}, "short": "短"}
    assert entries.text_with(digest) == ("长" * 400).encode()


def test_a_long_content_stands_beside_its_entry_as_a_whole(db):
    entry = told({str(n): "字" * 300 for n in range(20)})
    kept = json.loads(entry.document)["content"]
    assert set(kept) == {"sha256", "bytes"}
    assert json.loads(entries.text_with(kept["sha256"])) == {str(n): "字" * 300 for n in range(20)}
    assert check().wrong == 0


def test_a_deed_undone_takes_no_number(db):
    three()
    with transaction.atomic():
        assert told({}).number == 4
        transaction.set_rollback(True)
    assert told({}).number == 4
    assert check().wrong == 0


def test_a_clerks_deed_keeps_for_whom_they_acted(db):
    district = small_district()
    deeds.done("stamps.press_stamp", "stamp:1", at=NOW, by=district.office, on_behalf_of=district.secretaries[0])
    assert JournalEntry.objects.latest("id").payload == {"on_behalf_of": district.secretaries[0].reference}


@pytest.mark.django_db(transaction=True)
def test_two_deeds_at_once_get_numbers_one_after_the_other():
    def press(name):
        with transaction.atomic():
            return told({"name": name}).number

    numbers = at_once(*[partial(press, name) for name in "abcd"])
    assert sorted(numbers) == [1, 2, 3, 4]
    assert check().wrong == 0


# Names of people


def named():
    return told({"holder": Erasable("王小明"), "more": [Erasable("李大勇", is_public=True)]})


def test_a_persons_name_enters_as_a_salted_hash_only(db):
    entry = named()
    assert "王小明" not in entry.document
    [first, second] = ErasableText.objects.order_by("place")
    holder = json.loads(entry.document)["content"]["holder"]
    assert holder == {"salted": hashlib.sha256(bytes(first.salt) + "王小明".encode()).hexdigest()}
    assert (first.place, second.place, len(bytes(first.salt))) == ("holder", "more.0", 32)
    assert bytes(first.salt) != bytes(second.salt)
    assert check().wrong == 0


def test_only_what_stands_on_a_page_is_shown_with_its_salt(db):
    assert list(entries.readable_texts([named().number])[1]) == ["more.0"]


def test_a_person_is_forgotten_and_the_entry_stays_right(db, capsys):
    entry = named()
    call_command("entries", "forget", str(entry.number))
    assert not ErasableText.objects.exists()
    assert PublicEntry.objects.get() == entry
    assert check().wrong == 0
    assert JournalEntry.objects.latest("id").deed == "entries.forget"
    with pytest.raises(CommandError, match="no text that could be forgotten"):
        call_command("entries", "forget", str(entry.number))


def test_attack_the_name_cannot_be_guessed_from_the_entry(db):
    """Without the salt every name gives another hash than the one entered, twice the same name included."""
    one, two = (json.loads(told({"holder": Erasable("王小明")}).document)["content"]["holder"] for _time in (1, 2))
    assert one != two
    assert hashlib.sha256("王小明".encode()).hexdigest() not in (one["salted"], two["salted"])


# Attacks by somebody with the database open. Each is found by itself.


def test_attack_an_entry_is_reworded(db):
    three()
    entry = PublicEntry.objects.get(number=2)
    entry.document = entry.document.replace('"count":1', '"count":7')
    entry.save()
    assert flaws() == [(2, "changed")]


def test_attack_an_entry_is_reworded_with_its_hash(db):
    three()
    entry = PublicEntry.objects.get(number=2)
    entry.document = entry.document.replace('"count":1', '"count":7')
    entry.leaf = entries.leaf_of(entry.document.encode()).hex()
    entry.save()
    assert flaws() == [(2, "without-deed"), (2, "out-of-order")]


def test_attack_an_entry_is_reworded_with_all_hashes_after_it(db):
    three()
    rechained({2: lambda document: document.replace('"count":1', '"count":7')})
    assert flaws() == [(2, "without-deed")]


def test_attack_an_entry_is_removed(db):
    three()
    PublicEntry.objects.filter(number=2).delete()
    assert (2, "missing") in flaws()


def test_attack_the_last_entry_is_removed(db):
    three()
    PublicEntry.objects.filter(number=3).delete()
    assert flaws() == [(3, "missing")]


def test_attack_an_entry_is_removed_and_the_others_are_numbered_anew(db):
    three()
    PublicEntry.objects.filter(number=2).delete()
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {PublicEntry._meta.db_table} SET number = 2 WHERE number = 3")
    assert {(2, "without-deed"), (3, "missing")} <= set(flaws())


def test_attack_two_entries_change_places(db):
    three()
    first, second = PublicEntry.objects.filter(number__lt=3).order_by("number")
    for name in ("document", "leaf", "about", "what", "day"):
        one, other = getattr(first, name), getattr(second, name)
        setattr(first, name, other)
        setattr(second, name, one)
    PublicEntry.objects.bulk_update([first, second], ["document", "leaf", "about", "what", "day"])
    assert {(1, "out-of-order"), (2, "out-of-order"), (1, "without-deed"), (2, "without-deed")} == set(flaws())


def test_attack_an_entry_is_added(db):
    three()
    added = PublicEntry.objects.get(number=3)
    document = added.document.replace('"count":2', '"count":9')
    leaf = entries.leaf_of(document.encode())
    chain = entries.chained(bytes.fromhex(added.chain), leaf).hex()
    facts = {"what": added.what, "about": added.about, "day": added.day, "deed": added.deed}
    PublicEntry.objects.create(number=4, document=document, leaf=leaf.hex(), chain=chain, **facts)
    assert flaws() == [(4, "without-deed")]


def test_attack_a_column_says_something_else_than_the_entry(db):
    three()
    PublicEntry.objects.filter(number=1).update(about="organisation:9")
    assert flaws() == [(1, "column-changed")]


def test_attack_a_long_text_is_changed(db):
    told({"why": "长" * 400})
    EntryText.objects.update(text=b"something else")
    assert flaws() == [(1, "text-missing")]


def test_attack_a_persons_text_is_changed(db):
    named()
    ErasableText.objects.filter(place="holder").update(text="赵六".encode())
    assert flaws() == [(1, "erasable-text-changed")]


def test_attack_everything_is_made_anew_and_a_noted_head_tells(db, capsys):
    """Whoever can write entries and journal alike leaves no trace inside. A head written down elsewhere does not agree."""
    three()
    noted = entries.head()
    rechained({2: lambda document: document.replace('"count":1', '"count":7')})
    for row in JournalEntry.objects.filter(payload__has_key=entries.TOLD):
        row.payload[entries.TOLD] = {
            number: PublicEntry.objects.get(number=number).leaf for number in row.payload[entries.TOLD]
        }
        row.save()
    assert check().wrong == 0
    assert [(flaw.number, flaw.what) for flaw in check(noted).first_wrong] == [(3, "other-than-noted")]
    with pytest.raises(CommandError, match="3 is another one than the head that was noted"):
        call_command("entries", "check", "--head", f"{noted.number}:{noted.chain}")


def test_a_noted_head_that_is_gone_is_missing(db):
    three()
    assert [(flaw.number, flaw.what) for flaw in check(Head(9, "0" * 64)).first_wrong] == [(9, "missing")]


def test_an_erased_deed_leaves_its_entry_right(db):
    three()
    JournalEntry.objects.update(payload=None, salt=None)
    assert check().wrong == 0


def test_the_command_says_where_the_sequence_stands(db, capsys):
    three()
    head = entries.head()
    call_command("entries", "check", "--head", f"{head.number}:{head.chain}")
    assert capsys.readouterr().out == f"3 public entries are as they were written. Head: 3:{head.chain}\n"


def test_the_command_takes_no_other_form_of_head(db):
    with pytest.raises(CommandError, match="Write the head as it was shown"):
        call_command("entries", "check", "--head", "three")


def rechained(changes):
    """Reword entries and make all hashes again, as somebody with the database and this program would."""
    before = bytes(32)
    for row in PublicEntry.objects.order_by("number"):
        row.document = changes.get(row.number, str)(row.document)
        leaf = entries.leaf_of(row.document.encode())
        before = entries.chained(before, leaf)
        row.leaf, row.chain = leaf.hex(), before.hex()
        row.save()
