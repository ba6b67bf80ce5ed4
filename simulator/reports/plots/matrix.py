"""Heatmap of one measure over all pairs, with the numbers in the cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulator.reports.plots import style
from simulator.reports.plots.matrix_data import MatrixData, matrix_data, matrix_headline
from simulator.reports.plots.words import decimals, name_lines, number, pair_label, setting

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patches import Rectangle

    from simulator.runner.compare import Comparison

__all__ = ["CROWDED", "cell_texts", "column_labels", "plot_matrix", "row_labels"]

SLANTED = 24  # letters up to which a slanted name fits below the heatmap
CROWDED = 8  # agents on a side from which the figure is larger and its words are at the edge


def plot_matrix(comparison: Comparison, measure: str = "joint_value", ax: Axes | None = None) -> Axes:
    """Heatmap of a measure: rows are vendor agents, columns client agents, best and worst pair outlined.

    Parameters
    ----------
    comparison : Comparison
        From `simulator.compare`.
    measure : str
        ``"joint_value"``, ``"length"`` or another measure of the comparison.
    ax : matplotlib Axes, optional
        Where to draw; absent: a new figure for a slide.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import simulator as ns
    >>> ax = plot_matrix(ns.compare(ns.load_scenario("saas-renewal"), vendors="grim, bully", clients="grim"))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['grim', 'bully']
    """
    import matplotlib as mpl

    data = matrix_data(comparison, measure)
    n_v, n_c = data.values.shape
    crowded = max(n_v, n_c) > CROWDED
    ax, alone = style.axes(ax, style.WIDE if crowded else style.SLIDE)
    # Without a difference there is nothing for a colour to say: such cells stay blank, as infinite ones do.
    differ = data.highest is not None
    finite = np.where(np.isfinite(data.values) & differ, data.values, np.nan)
    low, high = _limits(finite)
    shades = mpl.colormaps["cividis"].with_extremes(bad="#f2f2f2")
    image = ax.imshow(np.ma.masked_invalid(finite), cmap=shades, vmin=low, vmax=high, aspect="auto")
    small = 10 if not crowded else 9 if max(n_v, n_c) <= 16 else 7.5
    row_labels(ax, [str(agent) for agent in comparison.vendors], small)
    column_labels(ax, [str(agent) for agent in comparison.clients], small)
    ax.set_ylabel("vendor's strategy", fontsize=10, color=style.MUTED)
    ax.set_xlabel("client's strategy", fontsize=10, color=style.MUTED)
    ax.tick_params(length=0, pad=5)
    ax.set_xticks(np.arange(1, n_c) - 0.5, minor=True)
    ax.set_yticks(np.arange(1, n_v) - 0.5, minor=True)
    ax.grid(which="minor", color="white", linewidth=1.5 if not crowded else 0.8)
    ax.tick_params(which="minor", length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    if np.isfinite(finite).any():
        bar = style.figure_of(ax).colorbar(image, ax=ax, pad=0.01 if crowded else 0.02, fraction=0.04, aspect=30)
        bar.outline.set_visible(False)
        bar.set_label(_labelled(data), fontsize=10, color=style.MUTED, parse_math=False)
        bar.ax.tick_params(labelsize=9, length=2)
    _outlines(ax, data, crowded)
    style.title(ax, matrix_headline(comparison, measure), _under(comparison, data, measure), alone=alone)
    _numbers(ax, data, shades((finite - low) / (high - low)), crowded)
    return ax


def _limits(finite: NDArray[np.float64]) -> tuple[float, float]:
    if not np.isfinite(finite).any():
        return 0.0, 1.0
    low, high = float(np.nanmin(finite)), float(np.nanmax(finite))
    margin = max(1e-9, 1e-9 * max(abs(low), abs(high)))
    return (low, high) if high - low > margin else (low - 1.0 - abs(low), high + 1.0 + abs(high))


def _labelled(data: MatrixData) -> str:
    return f"{data.name} ({data.unit})" if data.unit else data.name


def row_labels(ax: Axes, names: list[str], fontsize: float) -> None:
    """Names in as many lines as the rows are high."""
    high = 0.75 * ax.bbox.height * 72 / style.figure_of(ax).dpi / len(names)  # points; the layout takes its part
    most = max(1, int(high / (1.25 * fontsize)))
    ax.set_yticks(range(len(names)), [name_lines(name, 24, most) for name in names], fontsize=fontsize)


def column_labels(ax: Axes, names: list[str], fontsize: float) -> None:
    """Horizontal where they fit the columns, slanted where the names are short, else upright in two lines."""
    letters = int(0.8 * ax.bbox.width * 72 / style.figure_of(ax).dpi / len(names) / (0.62 * fontsize))
    lines = [name_lines(name, letters) for name in names]
    if all(len(line) <= letters for name in lines for line in name.splitlines()):
        ax.set_xticks(range(len(names)), lines, fontsize=fontsize)
    elif max(map(len, names)) <= SLANTED:
        ax.set_xticks(range(len(names)), names, fontsize=fontsize, rotation=45, ha="right", rotation_mode="anchor")
    else:
        two = [name_lines(name, SLANTED, 2) for name in names]
        ax.set_xticks(range(len(names)), two, fontsize=fontsize, rotation=90)


def _outlines(ax: Axes, data: MatrixData, crowded: bool) -> None:
    """Outline best and worst; in a crowded field with their words at the edge, else `_numbers` writes them."""
    for pair, dashes in zip((data.highest, data.lowest), ("-", (0, (2, 1.2))), strict=True):
        if pair is None:
            continue
        row, column = pair
        for color, width, line in (("white", 4.5, "-"), ("black", 2.2, dashes)):
            ax.add_patch(_frame(row, column, color, width, line))
    if crowded and data.highest is not None and data.lowest is not None:
        look: dict[str, Any] = {"fontsize": 8.5, "fontweight": "bold", "color": style.INK}
        rows, columns = data.values.shape
        for row in sorted({data.highest[0], data.lowest[0]}) if rows > 1 else ():
            said = f"◂ {_at(data, 0, row)}"
            ax.annotate(said, (columns - 0.5, row), (5, 0), textcoords="offset points", ha="left", va="center", **look)
        for column in sorted({data.highest[1], data.lowest[1]}) if columns > 1 else ():
            said = f"◂ {_at(data, 1, column)}"
            up = {"rotation": 90, "ha": "center", "va": "bottom", **look}
            ax.annotate(said, (column, -0.5), (0, 5), textcoords="offset points", **up)


def _at(data: MatrixData, axis: int, place: int) -> str:
    """The words of the extremes in a row (axis 0) or column (axis 1)."""
    marked = zip((data.highest, data.lowest), data.words, strict=True)
    return ", ".join(word for pair, word in marked if pair is not None and pair[axis] == place)


def _frame(row: int, column: int, color: str, width: float, line: Any) -> Rectangle:
    from matplotlib.patches import Rectangle

    look: dict[str, Any] = {"fill": False, "edgecolor": color, "linewidth": width, "linestyle": line}
    return Rectangle((column - 0.5, row - 0.5), 1, 1, zorder=4, clip_on=False, **look)


def _numbers(ax: Axes, data: MatrixData, colors: NDArray[np.float64], crowded: bool) -> None:
    """Write every value in its cell, in black or white by the lightness of the cell, as large as the cell allows."""
    n_v, n_c = data.values.shape
    texts = cell_texts(data.values, 4 if n_c > 16 else 6)
    point = style.figure_of(ax).dpi / 72
    wide, high = ax.bbox.width / n_c / point, ax.bbox.height / n_v / point
    longest = max(len(text) for row in texts for text in row)
    size = max(4.0, min(13.0, 0.6 * high, 0.9 * wide / (0.62 * longest)))
    worded = {} if crowded else dict(zip((data.highest, data.lowest), data.words, strict=True))
    for row in range(n_v):
        for column in range(n_c):
            text = texts[row][column]
            if (row, column) in worded:
                room = min(0.38 * high, 0.9 * wide / (0.62 * max(longest, len(worded[row, column]))))
                text, fitted = f"{worded[row, column]}\n{text}", min(size, room)
            else:
                fitted = size
            bold = "bold" if (row, column) in (data.highest, data.lowest) else "normal"
            ax.text(
                column, row, text, ha="center", va="center", fontsize=fitted, color=_ink(colors[row, column]),
                fontweight=bold, linespacing=1.1,
            )  # fmt: skip


def cell_texts(values: NDArray[np.float64], letters: int) -> list[list[str]]:
    """The numbers of the cells, all with as many decimals as leave at most `letters` letters in each.

    Examples
    --------
    >>> cell_texts(np.array([[521.8, -3.14], [np.inf, np.nan]]), 6)
    [['521.8', '−3.1'], ['∞', 'n/a']]
    """
    flat = [float(value) for value in values.ravel()]
    for places in range(decimals(flat), -1, -1):
        texts = [number(value, places) for value in flat]
        if max(map(len, texts)) <= letters:
            break
    width = values.shape[1]
    return [texts[i : i + width] for i in range(0, len(texts), width)]


def _ink(color: NDArray[np.float64]) -> str:
    """Black or white, whichever has the higher contrast on the colour (WCAG relative luminance)."""
    rgb = color[:3]
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return "black" if linear @ (0.2126, 0.7152, 0.0722) > 0.179 else "white"


def _under(comparison: Comparison, data: MatrixData, measure: str) -> list[str]:
    lines = [setting(comparison, measure)]
    if data.highest is not None and data.lowest is not None:
        marked = zip(("solid", "dashed"), data.words, (data.highest, data.lowest), strict=True)
        said = [
            f"{line} outline: {word}, {pair_label(comparison.vendors[pair[0]], comparison.clients[pair[1]])}"
            for line, word, pair in marked
        ]
        lines.append(" · ".join(said))
    return lines
