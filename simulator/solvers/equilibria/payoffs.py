"""What is accepted as a two-player game, and the scale on which it is solved.

Equilibria do not change when a player's payoffs are multiplied by a positive number or shifted, so both matrices are
brought to [1, 2): shifted to a minimum of 1 after a multiplication by a power of two, which costs no digit. Tolerances
then mean the same for payoffs in cents and in billions, and all entries are positive, as best-reply polytopes need.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.errors import SimulatorError

__all__ = ["Game", "Profiles", "game_from", "normalised"]

Floats = npt.NDArray[np.float64]

#: Profiles that agree to this in every probability are one profile found twice.
SAME = 1e-7
#: A payoff range below this share of the largest payoff is rounding: such payoffs are constant.
ROUNDING = 8 * np.finfo(np.float64).eps


@dataclass(frozen=True)
class Profiles:
    """K pairs of mixed strategies: `row` (K, m) and `column` (K, n), each row of them summing to 1."""

    row: Floats
    column: Floats

    def __len__(self) -> int:
        return len(self.row)

    def take(self, index: npt.NDArray[np.intp] | npt.NDArray[np.bool_] | slice) -> Profiles:
        """Return the profiles at `index`."""
        return Profiles(self.row[index], self.column[index])

    def distinct(self) -> Profiles:
        """Return the profiles without those that differ from an earlier one by at most `SAME` in every probability."""
        both = np.hstack([self.row, self.column])
        # Close profiles are close on a line in general position too, so only neighbours on it are compared.
        weights = np.sqrt(np.arange(2.0, 2.0 + both.shape[1]))
        place = both @ weights
        order = np.argsort(place, kind="stable")
        near = place[order] + SAME * weights.sum()
        keep = np.ones(len(self), bool)
        for a in np.flatnonzero(place[order][1:] <= near[:-1]):
            for b in range(a + 1, len(self)):
                if place[order[b]] > near[a]:
                    break
                if np.abs(both[order[a]] - both[order[b]]).max() <= SAME:
                    keep[max(order[a], order[b])] = False
        return self.take(keep)


@dataclass(frozen=True)
class Game:
    """A game on the common scale: payoff matrices (m, n) with entries in [1, 2)."""

    row: Floats
    column: Floats

    @property
    def shape(self) -> tuple[int, int]:
        """How many actions the row and the column player have."""
        return self.row.shape[0], self.row.shape[1]

    def subgame(self, rows: npt.NDArray[np.intp], columns: npt.NDArray[np.intp]) -> Game:
        """Return the game in which only these actions are left, on the scale of the whole game."""
        return Game(self.row[np.ix_(rows, columns)], self.column[np.ix_(rows, columns)])

    def regrets(self, profiles: Profiles) -> Floats:
        """Return what the better-off deviator of each profile gains, as a share of that player's payoff range (K,)."""
        row_gain = _gain(profiles.row, profiles.column @ self.row.T) / _range(self.row)
        column_gain = _gain(profiles.column, profiles.row @ self.column) / _range(self.column)
        return np.maximum(row_gain, column_gain)


def game_from(row_payoffs: npt.ArrayLike, column_payoffs: npt.ArrayLike) -> tuple[Floats, Floats, Game]:
    """Check a pair of payoff matrices.

    Returns
    -------
    row_payoffs, column_payoffs : ndarray (m, n) of float64
    game : Game
        The same game on the common scale.

    Raises
    ------
    SimulatorError
        When a matrix is not a finite, non-empty table of numbers or the two differ in shape.
    """
    row, column = _matrix("row_payoffs", row_payoffs), _matrix("column_payoffs", column_payoffs)
    if row.shape != column.shape:
        raise SimulatorError(
            f"row_payoffs and column_payoffs must have one shape (row actions, column actions), "
            f"got {row.shape} and {column.shape}"
        )
    return row, column, Game(_scaled(row), _scaled(column))


def _matrix(name: str, payoffs: npt.ArrayLike) -> Floats:
    try:
        given = np.asarray(payoffs)
    except ValueError as error:
        raise SimulatorError(f"{name} must be a table with rows of equal length: {error}") from error
    if given.dtype.kind not in "biufO":
        raise SimulatorError(f"{name} must hold real numbers, got entries of type {given.dtype}")
    if given.ndim != 2:
        raise SimulatorError(f"{name} must have two dimensions (row actions, column actions), got {given.ndim}")
    if given.size == 0:
        raise SimulatorError(f"{name} must have at least one action on each side, got shape {given.shape}")
    try:
        matrix = np.array(given, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise SimulatorError(f"{name} must hold real numbers that fit a float: {error}") from error
    wrong = np.argwhere(~np.isfinite(matrix))
    if len(wrong):
        i, j = (int(k) for k in wrong[0])
        raise SimulatorError(f"{name} must be finite, got {matrix[i, j]} at row {i}, column {j}")
    return matrix


def _scaled(matrix: Floats) -> Floats:
    low, high = float(matrix.min()), float(matrix.max())
    if high - low <= ROUNDING * max(abs(low), abs(high)):
        return np.ones_like(matrix)
    if math.isinf(high - low):
        matrix, low, high = matrix / 2, low / 2, high / 2
    _, exponent = math.frexp(high - low)
    scaled: Floats = 1.0 + np.ldexp(matrix - low, -exponent)
    return scaled


def _range(matrix: Floats) -> float:
    """Return the payoff range, or 1 for constant payoffs, whose gains are all zero."""
    width = float(matrix.max() - matrix.min())
    return width if width > 0 else 1.0


def normalised(vertices: Floats) -> Floats:
    """Return vertices of a best-reply polytope (K, d), none of them zero, as mixed strategies."""
    strategies: Floats = vertices / vertices.sum(axis=1, keepdims=True)
    return strategies


def _gain(strategies: Floats, replies: Floats) -> Floats:
    gain: Floats = replies.max(axis=1) - (strategies * replies).sum(axis=1)
    return np.maximum(gain, 0.0)
