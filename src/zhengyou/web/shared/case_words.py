"""Cases in words: how one stands, what its steps are called, who reads which of them, and what in a report is ringed.

The target reads no word of a reporter: `steps_for` is the one place that says which words go to whom.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core import signing
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from zhengyou.base.time import week_of
from zhengyou.base.words import in_readers_words
from zhengyou.cases import effects, giving_rules, hiding, queries, rules
from zhengyou.cases.computing.timing import CaseClock, week_told
from zhengyou.cases.models import Case, CaseAside, CaseReading, CaseStep
from zhengyou.organisations.models import Person
from zhengyou.organisations.vocabulary import worded
from zhengyou.web.shared.lists import Cell

STATES: dict[str, Any] = {
    Case.State.RECEIVED: _("received"),
    Case.State.ASSIGNED: _("being dealt with"),
    Case.State.PASSED: _("passed on, not yet taken"),
    Case.State.UNOWNED: _("the level above decides whose it is"),
    Case.State.ASKED: _("the unit says it cannot be done"),
    Case.State.FIXED: _("the unit says it has been put right"),
    Case.State.IMPOSSIBLE: _("the level above confirms it cannot be done"),
    Case.State.CLOSED: _("closed"),
    Case.State.GUARDED: _("on its way to the named body"),
    Case.State.HANDED: _("handed over"),
    Case.State.SET_ASIDE: _("set aside by two people"),
}
AROUND: dict[str, Any] = {
    Case.State.GUARDED: _("waits"),
    Case.State.HANDED: _("handed over"),
    Case.State.SET_ASIDE: _("set aside by the two people who may read it"),
}
ASIDE_WHYS: dict[str, Any] = {
    CaseAside.Why.PROGRAM: _("sent by a program"),
    CaseAside.Why.SENSELESS: _("says nothing that anybody could look into"),
    CaseAside.Why.REPEATED: _("the same words as a report that is kept"),
}
VERDICTS: dict[str, Any] = {
    Case.Verdict.SOLVED: _("It has been put right"),
    Case.Verdict.PARTLY: _("It has been put right in part"),
    Case.Verdict.NOT_SOLVED: _("It has not been put right"),
}
LACKS: dict[str, Any] = {
    Case.Lacks.RULE: _("a rule that allows it"),
    Case.Lacks.MEANS: _("the means"),
}
SOURCES: dict[str, Any] = {
    Case.Source.REPORT: _("public page"),
    Case.Source.WINDOW: _("service window"),
    Case.Source.PHONE: _("phone call"),
    Case.Source.HOTLINE: _("hotline"),
    Case.Source.PAPER: _("on paper"),
    Case.Source.COUNTER: _("spoken at a counter"),
}
KIND, SIDE = CaseStep.Kind, CaseStep.Side
STEPS: dict[str, Any] = {
    KIND.RECEIVED: _("Report received"),
    KIND.ASSIGNED: _("Given to a unit"),
    KIND.REWORDED: _("The text for the unit was rewritten"),
    KIND.CALLED: _("The reporter was called back"),
    KIND.NOT_CALLED: _("The reporter says: nobody called me"),
    KIND.MESSAGE: _("Message"),
    KIND.PASSED: _("“Not ours”, passed on"),
    KIND.TAKEN: _("Taken on"),
    KIND.ASKED: _("The unit says that it cannot be done"),
    KIND.DECLINED: _("The level above says that it can be done"),
    KIND.IMPOSSIBLE: _("The level above confirms that it cannot be done"),
    KIND.FIXED: _("The unit says that it has been put right"),
    KIND.PAUSE_ASKED: _("The unit asks to pause the time limit"),
    KIND.PAUSE_DENIED: _("The time limit runs on"),
    KIND.PAUSED: _("The time limit is paused"),
    KIND.RESUMED: _("The time limit runs again"),
    KIND.VERDICT: _("The reporter gave a verdict"),
    KIND.REOPENED: _("The reporter opened it again"),
    KIND.CLOSED: _("Closed by another unit, after a long silence from the reporter"),
    KIND.HANDED: _("Handed over"),
    KIND.SET_ASIDE: worded(_("Set aside by two people in the %(office)s")),
    KIND.BROUGHT_BACK: _("Brought back"),
    KIND.BLACKED_OUT: _("The reporter blacked out more"),
    KIND.KIND_CHANGED: _("Its kind was corrected"),
}
TO_REPORTER: dict[str, Any] = {  # the same on the page of one's own case
    KIND.CALLED: _("You were called back"),
    KIND.NOT_CALLED: _("You said: nobody called me"),
    KIND.VERDICT: _("You gave a verdict"),
    KIND.REOPENED: _("You opened it again"),
    KIND.CLOSED: _("Closed by another unit, after a long silence from you"),
    KIND.BLACKED_OUT: _("You blacked out more"),
}
BY_OFFICE = worded(_("The %(office)s blacked out words of the report"))
ASIDE_BY_TWO = _("Set aside by the two people who may read it")
SIDES: dict[str, Any] = {
    SIDE.REPORTER: _("the reporter"),
    SIDE.OFFICE: worded(_("the %(office)s")),
    SIDE.UNIT: _("the unit"),
    SIDE.ABOVE: _("the level above"),
    SIDE.READER: _("one of the two people who may read it"),
    SIDE.CLERK: _("somebody who wrote it down for the reporter"),
}
PAUSE_WHYS: dict[str, Any] = {
    CaseStep.Why.DELIVERY: _("parts or work on order"),
    CaseStep.Why.DECISION: _("a decision by somebody else"),
    CaseStep.Why.REPORTER: _("something that only the reporter can bring or show"),
    CaseStep.Why.WEATHER: _("weather or season"),
}
CLOCKS: dict[str, Any] = {
    "call_back": _("Call back"),
    "answer": _("First message"),
    "fix": _("Put right"),
    "turn": _("To be taken on"),
    "reporter": _("The reporter’s verdict"),
    "hand_over": _("Hand over"),
}
IN_PUBLIC = {
    KIND.RECEIVED, KIND.ASSIGNED, KIND.PASSED, KIND.TAKEN, KIND.ASKED, KIND.DECLINED, KIND.IMPOSSIBLE,
    KIND.FIXED, KIND.PAUSE_ASKED, KIND.PAUSE_DENIED, KIND.PAUSED, KIND.RESUMED, KIND.VERDICT, KIND.REOPENED, KIND.CLOSED,
}  # fmt: skip
# What a reporter did: others are told the week. A counter with few visitors a day would know from the day who it was. That somebody was
# called back, or says not to have been, others are never told: it would say who left a telephone.
BY_WEEK = {KIND.RECEIVED, KIND.VERDICT, KIND.REOPENED}
OPENED = "case-opened"  # what the signed word of an opened page is bound to
OTHERS = ("public", SIDE.UNIT)
HIDDEN: dict[str, Any] = {
    CaseStep.Hidden.NAMES: _("they name a person, or point to one"),
    CaseStep.Hidden.INSULTS: _("they insult a person"),
}


@dataclass(frozen=True)
class StepRow:
    """A step as one reader sees it: `words` are empty where they are not for this reader, or `hidden` for a reason. `on` is the Monday
    of a week for `by_week`.
    """

    on: date
    by_week: bool
    what: Any
    who: Any
    words: str
    to: str
    is_message: bool
    number: int
    hidden: Any = ""
    hidden_on: date | None = None
    blacked: str = ""
    is_hidden: bool = False  # its own words; else those of the report were blacked out
    may_hide: bool = False
    why: Any = ""
    until: date | None = None


@dataclass(frozen=True)
class ClockRow:
    """A clock with its name, and how it stands in words."""

    name: Any
    clock: CaseClock
    words: str
    is_again: bool = False  # it began anew when its reporter opened the case again


def headed(kind: Any, case: Case) -> str:
    """What a case is about, which people read first, and its number: on its page as in lists."""
    return gettext("%(kind)s · %(number)s") % {"kind": kind, "number": case.number_words}


def kind_name(case: Case) -> str:
    """What its kind is called in the rules of its cycle."""
    return in_readers_words(rules.kind_of(case).name)


def kinds_of(cycle: Any) -> list[tuple[str, str]]:
    """The kinds of the rules, by slug, those that go around their target among them."""
    return [(one.id, in_readers_words(one.name)) for one in cycle.ruleset.case_kinds]


def kinds_explained(cycle: Any) -> list[tuple[str, Any]]:
    """The same for whoever reports: each with the line that explains it, and that two people read it instead of the office."""
    made = []
    for one in cycle.ruleset.case_kinds:
        around = worded(_("Two named people read it, not the %(office)s.")) if rules.body_of(one, cycle) else ""
        says = [part for part in (in_readers_words(one.says or {}), around) if part]  # each in a line of its own
        lines = format_html_join(mark_safe("<br>"), "{}", ((part,) for part in says))
        name = in_readers_words(one.name)
        made.append((one.id, format_html("{} <small>{}</small>", name, lines) if says else name))
    return made


def opened_word(case: Case) -> str:
    """The signed word by which a page that was opened by the code goes on; the code itself stands in none."""
    return signing.dumps(case.key, salt=OPENED)


def may_go_around(case: Case) -> Any:
    """The kind by which its reporter can let it go around its target, where the words seem to ask for that; else None."""
    is_asked = case.state == Case.State.RECEIVED and giving_rules.seems_grave(case)
    return rules.kind_around(case.cycle) if is_asked else None


def text_of(case: Case) -> str:
    """What its unit reads, or, before anything is written for it, what it is about."""
    return giving_rules.text_read(case) or kind_name(case)


def body_name(case: Case) -> str:
    """The body to which it is handed around its target."""
    return next((in_readers_words(one.name) for one in case.cycle.ruleset.bodies if one.id == case.body), "")


def state_of(case: Case) -> Any:
    """How it stands, for its reporter."""
    return AROUND[case.state] if case.is_guarded and case.state == Case.State.SET_ASIDE else STATES[case.state]


def words_of_clock(clock: CaseClock, *, is_again: bool = False) -> str:
    """How a clock stands: what is left of it, by how much it is late, or how long it took."""
    if clock.paused_until:
        return _words_of_pause(clock, clock.paused_until)
    late = ngettext("%(n)d working day late", "%(n)d working days late", clock.over) % {"n": clock.over}
    if clock.done_on and clock.done_on < clock.from_on:  # opened again: it begins with the end of that week
        return str(_("done on %(day)s, in the week in which it was opened again") % {"day": date_format(clock.done_on)})
    if clock.done_on:
        took = ngettext("after %(n)d working day", "after %(n)d working days", clock.day) % {"n": clock.day}
        first = (
            _("after it had been opened again")
            if is_again
            else _("the same day")
            if clock.done_on == clock.from_on
            else _("before the next working day")
        )
        how = late if clock.over else took if clock.day else str(first)
        return str(_("done on %(day)s, %(how)s") % {"day": date_format(clock.done_on), "how": how})
    if clock.is_late:
        since = _("it was due on %(day)s") % {"day": date_format(clock.due_on)}
        return f"{late if clock.over else _('late')} · {since}"
    left = clock.days - clock.day
    words = ngettext("%(n)d working day left of %(days)d", "%(n)d working days left of %(days)d", left)
    until = _("until %(day)s") % {"day": date_format(clock.due_on)}
    if not left:  # “0 days left” would sound as if it were over
        return f"{_('today is the last day')} · {until}"
    return f"{words % {'n': left, 'days': clock.days}} · {until}"


def _words_of_pause(clock: CaseClock, until: date) -> str:
    """How a clock stands that a pause holds; one that was late before stays so, and has no day before it any more."""
    days = {"day": date_format(until), "due": date_format(clock.due_on), "n": clock.over}
    if clock.over:
        late = ngettext(
            "paused until %(day)s · it was %(n)d working day late before, and still is",
            "paused until %(day)s · it was %(n)d working days late before, and still is",
            clock.over,
        )
        return late % days
    if clock.is_late:
        return str(_("paused until %(day)s · it was late before, and still is") % days)
    return str(_("paused until %(day)s · then due by %(due)s") % days)


def due_of(case: Case, on: date) -> Any:
    """By when the office calls its reporter back, or the unit puts it right; nothing once it is over."""
    if case.state not in rules.OPEN:
        return ""
    clocks = queries.clocks_of(case, on)
    one = clocks.get("fix") or clocks["turn"]
    one = one if case.called_on else clocks.get("call_back") or clocks["answer"]
    late = ngettext("%(n)d working day late", "%(n)d working days late", one.over) % {"n": one.over}
    note = late if one.over else _("late") if one.is_late else _("paused") if one.paused_until else ""
    return Cell(one.due_on, note=note, late="note" if one.is_late else "")


def clock_lines(case: Case, on: date, steps: Iterable[CaseStep], reader: str) -> list[ClockRow]:
    """The clocks of a case with their names, as far as they are for this reader (`steps_for`); that of the call back begins with the
    day on which a report came, so it is for its reporter and the office alone.
    """
    clocks = queries.clocks_of(case, on, steps)
    return [
        ClockRow(_name_of(name, case, reader), one, words_of_clock(one, is_again=is_again), is_again)
        for name, one in clocks.items()
        for is_again in [name == "fix" and case.reopened > 0]
        if name not in ("call_back", "answer") or reader not in OTHERS
    ]


def _name_of(clock: str, case: Case, reader: str) -> Any:
    """What a clock is called for this reader: where nobody has to take the case on, the level above has to answer."""
    is_above = clock == "turn" and case.state in (Case.State.ASKED, Case.State.UNOWNED)
    if clock == reader == SIDE.REPORTER:
        return _("Your verdict")
    return _("The level above answers") if is_above else CLOCKS[clock]


def steps_for(steps: Iterable[CaseStep], reader: str, by: Person | None = None) -> list[StepRow]:
    """The steps with the words that are for this reader: `public`, `unit`, `office` or `reporter`. `by` hides none of their own words."""
    steps = list(steps)
    return [_line(one, reader, hiding.are_own(one, steps, by)) for one in steps if _is_for(one, reader)]


def _is_for(step: CaseStep, reader: str) -> bool:
    if reader in (SIDE.OFFICE, SIDE.REPORTER):
        return True
    if step.kind == KIND.RECEIVED:
        return week_told(step.on, step.case.given_on or step.on) is not None
    if not effects.is_told(step, step.case):
        return False
    if step.kind == KIND.KIND_CHANGED:  # before a unit had it nobody else knew the case
        return bool(step.words)
    if step.kind == KIND.BLACKED_OUT:
        return step.side == SIDE.OFFICE
    return step.kind in IN_PUBLIC or (reader == SIDE.UNIT and step.kind == KIND.MESSAGE and step.side == SIDE.UNIT)


def _line(step: CaseStep, reader: str, is_mine: bool) -> StepRow:
    is_open = hiding.is_said_in_public(step)
    is_own = reader == SIDE.UNIT and step.kind == KIND.MESSAGE
    words = step.words if is_open or is_own or reader in (SIDE.OFFICE, SIDE.REPORTER) else ""
    if step.hidden and reader != SIDE.OFFICE:
        words = step.blacked
    to = step.to.name if step.to else ""
    what = _what_of(step, reader)
    by_week = reader in OTHERS and step.kind in BY_WEEK
    on = week_of(step.on) if by_week else step.on
    may_hide = hiding.may_be_hidden(step) and not is_mine
    who, hidden = _who_of(step, reader), HIDDEN.get(step.hidden, "")
    is_message = step.kind == KIND.MESSAGE
    said = (step.number, hidden, step.hidden_on, step.blacked, bool(step.words), may_hide)
    return StepRow(on, by_week, what, who, words, to, is_message, *said, PAUSE_WHYS.get(step.why, ""), step.until_on)


def _what_of(step: CaseStep, reader: str) -> Any:
    is_own = reader == SIDE.REPORTER
    if (step.kind, step.side) == (KIND.SET_ASIDE, SIDE.READER):
        return ASIDE_BY_TWO
    if step.kind == KIND.VERDICT and step.said in VERDICTS:
        said = _("You said: %(verdict)s") if is_own else _("The reporter says: %(verdict)s")
        return said % {"verdict": VERDICTS[step.said]}
    if step.kind == KIND.KIND_CHANGED and step.said:
        was = in_readers_words(rules.kind_named(step.case.cycle, step.said).name)
        return _("Its kind was corrected; it was: %(kind)s") % {"kind": was}
    if (step.kind, step.side) == (KIND.BLACKED_OUT, SIDE.OFFICE):
        return BY_OFFICE
    return TO_REPORTER.get(step.kind, STEPS[step.kind]) if is_own else STEPS[step.kind]


def hidden_says(steps: Iterable[CaseStep]) -> Any:
    """Why what the unit said at last is hidden; nothing if it is not."""
    said = [one for one in steps if one.kind in (KIND.FIXED, KIND.ASKED)]
    return HIDDEN.get(said[-1].hidden, "") if said else ""


def _who_of(step: CaseStep, reader: str) -> Any:
    """Who did it; whoever wrote it down for the reporter is named to the office and to the reporter alone."""
    if step.side == SIDE.CLERK and step.by and reader in (SIDE.OFFICE, SIDE.REPORTER):
        return _("written down by %(name)s") % {"name": step.by.name}
    if step.side == SIDE.REPORTER == reader:
        return _("you")
    return step.unit.name if step.side == SIDE.UNIT else SIDES[step.side]


def readings_in_words(readings: Iterable[CaseReading]) -> list[dict[str, Any]]:
    """Who read what of a case, as its reporter is told: by what they are, not by name; those alike in one line, with their days."""
    what = {CaseReading.What.REPORT: _("your report"), CaseReading.What.TEXT: _("the text made for the unit")}
    days: dict[tuple[str, str], list[date]] = {}
    people: dict[tuple[str, str], set[int]] = {}
    for one in readings:
        days.setdefault((one.side, one.what), []).append(one.on)
        people.setdefault((one.side, one.what), set()).add(one.person_id)
    return [
        {
            "who": SIDES[side],
            "what": what[CaseReading.What(part)],
            "first": min(on),
            "last": max(on),
            "people": len(people[side, part]),
        }
        for (side, part), on in days.items()
    ]
