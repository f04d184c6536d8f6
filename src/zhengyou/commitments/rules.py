"""What may be promised, proposed, reviewed, reported and said. Who somebody is, is asked of identity by the actions."""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from zhengyou.base.deeds import two_people
from zhengyou.base.refusals import Refused, allows
from zhengyou.base.texts import check_texts
from zhengyou.base.time import working_days_after
from zhengyou.base.words import day_said
from zhengyou.campaigns import rules as campaign_rules
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.ruleset import CommitmentLimits, Purpose
from zhengyou.commitments.models import (
    CitizenAnswer,
    Commitment,
    DraftRemark,
    OutcomeStatement,
    ProgressReport,
    Promise,
    PromiseReview,
    PromiseText,
)
from zhengyou.identity import rules as identity_rules
from zhengyou.organisations.models import Organisation, Person
from zhengyou.organisations.tree import is_within
from zhengyou.organisations.vocabulary import worded
from zhengyou.remarks.rules import check_public_texts, check_tells_of_nobody

LONGEST_WORDS = 500  # a screen of a phone
KEPT_OR_NOT = (CitizenAnswer.Mark.KEPT, CitizenAnswer.Mark.NOT_KEPT, CitizenAnswer.Mark.CANNOT_TELL)
SO_FAR = (CitizenAnswer.Mark.ON_COURSE, CitizenAnswer.Mark.OFF_COURSE, CitizenAnswer.Mark.TOO_EARLY)


@dataclass(frozen=True)
class Opinion:
    """What the level above says to one promise."""

    agrees: bool
    words: str = ""


class PromiseRefused(Refused):
    """The promise cannot be written or proposed like this."""


class ReviewRefused(Refused):
    """The review cannot be taken like this."""


class ReportRefused(Refused):
    """The report, the statement or the answer cannot be taken like this."""


def check_takes_part(cycle: Cycle, organisation: Organisation) -> None:
    """Only organisations of the campaign promise, and only those with a level above that can review."""
    campaign_rules.check_takes_part(cycle, organisation)
    if organisation.parent_id is None:
        raise PromiseRefused(
            _("Nobody stands above %(name)s in the tree, so nobody could review its promises.")
            % {"name": organisation.name},
            reason="organisation.nobody-above",
        )


def check_may_write(calendar: Calendar, commitment: Commitment | None, day: date) -> None:
    """Promises are written while their stage is open. Those that were sent back may be mended as long as the cycle runs."""
    state = commitment.state if commitment else Commitment.State.DRAFTED
    if state == Commitment.State.RETURNED:
        campaign_rules.check_under_way(calendar.cycle)
    else:
        calendar.check_open(Purpose.PROMISE, day)
    if state == Commitment.State.PROPOSED:
        raise PromiseRefused(
            _("These promises are being reviewed. You can change them if they are sent back."),
            reason="commitment.being-reviewed",
        )
    if state == Commitment.State.PUBLISHED:
        raise PromiseRefused(
            _("These promises are published and can no longer be changed. Report progress instead."),
            reason="commitment.published",
        )


def check_may_add(written: int, most: int) -> None:
    """There is a greatest number of promises."""
    if written >= most:
        raise PromiseRefused(
            _("There are already %(count)d promises, and no more than that are allowed. Change or withdraw one.")
            % {"count": written},
            reason="commitment.full",
        )


def check_said_once(whats: list[str], written: list[str]) -> None:
    """Each promise is said once: no two of these are the same but for blanks and stops, and none stands among those `written`."""
    rows, known = ([re.sub(r"[\W_]+", "", what).casefold() for what in some] for some in (whats, written))
    for what, row in zip(whats, rows, strict=True):
        if rows.count(row) > 1:
            said = _("Two rows say the same: “%(what)s”. Leave one of them empty.")
            raise PromiseRefused(said % {"what": what}, reason="board.said-twice")
        if row in known:
            said = _("“%(what)s” is promised already. Leave it out here, or say first how the other one ended.")
            raise PromiseRefused(said % {"what": what}, reason="promise.said-already")


def check_board(whats: list[str], written: list[str], most: int) -> None:
    """A board says each promise once, none that is written already, and all its rows find room beside what is `written`."""
    check_said_once(whats, written)
    if len(written) + len(whats) > most:
        raise PromiseRefused(
            _(
                "Promises written already: %(written)d. Rows on this board: %(rows)d. At most %(most)d are allowed, so %(fit)d of these "
                "rows can be added. Leave the others empty, or withdraw some of those that are written."
            )
            % {"written": len(written), "rows": len(whats), "most": most, "fit": max(most - len(written), 0)},
            reason="board.too-long",
        )


@contextmanager
def naming(what: str) -> Iterator[None]:
    """Of several that are written at once a refusal says which one it is about."""
    try:
        yield
    except PromiseRefused as refusal:
        said = _("“%(what)s”: %(why)s") % {"what": what[:40], "why": refusal}
        raise PromiseRefused(said, reason=refusal.reason) from refusal


def check_may_change(promise: Promise, revision: int | None) -> None:
    """A draft, or a promise that was sent back, is changed by somebody who has seen the newest wording."""
    if promise.state == Promise.State.AGREED:
        raise PromiseRefused(
            _("The level above has agreed to this promise. It can no longer be changed."), reason="promise.agreed"
        )
    if promise.state == Promise.State.WITHDRAWN:
        raise PromiseRefused(_("This promise was withdrawn. Write a new one instead."), reason="promise.withdrawn")
    if revision is not None and revision != promise.revision:
        raise changed_meanwhile()


def is_entered(promise: Promise, unit: Organisation, day: date) -> bool:
    """Whether a level above entered it from paper: whoever wrote it does not lead the unit."""
    return not allows(identity_rules.check_is_secretary, promise.written_by, unit, day)


def check_may_take_off(promise: Promise, unit: Organisation, day: date, reason: str) -> str:
    """A clerk takes off what was entered for the unit, never what the unit wrote, and says why. Returns the reason trimmed."""
    if not is_entered(promise, unit, day):
        raise PromiseRefused(
            _("The unit wrote this promise itself. Only the unit takes it back."), reason="promise.of-the-unit-itself"
        )
    if not reason.strip():
        raise PromiseRefused(_("Say why it is taken off. The unit reads it."), reason="promise.reason-missing")
    return check_tells_of_nobody(PromiseRefused, reason.strip())


def check_nobody_spoke(commitment: Commitment, *, is_spoken_of: bool) -> None:
    """Only what was given on the spot is taken off once it is published, and only before anybody has said something of it."""
    if commitment.kind != Commitment.Kind.IMMEDIATE:
        raise PromiseRefused(
            _("This promise is published for the cycle. It stays; the level above can correct its wording."),
            reason="promise.of-the-cycle",
        )
    if is_spoken_of:
        raise PromiseRefused(
            _("Somebody has already said something of this promise, so it stays. Correct its wording instead."),
            reason="promise.spoken-of",
        )


def changed_meanwhile() -> PromiseRefused:
    """Somebody else changed the wording a moment ago."""
    return PromiseRefused(
        _("Somebody else has changed this promise in the meantime. Open it again to see the new wording."),
        reason="promise.changed-meanwhile",
    )


def check_is_taken_over_once(*, is_taken: bool) -> None:
    """What an earlier cycle left open is taken over by one promise."""
    if is_taken:
        raise PromiseRefused(
            _("This promise of an earlier cycle is taken over already. Look at what is written."),
            reason="promise.taken-over",
        )


def check_nothing_was_said(after: int | None, last: int) -> None:
    """Of two who say at once how a promise ended the second looks at what the first said. `after`: the last that was seen."""
    if after is not None and after != last:
        raise ReportRefused(
            _(
                "Somebody said a moment ago how this promise ended. What you wrote was not saved. Look at it, and decide again."
            ),
            reason="outcome.said-meanwhile",
        )


def check_may_take_back(commitment: Commitment) -> None:
    """Only what waits for the review can be taken back."""
    if commitment.state != Commitment.State.PROPOSED:
        raise PromiseRefused(
            _("These promises are no longer waiting for a review. Look at where they stand now."),
            reason="commitment.not-waiting",
        )


def check_may_correct(person: Person, commitment: Commitment, day: date) -> None:
    """A published promise is corrected by the level above, or by the campaign's office; never by its own unit."""
    if is_within(person.organisation, commitment.organisation):
        raise PromiseRefused(
            worded(_("Whoever promised does not correct it. Ask the level above or the %(office)s.")),
            reason="promise.corrected-by-its-maker",
        )
    try:
        identity_rules.check_is_above(person, commitment.organisation, day)
    except identity_rules.RoleRefused:
        identity_rules.check_is_office_of(person, commitment.cycle.campaign.organisation, day)


HELD_TO = ("standard", "due_on")


def check_keeps_what_it_is_held_to(promise: Promise, text: PromiseText, is_held_to: bool) -> None:
    """A correction is no second promise: once it is due, or somebody said how it goes, its day and standard stay."""
    if is_held_to and any(getattr(text, part) != getattr(promise.text, part) for part in HELD_TO):
        raise PromiseRefused(
            _(
                "This promise is due, or people have answered about it: its day and its standard stay as they were published. Say in a "
                "report what has changed; a new day belongs to a new promise."
            ),
            reason="promise.held-to",
        )


def check_text(text: PromiseText, cycle: Cycle, day: date) -> None:
    """Every part of a promise is said, short enough to be read, serves an aim of the frozen rules, and is due in the cycle."""
    check_due(text.due_on, cycle, day)
    check_wording(text, cycle)


def check_wording(text: PromiseText, cycle: Cycle) -> None:
    """As `check_text`, of a promise whose day may be over already; the day lies in the cycle."""
    missing = _("Say what you promise, to which standard, for whom, and what will show that it was kept.")
    parts = {"what": text.what, "standard": text.standard, "for_whom": text.for_whom, "evidence": text.evidence}
    check_public_texts(PromiseRefused, Promise, missing, **parts)
    if text.checked_by not in Promise.CheckedBy.values:
        raise PromiseRefused(
            _("Say how a stranger could see that this promise is kept."), reason="promise.unknown-way-to-see"
        )
    aims = {aim.id for aim in cycle.ruleset.aims}
    if aims and text.aim not in aims:
        raise PromiseRefused(
            _("Choose which of the campaign’s aims this promise serves."), reason="promise.unknown-aim"
        )
    campaign_rules.check_piece_number(text.piece, cycle)
    _check_due_within(text.due_on, cycle)


def check_due(due_on: date, cycle: Cycle, day: date) -> None:
    """A promise falls due from today on, inside its cycle."""
    campaign_rules.check_has_days_left(cycle, day)
    if due_on < day:
        said = _("The day by which this is done, %(day)s, has already passed. Choose a later one.")
        raise PromiseRefused(said % {"day": day_said(due_on)}, reason="promise.due-in-the-past")
    _check_due_within(due_on, cycle, day)


def _check_due_within(due_on: date, cycle: Cycle, day: date = date.min) -> None:
    if not cycle.starts_on <= due_on <= cycle.ends_on:
        raise PromiseRefused(
            _("The day by which this is done lies outside the cycle. Choose one between %(first)s and %(last)s.")
            % {"first": day_said(max(day, cycle.starts_on)), "last": day_said(cycle.ends_on)},
            reason="promise.due-outside-the-cycle",
        )


def publish_by(given_on: date, cycle: Cycle) -> date:
    """By which day a promise given on the spot is published: the end of the next working day, by the frozen rules."""
    return working_days_after(given_on, cycle.ruleset.clocks.immediate_promise)


def check_given_on(given_on: date, cycle: Cycle, day: date) -> None:
    """A promise on the spot was given in this cycle, and not tomorrow. One published too late is published, and says so."""
    if given_on > day:
        raise PromiseRefused(
            _("This day lies ahead. Write down on which day the promise was given."), reason="promise.given-ahead"
        )
    if given_on < cycle.starts_on:
        raise PromiseRefused(
            _("This promise was given before the cycle began. Write it as one of the yearly promises."),
            reason="promise.given-before-the-cycle",
        )


def check_may_look_afterwards(promise: Promise, by: Person, *, is_reviewed: bool) -> None:
    """What was promised on the spot is reviewed after it is published, once, by another person than its writer."""
    if promise.commitment.kind != Commitment.Kind.IMMEDIATE or is_reviewed:
        raise ReviewRefused(
            _("Nothing about this promise is waiting for a review any more."), reason="review.no-longer-waiting"
        )
    own = _("You published this promise yourself. Somebody else of the level above reviews it.")
    two_people(promise.written_by_id, by, ReviewRefused(own, reason="review.own-proposal"))


def check_opinion(opinion: Opinion) -> str:
    """Who does not agree says why. Returns the words trimmed."""
    missing = "" if opinion.agrees else _("Write your opinion: what about this promise should be different.")
    return check_public_texts(ReviewRefused, PromiseReview, missing, opinion=opinion.words)["opinion"]


def check_may_remark(commitment: Commitment, by: Person) -> None:
    """Whoever belongs to the unit remarks on its draft, until the level above has reviewed it."""
    if not is_within(by.organisation, commitment.organisation):
        raise identity_rules.RoleRefused(
            _("Only people of %(name)s comment on its draft.") % {"name": commitment.organisation.name},
            reason="draft.of-another-unit",
        )
    if commitment.state == Commitment.State.PUBLISHED:
        raise PromiseRefused(
            _("These promises are published. Say on the public page how they stand."), reason="draft.published"
        )


def check_draft_remark(text: str) -> str:
    """A remark says something. Returns it trimmed."""
    return check_texts(PromiseRefused, DraftRemark, _("Write what you think of the draft."), text=text)["text"]


def ordinary_words_in(text: str, limits: CommitmentLimits) -> str:
    """The first phrase of the campaign's list by which this promise sounds like ordinary duty; nothing where there is none."""
    return next((phrase for phrase in limits.ordinary if phrase.casefold() in text.casefold()), "")


def check_link(link: str) -> str:
    """A report may point to one of the house's own records, by its path alone; the first page is none. Returns it."""
    is_path = (
        link.startswith("/") and link != "/" and not link.startswith("//") and link.isascii() and link.isprintable()
    )
    if link and (not is_path or "\\" in link or " " in link):
        raise ReportRefused(
            _("This is no address of one of our own pages. Open the page, and copy its address from there."),
            reason="report.link-not-ours",
        )
    return check_texts(ReportRefused, ProgressReport, "", link=link)["link"]


def check_carries(carried: Promise, cycle: Cycle, organisation: Organisation) -> None:
    """What is taken over is a promise of the same unit, from an earlier cycle of the same campaign."""
    before = carried.commitment
    is_earlier = before.cycle_id != cycle.pk and before.cycle.campaign_id == cycle.campaign_id
    if before.organisation_id != organisation.pk or not is_earlier or before.cycle.starts_on > cycle.starts_on:
        raise PromiseRefused(
            _("This promise cannot be taken over here: it is not from an earlier cycle of this unit."),
            reason="promise.not-inherited",
        )


def check_may_propose(promises: Collection[Promise], cycle: Cycle, day: date) -> None:
    """Enough promises and not too many, none still waiting to be mended, none overdue before it is published."""
    limits = cycle.ruleset.commitments
    if not limits.fewest <= len(promises) <= limits.most:
        raise PromiseRefused(
            _("Propose %(fewest)d to %(most)d promises. There are %(count)d now.")
            % {"fewest": limits.fewest, "most": limits.most, "count": len(promises)},
            reason="commitment.too-few-or-many",
        )
    unmended = sum(promise.state == Promise.State.RETURNED for promise in promises)
    if unmended:
        raise PromiseRefused(
            ngettext_lazy(
                "%(count)d promise was returned and has not been revised yet. Revise it, then propose again.",
                "%(count)d promises were returned and have not been revised yet. Revise them, then propose again.",
                unmended,
            )
            % {"count": unmended},
            reason="commitment.not-mended",
        )
    for promise in promises:
        if promise.state != Promise.State.AGREED:
            check_due(promise.due_on, cycle, day)


def check_may_review(commitment: Commitment, by: Person, proposal: int | None) -> None:
    """A waiting proposal is reviewed by somebody who did not make it and who has seen this very proposal."""
    campaign_rules.check_under_way(commitment.cycle)
    if commitment.state != Commitment.State.PROPOSED or proposal not in {None, commitment.proposals}:
        raise ReviewRefused(
            _("These promises no longer wait for this review: somebody has reviewed or revised them in the meantime."),
            reason="review.no-longer-waiting",
        )
    own = _("You proposed these promises yourself. Somebody else of the level above reviews them.")
    two_people(commitment.proposed_by_id, by, ReviewRefused(own, reason="review.own-proposal"))


def check_opinions(waiting: Collection[Promise], opinions: Mapping[int, Opinion]) -> None:
    """Each waiting promise is agreed to or sent back; whoever sends back says why."""
    if {promise.pk for promise in waiting} != set(opinions):
        raise ReviewRefused(
            _("Say for each promise whether you agree or send it back."), reason="review.not-each-promise"
        )
    missing = _("Write an opinion for each promise that you send back, so that it can be revised.")
    for opinion in opinions.values():
        check_texts(ReviewRefused, PromiseReview, "" if opinion.agrees else missing, opinion=opinion.words)


def check_is_published(promise: Promise) -> None:
    """Reports, statements and answers are about a published promise."""
    if promise.commitment.state != Commitment.State.PUBLISHED or promise.state != Promise.State.AGREED:
        raise ReportRefused(_("This promise has not been published."), reason="promise.not-published")


def check_report(text: str) -> str:
    """A report says something. Returns it trimmed."""
    missing = _("Write what has been done since the last report.")
    return check_public_texts(ReportRefused, ProgressReport, missing, text=text)["text"]


def check_corrects(promise: Promise, corrects: ProgressReport | None) -> None:
    """A correction corrects a report of the same promise."""
    if corrects is not None and corrects.promise_id != promise.pk:
        raise ReportRefused(
            _("The report to be corrected belongs to another promise."), reason="report.of-another-promise"
        )


def check_outcome(outcome: str, explanation: str) -> str:
    """One of the three outcomes, and why. Returns the explanation trimmed."""
    if outcome not in OutcomeStatement.Outcome.values:
        raise ReportRefused(_("Say whether the promise was kept, partly kept or not kept."), reason="outcome.unknown")
    missing = _("Explain how you come to this, for everybody to read.")
    return check_public_texts(ReportRefused, OutcomeStatement, missing, explanation=explanation)["explanation"]


def is_due(promise: Promise, day: date) -> bool:
    """Whether the promise's day has come, so that it can be asked whether it was kept."""
    return promise.due_on <= day


def marks_on(promise: Promise, day: date) -> tuple[str, ...]:
    """The marks that fit the question of that day: how it looks so far, or whether it was kept."""
    return KEPT_OR_NOT if is_asked_of_its_end(promise, day) else SO_FAR


def is_asked_of_its_end(promise: Promise, day: date) -> bool:
    """Whether everybody is asked if it was kept: its day has come, or the level above has decided on it before."""
    return is_due(promise, day) or bool(promise.decision)


def check_asks_others(*, is_own: bool) -> None:
    """Who answers for the unit is not asked, while signed in, how its own promise stands. Raises ReportRefused."""
    if is_own:
        raise ReportRefused(
            _("You answer for this unit, so this page does not ask you. Report at your desk what has been done."),
            reason="answer.of-the-unit-itself",
        )


def check_mark(mark: str, promise: Promise, day: date) -> None:
    """One of the marks of the question. What was asked on the eve of the promise's day may still be answered on that day."""
    if mark in KEPT_OR_NOT and not is_asked_of_its_end(promise, day):
        left = (promise.due_on - day).days
        raise ReportRefused(
            ngettext_lazy(
                "This promise is not due for %(count)d day yet. Say how it looks so far.",
                "This promise is not due for %(count)d days yet. Say how it looks so far.",
                left,
            )
            % {"count": left},
            reason="answer.not-yet-due",
        )
    if mark in SO_FAR and promise.due_on < day:
        raise ReportRefused(
            _("The day of this promise has come. Say whether it was kept."), reason="answer.day-has-come"
        )
    if mark not in CitizenAnswer.Mark.values:
        raise ReportRefused(_("Choose one of the three answers."), reason="answer.unknown-mark")


def check_words(words: str) -> str:
    """Words about a promise are few enough to be read by everybody; what else words must be is a rule of `remarks`."""
    if len(words.replace("\r\n", "\n").strip()) > LONGEST_WORDS:
        raise ReportRefused(
            _("Your words have %(count)d characters. Shorten them to %(most)d.")
            % {"count": len(words), "most": LONGEST_WORDS},
            reason="answer.words-too-long",
        )
    return words
