"""Linear systems over the states of a chain without a last period: visits, expected sums, and what can still end."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.relationships.chain import Chain

__all__ = ["solve", "total", "transient", "visits"]

Floats = NDArray[np.float64]

RAREST = 1e-12  # a chance this small beside 1 is lost in rounding; an end that needs it counts as no end


def solve(step: Any, discount: float, right: Floats) -> Floats:
    """(I - discount * step)^-1 right."""
    if isinstance(step, np.ndarray):
        return np.asarray(np.linalg.solve(np.eye(len(step)) - discount * step, right), dtype=np.float64)
    from scipy.sparse import eye_array
    from scipy.sparse.linalg import spsolve

    return np.asarray(spsolve((eye_array(step.shape[0]) - discount * step).tocsc(), right))


def visits(chain: Chain, discount: float, within: NDArray[np.bool_] | None = None) -> Floats:
    """Discounted expected number of periods in each state, from the start; `within`: in these states only."""
    keep = np.flatnonzero(np.ones(chain.n_states, dtype=bool) if within is None else within)
    found = np.zeros(chain.n_states)
    start = np.flatnonzero(keep == chain.start)
    if len(start):
        begin = np.zeros(len(keep))
        begin[start] = 1.0
        found[keep] = solve(chain.step[keep][:, keep].T, discount, begin)
    return found


def transient(chain: Chain) -> NDArray[np.bool_]:
    """States from which the relationship can still end, by steps that are not too rare to be told from never."""
    can_end = np.asarray(chain.ending.sum(axis=1) > RAREST)
    likely = chain.alive & (chain.probability > RAREST)
    source, target = chain.source[likely], chain.target[likely]
    count = -1
    while count != (count := int(can_end.sum())):
        can_end[source[can_end[target]]] = True
    return np.asarray(can_end)


def _for_ever(chain: Chain) -> NDArray[np.bool_]:
    """States in which a relationship that can no longer end comes back to again and again."""
    endless = np.flatnonzero(~transient(chain))
    result = np.zeros(chain.n_states, dtype=bool)
    if len(endless) == 0:
        return result
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    step = csr_array(chain.step[endless][:, endless])
    count, label = connected_components(step, directed=True, connection="strong")
    source, target = step.nonzero()
    passing = np.zeros(count, dtype=bool)
    passing[label[source[label[source] != label[target]]]] = True
    result[endless[~passing[label]]] = True
    return result


def total(chain: Chain, each: Floats) -> float:
    """Expected undiscounted sum of something that each state has."""
    for_ever = _for_ever(chain)
    if np.any(each[for_ever] > 0):
        return float("inf")
    stays = visits(chain, 1.0, within=~for_ever)
    if not (stays.min() > -1e-6 and stays.sum() < 1 / RAREST):  # several rare steps in a row: nothing but rounding
        return float("inf")
    return float(stays @ each)
