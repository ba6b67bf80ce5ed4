"""Why one pair creates less than another: because the relationship is shorter, poorer, or parts more expensively.

With S_t survival and g_t the expected joint gain in period t given that the relationship lives, a pair creates
sum d^t S_t g_t minus its switching costs. The loss of B against A is then exactly
shorter = sum d^t (S_t^A - S_t^B) (g_t^A + g_t^B) / 2, poorer = sum d^t (g_t^A - g_t^B) (S_t^A + S_t^B) / 2,
and the difference in switching costs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.relationships.exact import MOST_PERIODS, Relationship, relationship
from simulator.scenario.schema import Scenario
from simulator.strategies.contract import Agent

__all__ = ["Explanation", "explain", "loss_between"]

Pair = tuple[str | Agent, str | Agent]


@dataclass(frozen=True)
class Explanation:
    """The loss of one pair against another, split into its causes; money, negative where the second pair is better.

    Attributes
    ----------
    loss : float
        Created value of the first pair minus that of the second; the sum of the three parts.
    shorter, poorer, switching : float
        Parts due to a shorter life, poorer periods, and dearer parting.
    sentence : str
        The same in words.
    """

    loss: float
    shorter: float
    poorer: float
    switching: float
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def explain(scenario: Scenario, pair_a: Pair, pair_b: Pair) -> Explanation:
    """Split the loss of pair B against pair A exactly into shorter, poorer and switching.

    Parameters
    ----------
    scenario : Scenario
        The situation.
    pair_a, pair_b : (vendor, client)
        Agents or their names.

    Returns
    -------
    Explanation

    Examples
    --------
    >>> import simulator as ns
    >>> s = ns.load_scenario("saas-renewal")
    >>> why = ns.explain(s, ("always-cooperate", "always-cooperate"), ("always-compete", "always-compete"))
    >>> abs(why.loss - (why.shorter + why.poorer + why.switching)) < 1e-9
    True
    """
    a = relationship(scenario, vendor=pair_a[0], client=pair_a[1])
    b = relationship(scenario, vendor=pair_b[0], client=pair_b[1])
    return loss_between(a, b)


def loss_between(a: Relationship, b: Relationship) -> Explanation:
    """The loss of relationship `b` against `a`, both of one scenario; see `explain`."""
    scenario = a.scenario
    periods = MOST_PERIODS
    if scenario.unlimited and scenario.discount < 1:
        periods = min(MOST_PERIODS, math.ceil(math.log(1e-17) / math.log(scenario.discount)) + 1)
    (alive_a, _, gained_a), (alive_b, _, gained_b) = a.path(periods), b.path(periods)
    count = max(len(alive_a), len(alive_b))
    alive_a, gained_a, alive_b, gained_b = (_padded(x, count) for x in (alive_a, gained_a, alive_b, gained_b))
    gain_a = np.divide(gained_a, alive_a, out=np.zeros(count), where=alive_a > 0)
    gain_b = np.divide(gained_b, alive_b, out=np.zeros(count), where=alive_b > 0)
    # Where one of them has certainly ended, its periods are missing, not poor: all of the loss there is "shorter".
    gain_a, gain_b = np.where(alive_a > 0, gain_a, gain_b), np.where(alive_b > 0, gain_b, gain_a)
    weights = scenario.discount ** np.arange(count)
    shorter = float((weights * (alive_a - alive_b) * (gain_a + gain_b) / 2).sum())
    loss = a.created_value - b.created_value
    switching = sum(b.switching_paid(side) - a.switching_paid(side) for side in ("vendor", "client"))
    poorer = loss - shorter - switching
    return Explanation(loss, shorter, poorer, switching, _sentence(a, b, loss, shorter, poorer, switching))


def _padded(values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    return np.concatenate([values, np.zeros(count - len(values))])


def _sentence(a: Relationship, b: Relationship, loss: float, shorter: float, poorer: float, switching: float) -> str:
    unit = f" {a.scenario.currency}" if a.scenario.currency else ""
    if abs(loss) < 5e-4 and max(abs(shorter), abs(poorer), abs(switching)) < 5e-4:
        return f"{b.vendor} with {b.client} creates as much as {a.vendor} with {a.client}."
    period = a.scenario.period
    lengths = f"{b.expected_length:.1f} {period}s instead of {a.expected_length:.1f}"

    def part(value: float, less: str, more: str) -> str:
        return f"{abs(value):,.1f}{unit} {less if value > 0 else more}"

    causes = [
        (shorter, f"lost because it is shorter ({lengths})", f"gained because it is longer ({lengths})"),
        (poorer, f"lost because each {period} is poorer", f"gained because each {period} is richer"),
        (switching, "lost on switching", "saved on switching"),
    ]
    # A cause too small to show beside the loss is not worth naming.
    parts = [part(*cause) for cause in causes if abs(cause[0]) >= 5e-4 * max(abs(value) for value, _, _ in causes)]
    word = "less" if loss > 0 else "more"
    listed = ", ".join(parts[:-1]) + f" and {parts[-1]}" if len(parts) > 1 else parts[0]
    return (
        f"{b.vendor} with {b.client} creates {abs(loss):,.1f}{unit} {word} than {a.vendor} with {a.client}: {listed}."
    )
