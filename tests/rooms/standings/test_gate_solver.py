"""A solver is given all that a poll publishes of its sealed lines, and the programs that published it, and pins nothing.

It lists every table that gives the record's cells by the record's rule and the result's mean and error, and bounds what is left with
an integer programme over all criteria at once. It shares no code with the gate.
"""

import itertools
import math
import random

import pytest
from tests.cast import sheets
from tests.honestrank.attacker import Onlooker

from blindballot.format.joining import join_runs, leading_mark
from zhengyou.standings.computing.combining import combine_pools
from zhengyou.standings.computing.document import WeighedGroup
from zhengyou.standings.computing.gating import gate_publication
from zhengyou.standings.computing.scoring import score_pools

# How the marks of a criterion lie: as voters of the demo give them, in two camps, nearly all alike, few grades at all.
MIXES = {
    "demo": (0.42, 0.33, 0.16, 0.05, 0.02, 0.02),
    "camps": (0.45, 0.04, 0.02, 0.43, 0.03, 0.03),
    "alike": (0.8, 0.1, 0.04, 0.02, 0.02, 0.02),
    "silent": (0.2, 0.08, 0.02, 0.0, 0.3, 0.4),
}
POINTS = dict(sheets.GRADES)
MOST_LISTED = 60_000


def slips_of(rng, mix, n):
    return list(zip(*(rng.choices(sheets.MARKS, weights=MIXES[mix], k=n) for _ in "ab"), strict=True))


def release(seed, mix):
    """What is published of two units with two criteria in one pool, and nothing else: the cells and the result's figures."""
    rng = random.Random(f"{mix} {seed}")
    manifest = sheets.manifest_of(["u", "v"], ["a", "b"], 49)
    slips = {unit: slips_of(rng, mix, rng.randint(10, 49)) for unit in "uv"}
    counts, exact = sheets.published(manifest, slips)
    assert gate_publication(manifest, "0" * 64, counts, exact, {})["withheld"] == []
    pool = score_pools(manifest, counts, exact, 13, {})[0]
    shown = {(row.unit, entry.criterion): entry for row in pool.units for entry in row.criteria}
    for line in counts["pools"][0]["lines"]:
        for entry in line["criteria"]:
            at = (line["line"].split("-")[0], entry["criterion"])
            yield at, line["valid"], entry, shown[at], exact["p", line["line"], entry["criterion"]]


def compositions(total, places):
    for bars in itertools.combinations(range(total + places - 1), places - 1):
        edges = (-1, *bars, total + places - 1)
        yield tuple(right - left - 1 for left, right in itertools.pairwise(edges))


def tables_behind(valid, entry, shown):
    """Every table with this entry in the record and these figures in the result; None where there are too many to list."""
    if "most" in entry:
        at, spare = sheets.MARKS.index(entry["most"]), max(2, valid // 10)
        spread = (form for others in range(spare + 1) for form in compositions(others, 5))
        forms = [(*form[:at], valid - sum(form), *form[at:]) for form in spread]
        return [form for form in forms if gives(form, shown)]
    cells = entry["cells"]
    if math.prod(math.comb(cell["n"] + len(cell["marks"]) - 1, cell["n"]) for cell in cells) > MOST_LISTED:
        return None
    wanted = tuple((len(cell["marks"]), cell["n"]) for cell in cells)
    parts = [list(compositions(cell["n"], len(cell["marks"]))) for cell in cells]
    forms = (tuple(itertools.chain(*choice)) for choice in itertools.product(*parts))
    return [
        form for form in forms if leading_mark(form) is None and join_runs(form, 5) == wanted and gives(form, shown)
    ]


def gives(form, shown):
    if shown.mean is None:
        return True
    graded = [value for value, n in zip(POINTS.values(), form, strict=False) for _ in range(n)]
    if len(graded) < 2:
        return False
    mean = sum(graded) / len(graded)
    error = math.sqrt(sum((one - mean) ** 2 for one in graded) / (len(graded) - 1) / len(graded))
    half = shown.rounding / 2 + 1e-6
    return abs(mean - shown.mean) <= half and abs(error - shown.standard_error) <= half


def hidden_marks(entry):
    if "most" in entry:
        return range(6)
    return [sheets.MARKS.index(mark) for cell in entry["cells"] if len(cell["marks"]) > 1 for mark in cell["marks"]]


def pinned(forms, entry):
    """Marks that an onlooker knows for sure, or somebody who knows their own."""
    views = [forms, *([form for form in forms if form[own]] for own in range(6))]
    return [
        sheets.MARKS[at] for seen in views if seen for at in hidden_marks(entry) if len({form[at] for form in seen}) < 2
    ]


@pytest.mark.parametrize("mix", MIXES)
@pytest.mark.parametrize("seed", range(2))
def test_listing_everything_that_fits_pins_no_mark(seed, mix):
    attacked = 0
    for at, valid, entry, shown, true in release(seed, mix):
        forms = tables_behind(valid, entry, shown)
        if forms is not None and hidden_marks(entry):
            attacked += 1
            assert tuple(true[mark] for mark in sheets.MARKS) in forms
            assert pinned(forms, entry) == [], (at, entry, shown.mean, shown.standard_error)
    assert attacked


@pytest.mark.long
@pytest.mark.parametrize("mix", MIXES)
@pytest.mark.parametrize("seed", range(2, 6))
def test_listing_everything_that_fits_pins_no_mark_of_many_polls(seed, mix):
    test_listing_everything_that_fits_pins_no_mark(seed, mix)


@pytest.mark.parametrize("mix", MIXES)
def test_an_integer_programme_over_all_criteria_pins_no_mark(mix):
    """The mean as a linear condition, all criteria of all units together, and what all units' scores say of them."""
    told, hidden, equations, ranges = {}, [], [], []
    for at, valid, entry, shown, _true in release(0, mix):
        names = {mark: "/".join((*at, mark)) for mark in sheets.MARKS}
        inside = [names[sheets.MARKS[place]] for place in hidden_marks(entry)]
        hidden += inside
        if "most" in entry:
            equations.append((dict.fromkeys(names.values(), 1), valid))
            ranges.append(({names[entry["most"]]: 1}, valid - max(2, valid // 10), math.inf))
        for cell in entry.get("cells", []):
            if len(cell["marks"]) == 1:
                told[names[cell["marks"][0]]] = cell["n"]
            else:
                equations.append((dict.fromkeys((names[mark] for mark in cell["marks"]), 1), cell["n"]))
        for sign in (1, -1) if shown.mean is not None else ():
            edge = shown.mean + sign * (shown.rounding / 2 + 1e-6)
            ranges.append(({names[grade]: sign * (edge - value) for grade, value in POINTS.items()}, 0, math.inf))
    looking = Onlooker(told, hidden, equations, ranges)
    assert hidden
    for name in hidden:
        low, high = looking.bounds(name)
        assert low < high, name


def test_groups_put_together_are_worked_out_from_what_is_published_alone():
    """A combined score is a sum of published scores; whoever has those learns nothing from it."""
    manifest, rng = sheets.manifest_of(["u", "v"], ["a", "b"], 49), random.Random(5)
    pools = []
    for name, group in (("one", "members"), ("two", "peers")):
        slips = {unit: slips_of(rng, "demo", 30) for unit in "uv"}
        counts, exact = sheets.published(manifest, slips)
        found = score_pools(manifest, counts, exact, 13, {"p": group})[0]
        pools.append(type(found)(**vars(found) | {"pool": name}))
    weighed = [WeighedGroup("members", {}, 60, ""), WeighedGroup("peers", {}, 40, "")]
    combined = combine_pools(pools, weighed, 13)
    scores = [{row.unit: row.score for row in pool.units} for pool in pools]
    shown = {row.unit: row.score for row in combined.units}
    assert {unit for unit, score in shown.items() if score is not None}
    for unit, score in shown.items():
        if score is not None:
            assert score == pytest.approx(0.6 * scores[0][unit] + 0.4 * scores[1][unit], abs=1e-3)
