"""One form for the errors about numbers: the name, what is allowed, what was got."""

from __future__ import annotations

import math

from simulator.errors import SimulatorError

__all__ = ["number"]


def number(
    name: str,
    value: float,
    *,
    at_least: float = -math.inf,
    above: float = -math.inf,
    at_most: float = math.inf,
    below: float = math.inf,
) -> float:
    """Check that a value is a finite number within its bounds.

    Parameters
    ----------
    name : str
        What the message calls the value.
    value : float
        The value.
    at_least, above, at_most, below : float
        Bounds, any of them.

    Returns
    -------
    float
        The value.

    Raises
    ------
    SimulatorError
        If the value is no number, not finite, or out of bounds.

    Examples
    --------
    >>> number("discount", 0.9, above=0, at_most=1)
    0.9
    """
    bounds = [
        f"{word} {bound:g}"
        for word, bound in (("at least", at_least), ("above", above), ("at most", at_most), ("below", below))
        if math.isfinite(bound)
    ]
    allowed = "a finite number" + (", " + " and ".join(bounds) if bounds else "")
    try:
        checked = float(value)
    except (TypeError, ValueError) as error:
        raise SimulatorError(f"{name} must be {allowed}; got {value!r}") from error
    if not (math.isfinite(checked) and at_least <= checked <= at_most and above < checked < below):
        raise SimulatorError(f"{name} must be {allowed}; got {value!r}")
    return checked
