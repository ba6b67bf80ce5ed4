"""All vertices of a best-reply polytope, by walking up its edges breadth first.

From the vertex zero, every edge along which the sum of the coordinates does not fall is followed, whole blocks of
vertices in one array operation. From the vertex where a linear function is smallest such edges lead to every other one,
so nothing is missed (the idea of pivoting enumeration: Avis and Fukuda 1992, "A pivoting algorithm for convex hulls and
vertex enumeration"; here the visited bases are simply remembered, which is cheap at the sizes of stage games). The walk
stops at a given number of bases, so its time and memory are bounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simulator.solvers.equilibria.tableau import (
    ZERO,
    Bools,
    Floats,
    Integers,
    Stack,
    joined,
    leaving_rows,
    pivoted,
    points,
    start,
)

__all__ = ["Vertices", "row_items", "vertices"]

Words = npt.NDArray[np.uint64]

#: Tableau entries handled at once: a few megabytes, so that temporaries stay near the caches.
BLOCK = 1 << 19


@dataclass(frozen=True)
class Vertices:
    """The vertices of ``{z >= 0, M z <= 1}`` other than zero, those that use the first coordinates first.

    Attributes
    ----------
    point : ndarray (V, d)
        Coordinates; zero exactly where `tight` says so.
    tight : ndarray (V, d + r) of bool
        Which constraints hold with equality: z first, then the rows of M.
    """

    point: Floats
    tight: Bools


def vertices(matrix: Floats, limit: int) -> Vertices | None:
    """Enumerate the vertices of ``{z >= 0, matrix z <= 1}`` except zero.

    Parameters
    ----------
    matrix : ndarray (r, d)
        Entries in [1, 2].
    limit : int
        The largest number of bases to visit.

    Returns
    -------
    Vertices or None
        None when there are more than `limit` bases.
    """
    layer = start(matrix)
    bits = _bits(sum(matrix.shape))
    keys = np.bitwise_or.reduce(bits[layer.free], axis=1)
    seen = row_items(keys)
    size = max(1, BLOCK // matrix.size)
    coordinates, tights = [], []
    while len(layer):
        step = _rising_edges(layer, keys, bits, size)
        items, first = _first_of_each(row_items(step.key), step.pivot)
        new = ~np.isin(items, seen, assume_unique=True)
        if len(seen) + np.count_nonzero(new) > limit:
            return None
        chosen = first[new]
        seen = np.concatenate([seen, items[new]])
        keys = step.key[chosen]
        parts = [chosen[i : i + size] for i in range(0, len(chosen), size)]
        layer = joined(matrix, [pivoted(layer.take(step.parent[p]), step.row[p], step.col[p]) for p in parts])
        point, tight = points(layer)
        coordinates.append(point)
        tights.append(tight)
    point, tight = np.concatenate(coordinates), np.concatenate(tights)
    _, first = np.unique(row_items(np.packbits(tight, axis=1)), return_index=True)
    return Vertices(point[first], tight[first])


@dataclass(frozen=True)
class _Edges:
    """Edges to follow: from which tableau, by which pivot, to which basis."""

    parent: npt.NDArray[np.intp]
    row: Integers
    col: Integers
    key: Words
    pivot: Floats


def _rising_edges(layer: Stack, keys: Words, bits: Words, size: int) -> _Edges:
    dims = layer.matrix.shape[1]
    parts = []
    for i in range(0, len(layer), size):
        block = layer.take(slice(i, i + size))
        coordinates = (block.basic < dims).astype(np.float64)
        slope = (block.free < dims) - np.matmul(coordinates[:, None, :], block.body)[:, 0]
        k, col = np.nonzero(slope >= -ZERO)
        row = leaving_rows(block.body[k, :, col], block.value[k], block.tilt[k])
        bounded = row >= 0
        k, col, row = k[bounded], col[bounded], row[bounded]
        key = keys[i + k] ^ bits[block.free[k, col]] ^ bits[block.basic[k, row]]
        parts.append((i + k, row, col, key, block.body[k, row, col]))
    return _Edges(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _first_of_each(items: npt.NDArray[Any], pivot: Floats) -> tuple[npt.NDArray[Any], npt.NDArray[np.intp]]:
    """Return the distinct items and, for each, the position with the largest pivot: it loses the fewest digits."""
    order = np.argsort(items)
    items, pivot = items[order], pivot[order]
    starts = np.flatnonzero(np.r_[True, items[1:] != items[:-1]][: len(items)])
    group = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(items)]))
    best = np.flatnonzero(pivot == np.maximum.reduceat(pivot, starts)[group])
    chosen = np.empty(len(starts), np.intp)
    chosen[group[best]] = order[best]
    return items[starts], chosen


def _bits(labels: int) -> Words:
    """Return one bit for each label, spread over as many 64-bit words as it takes: (labels, words)."""
    number = np.arange(labels)
    bits = np.zeros((labels, -(-labels // 64)), np.uint64)
    bits[number, number // 64] = np.uint64(1) << (number % 64).astype(np.uint64)
    return bits


def row_items(rows: Words | npt.NDArray[np.uint8]) -> npt.NDArray[Any]:
    """See each row of an array as one comparable item."""
    if rows.dtype == np.uint64 and rows.shape[1] == 1:
        return rows[:, 0]
    width = rows.dtype.itemsize * rows.shape[1]
    return np.ascontiguousarray(rows).view(np.dtype((np.void, width)))[:, 0]
