"""Simplex tableaux of best-reply polytopes, many at a time.

A best-reply polytope is ``{z >= 0, M z <= 1}`` for a payoff matrix M with entries of at least 1 (von Stengel 2007,
"Equilibrium computation for two-player games in strategic and extensive form", in Algorithmic Game Theory, ch. 3).
A feasible basis of ``M z + s = 1`` is a vertex, and a pivot walks along an edge to the neighbouring vertex. Enumerating
all vertices and following Lemke-Howson paths are both sequences of such pivots, so both are written on this one stack.

Variables are numbered z first, then s. Ties of the ratio test are broken as if the right-hand side were
``1 + e * tilt`` with an infinitely small e and a fixed generic tilt: every basis is then non-degenerate, no path
returns to where it was, and each vertex of the true polytope still appears as at least one basis.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["ZERO", "Bools", "Floats", "Integers", "Stack", "joined", "leaving_rows", "pivoted", "points", "start"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: What counts as zero: slacks, weights and pivots of matrices whose entries lie in [1, 2].
ZERO = 1e-10


@dataclass(frozen=True)
class Stack:
    """K tableaux of the same polytope with r rows (constraints) and d columns (dimensions).

    Attributes
    ----------
    matrix : ndarray (r, d)
        The polytope's constraints.
    body : ndarray (K, r, d)
        Coefficients of the non-basic variables.
    value, tilt : ndarray (K, r)
        Values of the basic variables, and how fast they change with e.
    basic, free : ndarray (K, r), (K, d)
        Numbers of the basic and of the non-basic variables.
    """

    matrix: Floats
    body: Floats
    value: Floats
    tilt: Floats
    basic: Integers
    free: Integers

    def __len__(self) -> int:
        return len(self.value)

    def take(self, index: npt.NDArray[np.intp] | slice) -> Stack:
        """Return the tableaux at `index`."""
        return Stack(
            self.matrix, self.body[index], self.value[index], self.tilt[index], self.basic[index], self.free[index]
        )


def start(matrix: Floats) -> Stack:
    """Return the tableau of the vertex z = 0 of ``{z >= 0, matrix z <= 1}``."""
    rows, dims = matrix.shape
    # Fixed numbers without integer relations; symmetric games would tie again under a regular pattern.
    tilt = 1.0 + np.random.default_rng(20071).random((rows,))
    return Stack(
        matrix,
        matrix[None].copy(),
        np.ones((1, rows)),
        tilt[None],
        np.arange(dims, dims + rows)[None],
        np.arange(dims)[None],
    )


def leaving_rows(column: Floats, value: Floats, tilt: Floats) -> Integers:
    """Ratio test: which row's variable reaches zero first when another variable enters; -1 where none does.

    Parameters
    ----------
    column : ndarray (E, r)
        The entering variables' columns.
    value, tilt : ndarray (E, r)
        As in `Stack`, of the tableaux that the columns are from.

    Returns
    -------
    ndarray (E,) of int
    """
    falls = column > ZERO
    ratio, loose = np.full((2, *column.shape), np.inf)
    np.divide(value, column, out=ratio, where=falls)
    np.divide(value + ZERO, column, out=loose, where=falls)
    row: Integers = ratio.argmin(axis=1).astype(np.int64)
    # Harris' rule: those rows tie at which no variable would fall below -ZERO.
    tied = falls & (ratio <= loose.min(axis=1, keepdims=True))
    several = np.flatnonzero(np.count_nonzero(tied, axis=1) > 1)
    if several.size:
        second = np.full((several.size, column.shape[1]), np.inf)
        np.divide(tilt[several], column[several], out=second, where=tied[several])
        row[several] = second.argmin(axis=1)
    row[~falls.any(axis=1)] = -1
    return row


def pivoted(stack: Stack, row: Integers, col: Integers) -> Stack:
    """Exchange, in each tableau, the basic variable of `row` with the free variable of `col` (arrays of length K)."""
    k = np.arange(len(stack))
    pivot = stack.body[k, row, col]
    column = stack.body[k, :, col]
    line = stack.body[k, row, :] / pivot[:, None]
    body = stack.body - column[:, :, None] * line[:, None, :]
    body[k, :, col] = -column / pivot[:, None]
    body[k, row, :] = line
    body[k, row, col] = 1.0 / pivot
    value, tilt = (_exchanged(old, column, row, pivot) for old in (stack.value, stack.tilt))
    basic, free = stack.basic.copy(), stack.free.copy()
    basic[k, row], free[k, col] = stack.free[k, col], stack.basic[k, row]
    return _refined(Stack(stack.matrix, body, value, tilt, basic, free))


def _exchanged(old: Floats, column: Floats, row: Integers, pivot: Floats) -> Floats:
    k = np.arange(len(old))
    step = old[k, row] / pivot
    new: Floats = old - column * step[:, None]
    new[k, row] = step
    return new


def _refined(stack: Stack) -> Stack:
    """Correct the values by one step against the original constraints, so that rounding does not pile up."""
    rows, dims = stack.matrix.shape
    k = np.arange(len(stack))[:, None]
    every = np.zeros((len(stack), dims + rows))
    every[k, stack.basic] = stack.value
    padded = np.zeros((len(stack), dims + rows))
    padded[:, dims:] = 1.0 - every[:, :dims] @ stack.matrix.T - every[:, dims:]
    # The inverse of the basis has a free slack's column of the tableau, or a unit vector for a basic slack.
    change = np.matmul(stack.body, padded[k, stack.free][:, :, None])[:, :, 0] + padded[k, stack.basic]
    return Stack(stack.matrix, stack.body, stack.value + change, stack.tilt, stack.basic, stack.free)


def joined(matrix: Floats, stacks: list[Stack]) -> Stack:
    """Put stacks of tableaux of `matrix` behind each other."""
    if not stacks:
        return start(matrix).take(slice(0))
    fields = ("body", "value", "tilt", "basic", "free")
    return Stack(matrix, *(np.concatenate([getattr(stack, field) for stack in stacks]) for field in fields))


def points(stack: Stack) -> tuple[Floats, Bools]:
    """Read off the vertices.

    Returns
    -------
    point : ndarray (K, d)
        Coordinates, exactly zero where tight.
    tight : ndarray (K, d + r) of bool
        Which variables, z first, then s, are zero.
    """
    rows, dims = stack.matrix.shape
    every = np.zeros((len(stack), dims + rows))
    every[np.arange(len(stack))[:, None], stack.basic] = stack.value
    tight = every <= ZERO
    every[tight] = 0.0
    return every[:, :dims], tight
