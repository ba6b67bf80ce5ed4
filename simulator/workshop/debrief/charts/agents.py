"""The class among the catalogue's agents: what a pair created against how long it lasted."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from simulator.markup import Markup
from simulator.workshop.debrief.account import Account
from simulator.workshop.debrief.agents import NAMED, Field
from simulator.workshop.debrief.amounts import unit_of
from simulator.workshop.debrief.charts.canvas import Canvas, Frame, ticks
from simulator.workshop.debrief.charts.look import ACCENT, INK, LEFT, MUTED, PAPER, VENDOR, Size, width_of
from simulator.workshop.debrief.charts.parts import Entry, key
from simulator.workshop.debrief.spoken import tidy
from simulator.workshop.words import Words

__all__ = ["draw_agents"]


def draw_agents(
    points: Sequence[Account],
    field: Field,
    size: Size,
    say: Words,
    *,
    currency: str,
    period: str,
    title: str,
    description: str,
) -> Markup:
    """Draw all pairs of agents, the room's pairs, and their mean."""
    picture = Canvas(size, "agents", title, description, height=size.height * (1.2 if size.narrow else 1.0))
    text = size.text
    created = np.array([one.created for one in points])
    length = np.array([one.length for one in points], dtype=np.float64)
    unit = unit_of([*created, field.first_best, float(field.created.max())], currency)
    low = min(float(field.created.min()), float(created.min()), 0.0)
    high = max(field.first_best, float(field.created.max()), float(created.max()))
    room = (high - low) or 1.0
    entries: list[Entry] = [
        ("circle", LEFT, say("debrief.agents.agents")),
        ("open-circle", VENDOR, say("debrief.agents.pair")),
        ("star", ACCENT, say("debrief.agents.you")),
        ("dashed", MUTED, say("debrief.agents.first_best")),
    ]
    top = key(picture, entries) + 1.5 * text
    ends = (low - 0.05 * room, high + 0.08 * room)
    marks = [(tick, tidy(tick / unit.divisor)) for tick in ticks(*ends, 5)]
    left = max(width_of(words, text) for _, words in marks) + 0.7 * text
    frame = Frame(left, top, picture.width - 0.7 * text, picture.height - 2.6 * text, (0.7, field.periods + 0.3), ends)
    whole = [t for t in ticks(1, max(2, field.periods), 8) if t == int(t) and 1 <= t <= field.periods] or [1.0]
    frame.grid(picture, [(t, tidy(t)) for t in whole], marks)
    picture.text(0, top - 0.5 * text, say("debrief.agents.y", unit=unit.name or say("debrief.unit")))
    picture.text(frame.right, picture.height - 0.35 * text, say("debrief.agents.x", period=period), anchor="end")
    y = frame.y(field.first_best)
    picture.take(frame.left, y - 2, frame.right, y + 2)
    picture.line(
        frame.left, y, frame.right, y, MUTED, stroke_width=size.line, stroke_dasharray=f"{text / 3:.0f} {text / 4:.0f}"
    )
    for place in np.ndindex(*field.created.shape):
        at = frame.x(float(field.length[place])), frame.y(float(field.created[place]))
        picture.mark("circle", *at, 0.16 * text, LEFT, fill_opacity=0.55)
    _room(picture, frame, created, length)
    _labels(picture, frame, field, say)
    return picture.svg()


def _room(picture: Canvas, frame: Frame, created: object, length: object) -> None:
    """The pairs of the room as rings; those at the same place as one ring of a larger area with their number."""
    text = picture.size.text
    x, y = np.asarray(length, dtype=np.float64), np.asarray(created, dtype=np.float64)
    piles: list[tuple[float, float, int]] = []
    for px, py in sorted((frame.x(float(a)), frame.y(float(b))) for a, b in zip(x, y, strict=True)):
        for k, (qx, qy, count) in enumerate(piles):
            if math.hypot(px - qx, py - qy) < 0.8 * (_radius(count, text) + _radius(1, text)):
                piles[k] = ((qx * count + px) / (count + 1), (qy * count + py) / (count + 1), count + 1)
                break
        else:
            piles.append((px, py, 1))
    for px, py, count in piles:
        r = _radius(count, text)
        picture.mark("circle", px, py, r, PAPER, fill_opacity=0.8, stroke=VENDOR, stroke_width=picture.size.line)
        picture.take(px - r, py - r, px + r, py + r)
        if count > 1 and width_of(str(count), text) < 2.1 * r:
            picture.text(px, py + 0.35 * text, str(count), anchor="middle", bold=True)
    at = frame.x(float(x.mean())), frame.y(float(y.mean()))
    picture.mark("star", *at, 0.6 * text, ACCENT, stroke=PAPER, stroke_width=2)
    picture.take(at[0] - 0.8 * text, at[1] - 0.8 * text, at[0] + 0.8 * text, at[1] + 0.8 * text)


def _radius(count: int, text: float) -> float:
    return min(0.27 * math.sqrt(count) + 0.03 * count + (0.2 if count > 1 else 0), 1.1) * text


def _labels(picture: Canvas, frame: Frame, field: Field, say: Words) -> None:
    text = picture.size.text
    for vendor, client in NAMED:
        place = field.at(vendor, client)
        if place is None:
            continue
        at = frame.x(float(field.length[place])), frame.y(float(field.created[place]))
        picture.mark("square", *at, 0.25 * text, INK, stroke=PAPER, stroke_width=1.5)
        same = vendor == client
        words = (
            say("debrief.agents.same", name=vendor)
            if same
            else say("debrief.agents.vendor_client", vendor=vendor, client=client)
        )
        picture.label(*at, words, gap=0.45 * text, must=False)
