"""Many tenders at once: the known prices, drawn bids, and ties."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import SimulatorError
from simulator.solvers.contests import tender_price
from simulator.solvers.tender_games import tender_chances


@pytest.mark.parametrize(("bidders", "price"), [(2, 73.333333), (3, 60), (5, 46.666667)])
def test_fair_bids(bidders, price):
    # Source: VALIDATION f: costs from 20 to 100; the bid of cost c is c + (100 - c)/n.
    found = tender_chances([[20 + 80 / bidders] * bidders], [[100.0] * bidders])
    assert found.prices[0] == pytest.approx(price, abs=1e-6)
    assert found.prices[0] == pytest.approx(tender_price(bidders, lowest=20, highest=100), rel=1e-14)
    assert found.chances[0] == pytest.approx([1 / bidders] * bidders, rel=1e-14)
    # The cheapest of n costs is expected at 1/(n + 1) of the range.
    costs = 20 * found.chances + 80 * found.rises
    assert costs.sum() == pytest.approx(20 + 80 / (bidders + 1), rel=1e-14)


@pytest.mark.parametrize("seed", range(15))
def test_unequal_bidders_as_drawn(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 6))
    low = rng.integers(0, 5, n).astype(float)  # so that ends coincide and some bids are sure
    high = low + rng.integers(0, 4, n)
    considered = rng.choice([0.0, 0.3, 1.0, 1.0], n)
    found = tender_chances([low], [high], [considered])
    draws = 200_000
    bids = np.where(rng.random((draws, n)) < considered, rng.uniform(low, high, (draws, n)), np.inf)
    somebody = np.isfinite(bids.min(axis=1))
    winner = np.where(somebody, (bids + rng.uniform(0, 1e-9, bids.shape)).argmin(axis=1), -1)
    for i in range(n):
        wins = winner == i
        paid = np.where(wins, bids[:, i], 0.0)
        place = np.where(wins, (bids[:, i] - low[i]) / (high[i] - low[i]) if high[i] > low[i] else 0.5, 0.0)
        for drawn, exact in ((wins, found.chances), (paid, found.bids), (place, found.rises)):
            assert abs(drawn.mean() - exact[0, i]) < 4.5 * drawn.std() / np.sqrt(draws) + 1e-12


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 10), st.floats(0, 5), st.floats(0.05, 1)), min_size=1, max_size=6))
def test_somebody_wins_as_often_as_somebody_is_considered(bidders):
    low, width, considered = np.array(bidders).T
    found = tender_chances([low], [low + width], [considered])
    assert found.chances.sum() == pytest.approx(1 - np.prod(1 - considered), rel=1e-12)
    assert (found.chances >= 0).all()
    assert (found.chances <= considered + 1e-12).all()


def test_two_bidders_by_hand():
    # Uniform on [0, 2] against uniform on [1, 2]: the first wins unless above, 1/4; the second wins with 1/4.
    found = tender_chances([[0, 1]], [[2, 2]])
    assert found.chances[0] == pytest.approx([0.75, 0.25])
    # E[min] = integral of the chance that both are above x: 1 - 1/4 on [0, 1], then the integral of (2-x)^2/2.
    assert found.prices[0] == pytest.approx(0.75 + 1 / 6)


def test_sure_bids():
    assert tender_chances([[50, 50, 50]], [[50, 50, 50]]).chances[0] == pytest.approx([1 / 3] * 3)
    # Of two equal sure bids one is considered half the time: it wins a quarter.
    assert tender_chances([[5, 5]], [[5, 5]], [1, 0.5]).chances[0] == pytest.approx([0.75, 0.25])
    # A sure bid amid a uniform one.
    found = tender_chances([[3, 0]], [[3, 4]])
    assert found.chances[0] == pytest.approx([0.25, 0.75])
    assert found.bids[0] == pytest.approx([0.75, 1.125])


def test_ends_that_differ_by_rounding_only():
    found = tender_chances([[0, 0], [5, 5]], [[5e-324, 1], [5 + 1e-15, 5]])
    assert found.chances.tolist() == [[1, 0], [0.5, 0.5]]


def test_nobody_considered():
    found = tender_chances([[1, 2], [np.nan, 2]], [[3, 4], [np.nan, 4]], [[0, 0], [0, 1]])
    assert found.chances.tolist() == [[0, 0], [0, 1]]
    assert np.isnan(found.prices[0])
    assert found.prices[1] == pytest.approx(3)
    assert tender_chances(np.empty((2, 0)), np.empty((2, 0))).chances.shape == (2, 0)


def test_many_tenders_are_the_same_as_one_by_one():
    rng = np.random.default_rng(0)
    low = rng.uniform(0, 1, (40_000, 3))  # more than one block
    found = tender_chances(low, low + 1)
    for row in (0, 20_000, 39_999):
        assert tender_chances(low[[row]], low[[row]] + 1).chances[0].tolist() == found.chances[row].tolist()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: tender_chances([1], [2]), r"must have the same two dimensions.*; got \(1,\) and \(1,\)"),
        (lambda: tender_chances([[1]], [[2, 3]]), r"got \(1, 1\) and \(1, 2\)"),
        (lambda: tender_chances([[1]], [[2]], [1, 1]), r"considered must fit the shape \(1, 1\)"),
        (lambda: tender_chances([[1]], [[2]], 1.5), "considered must be probabilities from 0 to 1; got 1.5"),
        (lambda: tender_chances([[3]], [[2]]), "low must be at most high, both finite numbers; got 3 and 2"),
    ],
)
def test_bad_arguments_are_refused(call, message):
    with pytest.raises(SimulatorError, match=message):
        call()
