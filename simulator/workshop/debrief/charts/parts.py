"""Pieces that several charts share: keys, strips of dots, and columns of numbers."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.workshop.debrief.charts.canvas import Canvas
from simulator.workshop.debrief.charts.look import INK, PAPER, width_of

__all__ = ["Entry", "key", "key_height", "stacked"]

Entry = tuple[str, str, str]  # shape of the swatch ("box", "line" or a mark), its fill, the words


def _rows(picture: Canvas, entries: Sequence[Entry]) -> list[list[tuple[float, Entry]]]:
    text = picture.size.text
    rows: list[list[tuple[float, Entry]]] = [[]]
    x = 0.0
    for entry in entries:
        wide = 1.3 * text + width_of(entry[2], text, bold=False) + 0.9 * text
        if rows[-1] and x + wide - 0.9 * text > picture.width:
            rows.append([])
            x = 0.0
        rows[-1].append((x, entry))
        x += wide
    return rows


def key_height(picture: Canvas, entries: Sequence[Entry]) -> float:
    """Height that the key takes."""
    return 1.35 * picture.size.text * len(_rows(picture, entries))


def key(picture: Canvas, entries: Sequence[Entry], top: float = 0.0) -> float:
    """What the fills and marks mean, in rows from `top` on; the height after it."""
    text = picture.size.text
    for row in _rows(picture, entries):
        for x, (shape, fill, words) in row:
            middle = top + 0.62 * text
            if shape == "box":
                picture.rect(x, middle - 0.4 * text, 0.9 * text, 0.8 * text, fill, stroke=INK, stroke_width=1)
            elif shape in ("line", "dashed"):
                look = {"stroke_dasharray": f"{text / 3:.0f} {text / 4:.0f}"} if shape == "dashed" else {}
                picture.line(x, middle, x + 0.95 * text, middle, fill, stroke_width=picture.size.line * 1.5, **look)
            elif shape.startswith("open-"):
                rim = {"stroke": fill, "stroke_width": str(picture.size.line)}
                picture.mark(shape.removeprefix("open-"), x + 0.45 * text, middle, 0.32 * text, PAPER, **rim)
            else:
                picture.mark(shape, x + 0.45 * text, middle, 0.36 * text, fill, stroke=PAPER, stroke_width=1)
            picture.text(x + 1.25 * text, top + 0.95 * text, words)
        top += 1.35 * text
    return top


def stacked(values: Sequence[float], step: float) -> list[tuple[float, int, int]]:
    """Values put into bins of a width, for dots on top of each other: middle of the bin, place in it, number in it.

    Examples
    --------
    >>> stacked([1.0, 1.2, 9.0], 2.0)
    [(1.0, 0, 2), (1.0, 1, 2), (9.0, 0, 1)]
    """
    bins: dict[int, int] = {}
    for value in values:
        bins[int(value // step)] = bins.get(int(value // step), 0) + 1
    return [((k + 0.5) * step, place, count) for k, count in sorted(bins.items()) for place in range(count)]
