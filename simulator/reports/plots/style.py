"""The look that all plots share: colours, sizes, and the headline.

Colours are darkened from Okabe and Ito's palette, so that they differ for colour-blind readers and text in them can be
read on white; every plot tells its parts apart by form, hatch or words as well. Figures are made with the Agg canvas,
without pyplot, so that nothing needs a display and no global state is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, cast

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "CLIENT", "DPI", "GRID", "INK", "LINES", "LINE_STYLES", "MARKERS", "MUTED", "SLIDE", "VENDOR", "WIDE",
    "axes", "figure_of", "plain", "tidy", "title", "wrapped",
]  # fmt: skip

INK, MUTED, GRID = "#1a1a1a", "#595959", "#dddddd"
VENDOR, CLIENT = "#0b4f8a", "#f3b23e"
LINES = ("#0072b2", "#b34700", "#00694c", "#8e3b74", "#1a1a1a")
LINE_STYLES: tuple[str | tuple[int, tuple[int, ...]], ...] = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)))
MARKERS = ("o", "s", "^", "D", "v")
SLIDE, WIDE = (10.0, 6.0), (13.33, 8.0)  # inches
DPI = 150
HEADLINE, UNDER, MARGIN = 15.0, 9.5, 0.3  # points, points, inches


def axes(ax: Axes | None, size: tuple[float, float] = SLIDE) -> tuple[Axes, bool]:
    """The axes to draw on, and whether they are alone on a figure that leaves its layout to us."""
    if ax is None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        figure = Figure(figsize=size, dpi=DPI, facecolor="white")
        FigureCanvasAgg(figure)
        ax = figure.add_subplot()
    figure = figure_of(ax)
    alone = len(figure.axes) == 1 and figure.get_layout_engine() is None
    if alone:
        figure.set_layout_engine("constrained")
    return ax, alone


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
    room = width - 2 * MARGIN * inch if alone else ax.bbox.width
    scale = 1.0 if alone else 0.8
    look: dict[str, Any] = {"fontsize": UNDER * scale, "color": MUTED, "linespacing": 1.35, "parse_math": False}
    small = "\n".join(wrapped(ax, line, room, fontsize=UNDER * scale) for line in under)
    big = wrapped(ax, headline, room, even=True, fontsize=HEADLINE * scale, fontweight="bold")
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


def wrapped(ax: Axes, text: str, room: float, *, even: bool = False, **look: Any) -> str:
    """The text with line breaks so that it is at most `room` pixels wide; `even`: in lines of about equal length."""
    words = re.split(r"(?<!\d) ", text)  # a number stays with its unit
    probe = figure_of(ax).text(0, 0, "", parse_math=False, **look)

    def width(word: str) -> float:
        probe.set_text(word)
        return float(probe.get_window_extent().width)

    widths, space = [width(word) for word in words], width("a a") - width("aa")
    probe.remove()
    lines = _broken(words, widths, space, room)
    while even and len(lines) > 1 and len(tighter := _broken(words, widths, space, room := 0.97 * room)) == len(lines):
        lines = tighter
    return "\n".join(lines)


def _broken(words: list[str], widths: list[float], space: float, room: float) -> list[str]:
    lines: list[str] = []
    used = 0.0
    for word, width in zip(words, widths, strict=True):
        if lines and used + space + width <= room:
            lines[-1] += f" {word}"
            used += space + width
        else:
            lines.append(word)
            used = width
    return lines
