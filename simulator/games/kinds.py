"""The names of 2 x 2 games: what the temptation, reward, punishment and sucker's payoff of a side make.

T is what a side gets by competing against a cooperative partner, R when both cooperate, P when both compete, S when it
cooperates and the partner competes (Rapoport & Chammah 1965). With more postures, the most competitive and the most
cooperative one stand for the two.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["NONE", "Incentives", "game_name", "incentives", "kind"]

DILEMMA, STAG_HUNT, CHICKEN = "prisoner's dilemma", "stag hunt", "chicken"
HARMONY, DEADLOCK, NONE = "harmony", "deadlock", "no classic game"


class Incentives(NamedTuple):
    """The four payoffs that make a side's dilemma, money per period."""

    temptation: float
    reward: float
    punishment: float
    sucker: float


def incentives(own: NDArray[np.float64]) -> Incentives:
    """T, R, P and S of a side.

    Parameters
    ----------
    own : ndarray, shape (n_own, n_partner)
        The side's own payoffs, rows its own postures from competitive to cooperative.

    Examples
    --------
    >>> incentives(np.array([[1.0, 5.0], [0.0, 3.0]]))
    Incentives(temptation=5.0, reward=3.0, punishment=1.0, sucker=0.0)
    """
    return Incentives(float(own[0, -1]), float(own[-1, -1]), float(own[0, 0]), float(own[-1, 0]))


def kind(side: Incentives) -> str:
    """The classic game that a side's incentives make; payoffs closer than 1e-9 of their range count as equal.

    Examples
    --------
    >>> kind(Incentives(5, 3, 1, 0)), kind(Incentives(3, 4, 2, 1)), kind(Incentives(5, 3, 0, 1))
    ("prisoner's dilemma", 'stag hunt', 'chicken')
    """
    t, r, p, s = side
    least = 1e-9 * (max(side) - min(side))

    def above(a: float, b: float) -> bool:
        return a - b > least

    if above(t, r) and above(r, p) and above(p, s):
        return DILEMMA
    if above(t, r) and above(r, s) and above(s, p):
        return CHICKEN
    if above(r, t) and above(p, s) and not above(p, r):
        return STAG_HUNT
    if above(r, t) and above(s, p):
        return HARMONY
    if above(t, r) and above(p, s) and not above(r, p):
        return DEADLOCK
    return NONE


def game_name(vendor: Incentives, client: Incentives) -> str:
    """The name of the game that both sides face, said for each side where they differ.

    Examples
    --------
    >>> game_name(Incentives(5, 3, 1, 0), Incentives(5, 3, 1, 0))
    "prisoner's dilemma"
    """
    of_vendor, of_client = kind(vendor), kind(client)
    if of_vendor == of_client:
        return of_vendor
    return f"{of_vendor} for the vendor, {of_client} for the client"
