"""What may be set up and launched: a legal basis, dates in order, somebody responsible everywhere, rules that can be counted."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from zhengyou.base.deeds import two_people
from zhengyou.base.refusals import Refused
from zhengyou.base.texts import check_texts, longest
from zhengyou.base.time import local_day
from zhengyou.base.words import day_said, in_readers_words, joined
from zhengyou.campaigns.models import Campaign, CentralWork, Cycle, StageWindow, SuperiorDocument
from zhengyou.campaigns.packing.parts import Pack
from zhengyou.campaigns.ruleset import FLOORS, ROOM_NEEDS, ROOMS_OF, WORDS_SHOWN, Rules, Thresholds
from zhengyou.organisations import rules as organisations
from zhengyou.organisations.models import Organisation, Person, Term
from zhengyou.organisations.tree import is_within
from zhengyou.organisations.vocabulary import worded

HEAVIEST = 1000
MOST_PIECES = 30  # of central work: what one meeting can have decided


@dataclass(frozen=True)
class Piece:
    """One piece of central work as it is written: its number in the list, its text, and the aim that it serves, if one is named."""

    number: int
    text: str
    aim: str = ""


class SetUpRefused(Refused):
    """Something in the set-up cannot be right."""


FURTHEST_BACK, FURTHEST_AHEAD, LONGEST_BASIS = 10, 10, 50  # years: of cycles, and of what they rest on
NEEDS = {
    "paper": _("Paper forms belong to appraisals. Choose the appraisals too, or leave the paper out."),
    "windows": _("A bad rating with words becomes a case. Choose the cases too, or leave the windows out."),
}


class LaunchRefused(Refused):
    """The cycle is not ready to be launched."""


class CloseRefused(Refused):
    """The cycle cannot be closed yet, or not by this person."""


class StageRefused(Refused):
    """The cycle is not under way, or the stage in which this is done is not open."""


class OutsideRefused(Refused):
    """The organisation takes no part in the campaign."""


def check_basis(*, kind: str, body: str, number: str, valid_from: date, valid_until: date | None, today: date) -> None:
    """No campaign without a legal basis that names who approved it and when it begins and ends."""
    if not (kind and body.strip() and number.strip()):
        raise SetUpRefused(
            _("Name the legal basis: its kind, the body that approved it and the document’s number."),
            reason="basis.incomplete",
        )
    if valid_until is not None and valid_until <= valid_from:
        raise SetUpRefused(
            _("The legal basis would end before it begins. Correct one of its two dates."),
            reason="basis.ends-before-it-begins",
        )
    organisations.check_year(valid_from, today, ahead=FURTHEST_AHEAD)
    if valid_until is not None:
        organisations.check_year(valid_until, today, ahead=LONGEST_BASIS)


def check_dates(starts_on: date, ends_on: date, today: date) -> None:
    """A cycle starts before it ends, and neither in a year that slipped."""
    if ends_on <= starts_on:
        raise SetUpRefused(
            _("The cycle would end before it starts. Correct one of the two dates."),
            reason="cycle.ends-before-it-starts",
        )
    organisations.check_year(starts_on, today, back=FURTHEST_BACK, ahead=FURTHEST_AHEAD)
    organisations.check_year(ends_on, today, back=FURTHEST_BACK, ahead=FURTHEST_AHEAD)


def check_knows(pack: Pack, had: Mapping[str, Sequence[Term]]) -> None:
    """A campaign's pack knows the kinds and sectors that its organisations have."""
    known = {
        Term.Category.ORGANISATION_KIND.value: {kind.id for kind in pack.organisation_kinds},
        Term.Category.SECTOR.value: {sector.id for sector in pack.sectors},
    }
    strange = [term for category, terms in had.items() for term in terms if term.slug not in known[category]]
    if strange:
        raise SetUpRefused(
            _("The pack “%(pack)s” does not know what the units here are: %(words)s. Choose the pack of this system.")
            % {"pack": in_readers_words(pack.name), "words": joined(in_readers_words(term.name) for term in strange)},
            reason="pack.does-not-know-the-house",
        )


def check_is_new_campaign(is_there: bool) -> None:
    """An organisation has no two campaigns of one name: a form sent twice makes one."""
    if is_there:
        raise SetUpRefused(
            _("This unit already has a campaign of this name. Add a cycle to it, or choose another name."),
            reason="campaign.exists-already",
        )


def check_is_new_cycle(is_there: bool) -> None:
    """A campaign has no two cycles of one name."""
    if is_there:
        raise SetUpRefused(
            _("This campaign already has a cycle of this name. Choose another name."), reason="cycle.exists-already"
        )


def check_overlaps_none(starts_on: date, ends_on: date, others: Iterable[Cycle]) -> None:
    """The cycles of a campaign follow one another. One that was closed ended on the day of its close, on
    which the next may begin.
    """
    for one in others:
        last = min(one.ends_on, local_day(one.closed_at)) if one.closed_at else one.ends_on
        is_before = starts_on >= last if one.closed_at else starts_on > last
        if not is_before and ends_on >= one.starts_on:
            raise SetUpRefused(
                _(
                    "The cycle “%(name)s” of this campaign has these days already, until %(day)s. Cycles follow one another: "
                    "begin later, or close that one first."
                )
                % {"name": one.called, "day": day_said(last)},
                reason="cycle.overlaps-another",
            )


def check_description(*, name: str, theme: str, **texts: str) -> dict[str, str]:
    """A campaign has a name and a theme; the other texts may be empty. Returns all trimmed."""
    missing = _("Give the campaign a name and a theme.")
    needed = check_texts(SetUpRefused, Campaign, missing, name=name, theme=theme)
    return needed | check_texts(SetUpRefused, Campaign, **texts)


def check_document(**texts: str) -> dict[str, str]:
    """A document is named by title, number and body. Returns them trimmed."""
    missing = _("Name the document: its title, its number and the body that issued it.")
    return check_texts(SetUpRefused, SuperiorDocument, missing, **texts)


def check_no_theme_is_emptied(themes: Mapping[str, str]) -> None:
    """What every sector was told is corrected, never taken away."""
    if not all(themes.values()):
        raise SetUpRefused(_("A theme would be empty. Write one for each sector."), reason="sector.without-theme")


def check_pieces(pieces: Sequence[Piece], ruleset: Rules) -> None:
    """Every piece of central work says something, none stands there twice, and the aim it names is one of the campaign's."""
    texts = [one.text for one in pieces]
    most = longest(CentralWork, "text") or 0
    if not all(texts) or any(len(text) > most for text in texts):
        raise SetUpRefused(
            _("Say each piece of central work in one sentence of at most %(most)d characters.") % {"most": most},
            reason="central-work.text",
        )
    if len(set(texts)) < len(texts):
        raise SetUpRefused(_("A piece of central work stands in the list twice."), reason="central-work.twice")
    if len(pieces) > MOST_PIECES:
        raise SetUpRefused(
            _("Keep the list short: at most %(most)d pieces of central work.") % {"most": MOST_PIECES},
            reason="central-work.too-many",
        )
    known = {"", *(aim.id for aim in ruleset.aims)}
    if any(one.aim not in known for one in pieces):
        raise SetUpRefused(
            _("Choose one of the campaign’s aims for each piece, or none."), reason="central-work.unknown-aim"
        )


def check_no_piece_goes(before: Sequence[Piece], after: Sequence[Piece]) -> None:
    """After the launch a piece is reworded or added, never taken away: units may have named it."""
    if {one.number for one in before} - {one.number for one in after}:
        raise SetUpRefused(
            _("A piece of central work cannot be taken out after the launch, since units may serve it. Reword it."),
            reason="central-work.taken-out",
        )


def check_piece_number(number: int, cycle: Cycle) -> None:
    """What says that it serves a piece of central work names one of the list of its cycle; 0 names none."""
    if number and not CentralWork.objects.filter(cycle=cycle, number=number).exists():
        raise SetUpRefused(
            _("This piece of central work is not in the list of the cycle. Choose one from the list, or none."),
            reason="central-work.not-in-the-list",
        )


def pieces_in_words(pieces: Iterable[Piece]) -> dict[str, str]:
    """The parts of the list as corrections name them: the text of each piece and its aim."""
    parts: dict[str, str] = {}
    for one in pieces:
        parts |= {f"central-work:{one.number}": one.text, f"central-work-aim:{one.number}": one.aim}
    return parts


def check_may_move(window: StageWindow, first: date, last: date, day: date) -> None:
    """A stage that has begun keeps its first day, and none is ended in the past: what was open on a day stays open on it."""
    if first != window.opens_on and min(first, window.opens_on) <= day:
        raise SetUpRefused(
            _(
                "A stage that has begun keeps its first day, and none begins in the past. Move its last day, if anything."
            ),
            reason="stage.begun-already",
        )
    if last != window.closes_on and last < day:
        raise SetUpRefused(
            _("A stage cannot be ended in the past. Its last day is today at the earliest."),
            reason="stage.ended-in-the-past",
        )


def check_may_close(cycle: Cycle, by: Person, left: Collection[str]) -> None:
    """Two people close a cycle, when nothing is open in it but what was marked to go on."""
    check_under_way(cycle)
    if cycle.close_asked_at is None:
        raise CloseRefused(
            worded(_("Somebody in the %(office)s asks for the close first, then another one confirms it.")),
            reason="cycle.close-not-asked",
        )
    two_people(
        cycle.close_asked_by_id,
        by,
        CloseRefused(
            worded(_("You asked for this close yourself. Another person in the %(office)s confirms it.")),
            reason="cycle.close-by-one",
        ),
    )
    if left:
        raise CloseRefused(
            ngettext_lazy(
                "%(count)d matter is still open in this cycle. Finish it, or mark it to carry over into the "
                "next cycle.",
                "%(count)d matters are still open in this cycle. Finish each, or mark it to carry over into the "
                "next cycle.",
                len(left),
            )
            % {"count": len(left)},
            reason="cycle.things-open",
        )


def check_window(cycle: Cycle, opens_on: date, closes_on: date) -> None:
    """A stage opens before it closes, inside its cycle."""
    if closes_on < opens_on:
        raise SetUpRefused(
            _("A stage would close before it opens. Correct one of its two dates."),
            reason="stage.closes-before-it-opens",
        )
    if opens_on < cycle.starts_on or closes_on > cycle.ends_on:
        raise SetUpRefused(
            _("A stage lies outside the cycle. Keep its dates between the cycle’s first and last day."),
            reason="stage.outside-the-cycle",
        )


def check_sheet(ruleset: Rules) -> None:
    """Grades fall strictly in points, and there is something to grade."""
    points = [grade.points for grade in ruleset.grades]
    if len(points) < 2 or any(later >= earlier for earlier, later in pairwise(points)):
        raise SetUpRefused(
            _("The grades’ points must fall from the best grade to the worst, for example 10, 7, 5, 2."),
            reason="grades.do-not-fall",
        )
    if not ruleset.criteria:
        raise SetUpRefused(_("The appraisal sheet has no items. Keep at least one."), reason="sheet.without-items")
    if any(not 0 <= group.weight <= HEAVIEST for group in ruleset.rater_groups):
        raise SetUpRefused(
            _("The weight of a group of raters is a whole number from 0 to 1000; 0 leaves the group out."),
            reason="rater-group.weight-out-of-range",
        )


def check_thresholds(thresholds: Thresholds) -> None:
    """Thresholds may be raised, never lowered below what protects the voters."""
    if any(getattr(thresholds, name) < floor for name, floor in FLOORS.items()):
        raise SetUpRefused(
            _("Thresholds may be raised, not lowered: results from 5 ballots, breakdowns from 10, open slips from 50."),
            reason="thresholds.lowered",
        )
    if not thresholds.nothing_below <= thresholds.band_below <= thresholds.open_from:
        raise SetUpRefused(
            _("The thresholds must rise from result to breakdown to open slips."), reason="thresholds.do-not-rise"
        )


def check_words_shown(words_shown: str) -> None:
    """Anybody's words are shown after a look, or at once."""
    if words_shown not in WORDS_SHOWN:
        raise SetUpRefused(
            _("Say when anybody’s words are shown: after a look, or at once."), reason="remarks.unknown-words-shown"
        )


def check_may_change(cycle: Cycle) -> None:
    """Rules may be edited only until launch."""
    if cycle.is_launched:
        raise SetUpRefused(
            _("This cycle has been launched and its rules are frozen. They can no longer be edited."),
            reason="cycle.frozen",
        )


def check_choice(ruleset: Rules) -> None:
    """The chosen rooms and stages fit each other: every purpose has its room, every room its stage, and there is one stage."""
    opened = {purpose for stage in ruleset.stages for purpose in stage.opens}
    if not opened:
        raise SetUpRefused(_("A campaign has at least one stage. Choose one."), reason="stage.none-chosen")
    for purpose, rooms in ROOMS_OF.items():
        if purpose in opened and not set(rooms) & set(ruleset.rooms):
            raise SetUpRefused(
                _("A chosen stage has nothing to do, because the part it serves is left out. Choose both or neither."),
                reason="stage.without-room",
            )
    for room in ruleset.rooms:
        purposes = [purpose for purpose, rooms in ROOMS_OF.items() if room in rooms]
        if purposes and not opened & set(purposes):
            raise SetUpRefused(
                _("A chosen part has no stage in which it could be done. Choose both or neither."),
                reason="room.without-stage",
            )
        if ROOM_NEEDS.get(room, room) not in ruleset.rooms:
            raise SetUpRefused(NEEDS[room], reason="room.needs-another")


def check_may_launch(cycle: Cycle, *, missing: int, windows: int, themes: int, sectors: int, at_day: date) -> None:
    """Everything a launch needs is there: windows, a theme for each sector, a responsible person for each organisation."""
    if cycle.is_launched:
        raise LaunchRefused(_("This cycle has already been launched."), reason="cycle.launched-already")
    if missing:
        raise LaunchRefused(
            ngettext_lazy(
                "%(count)d unit has nobody responsible. Name somebody for it, then launch.",
                "%(count)d units have nobody responsible. Name somebody for each, then launch.",
                missing,
            )
            % {"count": missing},
            reason="organisation.without-responsible",
        )
    if windows < len(cycle.ruleset.stages):
        raise LaunchRefused(
            _("Some stages have no dates yet. Give each stage its first and last day."), reason="stage.without-dates"
        )
    if "plans" in cycle.ruleset.rooms and themes < sectors:
        raise LaunchRefused(
            _("Some sectors have no theme yet. Write one for each sector."), reason="sector.without-theme"
        )
    check_basis_covers(cycle.campaign, at_day)


def check_basis_covers(campaign: Campaign, day: date) -> None:
    """The legal basis is in force on the day of the launch."""
    if day < campaign.basis_from:
        raise LaunchRefused(
            _(
                "The legal basis is in force from %(day)s, and no cycle can be launched before. Correct its dates, or wait."
            )
            % {"day": day_said(campaign.basis_from)},
            reason="basis.not-in-force",
        )
    if campaign.basis_until is not None and day >= campaign.basis_until:
        raise LaunchRefused(
            _("The legal basis ended on %(day)s, and no cycle can be launched since. Enter the one that is in force.")
            % {"day": day_said(campaign.basis_until)},
            reason="basis.not-in-force",
        )


def check_may_delete_campaign(cycles: int) -> None:
    """Only a campaign without cycles goes; cycles that were never launched can be deleted before."""
    if cycles:
        raise SetUpRefused(
            _("This campaign has cycles. Delete those that were never launched; a campaign with others stays."),
            reason="campaign.has-cycles",
        )


def has_traces() -> SetUpRefused:
    """The refusal to delete a cycle in which somebody has done something already."""
    return SetUpRefused(
        _(
            "Something has been made in this cycle already, for example an appraisal. Delete that first, then the cycle."
        ),
        reason="cycle.has-traces",
    )


def check_has_days_left(cycle: Cycle, day: date) -> None:
    """What falls due in a cycle from today on needs a day of it that lies ahead: past its last one no day would do."""
    if cycle.ends_on < day:
        raise StageRefused(
            _("The last day of this cycle, %(day)s, has passed. Nothing more can fall due in it.")
            % {"day": day_said(cycle.ends_on)},
            reason="cycle.past-its-last-day",
        )


def check_under_way(cycle: Cycle) -> None:
    """A cycle changes from its launch to its close."""
    if not cycle.is_launched:
        raise StageRefused(_("This cycle has not been launched yet. Launch it first."), reason="cycle.not-launched")
    if cycle.is_closed:
        raise StageRefused(_("This cycle has been closed. It can no longer be changed."), reason="cycle.closed")


def check_stage_begun(window: StageWindow | None, day: date) -> None:
    """What belongs to a stage waits until the stage opens."""
    if window is None:
        raise StageRefused(_("This campaign does without this stage."), reason="stage.not-chosen")
    if day < window.opens_on:
        raise StageRefused(
            _("This stage has not opened yet. It opens on %(day)s.") % {"day": day_said(window.opens_on)},
            reason="stage.not-yet-open",
        )


def check_stage_not_over(window: StageWindow, day: date) -> None:
    """What belongs to a stage ends with the stage."""
    if day > window.closes_on:
        raise StageRefused(
            worded(_("This stage closed on %(day)s. Ask the %(office)s."), day=day_said(window.closes_on)),
            reason="stage.closed",
        )


def check_takes_part(cycle: Cycle, organisation: Organisation) -> None:
    """Only living organisations below the campaign's own, or that one itself, take part."""
    if organisation.ended_on is not None or not is_within(organisation, cycle.campaign.organisation):
        raise OutsideRefused(
            _("%(name)s takes no part in this campaign. Choose a unit that does.") % {"name": organisation.name},
            reason="organisation.takes-no-part",
        )


def basis_fields(basis: dict[str, Any]) -> dict[str, Any]:
    """A legal basis as the columns that keep it."""
    names = {"kind": "kind", "body": "body", "number": "number", "from": "valid_from", "until": "valid_until"}
    return {f"basis_{field}": basis[name] for field, name in names.items()}


def days_of(window: StageWindow) -> str:
    """A stage's days as corrections name them."""
    return f"{window.opens_on} – {window.closes_on}"
