"""Deeds: hold the row, change it, write into the journal what was done, and into the public entries what all may know."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import CharField, Model, QuerySet, Value
from django.db.models.functions import Cast, Concat

from zhengyou.base import entries, journal
from zhengyou.base.refusals import Refused

Row = TypeVar("Row", bound=Model)


class Referable(Model):
    """A row that the journal and other rooms can name in one word of text."""

    class Meta:
        abstract = True

    @property
    def reference(self) -> str:
        """Kind and number: `notice:17`. Kept texts hold it, so a model's name is not changed once the house is in use."""
        return f"{self._meta.model_name}:{self.pk}"


def locked(row: Row, *related: str) -> Row:
    """The row as the database has it now, held until the transaction ends; the `related` rows come along, not held.

    Raises the model's DoesNotExist if somebody deleted it, and TransactionManagementError outside a transaction.
    """
    model: Any = row._meta.model  # not `type(row)`, which is another one for a lazy row such as `request.user`
    rows = model._default_manager.select_for_update(of=("self",))
    now: Row = (rows.select_related(*related) if related else rows).get(pk=row.pk)
    return now


def locked_or(row: Row, otherwise: Refused, *related: str) -> Row:
    """As `locked`; raises `otherwise` where somebody deleted the row meanwhile."""
    model: Any = row._meta.model
    try:
        return locked(row, *related)
    except model.DoesNotExist:
        raise otherwise from None


def check_as_read(now: Model, read: Model, parts: Iterable[str], otherwise: Refused) -> None:
    """What somebody changes is in these parts still as they read it: of two at once the second looks again. Raises `otherwise`."""
    if any(getattr(now, part) != getattr(read, part) for part in parts):
        raise otherwise


def rows_named(model: type[Row], references: Iterable[str], *related: str) -> dict[str, Row]:
    """The rows of one model that references name, by reference; no query where none is named."""
    kind = model._meta.model_name
    parts = (one.partition(":") for one in references)
    numbers = [number for name, _colon, number in parts if name == kind and number.isdigit()]
    rows = model._default_manager.select_related(*related) if related else model._default_manager.all()
    return {f"{kind}:{row.pk}": row for row in rows.filter(pk__in=numbers)} if numbers else {}


def references_of(rows: QuerySet[Any]) -> Any:  # a QuerySet of texts
    """The references of these rows, as the journal has them, to be looked for in one query."""
    kind = Value(f"{rows.model._meta.model_name}:")
    return rows.order_by().annotate(named=Concat(kind, Cast("pk", CharField()))).values("named")


def done(
    deed: str,
    about: Referable | str,
    *,
    at: datetime,
    by: Referable | None,
    on_behalf_of: Any = None,  # a Referable; Any, like the next, because facts often come as `**facts`
    public: Any = None,  # a Public, or several
    **said: Any,
) -> None:
    """Write a deed into the journal, inside the caller's transaction. `deed` is `room.verb`, written out for whoever searches.

    `by` is the person who acted, None for a process or somebody without a name; `on_behalf_of` the one for whom a clerk
    acted. `about` is a row, or the reference of what is no row. Rows in `said` are kept as their references, days and
    instants as text. What `public` tells is entered for everybody; nobody else can enter anything until the transaction
    ends, so a deed writes this last.
    """
    subject = about if isinstance(about, str) else about.reference
    acting = {"on_behalf_of": on_behalf_of} if on_behalf_of else {}
    payload = {name: _kept(value) for name, value in (said | acting).items()}
    told = entries.prepare(public, deed=deed, at=at) if public else entries.Prepared()
    payload |= {entries.TOLD: told.told} if told.entries else {}
    written = journal.record(deed=deed, subject=subject, by=by.reference if by else "", at=at, payload=payload)
    entries.keep(told, written)


def two_people(first: int | None, second: Model, otherwise: Refused) -> None:
    """The rule that one person begins and another one confirms. `first` is the id of who began. Raises `otherwise`."""
    if first == second.pk:
        raise otherwise


def _kept(value: Any) -> Any:
    if isinstance(value, Referable):
        return value.reference
    if isinstance(value, date):
        return value.isoformat()
    is_list = isinstance(value, Iterable) and not isinstance(value, str | dict)
    return [_kept(part) for part in value] if is_list else value
