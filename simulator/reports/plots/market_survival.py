"""Survival of the relationships of several markets: how much longer they last in one mix than in another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulator.reports.plots import style
from simulator.reports.plots.labels import place_labels
from simulator.reports.plots.market_words import market_setting, method_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from simulator.runner.mix_comparison import MixComparison

__all__ = ["MixCurve", "mix_survival", "plot_mix_survival", "survival_words"]

Floats = NDArray[np.float64]

SHOWN = 5  # curves that can be told apart
TAIL = 0.03  # where no more than this is left there is nothing more to see
LEAST = 5  # periods shown
ALIKE = 0.004  # curves nearer than a line's width are drawn once
DENSE = 300  # points on a curve that labels keep clear of


@dataclass(frozen=True, eq=False)
class MixCurve:
    """Survival of the relationships in one mix.

    Attributes
    ----------
    name : str
        Of the mix.
    alive : ndarray, shape (periods shown,)
        Probability to live longer than t periods; the first is 1. NaN where no relationship was that old.
    length : float
        Mean length in periods.
    """

    name: str
    alive: Floats
    length: float


def mix_survival(comparison: MixComparison) -> list[MixCurve]:
    """The curve of each mix, over the periods worth showing.

    Examples
    --------
    >>> import simulator as ns
    >>> mixes = {"build": "vendors: grim; clients: grim", "press": "vendors: bully; clients: grim"}
    >>> found = ns.compare_mixes(ns.load_scenario("saas-renewal"), mixes, periods=30)
    >>> [(curve.name, round(curve.length, 1)) for curve in mix_survival(found)]
    [('build', 5.9), ('press', 1.7)]
    """
    alive = comparison.survival
    seen = np.flatnonzero((alive > TAIL).any(axis=0))
    until = min(alive.shape[1], max(LEAST, int(seen[-1]) + 2))
    return [
        MixCurve(name, alive[i, :until], float(length))
        for i, (name, length) in enumerate(zip(comparison.names, comparison.length, strict=True))
    ]


def survival_words(curves: Sequence[MixCurve], period: str) -> str:
    """What the curves say, in a sentence."""
    longest, shortest = max(curves, key=lambda c: round(c.length, 1)), min(curves, key=lambda c: round(c.length, 1))
    said = f"Relationships last longest in the mix “{longest.name}”: {longest.length:.1f} {period}s"
    if shortest is longest:
        return f"Relationships last {longest.length:.1f} {period}s on average"
    return f"{said}, in “{shortest.name}” {shortest.length:.1f}"


def plot_mix_survival(comparison: MixComparison, ax: Axes | None = None) -> Axes:
    """Survival curves of the relationships in each mix, labelled where they are furthest apart.

    Parameters
    ----------
    comparison : MixComparison
        From `simulator.compare_mixes`; of more than five mixes those with the longest and the shortest relationships
        and some evenly between are drawn.
    ax : matplotlib Axes, optional
        Where to draw; absent: a new figure for a slide.

    Returns
    -------
    Axes
    """
    from matplotlib.ticker import MaxNLocator

    every = mix_survival(comparison)
    curves = _few(_joined(every))
    period = comparison.scenario.period
    ax, alone = style.axes(ax)
    last = len(curves[0].alive)
    time = np.arange(last + 1)
    for i, curve in enumerate(curves):
        ax.plot(
            time, np.append(curve.alive, curve.alive[-1]), drawstyle="steps-post", color=style.LINES[i],
            linestyle=style.LINE_STYLES[i], linewidth=2.2, marker=style.MARKERS[i], markersize=6,
            markevery=(i, max(1, last // 8)), markeredgecolor="white", markeredgewidth=0.8, zorder=3, clip_on=False,
        )  # fmt: skip
    ax.set_xlim(0, last)
    ax.set_ylim(0, 1.02)
    ax.set_yticks(np.arange(6) / 5, [f"{20 * k}%" for k in range(6)])
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlabel(f"{period}s since the relationship began", fontsize=10, color=style.MUTED)
    ax.set_ylabel("relationships still alive", fontsize=10, color=style.MUTED)
    style.tidy(ax, grid="y")
    how = method_words(comparison.method, comparison.replicates, comparison.seed)
    if comparison.method == "simulate":
        how += " for each mix"
    drawn = sum(curve.name.count("\n") + 1 for curve in curves)
    left_out = f" · {len(every) - drawn} more mixes not drawn" if len(every) > drawn else ""
    under = [
        market_setting(comparison.scenario, comparison.periods),
        f"{how} · Kaplan-Meier, those still alive included{left_out}",
    ]
    style.title(ax, survival_words(every, period), under, alone=alone)
    _label(ax, curves, period)
    return ax


def _joined(curves: list[MixCurve]) -> list[MixCurve]:
    """Curves nearer than a line's width drawn once, with all their names."""
    found: list[MixCurve] = []
    for curve in curves:
        same = next((i for i, c in enumerate(found) if not np.nanmax(np.abs(c.alive - curve.alive)) > ALIKE), None)
        if same is None:
            found.append(curve)
        else:
            found[same] = replace(found[same], name=f"{found[same].name}\n{curve.name}")
    return found


def _few(curves: list[MixCurve]) -> list[MixCurve]:
    if len(curves) <= SHOWN:
        return curves
    order = sorted(curves, key=lambda curve: -curve.length)
    kept = {round(k * (len(order) - 1) / (SHOWN - 1)) for k in range(SHOWN)}
    return [order[k] for k in sorted(kept)]


def _label(ax: Axes, curves: list[MixCurve], period: str) -> None:
    """Write name and mean length beside each curve, from where it is furthest from the others."""
    alive = np.array([curve.alive for curve in curves])
    fine = np.linspace(0, alive.shape[1] - 1e-6, DENSE)
    steps = alive[:, np.floor(fine).astype(int)]  # as drawn
    points = []
    for i, own in enumerate(steps):
        others = np.delete(steps, i, axis=0)
        gap = np.abs(others - own).min(axis=0) if len(others) else np.ones(DENSE)
        # In the fall of the curve, and rather far down, where there is room to the right of it.
        falls = (own > 0.04) & (own < 0.9)
        at = int(np.nanargmax(np.where(falls, np.minimum(gap, 0.06) + 0.02 * fine / fine[-1], -1.0)))
        points.append((float(fine[at]), float(own[at])))
    falling = [
        (t, height)
        for own in alive
        for t in range(1, len(own))
        for height in np.arange(own[t], own[t - 1], 0.02)
        if np.isfinite(own[t])
    ]
    covered = np.vstack([np.column_stack([np.tile(fine, len(steps)), steps.ravel()]), np.reshape(falling, (-1, 2))])
    texts = [f"{curve.name}\n{curve.length:.1f} {period}s on average" for curve in curves]
    labels = place_labels(ax, points, texts, avoid=covered[np.isfinite(covered[:, 1])])
    for label in labels:
        first = label.get_text().split("\n")[0]
        color = next(style.LINES[i] for i, curve in enumerate(curves) if curve.name.split("\n")[0] == first)
        label.set(color=color, fontweight="bold")
