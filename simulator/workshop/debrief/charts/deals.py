"""The class scatter: every agreed deal in both sides' values, with frontier, solution points and the no-deal corner."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulator.markup import Markup
from simulator.workshop.debrief.charts.canvas import Canvas, Frame, ticks
from simulator.workshop.debrief.charts.look import ACCENT, INK, MUTED, PAPER, ZONE, Size, width_of
from simulator.workshop.debrief.charts.parts import key
from simulator.workshop.debrief.deals import Cloud, Spot
from simulator.workshop.debrief.spoken import tidy
from simulator.workshop.words import Words

__all__ = ["Bubble", "bubbles_of", "draw_deals"]

LARGEST, PITCH = 1.1, 1.9  # radius of the most frequent outcome and pitch of the honeycomb, in heights of text


def draw_deals(cloud: Cloud, size: Size, say: Words, *, unit: str, title: str, description: str) -> Markup:
    """Draw the scatter; `unit`: "k$ per year"."""
    picture = Canvas(size, "deals", title, description)
    text = size.text
    other = "dominated" if cloud.negotiated else "dominated_outcome"
    top = key(
        picture,
        [("circle", ACCENT, say("debrief.deals.best")), ("open-circle", ACCENT, say(f"debrief.deals.{other}"))],
    )
    frame = _frame(picture, cloud, top)
    picture.add(
        "clipPath",
        f'<rect x="{frame.left:.1f}" y="{frame.top:.1f}" width="{frame.right - frame.left:.1f}" '
        f'height="{frame.bottom - frame.top:.1f}"/>',
        id=f"{picture.id}-clip",
    )
    x0, y0 = frame.x(cloud.outside[0]), frame.y(cloud.outside[1])
    picture.rect(x0, frame.top, frame.right - x0, y0 - frame.top, ZONE)
    hull = _hull(cloud.space)
    if len(hull) > 2:
        said = " ".join(f"{frame.x(a):.1f},{frame.y(b):.1f}" for a, b in hull)
        picture.add("polygon", points=said, fill=MUTED, fill_opacity=0.1, clip_path=f"url(#{picture.id}-clip)")
    _axes(picture, frame, cloud, say, unit)
    edge = [(frame.x(a), frame.y(b)) for a, b in cloud.frontier]
    if len(edge) > 1:
        picture.polyline(edge, INK, clip_path=f"url(#{picture.id}-clip)")
    bubbles = _bubbles(picture, frame, cloud)
    _named(picture, frame, cloud, say, bubbles)
    if cloud.negotiated and len(edge) > 1:
        inside = [at for at in edge if frame.left <= at[0] <= frame.right and frame.top <= at[1] <= frame.bottom]
        for at in inside:
            if picture.label(*at, say("debrief.deals.frontier"), gap=0.5 * text, must=False, fill=MUTED):
                break
    _outside(picture, frame, cloud, say)
    return picture.svg()


def _frame(picture: Canvas, cloud: Cloud, top: float) -> Frame:
    size = picture.size
    text = size.text
    seen = [cloud.outside, *((spot.vendor, spot.client) for spot in cloud.spots)]
    seen += [point for point in (cloud.nash, cloud.equal) if point is not None]
    edge = cloud.frontier
    good = (
        edge[(edge[:, 0] >= cloud.outside[0]) & (edge[:, 1] >= cloud.outside[1])] if cloud.negotiated else cloud.space
    )
    seen += [(float(a), float(b)) for a, b in good]
    values = np.array(seen, dtype=np.float64)
    (low_x, low_y), (high_x, high_y) = values.min(axis=0), values.max(axis=0)
    room_x, room_y = (high_x - low_x) or 1.0, (high_y - low_y) or 1.0
    ends_x, ends_y = (low_x - 0.12 * room_x, high_x + 0.1 * room_x), (low_y - 0.14 * room_y, high_y + 0.12 * room_y)
    widest = max(width_of(tidy(tick), text) for tick in ticks(*ends_y, 5))
    return Frame(
        widest + 0.6 * text, top + 1.5 * text, picture.width - 0.3 * text, picture.height - 2.6 * text, ends_x, ends_y
    )


def _axes(picture: Canvas, frame: Frame, cloud: Cloud, say: Words, unit: str) -> None:
    text = picture.size.text
    many = 4 if picture.size.narrow else 7
    x = [(tick, tidy(tick)) for tick in ticks(*frame._x, many)]
    y = [(tick, tidy(tick)) for tick in ticks(*frame._y, 5)]
    frame.grid(picture, x, y, lines=False)
    picture.take(0, frame.top, frame.left + 0.2 * text, frame.bottom)  # the numbers of the axes
    picture.take(0, frame.bottom + 0.35 * text, picture.width, picture.height)
    picture.take(0, 0, picture.width, frame.top)  # what the marks mean
    x0, y0 = frame.x(cloud.outside[0]), frame.y(cloud.outside[1])
    look = {"stroke_dasharray": f"{text / 3:.0f} {text / 4:.0f}", "stroke_width": picture.size.line}
    picture.line(x0, frame.top, x0, frame.bottom, INK, **look)
    picture.line(frame.left, y0, frame.right, y0, INK, **look)
    picture.take(x0 - 2, frame.top, x0 + 2, frame.bottom)
    picture.take(frame.left, y0 - 2, frame.right, y0 + 2)
    bottom = picture.height - 0.35 * text
    picture.text(frame.right, bottom, say("debrief.deals.vendor_axis", unit=unit), anchor="end", take=True)
    picture.text(0, frame.top - 0.5 * text, say("debrief.deals.client_axis", unit=unit), take=True)


def _outside(picture: Canvas, frame: Frame, cloud: Cloud, say: Words) -> None:
    text = picture.size.text
    if picture.size.narrow:
        return
    x0, y0 = frame.x(cloud.outside[0]), frame.y(cloud.outside[1])
    gap = 0.35 * text
    picture.place(
        [
            (x0 + side * gap, at, anchor)
            for at in (frame.bottom - gap, frame.top + 0.9 * text)
            for side, anchor in ((1, "start"), (-1, "end"))
        ],
        say("debrief.deals.outside_vendor"),
        fill=MUTED,
    )
    picture.place(
        [
            (x, y, anchor)
            for x, anchor in ((frame.right - gap, "end"), (frame.left + gap, "start"))
            for y in (y0 - gap, y0 + 0.95 * text)
        ],
        say("debrief.deals.outside_client"),
        fill=MUTED,
    )


@dataclass(frozen=True)
class Bubble:
    """Outcomes drawn as one: centre and radius in pixels, how many, and how many of them nothing betters."""

    x: float
    y: float
    r: float
    count: int
    best: int
    name: str = ""


def bubbles_of(spots: Sequence[Spot], frame: Frame, text: float) -> list[Bubble]:
    """The outcomes where they lie, areas in proportion to the counts; in cells of a honeycomb where they overlap."""
    exact = [(frame.x(s.vendor), frame.y(s.client), s.count, s.count * s.best, s.name) for s in spots]
    found = _sized(exact, text, LARGEST * text)
    return _sized(_cells(exact, PITCH * text), text, 0.5 * PITCH * text) if _crowded(found) else found


def _sized(places: Sequence[tuple[float, float, int, int, str]], text: float, largest: float) -> list[Bubble]:
    most = max((place[2] for place in places), default=1)
    unit = largest / math.sqrt(max(most, 6))
    return [
        Bubble(x, y, max(0.26 * text, unit * math.sqrt(count)), count, best, name) for x, y, count, best, name in places
    ]


def _cells(
    places: Sequence[tuple[float, float, int, int, str]], pitch: float
) -> list[tuple[float, float, int, int, str]]:
    """Counts in a honeycomb of cells, each where its outcomes lie on average."""
    high = pitch * math.sqrt(3) / 2
    cells: dict[tuple[int, int], list[float]] = {}
    for x, y, count, best, _ in places:
        near = []
        for row in (math.floor(y / high), math.floor(y / high) + 1):
            shift = 0.5 * (row % 2)
            column = round(x / pitch - shift)
            near.append((math.hypot((column + shift) * pitch - x, row * high - y), row, column))
        _, row, column = min(near)
        cell = cells.setdefault((row, column), [0.0] * 4)
        for k, value in enumerate((count, best, count * x, count * y)):
            cell[k] += value
    return [(x / count, y / count, int(count), int(best), "") for _, (count, best, x, y) in sorted(cells.items())]


def _crowded(bubbles: Sequence[Bubble]) -> bool:
    """Whether more than a tenth of the bubbles cover a good part of another one."""
    if len(bubbles) < 2:
        return False
    places, radii = np.array([(b.x, b.y) for b in bubbles]), np.array([b.r for b in bubbles])
    apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)) + np.eye(len(places)) * 1e9
    return bool(np.mean((apart < 0.75 * np.add.outer(radii, radii)).any(axis=1)) > 0.1)


def _bubbles(picture: Canvas, frame: Frame, cloud: Cloud) -> list[Bubble]:
    """Draw the outcomes: a ring, filled as far as nothing betters them."""
    text = picture.size.text
    bubbles = sorted(bubbles_of(cloud.spots, frame, text), key=lambda bubble: -bubble.r)
    for one in bubbles:
        solid = one.best == one.count
        rim = {"stroke": PAPER if solid else ACCENT, "stroke_width": picture.size.line}
        picture.mark("circle", one.x, one.y, one.r, ACCENT if solid else PAPER, **rim)
        if 0 < one.best < one.count:
            picture.mark("circle", one.x, one.y, one.r * math.sqrt(one.best / one.count), ACCENT)
        picture.take(one.x - one.r, one.y - one.r, one.x + one.r, one.y + one.r)
        words = str(one.count)
        if one.count > 1 and one.r > 0.55 * text and width_of(words, text) < 1.95 * one.r:
            mixed = 0 < one.best < one.count
            picture.text(
                one.x, one.y + 0.35 * text, words, anchor="middle", bold=True, fill=PAPER if solid else INK, halo=mixed
            )
        if one.name:
            picture.label(one.x, one.y, one.name, gap=one.r + 0.2 * text, must=False)
    return bubbles


def _named(picture: Canvas, frame: Frame, cloud: Cloud, say: Words, bubbles: Sequence[Bubble]) -> None:
    text = picture.size.text
    r = 0.38 * text
    x, y = frame.x(cloud.outside[0]), frame.y(cloud.outside[1])
    labels = []  # once all marks are there: no label may cover one
    if cloud.negotiated:
        picture.mark("cross", x, y, r * 1.3, INK, stroke=PAPER, stroke_width=1.5)
        picture.take(x - r, y - r, x + r, y + r)
        words = say("debrief.deals.no_deal", count=cloud.none, n=cloud.none)
        labels.append((x, y, words, r + 0.25 * text, cloud.none > 0))
    named = {cloud.nash: "debrief.deals.nash", cloud.equal: "debrief.deals.equal"}
    if cloud.nash is not None and cloud.nash == cloud.equal:
        named = {cloud.nash: "debrief.deals.nash_equal"}
    for point, name in named.items():
        if point is None:
            continue
        x, y = frame.x(point[0]), frame.y(point[1])
        # Round a bubble that lies there, so that its number stays readable.
        r = max([0.4 * text, *(1.2 * one.r for one in bubbles if math.hypot(one.x - x, one.y - y) < 0.5 * one.r)])
        shape = "diamond" if name != "debrief.deals.equal" else "square"
        for colour, width in ((PAPER, 7), (INK, 3)):
            picture.mark(shape, x, y, r, "none", stroke=colour, stroke_width=width * text / 28)
        picture.take(x - r, y - r, x + r, y + r)
        labels.append((x, y, say(name), 1.3 * r + 0.25 * text, True))
    for x, y, words, gap, bold in labels:
        picture.label(x, y, words, gap=gap, bold=bold)


def _hull(values: object) -> list[tuple[float, float]]:
    """Corners of the smallest convex area with all points (Andrew's monotone chain)."""
    points = sorted({(float(a), float(b)) for a, b in np.asarray(values)})

    def half(ordered: list[tuple[float, float]]) -> list[tuple[float, float]]:
        chain: list[tuple[float, float]] = []
        for p in ordered:
            while len(chain) > 1:
                (ax, ay), (bx, by) = chain[-2], chain[-1]
                if (bx - ax) * (p[1] - ay) - (by - ay) * (p[0] - ax) > 0:
                    break
                chain.pop()
            chain.append(p)
        return chain[:-1]

    return half(points) + half(points[::-1])
