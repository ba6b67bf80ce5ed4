"""What each kind of vendor of a market brings to the competition for a client: prize, weight, and way of bidding."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.markets.contests.bidders import BidderKinds
from simulator.markets.contests.competition import Competition
from simulator.markets.pairs import Pairs
from simulator.markets.population import Population
from simulator.markets.records import WORTH

__all__ = ["bidder_weights", "bids_of", "competition_for", "created_values"]

Floats = NDArray[np.float64]


def competition_for(people: Population, kinds: BidderKinds, prizes: Floats, segment: int) -> Competition:
    """What each kind of bidder brings to the competition for a client of a segment.

    One kind more, the last, stands for vendors that refuse the client: on the shortlist, but not taking part.

    Parameters
    ----------
    people : Population
        The kinds of vendors.
    kinds : BidderKinds
        The kinds of bidders.
    prizes : ndarray, shape (v, records, segments)
        What winning is worth.
    segment : int
        Whose clients are competed for.
    """
    market = people.market
    return Competition.of_bids(
        np.append(prizes[kinds.vendor, kinds.record, segment], 0.0),
        np.append(bidder_weights(people, kinds), 1.0),
        [*(bids_of(people)[v] for v in kinds.vendor), "fair"],
        exponent=market.contest_exponent,
        cost=market.tender_range,
        taking_part=np.append(WORTH[kinds.seen] >= market.refuse_below, False),
    )


def bids_of(people: Population) -> tuple[str, ...]:
    """How each kind of vendor bids."""
    return tuple(people.bids[people.vendor_kind(v)[0]] for v in range(people.n_vendor_kinds))


def bidder_weights(people: Population, kinds: BidderKinds) -> Floats:
    """Factor on the chance of each kind of bidder: quality and record."""
    quality = np.tile(people.quality, len(people.vendor_agents))
    return kinds.weights(quality, WORTH, people.market.reputation_weight)


def created_values(pairs: Pairs) -> Floats:
    """What a relationship is expected to create, discounted, by segment and kind of vendor, (segments, v)."""
    people, courses = pairs.population, pairs.courses
    weights = people.scenario.discount ** np.arange(courses.ages)
    created = ((courses.vendor_gain + courses.client_gain) @ weights).reshape(
        people.n_vendor_kinds, len(people.segments), -1
    )
    return np.asarray(np.einsum("vgj,gj->gv", created, people.client_mix))
