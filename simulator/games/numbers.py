"""The numbers of a scenario that can be moved: their dotted keys, values and bounds.

A key is written as `Scenario.replace` takes it. Numbers of a table that can change nothing are left out, for example
what a maturity level costs where there is only one.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from dataclasses import dataclass

from simulator.bargaining.tactics import tactic
from simulator.errors import UnknownNameError
from simulator.scenario.schema import Issue, Posture, Scenario, Worth

__all__ = ["Number", "all_numbers", "number", "numbers"]

SIDES = ("vendor", "client")


@dataclass(frozen=True)
class Number:
    """One number of a scenario.

    Attributes
    ----------
    key : str
        Dotted key, for example ``"relationship.slip"``.
    value : float
        What it is now.
    low, high : float
        The smallest and the largest allowed value.
    whole : bool
        Whether it must be a whole number.
    closed : bool
        Whether the smallest value itself is allowed.
    part : bool
        Whether it is one side's part of a number that stands for both sides.
    """

    key: str
    value: float
    low: float = -math.inf
    high: float = math.inf
    whole: bool = False
    closed: bool = True
    part: bool = False

    def allows(self, value: float) -> bool:
        """Whether the scenario may hold this value, as far as this number alone decides."""
        return self.low <= value <= self.high and (self.closed or value > self.low)


def numbers(scenario: Scenario) -> tuple[Number, ...]:
    """The numbers of a scenario; one that holds for both sides is listed once.

    Examples
    --------
    >>> import simulator as ns
    >>> [n.key for n in numbers(ns.load_scenario("prisoners-dilemma"))][:4]
    ['discount', 'horizon', 'vendor.outside_option', 'client.outside_option']
    """
    return tuple(number for number in all_numbers(scenario) if not number.part)


def number(scenario: Scenario, key: str) -> Number:
    """The number with this key, one side's part of a number for both included.

    Raises
    ------
    UnknownNameError
        When the scenario has no such number; the message lists the nearest ones.
    """
    known = {item.key: item for item in all_numbers(scenario)}
    if key not in known:
        raise UnknownNameError("number", key, known)
    return known[key]


def all_numbers(scenario: Scenario) -> Iterator[Number]:
    """Every number, parts included."""
    yield Number("discount", scenario.discount, 0.0, 1.0, closed=False)
    if not isinstance(scenario.horizon, str):
        yield Number("horizon", scenario.horizon, 1, whole=True)
    for side in SIDES:
        yield Number(f"{side}.outside_option", scenario.party(side).outside_option)
    if scenario.payoffs is not None:
        for side in SIDES:
            for i, row in enumerate(getattr(scenario.payoffs, side)):
                yield from (Number(f"payoffs.{side}.{i}.{j}", value) for j, value in enumerate(row))
    else:
        yield from _of_deals(scenario)
    if len(scenario.levels) > 1:
        yield from _of_maturity(scenario)
    yield from _of_relationship(scenario)


def _of_deals(scenario: Scenario) -> Iterator[Number]:
    for side in SIDES:
        yield Number(f"base.{side}", getattr(scenario.base, side))
    for i, issue in enumerate(scenario.issue):
        yield from _of_issue(f"issue.{_entry(issue.name, i)}", issue)
    rules = scenario.negotiation
    yield Number("negotiation.rounds", rules.rounds, 1, whole=True)
    yield Number("negotiation.round_cost", rules.round_cost, 0)
    if rules.tolerance is not None:
        yield Number("negotiation.tolerance", rules.tolerance, 0, closed=False)
    serve, help_ = scenario.delivery.vendor, scenario.delivery.client
    yield Number("delivery.vendor.cost", serve.cost, 0)
    yield Number("delivery.vendor.benefit", serve.benefit, 0)
    yield Number("delivery.vendor.needs", serve.needs)
    yield Number("delivery.vendor.starved", serve.starved, 0, 1)
    yield Number("delivery.client.cost", help_.cost, 0)
    yield Number("delivery.client.benefit", help_.benefit, 0)
    own = {side: getattr(scenario, f"{side}_posture") for side in SIDES}
    if None in own.values():
        yield from _of_postures("posture", scenario.posture_choices(SIDES[0] if own["vendor"] is None else SIDES[1]))
    for side in SIDES:
        if own[side] is not None:
            yield from _of_postures(f"{side}_posture", own[side])


def _entry(name: str, place: int) -> str:
    """How an entry of a list is called in a key: by its name, or by its place where the name would be misread."""
    return str(place) if "." in name or name.isdigit() else name


def _of_issue(key: str, issue: Issue) -> Iterator[Number]:
    if issue.range is not None:
        yield Number(f"{key}.range.from", issue.range.start, high=issue.range.stop)
        yield Number(f"{key}.range.to", issue.range.stop, low=issue.range.start)
        yield Number(f"{key}.range.step", issue.range.step, 0, closed=False)
    for side in SIDES:
        worth = getattr(issue, side)
        if isinstance(worth, Worth):
            yield Number(f"{key}.{side}.per_unit", worth.per_unit)
        elif worth is not None:
            yield from (Number(f"{key}.{side}.{k}", value) for k, value in enumerate(worth))


def _of_postures(table: str, postures: tuple[Posture, ...]) -> Iterator[Number]:
    for i, posture in enumerate(postures):
        key = f"{table}.{_entry(posture.name, i)}"
        yield Number(f"{key}.effort", posture.effort, 0, 1)
        made = tactic(posture.tactic.name, **dict(posture.tactic.parameters))
        for item in dataclasses.fields(made):
            rule = item.metadata
            if rule.get("kind") is float:
                low, closed = (rule["low"], True) if rule["above"] == -math.inf else (rule["above"], False)
                value = getattr(made, item.name)
                yield Number(f"{key}.tactic.{item.name}", value, low, rule["high"], closed=closed)


def _of_maturity(scenario: Scenario) -> Iterator[Number]:
    rules = scenario.maturity
    if scenario.payoffs is not None:
        yield Number("maturity.growth", rules.growth, 0)
    elif isinstance(rules.value_per_level, tuple):
        for m, value in enumerate(rules.value_per_level[1:], start=1):
            yield Number(f"maturity.value_per_level.{m}", value)
    else:
        yield Number("maturity.value_per_level", rules.value_per_level)
    if isinstance(rules.reinvest, float):
        yield Number("maturity.reinvest", rules.reinvest, 0, 1)
    yield Number("maturity.level_cost", rules.level_cost, 0, closed=False)
    yield Number("maturity.decay", rules.decay, 0, 1)


def _of_relationship(scenario: Scenario) -> Iterator[Number]:
    rules = scenario.relationship
    yield Number("relationship.fair_share", rules.fair_share, 0, 1)
    yield Number("relationship.begrudge", rules.begrudge, 0)
    yield Number("relationship.churn", rules.churn, 0, 1)
    for name, high, whole in (
        ("switching_cost", math.inf, False),
        ("slip", 1.0, False),
        ("misread", 1.0, False),
        ("patience", math.inf, True),
    ):
        values = getattr(rules, name)
        both = values.vendor == values.client
        if both:
            yield Number(f"relationship.{name}", values.vendor, 0, high, whole)
        for side in SIDES:
            yield Number(f"relationship.{name}.{side}", getattr(values, side), 0, high, whole, part=both)
