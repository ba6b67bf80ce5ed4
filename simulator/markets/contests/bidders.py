"""The kinds of bidders that a market tells apart: kind of vendor, its record, and how that record is seen.

A bad record is not always recognised, but the bidder itself knows it; so bidders with a bad record that is seen as
unknown are a kind of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["BidderKinds"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class BidderKinds:
    """Kinds of bidders, K of them.

    Attributes
    ----------
    vendor, record, seen : int array, shape (K,)
        Kind of vendor, position of its record, and what it is seen as: 0 bad, 1 unknown, 2 clean.
    chance : float array, shape (K,)
        Probability that this record is seen so.
    shape : tuple of int
        (kinds of vendors, records).
    """

    vendor: Ints
    record: Ints
    seen: Ints
    chance: Floats
    shape: tuple[int, int]

    @classmethod
    def of(cls, vendors: int, seen: ArrayLike) -> BidderKinds:
        """All kinds that can occur.

        Parameters
        ----------
        vendors : int
            Number of kinds of vendors.
        seen : array_like, shape (records, 3)
            Probability that a record (row) is seen as bad, unknown or clean.

        Examples
        --------
        >>> kinds = BidderKinds.of(1, [[0.7, 0.3, 0], [0, 1, 0], [0, 0, 1]])
        >>> kinds.record.tolist(), kinds.seen.tolist()
        ([0, 0, 1, 2], [0, 1, 1, 2])
        """
        chances = np.asarray(seen, dtype=np.float64)
        record, look = np.nonzero(chances > 0)
        vendor = np.repeat(np.arange(vendors), len(record))
        record, look = np.tile(record, vendors), np.tile(look, vendors)
        return cls(vendor, record, look, chances[record, look], (vendors, len(chances)))

    @property
    def count(self) -> int:
        """Number of kinds, K."""
        return len(self.vendor)

    def pool(self, places: Floats) -> Floats:
        """Share of each kind in a pool of free places, (kinds of vendors, records); zeros if there is none."""
        mass = places[self.vendor, self.record] * self.chance
        total = mass.sum()
        shares: Floats = mass / total if total > 0 else mass
        return shares

    def weights(self, quality: Floats, worth: Floats, reputation_weight: float) -> Floats:
        """Factor on the chance of each kind: quality x worth of the record as it is seen ^ reputation weight."""
        factor: Floats = quality[self.vendor] * worth[self.seen] ** reputation_weight
        return factor

    def by_record(self, values: Floats) -> Floats:
        """Expected value for each kind of vendor and record over how the record is seen.

        Parameters
        ----------
        values : float array, shape (K,)
            A value for each kind of bidder.

        Returns
        -------
        float array, shape (kinds of vendors, records)

        Examples
        --------
        >>> BidderKinds.of(1, [[0.7, 0.3, 0], [0, 1, 0], [0, 0, 1]]).by_record(np.array([10.0, 20, 30, 40])).tolist()
        [[13.0, 30.0, 40.0]]
        """
        found = np.zeros(self.shape)
        np.add.at(found, (self.vendor, self.record), values * self.chance)
        return found
