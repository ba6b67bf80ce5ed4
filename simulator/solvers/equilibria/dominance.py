"""Removal of strictly dominated actions, for games too large to enumerate.

An action that is worse than another one against everything the other side may still do is played in no equilibrium,
so removing such actions, again and again, loses none (Osborne and Rubinstein 1994, section 4.2). Only domination by
pure actions is looked for: it needs comparisons and no linear programs.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.solvers.equilibria.payoffs import Game
from simulator.solvers.equilibria.tableau import ZERO

__all__ = ["undominated"]

Indices = npt.NDArray[np.intp]

#: Comparisons of single payoffs, at most; the rounds stop there with what is left.
MOST_COMPARISONS = 1_000_000_000


def undominated(game: Game) -> tuple[Indices, Indices]:
    """Return the row and the column actions that survive the iterated removal of strictly dominated ones."""
    m, n = game.shape
    rows, columns = np.arange(m), np.arange(n)
    budget = MOST_COMPARISONS
    while True:
        cost = len(rows) * len(columns) * (len(rows) + len(columns))
        if cost > budget:
            return rows, columns
        budget -= cost
        left = game.subgame(rows, columns)
        keep_rows, keep_columns = _best_somewhere(left.row), _best_somewhere(left.column.T)
        if keep_rows.all() and keep_columns.all():
            return rows, columns
        rows, columns = rows[keep_rows], columns[keep_columns]


def _best_somewhere(payoffs: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Flag the actions (rows) that no other action beats in every column."""
    return np.array([not (payoffs > own + ZERO).all(axis=1).any() for own in payoffs])
