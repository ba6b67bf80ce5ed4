"""Small pieces of HTML for what a notebook shows: escaped text, figures, tables, bars and the colours of a heat table.

Everything that is not made here is escaped, so that a title or a name from a file can never become markup. Styles are
inline and take text colour and background from the page, so that a table reads well in light and dark notebooks.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape

__all__ = [
    "Markup",
    "bar",
    "cell",
    "corner",
    "decimals",
    "heat",
    "label",
    "note",
    "number",
    "percent",
    "periods",
    "table",
    "tag",
    "view",
]

LINE = "1px solid rgba(128,128,128,.45)"
BLUE = "#3b82c4"  # visible on white and on black
QUIET = "font-weight:normal;font-size:.9em;opacity:.8"
_PADDING = "padding:.35em .75em;vertical-align:middle;line-height:1.35"

# From low to high, light to dark: told apart also without colour vision, and in grey.
_HEAT = ((255, 244, 204), (199, 226, 189), (110, 190, 190), (46, 125, 180), (24, 66, 134))


class Markup(str):
    """Text that is markup already and is not escaped again."""

    __slots__ = ()


def tag(name: str, *content: object, style: str = "", **attributes: object) -> Markup:
    """An element; content and attributes are escaped unless they are `Markup`.

    Examples
    --------
    >>> tag("td", "a < b", scope="row")
    '<td scope="row">a &lt; b</td>'
    """
    given = {**attributes, **({"style": style} if style else {})}
    written = "".join(f' {key.replace("_", "-")}="{escape(str(value))}"' for key, value in given.items())
    return Markup(f"<{name}{written}>{''.join(_inside(part) for part in content)}</{name}>")


def _inside(part: object) -> str:
    return part if isinstance(part, Markup) else escape(str(part))


def number(value: float, digits: int = 1) -> str:
    """A figure with thousands apart and a true minus; what is not finite as a word.

    Examples
    --------
    >>> number(-1234.56), number(float("inf")), number(float("nan"))
    ('−1,234.6', 'infinite', 'undefined')
    """
    if math.isnan(value):
        return "undefined"
    if math.isinf(value):
        return "infinite" if value > 0 else "minus infinite"
    return f"{round(value, digits) + 0.0:,.{digits}f}".replace("-", "−")


def percent(value: float) -> str:
    """A share or probability in per cent.

    Examples
    --------
    >>> percent(0.4175), percent(0.0004), percent(float("nan"))
    ('41.8%', 'under 0.1%', 'undefined')
    """
    if math.isnan(value):
        return "undefined"
    if 0 < value < 0.0005:
        return "under 0.1%"
    return number(100 * value, 0 if math.isclose(100 * value, round(100 * value), abs_tol=1e-9) else 1) + "%"


def periods(length: float, period: str) -> str:
    """A length in the periods of a scenario.

    Examples
    --------
    >>> periods(6.878, "year"), periods(float("inf"), "year")
    ('6.88 years', 'infinite')
    """
    return f"{number(length, 2)} {period}s" if math.isfinite(length) else number(length)


def decimals(values: Iterable[float]) -> int:
    """Digits after the point for figures of one table: no more than they have, and about four that count.

    Examples
    --------
    >>> decimals([3, 5]), decimals([30.3, 44.45]), decimals([514.304321])
    (0, 2, 1)
    """
    finite = [float(value) for value in values if math.isfinite(value)]
    largest = max((abs(value) for value in finite), default=0.0)
    most = min(6, max(0, 3 - math.floor(math.log10(largest)))) if largest > 0 else 0
    fits = (d for d in range(most) if all(abs(round(value, d) - value) <= 1e-9 * largest for value in finite))
    return next(fits, most)


def heat(fraction: float) -> str:
    """Style of a cell between the lowest (0) and the highest (1) of a table: its colour, and black or white on it.

    The text has a contrast of at least 4.5 to its ground (WCAG 2, level AA).

    Examples
    --------
    >>> heat(1.0)
    'background:#184286;color:#ffffff'
    """
    place = min(max(fraction, 0.0), 1.0) * (len(_HEAT) - 1)
    low = min(int(place), len(_HEAT) - 2)
    ground = [round(a + (place - low) * (b - a)) for a, b in zip(_HEAT[low], _HEAT[low + 1], strict=True)]
    ink = "#000000" if _luminance(ground) > 0.179 else "#ffffff"
    return "background:#" + "".join(f"{part:02x}" for part in ground) + f";color:{ink}"


def _luminance(colour: Sequence[int]) -> float:
    """Relative luminance of an sRGB colour (WCAG 2)."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (c / 255 for c in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def cell(*content: object, style: str = "", **attributes: object) -> Markup:
    """A cell with a figure, to the right; `style` adds to that."""
    own = f"{_PADDING};text-align:right;white-space:nowrap;border:0;border-top:{LINE}"
    return tag("td", *content, style=f"{own};{style}" if style else own, **attributes)


def label(*content: object, scope: str = "row", style: str = "", **attributes: object) -> Markup:
    """The heading of a row or of a column."""
    side = "left" if scope == "row" else "right"
    own = f"{_PADDING};text-align:{side};font-weight:600;min-width:4.5em;border:0"
    own += f";border-top:{LINE}" if scope == "row" else ";vertical-align:bottom"
    return tag("th", *content, scope=scope, style=f"{own};{style}" if style else own, **attributes)


def corner(*content: object) -> Markup:
    """The cell above the headings of the rows and left of those of the columns."""
    return tag("td", *content, style=f"{_PADDING};text-align:left;vertical-align:bottom;border:0;{QUIET}")


def table(rows: Iterable[Iterable[Markup]]) -> Markup:
    """A table of rows of cells and labels; where it is too wide for the page it scrolls."""
    plain = "background:transparent"
    body = [tag("tr", *row, style=plain) for row in rows]
    style = "border-collapse:collapse;table-layout:auto;margin:.4em 0;font-size:inherit;border:0"
    style += ";width:auto;color:inherit;font-variant-numeric:tabular-nums"
    return tag("div", tag("table", tag("tbody", *body), style=style), style="overflow-x:auto;max-width:100%")


def note(*content: object) -> Markup:
    """A line of text below a table."""
    return tag("p", *content, style="margin:.3em 0;max-width:60em")


def bar(share: float) -> Markup:
    """A horizontal bar for a share from 0 to 1; the figure belongs beside it."""
    inner = tag(
        "span", style=f"display:block;height:100%;width:{100 * min(max(share, 0.0), 1.0):.2f}%;background:{BLUE}"
    )
    outer = "display:inline-block;width:10em;height:.75em;border:" + LINE
    return tag("span", inner, style=outer, aria_hidden="true")


def view(title: str, subtitle: str, *parts: object) -> Markup:
    """A whole view: a title, what it is, and the parts."""
    head = tag("div", title, style="font-size:1.15em;font-weight:600")
    under = [tag("div", subtitle, style="opacity:.8")] if subtitle else []
    return tag("div", head, *under, *parts, style="margin:.3em 0 1em;font-size:13px;line-height:1.45;text-align:left")
