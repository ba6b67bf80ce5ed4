"""Competing for clients in a market: efforts, prices, waste, selection, reviews."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import simulator as ns
from simulator.solvers.contests import tender_price, tullock


def once(changes: dict[str, Any], vendor: float = 100.0) -> ns.Scenario:
    """Relationships of one period, worth `vendor` to a vendor whatever it does; so winning is worth just that."""
    game = {
        "id": "once",
        "title": "Once",
        "payoffs": {
            "postures": ["compete", "cooperate"],
            "vendor": [[vendor, vendor], [vendor * 0.6, vendor * 0.6]],
            "client": [[30, 30], [30, 30]],
        },
        "discount": 0.9,
        "relationship": {"churn": 1.0},
        "market": {"clients": 40, "vendors": 400, "matching": "contest"} | changes,
    }
    from simulator.scenario.loading import build

    return build(game, place="test")


ONE = "vendors: always-compete=1; clients: tit-for-tat=1"
TWO = "vendors: always-compete=.5, always-cooperate=.5; clients: tit-for-tat=1"


@pytest.mark.parametrize(("bidders", "effort", "waste"), [(2, 25, 50), (3, 22.2222, 66.6667), (5, 16, 80)])
def test_tullock_efforts_and_waste(bidders: int, effort: float, waste: float) -> None:
    town = ns.market(once({"bidders": bidders}), mix=ONE, periods=12, method="fluid")
    assert town.prize is not None
    np.testing.assert_allclose(town.prize.prizes, 100.0, rtol=1e-9)
    book = town.ledger
    np.testing.assert_allclose(book.burned / book.begun, waste, rtol=1e-5)
    assert book.burned.sum() / book.bids.sum() == pytest.approx(effort, rel=1e-5)
    assert town.win_rate[0] == pytest.approx(1 / bidders, rel=1e-9)
    profit = tullock(100, bidders).profits[0]
    # Each client's bidders share what the winner gets and burn their efforts.
    per_bid = (book.vendor_gain.sum() - book.burned.sum()) / book.bids.sum()
    assert per_bid == pytest.approx(profit, rel=1e-9)


@pytest.mark.parametrize(("bidders", "price"), [(2, 73.333), (3, 60), (5, 46.667)])
def test_first_price_tenders(bidders: int, price: float) -> None:
    s = once({"bidders": bidders, "matching": "tender", "tender_cost": [20.0, 100.0]})
    town = ns.market(s, mix=ONE, periods=12, method="fluid")
    paid = 100 - town.ledger.transferred / town.ledger.begun
    np.testing.assert_allclose(paid, price, atol=5e-4)
    np.testing.assert_allclose(paid, tender_price(bidders, lowest=20, highest=100), rtol=1e-9)
    # The winner has the lowest of n uniform costs.
    np.testing.assert_allclose(town.ledger.tendering / town.ledger.begun, 20 + 80 / (bidders + 1), rtol=1e-9)


def test_unequal_prizes_meet_in_pairs() -> None:
    # 100 and 60: a quarter of the shortlists has two of the first, half one of each.
    town = ns.market(once({}), mix=TWO, periods=12, method="fluid")
    book = town.ledger
    burned = 0.25 * 50 + 0.5 * (23.4375 + 14.0625) + 0.25 * 30
    np.testing.assert_allclose(book.burned / book.begun, burned, rtol=1e-5)
    assert book.wins[0] / book.wins.sum() == pytest.approx(0.25 + 0.5 * 0.625, rel=1e-5)


def test_hard_bids_burn_twice_and_win_no_more_among_themselves() -> None:
    fair = ns.market(once({}), mix=ONE, periods=12, method="fluid")
    hard = ns.market(once({}), mix=ONE.replace("compete=1", "compete(bid=hard)=1"), periods=12, method="fluid")
    np.testing.assert_allclose(hard.ledger.burned, 2 * fair.ledger.burned, rtol=1e-9)
    assert hard.value == pytest.approx(fair.value - fair.flow.burned, rel=1e-9)


def test_competing_selects_quality() -> None:
    s = ns.load_scenario("saas-renewal").replace(
        {"market": {"clients": 100, "vendors": 300, "matching": "contest", "bidders": 3, "quality_spread": 0.3}}
    )
    mix = "vendors: tit-for-tat=1; clients: tit-for-tat=1"
    town = ns.market(s, mix=mix, periods=60, method="fluid")
    alike = ns.market(s.replace({"market.quality_spread": 0.0}), mix=mix, periods=60, method="fluid")
    assert town.flow.selected > 0
    assert alike.flow.selected == pytest.approx(0, abs=1e-9)
    drawn = ns.market(s.replace({"market.matching": "random"}), mix=mix, periods=60, method="fluid")
    assert town.flow.created > drawn.flow.created


def test_reviews_burn_and_shorten() -> None:
    own = {"clients": 100, "vendors": 300, "matching": "contest", "bidders": 3, "incumbent_edge": 2.0}
    s = ns.load_scenario("saas-renewal").replace({"market": own})
    mix = "vendors: tit-for-tat=1; clients: tit-for-tat=1"
    plain = ns.market(s, mix=mix, periods=100, method="fluid")
    reviewed = ns.market(s.replace({"market.review_every": 3}), mix=mix, periods=100, method="fluid")
    assert reviewed.length < plain.length
    assert reviewed.flow.burned > plain.flow.burned
    # Reviews come after 3, 6, ... years only; the incumbent keeps more than its share of the shortlist.
    survival, without = reviewed.survival(), plain.survival()
    np.testing.assert_allclose(survival[:3], without[:3], rtol=1e-9)
    kept = (survival[3] / survival[2]) / (without[3] / without[2])
    assert 1 / 3 < kept < 1
    assert reviewed.end_reasons["review"] > 0


def test_low_balling_takes_back_in_the_first_period() -> None:
    own = {"clients": 40, "vendors": 400, "matching": "tender", "tender_cost": [5.0, 25.0], "bidders": 3}
    s = ns.load_scenario("saas-renewal").replace({"market": own})
    fair = "vendors: tit-for-tat=1; clients: tit-for-tat=1"
    low = "vendors: tit-for-tat(bid=low-ball)=1; clients: tit-for-tat=1"
    honest, cheap = (ns.market(s, mix=mix, periods=50, method="fluid") for mix in (fair, low))
    assert cheap.flow.transferred > honest.flow.transferred
    assert cheap.length < honest.length  # who claims it back is begrudged
    assert cheap.end_reasons["client-begrudged"] > honest.end_reasons["client-begrudged"]


def test_nobody_bids_for_a_client_not_worth_it() -> None:
    town = ns.market(once({}, vendor=-5.0), mix=ONE, periods=12, method="fluid")
    assert town.ledger.begun.sum() == 0
    assert town.ledger.bids.sum() == 0
    assert town.value == pytest.approx(0)
    assert np.isnan(town.win_rate[0])


def test_bids_that_play_no_part_are_named() -> None:
    mix = "vendors: tit-for-tat(bid=hard)=1; clients: tit-for-tat=1"
    town = ns.market(ns.load_scenario("prisoners-dilemma"), mix=mix, periods=5, method="fluid")
    assert any("bid=hard plays no part" in remark for remark in town.remarks)
