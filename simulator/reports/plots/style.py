"""The look that all plots share: colours, sizes, the headline, and labels that do not run into each other.

Colours are darkened from Okabe and Ito's palette, so that they differ for colour-blind readers and text in them can be
read on white; every plot tells its parts apart by form, hatch or words as well. Figures are made with the Agg canvas,
without pyplot, so that nothing needs a display and no global state is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from matplotlib.transforms import Bbox

__all__ = [
    "CLIENT", "DPI", "GRID", "INK", "LINES", "LINE_STYLES", "MARKERS", "MUTED", "SLIDE", "VENDOR", "WIDE",
    "apart", "axes", "figure_of", "place_labels", "plain", "tidy", "title", "wrapped",
]  # fmt: skip

INK, MUTED, GRID = "#1a1a1a", "#595959", "#dddddd"
VENDOR, CLIENT = "#0b4f8a", "#f3b23e"
LINES = ("#0072b2", "#b34700", "#00694c", "#8e3b74", "#1a1a1a")
LINE_STYLES: tuple[str | tuple[int, tuple[int, ...]], ...] = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)))
MARKERS = ("o", "s", "^", "D", "v")
SLIDE, WIDE = (10.0, 6.0), (13.33, 8.0)  # inches
DPI = 150
CROSSING = 400.0  # what a point of a leader under a label costs, in square pixels of overlap
HEADLINE, UNDER, MARGIN = 15.0, 9.5, 0.3  # points, points, inches


def axes(ax: Axes | None, size: tuple[float, float] = SLIDE) -> tuple[Axes, bool]:
    """The axes to draw on, and whether they are alone on a new figure."""
    if ax is not None:
        return ax, False
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, dpi=DPI, facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    return figure.add_subplot(), True


def figure_of(ax: Axes) -> Figure:
    """The figure that the axes are on, whatever subfigure they are in."""
    return cast("Figure", ax.get_figure(root=True))


def tidy(ax: Axes, grid: Literal["", "x", "y", "both"] = "") -> None:
    """Take away what is not data: frame, ticks; `grid` names the axis with faint lines."""
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_color(MUTED)
    ax.tick_params(colors=INK, labelsize=10, length=3, color=MUTED)
    ax.set_axisbelow(True)
    if grid:
        ax.grid(axis=grid, color=GRID, linewidth=0.8)


def plain(ax: Axes) -> None:
    """Take every text of the axes as it is: two amounts in $ are not a formula."""
    from matplotlib.text import Text

    for text in ax.findobj(Text):
        text.set_parse_math(False)


def title(ax: Axes, headline: str, under: Sequence[str], *, alone: bool) -> None:
    """Write headline and the lines under it, broken to the width, and lay the figure out below them.

    Call it after the tick labels and axis labels are set and before labels are placed inside the axes.
    """
    figure = figure_of(ax)
    plain(ax)
    figure.draw_without_rendering()
    width, height = figure.bbox.width, figure.bbox.height
    inch = figure.dpi
    room = width - 2 * MARGIN * inch if alone else min(ax.bbox.width * 1.25, width - ax.bbox.x0)
    scale = 1.0 if alone else 0.8
    look: dict[str, Any] = {"fontsize": UNDER * scale, "color": MUTED, "linespacing": 1.35, "parse_math": False}
    small = "\n".join(wrapped(ax, line, room, fontsize=UNDER * scale) for line in under)
    big = wrapped(ax, headline, room, fontsize=HEADLINE * scale, fontweight="bold")
    if not alone:
        below = ax.annotate(
            small, (0, 1), (0, 8), xycoords="axes fraction", textcoords="offset points", va="bottom", **look
        )
        pad = 8 + below.get_window_extent().height * 72 / inch + 5
        ax.set_title(
            big, loc="left", fontsize=HEADLINE * scale, fontweight="bold", color=INK, pad=pad, parse_math=False
        )
        return
    left, top = MARGIN * inch / width, 1 - 0.22 * inch / height
    upper = figure.text(left, top, big, va="top", fontsize=HEADLINE, fontweight="bold", color=INK, parse_math=False)
    edge = upper.get_window_extent().y0 - 0.09 * inch
    lower = figure.text(left, edge / height, small, va="top", **look)
    edge = lower.get_window_extent().y0 - 0.12 * inch
    figure.set_layout_engine("constrained", rect=(0.01, 0.01, 0.98, edge / height - 0.01), w_pad=0.1, h_pad=0.05)
    figure.draw_without_rendering()


def wrapped(ax: Axes, text: str, room: float, **look: Any) -> str:
    """The text with line breaks so that it is at most `room` pixels wide."""
    probe = figure_of(ax).text(0, 0, "", parse_math=False, **look)
    lines: list[str] = []
    for word in text.split():
        probe.set_text(f"{lines[-1]} {word}" if lines else word)
        if lines and probe.get_window_extent().width <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    probe.remove()
    return "\n".join(lines)


def apart(wanted: Sequence[float], gap: float, low: float, high: float) -> NDArray[np.float64]:
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
    taken: Sequence[Bbox] = (),
    fontsize: float = 9,
) -> list[Text]:
    """Write a label beside each point (data coordinates), clear of the other points and labels, with a thin leader.

    `taken` are boxes in pixels to keep clear of. Call it when the layout is final.
    """
    from matplotlib.transforms import Bbox

    figure = figure_of(ax)
    figure.draw_without_rendering()
    unit = figure.dpi / 72
    pixels = ax.transData.transform(np.asarray(points, dtype=np.float64).reshape(-1, 2))
    boxes = [*taken, *(Bbox.from_extents(x - 7 * unit, y - 7 * unit, x + 7 * unit, y + 7 * unit) for x, y in pixels)]
    inside = ax.bbox
    labels: list[Text] = []
    leaders: list[NDArray[np.float64]] = []
    for (x, y), pixel, text in zip(points, pixels, texts, strict=True):
        label = ax.annotate(
            text, (x, y), (0, 0), textcoords="offset points", fontsize=fontsize, color=INK, va="center", ha="center",
            linespacing=1.15, zorder=9, annotation_clip=False, parse_math=False,
            bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.8},
            arrowprops={"arrowstyle": "-", "color": MUTED, "linewidth": 0.8, "shrinkA": 0, "shrinkB": 4},
        )  # fmt: skip
        size = label.get_window_extent()
        best, least = (0.0, 0.0), np.inf
        for dx, dy in _offsets(size.width / unit, size.height / unit):
            box = Bbox.from_bounds(
                pixel[0] + dx * unit - size.width / 2 - 2 * unit, pixel[1] + dy * unit - size.height / 2 - 2 * unit,
                size.width + 4 * unit, size.height + 4 * unit,
            )  # fmt: skip
            middle = pixel + unit * np.array([dx, dy])
            leader = pixel + np.linspace(0.15, 0.85, 12)[:, None] * (middle - pixel)
            cost = sum(_shared(box, other) for other in boxes) + 20 * (box.width * box.height - _shared(box, inside))
            cost += CROSSING * (
                sum(_within(leader, other) for other in boxes) + sum(_within(old, box) for old in leaders)
            )
            cost += 1e-3 * (dx * dx + dy * dy)
            if cost < least:
                best, least, chosen, line = (dx, dy), cost, box, leader
        label.set_position(best)
        label.set_in_layout(False)
        boxes.append(chosen)
        leaders.append(line)
        labels.append(label)
    return labels


def _offsets(width: float, height: float) -> list[tuple[float, float]]:
    """Where the middle of a label may lie, in points from its own point, the nearest first."""
    angles = np.arange(16) * np.pi / 8
    return [
        (float(np.cos(a) * (width / 2 + 9 + far)), float(np.sin(a) * (height / 2 + 9 + far)))
        for far in (0, 14, 28, 48, 72, 100, 140)
        for a in angles
    ]


def _within(points: NDArray[np.float64], box: Bbox) -> int:
    x, y = points.T
    return int(np.count_nonzero((x > box.x0) & (x < box.x1) & (y > box.y0) & (y < box.y1)))


def _shared(one: Bbox, other: Bbox) -> float:
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    high = min(one.y1, other.y1) - max(one.y0, other.y0)
    return max(0.0, float(wide)) * max(0.0, float(high))
