"""Two panels over the periods: the value that all pairs created, and how many relationships were still alive."""

from __future__ import annotations

from simulator.markup import Markup
from simulator.reports.plots.words import first_upper
from simulator.workshop.debrief.amounts import Unit
from simulator.workshop.debrief.charts.canvas import Canvas, Frame, ticks
from simulator.workshop.debrief.charts.look import (
    ACCENT,
    CLIENT,
    INK,
    MUTED,
    ON_CLIENT,
    ON_VENDOR,
    PAPER,
    VENDOR,
    Size,
    width_of,
)
from simulator.workshop.debrief.charts.parts import key
from simulator.workshop.debrief.course import Course
from simulator.workshop.debrief.spoken import tidy
from simulator.workshop.words import Words

__all__ = ["draw_course"]


def draw_course(
    course: Course, unit: Unit, size: Size, say: Words, *, period: str, title: str, description: str
) -> Markup:
    """Draw both panels, one column per period."""
    text = size.text
    picture = Canvas(size, "periods", title, description, height=size.height * (1.35 if size.narrow else 1.0))
    low, high = min(0.0, float(course.gain.min())), max(float(course.best.max()), float(course.gain.max()), 0.0)
    room = (high - low) or 1.0
    ends = (low - 0.12 * room * (low < 0), high + 0.16 * room)
    marks = [(tick, tidy(tick / unit.divisor)) for tick in ticks(*ends, 4)]
    left = max([width_of(words, text) for _, words in marks] + [width_of("00", text)]) + 0.7 * text
    top = key(
        picture,
        [
            ("box", VENDOR, say("debrief.course.gains_axis", unit=unit.name or say("debrief.unit"))),
            ("dashed", ACCENT, say("debrief.course.best")),
        ],
    )
    split = picture.height - (4.9 if not size.narrow else 6.0) * text
    upper = Frame(left, top + 0.2 * text, picture.width - 2, split - 1.75 * text, (0, len(course.gain)), ends)
    upper.grid(picture, y=marks)
    step = (upper.right - upper.left) / len(course.gain)
    wide = min(0.62 * step, 5 * text)
    for t, gain in enumerate(course.gain):
        x = upper.left + (t + 0.5) * step
        y0, y1 = upper.y(0), upper.y(float(gain))
        picture.rect(x - wide / 2, y1, wide, y0 - y1, VENDOR)
        best = upper.y(float(course.best[t]))
        picture.line(
            x - 0.42 * step,
            best,
            x + 0.42 * step,
            best,
            ACCENT,
            stroke_width=size.line * 1.6,
            stroke_dasharray=f"{text / 3:.0f} {text / 4:.0f}",
        )
        words = unit.bare(float(gain))
        if width_of(words, text, bold=True) < 0.98 * step:
            inside = y0 - y1 > 1.5 * text
            y = y1 + 1.1 * text if inside else min(y1, y0) - 0.3 * text
            fill = ON_VENDOR if inside and width_of(words, text, bold=True) < wide else INK
            if inside and fill == INK:
                y = y1 - 0.3 * text
            picture.text(x, y, words, anchor="middle", bold=True, fill=fill, halo=fill == INK)
    picture.line(upper.left, upper.y(0), upper.right, upper.y(0), INK, stroke_width=size.line)
    _alive(picture, course, upper, split, step, wide, say)
    every = 1
    names = [say("debrief.course.tick", period=first_upper(period), n=t + 1) for t in range(len(course.gain))]
    if max(width_of(name, text) for name in names) > 0.96 * step:
        names = [str(t + 1) for t in range(len(course.gain))]
        every = int(max(width_of(name, text) for name in names) * 1.3 // step) + 1
        names[0] = names[0] if len(names) > 1 else first_upper(period)
    for t in range(0, len(names), every):
        picture.text(upper.left + (t + 0.5) * step, split - 0.45 * text, names[t], anchor="middle", fill=MUTED)
    return picture.svg()


def _alive(picture: Canvas, course: Course, upper: Frame, split: float, step: float, wide: float, say: Words) -> None:
    """Columns of relationships in each period; those matched anew on top, hatched."""
    text = picture.size.text
    anew = bool(course.later.any())
    hatch = picture.hatch("lines", CLIENT, ON_CLIENT)
    entries = [("box", CLIENT, say("debrief.course.pairs_axis"))]
    if anew:
        entries = [("box", CLIENT, say("debrief.course.first_pairs")), ("box", hatch, say("debrief.course.anew"))]
    after = key(picture, entries, split + 0.15 * text)
    most = max(1, int((course.first + course.later).max()))
    base, tall = picture.height - 2.0, picture.height - after - 1.35 * text
    for t in range(len(course.gain)):
        x = upper.left + (t + 0.5) * step
        first, later = int(course.first[t]), int(course.later[t])
        y = base
        for count, fill in ((first, CLIENT), (later, hatch)):
            if count:
                height = max(2.0, tall * count / most)
                picture.rect(x - wide / 2, y - height, wide, height, fill, stroke=PAPER, stroke_width=1)
                y -= height
        words = f"{first} + {later}" if later else str(first)
        if width_of(words, text, bold=True) > 0.98 * step:
            words = str(first + later)
        if width_of(words, text, bold=True) < 0.98 * step:
            picture.text(x, y - 0.25 * text, words, anchor="middle", bold=True, halo=True)
    picture.line(upper.left, base, upper.right, base, INK, stroke_width=picture.size.line)
