"""The errors that a user can meet, and the words they share.

SimulatorError            everything this package raises on purpose; a ValueError
├── ScenarioError         faults of a scenario file, all of them at once
├── UnknownNameError      a scenario, agent, tactic or key that does not exist
└── HorizonError          an unlimited horizon whose sums would not be finite

Every message names the thing, what is allowed, what was got, and the nearest valid name.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Fault", "HorizonError", "ScenarioError", "SimulatorError", "UnknownNameError", "nearest"]


def nearest(name: str, names: Iterable[str]) -> str:
    """Say which of `names` was probably meant by `name`.

    Returns
    -------
    str
        ``"did you mean 'x'?"`` (at most three names), or ``""`` when nothing is close.

    Examples
    --------
    >>> nearest("tit-for-tta", ["tit-for-tat", "grim"])
    "did you mean 'tit-for-tat'?"
    """
    by_folded = {n.casefold().replace("_", "-"): n for n in names}
    said = name.casefold().replace("_", "-")
    close = difflib.get_close_matches(said, by_folded, n=3, cutoff=0.6)
    if not close:
        return ""
    near = [difflib.SequenceMatcher(None, candidate, said).ratio() for candidate in close]
    # Much worse ones than the best were hardly meant.
    close = [candidate for candidate, ratio in zip(close, near, strict=True) if ratio >= near[0] - 0.15]
    return "did you mean " + " or ".join(repr(by_folded[c]) for c in close) + "?"


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a file: where, what, what is allowed, and what was probably meant."""

    what: str
    allowed: str = ""
    hint: str = ""
    file: str = ""
    line: int | None = None

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        said = "; ".join(part for part in (self.what, self.allowed, self.hint) if part)
        return f"{place}: {said}" if place else said


class SimulatorError(ValueError):
    """Something the user asked for cannot be done; the message says what and why."""


class ScenarioError(SimulatorError):
    """A scenario that cannot be used.

    Attributes
    ----------
    faults : tuple of Fault
        Every fault that was found, in the order of the file.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[tuple[Fault, ...]]]:
        return (type(self), (self.faults,))


class UnknownNameError(SimulatorError):
    """A name that nothing has; the message lists the nearest ones."""

    def __init__(self, kind: str, name: str, names: Iterable[str]) -> None:
        self.kind, self.name, self.names = kind, name, tuple(names)
        hint = nearest(name, self.names) or "known: " + ", ".join(sorted(self.names))
        super().__init__(f"unknown {kind} {name!r}; {hint}")

    def __reduce__(self) -> tuple[type[UnknownNameError], tuple[str, str, tuple[str, ...]]]:
        return (type(self), (self.kind, self.name, self.names))


class HorizonError(SimulatorError):
    """An unlimited horizon that was refused because a sum over it would not be finite."""
