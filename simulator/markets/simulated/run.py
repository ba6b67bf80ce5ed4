"""A market of the scenario's numbers of clients and vendors, simulated period by period on arrays.

A client is in one relationship at most, so all relationships are one array over the clients, each a state in the
alias table of all pairs; the free rest in a state of their own. One 32-bit number for each client decides a period.
What is kept are sums by period and by strategy, whatever the number of parties.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from simulator.errors import SimulatorError
from simulator.markets.ledger import MARKET_ENDS, Ledger
from simulator.markets.pairs import Pairs
from simulator.markets.population import Population
from simulator.markets.records import BAD, CLEAN
from simulator.markets.simulated.booking import Books
from simulator.markets.simulated.cohorts import Cohorts
from simulator.markets.simulated.competitions import Competitions
from simulator.markets.simulated.draws import Draws
from simulator.markets.simulated.meeting import Sight, match_at_random
from simulator.markets.simulated.parties import Parties
from simulator.markets.simulated.succession import Succession
from simulator.markets.simulated.tables import IDLE, STEPWISE, compile_tables

__all__ = ["simulate_market"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Progress = Callable[[int, int], None]

REVIEW, TURNOVER = MARKET_ENDS.index("review"), MARKET_ENDS.index("turnover")
BEGRUDGED = MARKET_ENDS.index("client-begrudged")


def simulate_market(
    population: Population,
    pairs: Pairs,
    prizes: Floats | None = None,
    *,
    seed: int = 0,
    replicate: int = 0,
    progress: Progress | None = None,
) -> Ledger:
    """Simulate a market.

    Parameters
    ----------
    population : Population
        Who is in it; the horizon of its scenario is the number of periods.
    pairs : Pairs
        Their chains, from `compile_pairs`.
    prizes : ndarray, shape (v, records, segments), optional
        What winning a client of a segment is worth to each kind of vendor with each record (`Prize.prizes`); needed
        where vendors compete for clients.
    seed, replicate : int
        Choose the random numbers; the same ones for every mix.
    progress : callable, optional
        Called with the number of periods done and in all.

    Returns
    -------
    Ledger

    Raises
    ------
    SimulatorError
        When vendors compete and there are no prizes, or there is an agent without an automaton among them.
    """
    matching = population.market.matching
    if (prizes is None) == (matching != "random"):
        raise SimulatorError(f"with matching {matching!r} prizes are {'needed' if prizes is None else 'not used'}")
    town = _Simulation(population, pairs, prizes, Draws(seed, population.scenario.id, replicate))
    for t in range(town.periods):
        town.advance(t)
        if progress is not None:
            progress(t + 1, town.periods)
    return town.close()


class _Simulation:
    """The state of a market, and how it goes on by a period."""

    def __init__(self, people: Population, pairs: Pairs, prizes: Floats | None, draws: Draws) -> None:
        self.people, self.draws, self.market = people, draws, people.market
        self.periods = int(people.scenario.horizon)
        self.tables = compile_tables(pairs)
        self.parties = Parties(people, draws)
        self.books = Books(people, self.tables.effects)
        self.sight = Sight(self.parties)
        self.succession = Succession(people, draws)
        self.competitions = None if prizes is None else Competitions(pairs, prizes, self.sight, draws)
        self.cohorts = Cohorts(pairs, self.parties.n_clients, draws) if pairs.stepwise else None
        self.state = np.full(self.parties.n_clients, IDLE, dtype=np.int64)
        self.effect = np.zeros(self.parties.n_clients, dtype=np.int64)

    def advance(self, t: int) -> None:
        """Play period t: match, play, review and part, turnover."""
        parties = self.parties
        self.books.open(t, parties)
        parties.search(t)
        self._match(t)
        ended, reasons = self._play(t)
        if t + 1 == self.periods:
            self.books.earn(parties)
            return
        leavers = self.succession.leavers(t, parties)
        if leavers is not None:
            ended, reasons = self._more(leavers.ends, TURNOVER, ended, reasons)
        self._end(t, ended, reasons, self._heard("gossip"))
        self.succession.newcomers.note(t, *self.books.earn(parties))
        if leavers is not None:
            self.succession.replace(t, parties, leavers)

    def close(self) -> Ledger:
        """The complete ledger."""
        parties = self.parties
        living = np.flatnonzero(self.state != IDLE)
        agents = parties.vendor_agent[parties.partner[living]], parties.client_agent[living]
        return self.books.close(agents, self.periods - parties.since[living])

    # -- parts of a period -------------------------------------------------------------------------------------

    def _match(self, t: int) -> None:
        parties, competitions = self.parties, self.competitions
        if competitions is None:
            self._begin(t, *match_at_random(parties, self.draws, self.sight, t))
            return
        competitions.draw(parties)
        if self.market.review_every:
            won = competitions.review(t, parties, self.books)
            # These ended with the period before; its books are closed but for their number.
            heard = self._heard("reviews")
            if len(won.clients):
                self._end(t - 1, won.clients, np.full(len(won.clients), REVIEW), heard)
                self._begin(t, *won)
        self._begin(t, *competitions.meet(t, parties, self.books))
        competitions.collect(parties, self.books)

    def _begin(self, t: int, vendors: Ints, clients: Ints) -> None:
        parties = self.parties
        if len(clients) == 0:
            return
        parties.begin(t, vendors, clients)
        kinds = parties.vendor_kind[vendors], parties.client_kind[clients]
        self.state[clients] = start = self.tables.start[kinds]
        self.books.begin(parties.vendor_agent[vendors], parties.client_agent[clients])
        if self.cohorts is not None:
            self.cohorts.begin(t, kinds, clients, start == STEPWISE)

    def _play(self, t: int) -> tuple[Ints, Ints]:
        """Play all relationships; returns the clients of those that end now and the reasons.

        In the last period nothing ends any more.
        """
        state, self.effect = self.tables.step(self.state, self.draws.words("play", len(self.state)))
        self.books.live(self.effect)
        own = None if self.cohorts is None else self.cohorts.play(t, self.parties, self.state == STEPWISE, self.books)
        if t + 1 == self.periods:
            return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)
        self.state = state
        ended = np.flatnonzero(state < 0)
        reasons = -1 - state[ended]
        if own is not None:
            ended, reasons = np.concatenate([ended, own[0]]), np.concatenate([reasons, own[1]])
        if self.competitions is not None:
            ended, reasons = self._more(self.competitions.begrudge(self.parties), BEGRUDGED, ended, reasons)
        return ended, reasons

    def _more(self, clients: Ints, reason: int, ended: Ints, reasons: Ints) -> tuple[Ints, Ints]:
        """Relationships that have ended, and those of more clients, as far as they have not."""
        if len(clients) == 0:
            return ended, reasons
        over = np.zeros(self.parties.n_clients, dtype=bool)
        over[clients] = True
        over[ended] = False
        more = np.flatnonzero(over)
        return np.concatenate([ended, more]), np.concatenate([reasons, np.full(len(more), reason)])

    def _heard(self, purpose: str) -> NDArray[np.bool_] | None:
        """What the market would hear of each relationship's end: of the vendor, of the client; None: never anything."""
        gossip = self.market.gossip
        return self.draws.of(purpose).random((2, self.parties.n_clients)) < gossip if gossip > 0 else None

    def _end(self, t: int, ended: Ints, reasons: Ints, heard: NDArray[np.bool_] | None) -> None:
        """End the relationships of these clients after period t."""
        if len(ended) == 0:
            return
        parties, books = self.parties, self.books
        vendors = parties.part(t, ended)
        self.state[ended] = IDLE
        lengths = t + 1 - parties.since[ended]
        agents = parties.vendor_agent[vendors], parties.client_agent[ended]
        books.end(agents, parties.client_segment[ended], lengths, reasons)
        books.count_ends(t, lengths)
        if heard is not None:
            postures, (of_vendor, of_client) = self._last_postures(ended), heard[:, ended]
            parties.vendor_record[vendors[of_vendor]] = np.where(postures[of_vendor] >= 2, CLEAN, BAD)
            parties.client_record[ended[of_client]] = np.where(postures[of_client] % 2 == 1, CLEAN, BAD)

    def _last_postures(self, clients: Ints) -> Ints:
        """Class of the postures of the last period played by these clients' relationships."""
        postures = self.tables.effects.postures[self.effect[clients]]
        return postures if self.cohorts is None else self.cohorts.last_postures(clients, postures)
