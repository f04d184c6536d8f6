"""A visitor takes everything a closed poll publishes and tries to work out what is sealed; so does a voter who knows their own marks.

Reads downloads and pages only. Lists or bounds what fits them with an integer programme; shares no code with the gate.
"""

import io
import itertools
import json
import math
import zipfile
from collections import Counter

import pytest
from django.urls import reverse
from tests.cast import booth as cast_booth
from tests.cast import district as cast
from tests.cast import watchers
from tests.honestrank.attacker import Onlooker

from blindballot.format.encoding import unb64
from zhengyou.standings import actions, queries
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
NO_MARK = ("dont_know", "unmarked")
LETTERS = {"g": "good", "f": "fairly-good", "a": "fair", "p": "poor"}
# A letter a voter, for each of the two organisations of the sheet, pool by pool.
GIVEN = {
    "pool-1": ("ggggggggggffffffaaap", "gggggggggggggggggggf"),
    "pool-2": ("ggggggffffap", "gggggggggppp"),
    "pool-3": ("gggggffffp", "ggggggggga"),
    "pool-4": ("ggfa", "pppp"),
    "pool-5": ("ggggfap", "ggggggg"),
}


@pytest.fixture
def poll():
    district = cast.small_district(members_a_village=15)
    cycle = cast_booth.small_cycle(district, criteria=2)
    sizes = {"pool-1": 20, "pool-2": 12, "pool-3": 10, "pool-4": 6, "pool-5": 7}
    people, pools = iter(district.members), {}
    for pool, size in sizes.items():
        pools[pool] = list(itertools.islice(people, size))
    row = cast_booth.opened_now(district, cycle, list(pools.values()), units=2)
    for pool, own in pools.items():
        votes = GIVEN[pool]
        for voter, code in enumerate(cast_booth.codes_for(row, own[: len(votes[0])])):
            cast_booth.vote(row, pool, code, lambda place, n=voter, given=votes: LETTERS[given[place][n]])
    closed = cast_booth.closed_now(row, district)
    actions.compute_result(poll=closed, at=clock.now(), by=district.office)
    return closed


_kept: dict[str, dict] = {}


@pytest.fixture
def release(request, client):
    """Everything a visitor can take, and the true counts for the referee alone; voted in once for all attacks, as it takes seconds."""
    if not _kept:
        poll = request.getfixturevalue("poll")
        _kept.update(taken=everything_of(client, poll), truth=watchers.exact_counts(poll))
    return _kept


@pytest.fixture
def taken(release):
    return release["taken"]


@pytest.fixture
def truth(release):
    return release["truth"]


def everything_of(client, poll):
    """The record's files, the pages, the scores as CSV, the result as the page was made from."""
    got = client.get(reverse("public-record-zip", args=[poll.key]))
    with zipfile.ZipFile(io.BytesIO(got.getvalue())) as archive:
        files = {name.rsplit("/", 1)[1]: archive.read(name) for name in archive.namelist()}
    page = client.get(reverse("public-results", args=[poll.key]), **ENGLISH).content.decode()
    csvs = {pool: client.get(reverse("public-scores", args=[poll.key, 1, pool])).content.decode() for pool in GIVEN}
    return {"files": files, "page": page, "csv": csvs, "result": queries.newest_result(poll).stored_document}


def lines_of(taken):
    """(pool, line object of the record, result's criteria by id) of every line."""
    manifest = json.loads(taken["files"]["manifest.json"])
    units = {line["id"]: line["unit"] for line in manifest["lines"]}
    results = {
        (pool["pool"], row["unit"]): {entry["criterion"]: entry for entry in row["criteria"]}
        for pool in taken["result"]["pools"]
        for row in pool["units"]
    }
    for pool in json.loads(taken["files"]["counts.json"])["pools"]:
        for line in pool["lines"]:
            yield pool["pool"], line, results[pool["pool"], units[line["line"]]]


def grades_of(taken):
    return {grade["id"]: grade["points"] for grade in json.loads(taken["files"]["manifest.json"])["grades"]}


def compositions(total, places):
    for bars in itertools.combinations(range(total + places - 1), places - 1):
        edges = (-1, *bars, total + places - 1)
        yield tuple(right - left - 1 for left, right in itertools.pairwise(edges))


def forms_of(entry, valid, points, shown):
    """Every distribution over the marks that fits the record's cells and the result's mean and error."""
    marks = [*points, *NO_MARK]
    if "most" in entry:
        at = marks.index(entry["most"])
        least = min(-(-9 * valid // 10), valid - 2)
        forms = [form for form in compositions(valid, len(marks)) if form[at] >= least]
    else:
        parts = [list(compositions(cell["n"], len(cell["marks"]))) for cell in entry["cells"]]
        forms = [tuple(itertools.chain(*choice)) for choice in itertools.product(*parts)]
    return marks, [form for form in forms if gives(form, points, shown)]


def gives(form, points, shown):
    if shown["mean"] is None:
        return True
    graded = [value for value, n in zip(points.values(), form, strict=False) for _ in range(n)]
    if len(graded) < 2:
        return False
    mean = sum(graded) / len(graded)
    error = math.sqrt(sum((one - mean) ** 2 for one in graded) / (len(graded) - 1) / len(graded))
    half = shown["rounding"] / 2 + 1e-6
    return abs(mean - shown["mean"]) <= half and abs(error - shown["standard_error"]) <= half


def is_unanimous(form, grades):
    return sum(1 for n in form[:grades] if n) <= 1


def test_no_sealed_distribution_can_be_worked_out(taken, truth):
    points, attacked = grades_of(taken), 0
    for pool, line, shown in lines_of(taken):
        if line["publication"] != "counts":
            continue
        for entry in line["criteria"]:
            marks, forms = forms_of(entry, line["valid"], points, shown[entry["criterion"]])
            true = truth[pool, line["line"], entry["criterion"]]
            assert tuple(true[mark] for mark in marks) in forms
            if all(len(cell["marks"]) == 1 for cell in entry.get("cells", [{"marks": [0, 0]}])):
                continue
            attacked += 1
            assert len(forms) >= 2, (pool, entry)
            assert not all(is_unanimous(form, len(points)) for form in forms), (pool, entry)
            for at, mark in enumerate(marks):
                possible = {form[at] for form in forms}
                assert len(possible) > 1 or possible <= {0} or min(possible) >= 5, (pool, entry, mark)
    assert attacked >= 6


def test_a_voter_who_takes_off_their_own_mark_learns_no_more(taken, truth):
    points = grades_of(taken)
    for pool, line, shown in lines_of(taken):
        for entry in line.get("criteria", []):
            marks, forms = forms_of(entry, line["valid"], points, shown[entry["criterion"]])
            if len(forms) == 1:
                continue
            for at, mark in enumerate(marks):
                if truth[pool, line["line"], entry["criterion"]][mark]:
                    others = [(*form[:at], form[at] - 1, *form[at + 1 :]) for form in forms if form[at]]
                    assert len(others) >= 2, (pool, entry, mark)
                    assert not all(is_unanimous(form, len(points)) for form in others), (pool, entry, mark)


def test_an_integer_programme_pins_no_sealed_mark(taken):
    """Record, result, turnout and the mean as a linear condition, all lines of all pools at once."""
    points = grades_of(taken)
    told, hidden, equations, ranges, sealed = {}, [], [], [], []
    for pool, line, shown in lines_of(taken):
        for entry in line.get("criteria", []):
            at = (pool, line["line"], entry["criterion"])
            names = {mark: "/".join((*at, mark)) for mark in (*points, *NO_MARK)}
            if "most" in entry:
                hidden += names.values()
                equations.append((dict.fromkeys(names.values(), 1), line["valid"]))
                ranges.append(
                    ({names[entry["most"]]: 1}, min(-(-9 * line["valid"] // 10), line["valid"] - 2), math.inf)
                )
            for cell in entry.get("cells", []):
                if len(cell["marks"]) == 1:
                    told[names[cell["marks"][0]]] = cell["n"]
                else:
                    hidden += [names[mark] for mark in cell["marks"]]
                    equations.append((dict.fromkeys((names[mark] for mark in cell["marks"]), 1), cell["n"]))
            sealed += [name for name in names.values() if name not in told]
            mean, half = shown[entry["criterion"]]["mean"], (shown[entry["criterion"]]["rounding"] or 0) / 2
            if mean is not None:
                for sign in (1, -1):
                    edge = mean + sign * (half + 1e-6)
                    terms = {names[grade]: sign * (edge - value) for grade, value in points.items()}
                    ranges.append((terms, 0, math.inf))
    looking = Onlooker(told, hidden, equations, ranges)
    assert len(sealed) > 30
    for name in sealed:
        low, high = looking.bounds(name)
        assert low < high or low == 0 or low >= 5, (name, low, high)


def test_below_ten_ballots_there_is_one_band_below_five_nothing(taken):
    kinds = Counter((pool, line["publication"]) for pool, line, _ in lines_of(taken))
    assert kinds == {
        ("pool-1", "counts"): 2,
        ("pool-2", "counts"): 2,
        ("pool-3", "counts"): 2,
        ("pool-4", "nothing"): 2,
        ("pool-5", "band"): 2,
    }
    for pool, line, shown in lines_of(taken):
        if pool in ("pool-4", "pool-5"):
            assert "criteria" not in line
            assert shown == {}
            assert len(taken["csv"][pool].splitlines()) == 1


def test_no_slip_of_a_sealed_pool_is_opened_and_no_truth_stands_in_a_certificate(taken, truth):
    assert taken["files"]["opened.jsonl"] == b""
    assert all(len(unb64(json.loads(line)["commitment"])) == 32 for line in taken["files"]["board.jsonl"].splitlines())
    manifest = json.loads(taken["files"]["manifest.json"])
    marks = [*(grade["id"] for grade in manifest["grades"]), *NO_MARK]
    alone = 0
    for pool, line, shown in lines_of(taken):
        for criterion, entry in shown.items():
            witnesses = entry["certificate"]["witnesses"]
            true = [truth[pool, line["line"], criterion][mark] for mark in marks]
            alone += witnesses == [true] and any(len(cell["marks"]) > 1 for cell in entry["cells"] or [{"marks": "ab"}])
    assert alone == 0
