"""First offers against the prices agreed, by who opened, with the line on which both are the same."""

from __future__ import annotations

import math

from simulator.markup import Markup
from simulator.workshop.debrief.anchors import Anchors
from simulator.workshop.debrief.charts.canvas import Canvas, Frame, ticks
from simulator.workshop.debrief.charts.look import CLIENT, INK, MUTED, PAPER, VENDOR, Size, width_of
from simulator.workshop.debrief.charts.parts import Entry, key
from simulator.workshop.debrief.spoken import tidy
from simulator.workshop.words import Words

__all__ = ["draw_anchors"]


def _ends(values: list[float], room: float) -> tuple[float, float]:
    low, high = min(values), max(values)
    pad = max(0.08 * room, (0.5 * room - (high - low)) / 2)
    return low - pad, high + pad


def draw_anchors(anchors: Anchors, size: Size, say: Words, *, title: str, description: str) -> Markup:
    """Draw the scatter; deals at the same place are one mark of a larger area."""
    picture = Canvas(size, "anchors", title, description)
    text = size.text
    values = [value for opening in anchors.openings for value in (opening.first, opening.final)]
    firsts = [opening.first for opening in anchors.openings]
    finals = [opening.final for opening in anchors.openings]
    # One price, or all alike, still need an axis whose numbers differ.
    room = max(max(values) - min(values), 0.1 * max(abs(value) for value in values)) or 1.0
    x_ends, y_ends = _ends(firsts, room), _ends(finals, room)
    entries: list[Entry] = [
        (
            {"vendor": "up", "client": "circle"}[side],
            {"vendor": VENDOR, "client": CLIENT}[side],
            say(f"debrief.anchors.{side}"),
        )
        for side in ("vendor", "client")
        if any(opening.by == side for opening in anchors.openings)
    ]
    entries.append(("dashed", MUTED, say("debrief.anchors.same")))
    top = key(picture, entries) + 1.5 * text
    marks = [(tick, tidy(tick)) for tick in ticks(*y_ends, 5)]
    left = max(width_of(words, text) for _, words in marks) + 0.7 * text
    frame = Frame(left, top, picture.width - 0.6 * text, picture.height - 2.6 * text, x_ends, y_ends)
    frame.grid(picture, [(tick, tidy(tick)) for tick in ticks(*x_ends, 4 if size.narrow else 7)], marks)
    unit = anchors.unit or anchors.issue
    picture.text(0, top - 0.5 * text, say("debrief.anchors.y", unit=unit))
    picture.text(frame.right, picture.height - 0.35 * text, say("debrief.anchors.x", unit=unit), anchor="end")
    low, high = max(x_ends[0], y_ends[0]), min(x_ends[1], y_ends[1])
    if high > low:
        picture.line(
            frame.x(low),
            frame.y(low),
            frame.x(high),
            frame.y(high),
            MUTED,
            stroke_width=size.line,
            stroke_dasharray=f"{text / 3:.0f} {text / 4:.0f}",
        )
    places: dict[tuple[float, float, str], int] = {}
    for opening in anchors.openings:
        at = (opening.first, opening.final, opening.by)
        places[at] = places.get(at, 0) + 1
    most = max(places.values())
    unit_r = 0.75 * text / math.sqrt(max(most, 4))
    for (first, final, by), count in sorted(places.items(), key=lambda item: -item[1]):
        r = max(0.24 * text, unit_r * math.sqrt(count))
        fill = VENDOR if by == "vendor" else CLIENT
        look = {"stroke": PAPER, "stroke_width": 1.5, "fill_opacity": 0.85}
        picture.mark("up" if by == "vendor" else "circle", frame.x(first), frame.y(final), r, fill, **look)
    picture.line(frame.left, frame.bottom, frame.right, frame.bottom, INK)
    return picture.svg()
