"""Every agreed deal of the class in both sides' values: the data of the scatter, and what it says.

A deal is valued at the first maturity level, whatever the level at which it was agreed, so that all lie under one
frontier. Where a scenario gives its payoffs directly, the outcomes of the pairs of postures take the place of deals.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.bargaining.deals import DealSpace, deal_space
from simulator.errors import SimulatorError
from simulator.games.stages import compile_stages
from simulator.solvers.frontier import pareto
from simulator.workshop.debrief.account import ClassAccount
from simulator.workshop.debrief.amounts import unit_of
from simulator.workshop.debrief.spoken import count_of, noun, sentence
from simulator.workshop.record import Turn
from simulator.workshop.words import Words

__all__ = ["Cloud", "Spot", "cloud_of", "deal_sentences"]

Floats = NDArray[np.float64]
SAME = 1e-9  # values this close, relative to the largest, are equal up to rounding


@dataclass(frozen=True)
class Spot:
    """An outcome that the class reached: worth to both sides per period, how often, and whether on the frontier."""

    vendor: float
    client: float
    count: int
    best: bool
    name: str = ""


@dataclass(frozen=True, eq=False)
class Cloud:
    """The class in the deal space.

    Attributes
    ----------
    spots : tuple of Spot
        Distinct outcomes, the most frequent first.
    none : int
        Negotiations without agreement.
    frontier : ndarray, shape (n, 2)
        Outcomes that nobody can improve on without hurting the other, by the vendor's value.
    space : ndarray, shape (n, 2)
        All outcomes.
    nash, equal : tuple of float or None
        Nash's and the equal-split (egalitarian) point.
    outside : tuple of float
        Both outside options: the no-deal corner.
    short : float
        Joint worth that an average deal misses against the best one, per period.
    negotiated : bool
        Whether there were deals to negotiate; else outcomes of postures.
    """

    spots: tuple[Spot, ...]
    none: int
    frontier: Floats
    space: Floats
    nash: tuple[float, float] | None
    equal: tuple[float, float] | None
    outside: tuple[float, float]
    short: float
    negotiated: bool

    @property
    def agreed(self) -> int:
        """Outcomes counted."""
        return sum(spot.count for spot in self.spots)

    @property
    def better(self) -> int:
        """Deals to which another one was better for both."""
        return sum(spot.count for spot in self.spots if not spot.best)


def cloud_of(account: ClassAccount) -> Cloud:
    """Where the deals of a round lie.

    Raises
    ------
    SimulatorError
        For a deal that the scenario does not have.
    """
    turns = [turn for one in account.accounts for turn in one.pair.turns]
    if account.scenario.payoffs is not None:
        return _of_postures(account, turns)
    space = deal_space(account.scenario)
    found = Counter(space.index(turn.deal) for turn in turns if turn.agreed and turn.deal is not None)
    none = sum(not turn.agreed for turn in turns)
    values = np.column_stack([space.vendor, space.client])
    best = {_place(values[k]) for k in space.pareto()}
    spots = tuple(
        Spot(float(values[k, 0]), float(values[k, 1]), count, _place(values[k]) in best)
        for k, count in sorted(found.items(), key=lambda item: (-item[1], item[0]))
    )
    points = space.points()
    nash, equal = points["nash"], points["egalitarian"]
    outside = (space.vendor_outside, space.client_outside)
    return Cloud(
        spots,
        none,
        _sorted(values[space.pareto()]),
        values,
        None if nash is None else (nash.vendor, nash.client),
        None if equal is None else (equal.vendor, equal.client),
        outside,
        _short(values, spots),
        negotiated=True,
    )


def _of_postures(account: ClassAccount, turns: list[Turn]) -> Cloud:
    scenario, stages = account.scenario, compile_stages(account.scenario)
    vendor, client = stages.vendor[0, 0], stages.client[0, 0]
    values = np.column_stack([vendor.ravel(), client.ravel()])
    edge = pareto(values[:, 0], values[:, 1])
    best = {_place(values[k]) for k in edge}
    found = Counter((turn.vendor_posture, turn.client_posture) for turn in turns)
    names = scenario.postures("vendor"), scenario.postures("client")
    spots = []
    for (i, j), count in sorted(found.items(), key=lambda item: (-item[1], item[0])):
        at = (float(vendor[i, j]), float(client[i, j]))
        spots.append(Spot(*at, count, _place(at) in best, f"{names[0][i]} / {names[1][j]}"))
    outside = (scenario.vendor.outside_option, scenario.client.outside_option)
    return Cloud(
        tuple(spots), 0, _sorted(values[edge]), values, None, None, outside, _short(values, spots), negotiated=False
    )


def _place(at: Floats | tuple[float, float]) -> tuple[float, float]:
    return round(float(at[0]), 9), round(float(at[1]), 9)


def _sorted(values: Floats) -> Floats:
    return np.asarray(np.unique(values, axis=0), dtype=np.float64)


def _short(values: Floats, spots: tuple[Spot, ...] | list[Spot]) -> float:
    count = sum(spot.count for spot in spots)
    if not count:
        return 0.0
    most = float(values.sum(axis=1).max())
    return sum(spot.count * (most - spot.vendor - spot.client) for spot in spots) / count


def known_deals(account: ClassAccount) -> bool:
    """Whether every deal of the round is one of the scenario's."""
    if account.scenario.payoffs is not None:
        return True
    space: DealSpace = deal_space(account.scenario)
    try:
        for one in account.accounts:
            for turn in one.pair.turns:
                if turn.deal is not None:
                    space.index(turn.deal)
    except SimulatorError:
        return False
    return True


def deal_sentences(account: ClassAccount, cloud: Cloud, say: Words) -> list[str]:
    """What the scatter says."""
    scenario = account.scenario
    unit = unit_of([cloud.short], scenario.currency)
    key = "short" if cloud.negotiated else "short_outcome"
    short = say(f"debrief.deals.{key}", amount=unit.said(cloud.short), period=scenario.period)
    if not cloud.negotiated:
        return [_posture_sentence(account, cloud, say), *([short] if cloud.short > unit.least else [])]
    talks = cloud.agreed + cloud.none
    if not cloud.agreed:
        return [sentence(say, "debrief.deals.nobody", count=talks, talks=noun(say, "negotiation", talks))]
    first = say(
        "debrief.deals.all" if not cloud.none else "debrief.deals.some",
        count=talks,
        talks=noun(say, "negotiation", talks),
        agreed=count_of(say, cloud.agreed, among=talks),
    )
    better = count_of(say, cloud.better, among=talks)
    second = say(f"debrief.deals.{'better' if cloud.better else 'efficient'}", count=cloud.better, n=better)
    said = [sentence(say, "debrief.deals.both", first=first, second=second)]
    if cloud.short > unit.least:
        said.append(short)
    return said


def _posture_sentence(account: ClassAccount, cloud: Cloud, say: Words) -> str:
    """How often both built or squeezed, in the scenario's own words; of more than two the most frequent outcome."""
    scenario, count = account.scenario, cloud.agreed
    counted = {"count": count, "period": scenario.period}
    names = scenario.postures("vendor")
    if len(names) != 2 or names != scenario.postures("client"):
        most, n = count_of(say, cloud.spots[0].count, among=count), count_of(say, count)
        return sentence(say, "debrief.deals.outcomes_of", **counted, n=n, most=most, outcome=cloud.spots[0].name)
    found = Counter((turn.vendor_posture, turn.client_posture) for one in account.accounts for turn in one.pair.turns)
    both, neither, n = (count_of(say, k, among=count) for k in (found[1, 1], found[0, 0], count))
    return sentence(
        say, "debrief.deals.postures", **counted, n=n, both=both, neither=neither, squeeze=names[0], build=names[1]
    )
