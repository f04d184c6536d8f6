"""How a poll may end: closed by two people, or declared void by two and held again."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengyou.base.deeds import two_people
from zhengyou.base.words import joined
from zhengyou.organisations.models import Person
from zhengyou.organisations.vocabulary import worded
from zhengyou.polls import rules as poll_rules
from zhengyou.polls.models import Poll
from zhengyou.polls.rules import PollRefused


def check_issuers_stated(unstated: list[str]) -> None:
    """A poll with a second issuer is counted only with that issuer's signed count; `unstated` names those that owe it."""
    if unstated:
        raise PollRefused(
            _(
                "The close waits for the signed count of %(issuers)s: how many ballot papers it issued. Fetch it or upload its "
                "file on the page of the second issuer, then confirm again."
            )
            % {"issuers": joined(unstated)},
            reason="poll.issuer-not-stated",
        )


def check_may_ask_to_close(poll: Poll, at: datetime) -> None:
    """There is no early close."""
    if poll.state != Poll.State.OPENED:
        raise PollRefused(_("Only an open appraisal can be closed."), reason="poll.not-open")
    poll_rules.check_goes_on(poll)
    if at < poll.closes_at:
        raise PollRefused(
            _("The appraisal is open until its closing time. There is no early close."), reason="poll.too-early"
        )


def check_may_close(poll: Poll, at: datetime, by: Person) -> None:
    """A second person closes what a first one asked to close."""
    check_may_ask_to_close(poll, at)
    if poll.close_asked_by_id is None:
        raise PollRefused(
            _("Two people close an appraisal: one asks, another one confirms. Ask first."), reason="poll.close-unasked"
        )
    own = worded(_("You asked to close this appraisal. A second person in the %(office)s must confirm it."))
    two_people(poll.close_asked_by_id, by, PollRefused(own, reason="poll.close-by-the-same"))


def check_is_same_record(stands: Any, again: Any) -> None:
    """A close that is done again adopts the record that was signed, if it is whole and of the same ballots. Raises PollRefused."""
    if again is None or stands.broken or not stands.has_same_ballots(again):
        raise PollRefused(
            _(
                "There is a signed record of this appraisal already, and it does not hold the ballots that are in the box, or its "
                "files were changed. Nothing is written over it. The appraisal can only be declared void; tell whoever runs the site."
            ),
            reason="poll.record-stands",
        )


def check_has_record(poll: Poll) -> None:
    """Only a closed poll has a record."""
    if poll.state != Poll.State.CLOSED:
        raise PollRefused(_("This appraisal has no record yet. It gets one at the close."), reason="poll.no-record")


def check_may_ask_to_void(poll: Poll, reason: str) -> None:
    """A poll that has been opened and not closed can be declared void, with a reason."""
    if poll.state != Poll.State.OPENED:
        raise PollRefused(
            _("Only an appraisal that is open, or over and not counted yet, can be declared void."),
            reason="void.not-open",
        )
    if poll.void_asked_by_id is not None:
        raise PollRefused(
            _("Somebody has already asked to void this appraisal. A second person confirms it or drops it."),
            reason="void.asked-already",
        )
    poll_rules.check_reason(Poll, void_reason=reason)


def check_may_drop_void(poll: Poll) -> None:
    """What was asked for can be dropped until it is confirmed."""
    if poll.state != Poll.State.OPENED or poll.void_asked_by_id is None:
        raise PollRefused(_("Nobody asks to void this appraisal any more."), reason="void.unasked")


def check_may_void(poll: Poll, by: Person) -> None:
    """A second person confirms what a first one asked for."""
    if poll.state != Poll.State.OPENED:
        raise PollRefused(
            _("Only an appraisal that is open, or over and not counted yet, can be declared void."),
            reason="void.not-open",
        )
    if poll.void_asked_by_id is None:
        raise PollRefused(
            _("Two people void an appraisal: one asks and says why, another one confirms. Ask first."),
            reason="void.unasked",
        )
    own = worded(_("You asked to void this appraisal. A second person in the %(office)s must confirm it."))
    two_people(poll.void_asked_by_id, by, PollRefused(own, reason="void.by-the-same"))


def check_may_repeat(poll: Poll, pools: int) -> None:
    """What is held again: a void poll, or those of a closed poll's `pools` in which nothing valid came out."""
    if poll.state == Poll.State.VOIDED:
        return
    if poll.state != Poll.State.CLOSED:
        raise PollRefused(
            _("This appraisal is not over. Only a void appraisal, or one without a valid result, is held again."),
            reason="repeat.not-over",
        )
    if not pools:
        raise PollRefused(
            _("Every pool of this appraisal has a valid result. Nothing is held again."),
            reason="repeat.nothing-to-repeat",
        )
