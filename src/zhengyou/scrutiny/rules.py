"""When scrutineers may register keys, take what is handed over, pass shares on and sign; how long the handover stays."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import Refused
from zhengyou.identity.rules import RoleRefused
from zhengyou.polls.models import Poll, PollScrutineer
from zhengyou.scrutiny.models import ScrutineerWord

HANDOVER_KEPT = timedelta(days=7)  # enough for whoever is absent; what lies longer may be read by more
ENOUGH_SCRUTINEERS = 2  # one alone could be asked to look away
LONGEST_DOCUMENT = 4096  # of a card or an answer: both are short


class ScrutinyRefused(Refused):
    """A scrutineer cannot do this (yet)."""


def check_is_registered(registered: PollScrutineer | None) -> PollScrutineer:
    """What is here is for a poll's own scrutineers. Returns the registration."""
    if registered is None:
        raise RoleRefused(_("You are not a scrutineer of this appraisal."), reason="no-scrutineer")
    return registered


def check_may_change_keys(poll: Poll) -> None:
    """Keys are registered and tried before the poll opens: the manifest names them."""
    if poll.state != Poll.State.DRAFTED:
        raise ScrutinyRefused(
            _("The appraisal has been opened with the keys of its scrutineers. They cannot be changed any more."),
            reason="keys.poll-opened",
        )


def unreadable_card() -> ScrutinyRefused:
    """What was handed in is no card."""
    return ScrutinyRefused(
        _("This is not a scrutineer’s card. Press “Make my keys”, or paste the line that the command printed."),
        reason="keys.no-card",
    )


def check_is_not_anothers(is_taken: bool) -> None:
    """Every scrutineer has keys of their own: one person with two cards would be two scrutineers."""
    if is_taken:
        raise ScrutinyRefused(
            _("Another scrutineer of this appraisal has registered these keys. Make keys of your own."),
            reason="keys.of-another",
        )


def check_has_card(registered: PollScrutineer) -> None:
    """There is something to try."""
    if registered.signing_key is None:
        raise ScrutinyRefused(_("Register your keys first."), reason="keys.none")


def wrong_answer() -> ScrutinyRefused:
    """The answer does not show that the keys open what is sealed to them."""
    return ScrutinyRefused(
        _("That is not the answer to this test. Choose the key file that you registered, or register new keys."),
        reason="keys.wrong-answer",
    )


def check_is_closed(poll: Poll) -> None:
    """There is nothing to recount before the close."""
    if poll.state != Poll.State.CLOSED:
        raise ScrutinyRefused(
            _("There is nothing to recount before the appraisal is closed."), reason="recount.not-closed"
        )


def check_handover_is_there(is_there: bool) -> None:
    """What is handed over lies here for seven days at most."""
    if not is_there:
        raise ScrutinyRefused(
            _(
                "What was handed over is no longer here: it is removed when two scrutineers have recounted, or "
                "after seven days. If you fetched it before, you can still recount and sign."
            ),
            reason="handover.gone",
        )


def check_is_something(*given: str) -> None:
    """A form that was sent before anything was made."""
    if not any(given):
        raise ScrutinyRefused(
            _("Choose your key file first: it makes what is handed in here."), reason="scrutiny.nothing-handed-in"
        )


def no_shares() -> ScrutinyRefused:
    """What was handed in are not one's own shares for another scrutineer."""
    return ScrutinyRefused(
        _("These are not shares of yours for another scrutineer of this appraisal. Have them made once more."),
        reason="shares.unreadable",
    )


def no_word() -> ScrutinyRefused:
    """What was handed in is not signed by this scrutineer for this record."""
    return ScrutinyRefused(
        _(
            "This is not a word on this record that is signed with your key. Use the key file that you registered, and the record "
            "as it is now."
        ),
        reason="recount.no-word",
    )


def check_may_sign(earlier: ScrutineerWord | None, kind: str) -> None:
    """Who has only seen the record may recount later; a recount and a disagreement stand for good."""
    if earlier is not None and (earlier.kind != ScrutineerWord.Kind.SEEN or kind == ScrutineerWord.Kind.SEEN):
        raise ScrutinyRefused(_("You have already signed. What was signed stands."), reason="recount.signed")


def check_lines(signed: int, handed: int) -> None:
    """Who says that they recounted has recounted all that was handed over."""
    if signed < handed:
        raise ScrutinyRefused(
            _("Recount all of the %(handed)d lines that were handed over, not %(signed)d of them.")
            % {"handed": handed, "signed": signed},
            reason="recount.not-all",
        )


def is_handover_due_to_go(poll: Poll, recounted: int, at: datetime) -> bool:
    """Whether what was handed over is to be destroyed: two have recounted it, or seven days have passed."""
    if poll.closed_at is None:
        return False
    return recounted >= ENOUGH_SCRUTINEERS or at - poll.closed_at >= HANDOVER_KEPT
