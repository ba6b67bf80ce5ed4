"""Where a chain without exits spends its time in the long run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.relationships.chain import Chain

__all__ = ["long_run_distribution"]


def long_run_distribution(chain: Chain) -> NDArray[np.float64]:
    """Cesaro average of the state distribution of a chain without exits, from its first state, (n_states,).

    Each closed class is entered with the absorption probability and then visited by its stationary distribution; this
    holds for periodic classes too.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    step = chain.step if isinstance(chain.step, np.ndarray) else chain.step.toarray()
    n, label = connected_components(csr_array(step > 0), directed=True, connection="strong")
    leaves = np.zeros(n, dtype=bool)
    source, target = np.nonzero(step)
    leaves[label[source[label[source] != label[target]]]] = True
    transient = leaves[label]
    result = np.zeros(chain.n_states)
    entered = np.zeros(chain.n_states)
    if transient[chain.start]:
        inside = np.flatnonzero(transient)
        begin = (inside == chain.start).astype(np.float64)
        visits = np.linalg.solve(np.eye(len(inside)) - step[np.ix_(inside, inside)].T, begin)
        entered = visits @ step[inside]
    else:
        entered[chain.start] = 1.0
    for kind in np.flatnonzero(~leaves):
        members = np.flatnonzero(label == kind)
        weight = entered[members].sum()
        if weight <= 0:
            continue
        part = step[np.ix_(members, members)]
        # Stationary: pi (P - I) = 0 with the last equation replaced by sum(pi) = 1.
        system = (part - np.eye(len(members))).T
        system[-1] = 1.0
        right = np.zeros(len(members))
        right[-1] = 1.0
        result[members] = weight * np.linalg.solve(system, right)
    return result
