"""When a roll may be corrected, and when guests are forgotten."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import Refused
from zhengyou.base.texts import check_texts
from zhengyou.base.words import in_readers_words, joined
from zhengyou.organisations.models import Person
from zhengyou.organisations.vocabulary import worded
from zhengyou.polls import rules as polls
from zhengyou.polls.models import Poll, RollEntry
from zhengyou.rolls.models import RollChange

# From the end of a poll on: a pool that must be asked again is, with the guests of the first time.
GUESTS_KEPT = timedelta(days=14)


class RollRefused(Refused):
    """The roll cannot be corrected so."""


def check_may_correct(poll: Poll, reason: str, by: Person, at: datetime) -> None:
    """A roll is corrected before the opening only, with a reason, by somebody whom the poll does not concern."""
    if poll.state != Poll.State.DRAFTED:
        raise RollRefused(
            _(
                "This appraisal has been opened, and its roll is announced by its fingerprint. It never changes any more."
            ),
            reason="roll.opened",
        )
    polls.check_is_not_concerned(poll, by, at)
    check_texts(
        RollRefused,
        RollChange,
        worded(_("Say why, so that the others of the %(office)s understand it.")),
        reason=reason,
    )


def check_is_here(person: Person) -> None:
    """Nobody votes who has left."""
    if person.left_on is not None:
        raise RollRefused(_("%(name)s has left.") % {"name": person.name}, reason="roll.person-left")


def check_is_on_no_roll(person: Person, entry: RollEntry | None) -> None:
    """Everybody stands on one roll of a poll. `entry` is the one that they have."""
    if entry:
        raise RollRefused(
            _("%(name)s stands on a roll of this appraisal already: %(pool)s.")
            % {"name": person.name, "pool": in_readers_words(entry.pool.name)},
            reason="roll.there-already",
        )


def check_is_no_namesake(namesakes: Collection[Person]) -> None:
    """A guest who is called like somebody of the roster is asked about once: a member who sits among the guests would vote twice."""
    if namesakes:
        raise RollRefused(
            _("The list of people has: %(named)s. If this guest is somebody else, tick that and send it again.")
            % {"named": joined(f"{one.name} ({one.organisation.name})" for one in namesakes)},
            reason="roll.namesake",
        )


def check_enough_stay(size: int) -> None:
    """A pool keeps at least five people: below that it is taken back, or joined with another."""
    if size - 1 < polls.SMALLEST_POOL:
        raise RollRefused(
            _("This pool has %(size)d people and needs %(fewest)d. Add somebody first, or take the whole pool back.")
            % {"size": size, "fewest": polls.SMALLEST_POOL},
            reason="roll.too-few-left",
        )


def check_may_undo(change: RollChange, poll: Poll, *, fits: bool) -> None:
    """A correction is undone once, before the opening, and only while the roll still is as it left it (`fits`)."""
    if poll.state != Poll.State.DRAFTED:
        raise RollRefused(
            _(
                "This appraisal has been opened, and its roll is announced by its fingerprint. It never changes any more."
            ),
            reason="roll.opened",
        )
    if change.undone_at is not None or not fits:
        raise RollRefused(
            _("This is undone already, or the roll was corrected again since."), reason="roll.undone-already"
        )
