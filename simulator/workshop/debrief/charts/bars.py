"""Horizontal bars with their words: why relationships ended, and the way from what was possible to what was made."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.markup import Markup
from simulator.workshop.debrief.amounts import Unit
from simulator.workshop.debrief.charts.canvas import Canvas
from simulator.workshop.debrief.charts.look import ACCENT, INK, LEFT, MUTED, PAPER, VENDOR, Size, width_of, wrapped
from simulator.workshop.words import Words

__all__ = ["draw_loss", "draw_reasons"]


def draw_reasons(counts: Sequence[tuple[str, str, int]], size: Size, *, title: str, description: str) -> Markup:
    """Draw a bar for each (reason, words, pairs); what did not end is drawn apart."""
    rows = [(words, float(count), str(count), "end" if name != "together" else "stay") for name, words, count in counts]
    most = max((row[1] for row in rows), default=1.0)
    picture, places, left = _rows(rows, size, "reasons", title, description)
    reach = picture.width - left - 2.2 * size.text
    for (_, value, words, kind), (y, height) in zip(rows, places, strict=True):
        fill = ACCENT if kind == "end" else picture.hatch("dots", PAPER, LEFT)
        picture.rect(left, y, max(2.0, reach * value / most), height, fill, stroke=INK, stroke_width=1)
        at = left + reach * value / most + 0.35 * size.text
        picture.text(at, y + height / 2 + 0.35 * size.text, words, bold=True)
    if not size.narrow:
        picture.line(left, 0, left, picture.height, INK)
    return picture.svg()


def draw_loss(
    steps: Sequence[tuple[str, float]], unit: Unit, size: Size, say: Words, *, period: str, title: str, description: str
) -> Markup:
    """Draw the way from the possible value over its losses to the value made; steps: (name, amount), as said."""
    rows = [
        (
            say(f"debrief.loss.{name}", period=period),
            amount,
            unit.said(amount) if k in (0, len(steps) - 1) else unit.bare(-amount),
            name,
        )
        for k, (name, amount) in enumerate(steps)
    ]
    picture, places, left = _rows(rows, size, "loss", title, description)
    text = size.text
    level, low, high = steps[0][1], min(0.0, steps[0][1]), max(0.0, steps[0][1])
    for _, amount in steps[1:-1]:
        level -= amount
        low, high = min(low, level), max(high, level)
    labels = max(width_of(row[2], text, bold=True) for row in rows) + 0.7 * text
    scale = (picture.width - left - labels) / ((high - low) or 1.0)
    zero = left - low * scale
    level = 0.0
    for k, ((_, amount, words, _), (y, height)) in enumerate(zip(rows, places, strict=True)):
        total = k in (0, len(rows) - 1)
        start, end = (0.0, amount) if total else (level, level - amount)
        fill = VENDOR if total else ACCENT if amount >= 0 else picture.hatch("lines", PAPER, VENDOR)
        if total and k == 0:
            fill = picture.hatch("dots", PAPER, LEFT)
        x0, x1 = sorted((zero + start * scale, zero + end * scale))
        picture.rect(x0, y, x1 - x0, height, fill, stroke=INK, stroke_width=1)
        picture.text(
            max(x1, zero) + 0.35 * text if total or x1 >= zero else x1 + 0.35 * text,
            y + height / 2 + 0.35 * text,
            words,
            bold=True,
        )
        if k < len(rows) - 1:
            at = zero + end * scale
            look = {"stroke_dasharray": "4 4"}
            picture.line(at, y + height, at, places[k + 1][0], MUTED, **look)
        level = end
    if not size.narrow or low < 0:
        picture.line(zero, 0, zero, picture.height, INK)
    return picture.svg()


def _rows(
    rows: Sequence[tuple[str, float, str, str]], size: Size, key: str, title: str, description: str
) -> tuple[Canvas, list[tuple[float, float]], float]:
    """A picture with the words of each row in place: tops and heights of the bars, and where they begin."""
    text = size.text
    if size.narrow:
        left, lines = 1.0, [wrapped(row[0], text, size.width - 4, most=2) for row in rows]
        tops, y = [], 0.0
        for line in lines:
            y += 1.2 * text * len(line)
            tops.append((y + 0.25 * text, 1.3 * text))
            y += 2.3 * text
        picture = Canvas(size, key, title, description, height=y)
        for words, (top, _) in zip(lines, tops, strict=True):
            picture.lines(0, top - 1.2 * text * (len(words) - 1) - 0.45 * text, words)
        return picture, tops, left
    left = min(0.46 * size.width, max((width_of(row[0], text) for row in rows), default=0.0) + 0.6 * text)
    step = min(size.height / max(1, len(rows)), 4.2 * text)
    height = min(0.72 * step, 2.2 * text)
    picture = Canvas(size, key, title, description, height=max(step * len(rows), 2.5 * text))
    places = [(k * step + (step - height) / 2, height) for k in range(len(rows))]
    for row, (top, tall) in zip(rows, places, strict=True):
        most = 2 if step > 2.35 * text else 1
        told = wrapped(row[0], text, left - 0.5 * text, most=most)
        first = top + tall / 2 + 0.35 * text - 0.58 * text * (len(told) - 1)
        picture.lines(left - 0.5 * text, first, told, step=1.16, anchor="end")
    return picture, places, left
