"""The random numbers of a simulated market: one stream for each purpose, drawn for everybody in every period.

A party meets the same numbers whatever strategies there are and whatever became of others, so that mixes are compared
on common random numbers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.streams import stream

__all__ = ["Draws"]


class Draws:
    """Streams of one market.

    Parameters
    ----------
    seed : int
        Whole number of at least 0.
    scenario_id : str
        Of the scenario.
    replicate : int
        Number of the replicate.
    """

    def __init__(self, seed: int, scenario_id: str, replicate: int) -> None:
        self._key = (seed, scenario_id, replicate)
        self._streams: dict[str, np.random.Generator] = {}

    def of(self, purpose: str) -> np.random.Generator:
        """The stream for a purpose, where it stands."""
        if purpose not in self._streams:
            seed, scenario_id, replicate = self._key
            self._streams[purpose] = stream(seed, f"market-{purpose}", scenario_id, replicate)
        return self._streams[purpose]

    def uniforms(self, purpose: str, count: int) -> NDArray[np.float64]:
        """Numbers from [0, 1)."""
        return self.of(purpose).random(count)

    def words(self, purpose: str, count: int) -> NDArray[np.uint32]:
        """Whole numbers of 32 bits."""
        raw: NDArray[np.uint64] = self.of(purpose).bit_generator.random_raw((count + 1) // 2)
        return raw.view(np.uint32)[:count]

    def keys(self, purpose: str, count: int) -> NDArray[np.uint64]:
        """Whole numbers of 64 bits, to order by."""
        raw: NDArray[np.uint64] = self.of(purpose).bit_generator.random_raw(count)
        return raw
