"""What each entry of the tables of a period is worth to a result of a pair.

A result's change is the sum over events of visits x (change of the event's probability x what follows it + change of
what it pays). Collected by table (payoffs, slips, begrudging, rises, ...) this is an `Adjoint`; times the tangent of a
number it is that number's derivative: one solve serves all numbers, and nothing is differenced.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.relationships.flows import Flows, summed

__all__ = ["BASIC", "Adjoint", "Linear"]

Floats = NDArray[np.float64]
BASIC = ("vendor_captured", "client_captured", "expected_length", "healthy_length")


@dataclass(frozen=True, eq=False)
class Adjoint:
    """Change of one result per unit of each entry of the tables of a period.

    Attributes
    ----------
    value : float
        The result itself.
    reward : dict of ndarray, shape (levels, 2, n_v, n_c)
        Per unit of each side's payoff after reinvestment.
    begrudge : dict of ndarray, shape (levels, 2, n_v, n_c)
        Per unit of each side's chance to leave over its share.
    rise, fall : ndarray, shape (levels, n_v, n_c)
        Per unit of the chances that the level moves.
    slip, seen_by, play, leave : dict of ndarray
        Per unit of the matrices of slips and misreadings and of each side's automaton.
    rates : dict of float
        Per unit of ``discount``, ``churn``, ``switching_cost.vendor`` and ``switching_cost.client``.
    """

    value: float
    reward: dict[str, Floats]
    begrudge: dict[str, Floats]
    rise: Floats
    fall: Floats
    slip: dict[str, Floats]
    seen_by: dict[str, Floats]
    play: dict[str, Floats]
    leave: dict[str, Floats]
    rates: dict[str, float]


class Linear(Flows):
    """The results of a pair as linear functions of the tables of a period, near the present numbers."""

    def adjoint(self, result: str) -> Adjoint:
        """What each entry of the period's tables is worth to one of the `BASIC` results."""
        events, stages, scenario = self.events, self.period.stages, self.scenario
        side = result.removesuffix("_captured")
        discount, cost = 1.0, 0.0
        if result == "expected_length":
            gain = np.ones(len(self.chance))
        elif result == "healthy_length":
            gain = events.healthy.astype(np.float64)
        else:
            discount = scenario.discount
            cost = getattr(scenario.relationship.switching_cost, side)
            gain = getattr(stages, side)[self.cell] - scenario.party(side).outside_option
            if side == "vendor":
                gain = (
                    gain - self.reinvest * stages.investable[events.level, events.vendor_posture, events.client_posture]
                )
        visits, early, follows = self.flows(gain, cost, discount)
        visited, parting = visits.sum(axis=0)[events.source], early.sum(axis=0)[events.source]
        after = [self.followed(early, follows, target) for target in self.targets]
        mixed = sum(moving * value for moving, value in zip(self.moving, after, strict=True))
        lost = cost * parting
        worth = visited * gain + self.stays * mixed - (1.0 - self.stays) * lost  # of a unit of the event's probability
        going_on = self.chance * (mixed + lost)  # of a unit of the probability to go on
        rates = {"churn": -float((going_on * np.prod(self.keeps, axis=0)).sum())}
        if result in ("vendor_captured", "client_captured"):
            rates["discount"] = self._of_discount(gain, cost, visits, early, follows)
            rates[f"switching_cost.{side}"] = -float((self.chance * (1.0 - self.stays) * parting).sum())
        nothing = np.zeros_like(stages.vendor)
        reward = {"vendor": nothing, "client": nothing}
        if side in reward:
            reward[side] = self._on_cells(self.chance * visited)
        return Adjoint(
            value=float((self.chance * visited * gain).sum() - (self.chance * (1.0 - self.stays) * lost).sum()),
            reward=reward,
            begrudge={s: -self._on_cells(going_on * self._others(2 + k)) for k, s in enumerate(("vendor", "client"))},
            rise=self._on_cells(self.chance * self.stays * (after[1] - after[0])).sum(axis=1),
            fall=self._on_cells(self.chance * self.stays * (after[2] - after[0])).sum(axis=1),
            rates=rates,
            **self._of_chances(worth, going_on),
        )

    def _of_discount(self, gain: Floats, cost: float, visits: Floats, early: Floats, follows: Floats) -> float:
        discount = self.scenario.discount
        if self.scenario.unlimited:
            value = follows[0] / discount
            return float(visits[0] @ np.where(visits[0] == 0, 0.0, self.step @ np.nan_to_num(value)))
        each, parted = self.by_state(gain), self.by_state((1.0 - self.stays) * -cost)
        periods = np.arange(len(visits)) / discount
        return float(periods @ (visits @ each + early @ parted))

    def _others(self, left_out: int) -> Floats:
        """The probability to go on but for one of its factors."""
        kept = np.prod([factor for k, factor in enumerate(self.keeps) if k != left_out], axis=0)
        return np.asarray(kept * (1.0 - self.churn))

    def _on_cells(self, weights: Floats) -> Floats:
        """Sum over the events of each (level, fed or starved, postures)."""
        shape = self.period.stages.vendor.shape
        return summed(weights, self.cell, shape)

    def _of_chances(self, worth: Floats, going_on: Floats) -> dict[str, Any]:
        """Adjoints of what the probability of an event and its automata's wishes to leave are made of."""
        events, period = self.events, self.period
        one, two = self.automata
        v, c = events.vendor_posture, events.client_posture
        (played_v, played_c), (seen_v, seen_c) = self.played, self.seen
        actual_v = summed(worth * played_c * seen_v * seen_c, (events.vendor_state, v), one.play.shape[1:])
        actual_c = summed(worth * played_v * seen_v * seen_c, (events.mood, events.client_state, c), two.play.shape)
        both = worth * played_v * played_c
        n_v, n_c = one.play.shape[2], two.play.shape[2]
        return {
            "slip": {"vendor": one.play[0].T @ actual_v, "client": np.einsum("msi,msj->ij", two.play, actual_c)},
            "seen_by": {
                "vendor": summed(both * seen_c, (c, events.seen_of_client), (n_c, n_c)),
                "client": summed(both * seen_v, (v, events.seen_of_vendor), (n_v, n_v)),
            },
            "play": {"vendor": actual_v @ period.slip["vendor"].T, "client": actual_c @ period.slip["client"].T},
            "leave": {
                "vendor": -summed(
                    going_on * self._others(0), (events.vendor_state, v, events.seen_of_client), one.leave.shape
                ),
                "client": -summed(
                    going_on * self._others(1), (events.client_state, c, events.seen_of_vendor), two.leave.shape
                ),
            },
        }
