"""One equilibrium of a large zero-sum game, by linear programming.

Source: the minimax theorem as a pair of linear programs (Osborne and Rubinstein 1994, section 2.5): each side maximises
what it is sure of. Any two players whose payoffs, on the scale of their ranges, add up to a constant are such a game.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.solvers.equilibria.payoffs import Game, Profiles

__all__ = ["is_zero_sum", "maximin", "minimax"]

Floats = npt.NDArray[np.float64]

#: Seconds that each of the two linear programs may take.
MOST_SECONDS = 15.0


def is_zero_sum(game: Game) -> bool:
    """Tell whether the payoffs of both sides, as shares of their ranges, add up to a constant."""
    widths = [float(np.ptp(payoffs)) for payoffs in (game.row, game.column)]
    return min(widths) > 0 and float(np.ptp(game.row / widths[0] + game.column / widths[1])) <= 1e-9


def minimax(game: Game) -> Profiles | None:
    """Return a pair of maximin strategies, or None where the solver finds none in time."""
    row, column = maximin(game.row), maximin(game.column.T)
    if row is None or column is None:
        return None
    return Profiles(row[None], column[None])


def maximin(payoffs: Floats) -> Floats | None:
    """Maximise the payoff that a mixed strategy over the rows secures against every column."""
    from scipy.optimize import linprog

    actions, replies = payoffs.shape
    solved = linprog(
        np.r_[np.zeros(actions), -1.0],
        A_ub=np.c_[-payoffs.T, np.ones(replies)],
        b_ub=np.zeros(replies),
        A_eq=np.r_[np.ones(actions), 0.0][None],
        b_eq=[1.0],
        bounds=[(0, None)] * actions + [(None, None)],
        method="highs",
        options={
            "time_limit": MOST_SECONDS,
            "primal_feasibility_tolerance": 1e-10,
            "dual_feasibility_tolerance": 1e-10,
        },
    )
    if not solved.success or solved.x is None:
        return None
    weights = np.maximum(solved.x[:-1], 0.0)
    strategy: Floats = weights / weights.sum()
    return strategy
