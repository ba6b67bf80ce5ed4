"""Numbers, names and sentences on plots: few digits, a unit, and what a reader must know about how it was computed."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from simulator.strategies.contract import Agent

if TYPE_CHECKING:
    from simulator.runner.compare import Comparison

__all__ = [
    "LENGTHS",
    "decimals",
    "first_upper",
    "money",
    "name_lines",
    "number",
    "pair_clause",
    "pair_label",
    "pair_words",
    "periods",
    "setting",
]

MOST_DECIMALS = 6
LENGTHS = ("length", "healthy_length")  # measures in periods


def decimals(values: Iterable[float]) -> int:
    """Decimals with which the largest of some numbers has three or four digits.

    Examples
    --------
    >>> decimals([521.8, 3.1]), decimals([12_345.6]), decimals([0.25]), decimals([float("inf")])
    (1, 0, 3, 0)
    """
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    if largest == 0 or largest >= 1000:
        return 0
    if largest >= 10:
        return 1
    return min(MOST_DECIMALS, 2 - math.floor(math.log10(largest)))


def number(value: float, places: int) -> str:
    """A number with a true minus sign and separated thousands.

    Examples
    --------
    >>> number(-1234.56, 1), number(float("inf"), 1), number(float("nan"), 1), number(-0.001, 1)
    ('−1,234.6', '∞', 'n/a', '0.0')
    """
    if math.isnan(value):
        return "n/a"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{value:,.{places}f}"
    if text.startswith("-") and not any(digit in text for digit in "123456789"):
        text = text[1:]
    return text.replace("-", "−")


def money(value: float, unit: str, places: int | None = None) -> str:
    """An amount with its unit; the digits follow the amount where none are asked for.

    Examples
    --------
    >>> money(521.77, "k$"), money(3, "")
    ('521.8 k$', '3.00')
    """
    text = number(value, decimals([value]) if places is None else places)
    return f"{text} {unit}" if unit else text


def periods(count: float, period: str) -> str:
    """A number of periods in words.

    Examples
    --------
    >>> periods(1, "year"), periods(7.08, "year"), periods(float("inf"), "year")
    ('1 year', '7.1 years', 'for ever')
    """
    if math.isinf(count):
        return "for ever"
    text = number(count, 0 if float(count).is_integer() or count >= 1000 else 1)
    return f"{text} {period}" + ("" if text == "1" else "s")


def first_upper(text: str) -> str:
    """The text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def pair_label(vendor: Agent, client: Agent) -> str:
    """A short name of a pair, vendor first.

    Examples
    --------
    >>> import simulator as ns
    >>> pair_label(ns.agent("grim"), ns.agent("grim")), pair_label(ns.agent("grim"), ns.agent("bully"))
    ('both grim', 'grim with bully')
    """
    return f"both {vendor}" if vendor == client else f"{vendor} with {client}"


def pair_words(vendor: Agent, client: Agent) -> str:
    """A name of a pair for a sentence, that says who is who.

    Examples
    --------
    >>> import simulator as ns
    >>> pair_words(ns.agent("opportunist"), ns.agent("bully"))
    'an opportunist vendor with a bully client'
    """
    if vendor == client:
        return f"{vendor} on both sides"
    return f"{_article(vendor)} vendor with {_article(client)} client"


def pair_clause(vendor: Agent, client: Agent) -> str:
    """A pair as the clause of a sentence, after "if" or "when".

    Examples
    --------
    >>> import simulator as ns
    >>> pair_clause(ns.agent("opportunist"), ns.agent("bully")), pair_clause(ns.agent("grim"), ns.agent("grim"))
    ('an opportunist vendor meets a bully client', 'both play grim')
    """
    return f"both play {vendor}" if vendor == client else f"{_article(vendor)} vendor meets {_article(client)} client"


def _article(agent: Agent) -> str:
    name = str(agent)
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def name_lines(name: str, width: int, most: int = 10) -> str:
    """An agent's name over at most `most` lines, of at most `width` letters where that is possible.

    Examples
    --------
    >>> name_lines("generous-tit-for-tat(generosity=0.3)", 12).splitlines()
    ['generous-', 'tit-for-tat', '(generosity=', '0.3)']
    >>> name_lines("generous-tit-for-tat(generosity=0.3)", 12, 2).splitlines()
    ['generous-tit-for-tat', '(generosity=0.3)']
    """
    if most == 2 and "(" in name:
        return name.replace("(", "\n(", 1)
    while len(lines := _broken_at(name, width)) > most:
        width += 1
    return "\n".join(lines)


def _broken_at(name: str, width: int) -> list[str]:
    parts: list[str] = []
    for letter in name:
        if not parts or parts[-1][-1] in "-=, " or letter == "(":
            parts.append("")
        parts[-1] += letter
    lines = [""]
    for part in parts:
        if lines[-1] and len(lines[-1]) + len(part) > width:
            lines.append("")
        lines[-1] += part
    return [line.strip() for line in lines]


def setting(comparison: Comparison, error: str = "") -> str:
    """The line under a headline: scenario, horizon, discount, and how the numbers were found.

    Parameters
    ----------
    comparison : Comparison
        What is shown.
    error : str
        Measure whose largest standard error is told, where cells were simulated.

    Examples
    --------
    >>> import simulator as ns
    >>> setting(ns.compare(ns.load_scenario("saas-renewal"), vendors="grim", clients="grim"))
    'Enterprise SaaS renewal · horizon 10 years · discount 0.92 per year · exact, no sampling error'
    """
    scenario, period = comparison.scenario, comparison.scenario.period
    horizon = "unlimited horizon" if scenario.unlimited else f"horizon {periods(float(scenario.horizon), period)}"
    discount = "no discounting" if scenario.discount == 1 else f"discount {scenario.discount:g} per {period}"
    return " · ".join((scenario.title, horizon, discount, _method(comparison, error)))


def _method(comparison: Comparison, error: str) -> str:
    sampled, pairs = int(np.count_nonzero(comparison.method == "simulate")), comparison.method.size
    if sampled == 0:
        return "exact, no sampling error"
    said = f"{comparison.replicates:,} simulated relationships per pair"
    if sampled < pairs:
        said = f"exact, but {sampled} of {pairs} pairs by {comparison.replicates:,} simulated relationships each"
    errors = comparison.cells.get(f"se_{error}")
    if errors is None or np.isnan(errors).all():
        return said
    unit = f"{comparison.scenario.period}s" if error in LENGTHS else comparison.scenario.currency
    return f"{said} (standard error up to {np.nanmax(errors):.2g} {unit}".rstrip() + ")"
