"""Standard deviations of the values of a pair, from first and second moments carried backwards."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.relationships.chain import Chain
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
    discount, start = scenario.discount, chain.start
    crossed = [chain.weighted_step(gains[:, k]) for k in range(3)]
    first = np.stack([chain.expected(early[:, k]) for k in range(3)], axis=1)
    second = np.stack([chain.expected(early[:, k] ** 2) for k in range(3)], axis=1)
    if scenario.unlimited:
        mean = _solved(chain, discount, first)
        cross = np.stack([crossed[k] @ mean[:, k] for k in range(3)], axis=1)
        square = _solved(chain, discount**2, second + 2 * discount * cross)
    else:
        mean = np.stack([chain.expected(gains[:, k]) for k in range(3)], axis=1)
        square = np.stack([chain.expected(gains[:, k] ** 2) for k in range(3)], axis=1)
        for _ in range(int(scenario.horizon) - 1):
            cross = np.stack([crossed[k] @ mean[:, k] for k in range(3)], axis=1)
            square = second + 2 * discount * cross + discount**2 * (chain.step @ square)
            mean = first + discount * (chain.step @ mean)
    variance = square[start] - mean[start] ** 2
    # Rounding of the two large terms, not a spread, where both are equal to the last digits.
    variance[variance < 1e-13 * square[start]] = 0.0
    deviations = np.sqrt(variance)
    return float(deviations[0]), float(deviations[1]), float(deviations[2])


def _solved(chain: Chain, discount: float, right: Floats) -> Floats:
    from simulator.relationships.exact import _solve

    step: Any = chain.step
    return np.stack([_solve(step, discount, right[:, k]) for k in range(right.shape[1])], axis=1)
