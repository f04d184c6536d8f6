"""What in a pack contradicts itself. Each part is looked at only where its own values could be read."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from zhengyou.burden.rules import FilledBy
from zhengyou.campaigns.packing.faults import Faults
from zhengyou.campaigns.packing.parts import Heading, Pack
from zhengyou.campaigns.ruleset import FLOORS, ROOM_NEEDS, ROOMS_OF, Rules, When, asks_of
from zhengyou.organisations.importing.columns import (
    COLUMNS,
    MUST_BE_NAMED,
    ends_of,
    is_id_heading,
    plain,
    plain_heading,
)
from zhengyou.organisations.models import Person, Post, Responsibility

# Parts whose entries may not share a name; those with aliases are looked up by them in workbooks too.
NAMED_PARTS = ("basis_kinds", "sectors", "organisation_kinds", "post_kinds", "roles", "tiers", "memberships")
NAMED_RULES = {
    "stages": ("stages",),
    "aims": ("aims",),
    "titles": ("titles",),
    "case_kinds": ("case_kinds",),
    "bodies": ("bodies",),
    "carrier_kinds": ("carrier_kinds",),
    "grades": ("rules", "grades"),
    "criteria": ("rules", "criteria"),
    "rater_groups": ("rules", "rater_groups"),
    "joint_groups": ("rules", "joint_groups"),
    "member_grades": ("member_grades",),
    "person_criteria": ("rules", "person_criteria"),
    "service_steps": ("service_steps",),
    "service_reasons": ("service_reasons",),
}
CLOSED_IDS = {
    "roles": Post.Role.values,
    "tiers": Responsibility.Tier.values,
    "memberships": Person.Membership.values,
}
OPEN_IDS = {"memberships"}  # beside those that every pack has it may name others: staff who are no members
BALANCED = [-2, -1, 0, 1, 2]
RESERVED_GRADES = {"unmarked", "dont_know"}  # what a ballot says where no grade is given
# What a chosen room cannot do without, as (part of the rules, its place).
PARTS_OF_ROOMS = (
    ("polls", "grades"),
    ("polls", "criteria"),
    ("polls", "rater_groups"),
    ("awards", "titles"),
    ("grades", "member_grades"),
    ("commitments", "aims"),
    ("carriers", "carrier_kinds"),
    ("windows", "service_steps"),
)


def judge(pack: Pack, faults: Faults) -> None:
    """Note everything in which the pack contradicts itself."""
    for check in (_closed_ids, _names, _headings, _rooms, _parts_of_rooms, _stages, _references, _themes, _guidance):
        check(pack, faults)
    for check_rules in (_grades, _weights, _joint_groups, _thresholds, _promises, _burden, _service_steps):
        check_rules(pack.rules, faults)


def _closed_ids(pack: Pack, faults: Faults) -> None:
    for part, ids in CLOSED_IDS.items():
        entries, is_sound = getattr(pack, part), faults.is_sound(part)
        for nth, entry in enumerate(entries):
            if entry.id and entry.id not in ids and part not in OPEN_IDS:
                faults.add_unknown("not-one-of", entry.id, ids, part, nth, "id", word="value")
        for slug in ids:
            if slug not in [entry.id for entry in entries] and is_sound:
                faults.add("fixed-id-missing", part, key=slug, known=ids)
    for part in ("basis_kinds", "organisation_kinds", "sectors"):
        if not getattr(pack, part) and faults.is_sound(part):
            faults.add("none", part)


def _names(pack: Pack, faults: Faults) -> None:
    for part in NAMED_PARTS:
        _one_meaning(getattr(pack, part), faults, part)
    for part, place in NAMED_RULES.items():
        _one_meaning(getattr(pack.rules, part), faults, *place)


def _texts_of(entry: Any) -> list[tuple[tuple[str | int, ...], str]]:
    """The texts that name an entry, with their places in it: its name in both languages and its aliases."""
    named: list[tuple[tuple[str | int, ...], str]] = [(("name", key), text) for key, text in entry.name.items()]
    return named + [(("aliases", n), text) for n, text in enumerate(getattr(entry, "aliases", ()))]


def _one_meaning(entries: Iterable[Any], faults: Faults, *place: str | int) -> None:
    """No text names two of the entries: by id, by name in either language, or by alias."""
    owners: dict[str, str] = {}
    for nth, entry in enumerate(entries):
        for at, text in [(("id",), entry.id), *_texts_of(entry)]:
            owner = owners.setdefault(plain(text), entry.id)
            if plain(text) and owner != entry.id:
                faults.add("means-two", *place, nth, *at, value=text, first=owner, second=entry.id)


def _one_column(headings: Iterable[Heading], faults: Faults, what: str) -> None:
    """No heading that a list may have means two columns, also with what may follow it: 负责人编号 is one of 负责人."""
    owners: dict[str, str] = {}
    for row in headings:
        for at, text in _texts_of(row):
            also = {end: plain_heading(f"{text}{end}") for end in ends_of(row.id)} if plain_heading(text) else {}
            others = {end: owner for end, key in also.items() if (owner := owners.setdefault(key, row.id)) != row.id}
            if others:  # the shortest is what was written twice; the longer ones follow from it
                end = min(others, key=len)
                value = f"{text}{end}"
                place = ("headings", what, row.id, *at)
                faults.add("two-columns", *place, value=value, first=others[end], second=row.id)


def _headings(pack: Pack, faults: Faults) -> None:
    for what, known in COLUMNS.items():
        headings: tuple[Heading, ...] = getattr(pack.headings, what)
        is_sound = faults.is_sound("headings", what)
        _one_column(headings, faults, what)
        for column in known:
            if column in MUST_BE_NAMED and column not in [row.id for row in headings] and is_sound:
                faults.add("column-missing", "headings", what, key=column)
        for row in headings:
            for text in (*row.name.values(), *row.aliases):
                if is_id_heading(plain_heading(text)):
                    faults.add("id-heading", "headings", what, row.id, value=text)
                elif text and not plain_heading(text):
                    faults.add("empty-heading", "headings", what, row.id, value=text)


def _rooms(pack: Pack, faults: Faults) -> None:
    if not pack.rules.rooms and faults.is_sound("rooms"):
        faults.add("none", "rooms")
    for nth, room in enumerate(pack.rules.rooms):
        if (other := ROOM_NEEDS.get(room, room)) not in pack.rules.rooms:
            faults.add("room-without-room", "rooms", nth, value=room, room=other)


def _parts_of_rooms(pack: Pack, faults: Faults) -> None:
    for room, part in PARTS_OF_ROOMS:
        place = NAMED_RULES[part]
        if room in pack.rules.rooms and not getattr(pack.rules, part) and faults.is_sound(*place):
            faults.add("room-without-part", *place, room=room, part=f"[[{'.'.join(place)}]]")


def _stages(pack: Pack, faults: Faults) -> None:
    if not pack.rules.stages and faults.is_sound("stages"):
        faults.add("none", "stages")
    openers: dict[str, str] = {}
    for nth, stage in enumerate(pack.rules.stages):
        if not stage.opens and faults.is_sound("stages", nth):
            faults.add("opens-nothing", "stages", nth, example="appraise")
        for purpose in stage.opens:
            rooms = [str(room) for room in ROOMS_OF.get(purpose, ())]  # type: ignore[call-overload]
            if rooms and not set(rooms) & set(pack.rules.rooms):
                faults.add("opens-without-room", "stages", nth, "opens", value=purpose, room=rooms[0])
            if (first := openers.setdefault(purpose, stage.id)) != stage.id:
                faults.add("opened-twice", "stages", nth, "opens", value=purpose, first=first, second=stage.id)
    if faults.is_sound("stages"):
        for nth, room in enumerate(pack.rules.rooms):
            purposes = [purpose.value for purpose, rooms in ROOMS_OF.items() if room in rooms]
            if purposes and not set(purposes) & set(openers):
                faults.add("never-opened", "rooms", nth, room=room, value=purposes[0])


def _references(pack: Pack, faults: Faults) -> None:
    kinds = [kind.id for kind in pack.organisation_kinds]
    if pack.root_kind and pack.root_kind not in kinds and faults.is_sound("organisation_kinds"):
        faults.add("nothing-there", "root_kind", value=pack.root_kind, part="[[organisation_kinds]]", known=kinds)
    bodies = [body.id for body in pack.rules.bodies]
    for nth, case in enumerate(pack.rules.case_kinds):
        if case.body and case.body not in bodies and faults.is_sound("bodies"):
            slug = "nothing-there" if bodies else "nothing-there-yet"
            faults.add(slug, "case_kinds", nth, "body", value=case.body, part="[[bodies]]", known=bodies)


def _themes(pack: Pack, faults: Faults) -> None:
    if "plans" in pack.rules.rooms:
        for nth, sector in enumerate(pack.sectors):
            if sector.theme is None:
                faults.add("missing", "sectors", nth, key="theme")


def _guidance(pack: Pack, faults: Faults) -> None:
    """Each is for a kind of post or for a sector that the pack has."""
    known = {"post_kind": [one.id for one in pack.post_kinds], "sector": [one.id for one in pack.sectors]}
    for nth, one in enumerate(pack.rules.guidance):
        if not one.post_kind and not one.sector and faults.is_sound("guidance", nth):
            faults.add("missing", "guidance", nth, key="post_kind")
        for part, ids in known.items():
            if (value := getattr(one, part)) and value not in ids and faults.is_sound(f"{part}s"):
                faults.add_unknown("not-one-of", value, ids, "guidance", nth, part, word="value")


def _grades(rules: Rules, faults: Faults) -> None:
    if not faults.is_sound("rules", "grades"):
        return
    for nth, grade in enumerate(rules.grades):
        if grade.id in RESERVED_GRADES:
            faults.add("reserved-id", "rules", "grades", nth, "id", value=grade.id)
    if len(rules.grades) == 1:
        faults.add("too-few-grades", "rules", "grades", 0)
    for nth, (better, worse) in enumerate(pairwise(rules.grades), 1):
        if worse.points >= better.points:
            faults.add("grades-do-not-fall", "rules", "grades", nth, "points", before=better.points, value=worse.points)


def _weights(rules: Rules, faults: Faults) -> None:
    counts = any(group.weight_that_counts for group in rules.rater_groups)
    if rules.rater_groups and not counts and faults.is_sound("rules", "rater_groups"):
        faults.add("nobody-counts", "rules", "rater_groups")


def _joint_groups(rules: Rules, faults: Faults) -> None:
    """A joint group joins two groups at least, each joined once, and one of them has a least number."""
    known = {group.id: group for group in rules.rater_groups}
    owners: dict[str, str] = {}
    for nth, joint in enumerate(rules.joint_groups):
        place = ("rules", "joint_groups", nth)
        if joint.id in known:
            faults.add("means-two", *place, "id", value=joint.id, first=joint.id, second=joint.id)
        for at, group in enumerate(joint.of):
            if group not in known:
                faults.add_unknown("not-one-of", group, list(known), *place, "of", at, word="value")
            elif owners.setdefault(group, joint.id) != joint.id:
                faults.add("joined-twice", *place, "of", at, value=group, first=owners[group])
        if faults.is_sound(*place) and len(joint.of) < 2:
            faults.add("joins-one", *place)
        elif faults.is_sound(*place) and not any(known[group].least for group in joint.of if group in known):
            faults.add("never-joined", *place)


def _thresholds(rules: Rules, faults: Faults) -> None:
    if not faults.is_sound("rules", "thresholds"):
        return
    limits = rules.thresholds
    for name, floor in FLOORS.items():
        if getattr(limits, name) < floor:
            faults.add("below-floor", "rules", "thresholds", name, value=getattr(limits, name), most=floor)
    if not limits.nothing_below <= limits.band_below <= limits.open_from:
        faults.add("thresholds-do-not-rise", "rules", "thresholds")


def _promises(rules: Rules, faults: Faults) -> None:
    limits = rules.commitments
    if limits.fewest > limits.most and faults.is_sound("rules", "commitments"):
        faults.add("fewest-above-most", "rules", "commitments", "fewest")


def _service_steps(rules: Rules, faults: Faults) -> None:
    """As many good steps as bad ones and one between them; in whichever order they are drawn."""
    values = [step.value for step in rules.service_steps]
    if values and faults.is_sound("service_steps") and sorted(values) != BALANCED:
        faults.add("steps-do-not-balance", "service_steps")


def _burden(rules: Rules, faults: Faults) -> None:
    """What one stage asks in one month cannot be spread: with a lower cap no cycle of this pack could ever be launched."""
    sound = (("rules", "burden"), ("rules", "commitments"), ("rules", "thresholds"), ("stages",), ("rooms",))
    if not all(faults.is_sound(*place) for place in sound):
        return
    allowed = {
        FilledBy.UNIT: ("unit_minutes", rules.burden.unit_minutes),
        FilledBy.MEMBER: ("member_minutes", rules.burden.member_minutes),
    }
    for filled_by, (key, minutes) in allowed.items():
        if (asked := _asked_at_once(rules, filled_by)) > minutes:
            faults.add("asks-too-much", "rules", "burden", key, value=minutes, minutes=asked)


def _asked_at_once(rules: Rules, filled_by: FilledBy) -> int:
    """The minutes of the dearest month that a stage has whatever its days: its first or its last, with what is asked monthly."""
    stage_of = {purpose: stage.id for stage in rules.stages for purpose in stage.opens}
    minutes: dict[tuple[str, When], int] = defaultdict(int)
    for one in asks_of(rules):
        if one.form.filled_by == filled_by:
            minutes[stage_of[one.purpose], one.when] += one.minutes(rules)
    ends = (When.FIRST, When.LAST)
    return max(
        (
            minutes[stage, end] + minutes[stage, When.EVERY] + minutes[stage, When.QUARTER]
            for stage in set(stage_of.values())
            for end in ends
        ),
        default=0,
    )
