"""Competing for clients in a fluid market: contests and tenders for free clients, and reviews of those who are served.

A free place of a vendor bids for one client at a time. The free places are dealt out in shortlists to the free clients;
losers and clients without a shortlist go on to a next round, until no client or no place is left.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.markets.contests.bidders import BidderKinds
from simulator.markets.contests.competition import LOW_BALL
from simulator.markets.contests.entrants import bids_of, competition_for, created_values
from simulator.markets.contests.shortlists import Expected, Reviews, Shortlists
from simulator.markets.fluid.encounters import Begun, Review
from simulator.markets.pairs import Pairs, first_claim_exit
from simulator.markets.records import Records

__all__ = ["Competing"]

Floats = NDArray[np.float64]

MOST_ROUNDS = 1000
LEAST = 1e-12  # of the clients that look for a vendor: fewer count as none


class Competing:
    """Contests or tenders in which vendors compete at given prizes.

    Parameters
    ----------
    pairs : Pairs
        The kinds that can meet.
    records : Records
        The records told apart.
    prizes : ndarray, shape (v, records, segments)
        What winning a client of a segment is worth to each kind of vendor with each record.
    """

    def __init__(self, pairs: Pairs, records: Records, prizes: Floats) -> None:
        people = pairs.population
        self.people, self.records, self.prizes = people, records, prizes
        market = people.market
        self.market = market
        self.kinds = BidderKinds.of(people.n_vendor_kinds, records.seen)
        self.segment = people.client_segments
        self.highest = market.tender_range[1] if market.tender_range else 0.0
        games = [competition_for(people, self.kinds, prizes, g) for g in range(len(people.segments))]
        self.shortlists = [Shortlists(game, market.bidders) for game in games]
        self.reviews = (
            [Reviews(game, market.bidders, edge=market.incumbent_edge) for game in games] if market.review_every else []
        )
        values = created_values(pairs)[:, self.kinds.vendor]
        self.values = np.append(values, np.zeros((len(values), 1)), axis=1)
        self.claims = self._claims()
        self.claim_exits = self._claim_exits(pairs)

    def _claims(self) -> Floats:
        """What a low-balling vendor claims back in the first period, (v, records, segments)."""
        low = np.array([bid == "low-ball" for bid in bids_of(self.people)])
        return np.asarray(np.where(low[:, None, None], LOW_BALL * np.maximum(self.prizes, 0.0), 0.0))

    def _claim_exits(self, pairs: Pairs) -> Floats | None:
        """Extra chance of a client to leave after such a first period, (v, c, records); None where nobody low-balls."""
        if not self.claims.any():
            return None
        v, c, n = self.people.n_vendor_kinds, self.people.n_client_kinds, self.records.n
        exits = np.zeros((v, c, n))
        for i, j, r in np.ndindex(v, c, n):
            exits[i, j, r] = first_claim_exit(pairs, i, j, float(self.claims[i, r, self.segment[j]]))
        return exits

    def _pool(self, places: Floats, accepted: float) -> Floats:
        """Composition of the pool from which a client draws its shortlist, (k,)."""
        return np.append(accepted * self.kinds.pool(places), 1.0 - accepted)

    def meet(self, vendors: Floats, clients: Floats, unlimited: bool) -> Begun:
        """What begins when these eligible masses, (kinds, records) each, look for a partner."""
        people, n = self.people, self.records.n
        v, c = people.n_vendor_kinds, people.n_client_kinds
        begun = Begun.freely(np.zeros((v, c, n, n)))
        groups = clients.reshape(len(people.segments), -1, n)
        looking = groups.sum(axis=1)  # (segments, records)
        within = np.divide(groups, looking[:, None], out=np.zeros(groups.shape), where=looking[:, None] > 0)
        places, least = vendors.copy(), LEAST * max(float(looking.sum()), 1e-300)
        for _ in range(MOST_ROUNDS):
            supply, demand = float(places.sum()), float(looking.sum())
            if demand <= least or supply <= least:
                break
            dealt = 1.0 if unlimited else min(1.0, supply / (self.market.bidders * demand))
            taken = np.zeros(places.shape)
            for g, r in zip(*np.nonzero(looking > 0), strict=True):
                found = self.shortlists[g].expected(self._pool(places, float(self.records.accepted[r])))
                contests = dealt * looking[g, r]
                winners = self._summed(contests * found.chances[:-1])
                paid = self._book(begun, g, contests, found)
                columns = slice(g * groups.shape[1], (g + 1) * groups.shape[1])
                begun.client_paid[columns] += paid * within[g, :, r]
                begun.contests[columns] += contests * within[g, :, r]
                begun.births[:, columns, :, r] += winners[:, None, :] * within[g, :, r][None, :, None]
                taken += winners
                looking[g, r] -= contests
            if not unlimited:
                places = np.maximum(places - taken, 0.0)
        self.claim(begun)
        return begun

    def _summed(self, by_kind: Floats) -> Floats:
        """Sum something over kinds of bidders, (k,), to vendor kinds and records."""
        found = np.zeros(self.kinds.shape)
        np.add.at(found, (self.kinds.vendor, self.kinds.record), by_kind)
        return found

    def _book(self, begun: Begun, segment: int, contests: float, found: Expected) -> float:
        """Note what contests for clients of a segment cost, and whom they selected; returns what the clients paid."""
        vendor = self.kinds.vendor
        taking_part = self.shortlists[segment].competition.taking_part
        paid = contests * found.prices[:-1]
        np.add.at(begun.burned, vendor, contests * found.efforts[:-1])
        np.add.at(begun.bids, vendor, contests * (found.invited * taking_part)[:-1])
        np.add.at(begun.wins, vendor, contests * found.chances[:-1])
        np.add.at(begun.paid, vendor, paid)
        np.add.at(begun.tendering, vendor, contests * found.costs[:-1])
        begun.transferred += self.highest * contests * (1.0 - found.nobody) - float(paid.sum())
        begun.selected += contests * found.selected(self.values[segment])
        return float(paid.sum())

    def review(self, vendors: Floats, standing: Floats, unlimited: bool) -> Review:
        """Tender clients that are served: incumbents against challengers with free places.

        Parameters
        ----------
        vendors : ndarray, shape (v, records)
            Eligible places.
        standing : ndarray, shape (v, c, records, records)
            Relationships under review.
        unlimited : bool
            Whether vendors can serve any number of clients.
        """
        v, n = vendors.shape
        c, agents = standing.shape[1], standing.shape[1] // len(self.people.segments)
        kinds, k = self.kinds, self.kinds.count
        begun = Begun.freely(np.zeros((v, c, n, n)))
        keeps, losses = np.ones(standing.shape), np.zeros((v, c, n, n, v, n))
        if vendors.sum() <= 0 or not standing.any():
            return Review(keeps, losses, begun)
        by_segment = standing.reshape(v, -1, agents, n, n).sum(axis=2)
        total = float(by_segment.sum())
        needed = (self.market.bidders - 1) * total
        dealt = 1.0 if unlimited or needed <= 0 else min(1.0, float(vendors.sum()) / needed)
        for g, r in zip(*np.nonzero(by_segment.sum(axis=(0, 2)) > 0), strict=True):
            pool = self._pool(vendors, float(self.records.accepted[r]))
            taking_part = self.shortlists[g].competition.taking_part
            review = self.reviews[g].expected(pool)
            incumbents = dealt * by_segment[kinds.vendor, g, kinds.record, r] * kinds.chance
            lost = review.winners[:-1, :-1]  # (incumbent kind, winner kind)
            np.add.at(begun.burned, kinds.vendor, incumbents * review.efforts[:-1])
            np.add.at(begun.burned, kinds.vendor, incumbents @ review.winner_efforts[:-1, :-1])
            # Reviews that somebody challenges are held; in the others the incumbent just goes on.
            contested = 1.0 - float(pool[~taking_part].sum()) ** (self.market.bidders - 1)
            reviews = contested * incumbents
            paid = incumbents * (review.prices[:-1] + review.winner_prices[:-1, :-1].sum(axis=1))
            to_winners = incumbents @ review.winner_prices[:-1, :-1]
            np.add.at(begun.paid, kinds.vendor, incumbents * review.prices[:-1] + to_winners)
            np.add.at(begun.tendering, kinds.vendor, incumbents * review.costs[:-1])
            np.add.at(begun.tendering, kinds.vendor, incumbents @ review.winner_costs[:-1, :-1])
            challengers = (self.market.bidders - 1) * (pool * taking_part)[:-1]
            np.add.at(begun.bids, kinds.vendor, reviews * taking_part[:-1] + challengers * incumbents.sum())
            np.add.at(begun.wins, kinds.vendor, reviews - incumbents * lost.sum(axis=1) + incumbents @ lost)
            begun.selected += float(incumbents @ review.selected(self.values[g])[:-1])
            begun.transferred += self.highest * float(reviews.sum()) - float(paid.sum())
            columns = slice(g * agents, (g + 1) * agents)
            for kind in np.flatnonzero(paid):
                served = standing[kinds.vendor[kind], columns, kinds.record[kind], r]
                begun.client_paid[columns] += paid[kind] * _parts(served)
            # By kinds of vendors and records: an average over how the incumbent's record is seen.
            to_winner = np.zeros((k, v, n))
            for place in range(k):
                to_winner[:, kinds.vendor[place], kinds.record[place]] += lost[:, place]
            for place in range(k):
                losses[kinds.vendor[place], columns, kinds.record[place], r] += (
                    dealt * kinds.chance[place] * to_winner[place]
                )
        keeps = 1.0 - losses.sum(axis=(4, 5))
        return Review(keeps, losses, begun)

    def claim(self, begun: Begun) -> None:
        """Note what low-balling vendors claim back in the first period."""
        if self.claim_exits is not None:
            claims = self.claims[:, :, self.segment].transpose(0, 2, 1)  # (v, c, records)
            begun.claimed += np.einsum("vcrs,vcr->vc", begun.births, claims)


def _parts(weights: Floats) -> Floats:
    """Weights scaled to sum to 1; zeros where there are none."""
    total = weights.sum()
    return np.asarray(weights / total if total > 0 else weights)
