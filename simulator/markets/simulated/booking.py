"""What a simulated market writes into its ledger: payoffs from counted effects, ends, and costs by strategy."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.markets.ledger import Ledger
from simulator.markets.pairs import CLASSES
from simulator.markets.population import Population
from simulator.markets.simulated.bidding import Held
from simulator.markets.simulated.parties import Parties
from simulator.markets.simulated.tables import Effects

__all__ = ["Books"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]


class Books:
    """The ledger of a simulated market while it is being filled.

    Attributes
    ----------
    ledger : Ledger
        Complete after `close`.
    """

    def __init__(self, people: Population, effects: Effects) -> None:
        self.people, self.ledger, self.effects = people, Ledger.empty(people), effects
        self.i, self.j, self.levels = len(people.vendor_agents), len(people.client_agents), len(people.scenario.levels)
        self.reader = effects.reader(self.levels, self.i, self.j)
        self.counts = np.zeros(len(effects))
        costs = [scenario.relationship.switching_cost for scenario in people.segment_scenarios]
        self.switching = np.array([[cost.vendor for cost in costs], [cost.client for cost in costs]])
        self.switches = bool((self.switching > 0).any())

    def open(self, t: int, parties: Parties) -> None:
        """Begin period t: who is there, and nothing earned yet."""
        self.t = t
        self.ledger.vendors[t], self.ledger.clients[t] = parties.vendor_heads, parties.client_heads
        self.vendor_earned, self.client_earned = np.zeros(self.i), np.zeros(self.j)

    def begin(self, vendor_agents: Ints, client_agents: Ints) -> None:
        """Book that relationships of these strategies begin."""
        if len(vendor_agents) == 0:
            return
        book, cost = self.ledger, self.people.market.search_cost
        pairs = self._by_pair(vendor_agents, client_agents)
        book.begun[self.t] += len(vendor_agents)
        book.pair_begun += pairs
        if cost > 0:
            book.search[self.t] += 2 * cost * len(vendor_agents)
            self.vendor_earned -= cost * pairs.sum(axis=1)
            self.client_earned -= cost * pairs.sum(axis=0)

    def compete(self, parties: Parties, held: Held) -> None:
        """Book what competing for clients cost, and who bid and won."""
        book, t, none = self.ledger, self.t, parties.n_vendors
        won = np.flatnonzero(held.won)
        agents = np.append(parties.vendor_agent, 0)[np.where(held.bidding, held.vendors, none)]
        winners = parties.vendor_agent[held.winners]
        clients = parties.client_agent[held.clients[won]]
        burned = np.bincount(agents.ravel(), weights=held.efforts.ravel(), minlength=self.i)
        price, cost = held.price[won], held.cost[won]
        self.vendor_earned += np.bincount(winners, weights=price - cost, minlength=self.i) - burned
        self.client_earned -= np.bincount(clients, weights=price, minlength=self.j)
        _, highest = self.people.market.tender_range or (0.0, 0.0)
        book.burned[t] += burned.sum()
        book.tendering[t] += cost.sum()
        book.transferred[t] += highest * len(won) - price.sum()
        book.bids += np.bincount(agents.ravel(), weights=held.bidding.ravel(), minlength=self.i)
        book.wins += np.bincount(winners, minlength=self.i)

    def select(self, values: Floats) -> None:
        """Book how much more winners are expected to create than the average of their shortlists."""
        self.ledger.selected[self.t] += values.sum()

    def claim(self, vendor_agents: Ints, client_agents: Ints, claims: Floats) -> None:
        """Book what low-balling vendors claim from their clients in the first period."""
        total = claims.sum()
        self.ledger.vendor_gain[self.t] += total
        self.ledger.client_gain[self.t] -= total
        self.vendor_earned += np.bincount(vendor_agents, weights=claims, minlength=self.i)
        self.client_earned -= np.bincount(client_agents, weights=claims, minlength=self.j)

    def live(self, effect: Ints) -> None:
        """Book a period of relationships by the effects of their transitions."""
        counts = np.bincount(effect, minlength=len(self.counts))
        self.counts += counts
        sums = self.reader @ counts
        self._sums(*np.split(sums, np.cumsum([4, self.levels, CLASSES, self.i])))

    def _sums(self, *parts: NDArray[Any]) -> None:
        heads, level, postures, vendors, clients = parts
        book, t = self.ledger, self.t
        book.vendor_gain[t] += heads[0]
        book.client_gain[t] += heads[1]
        book.played[t] += heads[2]
        book.starved[t] += heads[3]
        book.level[t] += level
        book.postures[t] += postures
        self.vendor_earned += vendors
        self.client_earned += clients

    def live_stepwise(
        self, agents: tuple[int, int], gains: tuple[Floats, Floats], seen: tuple[Ints, Ints, Flags, Flags]
    ) -> None:
        """Book a period of relationships of one pair of strategies that were played step by step.

        Parameters
        ----------
        agents : tuple of int
            The strategies.
        gains : tuple of ndarray
            Both sides' payoffs above their outside options.
        seen : tuple of ndarray
            Postures' class, level, healthy, starved.
        """
        (i, j), (postures, level, healthy, starved) = agents, seen
        vendor, client = float(gains[0].sum()), float(gains[1].sum())
        self._sums(
            np.array([vendor, client, len(level), starved.sum()]),
            np.bincount(level, minlength=self.levels),
            np.bincount(postures, minlength=CLASSES),
            np.bincount([i], weights=[vendor], minlength=self.i),
            np.bincount([j], weights=[client], minlength=self.j),
        )
        self.ledger.pair_played[i, j] += len(level)
        self.ledger.pair_healthy[i, j] += healthy.sum()

    def end(self, agents: tuple[Ints, Ints], segments: Ints, lengths: Ints, reasons: Ints) -> None:
        """Book relationships that ended, with both sides' switching costs, in this period."""
        book, (vendors, clients) = self.ledger, agents
        np.add.at(book.lifetimes_ended, (vendors, clients, lengths), 1.0)
        book.reasons += np.bincount(reasons, minlength=len(book.reasons))
        if self.switches:
            paid = self.switching[:, segments]
            self.vendor_earned -= np.bincount(vendors, weights=paid[0], minlength=self.i)
            self.client_earned -= np.bincount(clients, weights=paid[1], minlength=self.j)
            book.switching[self.t] += paid.sum()

    def count_ends(self, t: int, lengths: Ints) -> None:
        """Note how many relationships ended after period t and how long they were."""
        self.ledger.ended[t] += len(lengths)
        self.ledger.ended_length[t] += lengths.sum()

    def earn(self, parties: Parties) -> tuple[Floats, Floats]:
        """Close period t with everybody's outside options; returns what each strategy earned in it."""
        book, t = self.ledger, self.t
        self.client_earned += parties.client_outside
        total = parties.client_outside.sum()
        if self.people.one_role:
            self.vendor_earned = self.client_earned = self.vendor_earned + self.client_earned
        else:
            places = self.people.scenario.vendor.outside_option * parties.places
            self.vendor_earned += places
            total += places.sum()
        book.vendor_earned[t], book.client_earned[t], book.outside[t] = self.vendor_earned, self.client_earned, total
        return self.vendor_earned, self.client_earned

    def close(self, agents: tuple[Ints, Ints], lengths: Ints) -> Ledger:
        """Book the relationships that are alive at the end; the ledger is then complete."""
        book, effects, pairs = self.ledger, self.effects, self.i * self.j
        np.add.at(book.lifetimes_open, (*agents, lengths), 1.0)
        cell = effects.vendor_agent * self.j + effects.client_agent
        counts = self.counts.copy()
        counts[0] = 0.0
        book.pair_played += np.bincount(cell, weights=counts, minlength=pairs).reshape(self.i, self.j)
        book.pair_healthy += np.bincount(cell, weights=counts * effects.healthy, minlength=pairs).reshape(
            self.i, self.j
        )
        return book

    def _by_pair(self, vendor_agents: Ints, client_agents: Ints) -> Floats:
        pairs = np.bincount(vendor_agents * self.j + client_agents, minlength=self.i * self.j)
        return pairs.reshape(self.i, self.j).astype(np.float64)
