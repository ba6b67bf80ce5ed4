"""Contests, tenders and reviews in a simulated market: against theory, and against the fluid market."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import simulator as ns
from simulator.markets.fluid.competing import Competing
from simulator.markets.fluid.encounters import OneRole, RandomMatching
from simulator.markets.fluid.run import run_fluid
from simulator.markets.ledger import MARKET_ENDS, Ledger
from simulator.markets.pairs import Pairs, compile_pairs
from simulator.markets.population import Population, population_of
from simulator.markets.records import Records
from simulator.markets.simulated.dealing import deal
from simulator.markets.simulated.draws import Draws
from simulator.markets.simulated.run import simulate_market

MOST = 4.0  # standard errors
SAAS = ns.load_scenario("saas-renewal")
MIX = (
    "vendors: tit-for-tat=.5, walk-away=.3, always-compete=.2; clients: tit-for-tat=.5, walk-away=.3, always-compete=.2"
)


def prepared(market: dict[str, Any], mix: str, periods: int, **changes: Any) -> tuple[Population, Pairs]:
    s = SAAS.replace({"market": {"roles": "two"} | market} | changes)
    people = population_of(s, ns.Mix.parse(mix), periods)
    return people, compile_pairs(people)


def flat(people: Population, prize: float) -> np.ndarray[Any, Any] | None:
    """The same prize for everybody."""
    if people.market.matching == "random":
        return None
    return np.full((people.n_vendor_kinds, Records(people.market).n, len(people.segments)), prize)


def fluid(people: Population, pairs: Pairs, prizes: np.ndarray[Any, Any] | None) -> Ledger:
    records = Records(people.market)
    if prizes is not None:
        return run_fluid(pairs, Competing(pairs, records, prizes), records)
    return run_fluid(pairs, OneRole(records) if people.one_role else RandomMatching(records), records)


ONE_PERIOD = {"relationship.churn": 1.0}


@pytest.mark.parametrize(("bidders", "effort"), [(2, 25.0), (3, 200 / 9), (5, 16.0)])
def test_equal_bidders_spend_what_theory_says(bidders: int, effort: float) -> None:
    # Tullock 1980, prize 100: effort (n - 1) V / n^2, each of n.
    market = {"matching": "contest", "clients": 300, "vendors": 300 * bidders, "bidders": bidders}
    people, pairs = prepared(market, "vendors: tit-for-tat=1; clients: tit-for-tat=1", 5, **ONE_PERIOD)
    book = simulate_market(people, pairs, flat(people, 100.0))
    np.testing.assert_allclose(book.burned, 300 * bidders * effort, rtol=1e-9)
    assert book.bids.tolist() == [5 * 300 * bidders]
    assert book.wins.tolist() == [5 * 300]


def test_a_hard_bidder_wins_two_thirds_against_a_fair_one() -> None:
    market = {"matching": "contest", "clients": 4000, "vendors": 8000, "bidders": 2}
    mix = "vendors: grim=.5, grim(bid=hard)=.5; clients: grim=1"
    people, pairs = prepared(market, mix, 5, **ONE_PERIOD)
    book = simulate_market(people, pairs, flat(people, 100.0), seed=1)
    # Half of the contests are mixed: 2/3 of these are won; of the others each wins half.
    share = book.wins / book.bids
    assert abs(share[1] - (0.5 * 2 / 3 + 0.5 * 0.5)) < MOST * 0.5 / np.sqrt(book.bids[1])
    assert book.burned.sum() == pytest.approx(5 * 4000 * (25 + 50), rel=1e-9), "shortlists of everybody, free again"


@pytest.mark.parametrize(("bidders", "price"), [(2, 73.333), (3, 60.0), (5, 46.667)])
def test_tenders_cost_what_theory_says(bidders: int, price: float) -> None:
    # First-price tender, costs uniform on [20, 100]: expected price a + 2 (b - a) / (n + 1).
    market = {"matching": "tender", "tender_cost": [20.0, 100.0], "clients": 4000, "vendors": 4000 * bidders}
    mix = "vendors: tit-for-tat=1; clients: tit-for-tat=1"
    people, pairs = prepared(market | {"bidders": bidders}, mix, 5, **ONE_PERIOD)
    book = simulate_market(people, pairs, flat(people, 100.0), seed=2)
    held = 5 * 4000
    assert abs((100 - book.transferred.sum() / held) - price) < MOST * 20 / np.sqrt(held)
    lowest = 20 + 80 / (bidders + 1)
    assert abs(book.tendering.sum() / held - lowest) < MOST * 20 / np.sqrt(held)


def test_nobody_bids_for_what_is_worth_nothing() -> None:
    market = {"matching": "contest", "clients": 20, "vendors": 40}
    people, pairs = prepared(market, "vendors: grim=1; clients: grim=1", 10)
    book = simulate_market(people, pairs, flat(people, -1.0))
    assert book.played.sum() == book.burned.sum() == book.bids.sum() == 0


def test_reviews_come_on_time_and_the_edge_keeps_the_incumbent() -> None:
    market = {"matching": "contest", "clients": 2000, "vendors": 4000, "bidders": 2, "review_every": 3}
    mix = "vendors: always-cooperate=1; clients: always-cooperate=1"
    quiet = {"relationship.churn": 0.0, "relationship.slip": 0.0, "relationship.begrudge": 0.0}
    for edge in (1.0, 4.0):
        people, pairs = prepared(market | {"incumbent_edge": edge}, mix, 12, **quiet)
        book = simulate_market(people, pairs, flat(people, 100.0))
        lost = book.ended[[2, 5, 8]]
        assert book.ended.sum() == lost.sum(), "only reviews end anything, and only when they are due"
        assert book.begun[[3, 6, 9]].tolist() == lost.tolist()
        assert np.flatnonzero(book.lifetimes_ended.sum(axis=(0, 1))).tolist() == [3, 6, 9]
        # Equal prizes: efforts are equal, so the incumbent wins edge / (1 + edge).
        chance = 1 / (1 + edge)
        assert abs(lost[0] - 2000 * chance) < MOST * np.sqrt(2000 * chance * (1 - chance))
        assert (book.played == 2000).all()


def test_low_balling_wins_claims_back_and_is_begrudged() -> None:
    market = {"matching": "tender", "tender_cost": [5.0, 20.0], "clients": 3000, "vendors": 9000, "bidders": 3}
    mix = "vendors: tit-for-tat(bid=low-ball)=.5, tit-for-tat=.5; clients: tit-for-tat=1"
    people, pairs = prepared(market, mix, 4)
    book = simulate_market(people, pairs, flat(people, 12.0), seed=1)
    low, fair = book.wins / book.bids
    assert low > 0.5 > fair > 0
    hard = prepared(market, mix.replace("low-ball", "hard"), 4)
    mild = simulate_market(*hard, flat(people, 12.0), seed=1)
    reason = MARKET_ENDS.index("client-begrudged")
    assert book.reasons[reason] / book.reasons.sum() > mild.reasons[reason] / mild.reasons.sum() + 0.05


def test_shortlists_hold_every_free_place_at_most_once() -> None:
    rng = np.random.default_rng(1)
    draws = Draws(1, "x", 0)
    for _ in range(50):
        free = rng.integers(0, 5, 30)
        clients, bidders = int(rng.integers(1, 60)), int(rng.integers(1, 5))
        lists = deal(free, 30, clients, bidders, draws)
        assert len(lists) <= clients
        dealt = np.bincount(lists.ravel(), minlength=31)
        assert (dealt[:30] <= free).all()
        for row in lists:
            there = row[row < 30]
            assert len(set(there.tolist())) == len(there)
        supply = free.sum()
        assert len(lists) == min(clients, supply // bidders or min(supply, 1))
        assert lists.shape[1] == min(bidders, supply)
    assert dealt[30] == 0


def test_shortlists_draw_places_evenly() -> None:
    draws = Draws(2, "x", 0)
    free = np.array([1, 2, 3, 0, 14])
    count = sum(np.bincount(deal(free, 5, 1, 2, draws).ravel(), minlength=6)[:5] for _ in range(4000))
    # The first place of a list goes to each free place with equal chance, the second to another vendor's.
    first = free / 20
    second = np.array([sum(first[i] * free[j] / (20 - free[i]) for i in range(5) if i != j) for j in range(5)])
    assert (np.abs(count - 4000 * (first + second)) < 0.06 * 4000).all()
    unlimited = deal(None, 40, 3000, 3, draws)
    assert unlimited.shape == (3000, 3)
    even = np.bincount(unlimited.ravel(), minlength=40) / 9000
    assert (np.abs(even - 1 / 40) < MOST * np.sqrt(0.025 / 9000)).all()


@pytest.mark.parametrize(
    ("places", "clients", "bidders"), [((25, 25), 40, 2), ((20, 20, 20), 10, 3), ((9, 2, 1), 5, 2)]
)
def test_few_vendors_stand_on_as_many_shortlists_as_they_can(
    places: tuple[int, ...], clients: int, bidders: int
) -> None:
    free, draws = np.array(places), Draws(3, "x", 0)
    for _ in range(100):
        lists = deal(free.copy(), len(free), clients, bidders, draws)
        there = lists < len(free)
        assert there.sum() == min(lists.size, np.minimum(free, len(lists)).sum())
        assert all(len(set(row[row < len(free)].tolist())) == (row < len(free)).sum() for row in lists)


CASES: dict[str, dict[str, Any]] = {
    "random": {"vendors": 0.75, "gossip": 0.3, "refuse_below": 0.3, "recognition": 0.7, "search_cost": 1.0},
    "places": {"vendors": 0.15, "capacity": 8},
    "contest": {"vendors": 1.05, "gossip": 0.3, "refuse_below": 0.3, "recognition": 0.7, "matching": "contest",
                "bidders": 3, "quality_spread": 0.2},
    "reviews": {"vendors": 1.5, "gossip": 0.3, "matching": "contest", "bidders": 3, "review_every": 3,
                "incumbent_edge": 1.5},
    "tender": {"vendors": 1.5, "matching": "tender", "tender_cost": [5.0, 20.0], "bidders": 3},
    "evolution": {"vendors": 1.0, "reproduction": "death", "mutation": 0.05},
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_simulation_comes_near_the_fluid_market_as_it_grows(case: str) -> None:
    """At three sizes: within sampling error and the order of 1 / size of the limit; the spread falls as theory says."""
    periods = 25
    spread = []
    for clients, replicates in ((250, 12), (1000, 12), (4000, 12)):
        market = CASES[case] | {"clients": clients, "vendors": round(CASES[case]["vendors"] * clients)}
        people, pairs = prepared(market | {"search_time": 1, "turnover": 0.02}, MIX, periods)
        prizes = flat(people, 10.0)
        limit = measures(fluid(people, pairs, prizes), clients)
        runs = np.array(
            [measures(simulate_market(people, pairs, prizes, seed=9, replicate=r), clients) for r in range(replicates)]
        )
        error = runs.std(axis=0, ddof=1) / np.sqrt(replicates)
        # Whole numbers of parties and of places leave a difference of the order of one party.
        assert (np.abs(runs.mean(axis=0) - limit) < 5 * error + 4 * np.abs(limit) / clients + 1e-9).all(), clients
        spread.append(runs[:, 0].std(ddof=1))
    # Four times the size, half the spread; a factor of 16 in size within a factor of 2 of the theory.
    assert 2.0 < spread[0] / spread[2] < 8.0


def measures(book: Ledger, clients: int) -> list[float]:
    """Per client and period: value, gains, played; then the shares of ends by reason and of postures."""
    scale = clients * len(book.played)
    earned = book.vendor_earned.sum() + book.client_earned.sum()
    sums = [earned, book.vendor_gain.sum(), book.client_gain.sum(), book.played.sum(), book.begun.sum()]
    sums += [book.burned.sum(), book.tendering.sum(), book.search.sum(), book.switching.sum(), *book.reasons]
    return [float(value) / scale for value in (*sums, *book.postures.sum(axis=0))]


def test_reviews_of_vendors_without_limit_leave_their_pool_as_it_was() -> None:
    # A loser of a review is no more on offer than before, so the free clients of the same period meet everybody alike;
    # and who loses a client as it wins another never had both, so that it earns the outside option of one place less.
    market = {"matching": "contest", "capacity": 0, "review_every": 2, "incumbent_edge": 1.5, "bidders": 3}
    sizes = {"clients": 6000, "vendors": 2400, "gossip": 0.0, "search_time": 0, "quality_spread": 0.0}
    mix = "vendors: tit-for-tat=.5, always-compete=.5; clients: walk-away=.4, grim=.6"
    people, pairs = prepared(market | sizes, mix, 30)
    prizes = np.where(np.arange(2) == 0, 100.0, 40.0)[:, None, None]
    limit = fluid(people, pairs, prizes)
    books = [simulate_market(people, pairs, prizes, seed=4, replicate=k) for k in range(4)]
    for name, close in (("wins", 0.01), ("bids", 0.01), ("burned", 0.01), ("outside", 0.005)):
        found = np.mean([getattr(book, name)[0 if name in ("wins", "bids") else slice(None)].sum() for book in books])
        wanted = getattr(limit, name)[0 if name in ("wins", "bids") else slice(None)].sum()
        assert found == pytest.approx(wanted, rel=close), name


def test_a_refused_incumbent_makes_no_bid() -> None:
    market = {"matching": "contest", "review_every": 2, "bidders": 2, "capacity": 1, "search_time": 0}
    heard = {"gossip": 0.8, "recognition": 0.4, "refuse_below": 0.3, "quality_spread": 0.0}
    sizes = {"clients": 6000, "vendors": 9000}
    people, pairs = prepared(market | heard | sizes, "vendors: always-compete=1; clients: always-cooperate=1", 20)
    prizes = flat(people, 50.0)
    books = [simulate_market(people, pairs, prizes, seed=5, replicate=k) for k in range(4)]
    bids, limit = [book.bids[0] for book in books], fluid(people, pairs, prizes)
    assert np.mean(bids) == pytest.approx(limit.bids[0], rel=0.01)
