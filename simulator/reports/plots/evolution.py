"""Evolution of strategies: shares over time, paths in the triangle of three strategies, arrows for two on each side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from simulator.reports.evolution import interval, leads_to
from simulator.reports.plots import style
from simulator.reports.plots.shares import Bands, bands_of, draw_bands, name_bands
from simulator.reports.plots.words import first_upper
from simulator.runner.evolve import Evolution
from simulator.solvers.evolution import RestPoint, populations_of, replicator
from simulator.streams import stream

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Bands", "evolution_figures", "plot_arrows", "plot_shares", "plot_triangle", "share_bands", "side_paths"]

Floats = NDArray[np.float64]
Side = Literal["vendor", "client"]

SETTLED = 0.01  # shares this near to their last value have nothing more to show
TURNS = 6.0  # of a path that never rests, as much is shown as adds up to so many times the whole share
PATHS, GRID = 30, 11
CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(0.75)]])


def share_bands(evolution: Evolution, side: Side) -> Bands:
    """The bands of a side.

    Examples
    --------
    >>> from simulator.games.stage import StageGame
    >>> from simulator.runner.evolve import evolve
    >>> found = evolve(StageGame([[1, 5], [0, 3]], [[1, 0], [5, 3]]), starts=20)
    >>> share_bands(found, "vendor").names, share_bands(found, "vendor").shares[-1].round(1).tolist()
    (('1', '2'), [1.0, 0.0])
    """
    path = evolution.path
    both = np.hstack([path.row, path.column])
    if path.converged:
        moving = np.flatnonzero(np.abs(both - both[-1]).max(axis=1) > SETTLED)
        until = min(len(both), int(moving[-1]) + 2 if len(moving) else 2)
    else:
        gone = np.cumsum(np.abs(np.diff(both, axis=0)).max(axis=1))
        until = 2 + int(np.searchsorted(gone, TURNS))
    names = evolution.vendors if side == "vendor" else evolution.clients
    shares = (path.row if side == "vendor" else path.column)[:until]
    return bands_of(path.times[:until], names, shares)


def plot_shares(evolution: Evolution, side: Side = "vendor", ax: Axes | None = None) -> Axes:
    """Stacked shares of a side's strategies over time, on the way into the largest basin.

    Parameters
    ----------
    evolution : Evolution
        From `simulator.evolve`.
    side : {"vendor", "client"}
        Whose shares.
    ax : matplotlib Axes, optional
        Where to draw; absent: a new figure for a slide.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from simulator.games.stage import StageGame
    >>> from simulator.runner.evolve import evolve
    >>> plot_shares(evolve(StageGame([[1, 5], [0, 3]], [[1, 0], [5, 3]]), starts=20)).get_ylabel()
    'share of the vendors'
    """
    from matplotlib.ticker import FuncFormatter

    bands = share_bands(evolution, side)
    ax, alone = style.axes(ax)
    draw_bands(ax, bands)
    ax.set_xscale("symlog", linthresh=1.0, linscale=0.4)
    ax.set_xlim(0, bands.times[-1])
    ax.xaxis.set_major_formatter(FuncFormatter(lambda time, _: f"{time:,.0f}"))
    ax.set_xlabel(_time(evolution), fontsize=10, color=style.MUTED)
    ax.set_ylabel(
        "share of all" if evolution.populations == 1 else f"share of the {side}s", fontsize=10, color=style.MUTED
    )
    style.tidy(ax)
    if alone:
        style.title(
            ax,
            _headline(evolution),
            _under(evolution, _way(evolution)),
            alone=True,
        )
    name_bands(ax, bands)
    return ax


def _time(evolution: Evolution) -> str:
    if evolution.dynamics == "generations":
        return "generations"
    return "time (in one unit, earning the whole payoff range above the mean multiplies a share by e)"


def plot_triangle(evolution: Evolution, side: Side = "vendor", ax: Axes | None = None) -> Axes:
    """Paths of a side that has three strategies: each corner is one strategy alone, the middle equal shares.

    Parameters
    ----------
    evolution : Evolution
        With three strategies on that side.
    side : {"vendor", "client"}
        Whose shares.
    ax : matplotlib Axes, optional
        Where to draw; absent: a new figure for a slide.

    Returns
    -------
    Axes
    """
    names = evolution.vendors if side == "vendor" else evolution.clients
    ax, alone = style.axes(ax, (8.0, 7.0))
    ax.set_aspect("equal")
    ax.axis("off")
    ax.set_xlim(-0.2, 1.2)
    ax.set_ylim(-0.12, 0.98)
    ax.plot(*CORNERS[[0, 1, 2, 0]].T, color=style.INK, linewidth=1.4, zorder=2)
    for level in (0.25, 0.5, 0.75):
        for k in range(3):
            line = level * np.eye(3)[[k, k]] + (1 - level) * np.eye(3)[[(k + 1) % 3, (k + 2) % 3]]
            ax.plot(*(line @ CORNERS).T, color=style.GRID, linewidth=0.8, zorder=1)
    for k, (name, spot) in enumerate(zip(names, CORNERS, strict=True)):
        ax.annotate(
            name, spot, (0, 9 if k == 2 else -9), textcoords="offset points", ha="center",
            va="bottom" if k == 2 else "top", fontsize=11, fontweight="bold", color=style.INK, parse_math=False,
        )  # fmt: skip
    for path in side_paths(evolution, side):
        _path(ax, path @ CORNERS)
    for point in evolution.rest_points:
        if point.converged:
            spot = (point.row if side == "vendor" else point.column) @ CORNERS
            _rest(ax, point, (float(spot[0]), float(spot[1])), beside=spot[1] > 0.8)
    if alone:
        of = "" if evolution.populations == 1 else f"{side}s only; "
        style.title(ax, _headline(evolution), _under(evolution, f"{of}{PATHS} paths, with arrows; {KEY}"), alone=True)
    return ax


KEY = "dots: rest points with their basins"


def side_paths(evolution: Evolution, side: Side) -> list[Floats]:
    """Shares of a side along the paths from some random starts, each (T, strategies)."""
    game = evolution.game
    kind = populations_of(game.vendor_payoffs, game.client_payoffs, populations=evolution.populations)
    rng = stream(evolution.seed, "evolve paths", evolution.game.title)
    paths = []
    for _ in range(PATHS):
        parts = tuple(rng.dirichlet(np.ones(size)) for size in kind.sizes)
        path = replicator(
            game.vendor_payoffs,
            game.client_payoffs,
            start=parts if len(parts) == 2 else parts[0],
            populations=evolution.populations,
            dynamics=evolution.dynamics,
        )
        paths.append(path.row if side == "vendor" else path.column)
    return paths


def _path(ax: Axes, points: Floats) -> None:
    """A path with an arrow half-way along its length."""
    ax.plot(*points.T, color=style.LINES[0], linewidth=0.9, alpha=0.75, zorder=3)
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    half = int(np.searchsorted(lengths, lengths[-1] / 2))
    if lengths[-1] > 0.03 and half > 0:
        ax.annotate(
            "", points[half], points[half - 1], zorder=4,
            arrowprops={"arrowstyle": "-|>", "color": style.LINES[0], "linewidth": 0.9, "shrinkA": 0, "shrinkB": 0},
        )  # fmt: skip


def _rest(ax: Axes, point: RestPoint, spot: tuple[float, float], *, beside: bool = False) -> None:
    full = point.stability == "attracting"
    ax.plot(
        *spot, "o", markersize=11, markerfacecolor=style.LINES[1] if full else "white", markeredgewidth=2,
        markeredgecolor=style.LINES[1], zorder=5, clip_on=False,
    )  # fmt: skip
    ax.annotate(
        f"{100 * point.share:.0f}%", spot, (14, -6) if beside else (13, 9), textcoords="offset points", fontsize=10,
        fontweight="bold", color=style.LINES[1], zorder=6, annotation_clip=False,
        bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.85},
    )  # fmt: skip


def plot_arrows(evolution: Evolution, ax: Axes | None = None) -> Axes:
    """Where shares move when both sides have two strategies: the unit square of all mixes.

    Parameters
    ----------
    evolution : Evolution
        Of two populations with two strategies each.
    ax : matplotlib Axes, optional
        Where to draw; absent: a new figure for a slide.

    Returns
    -------
    Axes
    """
    game = evolution.game
    kind = populations_of(game.vendor_payoffs, game.client_payoffs)
    ax, alone = style.axes(ax, (8.0, 7.0))
    x, y = (grid.ravel() for grid in np.meshgrid(*[np.linspace(0.02, 0.98, GRID)] * 2))
    shares = np.column_stack([x, 1 - x, y, 1 - y])
    earned, mean = kind.earned(shares)
    moves = (shares * (earned - mean))[:, [0, 2]]
    speed = np.linalg.norm(moves, axis=1, keepdims=True)
    # The direction is what to see: slow moves are drawn nearly as long as fast ones.
    moves = moves / np.where(speed > 0, speed, 1.0) * np.sqrt(speed / (speed.max() or 1.0)) ** 0.5
    ax.quiver(
        x, y, *moves.T, angles="xy", scale_units="xy", scale=GRID * 1.3, width=0.0035, color=style.LINES[0], pivot="mid"
    )
    ax.set_xlim(-0.06, 1.06)
    ax.set_ylim(-0.06, 1.06)
    ax.set_aspect("equal")
    ticks = np.arange(6) / 5
    ax.set_xticks(ticks, [f"{100 * tick:.0f}%" for tick in ticks])
    ax.set_yticks(ticks, [f"{100 * tick:.0f}%" for tick in ticks])
    ax.set_xlabel(f"vendors that play {evolution.vendors[0]}", fontsize=10, color=style.MUTED)
    ax.set_ylabel(f"clients that play {evolution.clients[0]}", fontsize=10, color=style.MUTED)
    style.tidy(ax)
    for point in evolution.rest_points:
        if point.converged:
            _rest(ax, point, (float(point.row[0]), float(point.column[0])))
    if alone:
        under = _under(evolution, f"arrows: direction and, compressed, speed; {KEY}")
        style.title(ax, _headline(evolution), under, alone=True)
    return ax


def _headline(evolution: Evolution) -> str:
    first = max(evolution.rest_points, key=lambda point: point.starts)
    return f"{first_upper(leads_to(evolution, first))} in {interval(first)}"


def _way(evolution: Evolution) -> str:
    what = "the way there" if evolution.path.converged else "the first turns"
    return f"shown: {what} from the start nearest to equal shares"


def _under(evolution: Evolution, shown: str) -> list[str]:
    how = "one population" if evolution.populations == 1 else "two populations"
    kind = "in continuous time" if evolution.dynamics == "continuous" else "in generations"
    setting = f"{first_upper(evolution.game.title)} · {how}, replicator dynamics {kind}"
    return [setting, f"{evolution.starts:,} random starts, 95% interval · {shown}"]


def evolution_figures(evolution: Evolution) -> dict[str, Figure]:
    """The figures of an evolution by file name: shares of both sides, and what fits two or three strategies.

    Examples
    --------
    >>> from simulator.games.stage import StageGame
    >>> from simulator.runner.evolve import evolve
    >>> list(evolution_figures(evolve(StageGame([[1, 5], [0, 3]], [[1, 0], [5, 3]]), starts=20)))
    ['shares.png', 'arrows.png']
    """
    figures = {"shares.png": _both_sides(evolution)}
    if evolution.populations == 2 and evolution.game.vendor_payoffs.shape == (2, 2):
        figures["arrows.png"] = style.figure_of(plot_arrows(evolution))
    sides: tuple[Side, ...] = ("vendor", "client") if evolution.populations == 2 else ("vendor",)
    for side, names in zip(sides, (evolution.vendors, evolution.clients), strict=False):
        if len(names) == 3:
            figures[f"triangle_{side}s.png"] = style.figure_of(plot_triangle(evolution, side))
    return figures


def _both_sides(evolution: Evolution) -> Figure:
    """Shares of both sides above each other, one axis of time."""
    if evolution.populations == 1:
        return style.figure_of(plot_shares(evolution))
    upper, _ = style.axes(None, (10.0, 7.5))
    figure = style.figure_of(upper)
    upper.remove()
    vendor, client = figure.subplots(2, 1, sharex=True)
    plot_shares(evolution, "vendor", vendor)
    plot_shares(evolution, "client", client)
    vendor.set_xlabel("")
    style.title(
        vendor,
        _headline(evolution),
        _under(evolution, _way(evolution)),
        alone=True,
    )
    return figure
