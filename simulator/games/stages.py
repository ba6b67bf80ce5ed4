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

NO_DEAL, IN_FORCE = -1, -2  # in place of the number of a deal
TOLERANCE = 1e-9  # of money, when a payoff is compared with an outside option

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Stages:
    """Payoffs of one period, before reinvestment, with what follows from them.

    Attributes
    ----------
    vendor, client : ndarray of float, shape (levels, 2, n_v, n_c)
        Money per period.
    deal, rounds : ndarray of int, shape (levels, n_v, n_c)
        Number of the deal that the postures' tactics reach, `NO_DEAL`, or `IN_FORCE` for the scenario's deal in force;
        and the rounds begun; zeros where the payoffs are given directly.
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
    deal: Ints
    rounds: Ints
    vendor_below: Flags
    client_below: Flags
    starves: Flags
    investable: Floats
    falls: Floats
    vendor_cooperates: Flags
    client_cooperates: Flags

    @property
    def agreed(self) -> Flags:
        """Whether the postures' tactics reach a deal, shape (levels, n_v, n_c)."""
        return np.asarray(self.deal != NO_DEAL)

    def rise(self, share: float) -> Floats:
        """Probability that the level rises when the vendor reinvests `share` of its surplus, (levels, n_v, n_c)."""
        return rise_chance(self.scenario, share * self.investable)


@lru_cache(maxsize=256)
def compile_stages(scenario: Scenario) -> Stages:
    """Compile the stage games of a scenario at all its maturity levels.

    Raises
    ------
    SimulatorError
        For an unknown or a random tactic in a posture.
    """
    return assemble(scenario, *(_given(scenario) if scenario.payoffs is not None else _negotiated(scenario)))


def assemble(scenario: Scenario, vendor: Floats, client: Floats, deal: Ints, rounds: Ints) -> Stages:
    """Put payoffs together with what follows from them."""
    levels = len(scenario.levels)
    cooperates = {side: np.array(scenario.cooperates(side), dtype=bool) for side in ("vendor", "client")}
    agreed = deal != NO_DEAL
    outside = {side: scenario.party(side).outside_option for side in ("vendor", "client")}
    surplus = vendor[:, 0] - outside["vendor"]
    both = cooperates["vendor"][:, None] & cooperates["client"][None, :]
    below_top = np.arange(levels)[:, None, None] < levels - 1
    stages = Stages(
        scenario=scenario,
        vendor=vendor,
        client=client,
        deal=deal,
        rounds=rounds,
        vendor_below=below_outside(vendor, outside["vendor"], agreed[:, None]),
        client_below=below_outside(client, outside["client"], agreed[:, None]),
        starves=starves(scenario, surplus),
        investable=investable(surplus, both & below_top),
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
    return {side: begrudge_chance(rules, gain, gains["vendor"] + gains["client"]) for side, gain in gains.items()}


# -- what follows from the payoffs of a period, element by element: for whole tables, and for a deal that people made --


def begrudge_chance(rules: Relationship, gain: Floats, created: Floats) -> Floats:
    """Chance to leave of a side that has `gain` of the value created in a period; 0 where nobody can leave."""
    # Where nothing is created (up to rounding) there is no share; the fair one stands in: nobody begrudges.
    share = np.divide(gain, created, out=np.full(np.shape(created), rules.fair_share), where=created > TOLERANCE)
    return np.asarray(np.clip(rules.begrudge * (rules.fair_share - share), 0.0, 1.0) * rules.can_leave)


def below_outside(payoff: Floats, outside: float, agreed: Flags) -> Flags:
    """Whether a side counts as below its outside option; without agreement it does."""
    return np.asarray((payoff < outside - TOLERANCE) | ~agreed)


def starves(scenario: Scenario, surplus: Floats) -> Flags:
    """Whether a vendor with this surplus before reinvestment is starved in the next period."""
    if scenario.payoffs is not None:
        return np.zeros(np.shape(surplus), dtype=bool)
    return np.asarray(surplus < scenario.delivery.vendor.needs - TOLERANCE)


def investable(surplus: Floats, invests: Flags) -> Floats:
    """The surplus of which a vendor reinvests a share, where it does."""
    return np.where(invests, np.maximum(surplus, 0.0), 0.0)


def rise_chance(scenario: Scenario, invested: Floats) -> Floats:
    """Chance that the level rises by what the vendor reinvested."""
    return np.minimum(1.0, invested / scenario.maturity.level_cost)


def delivered(scenario: Scenario, given: Floats, taken: Floats, *, served: float = 1.0) -> tuple[Floats, Floats]:
    """What the efforts `given` by the vendor and `taken` from the client add for vendor and client.

    `served` is the part of its worth that the vendor's effort has: `delivery.vendor.starved` where it is starved.
    """
    serve, help_ = scenario.delivery.vendor, scenario.delivery.client
    return help_.benefit * taken - serve.cost * given, serve.benefit * given * served - help_.cost * taken


# ----------------------------------------------------------------------------------------------------------------------


def posture_tactics(scenario: Scenario, side: str) -> list[Tactic]:
    """The tactic of each posture of a side."""
    return [_made(choice.tactic) for choice in scenario.posture_choices(side)]


def _made(choice: TacticChoice) -> Tactic:
    return tactic(choice.name, **dict(choice.parameters))


def _negotiated(scenario: Scenario) -> tuple[Floats, Floats, Ints, Ints]:
    """Payoffs where both postures' tactics negotiate and then deliver."""
    effort = {
        side: np.array([choice.effort for choice in scenario.posture_choices(side)]) for side in ("vendor", "client")
    }
    given, taken = effort["vendor"][:, None], effort["client"][None, :]
    both = np.logical_and.outer(scenario.cooperates("vendor"), scenario.cooperates("client"))
    vendor, client, deals, rounds = [], [], [], []
    for level, talks in enumerate(_talks(_at_the_table(scenario))):
        reached, begun, worths = talks.deal, talks.rounds, [talks.vendor, talks.client]
        agreed = agreed_worth(scenario, level)
        if agreed is not None:  # two cooperating sides renew it in one round
            cost = scenario.negotiation.round_cost
            worths = [np.where(both, worth - cost, w) for worth, w in zip(agreed, worths, strict=True)]
            reached, begun = np.where(both, IN_FORCE, reached), np.where(both, 1, begun)
        deal = reached != NO_DEAL
        added = [delivered(scenario, given, taken, served=s) for s in (1.0, scenario.delivery.vendor.starved)]
        vendor.append([worths[0] + np.where(deal, to_vendor, 0.0) for to_vendor, _ in added])
        client.append([worths[1] + np.where(deal, to_client, 0.0) for _, to_client in added])
        deals.append(reached)
        rounds.append(begun)
    return np.array(vendor), np.array(client), np.array(deals), np.array(rounds)


def _at_the_table(scenario: Scenario) -> Scenario:
    """The scenario with all that the postures' tactics do not negotiate about left out."""
    tables = ("posture", "vendor_posture", "client_posture")
    postures = {table: getattr(scenario, table) for table in tables}
    idle = {
        table: listed and tuple(posture.model_copy(update={"effort": 0.0}) for posture in listed)
        for table, listed in postures.items()
    }
    maturity = scenario.maturity.model_copy(update={"reinvest": 0.0, "level_cost": 1.0, "decay": 0.0})
    rest = {"deal": None, "horizon": 1, "discount": 1.0, "delivery": Delivery(), "relationship": Relationship()}
    return scenario.model_copy(update={**rest, **idle, "maturity": maturity}).with_estimates(())


@lru_cache(maxsize=256)
def _talks(scenario: Scenario) -> tuple[Outcomes, ...]:
    """How the negotiations of all postures end, at each level; the same for whatever is delivered afterwards."""
    tactics = {side: posture_tactics(scenario, side) for side in ("vendor", "client")}
    rules = scenario.negotiation
    return tuple(
        outcomes(
            deal_space(scenario, level=level),
            tactics["vendor"],
            tactics["client"],
            rounds=rules.rounds,
            round_cost=rules.round_cost,
            first=rules.first_offer,
        )
        for level in range(len(scenario.levels))
    )


def _given(scenario: Scenario) -> tuple[Floats, Floats, Ints, Ints]:
    """Payoffs that the scenario gives directly, growing with the level above the outside option."""
    levels = np.arange(len(scenario.levels))[:, None, None, None]
    grown = []
    for side in ("vendor", "client"):
        matrix = np.array(getattr(scenario.payoffs, side), dtype=np.float64)
        gain = np.maximum(0.0, matrix - scenario.party(side).outside_option)
        grown.append(np.repeat(matrix + scenario.maturity.growth * levels * gain, 2, axis=1))
    nothing = np.zeros((len(scenario.levels), *grown[0].shape[2:]), dtype=np.intp)
    return grown[0], grown[1], nothing, nothing
