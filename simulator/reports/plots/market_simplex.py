"""Mixes of three strategies as points of a triangle, coloured by what the market makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from simulator.errors import SimulatorError
from simulator.reports.plots import style
from simulator.reports.plots.market_words import market_setting, method_words
from simulator.reports.plots.words import decimals, number
from simulator.runner.amounts import Amounts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from simulator.runner.mix_comparison import MixComparison

__all__ = ["Simplex", "plot_simplex", "simplex_of", "simplex_words"]

Floats = NDArray[np.float64]

CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(0.75)]])
LEVELS = 9
EDGE = 0.06  # share of the least strategy, below which a point is too near the edge for a label


@dataclass(frozen=True, eq=False)
class Simplex:
    """A measure of the market over mixes of three strategies.

    Attributes
    ----------
    names : tuple of str
        The three strategies, in the order lower left, lower right, top.
    shares : ndarray, shape (mixes, 3)
        Rows sum to 1.
    values : ndarray, shape (mixes,)
        The measure.
    measure, unit : str
        What it is, ``"total value per client"``, and its unit.
    under : tuple of str
        What a reader must know: the market and how it was computed.
    """

    names: tuple[str, str, str]
    shares: Floats
    values: Floats
    measure: str
    unit: str
    under: tuple[str, ...] = ()

    @property
    def places(self) -> int:
        """Decimals of the values."""
        return 1 if self.measure.startswith("mean length") else decimals(self.values)

    @property
    def best(self) -> int:
        """Number of the mix with the largest value."""
        return int(np.nanargmax(self.values))

    @property
    def worst(self) -> int:
        """Number of the mix with the smallest value."""
        return int(np.nanargmin(self.values))


def simplex_of(comparison: MixComparison, measure: Literal["joint_value", "length"] = "joint_value") -> Simplex:
    """The triangle of a comparison of mixes of the same three agents, as `simulator.mix_grid` makes them.

    Raises
    ------
    SimulatorError
        Where vendors and clients have different shares, or the mixes are not of three agents.

    Examples
    --------
    >>> import simulator as ns
    >>> grid = ns.mix_grid("tit-for-tat, walk-away, always-compete", steps=2)
    >>> simplex_of(ns.compare_mixes(ns.load_scenario("saas-renewal"), grid, periods=30)).names
    ('tit-for-tat', 'walk-away', 'always-compete')
    """
    mixes = comparison.mixes
    if any(mix.vendors != mix.clients for mix in mixes):
        raise SimulatorError("a triangle needs the same shares of vendors and of clients in every mix")
    agents = tuple(dict.fromkeys(agent for mix in mixes for agent, _ in (mix.population or mix.vendors)))
    if len(agents) != 3:
        raise SimulatorError(f"a triangle is of three agents; these mixes have {len(agents)}")
    scenario = comparison.scenario
    unit = f"{scenario.period}s" if measure == "length" else Amounts(scenario, 1.0).unit
    how = method_words(comparison.method, comparison.replicates, comparison.seed)
    who = "shares of all" if scenario.market.roles == "one" else "vendors and clients in the same shares"
    first, second, third = (str(agent) for agent in agents)
    return Simplex(
        names=(first, second, third),
        shares=np.column_stack([comparison.share(agent) for agent in agents]),
        values=getattr(comparison, measure),
        measure="total value per client" if measure == "joint_value" else "mean length of a relationship",
        unit=unit,
        under=(market_setting(scenario, comparison.periods), f"{who} · {len(mixes)} mixes · {how}"),
    )


def _mix_words(simplex: Simplex, at: int) -> str:
    parts = [
        f"{100 * share:.0f}% {name}" for share, name in zip(simplex.shares[at], simplex.names, strict=True) if share > 0
    ]
    return ", ".join(parts) if len(parts) > 1 else f"all {parts[0].split('% ', 1)[1]}"


def simplex_words(simplex: Simplex) -> str:
    """Which mix is best and which is worst, in a sentence."""
    places = simplex.places
    best, worst = float(simplex.values[simplex.best]), float(simplex.values[simplex.worst])
    unit = f" {simplex.unit}" if simplex.unit else ""
    name = simplex.measure[0].upper() + simplex.measure[1:]
    return (
        f"{name} is highest with {_mix_words(simplex, simplex.best)} ({number(best, places)}{unit}), "
        f"lowest with {_mix_words(simplex, simplex.worst)} ({number(worst, places)})"
    )


def plot_simplex(simplex: Simplex, ax: Axes | None = None) -> Axes:
    """The triangle of all mixes of three strategies with lines of equal value; best and worst are marked.

    Parameters
    ----------
    simplex : Simplex
        Values on a grid of mixes.
    ax : matplotlib Axes, optional
        Where to draw; absent: a new figure for a slide.

    Returns
    -------
    Axes

    Examples
    --------
    >>> shares = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]])
    >>> drawn = Simplex(("a", "b", "c"), shares, np.arange(6.0), "total value", "k$")
    >>> plot_simplex(drawn).texts[-1].get_text()
    'best: 5.00'
    """
    from matplotlib.ticker import MaxNLocator
    from matplotlib.tri import Triangulation

    ax, alone = style.axes(ax, (9.0, 7.5))
    points = simplex.shares @ CORNERS
    low, high = float(np.nanmin(simplex.values)), float(np.nanmax(simplex.values))
    levels = MaxNLocator(LEVELS).tick_values(low, high) if high > low else np.array([low - 1, low + 1])
    grid = Triangulation(*points.T)
    ax.tricontourf(grid, simplex.values, levels=levels, cmap="cividis")
    if high > low:
        inks = ["white" if level < (low + high) / 2 else "black" for level in levels]
        lines = ax.tricontour(grid, simplex.values, levels=levels, colors=inks, linewidths=0.7)
        places = decimals(levels)
        for label in ax.clabel(lines, fontsize=9, colors=inks, fmt=lambda level: number(level, places)):
            label.set_visible(_inside(label.get_position()))  # one across an edge would be cut
    ax.set_aspect("equal")
    ax.axis("off")
    ax.set_xlim(-0.2, 1.2)
    ax.set_ylim(-0.12, 0.98)
    ax.plot(*CORNERS[[0, 1, 2, 0]].T, color=style.INK, linewidth=1.4, zorder=4)
    for k, (name, spot) in enumerate(zip(simplex.names, CORNERS, strict=True)):
        top = k == 2
        ax.annotate(
            f"all {name}{_at_corner(simplex, k)}", spot, (0, 10 if top else -12), textcoords="offset points",
            ha="center", va="bottom" if top else "top", fontsize=11, fontweight="bold", color=style.INK,
            parse_math=False,
        )  # fmt: skip
    under = [*simplex.under, "corners: one strategy alone; the nearer to a corner, the larger its share"]
    style.title(ax, simplex_words(simplex), under, alone=alone)
    for at, word, mark in ((simplex.best, "best", "^"), (simplex.worst, "worst", "v")) if high > low else ():
        ax.plot(*points[at], marker=mark, markersize=13, color="white", markeredgecolor=style.INK, markeredgewidth=1.6,
                zorder=6, clip_on=False)  # fmt: skip
        if simplex.shares[at].max() == 1:
            continue  # told at the corner
        right = points[at][0] >= 0.5
        ax.annotate(
            f"{word}: {number(float(simplex.values[at]), simplex.places)}", points[at], (14 if right else -14, 10),
            textcoords="offset points", ha="left" if right else "right", va="bottom", fontsize=11, fontweight="bold",
            color=style.INK, zorder=7, annotation_clip=False,
            bbox={"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none", "alpha": 0.9},
        )  # fmt: skip
    return ax


def _inside(spot: tuple[float, float]) -> bool:
    """Whether a point of the drawing is well inside the triangle."""
    third = spot[1] / CORNERS[2, 1]
    second = spot[0] - third / 2
    return bool(min(1 - second - third, second, third) > EDGE)


def _at_corner(simplex: Simplex, corner: int) -> str:
    """What the corner's name has to add: that it is the best or the worst mix."""
    for at, word in ((simplex.best, "best"), (simplex.worst, "worst")):
        if simplex.shares[at, corner] == 1 and simplex.values[simplex.best] > simplex.values[simplex.worst]:
            return f"\n{word}: {number(float(simplex.values[at]), simplex.places)}"
    return ""
