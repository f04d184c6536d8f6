"""Every form of the house with its estimate, and the rule that nobody asks more than the frozen cap of minutes a month.

What a unit does unasked is not capped. A form is asked where its stage is launched or its poll opens, not where it is filled.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import Refused
from zhengyou.base.words import joined
from zhengyou.burden.models import Ask
from zhengyou.organisations.models import Organisation
from zhengyou.organisations.tree import is_within

MOST_NAMED = 6  # what used the cap up, by minutes; more would not be read in one sentence


class FilledBy(StrEnum):
    """Who fills a form. Only what is asked of units and of members counts."""

    UNIT = "unit"
    MEMBER = "member"
    OFFICE = "office"
    LEVEL_ABOVE = "level-above"
    SCRUTINEER = "scrutineer"
    PUBLIC = "public"
    UNIT_UNASKED = "unit-unasked"


COUNTED = (FilledBy.UNIT, FilledBy.MEMBER)


@dataclass(frozen=True)
class FormKind:
    """A kind of form, with the room it belongs to and how many seconds one takes: an estimate until fillings are measured."""

    slug: str
    room: str
    filled_by: FilledBy
    seconds: int
    name: Any

    @property
    def is_counted(self) -> bool:
        return self.filled_by in COUNTED

    def minutes(self, times: int = 1) -> int:
        """Minutes for so many of them, begun ones whole."""
        return -(-self.seconds * times // 60)


# A promise takes five sentences agreed upon with others; a mark takes two seconds, and a unit has five. What nobody is asked
# for, and what belongs to somebody's own duty, is declared with 0 seconds: not counted.
FORMS = (
    FormKind("practice-theme", "plans", FilledBy.UNIT, 300, _("theme")),
    FormKind("promise", "commitments", FilledBy.UNIT, 480, _("promises")),
    FormKind("progress-report", "commitments", FilledBy.UNIT, 180, _("reports of progress")),
    FormKind("outcome", "commitments", FilledBy.UNIT, 300, _("how promises ended")),
    FormKind("situation-report", "situations", FilledBy.UNIT, 600, _("report on the situation")),
    FormKind("vow", "vows", FilledBy.MEMBER, 240, _("what single people promise")),
    FormKind("ballot", "polls", FilledBy.MEMBER, 10, _("ballot")),
    FormKind("immediate-promise", "commitments", FilledBy.UNIT_UNASKED, 0, _("promise given on the spot")),
    FormKind("unit-answer", "keeping", FilledBy.UNIT_UNASKED, 0, _("answer to what people doubt")),
    FormKind("plan-draft", "consultation", FilledBy.MEMBER, 15, _("reading a draft plan")),
    FormKind("self-assessment", "grades", FilledBy.MEMBER, 240, _("self-assessment")),
    FormKind("yearly-grades", "grades", FilledBy.LEVEL_ABOVE, 0, _("yearly grades entered")),
    FormKind("lesson", "standings", FilledBy.UNIT_UNASKED, 0, _("what is learned from others")),
    FormKind("promise-review", "commitments", FilledBy.LEVEL_ABOVE, 0, _("opinion on promises")),
    FormKind("promise-decision", "keeping", FilledBy.LEVEL_ABOVE, 0, _("decision on promises")),
    FormKind("recount", "scrutiny", FilledBy.SCRUTINEER, 0, _("word on a recount")),
    FormKind("citizen-answer", "commitments", FilledBy.PUBLIC, 0, _("answer about a promise")),
    FormKind("plan-remark", "consultation", FilledBy.PUBLIC, 0, _("comment on a plan")),
    FormKind("plan", "consultation", FilledBy.UNIT_UNASKED, 0, _("plan and its answers")),
    FormKind("report", "cases", FilledBy.PUBLIC, 0, _("report of a problem")),
    FormKind("case", "cases", FilledBy.UNIT_UNASKED, 0, _("case put right")),
    FormKind("case-decision", "cases", FilledBy.LEVEL_ABOVE, 0, _("decision on a case")),
    FormKind("docket-of-cases", "cases", FilledBy.OFFICE, 0, _("cases given to units")),
    FormKind("objection", "notices", FilledBy.PUBLIC, 0, _("objection")),
    FormKind("workbook", "organisations", FilledBy.OFFICE, 0, _("list of units or members")),
    FormKind("campaign", "campaigns", FilledBy.OFFICE, 0, _("campaign, cycle and rules")),
    FormKind("poll", "polls", FilledBy.OFFICE, 0, _("appraisal with its groups")),
    FormKind("paper-form", "paper", FilledBy.OFFICE, 0, _("paper forms entered")),
    FormKind("notice", "notices", FilledBy.OFFICE, 0, _("notice")),
    FormKind("selection", "awards", FilledBy.OFFICE, 0, _("candidates and decision")),
    FormKind("outside-figure", "standings", FilledBy.OFFICE, 0, _("figure from elsewhere")),
)
BY_SLUG = {form.slug: form for form in FORMS}


@dataclass(frozen=True)
class Cap:
    """How many minutes a month may be asked of a unit, and of a member. Frozen with the rules."""

    unit_minutes: int
    member_minutes: int

    def of(self, form: FormKind) -> int:
        """The cap that holds for whoever fills this form."""
        return self.unit_minutes if form.filled_by == FilledBy.UNIT else self.member_minutes


@dataclass(frozen=True)
class Asking:
    """What somebody wants to ask: a form that takes so many minutes in that month, of one organisation or of each within it."""

    form: FormKind
    organisation: Organisation
    month: date
    minutes: int
    is_for_all_below: bool = False


@dataclass(frozen=True)
class Used:
    """What used the cap of one unit and month up, the dearest first: form and minutes."""

    form: FormKind
    minutes: int


class BurdenRefused(Refused):
    """More would be asked than the frozen rules allow. `used` says what had been asked already."""

    def __init__(self, sentence: Any, used: Sequence[Used]) -> None:
        super().__init__(sentence, reason="burden.over-the-cap")
        self.used = list(used)


def check_may_ask(asked: Iterable[Asking], cap: Cap) -> None:
    """No unit, and no member, is asked for more minutes a month than the cap. Raises BurdenRefused with what used it up.

    Members are counted by their organisation, as if the same ones were asked each time: an ask knows no person.
    One query. Whoever writes asks holds `locks.ASKS`, otherwise two of them pass the cap together.
    """
    asked = [one for one in asked if one.form.is_counted]
    before = Ask.objects.filter(month__in={one.month for one in asked}).select_related("organisation")
    known = [
        Asking(BY_SLUG[row.form], row.organisation, row.month, row.minutes, row.is_for_all_below) for row in before
    ]
    for month, filled_by in sorted({(one.month, one.form.filled_by) for one in asked}):
        _check_month(_alike(asked, month, filled_by), _alike(known, month, filled_by), cap)


def _alike(askings: Iterable[Asking], month: date, filled_by: FilledBy) -> list[Asking]:
    return [one for one in askings if (one.month, one.form.filled_by) == (month, filled_by)]


def _check_month(asked: list[Asking], known: list[Asking], cap: Cap) -> None:
    """The heaviest burden lies on a unit that something names: whoever is named by nothing bears what those above it do."""
    everything, new, most = _ByUnit([*asked, *known]), _ByUnit(asked), cap.of(asked[0].form)
    for unit in everything.units:
        minutes = sum(one.minutes for one in everything.of(unit))
        if minutes > most and new.of(unit):
            raise _refusal(unit, asked[0].month, minutes, most, _ByUnit(known).of(unit))


class _ByUnit:
    """Askings by the unit they name, and those that fall on all within one."""

    def __init__(self, askings: Sequence[Asking]) -> None:
        self.own: dict[int, list[Asking]] = defaultdict(list)
        for one in askings:
            if not one.is_for_all_below:
                self.own[one.organisation.pk].append(one)
        self.wide = [one for one in askings if one.is_for_all_below]
        self.units = {one.organisation.pk: one.organisation for one in askings}.values()

    def of(self, unit: Organisation) -> list[Asking]:
        return self.own.get(unit.pk, []) + [one for one in self.wide if is_within(unit, one.organisation)]


def _refusal(unit: Organisation, month: date, minutes: int, cap: int, before: list[Asking]) -> BurdenRefused:
    used = used_by_form(before)
    facts = {"name": unit.name, "month": date_format(month, "YEAR_MONTH_FORMAT"), "minutes": minutes, "cap": cap}
    if not used:
        return BurdenRefused(
            _(
                "This would ask %(minutes)d minutes of %(name)s in %(month)s; the rules allow %(cap)d. "
                "Leave something out, or spread it over more months."
            )
            % facts,
            used,
        )
    parts = [_("%(form)s %(minutes)d") % {"form": one.form.name, "minutes": one.minutes} for one in used[:MOST_NAMED]]
    return BurdenRefused(
        _(
            "With this %(name)s would be asked for %(minutes)d minutes in %(month)s; the rules allow %(cap)d. "
            "Asked already, in minutes: %(used)s. Leave something out, or ask in another month."
        )
        % (facts | {"used": joined(map(str, parts))}),
        used,
    )


def used_by_form(askings: Iterable[Asking]) -> list[Used]:
    """Minutes by form, the dearest first."""
    minutes: dict[str, int] = defaultdict(int)
    for one in askings:
        minutes[one.form.slug] += one.minutes
    rows = [Used(BY_SLUG[slug], count) for slug, count in minutes.items()]
    return sorted(rows, key=lambda row: (-row.minutes, row.form.slug))
