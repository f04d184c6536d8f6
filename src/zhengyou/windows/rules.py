"""What a service point says of itself, who keeps it, what a mark may be, when something looks odd, and what may be shown."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from zhengyou.base import codes
from zhengyou.base.refusals import Refused, allows
from zhengyou.base.texts import check_texts
from zhengyou.base.time import week_of
from zhengyou.base.words import day_said
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.ruleset import Rules, ServiceStep
from zhengyou.identity import rules as identity_rules
from zhengyou.organisations import queries as organisations
from zhengyou.organisations import rules as organisation_rules
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.organisations.tree import is_within
from zhengyou.organisations.vocabulary import worded
from zhengyou.windows.models import ServicePoint, WindowFlag

ROOM = "windows"
LONGEST_WORDS = 500
LONGEST_CONTACT = 100
MOST_CODES = 5_000  # on one sheet
AT_ONCE = 200  # so many a page shows at once, and no file holds them; more of them a job writes into a file
LEAST = 10  # so many marks at least are shown together, by step; fewer would tell who gave which
LEAST_REASON = 5
LONG_RUN = 20  # best marks in a row: where four of five people give the best one, one run in a hundred gets so long
LATE = timedelta(minutes=30)
MANY_LATE = 8
USUAL_END = time(17, 30)  # when a window's day ends until somebody from elsewhere says another hour
FARTHEST = timedelta(days=31)  # so far ahead a window is entered or closed
MANY_ALIKE = 40  # so many marks of one week at a unit's windows, and at most one in fifty not the best
OTHERS_AMONG = 50


class WindowRefused(Refused):
    """The service point, the mark, the code or the flag cannot be like this."""


@dataclass(frozen=True)
class WindowCounts:
    """What may be shown of the marks of one way: counts by step, of so many weeks up to the week (Monday) `until`, or nothing.

    `later`: how many have come since and wait until their steps can be shown; 0 also where they are too few to be named.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    later: int = 0
    until: date | None = None
    weeks: int = 0

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def check_keeps(by: Person, organisation: Organisation, on: date) -> None:
    """The unit's own secretary keeps its points, or the campaign office of the unit or of a level above."""
    if not organisations.holds_post(by, Post.Role.SECRETARY, organisation, on):
        identity_rules.check_is_office_of(by, organisation, on)


def is_of_unit(by: Person, unit: Organisation, on: date) -> bool:
    """Whether this person belongs to a unit, or has a post in it; for the top of the tree nobody is from elsewhere."""
    homes = [by.organisation, *(post.organisation for post in organisations.posts_of(by, on))]
    return unit.parent_id is not None and any(is_within(home, unit) for home in homes)


def may_set_closing(by: Person, unit: Organisation, on: date) -> bool:
    """Whether this person may say when a window's day ends, by which late praise is noticed: the office, as far as it is from elsewhere;
    for the top of the tree its own.
    """
    return not is_of_unit(by, unit, on) and allows(identity_rules.check_is_office_of, by, unit, on)


def check_closing(unit: Organisation, known: time | None, closes_at: time | None, by: Person, on: date) -> None:
    """When its day ends is never the unit's to say: not as it enters a window, and not afterwards. `known` is what holds already."""
    if closes_at != known and not may_set_closing(by, unit, on):
        raise WindowRefused(
            worded(
                _(
                    "Praise shortly before the end of the day is noticed by this hour, so the %(office)s sets it. Ask "
                    "there."
                )
            ),
            reason="window.own-closing-time",
        )


def check_point(*, name: str, what: str, place: str) -> dict[str, str]:
    """A point has a name and says what is done there. Returns the texts trimmed."""
    missing = _("Give the window a name, and say what is done there.")
    needed = check_texts(WindowRefused, ServicePoint, missing, name=name, what=what)
    return needed | check_texts(WindowRefused, ServicePoint, place=place)


def check_name_is_free(is_taken: bool) -> None:
    """Two open windows of one unit with one name would be taken for one."""
    if is_taken:
        raise WindowRefused(
            _("This unit has an open window of this name already. Choose another name, such as its number."),
            reason="window.name-taken",
        )


def check_opens(opened_on: date, on: date) -> None:
    """A point is entered when it is there, or at most a month before."""
    if opened_on > on + FARTHEST:
        raise WindowRefused(
            _("This day is more than a month away. Enter the window when it is about to open."),
            reason="window.opens-too-late",
        )
    organisation_rules.check_year(opened_on, on)


def check_stays_open(point: ServicePoint, opened_on: date, on: date) -> None:
    """What has opened is not put off: it would take no marks, and nobody would read why."""
    if point.opened_on <= on < opened_on:
        raise WindowRefused(
            _("It is open already, and would take no ratings until that day. Close it instead, with a reason."),
            reason="window.opened-already",
        )


def check_is_open(point: ServicePoint) -> None:
    """What has closed is not changed any more."""
    if point.closed_on is not None:
        raise WindowRefused(
            _("This window closed on %(day)s. Open a new one, or undo the closing within a day.")
            % {"day": day_said(point.closed_on)},
            reason="window.closed",
        )


def check_close(point: ServicePoint, on: date, because: str, today: date) -> str:
    """It closes once, not before it opened, within a month, with a reason that everybody reads. Returns the reason trimmed."""
    check_is_open(point)
    if on > today + FARTHEST:
        raise WindowRefused(
            _("This day is more than a month away. Close the window when its last day is near."),
            reason="window.closes-too-late",
        )
    if on < point.opened_on:
        raise WindowRefused(
            _("It opened on %(day)s. It cannot close before.") % {"day": day_said(point.opened_on)},
            reason="window.closes-before-it-opens",
        )
    missing = _("Say why it closes. Everybody reads it.")
    return check_texts(WindowRefused, ServicePoint, missing, closed_because=because)["closed_because"]


def check_may_reopen(closed_at: datetime | None, at: datetime) -> None:
    """A closing is undone within a day; later a new window is opened."""
    if closed_at is None or at - closed_at > timedelta(days=1):
        raise WindowRefused(
            _("A closing can be undone within a day. Open a new window instead."), reason="window.too-late-to-undo"
        )


def takes_marks(point: ServicePoint, calendar: Calendar | None, on: date) -> bool:
    """Whether marks are taken there on this day."""
    is_open = point.opened_on <= on and (point.closed_on is None or on <= point.closed_on)
    return is_open and calendar is not None


def check_takes_marks(point: ServicePoint, calendar: Calendar | None, on: date) -> Calendar:
    """Marks are taken while the window is open and a campaign with this room is under way. Returns its calendar."""
    if calendar is None or not takes_marks(point, calendar, on):
        raise WindowRefused(
            _("This window takes no ratings now, so yours was not counted. Its page says whom to turn to."),
            reason="window.takes-no-marks",
        )
    return calendar


def check_mark(ruleset: Rules, step: str, reasons: Collection[str]) -> ServiceStep:
    """A mark is one of the five steps, chosen by its giver; reasons are those of the list. Returns the step."""
    chosen = next((one for one in ruleset.service_steps if one.id == step), None)
    if chosen is None:
        raise WindowRefused(_("Choose one of the five steps. None is chosen beforehand."), reason="window.no-step")
    if not set(reasons) <= {one.id for one in ruleset.service_reasons}:
        raise WindowRefused(_("Tick reasons of the list, or none."), reason="window.unknown-reason")
    return chosen


def check_length(words: str, contact: str) -> None:
    """Few enough words to be read."""
    for text, most, slug in ((words, LONGEST_WORDS, "words"), (contact, LONGEST_CONTACT, "contact")):
        if len(text.replace("\r\n", "\n").strip()) > most:
            raise WindowRefused(
                _("Your words have %(count)d characters. Shorten them to %(most)d.")
                % {"count": len(text), "most": most},
                reason=f"window.{slug}-too-long",
            )


def case_kind(ruleset: Rules) -> str:
    """Of which kind a case is that was born of a bad mark: the last of the pack's kinds that is handed to nobody else."""
    kinds = [one.id for one in ruleset.case_kinds if one.is_public and not one.body]
    return kinds[-1] if kinds else ""


def code_refused() -> WindowRefused:
    """The refusal of a code of no slip of this window. Of one that was used nothing is said: whoever kept a copy would learn it."""
    return WindowRefused(
        _(
            "No slip of this window has this code. Compare it with the slip, or leave the box empty: your rating is then counted with "
            "those without a slip."
        ),
        reason="window.code",
    )


def tablet_digest(secret: str) -> str:
    """What is kept of the secret by which the counter's own device opens its page."""
    return codes.digest("window tablet", secret)


def check_count(count: int) -> None:
    """So many codes as are given out in some weeks."""
    if not 1 <= count <= MOST_CODES:
        raise WindowRefused(
            _("Choose from 1 to %(most)d codes at once.") % {"most": MOST_CODES}, reason="window.number-of-codes"
        )


def check_may_add_codes(point: ServicePoint, count: int, by: Person, on: date) -> None:
    """Whoever keeps an open window has slips made for it."""
    check_keeps(by, point.organisation, on)
    check_is_open(point)
    check_count(count)


def check_may_settle(flag: WindowFlag, by: Person, on: date) -> None:
    """What looks odd about a unit's windows is looked into by somebody above it, or by the office; never by the unit itself."""
    unit = flag.window.organisation
    roles = (Post.Role.SECRETARY, Post.Role.LEADER)
    if not organisations.holds_post_above(by, roles, unit, on):
        identity_rules.check_is_office_of(by, unit, on)
    if is_of_unit(by, unit, on):
        raise identity_rules.RoleRefused(
            _("You belong to %(unit)s, and this is about its window. The level above looks into it.")
            % {"unit": unit.name},
            reason="window.own-unit",
        )


def check_finding(flag: WindowFlag, finding: str) -> str:
    """It is settled once, with what was found. Returns it trimmed."""
    if flag.settled_on is not None:
        raise WindowRefused(_("Somebody has looked into this already."), reason="window.settled")
    missing = _("Write what you found; the unit reads it.")
    return check_texts(WindowRefused, WindowFlag, missing, finding=finding)["finding"]


def is_late(closes_at: time | None, at: datetime) -> bool:
    """Whether an instant lies in the last half hour before a window's day ends, or after that. Where nobody from elsewhere said when
    it ends, the usual hour holds.
    """
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    return local.replace(tzinfo=None) >= datetime.combine(local.date(), closes_at or USUAL_END) - LATE


def is_praise_alone(best: int, total: int) -> bool:
    """Whether so many marks of a week are the best step that their number alone is odd."""
    return total >= MANY_ALIKE and (total - best) * OTHERS_AMONG <= total


def released(weeks: Iterable[tuple[date, str, int]], on: date) -> WindowCounts:
    """What may be shown of counts by week and step. Weeks that are over are shown together with those after them until they are at
    least LEAST marks of more than one step; what has not got so far waits. So two pages, looked at on two days, never differ by
    so few marks, or by marks so alike, that somebody at the counter could tell who gave which.
    """
    by_week: dict[date, Counter[str]] = {}
    for week, step, count in weeks:
        by_week.setdefault(week, Counter())[step] += count
    shown: Counter[str] = Counter()
    waiting: Counter[str] = Counter()
    until, weeks_shown = None, 0
    over = sorted(one for one in by_week if one < week_of(on))
    for place, week in enumerate(over, start=1):
        waiting += by_week[week]
        if waiting.total() >= LEAST and len(waiting) > 1:
            shown, waiting, until, weeks_shown = shown + waiting, Counter(), week, place
    return WindowCounts(dict(shown), waiting.total() if waiting.total() >= LEAST else 0, until, weeks_shown)
