"""Survival curves: how likely a relationship is to last longer than a number of periods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulator.reports.plots import style
from simulator.reports.plots.labels import apart
from simulator.reports.plots.pairs import Pair, PairNames, as_pairs
from simulator.reports.plots.words import pair_clause, pair_label, periods, setting

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from simulator.runner.compare import Comparison

__all__ = ["Curve", "plot_survival", "survival_curves"]

LEAST_SHOWN, MOST_SHOWN = 10, 5_000  # periods of an unlimited horizon that are drawn, and looked at
TAIL = 0.05  # where a curve has come this close to its end there is nothing more to see
ALIKE = 0.004  # curves nearer than a line's width are drawn once


@dataclass(frozen=True)
class Curve:
    """Survival of the pairs that share it; `error` is the standard error, 0 where exact.

    Attributes
    ----------
    pairs : tuple of (row, column)
        The pairs with this curve.
    alive : ndarray, shape (periods,)
        Probability to last longer than t periods.
    error : ndarray, shape (periods,)
        Standard error of `alive`.
    length : float
        Expected length of the first of the pairs, in periods.
    """

    pairs: tuple[Pair, ...]
    alive: NDArray[np.float64]
    error: NDArray[np.float64]
    length: float


def survival_curves(comparison: Comparison, pairs: PairNames | None = None) -> list[Curve]:
    """Survival of pairs over the periods worth showing; pairs with the same curve are joined.

    Examples
    --------
    >>> import simulator as ns
    >>> table = ns.compare(ns.load_scenario("saas-renewal"), vendors="tit-for-tat", clients="tit-for-tat, walk-away")
    >>> [curve.alive.shape for curve in survival_curves(table)]
    [(10,), (10,)]
    """
    chosen = as_pairs(comparison, pairs)
    found = {pair: _alive(comparison, pair) for pair in chosen}
    if comparison.scenario.unlimited:
        shown = max(LEAST_SHOWN, *(_interesting(alive) for alive in found.values()))
    else:
        shown = int(comparison.scenario.horizon)
    curves: list[Curve] = []
    for pair, alive in found.items():
        # A curve stops early where all have ended, or where a simulation without a last period left some alive.
        rest = np.full(max(0, shown - len(alive)), comparison.alive[pair])
        alive = np.concatenate([alive[:shown], rest])
        same = next((i for i, curve in enumerate(curves) if np.abs(curve.alive - alive).max() < ALIKE), None)
        if same is not None:
            joined = curves[same]
            curves[same] = Curve((*joined.pairs, pair), joined.alive, joined.error, joined.length)
            continue
        sampled = comparison.method[pair] == "simulate"
        error = np.sqrt(alive * (1 - alive) / comparison.replicates) if sampled else np.zeros(len(alive))
        curves.append(Curve((pair,), alive, error, float(comparison.length[pair])))
    return curves


def _alive(comparison: Comparison, pair: Pair) -> NDArray[np.float64]:
    if comparison.method[pair] == "exact" and comparison.scenario.unlimited:
        return comparison.pair(*pair).path(MOST_SHOWN)[0]
    return comparison.survival(*pair)


def _interesting(alive: NDArray[np.float64]) -> int:
    """Periods until the curve is nearly where it ends."""
    return int(np.argmax(alive - alive[-1] < TAIL)) + 1


def plot_survival(comparison: Comparison, pairs: PairNames | None = None, ax: Axes | None = None) -> Axes:
    """Survival curves of some pairs, labelled at their ends.

    Parameters
    ----------
    comparison : Comparison
        From `simulator.compare`.
    pairs : sequence of (vendor, client), optional
        By number or name; absent: the notable pairs.
    ax : matplotlib Axes, optional
        Where to draw; absent: a new figure for a slide.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import simulator as ns
    >>> table = ns.compare(ns.load_scenario("saas-renewal"), vendors="grim", clients="grim, bully")
    >>> plot_survival(table, [("grim", "bully")]).get_xlabel()
    'years since the start'
    """
    from matplotlib.ticker import MaxNLocator

    curves = survival_curves(comparison, pairs)
    ax, alone = style.axes(ax)
    last = len(curves[0].alive)
    time = np.arange(last + 1)
    for i, curve in enumerate(curves):
        look: dict[str, Any] = {"color": style.LINES[i % 5], "linestyle": style.LINE_STYLES[i % 5]}
        alive = np.append(curve.alive, curve.alive[-1])
        every = max(1, last // 8)
        ax.plot(
            time, alive, drawstyle="steps-post", linewidth=2.2, marker=style.MARKERS[i % 5], markersize=6,
            markevery=((i * every) // 5, every), markeredgecolor="white", markeredgewidth=0.8, zorder=3,
            clip_on=False, **look,
        )  # fmt: skip
        if curve.error.any():
            error = 1.96 * np.append(curve.error, curve.error[-1])
            ax.fill_between(
                time, alive - error, alive + error, step="post", color=look["color"], alpha=0.15, linewidth=0
            )
    period = comparison.scenario.period
    ax.set_xlim(0, last)
    ax.set_ylim(0, 1.02)
    ax.set_yticks(np.arange(6) / 5, [f"{20 * k}%" for k in range(6)])
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlabel(f"{period}s since the start", fontsize=10, color=style.MUTED)
    ax.set_ylabel("relationships still alive", fontsize=10, color=style.MUTED)
    style.tidy(ax, grid="y")
    labels = [_label(comparison, curve) for curve in curves]
    texts = [
        ax.annotate(
            label, (last, curve.alive[-1]), (24, 0), textcoords="offset points", va="center", fontsize=9,
            color=style.LINES[i % 5], linespacing=1.2, annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": style.LINES[i % 5], "linewidth": 1, "shrinkA": 1, "shrinkB": 0,
                        "relpos": (0, 0.5)},
        )
        for i, (label, curve) in enumerate(zip(labels, curves, strict=True))
    ]  # fmt: skip
    style.title(ax, survival_headline(comparison, curves), _under(comparison, curves), alone=alone)
    _spread(ax, texts, [float(curve.alive[-1]) for curve in curves])
    return ax


def _spread(ax: Axes, texts: list[Any], ends: list[float]) -> None:
    """Move the labels up and down until none covers another."""
    point = style.figure_of(ax).dpi / 72
    height = max(text.get_window_extent().height for text in texts) / point
    tall = ax.bbox.height / point
    wanted = [end / 1.02 * tall for end in ends]
    placed = apart(wanted, height + 5, height / 2, tall - height / 2)
    for text, want, place in zip(texts, wanted, placed, strict=True):
        text.set_position((24, place - want))


def _label(comparison: Comparison, curve: Curve) -> str:
    names = [pair_label(comparison.vendors[row], comparison.clients[column]) for row, column in curve.pairs]
    lasts = periods(curve.length, comparison.scenario.period)
    mean = "may last for ever" if np.isinf(curve.length) else f"{lasts} on average"
    return "\n".join([*names, mean])


def _under(comparison: Comparison, curves: list[Curve]) -> list[str]:
    lines = [setting(comparison), "“a with b”: vendor's strategy first"]
    if any(curve.error.any() for curve in curves):
        lines[1] += " · bands: 95% confidence, Kaplan-Meier"
    return lines


def survival_headline(comparison: Comparison, curves: list[Curve]) -> str:
    """What the curves say, in a sentence.

    Examples
    --------
    >>> import simulator as ns
    >>> table = ns.compare(ns.load_scenario("saas-renewal"))
    >>> survival_headline(table, survival_curves(table, [("tit-for-tat", "tit-for-tat"), ("walk-away", "opportunist")]))
    '42% of relationships reach year 10 if both play tit-for-tat, 0% if a walk-away vendor meets an opportunist client'
    """
    last, period = len(curves[0].alive), comparison.scenario.period
    longest = max(curves, key=lambda curve: float(curve.alive.sum()))
    shortest = min(curves, key=lambda curve: float(curve.alive.sum()))
    told = [longest] if shortest is longest else [longest, shortest]
    if comparison.scenario.unlimited and longest.alive[-1] <= 0.5:
        said = [
            f"within {periods(float(np.argmax(curve.alive <= 0.5)), period)} if {_clause(comparison, curve)}"
            for curve in told
        ]
        return f"Half of all relationships end {', '.join(said)}"
    said = [f"{100 * curve.alive[-1]:.0f}%" for curve in told]
    if comparison.scenario.unlimited:
        said[0] += f" of relationships are alive after {periods(last - 1, period)}"
    else:
        said[0] += f" of relationships reach {period} {last}"
    return ", ".join(f"{share} if {_clause(comparison, curve)}" for share, curve in zip(said, told, strict=True))


def _clause(comparison: Comparison, curve: Curve) -> str:
    row, column = curve.pairs[0]
    return pair_clause(comparison.vendors[row], comparison.clients[column])
