"""The market of infinitely many parties: masses of relationships and of free parties, moved period by period.

Relationships of one pair of kinds that began together, with the same records, are one number, because how they are
spread over their chain's states depends on their age alone (`pairs.Courses`); turnover and lost reviews scale that
number. The cost does not depend on the number of parties and there is no sampling error; a simulation comes near it as
its market grows. Where vendors have several places, these are taken as independent of each other given the record.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from simulator.markets.fluid.encounters import Begun, Encounters
from simulator.markets.fluid.pools import Pool
from simulator.markets.fluid.slots import IdleSlots
from simulator.markets.ledger import MARKET_ENDS, Ledger
from simulator.markets.newcomers import Newcomers
from simulator.markets.pairs import CLASSES, Pairs
from simulator.markets.records import Records
from simulator.relationships.period import ENDS

__all__ = ["Fluid", "run_fluid"]

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]


def run_fluid(pairs: Pairs, encounters: Encounters, records: Records, *, progress: Progress | None = None) -> Ledger:
    """Run a fluid market over its periods."""
    market = Fluid(pairs, encounters, records)
    for t in range(market.periods):
        market.advance(t)
        if progress is not None:
            progress(t + 1, market.periods)
    return market.ledger


class Fluid:
    """The state of a fluid market, and how it goes on by a period."""

    def __init__(self, pairs: Pairs, encounters: Encounters, records: Records) -> None:
        people, courses = pairs.population, pairs.courses
        market = people.market
        self.people, self.market, self.courses = people, market, courses
        self.encounters, self.records = encounters, records
        self.periods = int(people.scenario.horizon)
        self.ledger = Ledger.empty(people)
        self.newcomers = Newcomers(people)
        v, c, n = people.n_vendor_kinds, people.n_client_kinds, records.n
        wait = min(market.search_time, self.periods)
        # Vendors are counted by their places; one without limit counts once and is never used up.
        self.unlimited = market.capacity == 0
        self.places = max(market.capacity, 1)
        self.client_heads: Floats = market.clients * people.client_shares
        self.vendor_heads = self.client_heads if people.one_role else market.vendors * people.vendor_shares
        self.clients = Pool(self.client_heads, n, records.start, wait)
        self.vendors = (
            self.clients if people.one_role else Pool(self.places * self.vendor_heads, n, records.start, wait)
        )
        self.known = np.zeros((v, n))  # vendors by record
        self.known[:, records.start] = self.vendor_heads
        self.idle = None if people.one_role or market.capacity == 1 else IdleSlots(people, self.known)
        self.cohorts = np.zeros((v, c, n, n, courses.ages))
        self.to_vendor_agent = np.kron(np.eye(len(people.vendor_agents)), np.ones((1, len(people.quality))))
        self.to_client_agent = np.kron(np.ones((1, len(people.segments))), np.eye(len(people.client_agents)))
        segment = people.client_segments
        scenarios = people.segment_scenarios
        self.client_outside = np.array([s.client.outside_option for s in scenarios])[segment]
        costs = [s.relationship.switching_cost for s in scenarios]
        self.switching = np.array([[k.vendor for k in costs], [k.client for k in costs]])[:, segment]
        gains = [courses.vendor_gain, courses.client_gain, courses.survival, courses.healthy, courses.starved]
        # Everything that is read off the living of an age, one column each.
        self.read = np.concatenate(
            [np.stack(gains, axis=-1), courses.ends + courses.stays, courses.level, courses.reasons], axis=3
        )
        self.flows = np.concatenate([courses.ends, courses.stays], axis=3)

    def advance(self, t: int) -> None:
        """Play period t: match, play, review and part, turnover."""
        book = self.ledger
        returned = self.vendors.search()
        if self.unlimited:
            self.vendors.eligible = self.known.copy()
        if not self.people.one_role:
            self.clients.search()
            if self.idle is not None:
                self.idle.empty(returned)
        book.vendors[t], book.clients[t] = (
            self.to_vendor_agent @ self.vendor_heads,
            self.to_client_agent @ self.client_heads,
        )
        self.vendor_earned, self.client_earned = np.zeros(len(self.vendor_heads)), np.zeros(len(self.client_heads))
        reviewed = self._review(t)
        # What a vendor sees of the period: places on offer, and clients for whom is competed.
        self.offered = self.vendors.eligible.copy()
        begun = self.encounters.meet(self.vendors.eligible, self.clients.eligible, self.unlimited)
        self.met = begun.contests
        self.clients.take(begun.births.sum(axis=(0, 2)))
        self._take_places(begun.births)
        self.cohorts[..., 0] = begun.births + reviewed.births
        self._book_begun(t, begun)
        self._book_begun(t, reviewed)
        ages = min(t + 1, self.courses.ages)
        self._live(t, ages, begun.claimed + reviewed.claimed)
        last = t + 1 == self.periods
        if last:
            living = self.cohorts[..., :ages].sum(axis=(2, 3)) * self.courses.survival[:, :, :ages]
            book.lifetimes_open[:, :, 1 : ages + 1] += self._by_agents(living)
        turnover = 0.0 if last else self.newcomers.turnover(t)
        if not last:
            self._part(t, ages, turnover)
        self._note_earned(t)
        if turnover > 0:
            self._replace(turnover)

    # -- parts of a period -------------------------------------------------------------------------------------

    def _take_places(self, births: Floats) -> None:
        """Let new relationships take their vendors' places."""
        taken = births.sum(axis=(1, 3))
        if not self.unlimited:
            self.vendors.take(taken)
        if self.idle is not None:
            self.idle.fill(taken)

    def _book_begun(self, t: int, begun: Begun) -> None:
        """Book what new relationships and competing for them cost."""
        book, pairs = self.ledger, begun.births.sum(axis=(2, 3))
        cost, total = self.market.search_cost, float(pairs.sum())
        self.vendor_earned += begun.paid - begun.burned - begun.tendering - cost * pairs.sum(axis=1)
        self.client_earned -= begun.client_paid + cost * pairs.sum(axis=0)
        book.begun[t] += total
        book.pair_begun += self._by_agents(pairs)
        book.search[t] += 2 * cost * total
        book.burned[t] += begun.burned.sum()
        book.tendering[t] += begun.tendering.sum()
        book.transferred[t] += begun.transferred
        book.selected[t] += begun.selected
        book.bids += self.to_vendor_agent @ begun.bids
        book.wins += self.to_vendor_agent @ begun.wins

    def _review(self, t: int) -> Begun:
        """Tender the clients whose review is due; the losses end with the period before."""
        book, courses, every = self.ledger, self.courses, self.market.review_every
        ages = np.arange(every, min(t, courses.ages - 1) + 1, every) if every else np.zeros(0, dtype=np.intp)
        self.under_review = np.zeros(self.cohorts.shape[:4])
        if len(ages) == 0:
            return Begun.freely(np.zeros(self.cohorts.shape[:4]))
        cohorts = self.cohorts[..., ages]
        under_review = cohorts * courses.survival[:, :, None, None, ages]
        self.under_review = under_review.sum(axis=4)
        found = self.encounters.review(self.vendors.eligible, self.under_review, self.unlimited)
        self.cohorts[..., ages] = cohorts * found.keeps[..., None]
        lost = 1.0 - found.keeps
        by_class = np.einsum("vcrsa,vcag->vcrsg", cohorts, courses.stays[:, :, ages - 1]) * lost[..., None]
        freed = by_class.sum(axis=(1, 3))
        update = self.records.update
        # A lost client takes what is heard of it along to its new vendor.
        clients = np.einsum("vcrsg,gst->vcrst", by_class, update[1])
        to_whom = _ratio(found.losses, np.broadcast_to(lost[..., None, None], found.losses.shape))
        begun = found.begun
        begun.births += np.einsum("vcrst,vcrswq->wcqt", clients, to_whom)
        self.encounters.claim(begun)
        if self.idle is not None and self.market.search_time == 0:
            # Lost with the period before and won in this one: at no time has a vendor both.
            self.idle.empty(freed.sum(axis=2))
        self._take_places(begun.births)
        if self.idle is not None and self.records.n > 1:
            # What is heard of a vendor counts for the clients that it has just won, too.
            self.cohorts[..., 0] = begun.births
            self._spread(freed)
            begun.births = self.cohorts[..., 0].copy()
        self.vendors.release_before(np.einsum("vrg,grs->vs", freed, update[0]))
        if self.unlimited:  # a vendor without limit is on offer once, whether or not it lost clients
            self.vendors.eligible = self.known.copy()
        by_age = np.einsum("vcrsa,vcrs->vca", under_review, lost)
        gone = by_age.sum(axis=2)
        paid = gone * self.switching[:, None, :]
        self.vendor_earned -= paid[0].sum(axis=1)
        self.client_earned -= paid[1].sum(axis=0)
        book.switching[t] += paid.sum()
        book.ended[t - 1] += gone.sum()
        book.ended_length[t - 1] += by_age.sum(axis=(0, 1)) @ ages
        book.lifetimes_ended[:, :, ages] += self._by_agents(by_age)
        book.reasons[MARKET_ENDS.index("review")] += gone.sum()
        return begun

    def _live(self, t: int, ages: int, claimed: Floats) -> None:
        """Book the payoffs of the period, and what can be seen of the living."""
        book, levels = self.ledger, self.ledger.level.shape[1]
        cohorts = self.cohorts[..., :ages].sum(axis=(2, 3))
        read = np.matmul(cohorts[:, :, None, :], self.read[:, :, :ages])[:, :, 0]
        vendor, client, played, healthy, starved = np.moveaxis(read[..., :5], -1, 0)
        vendor, client = vendor + claimed, client - claimed
        self.vendor_earned += vendor.sum(axis=1)
        self.client_earned += client.sum(axis=0)
        book.vendor_gain[t], book.client_gain[t] = vendor.sum(), client.sum()
        book.played[t], book.starved[t] = played.sum(), starved.sum()
        book.pair_played += self._by_agents(played)
        book.pair_healthy += self._by_agents(healthy)
        sums = read.sum(axis=(0, 1))
        book.postures[t] = sums[5 : 5 + CLASSES]
        book.level[t] = sums[5 + CLASSES : 5 + CLASSES + levels]
        self.reasons = sums[5 + CLASSES + levels :]
        self._outside(t, played.sum(axis=1))

    def _outside(self, t: int, busy: Floats) -> None:
        """Book the outside options of all who are free, and what the others gave up for their relationships."""
        book = self.ledger
        self.client_earned += self.client_outside * self.client_heads
        total = float(self.client_outside @ self.client_heads)
        if not self.people.one_role:
            places = self.vendor_heads
            if self.idle is not None:
                searching = sum(mass.sum(axis=1) for mass in self.vendors.waiting)
                places = busy + searching + self.idle.idle
            self.vendor_earned += self.people.scenario.vendor.outside_option * places
            total += self.people.scenario.vendor.outside_option * float(places.sum())
        book.outside[t] = total

    def _part(self, t: int, ages: int, turnover: float) -> None:
        """End relationships, by their own doing or with a party that is replaced; the others grow older."""
        book, courses, stay = self.ledger, self.courses, 1.0 - turnover
        keeps = stay**2
        v, c, n = self.cohorts.shape[:3]
        living = self.cohorts[..., :ages]
        flows = np.matmul(living.reshape(v, c, n * n, ages), self.flows[:, :, :ages]).reshape(v, c, n, n, 2 * CLASSES)
        ends, stays = flows[..., :CLASSES], flows[..., CLASSES:]
        ending = courses.ends[:, :, :ages].sum(axis=3) + (1.0 - keeps) * courses.stays[:, :, :ages].sum(axis=3)
        by_age = living.sum(axis=(2, 3)) * ending
        extra = self._begrudge_claims(ends, stays)
        by_age[..., 0] += keeps * extra
        # The relationship ended, or the partner is replaced; those who are replaced themselves go with all the free.
        freed = ends + turnover * stays
        by_vendor, by_client = freed.sum(axis=(1, 3)), freed.sum(axis=(0, 2))
        update = self.records.update
        if self.idle is not None and n > 1:
            self._spread(by_vendor)
            living = self.cohorts[..., :ages]
        released = np.einsum("vrg,grs->vs", by_vendor, update[0])
        self.vendors.release(released)
        self.clients.release(np.einsum("crg,grs->cs", by_client, update[1]))
        gone = ends.sum(axis=(2, 3, 4)) + (1.0 - keeps) * stays.sum(axis=(2, 3, 4))
        paid = gone * self.switching[:, None, :]
        self.vendor_earned -= paid[0].sum(axis=1)
        self.client_earned -= paid[1].sum(axis=0)
        book.switching[t] += paid.sum()
        book.ended[t] += gone.sum()
        book.ended_length[t] += by_age.sum(axis=(0, 1)) @ np.arange(1, ages + 1)
        book.lifetimes_ended[:, :, 1 : ages + 1] += self._by_agents(by_age)
        book.reasons[: len(ENDS)] += self.reasons
        book.reasons[ENDS.index("client-begrudged")] += extra.sum()
        book.reasons[MARKET_ENDS.index("turnover")] += (1.0 - keeps) * stays.sum()
        living *= keeps
        self.cohorts[..., 1:] = self.cohorts[..., :-1]
        self.cohorts[..., 0] = 0.0

    def _begrudge_claims(self, ends: Floats, stays: Floats) -> Floats:
        """Let clients go from whom a low-balling vendor claimed its rebate back; how many of each pair, (v, c)."""
        exits = self.encounters.claim_exits
        if exits is None:
            return np.zeros(ends.shape[:2])
        first = self.cohorts[..., 0, None] * self.courses.stays[:, :, None, None, 0]
        left = first * exits[:, :, :, None, None]
        ends += left
        stays -= left
        self.cohorts[..., 0] *= 1.0 - exits[:, :, :, None]
        return np.asarray(left.sum(axis=(2, 3, 4)))

    def _spread(self, freed: Floats) -> None:
        """Let what is heard of a vendor's lost client count for its other places too."""
        n, gossip = self.records.n, self.market.gossip
        heard = gossip * np.stack([freed[..., :2].sum(axis=2), freed[..., 2:].sum(axis=2)])  # bad, clean: (2, v, n)
        per_vendor = _ratio(heard.sum(axis=0), self.known)
        clean = _ratio(heard[1], heard.sum(axis=0))

        def change(places: int | None) -> Floats:
            """Chance of each record to become another when this many places may be heard of."""
            missed = (
                np.exp(-per_vendor) if places is None else (1.0 - np.minimum(per_vendor / self.places, 1.0)) ** places
            )
            matrix = missed[:, :, None] * np.eye(n)
            matrix[:, :, n - 1] += (1.0 - missed) * clean
            matrix[:, :, 0] += (1.0 - missed) * (1.0 - clean)
            return matrix

        others = change(None if self.unlimited else self.places - 1)
        self.vendors.learn(others)
        self.cohorts = np.einsum("vcrsa,vrq->vcqsa", self.cohorts, others)
        vendors = change(None if self.unlimited else self.places)
        self.known = np.einsum("vr,vrq->vq", self.known, vendors)
        if self.idle is not None:
            self.idle.learn(vendors)

    def _note_earned(self, t: int) -> None:
        book = self.ledger
        if self.people.one_role:
            everything = self.to_vendor_agent @ (self.vendor_earned + self.client_earned)
            book.vendor_earned[t] = book.client_earned[t] = everything
        else:
            book.vendor_earned[t] = self.to_vendor_agent @ self.vendor_earned
            book.client_earned[t] = self.to_client_agent @ self.client_earned
        self.newcomers.note(t, book.vendor_earned[t], book.client_earned[t])

    def _replace(self, turnover: float) -> None:
        """Replace a part of all parties by newcomers, who start free and unknown."""
        stay = 1.0 - turnover
        new = self.newcomers.clients_for(turnover * self.client_heads)
        self.client_heads = stay * self.client_heads + new
        self.clients.replace(turnover, new)
        if self.people.one_role:
            self.vendor_heads = self.client_heads
            return
        new = self.newcomers.vendors_for(turnover * self.vendor_heads)
        self.vendor_heads = stay * self.vendor_heads + new
        self.vendors.replace(turnover, self.places * new)
        self.known = stay * self.known
        self.known[:, self.records.start] += new
        if self.idle is not None:
            self.idle.replace(turnover, new, self.records.start)

    def _by_agents(self, kinds: Floats) -> Floats:
        """Sum an array over kinds, (v, c, ...), to one over strategies, (i, j, ...)."""
        rows = np.tensordot(self.to_vendor_agent, kinds, axes=(1, 0))
        return np.asarray(np.moveaxis(np.tensordot(self.to_client_agent, rows, axes=(1, 1)), 0, 1))


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros(np.shape(part)), where=whole > 0)
