"""Where walking away, search costs and switching costs hold cooperation in a simulated market."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import simulator as ns

MOST = 4.0  # standard errors


def dilemma(changes: dict[str, Any]) -> ns.Scenario:
    """The prisoner's dilemma 5, 3, 1, 0 with one role, without slips, changed."""
    plain = {"relationship.churn": 0, "relationship.slip": 0, "discount": 1.0, "market.roles": "one"}
    return ns.load_scenario("prisoners-dilemma").replace(plain | changes)


def advantage(scenario: ns.Scenario, mix: ns.Mix, periods: int, replicates: int, measure: Any) -> tuple[float, float]:
    """How much more the first strategy of a mix earns than the second, and the standard error."""
    found = []
    for replicate in range(replicates):
        town = ns.market(scenario, mix=mix, periods=periods, seed=4, replicate=replicate)
        first, second = measure(town)
        found.append(first - second)
    return float(np.mean(found)), float(np.std(found, ddof=1) / np.sqrt(replicates))


def late(town: ns.Town) -> Any:
    """Earnings per period in the second half of the periods."""
    half = town.periods // 2
    return town.ledger.client_earned[half:].sum(axis=0) / town.ledger.clients[half:].sum(axis=0)


@pytest.mark.parametrize(
    ("broken", "unstable", "stable"), [(0.02, 0.0159, 0.9587), (0.05, 0.04371, 0.89136), (0.1, 0.107, 0.7579)]
)
def test_walkers_and_runners(broken: float, unstable: float, stable: float) -> None:
    # Schuessler: walk-away cooperators against hit-and-run, payoffs 6, 4, 2, 1; walkers earn more between the shares.
    game = {"payoffs.vendor": [[2, 6], [1, 4]], "payoffs.client": [[2, 1], [6, 4]]}
    s = dilemma(game | {"relationship.churn": broken, "market.clients": 4000})
    for share, better in ((unstable / 2, False), (unstable * 2, True), (stable - 0.05, True), (stable + 0.025, False)):
        mix = ns.Mix(population={"walk-away": share, "hit-and-run": 1 - share})
        gain, error = advantage(s, mix, round(12 / broken), 4, late)
        assert (gain > 0) == better, share
        assert abs(gain) > MOST * error / 2, share


def test_walkers_never_earn_more_where_breaks_are_too_frequent() -> None:
    game = {"payoffs.vendor": [[2, 6], [1, 4]], "payoffs.client": [[2, 1], [6, 4]]}
    s = dilemma(game | {"relationship.churn": 0.2, "market.clients": 4000})
    for share in (0.1, 0.3, 0.5, 0.7, 0.9):
        mix = ns.Mix(population={"walk-away": share, "hit-and-run": 1 - share})
        gain, error = advantage(s, mix, 60, 4, late)
        assert gain < -error


@pytest.mark.parametrize(
    ("key", "threshold"), [("market.search_cost", 2.21607), ("relationship.switching_cost", 2 / 0.95)]
)
def test_costs_that_deter_a_deviator(key: str, threshold: float) -> None:
    # Cooperation holds in a clean pool iff K >= 2.21607, k >= 2.10526, d = .95, q = .05; here deviators are 1 in 2000.
    s = dilemma({"discount": 0.95, "relationship.churn": 0.05, "market.clients": 20_000})
    mix = ns.Mix(population={"walk-away": 0.9995, "hit-and-run": 0.0005})
    for cost, holds in ((0.0, False), (0.8 * threshold, False), (1.2 * threshold, True)):
        gain, error = advantage(s.replace({key: cost}), mix, 120, 3, lambda town: town.client_values)
        assert (gain > 0) == holds, cost
        assert abs(gain) > MOST * error


def test_search_time_deters_a_deviator() -> None:
    s = dilemma({"discount": 0.95, "relationship.churn": 0.05, "market.clients": 4000, "market.search_time": 1})
    mix = ns.Mix(population={"walk-away": 0.99, "hit-and-run": 0.01})
    gain, error = advantage(s, mix, 120, 3, lambda town: town.client_values)
    assert gain > MOST * error
