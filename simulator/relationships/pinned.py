"""A scenario in which building together always agrees on one given value of a transferable issue.

The postures still negotiate; where both cooperate and reach a deal, that issue of the deal is set to the value (any
number, also between or beyond its options) and money moves accordingly. All other issues and deals stay as they are.
"""

from __future__ import annotations

import numpy as np

from simulator.bargaining.deals import issue_options
from simulator.errors import SimulatorError, UnknownNameError
from simulator.games.stages import Stages, assemble, compile_stages
from simulator.games.tangents import picked
from simulator.relationships.period import Period, period_of, period_with
from simulator.scenario.schema import Issue, Scenario, Worth

__all__ = ["pinned_period", "transferable_issues"]


def transferable_issues(scenario: Scenario) -> dict[str, Issue]:
    """The issues that move money between the sides, so much per unit, by name."""
    return {
        issue.name: issue
        for issue in scenario.issue
        if issue.range is not None and isinstance(issue.vendor, Worth) and isinstance(issue.client, Worth)
    }


def pinned_period(scenario: Scenario, name: str, value: float) -> Period:
    """A period of the scenario in which building together agrees on `value` for the issue `name`.

    Raises
    ------
    UnknownNameError
        When no such issue is worth so much per unit to both sides.
    SimulatorError
        When building together reaches no deal whose issue could be set.

    Examples
    --------
    >>> import simulator as ns
    >>> period = pinned_period(ns.load_scenario("saas-renewal"), "price", 90.0)
    >>> period.stages.vendor[0, 0, 2, 2]
    np.float64(38.85)
    """
    issues = transferable_issues(scenario)
    if name not in issues:
        raise UnknownNameError("issue that is worth so much per unit to both sides", name, issues)
    if scenario.agreed_deal is not None:
        return period_of(scenario.replace({"deal": {**scenario.agreed_deal, name: float(value)}}))
    axis = [issue.name for issue in scenario.issue].index(name)
    stages, issue = compile_stages(scenario), issues[name]
    together = stages.vendor_cooperates[:, None] & stages.client_cooperates[None, :]
    choice = picked(scenario, stages, axis)
    settled = together & (choice >= 0)
    if not settled.any():
        raise SimulatorError(f"{scenario.id!r}: building together reaches no deal, so its {name} cannot be set")
    agreed = np.asarray(issue_options(issue), dtype=np.float64)[choice]
    moved = np.where(settled, value - agreed, 0.0)[:, None]
    return period_with(_moved(stages, issue, moved))


def _moved(stages: Stages, issue: Issue, moved: np.ndarray) -> Stages:
    payoffs = [
        payoff + (worth.per_unit if isinstance(worth, Worth) else 0.0) * moved
        for payoff, worth in ((stages.vendor, issue.vendor), (stages.client, issue.client))
    ]
    return assemble(stages.scenario, payoffs[0], payoffs[1], stages.deal, stages.rounds)
