"""Expected outcomes of competing: against every ordered shortlist one by one, and the known numbers."""

from itertools import product

import numpy as np
import pytest

from simulator.errors import SimulatorError
from simulator.markets.contests.bidders import BidderKinds
from simulator.markets.contests.competition import Competition
from simulator.markets.contests.shortlists import MOST_SHORTLISTS, Expected, Reviews, Shortlists


def a_contest(rng, kinds, **changes):
    values = {"weights": rng.lognormal(0, 0.3, kinds), "boldness": rng.choice([1.0, 2.0], kinds)}
    return Competition.contest(rng.uniform(-20, 100, kinds), **{**values, **changes})


def a_tender(rng, kinds):
    return Competition.tender(
        rng.uniform(-20, 100, kinds),
        rng.lognormal(0, 0.3, kinds),
        cost=(20, 100),
        margins=rng.choice([0, 0.5, 1], kinds),
        rebates=rng.uniform(0, 20, kinds),
    )


def one_by_one(competition, pool, bidders):
    """Sums over all ordered shortlists, each game solved alone."""
    kinds = competition.kinds
    sums = np.zeros((5, kinds))
    nobody = 0.0
    for drawn in product(range(kinds), repeat=bidders):
        chance = np.prod(pool[list(drawn)])
        played = competition.play(np.array([drawn]))
        for part, values in enumerate(played):
            np.add.at(sums[part], list(drawn), chance * values[0])
        nobody += chance * (not competition.taking_part[list(drawn)].any())
    return sums, nobody


@pytest.mark.parametrize("make", [a_contest, a_tender])
@pytest.mark.parametrize(("kinds", "bidders"), [(1, 1), (3, 1), (2, 2), (4, 3), (3, 4)])
def test_all_shortlists_one_by_one(make, kinds, bidders):
    rng = np.random.default_rng(kinds + 10 * bidders)
    competition = make(rng, kinds)
    pool = rng.dirichlet(np.ones(kinds))
    if kinds > 2:
        pool[1] = 0.0
        pool /= pool.sum()
    found = Shortlists(competition, bidders).expected(pool)
    sums, nobody = one_by_one(competition, pool, bidders)
    shares = found.invited * found.share_rates
    for mine, expected in zip((found.chances, found.efforts, found.prices, found.costs, shares), sums, strict=True):
        assert mine == pytest.approx(expected, rel=1e-12, abs=1e-12)
    assert found.nobody == pytest.approx(nobody, abs=1e-14)
    assert found.chances.sum() + found.nobody == pytest.approx(1, rel=1e-13)
    values = rng.normal(size=kinds)
    assert found.selected(values) == pytest.approx((sums[0] - sums[4]) @ values)


def test_rates_of_a_kind_that_the_pool_does_not_hold():
    # One deviator among equals: as the rate of a kind that is hardly there.
    competition = Competition.contest([100, 60], [1, 2])
    listed = Shortlists(competition, 3)
    clean, nearly = listed.expected([1, 0]), listed.expected([1 - 1e-9, 1e-9])
    assert clean.chances[1] == 0
    assert clean.win_rates[1] == pytest.approx(nearly.chances[1] / nearly.invited[1], rel=1e-6)
    efforts = competition.play(np.array([[0, 0, 1]]))[1]
    assert clean.effort_rates[1] == pytest.approx(efforts[0, 2], rel=1e-12)


@pytest.mark.parametrize("make", [a_contest, a_tender])
@pytest.mark.parametrize(("kinds", "bidders"), [(2, 2), (3, 3), (2, 4)])
def test_all_reviews_one_by_one(make, kinds, bidders):
    rng = np.random.default_rng(kinds + 10 * bidders)
    competition = make(rng, kinds)
    pool = rng.dirichlet(np.ones(kinds))
    found = Reviews(competition, bidders, edge=1.5).expected(pool)
    both = competition.with_incumbents(1.5)
    for incumbent in range(kinds):
        keeps = effort = price = cost = 0.0
        theirs, listed = np.zeros((4, kinds)), np.zeros(kinds)
        for drawn in product(range(kinds), repeat=bidders - 1):
            chance = np.prod(pool[list(drawn)])
            if not competition.taking_part[list(drawn)].any():
                keeps += chance
                continue
            played = np.array(both.play(np.array([[kinds + incumbent, *drawn]])))[:, 0]
            keeps, effort = keeps + chance * played[0, 0], effort + chance * played[1, 0]
            price, cost = price + chance * played[2, 0], cost + chance * played[3, 0]
            for part in range(4):
                np.add.at(theirs[part], list(drawn), chance * played[part, 1:])
            np.add.at(listed, [incumbent, *drawn], chance * played[4] * (1 - played[0, 0]))
        got = (found.keeps, found.efforts, found.prices, found.costs)
        assert [part[incumbent] for part in got] == pytest.approx([keeps, effort, price, cost], abs=1e-12)
        got = (found.winners, found.winner_efforts, found.winner_prices, found.winner_costs, found.listed)
        for mine, expected in zip(got, (*theirs, listed), strict=True):
            assert mine[incumbent] == pytest.approx(expected, rel=1e-12, abs=1e-12)
    assert found.keeps + found.winners.sum(axis=1) == pytest.approx(np.ones(kinds))
    values = rng.normal(size=kinds)
    assert found.selected(values) == pytest.approx((found.winners - found.listed) @ values)


def test_a_review_without_challengers_is_kept():
    found = Reviews(Competition.contest([100, 50]), 1, edge=2).expected([0.5, 0.5])
    assert found.keeps.tolist() == [1, 1]
    assert found.winners.tolist() == [[0, 0], [0, 0]]


def test_an_incumbent_that_does_not_want_the_client_loses_it():
    competition = Competition.contest([100, 50])
    found = Reviews(competition, 2, prizes=[-1, 50]).expected([1, 0])
    assert found.keeps[0] == 0
    assert found.winners[0].tolist() == [1, 0]
    assert found.winner_efforts[0].tolist() == [0, 0]
    refused = Competition.contest([100, 50], taking_part=[True, False])
    assert Reviews(refused, 2).expected([1, 0]).keeps[1] == 0


@pytest.mark.parametrize(("bidders", "effort", "profit"), [(2, 25, 25), (3, 22.222222, 11.111111), (5, 16, 4)])
def test_equal_bidders(bidders, effort, profit):
    # Source: VALIDATION f: prize 100, exponent 1; two kinds that differ in nothing.
    found = Shortlists(Competition.contest([100, 100]), bidders).expected([0.3, 0.7])
    assert found.effort_rates == pytest.approx([effort] * 2, abs=1e-6)
    assert 100 * found.win_rates - found.effort_rates == pytest.approx([profit] * 2, abs=1e-6)
    assert found.efforts.sum() == pytest.approx(bidders * effort, abs=1e-5)


def test_five_bidders_burn_80_of_100():
    # Source: VALIDATION f.
    assert Shortlists(Competition.contest([100]), 5).expected([1]).efforts.sum() == pytest.approx(80)


def test_unequal_prizes():
    # Source: VALIDATION f: 100 against 60, the rates of each in a pool of the other.
    listed = Shortlists(Competition.contest([100, 60]), 2)
    assert listed.expected([0, 1]).effort_rates[0] == pytest.approx(23.4375)
    assert listed.expected([1, 0]).effort_rates[1] == pytest.approx(14.0625)
    assert listed.expected([0, 1]).win_rates[0] == pytest.approx(0.625)


@pytest.mark.parametrize(("bidders", "price"), [(2, 73.333333), (3, 60), (5, 46.666667)])
def test_tender_prices(bidders, price):
    # Source: VALIDATION f: costs from 20 to 100.
    found = Shortlists(Competition.tender([9, 9], cost=(20, 100)), bidders).expected([0.4, 0.6])
    assert found.prices.sum() == pytest.approx(price, abs=1e-6)
    assert found.costs.sum() == pytest.approx(20 + 80 / (bidders + 1))


def test_a_single_bidder_asks_for_the_most_and_bears_a_mean_cost():
    found = Shortlists(Competition.tender([9], cost=(20, 100)), 1).expected([1])
    assert found.prices.tolist() == [100]
    assert found.costs.tolist() == [60]
    refused = Shortlists(Competition.tender([9, 9], cost=(20, 100), taking_part=[True, False]), 2)
    assert refused.expected([0, 1]).price_rates[0] == pytest.approx(100)


def test_ways_of_bidding():
    contest = Competition.of_bids([100, 100], 1, ["fair", "hard"])
    win, effort, *_ = contest.play(np.array([[0, 1], [1, 1]]))
    assert effort == pytest.approx(np.array([[25, 50], [50, 50]]))
    assert win == pytest.approx(np.array([[1 / 3, 2 / 3], [0.5, 0.5]]))
    tender = Competition.of_bids([40] * 3, 1, ["fair", "hard", "low-ball"], cost=(20, 100))
    *_, price, cost, _ = tender.play(np.array([[0, 0], [1, 1], [2, 2]]))
    # Lowest of two costs is 20 + 80/3 on average; margins of half and a quarter of what is left; 20 off.
    least = 20 + 80 / 3
    assert cost.sum(axis=1) == pytest.approx([least] * 3)
    left = 100 - least
    assert price.sum(axis=1) == pytest.approx([least + left / 2, least + left / 4, least - 20])


def test_kinds_of_bidders():
    kinds = BidderKinds.of(2, [[0.7, 0.3, 0], [0, 1, 0], [0, 0, 1]])
    assert kinds.count == 8
    pool = kinds.pool(np.array([[10.0, 0, 0], [0, 20, 10]]))
    assert pool == pytest.approx([7 / 40, 3 / 40, 0, 0, 0, 0, 0.5, 0.25])
    assert kinds.pool(np.zeros((2, 3))).tolist() == [0] * 8
    weights = kinds.weights(np.array([1.0, 2.0]), np.array([0.1, 0.5, 1.0]), 2.0)
    assert weights == pytest.approx([0.01, 0.25, 0.25, 1, 0.02, 0.5, 0.5, 2])


def test_the_result_is_read_only_by_name():
    found = Shortlists(Competition.contest([100]), 2).expected([1])
    assert isinstance(found, Expected)
    with pytest.raises(AttributeError):
        found.nobody = 1.0


def too_unequal():
    return Shortlists(Competition.contest([100, 10], exponent=1.5), 2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Shortlists(Competition.contest([1]), 0), "bidders must be a whole number, at least 1; got 0"),
        (lambda: Shortlists(Competition.contest([1] * 40), 5), "40 kinds .* make 1,086,008: take fewer bidders"),
        (too_unequal, "contest_exponent must be at most 1 for bidders that differ so much; got 1.5, with which 1 of 3"),
        (lambda: Shortlists(Competition.contest([1, 2]), 2).expected([0.5, 0.6]), "add up to 1; got .* sum 1.1"),
        (lambda: Competition.contest([1, np.inf]), "prizes must be a list of finite numbers"),
        (lambda: Competition.contest([1, 2], [1, -1]), "weights must be one finite number of at least 0, or one for"),
        (lambda: Competition.tender([1], cost=(5, 4)), "highest cost must be a finite number, at least 5; got 4"),
        (lambda: Competition.of_bids([1], 1, ["low-ball"]), "bid must be one of fair, hard in a contest; got 'low-"),
        (lambda: Competition.of_bids([1], 1, ["x"], cost=(0, 1)), "one of fair, hard, low-ball in a tender; got 'x'"),
        (lambda: Reviews(Competition.contest([1]), 2, edge=0), "edge must be a finite number, above 0; got 0"),
    ],
)
def test_bad_arguments_are_refused(call, message):
    with pytest.raises(SimulatorError, match=message):
        call()


def test_as_many_shortlists_as_allowed():
    assert Shortlists(Competition.contest([1.0] * 630), 2).count <= MOST_SHORTLISTS
