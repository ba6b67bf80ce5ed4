"""The class scatter: every agreed deal in both sides' values, with frontier, solution points and the no-deal corner."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from simulator.markup import Markup
from simulator.workshop.debrief.charts.canvas import Canvas, Frame, ticks
from simulator.workshop.debrief.charts.look import ACCENT, INK, MUTED, PAPER, ZONE, Size, width_of
from simulator.workshop.debrief.charts.parts import key
from simulator.workshop.debrief.deals import Cloud, Spot
from simulator.workshop.debrief.spoken import tidy
from simulator.workshop.words import Words

__all__ = ["draw_deals", "merged"]

LARGEST = 1.1  # radius of the most frequent outcome, in heights of text


def draw_deals(cloud: Cloud, size: Size, say: Words, *, unit: str, title: str, description: str) -> Markup:
    """Draw the scatter; `unit`: "k$ per year"."""
    picture = Canvas(size, "deals", title, description)
    text = size.text
    top = key(
        picture,
        [("circle", ACCENT, say("debrief.deals.best")), ("open-circle", ACCENT, say("debrief.deals.dominated"))],
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
    spots = _bubbles(picture, frame, cloud)
    _named(picture, frame, cloud, say, spots)
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


def merged(spots: Sequence[Spot], frame: Frame, near: float) -> list[tuple[float, float, int, bool, str]]:
    """Outcomes in pixels; those nearer than `near` to a more frequent one of their kind are counted with it."""
    found: list[tuple[float, float, int, bool, str]] = []
    for spot in spots:
        x, y = frame.x(spot.vendor), frame.y(spot.client)
        for k, (a, b, count, best, name) in enumerate(found):
            if best == spot.best and math.hypot(a - x, b - y) < near:
                found[k] = (a, b, count + spot.count, best, name)
                break
        else:
            found.append((x, y, spot.count, spot.best, spot.name))
    return found


def _bubbles(picture: Canvas, frame: Frame, cloud: Cloud) -> list[tuple[float, float, float]]:
    """Draw the outcomes; centre and radius of each."""
    text = picture.size.text
    near, spots = 0.3 * text, merged(cloud.spots, frame, 0.3 * text)
    radii = _radii(spots, text)
    while near < 3 * text and _crowded(spots, radii):
        near *= 1.2
        spots = merged(cloud.spots, frame, near)
        radii = _radii(spots, text)
    drawn = []
    for (x, y, count, best, name), r in sorted(zip(spots, radii, strict=True), key=lambda item: -item[1]):
        drawn.append((x, y, r))
        look = {"stroke": PAPER if best else ACCENT, "stroke_width": picture.size.line}
        picture.mark("circle", x, y, r, ACCENT if best else PAPER, fill_opacity=0.9, **look)
        picture.take(x - r, y - r, x + r, y + r)
        if count > 1 and width_of(str(count), text) < 2.1 * r:
            picture.text(x, y + 0.35 * text, str(count), anchor="middle", bold=True, fill=PAPER if best else INK)
        if name:
            picture.label(x, y, name, gap=r + 0.2 * text, must=False)
    return drawn


def _radii(spots: Sequence[tuple[float, float, int, bool, str]], text: float) -> list[float]:
    """Areas in proportion to the counts, the largest of a size that does not cover its neighbours."""
    most = max((count for _, _, count, _, _ in spots), default=1)
    unit = LARGEST * text / math.sqrt(max(most, 8))
    return [max(0.28 * text, unit * math.sqrt(count)) for _, _, count, _, _ in spots]


def _crowded(spots: Sequence[tuple[float, float, int, bool, str]], radii: Sequence[float]) -> bool:
    """Whether more than a tenth of the bubbles cover a good part of another one."""
    places = np.array([spot[:2] for spot in spots])
    if len(places) < 2:
        return False
    apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)) + np.eye(len(places)) * 1e9
    return bool(np.mean((apart < 0.75 * np.add.outer(radii, radii)).any(axis=1)) > 0.1)


def _named(
    picture: Canvas, frame: Frame, cloud: Cloud, say: Words, spots: Sequence[tuple[float, float, float]]
) -> None:
    text = picture.size.text
    r = 0.38 * text
    x, y = frame.x(cloud.outside[0]), frame.y(cloud.outside[1])
    if cloud.negotiated:
        picture.mark("cross", x, y, r * 1.3, INK, stroke=PAPER, stroke_width=1.5)
        picture.take(x - r, y - r, x + r, y + r)
        words = say("debrief.deals.no_deal", count=cloud.none, n=cloud.none)
        picture.label(x, y, words, gap=r + 0.25 * text, bold=cloud.none > 0)
    named = {cloud.nash: "debrief.deals.nash", cloud.equal: "debrief.deals.equal"}
    if cloud.nash is not None and cloud.nash == cloud.equal:
        named = {cloud.nash: "debrief.deals.nash_equal"}
    for point, name in named.items():
        if point is None:
            continue
        x, y = frame.x(point[0]), frame.y(point[1])
        # Round a bubble that lies there, so that its number stays readable.
        r = max([0.4 * text, *(1.2 * radius for a, b, radius in spots if math.hypot(a - x, b - y) < radius)])
        shape = "diamond" if name != "debrief.deals.equal" else "square"
        for colour, width in ((PAPER, 7), (INK, 3)):
            picture.mark(shape, x, y, r, "none", stroke=colour, stroke_width=width * text / 28)
        picture.label(x, y, say(name), gap=1.3 * r + 0.25 * text, bold=True)


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
