"""The stage games of a scenario at every maturity level, compiled once as arrays.

A period's payoffs follow from both postures: their tactics negotiate on the deal space of the level, then efforts are
delivered. Where a scenario gives its payoffs directly, they grow with the level. Indices everywhere: maturity level,
fed (0) or starved (1) vendor, vendor posture, client posture.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from simulator.bargaining.deals import agreed_worth, deal_space
from simulator.bargaining.protocol import Outcomes, outcomes
from simulator.bargaining.tactics import Tactic, tactic
from simulator.scenario.schema import Delivery, Relationship, Scenario, TacticChoice

__all__ = ["TOLERANCE", "Stages", "begrudge_chances", "compile_stages"]

TOLERANCE = 1e-9  # of money, when a payoff is compared with an outside option
# What tactics agree on does not depend on these, so scenarios that differ in nothing else share their negotiations.
NOT_TALKED_ABOUT = {"deal": None, "delivery": Delivery(), "relationship": Relationship(), "horizon": 1, "discount": 1.0}

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Stages:
    """Payoffs of one period, before reinvestment, with what follows from them.

    Attributes
    ----------
    vendor, client : ndarray of float, shape (levels, 2, n_v, n_c)
        Money per period.
    agreed : ndarray of bool, shape (levels, n_v, n_c)
        Whether the postures' tactics reach a deal.
    vendor_below, client_below : ndarray of bool, shape (levels, 2, n_v, n_c)
        Whether the side counts as below its outside option; without agreement it does.
    starves : ndarray of bool, shape (levels, n_v, n_c)
        Whether the vendor is starved in the next period.
    investable : ndarray of float, shape (levels, n_v, n_c)
        The vendor's surplus where both postures cooperate, below the top level; 0 elsewhere.
    falls : ndarray of float, shape (levels, n_v, n_c)
        Probability that the level falls by one.
    vendor_cooperates, client_cooperates : ndarray of bool, shape (n_v,) and (n_c,)
        Whether each posture counts as cooperation.
    """

    scenario: Scenario
    vendor: Floats
    client: Floats
    agreed: Flags
    vendor_below: Flags
    client_below: Flags
    starves: Flags
    investable: Floats
    falls: Floats
    vendor_cooperates: Flags
    client_cooperates: Flags

    def rise(self, share: float) -> Floats:
        """Probability that the level rises when the vendor reinvests `share` of its surplus, (levels, n_v, n_c)."""
        return np.minimum(1.0, share * self.investable / self.scenario.maturity.level_cost)


@lru_cache(maxsize=256)
def compile_stages(scenario: Scenario) -> Stages:
    """Compile the stage games of a scenario at all its maturity levels.

    Raises
    ------
    SimulatorError
        For an unknown or a random tactic in a posture.
    """
    levels = len(scenario.levels)
    cooperates = {side: np.array(scenario.cooperates(side), dtype=bool) for side in ("vendor", "client")}
    compiled = _given(scenario) if scenario.payoffs is not None else _negotiated(scenario)
    vendor, client, agreed = compiled
    outside = {side: scenario.party(side).outside_option for side in ("vendor", "client")}
    surplus = vendor[:, 0] - outside["vendor"]
    both = cooperates["vendor"][:, None] & cooperates["client"][None, :]
    below_top = np.arange(levels)[:, None, None] < levels - 1
    needs = scenario.delivery.vendor.needs
    nobody = np.zeros(agreed.shape, dtype=bool)
    stages = Stages(
        scenario=scenario,
        vendor=vendor,
        client=client,
        agreed=agreed,
        vendor_below=(vendor < outside["vendor"] - TOLERANCE) | ~agreed[:, None],
        client_below=(client < outside["client"] - TOLERANCE) | ~agreed[:, None],
        starves=nobody if scenario.payoffs is not None else surplus < needs - TOLERANCE,
        investable=np.where(both & below_top, np.maximum(surplus, 0.0), 0.0),
        falls=np.where(~both & (np.arange(levels)[:, None, None] > 0), scenario.maturity.decay, 0.0),
        vendor_cooperates=cooperates["vendor"],
        client_cooperates=cooperates["client"],
    )
    for array in vars(stages).values():
        if isinstance(array, np.ndarray):
            array.flags.writeable = False
    return stages


def begrudge_chances(stages: Stages) -> dict[str, Floats]:
    """For each side, the chance to leave because its share of the value created in a period is too small.

    Returns
    -------
    dict of ndarray, shape (levels, 2, n_v, n_c)
        0 where nothing is created, and where nobody can leave.
    """
    rules, parties = stages.scenario.relationship, stages.scenario
    gains = {
        "vendor": stages.vendor - parties.vendor.outside_option,
        "client": stages.client - parties.client.outside_option,
    }
    created = gains["vendor"] + gains["client"]
    chances = {}
    for side, gain in gains.items():
        # Where nothing is created (up to rounding) there is no share; the fair one stands in: nobody begrudges.
        share = np.divide(gain, created, out=np.full(created.shape, rules.fair_share), where=created > TOLERANCE)
        chances[side] = np.clip(rules.begrudge * (rules.fair_share - share), 0.0, 1.0) * rules.can_leave
    return chances


def posture_tactics(scenario: Scenario, side: str) -> list[Tactic]:
    """The tactic of each posture of a side."""
    return [_made(choice.tactic) for choice in scenario.posture_choices(side)]


def _made(choice: TacticChoice) -> Tactic:
    return tactic(choice.name, **dict(choice.parameters))


def _negotiated(scenario: Scenario) -> tuple[Floats, Floats, Flags]:
    """Payoffs where both postures' tactics negotiate and then deliver."""
    effort = {
        side: np.array([choice.effort for choice in scenario.posture_choices(side)]) for side in ("vendor", "client")
    }
    given, taken = effort["vendor"][:, None], effort["client"][None, :]
    rules, serve, help_ = scenario.negotiation, scenario.delivery.vendor, scenario.delivery.client
    vendor, client, agreed = [], [], []
    for level, talks in enumerate(_talks(scenario.model_copy(update=NOT_TALKED_ABOUT))):
        deal, worths = talks.deal >= 0, [talks.vendor, talks.client]
        settled = agreed_worth(scenario, level)
        if settled is not None:  # two cooperating sides renew it in one round
            both = np.logical_and.outer(scenario.cooperates("vendor"), scenario.cooperates("client"))
            worths = [np.where(both, worth - rules.round_cost, w) for worth, w in zip(settled, worths, strict=True)]
            deal = deal | both
        delivered = np.where(deal, help_.benefit * taken - serve.cost * given, 0.0)
        vendor.append([worths[0] + delivered] * 2)
        client.append(
            [
                worths[1] + np.where(deal, serve.benefit * given * worth - help_.cost * taken, 0.0)
                for worth in (1.0, serve.starved)
            ]
        )
        agreed.append(deal)
    return np.array(vendor), np.array(client), np.array(agreed)


@lru_cache(maxsize=256)
def _talks(scenario: Scenario) -> tuple[Outcomes, ...]:
    """What the postures' tactics agree on, level by level."""
    rules = scenario.negotiation
    return tuple(
        outcomes(
            deal_space(scenario, level=level),
            posture_tactics(scenario, "vendor"),
            posture_tactics(scenario, "client"),
            rounds=rules.rounds,
            round_cost=rules.round_cost,
            first=rules.first_offer,
        )
        for level in range(len(scenario.levels))
    )


def _given(scenario: Scenario) -> tuple[Floats, Floats, Flags]:
    """Payoffs that the scenario gives directly, growing with the level above the outside option."""
    levels = np.arange(len(scenario.levels))[:, None, None, None]
    grown = []
    for side in ("vendor", "client"):
        matrix = np.array(getattr(scenario.payoffs, side), dtype=np.float64)
        gain = np.maximum(0.0, matrix - scenario.party(side).outside_option)
        grown.append(np.repeat(matrix + scenario.maturity.growth * levels * gain, 2, axis=1))
    return grown[0], grown[1], np.ones((len(scenario.levels), *grown[0].shape[2:]), dtype=bool)
