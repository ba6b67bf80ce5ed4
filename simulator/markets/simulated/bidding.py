"""Competing for clients in a simulated market: who is on a shortlist, what they bid, who wins, and what it costs.

Contests are decided by chance from the equilibrium of each shortlist, solved once for every different one. In tenders
every bidder draws a cost and bids by rule. Numbers are drawn for every client and place on a shortlist in every period.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.markets.contests.bidders import BidderKinds
from simulator.markets.contests.competition import Competition
from simulator.markets.contests.entrants import bids_of, competition_for, created_values
from simulator.markets.pairs import Pairs
from simulator.markets.records import Records
from simulator.markets.simulated.draws import Draws
from simulator.markets.simulated.meeting import Sight
from simulator.markets.simulated.parties import Parties

__all__ = ["Bidding", "Held"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]

WIDEST = 2**62  # codes of shortlists fit into 63 bits


@dataclass(frozen=True, eq=False)
class Held:
    """Contests or tenders held, m of them with shortlists of n places.

    Attributes
    ----------
    clients : ndarray of int, shape (m,)
        For whom.
    vendors : ndarray of int, shape (m, n)
        Who was on the shortlist.
    bidding : ndarray of bool, shape (m, n)
        Who took part.
    winner : ndarray of int, shape (m,)
        Position of the winner; -1 where nobody took part.
    efforts : ndarray, shape (m, n)
        Spent by each.
    price, cost, claim : ndarray, shape (m,)
        Paid by the client, borne by the winner, and what a low-balling winner claims back in the first period.
    selected : ndarray, shape (m,)
        Expected value of the winner's relationship above the average of those who took part.
    """

    clients: Ints
    vendors: Ints
    bidding: Flags
    winner: Ints
    efforts: Floats
    price: Floats
    cost: Floats
    claim: Floats
    selected: Floats

    @property
    def won(self) -> Flags:
        """Whether somebody took part."""
        return self.winner >= 0

    @property
    def winners(self) -> Ints:
        """The vendors that won, of those that somebody won."""
        won = np.flatnonzero(self.won)
        return self.vendors[won, self.winner[won]]


class Bidding:
    """Rules of competing, and what each kind of bidder brings.

    Parameters
    ----------
    pairs : Pairs
        The kinds that can meet.
    prizes : ndarray, shape (v, records, segments)
        What winning a client of a segment is worth to each kind of vendor with each record.
    """

    def __init__(self, pairs: Pairs, prizes: Floats, sight: Sight) -> None:
        people = pairs.population
        market = people.market
        self.people, self.market, self.sight, self.prizes = people, market, sight, prizes
        records = Records(market)
        self.kinds = BidderKinds.of(people.n_vendor_kinds, records.seen)
        self.count = self.kinds.count
        # The kind of a bidder by vendor kind, true and seen record; the kind after the last is nobody.
        self.kind_of = np.full((people.n_vendor_kinds, 3, 3), self.count)
        self.kind_of[self.kinds.vendor, records.codes[self.kinds.record], self.kinds.seen] = np.arange(self.count)
        # What each kind brings; then nobody, then all as incumbents.
        self.games = [
            competition_for(people, self.kinds, prizes, segment).with_incumbents(market.incumbent_edge)
            for segment in range(len(people.segments))
        ]
        values = created_values(pairs)[:, self.kinds.vendor]
        none = np.zeros((len(values), 1))
        self.values = np.concatenate([values, none, values, none], axis=1)
        low = np.array([bids_of(people)[v] == "low-ball" for v in self.kinds.vendor])
        self.low_ball = np.tile(np.append(low, False), 2)
        self.solved = [_Solved(game) for game in self.games]

    def draw(self, parties: Parties, draws: Draws) -> None:
        """Draw this period's numbers for every client and place on a shortlist."""
        shape = (parties.n_clients, self.market.bidders)
        self.decided = draws.of("bidding").random(shape if self.market.matching == "tender" else shape[0])
        self.heeded = draws.of("heeding").random(shape) if self.market.matching == "tender" else None
        self.looks = draws.of("sight").random((2, *shape)) if self.sight.uncertain else None

    def hold(self, parties: Parties, clients: Ints, vendors: Ints, *, incumbents: bool = False) -> Held:
        """Hold the contests or tenders of these clients among the vendors on their shortlists.

        Parameters
        ----------
        parties : Parties
            Everybody.
        clients : ndarray of int, shape (m,)
            The clients.
        vendors : ndarray of int, shape (m, n)
            Their shortlists; the number of vendors where a place is empty.
        incumbents : bool
            Whether the first of each list serves the client already. The others take part first: where none does,
            nothing is held, which shows as nobody having won.
        """
        kinds = self._kinds(parties, clients, vendors, incumbents)
        segments = parties.client_segment[clients]
        m, n = kinds.shape
        bidding = np.zeros((m, n), dtype=bool)
        winner, efforts = np.full(m, -1), np.zeros((m, n))
        price, cost, claim = np.zeros((3, m))
        for segment, game in enumerate(self.games):
            rows = np.flatnonzero(segments == segment) if len(self.games) > 1 else np.arange(m)
            if len(rows) == 0:
                continue
            own = kinds[rows]
            part = game.taking_part[own]
            if incumbents:
                part = part & part[:, 1:].any(axis=1, keepdims=True)
            bidding[rows] = part
            if game.cost is None:
                winner[rows], efforts[rows] = self._contest(segment, own, part, self.decided[clients[rows]])
            else:
                winner[rows], price[rows], cost[rows] = self._tender(game, own, part, clients[rows])
            best = own[np.arange(len(rows)), np.maximum(winner[rows], 0)]
            claim[rows] = np.where(self.low_ball[best] & (winner[rows] >= 0), game.rebates[best], 0.0)
        values = np.where(bidding, self.values[segments[:, None], kinds], 0.0)
        mean = values.sum(axis=1) / np.maximum(bidding.sum(axis=1), 1)
        won = winner >= 0
        selected = np.where(won, values[np.arange(m), np.maximum(winner, 0)] - mean, 0.0)
        return Held(clients, vendors, bidding, winner, efforts, price, cost, claim, selected)

    def _kinds(self, parties: Parties, clients: Ints, vendors: Ints, incumbents: bool) -> Ints:
        """Kinds of the bidders on the shortlists; nobody where one refuses the client."""
        there = vendors < parties.n_vendors
        listed = np.where(there, vendors, 0)
        record = parties.vendor_record[listed]
        looks = None if self.looks is None else self.looks[:, clients, : vendors.shape[1]]
        seen = self.sight.seen(record, None if looks is None else looks[0])
        kinds = np.where(there, self.kind_of[parties.vendor_kind[listed], record, seen], self.count)
        if self.sight.refuses:
            theirs = np.broadcast_to(parties.client_record[clients][:, None], vendors.shape)
            accepted = self.sight.acceptable[self.sight.seen(theirs, None if looks is None else looks[1])]
            if incumbents:
                accepted[:, 0] = True
            kinds = np.where(accepted, kinds, self.count)
        if incumbents:
            kinds[:, 0] += self.count + 1
        return kinds

    def _contest(self, segment: int, kinds: Ints, bidding: Flags, uniform: Floats) -> tuple[Ints, Floats]:
        """Winner and efforts of contests."""
        chances, efforts = self.solved[segment].of(kinds)
        reached = np.cumsum(chances, axis=1)
        # Scaled by the sum, so that rounding never makes a winner of nobody.
        winner = (uniform[:, None] * reached[:, -1:] >= reached).sum(axis=1)
        none = ~bidding.any(axis=1)
        winner[none] = -1
        efforts[none] = 0.0
        return winner, efforts

    def _tender(self, game: Competition, kinds: Ints, bidding: Flags, clients: Ints) -> tuple[Ints, Floats, Floats]:
        """Winner of tenders, the winning bid and its bidder's own cost."""
        low, high = game.cost or (0.0, 0.0)
        rows, n = np.arange(len(kinds)), kinds.shape[1]
        costs = low + (high - low) * self.decided[clients, :n]
        weights = np.where(bidding, game.weights[kinds], 0.0)
        best = weights.max(axis=1, keepdims=True, initial=0.0)
        considered = bidding & (self._heeds(clients, n) * best < weights)
        margins = game.margins[kinds] / np.maximum(bidding.sum(axis=1, keepdims=True), 1)
        bids = costs + margins * (high - costs) - game.rebates[kinds]
        winner = np.where(considered, bids, np.inf).argmin(axis=1)
        held = considered.any(axis=1)
        return (
            np.where(held, winner, -1),
            np.where(held, bids[rows, winner], 0.0),
            np.where(held, costs[rows, winner], 0.0),
        )

    def _heeds(self, clients: Ints, places: int) -> Floats:
        if self.heeded is None:
            return np.zeros((len(clients), places))
        return self.heeded[clients, :places]


class _Solved:
    """Contests for one kind of client, each solved when its shortlist first comes up."""

    def __init__(self, game: Competition) -> None:
        self.game = game
        # By length: codes of the shortlists known, in order, and (chance, effort) of the bidders on each.
        self.known: dict[int, tuple[NDArray[np.int64], Floats]] = {}

    def of(self, kinds: Ints) -> tuple[Floats, Floats]:
        """Chances and efforts of each bidder on shortlists of kinds, (m, n)."""
        n = kinds.shape[1]
        if self.game.kinds**n > WIDEST:
            chances, efforts, *_ = self.game.play(kinds)
            return chances, efforts
        order = np.argsort(kinds, axis=1)
        rows = np.arange(len(kinds))[:, None]
        ordered = kinds[rows, order]
        codes = ordered @ (self.game.kinds ** np.arange(n, dtype=np.int64))
        known, solved = self.known.get(n) or (np.array([-1]), np.zeros((1, n, 2)))
        at = np.minimum(np.searchsorted(known, codes), len(known) - 1)
        missing = known[at] != codes
        if missing.any():
            new, first = np.unique(codes[missing], return_index=True)
            more = np.stack(self.game.play(ordered[missing][first])[:2], axis=2)
            rank = np.argsort(np.concatenate([known, new]))
            known, solved = np.concatenate([known, new])[rank], np.concatenate([solved, more])[rank]
            self.known[n] = known, solved
            at = np.searchsorted(known, codes)
        found = np.empty((*kinds.shape, 2))
        found[rows, order] = solved[at]
        return found[..., 0], found[..., 1]
