"""Why one pair creates less than another: because the relationship is shorter, poorer, or parts more expensively.

With S_t survival and g_t the expected joint gain in period t given that the relationship lives, a pair creates
sum d^t S_t g_t minus its switching costs. The loss of B against A is then exactly
shorter = sum d^t (S_t^A - S_t^B) (g_t^A + g_t^B) / 2, poorer = sum d^t (g_t^A - g_t^B) (S_t^A + S_t^B) / 2,
and the difference in switching costs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.relationships.exact import MOST_PERIODS, Relationship, relationship
from simulator.relationships.systems import solve
from simulator.scenario.schema import Scenario
from simulator.strategies.contract import Agent

__all__ = ["Explanation", "explain", "loss_between"]

Pair = tuple[str | Agent, str | Agent]

NOTHING = 1e-20  # weight of a period that no longer counts
SETTLED = 1e-15  # change of a distribution over states that is rounding


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
    switching = sum(b.switching_paid(side) - a.switching_paid(side) for side in ("vendor", "client"))
    loss = a.created_value - b.created_value
    gross = loss - switching  # sum d^t S_A g_A - sum d^t S_B g_B
    crossed = _crossed(a, b)
    shorter, poorer = (gross + crossed) / 2, (gross - crossed) / 2
    return Explanation(loss, shorter, poorer, switching, _sentence(a, b, loss, shorter, poorer, switching))


def _crossed(a: Relationship, b: Relationship) -> float:
    """sum d^t (S_A g_B - S_B g_A): what each would have gained while the other lives.

    Where one of them has certainly ended, its gain is taken to be the other's: its periods are missing, not poor. Once
    both gains have settled, the rest of an unlimited horizon follows from the expected discounted lives.
    """
    one, two = _Course(a), _Course(b)
    discount, limit = a.scenario.discount, a.scenario.horizon
    total, weight = 0.0, 1.0
    for _ in range(MOST_PERIODS if isinstance(limit, str) else limit):
        if one.ended and two.ended:
            break
        gain_one = one.gain if not one.ended else two.gain
        gain_two = two.gain if not two.ended else one.gain
        if a.scenario.unlimited and one.settled and two.settled:
            return total + weight * (one.life_left() * gain_two - two.life_left() * gain_one)
        total += weight * (one.alive * gain_two - two.alive * gain_one)
        weight *= discount
        if weight < NOTHING and a.scenario.unlimited:
            break
        one.go_on()
        two.go_on()
    return total


class _Course:
    """A relationship period by period: how likely it lives, and its expected gain given that it does."""

    def __init__(self, pair: Relationship) -> None:
        self.chain, self.discount = pair.chain, pair.scenario.discount
        self.gains = self.chain.expected(self.chain.vendor + self.chain.client)
        self.state = np.zeros(self.chain.n_states)
        self.state[self.chain.start] = 1.0  # distribution over states, given that it lives
        self.alive, self.settled, self.ended = 1.0, False, False

    @property
    def gain(self) -> float:
        return float(self.state @ self.gains)

    def go_on(self) -> None:
        if self.ended:
            return
        following = self.state @ self.chain.step
        stays = float(following.sum())
        self.alive *= stays
        if stays == 0:
            self.ended = self.settled = True
            return
        following = following / stays
        self.settled = bool(np.abs(following - self.state).sum() < SETTLED)
        self.state = following

    def life_left(self) -> float:
        """Expected discounted number of periods from here on, counting that it may have ended."""
        if self.ended or self.alive == 0:
            return 0.0
        lives = solve(self.chain.step, self.discount, np.ones(self.chain.n_states))
        return self.alive * float(self.state @ lives)


def _sentence(a: Relationship, b: Relationship, loss: float, shorter: float, poorer: float, switching: float) -> str:
    unit = f" {a.scenario.currency}" if a.scenario.currency else ""
    if abs(loss) < 5e-4 and max(abs(shorter), abs(poorer), abs(switching)) < 5e-4:
        return f"{b.vendor} with {b.client} creates as much as {a.vendor} with {a.client}."
    period = a.scenario.period
    digits = 1 if f"{b.expected_length:.1f}" != f"{a.expected_length:.1f}" else 2
    lengths = f"{b.expected_length:.{digits}f} {period}s instead of {a.expected_length:.{digits}f}"

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
