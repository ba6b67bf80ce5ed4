"""Words beside points and lines that do not run into each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulator.reports.plots.style import INK, MUTED, figure_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Annotation
    from matplotlib.transforms import Bbox

__all__ = ["apart", "place_labels"]

Floats = NDArray[np.float64]

TOGETHER = 6.0  # points nearer than this (in 1/72 inch) share a label
# Costs of a place, in square pixels: of a label on a label, outside the axes, on a point of a leader; and of distance.
ON_LABEL, OUTSIDE, CROSSING, DISTANCE = 4.0, 20.0, 400.0, 0.04


def apart(wanted: Sequence[float], gap: float, low: float, high: float) -> Floats:
    """Positions nearest to the wanted ones that are at least `gap` apart and between `low` and `high`.

    Where there is no room for all, they are spread evenly.

    Examples
    --------
    >>> apart([1.0, 1.1, 5.0], 1.0, 0.0, 10.0).round(2).tolist()
    [0.55, 1.55, 5.0]
    """
    order = np.argsort(wanted, kind="stable")
    count = len(order)
    if count > 1 and gap * (count - 1) >= high - low:
        placed = np.linspace(low, high, count)
    else:
        # Least squares under the order: pool neighbours that would come too close (isotonic regression).
        pools: list[tuple[float, int]] = []
        for target in np.asarray(wanted, dtype=np.float64)[order] - gap * np.arange(count):
            mean, size = float(target), 1
            while pools and pools[-1][0] > mean:
                before, many = pools.pop()
                mean, size = (before * many + mean * size) / (many + size), many + size
            pools.append((mean, size))
        flat = np.repeat([mean for mean, _ in pools], [size for _, size in pools])
        placed = np.clip(flat, low, high - gap * (count - 1)) + gap * np.arange(count)
    result = np.empty(count)
    result[order] = placed
    return result


def place_labels(
    ax: Axes,
    points: Sequence[tuple[float, float]],
    texts: Sequence[str],
    *,
    avoid: Floats | None = None,
    taken: Sequence[Bbox] = (),
) -> list[Annotation]:
    """Write a label beside each point (data coordinates) with a thin leader; points that coincide share one.

    Parameters
    ----------
    ax : matplotlib Axes
        Its layout must be final.
    points, texts : sequences
        Where, and what to write.
    avoid : ndarray, shape (n, 2), optional
        Points in data coordinates that labels should not cover.
    taken : sequence of Bbox
        Boxes in pixels that labels must not cover.
    """
    figure = figure_of(ax)
    figure.draw_without_rendering()
    unit = figure.dpi / 72
    pixels, words = _together(ax.transData.transform(np.reshape(points, (-1, 2))), texts, TOGETHER * unit)
    kept_clear = _around(pixels, 6 * unit)
    if avoid is not None:
        kept_clear = np.concatenate([kept_clear, _around(ax.transData.transform(np.reshape(avoid, (-1, 2))), 4 * unit)])
    boxes = np.array([box.extents for box in taken]).reshape(-1, 4)
    leaders = np.empty((0, 2))
    labels = []
    for pixel, text in zip(pixels, words, strict=True):
        label = ax.annotate(
            text, tuple(ax.transData.inverted().transform(pixel)), (0, 0), textcoords="offset points", fontsize=9,
            color=INK, va="center", ha="center", linespacing=1.15, zorder=9, annotation_clip=False, parse_math=False,
            bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.8},
            arrowprops={"arrowstyle": "-", "color": MUTED, "linewidth": 0.8, "shrinkA": 0, "shrinkB": 4},
        )  # fmt: skip
        size = label.get_window_extent()
        half = np.array([size.width, size.height]) / 2
        least = np.inf
        for offset in _offsets(half / unit):
            middle = pixel + unit * offset
            box = np.concatenate([middle - half - 2 * unit, middle + half + 2 * unit])
            leader = pixel + np.linspace(0.15, 0.85, 12)[:, None] * (middle - pixel)
            cost = _shared(box, kept_clear).sum() + ON_LABEL * _shared(box, boxes).sum()
            cost += OUTSIDE * (np.prod(box[2:] - box[:2]) - _shared(box, np.array([ax.bbox.extents])).sum())
            cost += CROSSING * (_within(leader, boxes) + _within(leaders, box[None])) + DISTANCE * offset @ offset
            if cost < least:
                least, best, chosen, line = cost, offset, box, leader
        label.set_position((float(best[0]), float(best[1])))
        label.set_in_layout(False)
        boxes, leaders = np.vstack([boxes, chosen]), np.vstack([leaders, line])
        labels.append(label)
    return labels


def _together(pixels: Floats, texts: Sequence[str], near: float) -> tuple[list[Floats], list[str]]:
    """Points with their words; those that are near one another keep the first place and share the words."""
    places: list[Floats] = []
    words: list[str] = []
    for pixel, text in zip(pixels, texts, strict=True):
        same = next((i for i, place in enumerate(places) if np.hypot(*(place - pixel)) < near), None)
        if same is None:
            places.append(pixel)
            words.append(text)
        else:
            words[same] += f"\n{text}"
    return places, words


def _around(pixels: Floats | list[Floats], half: float) -> Floats:
    middle = np.reshape(pixels, (-1, 2))
    return np.hstack([middle - half, middle + half])


def _offsets(half: Floats) -> list[Floats]:
    """Where the middle of a label may lie, in points from its own point, the nearest first."""
    angles = np.arange(24) * np.pi / 12
    way = np.column_stack([np.cos(angles), np.sin(angles)])
    return [offset for far in (0, 14, 28, 48, 72, 100, 140, 190) for offset in way * (half + 9 + far)]


def _shared(box: Floats, others: Floats) -> Floats:
    """Area that a box has in common with each of the others."""
    sides = np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2])
    return np.asarray(np.prod(np.maximum(sides, 0.0), axis=1))


def _within(points: Floats, boxes: Floats) -> int:
    """How many of the points lie in a box, summed over boxes."""
    inside = (points[:, None] > boxes[:, :2]) & (points[:, None] < boxes[:, 2:])
    return int(inside.all(axis=2).sum())
