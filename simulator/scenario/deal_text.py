"""A deal as people write it: ``price=95,support=priority``."""

from __future__ import annotations

import shlex
from typing import Any

from simulator.errors import SimulatorError, UnknownNameError, nearest
from simulator.scenario.schema import Issue, Scenario

__all__ = ["option_of", "parse_deal"]


def parse_deal(scenario: Scenario, text: str) -> dict[str, Any]:
    """Read some terms of a deal; issues that are not named are left out.

    Parameters
    ----------
    scenario : Scenario
        A scenario with issues.
    text : str
        ``ISSUE=OPTION`` with commas between; names with commas or equals signs in double quotes. Capitals do not
        matter.

    Returns
    -------
    dict
        ``{issue: option}``.

    Raises
    ------
    UnknownNameError
        For an issue that does not exist.
    SimulatorError
        For text of another shape, an issue named twice, or an option that is not allowed.

    Examples
    --------
    >>> import simulator as ns
    >>> parse_deal(ns.load_scenario("component-supply"), 'price=8.4, safety stock=Two weeks, term="three years"')
    {'price': 8.4, 'safety stock': 'two weeks', 'term': 'three years'}
    """
    names = {issue.name.casefold(): issue for issue in scenario.issue}
    deal: dict[str, Any] = {}
    for part in _parts(text):
        name, equals, option = (piece.strip() for piece in part.partition("="))
        if not (name and equals and option):
            raise SimulatorError(f"cannot read the term {part.strip()!r} of the deal; write ISSUE=OPTION,ISSUE=OPTION")
        issue = names.get(name.casefold())
        if issue is None:
            raise UnknownNameError("issue", name, [issue.name for issue in scenario.issue])
        if issue.name in deal:
            raise SimulatorError(f"the deal names {issue.name!r} twice")
        deal[issue.name] = option_of(issue, option)
    return deal


def _parts(text: str) -> list[str]:
    """The terms between the commas; double quotes keep commas together."""
    reader = shlex.shlex(text, posix=True)
    reader.whitespace, reader.whitespace_split = ",", True
    reader.quotes, reader.escape, reader.commenters = '"', "", ""
    try:
        return [part for part in reader if part.strip()]
    except ValueError:
        raise SimulatorError(f"the deal {text!r} has a quotation mark that is not closed") from None


def option_of(issue: Issue, text: str) -> Any:
    """The option of an issue that a text names.

    Raises
    ------
    SimulatorError
        When it is no option, with the allowed ones and the nearest name.
    """
    if issue.range is not None:
        span = issue.range
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if span.start <= value <= span.stop:
            return value
        unit = f" {issue.unit}" if issue.unit else ""
        raise SimulatorError(
            f"{issue.name!r} is {text!r}; allowed: a number from {span.start:g} to {span.stop:g}{unit}"
        )
    options = issue.options or ()
    by_text = {str(option).casefold(): option for option in options}
    if text.casefold() in by_text:
        return by_text[text.casefold()]
    hint = nearest(text, map(str, options))
    allowed = "allowed: " + ", ".join(map(str, options))
    raise SimulatorError(f"{issue.name!r} has no option {text!r}; {allowed}" + (f"; {hint}" if hint else ""))
