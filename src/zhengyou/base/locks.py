"""Every advisory lock of the house. Locks on rows are not here: they are taken with the row, by `deeds.locked`.

Whoever must not lose something to a later act holds a lock together with its like; that later act holds it alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection, transaction

# Opening a poll holds it together; whoever looks for boxes that no poll has keeps it, unless an opening is under way. Without it the
# box of a poll that is just being opened, which the house does not know of yet, would be taken for the leavings of an opening
# that was cut off.
BOX = "box"

# Twice for each poll, at its desk and in its box. Casting and issuing hold it together, the close holds it alone. Without it a slip
# could be acknowledged to its voter after the close had read the box, and would be missing from the record; and a ballot could be
# issued that the record does not count.
SLIPS = "slips"

# By duty. Issuing holds it together, stating the count holds it alone. Without it a second issuer could sign one more
# token after it had counted, and its statement would contradict the record.
DUTY = "duty"

# Confirming an import and moving an organisation hold it alone. Without it two imports that both add rows would deadlock
# on each other's codes, because each judges and writes the whole tree; and two organisations moved at once, each under the
# other, would leave the tree in a circle.
TREE = "tree"

# By job. A worker keeps it over all transactions of the job; it is free as soon as that worker is gone, killed or not. Without it
# a worker that was only slow to report would be taken for dead, and its job begun by another one beside it.
JOB = "job"

# Whoever makes a photo small holds it alone, while it is decoded. Without it eight photos sent at once would take all
# processors and a gigabyte, and the pages of everybody else would wait for seconds.
PHOTO = "photo"

# Whoever writes a public entry holds it alone until the transaction ends. Without it two deeds would take one number, or a
# deed that is undone would leave a gap behind it. It is taken last of all locks: rows first, then ASKS, then this.
ENTRIES = "entries"

# Whoever asks something of units holds it alone. Without it two launches, or two polls opened at once, would each look at
# what had been asked before and pass the cap together.
ASKS = "asks"

# Whoever ends posts holds it alone. Without it two people of the campaign office could each end the other's post at one moment, and
# nobody would be left to appoint anybody.
POSTS = "posts"

# By login. Whoever begins a try to sign in holds it alone. Without it a hundred wrong passwords sent at one moment would all be looked
# at, because none had been counted when the others were.
TRIES = "tries"

# By form, or by the cycle of a hotline's table. Whoever takes a report holds it alone. Without it a form sent twice at one moment would
# be looked for twice before either was there, and the second answer, which is the one that a browser shows, would be an error without
# the code.
REPORT = "report"

# By cycle. Whoever counts stale weeks of cases again holds it alone. Without it two workers would count one week at two moments, and the
# one that counted first could write last.
WEEKS = "weeks"

# Whoever brings the database to the present shape holds it. Without it two servers that start at once on one database would both
# make the same tables, and one would end with a traceback.
SHAPE = "shape"


def together(name: str, number: int = 0) -> None:
    """Hold the lock beside others who hold it together, until the transaction ends; waits for whoever holds it alone."""
    _hold(name, number, alone=False)


def alone(name: str, number: int = 0) -> None:
    """Hold the lock with nobody beside, until the transaction ends; waits for everybody who holds it."""
    _hold(name, number, alone=True)


def statement(*, alone: bool) -> str:
    """The statement that holds the lock of the name given to it, for databases that are not Django's."""
    return f"SELECT pg_advisory_xact_lock{'' if alone else '_shared'}(hashtextextended(%s, 0))"


@contextmanager
def kept(name: str, number: int) -> Iterator[bool]:
    """Keep the lock until the context ends, over transactions; whether nobody else keeps it. Waits for nobody."""
    is_ours = _asked("pg_try_advisory_lock", name, number)
    try:
        yield is_ours
    finally:
        if is_ours:
            with suppress(DatabaseError):  # a connection that broke has lost the lock already
                _asked("pg_advisory_unlock", name, number)


@contextmanager
def waited_for(name: str) -> Iterator[None]:
    """Wait until nobody else has the lock, and have it until the context ends, over transactions."""
    _asked("pg_advisory_lock", name, 0)
    try:
        yield
    finally:
        with suppress(DatabaseError):  # a connection that broke has lost the lock already
            _asked("pg_advisory_unlock", name, 0)


@contextmanager
def in_turn(name: str, most: int) -> Iterator[bool]:
    """Wait until one is alone at something; False, at once, where `most` wait or are at it already.

    For work without a query: an error of the database inside would keep the lock until the connection ends.
    """
    waiting = f"{name} queue"
    place = next((n for n in range(most) if _asked("pg_try_advisory_lock", waiting, n)), None)
    if place is None:
        yield False
        return
    try:
        _asked("pg_advisory_lock", name, 0)
        try:
            yield True
        finally:
            _asked("pg_advisory_unlock", name, 0)
    finally:
        _asked("pg_advisory_unlock", waiting, place)


def _asked(function: str, name: str, number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [f"{name}:{number}"])
        return bool(cursor.fetchone()[0])


def _hold(name: str, number: int, *, alone: bool) -> None:
    """Outside a transaction the lock would be gone at once, and so it is an error there."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(f"the lock {name} is held by a transaction, and there is none")
    with connection.cursor() as cursor:
        cursor.execute(statement(alone=alone), [f"{name}:{number}"])
