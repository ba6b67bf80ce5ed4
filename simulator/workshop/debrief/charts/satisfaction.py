"""Answers to "would you deal with them again?" by the own share: bubbles by how many, and the mean of each band."""

from __future__ import annotations

import math
from itertools import pairwise

from simulator.markup import Markup
from simulator.workshop.debrief.charts.canvas import Canvas, Frame
from simulator.workshop.debrief.charts.look import ACCENT, GRID, INK, MUTED, PAPER, VENDOR, Size, width_of
from simulator.workshop.debrief.charts.parts import key
from simulator.workshop.debrief.satisfaction import EDGES, Answers
from simulator.workshop.words import Words

__all__ = ["draw_satisfaction"]


def draw_satisfaction(answers: Answers, size: Size, say: Words, *, period: str, title: str, description: str) -> Markup:
    """Draw the grid of answers, five bands of shares wide."""
    picture = Canvas(size, "satisfaction", title, description, height=size.height * (1.25 if size.narrow else 1.0))
    text = size.text
    entries = [("circle", VENDOR, say("debrief.satisfaction.y")), ("diamond", ACCENT, say("debrief.satisfaction.mean"))]
    top = key(picture, entries) + 0.4 * text
    frame = Frame(1.3 * text, top, picture.width - 2, picture.height - 2.7 * text, (0, 5), (0.4, 7.6))
    frame.grid(picture, y=[(k, str(k)) for k in range(1, 8)])
    step = (frame.right - frame.left) / 5
    for band in range(1, 5):
        x = frame.left + band * step
        picture.line(x, frame.top, x, frame.bottom, GRID, stroke_width=1)
    most = max((n for counts in answers.counts for n in counts), default=1)
    tallest = min(0.5 * (frame.bottom - frame.top) / 7.2, 0.3 * step)
    for band, counts in enumerate(answers.counts):
        x = frame.left + (band + (0.4 if not size.narrow else 0.35)) * step
        for k, n in enumerate(counts):
            if n:
                r = max(0.14 * text, tallest * math.sqrt(n / max(most, 4)))
                picture.mark("circle", x, frame.y(k + 1), r, VENDOR, fill_opacity=0.85)
        mean = answers.mean(band)
        if mean is not None:
            at = frame.left + (band + 0.72) * step, frame.y(mean)
            picture.mark("diamond", at[0] - 0.25 * text, at[1], 0.36 * text, ACCENT, stroke=PAPER, stroke_width=1.5)
            words = f"{mean:.1f}"
            if at[0] + 0.3 * text + width_of(words, text, bold=True) < frame.left + (band + 1.04) * step:
                picture.text(at[0] + 0.3 * text, at[1] + 0.35 * text, words, bold=True, halo=True)
            else:
                picture.text(at[0] - 0.25 * text, at[1] - 0.6 * text, words, bold=True, halo=True, anchor="middle")
    _bands(picture, frame, step, say)
    picture.text(frame.right, picture.height - 0.3 * text, say("debrief.satisfaction.x", period=period), anchor="end")
    picture.line(frame.left, frame.bottom, frame.right, frame.bottom, INK)
    return picture.svg()


def _bands(picture: Canvas, frame: Frame, step: float, say: Words) -> None:
    text = picture.size.text
    edges = [round(100 * edge) for edge in EDGES]
    names = [say("debrief.satisfaction.below", high=edges[0])]
    names += [say("debrief.satisfaction.between", low=a, high=b) for a, b in pairwise(edges)]
    names.append(say("debrief.satisfaction.above", low=edges[-1]))
    if max(width_of(name, text) for name in names) > 0.97 * step:
        for k, edge in enumerate(edges):
            picture.text(
                frame.left + (k + 1) * step, frame.bottom + 1.15 * text, f"{edge}%", anchor="middle", fill=MUTED
            )
        return
    for band, name in enumerate(names):
        picture.text(frame.left + (band + 0.5) * step, frame.bottom + 1.15 * text, name, anchor="middle", fill=MUTED)
