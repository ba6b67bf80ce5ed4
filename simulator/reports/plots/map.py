"""A map over two settings: where a condition holds, and by how much."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.reports.plots import style
from simulator.reports.plots.words import decimals, first_upper, number, pair_clause, periods

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from simulator.runner.maps import CooperationMap

__all__ = ["map_headline", "plot_map"]

ABOVE, BELOW, NONE = "#b7d0e6", "#fbe3bd", "#eeeeee"
EVEN = 1e-9  # a difference below this part of the largest is none


def plot_map(found: CooperationMap, ax: Axes | None = None) -> Axes:
    """Draw a map: the break-even line, contours of the difference, and which side of the line means what.

    Parameters
    ----------
    found : CooperationMap
        From `simulator.cooperation_map`.
    ax : matplotlib Axes, optional
        Where to draw; absent: a new figure for a slide.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import simulator as ns
    >>> s = ns.load_scenario("prisoners-dilemma")
    >>> plot_map(ns.cooperation_map(s, "relationship.slip", "relationship.churn", size=3)).get_xlabel()
    'relationship.slip'
    """
    ax, alone = style.axes(ax)
    gap = np.ma.masked_invalid(found.gap)
    ax.set_facecolor(NONE)
    largest = float(np.abs(gap).max()) if gap.count() else 0.0
    if largest > 0:
        zero = EVEN * largest
        ax.contourf(found.x, found.y, gap, levels=[-2 * largest, -zero, zero, 2 * largest], colors=[BELOW, NONE, ABOVE])
        levels = [level for level in _levels(float(gap.min()), float(gap.max())) if level != 0]
        if levels:
            lines = ax.contour(found.x, found.y, gap, levels=levels, colors=style.MUTED, linewidths=0.8)
            places = decimals(levels)
            ax.clabel(lines, fmt=lambda level: number(float(level), places), fontsize=8.5, colors=style.MUTED)
        if float(gap.min()) < 0 < float(gap.max()):
            ax.contour(found.x, found.y, gap, levels=[0.0], colors=style.INK, linewidths=2.2)
    _now(ax, found)
    ax.set_xlabel(found.key_x, fontsize=10, color=style.MUTED)
    ax.set_ylabel(found.key_y, fontsize=10, color=style.MUTED)
    style.tidy(ax)
    style.title(ax, map_headline(found), _under(found), alone=alone)
    _regions(ax, found)
    return ax


def _levels(low: float, high: float) -> list[float]:
    from matplotlib.ticker import MaxNLocator

    return [float(level) for level in MaxNLocator(7).tick_values(low, high) if low < level < high]


def _now(ax: Axes, found: CooperationMap) -> None:
    """Mark where the scenario stands, if the map shows it."""
    from simulator.games.numbers import number as number_of

    x, y = (number_of(found.scenario, key).value for key in (found.key_x, found.key_y))
    if found.x[0] <= x <= found.x[-1] and found.y[0] <= y <= found.y[-1]:
        ax.plot([x], [y], marker="o", color=style.INK, markersize=8, clip_on=False, zorder=5)
        left = x < (found.x[0] + found.x[-1]) / 2
        low = y < (found.y[0] + found.y[-1]) / 2
        ax.annotate(
            "the scenario", (x, y), (9 if left else -9, 7 if low else -7), textcoords="offset points", fontsize=9,
            color=style.INK, ha="left" if left else "right", va="bottom" if low else "top", zorder=8,
            bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.75},
        )  # fmt: skip


def _regions(ax: Axes, found: CooperationMap) -> None:
    """Say in words what is true on each side of the line, at the point deepest inside."""
    from scipy.ndimage import distance_transform_edt

    for inside, words in ((found.gap > 0, found.condition.above), (found.gap < 0, found.condition.below)):
        if inside.sum() < 0.04 * inside.size:
            continue
        depth = distance_transform_edt(np.pad(inside, 1))[1:-1, 1:-1]
        row, column = np.unravel_index(int(depth.argmax()), depth.shape)
        text = first_upper(words)
        ax.annotate(
            style.wrapped(ax, text, 0.34 * ax.bbox.width, fontsize=11), (float(found.x[column]), float(found.y[row])),
            ha="center", va="center", fontsize=11, color=style.INK, zorder=7, annotation_clip=False,
            bbox={"boxstyle": "round,pad=0.3", "facecolor": "white", "edgecolor": "none", "alpha": 0.75},
        )  # fmt: skip


def map_headline(found: CooperationMap) -> str:
    """What to see: on how much of the map the condition holds."""
    share = found.share
    if share == 1:
        return f"{first_upper(found.condition.above)} everywhere on this map"
    if share == 0:
        return f"{first_upper(found.condition.below)} or as well, everywhere on this map"
    return f"{first_upper(found.condition.above)} on {share:.0%} of this map"


def _under(found: CooperationMap) -> tuple[str, ...]:
    scenario = found.scenario
    horizon = (
        "unlimited horizon" if scenario.unlimited else f"horizon {periods(float(scenario.horizon), scenario.period)}"
    )
    ways = found.condition.ways
    if ways is None:
        who = pair_clause(found.vendor, found.client)
    elif found.condition.who == "joint":
        who = f"both play {ways[0]}, or both {ways[1]}"
    else:
        partner = (
            f"client that plays {found.client}"
            if found.condition.who == "vendor"
            else f"vendor that plays {found.vendor}"
        )
        who = f"{ways[0]} or {ways[1]} with a {partner}"
    unit = f" in {scenario.currency}" if scenario.currency else ""
    return (
        f"{scenario.title} · {horizon} · {who}",
        f"Thin lines: the difference{unit}, exact at {found.gap.size:,} points; thick line: break-even; grey: none.",
    )
