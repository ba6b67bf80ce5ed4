"""All that was possible as one bar: captured by the vendors, by the clients, and left on the table."""

from __future__ import annotations

from simulator.markup import Markup
from simulator.workshop.debrief.amounts import Unit
from simulator.workshop.debrief.charts.canvas import Canvas
from simulator.workshop.debrief.charts.look import CLIENT, INK, LEFT, MUTED, ON_CLIENT, PAPER, VENDOR, Size, width_of
from simulator.workshop.words import Words

__all__ = ["draw_headline"]


def draw_headline(
    values: tuple[float, float, float],
    parts: tuple[int, int, int] | None,
    unit: Unit,
    size: Size,
    say: Words,
    *,
    title: str,
    description: str,
) -> Markup:
    """Draw the bar with its amounts; parts below zero hang on its left."""
    text, number = size.text, size.number if size.narrow else 1.4 * size.number
    height = 3.2 * text + 3.1 * number if not size.narrow else 9.5 * text + 3 * number
    picture = Canvas(size, "headline", title, description, height=height)
    fills = VENDOR, picture.hatch("lines", CLIENT, ON_CLIENT), picture.hatch("dots", PAPER, LEFT)
    low, high = sum(min(v, 0.0) for v in values), sum(max(v, 0.0) for v in values)
    scale = (picture.width - 2) / ((high - low) or 1.0)
    top, tall = (0.0, 2.2 * text) if size.narrow else (0.2 * text, 1.75 * number)
    right = 1 - low * scale
    left = right
    rows = []
    for name, value, fill, k in zip(("vendor", "client", "left"), values, fills, range(3), strict=True):
        wide = abs(value) * scale
        x = right if value >= 0 else left - wide
        picture.rect(x, top, wide, tall, fill, stroke=INK, stroke_width=1.5)
        right, left = (right + wide, left) if value >= 0 else (right, left - wide)
        words = say(f"debrief.captured.{name}")
        if parts is not None:
            words = say("debrief.captured.key", name=words, percent=str(parts[k]).replace("-", "−"))
        rows.append((x + wide / 2, words, unit.said(value), fill))
    if low < 0:
        zero = 1 - low * scale
        picture.line(zero, top - 2, zero, top + tall + 2, INK, stroke_width=3)
        picture.text(zero, top + tall + 0.85 * text, "0", anchor="middle", fill=MUTED)
    if size.narrow:
        _list(picture, rows, top + tall)
    else:
        _below(picture, rows, top + tall)
    return picture.svg()


def _below(picture: Canvas, rows: list[tuple[float, str, str, str]], top: float) -> None:
    """Three columns of words under the bar, in its order."""
    text, number = picture.size.text, 1.4 * picture.size.number
    third = picture.width / len(rows)
    for k, (_, words, amount, fill) in enumerate(rows):
        x = k * third
        picture.rect(x, top + 0.95 * text, 0.9 * text, 0.9 * text, fill, stroke=INK, stroke_width=1)
        picture.text(x + 1.2 * text, top + 1.75 * text, words)
        size: float = number
        while size > text and width_of(amount, size, bold=True) > 0.95 * third:
            size *= 0.9
        picture.text(x, top + 2.3 * text + number, amount, size=size, bold=True)


def _list(picture: Canvas, rows: list[tuple[float, str, str, str]], top: float) -> None:
    text, number = picture.size.text, picture.size.number
    y = top + 0.6 * text
    for _, words, amount, fill in rows:
        picture.rect(0, y + 0.35 * text, 0.9 * text, 0.9 * text, fill, stroke=INK, stroke_width=1)
        picture.text(1.25 * text, y + 1.15 * text, words)
        picture.text(1.25 * text, y + 1.4 * text + 0.85 * number, amount, size=number, bold=True)
        y += 2.2 * text + number
