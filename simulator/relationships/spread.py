"""Standard deviations of the values of a pair, by the law of total variance carried backwards.

A difference of two large moments would lose a small spread beside a large value; sums of squares around the mean of
each state keep it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.relationships.chain import Chain
from simulator.relationships.systems import solve
from simulator.scenario.schema import Scenario

__all__ = ["value_deviations"]

Floats = NDArray[np.float64]


def value_deviations(scenario: Scenario, chain: Chain) -> tuple[float, float, float]:
    """Standard deviations of the vendor's, the client's and the joint value.

    With x the gain of a period, k the switching cost and W the value from the next period on:
    W = x + discount W' while it goes on, W = x - k at an early end. Constants (outside options) do not matter.
    """
    cost = scenario.relationship.switching_cost
    gains = np.stack([chain.vendor, chain.client, chain.vendor + chain.client], axis=1)
    costs = np.array([cost.vendor, cost.client, cost.vendor + cost.client])
    ended = ~chain.alive
    early = np.where(ended[:, None], gains - costs, gains)  # each transition's x, or x - k at an early end
    discount, step = scenario.discount, chain.step

    def expected(weights: Floats) -> Floats:
        return np.stack([chain.expected(column) for column in weights.T], axis=1)

    def scattered(mean: Floats, following: Floats) -> Floats:
        """Variance in each state that this period adds: of x + discount (mean of the next state) around the mean."""
        ahead = np.vstack([following, np.zeros(3)])[chain.target]  # the last row: ended
        return expected((early + discount * ahead - mean[chain.source]) ** 2)

    if scenario.unlimited:
        mean = _solved(chain, discount, expected(early))
        variance = _solved(chain, discount**2, scattered(mean, mean))
    else:
        mean = expected(gains)  # in the last period no end is early
        variance = expected((gains - mean[chain.source]) ** 2)
        first = expected(early)
        for _ in range(int(scenario.horizon) - 1):
            following, mean = mean, first + discount * (step @ mean)
            variance = scattered(mean, following) + discount**2 * (step @ variance)
    deviations = np.sqrt(np.maximum(variance[chain.start], 0.0))
    deviations[deviations < 1e-12 * np.abs(mean).max(axis=0)] = 0.0  # rounding, not a spread
    return float(deviations[0]), float(deviations[1]), float(deviations[2])


def _solved(chain: Chain, discount: float, right: Floats) -> Floats:
    step: Any = chain.step
    return np.stack([solve(step, discount, right[:, k]) for k in range(right.shape[1])], axis=1)
