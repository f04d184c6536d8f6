"""The gate over whole releases, attacked by an onlooker with an integer programme; its certificate, and what forging it takes."""

import ast
import copy
import itertools
import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.honestrank.attacker import onlooker_of
from tests.honestrank.trees import GRADES, POINTS, Release, add_district

import honestrank
from honestrank.__main__ import main
from honestrank.disclosure.certificate import failures
from honestrank.disclosure.gate import Gated, GateRules, gate
from honestrank.disclosure.table import Distribution, Sum, Table, TableCount
from honestrank.words.wording import InputError

LEAST = 6


def attack(table: Table, gated: Gated) -> None:
    """Nobody can bound a hidden count below six (or below all of a smaller group), unless nobody is counted, which is told
    freely; nor is it known of a hidden distribution that all agree.
    """
    figures = {name: n for name, n, _ in gated.certificate["figures"]}
    looking = onlooker_of(figures, [(one.total, one.parts) for one in table.sums])
    caps = dict(zip(figures, table.caps.tolist(), strict=True))
    bounds = {name: looking.bounds(name) for name in looking.hidden}
    for name, (low, high) in bounds.items():
        assert high >= min(LEAST, caps[name]) or high == 0, (name, low, high)
    for one in table.distributions:
        form = [bounds.get(name, (figures[name], figures[name])) for name in one.figures]
        if any(name in bounds for name in one.figures) and all(low == high for low, high in form):
            assert sum(low > 0 for low, _ in form) > 1, one.id
    assert all(figures[name] == 0 or figures[name] >= LEAST for name in gated.published)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**6), st.lists(st.integers(1, 3), min_size=1, max_size=3), st.integers(1, 2))
def test_nothing_can_be_worked_out_of_a_tree(seed: int, branches: list[int], criteria: int) -> None:
    release = Release()
    add_district(release, random.Random(seed), "", branches, criteria, (3, 30))
    table = release.table()
    gated = gate(table)
    assert gated.exposed == ()
    attack(table, gated)
    assert failures(gated.certificate) == []


def overlapping(rng: random.Random, both: int, only_first: int, only_second: int) -> Table:
    """The same ballots published in two groupings that share `both` of them."""
    release = Release()
    sizes = {"both": both, "first-only": only_first, "second-only": only_second}
    marks = {name: [0] * 4 for name in sizes}
    names = {}
    for name, n in sizes.items():
        for grade in rng.choices(range(4), weights=[6, 4, 2, 1], k=n):
            marks[name][grade] += 1
        release.size(f"n/{name}", n)
        names[name] = release.distribution(name, marks[name], f"n/{name}", state="hidden")
    for whole, part in (("first", "first-only"), ("second", "second-only")):
        release.size(f"n/{whole}", both + sizes[part])
        total = [one + more for one, more in zip(marks["both"], marks[part], strict=True)]
        top = release.distribution(whole, total, f"n/{whole}", loss=5 if whole == "first" else 1)
        release.adds_up(top, [names["both"], names[part]])
    return release.table()


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6), st.integers(20, 60), st.integers(0, 12), st.integers(0, 12))
def test_two_groupings_of_the_same_ballots_do_not_show_their_difference(
    seed: int, both: int, first: int, second: int
) -> None:
    table = overlapping(random.Random(seed), both, first, second)
    gated = gate(table)
    assert gated.exposed == ()
    attack(table, gated)


def test_a_group_published_again_without_three_people_is_not_broken_down_a_second_time() -> None:
    table = overlapping(random.Random(4), 40, 3, 0)
    gated = gate(table)
    told = {name.split("/")[0] for name in gated.published}
    assert told == {"first"}
    assert {name for name in gated.withheld if name.startswith("second/")} == {f"second/{g}" for g in GRADES}


def test_what_an_earlier_release_told_counts_as_known() -> None:
    release = Release()
    add_district(release, random.Random(9), "", [2], 1, (20, 30))
    table = release.table()
    first = gate(table)
    again = gate(table.published(first.published))
    assert again.published == ()
    assert failures(again.certificate) == []
    careless = table.published(
        [figure.id for figure in table.figures if figure.state == "offered" and "poor" in figure.id]
    )
    assert careless.figures != table.figures


def test_what_is_public_already_and_tells_too_much_is_named() -> None:
    """Three of four grades of a unit are public: nothing withheld now hides the fourth."""
    figures = [TableCount("n", 20, "public", is_size=True)]
    marks = dict(zip(GRADES, (9, 6, 3, 2), strict=True))
    figures += [TableCount(grade, marks[grade], "public" if grade != "poor" else "offered") for grade in GRADES]
    table = Table(tuple(figures), (Sum("n", GRADES),), (Distribution("unit", GRADES, POINTS),))
    gated = gate(table)
    assert gated.published == ()
    assert gated.exposed == ("poor", "unit")
    assert failures(gated.certificate)


def simple(*rows: list[int], small: int = 0) -> Table:
    """Units of one branch on one criterion."""
    release = Release()
    parts = []
    for at, row in enumerate(rows):
        release.size(f"n/{at}", sum(row))
        parts.append(release.distribution(str(at), row, f"n/{at}"))
    total = [sum(column) for column in zip(*rows, strict=True)]
    release.size("n/all", sum(total))
    release.adds_up(release.distribution("all", total, "n/all", loss=5), parts)
    return release.table()


def test_one_small_count_takes_the_smallest_loss_with_it() -> None:
    """Unit 0 has two poor marks. Hidden with it: one more of its row, and the same two of another unit."""
    gated = gate(simple([10, 9, 8, 2], [11, 8, 9, 7], [12, 10, 9, 9]))
    assert gated.exposed == ()
    assert len(gated.withheld) == 4
    assert "0/poor" in gated.withheld
    assert not any(name.startswith("all/") for name in gated.withheld)


def test_the_loss_is_the_smallest_there_is() -> None:
    """Against every set of figures that could be hidden, tried one by one by the onlooker."""
    table = simple([9, 8, 7, 1], [8, 9, 6, 7])
    gated = gate(table)
    loss = sum(figure.loss for figure in table.figures if figure.id in gated.withheld)
    offered = [figure for figure in table.figures if figure.state == "offered"]
    for count in range(1, len(gated.withheld) + 1):
        for some in itertools.combinations(offered, count):
            names = {figure.id for figure in some}
            if sum(figure.loss for figure in some) < loss and "0/poor" in names:
                assert not _is_protected(table, names), names


def _is_protected(table: Table, hidden: set[str]) -> bool:
    figures = {figure.id: None if figure.id in hidden else figure.n for figure in table.figures}
    looking = onlooker_of(figures, [(one.total, one.parts) for one in table.sums])
    return all(looking.bounds(name)[1] >= LEAST for name in hidden)


def test_the_same_table_gets_the_same_answer() -> None:
    release = Release()
    add_district(release, random.Random(5), "", [3, 2], 2, (10, 30))
    first, second = gate(release.table()), gate(release.table())
    assert first == second


@pytest.mark.parametrize("row", [[30, 0, 0, 0], [28, 2, 0, 0], [0, 0, 0, 12], [10, 2, 0, 0], [0, 29, 0, 1]])
def test_that_all_or_nearly_all_agree_is_not_told(row: list[int]) -> None:
    table = simple(row, [9, 8, 8, 7], [7, 9, 8, 8])
    gated = gate(table)
    assert gated.exposed == ()
    largest = GRADES[row.index(max(row))]
    assert f"0/{largest}" in gated.withheld
    figures = {name: n for name, n, _ in gated.certificate["figures"]}
    looking = onlooker_of(figures, [(one.total, one.parts) for one in table.sums])
    assert looking.bounds(f"0/{largest}")[0] < min(-(-9 * sum(row) // 10), sum(row) - 2)


def test_small_groups_are_not_broken_down_and_the_reason_says_so() -> None:
    gated = gate(simple([3, 2, 1, 1], [9, 8, 8, 7], [7, 9, 8, 8]))
    assert [gated.withheld[f"0/{grade}"] for grade in GRADES] == ["withheld_small_group"] * 4
    assert "too small" in gated.sentence("0/poor", "en")
    assert "人数太少" in gated.sentence("0/poor", "zh-hans")
    protects = next(name for name, reason in gated.withheld.items() if reason == "withheld_protects")
    assert "6" in gated.sentence(protects, "en")


def test_statistics_published_of_a_unit_bind_the_subtotals() -> None:
    """Unit 0's mean leaves two forms. A subtotal that would show which is not told; without the mean it could be."""
    release = Release()
    release.size("n/0", 30)
    release.size("n/1", 40)
    release.size("n/all", 70)
    marks = {"0": [16, 9, 3, 2], "1": [12, 10, 9, 9], "all": [28, 19, 12, 11]}
    names = {}
    for name, row in marks.items():
        names[name] = release.distribution(name, row, f"n/{name}", state="offered" if name == "all" else "hidden")
    release.adds_up(names["all"], [names["0"], names["1"]])
    release.figures = [
        TableCount(f.id, f.n, "public") if f.id in ("0/good", "0/fairly-good", *names["1"].values()) else f
        for f in release.figures
    ]
    one = release.distributions[0]
    release.distributions[0] = Distribution(one.id, one.figures, POINTS, ((16, 9, 3, 2), (16, 9, 2, 3)))
    gated = gate(release.table())
    assert gated.exposed == ()
    assert set(gated.withheld) == {"all/fair", "all/poor"}
    assert failures(gated.certificate) == []


def test_an_insider_who_takes_off_their_own_ballot_still_faces_five() -> None:
    rows = [10, 9, 8, 5], [11, 8, 9, 7], [12, 10, 9, 9]
    assert "0/poor" in gate(simple(*rows)).withheld
    assert gate(simple(*rows), GateRules(insiders=0)).withheld == {}


def test_rules_can_only_be_tightened() -> None:
    table = simple([10, 9, 8, 2], [11, 8, 9, 7])
    for lowered in (GateRules(k=4), GateRules(insiders=-1), GateRules(shown_from=9)):
        with pytest.raises(InputError):
            gate(table, lowered)
    assert {"0/fair", "1/fairly-good", "1/poor", "0/poor"} <= gate(table, GateRules(k=8)).withheld.keys()


def test_a_table_that_does_not_add_up_is_refused() -> None:
    figures = (TableCount("n", 20, "public", is_size=True), TableCount("a", 12), TableCount("b", 7))
    for bad in (
        (figures, (Sum("n", ("a", "b")),), ()),
        (figures, (Sum("n", ("a", "c")),), ()),
        ((*figures, TableCount("a", 1)), (), ()),
        (figures, (), (Distribution("d", ("a", "b"), (1.0,)),)),
        (figures, (), (Distribution("d", ("a", "b"), (1.0, 2.0), ((11, 8),)),)),
    ):
        with pytest.raises(InputError):
            Table(*bad)


def certificate() -> dict:
    return gate(simple([10, 9, 8, 2], [11, 8, 9, 7], [12, 10, 9, 9])).certificate


@pytest.mark.parametrize(
    "forge",
    [
        lambda c: c["parts"][0]["tables"][0].__setitem__(0, c["parts"][0]["tables"][0][0] + 1),
        lambda c: c["parts"][0]["tables"][0].__setitem__(0, -1),
        lambda c: c["parts"][0].__setitem__("tables", []),
        lambda c: c["parts"].clear(),
        lambda c: c["figures"].__setitem__(2, ["0/fairly-good", None, "offered"]),
        lambda c: c["figures"].__setitem__(2, ["0/fairly-good", 5, "offered"]),
        lambda c: c["figures"].__setitem__(2, ["0/fairly-good", 11, "offered"]),
        lambda c: c["parts"].append(copy.deepcopy(c["parts"][0])),
        lambda c: c.__setitem__("insiders", 40),
    ],
)
def test_a_forged_certificate_fails(forge) -> None:
    sound = certificate()
    assert failures(sound) == []
    forge(sound)
    assert failures(sound)


def test_a_certificate_holds_no_hidden_count() -> None:
    table = simple([10, 9, 8, 2], [11, 8, 9, 7], [12, 10, 9, 9])
    gated = gate(table)
    said = {name: n for name, n, _ in gated.certificate["figures"]}
    assert all(said[name] is None for name in gated.withheld)


def test_the_checker_needs_nothing_of_the_search() -> None:
    package = Path(honestrank.__file__).parent
    wanted, seen, plain = ["honestrank.disclosure.certificate"], set(), set()
    while wanted:
        name = wanted.pop()
        seen.add(name)
        source = package.joinpath(*name.split(".")[1:]).with_suffix(".py").read_text(encoding="utf-8")
        nodes = list(ast.walk(ast.parse(source)))
        plain |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        modules = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
        wanted += {module for module in modules if module.startswith("honestrank.")} - seen
    reached = {name for name in seen if not name.startswith("honestrank.words.")}
    assert reached == {f"honestrank.disclosure.{name}" for name in ("certificate", "shown", "candidates")}
    assert plain <= {"functools", "itertools", "math"}


def test_anyone_checks_a_certificate_on_the_command_line(tmp_path, capsys) -> None:
    file = tmp_path / "certificate.json"
    sound = certificate()
    file.write_text(json.dumps(sound), encoding="utf-8")
    assert main(["check-certificate", str(file)]) == 0
    assert "holds" in capsys.readouterr().out
    assert main(["check-certificate", str(file), "--lang", "zh"]) == 0
    assert "证明成立" in capsys.readouterr().out
    sound["parts"] = []
    file.write_text(json.dumps(sound), encoding="utf-8")
    assert main(["check-certificate", str(file)]) == 3
    assert "figure:" in capsys.readouterr().out
    for bad in ("{}", "no json", "[1]"):
        file.write_text(bad, encoding="utf-8")
        assert main(["check-certificate", str(file)]) == 2
        assert "no certificate" in capsys.readouterr().err
    assert main(["check-certificate", str(tmp_path / "none.json")]) == 2
