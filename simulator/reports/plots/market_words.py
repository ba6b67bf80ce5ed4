"""The line under the headline of a picture of a market: who is in it, how they meet, and how it was computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.reports.plots.words import number, periods

if TYPE_CHECKING:
    from simulator.scenario.schema import Scenario

__all__ = ["market_setting", "method_words"]


def market_setting(scenario: Scenario, length: int) -> str:
    """Scenario, parties, how they meet, and over how many periods.

    Examples
    --------
    >>> import simulator as ns
    >>> market_setting(ns.load_scenario("prisoners-dilemma"), 400)
    "Prisoner's dilemma · 100 clients, 100 vendors, random matching · 400 deals"
    """
    market = scenario.market
    if market.roles == "one":
        who = f"{market.clients:,} parties of one kind"
    else:
        who = f"{market.clients:,} clients, {market.vendors:,} vendors"
        if market.capacity != 1:
            most = f"up to {market.capacity:,}" if market.capacity else "any number of"
            who += f" with {most} clients each"
    meet = "random matching" if market.matching == "random" else f"{market.matching} of {market.bidders} bidders"
    return " · ".join((scenario.title, f"{who}, {meet}", periods(float(length), scenario.period)))


def method_words(method: str, replicates: int = 1, seed: int = 0) -> str:
    """How it was computed.

    Examples
    --------
    >>> method_words("fluid"), method_words("simulate", 8)
    ('infinitely many parties, no sampling error', '8 simulated markets, seed 0')
    """
    if method == "fluid":
        return "infinitely many parties, no sampling error"
    markets = "one simulated market" if replicates == 1 else f"{number(float(replicates), 0)} simulated markets"
    return f"{markets}, seed {seed}"
