"""Amounts, values and deals in sentences: with their unit, and with as many digits as their scale deserves."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.scenario.schema import Issue, Scenario

__all__ = ["Amounts", "listed", "plain", "said_deal", "said_value", "value_digits"]


def plain(value: float, digits: int) -> str:
    """A number with thousands separated and at most `digits` decimals, none of them a last 0.

    Examples
    --------
    >>> plain(1040.0, 2), plain(31.70, 2), plain(-0.001, 1), plain(float("inf"), 1)
    ('1,040', '31.7', '0', 'any amount')
    """
    if math.isinf(value):
        return "any amount"
    text = f"{round(value, digits) + 0.0:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money_digits(scale: float) -> int:
    """Decimals that show an amount of this size to a thousandth of it or better, and cents at most from 1 on.

    Examples
    --------
    >>> money_digits(2033.0), money_digits(253.0), money_digits(31.7), money_digits(0.31)
    (0, 1, 2, 3)
    """
    if not scale > 0 or math.isinf(scale):
        return 1
    if scale >= 1:
        return 0 if scale >= 1000 else 1 if scale >= 100 else 2
    return min(6, 2 - math.floor(math.log10(scale)))


def value_digits(issue: Issue, width: float = 0.0) -> int:
    """Decimals for values of an issue: those of its step, more where an interval of it is hardly wider than a step."""
    step = issue.range.step if issue.range is not None else 1.0
    digits = next((d for d in range(7) if abs(round(step, d) - step) <= 1e-9 * step), 6)
    if 0 < width < 2 * step:
        digits = max(digits, 1 - math.floor(math.log10(width)))
    return min(digits, 6)


def said_deal(deal: Mapping[str, Any]) -> str:
    """A deal in one line.

    Examples
    --------
    >>> said_deal({"rate": 1040.0, "payment": "15 days"})
    'rate 1,040, payment 15 days'
    """
    return ", ".join(
        f"{name} {plain(value, 6)}" if isinstance(value, float) else f"{name} {value}" for name, value in deal.items()
    )


def listed(parts: Sequence[str]) -> str:
    """Words with commas and a last "and".

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def said_value(issue: Issue, value: float, width: float = 0.0, *, unit: bool = True) -> str:
    """A value of an issue with a range, with the digits of `value_digits`.

    Examples
    --------
    >>> import simulator as ns
    >>> said_value(ns.load_scenario("component-supply").issue[0], 9.1)
    '9.10 €/piece'
    """
    return f"{value:,.{value_digits(issue, width)}f}" + (f" {issue.unit}" if unit and issue.unit else "")


@dataclass(frozen=True)
class Amounts:
    """Says amounts of a scenario's money, with digits that suit amounts of a certain size.

    Examples
    --------
    >>> import simulator as ns
    >>> amounts = Amounts(ns.load_scenario("saas-renewal"), 31.7)
    >>> amounts.money(14.85), amounts.each(14.85), amounts.unit
    ('14.85 k$', '14.85 k$ a year', 'k$ a year')
    """

    scenario: Scenario
    scale: float

    @property
    def unit(self) -> str:
        """The unit of money per period."""
        return f"{self.scenario.currency or 'money'} {self.a_period}"

    @property
    def a_period(self) -> str:
        """The period after its article, ``"a year"``."""
        period = self.scenario.period
        return f"{'an' if period[0].lower() in 'aeiou' else 'a'} {period}"

    def money(self, value: float) -> str:
        """An amount with its unit."""
        return f"{plain(value, money_digits(self.scale))} {self.scenario.currency}".strip()

    def each(self, value: float) -> str:
        """An amount per period."""
        return f"{self.money(value)} {self.a_period}"

    def against(self, value: float) -> str:
        """An amount that may be a loss, ``"a loss of 3 k$"``."""
        return self.money(value) if value >= 0 else f"a loss of {self.money(-value)}"
