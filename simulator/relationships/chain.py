"""A pair of agents in a scenario as a finite Markov chain, compiled once.

A state joins: vendor automaton state, client automaton state, maturity level, fed or starved vendor, and how many
periods in a row each side has been below its outside option. From a state, both draw postures; each outcome has two
payoffs and either ends the relationship for a reason or leads to a next state. The exact answer, the simulation and
the fluid market all read this one object.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.errors import SimulatorError
from simulator.relationships.events import Events
from simulator.relationships.period import ENDS, Period, patience_of, period_of, setting_of
from simulator.scenario.schema import Scenario
from simulator.strategies.contract import Agent, Automaton

__all__ = ["Chain", "automata", "automaton_of", "compile_chain", "list_events"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

ALIVE = len(ENDS)  # in place of a reason: the relationship goes on
MOST_EVENTS = 20_000_000  # a few GB of memory while a chain is compiled
DENSE = 400  # states up to which a full matrix is faster than a sparse one


@dataclass(frozen=True, eq=False)
class Chain:
    """Transitions of a relationship, one row each.

    Attributes
    ----------
    source, target : ndarray of int, shape (n_transitions,)
        State before and after; target is `n_states` when the relationship ends.
    probability : ndarray, shape (n_transitions,)
        Sums to 1 over the transitions of a state.
    vendor, client : ndarray, shape (n_transitions,)
        Payoffs of the period after reinvestment, minus the outside options.
    reason : ndarray of int, shape (n_transitions,)
        Number of the reason in `ENDS`, or `ALIVE`.
    healthy : ndarray of bool, shape (n_transitions,)
        Whether both sides are at or above their outside options in the period.
    vendor_cooperates, client_cooperates : ndarray of bool, shape (n_transitions,)
        Whether each side's actual posture in the period counts as cooperation.
    level : ndarray of int, shape (n_states,)
        Maturity level of each state.
    starved : ndarray of bool, shape (n_states,)
        Whether the vendor is starved; never where that changes nothing.
    start : int
        First state.
    """

    source: Ints
    target: Ints
    probability: Floats
    vendor: Floats
    client: Floats
    reason: Ints
    healthy: NDArray[np.bool_]
    vendor_cooperates: NDArray[np.bool_]
    client_cooperates: NDArray[np.bool_]
    level: Ints
    starved: NDArray[np.bool_]
    start: int

    @property
    def n_states(self) -> int:
        """Number of states in which the relationship lives."""
        return len(self.level)

    @cached_property
    def alive(self) -> NDArray[np.bool_]:
        """Which transitions go on."""
        return np.asarray(self.reason == ALIVE)

    @cached_property
    def step(self) -> Any:
        """Matrix of the probabilities to go on, (n_states, n_states); dense or sparse by size."""
        n, on = self.n_states, self.alive
        source, target, values = self.source[on], self.target[on], self.probability[on]
        if n <= DENSE:
            return np.bincount(source * n + target, weights=values, minlength=n * n).reshape(n, n)
        from scipy.sparse import csr_array

        return csr_array((values, (source, target)), shape=(n, n))

    def expected(self, weight: NDArray[Any]) -> Floats:
        """Expected value in each state of something that each transition has, (n_states,)."""
        weights = self.probability * weight
        return np.bincount(self.source, weights=weights, minlength=self.n_states).astype(np.float64, copy=False)

    @cached_property
    def ending(self) -> Floats:
        """Probability of each reason to end in each state, (n_states, n_reasons)."""
        n, kinds = self.n_states, len(ENDS)
        ends = ~self.alive
        where = self.source[ends] * kinds + self.reason[ends]
        summed = np.bincount(where, weights=self.probability[ends], minlength=n * kinds)
        return summed.astype(np.float64, copy=False).reshape(n, kinds)


def automaton_of(scenario: Scenario, side: str, agent: Agent) -> Automaton | None:
    """An agent's automaton on one side of a scenario; None when it plays step by step."""
    return _automaton_of(scenario, side, agent.once_won)


@lru_cache(maxsize=4096)
def _automaton_of(scenario: Scenario, side: str, agent: Agent) -> Automaton | None:
    return agent.automaton(setting_of(scenario, side))


def compile_chain(
    scenario: Scenario,
    vendor: Agent,
    client: Agent,
    *,
    reinvest: float | None = None,
    exits: bool = True,
    period: Period | None = None,
) -> Chain:
    """Compile a pair of automata into a chain of the states that it can reach.

    Parameters
    ----------
    scenario : Scenario
        The situation.
    vendor, client : Agent
        Agents with automata.
    reinvest : float, optional
        Share of the surplus that the vendor reinvests; absent: the scenario's.
    exits : bool
        False: the same relationship without any exit, as for long-run averages.
    period : Period, optional
        In place of the scenario's own period.

    Raises
    ------
    SimulatorError
        When an agent has no automaton.
    """
    return _compiler(scenario, vendor, client, reinvest, exits, period or period_of(scenario)).compile()


def list_events(
    scenario: Scenario, vendor: Agent, client: Agent, *, reinvest: float | None = None, period: Period | None = None
) -> Events:
    """What can happen between a pair of automata in a period; `period` in place of the scenario's own."""
    return _compiler(scenario, vendor, client, reinvest, True, period or period_of(scenario)).events()


def _compiler(
    scenario: Scenario, vendor: Agent, client: Agent, reinvest: float | None, exits: bool, period: Period
) -> _Compiler:
    one, two = automata(scenario, vendor, client)
    if reinvest is None:
        reinvest = scenario.maturity.reinvest if isinstance(scenario.maturity.reinvest, float) else 0.0
    patience = (patience_of(scenario, "vendor", vendor), patience_of(scenario, "client", client))
    return _Compiler(period, one, two, patience if exits else (0, 0), float(reinvest), exits)


def automata(scenario: Scenario, vendor: Agent, client: Agent) -> tuple[Automaton, Automaton]:
    """The automata of a pair.

    Raises
    ------
    SimulatorError
        When an agent has none.
    """
    one, two = automaton_of(scenario, "vendor", vendor), automaton_of(scenario, "client", client)
    for automaton, agent in ((one, vendor), (two, client)):
        if automaton is None:
            raise SimulatorError(
                f"agent {str(agent)!r} has no automaton; simulate it instead of asking for exact values"
            )
    if one is None or two is None:  # refused above; this tells the type checker
        raise SimulatorError("an agent has no automaton")
    return one, two


class _Compiler:
    """Lays out the states as a grid, lists what can happen in each, and keeps what the start can reach."""

    def __init__(
        self,
        period: Period,
        vendor: Automaton,
        client: Automaton,
        patience: tuple[int, int],
        reinvest: float,
        exits: bool,
    ) -> None:
        self.period, self.vendor, self.client = period, vendor, client
        self.patience, self.reinvest, self.exits = patience, reinvest, exits
        stages, scenario = period.stages, period.stages.scenario
        self.can_leave = exits and scenario.relationship.can_leave
        self.churn = scenario.relationship.churn if exits else 0.0
        self.rises = stages.rise(reinvest)
        # Dimensions that cannot change anything are left out of the grid.
        self.levels = len(scenario.levels) if self.rises.max() > 0 else 1
        fed_matters = scenario.delivery.vendor.starved < 1 or client.reads_starved
        self.moods = 2 if stages.starves.any() and fed_matters else 1
        self.counts = (max(patience[0], 1), max(patience[1], 1))

    def events(self) -> Events:
        self._list_actions()
        self._list_pairs()
        grid = (len(self.pairs), self.levels, self.moods, *self.counts)
        # What can happen with positive probability: (pair of automaton states, fed or starved, action).
        pair, mood, action = np.nonzero(self.chance)
        size = len(pair) * self.levels * self.counts[0] * self.counts[1]
        if size > MOST_EVENTS:
            raise SimulatorError(
                f"this pair has {size:,} outcomes of a period to tell apart, at most {MOST_EVENTS:,}; use less "
                "patience, fewer levels, or agents that remember less"
            )
        where = np.ix_(np.arange(len(pair)), np.arange(self.levels), *(np.arange(n) for n in self.counts))
        event, level, bad_v, bad_c = np.broadcast_arrays(*where)
        event, level, bad_v, bad_c = event.ravel(), level.ravel(), bad_v.ravel(), bad_c.ravel()
        pair, mood, action = pair[event], mood[event], action[event]
        i, j = self.own_v[action], self.own_c[action]
        stages = self.period.stages
        below = (stages.vendor_below[level, mood, i, j], stages.client_below[level, mood, i, j])
        tired = [
            (below[k] & (bad + 1 >= self.patience[k]) if self.patience[k] else np.zeros(len(bad), dtype=bool))
            for k, bad in enumerate((bad_v, bad_c))
        ]
        next_bad = [
            np.where(below[k], np.minimum(bad + 1, self.counts[k] - 1), 0) for k, bad in enumerate((bad_v, bad_c))
        ]
        starved = (
            stages.starves[level, i, j].astype(np.intp) if self.moods == 2 else np.zeros(len(level), dtype=np.intp)
        )
        n_two = len(self.client.move)
        return Events(
            grid=grid,
            start=int(np.ravel_multi_index((self.first_pair, 0, 0, 0, 0), grid)),
            source=np.ravel_multi_index((pair, level, mood, bad_v, bad_c), grid),
            vendor_state=self.pairs[pair] // n_two,
            client_state=self.pairs[pair] % n_two,
            level=level,
            mood=mood,
            vendor_posture=i,
            client_posture=j,
            seen_of_vendor=self.seen_of_v[action],
            seen_of_client=self.seen_of_c[action],
            chance=self.chance[pair, mood, action],
            wishes=(self.leave_v[pair, action], self.leave_c[pair, action]),
            healthy=np.asarray(~(below[0] | below[1]), dtype=bool),
            tired=(tired[0], tired[1]),
            following=(self.next_pair[pair, action], level, starved, *next_bad),
        )

    def compile(self) -> Chain:
        events, stages = self.events(), self.period.stages
        level, mood, i, j = events.level, events.mood, events.vendor_posture, events.client_posture
        spent = self.reinvest * stages.investable[level, i, j]
        vendor = stages.vendor[level, mood, i, j] - stages.scenario.vendor.outside_option - spent
        client = stages.client[level, mood, i, j] - stages.scenario.client.outside_option
        begrudge = [self.period.begrudge[side][level, mood, i, j] * self.can_leave for side in ("vendor", "client")]
        ends, stays = _review(events.wishes, begrudge, events.tired, self.churn)
        rises = self.rises[level, i, j] if self.levels > 1 else np.zeros(len(level))
        falls = stages.falls[level, i, j] if self.levels > 1 else np.zeros(len(level))
        rows: list[tuple[Ints, Ints, Floats, Ints]] = []  # event rows, target, probability, reason
        for move, moving in ((0, 1.0 - rises - falls), (1, rises), (-1, falls)):
            p = events.chance * stays * moving
            at = np.flatnonzero(p > 0)
            rows.append((at, events.target(move, at), p[at], np.full(len(at), ALIVE, dtype=np.intp)))
        for reason, p_end in enumerate(ends):
            p = events.chance * p_end
            at = np.flatnonzero(p > 0)
            nowhere = np.full(len(at), -1, dtype=np.intp)
            rows.append((at, nowhere, p[at], np.full(len(at), reason, dtype=np.intp)))
        at = np.concatenate([row[0] for row in rows])
        _, level_of, mood_of, *_ = np.unravel_index(np.arange(events.n_states), events.grid)
        return _reachable(
            source=events.source[at],
            target=np.concatenate([row[1] for row in rows]),
            probability=np.concatenate([row[2] for row in rows]),
            vendor=vendor[at],
            client=client[at],
            reason=np.concatenate([row[3] for row in rows]),
            healthy=events.healthy[at],
            vendor_cooperates=stages.vendor_cooperates[i[at]],
            client_cooperates=stages.client_cooperates[j[at]],
            level=level_of,
            starved=mood_of == 1,
            start=events.start,
        )

    def _list_actions(self) -> None:
        """All (vendor posture, client posture, what the client sees, what the vendor sees) with their chance."""
        sees_v, sees_c = self.period.seen_by["vendor"], self.period.seen_by["client"]
        odds = sees_c[:, None, :, None] * sees_v[None, :, None, :]
        self.own_v, self.own_c, self.seen_of_v, self.seen_of_c = np.nonzero(odds)
        self.seeing = odds[self.own_v, self.own_c, self.seen_of_v, self.seen_of_c]

    def _list_pairs(self) -> None:
        """Pairs of automaton states that can occur, and what both do in them."""
        n_two = len(self.client.move)
        play_v = self.vendor.play[0] @ self.period.slip["vendor"]
        play_c = self.client.play[: self.moods] @ self.period.slip["client"]
        next_v = self.vendor.move[:, self.own_v, self.seen_of_c]
        next_c = self.client.move[:, self.own_c, self.seen_of_v]
        leave_v = self.vendor.leave[:, self.own_v, self.seen_of_c] * self.can_leave
        leave_c = self.client.leave[:, self.own_c, self.seen_of_v] * self.can_leave
        # (vendor state, client state, action): possible at all, and followed by more?
        chosen_c = np.asarray((play_c[:, :, self.own_c] > 0).any(axis=0))
        possible = (play_v[:, self.own_v] > 0)[:, None] & chosen_c[None]
        follows = possible & (leave_v < 1)[:, None] & (leave_c < 1)[None]
        following = next_v[:, None] * n_two + next_c[None]
        known = np.zeros(follows.shape[0] * n_two, dtype=bool)
        first = self.vendor.start * n_two + self.client.start
        known[first] = True
        fresh = np.array([first])
        follows, following = follows.reshape(len(known), -1), following.reshape(len(known), -1)
        while len(fresh):
            reached = np.unique(following[fresh][follows[fresh]])
            fresh = reached[~known[reached]]
            known[fresh] = True
        self.pairs = np.flatnonzero(known)
        number = np.zeros(len(known), dtype=np.intp)
        number[self.pairs] = np.arange(len(self.pairs))
        self.first_pair = int(number[first])
        a, b = self.pairs // n_two, self.pairs % n_two
        self.leave_v, self.leave_c = leave_v[a], leave_c[b]
        self.next_pair = number[following[self.pairs]]
        self.chance = play_v[a][:, None, self.own_v] * play_c[:, b][:, :, self.own_c].swapaxes(0, 1) * self.seeing


def _review(
    wishes: tuple[Floats, Floats],
    begrudge: list[Floats],
    tired: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    churn: float,
) -> tuple[list[Floats], Floats]:
    """Probability of each reason to end, in their order, and of going on; ties between the sides half each."""
    ends: list[Floats] = []
    stays = np.ones(len(wishes[0]))
    for vendor, client in (wishes, begrudge, tired):
        v, c = np.asarray(vendor, dtype=np.float64), np.asarray(client, dtype=np.float64)
        ends += [stays * v * (1 - c / 2), stays * c * (1 - v / 2)]
        stays = stays * (1 - v) * (1 - c)
    return [*ends, stays * churn], stays * (1 - churn)


def _reachable(*, start: int, level: Ints, starved: NDArray[np.bool_], **columns: Any) -> Chain:
    """The chain of the states that the start can reach."""
    source, target = columns["source"], columns["target"]
    on = target >= 0
    follow_from, follow_to = source[on], target[on]
    known = np.zeros(len(level), dtype=bool)
    known[start] = True
    count = 1
    while True:  # each round settles at least one more step; chains are shallow
        known[follow_to[known[follow_from]]] = True
        grown = int(known.sum())
        if grown == count:
            break
        count = grown
    number = np.full(len(level) + 1, count, dtype=np.intp)  # the last entry: ended
    number[:-1][known] = np.arange(count)
    rows = np.flatnonzero(known[source])
    rows = rows[np.argsort(source[rows], kind="stable")]
    picked = {name: values[rows] for name, values in columns.items()}
    picked["source"], picked["target"] = number[picked["source"]], number[picked["target"]]
    return Chain(**picked, level=level[known], starved=starved[known], start=int(number[start]))
