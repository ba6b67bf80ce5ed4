"""Slopes of the first best, by the envelope theorem: the planner's decisions held, their value differentiated.

Where decisions are equally good, a maximum follows the one whose value grows most on the side towards which the number
moves, or falls least.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.games.tangents import Tangent, falling, rising
from simulator.relationships.period import Period, neighbours, period_of
from simulator.relationships.planner import (
    MOST_ITERATIONS,
    Plan,
    actual,
    arriving,
    first_best,
    intended,
    plan_of,
    shares_of,
)
from simulator.scenario.schema import Scenario

__all__ = ["planner_slope"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
SIDES = ("vendor", "client")
ENDS = 1e-12  # of a probability


def planner_slope(scenario: Scenario, moved: Tangent, direction: int) -> float:
    """Change of the planner's value beyond the outside streams, per unit of a number; not a number if it is infinite.

    Parameters
    ----------
    scenario : Scenario
        The situation at its present numbers.
    moved : Tangent
        Of the number.
    direction : {1, -1}
        Whether the number rises or falls; it matters where decisions are equally good.
    """
    if not np.isfinite(first_best(scenario)):
        return float("nan")
    plan = plan_of(scenario)
    slopes = _Slopes(plan, *_changes(period_of(scenario), moved, direction), moved.rates, direction)
    if scenario.unlimited:
        return slopes.unlimited()
    slope = slopes.largest(plan.best(len(plan.values) - 1), slopes.gain)
    for t in range(len(plan.values) - 2, -1, -1):
        slope = slopes.largest(plan.best(t), slopes.before(plan.values[t + 1], slope))
    return float(slope[0])


def _changes(period: Period, moved: Tangent, direction: int) -> tuple[Floats, Floats]:
    """Change of the gain and of the next states of every decision of the planner."""
    stages, slip, rates = period.stages, period.slip, moved.rates
    gain = sum((moved.payoffs[side] - rates.get(f"outside.{side}", 0.0) for side in SIDES), np.zeros(()))
    gains, moves = [], []
    for share in shares_of(stages.scenario):
        invested, rise = rising(stages, moved, float(share), direction)
        fall = np.where(falling(stages), rates.get("decay", 0.0), 0.0)
        after = arriving(stages, -rise - fall, rise, fall)
        changes = [intended(slip["vendor"], slip["client"], gain - invested[:, None], after)]
        for side in SIDES:
            if f"slip.{side}" in rates:
                count = len(slip[side])
                turned = slip | {side: neighbours(count, 1.0) - neighbours(count, 0.0)}
                changes.append(intended(turned["vendor"], turned["client"], *actual(stages, float(share))))
        gains.append(np.sum([change for change, _ in changes], axis=0))
        moves.append(np.sum([change for _, change in changes], axis=0))
    return np.concatenate(gains), np.concatenate(moves)


@dataclass(frozen=True, eq=False)
class _Slopes:
    """Slopes of the values of a plan: of the worth of its decisions given those a period later."""

    plan: Plan
    gain: Floats
    move: Floats
    rates: dict[str, float]
    direction: int

    def largest(self, best: Flags, slopes: Floats) -> Floats:
        """Of the best decisions in each state, the slope of the one that grows most."""
        return np.asarray(np.take_along_axis(slopes, self.chosen(best, slopes)[None], axis=0)[0])

    def chosen(self, best: Flags, slopes: Floats) -> NDArray[np.intp]:
        """Of the best decisions in each state, the one that grows most."""
        return np.asarray(np.where(best, self.direction * slopes, -np.inf).argmax(axis=0))

    def parted(self, following: Floats, slope: Floats) -> Flags:
        """Next states in which the planner parts."""
        better, tied = self.plan.parting(following)
        more = self.direction * (self._going(following, slope) + self._cost_rate) < 0
        return better | (tied & more)

    def before(self, following: Floats, slope: Floats, parted: Flags | None = None) -> Floats:
        """Slopes of the worth of every decision, given the values of the next states and their slopes."""
        rules = self.plan.scenario.relationship
        cost = rules.switching_cost.vendor + rules.switching_cost.client
        parted = self.parted(following, slope) if parted is None else parted
        kept = np.where(parted, -cost, self.plan.scenario.discount * following)
        keeping = np.where(parted, -self._cost_rate, self._going(following, slope))
        left = rules.churn * cost
        leaving = (kept + cost) * self.rates.get("churn", 0.0) + rules.churn * self._cost_rate
        return (
            self.gain
            + self.move @ ((1 - rules.churn) * kept - left)
            + self.plan.move @ ((1 - rules.churn) * keeping - leaving)
        )

    def unlimited(self) -> float:
        """Slope of the value of the first state: that of the best of the equally good policies."""
        plan, scenario = self.plan, self.plan.scenario
        inside, value, best = plan.met[0], plan.values[0], plan.best(0)
        slope, states = np.zeros(len(value)), np.arange(len(value))
        keep = scenario.discount * (1 - scenario.relationship.churn)
        for _ in range(MOST_ITERATIONS):
            parted = self.parted(value, slope)
            chosen = self.chosen(best, self.before(value, slope, parted))
            fixed = self.before(value, np.zeros(len(value)), parted)[chosen, states][inside]
            onward = (keep * plan.move[chosen, states] * ~parted)[inside][:, inside]
            if keep == 1 and np.linalg.matrix_power(onward, len(value)).sum(axis=1).max() > 1 - ENDS:
                return float("nan")  # it goes on for ever at a gain of 0
            improved = np.zeros(len(value))
            improved[inside] = np.linalg.solve(np.eye(len(onward)) - onward, fixed)
            if np.allclose(improved, slope, rtol=1e-12, atol=1e-12):
                break
            slope = improved
        return float(improved[0])

    @property
    def _cost_rate(self) -> float:
        return sum(self.rates.get(f"switching_cost.{side}", 0.0) for side in SIDES)

    def _going(self, following: Floats, slope: Floats) -> Floats:
        """Slope of what going on is worth."""
        return self.rates.get("discount", 0.0) * following + self.plan.scenario.discount * slope
