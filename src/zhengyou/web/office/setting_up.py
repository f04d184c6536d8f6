"""The steps by which a house comes from nothing to its launch: of each what it is for, whether it is done, and where it is done.

The first that is not done is the next. What a launch needs is `campaigns.rules.check_may_launch`'s to say; this only leads there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengyou.base.words import in_readers_words
from zhengyou.campaigns import packs
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Campaign, Cycle
from zhengyou.identity import queries as accounts
from zhengyou.leadership import queries as leadership
from zhengyou.leadership.models import LeadingTeam
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Post
from zhengyou.organisations.tree import is_within_any, within_any
from zhengyou.organisations.vocabulary import word_now, worded
from zhengyou.polls.rules import FEWEST_SCRUTINEERS
from zhengyou.scrutiny import queries as scrutiny
from zhengyou.web.office.running_a_poll import WITHOUT, runners

FEWEST_OF_THE_OFFICE = 2  # two people close a poll


@dataclass(frozen=True)
class SetUpStep:
    """One step: what it is called, what it is for, what is there already, and the page on which it is done.

    `is_of_a_beginning`: units, people and campaign; where none of the three is done the house is empty. `why_not`: who does not
    count, each with the rule that they miss.
    """

    title: Any
    why: Any
    state: str
    address: str
    button: Any
    is_done: bool
    is_of_a_beginning: bool = False
    why_not: Sequence[Any] = ()


def steps_of(on: date, offices: Sequence[Organisation]) -> list[SetUpStep]:
    """All steps in their order, as far as these organisations' office reaches. A constant number of queries.

    Where an office above runs the campaign only what is theirs stands here: their units, their people, who answers for each.
    """
    campaign = next((row for row in campaigns.campaigns() if is_within_any(row.organisation, offices)), None)
    if campaign is None and campaigns.under_way_above(offices):
        return [_units(offices), _people(offices), _responsible(None, on, offices)]
    cycle = next(iter(campaigns.cycles(campaign)), None) if campaign else None
    return [
        _words(),
        _units(offices),
        _people(offices),
        _office(on, offices),
        *_scrutineers(campaign, cycle, on, offices),
        _campaign(campaign),
        _cycle(campaign, cycle),
        *_themes(cycle),
        _responsible(campaign, on, offices),
        *_leading(campaign, cycle, on),
        _launch(cycle),
        *_keys(cycle),
    ]


def next_of(steps: list[SetUpStep]) -> SetUpStep | None:
    """The first step that is not done; None if all are."""
    return next((step for step in steps if not step.is_done), None)


def is_empty(steps: list[SetUpStep]) -> bool:
    """Whether of units, people and campaign nothing is there yet: then a house has only its set-up to show."""
    return bool(steps) and not any(step.is_done for step in steps if step.is_of_a_beginning)


def _words() -> SetUpStep:
    pack = organisations.pack_of_house()
    return SetUpStep(
        _("A pack: the words used here"),
        _(
            "It says what units, people and posts are called here, and which stages, sheet and titles a campaign begins with."
        ),
        in_readers_words(packs.name_of(pack)) if pack else "",
        reverse("office-packs"),
        _("Look at the packs"),
        bool(pack),
    )


def _units(offices: Sequence[Organisation]) -> SetUpStep:
    count = organisations.living_organisations().filter(within_any(offices)).count()
    return SetUpStep(
        _("Import the units") if _reads_in(offices) else _("Enter the units"),
        _("From your own workbook, as it is. You see a preview, and nothing is changed before you confirm it.")
        if _reads_in(offices)
        else worded(
            _("By hand, one by one. Whole lists are read in by the %(office)s of the topmost unit: send them there.")
        ),
        _state_of_units(count, offices),
        reverse("office-imports" if _reads_in(offices) else "office-tree"),
        _("Import a workbook") if _reads_in(offices) else _("To the units"),
        count > 1,
        is_of_a_beginning=True,
    )


def _state_of_units(count: int, offices: Sequence[Organisation]) -> str:
    if count == 1 and _reads_in(offices):  # made with the house, and nobody read it in
        return str(_("only the topmost one so far"))
    return ngettext("%(n)d unit", "%(n)d units", count) % {"n": count}


def _reads_in(offices: Sequence[Organisation]) -> bool:
    return any(one.depth == 0 for one in offices)


def _people(offices: Sequence[Organisation]) -> SetUpStep:
    count = organisations.living_people().filter(within_any(offices, "organisation")).count()
    return SetUpStep(
        (_("Import the %(members)s") if _reads_in(offices) else _("Enter the %(members)s"))
        % {"members": word_now("members")},
        _("The same way. Who leads which unit may stand in the same workbook, or comes later with a list of posts.")
        if _reads_in(offices)
        else _("One by one too, or in a list that you send to the office of the topmost unit."),
        ngettext("%(n)d person", "%(n)d people", count) % {"n": count},
        reverse("office-imports") + "?what=people" if _reads_in(offices) else reverse("office-people"),
        _("Import a workbook") if _reads_in(offices) else _("To the people"),
        count > FEWEST_OF_THE_OFFICE,
        is_of_a_beginning=True,
    )


def _office(on: date, offices: Sequence[Organisation]) -> SetUpStep:
    rows: Any = accounts.posts_with_accounts(on).filter(organisation__in=offices, role=Post.Role.CAMPAIGN_OFFICE)
    count = len({row.person_id for row in rows if row.account not in WITHOUT})
    return SetUpStep(
        _("Accounts for the %(office)s") % {"office": word_now("office")},
        _("At least two people, because an appraisal is closed by two. None of them should be rated by the appraisal."),
        ngettext("%(n)d person in the office can sign in", "%(n)d people in the office can sign in", count)
        % {"n": count},
        reverse("office-posts"),
        _("Give posts and hand out accounts"),
        count >= FEWEST_OF_THE_OFFICE,
    )


def _scrutineers(
    campaign: Campaign | None, cycle: Cycle | None, on: date, offices: Sequence[Organisation]
) -> list[SetUpStep]:
    """Three who are named, may be it and can sign in, where the campaign holds appraisals."""
    if not offices or (cycle and "polls" not in cycle.ruleset.rooms):
        return []
    _of_office, named = runners(campaign.organisation if campaign else offices[0], on)
    ready = named.ready
    return [
        SetUpStep(
            _("Three scrutineers"),
            _(
                "They check the office, so nobody who works there can be one, nor anybody of the appraised units; people of the "
                "topmost unit itself can. Each gets the post and an account here, and makes keys of their own when an appraisal is planned."
            ),
            ngettext("%(n)d scrutineer can sign in", "%(n)d scrutineers can sign in", len(ready)) % {"n": len(ready)},
            reverse("office-posts"),
            _("Give posts and hand out accounts"),
            len(ready) >= FEWEST_SCRUTINEERS,
            why_not=named.why_not if _reads_in(offices) else (),  # a lower office reads nothing of others' people
        )
    ]


def _campaign(campaign: Campaign | None) -> SetUpStep:
    return SetUpStep(
        _("The campaign and its legal basis"),
        _(
            "Name, theme, and the document on which it rests. It is made from a pack and can be changed until the launch."
        ),
        campaign.called if campaign else "",
        reverse("office-campaign", args=[campaign.pk]) if campaign else reverse("office-campaign-create"),
        _("See the campaign") if campaign else _("Make a campaign from a pack"),
        campaign is not None,
        is_of_a_beginning=True,
    )


def _cycle(campaign: Campaign | None, cycle: Cycle | None) -> SetUpStep:
    has_dates = cycle is not None and len(Calendar.of(cycle).in_order()) >= len(cycle.ruleset.stages)
    address = reverse("office-campaign-create")
    if cycle:
        address = reverse("office-cycle-stages", args=[cycle.pk])
    elif campaign:
        address = reverse("office-cycle-add", args=[campaign.pk])
    return SetUpStep(
        _("A cycle: its dates and stages"),
        _(
            "Usually a year. Each stage gets its first and last day; the system opens and closes it on "
            "those days by itself."
        ),
        cycle.called if cycle else "",
        address,
        _("See the dates") if has_dates else _("Set the dates") if cycle else _("Add a cycle"),
        has_dates,
    )


def _themes(cycle: Cycle | None) -> list[SetUpStep]:
    """A theme for each sector, where the campaign has themes."""
    if cycle is None or "plans" not in cycle.ruleset.rooms:
        return []
    sectors, themes = organisations.sizes_by_sector(cycle.campaign.organisation), campaigns.sector_themes(cycle)
    count = sum(bool(themes.get(slug, "").strip()) for slug in sectors)
    return [
        SetUpStep(
            _("A theme for each sector"),
            _("What the campaign means for each kind of work. Units choose their own theme below it."),
            _("%(n)d of %(all)d sectors") % {"n": count, "all": len(sectors)},
            reverse("office-cycle-themes", args=[cycle.pk]),
            _("Change the themes"),
            count >= len(sectors),
        )
    ]


def _responsible(campaign: Campaign | None, on: date, offices: Sequence[Organisation]) -> SetUpStep:
    rows = organisations.organisations_without_responsible(on, campaign.organisation if campaign else None)
    missing = rows.filter(within_any(offices)).count()
    return SetUpStep(
        _("A responsible person for each unit"),
        _("The quickest way is a workbook: download today’s list of units, fill in the column, and import it again.")
        if _reads_in(offices)
        else _("Name one person for each, or let whoever leads a unit answer for it."),
        ngettext("%(n)d unit has nobody", "%(n)d units have nobody", missing) % {"n": missing}
        if missing
        else _("all have"),
        reverse("office-responsible"),
        _("Name who is responsible"),
        not missing,
    )


def _leading(campaign: Campaign | None, cycle: Cycle | None, on: date) -> list[SetUpStep]:
    """A leading group with a head, where the campaign has one."""
    if campaign is None or cycle is None or "leadership" not in cycle.ruleset.rooms:
        return []
    teams = leadership.teams_of(campaign, on)
    count = sum(len(one.members) for one in teams)
    is_formed = any(one.team.kind == LeadingTeam.Kind.GROUP and one.head for one in teams)
    state = ngettext("%(n)d person in its teams", "%(n)d people in its teams", count) % {"n": count}
    unled = leadership.units_without_leader(campaign, on)
    if is_formed and unled:  # no launch needs them, yet whoever reads “done” must not think that all have one
        state += " · " + ngettext("%(n)d unit has no leader", "%(n)d units have no leader", unled) % {"n": unled}
    return [
        SetUpStep(
            _("The leading group"),
            _(
                "Who leads the campaign, and which leader looks after which unit. Everybody sees it on the campaign’s page."
            ),
            state,
            reverse("office-leading", args=[campaign.pk]),
            _("See the leading group") if is_formed else _("Form the leading group"),
            is_formed,
        )
    ]


def _launch(cycle: Cycle | None) -> SetUpStep:
    is_launched = bool(cycle and cycle.is_launched)
    return SetUpStep(
        _("Look through it and launch"),
        _(
            "The rules are frozen and published with their fingerprint. From then on units are asked, and everybody can read it."
        ),
        _("launched") if is_launched else "",
        reverse("office-cycle", args=[cycle.pk]) if cycle else reverse("office-campaign-create"),
        _("To the cycle") if is_launched else _("To the launch"),
        is_launched,
    )


def _keys(cycle: Cycle | None) -> list[SetUpStep]:
    """After the launch, where the campaign holds appraisals: the first one has the tried keys of three scrutineers."""
    if cycle is None or "polls" not in cycle.ruleset.rooms:
        return []
    poll, tried = scrutiny.furthest_with_keys(cycle)
    state = _("no appraisal is planned yet")
    if poll:
        state = ngettext("%(n)d scrutineer has tried their keys", "%(n)d scrutineers have tried their keys", tried)
        state %= {"n": tried}
    return [
        SetUpStep(
            _("The first appraisal, and the keys of its scrutineers"),
            _(
                "Each scrutineer makes keys at their own desk, keeps the file and the paper, and tries them. "
                "Without three of them no appraisal opens."
            ),
            state,
            reverse("office-poll", args=[poll.key]) if poll else reverse("office-polls"),
            _("To the appraisal") if poll else _("To the appraisals"),
            tried >= FEWEST_SCRUTINEERS,
        )
    ]
