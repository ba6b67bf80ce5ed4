"""What can happen in one period of a pair, before probabilities are put to where it leads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Events"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Events:
    """What can happen in a period: one row for each state, postures and what both sides see of them.

    States are numbered over the whole `grid` (pair of automaton states, level, fed or starved, both patience counters),
    those that cannot be reached included.

    Attributes
    ----------
    source, vendor_state, client_state, level, mood : ndarray of int
        State, the parts of it that the chances depend on.
    vendor_posture, client_posture, seen_of_vendor, seen_of_client : ndarray of int
        Actual postures and what the partner sees of them.
    chance : ndarray
        Probability of the row in its state.
    wishes : pair of ndarray
        Probability that the vendor's, and the client's, automaton leaves.
    healthy : ndarray of bool
        Whether both sides are at or above their outside options.
    tired : pair of ndarray of bool
        Whether the vendor's, and the client's, patience ends.
    following : tuple of ndarray of int
        Coordinates of the next state in the grid, were the level to stay.
    """

    grid: tuple[int, ...]
    start: int
    source: Ints
    vendor_state: Ints
    client_state: Ints
    level: Ints
    mood: Ints
    vendor_posture: Ints
    client_posture: Ints
    seen_of_vendor: Ints
    seen_of_client: Ints
    chance: Floats
    wishes: tuple[Floats, Floats]
    healthy: NDArray[np.bool_]
    tired: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    following: tuple[Ints, ...]

    @property
    def n_states(self) -> int:
        """Number of states of the grid."""
        return int(np.prod(self.grid))

    def target(self, move: int, rows: Ints) -> Ints:
        """Next state of some rows when the level moves by -1, 0 or 1; at the ends of the grid it stays."""
        pair, level, *rest = (part[rows] for part in self.following)
        return np.ravel_multi_index((pair, np.clip(level + move, 0, self.grid[1] - 1), *rest), self.grid)
