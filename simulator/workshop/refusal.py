"""Moves that are not allowed, and reading what forms send: everything is hostile until it has passed here."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["Refused", "flag", "listed", "needed", "number", "one_of", "text", "whole"]

LONGEST_NUMBER = 40  # characters
LARGEST = 1e12


class Refused(Exception):
    """A move that is not allowed now; nothing changed.

    Attributes
    ----------
    key : str
        Key of a sentence in the catalogue of messages, below "refused".
    field : str or None
        The field of the form that it concerns.
    values : dict
        For the placeholders of the sentence.
    """

    def __init__(self, key: str, field: str | None = None, **values: Any) -> None:
        self.key, self.field, self.values = key, field, values
        super().__init__(key)


def number(
    move: Mapping[str, Any], field: str, *, low: float = -LARGEST, high: float = LARGEST, empty: bool = False
) -> float | None:
    """A finite number within bounds; None only where the field may be empty.

    Examples
    --------
    >>> number({"target": " 24.5 "}, "target")
    24.5
    """
    value = move.get(field)
    if value is None or (isinstance(value, str) and not value.strip()):
        if empty:
            return None
        raise Refused("missing", field)
    if isinstance(value, str):
        written = value.strip().replace("\N{MINUS SIGN}", "-").replace("\N{NO-BREAK SPACE}", "")
        if len(written) > LONGEST_NUMBER or not re.fullmatch(
            r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", written, re.ASCII
        ):
            raise Refused("not-a-number", field)
        found = float(written)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        # A whole number of any length may come in JSON; what is too large for a float is too large here anyway.
        found = float(value) if value != value or abs(value) <= 10 * LARGEST else (math.inf if value > 0 else -math.inf)
    else:
        raise Refused("not-a-number", field)
    if math.isnan(found):
        raise Refused("not-a-number", field)
    if not low <= found <= high:
        raise Refused("out-of-range", field, low=f"{low:g}", high=f"{high:g}")
    return found


def needed(move: Mapping[str, Any], field: str, *, low: float = -LARGEST, high: float = LARGEST) -> float:
    """A number that must be there."""
    found = number(move, field, low=low, high=high)
    if found is None:
        raise Refused("missing", field)
    return found


def whole(move: Mapping[str, Any], field: str, *, low: int, high: int) -> int:
    """A whole number within bounds.

    Examples
    --------
    >>> whole({"answer": "7"}, "answer", low=1, high=7)
    7
    """
    found = needed(move, field, low=low, high=high)
    if found != int(found):
        raise Refused("not-whole", field)
    return int(found)


def text(move: Mapping[str, Any], field: str, *, most: int) -> str:
    """One line of plain text, white space put in order; "" where nothing was sent.

    Examples
    --------
    >>> text({"name": "  Ann\\t& Bob "}, "name", most=40)
    'Ann & Bob'
    """
    value = move.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused("not-text", field)
    if len(value) > 20 * most + 100:
        raise Refused("text-too-long", field, most=most)
    # Control, format (right-to-left marks among them) and surrogate characters would disturb the screens of others.
    kept = "".join(" " if c.isspace() else c for c in value if c.isspace() or unicodedata.category(c)[0] != "C")
    line = " ".join(kept.split())
    if len(line) > most:
        raise Refused("text-too-long", field, most=most)
    return line


def one_of(move: Mapping[str, Any], field: str, allowed: Sequence[str]) -> str:
    """One of a few words."""
    value = move.get(field)
    if not isinstance(value, str) or value not in allowed:
        raise Refused("unknown-choice" if value else "missing", field)
    return value


_WORDS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


def flag(move: Mapping[str, Any], field: str, *, absent: bool | None = None) -> bool:
    """Yes or no; `absent` stands for a field that was not sent."""
    value = move.get(field)
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _WORDS:
        return _WORDS[value.lower()]
    if value in (None, "") and absent is not None:
        return absent
    raise Refused("missing" if value in (None, "") else "unknown-choice", field)


def listed(move: Mapping[str, Any], field: str, counts: Sequence[int], names: Sequence[str]) -> list[int]:
    """A package: the number of an option in each issue, as a list or as digits with commas between them.

    Examples
    --------
    >>> listed({"options": ["3", 0]}, "options", (5, 2), ("price", "term"))
    [3, 0]
    """
    value = move.get(field)
    if isinstance(value, str):
        value = value.split(",") if len(value) <= 12 * len(counts) + 12 else None
    if not isinstance(value, Sequence) or isinstance(value, bytes | bytearray | memoryview):
        raise Refused("missing" if value is None else "no-such-package", field)
    if len(value) != len(counts):
        raise Refused("no-such-package", field)
    picked = []
    for entry, count, name in zip(value, counts, names, strict=True):
        if entry is None or entry == "":
            raise Refused("issue-open", field, issue=name)
        if isinstance(entry, str):
            entry = entry.strip()
            if not re.fullmatch(r"\d{1,9}", entry, re.ASCII):
                raise Refused("no-such-option", field, issue=name)
            entry = int(entry)
        if isinstance(entry, bool) or not isinstance(entry, int) or not 0 <= entry < count:
            raise Refused("no-such-option", field, issue=name)
        picked.append(entry)
    return picked
