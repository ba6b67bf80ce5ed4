"""A market over time: the mix as strategies spread, total value, and how long the relationships lasted that end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from simulator.reports.plots import style
from simulator.reports.plots.market_words import market_setting, method_words
from simulator.reports.plots.shares import Bands, bands_of, draw_bands, name_bands
from simulator.reports.plots.words import decimals, first_upper, number
from simulator.runner.amounts import Amounts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simulator.markets.result import Town

__all__ = ["path_figure", "path_words", "plot_path", "smoothed"]

Floats = NDArray[np.float64]
What = Literal["vendors", "clients", "value", "length"]

WINDOW = 40  # a simulated path is smoothed over its length divided by this
SEEN = 0.01  # a share that moves less stays where it was
EDGE = 10  # the first and the last part of so many tell where a path began and ended


def smoothed(path: Floats, window: int) -> Floats:
    """Moving mean over so many periods to both sides, shorter at the ends; NaN counts as nothing.

    Examples
    --------
    >>> smoothed(np.array([1.0, 3.0, np.nan, 5.0]), 1).tolist()
    [2.0, 2.0, 4.0, 5.0]
    """
    known = np.isfinite(path)
    total = np.concatenate([[0.0], np.cumsum(np.where(known, path, 0.0))])
    count = np.concatenate([[0], np.cumsum(known)])
    at = np.arange(len(path))
    low, high = np.maximum(at - window, 0), np.minimum(at + window + 1, len(path))
    many = count[high] - count[low]
    found: Floats = np.divide(total[high] - total[low], many, out=np.full(len(path), np.nan), where=many > 0)
    return found


def mix_moves(town: Town) -> bool:
    """Whether the mix of a side changes enough to be seen."""
    return any(float(np.abs(shares - shares[0]).max()) > SEEN for shares in (town.vendor_mix, town.client_mix))


def path_words(town: Town) -> str:
    """Where the mix, the value and the length have gone, in a sentence."""
    first, last = _ends(town.value_path[:-1] if town.periods > 1 else town.value_path)
    amounts = Amounts(town.scenario, 10 * max(abs(first), abs(last)))
    if town.periods == 1:
        return f"Total value is {amounts.each(last)} per client"
    if not mix_moves(town):
        said = f"Total value settles at {amounts.each(last)} per client"
        length = town.length_path[np.isfinite(town.length_path)]
        return said + (
            f"; the relationships that end lasted {_ends(length)[1]:.1f} {town.scenario.period}s" if len(length) else ""
        )
    sides = [(town.vendor_agents, town.vendor_mix, " of the vendors")]
    if town.population.one_role:
        sides = [(town.vendor_agents, town.client_mix, "")]
    else:
        sides.append((town.client_agents, town.client_mix, " of the clients"))
    parts = []
    for names, shares, whose in sides:
        gained = shares[-1] - shares[0]
        k = int(np.argmax(gained))
        if gained[k] < SEEN:
            parts.append(f"the mix{whose} stays as it was")
        else:
            parts.append(f"{names[k]} goes from {100 * shares[0, k]:.0f}% to {100 * shares[-1, k]:.0f}%{whose}")
    word = "falls" if last < first else "rises"
    value = f"total value {word} from {amounts.money(first)} to {amounts.each(last)} per client"
    return first_upper("; ".join(parts)) + f"; {value}"


def _ends(path: Floats) -> tuple[float, float]:
    """Mean of the first and of the last tenth."""
    part = max(1, len(path) // EDGE)
    return float(np.nanmean(path[:part])), float(np.nanmean(path[-part:]))


def plot_path(town: Town, what: What = "vendors", ax: Axes | None = None) -> Axes:
    """One path of a market over time.

    Parameters
    ----------
    town : Town
        From `simulator.market`.
    what : {"vendors", "clients", "value", "length"}
        Shares of the strategies of a side, total value per client, or mean length of the relationships that end.
    ax : matplotlib Axes, optional
        Where to draw; absent: a new figure for a slide.

    Returns
    -------
    Axes
    """
    ax, alone = style.axes(ax)
    _draw(town, what, ax)
    ax.set_xlabel(f"{town.scenario.period}s", fontsize=10, color=style.MUTED)
    if alone:
        style.title(ax, path_words(town), _under(town), alone=True)
    _finish(town, what, ax)
    return ax


def _bands(town: Town, what: What) -> Bands:
    if what == "vendors":
        names, shares = town.vendor_agents, town.vendor_mix
    else:
        names, shares = town.client_agents, town.client_mix
    return bands_of(np.arange(town.periods, dtype=np.float64), names, shares)


def _path(town: Town, what: What) -> Floats:
    """Value or length by period, without the last one, in which nothing ends and no cost of it is paid."""
    path = town.value_path if what == "value" else town.length_path
    return path[:-1] if town.periods > 1 else path


def _draw(town: Town, what: What, ax: Axes) -> None:
    if what in ("vendors", "clients"):
        draw_bands(ax, _bands(town, what))
        said = "share of all" if town.population.one_role else f"share of the {what}"
    else:
        path = _path(town, what)
        time = np.arange(len(path))
        color = style.LINES[0] if what == "value" else style.LINES[1]
        if town.method == "simulate":
            ax.plot(time, path, color=color, linewidth=0.7, alpha=0.35)
            path = smoothed(path, max(1, town.periods // WINDOW))
        ax.plot(time, path, color=color, linewidth=2.2, clip_on=False, zorder=3)
        unit = Amounts(town.scenario, 1.0).unit
        said = (
            f"value per client\n({unit})" if what == "value" else f"length of those\nthat end ({town.scenario.period}s)"
        )
        if what == "length":
            ax.set_ylim(0, 1.12 * float(np.nanmax(path)) if np.isfinite(path).any() else 1.0)
    ax.set_xlim(0, max(1, town.periods - 1))
    ax.set_ylabel(said, fontsize=10, color=style.MUTED)
    style.tidy(ax, grid="" if what in ("vendors", "clients") else "y")


def _finish(town: Town, what: What, ax: Axes) -> None:
    """Names into the bands, first and last value onto a line; once the layout is final."""
    if what in ("vendors", "clients"):
        name_bands(ax, _bands(town, what))
        return
    path = _path(town, what)
    if not np.isfinite(path).any():
        return
    first, last = _ends(path)
    places = 1 if what == "length" else decimals([first, last])
    ax.annotate(
        number(last, places), (len(path) - 1, last), (7, 0), textcoords="offset points", va="center", fontsize=11,
        fontweight="bold", color=style.INK, annotation_clip=False,
    )  # fmt: skip


def path_figure(town: Town) -> Figure:
    """The mix of both sides, total value and length above each other, one axis of time."""
    shown: tuple[What, ...] = ("vendors", "clients", "value", "length")
    if not mix_moves(town):
        shown = ("value", "length")
    elif town.population.one_role:
        shown = ("clients", "value", "length")
    first, _ = style.axes(None, (10.0, 2.5 + 1.6 * len(shown)))
    figure = style.figure_of(first)
    first.remove()
    panels = figure.subplots(len(shown), 1, sharex=True)
    for what, ax in zip(shown, panels, strict=True):
        _draw(town, what, ax)
        if what in ("vendors", "clients"):
            ax.set_yticks([0, 0.5, 1], ["0%", "50%", "100%"])
    panels[-1].set_xlabel(f"{town.scenario.period}s", fontsize=10, color=style.MUTED)
    figure.align_ylabels(panels)
    style.title(panels[0], path_words(town), _under(town), alone=True)
    for what, ax in zip(shown, panels, strict=True):
        _finish(town, what, ax)
    return figure


def _under(town: Town) -> list[str]:
    market = town.scenario.market
    copied = {
        "none": "newcomers come from the first mix",
        "death": "newcomers copy those who earn more",
        "generation": f"every {market.generation} {town.scenario.period}s all copy those who earned more",
    }
    how = method_words(town.method, 1, town.seed)
    line = f"{copied[market.reproduction]}, mutation {100 * market.mutation:g}% · {how}" if mix_moves(town) else how
    if town.method == "simulate":
        line += f" · thick: mean over {2 * max(1, town.periods // WINDOW) + 1} {town.scenario.period}s"
    return [market_setting(town.scenario, town.periods), line]
