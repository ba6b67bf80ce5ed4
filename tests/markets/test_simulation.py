"""The simulated market against theory and against single relationships; its books; its random numbers."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

import simulator as ns
from simulator.markets.ledger import Ledger
from simulator.markets.pairs import compile_pairs
from simulator.markets.population import population_of
from simulator.markets.records import Records
from simulator.markets.simulated.draws import Draws
from simulator.markets.simulated.parties import Parties
from simulator.markets.simulated.run import simulate_market

MOST = 4.0  # standard errors


def dilemma(changes: dict[str, Any] | None = None, **relationship: float) -> ns.Scenario:
    """The prisoner's dilemma 5, 3, 1, 0 without slips, churn and discounting, changed."""
    plain = {"relationship.churn": 0, "relationship.slip": 0, "discount": 1.0}
    named = {f"relationship.{key}": value for key, value in relationship.items()}
    return ns.load_scenario("prisoners-dilemma").replace(plain | named | (changes or {}))


def means(scenario: ns.Scenario, mix: str, periods: int, measure: Any, replicates: int = 8) -> tuple[Any, Any]:
    """Mean over replicates, and its standard error."""
    towns = [ns.market(scenario, mix=mix, periods=periods, seed=1, replicate=r) for r in range(replicates)]
    values = np.array([measure(town) for town in towns], dtype=float)
    return values.mean(axis=0), values.std(axis=0, ddof=1) / np.sqrt(replicates)


def check_balance(book: Ledger, one_role: bool = False) -> None:
    """The identities that every ledger obeys."""
    earned = book.client_earned.sum(axis=1) + (0 if one_role else book.vendor_earned.sum(axis=1))
    spent = book.burned + book.tendering + book.search + book.switching
    np.testing.assert_allclose(earned, book.outside + book.vendor_gain + book.client_gain - spent, rtol=1e-10)
    alive = np.concatenate([[0.0], np.cumsum(book.begun - book.ended)])
    np.testing.assert_array_equal(book.played, alive[:-1] + book.begun)
    assert book.lifetimes_open.sum() == alive[-1]
    assert book.pair_begun.sum() == book.begun.sum()
    lengths = np.arange(book.lifetimes_ended.shape[2])
    assert book.lifetimes_ended.sum() == book.ended.sum() == book.reasons.sum()
    assert book.lifetimes_ended.sum(axis=(0, 1)) @ lengths == book.ended_length.sum()
    periods_lived = (book.lifetimes_ended + book.lifetimes_open) @ lengths
    np.testing.assert_array_equal(book.pair_played, periods_lived)
    assert (book.pair_healthy <= book.pair_played).all()
    assert book.level.sum() == book.played.sum()
    np.testing.assert_array_equal(book.postures.sum(axis=1), book.played)
    assert (book.wins <= book.bids).all()


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
    "turnover": 0.03,
    "mutation": 0.05,
    "reproduction": "death",
}
CHANGES: list[dict[str, Any]] = [
    {},
    {"matching": "tender", "tender_cost": [5.0, 20.0]},
    {"capacity": 0},
    {"capacity": 1, "vendors": 150, "gossip": 0.0},
    {"matching": "random", "review_every": 0},
    {"matching": "random", "review_every": 0, "capacity": 0},
    {"reproduction": "generation", "generation": 7},
    {"search_time": 0, "vendors": 3, "bidders": 2, "capacity": 40},
]


@pytest.mark.parametrize("changes", CHANGES, ids=lambda c: ",".join(f"{k}={v}" for k, v in c.items()) or "rich")
def test_nothing_is_lost_on_the_way(changes: dict[str, Any]) -> None:
    """Money and relationships add up in every period, and the same seed gives the same market."""
    dear = {"name": "dear clients", "share": 0.3, "set": {"client.outside_option": 35.0}}
    s = ns.load_scenario("saas-renewal").replace({"market": RICH | changes, "segment": [dear]})
    bid = {"tender": "(bid=low-ball)", "random": ""}.get(s.market.matching, "(bid=hard)")
    mix = f"vendors: tit-for-tat=.5, always-compete{bid}=.5; clients: tit-for-tat=.6, opportunist=.4"
    people = population_of(s, ns.Mix.parse(mix), 40)
    pairs = compile_pairs(people)
    shape = (people.n_vendor_kinds, Records(people.market).n, len(people.segments))
    prizes = None if s.market.matching == "random" else np.full(shape, 20.0)
    book = simulate_market(people, pairs, prizes, seed=3)
    check_balance(book)
    assert (book.vendors.sum(axis=1) == s.market.vendors).all()
    assert (book.clients.sum(axis=1) == s.market.clients).all()
    assert (book.played <= s.market.clients).all()
    if s.market.capacity:
        assert (book.played <= s.market.vendors * s.market.capacity).all()
    if s.market.matching != "random":
        # Every relationship begun was won, and so was every review that the incumbent survived.
        assert book.wins.sum() >= book.begun.sum()
        assert (book.burned.sum() > 0) == (s.market.matching == "contest")
        assert (book.tendering.sum() > 0) == (s.market.matching == "tender")
    again = simulate_market(people, pairs, prizes, seed=3)
    assert all(np.array_equal(value, getattr(again, name)) for name, value in vars(book).items())
    other = simulate_market(people, pairs, prizes, seed=4)
    assert not np.array_equal(book.vendor_earned, other.vendor_earned)


@pytest.mark.parametrize("one", [True, False])
def test_one_role_balances(one: bool) -> None:
    market = {"roles": "one", "clients": 101, "gossip": 0.4, "refuse_below": 0.3, "turnover": 0.05, "search_time": 1}
    s = dilemma({"market": market}, slip=0.05, switching_cost=0.5)
    mix = "population: " + ("walk-away=.6, always-compete=.4" if one else "always-compete=.4, walk-away=.6")
    town = ns.market(s, mix=mix, periods=200)
    check_balance(town.ledger, one_role=True)
    assert (town.ledger.played <= 50).all()
    assert np.array_equal(town.ledger.vendors, town.ledger.clients)


@pytest.mark.parametrize(("name", "vendor", "client"), [
    ("saas-renewal", "tit-for-tat", "walk-away"),
    ("freight", "generous-tit-for-tat", "opportunist"),
    ("stag-hunt", "walk-away", "always-compete"),
])  # fmt: skip
def test_without_rematching_a_market_is_its_relationships(name: str, vendor: str, client: str) -> None:
    count, periods = 40_000, 25
    own = {"roles": "two", "matching": "random", "clients": count, "vendors": count, "capacity": 1, "search_time": 99}
    s = ns.load_scenario(name).replace({"market": own})
    town = ns.market(s, mix=f"vendors: {vendor}=1; clients: {client}=1", periods=periods, seed=2)
    pair = ns.relationship(s.alone(horizon=periods), vendor=vendor, client=client)
    spread = np.sqrt(pair.survival * (1 - pair.survival) / count)
    assert (np.abs(town.survival() - pair.survival) <= MOST * spread + 1e-12).all()
    assert abs(town.length - pair.expected_length) < MOST * pair.length_sd / np.sqrt(count)
    assert abs(town.vendor_values[0] - pair.vendor_value) < MOST * pair.vendor_value_sd / np.sqrt(count)
    assert abs(town.client_values[0] - pair.client_value) < MOST * pair.client_value_sd / np.sqrt(count)
    assert abs(town.total_value / count - pair.joint_value) < MOST * pair.joint_value_sd / np.sqrt(count)
    for found, exact in zip(town.ledger.level.T / count, pair.level_occupancy.T, strict=True):
        assert (np.abs(found - exact) <= MOST * np.sqrt(exact * (1 - exact) / count) + 1e-9).all()
    ended = town.ledger.reasons.sum() / count
    for reason, share in town.end_reasons.items():
        exact = pair.end_reasons.get(reason, 0.0)
        assert abs(share * ended - exact) <= MOST * np.sqrt(exact * (1 - exact) / count) + 1e-9


def test_renewal_reward_rate() -> None:
    # (E[joint per relationship] - K) / (E[L] + tau), slip .01, churn .02, tau = 2, K = 100/15: 5.2979.
    changes = {"market.search_time": 2, "market.search_cost": 100 / 30, "market.clients": 500, "market.vendors": 500}
    s = dilemma(changes, slip=0.01, churn=0.02)
    mean, error = means(
        s, "vendors: walk-away=1; clients: walk-away=1", 1000, lambda town: town.value_path[300:].mean()
    )
    assert abs(mean - 5.2979) < MOST * error
    assert error < 0.01


@pytest.mark.parametrize("roles", ["one", "two"])
def test_trust_building_among_strangers(roles: str) -> None:
    # Fujiwara-Greve & Okuno-Fujiwara 2009, d = .95, T = 2: value 2.6290, length 10.2564, 18.55% in the trust phase.
    market = {"roles": roles, "clients": 1000, "turnover": 0.05} | ({"vendors": 1000} if roles == "two" else {})
    agent = "trust-builder(periods=2)"
    mix = f"population: {agent}=1" if roles == "one" else f"vendors: {agent}=1; clients: {agent}=1"
    people = 1 if roles == "one" else 2

    def measure(town: ns.Town) -> list[float]:
        value = town.value_path[100:].mean() / people
        return [value, town.completed_length, 1 - town.both_cooperate[100:].mean()]

    (value, length, trusting), error = means(dilemma({"market": market}), mix, 600, measure)
    assert abs(value - 2.6290) < MOST * error[0] + 5e-5
    # Those that began shortly before the end are short where they ended: completed ones are a little too short.
    assert abs(length - 10.2564) < MOST * error[1] + 0.2
    assert abs(trusting - 0.1855) < MOST * error[2] + 5e-5
    assert error[0] < 0.005


def test_recognised_cheaters_stay_alone() -> None:
    # Gossip 1, every relationship one period, a recognised cheater gets P: cooperation iff d g >= (T-R)/(T-P), .526.
    changes = {"vendor.outside_option": 1.0, "client.outside_option": 1.0, "discount": 0.95}
    s = dilemma(changes | {"market": {"clients": 500, "vendors": 500, "gossip": 1.0, "refuse_below": 0.3}}, churn=1.0)
    mix = "vendors: always-cooperate=.5, always-compete=.5; clients: always-cooperate=1"

    def advantage(town: ns.Town) -> float:
        honest, cheater = town.vendor_values
        return float(honest - cheater)

    for recognition, better in ((0.45, False), (0.60, True)):
        mean, error = means(s.replace({"market.recognition": recognition}), mix, 120, advantage, 4)
        assert (mean > 0) == better
        assert abs(mean) > MOST * error
        # Cheats once unknown, then succeeds whenever it is not recognised.
        later = 0.95 * (1 - 0.95**119) / 0.05
        exact = 3 * (1 + later) - 5 - later * (recognition + (1 - recognition) * 5)
        assert abs(mean - exact) < MOST * error


def test_nobody_is_above_capacity_and_lost_places_are_filled_first() -> None:
    """With one client too many for one vendor of two places, what earns its outside option follows by hand."""
    market = {"clients": 1, "vendors": 1, "capacity": 2, "search_time": 1}
    s = dilemma({"market": market, "vendor.outside_option": 1.0}, churn=1.0)
    book = ns.market(s, mix="vendors: tit-for-tat=1; clients: tit-for-tat=1", periods=6).ledger
    # Together, searching, together, ...: one place was ever used, and it earns 1 more than nothing while it is empty.
    assert book.played.tolist() == [1, 0, 1, 0, 1, 0]
    assert book.outside.tolist() == [1.0] * 6
    more = s.replace({"market.clients": 5, "market.capacity": 2})
    book = ns.market(more, mix="vendors: tit-for-tat=1; clients: tit-for-tat=1", periods=6).ledger
    assert book.played.tolist() == [2, 0, 2, 0, 2, 0]
    assert book.outside.tolist() == [2.0] * 6
    # A vendor that never had a client earns it once.
    book = ns.market(
        more.replace({"market.clients": 1, "market.vendors": 2, "market.capacity": 0}),
        mix="vendors: tit-for-tat=1; clients: tit-for-tat=1",
        periods=1,
    ).ledger
    assert book.outside.tolist() == [2.0]


def test_mixes_meet_common_random_numbers() -> None:
    """Two mixes differ far less from each other on the same numbers than on others."""
    s = dilemma({"market.clients": 200, "market.vendors": 200}, slip=0.05, churn=0.05)
    near = [f"vendors: walk-away={a}, tit-for-tat={1 - a}; clients: walk-away=1" for a in (0.5, 0.52)]
    value = np.array(
        [[ns.market(s, mix=mix, periods=60, seed=1, replicate=r).value for mix in near] for r in range(12)]
    )
    paired = (value[:, 0] - value[:, 1]).std()
    assert paired < 0.9 * np.sqrt(2) * value[:, 0].std()


def test_a_mix_is_kept_to_and_leaves_qualities_and_segments_where_they_are() -> None:
    """Vendors of three classes and clients of two segments: whole numbers that the mix admits come out as such."""
    segment = {"name": "small", "share": 0.35, "set": {"client.outside_option": 0.5}}
    market = {"clients": 20, "vendors": 20, "quality_spread": 0.4}
    s = dilemma({"market": market}).replace({"segment": [segment]})
    found = []
    for shares in ((0.5, 0.3, 0.2), (0.2, 0.2, 0.6)):
        given = dict(zip(("tit-for-tat", "grim", "bully"), shares, strict=True))
        mix = ns.Mix(vendors=given, clients=given)
        book = ns.market(s, mix=mix, periods=1).ledger
        np.testing.assert_array_equal(book.vendors[0], 20 * np.array(shares))
        np.testing.assert_array_equal(book.clients[0], 20 * np.array(shares))
        parties = Parties(population_of(s, mix, 1), Draws(0, s.id, 0))
        found.append((parties.vendor_quality, parties.client_segment))
    np.testing.assert_array_equal(found[0], found[1])


def test_replicates_are_independent_and_others_leave_them_alone() -> None:
    s = dilemma({"market.clients": 50, "market.vendors": 50}, slip=0.05)
    mix = "vendors: walk-away=1; clients: walk-away=1"
    one, two, again = (ns.market(s, mix=mix, periods=30, seed=1, replicate=r) for r in (0, 1, 0))
    assert np.array_equal(one.value_path, again.value_path)
    assert not np.array_equal(one.value_path, two.value_path)


def test_progress_is_told() -> None:
    said: list[tuple[int, int]] = []
    ns.market(
        dilemma(),
        mix="vendors: grim=1; clients: grim=1",
        periods=5,
        progress=lambda done, of: said.append((done, of)),
    )
    assert said == [(t, 5) for t in range(1, 6)]


def all_leavers(start: tuple[str, bool, bool]) -> str:
    """The eight conditional leavers, all parties of one kind at the start."""
    parts = []
    for action, c, d in itertools.product(("cooperate", "compete"), (False, True), (False, True)):
        name = (
            f"conditional-leaver(action={action},leave_on_cooperate={str(c).lower()},leave_on_compete={str(d).lower()})"
        )
        parts.append(f"{name}={int((action, c, d) == start)}")
    return "population: " + ", ".join(parts)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("life", "start", "low", "high"),
    [(25, ("cooperate", False, True), 0.68, 0.74), (10, ("compete", False, True), 0.0, 0.02)],
)
def test_the_option_to_leave(life: int, start: tuple[str, bool, bool], low: float, high: float) -> None:
    # Izquierdo, Izquierdo & Vega-Redondo 2010: 400 players, CC 3, CD 0, DC 4, DD 1, mean over periods 1000 to 6000.
    game = {"payoffs.vendor": [[1, 4], [0, 3]], "payoffs.client": [[1, 0], [4, 3]]}
    market = {"roles": "one", "clients": 400, "turnover": 1 / life, "reproduction": "death", "mutation": 0.05}
    s = dilemma(game | {"market": market})
    found = []
    for seed in range(4):
        town = ns.market(s, mix=all_leavers(start), periods=6000, seed=seed)
        found.append(np.nanmean(town.both_cooperate[1000:]))
    assert low <= np.mean(found) <= high
