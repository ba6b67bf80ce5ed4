"""Money as a trainer says it aloud: few digits, a unit that fits, and parts that add up to their total.

A class of sixty pairs earns millions where its scenario counts thousands, so the unit grows with the numbers ("3.0 M$",
not "2,987.4 k$"). Numbers said together are rounded together, by the largest remainder: what is missing is then the
difference of the two totals as they are said, and its causes add up to it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from simulator.reports.plots.words import number

__all__ = ["Unit", "adding_up", "percents", "unit_of"]

_MONEY = re.compile(r"^(?P<prefix>[kM]?)(?P<sign>[$€£¥₹]|[A-Z]{3})$")
_LARGER = {"": "k", "k": "M", "M": "bn "}
LARGE = 999.5  # from here on the next unit is said


@dataclass(frozen=True)
class Unit:
    """How the amounts of one screen are written.

    Attributes
    ----------
    name : str
        Unit behind the number; empty where the scenario names no currency.
    divisor : float
        Amounts of the scenario that make one of this unit.
    places : int
        Decimals.
    """

    name: str
    divisor: float
    places: int

    def bare(self, amount: float) -> str:
        """The number alone."""
        return number(amount / self.divisor, self.places)

    def said(self, amount: float) -> str:
        """The number with its unit."""
        text = self.bare(amount)
        return f"{text}\u00a0{self.name}" if self.name else text  # a number is not broken off its unit

    @property
    def least(self) -> float:
        """Half of the last digit: what is smaller than this is said as nothing."""
        return 0.5 * 10.0**-self.places * self.divisor


def unit_of(amounts: Iterable[float], currency: str) -> Unit:
    """The unit in which all of some amounts are readable, by the largest of them.

    Examples
    --------
    >>> for amount, currency in ((2987.4, "k$"), (521.8, "k$"), (7.26, ""), (12_345.0, "points"), (0.25, "k€")):
    ...     print(unit_of([amount], currency).said(amount).replace("\N{NO-BREAK SPACE}", " "))
    3.0 M$
    522 k$
    7.3
    12,345 points
    0.25 k€
    """
    largest = max((abs(amount) for amount in amounts if math.isfinite(amount)), default=0.0)
    divisor, name = 1.0, currency
    while largest / divisor >= LARGE and (money := _MONEY.match(name)):
        name = _LARGER[money["prefix"]] + money["sign"]
        divisor *= 1000.0
    shown = largest / divisor
    return Unit(
        name, divisor, 0 if shown >= 99.95 or shown == 0 else 1 if shown >= 0.995 else 2 if shown >= 0.0995 else 3
    )


def adding_up(total: float, parts: Sequence[float], unit: Unit) -> tuple[float, tuple[float, ...]]:
    """Total and parts rounded to what the unit says, the parts so that they add up to the total.

    Each part is off by less than one in its last digit (the method of the largest remainder).

    Examples
    --------
    >>> adding_up(10.0, [3.34, 3.33, 3.33], Unit("k$", 1.0, 0))
    (10.0, (4.0, 3.0, 3.0))
    """
    digit = 10.0**-unit.places * unit.divisor
    steps = [part / digit for part in parts]
    low = [math.floor(step) for step in steps]
    whole = round(total / digit)
    spare = whole - sum(low)
    order = sorted(range(len(parts)), key=lambda k: (low[k] - steps[k], k))
    for k in order[: max(0, min(spare, len(order)))]:
        low[k] += 1
    return whole * digit, tuple(step * digit for step in low)


def percents(shares: Sequence[float]) -> tuple[int, ...]:
    """Shares of one whole in per cent that add up to what their sum is in per cent.

    Examples
    --------
    >>> percents([1 / 3, 1 / 3, 1 / 3]), percents([0.315, 0.405, 0.28])
    ((34, 33, 33), (32, 40, 28))
    """
    _, parts = adding_up(100 * math.fsum(shares), [100 * share for share in shares], Unit("%", 1.0, 0))
    return tuple(int(part) for part in parts)
