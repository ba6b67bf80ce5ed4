"""What does not depend on chance is worked out once for all replicates of a market, and shared unchanged."""

import numpy as np

import simulator as ns
from simulator.markets.market import _setup


def test_replicates_share_what_does_not_depend_on_chance():
    s = ns.load_scenario("saas-renewal").replace({"market.matching": "contest", "market.clients": 30})
    mix = ns.Mix.parse("vendors: tit-for-tat=.5, always-compete=.5; clients: tit-for-tat")
    _setup.cache_clear()
    first = ns.market(s, mix=mix, periods=20, replicate=0)
    second = ns.market(s, mix=mix, periods=20, replicate=1)
    fluid = ns.market(s, mix=str(mix), periods=20, method="fluid")
    assert _setup.cache_info().misses == 1
    assert first.prize is second.prize is fluid.prize
    assert first.value != second.value
    again = ns.market(s, mix=mix, periods=20, replicate=0)
    _setup.cache_clear()
    fresh = ns.market(s, mix=mix, periods=20, replicate=0)
    for town in (again, fresh):
        assert np.array_equal(town.value_path, first.value_path)
        assert np.array_equal(town.ledger.wins, first.ledger.wins)
