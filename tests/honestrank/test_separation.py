"""What two units would need to separate: figures by hand, the promise kept exactly, words for what nobody could give."""

import json
import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from honestrank.comparing.comparisons import Need, NotCompared, separation_need
from honestrank.words.wording import InputError


def need(*figures: float, pool: int | None = None) -> Need:
    found = separation_need(*figures, names=("East", "West"), pool_size=pool)  # type: ignore[arg-type]
    assert isinstance(found, Need)
    return found


def test_by_hand() -> None:
    """d = 1, errors .4 and .3, c = 3: needed 1.5, times 2.25; East alone: .16/(1/9 - .09) = 7.58; West alone: never."""
    found = need(8.0, 0.4, 20, 7.0, 0.3, 40, 3.0)
    assert not found.separates
    assert found.difference_needed == pytest.approx(1.5)
    assert found.times == pytest.approx(2.25)
    assert found.both == (26, 51)
    assert found.alone == (132, None)
    said = " ".join(found.sentences("en"))
    assert "they are about 1.00 apart, and with as many ratings as now it takes more than 1.50" in said
    assert "East 26 more, West 51 more" in said
    assert "East alone needs 132 more" in said
    assert "ratings of West alone are n" in said
    assert "true difference may be smaller" in said
    assert "再加 26 个" in " ".join(found.sentences("zh-hans"))
    assert json.loads(json.dumps(found.as_dict()))["both"] == [26, 51]


def test_more_than_everybody_there_is() -> None:
    said = " ".join(need(8.0, 0.4, 20, 7.0, 0.3, 40, 3.0, pool=60).sentences("en"))
    assert said.count("more than everybody there is (60)") == 2
    assert "more than everybody" not in " ".join(need(8.0, 0.4, 20, 7.0, 0.3, 40, 3.0, pool=152).sentences("en"))


def test_what_separates_needs_nothing_and_equals_are_refused() -> None:
    found = need(9.0, 0.1, 20, 7.0, 0.1, 20, 3.0)
    assert found.separates
    assert found.both == (0, 0)
    assert "are clearly different" in found.sentences("en")[0]
    equal = separation_need(7.0, 0.1, 20, 7.0, 0.2, 20, 3.0)
    assert isinstance(equal, NotCompared)
    assert "no number of ratings" in equal.sentence("en")
    silent = separation_need(7.0, 0.0, 20, 8.0, 0.0, 20, 3.0)
    assert isinstance(silent, NotCompared)
    assert silent.reason.key == "nothing_known_of_noise"


@settings(max_examples=200, deadline=None)
@given(
    st.floats(0.05, 5),
    st.floats(0.05, 2),
    st.integers(5, 500),
    st.floats(0.05, 2),
    st.integers(5, 500),
    st.floats(1.5, 5),
)
def test_what_is_asked_for_is_enough_and_one_less_of_one_alone_is_not(
    d: float, se_a: float, n_a: int, se_b: float, n_b: int, critical: float
) -> None:
    found = need(d, se_a, n_a, 0.0, se_b, n_b, critical)
    assume(not found.separates)

    def t(more_a: int, more_b: int) -> float:
        return d / math.sqrt(se_a**2 * n_a / (n_a + more_a) + se_b**2 * n_b / (n_b + more_b))

    slack = 1e-9 * critical
    assert t(*found.both) >= critical - slack
    a, b = found.alone
    for alone, place in ((a, 0), (b, 1)):
        if alone is None:
            assert t(*((10**12, 0) if place == 0 else (0, 10**12))) <= critical + slack
        else:
            assert t(*((alone, 0) if place == 0 else (0, alone))) >= critical - slack
            assert t(*((alone - 1, 0) if place == 0 else (0, alone - 1))) <= critical + slack
    assert found.sentences("en")


@settings(max_examples=50, deadline=None)
@given(st.floats(0.1, 5), st.floats(0.1, 2), st.floats(0.1, 2), st.floats(0.01, 100))
def test_the_scale_of_the_points_does_not_count(d: float, se_a: float, se_b: float, scale: float) -> None:
    one, two = need(d, se_a, 30, 0.0, se_b, 40, 3.0), need(scale * d, scale * se_a, 30, 0.0, scale * se_b, 40, 3.0)
    assert one.times == pytest.approx(two.times)


@pytest.mark.parametrize(
    ("figures", "key"),
    [
        ((math.inf, 1, 20, 0, 1, 20, 3), "not_finite"),
        ((1, -1, 20, 0, 1, 20, 3), "se_negative"),
        ((1, 1, 0, 0, 1, 20, 3), "count_below_one"),
        ((1, 1, 20, 0, 1, 20, 0), "bad_critical"),
    ],
)
def test_bad_figures_are_refused(figures: tuple[float, ...], key: str) -> None:
    with pytest.raises(InputError) as refused:
        need(*figures)
    assert refused.value.key == key
