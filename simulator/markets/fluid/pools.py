"""The free parties of a fluid market: masses by kind and record, those who search, and newcomers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Pool"]

Floats = NDArray[np.float64]


class Pool:
    """Free parties (or free places of vendors) of one role.

    Attributes
    ----------
    eligible : ndarray, shape (kinds, records)
        Mass that can be matched now.
    waiting : list of ndarray, shape (kinds, records)
        Mass that becomes eligible in 1, 2, ... periods.
    """

    def __init__(self, shares: Floats, records: int, start: int, search_time: int) -> None:
        self.eligible = np.zeros((len(shares), records))
        self.eligible[:, start] = shares
        self.start = start
        self.waiting = [np.zeros_like(self.eligible) for _ in range(search_time + 1)]

    @property
    def free(self) -> Floats:
        """Mass of all free parties by kind, (kinds,)."""
        return np.asarray(self.eligible.sum(axis=1) + sum(mass.sum(axis=1) for mass in self.waiting))

    def take(self, mass: Floats) -> None:
        """Let eligible parties go that found a partner."""
        # What rounding leaves below nothing is nothing.
        np.maximum(self.eligible - mass, 0.0, out=self.eligible)

    def release(self, mass: Floats) -> None:
        """Take in parties that became free in this period; they search first."""
        self.waiting[-1] += mass

    def release_before(self, mass: Floats) -> None:
        """Take in parties that became free at the end of the period before."""
        if len(self.waiting) == 1:
            self.eligible += mass
        else:
            self.waiting[-2] += mass

    def search(self) -> Floats:
        """Go on to the next period; returns the mass that has stopped waiting, (kinds, records)."""
        back = self.waiting.pop(0)
        self.eligible += back
        self.waiting.append(np.zeros_like(self.eligible))
        return back

    def replace(self, turnover: float, newcomers: Floats) -> None:
        """Replace a part of the free by newcomers, and take in the newcomers for all who went, (kinds,)."""
        self.eligible *= 1.0 - turnover
        for mass in self.waiting:
            mass *= 1.0 - turnover
        self.eligible[:, self.start] += newcomers

    def learn(self, change: Floats) -> None:
        """Change the records of all free parties of each kind by (kinds, records, records) matrices."""
        self.eligible = np.einsum("kr,krs->ks", self.eligible, change)
        self.waiting = [np.einsum("kr,krs->ks", mass, change) for mass in self.waiting]
