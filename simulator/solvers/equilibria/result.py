"""What the equilibrium solver returns: the equilibria, and how far the list can be trusted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Equilibria", "Equilibrium"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """A pair of mixed strategies from which neither side gains by deviating.

    Attributes
    ----------
    row, column : ndarray (m,), (n,)
        Probability of each action, read-only; actions outside the support have exactly 0.
    row_payoff, column_payoff : float
        Expected payoffs, in the units of the matrices that were given.
    regret : float
        The larger of the two sides' gains from the best deviation, each as a share of that side's payoff range.
    """

    row: Floats
    column: Floats
    row_payoff: float
    column_payoff: float
    regret: float

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Equilibrium) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        return (*self.row.tolist(), None, *self.column.tolist(), self.row_payoff, self.column_payoff)


@dataclass(frozen=True)
class Equilibria:
    """The equilibria of one game; iterating or ``len()`` goes over the listed ones.

    Attributes
    ----------
    equilibria : tuple of Equilibrium
        Extreme equilibria, small supports first. Every other equilibrium is a mixture of extreme ones of one continuum.
    complete : bool
        Whether these are all extreme equilibria.
    count : int or None
        How many extreme equilibria the game has, also where not all of them are listed; None when nobody counted.
    degenerate : bool or None
        Whether some mixed strategy has more pure best replies than actions in its support; only then can there be
        continua. Of a game that first lost dominated actions only the remaining ones count. None when
        the game was too large to enumerate and no pure strategy shows it.
    continua : tuple of tuple of int
        Positions in `equilibria` of those that belong together: the connected components, of two or more, of the graph
        that joins two extreme equilibria when they share a strategy of either side. What lies between two that share a
        strategy is an equilibrium too, so each group spans one connected set of equilibria (a union of maximal Nash
        subsets). Isolated equilibria are in no group.
    method : str
        How they were found, in words.
    max_regret : float
        The largest regret of the listed equilibria, 0 when there are none.
    selected : Equilibrium or None
        The one to expect; None when none was found.
    selection_reason : str
        Why that one.
    """

    equilibria: tuple[Equilibrium, ...]
    complete: bool
    count: int | None
    degenerate: bool | None
    continua: tuple[tuple[int, ...], ...]
    method: str
    max_regret: float
    selected: Equilibrium | None
    selection_reason: str

    def __iter__(self) -> Iterator[Equilibrium]:
        return iter(self.equilibria)

    def __len__(self) -> int:
        return len(self.equilibria)
