"""What competing for a client comes to on average, when the shortlist is drawn from a pool of many bidders.

Bidders differ in kind only (strategy, quality, record as it is seen, ...). All shortlists that can be drawn are listed
and their games solved once; for any composition of the pool the expected outcome is then a weighted sum. The pool is
taken as infinite: every place on the shortlist is drawn independently.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.errors import SimulatorError
from simulator.markets.contests.competition import Competition
from simulator.solvers.multisets import chances_of, how_many, multisets, one_and_others

__all__ = ["MOST_SHORTLISTS", "Expected", "Reviewed", "Reviews", "Shortlists"]

Floats = NDArray[np.float64]

MOST_SHORTLISTS = 250_000  # different shortlists whose games are solved: three bidders of 113 kinds
POOL_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Expected:
    """What a client's contest or tender comes to, for a pool; arrays have an entry for each of K kinds.

    The `_rates` are per bidder of the kind that is on a shortlist, its rivals drawn from the pool: they are defined
    also for kinds that the pool does not hold. The others are per client.

    Attributes
    ----------
    invited : float array
        Expected number on the shortlist; adds up to its length.
    win_rates, effort_rates : float array
        Chance to win, and effort spent, money; those who do not take part neither win nor spend.
    price_rates, cost_rates : float array
        Price received and own cost borne in a tender, counted only where it wins, money.
    share_rates : float array
        Expected 1 / (number taking part), 0 for who does not take part.
    nobody : float
        Probability that nobody on the shortlist takes part, so that the client stays free.
    """

    invited: Floats
    win_rates: Floats
    effort_rates: Floats
    price_rates: Floats
    cost_rates: Floats
    share_rates: Floats
    nobody: float

    @property
    def chances(self) -> Floats:
        """Probability that the winner is of each kind; adds up to 1 - nobody."""
        return self.invited * self.win_rates

    @property
    def efforts(self) -> Floats:
        """Effort spent by bidders of each kind, money per client."""
        return self.invited * self.effort_rates

    @property
    def prices(self) -> Floats:
        """Price paid to winners of each kind, money per client."""
        return self.invited * self.price_rates

    @property
    def costs(self) -> Floats:
        """Own cost borne by winners of each kind, money per client."""
        return self.invited * self.cost_rates

    def selected(self, values: ArrayLike) -> float:
        """How much better the winner is than the average bidder on its shortlist, money per client.

        Parameters
        ----------
        values : array_like, shape (K,)
            What a relationship with each kind is worth.
        """
        return float((self.chances - self.invited * self.share_rates) @ np.asarray(values, dtype=np.float64))


@dataclass(frozen=True, eq=False)
class Reviewed:
    """What the review of a relationship comes to, by kind of the incumbent (first axis, K), for a pool of challengers.

    Attributes
    ----------
    keeps : float array, shape (K,)
        Probability that the incumbent wins, or that no challenger takes part.
    efforts, prices, costs : float array, shape (K,)
        The incumbent's effort; its price and own cost, counted only where it wins a tender against somebody, money.
    winners : float array, shape (K, K)
        Probability that a challenger of each kind (second axis) wins.
    winner_efforts, winner_prices, winner_costs : float array, shape (K, K)
        Effort spent by challengers of each kind, winning or not; their prices and own costs where they win.
    listed : float array, shape (K, K)
        Expected share of each kind among those taking part, the incumbent included, counted only where a challenger
        wins.
    challenger_rates : float array, shape (4, K, K)
        Chance to win, effort, price and own cost where it wins, of a challenger of each kind (last axis) that is on the
        shortlist; defined also for kinds that the pool does not hold.
    """

    keeps: Floats
    efforts: Floats
    prices: Floats
    costs: Floats
    winners: Floats
    winner_efforts: Floats
    winner_prices: Floats
    winner_costs: Floats
    listed: Floats
    challenger_rates: Floats

    def selected(self, values: ArrayLike) -> Floats:
        """How much better new winners are than the average of their shortlist, money per review; shape (K,)."""
        found: Floats = (self.winners - self.listed) @ np.asarray(values, dtype=np.float64)
        return found


class Shortlists:
    """All shortlists of a length that can be drawn from K kinds of bidders, with their games solved.

    Parameters
    ----------
    competition : Competition
        The rules, and what each kind brings.
    bidders : int
        Length of a shortlist, at least 1.

    Raises
    ------
    SimulatorError
        If there are more than `MOST_SHORTLISTS` different shortlists, or the exponent is above 1 and a contest among
        some of them has no equilibrium in pure strategies.

    Examples
    --------
    Two kinds to which winning is worth 100 and 60, three bidders, a quarter of the pool of the first kind:

    >>> found = Shortlists(Competition.contest([100, 60]), 3).expected([0.25, 0.75])
    >>> found.chances.round(4).tolist(), found.efforts.round(4).tolist()
    ([0.3706, 0.6294], [18.4993, 26.559])
    """

    def __init__(self, competition: Competition, bidders: int) -> None:
        kinds = competition.kinds
        _check_length(kinds, bidders)
        self.competition = competition
        self.bidders = bidders
        played = competition.play(multisets(kinds, bidders))
        rows, columns = one_and_others(kinds, bidders)
        # One row per (statistic, own kind), one column per multiset of rivals.
        self._table = np.stack([part[rows, columns] for part in played]).reshape(len(played) * kinds, -1)

    @property
    def count(self) -> int:
        """Number of different shortlists."""
        return how_many(self.competition.kinds, self.bidders)

    def expected(self, pool: ArrayLike) -> Expected:
        """What a client's contest comes to.

        Parameters
        ----------
        pool : array_like, shape (K,)
            Probability that a place on the shortlist goes to each kind; adds up to 1.
        """
        shares = _shares(pool, self.competition.kinds)
        rates = (self._table @ chances_of(shares, self.bidders - 1)).reshape(-1, self.competition.kinds)
        absent = float(shares[~self.competition.taking_part].sum())
        win, effort, price, cost, share = rates
        return Expected(self.bidders * shares, win, effort, price, cost, share, absent**self.bidders)


class Reviews:
    """All reviews of a relationship: an incumbent of each kind against challengers drawn from a pool.

    Parameters
    ----------
    competition : Competition
        As for `Shortlists`.
    bidders : int
        Length of the shortlist, the incumbent included; at least 1.
    edge : float
        Factor on the incumbent's weight, above 0.
    prizes : array_like, shape (K,)
        Worth of winning to an incumbent of each kind, money; as for a challenger where it is not given.

    Raises
    ------
    SimulatorError
        As `Shortlists`.

    Examples
    --------
    >>> found = Reviews(Competition.contest([100]), 2, edge=1.5).expected([1.0])
    >>> found.keeps.round(9).tolist(), found.winners.round(9).tolist()
    ([0.6], [[0.4]])
    """

    def __init__(
        self, competition: Competition, bidders: int, *, edge: float = 1.0, prizes: ArrayLike | None = None
    ) -> None:
        kinds = competition.kinds
        _check_length(kinds, bidders)
        self.competition, self.bidders = competition, bidders
        both = competition.with_incumbents(edge, prizes)  # kinds K, K + 1, ...: the same as incumbents
        rivals = multisets(kinds, bidders - 1)
        listed = np.empty((kinds, len(rivals), bidders), dtype=np.intp)
        listed[..., 0] = kinds + np.arange(kinds)[:, None]
        listed[..., 1:] = rivals
        win, effort, price, cost, share = both.play(listed.reshape(-1, bidders))
        alone = ~competition.taking_part[rivals].any(axis=1)  # nobody bids but the incumbent: it goes on
        own = np.stack([part[:, 0].reshape(kinds, -1) for part in (win, effort, price, cost)])
        own[:, :, alone] = np.array([1.0, 0.0, 0.0, 0.0])[:, None, None]
        self._own = own.reshape(4 * kinds, -1)
        self._theirs: Floats | None = None
        self._lost: Floats | None = None
        if bidders > 1:
            rows, columns = one_and_others(kinds, bidders - 1)
            lost = 1.0 - own[0]  # a challenger wins
            parts = [part.reshape(kinds, -1, bidders)[:, rows, columns + 1] for part in (win, effort, price, cost)]
            parts.append((share.reshape(kinds, -1, bidders)[..., 1:] * lost[..., None])[:, rows, columns])
            self._theirs = np.stack(parts).reshape(5 * kinds * kinds, -1)
            self._lost = share[:, 0].reshape(kinds, -1) * lost

    def expected(self, pool: ArrayLike) -> Reviewed:
        """What a review comes to, by kind of the incumbent.

        Parameters
        ----------
        pool : array_like, shape (K,)
            Probability that a challenger is of each kind; adds up to 1.
        """
        kinds = self.competition.kinds
        shares = _shares(pool, kinds)
        rivals = chances_of(shares, self.bidders - 1)
        keeps, efforts, prices, costs = (self._own @ rivals).reshape(4, kinds)
        rates = theirs = np.zeros((5, kinds, kinds))
        if self._theirs is not None and self._lost is not None:
            rates = (self._theirs @ chances_of(shares, self.bidders - 2)).reshape(5, kinds, kinds)
            theirs = rates * ((self.bidders - 1) * shares)
            theirs[4] += np.diag(self._lost @ rivals)
        won, spent, paid, borne, listed = theirs
        return Reviewed(keeps, efforts, prices, costs, won, spent, paid, borne, listed, rates[:4])


def _check_length(kinds: int, bidders: int) -> None:
    if isinstance(bidders, bool) or not isinstance(bidders, int | np.integer) or bidders < 1:
        raise SimulatorError(f"bidders must be a whole number, at least 1; got {bidders!r}")
    if how_many(kinds, bidders) > MOST_SHORTLISTS:
        raise SimulatorError(
            f"at most {MOST_SHORTLISTS:,} different shortlists can be solved; {bidders} bidders of {kinds} kinds "
            f"(strategy x quality x record) make {how_many(kinds, bidders):,}: take fewer bidders or strategies, "
            "quality_spread = 0 or gossip = 0, or method 'simulate'"
        )


def _shares(pool: ArrayLike, kinds: int) -> Floats:
    shares = np.asarray(pool, dtype=np.float64)
    if shares.shape != (kinds,) or not (shares >= 0).all() or not abs(shares.sum() - 1) < POOL_ROUNDING:
        raise SimulatorError(
            f"pool must hold {kinds} probabilities that add up to 1; got shape {shares.shape}, sum {shares.sum():g}"
        )
    return shares
