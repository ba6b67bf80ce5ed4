"""How a comparison looks in a notebook: a heat table of joint value, with the length of each relationship below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.markup import QUIET, Markup, cell, corner, decimals, heat, label, note, number, periods, table, tag, view

if TYPE_CHECKING:
    from simulator.runner.compare import Comparison

__all__ = ["comparison_html"]

NARROW = "min-width:5.5em;max-width:9em;white-space:normal;overflow-wrap:anywhere;text-align:center"
MARK = "display:inline-block;border:1px solid currentColor;border-radius:.6em;padding:0 .5em;font-size:.8em"
STEPS = 5  # of the key to the colours


def comparison_html(comparison: Comparison) -> str:
    """The heat table of a comparison, self-contained.

    Parameters
    ----------
    comparison : Comparison
        Any comparison; titles, names and remarks are escaped.

    Returns
    -------
    str
        HTML. Each cell holds the joint value and below it the expected length; the largest and the smallest joint
        value are also marked in words, and simulated cells carry their standard error.

    Examples
    --------
    >>> import simulator as ns
    >>> found = ns.compare(ns.load_scenario("saas-renewal"), vendors="grim", clients="grim, bully")
    >>> "best" in comparison_html(found)
    True
    """
    scenario = comparison.scenario
    money, period = scenario.currency or "money", scenario.period
    over = "without a last period" if scenario.unlimited else f"over {scenario.horizon} {period}s"
    subtitle = f"{scenario.title} · {money} {over}, discounted and valued linearly"
    digits = decimals([*comparison.joint_value.flat, comparison.first_best])
    best, first_best = comparison.best(), number(comparison.first_best, digits)
    said = f"Most joint value: {comparison.vendors[best[0]]} with {comparison.clients[best[1]]}, "
    said += f"{number(comparison.joint_value[best], digits)} of a first best of {first_best}."
    remarks = [tag("li", remark) for remark in comparison.remarks]
    return view(
        "Joint value, and expected length below it",
        subtitle,
        _table(comparison, digits),
        _key(comparison, digits),
        note(said),
        *([tag("ul", *remarks, style=f"{QUIET};margin:.3em 0;padding-left:1.5em")] if remarks else []),
    )


def _table(comparison: Comparison, digits: int) -> Markup:
    values, lengths, period = comparison.joint_value, comparison.length, comparison.scenario.period
    best, worst = comparison.best(), comparison.worst()
    heads = (label(agent, scope="col", style=NARROW) for agent in comparison.clients)
    rows = [[corner("vendor ↓ · client →"), *heads]]
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    for i, agent in enumerate(comparison.vendors):
        row = [label(agent, style="max-width:14em;overflow-wrap:anywhere")]
        for j in range(len(comparison.clients)):
            value = float(values[i, j])
            lines = [tag("div", number(value, digits), style="font-weight:600")]
            if comparison.method[i, j] == "simulate":
                error = number(float(comparison.se_joint_value[i, j]), digits + 1)
                lines.append(tag("div", f"± {error}", style="font-size:.85em"))
            lines.append(tag("div", periods(float(lengths[i, j]), period), style="font-size:.85em"))
            mark = "best" if (i, j) == best else "worst" if (i, j) == worst else ""
            if mark:
                lines.append(tag("div", mark, style=MARK))
            colour = heat((value - low) / (high - low) if high > low else 0.5) if not np.isnan(value) else ""
            row.append(cell(*lines, style=f"{colour};text-align:center;border:1px solid rgba(128,128,128,.25)"))
        rows.append(row)
    return table(rows)


def _key(comparison: Comparison, digits: int) -> Markup:
    """What the colours mean, from the lowest to the highest joint value."""
    low, high = float(np.nanmin(comparison.joint_value)), float(np.nanmax(comparison.joint_value))
    shades = (heat(step / (STEPS - 1)).split(";")[0] for step in range(STEPS))
    box = "display:inline-block;width:1.6em;height:.8em;vertical-align:middle"
    boxes = [tag("span", style=f"{box};{shade}", aria_hidden="true") for shade in shades]
    ends = (f"joint value {number(low, digits)} ", f" {number(high, digits)}")
    return note(tag("span", ends[0], style=QUIET), *boxes, tag("span", ends[1], style=QUIET))
