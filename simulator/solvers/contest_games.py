"""Many contests at once: what unequal bidders spend to win a client, and how likely each is to win.

Bidder i wins with probability (w_i e_i)^r / sum of (w_j e_j)^r: Tullock (1980) contests among bidders that differ in
what winning is worth to them and in how much their effort counts. Bidders know each other. Exponent 1: closed form
with the bidders that stay out (Stein 2002); any other: share functions (Cornes & Hartley 2005), solved together.
"""

from __future__ import annotations

from functools import reduce

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.errors import SimulatorError
from simulator.solvers.arguments import number

__all__ = ["contest_chances", "contest_efforts"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LARGEST_EXPONENT = 2.0  # above it not even two equal bidders have a best effort that is certain
ROUNDING = 1e-12  # by which a bidder on the verge of giving up may miss it
SETTLED = 1e-12  # relative step after which the next one of Newton's method is below rounding
MOST_STEPS = 200


def contest_efforts(
    prizes: ArrayLike, weights: ArrayLike = 1.0, exponent: float = 1.0, bidding: ArrayLike = True
) -> Floats:
    """Equilibrium efforts of many contests, each among bidders who know each other.

    Parameters
    ----------
    prizes : array_like, shape (m, n)
        Worth of winning to each of n bidders in each of m contests, money. Bidders to whom it is not positive spend 0.
    weights : array_like, broadcast to (m, n)
        How much a unit of each bidder's effort counts, at least 0; with weight 0 nothing is spent.
    exponent : float
        How decisive effort is (r): above 0 and at most 2.
    bidding : array_like of bool, broadcast to (m, n)
        Who takes part; the others spend 0, whatever stands in `prizes`.

    Returns
    -------
    float array, shape (m, n)
        Efforts of the equilibrium in pure strategies, money; a single bidder spends 0. A row of NaN where the
        exponent is above 1 and no such equilibrium among the strongest bidders exists.

    Raises
    ------
    SimulatorError
        If the shapes do not fit, a weight is negative, a number is not finite, or the exponent is out of bounds.

    Notes
    -----
    With p the chance of winning, effort is r p (1 - p) prize. The equilibrium is unique for exponents up to 1. Above 1
    there may be several, or none: the one with the most bidders is taken, the weakest (lowest weight x prize; of
    equals, the last) giving up where they would lose money; it is refused if one that gave up would rather return.
    Sources: Stein 2002; Cornes & Hartley 2005; Perez-Castrillo & Verdier 1992.

    Examples
    --------
    >>> contest_efforts([[100, 60], [100, -5], [100, 100]]).round(9).tolist()
    [[23.4375, 14.0625], [0.0, 0.0], [25.0, 25.0]]
    >>> contest_efforts([[100, 100, 100]], bidding=[True, True, False]).round(9).tolist()
    [[25.0, 25.0, 0.0]]
    """
    r = number("exponent", exponent, above=0, at_most=LARGEST_EXPONENT)
    worth, factor, taking_part = _checked("prizes", prizes, weights, bidding)
    active = taking_part & (worth > 0) & (factor > 0)
    strength = np.where(active, worth * factor, 0.0)
    win, lose = _linear(strength) if r == 1 else _by_share_functions(strength, r)
    efforts: Floats = r * np.where(active, worth, 0.0) * win * lose
    return efforts


def contest_chances(
    efforts: ArrayLike, weights: ArrayLike = 1.0, exponent: float = 1.0, bidding: ArrayLike = True
) -> Floats:
    """Chances of winning of many contests, whatever was spent.

    Parameters
    ----------
    efforts : array_like, shape (m, n)
        What each bidder spends, at least 0, money.
    weights, bidding : array_like, broadcast to (m, n)
        As in `contest_efforts`.
    exponent : float
        As in `contest_efforts`.

    Returns
    -------
    float array, shape (m, n)
        Each row adds up to 1, or is 0 where nobody takes part. Where nobody's effort counts, all who take part are
        equally likely; so a single bidder wins.

    Raises
    ------
    SimulatorError
        As `contest_efforts`, and if an effort is negative.

    Examples
    --------
    >>> contest_chances([[30, 10], [0, 0]], weights=[1, 3]).tolist()
    [[0.5, 0.5], [0.5, 0.5]]
    """
    r = number("exponent", exponent, above=0, at_most=LARGEST_EXPONENT)
    spent, factor, taking_part = _checked("efforts", efforts, weights, bidding)
    if (spent[taking_part] < 0).any():
        raise SimulatorError(f"efforts must be at least 0; got {spent[taking_part].min():g}")
    counted = np.where(taking_part, spent * factor, 0.0)
    if r != 1:  # relative to the most, so that no power is out of range
        counted = counted / _positive(reduce(np.maximum, counted.T, np.zeros(len(counted))))
        counted **= r
    idle = (counted @ np.ones(counted.shape[1])) == 0
    counted[idle] = taking_part[idle]
    chances: Floats = counted / _positive(counted @ np.ones(counted.shape[1]))
    return chances


def _checked(name: str, first: ArrayLike, weights: ArrayLike, bidding: ArrayLike) -> tuple[Floats, Floats, Flags]:
    """The three arrays in one shape (m, n); the numbers of bidders who take part are finite."""
    values = np.asarray(first, dtype=np.float64)
    if values.ndim != 2:
        raise SimulatorError(f"{name} must have two dimensions, contests and bidders; got shape {values.shape}")
    try:
        factor = np.broadcast_to(np.asarray(weights, dtype=np.float64), values.shape)
        taking_part = np.broadcast_to(np.asarray(bidding, dtype=np.bool_), values.shape)
    except ValueError as error:
        raise SimulatorError(
            f"weights and bidding must fit the shape {values.shape} of {name}; "
            f"got {np.shape(weights)} and {np.shape(bidding)}"
        ) from error
    for what, array in ((name, values), ("weights", factor)):
        if not np.isfinite(array[taking_part]).all():
            raise SimulatorError(f"{what} must be finite numbers; got one that is not")
    if (factor[taking_part] < 0).any():
        raise SimulatorError(f"weights must be at least 0; got {factor[taking_part].min():g}")
    return np.where(taking_part, values, 0.0), np.where(taking_part, factor, 0.0), taking_part


def _positive(totals: Floats) -> Floats:
    """Totals of rows as a column to divide by; 1 where there is nothing to divide."""
    return np.where(totals > 0, totals, 1.0)[:, None]


def _linear(strength: Floats) -> tuple[Floats, Floats]:
    """Chances to win and to lose at exponent 1: those stay out whose strength is below the effective total."""
    n = strength.shape[1]
    order = np.argsort(-strength, axis=1, kind="stable")
    falling = np.take_along_axis(strength, order, axis=1)
    inverse = np.divide(falling[:, :1], falling, out=np.zeros_like(falling), where=falling > 0)
    # Sums of short rows are products with ones, which are faster.
    stays = (falling > 0) & (inverse @ np.triu(np.ones((n, n))) > np.arange(n) * inverse)
    for column in range(1, n):
        stays[:, column] &= stays[:, column - 1]
    number_of = (stays @ np.ones(n))[:, None]
    inverse = np.where(stays, inverse, 0.0)
    total = _positive(inverse @ np.ones(n))
    others = inverse @ (1.0 - np.eye(n))  # summed, not subtracted: nothing cancels when one is far stronger
    win = np.where(stays, (others - (number_of - 2) * inverse) / total, 0.0)
    lose = np.where(stays, (number_of - 1) * inverse / total, 1.0)
    back = np.argsort(order, axis=1, kind="stable")
    return np.take_along_axis(win, back, axis=1), np.take_along_axis(lose, back, axis=1)


def _by_share_functions(strength: Floats, r: float) -> tuple[Floats, Floats]:
    """Chances to win and to lose at any exponent.

    A bidder of strength a wins the share s of a contest whose total effective effort is z^r where
    r (1 - s) s^(1 - 1/r) = z / a; z is such that the shares add up to 1.
    """
    order = np.argsort(-strength, axis=1, kind="stable")
    falling = np.take_along_axis(strength, order, axis=1)
    top = np.where(falling[:, :1] > 0, falling[:, :1], 1.0)
    with np.errstate(divide="ignore"):
        logs = np.log(falling / top)
    count = (falling > 0).sum(axis=1)
    pure = np.ones(len(count), dtype=np.bool_)
    verge = (1 - 1 / r) * np.log1p(-1 / r) if r > 1 else np.inf  # log of z / a at which a bidder gives up
    entering = count.copy()
    if r > 1:
        count = _most_that_gain(logs, entering, r, verge)
        pure = (count > 1) | (entering <= 1)
    odds = np.full(strength.shape, -np.inf)
    for k in np.unique(count[pure]):
        rows = np.flatnonzero(pure & (count == k))
        if k == 1:
            odds[rows, 0] = np.inf
        elif k > 1:
            odds[rows, :k], level = _equilibrium(logs[rows, :k], r, verge)
            if r > 1 and k < logs.shape[1]:  # would the strongest that stays out gain by coming back?
                pure[rows] = level >= logs[rows, k] + verge - np.log(r) / r - ROUNDING
    back = np.argsort(order, axis=1, kind="stable")
    odds = np.take_along_axis(odds, back, axis=1)
    odds[~pure] = np.nan
    return _chance(odds), _chance(-odds)


def _chance(log_odds: Floats) -> Floats:
    """1 / (1 + exp(-x)), exact in the tails."""
    decayed = np.exp(-np.abs(log_odds))
    chance: Floats = np.where(log_odds >= 0, 1.0, decayed) / (1.0 + decayed)
    return chance


def _log_odds(target: Floats, r: float) -> Floats:
    """Log odds x of the larger share s with log(1 - s) + (1 - 1/r) log s = target, by Newton's method.

    As a function of x the left side is -c x + (c - 1) log(1 + exp x), c = 1/r - 1: concave for c < 1, convex above, so
    that Newton's method from the crossing of its asymptote comes from one side and cannot overshoot.
    """
    c = 1 / r - 1
    x: Floats = np.where(target <= 0, -target, -target / c if c > 0 else 0.0)
    for _ in range(MOST_STEPS):
        win = _chance(x)
        left = -c * x + (c - 1) * np.logaddexp(0.0, x)
        step = (left - target) / (c * (1 - win) + win)
        x = x + step
        if not (np.abs(step) > SETTLED * (1 + np.abs(x))).any():
            break
    return x


def _most_that_gain(logs: Floats, entering: NDArray[np.intp], r: float, verge: float) -> NDArray[np.intp]:
    """How many of the strongest bidders can all take part without losing money, exponent above 1."""
    count = entering.copy()
    for k in range(logs.shape[1], 1, -1):
        rows = np.flatnonzero(count == k)
        target = logs[rows, k - 1 : k] + verge - logs[rows, : k - 1] - np.log(r)
        shares = _chance(_log_odds(target, r)).sum(axis=1) + (1 - 1 / r)
        count[rows] = np.where(shares <= 1 + ROUNDING, k, k - 1)
    return count


def _equilibrium(logs: Floats, r: float, verge: float) -> tuple[Floats, Floats]:
    """Log odds of k bidders, in falling order of log strength, whose shares add up to 1; and log z.

    The total of the shares falls in log z. Newton's method on its logarithm, halving where it would leave the bracket.
    """
    k = logs.shape[1]

    def level(log_odds: float) -> float:
        c = 1 / r - 1
        return float(np.log(r) - c * log_odds + (c - 1) * np.logaddexp(0.0, log_odds))

    low = logs[:, 1] + level(0.0)  # as if only the two strongest took part, the first no stronger than the second
    high = np.minimum(logs[:, 0] + level(-np.log(k - 1)), logs[:, -1] + verge)
    low = np.minimum(low, high)
    z = (low + high) / 2
    c = 1 / r - 1
    for _ in range(MOST_STEPS):
        x = _log_odds(z[:, None] - logs - np.log(r), r)
        win, lose = _chance(x), _chance(-x)
        total = win.sum(axis=1)
        low, high = np.where(total > 1, z, low), np.where(total > 1, high, z)
        slope = (win * lose / (c * lose + win)).sum(axis=1) / total
        new = z + np.log(total) / slope
        new = np.where((new >= low) & (new <= high), new, (low + high) / 2)
        done = not (np.abs(new - z) > SETTLED * (1 + np.abs(z))).any()
        z = new
        if done:
            break
    return _log_odds(z[:, None] - logs - np.log(r), r), z
