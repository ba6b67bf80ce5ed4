"""Prizes that agree with the market they make: what winning is worth depends on who else is free, and how often
clients look for a vendor, which depends on who wins.

A fluid market is run with prizes that are solved anew from its own pools every few periods, until both stand still.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from simulator.markets.bidders import BidderKinds
from simulator.markets.competing import Competing, bidder_weights
from simulator.markets.fluid import Fluid
from simulator.markets.pairs import Pairs
from simulator.markets.prize import Prize, PrizeProblem, solve_prize
from simulator.markets.records import WORTH, Records

__all__ = ["settled_prize"]

Floats = NDArray[np.float64]

EVERY = 10  # periods between two solutions
MOST_ROUNDS = 60
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
    prize = solve_prize(_problem(frozen, records, places, people.market.clients * people.client_shares))
    fluid = Fluid(frozen, Competing(frozen, records, prize.prizes), records)
    change = np.inf
    for round_ in range(MOST_ROUNDS):
        first = round_ * EVERY
        if first + EVERY > fluid.periods:
            break
        met, free = np.zeros(people.n_client_kinds), np.zeros_like(places)
        for t in range(first, first + EVERY):
            fluid.advance(t)
            met += fluid.met / EVERY
            free += fluid.offered / EVERY
        found = solve_prize(_problem(frozen, records, free, met))
        size = max(float(np.abs(found.prizes).max()), 1e-300)
        change = float(np.abs(found.prizes - prize.prizes).max()) / size
        prize = found
        fluid.encounters = Competing(frozen, records, prize.prizes)
        if change < CLOSE:
            break
    if change < UNSETTLED or prize.remark:
        return prize, prize.remark
    return prize, (
        f"what winning is worth still changes by {change:.2g} of itself every {EVERY} periods: the market does not "
        "stand still"
    )


def _problem(pairs: Pairs, records: Records, places: Floats, met: Floats) -> PrizeProblem:
    """The market as it looks to a vendor with a free place, given free places and clients that look per period."""
    people, courses, market = pairs.population, pairs.courses, pairs.population.market
    segment = np.arange(people.n_client_kinds) // len(people.client_agents)
    switching = [s.relationship.switching_cost.vendor for s in people.segment_scenarios]
    kinds = BidderKinds.of(people.n_vendor_kinds, records.seen)
    supply = float(places.sum())
    invitations = market.bidders * met / supply if supply > 0 else np.zeros(len(met))
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
    )
