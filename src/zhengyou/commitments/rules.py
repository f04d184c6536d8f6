"""What may be promised, proposed, reviewed, reported and said. Who somebody is, is asked of identity by the actions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from zhengyou.base.refusals import Refused
from zhengyou.campaigns import rules as campaign_rules
from zhengyou.campaigns.models import Cycle, StageWindow
from zhengyou.commitments.models import (
    LONGEST_NAME,
    LONGEST_TEXT,
    CitizenAnswer,
    Commitment,
    OutcomeStatement,
    ProgressReport,
    Promise,
    PromiseText,
)
from zhengyou.organisations.models import Organisation, Person

LONGEST_WORDS = 500
LONGEST_REPORT = 1000
LONGEST_REASON = 300


@dataclass(frozen=True)
class Verdict:
    """What the level above says to one promise."""

    agrees: bool
    opinion: str = ""


class PromiseRefused(Refused):
    """The promise cannot be written or proposed like this."""

    reason = "promise"


class ReviewRefused(Refused):
    """The review cannot be taken like this."""

    reason = "review"


class ReportRefused(Refused):
    """The report, the statement or the answer cannot be taken like this."""

    reason = "report"


def check_under_way(cycle: Cycle) -> None:
    """Nothing is changed before the launch or after the close."""
    if not cycle.is_launched or cycle.is_closed:
        raise campaign_rules.StageRefused(_("This cycle is not under way."))


def check_takes_part(cycle: Cycle, organisation: Organisation) -> None:
    """Only organisations of the campaign promise, and only those with a level above that can review."""
    if organisation.ended_on is not None or not organisation.path.startswith(cycle.campaign.organisation.path):
        raise PromiseRefused(_("%(name)s does not take part in this campaign.") % {"name": organisation.name})
    if organisation.parent_id is None:
        raise PromiseRefused(
            _("Nobody stands above %(name)s in the tree, so nobody could review its promises.")
            % {"name": organisation.name}
        )


def check_may_write(cycle: Cycle, commitment: Commitment | None, window: StageWindow | None, day: date) -> None:
    """Promises are written while their stage is open; what was sent back may be mended as long as the cycle runs."""
    if commitment is not None and commitment.state == Commitment.State.RETURNED:
        check_under_way(cycle)
    else:
        campaign_rules.check_stage_open(cycle, window, day)
    if commitment is not None and commitment.state == Commitment.State.PROPOSED:
        raise PromiseRefused(_("These promises are being reviewed. You can change them if they are sent back."))
    if commitment is not None and commitment.state == Commitment.State.PUBLISHED:
        raise PromiseRefused(_("These promises are published and can no longer be changed. Report progress instead."))


def check_may_add(written: int, most: int) -> None:
    """There is a greatest number of promises."""
    if written >= most:
        raise PromiseRefused(
            _("There are already %(count)d promises, and no more than that are allowed. Change or withdraw one.")
            % {"count": most}
        )


def check_may_change(promise: Promise, revision: int | None) -> None:
    """Drafts and what was sent back are changed, by somebody who has seen the newest wording."""
    if promise.state == Promise.State.AGREED:
        raise PromiseRefused(_("The level above has agreed to this promise. It can no longer be changed."))
    if promise.state == Promise.State.WITHDRAWN:
        raise PromiseRefused(_("This promise was withdrawn. Write a new one instead."))
    if revision is not None and revision != promise.revision:
        raise PromiseRefused(
            _("Somebody else has changed this promise in the meantime. Open it again to see the new wording.")
        )


def check_text(text: PromiseText, cycle: Cycle, day: date, aims: Collection[str]) -> None:
    """Every part of a promise is said, short enough to be read, and due within the cycle."""
    parts = [text.what, text.standard, text.evidence, text.for_whom]
    if not all(parts):
        raise PromiseRefused(
            _("Say what you promise, to which standard, for whom, and what will show that it was kept.")
        )
    if len(text.for_whom) > LONGEST_NAME or any(len(part) > LONGEST_TEXT for part in parts):
        raise PromiseRefused(
            _("One of the texts is too long. Say it in at most %(most)d characters, and for whom in %(name)d.")
            % {"most": LONGEST_TEXT, "name": LONGEST_NAME}
        )
    if aims and text.aim not in aims:
        raise PromiseRefused(_("Choose which of the campaign’s aims this promise serves."))
    check_due(text.due_on, cycle, day)


def check_due(due_on: date, cycle: Cycle, day: date) -> None:
    """A promise falls due from today on, inside its cycle."""
    if due_on < day:
        raise PromiseRefused(
            _("The day by which this is done, %(day)s, has already passed. Choose a later one.") % {"day": due_on}
        )
    if not cycle.starts_on <= due_on <= cycle.ends_on:
        raise PromiseRefused(
            _("The day by which this is done lies outside the cycle. Choose one between %(first)s and %(last)s.")
            % {"first": cycle.starts_on, "last": cycle.ends_on}
        )


def check_may_propose(promises: Collection[Promise], cycle: Cycle, day: date) -> None:
    """Enough promises and not too many, none still waiting to be mended, none overdue before it is published."""
    limits = cycle.rules["commitments"]
    if not limits["fewest"] <= len(promises) <= limits["most"]:
        raise PromiseRefused(
            _("Propose %(fewest)d to %(most)d promises. There are %(count)d now.") % {**limits, "count": len(promises)}
        )
    unmended = sum(promise.state == Promise.State.RETURNED for promise in promises)
    if unmended:
        raise PromiseRefused(
            ngettext_lazy(
                "%(count)d promise was sent back and has not been mended yet. Mend it, then propose again.",
                "%(count)d promises were sent back and have not been mended yet. Mend them, then propose again.",
                unmended,
            )
            % {"count": unmended}
        )
    for promise in promises:
        if promise.state != Promise.State.AGREED:
            check_due(promise.due_on, cycle, day)


def check_may_review(commitment: Commitment, by: Person, proposal: int | None) -> None:
    """Only what waits is reviewed, by somebody who did not propose it and who has seen this very proposal."""
    check_under_way(commitment.cycle)
    if commitment.state != Commitment.State.PROPOSED or proposal not in {None, commitment.proposals}:
        raise ReviewRefused(
            _("These promises no longer wait for this review: somebody has reviewed or mended them in the meantime.")
        )
    if commitment.proposed_by_id == by.pk:
        raise ReviewRefused(_("You proposed these promises yourself. Somebody else of the level above reviews them."))


def check_verdicts(waiting: Collection[Promise], verdicts: Mapping[int, Verdict]) -> None:
    """Each waiting promise is agreed to or sent back; whoever sends back says why."""
    if {promise.pk for promise in waiting} != set(verdicts):
        raise ReviewRefused(_("Say for each promise whether you agree or send it back."))
    if any(not verdict.agrees and not verdict.opinion.strip() for verdict in verdicts.values()):
        raise ReviewRefused(_("Write an opinion for each promise that you send back, so that it can be mended."))
    if any(len(verdict.opinion) > LONGEST_WORDS for verdict in verdicts.values()):
        raise ReviewRefused(
            _("An opinion is too long. Say it in at most %(most)d characters.") % {"most": LONGEST_WORDS}
        )


def check_is_published(promise: Promise) -> None:
    """What is reported or said, is about a published promise."""
    is_out = promise.commitment.state == Commitment.State.PUBLISHED and promise.state == Promise.State.AGREED
    if not is_out:
        raise ReportRefused(_("This promise has not been published."))


def check_report(text: str) -> None:
    """A report says something."""
    if not text:
        raise ReportRefused(_("Write what has been done since the last report."))
    if len(text) > LONGEST_REPORT:
        raise ReportRefused(
            _("The report is too long. Say it in at most %(most)d characters.") % {"most": LONGEST_REPORT}
        )


def check_corrects(promise: Promise, corrects: ProgressReport | None) -> None:
    """A correction corrects a report of the same promise."""
    if corrects is not None and corrects.promise_id != promise.pk:
        raise ReportRefused(_("The report to be corrected belongs to another promise."))


def check_may_state_outcome(cycle: Cycle, window: StageWindow | None, day: date) -> None:
    """From the day the keeping begins until the cycle is closed an organisation may say how a promise ended."""
    check_under_way(cycle)
    if window is None or day < window.opens_on:
        campaign_rules.check_stage_open(cycle, window, day)


def check_outcome(outcome: str, explanation: str) -> None:
    """One of the three outcomes, and why."""
    if outcome not in OutcomeStatement.Outcome.values:
        raise ReportRefused(_("Say whether the promise was fulfilled, partly fulfilled or not fulfilled."))
    if not explanation:
        raise ReportRefused(_("Explain to the public how you come to this."))
    if len(explanation) > LONGEST_WORDS:
        raise ReportRefused(
            _("The explanation is too long. Say it in at most %(most)d characters.") % {"most": LONGEST_WORDS}
        )


def check_answer(verdict: str, words: str) -> None:
    """One of the three marks, and words that are not too long."""
    if verdict not in CitizenAnswer.Verdict.values:
        raise ReportRefused(_("Choose one: kept, not kept, or can’t tell."))
    if len(words) > LONGEST_WORDS:
        raise ReportRefused(
            _("Your words are too long. Say it in at most %(most)d characters.") % {"most": LONGEST_WORDS}
        )


def check_may_hide(answer: CitizenAnswer, reason: str) -> None:
    """Words and photos are hidden for a reason that everybody can read."""
    if not reason:
        raise ReportRefused(_("Give the reason. It is shown in place of the words."))
    if len(reason) > LONGEST_REASON:
        raise ReportRefused(
            _("The reason is too long. Say it in at most %(most)d characters.") % {"most": LONGEST_REASON}
        )
    if answer.is_hidden:
        raise ReportRefused(_("These words are already hidden."))
