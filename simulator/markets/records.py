"""Reputation: the record of a party, what it is worth, and how it changes when a relationship ends.

A record starts unknown. When a relationship ends and the market hears of it, a side's record becomes bad if its
posture in the last period counted as competition, else clean. A bad record is not always recognised.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.markets.pairs import CLASSES
from simulator.scenario.market_tables import Market

__all__ = ["BAD", "CLEAN", "UNKNOWN", "WORTH", "Records"]

BAD, UNKNOWN, CLEAN = 0, 1, 2
WORTH = np.array([0.1, 0.5, 1.0])  # of a record as it is seen

Floats = NDArray[np.float64]


class Records:
    """The records that a market tells apart, as arrays for masses of parties.

    Attributes
    ----------
    codes : ndarray of int, shape (n,)
        Which records there are: all three, or only unknown where nobody hears anything.
    start : int
        Position of the unknown record.
    seen : ndarray, shape (n, 3)
        Probability that a record (row) is seen as bad, unknown or clean.
    accepted : ndarray, shape (n,)
        Probability that a party with this record is not refused.
    update : ndarray, shape (2, CLASSES, n, n)
        For the vendor's place and the client's, and the postures of the last period: how a record (row) changes when
        the relationship ends.
    """

    def __init__(self, market: Market) -> None:
        self.codes = np.array([BAD, UNKNOWN, CLEAN] if market.gossip > 0 else [UNKNOWN])
        n = len(self.codes)
        self.start = n // 2
        recognised = np.eye(3)
        recognised[BAD] = [market.recognition, 1.0 - market.recognition, 0.0]
        self.seen: Floats = recognised[self.codes]
        self.accepted: Floats = self.seen @ (market.refuse_below <= WORTH)
        self.update = np.zeros((2, CLASSES, n, n))
        for group in range(CLASSES):
            for place, cooperates in enumerate((group >= 2, group % 2 == 1)):
                self.update[place, group] = (1.0 - market.gossip) * np.eye(n)
                if n > 1:
                    self.update[place, group, :, CLEAN if cooperates else BAD] += market.gossip

    @property
    def n(self) -> int:
        """Number of records told apart."""
        return len(self.codes)
