"""How a poll may end otherwise than by its close: extended, declared void by two people, held again."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from zhengyou.appraisals.models import Poll
from zhengyou.appraisals.rules import PollRefused, check_times
from zhengyou.organisations.models import Person

LONGEST_REASON = 500


def check_reason(reason: str) -> None:
    """Whatever is made public about a poll says why, in 500 characters at most."""
    if not reason.strip():
        raise PollRefused(_("Say why: everybody will read the reason."))
    if len(reason.strip()) > LONGEST_REASON:
        raise PollRefused(_("The reason is too long. Shorten it to %(most)d characters.") % {"most": LONGEST_REASON})


def check_may_extend(poll: Poll, closes_at: datetime, reason: str, at: datetime) -> None:
    """An open poll is extended only to a later time, only before its present time is over, and only with a reason."""
    if poll.state != Poll.State.OPENED:
        raise PollRefused(_("Only an open appraisal can be extended."))
    present = poll.closes_at.replace(microsecond=0)  # records write whole seconds
    if at.replace(microsecond=0) >= present:
        raise PollRefused(
            _("The closing time is over, so this appraisal cannot be extended any more. Close it or void it.")
        )
    if closes_at.replace(microsecond=0) <= present:
        raise PollRefused(_("An appraisal can only be extended: choose a time later than the present closing time."))
    check_times(poll.opens_at, closes_at, at)
    check_reason(reason)


def check_may_ask_to_void(poll: Poll, reason: str) -> None:
    """A poll that has been opened and not closed can be declared void, with a reason."""
    if poll.state != Poll.State.OPENED:
        raise PollRefused(_("Only an appraisal that is open, or over and not counted yet, can be declared void."))
    if poll.void_asked_by_id is not None:
        raise PollRefused(
            _("Somebody has already asked to void this appraisal. A second person confirms it or drops it.")
        )
    check_reason(reason)


def check_may_drop_void(poll: Poll) -> None:
    """What was asked for can be dropped until it is confirmed."""
    if poll.state != Poll.State.OPENED or poll.void_asked_by_id is None:
        raise PollRefused(_("Nobody asks to void this appraisal any more."))


def check_may_void(poll: Poll, by: Person) -> None:
    """A second person confirms what a first one asked for."""
    if poll.state != Poll.State.OPENED:
        raise PollRefused(_("Only an appraisal that is open, or over and not counted yet, can be declared void."))
    if poll.void_asked_by_id is None:
        raise PollRefused(_("Two people void an appraisal: one asks and says why, another one confirms. Ask first."))
    if poll.void_asked_by_id == by.pk:
        raise PollRefused(_("You asked to void this appraisal. A second person of the office must confirm it."))


def check_may_repeat(poll: Poll, pools: int) -> None:
    """What is held again: a void poll, or those of a closed poll's `pools` in which nothing valid came out."""
    if poll.state == Poll.State.VOIDED:
        return
    if poll.state != Poll.State.CLOSED:
        raise PollRefused(
            _("This appraisal is not over. Only a void appraisal, or one without a valid result, is held again.")
        )
    if not pools:
        raise PollRefused(_("Every pool of this appraisal has a valid result. Nothing is held again."))
