"""Captured by the vendor, by the client, and left on the table: one stacked column per pair, the best pair first."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.markup import Markup
from simulator.workshop.debrief.account import Account
from simulator.workshop.debrief.amounts import Unit, unit_of
from simulator.workshop.debrief.charts.canvas import Canvas, Frame, ticks
from simulator.workshop.debrief.charts.look import (
    CLIENT,
    INK,
    LEFT,
    MUTED,
    ON_CLIENT,
    ON_VENDOR,
    PAPER,
    VENDOR,
    Size,
    width_of,
)
from simulator.workshop.debrief.charts.parts import Entry, key
from simulator.workshop.debrief.spoken import tidy
from simulator.workshop.words import Words

__all__ = ["draw_captured"]

WIDEST = 4.5  # of a column, in heights of text
GAP = 0.22  # between columns, in widths of a column


def draw_captured(
    accounts: Sequence[Account],
    parts: tuple[int, int, int] | None,
    size: Size,
    say: Words,
    *,
    currency: str,
    period: str,
    title: str,
    description: str,
) -> Markup:
    """Draw the columns; `parts`: the class's per cent, said in the key."""
    picture = Canvas(size, "captured", title, description)
    text = size.text
    entries = _entries(picture, parts, say)
    amounts = [amount for one in accounts for amount in (one.vendor, one.client, one.possible, one.created)]
    unit = unit_of(amounts, currency)
    high = max(
        [one.possible for one in accounts]
        + [max(one.vendor, 0) + max(one.client, 0) + max(one.left, 0) for one in accounts]
    )
    low = min([0.0] + [min(one.vendor, 0) + min(one.client, 0) for one in accounts])
    room = (high - low) or 1.0
    ends = (low - (0.04 * room if low < 0 else 0), high + 0.03 * room)
    marks = [(tick, tidy(tick / unit.divisor)) for tick in ticks(*ends, 5)]
    left = max(width_of(words, text) for _, words in marks) + 0.7 * text
    top = key(picture, entries) + 1.45 * text
    frame = Frame(left, top, picture.width - 2, picture.height - 1.5 * text, (0, 1), ends)
    picture.text(
        0, top - 0.45 * text, say("debrief.captured.axis", unit=unit.name or say("debrief.unit"), period=period)
    )
    frame.grid(picture, y=marks)
    widest = max(WIDEST, 22 / max(1, len(accounts))) * text if len(accounts) > 1 else 9 * text
    later = next((k for k, one in enumerate(accounts) if not one.first), len(accounts))
    gap = 1.0 if 0 < later < len(accounts) else 0.0
    step = min((frame.right - frame.left) / max(1, len(accounts) + gap), widest)
    picture.hatch_step = min(picture.hatch_step, max(4.0, step / 3))
    fills = _fills(picture)
    for k, one in enumerate(accounts):
        _column(
            picture, frame, one, frame.left + (k + gap * (k >= later) + GAP / 2) * step, (1 - GAP) * step, fills, unit
        )
    picture.line(frame.left, frame.y(0), frame.right, frame.y(0), INK, stroke_width=size.line)
    _names(picture, frame, accounts, step, (later, gap), say)
    return picture.svg()


def _fills(picture: Canvas) -> tuple[str, str, str]:
    return VENDOR, picture.hatch("lines", CLIENT, ON_CLIENT), picture.hatch("dots", PAPER, LEFT)


def _entries(picture: Canvas, parts: tuple[int, int, int] | None, say: Words) -> list[Entry]:
    entries = []
    for name, fill, k in zip(("vendor", "client", "left"), _fills(picture), range(3), strict=True):
        words = say(f"debrief.captured.{name}")
        if parts is not None:
            words = say("debrief.captured.key", name=words, percent=tidy(parts[k]))
        entries.append(("box", fill, words))
    return entries


def _column(
    picture: Canvas, frame: Frame, one: Account, x: float, width: float, fills: Sequence[str], unit: Unit
) -> None:
    text = picture.size.text
    up = down = 0.0
    edge = INK if width > 0.35 * text else "none"
    for value, fill, ink in (
        (one.vendor, fills[0], ON_VENDOR),
        (one.client, fills[1], ON_CLIENT),
        (one.left, fills[2], INK),
    ):
        if value < 0 and fill == fills[2]:  # more than could be expected: nothing was left
            continue
        start = up if value >= 0 else down
        y0, y1 = frame.y(start), frame.y(start + value)
        picture.rect(x, y1, width, y0 - y1, fill, stroke=edge, stroke_width=1)
        words = unit.bare(value)
        if abs(y0 - y1) > 1.35 * text and width > width_of(words, text, bold=True) + 0.5 * text:
            middle = (y0 + y1) / 2
            if fill != fills[0]:
                half = width_of(words, text, bold=True) / 2 + 0.2 * text
                ground = CLIENT if fill == fills[1] else PAPER
                picture.rect(x + width / 2 - half, middle - 0.55 * text, 2 * half, 1.1 * text, ground, rx=3)
            picture.text(x + width / 2, middle + 0.35 * text, words, anchor="middle", bold=True, fill=ink)
        if value >= 0:
            up += value
        else:
            down += value


def _names(
    picture: Canvas, frame: Frame, accounts: Sequence[Account], step: float, groups: tuple[int, float], say: Words
) -> None:
    """Numbers of the pairs, as many as there is room for, the first and the last of each group in any case."""
    text = picture.size.text
    y = picture.height - 0.3 * text
    later, gap = groups
    words = [say("debrief.captured.pair", n=one.pair.number) for one in accounts]
    if max((width_of(word, text) for word in words), default=0) > 0.95 * step:
        words = [str(one.pair.number) for one in accounts]
    places = [frame.left + (k + gap * (k >= later) + 0.5) * step for k in range(len(words))]
    last = len(words) - 1
    order = [k for k in dict.fromkeys((0, last, later, later - 1)) if 0 <= k <= last]
    order += [k for k in range(len(words)) if k not in order]
    taken: list[tuple[float, float]] = []
    for k in order:
        half = width_of(words[k], text) / 2 + 0.25 * text
        x = min(max(places[k], half), picture.width - half)
        if all(x + half <= a or x - half >= b for a, b in taken):
            picture.text(x, y, words[k], anchor="middle")
            taken.append((x - half, x + half))
    if gap:
        x = frame.left + (later + 0.5) * step
        picture.line(x, frame.top - 0.3 * text, x, frame.bottom + 0.3 * text, MUTED, stroke_dasharray="4 4")
        said = say("debrief.captured.anew")
        fits = x + width_of(said, text) < picture.width
        picture.text(
            x + 0.3 * text if fits else picture.width,
            frame.top - 0.45 * text,
            said,
            anchor="start" if fits else "end",
            fill=MUTED,
            halo=True,
        )
