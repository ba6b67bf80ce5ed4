"""Win hard or fair, agree hard or together: what four ways of doing business make of a market."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulator.errors import SimulatorError
from simulator.reports.plots import style
from simulator.reports.plots.market_words import market_setting, method_words
from simulator.reports.plots.words import decimals, first_upper, number
from simulator.runner.market_curves import CORNERS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from simulator.runner.mix_comparison import MixComparison

__all__ = ["TwoByTwo", "plot_win_and_agree", "two_by_two", "win_and_agree_words"]

Floats = NDArray[np.float64]

WIN = ("win fair", "win hard")
AGREE = ("agree together", "agree hard")


@dataclass(frozen=True, eq=False)
class TwoByTwo:
    """Four markets: rows win fair, win hard; columns agree together, agree hard.

    Attributes
    ----------
    value, burned, length : ndarray, shape (2, 2)
        Total value and what is burned, per client and period; mean length of a relationship in periods.
    vendor_earned : ndarray, shape (2, 2)
        What a vendor earns per period.
    currency, period : str
        Units.
    under : tuple of str
        The market, what the four ways are, how it was computed.
    """

    value: Floats
    burned: Floats
    length: Floats
    vendor_earned: Floats
    currency: str
    period: str
    under: tuple[str, ...] = ()


def two_by_two(comparison: MixComparison) -> TwoByTwo:
    """The four markets of `simulator.win_and_agree`.

    Raises
    ------
    SimulatorError
        For any other comparison of mixes.

    Examples
    --------
    >>> import simulator as ns
    >>> s = ns.load_scenario("saas-renewal").replace({"market.matching": "contest"})
    >>> two_by_two(ns.win_and_agree(s, periods=30)).value.shape
    (2, 2)
    """
    if comparison.names != CORNERS:
        raise SimulatorError("win hard or fair, agree hard or together: give the result of simulator.win_and_agree")
    scenario = comparison.scenario

    def four(values: Floats) -> Floats:
        return values.reshape(2, 2).T  # the corners go through the ways of winning first

    together, hard = (comparison.mixes[k].clients[0][0] for k in (0, 2))
    how = method_words(comparison.method, comparison.replicates, comparison.seed)
    harder = "half the margin" if scenario.market.matching == "tender" else "twice the effort"
    each = f"each of the four: {how}" if comparison.method == "simulate" else how
    return TwoByTwo(
        value=four(comparison.joint_value),
        burned=four(comparison.burned),
        length=four(comparison.length),
        vendor_earned=four(comparison.vendor_value) * scenario.market.clients / scenario.market.vendors,
        currency=scenario.currency,
        period=scenario.period,
        under=(
            market_setting(scenario, comparison.periods),
            f"together: all play {together} · hard: all play {hard} · win hard: {harder} · {each}",
        ),
    )


def win_and_agree_words(four: TwoByTwo) -> str:
    """What costs more, winning hard or agreeing hard, in a sentence."""
    fair, hard_win, hard_agree = (float(four.value[at]) for at in ((0, 0), (1, 0), (0, 1)))
    winning, agreeing = fair - hard_win, fair - hard_agree
    places = decimals([winning, agreeing])
    unit = f" {four.currency}" if four.currency else ""

    def told(what: str, lost: float) -> str:
        word = "costs" if lost >= 0 else "brings"
        return f"{what} {word} {number(abs(lost), places)}{unit}"

    parts = [told("winning hard", winning), told("agreeing hard", agreeing)]
    if agreeing > winning:
        parts.reverse()
    return first_upper(", ".join(parts)) + f" per client and {four.period}"


def plot_win_and_agree(four: TwoByTwo, ax: Axes | None = None) -> Axes:
    """The four markets as a table of cells: total value in large figures, then length, burned, what a vendor earns.

    Parameters
    ----------
    four : TwoByTwo
        The four markets.
    ax : matplotlib Axes, optional
        Where to draw; absent: a new figure for a slide.

    Returns
    -------
    Axes
    """
    import matplotlib as mpl

    ax, alone = style.axes(ax)
    low, high = float(four.value.min()), float(four.value.max())
    scaled = (four.value - low) / (high - low) if high > low else np.full((2, 2), 0.5)
    colors = mpl.colormaps["cividis"]
    ax.imshow(0.15 + 0.8 * scaled, cmap="cividis", vmin=0, vmax=1, aspect="auto")
    places, small = decimals(four.value.flat), decimals(four.burned.flat)
    earned = decimals(four.vendor_earned.flat)
    unit = f" {four.currency}" if four.currency else ""
    for i, j in np.ndindex(2, 2):
        red, green, blue, _ = colors(0.15 + 0.8 * float(scaled[i, j]))
        ink = "black" if 0.299 * red + 0.587 * green + 0.114 * blue > 0.45 else "white"
        mark = "  ▲ most" if four.value[i, j] == high > low else "  ▼ least" if four.value[i, j] == low < high else ""
        ax.text(
            j, i - 0.13, number(float(four.value[i, j]), places) + unit + mark, ha="center", va="center", fontsize=19,
            fontweight="bold", color=ink, parse_math=False,
        )  # fmt: skip
        ax.text(
            j, i + 0.2,
            f"relationships last {four.length[i, j]:.1f} {four.period}s\n"
            f"{number(float(four.burned[i, j]), small)}{unit} burned per client\n"
            f"a vendor earns {number(float(four.vendor_earned[i, j]), earned)}{unit}",
            ha="center", va="center", fontsize=11, color=ink, linespacing=1.4, parse_math=False,
        )  # fmt: skip
    ax.set_xticks([0, 1], AGREE, fontsize=12, fontweight="bold")
    ax.set_yticks([0, 1], WIN, fontsize=12, fontweight="bold", rotation=90, va="center")
    ax.tick_params(length=0, pad=8, labelsize=12)
    ax.xaxis.set_ticks_position("top")
    ax.set_xticks([0.5], minor=True)
    ax.set_yticks([0.5], minor=True)
    ax.grid(which="minor", color="white", linewidth=4)
    ax.tick_params(which="minor", length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    under = [*four.under, f"large: total value per client and {four.period}, losing bidders included"]
    style.title(ax, win_and_agree_words(four), under, alone=alone)
    return ax
