"""A pair at its present numbers on all states that could matter: visits forwards, what follows backwards.

The chain is laid out over the states that could be reached if a number moved off its bound (a slip of 0, say) and
solved at the present numbers, so that a change of what happens and a change of what it leads to are both at hand.
"""

from __future__ import annotations

import dataclasses
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.relationships.chain import DENSE, automata, list_events
from simulator.relationships.events import Events
from simulator.relationships.period import Period, period_of
from simulator.relationships.systems import solve
from simulator.scenario.schema import Scenario
from simulator.strategies.contract import Agent

__all__ = ["Flows", "summed"]

Floats = NDArray[np.float64]
AT_ONCE = 4_000_000  # numbers in one block of (periods x events)


class Flows:
    """A pair at its present numbers, on the states that are reachable in `layout`.

    Parameters
    ----------
    scenario : Scenario
        The present numbers.
    vendor, client : Agent
        The pair.
    reinvest : float
        Share of the surplus that the vendor reinvests.
    layout : Scenario, optional
        Where other numbers are positive, so that more can happen; absent: the scenario itself.
    """

    def __init__(
        self, scenario: Scenario, vendor: Agent, client: Agent, reinvest: float, layout: Scenario | None = None
    ) -> None:
        layout = layout or scenario
        share = layout.maturity.reinvest
        self.scenario, self.reinvest = scenario, reinvest
        self.period: Period = period_of(scenario)
        self.automata = automata(scenario, vendor, client)
        self.events: Events = list_events(
            layout,
            vendor,
            client,
            reinvest=share if isinstance(share, float) else reinvest,
            period=_laid_out(layout, self.period),
        )
        self._weigh()

    def _weigh(self) -> None:
        """Every factor of the probability of an event and of what follows it."""
        events, period, stages = self.events, self.period, self.period.stages
        v, c = events.vendor_posture, events.client_posture
        one, two = self.automata
        self.cell = (events.level, events.mood, v, c)
        intended = {"vendor": one.play[0] @ period.slip["vendor"], "client": two.play @ period.slip["client"]}
        self.played = (
            intended["vendor"][events.vendor_state, v],
            intended["client"][events.mood, events.client_state, c],
        )
        self.seen = (
            period.seen_by["vendor"][c, events.seen_of_client],
            period.seen_by["client"][v, events.seen_of_vendor],
        )
        self.chance = self.played[0] * self.played[1] * self.seen[0] * self.seen[1]
        can_leave = stages.scenario.relationship.can_leave
        self.keeps: list[Floats] = [1.0 - wish for wish in events.wishes]
        self.keeps += [1.0 - period.begrudge[side][self.cell] * can_leave for side in ("vendor", "client")]
        self.keeps += [np.where(tired, 0.0, 1.0) for tired in events.tired]
        self.churn = stages.scenario.relationship.churn
        self.stays = np.prod(self.keeps, axis=0) * (1.0 - self.churn)
        grown = events.grid[1] > 1
        at = (events.level, v, c)
        self.rises = stages.rise(self.reinvest)[at] * grown
        self.falls = stages.falls[at] * grown
        every = np.arange(len(self.chance))
        self.targets = [events.target(move, every) for move in (0, 1, -1)]
        self.moving = [1.0 - self.rises - self.falls, self.rises, self.falls]

    # -- visits and values -------------------------------------------------------------------------------------------

    @cached_property
    def step(self) -> Any:
        """Probabilities to go on from state to state."""
        source = np.tile(self.events.source, 3)
        target = np.concatenate(self.targets)
        weights = np.concatenate([self.chance * self.stays * moving for moving in self.moving])
        n = self.events.n_states
        if n <= DENSE:
            return np.bincount(source * n + target, weights=weights, minlength=n * n).reshape(n, n)
        from scipy.sparse import csr_array

        return csr_array((weights, (source, target)), shape=(n, n))

    def by_state(self, each: Floats) -> Floats:
        """Expected value in each state of something that each event has."""
        return summed(self.chance * each, (self.events.source,), (self.events.n_states,))

    @cached_property
    def _mass(self) -> Floats:
        """Probability of each state in each period of a finite horizon."""
        mass = np.zeros((int(self.scenario.horizon), self.events.n_states))
        mass[0, self.events.start] = 1.0
        for t in range(1, len(mass)):
            mass[t] = mass[t - 1] @ self.step
        return mass

    @cached_property
    def _ending(self) -> NDArray[np.bool_]:
        """States from which the relationship can still end."""
        ends = self.by_state(1.0 - self.stays) > 0
        step = self.step if isinstance(self.step, np.ndarray) else self.step.toarray()
        while True:
            more = ends | (step[:, ends] > 0).any(axis=1)
            if (more == ends).all():
                return ends
            ends = more

    def flows(self, gain: Floats, cost: float, discount: float) -> tuple[Floats, Floats, Floats]:
        """Discounted visits by period (periods, n_states), how much of them may end early, and what follows them.

        For an unlimited horizon there is one row. What follows: discount x value of the state a period later.
        """
        each = self.by_state(gain)
        parted = self.by_state((1.0 - self.stays) * -cost)
        if self.scenario.unlimited:
            visits, value = self.solved(each + parted, discount)
            return visits[None], visits[None], discount * value[None]
        weights = discount ** np.arange(len(self._mass))
        visits = weights[:, None] * self._mass
        follows = np.zeros_like(visits)
        value = each
        for t in range(len(visits) - 2, -1, -1):
            follows[t] = discount * value
            value = each + parted + discount * (self.step @ value)
        early = visits.copy()
        early[-1] = 0.0
        return visits, early, follows

    def solved(self, right: Floats, discount: float) -> tuple[Floats, Floats]:
        """Discounted visits of each state from the start, and the worth of `right` from each state on."""
        n = self.events.n_states
        keep = np.ones(n, dtype=bool) if discount < 1 else self._ending
        visits, value = np.zeros(n), np.full(n, np.nan)
        if not keep[self.events.start]:
            return np.full(n, np.nan), value
        inside = np.flatnonzero(keep)
        step = self.step[inside][:, inside]
        begin = (inside == self.events.start).astype(np.float64)
        visits[inside], value[inside] = solve(step.T, discount, begin), solve(step, discount, right[inside])
        return visits, value

    def followed(self, visits: Floats, follows: Floats, target: NDArray[np.intp]) -> Floats:
        """Sum over periods of visits to an event's state x what follows in `target`."""
        found = np.zeros(len(target))
        block = max(1, AT_ONCE // len(visits))
        for k in range(0, len(target), block):
            rows = slice(k, k + block)
            left, right = visits[:, self.events.source[rows]], follows[:, target[rows]]
            found[rows] = np.einsum("tr,tr->r", left, np.where(left == 0, 0.0, right))
        return found

    @cached_property
    def used(self) -> NDArray[np.bool_]:
        """Which (level, fed or starved, postures) occur, shape (levels, 2, n_v, n_c)."""
        on = np.ones(len(self.chance))
        visits = self.flows(on, 0.0, min(self.scenario.discount, 0.5))[0].sum(axis=0)
        met = summed(self.chance * visits[self.events.source], self.cell, self.period.stages.vendor.shape)
        return np.asarray(met > 0)


def _laid_out(layout: Scenario, period: Period) -> Period:
    """A period with the payoffs of one scenario in which what can happen is that of another."""
    wider = period_of(layout)
    stages = dataclasses.replace(period.stages, scenario=layout)
    return Period(stages=stages, slip=wider.slip, seen_by=wider.seen_by, begrudge=period.begrudge)


def summed(weights: Floats, where: tuple[NDArray[np.intp], ...], shape: tuple[int, ...]) -> Floats:
    """A table of the sums of `weights` over the rows that fall into each of its cells."""
    size = int(np.prod(shape))
    found = np.bincount(np.ravel_multi_index(where, shape), weights=weights, minlength=size)
    return found.astype(np.float64, copy=False).reshape(shape)
