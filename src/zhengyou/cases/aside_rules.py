"""Who may read what goes around its target, who confirms that, and when two people may set reports aside or undo that."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from zhengyou.cases import rules
from zhengyou.cases.models import Case, CaseAside, CaseGiving, CaseReader
from zhengyou.cases.rules import CaseRefused
from zhengyou.organisations.models import Person
from zhengyou.organisations.vocabulary import worded
from zhengyou.remarks.rules import check_text

MOST_AT_ONCE = 500  # nobody reads more before saying yes
UNDONE_WITHIN = timedelta(days=1)


def check_how_many(count: int) -> None:
    """Somebody reads all of what is done at once."""
    if not 1 <= count <= MOST_AT_ONCE:
        raise CaseRefused(
            _("Choose from 1 to %(most)d at once, so that you can read them.") % {"most": MOST_AT_ONCE},
            reason="case.how-many",
        )


def check_aside(why: str, words: str) -> tuple[str, str]:
    """Setting aside names one of the reasons, and says why in words that the reporters read. Returns both as they are kept."""
    if why not in CaseAside.Why.values:
        raise CaseRefused(_("Choose one of the reasons. It is counted in public."), reason="aside.unknown-reason")
    return why, check_text(CaseRefused, CaseAside, "words", words, _("Say why. Their reporters read it by the code."))


def check_may_be_set_aside(case: Case) -> None:
    """Only what waits is asked about, and once at a time; of what goes around nothing, only what came in a flood."""
    rules.check_state(case, Case.State.GUARDED if case.is_guarded else Case.State.RECEIVED)
    if not case.is_guarded and not case.is_from_flood:
        raise CaseRefused(
            _("Only what came in a rush within minutes is set aside. Assign this one, or answer its reporter."),
            reason="case.not-from-flood",
        )
    if case.aside_id is not None:
        raise CaseRefused(
            _("One of these is asked about already. Another person answers that first."), reason="aside.asked-already"
        )


def check_somebody_else_reads(unread: int) -> None:
    """What only one person may read nobody sets aside, since nobody could agree."""
    if unread:
        raise CaseRefused(
            _("%(n)d of these nobody but you may read, so nobody could agree. Hand them over, or leave them out.")
            % {"n": unread},
            reason="aside.nobody-else-reads",
        )


def check_is_unanswered(aside: CaseAside) -> None:
    """An answer stands."""
    if aside.answered_by_id is not None:
        raise CaseRefused(_("This is answered already."), reason="aside.answered")


def second_person_needed() -> CaseRefused:
    """The refusal of one's own answer to what one asked."""
    return CaseRefused(_("You asked for this yourself. Another person answers."), reason="aside.one-person")


def came_back_before() -> CaseRefused:
    """The refusal of coming back a second time: both have seen what its reporter said."""
    return CaseRefused(
        _("It came back once, and two people set it aside again. What you write still reaches them."),
        reason="aside.came-back-before",
    )


def check_may_be_undone(aside: CaseAside, at: datetime) -> None:
    """What was set aside is brought back within a day; later its reporter alone brings it back, by a message."""
    if aside.answered_at is None or not aside.count or aside.undone_on:
        raise CaseRefused(_("Nothing of this is set aside."), reason="aside.nothing-to-undo")
    if at - aside.answered_at > UNDONE_WITHIN:
        raise CaseRefused(
            _("This can be undone within a day only. A message of its reporter brings a report back at any time."),
            reason="aside.too-late",
        )


def check_waits_for_a_second(reader: CaseReader) -> None:
    """Who is named waits for a second person, once."""
    if reader.from_on is not None or reader.until_on is not None:
        raise CaseRefused(_("This is confirmed already, or taken back."), reason="reader.confirmed")


def check_reads_still(reader: CaseReader) -> None:
    """Only who is not released yet can be kept."""
    if reader.until_on is not None:
        raise CaseRefused(_("This person is released already."), reason="reader.released")


def second_office_person_needed() -> CaseRefused:
    """The refusal of confirming whom one named oneself."""
    return CaseRefused(
        worded(_("You named this person yourself. Another person in the %(office)s confirms it.")),
        reason="reader.one-person",
    )


def second_releaser_needed() -> CaseRefused:
    """The refusal of releasing whose release one asked for oneself."""
    return CaseRefused(
        worded(_("You asked for this yourself. Another person in the %(office)s releases them.")),
        reason="reader.released-by-one",
    )


def check_stands_outside(person: Person, is_barred: bool) -> None:
    """Nobody reads it who runs the campaign, or heads or answers for a unit that takes part. The refusal is the same whether or not
    there is a report about that unit.
    """
    if is_barred:
        raise CaseRefused(
            worded(
                _(
                    "%(name)s works in the %(office)s, or heads or answers for a unit of the campaign. Name somebody "
                    "who does neither."
                ),
                name=person.name,
            ),
            reason="reader.office-or-head",
        )


def check_waits_for_giving(unread: int, readers: Collection[CaseReader]) -> None:
    """Only what nobody may read is given to somebody, and there must be somebody."""
    if not unread:
        raise CaseRefused(_("Nothing waits that nobody may read."), reason="giving.nothing")
    if not readers:
        raise CaseRefused(_("Nobody is named who could read it. Name two people first."), reason="giving.no-readers")


def check_is_not_given(giving: CaseGiving) -> None:
    """It is given once."""
    if giving.given_on is not None:
        raise CaseRefused(_("This is done already."), reason="giving.done")


def second_giver_needed() -> CaseRefused:
    """The refusal of giving what one asked to be given."""
    return CaseRefused(
        worded(_("You asked for this yourself. Another person in the %(office)s confirms it.")),
        reason="giving.one-person",
    )
