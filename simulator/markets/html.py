"""How a market looks in a notebook: where value comes from and goes, how long relationships last, who earns what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.markup import (
    QUIET,
    Markup,
    bar,
    cell,
    corner,
    decimals,
    label,
    note,
    number,
    percent,
    periods,
    table,
    tag,
    view,
)

if TYPE_CHECKING:
    from simulator.markets.result import Town

__all__ = ["town_html"]

FLOW = {
    "outside": "outside options",
    "vendor_captured": "captured by vendors",
    "client_captured": "captured by clients",
    "burned": "burned in competing",
    "tendering": "winners' costs of serving",
    "search": "lost in search",
    "switching": "lost in switching",
    "total": "total value",
}
LOSSES = ("burned", "tendering", "search", "switching")


def town_html(town: Town) -> str:
    """The account of a market, self-contained.

    Parameters
    ----------
    town : Town
        Any market; names and remarks are escaped.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> import simulator as ns
    >>> s = ns.load_scenario("prisoners-dilemma")
    >>> town = ns.market(s, mix="vendors: grim=1; clients: grim=1", periods=20, method="fluid")
    >>> "captured by vendors" in town_html(town)
    True
    """
    scenario, market = town.scenario, town.scenario.market
    if market.roles == "one":
        who = f"{market.clients:,} parties of one kind"
    else:
        who = f"{market.clients:,} clients and {market.vendors:,} vendors"
    how = "no sampling error" if town.method == "fluid" else f"simulated, seed {town.seed}"
    subtitle = f"{scenario.title} · {who} · {town.periods:,} {scenario.period}s · {how}"
    remarks = [tag("li", remark) for remark in town.remarks]
    return view(
        f"A market: {number(town.value, decimals([town.value]))} {scenario.currency or 'money'} of total value per "
        f"client and {scenario.period}",
        subtitle,
        _flow(town),
        _length(town),
        _strategies(town),
        *([tag("ul", *remarks, style=f"{QUIET};margin:.3em 0;padding-left:1.5em")] if remarks else []),
    )


def _flow(town: Town) -> Markup:
    """Parts of the total value, the losses with a minus."""
    flow = town.flow._asdict()
    amounts = {name: -flow[name] if name in LOSSES else flow[name] for name in FLOW}
    digits, largest = decimals(amounts.values()), max(abs(amount) for amount in amounts.values()) or 1.0
    unit = f"{town.scenario.currency or 'money'} per client and {town.scenario.period}"
    rows = [[corner(unit), label("amount", scope="col", style=QUIET), corner()]]
    for name, amount in amounts.items():
        if amount or name not in LOSSES:
            shown = label(FLOW[name], style="" if name == "total" else "font-weight:normal")
            rows.append([shown, cell(number(amount, digits)), cell(bar(abs(amount) / largest))])
    return table(rows)


def _length(town: Town) -> Markup:
    period = town.scenario.period
    served = float(np.mean(town.in_relationship))
    who = "parties" if town.population.one_role else "clients"
    return note(
        tag("b", "Length "),
        f"{periods(town.length, period)} on average (Kaplan-Meier, {percent(town.censored_share)} still alive at the "
        f"end); healthy: {number(town.healthy_length, 2)}; {percent(served)} of the {who} are in a relationship.",
    )


def _strategies(town: Town) -> Markup:
    """Share, earnings and chance to win of every strategy."""
    none = np.full(len(town.client_agents), np.nan)
    sides = [("client", town.client_agents, town.client_mix, town.client_earnings, none)]
    if town.population.one_role:
        sides = [("", town.vendor_agents, town.client_mix, town.client_earnings, none)]
    else:
        sides.insert(0, ("vendor", town.vendor_agents, town.vendor_mix, town.vendor_earnings, town.win_rate))
    digits = decimals([float(amount) for side in sides for amount in side[3]])
    contest = town.scenario.market.matching != "random"
    heads = ["share at first", "at the end", f"earned per {town.scenario.period}", *(["bids won"] if contest else [])]
    rows = [[corner("strategy"), *(label(head, scope="col", style="font-weight:normal") for head in heads)]]
    for side, names, mix, earned, won in sides:
        for k, name in enumerate(names):
            cells = [percent(float(mix[0, k])), percent(float(mix[-1, k])), number(float(earned[k]), digits)]
            if contest:
                cells.append(percent(float(won[k])) if np.isfinite(won[k]) else "")
            rows.append([label(f"{side} {name}".strip()), *(cell(text) for text in cells)])
    return table(rows)
