"""What a report must hold, whose turn it is, who may do what to a case. Its clocks are in `computing.timing`."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengyou.base import codes
from zhengyou.base.refusals import Refused
from zhengyou.base.texts import check_texts
from zhengyou.base.words import in_all_words, in_readers_words
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.ruleset import CaseKind, Rules
from zhengyou.cases.computing import timing
from zhengyou.cases.computing.ringing import BLACK, holds_a_number
from zhengyou.cases.computing.timing import Pause
from zhengyou.cases.models import Case, CaseStep
from zhengyou.identity import rules as identity_rules
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.organisations.tree import is_from_elsewhere, is_within
from zhengyou.organisations.vocabulary import worded
from zhengyou.remarks.rules import check_text

ROOM = "cases"
HANDS = 2  # so many units may say "not ours"; then the level above says whose it is
READERS = 2
LEAST = 10  # so many cases at least have a middle number of days: of fewer it would tell on which day somebody reported
CALL_MISSING = _("Write how you reached each other and what was said. The reporter reads it.")
MESSAGE_MISSING = _("Write the message. The reporter finds it by the code.")
PASSING_MISSING = _("Say why it is theirs. Everybody can read it.")
REOPENING_MISSING = worded(_("Say what is still not right. The %(office)s will read it."))
HANDING_MISSING = _("Say when and how it was handed over. Its reporter reads it.")
OPINION_MISSING = _("Say why you decide so, for everybody to read.")
PLAIN_TEXT = _("Somebody reported this about your unit: %(kind)s. Look into it and put it right.")
HIDDEN_PAUSE = _("a reason that is hidden")
CONTACT_KEPT = timedelta(days=90)  # after the end: until then its reporter may still be asked by whoever checks
OPEN = (
    Case.State.RECEIVED, Case.State.ASSIGNED, Case.State.PASSED, Case.State.UNOWNED, Case.State.ASKED,
)  # fmt: skip
TURN_OF_REPORTER = (Case.State.FIXED, Case.State.IMPOSSIBLE)
NOT_OVER = (*OPEN, *TURN_OF_REPORTER)
UNCALLED = Q(called_on=None, state__in=OPEN)
WITH_UNIT = (Case.State.ASSIGNED, Case.State.PASSED)
GUARDED = (Case.State.GUARDED, Case.State.HANDED)
AROUND = (*GUARDED, Case.State.SET_ASIDE)
OF_PAUSES = (CaseStep.Kind.PAUSED, CaseStep.Kind.RESUMED)
HANDED_READ = timedelta(days=7)  # so long its two readers still see what was handed over, to answer what its body asks


class CaseRefused(Refused):
    """The report cannot be taken, or the next step of the case is another one."""


class ConfidenceRefused(identity_rules.RoleRefused):
    """Somebody of the unit that a case is about would read or do what is for people from elsewhere."""


def pauses_of(steps: Iterable[CaseStep]) -> list[Pause]:
    """The pauses of a case, of its steps in order. Each ends by itself; another pause, and what ends a case or sends it on, ends it
    sooner.
    """
    pauses: list[Pause] = []
    for step in steps:
        if step.kind in (CaseStep.Kind.PAUSED, CaseStep.Kind.RESUMED) and pauses and step.on <= pauses[-1].until_on:
            pauses[-1] = replace(pauses[-1], until_on=step.on, is_ended=True)
        if step.kind == CaseStep.Kind.PAUSED and step.until_on:
            pauses.append(
                Pause(step.on, step.until_on, step.words if not step.hidden else step.blacked or str(HIDDEN_PAUSE))
            )
    return pauses


def kind_named(cycle: Cycle, kind: str) -> CaseKind:
    """The kind of a case by its slug, as the rules of the cycle have it. Raises CaseRefused for another one."""
    return _kind_in(cycle.ruleset, kind)


def kind_of(case: Case) -> CaseKind:
    """The kind of this case. Raises as `kind_named` does."""
    return _kind_in(case.ruleset, case.kind)


def _kind_in(ruleset: Rules, kind: str) -> CaseKind:
    for one in ruleset.case_kinds:
        if one.id == kind:
            return one
    raise CaseRefused(_("Choose a kind, so that we know what it is about."), reason="case.unknown-kind")


def body_of(kind: CaseKind, cycle: Cycle) -> str:
    """The body to which a case of this kind is handed around its target; nothing for the others. What is not public goes around
    its target as well, to the first body of the rules.
    """
    first = next((one.id for one in cycle.ruleset.bodies), "")
    return kind.body or ("" if kind.is_public else first)


def kind_around(cycle: Cycle) -> CaseKind | None:
    """The first kind of the rules that goes around its target, or None."""
    return next((one for one in cycle.ruleset.case_kinds if body_of(one, cycle)), None)


def is_guarded_kind(cycle: Cycle, kind: str) -> bool:
    """Whether cases of this kind go around their target."""
    return bool(body_of(kind_named(cycle, kind), cycle))


def days_to_fix(case: Case) -> int:
    """In how many working days a case of this kind is fixed, by the rules of its cycle."""
    clocks = case.ruleset.clocks
    return clocks.fix_long if kind_of(case).clock == "fix_long" else clocks.fix


def check_report(*, words: str, contact: str, **short: str) -> dict[str, str]:
    """A report says something, or says how to reach its sender. Returns all texts as they are kept."""
    texts = {field: check_text(CaseRefused, Case, field, text) for field, text in {"words": words, **short}.items()}
    texts["contact"] = check_text(CaseRefused, Case, "contact", contact)
    if not texts["words"] and not texts["contact"]:
        raise CaseRefused(
            _("Write what happened, or how to reach you. One of the two is enough."), reason="case.says-nothing"
        )
    return texts


def check_public_words(words: str, public_words: str) -> str:
    """What others may read are the reporter's own words with parts blacked out, and never other words. Returns it as it is kept."""
    kept = check_text(CaseRefused, Case, "public_words", public_words)
    if len(kept) != len(words) or any(one not in (own, BLACK) for own, one in zip(words, kept, strict=True)):
        raise CaseRefused(
            _("Others read your own words, with parts blacked out. Black out more, or write a message."),
            reason="case.other-words",
        )
    return kept


def check_blacks_out(case: Case, public_words: str) -> str:
    """Once others may read it, more can be blacked out at any time, and nothing uncovered. Returns it as it is kept."""
    kept = check_public_words(case.words, public_words)
    if any(was == BLACK and one != BLACK for was, one in zip(case.public_words, kept, strict=True)):
        raise CaseRefused(
            _("What is blacked out stays so: others may have relied on it."), reason="case.uncovered-again"
        )
    return kept


def check_is_same_form(known: Case, once: uuid.UUID) -> None:
    """A form sent twice is one case; a changed text needs a form of its own."""
    if known.once != once:
        raise CaseRefused(
            _("This form has already been sent. If this is something more, nothing is lost: send it once more."),
            reason="case.form-used",
        )


def code_of(ticket: str) -> str:
    """The code of 60 bits that belongs to a form's ticket: keyed, so that only this house can tell one from the other."""
    return codes.spelled(int(codes.digest("case-ticket", ticket), 16))


def lookup_of(code: str) -> str:
    """What is kept of a code."""
    return codes.digest("case", code)


def check_state(case: Case, *states: str) -> None:
    """The next step fits how the case stands now."""
    if case.state not in states:
        raise CaseRefused(
            _("This case has changed meanwhile. Look at it once more: somebody was first, or another step is due."),
            reason="case.other-state",
        )


def homes_of(person: Person, posts: Iterable[Post]) -> list[Organisation]:
    """Where somebody belongs: their own organisation, and those in which they hold posts."""
    return [person.organisation, *(post.organisation for post in posts)]


def is_of_target(person: Person, posts: Iterable[Post], touched: Iterable[Organisation]) -> bool:
    """Whether somebody belongs to a unit that has, or had, the case in hand, or to one below it. The top of the tree does not count
    as one: nobody in the house is from outside it.
    """
    homes = homes_of(person, posts)
    return any(unit.parent_id is not None and is_within(home, unit) for unit in touched for home in homes)


def check_looks_after(case: Case, by: Person, touched: Iterable[Organisation], on: date) -> None:
    """The campaign office of the unit, or one above it, looks after a case; nobody of a unit that has or had it in hand does."""
    check_is_open_to_office(case)
    identity_rules.check_is_office_of(by, case.unit, on)
    if is_of_target(by, organisations.posts_of(by, on), touched):
        raise ConfidenceRefused(
            worded(
                _(
                    "You belong to a unit that this case is or was about. Somebody in the %(office)s from elsewhere "
                    "looks after it."
                )
            ),
            reason="case.own-unit",
        )


def check_is_open_to_office(case: Case) -> None:
    """What goes around its target is for its two readers."""
    if case.is_guarded:
        raise ConfidenceRefused(
            _("Two named people look after this case, and nobody else reads it."), reason="case.guarded"
        )


def check_has_in_hand(case: Case, by: Person, on: date) -> None:
    """The unit that has a case in hand acts by whoever leads it, or by its own office."""
    check_is_open_to_office(case)
    posts = organisations.posts_of(by, on)
    roles = (Post.Role.SECRETARY, Post.Role.CAMPAIGN_OFFICE)
    if not any(post.organisation_id == case.unit_id and post.role in roles for post in posts):
        identity_rules.check_is_secretary(by, case.unit, on)


def check_is_level_above(case: Case, by: Person, on: date) -> None:
    """The level above confirms that something cannot be done, and says whose it is; for the top of the tree its own office does."""
    check_is_open_to_office(case)
    if case.unit.parent_id is None:
        identity_rules.check_is_office_of(by, case.unit, on)
    else:
        identity_rules.check_is_above(by, case.unit, on)


def check_may_close(case: Case, by: Person, on: date) -> None:
    """After so many working days without a word of its reporter somebody from elsewhere closes a case, never the unit itself.

    For the top of the tree nobody is from elsewhere: there a scrutineer does.
    """
    check_state(case, *TURN_OF_REPORTER)
    if case.said_on is not None:
        raise CaseRefused(
            _(
                "The reporter wrote something today, so this case cannot be closed yet. What they wrote appears in the case tomorrow."
            ),
            reason="case.reporter-spoke",
        )
    days = case.cycle.ruleset.clocks.reporter_silent
    if case.fixed_on is None or not timing.clock(case.fixed_on, days, on).is_late:
        raise CaseRefused(
            _("The reporter has %(days)d working days to answer. Only then can somebody else close it.")
            % {"days": days},
            reason="case.reporter-has-time",
        )
    if case.unit.parent_id is None:
        is_other = any(post.role == Post.Role.SCRUTINEER for post in organisations.posts_of(by, on))
    else:
        is_other = is_from_elsewhere(by.organisation, case.unit)
    if not is_other:
        raise ConfidenceRefused(
            _("A case is never closed by its own unit or the one above it, but by another unit."),
            reason="case.own-closing",
        )


def check_may_pass(case: Case, to: Organisation, before: Collection[int]) -> None:
    """ "Not ours" names whose it is: a living unit of the same campaign that has not had the case in hand yet."""
    check_state(case, *WITH_UNIT)
    check_may_get_after(case, to, before)


def check_may_get_after(case: Case, to: Organisation, before: Collection[int]) -> None:
    """A unit of the campaign that has not had the case in hand, as those `before` have."""
    check_may_get(case, to)
    if to.pk in before:
        raise CaseRefused(
            _("%(unit)s has had this case in hand already. Name another unit, or take it.") % {"unit": to.name},
            reason="case.had-it-already",
        )


def check_may_get(case: Case, to: Organisation) -> None:
    """Only a living unit of the campaign can have a case in hand."""
    top = case.cycle.campaign.organisation
    if to.ended_on is not None or not is_within(to, top):
        raise CaseRefused(
            _("%(unit)s does not take part in this campaign. Name a unit that does.") % {"unit": to.name},
            reason="case.unit-outside",
        )


def check_words(words: str, missing: Any) -> str:
    """Somebody's words for the reporter or for everybody. Returns them as they are kept."""
    return check_text(CaseRefused, CaseStep, "words", words, missing)


def check_target_text(text: str) -> str:
    """The text that the target reads is the office's own. Returns it trimmed."""
    missing = _("Write what the unit needs to know to put it right, in your own words. It never reads the report.")
    kept = check_texts(CaseRefused, Case, missing, target_text=text)["target_text"]
    if holds_a_number(kept):
        raise CaseRefused(
            _(
                "Leave out the telephone, identity or plate number: the unit reads this text, and so does whoever is there."
            ),
            reason="case.text-tells-number",
        )
    return kept


def check_may_be_reader(person: Person, others: Collection[Person]) -> None:
    """Two people, and no third, read what goes around its target."""
    if person.pk in {other.pk for other in others}:
        raise CaseRefused(_("%(name)s is named already.") % {"name": person.name}, reason="reader.named-already")
    if len(others) >= READERS:
        raise CaseRefused(_("Two people are named already. Release one of them first."), reason="reader.two-already")


def check_says(says: str) -> str:
    """What the unit says in public at the end, which is a text of its own beside the verdict. Returns it as it is kept."""
    missing = _("Say what was done, or what is missing. Everybody can read it.")
    return check_tells_of_nobody(check_text(CaseRefused, Case, "unit_says", says, missing))


def check_tells_of_nobody(words: str) -> str:
    """What a unit writes for everybody holds no number by which somebody is reached or known. Returns it."""
    if holds_a_number(words):
        raise CaseRefused(
            _("Everybody reads this, for ever. Leave out the telephone, identity or plate number, and names as well."),
            reason="case.tells-of-somebody",
        )
    return words


def no_campaign(unit: Organisation) -> CaseRefused:
    """The refusal of a report where no campaign takes any."""
    return CaseRefused(
        _("No campaign that takes reports is under way for %(unit)s.") % {"unit": unit.name}, reason="case.no-campaign"
    )


def plain_text(case: Case) -> str:
    """What a target may be told if the office writes nothing of its own: the kind, and no word of the report."""
    return str(PLAIN_TEXT) % {"kind": in_readers_words(kind_of(case).name)}


def is_plain(case: Case) -> bool:
    """Whether the text for the target is the house's own, in whatever language it was given and whatever kind it had then."""
    names = {name for one in case.ruleset.case_kinds for name in one.name.values()}
    for text in in_all_words(PLAIN_TEXT).values():
        before, _place, after = text.partition("%(kind)s")
        kind = case.target_text.removeprefix(before).removesuffix(after)
        if kind in names and case.target_text == f"{before}{kind}{after}":
            return True
    return False


def check_may_reopen(case: Case) -> None:
    """Its reporter opens a closed case again, while the cycle is under way."""
    check_state(case, Case.State.CLOSED)
    if not case.cycle.is_under_way:
        raise CaseRefused(
            _("The cycle is over, so this case stays closed. Send a new report, and name the number of this one."),
            reason="case.cycle-over",
        )


def check_is_read_still(case: Case, on: date) -> None:
    """What was handed over is closed for reading after some days: nobody here would see a message."""
    if not is_read_still(case, on):
        raise CaseRefused(
            _("It was handed over, and nobody here reads it any more. Ask the body to which it went."),
            reason="case.handed-over",
        )


def is_read_still(case: Case, on: date) -> bool:
    """Whether anybody here may still read this case."""
    return case.state != Case.State.HANDED or (case.closed_on is not None and on <= case.closed_on + HANDED_READ)


def not_for_you() -> ConfidenceRefused:
    """The refusal of a case that goes around its target, to anybody but its readers. It says of none that there is one."""
    return ConfidenceRefused(_("Only the two people who are named for it read this."), reason="case.not-a-reader")


def check_verdict(verdict: str) -> None:
    """One of the three verdicts; none is given by itself."""
    if verdict not in Case.Verdict.values:
        raise CaseRefused(_("Choose one of the three answers."), reason="case.unknown-verdict")


def check_lacks(lacks: str) -> None:
    """Whoever says that something cannot be done says what is missing: a rule that lets it, or the means."""
    if lacks not in Case.Lacks.values:
        raise CaseRefused(_("Say what is missing: a rule that allows it, or the means."), reason="case.lacks-unsaid")


def check_may_be_passed_still(case: Case) -> None:
    """Once the level above has said whose it is, that stands."""
    if case.hands > HANDS:
        raise CaseRefused(
            _("The level above has said that this case is yours. Take it, or say that it cannot be done."),
            reason="case.settled-above",
        )
