"""How counts, lists and sentences are said: from the catalogue of messages, so that a language is one file."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.reports.plots.words import first_upper, number
from simulator.scenario.schema import Scenario
from simulator.workshop.words import Words

__all__ = ["count_of", "discounted", "listed", "noun", "percent", "sentence", "tidy"]


def count_of(say: Words, count: int, *, among: int = 0) -> str:
    """A small number as a word, a larger one in digits; `among`: a number said with it, both in the same way.

    Examples
    --------
    >>> from simulator.workshop.words import words
    >>> count_of(words(), 15), count_of(words(), 60), count_of(words(), 5, among=60)
    ('fifteen', '60', '5')
    """
    key = f"debrief.number.{count}"
    return say(key) if key in say and f"debrief.number.{max(count, among)}" in say else number(count, 0)


def noun(say: Words, name: str, count: int, **values: object) -> str:
    """A counted noun.

    Examples
    --------
    >>> from simulator.workshop.words import words
    >>> noun(words(), "pair", 1), noun(words(), "pair", 15), noun(words(), "period", 2, period="year")
    ('one pair', 'fifteen pairs', 'two years')
    """
    return say(f"debrief.noun.{name}", count=count, n=count_of(say, count), **values)


def listed(say: Words, parts: Sequence[str]) -> str:
    """Parts of a sentence in a row, the last one joined by "and"."""
    if len(parts) < 2:
        return "".join(parts)
    return say("debrief.list.last", rest=say("debrief.list.comma").join(parts[:-1]), last=parts[-1])


def sentence(say: Words, key: str, **values: object) -> str:
    """A whole sentence that begins with a capital."""
    return first_upper(say(key, **values))


def percent(share: float) -> str:
    """A share in whole per cent, with a true minus.

    Examples
    --------
    >>> percent(0.312), percent(-0.04), percent(-0.001)
    ('31%', '−4%', '0%')
    """
    return number(100 * share, 0) + "%"


def discounted(say: Words, scenario: Scenario) -> str:
    """What a later period counts, in a sentence.

    Examples
    --------
    >>> import simulator as ns
    >>> from simulator.workshop.words import words
    >>> discounted(words(), ns.load_scenario("saas-renewal"))
    'Each year counts 8% less than the one before.'
    """
    share = f"{100 * (1 - scenario.discount):.3g}%"
    return say("debrief.notes.discount", share=share, period=scenario.period)


def tidy(value: float) -> str:
    """A number as short as it is exact to four digits.

    Examples
    --------
    >>> tidy(95.0), tidy(0.25), tidy(-12000.0)
    ('95', '0.25', '−12,000')
    """
    for places in range(4):
        if abs(value - round(value, places)) <= 1e-4 * max(1.0, abs(value)):
            return number(value, places)
    return number(value, 3)
