"""All places in a range where a function of one number changes its sign, jumps included.

The function is looked at on given points; a change of sign between two of them is narrowed by Brent's method (Brent
1973), a dip towards 0 between two of them by a bounded search first, so that two roots close together are found.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

__all__ = ["Crossing", "crossings"]

ZERO = 1e-8  # what counts as 0, relative to the scale
Function = Callable[[float], float]


@dataclass(frozen=True)
class Crossing:
    """A place where the sign changes.

    Attributes
    ----------
    at : float
        The place.
    below, above : float
        The function just below and just above it; both 0 but for rounding where it is continuous there.
    jump : bool
        Whether it passes 0 without being 0.
    """

    at: float
    below: float
    above: float
    jump: bool


def crossings(function: Function, points: Sequence[float], *, scale: float) -> tuple[Crossing, ...]:
    """Every change of sign of a function that is seen from some points.

    Parameters
    ----------
    function : callable
        From float to float; not a number where it is not defined.
    points : sequence of float
        In ascending order; the range is that of the first to the last.
    scale : float
        Size of what the function is the difference of: values below 1e-8 of it count as 0.

    Returns
    -------
    tuple of Crossing
        In ascending order. An end of a stretch on which the function is 0 counts as a crossing.

    Examples
    --------
    >>> [round(root.at, 6) for root in crossings(lambda x: (x - 1) * (x - 1.01), [0, 0.5, 2, 3], scale=1)]
    [1.0, 1.01]
    >>> crossings(lambda x: 1.0 if x < 0.25 else -2.0, [0, 1], scale=1)[0].jump
    True
    """
    known = lru_cache(maxsize=None)(function)
    zero = ZERO * scale

    def sign(x: float) -> int:
        value = known(x)
        return 0 if abs(value) <= zero else 1 if value > 0 else -1

    usable = [float(x) for x in points if math.isfinite(known(float(x)))]
    looked = sorted({*usable, *_dips(known, usable, sign)})
    found: list[Crossing] = []
    for low, high in pairwise(looked):
        one, two = sign(low), sign(high)
        if one * two < 0:
            found.append(_crossed(known, low, high, zero))
        elif one != two:
            found.append(_edge(known, low, high, sign))
    return _distinct(found, looked[-1] - looked[0] if looked else 0.0)


def _dips(function: Function, points: list[float], sign: Callable[[float], int]) -> list[float]:
    """Places between the points at which the function, coming near 0, changes its sign and back."""
    from scipy.optimize import minimize_scalar

    found = []
    for left, middle, right in zip(points, points[1:], points[2:], strict=False):
        side = sign(middle)
        sizes = [abs(function(x)) for x in (left, middle, right)]
        if side == 0 or not side == sign(left) == sign(right) or sizes[1] > min(sizes[0], sizes[2]):
            continue
        if sizes[1] > max(sizes[0], sizes[2]) - sizes[1]:
            continue  # at the pace at which it comes down it does not reach 0
        least = minimize_scalar(lambda x, side=side: side * function(float(x)), bounds=(left, right), method="bounded")
        if sign(float(least.x)) != side:
            found.append(float(least.x))
    return found


def _crossed(function: Function, low: float, high: float, zero: float) -> Crossing:
    from scipy.optimize import brentq

    root = float(brentq(function, low, high, xtol=1e-15 * max(abs(low), abs(high)) + 1e-300, rtol=1e-15, maxiter=500))
    value = function(root)
    if abs(value) <= zero:
        return Crossing(root, value, value, jump=False)
    rising = function(high) > 0
    while True:  # down to two neighbouring numbers
        middle = (low + high) / 2
        if not low < middle < high:
            return Crossing(middle, function(low), function(high), jump=True)
        if (function(middle) > 0) == rising:
            high = middle
        else:
            low = middle


def _edge(function: Function, low: float, high: float, sign: Callable[[float], int]) -> Crossing:
    """The end of a stretch on which the function is 0, or a single point where it is."""
    first = sign(low)
    while True:
        middle = (low + high) / 2
        if not low < middle < high:
            below, above = function(low), function(high)
            return Crossing(middle, below, above, jump=abs(below - above) > 1e-3 * max(abs(below), abs(above)))
        if sign(middle) == first:
            low = middle
        else:
            high = middle


def _distinct(found: list[Crossing], width: float) -> tuple[Crossing, ...]:
    """Without the twins that arise where a point itself is a root."""
    kept: list[Crossing] = []
    for crossing in found:
        if not kept or crossing.at - kept[-1].at > 1e-7 * width:
            kept.append(crossing)
    return tuple(kept)
