"""Sampling the transitions of a chain by one 32-bit number each (alias method: Walker 1977; Vose 1991).

The upper bits of the number pick a slot of the state's table, the lower bits one of the slot's two transitions, which
quantises probabilities to 2^-32.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["alias", "joined"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def joined(columns: tuple[NDArray[Any], ...], weight: Floats) -> tuple[tuple[NDArray[Any], ...], Floats]:
    """Rows that are equal in all columns as one, ordered by the columns, and the sums of their weights.

    Examples
    --------
    >>> (states,), weights = joined((np.array([1, 0, 1]),), np.array([0.25, 0.5, 0.25]))
    >>> states, weights
    (array([0, 1]), array([0.5, 0.5]))
    """
    order = np.lexsort(columns[::-1])
    differs = np.zeros(len(order), dtype=bool)
    differs[:1] = True
    for column in columns:
        differs[1:] |= column[order][1:] != column[order][:-1]
    group = np.cumsum(differs) - 1
    summed = np.bincount(group, weights=weight[order]).astype(np.float64, copy=False)
    return tuple(column[order][differs] for column in columns), summed


def alias(probability: Floats, bits: int) -> tuple[NDArray[np.uint32], Ints, Ints]:
    """Alias table of one state in whole units of 2^-32: thresholds and the two transitions of each slot."""
    slots, unit = 1 << bits, 1 << (32 - bits)
    weights = np.rint(probability / probability.sum() * 2**32).astype(np.int64)
    weights[weights.argmax()] += 2**32 - weights.sum()
    left = [int(w) for w in weights] + [0] * (slots - len(weights))
    small = [i for i, w in enumerate(left) if w < unit]
    large = [i for i, w in enumerate(left) if w >= unit]
    threshold = np.full(slots, unit, dtype=np.uint32)
    first, second = np.arange(slots), np.arange(slots)
    while small and large:
        i, j = small.pop(), large[-1]
        threshold[i], second[i] = left[i], j
        left[j] -= unit - left[i]
        if left[j] < unit:
            small.append(large.pop())
    # A slot past the transitions has no weight of its own and always leads to its alias.
    first = np.minimum(first, len(probability) - 1)
    return threshold, first, second
