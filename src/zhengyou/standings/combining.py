"""From the pools of a poll to one combined score: groups of raters kept apart, then put together by the frozen weights.

Works on published figures only. A group that is missing is never made up for by the others (honestrank.weights).
"""

import math
from collections import defaultdict
from typing import Any

from honestrank.assembly import Ranking
from honestrank.weights import CombinedUnit, GroupMean, RaterGroup, combine_groups, combined_standing
from honestrank.wording import InputError


def combine_pools(
    pools: list[dict[str, Any]], groups: list[dict[str, Any]], compare_from: int
) -> dict[str, Any] | None:
    """The combined scores of a result's pools, or None where the pools belong to fewer than two groups of raters.

    `groups` are the campaign's (id, name, weight); a pool names its own in `rater_group`. Every group of positive weight
    counts: if one was not asked, or its figure for a unit is not shown, the unit is shown but not compared.
    """
    weighted = [group for group in groups if group["weight"] > 0]
    members = {group["id"]: [pool for pool in pools if pool["rater_group"] == group["id"]] for group in weighted}
    if sum(1 for found in members.values() if found) < 2:
        return None
    asked = [RaterGroup(group["id"], group["weight"], _means(members[group["id"]])) for group in weighted]
    names = {row["unit"]: row["name"] for pool in pools for row in pool["units"]}
    rows = _combined(list(names), asked)
    return {
        "groups": [
            {key: group[key] for key in ("id", "name", "weight")}
            | {"pools": [pool["pool"] for pool in members[group["id"]]]}
            for group in weighted
        ],
        "parts": [
            {"unit": unit, "group": group.name, "weight": group.weight, "n": mean.n}
            | {"score": mean.score, "standard_error": mean.standard_error}
            for unit in names
            for group in asked
            if (mean := group.means.get(unit))
        ],
        "units": [_row(row, names[row.unit]) for row in rows],
        "standing": _standing(rows, asked, compare_from),
    }


def _means(pools: list[dict[str, Any]]) -> dict[str, GroupMean]:
    """What a group's pools say together: the mean over all their ballots. A unit that one of them does not show is left out."""
    shown: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for pool in pools:
        for row in pool["units"]:
            if row["score"] is not None:
                shown[row["unit"]].append(row)
    return {unit: _joined(rows) for unit, rows in shown.items() if len(rows) == len(pools)}


def _joined(rows: list[dict[str, Any]]) -> GroupMean:
    n = sum(row["n"] for row in rows)
    score = sum(row["n"] * row["score"] for row in rows) / n
    error = math.sqrt(sum((row["n"] * row["standard_error"]) ** 2 for row in rows)) / n
    return GroupMean(round(score, 4), round(error, 4), n)


def _combined(units: list[str], groups: list[RaterGroup]) -> list[CombinedUnit]:
    """The units' combined scores; none where nothing is known about the noise of a whole group."""
    try:
        return combine_groups(units, groups)
    except InputError:
        everyone = tuple(group.name for group in groups)
        return [CombinedUnit(unit, None, None, None, 0, everyone) for unit in units]


def _row(row: CombinedUnit, name: dict[str, str]) -> dict[str, Any]:
    return {
        "unit": row.unit,
        "name": name,
        "n": row.n,
        "score": None if row.score is None else round(row.score, 4),
        "standard_error": None if row.standard_error is None else round(row.standard_error, 4),
        "missing": list(row.missing),
    }


def _standing(rows: list[CombinedUnit], groups: list[RaterGroup], compare_from: int) -> dict[str, Any] | None:
    complete = [row.unit for row in rows if not row.missing]
    if len(complete) < 2:
        return None
    found = combined_standing(complete, groups, Ranking(compare_from=compare_from))
    answer = found.as_dict()
    answer["sentences"] = {
        "zh-hans": [warned.sentence("zh") for warned in found.warnings],
        "en": [warned.sentence("en") for warned in found.warnings],
    }
    return answer
