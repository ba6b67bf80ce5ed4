"""What a period comes to for two people: the scenario's own stage values for whatever deal and effort they chose.

The functions are those from which the payoff matrices are compiled, so a person who agrees on what a posture's tactic
would have agreed on, and delivers what it would deliver, gets that posture's payoff to the bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.bargaining.deals import DealSpace, deal_space
from simulator.bargaining.tactics import Knowledge, Tactic, knowledge_of
from simulator.games import stages as rules
from simulator.relationships.period import period_of

if TYPE_CHECKING:
    from simulator.scenario.schema import Scenario

__all__ = ["Numbers", "Outcome", "drawn_from"]

SIDES = ("vendor", "client")
LENIENCE = 0.1  # beyond its fair share a side may take so much and still counts as cooperative


@dataclass(frozen=True)
class Outcome:
    """What one period came to, with the chances that follow from it."""

    vendor_payoff: float  # before reinvestment
    client_payoff: float
    invested: float
    vendor_below: bool
    client_below: bool
    starves: bool
    rise: float
    fall: float
    vendor_begrudges: float  # chances to leave over the share, for sides that do not decide by themselves
    client_begrudges: float


class Numbers:
    """The numbers of one scenario, worked out once and looked up at each move.

    Examples
    --------
    >>> import simulator as ns
    >>> numbers = Numbers(ns.load_scenario("saas-renewal"))
    >>> numbers.efforts("vendor"), numbers.options(0, 19)
    ((0.0, 1.0), (6, 1))
    >>> numbers.person_posture("client", 1.0, level=0, deal=19)
    2
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.given = scenario.payoffs is not None  # payoffs given directly: nothing is negotiated
        self.levels = len(scenario.levels)
        self.postures = {side: scenario.postures(side) for side in SIDES}
        self.cooperates = {side: scenario.cooperates(side) for side in SIDES}
        self.posture_efforts = {side: tuple(p.effort for p in scenario.posture_choices(side)) for side in SIDES}
        self.outside = {side: scenario.party(side).outside_option for side in SIDES}
        self.memo: dict[Any, Any] = {}  # of those who look the same thing up again and again
        self._spaces: dict[int, DealSpace] = {}
        self._knowledge: dict[tuple[str, int, bool], Knowledge] = {}

    @cached_property
    def period(self) -> Any:
        """The engine's tables of a period."""
        return period_of(self.scenario)

    @cached_property
    def tactics(self) -> dict[str, list[Tactic]]:
        """The tactic of each posture, for both sides."""
        return {side: rules.posture_tactics(self.scenario, side) for side in SIDES}

    def space(self, level: int) -> DealSpace:
        """The deal space of a level."""
        if level not in self._spaces:
            self._spaces[level] = deal_space(self.scenario, level=level)
        return self._spaces[level]

    def knowledge(self, side: str, level: int, *, together: bool) -> Knowledge:
        """What a tactic on `side` knows; `together`: both sides disclose."""
        key = (side, level, together)
        if key not in self._knowledge:
            self._knowledge[key] = knowledge_of(self.space(level), side, partner_open=together)
        return self._knowledge[key]

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Number of options of each issue."""
        return () if self.given else self.space(0).shape

    def deal(self, options: Sequence[int]) -> int:
        """Number of a deal from its option numbers."""
        return int(np.ravel_multi_index(tuple(options), self.shape))

    def options(self, level: int, deal: int) -> tuple[int, ...]:
        """Option numbers of a deal."""
        return tuple(int(i) for i in np.unravel_index(deal, self.space(level).shape))

    def efforts(self, side: str) -> tuple[float, ...]:
        """Efforts that a side may deliver, least first; empty where the payoffs are given directly."""
        return tuple(sorted(set(self.posture_efforts[side])))

    @property
    def chooses_investment(self) -> bool:
        """Whether a vendor decides by itself what it puts back (`reinvest = "best-reply"`)."""
        return self.scenario.maturity.reinvest == "best-reply" and self.levels > 1

    def person_posture(self, side: str, effort: float, *, level: int, deal: int | None) -> int:
        """The posture as which a person's behaviour counts.

        Of the postures whose effort is nearest: the cooperative one unless the person's share of the deal's joint gain
        is more than the fair share and a tenth, else the competitive one; no agreement is the most competitive.
        """
        if deal is None:
            return 0
        gaps = [abs(effort - own) for own in self.posture_efforts[side]]
        near = [i for i, gap in enumerate(gaps) if gap <= min(gaps) + 1e-12]
        fair = self._claims_fairly(side, level, deal)
        chosen = [i for i in near if self.cooperates[side][i] == fair] or near
        return chosen[-1] if fair else chosen[0]

    def _claims_fairly(self, side: str, level: int, deal: int) -> bool:
        space = self.space(level)
        gain = {s: float(space.worth(s)[deal]) - space.outside(s) for s in SIDES}
        joint = gain["vendor"] + gain["client"]
        if joint <= rules.TOLERANCE:  # nothing to share: claiming is having more than the other
            return gain[side] <= joint - gain[side] + rules.TOLERANCE
        return gain[side] / joint <= self.scenario.relationship.fair_share + LENIENCE + 1e-12

    def outcome(
        self,
        *,
        level: int,
        starved: bool,
        deal: int | None,
        rounds: int,
        postures: Mapping[str, int],
        efforts: Mapping[str, float],
        share: float,
    ) -> Outcome:
        """What a period comes to; `share`: part of its surplus that the vendor puts back if both cooperate."""
        scenario = self.scenario
        i, j = postures["vendor"], postures["client"]
        if self.given:
            table = self.period.stages
            vendor = float(table.vendor[level, int(starved), i, j])
            client = float(table.client[level, int(starved), i, j])
            agreed = True
        else:
            vendor, client = self._negotiated(level, starved, deal, rounds, efforts)
            agreed = deal is not None
        both = self.cooperates["vendor"][i] and self.cooperates["client"][j]
        surplus = np.asarray(vendor - self.outside["vendor"])
        gain = np.asarray(client - self.outside["client"])
        invested = share * float(rules.investable(surplus, np.asarray(both and level < self.levels - 1)))
        made = np.asarray(agreed)
        review, created = scenario.relationship, surplus + gain
        return Outcome(
            vendor_payoff=vendor,
            client_payoff=client,
            invested=invested,
            vendor_below=bool(rules.below_outside(np.asarray(vendor), self.outside["vendor"], made)),
            client_below=bool(rules.below_outside(np.asarray(client), self.outside["client"], made)),
            starves=bool(rules.starves(scenario, surplus)),
            rise=float(rules.rise_chance(scenario, np.asarray(invested))),
            fall=scenario.maturity.decay if level > 0 and not both else 0.0,
            vendor_begrudges=float(rules.begrudge_chance(review, surplus, created)),
            client_begrudges=float(rules.begrudge_chance(review, gain, created)),
        )

    def _negotiated(
        self, level: int, starved: bool, deal: int | None, rounds: int, efforts: Mapping[str, float]
    ) -> tuple[float, float]:
        space, cost = self.space(level), rounds * self.scenario.negotiation.round_cost
        if deal is None:
            return space.vendor_outside - cost, space.client_outside - cost
        served = self.scenario.delivery.vendor.starved if starved else 1.0
        given, taken = np.asarray(efforts["vendor"]), np.asarray(efforts["client"])
        to_vendor, to_client = rules.delivered(self.scenario, given, taken, served=served)
        vendor, client = float(space.vendor[deal]) - cost, float(space.client[deal]) - cost
        return float(vendor + to_vendor), float(client + to_client)

    def seen(self, side: str, posture: int, rng: np.random.Generator) -> int:
        """The partner's posture as `side` sees it."""
        return drawn_from(self.period.seen_by[side][posture], rng)

    def seen_effort(self, side: str, actual: int, seen: int, effort: float) -> float:
        """The partner's effort as `side` sees it: that of the posture it takes it for."""
        partner = "client" if side == "vendor" else "vendor"
        return effort if actual == seen or self.given else self.posture_efforts[partner][seen]

    @cached_property
    def bid_limit(self) -> float:
        """The largest bid for a client that makes any sense, per period; from the vendor's own numbers alone.

        What the client accepts does not enter: a bidder sees the limit and could tell the client's from it.
        """
        worths = self.period.stages.vendor[0] if self.given else self.space(0).vendor
        return max(0.0, float(worths.max()) - self.outside["vendor"])

    @cached_property
    def prize(self) -> float:
        """What a vendor may expect of a relationship per period beyond its outside option: its fair part."""
        if self.given:
            fair = float(self.period.stages.vendor[0, 0, -1, -1])
        else:
            point = self.space(0).points()["nash"]
            fair = self.outside["vendor"] if point is None else point.vendor
        return max(0.0, fair - self.outside["vendor"])


def drawn_from(distribution: Any, rng: np.random.Generator) -> int:
    """An outcome drawn from a distribution; one that is certain draws nothing.

    Examples
    --------
    >>> drawn_from([0.0, 1.0], np.random.default_rng(0))
    1
    """
    chances = np.asarray(distribution, dtype=np.float64)
    sure = int(chances.argmax())
    if chances[sure] == 1.0:
        return sure
    reached = int(np.searchsorted(np.cumsum(chances), rng.random(), side="right"))
    return min(reached, len(chances) - 1)
