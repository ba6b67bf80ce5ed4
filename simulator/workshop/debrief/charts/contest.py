"""What was bid for each client: the winner's bid, and on top of it what those who lost spent or had offered."""

from __future__ import annotations

from simulator.markup import Markup
from simulator.workshop.debrief.amounts import unit_of
from simulator.workshop.debrief.charts.canvas import Canvas, Frame, ticks
from simulator.workshop.debrief.charts.look import ACCENT, INK, PAPER, VENDOR, Size, width_of
from simulator.workshop.debrief.charts.parts import key
from simulator.workshop.debrief.contest import Contest
from simulator.workshop.debrief.spoken import tidy
from simulator.workshop.words import Words

__all__ = ["draw_contest"]


def draw_contest(contest: Contest, size: Size, say: Words, *, currency: str, title: str, description: str) -> Markup:
    """Draw a column for each client, the dearest first."""
    picture = Canvas(size, "contest", title, description)
    text = size.text
    groups = sorted(contest.groups, key=lambda group: -(group.won + group.lost))
    high = max([group.won + group.lost for group in groups] + [1e-9])
    unit = unit_of([high], currency)
    burned = contest.kind == "effort"
    hatch = picture.hatch("lines", PAPER, ACCENT) if burned else PAPER
    names = ("won", "lost") if burned else ("cut", "offered")
    top = key(
        picture,
        [("box", VENDOR, say(f"debrief.contest.{names[0]}")), ("box", hatch, say(f"debrief.contest.{names[1]}"))],
    )
    top += 1.45 * text
    marks = [(tick, tidy(tick / unit.divisor)) for tick in ticks(0, 1.05 * high, 5)]
    left = max(width_of(words, text) for _, words in marks) + 0.7 * text
    frame = Frame(left, top, picture.width - 2, picture.height - 1.5 * text, (0, 1), (0, 1.05 * high))
    picture.text(0, top - 0.45 * text, say("debrief.contest.axis", unit=unit.name or say("debrief.unit")))
    frame.grid(picture, y=marks)
    step = min((frame.right - frame.left) / len(groups), 5 * text)
    free = -1.0
    for k, group in enumerate(groups):
        x, width = frame.left + (k + 0.12) * step, 0.76 * step
        for start, value, fill in ((0.0, group.won, VENDOR), (group.won, group.lost, hatch)):
            y0, y1 = frame.y(start), frame.y(start + value)
            picture.rect(x, y1, width, y0 - y1, fill, stroke=INK, stroke_width=1)
        words = say("debrief.contest.group", n=group.number) if k == 0 else str(group.number)
        if width_of(say("debrief.contest.group", n=group.number), text) < 0.95 * step:
            words = say("debrief.contest.group", n=group.number)
        half = width_of(words, text) / 2
        at = max(x + width / 2, half)
        if at - half >= free and at + half <= picture.width:
            picture.text(at, picture.height - 0.3 * text, words, anchor="middle")
            free = at + half + 0.3 * text
    picture.line(frame.left, frame.bottom, frame.right, frame.bottom, INK, stroke_width=size.line)
    return picture.svg()
