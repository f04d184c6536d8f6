"""What the tree allows: no organisation under itself, no period that ends before it begins."""

import re
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from zhengyou.base.refusals import Refused
from zhengyou.base.words import day_said, in_readers_words, joined
from zhengyou.organisations.models import ImportDraft, Organisation, Person, Post, Responsibility, Term
from zhengyou.organisations.tree import is_within, is_within_any
from zhengyou.organisations.vocabulary import worded

DEEPEST = 40
LONGEST_WORD = 40
LONGEST_BACK = 80  # years: nobody holds a post, or has belonged to anything, for longer
OLDEST_UNIT = 500
LONGEST_TERM = 10  # years for which the end of a post can be known
LEARNED = {
    Term.Category.ORGANISATION_KIND, Term.Category.SECTOR, Term.Category.MEMBERSHIP, Term.Category.POST_KIND,
}  # fmt: skip


class TreeRefused(Refused):
    """The change would break the tree."""


class WordsRefused(Refused):
    """A pack lacks words that the house uses."""


class WorkbookRefused(Refused):
    """The file is not a workbook that can be read."""


class ImportRefused(Refused):
    """The import cannot be confirmed as it stands."""


class PostRefused(Refused):
    """The post cannot be given or ended."""


class PeriodRefused(Refused):
    """A period would end before it begins."""


def check_may_place(organisation: Organisation, parent: Organisation | None) -> None:
    """An organisation may stand anywhere but under itself or under one of its own."""
    if parent is not None and parent.pk is not None and parent.pk == organisation.pk:
        raise TreeRefused(
            _("%(name)s cannot be placed under itself. Choose another parent.") % {"name": organisation.name},
            reason="organisation.under-itself",
        )
    if parent is not None and is_within(parent, organisation):
        raise TreeRefused(
            _("%(name)s cannot be placed under %(parent)s, because that belongs to it. Choose another parent.")
            % {"name": organisation.name, "parent": parent.name},
            reason="organisation.under-itself",
        )


def check_may_join(organisation: Organisation) -> None:
    """People join only organisations that still exist."""
    if organisation.ended_on is not None:
        raise TreeRefused(
            _("%(name)s has ended. Choose a unit that still exists.") % {"name": organisation.name},
            reason="organisation.ended",
        )


def check_nothing_used_is_lost(lost: list[Term]) -> None:
    """A word that organisations or people have cannot go with another pack. Names every such word."""
    if lost:
        names = joined(f"{in_readers_words(row.name)} ({row.slug})" for row in lost)
        raise WordsRefused(
            _(
                "This pack lacks words that the system uses: %(names)s. Add them to the pack, or change those "
                "who have them."
            )
            % {"names": names},
            reason="pack.lacks-words-in-use",
        )


def check_period(from_on: date, until_on: date | None) -> None:
    """A period ends after it begins."""
    if until_on is not None and until_on <= from_on:
        raise PeriodRefused(
            _("The last day lies before the first. Correct one of the two dates."),
            reason="period.ends-before-it-begins",
        )


def check_year(day: date, today: date, *, back: int = LONGEST_BACK, ahead: int = 1) -> None:
    """A day lies at most so many years back and so many ahead of today: beyond that its year is a slip."""
    if today.year - day.year > back:
        raise PeriodRefused(
            ngettext_lazy(
                "%(day)s lies more than %(count)d year back. Look at the year again.",
                "%(day)s lies more than %(count)d years back. Look at the year again.",
                back,
            )
            % {"day": day_said(day), "count": back},
            reason="day.year-long-ago",
        )
    if (day - today).days > ahead * 366:
        raise PeriodRefused(
            ngettext_lazy(
                "%(day)s lies more than %(count)d year ahead. Look at the year again.",
                "%(day)s lies more than %(count)d years ahead. Look at the year again.",
                ahead,
            )
            % {"day": day_said(day), "count": ahead},
            reason="day.year-far-ahead",
        )


def check_has_come(day: date, today: date) -> None:
    """What is written down has happened."""
    if day > today:
        raise PeriodRefused(
            _("%(day)s lies ahead. Write it down when it has happened.") % {"day": day_said(day)},
            reason="day.ahead",
        )


def check_beginning(row: Person | Organisation, day: date | None, today: date) -> None:
    """The day on which somebody joined or an organisation was founded: it has come, and its year is no slip."""
    if day is not None:
        check_has_come(day, today)
        check_year(day, today, back=OLDEST_UNIT if isinstance(row, Organisation) else LONGEST_BACK)


def check_days_of_post(organisation: Organisation, from_on: date, until_on: date | None, today: date) -> None:
    """A post begins no earlier than its organisation, where the list says when that was founded, and no later than next year."""
    check_period(from_on, until_on)
    if organisation.founded_on is not None and from_on < organisation.founded_on:
        raise PeriodRefused(
            _("%(name)s was founded on %(day)s, as the list says. Choose that day or a later one, or correct the list.")
            % {"name": organisation.name, "day": day_said(organisation.founded_on)},
            reason="period.before-the-unit",
        )
    check_year(from_on, today)
    if until_on is not None:
        check_year(until_on, today, ahead=LONGEST_TERM)


def check_may_be_appointed(person: Person) -> None:
    """Whoever has left holds no post and answers for nothing."""
    if person.left_on is not None:
        raise PostRefused(
            _("%(name)s has left, so no post can be given. Choose somebody else.") % {"name": person.name},
            reason="post.person-left",
        )


def check_binds_nobody_above(
    person: Person, places: Iterable[Organisation], theirs: Iterable[Organisation], mine: Iterable[Organisation]
) -> None:
    """Whoever works in an office above these places is given posts and duties there by that office alone.

    Otherwise those who are judged could make somebody who judges them a party. `theirs` and `mine` are the organisations in whose
    offices the person, and whoever gives it, work.
    """
    places, mine = list(places), list(mine)
    above = [office for office in theirs if any(is_within(place, office) and place.pk != office.pk for place in places)]
    outside = [office for office in above if not is_within_any(office, mine)]
    if outside:
        raise PostRefused(
            worded(
                _(
                    "%(name)s works in the %(office)s of %(unit)s, which stands above. A post or duty here would keep "
                    "them out of its work, so only that office can give it: ask it."
                ),
                name=person.name,
                unit=outside[0].name,
            ),
            reason="post.office-above",
        )


def check_post_is_there(post: Post | None) -> Post:
    """A post that began on the day on which it was ended was removed. Gives the post back."""
    if post is None:
        raise PostRefused(
            _("This post was ended by somebody else meanwhile. Nothing was changed."), reason="post.already-ended"
        )
    return post


def check_has_not_ended(post: Post | None, until_on: date) -> Post:
    """A post ends once. Gives the post back."""
    row = check_post_is_there(post)
    if row.until_on is not None and row.until_on <= until_on:
        raise PostRefused(
            _("This post has ended already, on %(day)s. Nothing was changed.") % {"day": day_said(row.until_on)},
            reason="post.already-ended",
        )
    return row


def check_end_of_post(post: Post, until_on: date, today: date) -> None:
    """A post ends on its first day, as a mistake, or later; one that has begun, not before, or it would vanish without a trace."""
    if until_on < post.from_on <= today:
        raise PeriodRefused(
            _("This post began on %(day)s. It cannot end before.") % {"day": day_said(post.from_on)},
            reason="period.ends-before-it-begins",
        )
    check_year(until_on, today, ahead=LONGEST_TERM)


def check_meets_no_other(others: list[Post]) -> None:
    """Nobody holds the same post twice on one day. `others` are those that share a day."""
    if others:
        raise PostRefused(
            _("The same person holds the same post from %(day)s already. Choose days that do not meet.")
            % {"day": day_said(others[0].from_on)},
            reason="post.held-twice",
        )


def check_may_follow(holder: Responsibility, from_on: date) -> None:
    """Who follows begins after the one before."""
    if from_on < holder.from_on:
        raise PeriodRefused(
            _("%(name)s answers for it only from %(day)s on. Name the next person for that day or a later one.")
            % {"name": holder.person.name, "day": day_said(holder.from_on)},
            reason="responsible.begins-later",
        )


def check_office_remains(others: int) -> None:
    """`others` counts who else holds an office post. Without anybody in the office nobody could appoint anybody."""
    if not others:
        raise PostRefused(
            worded(
                _(
                    "This is the last post in the %(office)s, and without it nobody could run the campaign. Appoint "
                    "somebody else first."
                )
            ),
            reason="post.last-in-office",
        )


def check_may_confirm(draft: ImportDraft | None) -> ImportDraft:
    """An import is confirmed once, and only while it exists. Gives the draft back."""
    if draft is None:
        raise ImportRefused(_("This import was discarded. Read the workbook again."), reason="import.gone")
    if draft.applied_at is not None:
        raise ImportRefused(
            _("This import is already done. Read the workbook again to see what is left."), reason="import.done"
        )
    return draft


def check_is_there(draft: ImportDraft | None) -> ImportDraft:
    """An import that was not discarded. Gives the draft back."""
    if draft is None:
        raise ImportRefused(_("This import was discarded. Read the workbook again."), reason="import.gone")
    return draft


def check_may_learn(text: str, term: Term | None, category: str) -> Term:
    """Only words that rows hold are learned, for a word that is there. Gives it back."""
    if term is None or category not in LEARNED:
        raise WordsRefused(_("Choose one of the words of the system."), reason="word.unknown")
    if not text or len(text) > LONGEST_WORD or re.search(r"[0-9]{6}", text):
        raise WordsRefused(
            _("A word has at most %(most)d signs and is no number. Correct it in the workbook instead.")
            % {"most": LONGEST_WORD},
            reason="word.no-word",
        )
    return term


def check_means_nothing_else(text: str, meant: str | None, slug: str) -> None:
    """A spelling means one word."""
    if meant not in (None, slug):
        raise WordsRefused(
            _("“%(text)s” means another word already. Take that back first, on the page of words.") % {"text": text},
            reason="word.means-another",
        )


def check_is_as_seen(now: str, seen: str) -> None:
    """What is done is exactly what the preview showed."""
    if now != seen:
        raise preview_is_old()


def preview_is_old() -> ImportRefused:
    """The refusal for an import that would do something else than its preview showed."""
    return ImportRefused(
        _("The tree or its people have changed since this preview. Nothing was imported: look again and confirm."),
        reason="import.stale",
    )


def check_changes_something(count: int) -> None:
    """An import without new or changed rows is not confirmed."""
    if not count:
        raise ImportRefused(_("There is nothing to import: no row is new or changed."), reason="import.empty")
