"""Nash averaging: a ranking that does not change when somebody enters copies of an agent or of a task.

Source: Balduzzi, Tuyls, Perolat and Graepel 2018, "Re-evaluating evaluation", NeurIPS 31, in its form for agents
against tasks. Agents (rows) and tasks (columns) play a zero-sum game over the scores: one side looks for the best mix
of agents, the other for the hardest mix of tasks; both take the equilibrium of maximum entropy; an agent's Nash average
is its score against that mix of tasks.

Maximum entropy alone makes the answer unique, not robust: where several mixes of tasks are equally hard, a copy of one
of them gets entropy of its own and draws the mix towards it. Equal rows and equal columns are therefore merged before
anything is solved, and share their weight afterwards.

The games of this package are not zero-sum: a partner is no opponent, and partners with whom everybody earns little are
not therefore good judges. So the score that `ranking` averages is what an agent *forgoes* with a partner: its payoff
less the largest payoff that any agent of its role gets with that partner (minimax regret: Savage 1951, "The theory of
statistical decision", Journal of the American Statistical Association 46). Like equilibria and replicator dynamics it
does not change when a partner becomes richer or poorer for everybody.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.errors import SimulatorError
from simulator.solvers.equilibria.payoffs import Game
from simulator.solvers.equilibria.zero_sum import minimax

__all__ = ["NashAverage", "Ranking", "nash_average", "ranking"]

Floats = npt.NDArray[np.float64]

#: Scores closer than this share of their range are equal.
EQUAL = 1e-9
#: Weights and losses below are 0; and by how much an optimal mix may miss the value of the game, by rounding.
OPTIMAL, FEASIBLE = 1e-8, 1e-12
#: Averages closer than this share of the range share a rank.
SAME_RANK = 1e-7
#: When the maximum of entropy is found: the dual's slope; also what a step may lose by rounding, and how far it may go.
PRECISION, ROUNDING, FLAT, FARTHEST, MOST_STEPS = 1e-12, 1e-14, 1e-12, 4.0, 1_000


@dataclass(frozen=True, eq=False)
class NashAverage:
    """Agents against tasks.

    Attributes
    ----------
    averages : ndarray (n,)
        Score of each agent against the hardest mix of tasks.
    agent_weights, task_weights : ndarray (n,), (m,)
        The equilibrium of maximum entropy.
    value : float
        What the best mix of agents gets against the hardest mix of tasks.
    gap : float
        Upper bound of how much entropy (natural logarithm) either mix lacks to the maximum.
    """

    averages: Floats
    agent_weights: Floats
    task_weights: Floats
    value: float
    gap: float


@dataclass(frozen=True, eq=False)
class Ranking:
    """Agents of a role ranked by what they forgo against the hardest mix of partners.

    Attributes
    ----------
    forgone : ndarray (n,)
        Payoff less the largest one with the same partner, averaged over the hardest mix: 0 or negative.
    low, high : ndarray (n,)
        The same, smallest and largest, when any one other agent of either role is left out.
    ranks : ndarray of int (n,)
        1 is best; equal ones share a rank and no rank is skipped.
    weights, partner_weights : ndarray (n,), (m,)
        The best mix of agents, and the hardest mix of partners.
    gap : float
        As in `NashAverage`.
    """

    forgone: Floats
    low: Floats
    high: Floats
    ranks: npt.NDArray[np.int64]
    weights: Floats
    partner_weights: Floats
    gap: float


def nash_average(scores: npt.ArrayLike) -> NashAverage:
    """Average scores of agents over the hardest mix of tasks.

    Parameters
    ----------
    scores : array_like (n, m)
        Score of each agent in each task, larger is better.

    Raises
    ------
    SimulatorError
        When the scores are not a finite, non-empty table, or the linear program finds no answer.

    Examples
    --------
    Rock, paper, scissors, with rock entered twice: the copies share their weight.

    >>> play = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])
    >>> nash_average(play[[0, 0, 1, 2]]).agent_weights.round(6).tolist()
    [0.166667, 0.166667, 0.333333, 0.333333]
    """
    table = np.asarray(scores, dtype=np.float64)
    if table.ndim != 2 or not table.size or not np.isfinite(table).all():
        raise SimulatorError(f"scores must be a table of finite numbers, agents by tasks; got the shape {table.shape}")
    low, width = float(table.min()), float(np.ptp(table))
    scaled = (table - low) / (width or 1.0)
    agents, tasks = _copies(scaled), _copies(scaled.T)
    merged = scaled[np.ix_(_first(agents), _first(tasks))]
    both = minimax(Game(merged, -merged))
    if both is None:
        raise SimulatorError("the linear program for the ranking found no answer")
    # Halfway between what each side is sure of: they agree but for rounding.
    value = float((both.row[0] @ merged).min() + (merged @ both.column[0]).max()) / 2
    agent_mix, agent_gap = _optimal_mix(merged - value, both.row[0], both.column[0])
    task_mix, task_gap = _optimal_mix(value - merged.T, both.column[0], both.row[0])
    agent_weights, task_weights = _shared(agent_mix, agents), _shared(task_mix, tasks)
    averages = table @ task_weights
    return NashAverage(averages, agent_weights, task_weights, low + width * value, max(agent_gap, task_gap))


def ranking(payoffs: npt.ArrayLike) -> Ranking:
    """Rank the agents of a role by what they forgo, with the range when any one other agent is left out.

    Parameters
    ----------
    payoffs : array_like (n, m)
        Payoff of each agent of the role with each partner.

    Examples
    --------
    The first agent is best with the first partner only, the second with the second only, the third never.

    >>> found = ranking([[10, 0], [0, 10], [4, 4]])
    >>> found.forgone.round(6).tolist(), found.ranks.tolist()
    ([-5.0, -5.0, -6.0], [1, 1, 2])
    >>> found.low.round(6).tolist(), found.high.round(6).tolist()
    ([-10.0, -10.0, -6.0], [0.0, 0.0, -2.4])
    """
    table = np.asarray(payoffs, dtype=np.float64)
    found = nash_average(forgone(table))
    agents, partners = table.shape
    without = np.full((agents + partners, agents), np.nan)
    for left_out in range(agents if agents > 1 else 0):
        rest = np.arange(agents) != left_out
        without[left_out, rest] = nash_average(forgone(table[rest])).averages
    for left_out in range(partners if partners > 1 else 0):
        rest = np.arange(partners) != left_out
        without[agents + left_out] = nash_average(forgone(table[:, rest])).averages
    all_of_them = np.vstack([found.averages, without])
    return Ranking(
        forgone=found.averages,
        low=np.nanmin(all_of_them, axis=0),
        high=np.nanmax(all_of_them, axis=0),
        ranks=_dense_ranks(found.averages, SAME_RANK * float(np.ptp(table))),
        weights=found.agent_weights,
        partner_weights=found.task_weights,
        gap=found.gap,
    )


def forgone(payoffs: Floats) -> Floats:
    """Payoffs (n, m) less the largest payoff with the same partner."""
    return np.asarray(payoffs - payoffs.max(axis=0))


def _copies(table: Floats) -> npt.NDArray[np.intp]:
    """For each row the number of the first row that it equals."""
    same = np.abs(table[:, None] - table[None]).max(axis=2) <= EQUAL
    return np.asarray(same.argmax(axis=1))


def _first(copies: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    return np.unique(copies)


def _shared(mix: Floats, copies: npt.NDArray[np.intp]) -> Floats:
    """The weights of all rows, when copies share what their first has in the mix."""
    _, position, count = np.unique(copies, return_inverse=True, return_counts=True)
    return np.asarray((mix / count)[position])


def _optimal_mix(excess: Floats, known: Floats, other: Floats) -> tuple[Floats, float]:
    """The mix of maximum entropy among the optimal ones, from one of them and one of the other side.

    Rows that no optimal mix uses are taken out first: those that lose against the other side's mix, and of the rest
    that the known mix does not use those whose largest possible weight is 0.
    """
    usable = np.asarray(excess @ other >= -OPTIMAL)
    for row in np.flatnonzero(usable & (known <= OPTIMAL)):
        usable[row] = _largest_weight(excess, int(row)) > OPTIMAL
    mix = np.zeros(len(excess))
    some, gap = _most_entropy(excess[usable])
    mix[usable] = some
    return mix, gap


def _largest_weight(excess: Floats, row: int) -> float:
    from scipy.optimize import linprog

    rows, columns = excess.shape
    solved = linprog(
        -np.eye(rows)[row], A_ub=-excess.T, b_ub=np.full(columns, FEASIBLE), A_eq=np.ones((1, rows)), b_eq=[1.0]
    )
    return float(solved.x[row]) if solved.success and solved.x is not None else 0.0


def _most_entropy(excess: Floats) -> tuple[Floats, float]:
    """The mix of rows of maximum entropy among those whose excess in every column is at least 0.

    The dual has one multiplier of at least 0 for each column, and the mix is proportional to exp(excess @ multipliers).
    It is minimised by Newton's method over the multipliers in use, one more at a time, as in the non-negative least
    squares of Lawson and Hanson 1974. The second result bounds the entropy that the mix lacks (the duality gap).
    """
    used = np.zeros(excess.shape[1], bool)
    multipliers = np.zeros(excess.shape[1])
    height, mix, slope = _dual(excess, multipliers)
    for _ in range(MOST_STEPS):
        if np.abs(slope[used]).max(initial=0.0) <= PRECISION:
            entering = int(np.where(used, np.inf, slope).argmin())
            if used[entering] or slope[entering] >= -PRECISION:
                break
            used[entering] = True
        middle = excess[:, used] - excess[:, used].T @ mix
        # Columns that depend on each other leave directions without curvature: along them the step is as good as
        # endless, and a multiplier that falls to 0 ends it.
        curve = (middle * mix[:, None]).T @ middle + FLAT * np.eye(int(used.sum()))
        step = np.zeros_like(multipliers)
        step[used] = -np.linalg.solve(curve, slope[used])
        # Far away the quadratic model means nothing: no exponent moves by more than a little at once.
        step *= min(1.0, FARTHEST / max(float(np.ptp(excess @ step)), 1e-300))
        falling = used & (step < 0)
        ends = np.where(falling, multipliers / np.where(falling, -step, 1.0), np.inf)
        leaving = int(ends.argmin())
        length = min(1.0, float(ends[leaving]))
        trial = np.maximum(multipliers + length * step, 0.0)
        new = _dual(excess, trial)
        while new[0] > height + ROUNDING and length > 1e-12:
            length /= 2
            trial = np.maximum(multipliers + length * step, 0.0)
            new = _dual(excess, trial)
        if length == ends[leaving]:
            used[leaving], trial[leaving] = False, 0.0
        multipliers, (height, mix, slope) = trial, new
    return mix, float(multipliers @ np.abs(slope)) + float(np.maximum(-slope, 0.0).max())


def _dual(excess: Floats, multipliers: Floats) -> tuple[float, Floats, Floats]:
    """Value of the dual, the mix that belongs to it, and its slope, which is the mix's excess."""
    power = excess @ multipliers
    mix = np.exp(power - power.max())
    total = mix.sum()
    mix /= total
    return float(power.max() + np.log(total)), mix, excess.T @ mix


def _dense_ranks(averages: Floats, same: float) -> npt.NDArray[np.int64]:
    order = np.argsort(-averages, kind="stable")
    steps = np.diff(averages[order]) < -same
    ranks = np.empty(len(averages), np.int64)
    ranks[order] = 1 + np.concatenate([[0], np.cumsum(steps)])
    return ranks
