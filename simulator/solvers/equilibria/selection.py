"""Which equilibria belong together, and which one to expect.

Selection follows Harsanyi and Selten 1988, "A General Theory of Equilibrium Selection in Games", in its simplest
form: an equilibrium that is best for both sides, else the one with the largest product of both sides' gains over the
disagreement point (as in Nash's bargaining solution), else the first.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.solvers.equilibria.payoffs import Profiles

__all__ = ["continua", "security_levels", "select"]

Floats = npt.NDArray[np.float64]

#: Payoffs closer than this share of the payoff range count as equal.
EQUAL = 1e-9


def continua(profiles: Profiles) -> tuple[tuple[int, ...], ...]:
    """Return the groups, of two or more positions, of profiles linked by shared strategies (connected components)."""
    members: dict[tuple[int, bytes], list[int]] = {}
    for position, pair in enumerate(zip(_rounded(profiles.row), _rounded(profiles.column), strict=True)):
        for side, strategy in enumerate(pair):
            members.setdefault((side, strategy.tobytes()), []).append(position)
    parent = list(range(len(profiles)))
    for group in members.values():
        first = _root(parent, group[0])
        for position in group[1:]:
            parent[_root(parent, position)] = first
    components: dict[int, list[int]] = {}
    for position in range(len(profiles)):
        components.setdefault(_root(parent, position), []).append(position)
    return tuple(tuple(group) for group in components.values() if len(group) > 1)


def _root(parent: list[int], position: int) -> int:
    """Find the representative of a position's component, shortening the way for the next search."""
    while parent[position] != position:
        parent[position] = parent[parent[position]]
        position = parent[position]
    return position


def _rounded(strategies: Floats) -> npt.NDArray[np.int64]:
    """Round so that equal strategies have equal bytes; they come from the same vertex and agree to far more digits."""
    return np.round(strategies * 1e9).astype(np.int64)


def security_levels(row_payoffs: Floats, column_payoffs: Floats) -> tuple[float, float]:
    """Return what each side can be sure of with one of its actions, whatever the other does (pure maximin)."""
    return float(row_payoffs.min(axis=1).max()), float(column_payoffs.min(axis=0).max())


def select(payoffs: Floats, width: Floats, disagreement: Floats) -> tuple[int, str]:
    """Choose one of K >= 1 equilibria by their payoffs.

    Parameters
    ----------
    payoffs : ndarray (K, 2)
        Expected payoffs of both sides, in any unit.
    width : ndarray (2,)
        Payoff ranges of both sides in the whole game, in the same units.
    disagreement : ndarray (2,)
        Payoffs without agreement.

    Returns
    -------
    int, str
        Its position, and the reason in words.
    """
    if len(payoffs) == 1:
        return 0, "the only equilibrium"
    near = EQUAL * width
    best_for_both = (payoffs >= payoffs.max(axis=0) - near).all(axis=1)
    if best_for_both.any():
        return int(best_for_both.argmax()), "payoff-dominant"
    gains = (payoffs - disagreement) / np.where(width > 0, width, 1.0)
    product = np.where((gains > 0).all(axis=1), gains.prod(axis=1), 0.0)
    top = product >= product.max() - EQUAL
    chosen = int(top.argmax())
    if product[chosen] > 0 and (np.abs(payoffs[top] - payoffs[chosen]) <= near).all():
        return chosen, "risk-dominant: largest Nash product over the disagreement point"
    return 0, "first: none is payoff-dominant or risk-dominant"
