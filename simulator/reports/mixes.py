"""Several mixes side by side: total value with paired differences, length, and what competing burns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from simulator.reports.market import spoken
from simulator.reports.text import digits_for, folded, number
from simulator.runner.amounts import Amounts

if TYPE_CHECKING:
    from simulator.markets.mix import Mix
    from simulator.runner.mix_comparison import MixComparison

__all__ = ["mixes_sentences", "mixes_tables"]

ALIKE = 5e-4  # of the value: less than this is no difference to speak of


def mixes_sentences(comparison: MixComparison) -> list[str]:
    """Which mix creates the most, what the others lack, and where relationships last."""
    scenario, value = comparison.scenario, comparison.joint_value
    best, worst = comparison.best(), int(np.nanargmin(value))
    amounts = spoken(scenario, float(np.nanmax(np.abs(value))))
    said = f"Most total value: {_called(comparison, best)}, {amounts.each(float(value[best]))} per client"
    if best == worst or len(comparison) == 1:
        return [said + "."]
    paired = comparison.differences("joint_value", base=best)
    lack, error = -float(paired.mean[worst]), float(paired.se[worst])
    certain = f" (±{number(error, 2 if error < 1 else 1)})" if error > 0 else ""
    sentences = [f"{said}; least: {_called(comparison, worst)}, {amounts.money(lack)}{certain} less."]
    length = comparison.length.round(1)
    if np.isfinite(length).any():
        longest, shortest = int(np.nanargmax(length)), int(np.nanargmin(length))
        period = scenario.period
        sentences.append(
            f"Longest relationships: {_called(comparison, longest)}, {length[longest]:.1f} {period}s; shortest: "
            f"{_called(comparison, shortest)}, {length[shortest]:.1f}."
        )
    burned = comparison.burned
    if burned.max() > ALIKE * np.nanmax(np.abs(value)):
        most = int(np.argmax(burned))
        lost = amounts.each(float(burned[most]))
        sentences.append(f"Most is burned in competing in {_called(comparison, most)}: {lost} per client.")
    return sentences


def _called(comparison: MixComparison, at: int) -> str:
    name = comparison.names[at]
    return name if name == str(comparison.mixes[at]) else f"“{name}”"


def mixes_tables(comparison: MixComparison, width: int) -> Iterator[RenderableType]:
    """The mixes in rows, the measures in columns as far as the screen is wide."""
    scenario, value = comparison.scenario, comparison.joint_value
    unit = Amounts(scenario, 1.0).unit
    best = comparison.best()
    paired = comparison.differences("joint_value", base=best)
    digits = digits_for(value)
    money = [
        ("total\nvalue", value, comparison.se_joint_value),
        ("against\nthe best", paired.mean, paired.se),
        ("created", comparison.created_value, comparison.se_created_value),
    ]
    if scenario.market.matching != "random":
        money.append(("burned", comparison.burned, comparison.se_burned))
    columns = [(name, values, errors, digits, "") for name, values, errors in money]
    columns.insert(2, ("length", comparison.length, comparison.se_length, 1, ""))
    columns.append(("in a rela-\ntionship", 100 * comparison.in_relationship, np.zeros(len(value)), 0, "%"))
    shown = [
        (name, [_cell(float(v), float(e), places, sign) for v, e in zip(values, errors, strict=True)])
        for name, values, errors, places, sign in columns
    ]
    room = min(max(len(name) for name in comparison.names), max(16, width // 3))
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1), show_edge=False)
    table.add_column("mix", min_width=room, vertical="bottom")
    used, kept = room + 1, []
    for name, cells in shown:
        wide = 3 + max(*(len(line) for line in name.split("\n")), *(len(cell) for cell in cells))
        if used + wide > width:
            break
        used += wide
        kept.append(cells)
        table.add_column(name, justify="right", no_wrap=True, vertical="bottom")
    for i, name in enumerate(comparison.names):
        style = "bold green" if i == best and len(comparison) > 1 else ""
        table.add_row(folded(name, room), *(Text(cells[i], style=style) for cells in kept))
    yield table
    note = f"value in {unit} per client, losing bidders included; length in {scenario.period}s"
    if comparison.method == "simulate" and comparison.replicates > 1:
        note += f"; ± standard error over {comparison.replicates} markets, of differences taken pair by pair"
    yield Text(note, style="dim")
    listing = [
        f"{name}: {_said(mix)}"
        for name, mix in zip(comparison.names, comparison.mixes, strict=True)
        if name != str(mix)
    ]
    if listing:
        yield Text("\n".join(listing), style="dim")


def _said(mix: Mix) -> str:
    """A mix with its shares in percent."""
    return "; ".join(
        f"{role}: " + ", ".join(f"{agent} {100 * share:.3g}%" for agent, share in shares.items())
        for role, shares in mix.document().items()
    )


def _cell(value: float, error: float, places: int, sign: str) -> str:
    said = number(value, places) + (sign if np.isfinite(value) else "")
    return f"{said} ±{number(error, places)}" if error > 0 and np.isfinite(value) else said
