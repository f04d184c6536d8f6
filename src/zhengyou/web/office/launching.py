"""The check list before a launch: what stops it, what is worth a look, what is in order. The launch itself asks once."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any, Literal

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengyou.ballots.rules import FEWEST_TO_CLOSE
from zhengyou.base.refusals import reason_against
from zhengyou.base.words import Names, in_readers_words, joined
from zhengyou.burden import rules as burden
from zhengyou.burden.rules import FilledBy
from zhengyou.campaigns import queries, rules
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import CentralWork, Cycle
from zhengyou.campaigns.ruleset import Purpose, asks_of, months_of
from zhengyou.identity import queries as accounts
from zhengyou.leadership import queries as leadership
from zhengyou.leadership.models import LeadingTeam
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Post
from zhengyou.organisations.vocabulary import worded
from zhengyou.polls.rules import FEWEST_SCRUTINEERS
from zhengyou.web.office.running_a_poll import Runners, runners
from zhengyou.web.shared import clock

Mark = Literal["stop", "look", "good"]


@dataclass(frozen=True)
class LaunchCheck:
    """One line: its state, in words, and where it is mended. `is_for_secretaries` offers to make them responsible."""

    state: Mark
    words: Any
    address: str = ""
    link: Any = ""
    is_for_secretaries: bool = False


@dataclass(frozen=True)
class SetUp:
    """What a cycle's page has read of its cycle: the days, the themes, the names of the sectors, the central work."""

    calendar: Calendar
    themes: dict[str, str]
    sectors: dict[str, Names]
    central_work: list[CentralWork]


def checks_of(cycle: Cycle, missing: int, known: SetUp) -> list[LaunchCheck]:
    """Everything that a launch looks at; `missing` units have nobody responsible. A handful of queries."""
    calendar = known.calendar
    made = [
        _responsible(cycle, missing),
        *_leading(cycle),
        *_shut_out(cycle),
        _basis(cycle),
        *_stages(cycle, calendar),
        *_themes(cycle, known),
        *_central_work(cycle, known),
        *_raters(cycle),
        *_whoever_runs_a_poll(cycle),
        *_minutes(cycle, calendar),
        *_other_campaigns(cycle),
    ]
    order: list[Mark] = ["stop", "look", "good"]
    return sorted(made, key=lambda one: order.index(one.state))


def _responsible(cycle: Cycle, missing: int) -> LaunchCheck:
    if not missing:
        return LaunchCheck("good", _("Every unit has somebody responsible."))
    address, link = reverse("office-responsible"), _("Name who is responsible")
    rows = organisations.organisations_without_responsible(clock.today(), cycle.campaign.organisation)
    if not organisations.names_of_holders(Post.Role.SECRETARY, rows, clock.today()):
        text = ngettext(
            "%(n)d unit has nobody responsible, and nobody leads it. Name somebody.",
            "%(n)d units have nobody responsible, and nobody leads them. Name somebody for each.",
            missing,
        )
        return LaunchCheck("stop", text % {"n": missing}, address, link)
    text = ngettext(
        "%(n)d unit has nobody responsible. Let its leader answer for it, or name somebody in the workbook.",
        "%(n)d units have nobody responsible. Let the leader of each answer for it, or name somebody in the workbook.",
        missing,
    )
    return LaunchCheck("stop", text % {"n": missing}, address, link, is_for_secretaries=True)


def _leading(cycle: Cycle) -> list[LaunchCheck]:
    """Whether somebody leads, and whether a leader comes to every unit; neither stops a launch."""
    if "leadership" not in cycle.ruleset.rooms:
        return []
    campaign, on = cycle.campaign, clock.today()
    heads = [one for one in leadership.teams_of(campaign, on) if one.team.kind == LeadingTeam.Kind.GROUP and one.head]
    address = reverse("office-leading", args=[campaign.pk])
    if not heads:
        return [LaunchCheck("look", _("The leading group has no head yet."), address, _("Form the leading group"))]
    checks = [LaunchCheck("good", _("The leading group has its head."))]
    if unled := leadership.units_without_leader(campaign, on):
        text = ngettext("No leader looks after %(n)d unit.", "No leader looks after %(n)d units.", unled) % {"n": unled}
        points = reverse("office-contact-points", args=[campaign.pk])
        checks.append(LaunchCheck("look", text, f"{points}?led=no", _("Give them a leader")))
    return checks


def _shut_out(cycle: Cycle) -> list[LaunchCheck]:
    """Those who lead a unit and have no account: the launch asks them, and they cannot come in to answer."""
    posts = accounts.posts_with_accounts(clock.today()).filter(Q(account="none"), role=Post.Role.SECRETARY)
    within = posts.filter(organisation__path__startswith=cycle.campaign.organisation.path)
    if not (count := within.values("person").distinct().order_by().count()):
        return []
    text = ngettext(
        "%(n)d person who leads a unit has no account yet and cannot sign in.",
        "%(n)d people who lead a unit have no account yet and cannot sign in.",
        count,
    )
    address = f"{reverse('office-posts')}?account=none"
    return [LaunchCheck("look", text % {"n": count}, address, _("Give posts and hand out accounts"))]


def _basis(cycle: Cycle) -> LaunchCheck:
    why = reason_against(rules.check_basis_covers, cycle.campaign, clock.today())
    address = reverse("office-campaign-basis", args=[cycle.campaign_id])
    if why:
        return LaunchCheck("stop", why, address, _("Correct the legal basis"))
    return LaunchCheck("good", _("The legal basis is in force."))


def _stages(cycle: Cycle, calendar: Calendar) -> list[LaunchCheck]:
    address, link = reverse("office-cycle-stages", args=[cycle.pk]), _("Set the dates")
    dated = calendar.in_order()
    lacking = [stage for stage in cycle.ruleset.stages if stage.id not in calendar.windows]
    if lacking:
        text = _("These stages have no dates: %(names)s.") % {
            "names": joined(in_readers_words(s.name) for s in lacking)
        }
        return [LaunchCheck("stop", text, address, link)]
    overlapping = [
        _("“%(one)s” and “%(other)s”") % {"one": in_readers_words(one.name), "other": in_readers_words(other.name)}
        for (one, first), (other, second) in combinations(dated, 2)
        if first.closes_on >= second.opens_on and second.closes_on >= first.opens_on
    ]
    if overlapping:
        text = _("These stages overlap, which may be intended: %(names)s.") % {"names": _("; ").join(overlapping)}
        return [LaunchCheck("look", text, address, link)]
    return [LaunchCheck("good", _("The stages follow one another."))]


def _themes(cycle: Cycle, known: SetUp) -> list[LaunchCheck]:
    if "plans" not in cycle.ruleset.rooms:
        return []
    themes, names = known.themes, known.sectors
    sectors = organisations.sizes_by_sector(cycle.campaign.organisation)
    lacking = [in_readers_words(names.get(slug, {})) or slug for slug in sectors if not themes.get(slug, "").strip()]
    if lacking:
        text = _("These sectors have units and no theme: %(names)s.") % {"names": joined(lacking)}
        return [LaunchCheck("stop", text, reverse("office-cycle-themes", args=[cycle.pk]), _("Change the themes"))]
    return [LaunchCheck("good", _("Every sector has its theme."))]


def _central_work(cycle: Cycle, known: SetUp) -> list[LaunchCheck]:
    if not {"plans", "commitments"} & set(cycle.ruleset.rooms):
        return []
    if known.central_work:
        return [LaunchCheck("good", _("The central work is listed."))]
    address = reverse("office-cycle-central-work", args=[cycle.pk])
    text = _("No piece of central work is listed. Units then cannot say which piece their theme serves.")
    return [LaunchCheck("look", text, address, _("Write the list"))]


def _raters(cycle: Cycle) -> list[LaunchCheck]:
    """Groups with a weight on paper that no poll will have a pool for, so that the combined score goes without them."""
    ruleset = cycle.ruleset
    if "polls" not in ruleset.rooms:
        return []
    address, link = reverse("office-cycle-sheet", args=[cycle.pk]), _("Change the sheet")
    asked = [group for group in ruleset.rater_groups if group.asked and group.weight]
    text = _(
        "Each of these groups of raters needs a pool when an appraisal is planned; without one its weight counts nowhere: %(names)s."
    )
    named = joined(f"{in_readers_words(group.name)} ({group.weight})" for group in asked)
    checks = [LaunchCheck("look", text % {"names": named}, address, link)] if len(asked) > 1 else []
    unasked = [group for group in ruleset.unasked_groups if group.weight]
    if not unasked:
        return checks
    text = _("These groups of raters get no pool here yet, so their weight counts nowhere: %(names)s.")
    names = joined(f"{in_readers_words(group.name)} ({group.weight})" for group in unasked)
    return [*checks, LaunchCheck("look", text % {"names": names}, address, link)]


def _whoever_runs_a_poll(cycle: Cycle) -> list[LaunchCheck]:
    """Whether two of the office, and three scrutineers, can sign in and have no part in the units that will be judged."""
    if "polls" not in cycle.ruleset.rooms:
        return []
    office, named = runners(cycle.campaign.organisation, clock.today())
    return [_two_of_the_office(office), _three_scrutineers(named)]


def _two_of_the_office(office: Runners) -> LaunchCheck:
    if len(office.ready) >= FEWEST_TO_CLOSE:
        return LaunchCheck("good", worded(_("Two people in the %(office)s can run an appraisal.")))
    text = worded(
        _(
            "Two people in the %(office)s who have no part in the appraised units run an appraisal. So far "
            "there are: %(names)s."
        ),
        names=office.names,
    )
    words = " ".join([str(text), *map(str, office.why_not)])
    if len(office.ready) == 1:
        alone = _("One person alone can neither close an appraisal nor end a cycle.")
        words = f"{words} {alone}"
    return LaunchCheck("look", words, reverse("office-posts"), _("Give posts and hand out accounts"))


def _three_scrutineers(named: Runners) -> LaunchCheck:
    if len(named.ready) >= FEWEST_SCRUTINEERS:
        return LaunchCheck("good", _("Three scrutineers can sign in. Each makes keys when an appraisal is planned."))
    text = _("An appraisal opens with three scrutineers who can sign in. So far there are: %(names)s.")
    words = " ".join([text % {"names": named.names}, *map(str, named.why_not)])
    return LaunchCheck("look", words, reverse("office-posts"), _("Give posts and hand out accounts"))


def _minutes(cycle: Cycle, calendar: Calendar) -> list[LaunchCheck]:
    """What the dearest month asks of a unit and of a member on these days, beside what the rules allow. More stops the launch."""
    if len(calendar.windows) < len(cycle.ruleset.stages):
        return []  # nobody knows the months yet, and that is said of the stages
    asked, cap = queries.what_it_asks(cycle, calendar), cycle.ruleset.burden
    address, link = reverse("office-cycle-stages", args=[cycle.pk]), _("Set the dates")
    if why := reason_against(burden.check_may_ask, asked, cap):
        return [LaunchCheck("stop", why, address, link)]
    months: dict[tuple[FilledBy, date], int] = defaultdict(int)
    for one in asked:
        months[one.form.filled_by, one.month] += one.minutes
    dearest = {who: max((n for (by, _month), n in months.items() if by == who), default=0) for who in burden.COUNTED}
    text = _(
        "The busiest month asks at most %(unit)d minutes of a unit (%(unit_cap)d are allowed) and "
        "%(member)d of a person (%(member_cap)d are allowed)."
    )
    counts = {"unit": dearest[FilledBy.UNIT], "member": dearest[FilledBy.MEMBER]}
    counts |= {"unit_cap": cap.unit_minutes, "member_cap": cap.member_minutes}
    return [LaunchCheck("good", text % counts), *_ballots(cycle, calendar, months)]


def _ballots(cycle: Cycle, calendar: Calendar, months: dict[tuple[FilledBy, date], int]) -> list[LaunchCheck]:
    """A ballot is asked when its appraisal opens: whether any month of its stage leaves the minutes for it."""
    ballots, window = [one for one in asks_of(cycle.ruleset) if one.asked_by_polls], calendar.window(Purpose.APPRAISE)
    if not ballots or window is None:
        return []
    left = max(
        cycle.ruleset.burden.member_minutes - months[FilledBy.MEMBER, one]
        for one in months_of(window.opens_on, window.closes_on)
    )
    needed = sum(one.minutes(cycle.ruleset) for one in ballots)
    if needed <= left:
        return []
    text = _(
        "A ballot takes %(needed)d minutes, and the months of its stage leave only %(left)d. Such an "
        "appraisal could not be opened."
    )
    address = reverse("office-cycle-stages", args=[cycle.pk])
    return [LaunchCheck("look", text % {"needed": needed, "left": left}, address, _("Set the dates"))]


def _other_campaigns(cycle: Cycle) -> list[LaunchCheck]:
    beside = [one for one in Calendar.under_way_for([cycle.campaign.organisation]) if one.cycle.pk != cycle.pk]
    if not beside:
        return []
    text = _("These campaigns are under way at the same time and share units with it: %(names)s. They go on unchanged.")
    return [LaunchCheck("look", text % {"names": joined(one.cycle.campaign.called for one in beside)})]
