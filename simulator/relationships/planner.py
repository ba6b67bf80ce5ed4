"""First best: the largest joint value of one planner who chooses both postures and when to part.

The planner plays at least period 0, faces the same slips, churn, maturity and starvation, pays both switching costs
when it parts, and is free of patience, begrudging and misreading. Where the vendor's reinvestment is a best reply, the
planner picks the share on the same grid. A Markov decision process over (level, fed or starved), solved backwards for
a finite horizon and by policy iteration for an unlimited one.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from simulator.relationships.period import period_of
from simulator.scenario.schema import Scenario

__all__ = ["first_best"]

Floats = NDArray[np.float64]
MOST_ITERATIONS = 1000


@lru_cache(maxsize=256)
def first_best(scenario: Scenario) -> float:
    """The largest joint value that one planner of both sides could reach.

    Returns
    -------
    float
        In the same money as a relationship's joint value; infinite for an unlimited undiscounted horizon without churn
        in which the planner never parts.
    """
    gain, move = _decisions(scenario)
    rules, discount = scenario.relationship, scenario.discount
    cost = rules.switching_cost.vendor + rules.switching_cost.client
    outside = scenario.vendor.outside_option + scenario.client.outside_option

    def worth(following: Floats) -> Floats:
        """Worth of each decision in each state, given what each next state is worth at the start of a period."""
        going_on = discount * following
        kept = np.maximum(going_on, -cost) if rules.can_leave else going_on
        return gain + move @ ((1 - rules.churn) * kept - rules.churn * cost)

    if not scenario.unlimited:
        periods = int(scenario.horizon)
        value = gain.max(axis=0)  # in the last period no end is early
        for _ in range(periods - 1):
            value = worth(value).max(axis=0)
        best = float(value[0])
    else:
        best = _unlimited(gain, move, discount, rules.churn, cost, can_part=rules.can_leave)
    if outside == 0 or not np.isfinite(best):
        return best
    from simulator.relationships.exact import annuity

    return best + outside * annuity(scenario)


def _decisions(scenario: Scenario) -> tuple[Floats, Floats]:
    """Expected joint gain (decisions, states) and next states (decisions, states, states) of every decision."""
    period = period_of(scenario)
    stages = period.stages
    levels = len(scenario.levels)
    reinvest = scenario.maturity.reinvest
    shares = np.arange(11) / 10 if isinstance(reinvest, str) else np.array([reinvest])
    outside = scenario.vendor.outside_option + scenario.client.outside_option
    gains, moves = [], []
    n_v, n_c = stages.agreed.shape[1:]
    for share in shares:
        spent = share * stages.investable
        gain = stages.vendor + stages.client - outside - spent[:, None]
        rise, fall = stages.rise(float(share)), stages.falls
        # Next (level, starved) of every actual pair of postures, (levels, 2, n_v, n_c, levels, 2).
        following = np.zeros((levels, n_v, n_c, levels, 2))
        hungry = stages.starves.astype(np.intp)
        at, i, j = np.indices(stages.starves.shape)
        for to, chance in (
            (at, 1 - rise - fall),
            (np.minimum(at + 1, levels - 1), rise),
            (np.maximum(at - 1, 0), fall),
        ):
            np.add.at(following, (at, i, j, to, hungry), chance)
        slip_v, slip_c = period.slip["vendor"], period.slip["client"]
        gains.append(np.einsum("ik,jl,mskl->ijms", slip_v, slip_c, gain).reshape(n_v * n_c, -1))
        moved = np.einsum("ik,jl,mklxy->ijmxy", slip_v, slip_c, following).reshape(n_v * n_c, levels, 1, -1)
        moves.append(np.repeat(moved, 2, axis=2).reshape(n_v * n_c, 2 * levels, -1))
    return np.concatenate(gains), np.concatenate(moves)


def _unlimited(gain: Floats, move: Floats, discount: float, churn: float, cost: float, *, can_part: bool) -> float:
    """Best expected discounted gain without a last period, by policy iteration; infinite where it has no bound."""
    keep = discount * (1 - churn)
    n = gain.shape[1]
    states = np.arange(n)
    if keep == 1:  # nothing ever forces an end and nothing discounts: any lasting gain is without bound
        return _undiscounted(gain, move, cost, can_part=can_part)
    value = np.zeros(n)
    parting = np.zeros(n, dtype=bool)
    for _ in range(MOST_ITERATIONS):
        parting = discount * value < -cost if can_part else parting
        kept = np.where(parting, -cost, discount * value)
        best = (gain + move @ ((1 - churn) * kept - churn * cost)).argmax(axis=0)
        chosen, went = gain[best, states], move[best, states]
        # value = chosen + went @ ((1-churn) * (discount value where kept, -cost where parted) - churn cost)
        system = np.eye(n) - keep * went * ~parting
        right = chosen + went @ (np.where(parting, -(1 - churn) * cost, 0.0) - churn * cost)
        improved = np.linalg.solve(system, right)
        if np.all(np.abs(improved - value) <= 1e-13 * (1 + np.abs(improved))):
            return float(improved[0])
        value = improved
    return float(value[0])


def _undiscounted(gain: Floats, move: Floats, cost: float, *, can_part: bool) -> float:
    """The same without discount and churn: value iteration that stops when it settles, else there is no bound."""
    value = gain.max(axis=0)
    for _ in range(100 * MOST_ITERATIONS):
        kept = np.maximum(value, -cost) if can_part else value
        following = (gain + move @ kept).max(axis=0)
        if np.all(np.abs(following - value) <= 1e-13 * (1 + np.abs(following))):
            return float(following[0])
        value = following
    return float("inf") if value[0] > 0 else float("-inf")
