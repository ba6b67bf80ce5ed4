"""How often vendors win, what competing costs them, and how often they keep a client that is tendered, at given prizes.

The games of all shortlists are solved for the prizes, and averaged over the pool of rivals and over how a vendor's
record is seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulator.markets.contests.competition import Competition
from simulator.markets.contests.shortlists import Reviews, Shortlists

if TYPE_CHECKING:
    from simulator.markets.contests.prize import PrizeProblem

__all__ = ["Rates", "rates_at"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Rates:
    """What competing comes to for a vendor; all arrays have the shape (v, n, segments).

    Attributes
    ----------
    wins, profits, efforts : float array
        Per invitation to a contest for a free client: chance to win, money that competing itself brings (prices less
        own costs and efforts, without the worth of winning), and effort spent.
    keeps, defences : float array
        Per review of a client that it serves: chance to keep it, and money that competing for it brings.
    review_wins, review_profits : float array
        Per free place and period, as a challenger in reviews: chance to win, and money that competing brings.
    """

    wins: Floats
    profits: Floats
    efforts: Floats
    keeps: Floats
    defences: Floats
    review_wins: Floats
    review_profits: Floats


def rates_at(problem: PrizeProblem, prizes: Floats) -> Rates:
    """Solve the games at given prizes.

    Parameters
    ----------
    problem : PrizeProblem
        The market.
    prizes : float array, shape (v, n, segments)
        Worth of winning.

    Raises
    ------
    SimulatorError
        As `Shortlists`.
    """
    kinds = problem.kinds
    found = Rates(*np.zeros((7, *prizes.shape)))
    found.keeps[:] = 1.0
    if not problem.bidders:
        found.wins[:] = kinds.by_record(problem.accepted.astype(np.float64))[:, :, None]
        return found
    pool = kinds.pool(problem.places)
    if not pool.any():
        pool = np.full(kinds.count, 1.0 / kinds.count)
    bids = [problem.bids[v] for v in kinds.vendor]
    for segment in range(prizes.shape[2]):
        competition = Competition.of_bids(
            prizes[kinds.vendor, kinds.record, segment],
            problem.weights,
            bids,
            exponent=problem.exponent,
            cost=problem.tender_cost,
            taking_part=problem.accepted,
        )
        expected = Shortlists(competition, problem.bidders).expected(pool)
        # What a low-ball bid gives away is claimed back from the client in the first period after it.
        rebates = competition.rebates
        money = expected.price_rates - expected.cost_rates - expected.effort_rates + rebates * expected.win_rates
        found.wins[:, :, segment] = kinds.by_record(expected.win_rates)
        found.profits[:, :, segment] = kinds.by_record(money)
        found.efforts[:, :, segment] = kinds.by_record(expected.effort_rates)
        if problem.review_every:
            reviewed = Reviews(competition, problem.bidders, edge=problem.edge).expected(pool)
            found.keeps[:, :, segment] = kinds.by_record(reviewed.keeps)
            # A relationship that goes on has no first period in which to claim anything back.
            found.defences[:, :, segment] = kinds.by_record(reviewed.prices - reviewed.costs - reviewed.efforts)
            if problem.incumbents is None:
                continue
            incumbents = problem.incumbents[kinds.vendor, kinds.record, segment] * kinds.chance
            wins, efforts, prices, costs = np.tensordot(reviewed.challenger_rates, incumbents, axes=(1, 0))
            found.review_wins[:, :, segment] = kinds.by_record(wins)
            found.review_profits[:, :, segment] = kinds.by_record(prices - costs - efforts + rebates * wins)
    return found
