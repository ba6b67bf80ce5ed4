"""Shares of strategies over time as bands of a stacked area, with their names written into them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulator.reports.plots import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Bands", "bands_of", "draw_bands", "name_bands"]

Floats = NDArray[np.float64]

SHOWN = 5  # strategies with a band of their own
VISIBLE = 0.02  # a strategy that never had a larger share has no band
LETTER, LINE = 7.0, 11.0  # points that a label takes: the width of a letter, and its height


@dataclass(frozen=True, eq=False)
class Bands:
    """Shares of a side over time, as bands of a stacked area.

    Attributes
    ----------
    times : ndarray (T,)
        Until nothing more is to be seen; of a path that never rests the first few turns.
    names : tuple of str
        The strategies with the largest shares on the way, in the order of the game; "others" last where there are some.
    shares : ndarray (T, bands)
        Rows sum to 1.
    """

    times: Floats
    names: tuple[str, ...]
    shares: Floats


def bands_of(times: Floats, names: tuple[str, ...], shares: Floats) -> Bands:
    """The bands of strategies whose shares (T, strategies) were these; small ones are joined.

    Examples
    --------
    >>> bands_of(np.arange(2.0), ("a", "b", "c"), np.array([[0.5, 0.5, 0.0], [0.2, 0.8, 0.0]])).names
    ('a', 'b', 'others')
    """
    largest = shares.max(axis=0)
    kept = np.sort(np.argsort(-largest, kind="stable")[:SHOWN])
    kept = kept[largest[kept] > VISIBLE]
    bands, shown = shares[:, kept], [names[i] for i in kept]
    if len(kept) < len(names):
        bands = np.column_stack([bands, np.maximum(1 - bands.sum(axis=1), 0.0)])
        shown.append("others")
    return Bands(times, tuple(shown), bands)


def draw_bands(ax: Axes, bands: Bands) -> None:
    """Draw the areas, and an axis of shares."""
    tops = np.cumsum(bands.shares, axis=1)
    for k, name in enumerate(bands.names):
        below = tops[:, k - 1] if k else np.zeros(len(tops))
        ax.fill_between(bands.times, below, tops[:, k], color=_color(k, name), linewidth=0)
        ax.plot(bands.times, tops[:, k], color="white", linewidth=1.2)
    ax.set_ylim(0, 1)
    ax.set_yticks(np.arange(6) / 5, [f"{20 * k}%" for k in range(6)])


def name_bands(ax: Axes, bands: Bands) -> None:
    """Write each name into its band where it is thickest over the length of the name, or into a key."""
    from matplotlib.patches import Patch

    tops = np.cumsum(bands.shares, axis=1)
    style.figure_of(ax).draw_without_rendering()
    inch = style.figure_of(ax).dpi
    wide, high = (float(size) * 72 / inch for size in (ax.bbox.width, ax.bbox.height))
    edge = np.column_stack([bands.times, np.zeros(len(bands.times))])
    place = ax.transAxes.inverted().transform(ax.transData.transform(edge))[:, 0] * wide
    across = np.linspace(0.0, wide, 400)
    inner = np.array([np.interp(across, place, tops[:, k]) for k in range(tops.shape[1])]).T
    unnamed = []
    for k, name in enumerate(bands.names):
        half = max(1, int(np.ceil(LETTER * len(name) / 2 / wide * len(across))))
        below = inner[:, k - 1] if k else np.zeros(len(across))
        centres = range(half, len(across) - half)
        floor = np.array([below[at - half : at + half + 1].max() for at in centres])
        room = np.array([inner[at - half : at + half + 1, k].min() for at in centres]) - floor
        if not len(room) or room.max() * high < LINE:
            unnamed.append(Patch(color=_color(k, name), label=name))
            continue
        # The middle of where there is about as much room as there gets.
        good = np.flatnonzero(room >= 0.9 * room.max())
        at = int(good[len(good) // 2])
        ax.text(
            across[at + half] / wide, floor[at] + room[at] / 2, name, transform=ax.transAxes, ha="center", va="center",
            fontsize=9, color="white", fontweight="bold", parse_math=False,
        )  # fmt: skip
    if unnamed:
        ax.legend(
            handles=unnamed[::-1], title="thin bands, from above", loc="center left", bbox_to_anchor=(1.0, 0.5),
            frameon=False, fontsize=9, title_fontsize=9, labelcolor=style.INK, alignment="left",
        )  # fmt: skip


def _color(k: int, name: str) -> str:
    return style.MUTED if name == "others" else style.LINES[k % len(style.LINES)]
