"""A game as one or two populations of strategies, on a scale of its own.

The shares of all strategies stand in one vector, population after population, and their payoffs are one matrix times
that vector. With two populations each side only meets the other; with one, everybody meets everybody, which makes sense
only in a symmetric game.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

from simulator.errors import SimulatorError, nearest
from simulator.solvers.equilibria.payoffs import game_from

__all__ = ["Dynamics", "Populations", "populations_of"]

Floats = npt.NDArray[np.float64]
Dynamics = Literal["continuous", "generations"]

#: Payoffs that differ by less than this share of the payoff range are equal.
EQUAL = 1e-9


@dataclass(frozen=True, eq=False)
class Populations:
    """Populations that evolve against each other.

    Attributes
    ----------
    matrix : ndarray (N, N)
        Payoff of strategy i per share of strategy k, all populations stacked. For continuous dynamics each side's
        payoffs run from 0 to 1; for generations the largest is 1 and 0 is no offspring.
    groups : tuple of slice
        Which strategies belong to each population.
    dynamics : {"continuous", "generations"}
        How shares follow from payoffs.
    """

    matrix: Floats
    groups: tuple[slice, ...]
    dynamics: Dynamics

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many strategies each population has."""
        return tuple(group.stop - group.start for group in self.groups)

    def earned(self, shares: Floats) -> tuple[Floats, Floats]:
        """Payoff of every strategy, and the mean of its population, both (..., N), at shares (..., N)."""
        payoffs, mean = np.empty_like(shares), np.empty_like(shares)
        for group, partners in zip(self.groups, self.groups[::-1], strict=True):
            payoffs[..., group] = shares[..., partners] @ self.matrix[group, partners].T
            mean[..., group] = (shares[..., group] * payoffs[..., group]).sum(axis=-1, keepdims=True)
        return payoffs, mean

    def regret(self, shares: Floats) -> Floats:
        """What the best strategy earns above the mean of its population (...), in the unit of the matrix."""
        payoffs, mean = self.earned(shares)
        return np.asarray((payoffs - mean).max(axis=-1))

    def restricted(self, present: npt.NDArray[np.bool_]) -> Populations:
        """The same populations with only the strategies that are present."""
        counts = [int(present[group].sum()) for group in self.groups]
        return Populations(self.matrix[np.ix_(present, present)], _groups(counts), self.dynamics)


def populations_of(
    row_payoffs: npt.ArrayLike,
    column_payoffs: npt.ArrayLike,
    *,
    populations: int = 2,
    dynamics: Dynamics = "continuous",
) -> Populations:
    """Make populations of a game.

    Parameters
    ----------
    row_payoffs, column_payoffs : array_like (m, n)
        Payoffs of the row and the column player.
    populations : {2, 1}
        Two, one for each side; or one, in which all meet each other and both sides are the same.
    dynamics : {"continuous", "generations"}
        See `replicator`.

    Raises
    ------
    SimulatorError
        For matrices that are no game, for one population of a game that is not symmetric, and for generations with
        negative payoffs.

    Examples
    --------
    >>> populations_of([[1, 5], [0, 3]], [[1, 0], [5, 3]]).sizes
    (2, 2)
    >>> populations_of([[1, 5], [0, 3]], [[1, 0], [5, 3]], populations=1).sizes
    (2,)
    """
    if dynamics not in ("continuous", "generations"):
        hint = nearest(str(dynamics), ("continuous", "generations"))
        raise SimulatorError(
            f"dynamics is {dynamics!r}; allowed: 'continuous' or 'generations'" + (hint and f"; {hint}")
        )
    if populations not in (1, 2):
        raise SimulatorError(f"populations is {populations!r}; allowed: 2, one for each side, or 1")
    row, column, game = game_from(row_payoffs, column_payoffs)
    if populations == 1:
        _check_symmetric(row, column)
    if dynamics == "generations":
        lowest = min(float(row.min()), float(column.min()))
        if lowest < 0:
            raise SimulatorError(
                f"a payoff is {lowest:g}; in generations payoffs are numbers of offspring, allowed: 0 or more; "
                "the continuous dynamics takes any payoffs"
            )
        sides = [_over(row, float(row.max())), _over(column.T, float(column.max()))]
    else:
        sides = [_over(side - side.min(), float(np.ptp(side))) for side in (game.row, game.column.T)]
    if populations == 1:
        return Populations(sides[0], _groups([len(row)]), dynamics)
    m, n = row.shape
    matrix = np.zeros((m + n, m + n))
    matrix[:m, m:], matrix[m:, :m] = sides
    return Populations(matrix, _groups([m, n]), dynamics)


def _over(payoffs: Floats, unit: float) -> Floats:
    return payoffs / (unit or 1.0)


def _groups(sizes: list[int]) -> tuple[slice, ...]:
    ends = np.cumsum([0, *sizes])
    return tuple(slice(int(a), int(b)) for a, b in pairwise(ends))


def _check_symmetric(row: Floats, column: Floats) -> None:
    if row.shape[0] != row.shape[1]:
        raise SimulatorError(
            f"one population needs a symmetric game: here one side has {row.shape[0]} strategies, the other "
            f"{row.shape[1]}; use two populations"
        )
    apart = np.abs(row - column.T)
    if apart.max() > EQUAL * max(float(np.ptp(row)), float(np.ptp(column))):
        i, j = (int(at) for at in np.unravel_index(int(apart.argmax()), apart.shape))
        raise SimulatorError(
            f"one population needs a symmetric game: strategy {i + 1} against strategy {j + 1} earns {row[i, j]:g} on "
            f"one side and {column[j, i]:g} on the other; use two populations"
        )
