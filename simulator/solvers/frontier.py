"""Which deals leave nothing on the table: the Pareto frontier of finitely many deals.

A deal is dominated when another one is worth at least as much to both sides and more to one of them; what is not
dominated is Pareto optimal (Osborne & Rubinstein 1990, *Bargaining and Markets*, chapter 2).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.errors import SimulatorError

__all__ = ["deal_values", "pareto"]


def deal_values(first: ArrayLike, second: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Check the worth of the deals to both sides.

    Parameters
    ----------
    first, second : array_like, shape (n_deals,)
        Worth of each deal to each side, money per period.

    Returns
    -------
    tuple of two float arrays, shape (n_deals,)

    Raises
    ------
    SimulatorError
        If a side is not a list of numbers, the lengths differ, or a value is not finite.

    Examples
    --------
    >>> deal_values([1, 2], [3, 4])
    (array([1., 2.]), array([3., 4.]))
    """
    sides = []
    for name, given in (("first", first), ("second", second)):
        try:
            values = np.asarray(given, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise SimulatorError(f"deal values of the {name} side must be numbers; got {given!r}") from error
        if values.ndim != 1:
            raise SimulatorError(
                f"deal values of the {name} side must be one number per deal; got shape {values.shape}"
            )
        if not np.isfinite(values).all():
            worst = int(np.flatnonzero(~np.isfinite(values))[0])
            raise SimulatorError(f"deal values of the {name} side must be finite; got {values[worst]} for deal {worst}")
        sides.append(values)
    if len(sides[0]) != len(sides[1]):
        raise SimulatorError(
            "both sides must value the same deals; got "
            f"{len(sides[0])} values for the first side, {len(sides[1])} for the second"
        )
    return sides[0], sides[1]


def pareto(first: ArrayLike, second: ArrayLike) -> NDArray[np.intp]:
    """Find the deals that no other deal dominates.

    Parameters
    ----------
    first, second : array_like, shape (n_deals,)
        Worth of each deal to each side; any unit, the two sides need not share it.

    Returns
    -------
    int array, shape (n_optimal,)
        Indices, by descending worth to the first side, then ascending index. Values are compared exactly; deals worth
        exactly the same to both sides are all kept.

    Raises
    ------
    SimulatorError
        If the values are not finite numbers, one per deal and side.

    Notes
    -----
    One sort and one running maximum, O(n log n). Source: the definition in Osborne & Rubinstein 1990, chapter 2.

    Examples
    --------
    >>> pareto([1, 3, 2, 1, 3], [3, 1, 2, 2, 1])
    array([1, 4, 2, 0])
    """
    u, v = deal_values(first, second)
    if not len(u):
        return np.empty(0, dtype=np.intp)
    order: NDArray[np.intp] = np.lexsort((-v, -u))
    u, v = u[order], v[order]
    # Going down the first side's list, only a new high of the second side escapes domination ...
    is_high = np.ones(len(v), dtype=bool)
    is_high[1:] = v[1:] > np.maximum.accumulate(v)[:-1]
    # ... or a deal equal to the one that set the high: equal deals are neighbours after the sort.
    high = np.maximum.accumulate(np.where(is_high, np.arange(len(v)), 0))
    optimal: NDArray[np.intp] = order[(u == u[high]) & (v == v[high])]
    return optimal
