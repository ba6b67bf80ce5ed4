"""A scenario's market in words, as `negsim show` and a notebook say it; rules that are switched off are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.markup import percent

if TYPE_CHECKING:
    from simulator.scenario.market_tables import Market, Segment
    from simulator.scenario.schema import Scenario

__all__ = ["market_facts", "segment_facts"]


def market_facts(scenario: Scenario) -> list[tuple[str, str]]:
    """What holds in a scenario's market, as pairs of a name and a value; empty where the file says nothing of it.

    Examples
    --------
    >>> import simulator as ns
    >>> s = ns.load_scenario("saas-renewal").replace({"market.matching": "contest", "market.bidders": 3})
    >>> market_facts(s)[1]
    ('a free client', 'takes one of 3 bidding vendors, by effort')
    """
    if "market" not in scenario.model_fields_set and not scenario.segment:
        return []
    market, period = scenario.market, scenario.period
    said = [_parties(market), _matching(market, scenario)]
    if market.quality_spread:
        said.append(
            ("quality of the vendors", f"spread {market.quality_spread:g} (standard deviation of its logarithm)")
        )
    if market.review_every:
        edge = f", the vendor in place with {market.incumbent_edge:g} times its chance"
        said.append(("reviews", f"every {market.review_every} {period}s a client tenders although it is served{edge}"))
    if market.search_time:
        said.append(("search", f"{market.search_time} {period}{'s' * (market.search_time > 1)} free in between"))
    if market.search_cost:
        said.append(("cost of a new relationship", f"{market.search_cost:g} for each side"))
    said += _reputation(market)
    said += _newcomers(market, period)
    return said


def segment_facts(segment: Segment) -> str:
    """A kind of client in words: its share, what is different, and its own mix."""
    parts = [percent(segment.share) + " of the clients"]
    parts += [f"{key} = {_value(value)}" for key, value in segment.set]
    if segment.clients:
        parts.append("who play " + ", ".join(f"{name} {percent(share)}" for name, share in segment.clients))
    return "; ".join(parts)


def _value(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _parties(market: Market) -> tuple[str, str]:
    if market.roles == "one":
        return "parties", f"{market.clients:,} of one role; any two free ones meet"
    each = (
        "any number of clients" if market.capacity == 0 else f"{market.capacity:,} client{'s' * (market.capacity > 1)}"
    )
    return "parties", f"{market.clients:,} clients and {market.vendors:,} vendors, each vendor for {each}"


def _matching(market: Market, scenario: Scenario) -> tuple[str, str]:
    if market.roles == "one":
        return "a free party", "meets another at random"
    if market.matching == "random":
        return "a free client", "meets a free vendor at random"
    if market.matching == "contest":
        power = "" if market.contest_exponent == 1 else f" to the power of {market.contest_exponent:g}"
        return "a free client", f"takes one of {market.bidders} bidding vendors, by effort{power}"
    low, high = market.tender_cost or (0.0, 0.0)
    unit = f" {scenario.currency}" if scenario.currency else ""
    costs = f"whose costs are private, {low:g} to {high:g}{unit}"
    return "a free client", f"takes the lowest bid of {market.bidders} vendors {costs}"


def _reputation(market: Market) -> list[tuple[str, str]]:
    if not market.gossip:
        return []
    said = [("the market hears how it ended", percent(market.gossip))]
    if market.recognition < 1:
        said.append(("a bad record is recognised", percent(market.recognition)))
    if market.refuse_below:
        said.append(("refused", f"whose record is worth less than {market.refuse_below:g} (unknown 0.5, bad 0.1)"))
    if market.matching != "random" and market.reputation_weight != 1:
        said.append(("weight of a bidder's record", f"{market.reputation_weight:g}"))
    return said


def _newcomers(market: Market, period: str) -> list[tuple[str, str]]:
    said = []
    if market.turnover:
        said.append(("turnover", f"{percent(market.turnover)} of the parties each {period}"))
    if market.reproduction == "death":
        said.append(("newcomers", "copy what earned most, one by one"))
    if market.reproduction == "generation":
        said.append(("newcomers", f"all copy what earned most, every {market.generation} {period}s"))
    if market.mutation:
        said.append(("mutation", f"{percent(market.mutation)} of the newcomers play any strategy"))
    return said
