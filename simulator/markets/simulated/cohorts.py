"""Relationships in a simulated market whose agents are no automata: played step by step, in cohorts.

A cohort are the relationships of one pair of kinds that began in the same period, so that the agents at play in them
began together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.markets.pairs import Pairs
from simulator.markets.simulated.booking import Books
from simulator.markets.simulated.draws import Draws
from simulator.markets.simulated.parties import Parties
from simulator.relationships.batch import Batch
from simulator.relationships.period import ENDS
from simulator.relationships.stepwise import reinvested_share

__all__ = ["Cohorts"]

Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]

NEVER = -1  # in place of the postures of a relationship of automata


@dataclass(eq=False)
class _Cohort:
    begun: int
    clients: Ints
    agents: tuple[int, int]
    batch: Batch


class Cohorts:
    """All relationships that are played step by step."""

    def __init__(self, pairs: Pairs, clients: int, draws: Draws) -> None:
        self.pairs, self.people, self.draws = pairs, pairs.population, draws
        self.living: list[_Cohort] = []
        self.shares: dict[tuple[int, int], float] = {}
        self.postures = np.full(clients, NEVER)

    def begin(self, t: int, kinds: tuple[Ints, Ints], clients: Ints, stepwise: Flags) -> None:
        """Let the marked ones of relationships that begin in period t be played here."""
        people = self.people
        self.postures[clients] = NEVER
        vendors, others, clients = kinds[0][stepwise], kinds[1][stepwise], clients[stepwise]
        for pair in np.unique(vendors * people.n_client_kinds + others):
            v, c = divmod(int(pair), people.n_client_kinds)
            scenario = self.pairs.scenario_of(v, c)
            agents = people.vendor_kind(v)[0], people.client_kind(c)[1]
            players = people.vendor_agents[agents[0]], people.client_agents[agents[1]]
            if (v, c) not in self.shares:
                self.shares[v, c] = reinvested_share(scenario, *players)
            own = clients[(vendors == v) & (others == c)]
            batch = Batch(scenario, *players, self.shares[v, c], len(own))
            self.living.append(_Cohort(t, own, agents, batch))

    def play(self, t: int, parties: Parties, stepwise: Flags, books: Books) -> tuple[Ints, Ints]:
        """Play and book period t; returns the clients whose relationships end by themselves, and why."""
        rng = self.draws.of("stepwise")
        self._forget(parties, stepwise)
        ended, reasons = [np.empty(0, dtype=np.intp)], [np.empty(0, dtype=np.intp)]
        for cohort in self.living:
            batch, clients = cohort.batch, cohort.clients
            scenario, stages = batch.scenario, batch.tables.stages
            now = batch.play(rng)
            ours = stages.vendor_cooperates[now.vendor_posture].astype(np.intp)
            postures = 2 * ours + stages.client_cooperates[now.client_posture]
            gains = (
                now.vendor_pay - scenario.vendor.outside_option,
                now.client_pay - scenario.client.outside_option,
            )
            books.live_stepwise(cohort.agents, gains, (postures, now.level, now.healthy, now.starved))
            why = batch.review(rng)
            self.postures[clients] = postures
            over = why < len(ENDS)
            ended.append(clients[over])
            reasons.append(why[over])
        return np.concatenate(ended), np.concatenate(reasons)

    def last_postures(self, clients: Ints, postures: Ints) -> Ints:
        """Classes of the last postures of these clients' relationships; `postures` for those not played here."""
        own = self.postures[clients]
        return np.where(own == NEVER, postures, own)

    def _forget(self, parties: Parties, stepwise: Flags) -> None:
        """Drop relationships that have ended since the last period."""
        for cohort in self.living:
            alive = stepwise[cohort.clients] & (parties.since[cohort.clients] == cohort.begun)
            if not alive.all():
                cohort.clients = cohort.clients[alive]
                cohort.batch.keep(alive)
        self.living = [cohort for cohort in self.living if len(cohort.clients)]
