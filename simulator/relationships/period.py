"""What one period does once both actual postures are known: payoffs, what the sides see, and who wants to end it.

The tables here are shared by the compiled chain and by step-by-step play, so that both have the same semantics.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from simulator.games.stages import Stages, begrudge_chances, compile_stages
from simulator.scenario.schema import Scenario
from simulator.strategies.contract import Agent, Setting

__all__ = ["ENDS", "REASONS", "Period", "patience_of", "period_of", "setting_of"]

Floats = NDArray[np.float64]

# Reasons for ending, in the order in which they are reviewed; "horizon": still alive in the last period.
ENDS = (
    "vendor-left",
    "client-left",
    "vendor-begrudged",
    "client-begrudged",
    "vendor-patience",
    "client-patience",
    "churn",
)
REASONS = (*ENDS, "horizon")


@dataclass(frozen=True, eq=False)
class Period:
    """One period of a scenario, independent of who plays.

    Attributes
    ----------
    stages : Stages
        Payoffs at every level.
    slip : dict of ndarray
        For each side, the chance that an intended posture (row) comes out as another (column).
    seen_by : dict of ndarray
        For each side, the chance that it sees the partner's posture (row) as another (column).
    begrudge : dict of ndarray, shape (levels, 2, n_v, n_c)
        For each side, the chance that it leaves because its share of the created value is too small.
    """

    stages: Stages
    slip: dict[str, Floats]
    seen_by: dict[str, Floats]
    begrudge: dict[str, Floats]


def neighbours(count: int, chance: float) -> Floats:
    """Matrix that turns a posture into a neighbouring one with a probability, each neighbour equally likely."""
    if count == 1:
        return np.ones((1, 1))
    near = np.abs(np.subtract.outer(np.arange(count), np.arange(count))) == 1
    turned: Floats = (1.0 - chance) * np.eye(count) + chance * near / near.sum(axis=1, keepdims=True)
    return turned


@lru_cache(maxsize=256)
def period_of(scenario: Scenario) -> Period:
    """Compile one period of a scenario."""
    return period_with(compile_stages(scenario))


def period_with(stages: Stages) -> Period:
    """One period with these payoffs."""
    scenario = stages.scenario
    rules = scenario.relationship
    n_v, n_c = len(scenario.postures("vendor")), len(scenario.postures("client"))
    return Period(
        stages=stages,
        slip={"vendor": neighbours(n_v, rules.slip.vendor), "client": neighbours(n_c, rules.slip.client)},
        seen_by={"vendor": neighbours(n_c, rules.misread.vendor), "client": neighbours(n_v, rules.misread.client)},
        begrudge=begrudge_chances(stages),
    )


def setting_of(scenario: Scenario, side: str) -> Setting:
    """What an agent on `side` knows of the game when it starts."""
    stages = compile_stages(scenario)
    other = "client" if side == "vendor" else "vendor"
    own = stages.vendor[0, 0] if side == "vendor" else stages.client[0, 0].T
    return Setting(
        side=side,
        own_cooperates=scenario.cooperates(side),
        partner_cooperates=scenario.cooperates(other),
        payoffs=own,
        outside=scenario.party(side).outside_option,
        switching_cost=getattr(scenario.relationship.switching_cost, side),
        discount=scenario.discount,
    )


def patience_of(scenario: Scenario, side: str, agent: Agent) -> int:
    """Periods in a row below its outside option after which a side leaves; 0: never."""
    if not scenario.relationship.can_leave:
        return 0
    of_scenario: int = getattr(scenario.relationship.patience, side)
    patience = of_scenario if agent.patience is None else agent.patience
    # An end decided in the last period is not early, so patience that would run out only then never does.
    return 0 if isinstance(scenario.horizon, int) and patience >= scenario.horizon else patience
