"""The game that the bidders of one shortlist play for a client: a contest in effort or a first-price tender.

Every kind of bidder brings what winning is worth to it, its weight and its way of bidding; the games of many
shortlists are solved together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.errors import SimulatorError
from simulator.solvers.arguments import number
from simulator.solvers.contest_games import contest_chances, contest_efforts
from simulator.solvers.tender_games import tender_chances

__all__ = ["HARD", "LOW_BALL", "Competition"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

HARD = 2.0  # factor on the effort of a fair bid, or on its closeness to the own cost
LOW_BALL = 0.5  # part of the expected surplus that a low-ball bid gives away


@dataclass(frozen=True, eq=False)
class Competition:
    """Rules of competing for a client and what each of K kinds of bidders brings. Made by `contest` or `tender`.

    Attributes
    ----------
    prizes, weights : float array, shape (K,)
        Worth of winning, money; factor on the chance (quality, reputation).
    taking_part : bool array, shape (K,)
        Who bids: not refused, and to whom winning is worth something.
    boldness : float array, shape (K,)
        Factor on the equilibrium effort of a contest.
    exponent : float
        How decisive effort is.
    cost : tuple of float, or None
        Lowest and highest private cost of a tender; None for a contest.
    margins, rebates : float array, shape (K,)
        A bidder of cost c among n asks for c + margin x (highest - c) / n - rebate.
    """

    prizes: Floats
    weights: Floats
    taking_part: NDArray[np.bool_]
    boldness: Floats
    exponent: float
    cost: tuple[float, float] | None
    margins: Floats
    rebates: Floats

    @classmethod
    def contest(
        cls,
        prizes: ArrayLike,
        weights: ArrayLike = 1.0,
        *,
        exponent: float = 1.0,
        boldness: ArrayLike = 1.0,
        taking_part: ArrayLike = True,
    ) -> Competition:
        """A contest: bidder i wins with probability (w_i e_i)^exponent / sum; efforts are lost.

        Parameters
        ----------
        prizes : array_like, shape (K,)
            Worth of winning, money; kinds to which it is not positive do not take part.
        weights : array_like, broadcast to (K,)
            Factor on the chance; kinds of weight 0 do not take part.
        exponent : float
            How decisive effort is, as in `contest_efforts`.
        boldness : array_like, broadcast to (K,)
            Effort spent / equilibrium effort; 1 is fair, 2 hard. Rivals do not expect it.
        taking_part : array_like of bool, broadcast to (K,)
            False for kinds that are refused, or refuse.

        Examples
        --------
        >>> Competition.contest([100, -5]).taking_part.tolist()
        [True, False]
        """
        worth = _prizes(prizes)
        k = len(worth)
        factor, bold = _numbers("weights", weights, k, at_least=0), _numbers("boldness", boldness, k, at_least=0)
        bidding = _flags(taking_part, k) & (worth > 0) & (factor > 0)
        r = number("exponent", exponent, above=0)
        return cls(worth, factor, bidding, bold, r, None, np.ones(k), np.zeros(k))

    @classmethod
    def tender(
        cls,
        prizes: ArrayLike,
        weights: ArrayLike = 1.0,
        *,
        cost: tuple[float, float],
        margins: ArrayLike = 1.0,
        rebates: ArrayLike = 0.0,
        taking_part: ArrayLike = True,
    ) -> Competition:
        """A first-price tender: the lowest bid considered wins and is paid; a bid is considered with chance w / max w.

        Parameters
        ----------
        prizes, weights, taking_part : array_like, broadcast to (K,)
            As in `contest`; the largest weight on a shortlist is always considered.
        cost : tuple of float
            Lowest and highest private cost, uniform, money.
        margins : array_like, broadcast to (K,)
            1 asks for the fair margin (highest - c) / n above the own cost c, 0.5 for half of it, 0 for none.
        rebates : array_like, broadcast to (K,)
            What is taken off the bid, money.

        Examples
        --------
        >>> bidders = Competition.tender([9, 9], cost=(20, 100), margins=[1, 0], rebates=[0, 10])
        >>> win, effort, price, cost, share = bidders.play(np.array([[0, 0], [0, 1]]))
        >>> price.sum(axis=1).round(3).tolist()
        [73.333, 48.594]
        """
        worth = _prizes(prizes)
        k = len(worth)
        factor, part = _numbers("weights", weights, k, at_least=0), _numbers("margins", margins, k, at_least=0)
        rebate, bidding = _numbers("rebates", rebates, k), _flags(taking_part, k)
        lowest = number("lowest cost", cost[0])
        costs = (lowest, number("highest cost", cost[1], at_least=lowest))
        return cls(worth, factor, bidding & (worth > 0) & (factor > 0), np.ones(k), 1.0, costs, part, rebate)

    @classmethod
    def of_bids(
        cls,
        prizes: ArrayLike,
        weights: ArrayLike,
        bids: Sequence[str],
        *,
        exponent: float = 1.0,
        cost: tuple[float, float] | None = None,
        taking_part: ArrayLike = True,
    ) -> Competition:
        """A contest, or a tender where `cost` is given, among bidders whose way of bidding has a name.

        Parameters
        ----------
        prizes, weights, exponent, cost, taking_part
            As in `contest` and `tender`.
        bids : sequence of str, one per kind
            "fair": the equilibrium. "hard": twice its effort, or half its margin. "low-ball", in tenders only: the own
            cost less half of the prize.

        Raises
        ------
        SimulatorError
            If a name is unknown, or "low-ball" is bid in a contest.

        Examples
        --------
        >>> Competition.of_bids([100, 100], 1, ["fair", "hard"]).boldness.tolist()
        [1.0, 2.0]
        """
        known = ("fair", "hard") if cost is None else ("fair", "hard", "low-ball")
        for bid in bids:
            if bid not in known:
                raise SimulatorError(
                    f"bid must be one of {', '.join(known)} in a {'contest' if cost is None else 'tender'}; got {bid!r}"
                )
        hard = np.array([bid == "hard" for bid in bids], dtype=np.bool_)
        if cost is None:
            bold = np.where(hard, HARD, 1.0)
            return cls.contest(prizes, weights, exponent=exponent, boldness=bold, taking_part=taking_part)
        low = np.array([bid == "low-ball" for bid in bids], dtype=np.bool_)
        margins = np.where(low, 0.0, np.where(hard, 1.0 / HARD, 1.0))
        rebates = np.where(low, LOW_BALL * np.maximum(_prizes(prizes), 0.0), 0.0)
        return cls.tender(prizes, weights, cost=cost, margins=margins, rebates=rebates, taking_part=taking_part)

    @property
    def kinds(self) -> int:
        """Number of kinds of bidders, K."""
        return len(self.prizes)

    def with_incumbents(self, edge: float, prizes: ArrayLike | None = None) -> Competition:
        """The same with K more kinds: those of before as incumbents, their weights times `edge`."""
        factor = number("edge", edge, above=0)
        worth, refused = self.prizes, ~self.taking_part & (self.prizes > 0)
        if prizes is not None:
            worth = _numbers("prizes", prizes, self.kinds)
        return replace(
            self,
            prizes=np.concatenate([self.prizes, worth]),
            weights=np.concatenate([self.weights, self.weights * factor]),
            taking_part=np.concatenate([self.taking_part, ~refused & (worth > 0)]),
            boldness=np.tile(self.boldness, 2),
            margins=np.tile(self.margins, 2),
            rebates=np.tile(self.rebates, 2),
        )

    def play(self, shortlists: Ints) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Solve the game of each shortlist.

        Parameters
        ----------
        shortlists : int array, shape (m, n)
            Kinds of the bidders.

        Returns
        -------
        tuple of five float arrays, shape (m, n)
            Chance to win, effort spent, price where it wins, own cost where it wins, and 1 / (number taking part).

        Raises
        ------
        SimulatorError
            If the exponent is above 1 and a contest has no equilibrium in pure strategies.
        """
        bidding = self.taking_part[shortlists]
        count = (bidding @ np.ones(bidding.shape[1]))[:, None]
        share: Floats = bidding / np.maximum(count, 1)
        weights = self.weights[shortlists]
        nothing = np.zeros(share.shape)
        if self.cost is None:
            efforts = contest_efforts(self.prizes[shortlists], weights, self.exponent, bidding)
            unsolved = np.isnan(efforts[:, :1]).ravel()  # in all of a row, or in none
            if unsolved.any():
                raise SimulatorError(
                    f"contest_exponent must be at most 1 for bidders that differ so much; got {self.exponent:g}, with "
                    f"which {unsolved.sum()} of {len(efforts)} shortlists have no equilibrium in pure strategies"
                )
            efforts = efforts * self.boldness[shortlists]
            return contest_chances(efforts, weights, self.exponent, bidding), efforts, nothing, nothing, share
        lowest, highest = self.cost
        best = np.where(bidding, weights, 0.0).max(axis=1, keepdims=True, initial=0.0)
        considered = np.where(bidding, weights, 0.0) / np.where(best > 0, best, 1.0)
        margin = self.margins[shortlists] / np.maximum(count, 1)
        rebate = self.rebates[shortlists]
        low = lowest + margin * (highest - lowest) - rebate
        found = tender_chances(low, np.maximum(low, highest - rebate), considered)
        cost = lowest * found.chances + (highest - lowest) * found.rises
        return found.chances, nothing, found.bids, cost, share


def _prizes(prizes: ArrayLike) -> Floats:
    worth = np.array(prizes, dtype=np.float64)
    if worth.ndim != 1 or not np.isfinite(worth).all():
        raise SimulatorError(f"prizes must be a list of finite numbers, one per kind; got {prizes!r}")
    return worth


def _numbers(name: str, values: ArrayLike, kinds: int, *, at_least: float = -np.inf) -> Floats:
    """One finite number per kind."""
    given = np.asarray(values, dtype=np.float64)
    if given.shape not in ((), (kinds,)) or not (np.isfinite(given) & (given >= at_least)).all():
        bound = "" if at_least == -np.inf else f" of at least {at_least:g}"
        raise SimulatorError(
            f"{name} must be one finite number{bound}, or one for each of {kinds} kinds; got {values!r}"
        )
    return np.full(kinds, given)


def _flags(values: ArrayLike, kinds: int) -> NDArray[np.bool_]:
    given = np.asarray(values, dtype=np.bool_)
    if given.shape not in ((), (kinds,)):
        raise SimulatorError(f"taking_part must be true or false for each of {kinds} kinds; got shape {given.shape}")
    return np.full(kinds, given)
