"""Exact derivatives of the results of a pair with respect to every number of a scenario.

``d result = adjoint of the chain . tangent of the number``: `adjoint` solves the chain once, `simulator.games.tangents`
says how payoffs move, and here both are joined through the rules of a period (reinvesting, rising, begrudging,
slipping, misreading). The first best has its slopes by the envelope theorem; see `planner_slopes`. Between kinks and
changes of a deal these are the derivatives; on a kink they are those on the side towards which the number moves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.errors import SimulatorError
from simulator.games.numbers import Number, number, numbers
from simulator.games.tangents import Tangent, falling, rising, tangent
from simulator.relationships.adjoint import BASIC, Adjoint, Linear
from simulator.relationships.chain import automaton_of
from simulator.relationships.exact import Relationship, annuity, relationship
from simulator.relationships.period import neighbours, period_of, setting_of
from simulator.relationships.planner_slopes import planner_slope
from simulator.scenario.schema import Scenario
from simulator.strategies.contract import Agent

__all__ = ["RESULTS", "derivatives"]

Floats = NDArray[np.float64]
RESULTS = (
    "joint_value",
    "vendor_value",
    "client_value",
    "created_value",
    "vendor_captured",
    "client_captured",
    "expected_length",
    "healthy_length",
    "first_best",
    "left_on_table",
)
SIDES = ("vendor", "client")
EDGE = 1e-12  # of a probability, when it is compared with 0
BEND = 1e-3  # relative step in the payoffs that an automaton reads; the error of its slope is of the fourth order


def derivatives(
    scenario: Scenario,
    *,
    vendor: str | Agent,
    client: str | Agent,
    keys: Iterable[str] | None = None,
    direction: int = 1,
) -> dict[str, dict[str, float]]:
    """Derivatives of every result of a pair with respect to numbers of the scenario.

    Parameters
    ----------
    scenario : Scenario
        The situation.
    vendor, client : str or Agent
        Agents with finite memory.
    keys : iterable of str, optional
        Dotted keys of numbers; absent: all that are not whole numbers.
    direction : {1, -1}
        Whether the numbers rise or fall; it matters on a kink. At the end of its range a number moves inwards.

    Returns
    -------
    dict
        ``{key: {result: derivative}}`` with the results of `RESULTS`, per unit of the number, while every deal stays
        as it is. Not a number where the result is infinite.

    Raises
    ------
    UnknownNameError
        For a number that the scenario does not have.
    SimulatorError
        For a whole number: it has no derivative.

    Notes
    -----
    An agent that reads the payoffs (extortioner) is differentiated by a fourth-order difference of its few
    probabilities; everything else is analytic.

    Examples
    --------
    >>> import simulator as ns
    >>> s = ns.load_scenario("saas-renewal")
    >>> found = derivatives(s, vendor="tit-for-tat", client="tit-for-tat", keys=["relationship.churn"])
    >>> round(found["relationship.churn"]["expected_length"], 3)
    -26.886
    """
    wanted = [number(scenario, key) for key in keys] if keys is not None else None
    chosen = wanted if wanted is not None else [item for item in numbers(scenario) if not item.whole]
    for item in chosen:
        if item.whole:
            raise SimulatorError(f"{item.key} is a whole number and has no derivative; move it by one unit instead")
    now = relationship(scenario, vendor=vendor, client=client)
    base: dict[str, Adjoint] = {}
    found = {}
    for item in chosen:
        wider = _wider(scenario, item)
        adjoints = _adjoints(now, wider) if wider is not None else (base or base | _adjoints(now, None))
        if wider is None:
            base = adjoints
        found[item.key] = _along(now, item, adjoints, direction)
    return found


def _adjoints(now: Relationship, layout: Scenario | None) -> dict[str, Adjoint]:
    linear = Linear(now.scenario, now.vendor, now.client, now.reinvest, layout)
    return {result: linear.adjoint(result) for result in BASIC}


def _wider(scenario: Scenario, item: Number) -> Scenario | None:
    """The scenario with the number off its bound, where on the bound less can happen than beside it; else None."""
    opens = ("relationship.slip", "relationship.misread", "maturity.reinvest", "delivery.vendor.starved")
    if not item.key.startswith(opens) or item.value not in (0, 1):
        return None
    return scenario.replace({item.key: 0.5})


def _along(now: Relationship, item: Number, adjoints: dict[str, Adjoint], direction: int) -> dict[str, float]:
    """Derivatives of all results along one number."""
    if not item.allows(item.value + direction * 1e-9):
        direction = -direction
    scenario = now.scenario
    step = _Step(now, item.key, direction)
    slopes = {result: step.along(adjoint) for result, adjoint in adjoints.items()}
    rates = step.moved.rates
    span = annuity(scenario)
    spread = _annuity_slope(scenario) * rates.get("discount", 0.0)
    slopes["first_best"] = planner_slope(scenario, step.moved, direction)
    for side in SIDES:
        stream = rates.get(f"outside.{side}", 0.0), scenario.party(side).outside_option
        # An outside stream of 0 is 0 even over a horizon whose length is infinite.
        outside = (stream[0] * span if stream[0] else 0.0) + (stream[1] * spread if stream[1] else 0.0)
        slopes[f"{side}_value"] = slopes[f"{side}_captured"] + outside
        slopes["first_best"] += outside
    slopes["created_value"] = slopes["vendor_captured"] + slopes["client_captured"]
    slopes["joint_value"] = slopes["vendor_value"] + slopes["client_value"]
    slopes["left_on_table"] = slopes["first_best"] - slopes["joint_value"]
    return {result: float(slopes[result]) for result in RESULTS}


def _annuity_slope(scenario: Scenario) -> float:
    discount = scenario.discount
    if scenario.unlimited:
        return 1 / (1 - discount) ** 2 if discount < 1 else float("inf")
    periods = np.arange(1, int(scenario.horizon))
    return float((periods * discount ** (periods - 1)).sum())


class _Step:
    """What one number does to the tables of a period."""

    def __init__(self, now: Relationship, key: str, direction: int) -> None:
        self.now, self.scenario = now, now.scenario
        self.period = period_of(now.scenario)
        self.stages, self.direction = self.period.stages, direction
        self.moved: Tangent = tangent(self.stages, key, direction=direction)
        rates = self.moved.rates
        bends = {side: self._bend(side) for side in SIDES}
        self.bends = {side: bend for side, bend in bends.items() if bend is not None}
        self.gains = {side: self.moved.payoffs[side] - rates.get(f"outside.{side}", 0.0) for side in SIDES}

    def along(self, adjoint: Adjoint) -> float:
        """Change of one result per unit of the number."""
        rates, rules = self.moved.rates, self.scenario.relationship
        invested, rise = rising(self.stages, self.moved, self.now.reinvest, self.direction)
        total = sum(rates.get(name, 0.0) * slope for name, slope in adjoint.rates.items())
        total += float((adjoint.reward["vendor"] * (self.gains["vendor"] - invested[:, None])).sum())
        total += float((adjoint.reward["client"] * self.gains["client"]).sum())
        total += float((adjoint.rise * rise).sum())
        if "decay" in rates:
            total += float(adjoint.fall[falling(self.stages)].sum())
        begrudged = self._begrudged()
        for side in SIDES:
            other = "client" if side == "vendor" else "vendor"
            total += float((adjoint.begrudge[side] * begrudged[side]).sum()) if rules.can_leave else 0.0
            for name, matrix in (("slip", adjoint.slip[side]), ("misread", adjoint.seen_by[side])):
                if f"{name}.{side}" in rates:
                    count = len(self.scenario.postures(side if name == "slip" else other))
                    total += float((matrix * (neighbours(count, 1.0) - neighbours(count, 0.0))).sum())
            total += self._read(side, adjoint)
        return total

    def _begrudged(self) -> dict[str, Floats]:
        """Change of each side's chance to leave over its share."""
        rules, rates = self.scenario.relationship, self.moved.rates
        gains = {side: getattr(self.stages, side) - self.scenario.party(side).outside_option for side in SIDES}
        created, growing = gains["vendor"] + gains["client"], self.gains["vendor"] + self.gains["client"]
        some = created > 0
        changes = {}
        for side in SIDES:
            share = np.divide(gains[side], created, out=np.full(created.shape, rules.fair_share), where=some)
            sharing = np.divide(self.gains[side] - share * growing, created, out=np.zeros(created.shape), where=some)
            lack = rules.fair_share - share
            lacking = (rates.get("fair_share", 0.0) - sharing) * some
            wish = rules.begrudge * lack
            wishing = rates.get("begrudge", 0.0) * lack + rules.begrudge * lacking
            # min(1, max(0, wish)): on an edge, the side towards which it moves.
            edge = np.abs(wish) <= EDGE
            moves = (wish > EDGE) | (edge & (self.direction * wishing > 0))
            over = (wish > 1.0) | ((wish == 1.0) & (self.direction * wishing > 0))
            changes[side] = np.where(moves & ~over, wishing, 0.0)
        return changes

    def _read(self, side: str, adjoint: Adjoint) -> float:
        """Change through what an agent reads of the game before it starts."""
        if side not in self.bends:
            return 0.0
        play, leave = self.bends[side]
        return float(
            (adjoint.play[side] * (play[0] if side == "vendor" else play)).sum() + (adjoint.leave[side] * leave).sum()
        )

    def _bend(self, side: str) -> tuple[Floats, Floats] | None:
        """Change of an agent's probabilities to play and to leave; None where nothing that it reads moves."""
        agent = self.now.vendor if side == "vendor" else self.now.client
        setting, rates = setting_of(self.scenario, side), self.moved.rates
        payoffs = self.moved.payoffs[side][0, 0]
        slope: dict[str, Any] = {
            "payoffs": payoffs if side == "vendor" else payoffs.T,
            "outside": rates.get(f"outside.{side}", 0.0),
            "switching_cost": rates.get(f"switching_cost.{side}", 0.0),
            "discount": rates.get("discount", 0.0),
        }
        largest = max(float(np.abs(change).max()) for change in slope.values())
        if largest == 0 or not _reads_numbers(self.scenario, side, agent):
            return None
        size = BEND * (float(np.ptp(setting.payoffs)) or 1.0) / largest
        tables = []
        for k in (-2, -1, 1, 2):
            shifted = {name: getattr(setting, name) + k * size * change for name, change in slope.items()}
            table = agent.automaton(replace(setting, **shifted))
            if table is None:
                raise SimulatorError(f"agent {str(agent)!r} has an automaton only for some payoffs")
            tables.append(table)
        plays, leaves = [table.play for table in tables], [table.leave for table in tables]
        return _slope_of(plays, size), _slope_of(leaves, size)


def _slope_of(values: list[Floats], size: float) -> Floats:
    down2, down, up, up2 = values
    return np.asarray((8 * (up - down) - (up2 - down2)) / (12 * size))


@lru_cache(maxsize=4096)
def _reads_numbers(scenario: Scenario, side: str, agent: Agent) -> bool:
    """Whether an agent's automaton depends on the money or the discount of the game."""
    setting = setting_of(scenario, side)
    tilted = (
        BEND * float(np.ptp(setting.payoffs)) * np.cos(np.arange(setting.payoffs.size)).reshape(setting.payoffs.shape)
    )
    other = replace(
        setting,
        payoffs=setting.payoffs + tilted,
        outside=setting.outside + BEND,
        switching_cost=setting.switching_cost + BEND,
        discount=setting.discount * (1 - BEND),
    )
    one, two = automaton_of(scenario, side, agent), agent.automaton(other)
    return (
        one is None or two is None or not (np.array_equal(one.play, two.play) and np.array_equal(one.leave, two.leave))
    )
