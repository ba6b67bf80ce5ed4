"""The best reply to an agent: what a side could earn that knows its partner's automaton and plans against it.

A Markov decision process over what the partner's next posture depends on: its automaton state, the maturity level, fed
or starved vendor, and how many periods in a row the partner has been below its outside option. In each state the
deviator picks any posture, and after each period it may leave where leaving is allowed. The rest is as in the chain:
slips, misreading, begrudging of both sides, the partner's own exits and its patience, churn, switching costs,
reinvestment. The deviator's own patience is a habit of its agent, not a rule, so a plan is free of it. A known last
period is solved backwards, an unlimited horizon by policy iteration.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.errors import SimulatorError
from simulator.relationships.chain import DENSE, automaton_of
from simulator.relationships.period import Period, patience_of, period_of
from simulator.scenario.schema import Scenario
from simulator.strategies.contract import Agent, Automaton

__all__ = ["BestReply", "Decisions", "best_reply", "decisions_of", "other_side", "solved"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

MOST_ITERATIONS = 1000
TIE = 1e-11  # of the largest worth, below which two choices are equally good


@dataclass(frozen=True, eq=False)
class Decisions:
    """What a deviator can do in each state of its partner, and what follows.

    Attributes
    ----------
    gain : ndarray, shape (n_own, n_states)
        Expected payoff of the period above the outside option, for each intended posture.
    ending : ndarray, shape (n_own, n_states)
        Probability that the relationship ends although the deviator does not leave.
    onward : sparse array, shape (n_own * n_states, n_states)
        Probabilities to go on, a row for each intended posture and state.
    partner_state, starved : ndarray of int, shape (n_states,)
        The partner's automaton state, and whether the vendor is starved.
    partner_play : ndarray, shape (n_states, n_partner)
        Distribution over the partner's actual postures.
    start : int
        First state.
    """

    gain: Floats
    ending: Floats
    onward: Any
    partner_state: Ints
    starved: Ints
    partner_play: Floats
    start: int

    @property
    def n_states(self) -> int:
        """Number of states."""
        return len(self.starved)

    def rows(self, posture: Ints | int, state: Ints | int) -> Any:
        """Rows of `onward`."""
        return np.asarray(posture) * self.n_states + np.asarray(state)


@dataclass(frozen=True, eq=False)
class BestReply:
    """The best that a side can do against a partner's automaton, as a plan for every state and period.

    Attributes
    ----------
    decisions : Decisions
        What it can choose from.
    discount, cost : float
        Worth today of 1 in the next period; the deviator's switching cost.
    can_leave : bool
        Whether it may leave.
    worth : ndarray, shape (periods, n_states)
        Worth of each state at the start of each period, above the outside stream; one row for an unlimited horizon.
    unlimited : bool
        Whether there is no last period.
    share : float
        Share of its surplus that the vendor reinvests.
    """

    decisions: Decisions
    discount: float
    cost: float
    can_leave: bool
    worth: Floats
    unlimited: bool
    share: float

    @property
    def captured(self) -> float:
        """Worth of the plan from the start, above the outside stream."""
        return float(self.worth[0, self.decisions.start])

    @property
    def tie(self) -> float:
        """Money below which two choices count as equally good."""
        return TIE * max(float(np.abs(self.worth).max()), float(np.abs(self.decisions.gain).max()))

    def following(self, period: int) -> Floats | None:
        """Worth, seen from `period`, of each next state if the deviator stays; None in the last period."""
        following = 0 if self.unlimited else period + 1
        return np.asarray(self.discount * self.worth[following]) if following < len(self.worth) else None

    def choices(self, period: int, state: int) -> Floats:
        """Worth of each intended posture in a state, (n_own,)."""
        following, made = self.following(period), self.decisions
        worth: Floats = made.gain[:, state]
        if following is not None:
            rows = made.rows(np.arange(len(made.gain)), state)
            worth = worth - self.cost * made.ending[:, state] + made.onward[rows] @ self._kept(following)
        return worth

    def urge_to_leave(self, period: int, state: int) -> float:
        """What leaving is worth more than staying, after a period that leads to `state`."""
        following = self.following(period)
        if following is None or not self.can_leave:
            return -float("inf")
        return -self.cost - float(following[state])

    def _kept(self, following: Floats) -> Floats:
        return np.maximum(following, -self.cost) if self.can_leave else following


@lru_cache(maxsize=1024)
def best_reply(scenario: Scenario, side: str, partner: Agent, share: float) -> BestReply:
    """The best reply of a side to a partner; a finite horizon counts as known.

    Parameters
    ----------
    scenario : Scenario
        The situation; an unlimited one needs discount * (1 - churn) < 1.
    side : str
        The side that deviates, ``"vendor"`` or ``"client"``.
    partner : Agent
        The agent on the other side, with an automaton.
    share : float
        Share of its surplus that the vendor reinvests.

    Raises
    ------
    SimulatorError
        When the partner has no automaton.
    """
    decisions = decisions_of(scenario, side, partner, share)
    rules = scenario.relationship
    cost: float = getattr(rules.switching_cost, side)
    worth = solved(decisions, scenario, cost)
    return BestReply(decisions, scenario.discount, cost, rules.can_leave, worth, scenario.unlimited, share)


def decisions_of(scenario: Scenario, side: str, partner: Agent, share: float) -> Decisions:
    """What a side can do in each state of its partner, and what follows; see `best_reply`."""
    automaton = automaton_of(scenario, other_side(side), partner)
    if automaton is None:
        raise SimulatorError(f"agent {str(partner)!r} has no automaton, so its best reply is not known")
    return _decisions(period_of(scenario), side, automaton, patience_of(scenario, other_side(side), partner), share)


def solved(made: Decisions, scenario: Scenario, cost: float, *, less: float = 0.0) -> Floats:
    """Worth of each state under the best plan, (periods, n_states); `less` is taken off the gain of every period."""
    if less:
        made = replace(made, gain=made.gain - less)
    return _unlimited(made, scenario, cost) if scenario.unlimited else _backwards(made, scenario, cost)


def other_side(side: str) -> str:
    """The side across the table."""
    return "client" if side == "vendor" else "vendor"


def _decisions(period: Period, side: str, partner: Automaton, patience: int, share: float) -> Decisions:
    """List what can happen in each state after each actual posture, then mix by the deviator's slips."""
    from scipy.sparse import coo_array, eye_array, kron

    stages, scenario = period.stages, period.stages.scenario
    other = other_side(side)

    def turned(table: NDArray[Any]) -> NDArray[Any]:
        """With the deviator's posture before the partner's."""
        return table if side == "vendor" else table.swapaxes(-1, -2)

    rise, fall = turned(stages.rise(share)), turned(stages.falls)
    levels = len(scenario.levels) if rise.max() > 0 else 1
    moods = 2 if stages.starves.any() else 1
    counts = max(patience, 1)
    grid = (len(partner.move), levels, moods, counts)
    n, n_own = int(np.prod(grid)), turned(stages.agreed).shape[1]

    play = partner.play[[0] * moods if side == "client" else list(range(moods))] @ period.slip[other]
    sees = period.seen_by[other]
    # Axes: mood, partner's state, own posture, partner's posture, what the partner sees of the own one.
    chance = play[:, :, None, :, None] * sees[None, None, :, None, :]
    at_mood, at_p, i, j, seen = np.nonzero(chance)
    where = np.ix_(np.arange(len(i)), np.arange(levels), np.arange(counts))
    event, level, bad = (part.ravel() for part in np.broadcast_arrays(*where))
    mood, p, i, j, seen = (part[event] for part in (at_mood, at_p, i, j, seen))
    odds = chance[mood, p, i, j, seen]
    row = i * n + np.ravel_multi_index((p, level, mood, bad), grid)

    own = turned(getattr(stages, side))[level, mood, i, j] - scenario.party(side).outside_option
    if side == "vendor":
        own = own - share * stages.investable[level, i, j]
    below = turned(getattr(stages, f"{other}_below"))[level, mood, i, j]
    tired = below & (bad + 1 >= patience) if patience else np.zeros(len(row), dtype=bool)
    stays = odds * ~tired * (1 - scenario.relationship.churn)
    stays = stays * (1 - partner.leave[p, j, seen] * scenario.relationship.can_leave)
    for grudge in ("vendor", "client"):
        stays = stays * (1 - turned(period.begrudge[grudge])[level, mood, i, j])

    next_bad = np.where(below, np.minimum(bad + 1, counts - 1), 0)
    hungry = turned(stages.starves)[level, i, j].astype(np.intp) if moods == 2 else np.zeros(len(row), dtype=np.intp)
    rises, falls = (table[level, i, j] if levels > 1 else np.zeros(len(row)) for table in (rise, fall))
    rows, columns, weights = [], [], []
    for move, moving in ((0, 1 - rises - falls), (1, rises), (-1, falls)):
        kept = np.flatnonzero(stays * moving > 0)
        rows.append(row[kept])
        target = (partner.move[p, j, seen][kept], level[kept] + move, hungry[kept], next_bad[kept])
        columns.append(np.ravel_multi_index(target, grid))
        weights.append((stays * moving)[kept])
    onward = coo_array(
        (np.concatenate(weights), (np.concatenate(rows), np.concatenate(columns))), shape=(n_own * n, n)
    ).tocsr()

    slips = period.slip[side]
    onward = (kron(slips, eye_array(n)) @ onward).tocsr()
    partner_state, _, starved, _ = np.unravel_index(np.arange(n), grid)
    return Decisions(
        gain=slips @ np.bincount(row, weights=odds * own, minlength=n_own * n).reshape(n_own, n),
        ending=np.clip(1 - onward.sum(axis=1), 0.0, 1.0).reshape(n_own, n),
        onward=onward,
        partner_state=partner_state,
        starved=starved,
        partner_play=play[starved, partner_state],
        start=int(np.ravel_multi_index((partner.start, 0, 0, 0), grid)),
    )


def _backwards(made: Decisions, scenario: Scenario, cost: float) -> Floats:
    """Worth of each state at the start of each period, (periods, n_states), when the last period is known."""
    worth = np.zeros((int(scenario.horizon), made.n_states))
    worth[-1] = made.gain.max(axis=0)  # no end is early any more
    for t in range(len(worth) - 2, -1, -1):
        following = scenario.discount * worth[t + 1]
        kept = np.maximum(following, -cost) if scenario.relationship.can_leave else following
        each = made.gain - cost * made.ending + (made.onward @ kept).reshape(made.gain.shape)
        worth[t] = each.max(axis=0)
    return worth


def _unlimited(made: Decisions, scenario: Scenario, cost: float) -> Floats:
    """The same without a last period, (1, n_states), by policy iteration."""
    from scipy.sparse import diags_array, eye_array
    from scipy.sparse.linalg import spsolve

    discount, states = scenario.discount, np.arange(made.n_states)
    worth = np.zeros(made.n_states)
    for _ in range(MOST_ITERATIONS):
        following = discount * worth
        leaving = (following < -cost) & scenario.relationship.can_leave
        kept = np.where(leaving, -cost, following)
        best = (made.gain - cost * made.ending + (made.onward @ kept).reshape(made.gain.shape)).argmax(axis=0)
        went = made.onward[made.rows(best, states)]
        system = eye_array(made.n_states) - discount * (went @ diags_array((~leaving).astype(np.float64)))
        right = made.gain[best, states] - cost * made.ending[best, states] + went @ np.where(leaving, -cost, 0.0)
        if made.n_states <= DENSE:
            improved = np.linalg.solve(system.toarray(), right)
        else:
            improved = np.asarray(spsolve(system.tocsc(), right))
        settled = np.abs(improved - worth).max() <= 1e-13 * np.abs(improved).max()
        worth = improved
        if settled:
            break
    return worth[None]
