"""Rows of dots on one axis with a mark for what is true: bets, guesses of a limit, and both rounds over each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.markup import Markup
from simulator.workshop.debrief.charts.canvas import Canvas, Frame, ticks
from simulator.workshop.debrief.charts.look import ACCENT, INK, PAPER, VENDOR, Size, width_of, wrapped
from simulator.workshop.debrief.charts.parts import Entry, key, stacked
from simulator.workshop.debrief.spoken import tidy

__all__ = ["Strip", "draw_strips"]


@dataclass(frozen=True)
class Strip:
    """One row: its words, the dots, a value to mark with words of its own, and an interval round it."""

    name: str
    dots: tuple[float, ...]
    marked: float
    words: str
    interval: tuple[float, float] | None = None
    mean: float | None = None


def draw_strips(
    strips: Sequence[Strip],
    size: Size,
    *,
    key_name: str,
    entries: Sequence[Entry],
    axis: str,
    percent: bool,
    big: bool,
    title: str,
    description: str,
) -> Markup:
    """Draw the rows; `big`: the marked values are the message and are written large."""
    text = size.text
    number = size.number if big and not size.narrow else text * (1.6 if big else 1)
    inner = 1.25 * text + number
    least = len(strips) * (inner + 3.2 * text) + 3 * text + 1.4 * text * len(entries)
    picture = Canvas(size, key_name, title, description, height=max(size.height, least) if size.narrow else size.height)
    values = [value for strip in strips for value in (*strip.dots, strip.marked, *(strip.interval or ()))]
    low, high = min(values), max(values)
    if not percent:
        low, high = _without_outliers(strips)
    if percent:
        low, high = min(0.0, low), max(100.0 if not big else 0.0, high)
    room = (high - low) or max(1.0, abs(high))
    ends = (low - 0.04 * room, high + 0.04 * room)
    top = key(picture, entries)
    left = (
        0.6 * text if size.narrow else min(0.3 * size.width, max(width_of(s.name, text) for s in strips) + 0.8 * text)
    )
    frame = Frame(left, top, picture.width - 1.2 * text, picture.height - (2.55 if axis else 1.5) * text, ends, (0, 1))
    marks = [(tick, tidy(tick) + ("%" if percent else "")) for tick in ticks(*ends, 4 if size.narrow else 7)]
    frame.grid(picture, marks)
    picture.text(picture.width, picture.height - 0.3 * text, axis, anchor="end")
    step = (frame.bottom - frame.top) / len(strips)
    for k, strip in enumerate(strips):
        _strip(picture, frame, strip, frame.top + k * step, step, number)
    return picture.svg()


def _without_outliers(strips: Sequence[Strip]) -> tuple[float, float]:
    """Ends of an axis on which the bulk of the dots can be told apart; dots beyond stand at its ends."""
    fixed = [value for strip in strips for value in (strip.marked, strip.mean) if value is not None]
    away = sorted(abs(dot - strip.marked) for strip in strips for dot in strip.dots)
    reach = 3 * away[int(0.75 * (len(away) - 1))] if away else 0.0
    near = [dot for strip in strips for dot in strip.dots if abs(dot - strip.marked) <= reach]
    return min(fixed + near), max(fixed + near)


def _strip(picture: Canvas, frame: Frame, strip: Strip, top: float, step: float, number: float) -> None:
    text = picture.size.text
    base = top + step - 0.25 * text
    if picture.size.narrow:
        picture.text(0, top + 1.0 * text, strip.name, bold=True, halo=True)
        top += 1.15 * text
    else:
        lines = wrapped(strip.name, text, frame.left - 0.6 * text, most=3)
        picture.lines(0, top + step / 2 + 0.35 * text - 0.58 * text * (len(lines) - 1), lines, step=1.16)
    picture.line(frame.left, base, frame.right, base, INK, stroke_width=1.5)
    space = base - top - 1.15 * number - 0.35 * text
    _dots(picture, frame, strip.dots, base, max(space, 0.8 * text))
    x = frame.x(strip.marked)
    if strip.interval is not None:
        x1, x2 = (frame.x(end) for end in strip.interval)
        y = top + 1.15 * number + 0.1 * text
        picture.line(x1, y, x2, y, ACCENT, stroke_width=picture.size.line * 2.2, stroke_linecap="round")
    picture.line(x, top + 1.12 * number, x, base, ACCENT, stroke_width=picture.size.line * 1.3)
    picture.mark("down", x, top + 1.15 * number + 0.05 * text, 0.3 * text, ACCENT)
    if strip.mean is not None:
        picture.mark("diamond", frame.x(strip.mean), base, 0.34 * text, INK, stroke=PAPER, stroke_width=2)
    half = width_of(strip.words, number, bold=True) / 2
    at = min(max(x, half), picture.width - half)
    picture.text(at, top + 0.8 * number, strip.words, size=number, anchor="middle", bold=True, halo=True)


def _dots(picture: Canvas, frame: Frame, dots: Sequence[float], base: float, space: float) -> None:
    """Dots on top of each other, as large as lets the highest pile fit; beyond that they overlap."""
    text = picture.size.text
    r = 0.34 * text
    while True:
        places = [min(max(frame.x(dot), frame.left + r), frame.right - r) for dot in dots]
        piles = stacked(places, 2.1 * r)
        highest = max((count for _, _, count in piles), default=1)
        if r < 0.15 * text or highest * 2.1 * r <= space:
            break
        r *= 0.85
    pitch = min(2.1 * r, (space - 2 * r) / max(1, highest - 1))
    for x, place, _ in piles:
        picture.mark("circle", x, base - r - 1 - pitch * place, r, VENDOR, fill_opacity=0.8)
