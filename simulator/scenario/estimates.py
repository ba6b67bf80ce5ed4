"""Numbers known only as a range: ``{ low = 20, likely = 24, high = 30 }`` wherever a scenario file has a number.

Such a number counts as its likely value everywhere, and the scenario remembers the range (a triangular distribution:
most likely at `likely`, impossible below `low` and above `high`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.errors import nearest
from simulator.scenario.positions import Path
from simulator.scenario.structure import Problem, is_number, shown

__all__ = ["ENDS", "Estimate", "Found", "find_estimates", "is_estimate", "put", "put_back"]

ENDS = ("low", "likely", "high")


@dataclass(frozen=True)
class Estimate:
    """A number known only as a range.

    Attributes
    ----------
    path : tuple
        Where it stands in the file.
    key : str
        The same as a dotted key.
    low, likely, high : float
        The triangular distribution.
    """

    path: Path
    key: str
    low: float
    likely: float
    high: float

    def quantile(self, chance: float) -> float:
        """The value that is exceeded with probability 1 - `chance`.

        Examples
        --------
        >>> Estimate(("discount",), "discount", 0.0, 0.5, 1.0).quantile(0.5)
        0.5
        """
        width = self.high - self.low
        if width == 0:
            return self.low
        turn = (self.likely - self.low) / width
        if chance < turn:
            return self.low + math.sqrt(chance * width * (self.likely - self.low))
        return self.high - math.sqrt((1 - chance) * width * (self.high - self.likely))


@dataclass(frozen=True)
class Found:
    """A document with every range at its likely value, the ranges, and what is wrong with them."""

    document: dict[str, Any]
    estimates: tuple[Estimate, ...]
    problems: tuple[Problem, ...]


def is_estimate(value: Any) -> bool:
    """Whether a value of the file is meant as a range."""
    return isinstance(value, Mapping) and any(end in value for end in ENDS)


def find_estimates(document: Mapping[str, Any]) -> Found:
    """Take the ranges out of a scenario document.

    Examples
    --------
    >>> found = find_estimates({"discount": {"low": 0.8, "likely": 0.9, "high": 0.95}})
    >>> found.document, found.estimates[0].high
    ({'discount': 0.9}, 0.95)
    """
    estimates: list[Estimate] = []
    problems: list[Problem] = []

    def plain(value: Any, path: Path, names: tuple[str, ...]) -> Any:
        if path and is_estimate(value):
            faults = list(_faults(value, path, ".".join(names)))
            problems.extend(faults)
            if not faults:
                estimates.append(Estimate(path, ".".join(names), *(value[end] for end in ENDS)))
            return value.get("likely", next(iter(value.values())))
        if isinstance(value, Mapping):
            return {key: plain(inner, (*path, key), (*names, str(key))) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [plain(inner, (*path, i), (*names, _name(inner, i))) for i, inner in enumerate(value)]
        return value

    return Found(plain(document, (), ()), tuple(estimates), tuple(problems))


def _name(entry: Any, place: int) -> str:
    """How an entry of a list is called in a dotted key."""
    name = entry.get("name") if isinstance(entry, Mapping) else None
    return name if isinstance(name, str) and "." not in name and not name.isdigit() else str(place)


def _faults(value: Mapping[str, Any], path: Path, label: str) -> Iterator[Problem]:
    for key in value:
        if key not in ENDS:
            yield Problem((*path, key), f"unknown key {label}.{key}", "allowed: low, likely, high", nearest(key, ENDS))
    for end in ENDS:
        number = value.get(end)
        if end not in value:
            yield Problem(path, f"{label}.{end} is missing", "a range is { low = , likely = , high = }")
        elif not is_number(number):
            got = shown(number)
            yield Problem((*path, end), f"{label}.{end} is {got}", "allowed: a number")
            return
    low, likely, high = (value.get(end) for end in ENDS)
    if low is not None and likely is not None and high is not None and not low <= likely <= high:
        what = f"{label} has low = {low:g}, likely = {likely:g} and high = {high:g}"
        yield Problem(path, what, "low must not be above likely, nor likely above high")


def put(document: Any, path: Path, value: Any) -> Any:
    """A copy of a document with the value at `path` replaced."""
    if not path:
        return value
    head, *rest = path
    if isinstance(document, Mapping):
        return {key: put(inner, tuple(rest), value) if key == head else inner for key, inner in document.items()}
    return [put(inner, tuple(rest), value) if i == head else inner for i, inner in enumerate(document)]


def put_back(document: dict[str, Any], estimates: Iterable[Estimate]) -> dict[str, Any]:
    """A document with its ranges in their places again."""
    for estimate in estimates:
        ends = {end: getattr(estimate, end) for end in ENDS}
        document = put(document, estimate.path, ends)
    return document
