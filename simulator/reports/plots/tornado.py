"""A tornado: what a step of each number, down and up, does to one result of a pair, the largest at the top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.reports.plots import style
from simulator.reports.plots.words import decimals, first_upper, number, pair_clause, periods

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from simulator.relationships.sensitivity import Sensitivity

__all__ = ["Bar", "plot_tornado", "tornado_bars"]

MOST = 12  # bars on a slide
LEAST = 1e-9  # a change below this part of the largest is not one
NOTES = {"jump": "jumps on the way", "kink": "bends on the way", "whole": "whole number", "smooth": ""}


@dataclass(frozen=True)
class Bar:
    """One number of a tornado: the changes of the result at both ends of its step, and what to know about it."""

    key: str
    value: float
    low: float
    high: float
    fall: float
    rise: float
    note: str


def tornado_bars(found: Sensitivity, count: int = MOST) -> list[Bar]:
    """The numbers that change the result at all, the largest change first.

    Parameters
    ----------
    found : Sensitivity
        From `simulator.sensitivity`.
    count : int
        At most so many.

    Examples
    --------
    >>> import simulator as ns
    >>> s = ns.load_scenario("saas-renewal")
    >>> found = ns.sensitivity(s, vendor="grim", client="grim", keys=["relationship.churn", "relationship.slip"])
    >>> [bar.key for bar in tornado_bars(found)]
    ['relationship.churn', 'relationship.slip']
    """
    largest = max((found.swing(row) for row in found.rows), default=0.0)
    shown = [row for row in found.rows if found.swing(row) > LEAST * largest][:count]
    return [
        Bar(row.key, row.value, row.low, row.high, row.at_low - found.value, row.at_high - found.value, NOTES[row.kind])
        for row in shown
    ]


def plot_tornado(found: Sensitivity, ax: Axes | None = None, *, count: int = MOST) -> Axes:
    """Bars of what a step down and a step up of each number change.

    Parameters
    ----------
    found : Sensitivity
        From `simulator.sensitivity`.
    ax : matplotlib Axes, optional
        Where to draw; absent: a new figure for a slide.
    count : int
        At most so many numbers, the largest changes.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import simulator as ns
    >>> s = ns.load_scenario("saas-renewal")
    >>> found = ns.sensitivity(s, vendor="grim", client="grim", keys=["relationship.churn", "relationship.slip"])
    >>> plot_tornado(found).get_xlabel()
    'change of joint value (k$)'
    """
    bars = tornado_bars(found, count)
    ax, alone = style.axes(ax)
    y = np.arange(len(bars))
    drawn: tuple[tuple[str, list[float], dict[str, Any]], ...] = (
        ("lower", [bar.fall for bar in bars], {"color": style.VENDOR}),
        ("higher", [bar.rise for bar in bars], {"color": style.CLIENT, "hatch": "///", "edgecolor": "white"}),
    )
    same_side = [bar.fall * bar.rise > 0 for bar in bars]
    for k, (label, widths, look) in enumerate(drawn):
        # Where both steps move the result the same way the two bars share the row.
        height = [0.31 if shared else 0.66 for shared in same_side]
        middle = [row + (0.17 * (2 * k - 1) if shared else 0.0) for row, shared in zip(y, same_side, strict=True)]
        ax.barh(middle, widths, height=height, label=f"number a step {label}", linewidth=0, **look)
    ax.set_yticks(y, [f"{bar.key} = {bar.value:g}".replace("= -", "= −") for bar in bars])
    ax.set_ylim(len(bars) + 0.3, -0.6)  # the last row is the key's
    ends = [0.0, *(bar.fall for bar in bars), *(bar.rise for bar in bars)]
    room = (max(ends) - min(ends)) or 1.0
    ax.set_xlim(min(ends) - 0.16 * room, max(ends) + 0.34 * room)
    ax.axvline(0, color=style.INK, linewidth=1)
    unit = _unit(found)
    ax.set_xlabel(f"change of {_result(found)}" + (f" ({unit})" if unit else ""), fontsize=10, color=style.MUTED)
    style.tidy(ax, grid="x")
    ax.tick_params(axis="y", length=0)
    if bars:
        ax.legend(loc="lower right", frameon=False, fontsize=9, ncols=2, borderaxespad=0.2)
    style.title(ax, tornado_headline(found, bars), _under(found), alone=alone)
    _numbers(ax, bars, same_side)
    return ax


def _numbers(ax: Axes, bars: list[Bar], same_side: list[bool]) -> None:
    """The number at each end of its step, beside the bar, and the note at the right edge."""
    look: dict[str, Any] = {"fontsize": 8.5, "color": style.INK, "va": "center", "textcoords": "offset points"}
    right = ax.get_xlim()[1]
    for row, (bar, shared) in enumerate(zip(bars, same_side, strict=True)):
        for k, (value, change) in enumerate(((bar.low, bar.fall), (bar.high, bar.rise))):
            if value == bar.value:
                continue
            at = row + (0.17 * (2 * k - 1) if shared else 0.0)
            left_end = change < 0 or (change == 0 and k == 0)
            ax.annotate(
                f"{value:.6g}".replace("-", "−"),
                (change, at),
                (-4 if left_end else 4, 0),
                ha="right" if left_end else "left",
                **look,
            )
        if bar.note:
            ax.annotate(bar.note, (right, row), (-4, 0), ha="right", **{**look, "color": style.MUTED})


def _result(found: Sensitivity) -> str:
    return found.result.replace("_", " ")


def _unit(found: Sensitivity) -> str:
    return f"{found.scenario.period}s" if found.result.endswith("length") else found.scenario.currency


def tornado_headline(found: Sensitivity, bars: list[Bar]) -> str:
    """What to see: the number that matters most, and by how much."""
    result = first_upper(_result(found))
    if not bars:
        return f"{result} does not move with any of these numbers"
    top = bars[0]
    places, unit = decimals([top.fall, top.rise]), _unit(found)
    ends = sorted((top.fall, top.rise))
    span = " to ".join(("+" if end > 0 else "") + number(end, places) for end in ends)
    return f"{result} moves most with {top.key}: {span}{' ' + unit if unit else ''} for a step either way"


def _under(found: Sensitivity) -> tuple[str, ...]:
    scenario = found.scenario
    horizon = (
        "unlimited horizon" if scenario.unlimited else f"horizon {periods(float(scenario.horizon), scenario.period)}"
    )
    unit = _unit(found)
    value = number(found.value, decimals([found.value])) + (f" {unit}" if unit else "")
    return (
        f"{scenario.title} · {horizon} · {pair_clause(found.vendor, found.client)}: {_result(found)} {value}",
        "Both ends of each step are computed anew, exactly; the numbers at the bars are the settings there.",
    )
