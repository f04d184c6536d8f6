"""What people say to a plan on paper: a level above enters each form once, by its number, and nobody's name. It stands among the others."""

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengyou.base.deeds import done, locked
from zhengyou.base.refusals import allows
from zhengyou.base.time import local_day, working_days_after
from zhengyou.base.words import day_said, joined
from zhengyou.campaigns import rules as campaign_rules
from zhengyou.consultation import queries, rules, taking
from zhengyou.consultation.models import ParagraphWording, Plan, PlanRemark, PlanVersion, RemarkSheet, SheetRemark
from zhengyou.consultation.rules import PlanRemarkRefused
from zhengyou.identity import rules as identity
from zhengyou.organisations import tree
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.organisations.readers import Reader
from zhengyou.remarks.rules import fold_of

ENTERED_WITHIN = 5  # working days after the last one for comments: the way of a paper from a village to its town
MOST_AT_ONCE = 100
ABOVE = (Post.Role.SECRETARY, Post.Role.LEADER, Post.Role.CAMPAIGN_OFFICE)
LONGEST_NUMBER = 20


@dataclass(frozen=True)
class Written:
    """A line of a form: the form's number, the number of the paragraph (0: the plan as a whole), the words."""

    sheet: str
    place: int
    words: str


def entered_until(plan: Plan) -> date | None:
    """The last day on which forms that were handed in in time are entered."""
    return working_days_after(plan.open_until, ENTERED_WITHIN) if plan.open_until else None


def takes_sheets(plan: Plan, day: date) -> bool:
    """Whether forms about the plan can be entered that day."""
    until = entered_until(plan)
    return plan.members_from is not None and until is not None and plan.members_from <= day <= until


def versions_on_paper(organisation: Organisation, day: date) -> list[PlanVersion]:
    """The published versions of an organisation's plans about which forms are taken that day, the newest first."""
    rows = PlanVersion.objects.filter(plan__organisation=organisation, published_at__isnull=False)
    rows = rows.filter(plan__cycle__closed_at=None, plan__members_from__lte=day)
    held = rows.select_related("plan__organisation", "plan__cycle").order_by("-plan_id", "-number")
    return [row for row in held if takes_sheets(row.plan, day)]


def plans_on_paper(reader: Reader, day: date) -> list[Plan]:
    """The plans about which this reader enters forms that day: of the units below theirs, at the top of its own. One query."""
    led = reader.organisations_as(*ABOVE)
    tops = [one for one in reader.organisations_as(Post.Role.CAMPAIGN_OFFICE) if one.parent_id is None]
    mine = tree.below(led, "organisation") | Q(organisation__in=tops)
    rows = Plan.objects.filter(mine, cycle__closed_at=None, members_from__lte=day).exclude(open_until=None)
    held = rows.select_related("organisation__parent", "cycle").order_by("organisation__path", "pk")
    return [
        row
        for row in held
        if takes_sheets(row, day)
        and reader.person
        and allows(identity.check_may_enter_words_about, reader.person, row.organisation, day)
    ]


def number_of(typed: str) -> str:
    """A form's number as it is kept: without blanks and zeros in front, in capitals, so that one form has one number."""
    plain = "".join(unicodedata.normalize("NFKC", typed).upper().split())
    return plain.lstrip("0") or plain[-1:]


@transaction.atomic
def enter_sheets(
    *,
    version: PlanVersion,
    written: Sequence[Written],
    handed_in_on: date,
    at: datetime,
    by: Person,
    as_clerk: bool = True,
) -> list[RemarkSheet]:
    """Enter what people wrote on forms about this version, each form once. It waits for a look as what came by the page does.

    All of it or nothing. A plan that was adopted meanwhile answers it still. Raises RoleRefused, StageRefused, RemarkRefused,
    PlanRemarkRefused.
    """
    plan = locked(version.plan, "organisation", "cycle__campaign__organisation")
    check_may_enter(plan, version, handed_in_on, by, local_day(at))
    lines = check_written(written)
    check_are_new(plan, {one.sheet for one in lines})
    places = _places_of(plan, version)
    check_have_places(lines, places)
    facts: dict[str, Any] = {"plan": plan, "handed_in_on": handed_in_on, "entered_at": at, "entered_by": by}
    numbers = dict.fromkeys(one.sheet for one in lines)
    sheets = {number: RemarkSheet.objects.create(number=number, **facts) for number in numbers}
    is_first = plan.public_from is not None and handed_in_on < plan.public_from
    for one in lines:
        made = taking.take_words(places[one.place], one.words, at=at, arrival=None, is_of_members=is_first)[0]
        SheetRemark.objects.create(sheet=sheets[one.sheet], remark=made)
    said = {"version": version.number, "sheets": list(numbers), "handed_in_on": handed_in_on}
    done("consultation.enter_sheets", plan, at=at, by=by, **said)
    return list(sheets.values())


def _places_of(plan: Plan, version: PlanVersion) -> dict[int, ParagraphWording]:
    """The paragraphs of a version by their numbers, the whole at 0, with the plan that is held."""
    version.plan = plan
    held = queries.wordings_of(version)
    for one in held:
        one.version = version
    return {one.place: one for one in held}


def check_may_enter(plan: Plan, version: PlanVersion, handed_in_on: date, by: Person, day: date) -> None:
    """A level above enters (at the top its own office), for some days after the last one for comments, what was handed in before."""
    identity.check_may_enter_words_about(by, plan.organisation, day)
    campaign_rules.check_under_way(plan.cycle)
    first, last = plan.members_from, plan.open_until
    if version.published_at is None or first is None or last is None or handed_in_on < first:
        raise PlanRemarkRefused(
            _("On the day on which these forms were handed in, nobody could read this plan yet."),
            reason="sheet.before-the-plan",
        )
    if handed_in_on < local_day(version.published_at):
        raise PlanRemarkRefused(
            _(
                "Version %(number)d was published on %(day)s, after these forms were handed in. Choose the version before."
            )
            % {"number": version.number, "day": day_said(local_day(version.published_at))},
            reason="sheet.before-the-version",
        )
    if handed_in_on > last:
        raise PlanRemarkRefused(
            _("Comments on this plan were taken until %(day)s. What was handed in later does not count.")
            % {"day": day_said(last)},
            reason="sheet.handed-in-late",
        )
    if not takes_sheets(plan, day):
        raise PlanRemarkRefused(
            _("Comments were taken until %(last)s, and forms could be entered until %(day)s.")
            % {"last": day_said(last), "day": day_said(entered_until(plan))},
            reason="sheet.entered-late",
        )


def check_written(written: Sequence[Written]) -> list[Written]:
    """Each line has the number of its form and says something, no form says the same twice. Returns them as they are kept."""
    if not written:
        raise PlanRemarkRefused(_("Copy at least one comment."), reason="sheet.nothing-written")
    if len(written) > MOST_AT_ONCE:
        raise PlanRemarkRefused(
            _("At most %(most)d comments can be entered at once.") % {"most": MOST_AT_ONCE}, reason="sheet.too-many"
        )
    lines = [Written(number_of(one.sheet), one.place, rules.check_remark(one.words)) for one in written]
    for one in lines:
        if not one.sheet or len(one.sheet) > LONGEST_NUMBER or not one.sheet.replace("-", "").isalnum():
            raise PlanRemarkRefused(
                _(
                    "Each form has a number of letters and digits. Write one onto every form that has none, and type it here."
                ),
                reason="sheet.number-wrong",
            )
    [(twice, n)] = Counter((one.sheet, one.place, fold_of(one.words)) for one in lines).most_common(1)
    if n > 1:
        raise PlanRemarkRefused(
            _("Form %(number)s says the same twice about one paragraph. Leave one out.") % {"number": twice[0]},
            reason="sheet.same-twice",
        )
    return lines


def check_are_new(plan: Plan, numbers: Collection[str]) -> None:
    """A form is entered once. Forms that were are named, with the day."""
    known = RemarkSheet.objects.filter(plan=plan, number__in=numbers).order_by("pk")
    if held := list(known[: rules.MOST_NAMED]):
        raise PlanRemarkRefused(
            _(
                "Form %(numbers)s was entered already, on %(day)s. Nothing of this was taken. Look at the number once more."
            )
            % {"numbers": joined(one.number for one in held), "day": day_said(local_day(held[0].entered_at))},
            reason="sheet.entered-already",
        )


def check_have_places(lines: Iterable[Written], places: Collection[int]) -> None:
    """The paragraphs stand in the version on which the forms were written."""
    for one in lines:
        if one.place not in places:
            raise PlanRemarkRefused(
                _("Form %(number)s: this version has no paragraph %(place)d. The plan as a whole is 0.")
                % {"number": one.sheet, "place": one.place},
                reason="sheet.no-such-paragraph",
            )


def sheets_of(rows: Iterable[PlanRemark]) -> dict[int, list[RemarkSheet]]:
    """The forms on which these remarks stand, by remark, the first one first. One query."""
    found: dict[int, list[RemarkSheet]] = {}
    for one in SheetRemark.objects.filter(remark__in=list(rows)).select_related("sheet").order_by("pk"):
        found.setdefault(one.remark_id, []).append(one.sheet)
    return found


def remarks_on_sheets(sheets: Iterable[RemarkSheet]) -> list[SheetRemark]:
    """What stands on these forms, in the order in which it was entered. One query."""
    rows = SheetRemark.objects.filter(sheet__in=list(sheets)).order_by("pk")
    return list(rows.select_related("sheet", "remark__remark", "remark__wording", "remark__response"))
