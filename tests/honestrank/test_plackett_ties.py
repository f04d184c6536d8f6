"""Plackett–Luce with ties as a part of the model, and of the largest part: a published example, the likelihood listed out."""

import functools
import itertools
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize

from honestrank.__main__ import main
from honestrank.ranked.pairwise import read_orders
from honestrank.ranked.plackett import plackett_luce
from honestrank.sums import Ballots, Unlisted
from honestrank.words.wording import InputError

Writer = Callable[..., Path]

# Davidson 1970, example 2: of puddings i and j so many preferred i, so many j, so many neither.
PUDDINGS = (
    (1, 2, 19, 22, 16), (1, 3, 16, 19, 12), (2, 3, 19, 19, 10), (1, 4, 18, 23, 13), (2, 4, 23, 19, 9),
    (3, 4, 19, 20, 15), (1, 5, 13, 19, 18), (2, 5, 16, 20, 12), (3, 5, 16, 15, 17), (4, 5, 17, 14, 16),
    (1, 6, 18, 21, 12), (2, 6, 22, 20, 12), (3, 6, 13, 18, 10), (4, 6, 14, 19, 18), (5, 6, 11, 21, 12),
)  # fmt: skip


def puddings() -> Ballots:
    orders, counts = [], []
    for i, j, one, other, neither in PUDDINGS:
        orders += [[str(i), str(j)], [str(j), str(i)], [[str(i), str(j)]]]
        counts += [one, other, neither]
    return read_orders("123456", orders, counts, unlisted="unknown")


def test_the_puddings_of_davidson() -> None:
    """Printed by R's PlackettLuce for these data (its overview), after seven steps of a slower climb, as Davidson printed them."""
    found = plackett_luce(puddings(), ties=True)
    assert found.converged
    v = found.covariance
    against_first = found.strength - found.strength[0]
    errors = [math.sqrt(v[i, i] + v[0, 0] - 2 * v[i, 0]) for i in range(1, 6)]
    assert against_first[1:] == pytest.approx([0.2202, 0.1530, 0.1753, 0.1339, 0.3771], abs=2e-4)
    assert errors == pytest.approx([0.1872, 0.1935, 0.1882, 0.1927, 0.1924], abs=5e-5)
    about_mean = [0.121949, 0.121818, 0.126823, 0.122003, 0.127054, 0.126594]
    assert found.standard_error == pytest.approx(about_mean, abs=2e-6)
    (tied,) = found.ties
    assert (tied.order, tied.prevalence, tied.standard_error) == pytest.approx((2, -0.2919, 0.0825), abs=5e-5)
    assert -2 * found.log_likelihood == pytest.approx(1619.4, abs=0.05)
    # Davidson's own worths and tie parameter.
    worth = np.exp(found.strength) / np.exp(found.strength).sum()
    assert worth == pytest.approx([0.1388005, 0.1729985, 0.1617420, 0.1653930, 0.1586805, 0.2023855], abs=4e-5)
    assert math.exp(tied.prevalence) == pytest.approx(0.7468147, abs=4e-5)
    assert tied.share == pytest.approx(0.7468147 / 2.7468147, abs=2e-5)


def listed_out(ballots: Ballots, strength: np.ndarray, prevalence: dict[int, float]) -> float:
    """Every group that could have been chosen, listed."""

    @functools.cache
    def weight(group: tuple[int, ...]) -> float:
        return math.exp(prevalence.get(len(group), 0.0) + float(np.mean(strength[list(group)])))

    total = 0.0
    for places, count in zip(ballots.places, ballots.counts, strict=True):
        left = [i for i in range(len(strength)) if places[i] or ballots.unlisted == "below"]
        for place in sorted(set(places[places > 0])):
            group = tuple(i for i in left if places[i] == place)
            if len(left) > 1:
                sizes = [1, *(g for g in prevalence if g <= len(left))]
                could = [other for g in sizes for other in itertools.combinations(left, g)]
                total += count * math.log(weight(group) / sum(map(weight, could)))
            left = [i for i in left if i not in group]
    return total


def tied_ballots(candidates: int, seed: int, unlisted: Unlisted) -> Ballots:
    rng = np.random.default_rng(seed)
    values = rng.normal(0, 1, (50, candidates)) + np.linspace(-0.5, 0.5, candidates)
    places = np.array([np.unique(np.floor(row * 1.2), return_inverse=True)[1] + 1 for row in values])
    places[places > rng.integers(2, 7, (50, 1))] = 0
    if unlisted == "unknown":
        places[rng.random(places.shape) < 0.2] = 0
    places = places[(places > 0).any(axis=1)]
    names = tuple(f"c{i}" for i in range(candidates))
    return Ballots(names, places, rng.integers(1, 4, len(places)), unlisted)


@pytest.mark.parametrize("unlisted", ["below", "unknown"])
@pytest.mark.parametrize("candidates", [5, 13])
def test_maximises_the_likelihood_with_every_group_listed(candidates: int, unlisted: Unlisted) -> None:
    """Five candidates go by the table of sets, thirteen by sorting."""
    ballots = tied_ballots(candidates, 3, unlisted)
    found = plackett_luce(ballots, ties=True)
    assert found.converged
    assert len(found.ties) >= 2
    prevalence = {tied.order: tied.prevalence for tied in found.ties}
    assert found.log_likelihood == pytest.approx(listed_out(ballots, found.strength, prevalence), abs=1e-6)
    if candidates > 5:
        return
    orders = [tied.order for tied in found.ties]
    at = np.append(found.strength, [tied.prevalence for tied in found.ties])

    def height(given: np.ndarray) -> float:
        return listed_out(ballots, given[:candidates], dict(zip(orders, given[candidates:], strict=True)))

    best = minimize(lambda given: -height(given), np.zeros(len(at)), method="BFGS")
    assert found.log_likelihood >= -best.fun - 1e-6
    assert found.strength == pytest.approx(best.x[:candidates] - best.x[:candidates].mean(), abs=1e-3)
    # The covariance, from second differences of the likelihood listed out.
    step, size = 1e-3, len(at)
    information = np.empty((size, size))
    for i, j in itertools.product(range(size), repeat=2):
        corners = [height(at + a * step * np.eye(size)[i] + b * step * np.eye(size)[j])
                   for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1))]  # fmt: skip
        information[i, j] = -(corners[0] - corners[1] - corners[2] + corners[3]) / (4 * step**2)
    expected = np.linalg.pinv(information, rcond=1e-4)
    assert found.covariance == pytest.approx(expected[:candidates, :candidates], abs=1e-4)
    assert [tied.standard_error**2 for tied in found.ties] == pytest.approx(np.diag(expected)[candidates:], abs=1e-4)


@pytest.mark.parametrize("unlisted", ["below", "unknown"])
def test_without_a_tie_the_model_is_the_one_without_ties(unlisted: Unlisted) -> None:
    rng = np.random.default_rng(2)
    places = np.argsort(rng.random((40, 14)), axis=1) + 1
    places[places > 9] = 0
    for size in (14, 7):
        ballots = Ballots(tuple(map(str, range(size))), places[:, :size], np.ones(40, dtype=np.int64), unlisted)
        plain, same = plackett_luce(ballots), plackett_luce(ballots, ties=True)
        assert same.ties == ()
        assert same.strength == pytest.approx(plain.strength, abs=1e-9)
        assert same.covariance == pytest.approx(plain.covariance, abs=1e-9)
        assert same.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-9)


def test_a_tie_of_twenty_out_of_thirty_is_summed_not_listed() -> None:
    """There are thirty million such groups."""
    rng = np.random.default_rng(4)
    places = np.argsort(rng.random((30, 30)), axis=1) + 1
    places[0] = np.where(places[0] > 20, places[0], 1)
    ballots = Ballots(tuple(map(str, range(30))), places, np.ones(30, dtype=np.int64))
    found = plackett_luce(ballots, ties=True)
    assert found.converged
    assert [tied.order for tied in found.ties] == [20]
    assert math.isfinite(found.ties[0].standard_error)


def test_ties_wherever_there_is_room_for_them_are_refused() -> None:
    orders = [[["a", "b"], "c"], ["c", ["a", "b"]], [["b", "c"], "a"], ["a", ["b", "c"]]]
    both = [[["a", "b"], "c"], [["b", "c"], "a"], [["a", "c"], "b"]]
    assert plackett_luce(read_orders("abc", [*orders, ["b", "a", "c"]]), ties=True).converged
    with pytest.raises(InputError) as refused:
        plackett_luce(read_orders("abc", [*both, *both]), ties=True)
    assert (refused.value.key, refused.value.values) == ("always_tied", {"order": 2})


def test_made_up_contests_beside_ties() -> None:
    """A contest nobody held has one winner: the likelihood of it stands beside that of the ballots."""
    ballots = read_orders("abc", [["a", ["b", "c"]], ["a", "b", "c"], [["a", "b"], "c"]])
    found = plackett_luce(ballots, 0.5, ties=True)
    assert found.converged
    assert found.strength.sum() == pytest.approx(0, abs=1e-12)

    def height(given: np.ndarray) -> float:
        strength, ghost = given[:3], given[3]
        odds = np.logaddexp(0, strength - ghost) + np.logaddexp(0, ghost - strength)
        return listed_out(ballots, strength, {2: given[4]}) - 0.5 * float(odds.sum())

    best = minimize(lambda given: -height(given), np.zeros(5), method="BFGS")
    assert found.log_likelihood == pytest.approx(-best.fun, abs=1e-6)
    assert found.strength == pytest.approx(best.x[:3] - best.x[:3].mean(), abs=1e-3)


# As in the overview of R's PlackettLuce: D never wins, and the others stand in a circle.
CIRCLE = [["A", "B"], ["C", "A"], ["A", "D"], ["B", "A"], ["B", "C"]]


def test_the_largest_part_is_counted_alone() -> None:
    found = plackett_luce(read_orders("ABCD", CIRCLE, unlisted="unknown"), largest=True)
    assert (found.candidates, found.left_out) == (("A", "B", "C"), ("D",))
    assert found.strength - found.strength[0] == pytest.approx([0, 0.8392, 0.4196], abs=5e-5)
    v = found.covariance
    errors = [math.sqrt(v[i, i] + v[0, 0] - 2 * v[i, 0]) for i in (1, 2)]
    assert errors == pytest.approx([1.3596, 1.5973], abs=5e-5)
    assert -2 * found.log_likelihood == pytest.approx(5.1356, abs=5e-5)


def test_nobody_is_left_out_where_ballots_join_all() -> None:
    ballots = read_orders("abc", [["a", "b", "c"], ["c", "b", "a"], ["b", "a", "c"]])
    found, same = plackett_luce(ballots, largest=True), plackett_luce(ballots)
    assert found.left_out == ()
    assert found.strength.tolist() == same.strength.tolist()


@pytest.mark.parametrize(
    ("orders", "key"),
    [([["a", "b", "c", "d"]], "no_part"), ([["a", "b"], ["b", "a"], ["c", "d"], ["d", "c"]], "parts_alike")],
)
def test_no_largest_part(orders: list[list[str]], key: str) -> None:
    with pytest.raises(InputError) as refused:
        plackett_luce(read_orders("abcd", orders, unlisted="unknown"), largest=True)
    assert refused.value.key == key


def test_on_the_command_line(csv_file: Writer, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = csv_file("a,b,c,d\n1,1,2,3\n1,2,3,4\n2,1,3,4\n3,2,1,4\n")
    asked = ["rank", str(path), "--method", "plackett-luce"]
    assert main(asked) == 2
    assert "Ballot 1 puts two candidates on one place. Say --ties" in capsys.readouterr().err
    assert main([*asked, "--ties"]) == 2
    refused = capsys.readouterr().err
    assert "--largest" in refused
    assert "--pseudo 0.5" in refused
    assert main([*asked, "--ties", "--largest", "--out", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert "of 2 equally strong candidates all stand on one place with chance" in said
    assert "Only 3 candidates were counted (--largest)" in said
    assert "to them and back: d." in said
    assert "--ties --largest" in (tmp_path / "out" / "method.md").read_text("utf-8")
    assert main([*asked, "--ties", "--largest", "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "并列是模型的一部分" in said
    assert "只统计了 3 个对象" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--method", "borda", "--ties"), "--ties belongs to --method plackett-luce"),
        (("--method", "schulze", "--largest"), "--largest belongs to --method plackett-luce"),
        (("--method", "borda", "--pseudo", "1"), "--pseudo belongs to --method plackett-luce"),
        (("--method", "plackett-luce", "--largest", "--pseudo", "1"), "--pseudo and --largest"),
    ],
)
def test_options_that_do_not_go_together(
    csv_file: Writer, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert main(["rank", str(csv_file("a,b\n1,2\n2,1\n")), *words]) == 2
    assert said in capsys.readouterr().err
