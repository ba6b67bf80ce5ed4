"""Worth of relationships and of free places of vendors, given how often they win: linear equations.

A free place is worth W = sum over segments of invitations x (chance x U + profit of competing) + (1 - chance to win)
d W, and a relationship U = gains - costs + d^(length + search) W of the record it leaves behind. Where the future
counts for less, W solves a small linear system per kind of vendor; where it does not, the market's periods are counted
back from the last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from simulator.markets.contests.prize import PrizeProblem
    from simulator.markets.contests.rates import Rates

__all__ = ["FreePlaces"]

Floats = NDArray[np.float64]


class FreePlaces:
    """The linear part of a `PrizeProblem`.

    Attributes
    ----------
    shape : tuple of int
        (kinds of vendors, records).
    gains : float array, shape (v, segments, ages)
        Present value at the beginning of a relationship of what the vendor gains in the period of each age, its search
        cost and, on average, switching costs subtracted.
    freed : float array, shape (v, segments, ages, n, n)
        Present weight with which its place, of a record (row), is free again after this age with a record (column).
    invitations : float array, shape (segments,)
        Per free place and period.
    reviews, switching, lost : float array, shape (v, segments, reviews[, n, n])
        Present weight of each review that is due, and that times the switching cost; and with which the place is free
        again if the client is lost in it. All as if every earlier review were won.
    """

    def __init__(self, problem: PrizeProblem) -> None:
        p = problem
        stay = 1.0 - p.turnover
        keeps = stay * stay  # neither party is replaced
        self.shape = (p.vendor_gain.shape[0], p.update.shape[-1])
        self.delta = p.discount * stay
        self.search_time = p.search_time
        self.unlimited = p.unlimited
        self.periods = p.periods
        self.most_by_price = p.tender_cost[1] - p.tender_cost[0] if p.tender_cost and p.bidders else 0.0
        segments = int(p.segment.max()) + 1
        belongs = p.segment == np.arange(segments)[:, None]
        self.invitations: Floats = belongs @ p.invitations
        # How clients of a segment are spread over its kinds; evenly where there are none.
        common = np.where(self.invitations[:, None] > 0, belongs * p.invitations, belongs)
        share = common / common.sum(axis=1, keepdims=True)
        ages = p.vendor_gain.shape[2]
        factor = (p.discount * keeps) ** np.arange(ages)
        gone = p.ends.sum(axis=3) + (1.0 - keeps) * p.stays.sum(axis=3)
        net = (p.vendor_gain - p.switching_cost[:, None] * gone) * factor
        self.gains: Floats = np.einsum("gc,vca->vga", share, net)
        self.gains[:, :, 0] -= p.search_cost
        left = p.ends + p.turnover * p.stays
        # One period on, and the vendor itself still there after it and after the search.
        factor = factor * self.delta ** (1 + p.search_time)
        self.freed: Floats = np.einsum("gc,vcak,a,krs->vgars", share, left, factor, p.update, optimize=True)
        # Reviews are held at the start of a period, after the age before it.
        every = p.review_every or ages
        self.reviewed_before = np.arange(ages) // every
        self.due = np.arange(every, ages, every)
        factor = (p.discount * keeps) ** self.due
        stays = p.stays[:, :, self.due - 1]
        self.reviews: Floats = np.einsum("gc,vcak,a->vga", share, stays, factor, optimize=True)
        self.switching: Floats = np.einsum("gc,vcak,a,c->vga", share, stays, factor, p.switching_cost, optimize=True)
        factor = factor * self.delta**p.search_time
        self.lost: Floats = np.einsum("gc,vcak,a,krs->vgars", share, stays, factor, p.update, optimize=True)

    @property
    def lasting(self) -> bool:
        """Whether the market is solved as one without end."""
        return self.delta < 1.0

    def upper_bound(self) -> Floats:
        """More than any free place can be worth, (v, n)."""
        best = np.maximum(np.cumsum(self.gains, axis=2), 0.0).max(axis=(1, 2)) + self.most_by_price
        often = 1.0 / (1.0 - self.delta) if self.lasting else float(self.periods)
        return np.repeat((best * often)[:, None], self.shape[1], axis=1)

    def prizes_at(self, places: Floats) -> Floats:
        """Worth of winning where a free place is worth `places`, (v, n), in every period to come."""
        gains = np.repeat(self.gains[:, None], self.shape[1], axis=1)
        prizes: Floats = _relationships(gains, self.freed, places) - self.delta * places[:, :, None]
        return prizes

    def solve(self, rates: Rates) -> tuple[Floats, Floats, Floats]:
        """Worth of free places (v, n), of relationships and of winning (v, n, segments).

        Parameters
        ----------
        rates : Rates
            How often places win and relationships survive reviews, and what competing brings.

        Notes
        -----
        Where competing loses money, as hard bids may, prizes are reckoned as if the free place stayed idle: the vendor
        always has its outside option. Else a loss would make winning look worth more, and the loss larger, endlessly.
        """
        gains, freed = self._reviewed(rates)
        if self.unlimited:
            nothing = np.zeros(self.shape)
            relationships = _relationships(gains, freed, nothing)
            return nothing, relationships, relationships
        # A place takes one client at a time: who would win more than one contest in a period is in fewer.
        often = self.invitations * rates.wins + rates.review_wins
        scale = 1.0 / np.maximum(often.sum(axis=2, keepdims=True), 1.0)
        chance = often * scale
        earned = ((self.invitations * rates.profits + rates.review_profits) * scale).sum(axis=2)
        if not self.lasting:
            return self._counted_back(chance, earned, gains, freed)
        v, n = self.shape
        free = self.delta * (1.0 - chance.sum(axis=2))
        again = np.einsum("vng,vgnm->vnm", chance, freed.sum(axis=2)) + free[:, :, None] * np.eye(n)
        once = (chance * gains.sum(axis=3)).sum(axis=2) + earned
        places: Floats = np.linalg.solve(np.eye(n) - again, once[:, :, None])[:, :, 0].reshape(v, n)
        reckoned = np.maximum(places, 0.0)
        relationships = _relationships(gains, freed, reckoned)
        return places, relationships, relationships - self.delta * reckoned[:, :, None]

    def _reviewed(self, rates: Rates) -> tuple[Floats, Floats]:
        """Gains (v, n, segments, ages) and `freed`, with what is lost and spent in reviews."""
        n = self.shape[1]
        if not len(self.due):
            return np.repeat(self.gains[:, None], n, axis=1), self.freed
        keeps, loses = rates.keeps[..., None], 1.0 - rates.keeps[..., None]
        passed = keeps**self.reviewed_before  # every review so far was won
        before = keeps ** (self.reviewed_before[self.due] - 1)
        gains = self.gains[:, None] * passed
        spent = self.reviews[:, None] * rates.defences[..., None] - loses * self.switching[:, None]
        gains[..., self.due] += before * spent
        freed = self.freed * np.moveaxis(passed, 1, 3)[..., None]
        # Lost at the start of a period, a place is as free as if the period before had ended it.
        freed[:, :, self.due - 1] += np.moveaxis(before * loses, 1, 3)[..., None] * self.lost
        return gains, freed

    def _counted_back(
        self, chance: Floats, earned: Floats, gains: Floats, freed: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """As `solve`, for a market of some periods in which nothing is discounted, seen from its first period."""
        v, n = self.shape
        ages = gains.shape[3]
        so_far = np.cumsum(gains, axis=3)
        # One row per segment and record, one column per age and the record after it.
        flat = np.moveaxis(freed, 2, 3).reshape(v, -1, ages * n)

        def begun(now: int, places: Floats) -> Floats:
            """Worth of a relationship that begins in this period, given the worth of free places in each period."""
            worth = so_far[..., min(ages, self.periods - now) - 1]
            first = now + 1 + self.search_time
            again = min(ages, self.periods - first)  # ages after which there is time to begin again
            if again > 0:
                later = places[:, first : first + again].reshape(v, again * n, 1)
                after = np.matmul(flat[:, :, : again * n], later).reshape(v, -1, n)
                worth = worth + np.swapaxes(after, 1, 2)
            return worth

        places = np.zeros((v, self.periods + 1, n))  # the last stands for the time after the last period
        lose = 1.0 - chance.sum(axis=2)
        for now in reversed(range(self.periods)):
            places[:, now] = (chance * begun(now, places)).sum(axis=2) + earned + lose * places[:, now + 1]
        reckoned = np.maximum(places, 0.0)
        relationships = begun(0, reckoned)
        return places[:, 0], relationships, relationships - reckoned[:, 1, :, None]


def _relationships(gains: Floats, freed: Floats, places: Floats) -> Floats:
    """Worth of a relationship where a free place is worth `places` in every period to come."""
    worth: Floats = gains.sum(axis=3) + np.einsum("vgnm,vm->vng", freed.sum(axis=2), places)
    return worth
