"""Competing for the client: what bidding costs, what it decides, and when a bad reputation deters.

Tullock (1980) contests, in which effort is spent whoever wins; first-price tenders with private costs (Vickrey 1961);
and two thresholds for cooperation among strangers who hear about each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.errors import SimulatorError
from simulator.solvers.arguments import number

__all__ = [
    "Contest",
    "least_memory",
    "least_recognition",
    "tender_bid",
    "tender_price",
    "tullock",
    "tullock_unequal",
]


@dataclass(frozen=True)
class Contest:
    """Equilibrium of a contest, one entry per bidder.

    Attributes
    ----------
    efforts : tuple of float
        What each bidder spends, money; spent also by the losers.
    chances : tuple of float
        Probability that each wins.
    profits : tuple of float
        Expected profit of each: chance x own prize - effort.
    """

    efforts: tuple[float, ...]
    chances: tuple[float, ...]
    profits: tuple[float, ...]

    @property
    def burned(self) -> float:
        """All efforts together, money."""
        return sum(self.efforts)


def tullock(prize: float, bidders: int, *, exponent: float = 1.0) -> Contest:
    """Solve a contest among equal bidders: bidder i wins with probability e_i^r / sum of e_j^r.

    Parameters
    ----------
    prize : float
        Worth of winning, money; at least 0.
    bidders : int
        Number of bidders n, at least 2.
    exponent : float
        How decisive effort is (r): above 0 and at most n/(n-1); above that nobody's best effort is certain.

    Returns
    -------
    Contest
        Symmetric equilibrium in pure strategies: effort r (n-1) prize / n^2, profit prize/n - effort.

    Raises
    ------
    SimulatorError
        If an argument is out of its bounds.

    Notes
    -----
    Source: Tullock 1980.

    Examples
    --------
    >>> found = tullock(100, 5)
    >>> found.efforts[0], found.profits[0], found.burned
    (16.0, 4.0, 80.0)
    """
    number("prize", prize, at_least=0)
    n = _whole("bidders", bidders, 2)
    number("exponent", exponent, above=0, at_most=n / (n - 1))
    effort = exponent * (n - 1) * prize / n**2
    return Contest((effort,) * n, (1 / n,) * n, (prize / n - effort,) * n)


def tullock_unequal(first_prize: float, second_prize: float, *, exponent: float = 1.0) -> Contest:
    """Solve a contest of two bidders to whom winning is worth different amounts.

    Parameters
    ----------
    first_prize, second_prize : float
        Worth of winning to each bidder, money; above 0.
    exponent : float
        How decisive effort is (r): above 0, and small enough that the weaker bidder does not give up,
        r <= 1 + (smaller prize / larger prize)^r.

    Returns
    -------
    Contest
        Equilibrium in pure strategies: chances in proportion to prize^r, effort r chance (1 - chance) prize.

    Raises
    ------
    SimulatorError
        If a prize is not positive or the exponent too large.

    Notes
    -----
    Source: Nti 1999.

    Examples
    --------
    >>> found = tullock_unequal(100, 60)
    >>> [round(effort, 4) for effort in found.efforts], round(found.chances[0], 4)
    ([23.4375, 14.0625], 0.625)
    """
    prizes = (number("first prize", first_prize, above=0), number("second prize", second_prize, above=0))
    r = number("exponent", exponent, above=0)
    odds = (min(prizes) / max(prizes)) ** r
    if r > 1 + odds:
        raise SimulatorError(
            f"exponent must be at most 1 + (smaller prize / larger prize)^exponent = {1 + odds:g}, "
            f"or the weaker bidder gives up; got {exponent!r}"
        )
    strong, weak = 1 / (1 + odds), odds / (1 + odds)
    chances = (strong, weak) if prizes[0] >= prizes[1] else (weak, strong)
    efforts = (r * strong * weak * prizes[0], r * strong * weak * prizes[1])
    return Contest(efforts, chances, (chances[0] * prizes[0] - efforts[0], chances[1] * prizes[1] - efforts[1]))


def tender_bid(cost: ArrayLike, bidders: int, *, lowest: float, highest: float) -> NDArray[np.float64]:
    """Bid of a vendor in a first-price tender, where costs are private and uniform.

    Parameters
    ----------
    cost : array_like, any shape
        Cost of each bidding vendor, money; from `lowest` to `highest`.
    bidders : int
        Number of bidders, at least 1. A single one asks for `highest`.
    lowest, highest : float
        Bounds of the costs, money.

    Returns
    -------
    float array, shape of `cost`
        cost + (highest - cost)/bidders, money.

    Raises
    ------
    SimulatorError
        If a cost is out of bounds, the bounds are in the wrong order, or there is no bidder.

    Notes
    -----
    Source: Vickrey 1961; the lowest bid wins and is paid.

    Examples
    --------
    >>> tender_bid([20, 60], 2, lowest=20, highest=100)
    array([60., 80.])
    """
    n = _tender(bidders, lowest, highest)
    costs = np.asarray(cost, dtype=np.float64)
    outside = ~((costs >= lowest) & (costs <= highest))
    if outside.any():
        raise SimulatorError(f"cost must be from {lowest:g} to {highest:g}; got {costs[outside].flat[0]:g}")
    bids: NDArray[np.float64] = np.asarray(costs + (highest - costs) / n)
    return bids


def tender_price(bidders: int, *, lowest: float, highest: float) -> float:
    """Expected price of a first-price tender, where costs are private and uniform.

    Parameters
    ----------
    bidders : int
        Number of bidders, at least 1.
    lowest, highest : float
        Bounds of the costs, money.

    Returns
    -------
    float
        lowest + 2 (highest - lowest)/(bidders + 1), money: the expected second-lowest cost.

    Raises
    ------
    SimulatorError
        If the bounds are in the wrong order or there is no bidder.

    Notes
    -----
    Source: Vickrey 1961.

    Examples
    --------
    >>> tender_price(3, lowest=20, highest=100)
    60.0
    """
    n = _tender(bidders, lowest, highest)
    return lowest + 2 * (highest - lowest) / (n + 1)


def least_recognition(temptation: float, reward: float, punishment: float, discount: float) -> float:
    """Least probability of being recognised as a cheater, at every meeting anew, at which cooperating pays.

    Everybody hears of everything, every relationship lasts one period, and a recognised cheater gets `punishment`.

    Parameters
    ----------
    temptation, reward, punishment : float
        Payoffs T > R > P of cheating a cooperator, of both cooperating and of both competing, money per period.
    discount : float
        Worth today of 1 in the next period; above 0 and below 1.

    Returns
    -------
    float
        (T - R)/(d (T - P)); above 1 means that being recognised always is not enough.

    Raises
    ------
    SimulatorError
        If the payoffs are not in that order or the discount is out of its bounds.

    Notes
    -----
    Compares cooperating for ever with cheating for ever: R/(1-d) against T + d/(1-d) (g P + (1-g) T).

    Examples
    --------
    >>> round(least_recognition(5, 3, 1, 0.95), 3)
    0.526
    """
    t, r, p, d = _dilemma(temptation, reward, punishment, discount)
    return (t - r) / (d * (t - p))


def least_memory(temptation: float, reward: float, punishment: float, discount: float) -> float:
    """Least probability of being heard of once, and remembered for ever, at which cooperating pays.

    Parameters
    ----------
    temptation, reward, punishment : float
        Payoffs T > R > P of cheating a cooperator, of both cooperating and of both competing, money per period.
    discount : float
        Worth today of 1 in the next period; above 0 and below 1.

    Returns
    -------
    float
        (1 - d)(T - R)/(d (R - P)); above 1 means that being heard of always is not enough.

    Raises
    ------
    SimulatorError
        If the payoffs are not in that order or the discount is out of its bounds.

    Notes
    -----
    Compares cooperating for ever with cheating once: R/(1-d) against T + d/(1-d) (g P + (1-g) R).

    Examples
    --------
    >>> round(least_memory(5, 3, 1, 0.95), 3)
    0.053
    """
    t, r, p, d = _dilemma(temptation, reward, punishment, discount)
    return (1 - d) * (t - r) / (d * (r - p))


def _whole(name: str, value: int, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise SimulatorError(f"{name} must be a whole number, at least {least}; got {value!r}")
    return int(value)


def _tender(bidders: int, lowest: float, highest: float) -> int:
    number("lowest cost", lowest)
    number("highest cost", highest, at_least=lowest)
    return _whole("bidders", bidders, 1)


def _dilemma(temptation: float, reward: float, punishment: float, discount: float) -> tuple[float, float, float, float]:
    t, r, p = number("temptation", temptation), number("reward", reward), number("punishment", punishment)
    if not t > r > p:
        raise SimulatorError(f"payoffs must fall from temptation to reward to punishment; got {t:g}, {r:g}, {p:g}")
    return t, r, p, number("discount", discount, above=0, below=1)
