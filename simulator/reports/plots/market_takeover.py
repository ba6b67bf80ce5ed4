"""Total value and length of relationships against the share of competitive agents, with and without reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from simulator.reports.plots import style
from simulator.reports.plots.labels import apart
from simulator.reports.plots.market_words import market_setting, method_words
from simulator.reports.plots.words import decimals, number
from simulator.reports.takeover import Line, Takeover, takeover_sentence
from simulator.runner.amounts import Amounts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_takeover", "takeover_figure"]

Floats = NDArray[np.float64]
Measure = Literal["value", "length"]

BAND = 1.96  # standard errors


def plot_takeover(takeover: Takeover, measure: Measure = "value", ax: Axes | None = None) -> Axes:
    """A measure over the share of competitive agents, a line for each rule about reviews.

    Parameters
    ----------
    takeover : Takeover
        Markets at several shares.
    measure : {"value", "length"}
        Total value per client and period, or the mean length of a relationship.
    ax : matplotlib Axes, optional
        Where to draw; absent: a new figure for a slide.

    Returns
    -------
    Axes
    """
    ax, alone = style.axes(ax)
    _draw(takeover, measure, ax)
    if alone:
        style.title(ax, takeover_sentence(takeover).rstrip("."), under(takeover), alone=True)
    else:
        style.plain(ax)
    _label_ends(ax, takeover, measure)
    return ax


def _draw(takeover: Takeover, measure: Measure, ax: Axes) -> None:
    """Lines, bands and axes, without the labels, whose place depends on the final layout."""
    share = 100 * takeover.shares
    curves = [_of(line, measure) for line in takeover.lines]
    for k, (values, error) in enumerate(curves):
        ax.plot(
            share, values, color=style.LINES[k], linestyle=style.LINE_STYLES[k], linewidth=2.4,
            marker=style.MARKERS[k], markersize=6, markeredgecolor="white", markeredgewidth=0.8,
            markevery=max(1, (len(share) - 1) // 10), zorder=3, clip_on=False,
        )  # fmt: skip
        if np.nan_to_num(error).any():
            ax.fill_between(
                share, values - BAND * error, values + BAND * error, color=style.LINES[k], alpha=0.15, linewidth=0
            )
    if len(curves) == 2 and measure == "value":
        _between(ax, share, curves[0][0], curves[1][0])
    ax.set_xlim(0, 100)
    ax.set_xticks(range(0, 101, 20), [f"{k}%" for k in range(0, 101, 20)])
    bands = [values + side * BAND * np.nan_to_num(error) for values, error in curves for side in (-1, 1)]
    _room(ax, np.concatenate(bands), whole=measure == "length")
    ax.set_xlabel(f"share of agents that compete ({takeover.competitive}), vendors and clients alike", fontsize=10)
    ax.xaxis.label.set_color(style.MUTED)
    ax.set_ylabel(_heading(takeover, measure), fontsize=10, color=style.MUTED)
    style.tidy(ax, grid="y")


def _of(line: Line, measure: Measure) -> tuple[Floats, Floats]:
    return (line.value, line.value_error) if measure == "value" else (line.length, line.length_error)


def _heading(takeover: Takeover, measure: Measure) -> str:
    if measure == "length":
        return f"mean length of a relationship ({takeover.scenario.period}s)"
    return f"total value per client ({Amounts(takeover.scenario, 1.0).unit})"


def _room(ax: Axes, values: Floats, *, whole: bool) -> None:
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    if whole:
        low = min(low, 0.0)
    room = (high - low) or abs(high) or 1.0
    ax.set_ylim(low if whole else low - 0.12 * room, high + 0.12 * room)


def _between(ax: Axes, share: Floats, with_reviews: Floats, without: Floats) -> None:
    """Shade what reviews cost and what they save, told apart by hatching."""
    costs, saves = with_reviews < without, with_reviews > without
    for where, hatch, color in ((costs, "////", style.LINES[1]), (saves, "....", style.LINES[2])):
        if where.any():
            ax.fill_between(
                share, with_reviews, without, where=where, interpolate=True, facecolor="none", edgecolor=color,
                hatch=hatch, linewidth=0, alpha=0.45, zorder=1,
            )  # fmt: skip


def _label_ends(ax: Axes, takeover: Takeover, measure: Measure) -> None:
    """Write name and last value at the right end of each line, the first value at its left end."""
    curves = [_of(line, measure)[0] for line in takeover.lines]
    figure = style.figure_of(ax)
    figure.draw_without_rendering()
    point = figure.dpi / 72
    tall = ax.bbox.height / point
    low, high = ax.get_ylim()
    places = 1 if measure == "length" else decimals(np.concatenate(curves))
    for at, side in ((-1, "right"), (0, "left")):
        wanted = [(float(values[at]) - low) / (high - low) * tall for values in curves]
        texts = [_end(line.name if at == -1 else "", float(values[at]), places)
                 for line, values in zip(takeover.lines, curves, strict=True)]  # fmt: skip
        lines = max(text.count("\n") + 1 for text in texts)
        placed = apart(wanted, 12.5 * lines + 2, 6.0 * lines, tall - 6.0 * lines)
        for k, (text, want, place) in enumerate(zip(texts, wanted, placed, strict=True)):
            away, up = (9, 0.0) if side == "right" else (7, _beside(curves[k]))
            ax.annotate(
                text, (100.0 if at == -1 else 0.0, float(curves[k][at])), (away, place - want + up),
                textcoords="offset points", ha="left", va="center", fontsize=10, color=style.LINES[k],
                fontweight="bold", linespacing=1.15, annotation_clip=False, parse_math=False, zorder=6,
                bbox={"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.8},
            )  # fmt: skip


def _beside(values: Floats) -> float:
    """How far above its start the first value of a line is written: below it where the line rises."""
    return -11.0 if len(values) > 1 and values[1] > values[0] else 10.0


def _end(name: str, value: float, places: int) -> str:
    said = number(value, places)
    return f"{name.replace(' every', chr(10) + 'every')}\n{said}" if name else said


def under(takeover: Takeover) -> list[str]:
    """What a reader must know: the market, the strategies, how it was computed."""
    lines = [
        market_setting(takeover.scenario, takeover.periods),
        f"everybody else plays {takeover.others} · "
        + method_words(takeover.method, takeover.replicates, takeover.seed)
        + (
            " at each share, bands: 95% confidence" if takeover.method == "simulate" and takeover.replicates > 1 else ""
        ),
    ]
    if len(takeover.lines) == 2:
        lines[1] += " · hatched: what reviews cost (////) or save (....)"
    return lines


def takeover_figure(takeover: Takeover) -> Figure:
    """Value and length side by side under one headline."""
    first, _ = style.axes(None, style.WIDE)
    figure = style.figure_of(first)
    first.remove()
    value, length = figure.subplots(1, 2)
    panels: tuple[tuple[Axes, Measure], ...] = ((value, "value"), (length, "length"))
    for ax, measure in panels:
        _draw(takeover, measure, ax)
    style.title(value, takeover_sentence(takeover).rstrip("."), under(takeover), alone=True)
    for ax, measure in panels:
        _label_ends(ax, takeover, measure)
    return figure
