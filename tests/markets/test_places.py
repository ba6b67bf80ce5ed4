"""The worth of a free place, by hand: what relationships bring, divided by the time until the next can begin."""

from __future__ import annotations

import numpy as np
import pytest

import simulator as ns

MIX = "vendors: always-cooperate=1; clients: always-cooperate=1"


def town(changes: dict[str, object], periods: int = 2000) -> ns.Town:
    plain = {"relationship.slip": 0, "relationship.churn": 0, "discount": 0.95, "vendor.outside_option": 1.0}
    s = ns.load_scenario("prisoners-dilemma").replace(plain | changes)
    return ns.market(s, mix=MIX, periods=periods, method="fluid")


@pytest.mark.parametrize("turnover", [0.1, 0.25])
def test_only_a_vendor_that_stays_searches_again(turnover: float) -> None:
    found = town({"market.turnover": turnover, "market.search_time": 3}).places
    assert found is not None
    length = 1 / (1 - (1 - turnover) ** 2)
    # A relationship ends with either party; in a share of the ends its vendor is replaced, and newcomers are free.
    waiting = 3 * (1 - turnover * length)
    assert found.earned[0, 0] == pytest.approx(1 + 2 * length / (length + waiting), rel=1e-9)


def test_churn_search_and_switching() -> None:
    changes = {"relationship.churn": 0.2, "market.search_time": 2, "market.search_cost": 1.5}
    found = town(changes | {"relationship.switching_cost": 0.5}).places
    assert found is not None
    assert found.earned[0, 0] == pytest.approx(1 + (2 * 5 - 1.5 - 0.5) / (5 + 2), rel=1e-9)


def test_serving_a_poor_client_gives_up_a_good_one() -> None:
    rich = {
        "name": "rich",
        "share": 0.5,
        "set": {"payoffs.vendor": [[1, 5], [0, 4]], "payoffs.client": [[1, 0], [5, 3]]},
    }
    found = town({"relationship.churn": 0.2, "segment": [rich]}).places
    assert found is not None
    np.testing.assert_allclose(found.earned, [[4.0, 3.0]], rtol=1e-9)
    np.testing.assert_allclose(found.free_place, [4.0], rtol=1e-9)
    np.testing.assert_allclose(found.forgone, [[0.0, 1.0]], rtol=1e-9, atol=1e-9)
