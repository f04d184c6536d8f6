"""When a promise is contested and must be answered, what may be decided on it, and what must be taken over or dropped."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from zhengyou.base.deeds import two_people
from zhengyou.base.refusals import Refused
from zhengyou.base.texts import check_texts
from zhengyou.base.time import local_day, working_days_after
from zhengyou.campaigns import rules as campaign_rules
from zhengyou.campaigns.models import Cycle
from zhengyou.commitments.models import CitizenAnswer, OutcomeStatement, Promise
from zhengyou.commitments.rules import is_due
from zhengyou.keeping.models import Dropping, PromiseDecision, UnitAnswer, Upholding
from zhengyou.organisations.models import Person
from zhengyou.remarks.rules import check_public_texts

LOOKED_AT = (
    10  # working days in which the level above looks at what units did without asking it, or answers what they ask
)
FEWEST_ANSWERS = 5  # fewer say nothing about a promise; one alone can be upheld by the level above
DOUBTS = (CitizenAnswer.Mark.NOT_KEPT, CitizenAnswer.Mark.OFF_COURSE)
NEED_SOMETHING_SHOWN = (Promise.Decision.KEPT, Promise.Decision.MOSTLY, Promise.Decision.NOT_KEPT)
COUNT_AS_KEPT = (Promise.Decision.KEPT, Promise.Decision.MOSTLY)
SAYS_THE_SAME = {  # which decisions say what the unit says
    OutcomeStatement.Outcome.FULFILLED: (Promise.Decision.KEPT,),
    OutcomeStatement.Outcome.PARTLY: (Promise.Decision.MOSTLY,),
    OutcomeStatement.Outcome.NOT_FULFILLED: (Promise.Decision.NOT_KEPT, Promise.Decision.NOTHING_SHOWN),
}


class KeepingRefused(Refused):
    """The answer, the decision or the dropping cannot be taken like this."""


@dataclass(frozen=True)
class DayOfAnswers:
    """How many said on one day that a promise was kept, not kept, or that they cannot tell; in all, and those that do count."""

    on: date
    kept: int = 0
    not_kept: int = 0
    cannot_tell: int = 0


class ProofCounts(Protocol):
    """By how much a promise is shown to be kept or not: reports with evidence, people who said something."""

    @property
    def evidence(self) -> int: ...
    @property
    def words(self) -> int: ...


def contested_since(
    days: Iterable[DayOfAnswers], upheld_at: Collection[datetime], answered_at: datetime | None
) -> date | None:
    """The day since which a promise is contested, or None: the day of the answer with which, of at least five, more said "not
    kept" than "kept", or that on which the level above upheld one. What was there before the unit's last answer is answered: `days` are
    of what people said after it, of an upholding the moment is known.
    """
    after = sorted(days, key=lambda one: one.on)
    upheld = [local_day(at) for at in upheld_at if answered_at is None or at > answered_at]
    since = _first_majority(after)
    return min([*upheld, *([since] if since else [])], default=None)


def _first_majority(days: list[DayOfAnswers]) -> date | None:
    """The first day of the last run of days at whose end the majority says that it was not kept."""
    kept = not_kept = everybody = 0
    since: date | None = None
    for one in days:
        kept, not_kept = kept + one.kept, not_kept + one.not_kept
        everybody += one.kept + one.not_kept + one.cannot_tell
        is_contested = everybody >= FEWEST_ANSWERS and not_kept > kept
        since = (since or one.on) if is_contested else None
    return since


def answer_due_on(since: date, cycle: Cycle) -> date:
    """By which day the unit answers in public what is contested, or explains what was not kept."""
    return working_days_after(since, cycle.ruleset.clocks.contested_promise)


def look_due_on(promise: Promise) -> date:
    """By which day the level above says what it thinks of a promise given on the spot: within ten working days, and before its own day
    where that is sooner, since a word after it would help nobody; but nobody has to on the day on which it was given.
    """
    since = local_day(promise.written_at)
    return max(min(working_days_after(since, LOOKED_AT), promise.due_on), working_days_after(since, 1))


def consent_due_on(dropping: Dropping) -> date:
    """By which day the level above says whether something inherited may be dropped: within ten working days."""
    return working_days_after(local_day(dropping.asked_at), LOOKED_AT)


def check_may_uphold(answer: CitizenAnswer, reason: str, *, is_upheld: bool) -> str:
    """The level above upholds one answer that doubts, once, and says why. Returns the reason trimmed."""
    if answer.mark not in DOUBTS:
        raise KeepingRefused(_("Only an answer that doubts the promise can be upheld."), reason="upholding.of-no-doubt")
    if is_upheld:
        raise KeepingRefused(_("This answer is upheld already."), reason="upholding.done")
    missing = _("Say what you found, for everybody to read.")
    return check_public_texts(KeepingRefused, Upholding, missing, reason=reason)["reason"]


def check_is_asked(*, is_asked: bool) -> None:
    """A unit answers where something is contested or was not kept."""
    if not is_asked:
        raise KeepingRefused(
            _("Nothing about this promise waits for an answer. Report progress instead."), reason="answer.not-asked"
        )


def check_unit_answer(text: str, *, is_asked: bool) -> str:
    """What a unit answers where it is asked. Returns the text trimmed."""
    check_is_asked(is_asked=is_asked)
    missing = _("Write your answer, for everybody to read.")
    return check_public_texts(KeepingRefused, UnitAnswer, missing, text=text)["text"]


def decisions_open(promise: Promise, *, has_evidence: bool, has_words: bool) -> tuple[str, ...]:
    """What the level above may decide: without evidence and without anybody's word only that nothing was shown. What cannot be
    checked never counts as kept.
    """
    if not (has_evidence or has_words):
        return (Promise.Decision.NOTHING_SHOWN,)
    if not promise.is_checkable:
        return (Promise.Decision.NOT_KEPT, Promise.Decision.NOTHING_SHOWN)
    return NEED_SOMETHING_SHOWN


def check_may_decide(promise: Promise, day: date, *, is_stated: bool) -> None:
    """A promise is decided on once its day has come, or the unit has said how it ended."""
    campaign_rules.check_under_way(promise.commitment.cycle)
    if not is_stated and not is_due(promise, day):
        raise KeepingRefused(
            _("The day of this promise has not come, and the unit has not said how it ended. Decide on it then."),
            reason="decision.too-early",
        )


def check_decision(promise: Promise, decision: str, reason: str, *, has_evidence: bool, has_words: bool) -> str:
    """One of the decisions that are open, with its reason. Returns the reason trimmed."""
    if decision not in Promise.Decision.values:
        raise KeepingRefused(_("Choose one of the decisions."), reason="decision.unknown")
    is_shown = has_evidence or has_words
    if decision == Promise.Decision.NOTHING_SHOWN and is_shown and promise.is_checkable:
        raise KeepingRefused(
            _("There is evidence, or somebody has said something. Decide whether it was kept."),
            reason="decision.something-shown",
        )
    if decision in NEED_SOMETHING_SHOWN and not is_shown:
        raise KeepingRefused(
            _("Neither evidence nor anybody’s word appears here. The only decision is “nothing shown”."),
            reason="decision.nothing-shown",
        )
    if decision in COUNT_AS_KEPT and not promise.is_checkable:
        raise KeepingRefused(
            _("No stranger could check this promise, so it never counts as kept."), reason="decision.cannot-be-checked"
        )
    missing = _("Say why you decide so, for everybody to read.")
    return check_public_texts(KeepingRefused, PromiseDecision, missing, reason=reason)["reason"]


def check_nobody_decided(after: int | None, last: int) -> None:
    """Of two who decide at once the second looks at what the first said. `after`: the last decision that was seen, 0 for none."""
    if after is not None and after != last:
        raise KeepingRefused(
            _(
                "Somebody decided on this promise a moment ago. What you wrote was not saved. Look at it, and decide again."
            ),
            reason="decision.made-meanwhile",
        )


def check_may_consent(*, consents: bool, is_taken_over: bool) -> None:
    """What the unit has taken over meanwhile is not dropped."""
    if consents and is_taken_over:
        raise KeepingRefused(
            _("The unit has taken this promise over meanwhile, so it is not dropped. Answer that it is to be kept."),
            reason="dropping.taken-over",
        )


def check_others_show_it(decision: str, shown: ProofCounts) -> None:
    """Who entered for a unit all that shows a promise kept is not the one who decides that it was: `shown` is what others brought."""
    if decision in COUNT_AS_KEPT and not (shown.evidence or shown.words):
        raise KeepingRefused(
            _("You entered for the unit yourself all that shows this. Somebody else of the level above decides on it."),
            reason="decision.own-evidence",
        )


def is_left_unkept(promise: Promise, outcome: str | None) -> bool:
    """Whether a promise of a closed cycle is inherited: decided as not kept, or, without a decision, not said to be fulfilled."""
    if promise.decision:
        return promise.decision not in COUNT_AS_KEPT
    return outcome != OutcomeStatement.Outcome.FULFILLED


def check_inherited_settled(left: int) -> None:
    """What an earlier cycle left unkept is taken over, or dropped with the consent of the level above, before anything is proposed."""
    if left:
        raise KeepingRefused(
            ngettext_lazy(
                "%(count)d promise of an earlier cycle is left open. Take it over, or drop it with the consent of the level above.",
                "%(count)d promises of an earlier cycle are left open. Take each over, or drop it with the consent of the level above.",
                left,
            )
            % {"count": left},
            reason="commitment.inherited-open",
        )


def check_may_drop(reason: str, *, is_inherited: bool) -> str:
    """Only what is inherited and neither taken over nor dropped can be dropped, with a reason. Returns it trimmed."""
    if not is_inherited:
        raise KeepingRefused(
            _("This promise is not waiting to be taken over. Look at where it stands now."),
            reason="dropping.not-inherited",
        )
    missing = _("Say why this is no longer promised. Everybody can read it.")
    return check_public_texts(KeepingRefused, Dropping, missing, reason=reason)["reason"]


def check_may_answer_dropping(row: Dropping, by: Person, opinion: str, *, consents: bool) -> str:
    """Another person answers once; whoever refuses says why. Returns the opinion trimmed."""
    own = _("You asked for this yourself. Somebody else of the level above answers.")
    two_people(row.asked_by_id, by, KeepingRefused(own, reason="dropping.own"))
    if row.consents is not None:
        raise KeepingRefused(_("This was answered already."), reason="dropping.answered")
    missing = "" if consents else _("Say why this promise is to be kept all the same.")
    return check_texts(KeepingRefused, Dropping, missing, opinion=opinion)["opinion"]
