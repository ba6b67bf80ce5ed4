"""Prizes that agree with the market they make: what winning is worth depends on who else is free, and how often
clients look for a vendor, which depends on who wins.

A fluid market is run with prizes that are solved anew from its own pools every few periods, until both stand still.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.markets.contests.bidders import BidderKinds
from simulator.markets.contests.entrants import bidder_weights
from simulator.markets.contests.prize import SETTLED, Prize, PrizeProblem, solve_prize
from simulator.markets.fluid.competing import Competing
from simulator.markets.fluid.run import Fluid
from simulator.markets.pairs import Pairs
from simulator.markets.records import WORTH, Records

__all__ = ["settled_prize"]

Floats = NDArray[np.float64]

EVERY = 10  # periods between two solutions
MOST_PERIODS = 600
CLOSE = 1e-5  # relative change of the prizes between two solutions at which nothing is gained by going on
UNSETTLED = 1e-3  # above it a reader must know that the prizes still moved


def settled_prize(pairs: Pairs, records: Records) -> tuple[Prize, str]:
    """What winning is worth once the market of the mix at the start stands still.

    Returns
    -------
    tuple of (Prize, str)
        And what a reader must know of it; empty if nothing.
    """
    people = pairs.population
    # The mix at the start: nobody learns who earns more while the prizes settle.
    still = people.market.model_copy(update={"reproduction": "none", "mutation": 0.0})
    frozen = replace(pairs, population=replace(people, market=still))
    wide = people.market.vendors * max(people.market.capacity, 1) * people.vendor_shares
    places = np.zeros((people.n_vendor_kinds, records.n))
    places[:, records.start] = wide
    clients = people.market.clients * people.client_shares
    prize = solve_prize(
        _problem(frozen, records, _Pools(places, clients, np.zeros((*places.shape, len(people.segments)))))
    )
    fluid = Fluid(frozen, Competing(frozen, records, prize.prizes), records)
    change, pools = np.inf, None
    for first in range(0, min(MOST_PERIODS, fluid.periods - EVERY + 1), EVERY):
        pools = _watched(fluid, first)
        # While the pools still move, nearly solved is solved.
        settled = max(SETTLED, min(change, 1.0) / 100)
        found = solve_prize(_problem(frozen, records, pools), start=prize.prizes, settled=settled)
        size = max(float(np.abs(found.prizes).max()), 1e-300)
        change = float(np.abs(found.prizes - prize.prizes).max()) / size
        prize = found
        fluid.encounters = Competing(frozen, records, prize.prizes)
        if change < CLOSE:
            break
    if pools is not None:  # from both ends, so that it shows where there are several
        prize = solve_prize(_problem(frozen, records, pools))
    if change < UNSETTLED or prize.remark:
        return prize, prize.remark
    if pools is None:
        return (
            prize,
            f"in fewer than {EVERY} periods nothing settles: winning is worth what it is in the first period",
        )
    return prize, (
        f"what winning is worth still changes by {change:.2g} of itself every {EVERY} periods: the market does not "
        "stand still"
    )


class _Pools(NamedTuple):
    """What a market offers per period: free places (v, records), clients that look (c,), and incumbents under review
    by segment, (v, records, segments)."""

    places: Floats
    met: Floats
    reviewed: Floats


def _watched(fluid: Fluid, first: int) -> _Pools:
    """Let a market go on for some periods, and take the mean of what it offers."""
    people = fluid.people
    v, n = fluid.known.shape
    segments = len(people.segments)
    free, met, reviewed = np.zeros((v, n)), np.zeros(people.n_client_kinds), np.zeros((v, n, segments))
    for t in range(first, first + EVERY):
        fluid.advance(t)
        free += fluid.offered / EVERY
        met += fluid.met / EVERY
        by_segment = fluid.under_review.sum(axis=3).reshape(v, segments, -1, n).sum(axis=2)
        reviewed += by_segment.swapaxes(1, 2) / EVERY
    return _Pools(free, met, reviewed)


def _problem(pairs: Pairs, records: Records, pools: _Pools) -> PrizeProblem:
    """The market as it looks to a vendor with a free place."""
    places, met, reviewed = pools
    people, courses, market = pairs.population, pairs.courses, pairs.population.market
    segment = people.client_segments
    switching = [s.relationship.switching_cost.vendor for s in people.segment_scenarios]
    kinds = BidderKinds.of(people.n_vendor_kinds, records.seen)
    supply = float(places.sum())
    invitations = market.bidders * met / supply if supply > 0 else np.zeros(len(met))
    # Challengers are dealt out once; where there are too few places, some reviews are not held.
    held = min(1.0, supply / max((market.bidders - 1) * float(reviewed.sum()), 1e-300))
    challenges = (market.bidders - 1) * held * reviewed / supply if supply > 0 else np.zeros(reviewed.shape)
    return PrizeProblem(
        vendor_gain=courses.vendor_gain,
        ends=courses.ends,
        stays=courses.stays,
        update=records.update[0],
        discount=people.scenario.discount,
        turnover=market.turnover,
        search_time=market.search_time,
        search_cost=market.search_cost,
        switching_cost=np.array(switching)[segment],
        segment=segment,
        invitations=invitations / max(1.0, float(invitations.sum())),
        places=places,
        kinds=kinds,
        weights=bidder_weights(people, kinds),
        accepted=WORTH[kinds.seen] >= market.refuse_below,
        # Winning is worth what it is among fair bidders: who bids hard or low-ball does not reckon with its own excess.
        bids=("fair",) * people.n_vendor_kinds,
        bidders=market.bidders,
        exponent=market.contest_exponent,
        tender_cost=market.tender_range,
        unlimited=market.capacity == 0,
        periods=int(people.scenario.horizon),
        review_every=market.review_every,
        edge=market.incumbent_edge,
        incumbents=challenges if market.review_every else None,
    )
