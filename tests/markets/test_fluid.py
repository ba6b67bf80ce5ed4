"""The fluid market against theory: renewal, trust building, walkers and runners, thresholds for cooperation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq

import simulator as ns
from simulator.markets.fluid.competing import Competing
from simulator.markets.fluid.run import run_fluid
from simulator.markets.ledger import Ledger
from simulator.markets.pairs import compile_pairs
from simulator.markets.population import population_of
from simulator.markets.records import Records


def dilemma(changes: dict[str, Any] | None = None, **relationship: float) -> ns.Scenario:
    """The prisoner's dilemma 5, 3, 1, 0 without slips, churn and discounting, changed."""
    plain = {"relationship.churn": 0, "relationship.slip": 0, "discount": 1.0}
    named = {f"relationship.{key}": value for key, value in relationship.items()}
    return ns.load_scenario("prisoners-dilemma").replace(plain | named | (changes or {}))


def at_the_end(town: ns.Town) -> np.ndarray[Any, Any]:
    """What a party of each strategy earns in the last period, with one role."""
    return np.asarray(town.ledger.vendor_earned[-1] / town.ledger.vendors[-1])


def gain_of_deviating(scenario: ns.Scenario, deviator: str, norm: str, periods: int = 700) -> float:
    """Discounted value of a single deviator less that of the norm, in a population that keeps to the norm."""
    mix = ns.Mix(population={norm: 1 - 1e-9, deviator: 1e-9})
    values = ns.market(scenario, mix=mix, periods=periods, method="fluid").vendor_values
    return float(values[1] - values[0])


def test_renewal_reward_rate() -> None:
    # (E[joint per relationship] - K) / (E[L] + tau), slip .01, churn .02, tau = 2, K = 100/15.
    s = dilemma({"market.search_time": 2, "market.search_cost": 100 / 30}, slip=0.01, churn=0.02)
    town = ns.market(s, mix="vendors: walk-away=1; clients: walk-away=1", periods=1500, method="fluid")
    assert town.value_path[-1] == pytest.approx(5.2979, abs=5e-5)
    pair = ns.relationship(s.alone(horizon="unlimited"), vendor="walk-away", client="walk-away")
    assert town.steady is not None
    assert town.steady.total == pytest.approx(5.2979, abs=5e-5)
    assert ns.market(s, mix=town.mix, periods=15, method="fluid").steady is None
    rate = (pair.joint_value - 200 / 30) / (pair.expected_length + 2)
    assert town.value_path[-1] == pytest.approx(rate, rel=1e-9)


@pytest.mark.parametrize("roles", ["one", "two"])
@pytest.mark.parametrize(("d", "trust"), [(0.95, 2), (0.9, 1), (0.75, 3)])
def test_trust_building_among_strangers(roles: str, d: float, trust: int) -> None:
    # Fujiwara-Greve & Okuno-Fujiwara 2009: value (1 - d^2T) P + d^2T R, length 1 / (1 - d^2).
    s = dilemma({"market.roles": roles, "market.turnover": 1 - d})
    agent = f"trust-builder(periods={trust})"
    mix = f"population: {agent}=1" if roles == "one" else f"vendors: {agent}=1; clients: {agent}=1"
    town = ns.market(s, mix=mix, periods=400, method="fluid")
    trusting = d ** (2 * trust)
    people = 1 if roles == "one" else 2
    assert town.value_path[-1] / people == pytest.approx((1 - trusting) * 1 + trusting * 3, abs=1e-9)
    assert town.length == pytest.approx(1 / (1 - d**2), rel=1e-9)
    assert 1 - town.both_cooperate[-1] == pytest.approx(1 - trusting, abs=1e-9)
    np.testing.assert_allclose(town.in_relationship, 1.0, rtol=1e-12)


@pytest.mark.parametrize(("d", "enough"), [(0.75, 3), (0.9, 2), (0.95, 2), (0.99, 2)])
def test_least_trust_that_nobody_can_invade(d: float, enough: int) -> None:
    # The deviator against trust-builder(T) is trust-builder(T + 1).
    s = dilemma({"market.roles": "one", "market.turnover": 1 - d})
    for trust in range(1, enough + 1):
        norm, deviator = f"trust-builder(periods={trust})", f"trust-builder(periods={trust + 1})"
        mix = ns.Mix(population={norm: 1 - 1e-9, deviator: 1e-9})
        own, other = at_the_end(ns.market(s, mix=mix, periods=1500 if d > 0.95 else 500, method="fluid"))
        value = (1 - d ** (2 * trust)) + 3 * d ** (2 * trust)
        assert own == pytest.approx(value, abs=1e-5)
        assert (other > own) == (trust < enough)
        assert (other > own) == (value > (3 - (1 - d**2) * 5) / d**2)


@pytest.mark.parametrize(
    ("broken", "unstable", "stable"),
    [
        pytest.param(0.02, 0.0159, 0.9587, marks=pytest.mark.slow),
        (0.05, 0.04371, 0.89136),
        (0.1, 0.107, 0.7579),
    ],
)
def test_shares_at_which_walkers_and_runners_earn_the_same(broken: float, unstable: float, stable: float) -> None:
    # Schuessler: walk-away cooperators against hit-and-run, payoffs 6, 4, 2, 1, forced breaks.
    def advantage(share: float) -> float:
        mix = ns.Mix(population={"walk-away": share, "hit-and-run": 1 - share})
        walker, runner = at_the_end(ns.market(walkers(broken), mix=mix, periods=round(18 / broken), method="fluid"))
        return float(walker - runner)

    assert brentq(advantage, 1e-3, 0.5, xtol=1e-5) == pytest.approx(unstable, abs=6e-5)
    assert brentq(advantage, 0.5, 1 - 1e-3, xtol=1e-5) == pytest.approx(stable, abs=6e-5)


def test_breaks_too_frequent_for_walkers() -> None:
    for share in np.linspace(0.01, 0.99, 25):
        mix = ns.Mix(population={"walk-away": share, "hit-and-run": 1 - share})
        walker, runner = at_the_end(ns.market(walkers(0.2), mix=mix, periods=200, method="fluid"))
        assert walker < runner


def walkers(broken: float) -> ns.Scenario:
    payoffs = {"payoffs.vendor": [[2, 6], [1, 4]], "payoffs.client": [[2, 1], [6, 4]], "market.roles": "one"}
    return dilemma(payoffs, churn=broken)


class TestSingleDeviatorInACleanPool:
    """Cooperation holds iff d (1 - q) (V - U) >= T - R; d = .95, q = .05."""

    def scenario(self, **changes: Any) -> ns.Scenario:
        keys = {key.replace("__", "."): value for key, value in changes.items()}
        return dilemma({"discount": 0.95, "relationship.churn": 0.05, "market.roles": "one"} | keys)

    def test_gains_where_rematching_is_free(self) -> None:
        assert gain_of_deviating(self.scenario(), "hit-and-run", "walk-away") > 1

    def test_search_time_deters(self) -> None:
        assert gain_of_deviating(self.scenario(market__search_time=1), "hit-and-run", "walk-away") < 0

    @pytest.mark.parametrize("time", [0])
    def test_search_cost_that_deters(self, time: int) -> None:
        def gain(cost: float) -> float:
            s = self.scenario(market__search_cost=cost, market__search_time=time)
            return gain_of_deviating(s, "hit-and-run", "walk-away")

        assert brentq(gain, 1, 4, xtol=1e-7) == pytest.approx(2.21607, abs=1e-5)

    def test_switching_cost_that_deters(self) -> None:
        def gain(cost: float) -> float:
            return gain_of_deviating(self.scenario(relationship__switching_cost=cost), "hit-and-run", "walk-away")

        assert brentq(gain, 1, 4, xtol=1e-7) == pytest.approx(2 / 0.95, abs=1e-6)


@pytest.mark.parametrize(("discount", "payoffs"), [(0.95, (5, 3, 1, 0)), (0.8, (6, 4, 1, 0))])
def test_reputation_thresholds(discount: float, payoffs: tuple[float, float, float, float]) -> None:
    # Every relationship lasts one period; a recognised cheater is refused and gets P, here the outside option.
    t, r, p, s = payoffs
    game = {"payoffs.vendor": [[p, t], [s, r]], "payoffs.client": [[p, s], [t, r]], "market.roles": "one"}
    base = dilemma(
        game
        | {"discount": discount, "relationship.churn": 1.0, "market.refuse_below": 0.3}
        | {"vendor.outside_option": p, "client.outside_option": p}
    )

    def gain(gossip: float, recognition: float) -> float:
        changes = {"market.gossip": gossip, "market.recognition": recognition}
        return gain_of_deviating(base.replace(changes), "always-compete", "always-cooperate")

    recognised = brentq(lambda g: gain(1.0, g), 0.01, 1.0, xtol=1e-8)
    assert recognised == pytest.approx((t - r) / (discount * (t - p)), abs=1e-6)
    heard = brentq(lambda g: gain(g, 1.0), 0.001, 1.0, xtol=1e-8)
    assert heard == pytest.approx((1 - discount) * (t - r) / (discount * (r - p)), abs=1e-6)


@pytest.mark.parametrize("name", ["saas-renewal", "freight", "stag-hunt"])
@pytest.mark.parametrize("client", ["walk-away", "always-compete"])
def test_without_rematching_a_market_is_its_relationships(name: str, client: str) -> None:
    periods = 25
    own = {"roles": "two", "matching": "random", "clients": 60, "vendors": 60, "capacity": 1, "search_time": 99}
    s = ns.load_scenario(name).replace({"market": own})
    town = ns.market(s, mix=f"vendors: tit-for-tat=1; clients: {client}=1", periods=periods, method="fluid")
    pair = ns.relationship(s.alone(horizon=periods), vendor="tit-for-tat", client=client)
    np.testing.assert_allclose(town.survival(), pair.survival, rtol=0, atol=1e-12)
    assert town.length == pytest.approx(pair.expected_length, rel=1e-12)
    assert town.healthy_length == pytest.approx(pair.healthy_length, rel=1e-12)
    assert town.total_value == pytest.approx(60 * pair.joint_value, rel=1e-12)
    assert town.vendor_values[0] == pytest.approx(pair.vendor_value, rel=1e-12)
    assert town.client_values[0] == pytest.approx(pair.client_value, rel=1e-12)
    levels = town.levels * town.in_relationship[:, None]
    np.testing.assert_allclose(levels, pair.level_occupancy, rtol=0, atol=1e-12)


RICH = {
    "roles": "two",
    "clients": 200,
    "vendors": 40,
    "capacity": 10,
    "matching": "contest",
    "bidders": 3,
    "quality_spread": 0.2,
    "gossip": 0.3,
    "recognition": 0.6,
    "refuse_below": 0.3,
    "review_every": 3,
    "incumbent_edge": 1.5,
    "search_time": 1,
    "search_cost": 1.5,
    "turnover": 0.01,
    "mutation": 0.05,
    "reproduction": "death",
}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"matching": "tender", "tender_cost": [5.0, 20.0]},
        {"capacity": 0},
        {"capacity": 1, "vendors": 150, "gossip": 0.0},
        {"matching": "random", "review_every": 0},
        {"reproduction": "generation", "generation": 7},
        {"search_time": 0, "vendors": 3, "bidders": 2},
    ],
    ids=lambda changes: ",".join(f"{key}={value}" for key, value in changes.items()) or "rich",
)
def test_nothing_is_lost_on_the_way(changes: dict[str, Any]) -> None:
    """Money and relationships add up in every period."""
    dear = {"name": "dear clients", "share": 0.3, "set": {"client.outside_option": 35.0}}
    s = ns.load_scenario("saas-renewal").replace({"market": RICH | changes, "segment": [dear]})
    bid = ",bid=low-ball" if changes.get("matching") == "tender" else ",bid=hard"
    bid = "" if changes.get("matching") == "random" else f"(patience=0{bid})"
    mix = ns.Mix.parse(f"vendors: tit-for-tat=.5, always-compete{bid}=.5; clients: tit-for-tat=.6, opportunist=.4")
    people = population_of(s, mix, 60)
    pairs, records = compile_pairs(people), Records(people.market)
    if s.market.matching == "random":
        book = ns.market(s, mix=mix, periods=60, method="fluid").ledger
    else:
        prizes = np.full((people.n_vendor_kinds, records.n, len(people.segments)), 20.0)
        book = run_fluid(pairs, Competing(pairs, records, prizes), records)
    check_balance(book)
    np.testing.assert_allclose(book.vendors.sum(axis=1), s.market.vendors)
    np.testing.assert_allclose(book.clients.sum(axis=1), s.market.clients)
    assert (book.played <= s.market.clients * (1 + 1e-12)).all()
    if s.market.capacity:
        assert (book.played <= s.market.vendors * s.market.capacity * (1 + 1e-12)).all()


def check_balance(book: Ledger) -> None:
    """The identities that every ledger of two roles obeys."""
    earned = book.vendor_earned.sum(axis=1) + book.client_earned.sum(axis=1)
    spent = book.burned + book.tendering + book.search + book.switching
    created = book.vendor_gain + book.client_gain
    np.testing.assert_allclose(earned, book.outside + created - spent, rtol=1e-10, atol=1e-8)
    alive = np.concatenate([[0.0], np.cumsum(book.begun - book.ended)])
    np.testing.assert_allclose(book.played, alive[:-1] + book.begun, rtol=1e-9, atol=1e-9)
    assert book.lifetimes_open.sum() == pytest.approx(alive[-1], rel=1e-9)
    assert book.pair_begun.sum() == pytest.approx(book.begun.sum(), rel=1e-9)
    lengths = np.arange(book.lifetimes_ended.shape[2])
    assert book.lifetimes_ended.sum() == pytest.approx(book.ended.sum(), rel=1e-9)
    assert (book.lifetimes_ended.sum(axis=(0, 1)) @ lengths) == pytest.approx(book.ended_length.sum(), rel=1e-9)
    assert (book.lifetimes_ended + book.lifetimes_open).sum(axis=(0, 1)) @ lengths == pytest.approx(
        book.played.sum(), rel=1e-9
    )
    assert book.reasons.sum() == pytest.approx(book.ended.sum(), rel=1e-9)
    assert book.level.sum() == pytest.approx(book.played.sum(), rel=1e-9)
    assert book.postures.sum() == pytest.approx(book.played.sum(), rel=1e-9)
    assert (book.wins <= book.bids + 1e-9).all()
