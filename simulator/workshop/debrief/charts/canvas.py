"""A picture in the making: shapes and texts in pixels, written as one accessible inline SVG.

Everything from outside (titles, names) is escaped here. Texts stay texts; hatches are patterns with ids of their own,
so that several pictures can stand in one page.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape

from simulator.markup import Markup
from simulator.workshop.debrief.charts.look import GRID, INK, LEFT, MUTED, PAPER, Size, width_of

__all__ = ["Canvas", "Frame", "ticks"]

HATCHES = ("lines", "dots")


class Canvas:
    """A picture of a size, with a title and a description for those who do not see it.

    Examples
    --------
    >>> from simulator.workshop.debrief.charts.look import PHONE
    >>> picture = Canvas(PHONE, "deals", "Deals", "Nobody agreed.")
    >>> picture.text(10, 20, "a < b")
    >>> '>a &lt; b</text>' in picture.svg()
    True
    """

    def __init__(self, size: Size, key: str, title: str, description: str, *, height: float | None = None) -> None:
        self.size, self.title, self.description = size, title, description
        self.id = f"debrief-{key}-{size.name}"
        self.width, self.height = float(size.width), float(height or size.height)
        self.hatch_step = max(6.0, size.text / 2.6)
        self._parts: list[str] = []
        self._hatches: dict[tuple[str, str, str], str] = {}
        self.taken: list[tuple[float, float, float, float]] = []  # boxes that labels keep clear of

    # -- shapes ------------------------------------------------------------------------------------------------------

    def add(self, tag: str, content: str = "", /, **attributes: object) -> None:
        """An element; numbers are written with one decimal."""
        said = "".join(f' {name.rstrip("_").replace("_", "-")}="{_value(value)}"' for name, value in attributes.items())
        self._parts.append(f"<{tag}{said}>{content}</{tag}>" if content else f"<{tag}{said}/>")

    def rect(self, x: float, y: float, width: float, height: float, fill: str, **look: object) -> None:
        """A rectangle; one of negative height or width is turned round."""
        if height < 0:
            y, height = y + height, -height
        if width < 0:
            x, width = x + width, -width
        self.add("rect", "", x=x, y=y, width=width, height=height, fill=fill, **look)

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: str = INK, **look: object) -> None:
        """A straight line."""
        look.setdefault("stroke_width", self.size.line / 2)
        self.add("line", "", x1=x1, y1=y1, x2=x2, y2=y2, stroke=colour, **look)

    def polyline(self, points: Iterable[tuple[float, float]], colour: str, **look: object) -> None:
        """Joined straight lines."""
        look.setdefault("stroke_width", self.size.line)
        look.setdefault("fill", "none")
        said = " ".join(f"{_value(x)},{_value(y)}" for x, y in points)
        self.add("polyline", "", points=said, stroke=colour, stroke_linejoin="round", **look)

    def mark(self, shape: str, x: float, y: float, r: float, fill: str, **look: object) -> None:
        """A mark of about the radius `r`: circle, diamond, up, down, cross, star or square."""
        if shape == "circle":
            self.add("circle", "", cx=x, cy=y, r=r, fill=fill, **look)
            return
        if shape == "star":
            radii = [(1.35 if k % 2 == 0 else 0.55) * r for k in range(10)]
            corners = [
                (radius * math.sin(math.pi * k / 5), -radius * math.cos(math.pi * k / 5))
                for k, radius in enumerate(radii)
            ]
        else:
            corners = [(a * r, b * r) for a, b in _SHAPES[shape]]
        self.add(
            "polygon", "", points=" ".join(f"{_value(x + a)},{_value(y + b)}" for a, b in corners), fill=fill, **look
        )

    def hatch(self, kind: str, ground: str, ink: str) -> str:
        """The fill of a hatched part: "lines" or "dots" of `ink` on `ground`."""
        name = self._hatches.setdefault((kind, ground, ink), f"{self.id}-h{len(self._hatches)}")
        return f"url(#{name})"

    # -- texts -------------------------------------------------------------------------------------------------------

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float | None = None,
        anchor: str = "start",
        bold: bool = False,
        fill: str = INK,
        halo: bool = False,
        take: bool = False,
    ) -> None:
        """A text whose baseline is at y; `halo`: with a rim of paper, `take`: other labels keep clear of it."""
        if not words:
            return
        size = self.size.text if size is None else size
        look: dict[str, object] = {"x": x, "y": y, "font_size": size, "fill": fill}
        if anchor != "start":
            look["text_anchor"] = anchor
        if bold:
            look["font_weight"] = 700
        if halo:
            look |= {"stroke": PAPER, "stroke_width": size / 5, "paint_order": "stroke", "stroke_linejoin": "round"}
        self.add("text", escape(words), **look)
        if take:
            self.taken.append(_box(x, y, words, size, anchor, bold=bold))

    def label(
        self,
        x: float,
        y: float,
        words: str,
        *,
        gap: float,
        size: float | None = None,
        bold: bool = False,
        must: bool = True,
        fill: str = INK,
    ) -> bool:
        """A text beside a point where there is room; without room it is left out unless it must be."""
        size = self.size.text if size is None else size
        spots = [
            (x + dx * gap, y + dy * gap + size * (0.35 if dy == 0 else 0.75 if dy > 0 else -0.05), anchor)
            for dx, dy, anchor in _AROUND
        ]
        return self.place(spots, words, size=size, bold=bold, must=must, fill=fill)

    def place(
        self,
        spots: Sequence[tuple[float, float, str]],
        words: str,
        *,
        size: float | None = None,
        bold: bool = False,
        must: bool = True,
        fill: str = INK,
    ) -> bool:
        """A text at the first of some places (x, baseline, anchor) that is free, else at the least crowded one."""
        size = self.size.text if size is None else size
        best, fewest = None, math.inf
        for spot in spots:
            box = _box(spot[0], spot[1], words, size, spot[2], bold=bold)
            if box[0] < 0 or box[2] > self.width or box[1] < 0 or box[3] > self.height:
                continue
            hit = sum(_common(box, other) for other in self.taken)
            if hit < fewest:
                best, fewest = spot, hit
        if best is None or (fewest > 0 and not must):
            return False
        self.text(best[0], best[1], words, size=size, anchor=best[2], bold=bold, fill=fill, halo=True, take=True)
        return True

    def lines(self, x: float, y: float, lines: Sequence[str], *, step: float = 1.2, **look: object) -> float:
        """Texts below each other from the baseline y on; where the next one would stand."""
        size = float(look.get("size") or self.size.text)  # type: ignore[arg-type]
        for line in lines:
            self.text(x, y, line, **look)  # type: ignore[arg-type]
            y += step * size
        return y

    def take(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Keep a box free of labels."""
        self.taken.append((min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)))

    # -- the whole ---------------------------------------------------------------------------------------------------

    def svg(self) -> Markup:
        """The picture."""
        hatches = "".join(self._pattern(name, *look) for look, name in self._hatches.items())
        title, told = escape(self.title), escape(self.description)
        defs = f"<defs>{hatches}</defs>" if hatches else ""
        return Markup(
            f'<svg xmlns="http://www.w3.org/2000/svg" class="debrief-chart" role="img" '
            f'viewBox="0 0 {_value(self.width)} {_value(self.height)}" aria-labelledby="{self.id}-t {self.id}-d">'
            f'<title id="{self.id}-t">{title}</title><desc id="{self.id}-d">{told}</desc>{defs}'
            f"{''.join(self._parts)}</svg>"
        )

    def _pattern(self, name: str, kind: str, ground: str, ink: str) -> str:
        step = self.hatch_step
        if kind == "lines":
            turned = ' patternTransform="rotate(45)"'
            drawn = f'<rect width="{step / 3.5:.1f}" height="{step:.1f}" fill="{ink}"/>'
        else:
            turned = ""
            drawn = f'<circle cx="{step / 2:.1f}" cy="{step / 2:.1f}" r="{step / 6:.1f}" fill="{ink}"/>'
        return (
            f'<pattern id="{name}" width="{step:.1f}" height="{step:.1f}" patternUnits="userSpaceOnUse"{turned}>'
            f'<rect width="{step:.1f}" height="{step:.1f}" fill="{ground}"/>{drawn}</pattern>'
        )


_SHAPES = {
    "diamond": ((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)),
    "up": ((0, -1.2), (1.1, 0.8), (-1.1, 0.8)),
    "down": ((0, 1.2), (1.1, -0.8), (-1.1, -0.8)),
    "square": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    "cross": (
        (-1, -0.55),
        (-0.55, -1),
        (0, -0.45),
        (0.55, -1),
        (1, -0.55),
        (0.45, 0),
        (1, 0.55),
        (0.55, 1),
        (0, 0.45),
        (-0.55, 1),
        (-1, 0.55),
        (-0.45, 0),
    ),
}
_AROUND = (
    (1, 0, "start"),
    (-1, 0, "end"),
    (0, -1, "middle"),
    (0, 1, "middle"),
    (0.7, -0.7, "start"),
    (-0.7, -0.7, "end"),
    (0.7, 0.7, "start"),
    (-0.7, 0.7, "end"),
    (1, -2, "start"),
    (-1, -2, "end"),
    (1, 2, "start"),
    (-1, 2, "end"),
    (2.5, -3.5, "start"),
    (-2.5, -3.5, "end"),
    (2.5, 3.5, "start"),
    (-2.5, 3.5, "end"),
)


def _value(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return escape(str(value))


def _box(x: float, y: float, words: str, size: float, anchor: str, *, bold: bool) -> tuple[float, float, float, float]:
    width = width_of(words, size, bold=bold)
    left = x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
    return left, y - 0.8 * size, left + width, y + 0.25 * size


def _common(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """Area that two boxes share."""
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers between two ends, at most so many.

    Examples
    --------
    >>> ticks(0, 103, 6), ticks(-3, 12, 4)
    ([0.0, 20.0, 40.0, 60.0, 80.0, 100.0], [0.0, 5.0, 10.0])
    """
    if not high > low:
        return [low]
    rough = (high - low) / max(1, most)
    size = 10.0 ** math.floor(math.log10(rough))
    for step in (size, 2 * size, 2.5 * size, 5 * size, 10 * size, 20 * size):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            return [k * step + 0.0 for k in range(first, last + 1)]
    return [low]


class Frame:
    """A plotting area with a linear scale on both axes."""

    def __init__(
        self, left: float, top: float, right: float, bottom: float, x: tuple[float, float], y: tuple[float, float]
    ) -> None:
        self.left, self.top, self.right, self.bottom = left, top, right, bottom
        self._x, self._y = x, y

    def x(self, value: float) -> float:
        """Pixel of a value on the horizontal axis."""
        low, high = self._x
        return self.left + (value - low) / ((high - low) or 1.0) * (self.right - self.left)

    def y(self, value: float) -> float:
        """Pixel of a value on the vertical axis."""
        low, high = self._y
        return self.bottom - (value - low) / ((high - low) or 1.0) * (self.bottom - self.top)

    def grid(
        self,
        picture: Canvas,
        x: Sequence[tuple[float, str]] = (),
        y: Sequence[tuple[float, str]] = (),
        *,
        lines: bool = True,
    ) -> None:
        """Faint lines with the numbers of both axes."""
        size = picture.size.text
        for value, words in y:
            at = self.y(value)
            if lines:
                picture.line(self.left, at, self.right, at, LEFT if value == 0 else GRID, stroke_width=1)
            picture.text(self.left - 0.4 * size, at + 0.35 * size, words, anchor="end", fill=MUTED)
        for value, words in x:
            at = self.x(value)
            if lines:
                picture.line(at, self.top, at, self.bottom, GRID, stroke_width=1)
            half = width_of(words, size) / 2
            shown = min(max(at, half), picture.width - half)
            picture.text(shown, self.bottom + 1.15 * size, words, anchor="middle", fill=MUTED)
