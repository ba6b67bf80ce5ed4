"""Draws with replacement where order does not matter: all of them, and the chance of each.

From K kinds, n draws give one of C(K + n - 1, n) multisets (multinomial distribution). They are held as rows of kinds
in ascending order, the rows sorted by their rank in the combinatorial number system (Knuth 2011, 7.2.1.3).
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

__all__ = ["chances_of", "how_many", "multisets", "one_and_others"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def how_many(kinds: int, draws: int) -> int:
    """Number of multisets.

    Examples
    --------
    >>> how_many(3, 2)
    6
    """
    return math.comb(kinds + draws - 1, draws) if kinds else int(draws == 0)


@lru_cache(maxsize=32)
def multisets(kinds: int, draws: int) -> Ints:
    """All multisets; shape (how_many, draws), not to be written to.

    Examples
    --------
    >>> multisets(3, 2).tolist()
    [[0, 0], [0, 1], [1, 1], [0, 2], [1, 2], [2, 2]]
    """
    total = how_many(kinds, draws)
    flat = np.fromiter(
        (kind for drawn in combinations_with_replacement(range(kinds), draws) for kind in drawn), np.intp, total * draws
    )
    rows = flat.reshape(total, draws)
    found = np.empty_like(rows)
    found[_rank(rows, kinds)] = rows
    found.flags.writeable = False
    return found


@lru_cache(maxsize=32)
def one_and_others(kinds: int, draws: int) -> tuple[Ints, Ints]:
    """Where one draw of a given kind, with given others, stands among the multisets.

    Returns
    -------
    tuple of two int arrays, shape (kinds, how_many(kinds, draws - 1))
        For each kind and each multiset of the other draws: the row in `multisets(kinds, draws)`, and the first column
        of that row that holds the kind. Not to be written to.

    Examples
    --------
    >>> rows, columns = one_and_others(3, 2)
    >>> rows.tolist(), columns.tolist()
    ([[0, 1, 3], [1, 2, 4], [3, 4, 5]], [[0, 0, 0], [1, 0, 0], [1, 1, 0]])
    """
    all_rows = multisets(kinds, draws)
    others = how_many(kinds, draws - 1)
    row_of = np.empty((kinds, others), dtype=np.intp)
    column_of = np.empty((kinds, others), dtype=np.intp)
    for column in range(draws):
        before = all_rows[:, column - 1] if column else np.full(len(all_rows), -1)
        rows = np.flatnonzero(all_rows[:, column] != before)  # here the kind stands for the first time
        rest = np.delete(all_rows[rows], column, axis=1)
        place = _rank(rest, kinds)
        row_of[all_rows[rows, column], place] = rows
        column_of[all_rows[rows, column], place] = column
    row_of.flags.writeable = column_of.flags.writeable = False
    return row_of, column_of


def chances_of(pool: Floats, draws: int) -> Floats:
    """Probability of each multiset when every draw is of kind k with probability pool[k].

    Examples
    --------
    >>> chances_of(np.array([0.5, 0.25, 0.25]), 2).tolist()
    [0.25, 0.25, 0.0625, 0.25, 0.125, 0.0625]
    """
    rows = multisets(len(pool), draws)
    chance: Floats = _orders(len(pool), draws).copy()
    for column in range(draws):
        chance *= pool[rows[:, column]]
    return chance


@lru_cache(maxsize=32)
def _orders(kinds: int, draws: int) -> Floats:
    """In how many orders each multiset can be drawn."""
    rows = multisets(kinds, draws)
    orders = np.ones(len(rows))
    run = np.ones(len(rows))
    for column in range(1, draws):
        run = np.where(rows[:, column] == rows[:, column - 1], run + 1, 1)
        orders *= (column + 1) / run
    orders.flags.writeable = False
    return orders


def _rank(rows: Ints, kinds: int) -> Ints:
    """Place of each multiset, given as a row of kinds in ascending order."""
    draws = rows.shape[1]
    rank = np.zeros(len(rows), dtype=np.intp)
    for column in range(draws):
        below = np.array([math.comb(kind + column, column + 1) for kind in range(kinds)], dtype=np.intp)
        rank += below[rows[:, column]]
    return rank
