"""Where a result of a pair is not smooth in a number: a deal changes, a threshold is crossed, a chance reaches 0 or 1.

The regime of a scenario lists what may not change while a derivative holds. Between two values of a number the places
where it changes are found by halving.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from simulator.games.stages import TOLERANCE, Stages
from simulator.games.tangents import picked
from simulator.relationships.exact import Relationship, relationship
from simulator.relationships.flows import Flows
from simulator.relationships.period import period_of
from simulator.relationships.planner import Plan, plan_of, shares_of
from simulator.scenario.schema import Scenario
from simulator.strategies.contract import Agent

__all__ = ["Break", "Regime", "Walk", "regime"]

CLOSE = 1e-7  # two values of a number this close, relative to its size, count as one place
MOST = 3  # changes of regime that are looked into
EDGE = 1e-12  # of a probability


@dataclass(frozen=True)
class Break:
    """A place where the regime changes.

    Attributes
    ----------
    below, above : float
        Values of the number just below and just above it.
    what : str
        What changes, in words.
    """

    below: float
    above: float
    what: str

    @property
    def middle(self) -> float:
        """The place as one number."""
        return (self.below + self.above) / 2


@dataclass(frozen=True, eq=False)
class Regime:
    """What holds in every cell of the stage games that a pair meets, by name; equal regimes share their formulas."""

    scenario: Scenario
    holds: dict[str, NDArray[np.int64]]

    def change(self, other: Regime) -> str:
        """What changes from this regime to another, in words; empty where nothing does."""
        for name, mine in self.holds.items():
            theirs = other.holds[name]
            if np.array_equal(mine, theirs):
                continue
            if mine.ndim < 4 or mine.shape != theirs.shape:
                return WORDS[name]
            cell = np.argwhere(mine != theirs)[0].tolist()
            at_v, at_c = cell[-3:-1] if name == "deal" else cell[-2:]
            vendor, client = self.scenario.postures("vendor")[at_v], self.scenario.postures("client")[at_c]
            return f"{WORDS[name]} when {vendor} meets {client}"
        return ""


WORDS = {
    "deal": "the deal changes",
    "rounds": "the number of rounds changes",
    "below vendor": "the vendor's payoff crosses its outside option",
    "below client": "the client's payoff crosses its outside option",
    "starves": "the vendor's surplus crosses what it needs",
    "surplus": "the vendor's surplus crosses 0",
    "certain": "the level becomes certain to rise, or ceases to be",
    "created": "the value created crosses 0",
    "grudge vendor": "the vendor begins or ceases to begrudge",
    "grudge client": "the client begins or ceases to begrudge",
    "share": "the vendor's best share to reinvest changes",
    "plan": "the best decisions of a planner of both sides change",
    "planned end": "a planner of both sides parts at another time",
    "planned rise": "the level becomes certain to rise, or ceases to be",
}


@lru_cache(maxsize=256)
def _used(scenario: Scenario, vendor: Agent, client: Agent, reinvest: float) -> NDArray[np.bool_]:
    return Flows(scenario, vendor, client, reinvest).used


def regime(now: Relationship, scenario: Scenario, result: str = "joint_value") -> Regime:
    """The regime of a scenario in the cells that the pair `now` meets, or for the first best its planner."""
    met = _used(now.scenario, now.vendor, now.client, now.reinvest)
    plan = plan_of(scenario) if result in ("first_best", "left_on_table") else None
    bounded = plan if plan is not None and np.isfinite(plan.values[0, 0]) else None
    used = met if bounded is None else met | bounded.used
    stages = period_of(scenario).stages
    cells = np.asarray(used.any(axis=1, keepdims=True))  # (levels, 1, n_v, n_c)
    holds: dict[str, NDArray[np.int64]] = {}
    if scenario.payoffs is None:
        deals = np.stack([picked(scenario, stages, axis) for axis in range(len(scenario.issue))], axis=-1)
        holds["deal"] = np.where(cells[..., None], deals[:, None], 0)
        holds["rounds"] = np.where(cells, stages.rounds[:, None], 0)
    holds["below vendor"] = np.where(used, stages.vendor_below, 0)
    holds["below client"] = np.where(used, stages.client_below, 0)
    holds["starves"] = np.where(cells, stages.starves[:, None], 0)
    best_reply = isinstance(scenario.maturity.reinvest, str)
    share = relationship(scenario, vendor=now.vendor, client=now.client).reinvest if best_reply else now.reinvest
    if best_reply:
        holds["share"] = np.array([round(share * 10)])
    holds |= _bounds(scenario, stages, met, cells, share if best_reply else float(scenario.maturity.reinvest))
    if plan is not None:
        holds |= {"planned end": np.zeros(0, dtype=np.int64)} if bounded is None else _planned(bounded, stages)
    return Regime(scenario, holds)


def _planned(plan: Plan, stages: Stages) -> dict[str, NDArray[np.int64]]:
    """What the planner decides, and which of its shares make the level certain to rise."""
    rises = [stages.rise(float(share)) >= 1.0 for share in shares_of(plan.scenario)]
    return {
        "planned end": 1 * plan.parted,
        "plan": 1 * plan.chosen,
        "planned rise": np.where(plan.used.any(axis=1), rises, 0),
    }


def _bounds(
    scenario: Scenario, stages: Stages, used: NDArray[np.bool_], cells: NDArray[np.bool_], share: float
) -> dict[str, NDArray[np.int64]]:
    """Which side of their bounds surplus, chances to rise, and chances to begrudge lie on."""
    rules = scenario.relationship
    gains = {
        "vendor": stages.vendor - scenario.vendor.outside_option,
        "client": stages.client - scenario.client.outside_option,
    }
    holds: dict[str, NDArray[np.int64]] = {}
    if len(scenario.levels) > 1:
        both = stages.vendor_cooperates[:, None] & stages.client_cooperates[None, :]
        holds["surplus"] = np.where(cells & both, gains["vendor"][:, :1] > TOLERANCE, 0)
        holds["certain"] = np.where(cells, stages.rise(share)[:, None] >= 1.0, 0)
    if rules.begrudge > 0 and rules.can_leave:
        created = gains["vendor"] + gains["client"]
        holds["created"] = np.where(used, created > 0, 0)
        for side, gain in gains.items():
            part = np.divide(gain, created, out=np.full(created.shape, rules.fair_share), where=created > 0)
            wish = rules.begrudge * (rules.fair_share - part)
            holds[f"grudge {side}"] = np.where(used, 1 * (wish > EDGE) + 1 * (wish > 1.0), 0)
    return holds


class Walk:
    """A pair while one number moves: the result and the regime at each value, each worked out once."""

    def __init__(self, now: Relationship, result: str, change: Callable[[float], Scenario]) -> None:
        self.now, self.result, self.change = now, result, change
        self._results: dict[float, float] = {}
        self._regimes: dict[float, Regime] = {}

    def at(self, value: float) -> float:
        """The result where the number has this value."""
        if value not in self._results:
            found = relationship(self.change(value), vendor=self.now.vendor, client=self.now.client)
            self._results[value] = float(getattr(found, self.result))
        return self._results[value]

    def regime(self, value: float) -> Regime:
        """The regime where the number has this value."""
        if value not in self._regimes:
            self._regimes[value] = regime(self.now, self.change(value), self.result)
        return self._regimes[value]

    def changed(self, low: float, high: float) -> str:
        """What is different between two values, in words; empty where nothing is."""
        return self.regime(low).change(self.regime(high))

    def spans(self, places: Sequence[float], slope: float) -> list[tuple[float, float]]:
        """Neighbours among ascending `places` between which the regime changes, the largest change of the result first.

        Changes are those beyond `slope`, what the result would change by per unit without any break.
        """
        found = [span for span in pairwise(places) if self.changed(*span)]
        return sorted(found, key=lambda span: -self._bend(span, slope))[:MOST]

    def largest(self, span: tuple[float, float], slope: float) -> Break:
        """The break within a span at which the result changes most beyond `slope`."""
        return self._narrowed(span, lambda half: self._bend(half, slope))

    def near(self, span: tuple[float, float], value: float) -> Iterator[Break]:
        """Some breaks within a span, those nearest to a value outside of it first."""
        low, high = span
        for _ in range(MOST):
            if not self.changed(low, high):
                return
            met = self._narrowed((low, high), lambda half: -abs(half[0] - value))
            yield met
            low, high = (met.above, high) if value <= low else (low, met.below)

    def _bend(self, span: tuple[float, float], slope: float) -> float:
        return abs(self.at(span[1]) - self.at(span[0]) - slope * (span[1] - span[0]))

    def _narrowed(self, span: tuple[float, float], wanted: Callable[[tuple[float, float]], float]) -> Break:
        low, high = span
        close = CLOSE * max(1.0, abs(low), abs(high))
        while high - low > close:
            middle = (low + high) / 2
            low, high = max((half for half in ((low, middle), (middle, high)) if self.changed(*half)), key=wanted)
        return Break(low, high, self.changed(low, high))
