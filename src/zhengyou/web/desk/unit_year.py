"""One unit's year in its stages: of each what there is, and at most one next step with its day. What is to be done says `due_lines`."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengyou.awards import queries as awards
from zhengyou.base.words import Names, in_readers_words, joined
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import StageWindow
from zhengyou.campaigns.ruleset import Purpose
from zhengyou.commitments import queries as commitments
from zhengyou.commitments.models import Commitment
from zhengyou.keeping import owing
from zhengyou.notices import queries as notices
from zhengyou.notices.models import Notice
from zhengyou.organisations.models import Organisation
from zhengyou.plans import queries as plans
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll
from zhengyou.remarks import queries as remarks
from zhengyou.standings import queries as standings
from zhengyou.web.shared.due_lines import DueLine
from zhengyou.web.shared.leading_words import KNOWN

STAGE_OF = {
    "choose_theme": Purpose.PROMISE,
    "write_promises": Purpose.PROMISE,
    "mend_promises": Purpose.PROMISE,
    "report_progress": Purpose.FULFIL,
    "state_outcomes": Purpose.FULFIL,
    "answer_doubts": Purpose.FULFIL,
    "tell_situation": Purpose.FULFIL,
    "explain_promise": Purpose.FULFIL,
}


LOOKS = {"published": "green", "returned": "red", "proposed": "gold"}
PRESSING = ("red", "gold", "green")  # one tag a stage, for what presses most


@dataclass(frozen=True)
class Fact:
    """One thing that a stage has brought, with the page that shows it, and how its tag looks."""

    text: str
    address: str = ""
    look: str = ""


@dataclass(frozen=True)
class YearStage:
    """One stage of a unit's year: its days, whether it is `past`, `open` or `ahead`, its facts, and the next step if there is one,
    with how many days ago it should have been done.
    """

    name: Names
    window: StageWindow
    state: str
    facts: list[Fact]
    step: DueLine | None
    days_late: int = 0


@dataclass(frozen=True)
class _Year:
    """What the facts are made from."""

    unit: Organisation
    calendar: Calendar
    at: datetime
    on: date
    is_led: bool  # by its reader, who answers for it


def year_of(
    unit: Organisation, calendar: Calendar, lines: Iterable[DueLine], *, at: datetime, on: date, is_led: bool
) -> list[YearStage]:
    """The stages that have dates, in their order. `lines` are what its reader has to do in this cycle, of which each stage shows that
    with the earliest day. A constant number of queries.
    """
    year, rooms = _Year(unit, calendar, at, on, is_led), calendar.cycle.ruleset.rooms
    steps: dict[str, DueLine] = {}
    for line in sorted(lines, key=lambda line: line.due_on or date.max):
        if line.organisation == unit.pk and line.kind in STAGE_OF:
            steps.setdefault(STAGE_OF[line.kind], line)
    stages = []
    for stage, window in calendar.in_order():
        facts = [fact for purpose in stage.opens for room, ask in FACTS[purpose] if room in rooms for fact in ask(year)]
        step = next((steps[purpose] for purpose in stage.opens if purpose in steps), None)
        late = step.days_late(on) if step else 0
        shown = _with_one_tag(facts, is_taken=bool(late))
        stages.append(YearStage(stage.name, window, _state(window, on), shown, step, late))
    return stages


def _with_one_tag(facts: list[Fact], *, is_taken: bool) -> list[Fact]:
    """The facts of a stage, of which one at most looks like a tag; none where its step is late, as the eye belongs there."""
    looks = {fact.look for fact in facts}
    most = "" if is_taken else next((look for look in PRESSING if look in looks), "")
    place = next((n for n, fact in enumerate(facts) if fact.look == most), -1)
    return [fact if n == place else replace(fact, look="") for n, fact in enumerate(facts)]


def _state(window: StageWindow, on: date) -> str:
    if window.closes_on < on:
        return "past"
    return "open" if window.opens_on <= on else "ahead"


def _theme(year: _Year) -> list[Fact]:
    theme = plans.practice_theme(year.calendar.cycle, year.unit)
    if theme is None:
        return [Fact(_("No theme has been chosen yet."))]
    band = plans.known_band(year.calendar.cycle, year.unit)
    known = [Fact(str(KNOWN[band]))] if band else []
    return [Fact(_("Theme: %(theme)s") % {"theme": theme.text}), *known]


def _promises(year: _Year) -> list[Fact]:
    row = commitments.commitment_of(year.calendar.cycle, year.unit)
    if row is None:
        return [Fact(_("No promise has been written yet."))]
    live = commitments.live_promises(row)
    count, state = len(live), row.get_state_display()
    if row.state in (Commitment.State.PROPOSED, Commitment.State.RETURNED):
        by_state = Counter(str(one.get_state_display()) for one in live)
        state = joined(_("%(n)d %(state)s") % {"n": n, "state": of} for of, n in by_state.most_common())
    text = ngettext("%(n)d promise: %(state)s", "%(n)d promises: %(state)s", count)
    address = _page_of_promises(year) if row.published_at or year.is_led else ""
    return [Fact(text % {"n": count, "state": state}, address, LOOKS.get(row.state, ""))]


def _keeping(year: _Year) -> list[Fact]:
    lines = commitments.progress_of(commitments.published_in(year.calendar.cycle, [year.unit]))
    if not lines:
        return []
    counted: list[tuple[list[int], Callable[[int], str], str]] = [
        ([line.promise.pk for line in lines if not line.reports], _without_report, "gold"),
        ([line.promise.pk for line in lines if line.is_doubted], _doubted, "red"),
        ([line.promise.pk for line in lines if line.is_overdue(year.on)], _past_their_day, "red"),
        ([one.promise.pk for one in owing.contested_in(year.calendar.cycle, [year.unit])], _owed, "red"),
    ]
    facts = [Fact(words(len(rows)), _where(year, rows), look) for rows, words, look in counted if rows]
    return facts or [Fact(_("Every promise has a report, and nobody doubts any."), look="green")]


def _where(year: _Year, rows: list[int]) -> str:
    """The one promise that is counted, or the page on which all of them stand: whoever leads the unit does there what is due."""
    if len(rows) == 1:
        return reverse("public-promise", args=[year.unit.code, rows[0]])
    return _page_of_promises(year)


def _page_of_promises(year: _Year) -> str:
    if year.is_led:
        return f"{reverse('desk-commitment', args=[year.unit.code])}?cycle={year.calendar.cycle.pk}"
    return f"{reverse('public-organisation', args=[year.unit.code])}#promises"


def _without_report(n: int) -> str:
    return ngettext("%(n)d promise without a report", "%(n)d promises without a report", n) % {"n": n}


def _doubted(n: int) -> str:
    text = ngettext("%(n)d promise that somebody doubts", "%(n)d promises that somebody doubts", n)
    return text % {"n": n}


def _owed(n: int) -> str:
    text = ngettext("%(n)d promise waits for the unit’s answer", "%(n)d promises wait for the unit’s answer", n)
    return text % {"n": n}


def _past_their_day(n: int) -> str:
    text = ngettext("%(n)d promise is overdue", "%(n)d promises are overdue", n)
    return text % {"n": n}


def _words(year: _Year) -> list[Fact]:
    n = remarks.unanswered_about(year.unit, year.calendar.cycle)
    text = ngettext("%(n)d message from people without an answer", "%(n)d messages from people without an answer", n)
    address = f"{reverse('desk-remarks')}?cycle={year.calendar.cycle.pk}" if year.is_led else ""
    return [Fact(text % {"n": n}, address, "gold")] if n else []


def _polls(year: _Year) -> list[Fact]:
    rows = poll_queries.polls_rating(year.unit, year.calendar.cycle)
    results = standings.all_figures_in_force([row for row in rows if row.state == Poll.State.CLOSED])
    facts = []
    for row in rows:
        name, result = in_readers_words(row.name), results.get(row.pk)
        if row.state == Poll.State.VOIDED:
            facts.append(Fact(_("%(poll)s: declared void") % {"poll": name}, reverse("booth", args=[row.key])))
        elif result:
            address = reverse("public-unit", args=[row.key, result.number, year.unit.code])
            facts.append(Fact(_("%(poll)s: see the result card") % {"poll": name}, address, "green"))
        else:
            facts.append(Fact(_poll_now(row, name, year.at), reverse("booth", args=[row.key])))
    return facts or [Fact(_("No appraisal of this unit has been opened yet."))]


def _poll_now(row: Poll, name: str, at: datetime) -> str:
    if at < row.opens_at:
        text = _("%(poll)s: not open yet")
    elif at < row.closes_at:
        text = _("%(poll)s: members vote now")
    else:
        text = _("%(poll)s: over, being counted")
    return text % {"poll": name}


def _recognition(year: _Year) -> list[Fact]:
    honours = [
        Fact(row.title, reverse("public-honour", args=[row.code]), "gold")
        for row in awards.honours_of(year.unit)
        if row.commendation.selection.cycle_id == year.calendar.cycle.pk and not row.revoked_at
    ]
    running = [
        Fact(_("Candidate for “%(title)s”") % {"title": row.selection.title}, _address_of(notice))
        for row in awards.candidacies_of(year.unit, year.calendar.cycle)
        if (notice := row.selection.notice) and notices.clock_of(notice, year.at).is_running
    ]
    return honours + running


def _address_of(notice: Notice) -> str:
    return reverse("public-notice", args=[notice.year, notice.number])


FACTS: dict[str, list[tuple[str, Callable[[_Year], list[Fact]]]]] = {
    Purpose.PROMISE: [("plans", _theme), ("commitments", _promises)],
    Purpose.FULFIL: [("commitments", _keeping), ("commitments", _words)],
    Purpose.APPRAISE: [("polls", _polls)],
    Purpose.RECOGNISE: [("awards", _recognition)],
}
