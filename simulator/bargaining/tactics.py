"""Tactics: how one side makes and answers offers inside one negotiation.

A tactic is a small immutable class. What it may know is a `Knowledge`: its own values and outside option, and the
partner's only when both sides disclose. It answers two questions, for one moment or for all moments of a negotiation
at once (the same code serves a person's step-by-step negotiation and payoff matrices in bulk):

- ``thresholds(knowledge, times)``: the least own value it accepts at each time;
- ``proposals(knowledge, times, partner_offers, rng)``: the deal it proposes, given the partner's standing offer.

The time-dependent family is checked against reference answers of other software; `hard-bargainer`, `principled` and
`logroller` are modelling choices of this package, with parameters to calibrate them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, cast

import numpy as np
from numpy.typing import NDArray

from simulator.bargaining.deals import DealSpace
from simulator.parameters import Named, make, parameter, parse_call
from simulator.solvers import deals as solvers_deals

__all__ = ["TACTICS", "Knowledge", "Tactic", "tactic"]

Floats = NDArray[np.float64]
Deals = NDArray[np.intp]

NEAR = 1e-6  # a deal this little below the threshold is proposed when it is the nearer one
SLACK = 1e-9  # floating-point noise in sums of issue worths


@dataclass(frozen=True, eq=False)
class Knowledge:
    """What one side knows in a negotiation.

    Attributes
    ----------
    own : ndarray, shape (n_deals,)
        Own worth of every deal.
    outside : float
        Own outside option.
    tolerance : float
        What time-dependent tactics take off their threshold.
    choices : ndarray of int, shape (n_deals, n_issues)
        Option number of every deal in every issue.
    partner, partner_outside
        The partner's true worths and outside option when both disclose, else None.
    """

    own: Floats
    outside: float
    tolerance: float
    choices: NDArray[np.intp]
    partner: Floats | None = None
    partner_outside: float = 0.0

    @cached_property
    def ranked(self) -> Deals:
        """Individually rational deals from the lowest own worth to the highest; ties in enumeration order.

        Sums of issue worths that are equal on paper differ in the last digits, so ties are told on rounded worths.
        """
        rational = np.flatnonzero(self.own >= self.outside)
        scale = float(np.abs(self.own).max()) or 1.0
        return rational[np.argsort(np.round(self.own[rational] / scale, 13), kind="stable")]

    @cached_property
    def ranked_worth(self) -> Floats:
        """Own worth of the ranked deals, never falling."""
        return np.maximum.accumulate(self.own[self.ranked])

    @cached_property
    def _remembered(self) -> dict[object, Any]:
        """Answers to questions that several rounds or tactics ask again."""
        return {}

    def fair_deal(self, share: float) -> int | None:
        """The deal that maximises (own gain)^share (partner's gain)^(1-share); None without a deal for both."""
        if self.partner is None:
            return None
        key = ("fair deal", share)
        if key not in self._remembered:
            found = solvers_deals.points(self.own, self.partner, self.outside, self.partner_outside, weight=share)
            self._remembered[key] = found["nash"]
        return cast("int | None", self._remembered[key])

    def likeness(self, offer: int) -> NDArray[np.int64]:
        """In how many issues each ranked deal agrees with `offer`."""
        key = ("likeness", offer)
        if key not in self._remembered:
            self._remembered[key] = (self.choices[self.ranked] == self.choices[offer]).sum(axis=1)
        return cast("NDArray[np.int64]", self._remembered[key])

    def likeness_of(self, offers: Deals, ranks: NDArray[np.intp]) -> NDArray[np.int64]:
        """In how many issues the deals of each row of `ranks` agree with the offer of that row."""
        key = ("likeness of", offers.tobytes())
        if key not in self._remembered:
            distinct, row = np.unique(offers, return_inverse=True)
            self._remembered[key] = (np.stack([self.likeness(int(offer)) for offer in distinct]), row)
        table, row = self._remembered[key]
        return cast("NDArray[np.int64]", table[row[:, None], ranks])

    def most_alike(self, offers: Deals, ranks: NDArray[np.intp]) -> NDArray[np.intp]:
        """For each offer, the rank at or above `ranks` of the deal most like it (the lowest own worth of several).

        Without an offer (-1) the rank itself. The answers for all ranks are worked out once for a list of offers.
        """
        key = ("most alike", offers.tobytes())
        if key not in self._remembered:
            distinct, row = np.unique(offers, return_inverse=True)
            table = np.stack([self._most_alike_from(int(offer)) for offer in distinct])
            self._remembered[key] = (table, row)
        table, row = self._remembered[key]
        return cast("NDArray[np.intp]", table[row, ranks])

    def _most_alike_from(self, offer: int) -> NDArray[np.intp]:
        if offer < 0:
            return np.arange(len(self.ranked))
        backwards = self.likeness(offer)[::-1]
        best = np.maximum.accumulate(backwards)
        # Going down in rank, a deal as good as the best so far replaces it: the lowest own worth wins.
        last = np.maximum.accumulate(np.where(backwards == best, np.arange(len(best)), 0))
        return (len(best) - 1 - last)[::-1]

    @property
    def hopeless(self) -> bool:
        """No deal is worth at least the own outside option."""
        return len(self.ranked) == 0

    @property
    def best(self) -> float:
        """Own worth of the best individually rational deal (M)."""
        return float(self.ranked_worth[-1])

    def lowest_at_least(self, thresholds: Floats, *, near: float = 0.0) -> Deals:
        """The individually rational deal of lowest own worth at or above each threshold; one up to `near` below it
        where that is the nearer one; the best deal where nothing reaches it."""
        worth = self.ranked_worth
        above = np.minimum(np.searchsorted(worth, thresholds, side="left"), len(worth) - 1)
        if near > 0:
            below = np.maximum(above - 1, 0)
            gap = thresholds - worth[below]
            nearer = (gap > 0) & (gap <= near) & (gap < np.abs(worth[above] - thresholds))
            first = np.searchsorted(worth, worth[below], side="left")
            above = np.where(nearer, first, above)
        return self.ranked[above]


def knowledge_of(space: DealSpace, side: str, *, partner_open: bool) -> Knowledge:
    """What `side` knows in `space`; `partner_open`: both sides disclose."""
    own, outside = space.worth(side), space.outside(side)
    other = "client" if side == "vendor" else "vendor"
    tolerance = space.tolerance
    if tolerance is None:
        tolerance = 1e-4 * (float(own.max()) - float(own.min()))
    return Knowledge(
        own=own,
        outside=outside,
        tolerance=tolerance,
        choices=space.choices,
        partner=space.worth(other) if partner_open else None,
        partner_outside=space.outside(other),
    )


@dataclass(frozen=True, kw_only=True)
class Tactic(Named):
    """Base of all tactics; see the module's text for the contract."""

    kind: ClassVar[str] = "tactic"
    rule: ClassVar[str] = ""
    source: ClassVar[str] = ""
    discloses: ClassVar[bool] = False
    deterministic: ClassVar[bool] = True

    def walks_away(self, knowledge: Knowledge) -> bool:
        """Whether the side gives up at its first action."""
        return knowledge.hopeless

    def reads_offers(self, knowledge: Knowledge) -> bool:
        """Whether its proposals depend on the partner's offers (not only on time)."""
        return False

    def thresholds(self, knowledge: Knowledge, times: Floats) -> Floats:
        """Least own worth accepted at each of `times` (relative, in (0, 1))."""
        raise TypeError(f"{type(self).__name__} must define thresholds")

    def proposals(self, knowledge: Knowledge, times: Floats, partner_offers: Deals, rng: Any) -> Deals:
        """The deal proposed at each of `times`; `partner_offers` holds the standing offer, -1 for none."""
        raise TypeError(f"{type(self).__name__} must define proposals")


@dataclass(frozen=True, kw_only=True)
class TimeDependent(Tactic):
    """Concedes along 1 - t^exponent from its best deal to its worst acceptable one."""

    source: ClassVar[str] = "Faratin, Sierra & Jennings 1998, exponent form"
    exponent: float

    def _lowest(self, knowledge: Knowledge) -> float:
        return max(float(knowledge.own.min()), knowledge.outside)

    def thresholds(self, knowledge: Knowledge, times: Floats) -> Floats:
        high = knowledge.best
        low = min(self._lowest(knowledge), high)
        aspired = (1.0 - times**self.exponent) * (high - low) + low - knowledge.tolerance
        return np.clip(aspired, low, high)

    def proposals(self, knowledge: Knowledge, times: Floats, partner_offers: Deals, rng: Any) -> Deals:
        return knowledge.lowest_at_least(self.thresholds(knowledge, times), near=NEAR)


@dataclass(frozen=True, kw_only=True)
class Boulware(TimeDependent):
    """Holds out and concedes late."""

    name: ClassVar[str] = "boulware"
    rule: ClassVar[str] = "Holds near its best deal and concedes only towards the end."
    exponent: float = parameter(4.0, above=0)


@dataclass(frozen=True, kw_only=True)
class Linear(TimeDependent):
    """Concedes evenly."""

    name: ClassVar[str] = "linear"
    rule: ClassVar[str] = "Concedes by equal steps from its best deal to its limit."
    exponent: float = parameter(1.0, above=0)


@dataclass(frozen=True, kw_only=True)
class Conceder(TimeDependent):
    """Concedes early."""

    name: ClassVar[str] = "conceder"
    rule: ClassVar[str] = "Gives most of its room away in the first rounds."
    exponent: float = parameter(0.25, above=0)


@dataclass(frozen=True, kw_only=True)
class HardBargainer(TimeDependent):
    """Claims from the top and does not look at the partner's interests."""

    name: ClassVar[str] = "hard-bargainer"
    rule: ClassVar[str] = "Starts at its best deal, concedes late, and never looks at what the partner needs."
    source: ClassVar[str] = "a modelling choice on the time-dependent family (Faratin, Sierra & Jennings 1998)"
    exponent: float = parameter(2.0, above=0)
    floor: float = parameter(0.0, low=0, high=1)

    def _lowest(self, knowledge: Knowledge) -> float:
        return knowledge.outside + self.floor * (knowledge.best - knowledge.outside)


@dataclass(frozen=True, kw_only=True)
class Principled(Tactic):
    """Discloses its interests and proposes the fair efficient deal."""

    name: ClassVar[str] = "principled"
    rule: ClassVar[str] = "Lays its interests open and proposes the deal that shares the joint gain fairly."
    source: ClassVar[str] = "Fisher & Ury 1981; target by the weighted Nash solution; a modelling choice"
    discloses: ClassVar[bool] = True
    share: float = parameter(0.5, low=0, high=1)
    floor: float = parameter(0.0, low=0, high=1)

    def walks_away(self, knowledge: Knowledge) -> bool:
        """Also when both disclose and see that no deal suits both."""
        return knowledge.hopeless or (knowledge.partner is not None and knowledge.fair_deal(self.share) is None)

    def reads_offers(self, knowledge: Knowledge) -> bool:
        return knowledge.partner is None

    def _wanted(self, knowledge: Knowledge, times: Floats) -> Floats:
        target = knowledge.fair_deal(self.share)
        if target is None:
            gain = self.share * (knowledge.best - knowledge.outside)
        else:
            gain = float(knowledge.own[target]) - knowledge.outside
        return knowledge.outside + gain * (1.0 - times * (1.0 - self.floor))

    def thresholds(self, knowledge: Knowledge, times: Floats) -> Floats:
        return self._wanted(knowledge, times) - SLACK

    def proposals(self, knowledge: Knowledge, times: Floats, partner_offers: Deals, rng: Any) -> Deals:
        target = knowledge.fair_deal(self.share)
        if target is not None:
            return np.full(len(times), target, dtype=np.intp)
        wanted = self.thresholds(knowledge, times)
        rank = np.minimum(np.searchsorted(knowledge.ranked_worth, wanted), len(knowledge.ranked) - 1)
        return knowledge.ranked[knowledge.most_alike(partner_offers, rank)]


@dataclass(frozen=True, kw_only=True)
class Logroller(TimeDependent):
    """Concedes evenly, but trades issues off so that a concession is worth most to the partner."""

    name: ClassVar[str] = "logroller"
    rule: ClassVar[str] = "Among deals equally good for itself it proposes the one that serves the partner best."
    source: ClassVar[str] = "trade-off tactics after Faratin, Sierra & Jennings 2002; a modelling choice"
    discloses: ClassVar[bool] = True
    exponent: float = parameter(1.0, above=0)

    def reads_offers(self, knowledge: Knowledge) -> bool:
        return knowledge.partner is None

    def proposals(self, knowledge: Knowledge, times: Floats, partner_offers: Deals, rng: Any) -> Deals:
        wanted = self.thresholds(knowledge, times)
        chosen = knowledge.lowest_at_least(wanted - SLACK)
        reach = 0.01 * (knowledge.best - knowledge.outside)
        worth = knowledge.ranked_worth
        first = np.searchsorted(worth, wanted - SLACK, side="left")
        last = np.searchsorted(worth, wanted + reach + SLACK, side="right")
        open_ = np.flatnonzero((last > first) & ((knowledge.partner is not None) | (partner_offers >= 0)))
        if len(open_) == 0:
            return chosen
        # The deals within reach at each time, a row each; rows are filled up to the longest.
        ranks = first[open_, None] + np.arange(int((last - first)[open_].max()))
        within = ranks < last[open_, None]
        ranks = np.minimum(ranks, len(worth) - 1)
        deals = knowledge.ranked[ranks]
        if knowledge.partner is not None:
            serves = np.where(within, knowledge.partner[deals], -np.inf)
            good = serves >= serves.max(axis=1, keepdims=True) - SLACK
        else:
            alike = np.where(within, knowledge.likeness_of(partner_offers[open_], ranks), -1)
            good = alike == alike.max(axis=1, keepdims=True)
        chosen[open_] = np.where(good, deals, len(knowledge.own)).min(axis=1)
        return chosen


@dataclass(frozen=True, kw_only=True)
class RandomOffers(Tactic):
    """A control: proposes any acceptable deal, takes any acceptable offer."""

    name: ClassVar[str] = "random-offers"
    rule: ClassVar[str] = "A control: proposes a random acceptable deal and takes any acceptable offer."
    source: ClassVar[str] = "a control"
    deterministic: ClassVar[bool] = False

    def reads_offers(self, knowledge: Knowledge) -> bool:
        return False

    def thresholds(self, knowledge: Knowledge, times: Floats) -> Floats:
        return np.full(len(times), knowledge.outside)

    def proposals(self, knowledge: Knowledge, times: Floats, partner_offers: Deals, rng: Any) -> Deals:
        drawn: Deals = rng.integers(len(knowledge.ranked), size=len(times))
        return knowledge.ranked[drawn]


TACTICS: dict[str, type[Tactic]] = {
    cls.name: cls for cls in (Boulware, Linear, Conceder, HardBargainer, Principled, Logroller, RandomOffers)
}


def tactic(name: str | Tactic, **parameters: Any) -> Tactic:
    """Make a tactic by name, with parameters.

    Parameters
    ----------
    name : str or Tactic
        ``"principled"`` or ``"principled(share=0.6)"``; a tactic is returned as it is.
    **parameters
        Parameters of the tactic.

    Raises
    ------
    UnknownNameError, SimulatorError
        For an unknown name or parameter, or a value that is not allowed.

    Examples
    --------
    >>> str(tactic("principled", share=0.6))
    'principled(share=0.6)'
    """
    if isinstance(name, Tactic):
        return name.with_parameters(**parameters) if parameters else name
    word, given = parse_call(name)
    return make(TACTICS, "tactic", word, {**given, **parameters})
