"""Two people confirm at once, or add by hand what an import is about to add: one of them wins, nothing is doubled."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction
from tests.cast.district import NOW
from tests.rooms.organisations.conftest import Office

from zhengyou.organisations import actions, queries, rules
from zhengyou.organisations.importing import drafts
from zhengyou.organisations.models import ImportDraft, Organisation

ROWS = [["组织名称", "代码", "上级组织"], ["甲支部", "9001", "001"]]


@pytest.fixture
def two(transactional_db, office: Office):
    """The office, and two threads with database connections of their own."""
    with ThreadPoolExecutor(2) as threads:
        yield office, threads


def _apart(work):
    try:
        return work()
    except rules.ImportRefused as refusal:
        return refusal.reason
    finally:
        connection.close()


@pytest.mark.parametrize(("how_many", "loser"), [(1, "import.done"), (2, "import.stale")])
def test_two_confirm_at_once(two, how_many, loser):
    office, threads = two
    read = [office.draft(ImportDraft.What.ORGANISATIONS, ROWS) for _draft in range(how_many)]
    seen = drafts.plan_of(read[0]).fingerprint

    def confirm(draft):
        actions.confirm_import(draft=draft, seen=seen, at=NOW, by=office.district.office)
        return "done"

    ends = [threads.submit(_apart, lambda n=n: confirm(read[n % how_many])) for n in range(2)]
    assert sorted(end.result() for end in ends) == sorted(["done", loser])
    assert Organisation.objects.filter(code="9001").count() == 1


def test_somebody_adds_by_hand_what_is_being_imported(two):
    office, threads = two
    draft = office.draft(ImportDraft.What.ORGANISATIONS, ROWS)
    seen = drafts.plan_of(draft).fingerprint
    added, waited = Event(), Event()

    @transaction.atomic
    def add():
        actions.add_organisation(code="9001", name="乙", kind="branch", sector="", parent=None, at=NOW, by=None)
        added.set()
        waited.wait(1)

    def confirm():
        added.wait(10)
        actions.confirm_import(draft=draft, seen=seen, at=NOW, by=office.district.office)

    by_hand, by_import = threads.submit(_apart, add), threads.submit(_apart, confirm)
    by_hand.result()
    assert by_import.result() == "import.stale"
    assert queries.organisation_with_code("9001").name == "乙"
