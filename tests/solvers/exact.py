"""All extreme equilibria of a small game in exact arithmetic, by a route that shares nothing with the solver.

Every vertex of a best-reply polytope ``{z >= 0, M z <= 1}`` solves ``M[R, S] z_S = 1`` for some equally many
constraints R and coordinates S; so all square subsystems are solved in fractions, infeasible solutions are thrown away,
and all pairs of vertices are tried. Source: Avis, Rosenberg, Savani, von Stengel 2010,
"Enumeration of Nash equilibria for two-player games".
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations

import numpy as np

Strategy = tuple[Fraction, ...]
Matrix = list[list[Fraction]]


def extreme_equilibria(row_payoffs: object, column_payoffs: object) -> set[tuple[Strategy, Strategy]]:
    """Return every extreme equilibrium; payoffs are taken as the exact numbers that their floats are."""
    row, column = _positive(row_payoffs), _positive(column_payoffs)
    m, n = len(row), len(row[0])
    everything = frozenset(range(m + n))
    mine = _vertices([list(entries) for entries in zip(*column, strict=True)], range(m), range(m, m + n))
    yours = _vertices(row, range(m, m + n), range(m))
    return {
        (_normalised(x), _normalised(y))
        for x, x_labels in mine.items()
        for y, y_labels in yours.items()
        if x_labels | y_labels == everything
    }


def matches(found: Iterable[tuple[np.ndarray, np.ndarray]], exact: set[tuple[Strategy, Strategy]]) -> bool:
    """Tell whether two lists of profiles are the same set: no profile missing, none invented, none twice."""
    ours = [np.concatenate(pair) for pair in found]
    theirs = [np.array([float(p) for strategy in pair for p in strategy]) for pair in exact]
    if len(ours) != len(theirs):
        return False
    distances = np.abs(np.array(ours)[:, None, :] - np.array(theirs)[None, :, :]).max(axis=2) <= 1e-9
    return bool((distances.sum(axis=0) == 1).all() and (distances.sum(axis=1) == 1).all())


def _positive(payoffs: object) -> Matrix:
    exact = [[Fraction(float(entry)) for entry in line] for line in np.asarray(payoffs, dtype=float)]
    low = min(map(min, exact))
    width = max(map(max, exact)) - low or Fraction(1)
    return [[(entry - low) / width + 1 for entry in line] for line in exact]


def _vertices(matrix: Matrix, own: range, replies: range) -> dict[Strategy, frozenset[int]]:
    rows, dims = len(matrix), len(matrix[0])
    found: dict[Strategy, frozenset[int]] = {}
    for size in range(1, min(rows, dims) + 1):
        for tight in combinations(range(rows), size):
            for support in combinations(range(dims), size):
                solution = _solved([[matrix[i][j] for j in support] for i in tight])
                if solution is None or min(solution) < 0:
                    continue
                point = [Fraction(0)] * dims
                for j, weight in zip(support, solution, strict=True):
                    point[j] = weight
                if tuple(point) in found:
                    continue
                heights = [sum(matrix[i][j] * w for j, w in zip(support, solution, strict=True)) for i in range(rows)]
                if max(heights) <= 1:
                    unused = {own[j] for j in range(dims) if point[j] == 0}
                    found[tuple(point)] = frozenset(unused | {replies[i] for i in range(rows) if heights[i] == 1})
    return found


def _solved(square: Matrix) -> list[Fraction] | None:
    """Solve ``square z = 1`` by elimination; None when singular."""
    size = len(square)
    lines = [[*line, Fraction(1)] for line in square]
    for k in range(size):
        pivot = next((i for i in range(k, size) if lines[i][k] != 0), None)
        if pivot is None:
            return None
        lines[k], lines[pivot] = lines[pivot], lines[k]
        for i in range(size):
            if i != k and lines[i][k] != 0:
                factor = lines[i][k] / lines[k][k]
                lines[i] = [a - factor * b if b else a for a, b in zip(lines[i], lines[k], strict=True)]
    return [lines[k][size] / lines[k][k] for k in range(size)]


def _normalised(point: Strategy) -> Strategy:
    total = sum(point)
    return tuple(weight / total for weight in point)
