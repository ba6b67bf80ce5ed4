"""The entry of the equilibrium solver: check the game, choose the method, certify and describe what was found."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from simulator.errors import SimulatorError
from simulator.solvers.equilibria.dominance import undominated
from simulator.solvers.equilibria.enumeration import enumerated, most_listed
from simulator.solvers.equilibria.lemke_howson import lemke_howson
from simulator.solvers.equilibria.payoffs import Game, Profiles, game_from
from simulator.solvers.equilibria.result import Equilibria, Equilibrium
from simulator.solvers.equilibria.selection import continua, security_levels, select
from simulator.solvers.equilibria.tableau import ZERO
from simulator.solvers.equilibria.zero_sum import is_zero_sum, minimax

__all__ = ["equilibria"]

Floats = npt.NDArray[np.float64]

#: No profile with a larger regret, as a share of the payoff range, is ever returned.
MOST_REGRET = 1e-8
#: Actions of both sides together up to which nothing is removed before enumeration.
SMALL = 32


def equilibria(
    row_payoffs: npt.ArrayLike,
    column_payoffs: npt.ArrayLike,
    *,
    disagreement: tuple[float, float] | None = None,
) -> Equilibria:
    """Find the Nash equilibria of a two-player game.

    All extreme equilibria are found by enumerating the vertices of both best-reply polytopes, up to 400,000 of each:
    enough for 16 x 16 actions, and for larger games with few actions on one side or much structure. Every other
    equilibrium is a mixture of extreme ones. At most 10,000 are listed, the others counted. Games with more than 32
    actions in all lose their strictly dominated actions first. When there are too many vertices, the answer is a part
    (`complete` is False): the pure equilibria and the ends of Lemke-Howson paths within a bounded number of pivots, or
    one equilibrium by linear programming when the game is zero-sum. Every equilibrium that is returned has its regret
    checked against the whole game; none exceeds 1e-8 of the payoff range.

    Parameters
    ----------
    row_payoffs, column_payoffs : array_like (m, n)
        Payoffs of the row and the column player, when row action i meets column action j; any unit, any finite numbers.
    disagreement : tuple of float, optional
        Payoffs (row, column) without any agreement, in the same units, over which gains are compared to select an
        equilibrium. Default: what each side is sure of with one of its actions (pure maximin).

    Returns
    -------
    Equilibria
        With `.equilibria`, `.complete`, `.count`, `.degenerate`, `.continua`, `.method`, `.max_regret`, `.selected`
        and `.selection_reason`.

    Raises
    ------
    SimulatorError
        When a matrix is not a finite, non-empty, two-dimensional table of real numbers, when their shapes differ, or
        when `disagreement` is not a pair of finite numbers.

    Notes
    -----
    Differences of payoffs below about 1e-10 of a player's payoff range count as ties, and profiles within 1e-7 of each
    other as one. Nothing is random: the same matrices give the same list in the same order.

    References
    ----------
    B. von Stengel, "Equilibrium computation for two-player games in strategic and extensive form", ch. 3 of Algorithmic
    Game Theory (2007). D. Avis, G. Rosenberg, R. Savani, B. von Stengel, "Enumeration of Nash equilibria for two-player
    games", Economic Theory 42 (2010).

    Examples
    --------
    The battle of the sexes: two pure equilibria, and one in which each side mixes.

    >>> found = equilibria([[2, 0], [0, 1]], [[1, 0], [0, 2]])
    >>> len(found), found.complete
    (3, True)
    >>> for e in found:
    ...     print(e.row.round(3), e.column.round(3), round(e.row_payoff, 3), round(e.column_payoff, 3))
    [1. 0.] [1. 0.] 2.0 1.0
    [0. 1.] [0. 1.] 1.0 2.0
    [0.667 0.333] [0.333 0.667] 0.667 0.667
    """
    row, column, game = game_from(row_payoffs, column_payoffs)
    if disagreement is not None and not (len(disagreement) == 2 and all(map(math.isfinite, disagreement))):
        raise SimulatorError(f"disagreement must be two finite payoffs (row, column), got {disagreement!r}")
    found, count, degenerate, method = _solved(game)
    certified = found.take(game.regrets(found) <= MOST_REGRET)
    profiles = certified.distinct()
    regrets = game.regrets(profiles)
    if count == len(found):
        count = len(profiles) if len(certified) == len(found) else None
    payoffs = np.column_stack([_expected(profiles, row), _expected(profiles, column)])
    listed = tuple(
        Equilibrium(_frozen(x), _frozen(y), float(u), float(v), float(regret))
        for x, y, (u, v), regret in zip(profiles.row, profiles.column, payoffs, regrets, strict=True)
    )
    selected, reason = None, "no equilibrium was found"
    if listed:
        # Halves, because the range of the largest floats is no float.
        width = np.array([matrix.max() / 2 - matrix.min() / 2 for matrix in (row, column)])
        without = np.array(security_levels(row, column) if disagreement is None else disagreement) / 2
        chosen, reason = select(payoffs / 2, width, without)
        selected = listed[chosen]
    complete = count == len(listed)
    return Equilibria(
        equilibria=listed,
        complete=complete,
        count=count,
        degenerate=degenerate,
        continua=continua(profiles),
        method=method,
        max_regret=float(regrets.max(initial=0.0)),
        selected=selected,
        selection_reason=reason if complete or not listed else f"{reason} (among those found)",
    )


def _solved(game: Game) -> tuple[Profiles, int | None, bool | None, str]:
    """Return profiles to be certified, the number of extreme equilibria, degeneracy, and the method in words."""
    row_ties, column_ties = _best_replies(game)
    tied = bool((row_ties.sum(axis=0) > 1).any() or (column_ties.sum(axis=1) > 1).any())
    pure = np.argwhere(row_ties & column_ties)
    most = most_listed(game.shape)
    pure_profiles = _pure(pure[:most], game.shape)
    if 1 in game.shape:
        return pure_profiles, len(pure), tied, "best replies of the only side that has a choice"
    rows, columns = (np.arange(actions) for actions in game.shape) if sum(game.shape) <= SMALL else undominated(game)
    removed = "" if (len(rows), len(columns)) == game.shape else "strictly dominated actions removed, then "
    left = game.subgame(rows, columns)
    whole = enumerated(left)
    if whole is not None:
        profiles = _embedded(whole.profiles, rows, columns, game.shape)
        return profiles, whole.count, tied or whole.degenerate, removed + "all vertices of both best-reply polytopes"
    some, method = None, "linear programming (zero-sum game), and all pure equilibria"
    if is_zero_sum(left):
        some = minimax(left)
    if some is None:
        some, method = lemke_howson(left), "Lemke-Howson paths within a bound, and all pure equilibria"
    mixed = _embedded(some, rows, columns, game.shape)
    row, column = np.vstack([pure_profiles.row, mixed.row]), np.vstack([pure_profiles.column, mixed.column])
    return Profiles(row, column).take(slice(most)), None, tied or None, removed + method


def _best_replies(game: Game) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Flag, cell by cell, whether the row action and the column action are best replies to each other's."""
    return (
        game.row >= game.row.max(axis=0, keepdims=True) - ZERO * np.ptp(game.row),
        game.column >= game.column.max(axis=1, keepdims=True) - ZERO * np.ptp(game.column),
    )


def _pure(cells: npt.NDArray[np.intp], shape: tuple[int, int]) -> Profiles:
    row, column = (np.zeros((len(cells), actions)) for actions in shape)
    k = np.arange(len(cells))
    row[k, cells[:, 0]] = column[k, cells[:, 1]] = 1.0
    return Profiles(row, column)


def _embedded(
    profiles: Profiles, rows: npt.NDArray[np.intp], columns: npt.NDArray[np.intp], shape: tuple[int, int]
) -> Profiles:
    """Give the removed actions probability zero."""
    row, column = (np.zeros((len(profiles), actions)) for actions in shape)
    row[:, rows], column[:, columns] = profiles.row, profiles.column
    return Profiles(row, column)


def _expected(profiles: Profiles, payoffs: Floats) -> Floats:
    expected: Floats = ((profiles.row @ payoffs) * profiles.column).sum(axis=1)
    return expected


def _frozen(strategy: Floats) -> Floats:
    strategy = strategy.copy()
    strategy.flags.writeable = False
    return strategy
