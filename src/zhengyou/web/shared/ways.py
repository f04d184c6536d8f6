"""Which page leads where: the ways of each face, the pages below each, and where the page that is shown stands among them.

A literal table, in the order in which readers see it. `holds` are the beginnings of the names of addresses that belong to a way
or a page; the longest that fits wins. A way whose room the house does not have is left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.urls import get_script_prefix
from django.utils.translation import gettext_lazy as _

from zhengyou.campaigns.queries import Face, Frame
from zhengyou.organisations.models import Post
from zhengyou.web.shared.addresses import address


@dataclass(frozen=True)
class Way:
    """One entry of a menu: its words, the name of its address, the room it needs (of several, parted by blanks, one), what else
    belongs to it, the pages below it. `without` names a room in whose presence another entry stands in its place.
    What `is_topmost` is for the office of a topmost organisation.

    `of` names the part of the campaign's face that stands in the address; without a face there is no such entry.
    `posts` are the only ones whose holders need it.
    """

    words: Any
    page: str
    room: str = ""
    holds: tuple[str, ...] = ()
    pages: tuple["Way", ...] = ()
    of: str = ""
    without: str = ""
    posts: tuple[str, ...] = ()
    is_topmost: bool = False


@dataclass(frozen=True)
class Link:
    """An entry as it is drawn; `current` is what it says of itself where we are (`aria-current`)."""

    words: Any
    address: str
    is_here: bool = False
    pages: list["Link"] = field(default_factory=list)
    current: str = "true"


KEEPING = ("desk-keeping", "desk-draft", "desk-vow", "desk-situation")
PUBLIC = (
    Way(_("Home"), "public-home", holds=("public-campaign", "public-leading", "public-carrier")),
    Way(
        _("Find a unit"),
        "public-find",
        pages=(
            Way(
                _("Find a unit"),
                "public-find",
                holds=("public-organisation", "public-situation", "public-remark", "public-report", "public-own"),
            ),
            Way(_("All promises"), "public-promises", "commitments", ("public-promise",)),
        ),
    ),
    Way(_("Have your say"), "public-plans", "consultation", ("public-plan",)),
    Way(
        _("Cases"),
        "public-cases",
        "cases",
        pages=(
            Way(_("Cases"), "public-cases", holds=("public-case",)),
            Way(_("In figures"), "public-case-figures"),
            Way(_("Follow your report"), "public-case-own"),
            Way(_("Service windows"), "public-windows", "windows", ("public-window",)),
        ),
    ),
    Way(
        _("Appraisals and results"),
        "public-polls",
        "polls",
        ("booth", "public-result", "public-unit", "public-scores", "public-standing"),
    ),
    Way(
        _("Notices and honours"),
        "public-notices",
        "awards",
        pages=(
            Way(_("Notices"), "public-notices", holds=("public-notice", "public-objection")),
            Way(_("Honours"), "public-honours", holds=("public-honour", "public-certificates")),
        ),
    ),
    Way(
        _("Transparency"),
        "public-open",
        pages=(
            Way(_("What is open"), "public-open", holds=("public-words",)),
            Way(_("Public entries"), "public-entries", holds=("public-entry",)),
            Way(
                _("Recount it yourself"),
                "recount",
                "polls",
                ("public-record", "public-count", "public-slip", "second-device"),
            ),
            Way(_("Trust statement"), "trust", "polls"),
        ),
    ),
)
ABOVE = (
    Post.Role.SECRETARY,
    Post.Role.LEADER,
    Post.Role.CAMPAIGN_OFFICE,
)  # an office enters for units below what came on paper
DESK = (
    Way(_("To do"), "desk-home"),
    Way(
        _("My unit"),
        "desk-unit",
        pages=(
            Way(_("Its year"), "desk-unit"),
            Way(
                _("Promises"),
                "desk-promises",
                "commitments",
                (
                    "desk-commitment",
                    "desk-pro",
                    "desk-out",
                    "desk-take",
                    "desk-theme",
                    "desk-review",
                    "desk-lessons",
                    *KEEPING,
                ),
            ),
            Way(_("Plans"), "desk-plans", "consultation", ("desk-plan",)),
            Way(_("What people wrote"), "desk-remarks", "commitments consultation windows", ("desk-remark",)),
            Way(_("Cases"), "desk-cases", "cases", ("desk-case", "desk-guarded")),
            Way(_("Service windows"), "desk-windows", "windows", ("desk-window",)),
        ),
    ),
    Way(_("Contact points"), "desk-contact-points", "leadership", ("desk-contact",)),
    Way(_("Units below mine"), "desk-units-below", "commitments", ("desk-submission",), posts=ABOVE),
    Way(_("Yearly grade"), "desk-grades", "grades", ("desk-grade",)),
    Way(_("My ballots"), "desk-ballots", "polls", ("desk-ballot", "desk-roll", "desk-person")),
    Way(_("Scrutiny"), "desk-scrutiny-polls", "polls", ("desk-scrutiny",), posts=(Post.Role.SCRUTINEER,)),
)
OFFICE = (
    Way(
        _("Overview"),
        "office-home",
        pages=(
            Way(_("Overview"), "office-home", holds=("office-job",)),
            Way(_("Setting up"), "office-set-up"),
            Way(_("Journal"), "office-journal"),
        ),
    ),
    Way(
        _("Units and people"),
        "office-tree",
        pages=(
            Way(_("Units"), "office-tree", holds=("office-organisation", "office-roster")),
            Way(_("People on the roster"), "office-people", holds=("office-person",)),
            Way(_("Who made a public commitment"), "office-pledges", "polls", ("office-pledge",), of="cycle_id"),
            Way(_("Posts and accounts"), "office-posts", holds=("office-post", "office-account", "office-responsible")),
            Way(_("Import lists"), "office-imports", holds=("office-import", "office-list"), is_topmost=True),
        ),
    ),
    Way(
        _("Campaign"),
        "office-campaign",
        of="campaign_id",
        pages=(
            Way(_("Campaign"), "office-campaign", of="campaign_id"),
            Way(_("Cycle and rules"), "office-cycle", of="cycle_id"),
            Way(_("Leading group and teams"), "office-leading", "leadership", of="campaign_id"),
            Way(
                _("Projects"), "office-carriers", "carriers", ("office-carrier", "office-demonstration"), of="cycle_id"
            ),
            Way(_("Contact points"), "office-contact-points", "leadership", ("office-contact",), of="campaign_id"),
            Way(_("Packs"), "office-packs", holds=("office-campaign-create", "office-campaign-name")),
        ),
    ),
    Way(
        _("Promises and words"),
        "office-coverage",
        "commitments",
        of="cycle_id",
        pages=(
            Way(_("Themes and promises"), "office-coverage", "commitments", of="cycle_id"),
            Way(_("Plans"), "office-plans", "consultation", of="cycle_id"),
            Way(_("What people wrote"), "office-remarks", "commitments", ("office-remark",), of="cycle_id"),
        ),
    ),
    Way(
        _("Plans and words"),
        "office-plans",
        "consultation",
        of="cycle_id",
        without="commitments",
        pages=(
            Way(_("Plans"), "office-plans", "consultation", of="cycle_id"),
            Way(_("What people wrote"), "office-remarks", "consultation", ("office-remark",), of="cycle_id"),
        ),
    ),
    Way(
        _("Cases and windows"),
        "office-cases",
        "cases",
        of="cycle_id",
        pages=(
            Way(_("Cases"), "office-cases", "cases", ("office-case",), of="cycle_id"),
            Way(_("Service windows"), "office-windows", "windows", ("office-window",)),
            Way(_("Unusual ratings"), "office-window-flags", "windows"),
        ),
    ),
    Way(
        _("Appraisals"),
        "office-polls",
        "polls",
        pages=(
            Way(
                _("Appraisals"),
                "office-polls",
                "polls",
                ("office-poll", "office-roll", "office-paper", "office-issuer", "office-letters"),
            ),
            Way(_("Yearly grades"), "office-grades", "grades", ("office-grade",), of="cycle_id"),
            Way(_("Figures published elsewhere"), "office-outside", "polls", of="cycle_id"),
        ),
    ),
    Way(_("Yearly grades"), "office-grades", "grades", ("office-grade",), of="cycle_id", without="polls"),
    Way(
        _("Selections and notices"),
        "office-selections",
        "awards",
        pages=(
            Way(
                _("Selections"),
                "office-selections",
                "awards",
                ("office-selection", "office-candidate", "office-honour"),
            ),
            Way(_("Objections"), "office-docket", "awards", ("office-docket", "office-objection")),
        ),
    ),
)
BELOW = (
    Way(_("Help"), "public-help"),
    Way(_("Accessibility"), "public-accessibility"),
    Way(_("Trust statement"), "trust", "polls"),
    Way(_("Open data"), "public-open"),
)

TABLES = {"public": PUBLIC, "office": OFFICE, "below": BELOW}


def held_by(ways: Iterable[Way], posts: set[str]) -> list[Way]:
    """The entries for somebody who holds these posts."""
    return [way for way in ways if not way.posts or posts.intersection(way.posts)]


def links(
    ways: Iterable[Way],
    name: str,
    frame: Frame,
    face: Face | None = None,
    keeps: str = "",
    *,
    is_topmost: bool = True,
) -> list[Link]:
    """The entries of a menu for a campaign (`face`), without one those that need none; of those that hold the address of this
    name, the one that fits it best is where we are. `keeps` ends every address that does not name the campaign itself.
    """
    drawn = [
        way for way in ways if _is_there(way, frame) and (not way.of or face) and (is_topmost or not way.is_topmost)
    ]
    best = max(((_fit(way, name), place) for place, way in enumerate(drawn)), default=(0, 0), key=lambda one: one[0])
    return [
        Link(
            way.words,
            _address(way, face, keeps),
            best == (_fit(way, name), place) and best[0] > 0,
            links(way.pages, name, frame, face, keeps, is_topmost=is_topmost),
            "page" if way.page == name else "true",
        )
        for place, way in enumerate(drawn)
    ]


def links_of(
    table: str, name: str, frame: Frame, face: Face | None = None, keeps: str = "", *, is_topmost: bool = True
) -> list[Link]:
    """The same of one of the tables that are nobody's own (TABLES), worked out once for each place in it."""
    return list(_links_of(table, name, frozenset(frame.rooms), face, keeps, is_topmost, get_script_prefix()))


@lru_cache(maxsize=512)
def _links_of(
    table: str, name: str, rooms: frozenset[str], face: Face | None, keeps: str, is_topmost: bool, _prefix: str
) -> list[Link]:
    return links(TABLES[table], name, Frame(set(rooms), set(), {}), face, keeps, is_topmost=is_topmost)


def _is_there(way: Way, frame: Frame) -> bool:
    wanted = way.room.split()
    return (not wanted or not frame.rooms.isdisjoint(wanted)) and way.without not in frame.rooms


def _address(way: Way, face: Face | None, keeps: str) -> str:
    return address(way.page, getattr(face, way.of)) if way.of else address(way.page) + keeps


def _fit(way: Way, name: str) -> int:
    """How much of the name of an address this way, or a page below it, knows: all of it beats every beginning."""
    own = (
        1000
        if way.page == name
        else max((len(part) for part in (way.page, *way.holds) if name.startswith(part)), default=0)
    )
    return max([own, *(_fit(page, name) for page in way.pages)])
