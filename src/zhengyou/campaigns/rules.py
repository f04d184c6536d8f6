"""What may be set up and launched: a legal basis, dates in order, somebody responsible everywhere, rules that can be counted."""

from datetime import date
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from zhengyou.base.refusals import Refused
from zhengyou.campaigns.models import LONGEST_MAIN_WORK, LONGEST_THEME, Campaign, Cycle, StageWindow


class SetUpRefused(Refused):
    """Something in the set-up cannot be right."""

    reason = "set-up"


class LaunchRefused(Refused):
    """The cycle is not ready to be launched."""

    reason = "launch"


class StageRefused(Refused):
    """The stage in which this is done is not open."""

    reason = "stage"


def check_basis(*, kind: str, body: str, number: str, valid_from: date, valid_until: date | None) -> None:
    """No campaign without a legal basis that names who approved it and when it begins and ends."""
    if not (kind and body.strip() and number.strip()):
        raise SetUpRefused(_("Name the legal basis: its kind, the body that approved it and the document's number."))
    if valid_until is not None and valid_until <= valid_from:
        raise SetUpRefused(_("The legal basis would end before it begins. Correct one of its two dates."))


def check_dates(starts_on: date, ends_on: date) -> None:
    """A cycle starts before it ends."""
    if ends_on <= starts_on:
        raise SetUpRefused(_("The cycle would end before it starts. Correct one of the two dates."))


def check_is_new_campaign(is_there: bool) -> None:
    """An organisation has no two campaigns of one name: a form sent twice makes one."""
    if is_there:
        raise SetUpRefused(
            _("This organisation already has a campaign of this name. Add a cycle to it, or choose another name.")
        )


def check_is_new_cycle(is_there: bool) -> None:
    """A campaign has no two cycles of one name."""
    if is_there:
        raise SetUpRefused(_("This campaign already has a cycle of this name. Choose another name."))


def check_window(cycle: Cycle, stage: str, opens_on: date, closes_on: date) -> None:
    """A stage opens before it closes, inside its cycle."""
    if closes_on < opens_on:
        raise SetUpRefused(_("A stage would close before it opens. Correct one of its two dates."))
    if opens_on < cycle.starts_on or closes_on > cycle.ends_on:
        raise SetUpRefused(_("A stage lies outside the cycle. Keep its dates between the cycle's first and last day."))


def check_sheet(sheet: dict[str, Any]) -> None:
    """Grades fall strictly in points, and there is something to grade."""
    points = [grade["points"] for grade in sheet["grades"]]
    if len(points) < 2 or any(later >= earlier for earlier, later in pairwise(points)):
        raise SetUpRefused(_("The grades' points must fall from the best grade to the worst, for example 10, 7, 5, 2."))
    if not sheet["criteria"]:
        raise SetUpRefused(_("The appraisal sheet has no items. Keep at least one."))
    if any(not 0 <= group["weight"] <= 1000 for group in sheet.get("rater_groups", [])):
        raise SetUpRefused(
            _("The weight of a group of raters is a whole number from 0 to 1000; 0 leaves the group out.")
        )


def check_thresholds(thresholds: dict[str, Any]) -> None:
    """Thresholds may be raised, never lowered below what protects the voters."""
    floors = {"nothing_below": 5, "band_below": 10, "open_from": 50, "cell": 5, "compare_from": 10}
    if any(thresholds[name] < floor for name, floor in floors.items()):
        raise SetUpRefused(
            _("Thresholds may be raised, not lowered: results from 5 ballots, breakdowns from 10, open slips from 50.")
        )
    if not thresholds["nothing_below"] <= thresholds["band_below"] <= thresholds["open_from"]:
        raise SetUpRefused(_("The thresholds must rise from result to breakdown to open slips."))


def check_may_change(cycle: Cycle) -> None:
    """Rules may be edited only until launch."""
    if cycle.is_launched:
        raise SetUpRefused(_("This cycle has been launched and its rules are frozen. They can no longer be edited."))


def check_may_launch(cycle: Cycle, *, missing: int, windows: int, themes: int, sectors: int, at_day: date) -> None:
    """Everything a launch needs is there: windows, a theme for each sector, a responsible person for each organisation."""
    if cycle.is_launched:
        raise LaunchRefused(_("This cycle has already been launched."))
    if missing:
        raise LaunchRefused(
            ngettext_lazy(
                "%(count)d organisation has nobody responsible. Name somebody for it, then launch.",
                "%(count)d organisations have nobody responsible. Name somebody for each, then launch.",
                missing,
            )
            % {"count": missing}
        )
    if windows < len(StageWindow.Stage):
        raise LaunchRefused(_("Some stages have no dates yet. Give each stage its first and last day."))
    if themes < sectors:
        raise LaunchRefused(_("Some sectors have no theme yet. Write one for each sector."))
    check_basis_covers(cycle.campaign, cycle, at_day)


def check_basis_covers(campaign: Campaign, cycle: Cycle, day: date) -> None:
    """The legal basis is in force on the day of the launch."""
    if day < campaign.basis_from or (campaign.basis_until is not None and day >= campaign.basis_until):
        raise LaunchRefused(_("The legal basis is not in force today. Check its dates before launching."))


def check_stage_open(cycle: Cycle, window: StageWindow | None, day: date) -> None:
    """What belongs to a stage is done while the stage is open."""
    if not cycle.is_launched or cycle.is_closed:
        raise StageRefused(_("This cycle is not under way."))
    if window is None or day < window.opens_on:
        raise StageRefused(
            _("This stage has not opened yet. It opens on %(day)s.") % {"day": window.opens_on if window else "?"}
        )
    if day > window.closes_on:
        raise StageRefused(_("This stage closed on %(day)s. Ask the campaign office.") % {"day": window.closes_on})


def check_may_choose_theme(text: str, main_work: str) -> None:
    """A practice theme says something and names the main work it serves."""
    if not text.strip() or not main_work.strip():
        raise SetUpRefused(_("Write the theme and the main work that it serves."))
    if len(text.strip()) > LONGEST_THEME or len(main_work.strip()) > LONGEST_MAIN_WORK:
        raise SetUpRefused(_("The theme is too long. Say it in one sentence."))
