"""Where cooperation pays: a condition over two settings at once, exact at every point of a grid."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.errors import SimulatorError
from simulator.relationships.exact import relationship
from simulator.runner.breakeven import Dial, dial_of
from simulator.runner.conditions import Condition, condition
from simulator.scenario.schema import Scenario
from simulator.strategies.catalogue import agent
from simulator.strategies.contract import Agent

__all__ = ["CooperationMap", "cooperation_map"]

Floats = NDArray[np.float64]
SIZE = 21  # points along each setting


@dataclass(frozen=True, eq=False)
class CooperationMap:
    """A difference over two settings.

    Attributes
    ----------
    scenario, vendor, client
        The situation and the pair.
    condition : Condition
        What the difference is; positive where ``condition.above`` is true.
    key_x, key_y : str
        The settings.
    x, y : ndarray
        Their values.
    gap : ndarray, shape (len(y), len(x))
        The difference, money; not a number where the two values are not allowed together.
    """

    scenario: Scenario
    vendor: Agent
    client: Agent
    condition: Condition
    key_x: str
    key_y: str
    x: Floats
    y: Floats
    gap: Floats

    @property
    def share(self) -> float:
        """Part of the map in which the difference is positive."""
        usable = np.isfinite(self.gap)
        return float((self.gap[usable] > 0).mean()) if usable.any() else math.nan


def cooperation_map(
    scenario: Scenario,
    key_x: str,
    key_y: str,
    *,
    vendor: str | Agent = "always-cooperate",
    client: str | Agent = "always-cooperate",
    where: str = "joint building = joint squeezing",
    x: tuple[float, float] | None = None,
    y: tuple[float, float] | None = None,
    size: int = SIZE,
    progress: Callable[[int, int], None] | None = None,
) -> CooperationMap:
    """Where a condition holds over two settings, for example where building together beats squeezing.

    Parameters
    ----------
    scenario : Scenario
        The situation.
    key_x, key_y : str
        Dotted keys of two numbers.
    vendor, client : str or Agent
        The pair, as far as the condition does not name its own.
    where : str
        A condition as for `simulator.breakeven`, for example ``"vendor building = vendor squeezing"``.
    x, y : (low, high), optional
        Ranges; absent: those that `simulator.breakeven` looks at.
    size : int
        Points along each setting.
    progress : callable, optional
        Called with the number of points done and in all.

    Returns
    -------
    CooperationMap

    Examples
    --------
    >>> import simulator as ns
    >>> s = ns.load_scenario("prisoners-dilemma")
    >>> found = ns.cooperation_map(s, "relationship.slip", "relationship.churn", size=3, client="grim",
    ...                            where="vendor building = vendor squeezing", x=(0, 0.2), y=(0, 0.5))
    >>> (found.gap > 0).astype(int).tolist()
    [[1, 0, 0], [1, 1, 0], [0, 0, 0]]
    """
    if not (isinstance(size, int) and size >= 2):
        raise SimulatorError(f"size is {size!r}; allowed: a whole number of at least 2")
    if key_x == key_y:
        raise SimulatorError(f"both settings of the map are {key_x!r}; allowed: two different ones")
    one, two, asked = agent(vendor), agent(client), condition(where)
    across, up = (_values(scenario, key, ends, size) for key, ends in ((key_x, x), (key_y, y)))
    gap = np.full((len(up), len(across)), np.nan)
    for row, column in np.ndindex(gap.shape):
        gap[row, column] = _gap(scenario, {key_x: across[column], key_y: up[row]}, asked, one, two)
        if progress is not None:
            progress(row * gap.shape[1] + column + 1, gap.size)
    return CooperationMap(
        scenario, one, two, asked, key_x, key_y, np.array(across, dtype=float), np.array(up, dtype=float), gap
    )


def _values(scenario: Scenario, key: str, ends: tuple[float, float] | None, size: int) -> list[float]:
    low, high = ends or (None, None)
    dial: Dial = dial_of(scenario, key, low=low, high=high)
    if dial.value is None:
        raise SimulatorError(f"{key!r} is negotiated; a map is over numbers of the scenario")
    if dial.whole:
        return sorted({round(value) for value in np.linspace(dial.low, dial.high, size).tolist()})
    return [float(value) for value in np.linspace(dial.low, dial.high, size)]


def _gap(scenario: Scenario, changes: dict[str, float], asked: Condition, vendor: Agent, client: Agent) -> float:
    try:
        there = scenario.replace(changes)
        return asked.gap(lambda v, c: relationship(there, vendor=v, client=c), vendor, client)[0]
    except SimulatorError:  # not allowed together
        return math.nan
