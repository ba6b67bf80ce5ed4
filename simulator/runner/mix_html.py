"""How a comparison of mixes looks in a notebook: one row for each mix, with its band where it was simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.markup import QUIET, Markup, cell, corner, decimals, heat, label, note, number, percent, table, tag, view

if TYPE_CHECKING:
    from simulator.runner.mix_comparison import MixComparison

__all__ = ["mixes_html"]

LISTED = 30  # rows that are shown
LOST = ("burned", "tendering", "search", "switching")
NAME = "max-width:24em;overflow-wrap:anywhere;font-weight:normal"


def mixes_html(comparison: MixComparison) -> str:
    """The table of a comparison of mixes, self-contained.

    Parameters
    ----------
    comparison : MixComparison
        Any comparison; names and remarks are escaped.

    Returns
    -------
    str
        HTML. Joint value per client and period, what was created in it and what was lost on the way, mean length.

    Examples
    --------
    >>> import simulator as ns
    >>> found = ns.compare_mixes(ns.load_scenario("saas-renewal"), ["vendors: grim; clients: grim"], periods=20)
    >>> "grim=1" in mixes_html(found)
    True
    """
    scenario = comparison.scenario
    money, period = scenario.currency or "money", scenario.period
    how = "infinitely many parties" if comparison.method == "fluid" else f"{comparison.replicates} markets of each mix"
    each = "party" if scenario.market.roles == "one" else "client"
    subtitle = f"{scenario.title} · {money} per {each} and {period}, {comparison.periods:,} {period}s, {how}"
    best = comparison.best()
    said = f"Most joint value: {comparison.names[best]}."
    if len(comparison) > LISTED:
        said += f" The first {LISTED} of {len(comparison):,} mixes are shown; rows() and to_frame() have all."
    remarks = [tag("li", remark) for remark in comparison.remarks]
    return view(
        "Mixes of strategies in one market",
        subtitle,
        _table(comparison),
        note(said),
        *([tag("ul", *remarks, style=f"{QUIET};margin:.3em 0;padding-left:1.5em")] if remarks else []),
    )


def _table(comparison: MixComparison) -> Markup:
    values = comparison.joint_value
    digits, low, high = decimals(values), float(np.nanmin(values)), float(np.nanmax(values))
    lost = sum(getattr(comparison, name) for name in LOST)
    heads = ("joint value", "created", "lost on the way", f"length, {comparison.scenario.period}s", "in a relationship")
    rows = [[corner("mix"), *(label(head, scope="col") for head in heads)]]
    band = comparison.band("joint_value")
    for i, name in enumerate(comparison.names[:LISTED]):
        value = [tag("div", number(values[i], digits), style="font-weight:600")]
        if comparison.replicates > 1:
            ends = f"{number(band[0][i], digits)} to {number(band[1][i], digits)}"
            value.append(tag("div", ends, style="font-size:.85em"))
        colour = heat((values[i] - low) / (high - low) if high > low else 0.5)
        figures = (comparison.created_value[i], lost[i])
        rows.append(
            [
                label(name, style=NAME),
                cell(*value, style=colour),
                *(cell(number(figure, digits)) for figure in figures),
                cell(number(comparison.length[i], 2)),
                cell(percent(comparison.in_relationship[i])),
            ]
        )
    return table(rows)
