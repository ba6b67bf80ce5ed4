"""Created value against expected length, one pie of captured value for each pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulator.reports.plots import style
from simulator.reports.plots.labels import place_labels
from simulator.reports.plots.pairs import notable_pairs
from simulator.reports.plots.value_length_data import ValueLength, value_against_length, value_headline
from simulator.reports.plots.words import money, pair_label, setting

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path

    from simulator.runner.compare import Comparison

__all__ = ["plot_value_against_length"]


def plot_value_against_length(comparison: Comparison, ax: Axes | None = None) -> Axes:
    """Created value against expected length; each pie shows who captured what.

    Parameters
    ----------
    comparison : Comparison
        From `simulator.compare`.
    ax : matplotlib Axes, optional
        Where to draw; absent: a new figure for a slide.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import simulator as ns
    >>> table = ns.compare(ns.load_scenario("saas-renewal"), vendors="grim", clients="grim, bully")
    >>> plot_value_against_length(table).get_ylabel()
    'created value (k$)'
    """
    data = value_against_length(comparison)
    ax, alone = style.axes(ax)
    scenario = comparison.scenario
    x, never = _horizontal(data.length)
    known = np.isfinite(x) & np.isfinite(data.created)
    ax.set_xlabel(f"expected length ({scenario.period}s)", fontsize=10, color=style.MUTED)
    unit = f" ({scenario.currency})" if scenario.currency else ""
    ax.set_ylabel(f"created value{unit}", fontsize=10, color=style.MUTED)
    _limits(ax, x[known], data)
    if never is not None:
        ticks = [tick for tick in ax.get_xticks() if 0 <= tick <= 0.9 * never]
        ax.set_xticks([*ticks, never], [*(f"{tick:g}" for tick in ticks), "for ever"])
    style.tidy(ax, grid="both")
    ax.axhline(0, color=style.MUTED, linewidth=1)
    _first_best(ax, data.first_best, scenario.currency)
    _pies(ax, x, data, known)
    _key(ax, data, known, columns=2 if alone else 1)
    style.title(ax, value_headline(comparison, data), _under(comparison), alone=alone)
    named = [pair for pair in notable_pairs(comparison) if known[pair]]
    points = [(float(x[pair]), float(data.created[pair])) for pair in named]
    names = [pair_label(comparison.vendors[row], comparison.clients[column]) for row, column in named]
    taken = [text.get_window_extent() for text in ax.texts]
    place_labels(ax, points, names, avoid=np.column_stack([x[known], data.created[known]]), taken=taken)
    return ax


def _horizontal(length: NDArray[np.float64]) -> tuple[NDArray[np.float64], float | None]:
    """Where each length is drawn, and where relationships that may never end are; None without any."""
    if not np.isposinf(length).any():
        return length, None
    never = 1.25 * float(length[np.isfinite(length)].max(initial=1.0))
    return np.where(np.isposinf(length), never, length), never


def _limits(ax: Axes, x: NDArray[np.float64], data: ValueLength) -> None:
    heights = [0.0, *data.created[np.isfinite(data.created)]]
    if np.isfinite(data.first_best):
        heights.append(data.first_best)
    low, high = min(heights), max(heights)
    room = (high - low) or 1.0
    ax.set_ylim(low - 0.08 * room, high + 0.14 * room)
    ax.set_xlim(0, 1.08 * float(x.max(initial=1.0)))


def _first_best(ax: Axes, value: float, unit: str) -> None:
    if not np.isfinite(value):
        return
    from matplotlib.transforms import blended_transform_factory

    ax.axhline(value, color=style.INK, linewidth=1.3, linestyle=(0, (5, 3)))
    ax.text(
        0.01, value, f"first best: {money(value, unit)}",
        transform=blended_transform_factory(ax.transAxes, ax.transData),
        va="center", ha="left", fontsize=9, color=style.INK, parse_math=False, zorder=2.5,
        bbox={"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none"},
    )  # fmt: skip


def _pies(ax: Axes, x: NDArray[np.float64], data: ValueLength, known: NDArray[np.bool_]) -> None:
    size = 150.0 if known.size <= 64 else 55.0
    gained = known & np.isfinite(data.vendor_share)
    nothing, shared = known & ~gained, np.argwhere(gained & ~data.one_sided)
    ax.plot(x[nothing], data.created[nothing], "x", color=style.INK, markersize=7, markeredgewidth=1.6, zorder=3)
    at = np.array([(x[row, column], data.created[row, column]) for row, column in shared]).reshape(-1, 2)
    for side, color, all_of_it in (("vendor", style.VENDOR, 1.0), ("client", style.CLIENT, 0.0)):
        alone = gained & data.one_sided & (data.vendor_share == all_of_it)
        ax.plot(
            x[alone],
            data.created[alone],
            "s",
            color=color,
            markeredgecolor="white",
            markersize=0.8 * np.sqrt(size),
            zorder=3,
        )
        _markers(ax, [_wedge(float(data.vendor_share[row, column]), side) for row, column in shared], at, size, color)


def _wedge(vendor_share: float, side: str) -> Path:
    """The vendor's part of the unit circle, clockwise from the top, or the client's."""
    from matplotlib.path import Path

    turn = 90.0 - 360.0 * vendor_share
    if vendor_share in (0.0, 1.0):
        return Path.unit_circle() if (vendor_share == 1.0) == (side == "vendor") else Path([(0.0, 0.0)])
    return Path.wedge(turn, 90.0) if side == "vendor" else Path.wedge(90.0 - 360.0, turn)


def _markers(ax: Axes, paths: list[Path], at: NDArray[np.float64], size: float, color: str) -> None:
    from matplotlib.collections import PathCollection
    from matplotlib.transforms import IdentityTransform

    if not paths:
        return
    drawn = PathCollection(
        paths, sizes=[size / 4], offsets=at, offset_transform=ax.transData, facecolors=color, edgecolors="white",
        linewidths=0.5, zorder=3, clip_on=False,
    )  # fmt: skip
    drawn.set_transform(IdentityTransform())
    ax.add_collection(drawn)


def _key(ax: Axes, data: ValueLength, known: NDArray[np.bool_], *, columns: int) -> None:
    """Say what the parts of a marker mean; only what occurs."""
    from matplotlib.lines import Line2D

    def dot(color: str, marker: str, label: str, face: str) -> Line2D:
        return Line2D(
            [], [], linestyle="", marker=marker, markerfacecolor=face, markeredgecolor=color, markersize=9, label=label
        )

    entries = []
    if (known & np.isfinite(data.vendor_share)).any():
        entries.append(dot(style.VENDOR, "o", "dark, clockwise from the top: captured by the vendor", style.VENDOR))
        entries.append(dot(style.CLIENT, "o", "light: captured by the client", style.CLIENT))
    if (known & data.one_sided).any():
        entries.append(dot("white", "s", "square: the other side has less than its outside option", style.MUTED))
    if (known & np.isnan(data.vendor_share)).any():
        entries.append(dot(style.INK, "x", "nothing was created", "none"))
    ax.legend(
        handles=entries, loc="upper center", bbox_to_anchor=(0.5, -0.11), ncols=columns, frameon=False, fontsize=9,
        labelcolor=style.INK, handletextpad=0.3, columnspacing=1.6,
    )  # fmt: skip


def _under(comparison: Comparison) -> list[str]:
    return [
        setting(comparison, "joint_value"),
        "one marker per pair · created: above what both would have without each other · “a with b”: vendor first",
    ]
