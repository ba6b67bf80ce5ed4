"""What the two GENIUS formats share: the plain parts of a domain, the limits, and how to refuse something.

Names are compared loosely (white space does not count) and kept as the domain file writes them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NoReturn

from simulator.errors import Fault, ScenarioError, nearest

__all__ = [
    "MAX_DEALS",
    "MAX_NAME",
    "MAX_OPTIONS",
    "Domain",
    "Issue",
    "Option",
    "Profile",
    "bounded",
    "close",
    "even_steps",
    "loose",
    "number",
    "refuse",
    "shown",
    "unique",
]

MAX_DEALS = 5_000_000
MAX_OPTIONS = 10_000
MAX_NAME = 1_000
LARGEST = 1e100  # sums and products of such numbers stay finite

Option = str | int | float
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


@dataclass(frozen=True)
class Issue:
    """An issue of a domain with its options in order; `index` is the number that GENIUS weights refer to."""

    name: str
    kind: Literal["discrete", "integer", "real"]
    options: tuple[Option, ...]
    index: int


@dataclass(frozen=True)
class Domain:
    """The issues of a domain file, and what the user should be told."""

    issues: tuple[Issue, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Profile:
    """One side's values, weight times e per option of each issue of the domain, and its reservation value."""

    values: tuple[tuple[float, ...], ...]
    weights: tuple[float, ...]
    reservation: float
    remarks: tuple[str, ...] = ()


def refuse(file: str, what: str, allowed: str = "", hint: str = "", *, line: int | None = None) -> NoReturn:
    """Raise the one fault that stops the import."""
    raise ScenarioError([Fault(what, allowed, hint, file, line)])


def shown(value: object) -> str:
    """Give the repr of something from a file, cut to a length that fits into a message.

    Examples
    --------
    >>> len(shown("a" * 100))
    60
    """
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def close(name: str, names: Collection[str]) -> str:
    """Say which of `names` was probably meant, unless there are too many to look through."""
    return nearest(name, names) if len(names) <= 200 else ""


def loose(name: str) -> str:
    """Give the form in which names are compared: white space does not count.

    Examples
    --------
    >>> loose("  60\\n Gb ")
    '60 Gb'
    """
    return " ".join(name.split())


def number(text: object, file: str, what: str, *, line: int | None = None, least: float = -LARGEST) -> float:
    """Read a number of at least `least`; `what` names it in the refusal.

    Examples
    --------
    >>> number(" 2.5e1 ", "profile.xml", "the weight")
    25.0
    """
    allowed = "a finite number" if least == -LARGEST else f"a finite number of at least {least:g}"
    if text is None or text == "":
        refuse(file, f"{what} is missing", allowed, line=line)
    value = math.nan
    hint = ""
    if isinstance(text, str):
        if _NUMBER.fullmatch(text.strip()):
            value = float(text)
        elif _NUMBER.fullmatch(text.strip().replace(",", ".")):
            hint = "write a decimal point, not a comma"
    elif isinstance(text, (int, float)) and not isinstance(text, bool):
        value = float(text)
    if not least <= value <= LARGEST:
        refuse(file, f"{what} is {shown(text)}", allowed, hint, line=line)
    return value


def unique(names: Iterable[tuple[str, int | None]], file: str, kind: str) -> None:
    """Refuse a name that is empty or too long, that comes twice, or that no file could hold; each has its line."""
    seen: set[str] = set()
    for name, line in names:
        key = loose(name)
        if not key:
            refuse(file, f"{kind} has no name", "every issue and option needs one", line=line)
        if len(name) > MAX_NAME:
            refuse(file, f"{kind} {shown(name)} is too long", f"at most {MAX_NAME} characters", line=line)
        if key in seen:
            refuse(file, f"{kind} {shown(name)} is listed twice", "every name once", line=line)
        if any("\ud800" <= character <= "\udfff" for character in name):
            refuse(file, f"{kind} {shown(name)} holds half of a surrogate pair", "valid Unicode text", line=line)
        seen.add(key)


def bounded(issues: Iterable[Issue], file: str) -> tuple[Issue, ...]:
    """Gather the issues, and stop as soon as their deals are too many to enumerate."""
    gathered: list[Issue] = []
    deals = 1
    for issue in issues:
        gathered.append(issue)
        deals *= len(issue.options)
        if deals > MAX_DEALS:
            real = any(known.kind == "real" for known in gathered)
            hint = "cut the real issues into fewer steps" if real else ""
            refuse(file, "has too many deals", f"at most {MAX_DEALS:,}", hint)
    return tuple(gathered)


def even_steps(low: float, high: float, steps: int) -> tuple[float, ...]:
    """Give `steps` equally spaced values from `low` to `high`, each the float nearest to the decimal that is meant.

    Examples
    --------
    >>> even_steps(0.0, 0.3, 4)
    (0.0, 0.1, 0.2, 0.3)
    >>> even_steps(2.0, 2.0, 4)
    (2.0,)
    """
    start, width = Fraction(repr(low)), Fraction(repr(high)) - Fraction(repr(low))
    values = (float(start + width * step / (steps - 1)) for step in range(steps))
    return tuple(dict.fromkeys(values))  # bounds closer than `steps` floats leave fewer values
