"""Changes to the tree, its people, posts and responsibilities."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from zhengyou.base import journal
from zhengyou.base.time import local_day
from zhengyou.organisations import importing, queries, rules
from zhengyou.organisations.models import ImportDraft, Organisation, Person, Post, Responsibility, Term

DRAFTS_KEPT = timedelta(days=7)
BATCH = 2000


def name_key(name: str) -> str:
    """A key that sorts Chinese names by pinyin and lets them be found by it."""
    from pypinyin import (  # here, as its dictionaries are a fifth of what a worker would load to start
        Style,
        lazy_pinyin,
    )

    return "".join(lazy_pinyin(name, style=Style.NORMAL, errors=lambda text: text.lower())).replace(" ", "")


@transaction.atomic
def load_terms(*, category: str, terms: list[dict[str, Any]], at: datetime, by: str) -> None:
    """Bring one category of the pack's words into the house; known slugs are renewed, none is removed."""
    for position, term in enumerate(terms):
        Term.objects.update_or_create(
            category=category,
            slug=term["id"],
            defaults={"name": term["name"], "aliases": term.get("aliases", []), "position": position},
        )
    journal.record(deed="organisations.load_terms", subject=f"terms:{category}", by=by, at=at)


@transaction.atomic
def add_organisation(
    *, code: str, name: str, kind: str, sector: str, parent: Organisation | None, at: datetime, by: str
) -> Organisation:
    """Add one organisation below `parent` (or a root)."""
    row = Organisation.objects.create(
        code=code, name=name, kind=kind, sector=sector, parent=parent, name_key=name_key(name)
    )
    _write_path(row, parent)
    journal.record(
        deed="organisations.add_organisation", subject=row.reference, by=by, at=at, payload={"code": code, "name": name}
    )
    return row


@transaction.atomic
def change_organisation(*, organisation: Organisation, changes: dict[str, Any], at: datetime, by: str) -> Organisation:
    """Change name, kind, sector or parent. Moving carries the whole subtree along; raises TreeRefused for a loop."""
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    before = {field: str(getattr(row, field) or "") for field in changes}
    parent = changes.get("parent", row.parent)
    rules.check_may_place(row, parent)
    for field, value in changes.items():
        setattr(row, field, value)
    row.name_key = name_key(row.name)
    row.save()
    if "parent" in changes:
        _write_path(row, parent)
    journal.record(
        deed="organisations.change_organisation",
        subject=row.reference,
        by=by,
        at=at,
        payload={"before": before, "after": {field: str(value or "") for field, value in changes.items()}},
    )
    return row


@transaction.atomic
def add_person(
    *,
    number: str,
    name: str,
    organisation: Organisation,
    at: datetime,
    by: str,
    standing: str = Person.Standing.FORMAL,
    is_floating: bool = False,
) -> Person:
    """Add one member. Raises TreeRefused if the organisation has ended."""
    rules.check_may_join(None, organisation)
    row = Person.objects.create(
        number=number,
        name=name,
        organisation=organisation,
        standing=standing,
        is_floating=is_floating,
        name_key=name_key(name),
    )
    journal.record(deed="organisations.add_person", subject=row.reference, by=by, at=at, payload={"number": number})
    return row


@transaction.atomic
def change_person(*, person: Person, changes: dict[str, Any], at: datetime, by: str) -> Person:
    """Change name, organisation, standing or whether the member is floating."""
    row = Person.objects.select_for_update().get(pk=person.pk)
    if "organisation" in changes:
        rules.check_may_join(row, changes["organisation"])
    for field, value in changes.items():
        setattr(row, field, value)
    row.name_key = name_key(row.name)
    row.save()
    journal.record(
        deed="organisations.change_person", subject=row.reference, by=by, at=at, payload={"fields": sorted(changes)}
    )
    return row


@transaction.atomic
def appoint(
    *,
    person: Person,
    organisation: Organisation,
    role: str,
    title: str,
    from_on: date,
    at: datetime,
    by: str,
    until_on: date | None = None,
) -> Post:
    """Give a person a post. Raises PeriodRefused if it would end before it begins; a post already held is returned."""
    rules.check_period(from_on, until_on)
    held = Post.objects.filter(person=person, organisation=organisation, role=role, until_on=None).first()
    if held:
        return held
    row = Post.objects.create(
        person=person, organisation=organisation, role=role, title=title, from_on=from_on, until_on=until_on
    )
    journal.record(
        deed="organisations.appoint",
        subject=organisation.reference,
        by=by,
        at=at,
        payload={"person": person.reference, "role": role},
    )
    return row


@transaction.atomic
def end_post(*, post: Post, until_on: date, at: datetime, by: str) -> None:
    """End a post on that day (half-open: it is not held on the day itself). A post begun that day was a mistake and is removed."""
    row = Post.objects.select_for_update().get(pk=post.pk)
    payload = {"person": row.person.reference, "role": row.role}
    if row.until_on is not None and row.until_on <= until_on:
        return
    if row.from_on >= until_on:
        row.delete()
    else:
        row.until_on = until_on
        row.save(update_fields=["until_on"])
    journal.record(deed="organisations.end_post", subject=row.organisation.reference, by=by, at=at, payload=payload)


@transaction.atomic
def make_responsible(
    *, organisation: Organisation, person: Person, tier: str, from_on: date, at: datetime, by: str
) -> Responsibility:
    """Make a person answer for an organisation; whoever held that tier before holds it until that day.

    Raises PeriodRefused if the earlier holder began on or after that day.
    """
    held = (
        Responsibility.objects.select_for_update().filter(organisation=organisation, tier=tier, until_on=None).first()
    )
    if held and held.person_id == person.pk:
        return held
    if held:
        rules.check_period(held.from_on, from_on)
        held.until_on = from_on
        held.save(update_fields=["until_on"])
    row = Responsibility.objects.create(organisation=organisation, person=person, tier=tier, from_on=from_on)
    journal.record(
        deed="organisations.make_responsible",
        subject=organisation.reference,
        by=by,
        at=at,
        payload={"person": person.reference, "tier": tier},
    )
    return row


@transaction.atomic
def draft_import(*, what: str, data: bytes, file_name: str, at: datetime, by: Person) -> ImportDraft:
    """Read an office's workbook and keep its rows for the preview; the tree and its members stay as they are.

    Of the file only the known columns are kept. Raises WorkbookRefused. Drafts nobody confirmed in a week are deleted.
    """
    reading = importing.read_upload(data, what)
    ImportDraft.objects.filter(applied_at=None, read_at__lt=at - DRAFTS_KEPT).delete()
    draft = ImportDraft.objects.create(
        what=what,
        file_name="…" if importing.looks_like_id_number(file_name) else file_name[:200],
        digest=hashlib.sha256(data).hexdigest(),
        remarks=reading.remarks,
        rows=reading.rows,
        read_at=at,
        read_by=by,
    )
    _record_import("draft_import", draft, at, by, {"rows": len(reading.rows)})
    return draft


@transaction.atomic
def discard_import(*, draft: ImportDraft, at: datetime, by: Person) -> None:
    """Delete an import that was not confirmed. Raises ImportRefused if it was, or if it is gone."""
    row = ImportDraft.objects.select_for_update().filter(pk=draft.pk).first()
    rules.check_may_confirm(row)
    _record_import("discard_import", draft, at, by, {})
    draft.delete()


def confirm_import(*, draft: ImportDraft, seen: str, at: datetime, by: Person) -> ImportDraft:
    """Write the new and changed rows of a draft, all or none; bad ones stay in the draft to be taken and mended.

    Everything is judged again first. Raises ImportRefused if that differs from what was `seen` (the plan's fingerprint),
    if the draft was confirmed before, or if there is nothing to write. Unchanged rows are not touched.
    """
    try:
        with transaction.atomic():
            return _confirm(draft.pk, seen, at, by)
    except IntegrityError as error:  # somebody else added the same code between judging and writing
        raise rules.preview_is_old() from error


def _confirm(draft_id: int, seen: str, at: datetime, by: Person) -> ImportDraft:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('organisations.confirm_import'))")
    draft = ImportDraft.objects.select_for_update().filter(pk=draft_id).first()
    rules.check_may_confirm(draft)
    assert draft is not None
    tree = {row.code: row for row in Organisation.objects.select_for_update().order_by("pk")}
    plan = importing.plan_of(draft)
    rules.check_is_as_seen(plan.fingerprint, seen)
    lines = plan.lines_to_write()
    rules.check_changes_something(len(lines))
    if draft.what == ImportDraft.What.ORGANISATIONS:
        _write_organisations(lines, tree, local_day(at))
    else:
        _write_people(lines, tree)
    draft.outcome = {"counts": plan.counts, "missing": plan.missing, "bad_rows": importing.bad_rows_of(plan)}
    draft.rows = []
    draft.applied_at = at
    draft.save(update_fields=["outcome", "rows", "applied_at"])
    _record_import(f"import_{draft.what}", draft, at, by, plan.counts)
    return draft


def _record_import(verb: str, draft: ImportDraft, at: datetime, by: Person, said: dict[str, Any]) -> None:
    payload = {"what": draft.what, "file": draft.file_name, "digest": draft.digest, **said}
    journal.record(deed=f"organisations.{verb}", subject=draft.reference, by=by.reference, at=at, payload=payload)


def _write_organisations(lines: list[importing.Line], tree: dict[str, Organisation], day: date) -> None:
    """`tree` is the whole tree by code, locked; it is brought up to the lines."""
    fresh = iter(_fresh_ids(sum(line.key not in tree for line in lines)))
    for line in lines:
        if line.key not in tree:
            tree[line.key] = Organisation(pk=next(fresh), code=line.key)
    touched = {line.key for line in lines if set(line.values) & {"name", "kind", "sector", "parent"}}
    for line in lines:
        row = tree[line.key]
        for field in set(line.values) & {"name", "kind", "sector"}:
            setattr(row, field, line.values[field])
        if "parent" in line.values:
            parent = line.values["parent"]
            row.parent_id = tree[parent].pk if parent else None
        if "name" in line.values:
            row.name_key = name_key(row.name)
    touched |= _renew_paths(tree)
    Organisation.objects.bulk_create(
        [tree[code] for code in touched],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["name", "kind", "sector", "parent", "path", "depth", "name_key"],
    )
    _write_holders(lines, tree, day)


def _fresh_ids(count: int) -> list[int]:
    """Ids taken from the organisations' sequence ahead of writing, so that a path can hold its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [Organisation._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def _renew_paths(tree: dict[str, Organisation]) -> set[str]:
    """Write path and depth of the whole tree in memory; the codes of those that moved."""
    by_id = {row.pk: row for row in tree.values()}
    moved: set[str] = set()
    for row in tree.values():
        chain = [row]
        while (parent_id := chain[-1].parent_id) is not None:
            chain.append(by_id[parent_id])
        path = "".join(_step(ancestor.pk) for ancestor in reversed(chain))
        if row.path != path:
            row.path, row.depth = path, len(chain) - 1
            moved.add(row.code)
    return moved


def _write_holders(lines: list[importing.Line], tree: dict[str, Organisation], day: date) -> None:
    """Responsible people and secretaries the lines name, from that day."""
    slugs = {*Responsibility.Tier.values, Post.Role.SECRETARY.value}
    named = [(tree[line.key].pk, slug, line.values[slug]) for line in lines for slug in slugs & set(line.values)]
    people = queries.people_by_number({number for _organisation, _slug, number in named})
    tiers = {(home, slug): people[number].pk for home, slug, number in named if slug != Post.Role.SECRETARY}
    secretaries = {(home, slug): people[number].pk for home, slug, number in named if slug == Post.Role.SECRETARY}
    homes = {home for home, _slug, _number in named}
    responsible = Responsibility.objects.filter(organisation__in=homes, until_on=None)
    posts = Post.objects.filter(organisation__in=homes, until_on=None, role=Post.Role.SECRETARY)
    _replace_holders(
        Responsibility,
        [
            Responsibility(organisation_id=home, tier=tier, person_id=pk, from_on=day)
            for (home, tier), pk in tiers.items()
        ],
        [row for row in responsible if (row.organisation_id, row.tier) in tiers],
        day,
    )
    _replace_holders(
        Post,
        [Post(organisation_id=home, role=role, person_id=pk, from_on=day) for (home, role), pk in secretaries.items()],
        [row for row in posts if (row.organisation_id, row.role) in secretaries],
        day,
    )


def _replace_holders(
    model: type[Responsibility] | type[Post], fresh: Sequence[Any], held: Sequence[Any], day: date
) -> None:
    """Who held it until now holds it until `day`; an entry that begins on `day` itself is corrected, not ended."""
    rows: Any = model.objects
    rows.filter(pk__in=[row.pk for row in held if row.from_on < day]).update(until_on=day)
    rows.filter(pk__in=[row.pk for row in held if row.from_on >= day]).delete()
    rows.bulk_create(fresh, batch_size=BATCH)


def _write_people(lines: list[importing.Line], tree: dict[str, Organisation]) -> None:
    known = {
        row.number: row
        for row in Person.objects.select_for_update().filter(number__in=[line.key for line in lines if line.is_known])
    }
    rows = []
    for line in lines:
        row = known.get(line.key) or Person(number=line.key)
        for field in set(line.values) & {"name", "standing", "is_floating"}:
            setattr(row, field, line.values[field])
        if "organisation" in line.values:
            row.organisation_id = tree[line.values["organisation"]].pk
        if "name" in line.values:
            row.name_key = name_key(row.name)
        rows.append(row)
    Person.objects.bulk_create([row for row in rows if row.pk is None], batch_size=BATCH)
    Person.objects.bulk_create(
        [row for row in rows if row.pk is not None],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["name", "standing", "is_floating", "organisation", "name_key"],
    )


def _write_path(row: Organisation, parent: Organisation | None) -> None:
    """Writes `path` and `depth`, for the row itself and, when it moves, for all below it (imports: `_renew_paths`)."""
    old_path, old_depth = row.path, row.depth
    row.path = f"{parent.path if parent else ''}{_step(row.pk)}"
    row.depth = parent.depth + 1 if parent else 0
    row.save(update_fields=["path", "depth"])
    if old_path:
        below = Organisation.objects.filter(path__startswith=old_path).exclude(pk=row.pk)
        below.update(
            path=Concat(Value(row.path), Substr("path", len(old_path) + 1)), depth=F("depth") + row.depth - old_depth
        )


def _step(pk: int) -> str:
    """One organisation's part of a path."""
    return f"{pk:08d}/"
