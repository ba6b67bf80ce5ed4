"""One negotiation by alternating offers (Rubinstein's protocol with a last round).

The first mover is fixed. A round: each side acts once, in order. An action answers the standing offer: accept it,
counter it (the counter replaces it), or walk away; with no standing offer, propose. Rounds are k = 0 .. n-1, relative
time is (k+1)/(n+1) for proposing and answering. The last offer of the second mover is never answered. Each round
begun costs each side `round_cost`; without agreement both get their outside option minus that cost.

`Talks` is the protocol step by step, for a person or for tactics that play each other; `outcomes` plays many pairs of
tactics at once on arrays, for payoff matrices. Both ask the tactics the same two questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from simulator.bargaining.deals import Deal, DealSpace, deal_space
from simulator.bargaining.tactics import Knowledge, Tactic, knowledge_of, tactic
from simulator.errors import SimulatorError
from simulator.scenario.schema import Scenario

__all__ = ["NegotiationResult", "Offer", "Outcomes", "Talks", "negotiate", "outcomes"]

Side = Literal["vendor", "client"]
SIDES: tuple[Side, Side] = ("vendor", "client")


def other(side: Side) -> Side:
    """The side across the table."""
    return "client" if side == "vendor" else "vendor"


@dataclass(frozen=True)
class Offer:
    """One offer: round (counted from 0), who made it, the deal, and its worth to both sides."""

    round: int
    side: Side
    deal: Deal
    vendor_value: float
    client_value: float


@dataclass(frozen=True)
class NegotiationResult:
    """How one negotiation ended.

    Attributes
    ----------
    agreed : bool
        Whether there is a deal.
    deal : dict or None
        ``{issue: option}``.
    vendor_value, client_value : float
        What each side has from it, money per period: worth of the deal, or its outside option, minus the rounds' cost.
    rounds : int
        Rounds begun.
    offers : tuple of Offer
        Every offer made, in order.
    ending : str
        How it ended, in words.
    """

    agreed: bool
    deal: Deal | None
    vendor_value: float
    client_value: float
    rounds: int
    offers: tuple[Offer, ...]
    ending: str

    def _repr_html_(self) -> str:
        from simulator.bargaining.html import negotiation_html

        return negotiation_html(self)


class Talks:
    """A negotiation in progress, one action at a time.

    Parameters
    ----------
    space : DealSpace
        What can be agreed.
    rounds : int
        Rounds before the talks fail.
    round_cost : float
        Cost to each side of every round begun.
    first : {"vendor", "client"}
        Who opens.

    Examples
    --------
    >>> import simulator as ns
    >>> talks = Talks(ns.deal_space(ns.load_scenario("saas-renewal")), rounds=3)
    >>> talks.propose(0)
    >>> talks.turn, talks.standing
    ('client', 0)
    >>> talks.accept()
    >>> talks.result().agreed
    True
    """

    def __init__(self, space: DealSpace, *, rounds: int = 20, round_cost: float = 0.0, first: Side = "vendor") -> None:
        self.space, self.rounds, self.round_cost, self.first = space, rounds, round_cost, first
        self.turn: Side = first
        self.round = 0
        self.standing: int | None = None
        self.made: list[tuple[int, Side, int]] = []
        self.ending = ""
        self.agreed: int | None = None

    @property
    def time(self) -> float:
        """Relative time of the current round, in (0, 1)."""
        return (self.round + 1) / (self.rounds + 1)

    @property
    def over(self) -> bool:
        """Whether nobody can act any more."""
        return self.ending != ""

    def propose(self, deal: int) -> None:
        """Make an offer, or counter the standing one, on behalf of the side whose turn it is."""
        self._still_on()
        self.space.deal(deal)  # refuses a deal that does not exist
        self.made.append((self.round, self.turn, deal))
        self.standing = deal
        if self.turn != self.first and self.round == self.rounds - 1:
            self.ending = "the rounds ran out"
        elif self.turn != self.first:
            self.round += 1
        self.turn = other(self.turn)

    def accept(self) -> None:
        """Accept the standing offer."""
        self._still_on()
        if self.standing is None:
            raise SimulatorError("there is no offer to accept yet; propose a deal first")
        self.agreed, self.ending = self.standing, f"the {self.turn} accepted"

    def walk_away(self) -> None:
        """End the talks without a deal."""
        self._still_on()
        self.ending = f"the {self.turn} walked away"

    def _still_on(self) -> None:
        if self.over:
            raise SimulatorError(f"the talks are over: {self.ending}")

    def act(self, player: Tactic, knowledge: Knowledge, rng: Any = None) -> None:
        """Let a tactic act for the side whose turn it is."""
        if player.walks_away(knowledge):
            self.walk_away()
            return
        time = np.array([self.time])
        if self.standing is not None and knowledge.own[self.standing] >= player.thresholds(knowledge, time)[0]:
            self.accept()
            return
        standing = np.array([-1 if self.standing is None else self.standing], dtype=np.intp)
        self.propose(int(player.proposals(knowledge, time, standing, rng)[0]))

    def result(self) -> NegotiationResult:
        """The result of talks that are over.

        Raises
        ------
        SimulatorError
            While the talks are still going on.
        """
        if not self.over:
            raise SimulatorError(f"the talks are still going on: it is the {self.turn}'s turn")
        space, begun = self.space, self.round + 1
        index = self.agreed
        values = [float(space.worth(side)[index]) if index is not None else space.outside(side) for side in SIDES]
        return NegotiationResult(
            agreed=index is not None,
            deal=None if index is None else space.deal(index),
            vendor_value=values[0] - begun * self.round_cost,
            client_value=values[1] - begun * self.round_cost,
            rounds=begun,
            offers=tuple(
                Offer(k, side, space.deal(i), float(space.vendor[i]), float(space.client[i]))
                for k, side, i in self.made
            ),
            ending=self.ending,
        )


def negotiate(
    scenario: Scenario, *, vendor: str | Tactic, client: str | Tactic, level: int = 0, seed: int = 0
) -> NegotiationResult:
    """Play one negotiation between two tactics.

    Parameters
    ----------
    scenario : Scenario
        A scenario with issues.
    vendor, client : str or Tactic
        Tactics, for example ``"principled(share=0.6)"``.
    level : int
        Maturity level at which they negotiate.
    seed : int
        For tactics that are random.

    Returns
    -------
    NegotiationResult

    Examples
    --------
    >>> import simulator as ns
    >>> talk = ns.negotiate(ns.load_scenario("saas-renewal"), vendor="hard-bargainer", client="principled")
    >>> talk.agreed, talk.deal["support"]
    (True, 'priority')
    """
    players: dict[Side, Tactic] = {"vendor": tactic(vendor), "client": tactic(client)}
    space = deal_space(scenario, level=level)
    rules = scenario.negotiation
    talks = Talks(space, rounds=rules.rounds, round_cost=rules.round_cost, first=rules.first_offer)
    open_talks = players["vendor"].discloses and players["client"].discloses
    known = {side: knowledge_of(space, side, partner_open=open_talks) for side in SIDES}
    rng = np.random.default_rng(seed)
    while not talks.over:
        talks.act(players[talks.turn], known[talks.turn], rng)
    return talks.result()


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Outcomes of many negotiations, arrays of shape (n_vendor_tactics, n_client_tactics).

    Attributes
    ----------
    deal : ndarray of int
        Number of the agreed deal, -1 without agreement.
    rounds : ndarray of int
        Rounds begun.
    vendor, client : ndarray of float
        As in `NegotiationResult`: worth of the deal or outside option, minus the rounds' cost.
    """

    deal: NDArray[np.intp]
    rounds: NDArray[np.intp]
    vendor: NDArray[np.float64]
    client: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Schedule:
    """What one side does at every round: the least it accepts and what it proposes."""

    thresholds: NDArray[np.float64]
    proposals: NDArray[np.intp]


def outcomes(
    space: DealSpace,
    vendors: Sequence[Tactic],
    clients: Sequence[Tactic],
    *,
    rounds: int,
    round_cost: float = 0.0,
    first: Side = "vendor",
) -> Outcomes:
    """Play every vendor tactic against every client tactic, on arrays.

    A tactic that reads no offers has one schedule for all partners; one that reads them is planned against the
    schedule of a partner that does not. Only where both read each other is the negotiation played step by step.

    Raises
    ------
    SimulatorError
        For a random tactic: it has no one outcome.
    """
    for player in (*vendors, *clients):
        if not player.deterministic:
            raise SimulatorError(f"tactic {player.name!r} is random; payoff matrices need deterministic tactics")
    shape = (len(vendors), len(clients))
    deal = np.full(shape, -1, dtype=np.intp)
    begun = np.ones(shape, dtype=np.intp)
    times = np.arange(1, rounds + 1) / (rounds + 1)
    known = {
        (side, together): knowledge_of(space, side, partner_open=together)
        for side in SIDES
        for together in (False, True)
    }
    schedules: dict[tuple[Side, Tactic, bool], _Schedule] = {}

    def alone(side: Side, player: Tactic, together: bool) -> _Schedule | None:
        """The schedule that holds against every partner; None where it reads offers."""
        knowledge = known[side, together]
        if player.reads_offers(knowledge):
            return None
        key = (side, player, together)
        if key not in schedules:
            nothing = np.full(rounds, -1, dtype=np.intp)
            schedules[key] = _Schedule(
                player.thresholds(knowledge, times), player.proposals(knowledge, times, nothing, None)
            )
        return schedules[key]

    def against(side: Side, player: Tactic, together: bool, partner: _Schedule) -> _Schedule:
        """The schedule of a tactic that reads the offers of a partner with a known schedule."""
        knowledge = known[side, together]
        standing = partner.proposals if side != first else np.concatenate([[-1], partner.proposals[:-1]])
        return _Schedule(
            player.thresholds(knowledge, times), player.proposals(knowledge, times, standing.astype(np.intp), None)
        )

    planned: list[tuple[int, int, _Schedule, _Schedule]] = []
    for i, vendor in enumerate(vendors):
        for j, client in enumerate(clients):
            together = vendor.discloses and client.discloses
            if vendor.walks_away(known["vendor", together]) or client.walks_away(known["client", together]):
                continue  # either at its first action, in round 0: no deal, one round begun
            one, two = alone("vendor", vendor, together), alone("client", client, together)
            if one is None and two is not None:
                one = against("vendor", vendor, together, two)
            elif two is None and one is not None:
                two = against("client", client, together, one)
            if one is None or two is None:
                deal[i, j], begun[i, j] = _walk(space, vendor, client, known, together, rounds, first)
            else:
                planned.append((i, j, one, two))
    if planned:
        _resolve(space, planned, first, deal, begun)
    cost = begun * round_cost
    agreed = deal >= 0
    vendor_worth = np.where(agreed, space.vendor[deal], space.vendor_outside) - cost
    client_worth = np.where(agreed, space.client[deal], space.client_outside) - cost
    return Outcomes(deal, begun, vendor_worth, client_worth)


def _walk(
    space: DealSpace,
    vendor: Tactic,
    client: Tactic,
    known: dict[tuple[Side, bool], Knowledge],
    together: bool,
    rounds: int,
    first: Side,
) -> tuple[int, int]:
    """Deal (or -1) and rounds begun of one negotiation played step by step."""
    talks = Talks(space, rounds=rounds, first=first)
    players: dict[Side, Tactic] = {"vendor": vendor, "client": client}
    while not talks.over:
        talks.act(players[talks.turn], known[talks.turn, together])
    return (-1 if talks.agreed is None else talks.agreed), talks.round + 1


def _resolve(
    space: DealSpace,
    planned: Iterable[tuple[int, int, _Schedule, _Schedule]],
    first: Side,
    deal: NDArray[np.intp],
    begun: NDArray[np.intp],
) -> None:
    """Find the first acceptance of every planned negotiation and write deal and rounds begun."""
    rows, columns, ones, twos = zip(*planned, strict=True)
    if first == "client":
        ones, twos = twos, ones
    opener, responder = space.worth(first), space.worth(other(first))
    opener_offers = np.stack([schedule.proposals for schedule in ones])
    responder_offers = np.stack([schedule.proposals for schedule in twos])
    opener_least = np.stack([schedule.thresholds for schedule in ones])
    responder_least = np.stack([schedule.thresholds for schedule in twos])
    rounds = opener_offers.shape[1]
    # Actions in order: opener at 0, responder at 0, opener at 1, ...; the opener has nothing to answer at 0.
    accepts = np.zeros((len(rows), 2 * rounds), dtype=bool)
    accepts[:, 2::2] = opener[responder_offers[:, :-1]] >= opener_least[:, 1:]
    accepts[:, 1::2] = responder[opener_offers] >= responder_least
    when = accepts.argmax(axis=1)
    agreed = accepts[np.arange(len(rows)), when]
    k = when // 2
    accepted = np.where(
        when % 2 == 1,
        opener_offers[np.arange(len(rows)), k],
        responder_offers[np.arange(len(rows)), np.maximum(k - 1, 0)],
    )
    deal[list(rows), list(columns)] = np.where(agreed, accepted, -1)
    begun[list(rows), list(columns)] = np.where(agreed, k + 1, rounds)
