"""The look that all debrief charts share: sizes of the three surfaces, colours, and how wide a text is.

Colours are CSS custom properties with a fallback, given as presentation attributes, so that a picture is right alone,
in a light and in a dark page, on paper, and under a strict content security policy. They are darkened or lightened from
Okabe and Ito's palette; each part also differs by hatch, form or words.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "ACCENT",
    "CLIENT",
    "GRID",
    "INK",
    "LEFT",
    "MUTED",
    "ON_CLIENT",
    "ON_VENDOR",
    "PAPER",
    "PHONE",
    "PROJECTOR",
    "REPORT",
    "SIZES",
    "VENDOR",
    "ZONE",
    "Size",
    "css",
    "width_of",
    "wrapped",
]


@dataclass(frozen=True)
class Size:
    """A surface: the picture's width and height in its own pixels, and the size of its texts.

    Attributes
    ----------
    name : str
        For ids.
    width, height : int
        The height is a proposal; a chart with many rows on a phone takes more.
    text, number : int
        Height of ordinary text, and of a number that is the message.
    """

    name: str
    width: int
    height: int
    text: int
    number: int

    @property
    def narrow(self) -> bool:
        """Whether labels go above what they name instead of beside it."""
        return self.width < 600

    @property
    def line(self) -> float:
        """Width of an ordinary line."""
        return max(1.5, self.text / 11)


# The projector's chart stands below a title and a sentence of up to three lines on a page of 1280 x 720.
PROJECTOR = Size("projector", 1192, 420, 28, 56)
REPORT = Size("report", 900, 400, 16, 34)
PHONE = Size("phone", 328, 330, 16, 34)
SIZES = (PROJECTOR, REPORT, PHONE)

# name: (light, dark)
_COLOURS = {
    "ink": ("#1a1a1a", "#f4f4f2"),
    "muted": ("#545454", "#c3c7cd"),
    "grid": ("#d5d5d5", "#474d57"),
    "paper": ("#ffffff", "#15181d"),
    "vendor": ("#1b5e9b", "#86bdf2"),
    "client": ("#a3480a", "#f2ad72"),
    "left": ("#757b86", "#a4adb8"),
    "on-vendor": ("#ffffff", "#0b1016"),
    "on-client": ("#ffffff", "#0b1016"),
    "accent": ("#7d2f6a", "#eba6d6"),
    "zone": ("#e5f1e8", "#1f3327"),
}


def _colour(name: str) -> str:
    return f"var(--debrief-{name}, {_COLOURS[name][0]})"


INK, MUTED, GRID, PAPER = _colour("ink"), _colour("muted"), _colour("grid"), _colour("paper")
VENDOR, CLIENT, LEFT = _colour("vendor"), _colour("client"), _colour("left")
ON_VENDOR, ON_CLIENT = _colour("on-vendor"), _colour("on-client")
ACCENT, ZONE = _colour("accent"), _colour("zone")


def css() -> str:
    """The colours for a style sheet: light, dark where the reader or ``data-theme`` asks for it, light on paper.

    Examples
    --------
    >>> "--debrief-vendor: #1b5e9b" in css() and "prefers-color-scheme: dark" in css()
    True
    """
    light, dark = ("; ".join(f"--debrief-{name}: {pair[k]}" for name, pair in _COLOURS.items()) + ";" for k in (0, 1))
    return (
        f":root {{ {light} }}\n"
        f'@media (prefers-color-scheme: dark) {{ :root:not([data-theme="light"]) {{ {dark} }} }}\n'
        f':root[data-theme="dark"] {{ {dark} }}\n'
        f"@media print {{ :root:root:root {{ {light} }} }}\n"
        ".debrief-chart { display: block; width: 100%; height: auto; font-family: inherit; }\n"
    )


# Widths of letters in DejaVu Sans, wider than what most screens have, so that what fits here fits there.
_NARROW, _WIDE, _WIDER = set("ijl.,:;'|!I·"), set("mwMW@%—"), set("ABCDEFGHKLNOPQRSTUVXYZ+=−<>~→")


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """About how many pixels a text takes.

    Examples
    --------
    >>> width_of("lit", 28) < width_of("mow", 28)
    True
    """
    ems = 0.0
    for letter in text:
        if letter in _NARROW:
            ems += 0.32
        elif letter in " \u00a0frt()/-":
            ems += 0.40
        elif letter in _WIDE:
            ems += 0.95
        elif letter in _WIDER:
            ems += 0.72
        else:
            ems += 0.62
    return ems * size * (1.1 if bold else 1.0)


def wrapped(text: str, size: float, room: float, *, most: int = 9, bold: bool = False) -> list[str]:
    """The text in lines that fit into the room where that is possible; what is past `most` lines is cut off.

    Examples
    --------
    >>> wrapped("left on the table", 10, 60)
    ['left on the', 'table']
    """
    lines: list[str] = []
    for word in text.split(" "):
        if lines and width_of(f"{lines[-1]} {word}", size, bold=bold) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1] + " …"]
    return [cut(line, size, room, bold=bold) for line in lines]


def cut(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """The text, shortened with an ellipsis until it fits."""
    if width_of(text, size, bold=bold) <= room:
        return text
    while len(text) > 1 and width_of(text + "…", size, bold=bold) > room:
        text = text[:-1].rstrip()
    return text + "…"
