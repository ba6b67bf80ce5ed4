"""What a repeated game can hold: minmax points, payoffs both sides can live with, and how patient strategies must be.

A side can always secure its minmax payoff, whatever the partner does to it; every feasible payoff above both minmax
payoffs is held by some strategies of patient enough players (the folk theorem: Fudenberg & Maskin 1986; Osborne &
Rubinstein 1994, chapter 8). Below that, the least discount at which two well-known strategies hold cooperation in a
prisoner's dilemma with temptation T, reward R, punishment P and sucker's payoff S, and how generous a partner may be.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.errors import SimulatorError
from simulator.solvers.arguments import number
from simulator.solvers.equilibria.payoffs import game_from
from simulator.solvers.equilibria.zero_sum import maximin

__all__ = [
    "Minmax",
    "critical_discount_grim",
    "critical_discount_tit_for_tat",
    "feasible_rational_set",
    "largest_generosity",
    "minmax",
]

Floats = NDArray[np.float64]

ROUNDING = 1e-9  # share of a side's payoff range below which two payoffs are one


@dataclass(frozen=True, eq=False)
class Minmax:
    """What each side cannot be pushed below, and how the other side pushes it there.

    Attributes
    ----------
    row, column : float
        Minmax payoffs of the two sides, money per period.
    punishing_row : ndarray, shape (n_columns,)
        Mixed strategy of the column side against which no row is worth more than `row`.
    punishing_column : ndarray, shape (n_rows,)
        Mixed strategy of the row side against which no column is worth more than `column`.
    """

    row: float
    column: float
    punishing_row: Floats
    punishing_column: Floats


def minmax(row_payoffs: ArrayLike, column_payoffs: ArrayLike) -> Minmax:
    """Find the minmax payoffs of both sides in mixed strategies, with the strategies that punish.

    Parameters
    ----------
    row_payoffs, column_payoffs : array_like, shape (n_rows, n_columns)
        Money per period.

    Returns
    -------
    Minmax

    Raises
    ------
    SimulatorError
        If the matrices are not finite tables of one shape, or the linear program was not solved in time.

    Notes
    -----
    One linear program for each side, on payoffs brought to a common scale: the punisher maximises the least loss that
    it inflicts. Source: Osborne & Rubinstein 1994, sections 2.5 and 8.4.

    Examples
    --------
    >>> found = minmax([[1, 5], [0, 3]], [[1, 0], [5, 3]])
    >>> found.row, found.column, found.punishing_row.tolist()
    (1.0, 1.0, [1.0, 0.0])
    >>> pennies = minmax([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> round(pennies.row, 9) + 0.0, pennies.punishing_row.round(9).tolist()
    (0.0, [0.5, 0.5])
    """
    row, column, game = game_from(row_payoffs, column_payoffs)
    against_row, against_column = maximin(-game.row.T), maximin(-game.column)
    if against_row is None or against_column is None:
        raise SimulatorError(
            f"linear programming did not find the minmax payoffs of a game of {row.shape[0]} x {row.shape[1]} in time"
        )
    return Minmax(
        row=float((row @ against_row).max()),
        column=float((against_column @ column).max()),
        punishing_row=against_row,
        punishing_column=against_column,
    )


def feasible_rational_set(row_payoffs: ArrayLike, column_payoffs: ArrayLike) -> Floats:
    """Payoffs per period that lotteries over outcomes give and that neither side can refuse.

    Parameters
    ----------
    row_payoffs, column_payoffs : array_like, shape (n_rows, n_columns)
        Money per period.

    Returns
    -------
    ndarray, shape (n_vertices, 2)
        Corners of the convex hull of all outcomes, cut at the minmax point of both sides; counter-clockwise, from the
        one that is worst for the row side (of these the worst for the column side). One or two corners where the set
        is a point or a line.

    Raises
    ------
    SimulatorError
        As for `minmax`.

    Examples
    --------
    >>> feasible_rational_set([[1, 5], [0, 3]], [[1, 0], [5, 3]]).round(3) + 0.0
    array([[1.   , 1.   ],
           [4.333, 1.   ],
           [3.   , 3.   ],
           [1.   , 4.333]])
    """
    row, column, _ = game_from(row_payoffs, column_payoffs)
    floor = minmax(row, column)
    scale = np.array([np.ptp(row) or 1.0, np.ptp(column) or 1.0])
    # On ranges of 1 with the minmax point at the origin, one tolerance serves both sides.
    origin = np.array([floor.row, floor.column])
    corners = _hull((np.column_stack([row.ravel(), column.ravel()]) - origin) / scale)
    for side in (0, 1):
        corners = _cut(corners, side)
    return np.asarray(_hull(corners) * scale + origin)


def _hull(points: Floats) -> Floats:
    """Corners of the convex hull, counter-clockwise from the lowest by first, then second coordinate."""
    order = np.lexsort((points[:, 1], points[:, 0]))
    fresh: list[Floats] = []
    for point in points[order]:
        if not any(np.abs(point - other).max() <= ROUNDING for other in fresh):
            fresh.append(point)
    if len(fresh) < 3:
        return np.array(fresh)
    lower, upper = _half_hull(fresh), _half_hull(fresh[::-1])
    return np.array(lower[:-1] + upper[:-1])


def _half_hull(points: list[Floats]) -> list[Floats]:
    """The lower corners of points in ascending order, or the upper ones of points in descending order."""
    corners: list[Floats] = []
    for point in points:
        while len(corners) > 1:
            (ax, ay), (bx, by) = corners[-1] - corners[-2], point - corners[-2]
            if ax * by - ay * bx > ROUNDING:
                break
            corners.pop()
        corners.append(point)
    return corners


def _cut(corners: Floats, side: int) -> Floats:
    """The part of a convex polygon in which one coordinate is at least 0, up to rounding."""
    kept: list[Floats] = []
    for here, following in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        a, b = here[side], following[side]
        if a >= -ROUNDING:
            corner = here.copy()
            corner[side] = max(a, 0.0)
            kept.append(corner)
        if min(a, b) < -ROUNDING and max(a, b) > ROUNDING:
            crossing = here + (following - here) * (a / (a - b))
            crossing[side] = 0.0
            kept.append(crossing)
    return np.array(kept)


def critical_discount_grim(temptation: float, reward: float, punishment: float, sucker: float) -> float:
    """Least discount at which grim on both sides holds cooperation in a prisoner's dilemma.

    Parameters
    ----------
    temptation, reward, punishment, sucker : float
        T > R > P > S, money per period.

    Returns
    -------
    float
        Above 0 and below 1; worth today of 1 in the next period, nothing else ending the relationship.

    Raises
    ------
    SimulatorError
        If the payoffs are not finite or not in that order.

    Notes
    -----
    (T - R)/(T - P): one period of temptation against the reward for ever. Source: Friedman 1971.

    Examples
    --------
    >>> critical_discount_grim(5, 3, 1, 0)
    0.5
    """
    t, r, p, _ = _dilemma(temptation, reward, punishment, sucker)
    return (t - r) / (t - p)


def critical_discount_tit_for_tat(temptation: float, reward: float, punishment: float, sucker: float) -> float:
    """Least discount at which tit-for-tat on both sides holds cooperation in a prisoner's dilemma.

    Parameters
    ----------
    temptation, reward, punishment, sucker : float
        T > R > P > S, money per period.

    Returns
    -------
    float
        Worth today of 1 in the next period; 1 or more: no patience is enough, as taking turns pays more than R.

    Raises
    ------
    SimulatorError
        If the payoffs are not finite or not in that order.

    Notes
    -----
    The larger of (T - R)/(T - P), against competing for ever, and (T - R)/(R - S), against competing every
    other period. Source: Axelrod 1984, appendix B, proposition 2.

    Examples
    --------
    >>> round(critical_discount_tit_for_tat(5, 3, 1, 0), 4)
    0.6667
    """
    t, r, p, s = _dilemma(temptation, reward, punishment, sucker)
    return max((t - r) / (t - p), (t - r) / (r - s))


def largest_generosity(temptation: float, reward: float, punishment: float, sucker: float) -> float:
    """How often generous tit-for-tat may forgive competition without inviting it.

    Parameters
    ----------
    temptation, reward, punishment, sucker : float
        T > R > P > S, money per period.

    Returns
    -------
    float
        Probability to cooperate after the partner competed; negative where even tit-for-tat invites competition.

    Raises
    ------
    SimulatorError
        If the payoffs are not finite or not in that order.

    Notes
    -----
    min(1 - (T - R)/(R - S), (R - P)/(T - P)), without discounting. Source: Molander 1985; Nowak & Sigmund 1992.

    Examples
    --------
    >>> round(largest_generosity(5, 3, 1, 0), 4)
    0.3333
    """
    t, r, p, s = _dilemma(temptation, reward, punishment, sucker)
    return min(1 - (t - r) / (r - s), (r - p) / (t - p))


def _dilemma(temptation: float, reward: float, punishment: float, sucker: float) -> tuple[float, float, float, float]:
    t, r = number("temptation", temptation), number("reward", reward)
    p, s = number("punishment", punishment), number("sucker's payoff", sucker)
    if not t > r > p > s:
        raise SimulatorError(
            "the payoffs must be those of a prisoner's dilemma, temptation > reward > punishment > sucker's payoff; "
            f"got {t:g}, {r:g}, {p:g}, {s:g}"
        )
    return t, r, p, s
