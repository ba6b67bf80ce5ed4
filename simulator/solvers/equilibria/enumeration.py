"""All extreme equilibria of a game: pairs of vertices of the two best-reply polytopes that together carry every label.

The labels of a vertex of the row player's polytope ``{x >= 0, B' x <= 1}`` are the actions of the row player that it
does not play and the best replies of the column player; for the other polytope ``{y >= 0, A y <= 1}`` vice versa. A
pair of non-zero vertices whose labels are complete is an equilibrium after normalisation, and every extreme equilibrium
is such a pair (Mangasarian 1964, "Equilibrium points of bimatrix games"; von Stengel 2007, ch. 3 of Algorithmic Game
Theory). The partner of a vertex is looked up by the labels it lacks; no two lists are compared pair by pair.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.solvers.equilibria.payoffs import Game, Profiles, normalised
from simulator.solvers.equilibria.tableau import Bools
from simulator.solvers.equilibria.vertices import Vertices, row_items, vertices

__all__ = ["Enumeration", "enumerated", "most_listed"]

Indices = npt.NDArray[np.intp]

#: More equilibria than this, or more probabilities in all, are counted but not listed.
MOST_LISTED, MOST_PROBABILITIES = 10_000, 20_000_000
#: Bases visited per polytope, tableau entries and coordinates computed for them, at most: seconds, under 10^9 bytes.
MOST_BASES, MOST_ENTRIES, MOST_COORDINATES = 400_000, 100_000_000, 20_000_000


@dataclass(frozen=True)
class Enumeration:
    """Extreme equilibria: as many as may be listed, how many there are, and whether the game is degenerate."""

    profiles: Profiles
    count: int
    degenerate: bool


def enumerated(game: Game) -> Enumeration | None:
    """Return all extreme equilibria of `game`, or None where its polytopes have too many vertices."""
    m, n = game.shape
    limit = min(MOST_BASES, MOST_ENTRIES // (m * n), MOST_COORDINATES // (m + n))
    row = vertices(game.column.T, limit)
    column = None if row is None else vertices(game.row, limit)
    if row is None or column is None:
        return None
    row, column = _small_supports_first(row), _small_supports_first(column)
    # Both label sets in the order: actions of the row player, actions of the column player.
    row_labels, column_labels = row.tight, np.roll(column.tight, m, axis=1)
    row_tied, column_tied = row_labels.sum(axis=1) > m, column_labels.sum(axis=1) > n
    i, j, count = _complete_pairs(row_labels, column_labels, row_tied, column_tied, most_listed((m, n)))
    profiles = Profiles(normalised(row.point[i]), normalised(column.point[j]))
    return Enumeration(profiles, count, bool(row_tied.any() or column_tied.any()))


def most_listed(shape: tuple[int, int]) -> int:
    """Return how many equilibria of a game with this many actions are listed at most."""
    return max(1, min(MOST_LISTED, MOST_PROBABILITIES // sum(shape)))


def _small_supports_first(found: Vertices) -> Vertices:
    order = np.argsort(np.count_nonzero(found.point, axis=1), kind="stable")
    return Vertices(found.point[order], found.tight[order])


def _complete_pairs(
    row_labels: Bools, column_labels: Bools, row_tied: Bools, column_tied: Bools, most: int
) -> tuple[Indices, Indices, int]:
    """Return the pairs (of them `most` at most) whose labels together are all labels, and the number of such pairs.

    A vertex with no more labels than dimensions lacks exactly the labels of an equally simple partner, so simple
    vertices meet by equality. Where one of the two is `tied` (has more labels), the partner's labels are a superset.
    """
    simple_rows, simple_columns = np.flatnonzero(~row_tied), np.flatnonzero(~column_tied)
    wanted = row_items(np.packbits(~row_labels[simple_rows], axis=1))
    offered = row_items(np.packbits(column_labels[simple_columns], axis=1))
    _, a, b = np.intersect1d(wanted, offered, assume_unique=True, return_indices=True)
    pairs = [(simple_rows[a], simple_columns[b])]
    count = listed = len(a)
    for rows, columns in ((simple_rows, np.flatnonzero(column_tied)), (np.flatnonzero(row_tied), None)):
        labels = column_labels if columns is None else column_labels[columns]
        if not (len(rows) and len(labels)):
            continue
        bearers = [_bitset(labels[:, label]) for label in range(labels.shape[1])]
        for i in rows:
            partners = _bearing_all(bearers, np.flatnonzero(~row_labels[i]))
            if not partners:
                continue
            count += partners.bit_count()
            if listed < most:
                j = _members(partners, len(labels))
                pairs.append((np.full(len(j), i), j if columns is None else columns[j]))
                listed += len(j)
    x, y = (np.concatenate([pair[side] for pair in pairs]) for side in (0, 1))
    order = np.lexsort((y, x))[:most]
    return x[order], y[order], count


def _bitset(flags: Bools) -> int:
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")


def _bearing_all(bearers: list[int], labels: Indices) -> int:
    found = -1
    for label in labels:
        found &= bearers[label]
        if not found:
            break
    return found


def _members(bitset: int, size: int) -> Indices:
    packed = np.frombuffer(bitset.to_bytes(-(-size // 8), "little"), np.uint8)
    return np.flatnonzero(np.unpackbits(packed, count=size, bitorder="little"))
