"""Many tenders at once: how likely each of some unequal bidders is to be the cheapest, and at what price.

A bidder's cost is private and uniform, its bid linear in that cost (Vickrey 1961 for equal bidders), so the bid is
uniform too, between two ends that differ from bidder to bidder. The chance to win is then a polynomial on every piece
between neighbouring ends, and Gauss-Legendre quadrature (Golub & Welsch 1969) with enough points is exact there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.errors import SimulatorError

__all__ = ["Tenders", "tender_chances"]

Floats = NDArray[np.float64]

SURE = 1e-14  # a bid between ends that lie nearer together, relative to the largest bid of the tender, is sure
CELLS = 1 << 21  # entries of the largest array at work: 16 MB


@dataclass(frozen=True, eq=False)
class Tenders:
    """What many tenders come to, for every bidder; all arrays have shape (m, n).

    Attributes
    ----------
    chances : float array
        Probability that the bidder wins. Rows add up to the probability that somebody is considered.
    bids : float array
        Expected bid, counted only where it wins: the client pays it. Divided by `chances` it is the expected bid of
        the winner if it is this one, money.
    rises : float array
        Expected place of the bid between its ends, 0 at `low` and 1 at `high`, counted only where it wins. What is
        linear in the bid follows: the expected own cost, where it wins, is cheapest x chances + (dearest - cheapest)
        x rises. A sure bid says nothing about the cost and counts as halfway.
    """

    chances: Floats
    bids: Floats
    rises: Floats

    @property
    def prices(self) -> Floats:
        """Expected price of each tender, shape (m,), money; NaN where nobody can win."""
        won = self.chances.sum(axis=1)
        prices: Floats = np.divide(self.bids.sum(axis=1), won, out=np.full(len(won), np.nan), where=won > 0)
        return prices


def tender_chances(low: ArrayLike, high: ArrayLike, considered: ArrayLike = 1.0) -> Tenders:
    """Chances and prices of first-price tenders among unequal bidders: the lowest bid considered wins and is paid.

    Parameters
    ----------
    low, high : array_like, shape (m, n)
        Ends between which the bid of each of n bidders in each of m tenders is uniform, money. Equal ends: a sure bid.
    considered : array_like, broadcast to (m, n)
        Probability, from 0 to 1, that the bid is considered; independent of all else. 0: does not take part, whatever
        stands in `low` and `high`.

    Returns
    -------
    Tenders
        Exact but for rounding. Sure bids that are equal win equally often.

    Raises
    ------
    SimulatorError
        If the shapes do not fit, ends are not finite or in the wrong order, or a probability is out of bounds.

    Examples
    --------
    Costs uniform from 20 to 100, three bidders, each asking for its cost and a third of what is left up to 100:

    >>> found = tender_chances([[20 + 80 / 3] * 3], [[100] * 3])
    >>> round(float(found.prices[0]), 6), found.chances.round(6).tolist()
    (60.0, [[0.333333, 0.333333, 0.333333]])
    >>> tender_chances([[50, 50, 60]], [[50, 50, 90]]).chances.tolist()
    [[0.5, 0.5, 0.0]]
    """
    from_, to, chance = _checked(low, high, considered)
    m, n = from_.shape
    found = Tenders(np.zeros((m, n)), np.zeros((m, n)), np.zeros((m, n)))
    if n == 0:
        return found
    points, masses = np.polynomial.legendre.leggauss(n // 2 + 1)  # exact to degree n + 1; a bid times n-1 others: n
    points, masses = (points + 1) / 2, masses / 2
    block = max(1, CELLS // (2 * n * len(points) * n))
    for start in range(0, m, block):
        rows = slice(start, start + block)
        for whole, part in zip(
            (found.chances, found.bids, found.rises),
            _block(from_[rows], to[rows], chance[rows], points, masses),
            strict=True,
        ):
            whole[rows] = part
    return found


def _checked(low: ArrayLike, high: ArrayLike, considered: ArrayLike) -> tuple[Floats, Floats, Floats]:
    from_, to = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    if from_.ndim != 2 or from_.shape != to.shape:
        raise SimulatorError(
            f"low and high must have the same two dimensions, tenders and bidders; got {from_.shape} and {to.shape}"
        )
    try:
        chance = np.broadcast_to(np.asarray(considered, dtype=np.float64), from_.shape)
    except ValueError as error:
        raise SimulatorError(
            f"considered must fit the shape {from_.shape} of low and high; got {np.shape(considered)}"
        ) from error
    out = ~((chance >= 0) & (chance <= 1))
    if out.any():
        raise SimulatorError(f"considered must be probabilities from 0 to 1; got {chance[out].flat[0]:g}")
    taking_part = chance > 0
    wrong = taking_part & ~(np.isfinite(from_) & np.isfinite(to) & (from_ <= to))
    if wrong.any():
        raise SimulatorError(
            f"low must be at most high, both finite numbers; got {from_[wrong].flat[0]:g} and {to[wrong].flat[0]:g}"
        )
    from_, to = np.where(taking_part, from_, 0.0), np.where(taking_part, to, 0.0)
    size = np.maximum(np.abs(from_), np.abs(to)).max(axis=1, keepdims=True, initial=0.0)
    return from_, np.where(to - from_ <= SURE * size, from_, to), chance


def _block(low: Floats, high: Floats, considered: Floats, points: Floats, masses: Floats) -> tuple[Floats, ...]:
    """Chances, bids where they win and rises where they win, by quadrature over the pieces between sorted ends.

    A sure bid is spread over one piece of no width, in which its distribution rises from 0 to 1 while the bid stands
    still: the integral over that piece splits ties evenly.
    """
    ends = np.sort(np.concatenate([low, high], axis=1), axis=1)
    left, width = ends[:, :-1], np.diff(ends, axis=1)
    before = np.concatenate([np.full((len(ends), 1), -np.inf), ends[:, :-2]], axis=1)
    first = (width == 0) & (left > before)  # the piece of no width that carries the sure bids
    spread = high - low
    sure = spread == 0
    scale = np.where(sure, 1.0, spread)[:, None, :]
    within = (left[:, :, None] >= low[:, None, :]) & (ends[:, 1:, None] <= high[:, None, :])
    mass = np.where(sure[:, None, :], within & first[:, :, None], within * width[:, :, None] / scale)
    begin = np.clip((left[:, :, None] - low[:, None, :]) / scale, 0.0, 1.0)
    begin = np.where(sure[:, None, :], (left[:, :, None] >= low[:, None, :]) & ~(mass > 0), begin)
    chances, bids, rises = np.zeros_like(low), np.zeros_like(low), np.zeros_like(low)
    for point, weight in zip(points, masses, strict=True):
        reached = begin + mass * point  # each bidder's distribution at this point of every piece, (m, pieces, n)
        beaten = 1.0 - considered[:, None, :] * reached
        wins = weight * considered[:, None, :] * mass * _of_others(beaten)
        bid = left + width * point
        chances += wins.sum(axis=1)
        bids += np.einsum("mk,mkn->mn", bid, wins)
        rises += np.where(sure, wins.sum(axis=1) / 2, np.einsum("mkn,mkn->mn", reached, wins))
    return chances, bids, rises


def _of_others(factors: Floats) -> Floats:
    """Product along the last axis of all entries but the own one."""
    after = np.ones_like(factors)
    after[..., :-1] = np.cumprod(factors[..., :0:-1], axis=-1)[..., ::-1]
    before = np.ones_like(factors)
    before[..., 1:] = np.cumprod(factors[..., :-1], axis=-1)
    product: Floats = before * after
    return product
