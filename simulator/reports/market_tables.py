"""One market's account as tables for a terminal: value, relationships, strategies, and a vendor's places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from simulator.reports.market import flow_rows, percent, reason_words
from simulator.reports.market_places import places_table
from simulator.reports.text import digits_for, folded, number
from simulator.runner.amounts import Amounts

if TYPE_CHECKING:
    from simulator.markets.result import Town

__all__ = ["market_tables"]


def market_tables(town: Town, width: int) -> Iterator[RenderableType]:
    """The account of one market as tables for a terminal of this width."""
    unit = Amounts(town.scenario, 1.0).unit
    yield Text(f"Value ({unit} per client)", style="bold")
    yield _flow_table(town)
    yield Text()
    yield Text("Relationships", style="bold")
    yield _relationships(town)
    yield Text()
    yield Text(f"Strategies (earned: {unit} each)", style="bold")
    yield _strategies(town, width)
    places = places_table(town, width)
    if places is not None:
        yield Text()
        yield Text(f"A place of a vendor ({town.scenario.currency or 'money'})", style="bold")
        yield places
        yield Text(_places_note(town), style="dim")


def _places_note(town: Town) -> str:
    """What the columns of the places mean, and how the worth of winning was found."""
    period, prize = town.scenario.period, town.prize
    notes = []
    if prize is not None:
        found = "settled, and no other solution found"
        if not prize.converged:
            found = "it did not settle, see below"
        elif prize.several:
            found = "it has several solutions, see below"
        notes.append(f"winning: once, average quality, nothing known of the vendor yet ({found})")
    if town.places is not None:
        notes.append(f"earns, gives up: a {period} in the long run, before the cost of winning")
    return "; ".join(notes)


def _plain_table(*sides: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1), show_edge=False, show_header=False)
    for side in sides:
        table.add_column("", justify="right" if side == "right" else "left", overflow="fold")
    return table


def _flow_table(town: Town) -> Table:
    rows = flow_rows(town)
    digits = digits_for(np.array([amount for _, amount in rows]))
    table = _plain_table("left", "right", "left")
    biggest = max(abs(amount) for _, amount in rows) or 1.0
    for k, (name, amount) in enumerate(rows):
        last = k == len(rows) - 1
        bar = "█" * round(20 * abs(amount) / biggest) if amount >= 0 else "▒" * round(20 * abs(amount) / biggest)
        style = "bold" if last else ""
        table.add_row(Text(name, style=style), Text(number(amount, digits), style=style), Text(bar, style="dim"))
    return table


def _relationships(town: Town) -> Table:
    period = town.scenario.period
    table = _plain_table("left", "right")
    half = town.periods // 2
    rows = [
        (f"mean length ({period}s; Kaplan-Meier)", f"{town.length:.1f}"),
        ("of those that ended", number(town.completed_length)),
        ("still alive at the end", _share(town.censored_share)),
        ("healthy length", number(town.healthy_length)),
        ("parties in one" if town.population.one_role else "clients in one", _share(_mean(town.in_relationship))),
        ("both cooperate", _share(_mean(town.both_cooperate))),
        ("vendor starved", _share(_mean(town.starved))),
    ]
    if len(town.scenario.levels) > 1:
        for name, share in zip(town.scenario.levels, np.nanmean(town.levels[half:], axis=0), strict=True):
            rows.append((f"at level “{name}”", _share(float(share))))
    for reason, share in sorted(town.end_reasons.items(), key=lambda item: -item[1]):
        if share > 0.005:
            rows.append((f"ends: {reason_words(reason)}", _share(share)))
    for name, said in rows:
        table.add_row(name, said)
    return table


def _mean(path: np.ndarray) -> float:
    known = path[np.isfinite(path)]
    return float(known.mean()) if len(known) else float("nan")


def _share(share: float) -> str:
    return "–" if np.isnan(share) else percent(share)


def _strategies(town: Town, width: int) -> Table:
    contest = town.scenario.market.matching != "random"
    moved = town.scenario.market.reproduction != "none" or town.scenario.market.mutation > 0
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1), show_edge=False)
    table.add_column("")
    table.add_column("strategy", min_width=12)
    headings = ["share", *(["at the end"] if moved else []), "earned", *(["bids won"] if contest else []), "length"]
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    room = max(14, width - 9 - 11 * len(headings))
    nobody = np.full(len(town.client_agents), np.nan)
    sides = [("client", town.client_agents, town.client_mix, town.client_earnings, nobody)]
    if town.population.one_role:
        sides = [("", town.vendor_agents, town.client_mix, town.client_earnings, nobody)]
    else:
        sides.insert(0, ("vendor", town.vendor_agents, town.vendor_mix, town.vendor_earnings, town.win_rate))
    digits = digits_for(np.concatenate([earned for _, _, _, earned, _ in sides]))
    for side, names, mix, earned, won in sides:
        for k, name in enumerate(names):
            cells = [_share(float(mix[0, k])), *([_share(float(mix[-1, k]))] if moved else [])]
            cells.append(number(float(earned[k]), digits))
            if contest:
                cells.append(_share(float(won[k])))
            survival = town.survival(client=k) if side == "client" else town.survival(vendor=k)
            begun = town.ledger.pair_begun.sum(axis=0 if side == "client" else 1)[k]
            cells.append(number(float(np.nansum(survival))) if begun > 0 else "–")
            table.add_row(side, folded(name, room), *cells)
    return table
