"""Advisory locks: who holds one together lets others hold it together and nobody alone."""

import pytest
from django.db import connection, transaction
from psycopg import connect

from zhengyou.base import locks

pytestmark = pytest.mark.django_db
TRY = "SELECT pg_try_advisory_xact_lock{}(hashtextextended(%s, 0))"


def _others_get(name, *, is_alone):
    """Whether somebody on another connection gets the lock at once."""
    given = connection.get_connection_params()
    given = {part: given[part] for part in ("dbname", "user", "password", "host", "port") if part in given}
    with connect(**given) as other, other.cursor() as cursor:
        cursor.execute(TRY.format("" if is_alone else "_shared"), [name])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(("hold", "together", "alone"), [(locks.together, True, False), (locks.alone, False, False)])
def test_a_held_lock_lets_in_whom_it_should(hold, together, alone):
    with transaction.atomic():
        hold(locks.BOX)
        assert _others_get("box:0", is_alone=False) is together
        assert _others_get("box:0", is_alone=True) is alone


def test_locks_of_other_numbers_and_names_are_others():
    with transaction.atomic():
        locks.alone(locks.DUTY, 2**127 + 1)
        assert not _others_get(f"duty:{2**127 + 1}", is_alone=True)
        assert _others_get(f"duty:{2**127 + 2}", is_alone=True)
        assert _others_get(f"job:{2**127 + 1}", is_alone=True)


@pytest.mark.django_db(transaction=True)
def test_a_lock_outside_a_transaction_protects_nothing_and_is_an_error():
    with pytest.raises(transaction.TransactionManagementError, match="box"):
        locks.together(locks.BOX)


def test_every_lock_has_a_name_of_its_own():
    names = [value for name, value in vars(locks).items() if name.isupper()]
    assert len(names) == len(set(names)) >= 6
