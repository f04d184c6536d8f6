"""Changes to the tree, its people, posts and responsibilities; and imports, whose rows `importing` judges and writes."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from zhengyou.base import locks, searching
from zhengyou.base.deeds import done, locked
from zhengyou.base.numbers import next_number
from zhengyou.base.searching import Searchable
from zhengyou.base.time import local_day
from zhengyou.organisations import queries, rules, tree
from zhengyou.organisations.importing import drafts, writing
from zhengyou.organisations.importing.columns import ForeignHeadings, plain
from zhengyou.organisations.importing.headings import Reading, looks_like_id_number
from zhengyou.organisations.importing.judging import JudgedRow, Plan, TermIndex, clean_code
from zhengyou.organisations.importing.people import ANOTHER, SAME
from zhengyou.organisations.importing.writing import Written
from zhengyou.organisations.models import (
    ImportDraft,
    Organisation,
    PackWord,
    Person,
    Post,
    Responsibility,
    Term,
    person_key,
    unit_key,
)

Told = Callable[[int, int], None]  # how many steps of how many are done
PLACED_BY = {"name", "parent"}  # by these and those above, everything of an organisation and below it is found
DRAFTS_KEPT = timedelta(days=7)  # long enough to mend a workbook and come back, short enough for lists of people


@transaction.atomic
def load_terms(*, pack_id: str, words: Sequence[PackWord], at: datetime, by: Person | None) -> None:
    """Bring a pack's words into the house: known ones are renewed, those that nobody uses and the pack lacks are removed.

    Raises WordsRefused, naming them, if words are in use that the pack lacks; then nothing is changed. Can be done again.
    """
    locks.alone(locks.TREE)  # nobody may begin to use a word that is about to go
    kept = {(word.category, word.slug) for word in words}
    lost = [row for row in Term.objects.all() if (row.category, row.slug) not in kept]
    used = queries.words_in_use()
    rules.check_nothing_used_is_lost([row for row in lost if row.slug in used.get(row.category, ())])
    Term.objects.filter(pk__in=[row.pk for row in lost]).delete()
    Term.objects.bulk_create(
        [
            Term(category=word.category, slug=word.slug, name=word.name, aliases=list(word.aliases), position=position)
            for position, word in enumerate(words)
        ],
        update_conflicts=True,
        unique_fields=["category", "slug"],
        update_fields=["name", "aliases", "position"],
    )
    make_findable(queries.searchable(queries.living_organisations()))  # they are found by these words too
    done("organisations.load_terms", f"pack:{pack_id}", at=at, by=by, words=len(words), removed=len(lost))


@transaction.atomic
def add_organisation(
    *, code: str, name: str, kind: str, sector: str, parent: Organisation | None, at: datetime, by: Person | None
) -> Organisation:
    """Add one organisation below `parent` (or a root)."""
    locks.together(locks.TREE)
    row = Organisation.objects.create(
        code=code, name=name, kind=kind, sector=sector, parent=parent, name_key=unit_key(name)
    )
    tree.write_paths(row)
    row.refresh_from_db(fields=["path", "depth"])
    make_findable(queries.searchable([row]))
    done("organisations.add_organisation", row, at=at, by=by, code=code, name=name)
    return row


@transaction.atomic
def change_organisation(
    *, organisation: Organisation, changes: dict[str, Any], at: datetime, by: Person | None
) -> Organisation:
    """Change name, kind, sector, parent, or the day on which it was founded or ended. Moving carries the whole subtree along; raises
    TreeRefused for a loop.
    """
    is_moved = "parent" in changes
    if changes.keys() & PLACED_BY:
        locks.alone(locks.TREE)
    row = locked(organisation)
    rules.check_beginning(row, changes.get("founded_on"), local_day(at))
    if is_moved:
        rules.check_may_place(row, _as_it_is(changes["parent"]))
    before = {field: str(getattr(row, field) or "") for field in changes}
    for field, value in changes.items():
        setattr(row, field, value)
    row.name_key = unit_key(row.name)
    row.save()
    if is_moved:
        tree.write_paths(row)
        row.refresh_from_db(fields=["path", "depth"])
    find_again([row], with_those_below=bool(changes.keys() & PLACED_BY))
    after = {field: str(value or "") for field, value in changes.items()}
    done("organisations.change_organisation", row, at=at, by=by, before=before, after=after)
    return row


@transaction.atomic
def add_person(
    *,
    number: str,
    name: str,
    organisation: Organisation,
    at: datetime,
    by: Person | None,
    membership: str = Person.Membership.FORMAL,
    is_floating: bool = False,
    post_kind: str = "",
) -> Person:
    """Add one member; without a number one is issued. Raises TreeRefused if the organisation has ended."""
    rules.check_may_join(organisation)
    row = Person.objects.create(
        number=number or issue_number(at),
        name=name,
        organisation=organisation,
        membership=membership,
        is_floating=is_floating,
        post_kind=post_kind,
        name_key=person_key(name),
    )
    done("organisations.add_person", row, at=at, by=by, number=row.number)
    return row


def issue_number(at: datetime) -> str:
    """A number of the house for somebody who has none, such as N20260001, which nobody has or had. Inside the caller's deed."""
    year = local_day(at).year
    while True:
        number = f"N{year}{next_number('person', year):04d}"
        if not queries.is_number_known(number):
            return number


@transaction.atomic
def change_person(*, person: Person, changes: dict[str, Any], at: datetime, by: Person | None) -> Person:
    """Change name, organisation, membership, kind of post, whether the member is floating, or the day on which they joined or left.

    Raises TreeRefused if the new organisation has ended. The journal keeps which fields were changed, not what they held.
    """
    row = locked(person)
    rules.check_beginning(row, changes.get("joined_on"), local_day(at))
    if "organisation" in changes:
        rules.check_may_join(changes["organisation"])
    for field, value in changes.items():
        setattr(row, field, value)
    row.name_key = person_key(row.name)
    row.save()
    done("organisations.change_person", row, at=at, by=by, fields=sorted(changes))
    return row


def check_binds_nobody_above(person: Person, places: Iterable[Organisation], at: datetime, by: Person | None) -> None:
    """Nobody who works in an office above is given a post or duty at these places from below. A command (`by` is None) may.

    Raises PostRefused.
    """
    if by is not None and by.pk != person.pk:
        today = local_day(at)
        theirs = queries.offices_of(person, today)
        rules.check_binds_nobody_above(person, places, theirs, queries.offices_of(by, today) if theirs else [])


@transaction.atomic
def appoint(
    *,
    person: Person,
    organisation: Organisation,
    role: str,
    title: str,
    from_on: date,
    at: datetime,
    by: Person | None,
    until_on: date | None = None,
) -> Post:
    """Give a person a post. One that they hold already is changed: a title that is given is the new one, and the longer days count.

    Raises PeriodRefused if it would end before it begins, PostRefused for somebody who has left or works in an office above that of
    whoever gives it. Idempotent.
    """
    rules.check_days_of_post(organisation, from_on, until_on, local_day(at))
    rules.check_may_be_appointed(person)
    check_binds_nobody_above(person, [organisation], at, by)
    locks.alone(locks.POSTS)
    held = queries.post_held_or_to_come(person, organisation, role, from_on)
    if held:
        days = {
            "from_on": min(held.from_on, from_on),
            "until_on": None if None in (held.until_on, until_on) else max(held.until_on, until_on),  # type: ignore[type-var]
        }
        return _change_post(held, {"title": title or held.title, **days}, at, by)
    row = Post.objects.create(
        person=person, organisation=organisation, role=role, title=title, from_on=from_on, until_on=until_on
    )
    done("organisations.appoint", organisation, at=at, by=by, person=person, role=role)
    return row


@transaction.atomic
def change_post(
    *, post: Post, title: str, from_on: date, until_on: date | None, at: datetime, by: Person | None
) -> Post:
    """Change the title of a post, its first day, or the day from which it is not held any more (None: no end is set). Idempotent.

    Raises PeriodRefused; PostRefused if it is gone, if it would meet another of its kind, or for the last in the office.
    """
    locks.alone(locks.POSTS)
    row, today = rules.check_post_is_there(queries.post_with_id(post.pk)), local_day(at)
    if (from_on, until_on) != (row.from_on, row.until_on):
        rules.check_days_of_post(row.organisation, from_on, until_on, today)
    rules.check_meets_no_other(queries.posts_beside(row, from_on, until_on))
    is_held = from_on <= today and (until_on is None or until_on > today)
    if row.role == Post.Role.CAMPAIGN_OFFICE and not is_held:
        rules.check_office_remains(queries.count_office_posts(today, but=row))
    return _change_post(row, {"title": title, "from_on": from_on, "until_on": until_on}, at, by)


def _change_post(row: Post, values: dict[str, Any], at: datetime, by: Person | None) -> Post:
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not changed:
        return row
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(update_fields=list(changed))
    told = {"person": row.person, "role": row.role, "fields": sorted(changed)}
    done("organisations.change_post", row.organisation, at=at, by=by, **told)
    return row


@transaction.atomic
def end_post(*, post: Post, until_on: date, at: datetime, by: Person | None) -> None:
    """End a post on that day (half-open: it is not held on the day itself). A post begun that day was a mistake and is removed.

    Raises PostRefused if it has ended already, and for the last post in the campaign office.
    """
    locks.alone(locks.POSTS)  # two people of the office may end each other's, or both the same
    row = rules.check_has_not_ended(queries.post_with_id(post.pk), until_on)
    rules.check_end_of_post(row, until_on, local_day(at))
    if row.role == Post.Role.CAMPAIGN_OFFICE:
        rules.check_office_remains(queries.count_office_posts(until_on, but=row))
    if row.from_on >= until_on:
        row.delete()
    else:
        row.until_on = until_on
        row.save(update_fields=["until_on"])
    done("organisations.end_post", row.organisation, at=at, by=by, person=row.person, role=row.role)


@transaction.atomic
def make_responsible(
    *, organisation: Organisation, person: Person, tier: str, from_on: date, at: datetime, by: Person | None
) -> Responsibility:
    """Make a person answer for an organisation; whoever held that tier before holds it until that day.

    Somebody named for that same day was named by mistake, and is not any more. Raises PeriodRefused if the earlier holder began
    after that day, PostRefused for somebody who has left or works in an office above that of whoever names them.
    """
    rules.check_days_of_post(organisation, from_on, None, local_day(at))
    rules.check_may_be_appointed(person)
    check_binds_nobody_above(person, [organisation], at, by)
    rows = Responsibility.objects.select_for_update().filter(organisation=organisation, tier=tier)
    holder = rows.filter(until_on=None).first()
    if holder and holder.person_id == person.pk:
        return holder
    if holder and holder.from_on == from_on:
        holder.delete()
    elif holder:
        rules.check_may_follow(holder, from_on)
        holder.until_on = from_on
        holder.save(update_fields=["until_on"])
    row = rows.filter(person=person, until_on=from_on).first()  # who was replaced by mistake goes on as before
    if row:
        row.until_on = None
        row.save(update_fields=["until_on"])
    else:
        row = Responsibility.objects.create(organisation=organisation, person=person, tier=tier, from_on=from_on)
    done("organisations.make_responsible", organisation, at=at, by=by, person=person, tier=tier)
    return row


@transaction.atomic
def draft_import(
    *,
    what: str,
    data: bytes,
    file_name: str,
    at: datetime,
    by: Person,
    foreign: Sequence[ForeignHeadings] = (),
) -> ImportDraft:
    """Read an office's workbook and keep its rows for the preview; the tree and its members stay as they are.

    Of the file only the known columns are kept. Raises WorkbookRefused; by the `foreign` headings of other packs it can say whose
    list it is.
    """
    draft = begin_draft(what=what, data=data, file_name=file_name, at=at, by=by)
    return fill_draft(draft=draft, reading=drafts.read_upload(data, what, foreign), at=at, by=by)


@transaction.atomic
def begin_draft(*, what: str, data: bytes, file_name: str, at: datetime, by: Person) -> ImportDraft:
    """An import whose file is still to be read. Drafts nobody confirmed in a week are deleted."""
    ImportDraft.objects.filter(applied_at=None, read_at__lt=at - DRAFTS_KEPT).delete()
    return ImportDraft.objects.create(
        what=what,
        file_name="…" if looks_like_id_number(file_name) else file_name[:200],
        digest=hashlib.sha256(data).hexdigest(),
        rows=[],
        is_read=False,
        read_at=at,
        read_by=by,
    )


@transaction.atomic
def fill_draft(*, draft: ImportDraft, reading: Reading, at: datetime, by: Person) -> ImportDraft:
    """Keep what was read of its file, for the preview. Raises ImportRefused if it was discarded meanwhile or is done."""
    row = rules.check_may_confirm(ImportDraft.objects.select_for_update().filter(pk=draft.pk).first())
    row.remarks, row.rows, row.is_read = reading.remarks, drafts.rows_to_keep(reading.rows), True
    row.save(update_fields=["remarks", "rows", "is_read"])
    done("organisations.draft_import", row, at=at, by=by, **_about(row), rows=len(reading.rows))
    return row


@transaction.atomic
def discard_import(*, draft: ImportDraft, at: datetime, by: Person) -> None:
    """Delete an import that was not confirmed. Raises ImportRefused if it was, or if it is gone."""
    row = rules.check_may_confirm(ImportDraft.objects.select_for_update().filter(pk=draft.pk).first())
    done("organisations.discard_import", row, at=at, by=by, **_about(row))
    row.delete()


def confirm_import(
    *, draft: ImportDraft, seen: str, at: datetime, by: Person,
    tell: Callable[[ImportDraft, list[Written]], None] | None = None, told: Told = lambda _done, _of: None,
) -> ImportDraft:  # fmt: skip
    """Write the new and changed rows of a draft, all or none; bad ones stay in the draft to be taken and mended.

    `tell` says to the room that keeps what happens, in the same transaction, what was there before; `told` hears how far it is.
    Everything is judged again first. Raises ImportRefused if that differs from what was `seen` (the plan's fingerprint),
    if the draft was confirmed before, or if there is nothing to write. Unchanged rows are not touched.
    """
    try:
        with transaction.atomic():
            done_draft, written = _confirm(draft.pk, seen, at, by, told)
            if tell:
                tell(done_draft, written)
            return done_draft
    except IntegrityError as error:  # somebody else added the same code between judging and writing
        raise rules.preview_is_old() from error


def _confirm(draft_id: int, seen: str, at: datetime, by: Person, told: Told) -> tuple[ImportDraft, list[Written]]:
    locks.alone(locks.TREE)
    draft = rules.check_may_confirm(ImportDraft.objects.select_for_update().filter(pk=draft_id).first())
    organisations = {row.code: row for row in Organisation.objects.select_for_update().order_by("pk")}
    plan = drafts.plan_of(draft)
    rules.check_is_as_seen(plan.fingerprint, seen)
    rows = plan.rows_to_write()
    rules.check_changes_something(len(rows))
    told(1, 4)
    written = _write(plan, organisations, local_day(at), told)
    draft.outcome = {
        "counts": plan.counts,
        "missing": [one.reference for one in plan.missing],
        "near": [one.reference for one in plan.missing if one.is_near],
        "bad_rows": drafts.rows_to_keep(plan.bad_rows),
        "unset": drafts.rows_to_keep(row for row in plan.rows if row.unset),
        "is_of_corrections": plan.is_of_corrections,
        "issued": [[row.key, row.label, row.values.get("organisation", "")] for row in rows if row.is_issued],
    }
    draft.rows = []
    draft.applied_at = at
    draft.save(update_fields=["outcome", "rows", "applied_at"])
    done("organisations.confirm_import", draft, at=at, by=by, **_about(draft), **plan.counts)
    return draft, written


def _write(plan: Plan, organisations: dict[str, Organisation], day: date, told: Told) -> list[Written]:
    """Organisations, then people, then who holds what: each may need those before it."""
    tree_rows = plan.rows_to_write(ImportDraft.What.ORGANISATIONS)
    written = writing.write_organisations(tree_rows, organisations)
    if tree_rows:
        _find_imported(tree_rows, organisations)
    told(2, 4)
    people_rows = plan.rows_to_write(ImportDraft.What.PEOPLE)
    people = writing.write_people(people_rows, organisations)
    written += [*people, *writing.end_what_is_left(people_rows, people, day)]
    told(3, 4)
    return written + writing.write_holders(tree_rows, organisations, day)


@transaction.atomic
def answer_question(*, draft: ImportDraft, number: str, answer: str, new_number: str, at: datetime, by: Person) -> None:
    """Say of a row whose number belongs to somebody: the same person, another one (with a number, or one is issued), or not yet.

    Raises ImportRefused if the import is done or gone.
    """
    row = rules.check_may_confirm(ImportDraft.objects.select_for_update().filter(pk=draft.pk).first())
    row.answers.pop(number, None)
    if answer in (SAME, ANOTHER):
        row.answers[number] = {"is": answer, "number": clean_code(new_number) if answer == ANOTHER else ""}
    row.save(update_fields=["answers"])
    done("organisations.answer_question", row, at=at, by=by, answer=answer)


@transaction.atomic
def keep_missing(*, draft: ImportDraft, references: Sequence[str], at: datetime, by: Person) -> int:
    """Those whom the file leaves out stay, and are not asked about again in this import; how many. Idempotent."""
    row = rules.check_is_there(ImportDraft.objects.select_for_update().filter(pk=draft.pk).first())
    fresh = [one for one in dict.fromkeys(references) if one not in row.kept]
    row.kept = [*row.kept, *fresh]
    row.save(update_fields=["kept"])
    done("organisations.keep_missing", row, at=at, by=by, count=len(fresh))
    return len(fresh)


@transaction.atomic
def learn_word(*, category: str, slug: str, text: str, at: datetime, by: Person) -> Term:
    """Take a spelling for a word of the pack from now on. Taken twice it is one.

    Raises WordsRefused for a word that is not there, a text that means another word, and a text too long or with an ID-card number.
    """
    locks.alone(locks.TREE)
    text = " ".join(text.split())
    others = queries.terms(category)
    term = rules.check_may_learn(text, next((one for one in others if one.slug == slug), None), category)
    rules.check_means_nothing_else(text, TermIndex(others).find(text), slug)
    if plain(text) not in map(plain, (*term.name.values(), *term.aliases, *term.learned)):
        term.learned = [*term.learned, text]
        term.save(update_fields=["learned"])
        done("organisations.learn_word", f"word:{category}/{slug}", at=at, by=by, text=text)
    return term


@transaction.atomic
def unlearn_word(*, category: str, slug: str, text: str, at: datetime, by: Person) -> None:
    """Forget a spelling that the office took; rows written by it stay. Idempotent."""
    locks.alone(locks.TREE)
    term = queries.term_with_slug(category, slug)
    if term and text in term.learned:
        term.learned = [one for one in term.learned if one != text]
        term.save(update_fields=["learned"])
        done("organisations.unlearn_word", f"word:{category}/{slug}", at=at, by=by, text=text)


@transaction.atomic
def make_findable(things: Iterable[Searchable]) -> None:
    """Let things be found from now on, by their own words and by the names of their place and those above. Idempotent.

    Rooms above call it in their own transactions. Nobody renames or moves an organisation meanwhile: otherwise a thing could
    keep the names its place had before.
    """
    locks.together(locks.TREE)
    things = list(things)
    searching.put(things, queries.names_upward(thing.place for thing in things if thing.place is not None))


def _find_imported(rows: list[JudgedRow], organisations: dict[str, Organisation]) -> None:
    """What an import added or changed is found; where names or places changed, everything below as well."""
    written = Organisation.objects.filter(pk__in=[organisations[row.key].pk for row in rows])
    placed = {organisations[row.key].pk for row in rows if row.is_known and set(row.values) & PLACED_BY}
    make_findable(queries.searchable(written))
    if changed := [row for row in written if row.pk in placed]:
        find_again(changed, with_those_below=True)


def find_again(changed: list[Organisation], *, with_those_below: bool) -> None:
    """Changed organisations are found by their new words; whatever lies below by the new names above it. Inside the caller's deed."""
    if not changed:
        return
    living = [row for row in changed if row.ended_on is None]
    searching.drop(row.reference for row in changed if row.ended_on is not None)
    make_findable(queries.searchable(living))
    if with_those_below:
        searching.move(queries.names_upward(tree.ids_within(changed)))


def _as_it_is(organisation: Organisation | None) -> Organisation | None:
    """The organisation as the database has it now: a path read earlier may have been moved since."""
    return Organisation.objects.get(pk=organisation.pk) if organisation else None


def _about(draft: ImportDraft) -> dict[str, Any]:
    return {"what": draft.what, "file": draft.file_name, "digest": draft.digest}
