"""A cycle's rules as types, and what they ask of units and members. The cycle keeps them as JSON; a pack begins them and the
launch freezes them.

`SECTIONS` is the whole list of sections: a room that needs rules of its own adds a class and a line. What may stand in
them is checked in `rules`.
"""

import json
import marshal
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, Self

from zhengyou.base.words import Names
from zhengyou.burden.models import month_of
from zhengyou.burden.rules import BY_SLUG, Cap, FormKind

# The rooms that a campaign may do without. A campaign that chooses one gets its menu, its due lines and its cards.
ROOMS = (
    "leadership",
    "plans",
    "carriers",
    "consultation",
    "commitments",
    "cases",
    "windows",
    "polls",
    "paper",
    "grades",
    "awards",
)


class Purpose(StrEnum):
    """What a stage opens. Packs name and arrange stages as they like; rooms ask for the purpose."""

    PROMISE = "promise"
    FULFIL = "fulfil"
    APPRAISE = "appraise"
    RECOGNISE = "recognise"


# A stage makes sense with one of these rooms, and a room whose purpose no stage opens can do nothing.
ROOMS_OF = {
    Purpose.PROMISE: ("plans", "commitments"),
    Purpose.FULFIL: ("commitments",),
    Purpose.APPRAISE: ("polls", "grades"),
    Purpose.RECOGNISE: ("awards",),
}
ROOM_NEEDS = {"paper": "polls", "windows": "cases"}
# From how many ballots voters hide one another: 5 in a band or in one cell of a table, 10 in a breakdown, 50 where slips
# are published one by one. Fewer than 10 marks are shown, never compared (docs/methods/small-samples.md).
FLOORS = {"nothing_below": 5, "band_below": 10, "open_from": 50, "cell": 5, "compare_from": 10}
GIVEN_TO = ("organisations", "members", "workers")
WORDS_SHOWN = ("after_a_look", "at_once")


@dataclass(frozen=True)
class Named:
    """A word of the campaign, for example an aim, a title or an item of the sheet: its slug and its name in both languages."""

    id: str
    name: Names


@dataclass(frozen=True)
class Title(Named):
    """A title, and to whom it is given: organisations, members who committed in public, or holders of a post as well."""

    given_to: str = "organisations"


@dataclass(frozen=True)
class Grade(Named):
    """One grade of the sheet and its points."""

    points: int


@dataclass(frozen=True)
class RaterGroup(Named):
    """A group of raters, counted apart. Weight 0 leaves it out. `side` is inside, outside, or empty for neither.

    `least`: how many people its roll must hold for it to count by itself (`joint_groups`). A group that is not `asked` belongs
    to the campaign but cannot be reached yet: it gets no pool, and its weight counts nowhere.
    """

    weight: int
    side: str = ""
    asked: bool = True
    least: int = 0

    @property
    def weight_that_counts(self) -> int:
        """Its weight, or 0 while it is not asked."""
        return self.weight if self.asked else 0


@dataclass(frozen=True)
class JointGroup(Named):
    """Groups of raters that count as one where the roll of any of them stays below its least number: the second table of weights.

    Weight 0 stands for the weights of the groups together.
    """

    of: tuple[str, ...]
    weight: int = 0
    side: str = ""


@dataclass(frozen=True)
class CountedGroup(Named):
    """A line of the table of weights that serves a poll; `of`: the ids of all groups whose pools belong to it, its own too."""

    weight: int
    side: str
    of: tuple[str, ...]


@dataclass(frozen=True)
class Weights:
    """The table of weights that serves a poll. `small`: the groups whose rolls are too short, so that the second table serves."""

    groups: tuple[CountedGroup, ...]
    small: tuple[RaterGroup, ...] = ()


@dataclass(frozen=True)
class Kind(Named):
    """A kind of organisation. `leads_others` marks kinds whose own organisations are appraised together."""

    leads_others: bool = False


@dataclass(frozen=True)
class Thresholds:
    """From how many ballots what may be published, and which part of a roll must vote (`turnout`, a fraction)."""

    nothing_below: int = 5
    band_below: int = 10
    open_from: int = 50
    cell: int = 5
    turnout: tuple[int, int] = (2, 3)
    compare_from: int = 13


@dataclass(frozen=True)
class CommitmentLimits:
    """How many promises an organisation makes, and how many are advised to it and to a member; how often units tell of their situation.

    `ordinary` are phrases of ordinary duty, about which the form asks, with `better` as an example. 0: not asked for.
    """

    fewest: int = 2
    most: int = 10
    advised: int = 0
    member_fewest: int = 0
    member_most: int = 0
    situation_months: int = 0
    ordinary: tuple[str, ...] = ()
    better: Names | None = None


@dataclass(frozen=True)
class NoticeTime:
    """How long a notice of candidates lasts."""

    working_days: int = 5


@dataclass(frozen=True)
class Grading:
    """The yearly grade of people: which part of them at most gets the best grade, and how many working days they may object."""

    best: tuple[int, int] = (1, 3)
    objection_days: int = 5


@dataclass(frozen=True)
class Clocks:
    """How long things may take. In working days, but for `plan_remarks` and `escalate`, which are days of the calendar."""

    look_at_words: int = 1
    immediate_promise: int = 1
    contested_promise: int = 10
    call_back: int = 1
    pass_on: int = 1
    hand_over: int = 1
    fix: int = 5
    fix_long: int = 15
    reporter_silent: int = 15
    pause: int = 10
    criticism_shown: int = 2
    plan_remarks: int = 7
    escalate: int = 14


@dataclass(frozen=True)
class CaseKind(Named):
    """A kind of case: the clock by which it is fixed, the named body it is handed to if any, whether it is ever public; `says` tells
    whoever reports in a line what is meant by it.
    """

    clock: str = "fix"
    body: str = ""
    is_public: bool = True
    says: Names | None = None


@dataclass(frozen=True)
class ServiceStep(Named):
    """One of the five steps by which service at a window is marked: `value` is 2, 1, 0, -1 or -2, each once, so that they balance."""

    value: int


@dataclass(frozen=True)
class Stage(Named):
    """A stage of the cycle, in the pack's words, and the purposes that it opens."""

    opens: tuple[str, ...]


@dataclass(frozen=True)
class RemarkRules:
    """When anybody's words are shown: one of WORDS_SHOWN."""

    words_shown: str


@dataclass(frozen=True)
class Guidance:
    """What is asked of people in one kind of post, or of units of one sector; shown where they write themes and promises."""

    text: Names
    post_kind: str = ""
    sector: str = ""


SECTIONS: tuple[tuple[str, type], ...] = (
    ("grades", Grade),
    ("criteria", Named),
    ("rater_groups", RaterGroup),
    ("thresholds", Thresholds),
    ("commitments", CommitmentLimits),
    ("notice", NoticeTime),
    ("remarks", RemarkRules),
    ("aims", Named),
    ("titles", Title),
    ("kinds", Kind),
    ("stages", Stage),
    ("rooms", str),
    ("burden", Cap),
    ("clocks", Clocks),
    ("case_kinds", CaseKind),
    ("bodies", Named),
    ("joint_groups", JointGroup),
    ("carrier_kinds", Named),
    ("guidance", Guidance),
    ("member_grades", Named),
    ("grading", Grading),
    ("person_criteria", Named),
    ("service_steps", ServiceStep),
    ("service_reasons", Named),
)
# Sections that rules frozen before they came do not have, and what those rules meant.
CAME_LATER: dict[str, Any] = {
    "joint_groups": [], "carrier_kinds": [], "guidance": [], "member_grades": [], "grading": {}, "person_criteria": [],
    "service_steps": [], "service_reasons": [],
}  # fmt: skip


@dataclass(frozen=True)
class Rules:
    """All rules of one cycle. Lists keep the pack's order; grades, also the yearly ones of people, fall from the best to the worst."""

    grades: tuple[Grade, ...]
    criteria: tuple[Named, ...]
    rater_groups: tuple[RaterGroup, ...]
    thresholds: Thresholds
    commitments: CommitmentLimits
    notice: NoticeTime
    remarks: RemarkRules
    aims: tuple[Named, ...]
    titles: tuple[Title, ...]
    kinds: tuple[Kind, ...]
    stages: tuple[Stage, ...]
    rooms: tuple[str, ...]
    burden: Cap
    clocks: Clocks
    case_kinds: tuple[CaseKind, ...]
    bodies: tuple[Named, ...]
    joint_groups: tuple[JointGroup, ...] = ()
    carrier_kinds: tuple[Named, ...] = ()
    guidance: tuple[Guidance, ...] = ()
    member_grades: tuple[Named, ...] = ()
    grading: Grading = Grading()
    person_criteria: tuple[Named, ...] = ()  # the items by which persons are judged; without any none can be
    service_steps: tuple[ServiceStep, ...] = ()  # as they are drawn at a window
    service_reasons: tuple[Named, ...] = ()

    def items_for(self, *, persons: bool) -> tuple[Named, ...]:
        """The items of a sheet: those of persons, or those of organisations."""
        return self.person_criteria if persons else self.criteria

    @property
    def unasked_groups(self) -> tuple[RaterGroup, ...]:
        """The groups of raters that belong to the campaign and cannot be asked yet."""
        return tuple(group for group in self.rater_groups if not group.asked)

    def weights_for(self, rolls: Mapping[str, int]) -> Weights:
        """The table that serves a poll with that many people on the rolls of each group, as they are at the opening.

        The ballots decide nothing here: whoever stays away changes no weight.
        """
        small = [one for one in self.rater_groups if one.weight_that_counts and rolls.get(one.id, 0) < one.least]
        joined = {joint.id: self._joined(joint) for joint in self.joint_groups}
        serving = [
            one for one in self.joint_groups if len(joined[one.id]) > 1 and any(g in small for g in joined[one.id])
        ]
        inside = {group.id: joint for joint in serving for group in joined[joint.id]}
        groups: dict[str, CountedGroup] = {}
        for group in self.rater_groups:
            if joint := inside.get(group.id):
                weight = joint.weight or sum(one.weight for one in joined[joint.id])
                of = (joint.id, *(one.id for one in joined[joint.id]))
                groups[joint.id] = CountedGroup(joint.id, joint.name, weight, joint.side, of)
            else:
                groups[group.id] = CountedGroup(group.id, group.name, group.weight_that_counts, group.side, (group.id,))
        return Weights(tuple(groups.values()), tuple(one for one in small if one.id in inside))

    def _joined(self, joint: JointGroup) -> list[RaterGroup]:
        """The groups that count and that this one would join."""
        return [group for group in self.rater_groups if group.id in joint.of and group.weight_that_counts]

    @property
    def groups_to_choose(self) -> tuple[RaterGroup | JointGroup, ...]:
        """The groups that a pool may belong to: those that count, and those that would join two of them."""
        counting = [group for group in self.rater_groups if group.weight_that_counts]
        return (*counting, *(joint for joint in self.joint_groups if len(self._joined(joint)) > 1))

    @classmethod
    def read(cls, written: dict[str, Any]) -> Self:
        """The rules from a cycle's JSON. Raises KeyError or TypeError where a section or a value is missing or unknown."""
        return cls(**{name: _section(kind, {**CAME_LATER, **written}[name]) for name, kind in SECTIONS})

    def as_json(self) -> dict[str, Any]:
        """The rules as a cycle keeps them, lists as JSON has them; `read` gives them back."""
        kept: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return kept


@dataclass(frozen=True)
class _Written:
    """The rules of a cycle as they are compared: by a text of everything in them."""

    text: bytes
    rules: dict[str, Any] = field(compare=False)


def as_types(written: dict[str, Any]) -> Rules:
    """The rules from a cycle's JSON, the same object for the same rules: pages ask for them at every row of a list.

    To compare them takes a twentieth of reading them. Raises what `Rules.read` raises.
    """
    return _as_types(_Written(marshal.dumps(written, 0), written))


@lru_cache(maxsize=32)
def _as_types(written: _Written) -> Rules:
    return Rules.read(deepcopy(written.rules))


class When(StrEnum):
    """In which months of its stage a form is asked."""

    FIRST = "first"
    EVERY = "every"
    QUARTER = "quarter"
    LAST = "last"


def months_of(opens_on: date, closes_on: date) -> list[date]:
    """The months of a window, by their first days."""
    months = [month_of(opens_on)]
    while (following := month_of(months[-1] + timedelta(days=31))) <= closes_on:
        months.append(following)
    return months


@dataclass(frozen=True)
class StageAsk:
    """A form that a stage asks for where its room is chosen: once, or for each of the fewest promises."""

    purpose: Purpose
    room: str
    form: FormKind
    when: When
    is_for_each_promise: bool = False
    asked_by_polls: bool = False

    def minutes(self, ruleset: Rules) -> int:
        """Minutes in one month. An ordinary sheet has as many units as are needed to compare one with its peers."""
        times = ruleset.commitments.fewest if self.is_for_each_promise else 1
        return self.form.minutes(ruleset.thresholds.compare_from if self.asked_by_polls else times)

    def months(self, opens_on: date, closes_on: date) -> list[date]:
        """The months, by their first days, in which a stage with this window asks for it."""
        months = months_of(opens_on, closes_on)
        by_when = {When.FIRST: months[:1], When.EVERY: months, When.QUARTER: months[2::3], When.LAST: months[-1:]}
        return by_when[self.when]


STAGE_ASKS = (
    StageAsk(Purpose.PROMISE, "plans", BY_SLUG["practice-theme"], When.FIRST),
    StageAsk(Purpose.PROMISE, "commitments", BY_SLUG["promise"], When.FIRST, is_for_each_promise=True),
    StageAsk(Purpose.FULFIL, "commitments", BY_SLUG["progress-report"], When.EVERY, is_for_each_promise=True),
    StageAsk(Purpose.FULFIL, "commitments", BY_SLUG["outcome"], When.LAST, is_for_each_promise=True),
    StageAsk(Purpose.FULFIL, "commitments", BY_SLUG["situation-report"], When.QUARTER),
    StageAsk(Purpose.PROMISE, "commitments", BY_SLUG["vow"], When.FIRST),
    StageAsk(Purpose.APPRAISE, "grades", BY_SLUG["self-assessment"], When.LAST),
    StageAsk(Purpose.APPRAISE, "polls", BY_SLUG["ballot"], When.FIRST, asked_by_polls=True),
)


def asks_of(ruleset: Rules) -> list[StageAsk]:
    """What the chosen stages ask for in the chosen rooms."""
    opened = {purpose for stage in ruleset.stages for purpose in stage.opens}
    limits = ruleset.commitments
    unasked = {"situation-report": not limits.situation_months, "vow": not limits.member_most}
    rows = [one for one in STAGE_ASKS if one.purpose in opened and one.room in ruleset.rooms]
    return [one for one in rows if not unasked.get(one.form.slug)]


def _section(kind: type, written: Any) -> Any:
    if isinstance(written, list):
        return tuple(_entry(kind, entry) for entry in written)
    return _entry(kind, written)


def _entry(kind: type, written: Any) -> Any:
    if kind is str:
        return str(written)
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in written.items()})
