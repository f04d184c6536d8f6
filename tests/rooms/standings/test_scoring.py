"""What a closed poll publishes: bands, coarsened means, scores, and nothing that pins a sealed mark."""

import pytest
from tests.cast.sheets import GRADES, scored, slips_of

from honestrank import check_certificate

MIXED = ["good", "fair", "fairly-good", "good", "poor", "fairly-good"]
LOWER = ["fair", "poor", "fairly-good", "poor"]


def test_open_slips_give_exact_means_and_ranks():
    pool = scored(60, u1=slips_of(60, MIXED, MIXED), u2=slips_of(60, LOWER, LOWER))
    first, second = pool.units
    assert [first.level, second.level] == ["open", "open"]
    assert first.score == pytest.approx((10 + 5 + 7 + 10 + 2 + 7) / 6, abs=0.005)
    assert not pool.sealed
    ranks = {row.unit: (row.rank_low, row.rank_high) for row in pool.standing.units}
    assert ranks == {"u1": (1, 1), "u2": (2, 2)}


def test_two_alike_units_cannot_be_told_apart():
    pool = scored(60, u1=slips_of(60, MIXED, MIXED), u2=slips_of(60, MIXED[1:] + MIXED[:1], MIXED))
    rows = pool.standing.units
    assert [row.indistinguishable_from for row in rows] == [("u2",), ("u1",)]
    assert {(row.rank_low, row.rank_high) for row in rows} == {(1, 2)}


def test_sealed_slips_give_coarsened_means_each_with_a_certificate_that_checks():
    few = ["good"] * 18 + ["fairly-good"] * 9 + ["fair"] * 2 + ["poor"]
    pool = scored(30, u1=slips_of(30, few, few), u2=slips_of(30, few[::-1], LOWER))
    assert pool.sealed
    joined = [
        criterion
        for row in pool.units
        for criterion in row.criteria
        if any(len(cell.marks) > 1 for cell in criterion.cells)
    ]
    assert len(joined) == 3
    for criterion in joined:
        assert check_certificate(criterion.certificate)
        assert all(cell.n == 0 or cell.n >= 5 for cell in criterion.cells)


def test_small_pools_show_one_band_or_nothing():
    pool = scored(7, u1=slips_of(7, MIXED, MIXED), u2=slips_of(4, MIXED, MIXED))
    first, second = pool.units
    assert (first.level, first.band, first.criteria, first.score) == ("band", "middle", (), None)
    assert (second.level, second.band, second.criteria, second.score) == ("nothing", None, (), None)
    assert pool.standing is None


@pytest.mark.parametrize("column", [["good"], ["unmarked"], ["dont_know"]])
@pytest.mark.parametrize("n", [12, 30, 60])
def test_unanimity_is_never_told(n, column):
    pool = scored(n, u1=slips_of(n, column, MIXED), u2=slips_of(n, LOWER, MIXED))
    unanimous, _other = pool.units[0].criteria
    if unanimous.mean is not None:
        assert unanimous.rounding > 0.01
        assert check_certificate(unanimous.certificate)
        assert pool.units[0].standard_error > unanimous.rounding / 4
    assert not any(cell.n == n for cell in unanimous.cells or [] if cell.marks[0] in dict(GRADES))
