"""Which settings drive the difference between two pairs: each number of the scenario moved a little, all else equal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.errors import SimulatorError
from simulator.relationships.exact import relationship
from simulator.scenario.schema import Scenario
from simulator.strategies.contract import Agent

__all__ = ["Driver", "drivers"]

STEP = 0.1  # of the setting's value
Pair = tuple[Agent, Agent]


@dataclass(frozen=True)
class Driver:
    """How much a difference in created value moves when one setting rises by a tenth of its value."""

    key: str
    value: float
    change: float


def drivers(scenario: Scenario, pair_a: Pair, pair_b: Pair, *, count: int = 3) -> tuple[Driver, ...]:
    """The settings that move the loss of pair B against pair A most, largest first.

    Parameters
    ----------
    scenario : Scenario
        The situation.
    pair_a, pair_b : (vendor, client)
        Agents with automata.
    count : int
        How many to return.

    Returns
    -------
    tuple of Driver
        The change is the loss with the setting at 110% of its value minus the loss now, in money; where a setting may
        not rise, minus the change at 90%. A discount rises by a tenth of its distance to 1, since a tenth of its value
        would be a world of difference. Settings that change nothing are left out.

    Examples
    --------
    >>> import simulator as ns
    >>> s = ns.load_scenario("saas-renewal")
    >>> together = (ns.agent("always-cooperate"), ns.agent("always-cooperate"))
    >>> against = (ns.agent("always-compete"), ns.agent("always-compete"))
    >>> len(drivers(s, together, against))
    3
    """
    now = _loss(scenario, pair_a, pair_b)
    found = []
    for key, value in numeric_settings(scenario):
        change = None
        for sign in (1, -1):
            try:
                moved = scenario.replace({key: _moved(key, value, sign * STEP)})
                change = sign * (_loss(moved, pair_a, pair_b) - now)
            except SimulatorError:
                continue  # not allowed there, for example a probability above 1: try the other direction
            break
        if change is not None and abs(change) > 1e-9 * (1 + abs(now)):
            found.append(Driver(key, float(value), float(change)))
    return tuple(sorted(found, key=lambda driver: (-abs(driver.change), driver.key))[:count])


def numeric_settings(scenario: Scenario) -> Iterator[tuple[str, float]]:
    """Dotted key and value of every setting that a party could hope to change and that is not 0.

    These are the outside options, the discount, and the numbers of negotiation, delivery, maturity and relationship.
    What the deals themselves are worth is the situation, not a setting.
    """
    yield "discount", scenario.discount
    for side in ("vendor", "client"):
        yield from _numbers(scenario.party(side).outside_option, f"{side}.outside_option")
    for table in ("negotiation", "delivery", "maturity", "relationship"):
        yield from _numbers(getattr(scenario, table).model_dump(by_alias=True), table)


def _numbers(value: Any, key: str) -> Iterator[tuple[str, float]]:
    if isinstance(value, Mapping):
        if set(value) == {"vendor", "client"} and value["vendor"] == value["client"]:
            value = {"": value["vendor"]} if not isinstance(value["vendor"], Mapping) else value
        for name, inner in value.items():
            yield from _numbers(inner, f"{key}.{name}" if name else key)
    elif isinstance(value, int | float) and not isinstance(value, bool) and value != 0:
        yield key, value


def _moved(key: str, value: float, share: float) -> float:
    if key == "discount":
        return value + share * (1 - value)
    if isinstance(value, int):
        step = max(1, round(abs(value * share)))
        return value + (step if share > 0 else -step)
    return value * (1 + share)


def _loss(scenario: Scenario, pair_a: Pair, pair_b: Pair) -> float:
    a, b = (relationship(scenario, vendor=vendor, client=client) for vendor, client in (pair_a, pair_b))
    return a.created_value - b.created_value
