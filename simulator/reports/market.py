"""One market's account for people: where its value comes from and goes, how long relationships last, who earns what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np

from simulator.reports.market_files import errors_of
from simulator.reports.market_places import places_words, prize_words
from simulator.runner.amounts import Amounts, listed

if TYPE_CHECKING:
    from simulator.markets.result import Town
    from simulator.scenario.schema import Scenario

__all__ = [
    "described",
    "error_words",
    "flow_rows",
    "flow_words",
    "grouped",
    "length_words",
    "market_sentences",
    "market_title",
    "percent",
    "pooled",
    "reason_words",
    "spoken",
]

SMALL = 5e-4  # of what is created: not worth a row or a word
STEADY = 0.002  # relative difference of the value that is worth a sentence
REASONS = {
    "vendor-left": "the vendor left",
    "client-left": "the client left",
    "vendor-begrudged": "the vendor found its share too small",
    "client-begrudged": "the client found its share too small",
    "vendor-patience": "the vendor's patience was at an end",
    "client-patience": "the client's patience was at an end",
    "churn": "an outside event",
    "review": "a review was lost",
    "turnover": "a party was replaced",
}


def error_words(towns: Sequence[Town]) -> list[str]:
    """How far chance may have moved value and length, over the replicates of one market; nothing in a fluid one."""
    errors = errors_of(towns)
    value, length = errors["se_value"], errors["se_length"]
    if not value > 0:
        return []
    scenario = towns[0].scenario
    money = Amounts(scenario, value).money(value)
    return [
        f"Standard error over {len(towns)} markets: total value {money}, mean length {length:.2g} {scenario.period}s."
    ]


def grouped(remarks: Sequence[str]) -> list[str]:
    """Remarks that differ in their numbers alone said once, with how often.

    Examples
    --------
    >>> grouped(["still changes by 0.1", "a", "still changes by 0.2"])
    ['still changes by 0.1 (and 1 market more like this)', 'a']
    """
    kinds: dict[str, list[str]] = {}
    for remark in remarks:
        kinds.setdefault(re.sub(r"\d[\d.,e+-]*", "#", remark), []).append(remark)
    return [
        alike[0] if len(alike) == 1 else f"{alike[0].rstrip('.')} (and {_markets(len(alike) - 1)} more like this)"
        for alike in kinds.values()
    ]


def _markets(count: int) -> str:
    return f"{count} market{'' if count == 1 else 's'}"


def market_title(town: Town, replicates: int = 1) -> str:
    """Who meets how, for how long, and how it was computed."""
    return described(town.scenario, town.periods, town.method, replicates, town.seed)


def described(scenario: Scenario, periods: int, method: str, replicates: int, seed: int) -> str:
    """A market in one line.

    Examples
    --------
    >>> import simulator as ns
    >>> described(ns.load_scenario("prisoners-dilemma"), 400, "simulate", 8, 0)
    "Prisoner's dilemma: 100 clients and 100 vendors, random matching, 400 deals, 8 markets simulated"
    """
    market = scenario.market
    if market.roles == "one":
        who = f"{market.clients:,} parties of one kind"
    else:
        who = f"{market.clients:,} clients and {market.vendors:,} vendors"
    meet = "random matching"
    if market.matching != "random":
        meet = f"{market.matching} of {market.bidders} bidder{'s' if market.bidders > 1 else ''}"
    how = "no sampling error"
    if method == "simulate":
        how = f"{replicates} market{'s' if replicates > 1 else ''} simulated" + (f", seed {seed}" if seed else "")
    return f"{scenario.title}: {who}, {meet}, {periods:,} {scenario.period}s, {how}"


def flow_rows(town: Town) -> list[tuple[str, float]]:
    """Parts of the total value per client and period with their names; those that are nothing are left out.

    The last is the total; the parts before it sum to it.
    """
    flow = town.flow
    scale = SMALL * max(abs(flow.created), abs(flow.total))
    rows = [("outside options", flow.outside), ("captured by vendors", flow.vendor_captured)]
    rows.append(("captured by clients", flow.client_captured))
    losses = {
        "burned in competing": flow.burned,
        "winners' costs of serving": flow.tendering,
        "lost in search": flow.search,
        "lost in switching": flow.switching,
    }
    rows += [(name, -lost) for name, lost in losses.items() if abs(lost) > scale]
    return [*rows, ("total value", flow.total)]


def pooled(towns: Sequence[Town]) -> Town:
    """Replicates of one market as one: the mean of all that they count and earn."""
    first = towns[0]
    if len(towns) == 1:
        return first
    means = {
        field.name: np.mean([getattr(town.ledger, field.name) for town in towns], axis=0)
        for field in fields(first.ledger)
    }
    remarks = tuple(dict.fromkeys(remark for town in towns for remark in town.remarks))
    return replace(first, ledger=type(first.ledger)(**means), remarks=remarks)


def spoken(scenario: Scenario, scale: float) -> Amounts:
    """Amounts of a size for a sentence that is said aloud: a digit fewer than in a table."""
    return Amounts(scenario, 10 * scale)


def _amounts(town: Town) -> Amounts:
    return spoken(town.scenario, max(abs(town.flow.total), abs(town.flow.created)))


def flow_words(town: Town) -> str:
    """What becomes of the value that relationships create, in a sentence."""
    flow, amounts = town.flow, _amounts(town)
    if not flow.created > 0:
        lost = amounts.each(-flow.created)
        return f"Relationships create nothing: per client they cost {lost} against the outside options."
    losses = {
        "burned in competing": flow.burned,
        "spent on serving the clients won": flow.tendering,
        "lost in search": flow.search,
        "lost in switching": flow.switching,
    }
    said = [f"{amounts.money(lost)} {name}" for name, lost in losses.items() if lost > SMALL * flow.created]
    created = f"Relationships create {amounts.each(flow.created)} per client"
    if not said:
        return f"{created}, and none of it is lost on the way."
    kept = flow.total - flow.outside
    end = f"{amounts.money(kept)} is left" if kept >= 0 else f"{amounts.money(-kept)} is missing in the end"
    return f"{created}: {listed(said)}, {end}."


def steady_words(town: Town) -> str:
    """Total value once the market stands still, where that differs from the mean; empty if it does not stand still."""
    steady = town.steady
    if steady is None or abs(steady.total - town.flow.total) <= STEADY * abs(town.flow.total):
        return ""
    amounts = _amounts(town)
    then, mean = amounts.each(steady.total), amounts.money(town.flow.total)
    return f"Once the market stands still, total value is {then} per client; on average over the whole time {mean}."


def length_words(town: Town) -> str:
    """How long relationships last, in a sentence."""
    period = town.scenario.period
    if not town.ledger.pair_begun.sum() > 0:
        return "No relationship begins."
    said = f"A relationship lasts {town.length:.1f} {period}s"
    if town.healthy_share < 0.995:
        said += f", {town.healthy_length:.1f} of them good for both sides"
    said += f"; {percent(float(np.mean(town.in_relationship)))} of the "
    said += "parties" if town.population.one_role else "clients"
    said += " are in one"
    reasons = [(share, reason) for reason, share in town.end_reasons.items() if share > 0]
    if reasons:
        share, reason = max(reasons)
        said += f"; {percent(share)} of the ends: {reason_words(reason)}"
    return said + "."


def reason_words(reason: str) -> str:
    """A reason for an end in words.

    Examples
    --------
    >>> reason_words("review"), reason_words("churn")
    ('a review was lost', 'an outside event')
    """
    return REASONS.get(reason, reason)


def percent(share: float) -> str:
    """A share in per cent, with a decimal where it is nearly nothing or nearly all.

    Examples
    --------
    >>> percent(0.713), percent(0.004), percent(1.0)
    ('71%', '0.4%', '100%')
    """
    percent = round(100 * share, 1)
    if 0 < percent < 1 or 99 < percent < 100:
        return f"{percent:.1f}%"
    return f"{percent:.0f}%"


def _earning_words(town: Town) -> str:
    """Which strategies earn most on each side; empty where a side has but one."""
    if town.population.one_role:
        sides = [("parties", "party", town.vendor_agents, town.client_earnings)]
    else:
        sides = [("vendors", "vendor", town.vendor_agents, town.vendor_earnings)]
        sides.append(("clients", "client", town.client_agents, town.client_earnings))
    parts = []
    for plural, _, names, earned in sides:
        known = np.flatnonzero(np.isfinite(earned))
        if len(known) < 2:
            continue
        amounts = spoken(town.scenario, float(np.abs(earned[known]).max()))
        best, worst = known[np.argmax(earned[known])], known[np.argmin(earned[known])]
        parts.append(
            f"among {plural} {names[best]} earns most ({amounts.money(float(earned[best]))}), "
            f"{names[worst]} least ({amounts.money(float(earned[worst]))})"
        )
    if not parts:
        return ""
    said = "; ".join(parts)
    return f"{said[0].upper()}{said[1:]} {Amounts(town.scenario, 1.0).a_period}."


def _apart_words(town: Town) -> str:
    """What low bids move and what choosing the better vendor is worth; empty where there is neither."""
    flow, amounts = town.flow, _amounts(town)
    scale, parts = SMALL * max(abs(flow.created), abs(flow.total)), []
    if abs(flow.transferred) > scale:
        parts.append(f"low bids move {amounts.money(flow.transferred)} from vendors to clients")
    if abs(flow.selected) > scale:
        than = "more" if flow.selected > 0 else "less"
        parts.append(f"winners create {amounts.money(abs(flow.selected))} {than} than the average bidder would")
    if not parts:
        return ""
    said = " and ".join(parts)
    return f"{said[0].upper()}{said[1:]} (per client and {town.scenario.period})."


def market_sentences(town: Town) -> list[str]:
    """Put a market's account into sentences a trainer can say."""
    said = [flow_words(town), steady_words(town), length_words(town), _apart_words(town), _earning_words(town)]
    said += [prize_words(town), places_words(town)]
    return [sentence for sentence in said if sentence]
