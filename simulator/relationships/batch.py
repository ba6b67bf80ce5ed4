"""One period of many relationships of a pair of agents at once, step by step, for whoever plays them on.

The order of a period is that of the model: choose (and slip), negotiate, deliver, observe (and misread), reinvest,
review, all reviews after the payoffs. The tables are those from which the chain is compiled.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.errors import SimulatorError
from simulator.relationships.period import ENDS, patience_of, period_of, setting_of
from simulator.scenario.schema import Scenario
from simulator.strategies.contract import Agent, Player, drawn, ladder

__all__ = ["Batch", "Played"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]


class Played(NamedTuple):
    """One period of many relationships, arrays of shape (relationships,).

    Attributes
    ----------
    vendor_posture, client_posture : ndarray of int
        Actual postures.
    seen_by_vendor, seen_by_client : ndarray of int
        What each side saw of its partner's posture.
    vendor_pay, client_pay, invested : ndarray of float
        Payoffs after reinvestment, and what the vendor reinvested.
    level : ndarray of int
        Maturity level.
    starved : ndarray of bool
        Whether the vendor is starved.
    healthy : ndarray of bool
        Whether both are at or above their outside options.
    """

    vendor_posture: Ints
    client_posture: Ints
    seen_by_vendor: Ints
    seen_by_client: Ints
    vendor_pay: Floats
    client_pay: Floats
    invested: Floats
    level: Ints
    starved: Flags
    healthy: Flags


class Batch:
    """Relationships of one pair of agents that began together, played period by period.

    A period is `play`, then `review`, then `keep` with those that go on.
    """

    def __init__(self, scenario: Scenario, vendor: Agent, client: Agent, share: float, count: int) -> None:
        self.scenario, self.agents, self.share = scenario, (vendor, client), share
        self.tables = period_of(scenario)
        self.rises = self.tables.stages.rise(share)
        self.patience = (patience_of(scenario, "vendor", vendor), patience_of(scenario, "client", client))
        self.players: tuple[Player, Player] = (
            vendor.player(setting_of(scenario, "vendor"), count),
            client.player(setting_of(scenario, "client"), count),
        )
        self.level, self.starved = np.zeros(count, dtype=np.intp), np.zeros(count, dtype=np.intp)
        self.bad = np.zeros((2, count), dtype=np.intp)
        self.fed = np.zeros(count, dtype=bool)  # of the client as a partner: it is never starved

    def play(self, rng: np.random.Generator) -> Played:
        """Choose, negotiate, deliver and observe."""
        tables, stages, (one, two) = self.tables, self.tables.stages, self.players
        n_v, n_c = stages.agreed.shape[1:]
        count = len(self.level)
        chosen_v = _posture(self.agents[0], one.choose(self.fed[:count], rng), n_v, count)
        chosen_c = _posture(self.agents[1], two.choose(self.starved == 1, rng), n_c, count)
        i, j = _turned(tables.slip["vendor"], chosen_v, rng), _turned(tables.slip["client"], chosen_c, rng)
        seen_by_v = _turned(tables.seen_by["vendor"], j, rng)
        seen_by_c = _turned(tables.seen_by["client"], i, rng)
        # Where each relationship stands in the tables by (level, postures) and by (level, starved, postures).
        pair = i * n_c + j
        self.at, self.mood_at = self.level * n_v * n_c + pair, (2 * self.level + self.starved) * n_v * n_c + pair
        spent = self.share * stages.investable.take(self.at)
        pay = (stages.vendor.take(self.mood_at) - spent, stages.client.take(self.mood_at))
        one.observe(i, seen_by_v, pay[0])
        two.observe(j, seen_by_c, pay[1])
        self.below = (stages.vendor_below.take(self.mood_at), stages.client_below.take(self.mood_at))
        healthy = ~(self.below[0] | self.below[1])
        return Played(i, j, seen_by_v, seen_by_c, *pay, spent, self.level, self.starved == 1, healthy)

    def review(self, rng: np.random.Generator) -> Ints:
        """Number of the reason for which each relationship ends now, or that of "horizon" when it goes on."""
        stages = self.tables.stages
        if any(self.patience):
            self.bad = np.where(self.below, self.bad + 1, 0)
        why = self._reasons(rng)
        moved = rng.random(len(why))
        self.level = self.level + (moved < self.rises.take(self.at)) - (moved >= 1 - stages.falls.take(self.at))
        self.starved = stages.starves.take(self.at).astype(np.intp)
        return why

    def keep(self, stay: Flags) -> None:
        """Forget the relationships that have ended."""
        self.level, self.starved, self.bad = self.level[stay], self.starved[stay], self.bad[:, stay]
        for player in self.players:
            player.keep(stay)

    def _reasons(self, rng: np.random.Generator) -> Ints:
        rules, count = self.scenario.relationship, len(self.mood_at)
        why = np.full(count, len(ENDS))
        steps: list[tuple[Any, ...]] = []
        if rules.can_leave:
            steps.append((self.players[0].leaving(), self.players[1].leaving()))
            steps.append(tuple(self.tables.begrudge[side].take(self.mood_at) for side in ("vendor", "client")))
            steps.append(tuple((self.bad[k] >= self.patience[k]) & (self.patience[k] > 0) for k in (0, 1)))
        for step, (v, c) in enumerate(steps):
            if not (v.any() or c.any()):
                continue
            draws = rng.random((3, count))
            vendor, client = draws[0] < v, draws[1] < c
            by_vendor = vendor & (~client | (draws[2] < 0.5))
            undecided = why == len(ENDS)
            why[undecided & by_vendor] = 2 * step
            why[undecided & client & ~by_vendor] = 2 * step + 1
        if rules.churn:
            why[(why == len(ENDS)) & (rng.random(count) < rules.churn)] = ENDS.index("churn")
        return why


def _posture(player: Agent, chosen: Any, count: int, relationships: int) -> Ints:
    """The postures that an agent chose, refused where they are none of its own."""
    postures = np.asarray(chosen)
    if postures.shape != (relationships,) or postures.dtype.kind not in "iu":
        raise SimulatorError(
            f"agent {str(player)!r} must choose one whole number for each of {relationships} relationships; "
            f"got {postures.dtype} of shape {postures.shape}"
        )
    if postures.size and not (postures.min() >= 0 and postures.max() < count):
        raise SimulatorError(f"agent {str(player)!r} chose a posture that does not exist; allowed: 0 to {count - 1}")
    return postures.astype(np.intp, copy=False)


def _turned(matrix: Floats, postures: Ints, rng: np.random.Generator) -> Ints:
    """Postures after slips or misreadings: each row of `matrix` is a distribution over the outcomes."""
    if np.array_equal(matrix, np.eye(len(matrix))):
        return postures
    return drawn(ladder(matrix), (postures,), rng.random(len(postures)))
