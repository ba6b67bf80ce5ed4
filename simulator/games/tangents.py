"""How the payoffs of a period move with each number of a scenario while the postures' tactics reach the same deals.

With the deal of every pair of postures held, a payoff is affine in each number between the kinks, so these slopes are
exact. Where a deal changes there is a jump instead; tactic parameters, the last option of a range and the number of
rounds can only do that.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simulator.bargaining.deals import issue_options, option_weights
from simulator.games.stages import IN_FORCE, TOLERANCE, Stages
from simulator.scenario.schema import Issue, Scenario, Worth

__all__ = ["Tangent", "falling", "picked", "ramp", "rising", "tangent"]

Floats = NDArray[np.float64]
SIDES = ("vendor", "client")


@dataclass(frozen=True, eq=False)
class Tangent:
    """Change per unit of one number.

    Attributes
    ----------
    payoffs : dict of ndarray, shape (levels, 2, n_v, n_c)
        Of each side's payoffs.
    rates : dict of float
        Of the numbers that enter a relationship beside the payoffs: ``discount``, ``churn``, ``reinvest``,
        ``level_cost``, ``decay``, ``fair_share``, ``begrudge``, and by side ``outside``, ``switching_cost``, ``slip``
        and ``misread`` as in ``slip.vendor``; absent: 0.
    """

    payoffs: dict[str, Floats]
    rates: dict[str, float] = field(default_factory=dict)


def ramp(value: Floats, slope: Floats, direction: int) -> Floats:
    """Slope of max(0, value); on the edge, that on the side towards which the number moves."""
    edge = np.abs(value) <= TOLERANCE
    return np.where((value > TOLERANCE) | (edge & (direction * slope > 0)), slope, 0.0)


def rising(stages: Stages, moved: Tangent, share: float, direction: int) -> tuple[Floats, Floats]:
    """Change of what is reinvested and of the chance to rise, where the vendor reinvests `share`."""
    cost = stages.scenario.maturity.level_cost
    both = stages.vendor_cooperates[:, None] & stages.client_cooperates[None, :]
    may = both & (np.arange(len(stages.vendor))[:, None, None] < len(stages.vendor) - 1)
    surplus = stages.vendor[:, 0] - stages.scenario.vendor.outside_option
    rates = moved.rates
    gain = moved.payoffs["vendor"][:, 0] - rates.get("outside.vendor", 0.0)
    more = np.where(may, ramp(surplus, gain, direction), 0.0)
    invested = rates.get("reinvest", 0.0) * stages.investable + share * more
    rise = share * stages.investable / cost
    grown = invested / cost - rates.get("level_cost", 0.0) * rise / cost
    below = (rise < 1.0) | ((rise == 1.0) & (direction * grown < 0))
    return invested, np.where(below, grown, 0.0)


def falling(stages: Stages) -> NDArray[np.bool_]:
    """Where the level may fall, (levels, n_v, n_c)."""
    both = stages.vendor_cooperates[:, None] & stages.client_cooperates[None, :]
    return np.asarray(~both & (np.arange(len(stages.vendor))[:, None, None] > 0))


def picked(scenario: Scenario, stages: Stages, axis: int) -> NDArray[np.intp]:
    """Option number of one issue in the negotiated deals, (levels, n_v, n_c); -1 where none was negotiated."""
    shape = tuple(len(issue_options(issue)) for issue in scenario.issue)
    found = np.unravel_index(np.maximum(stages.deal, 0), shape)[axis]
    return np.where(stages.deal >= 0, found, -1)


def tangent(stages: Stages, key: str, *, direction: int = 1) -> Tangent:
    """The change per unit of the number `key`; `direction` decides on which side of a kink.

    Parameters
    ----------
    stages : Stages
        Of the scenario at its present numbers.
    key : str
        A continuous number of the scenario; see `simulator.games.numbers`.
    direction : {1, -1}
        Whether the number rises or falls.
    """
    scenario = stages.scenario
    payoffs = {side: np.zeros_like(stages.vendor) for side in SIDES}
    rates: dict[str, float] = {}
    match key.split("."):
        case ["discount"]:
            rates["discount"] = 1.0
        case [("vendor" | "client") as side, "outside_option"]:
            rates[f"outside.{side}"] = 1.0
            payoffs[side] += ~stages.agreed[:, None]
        case ["payoffs", ("vendor" | "client") as side, row, column]:
            payoffs[side][:, :, int(row), int(column)] = 1.0
        case ["maturity", "growth"]:
            for side in SIDES:
                payoffs[side] += _gain(stages, side) * _level(stages)
        case ["maturity", ("reinvest" | "level_cost" | "decay") as name]:
            rates[name] = 1.0
        case ["relationship", ("churn" | "fair_share" | "begrudge") as name]:
            rates[name] = 1.0
        case ["relationship", name]:
            rates |= {f"{name}.{side}": 1.0 for side in SIDES}
        case ["relationship", name, side]:
            rates[f"{name}.{side}"] = 1.0
        case parts:
            _negotiated(stages, parts, payoffs)
    if scenario.payoffs is not None and scenario.maturity.growth > 0:
        # A given payoff u counts as u + growth * level * max(0, u - outside).
        for side in SIDES:
            moved = payoffs[side] - rates.get(f"outside.{side}", 0.0)
            if key != "maturity.growth":
                grown = ramp(_gain(stages, side, signed=True), moved, direction)
                payoffs[side] = payoffs[side] + scenario.maturity.growth * _level(stages) * grown
    return Tangent(payoffs, rates)


def _level(stages: Stages) -> Floats:
    return np.arange(len(stages.vendor), dtype=np.float64)[:, None, None, None]


def _gain(stages: Stages, side: str, *, signed: bool = False) -> Floats:
    """What a given payoff lies above the outside option at the lowest level, on the shape of all levels."""
    given = getattr(stages, side)[:1] - stages.scenario.party(side).outside_option
    return np.broadcast_to(given if signed else np.maximum(0.0, given), stages.vendor.shape)


def _negotiated(stages: Stages, parts: list[str], payoffs: dict[str, Floats]) -> None:
    """Numbers of base, issues, rounds, delivery, postures and levels."""
    scenario = stages.scenario
    deal = stages.agreed[:, None].astype(np.float64)  # (levels, 1, n_v, n_c)
    serve, help_ = scenario.delivery.vendor, scenario.delivery.client
    effort = {side: np.array([posture.effort for posture in scenario.posture_choices(side)]) for side in SIDES}
    given, taken = effort["vendor"][:, None], effort["client"][None, :]
    served = np.array([1.0, serve.starved])[:, None, None]  # what the vendor's effort is worth, fed and starved
    match parts:
        case ["base", side]:
            payoffs[side] += deal
        case ["issue", name, *rest]:
            _issue(stages, name, rest, payoffs)
        case ["negotiation", "round_cost"]:
            for side in SIDES:
                payoffs[side] -= stages.rounds[:, None]
        case ["delivery", "vendor", "cost"]:
            payoffs["vendor"] -= deal * given
        case ["delivery", "vendor", "benefit"]:
            payoffs["client"] += deal * given * served
        case ["delivery", "vendor", "starved"]:
            payoffs["client"][:, 1] += (deal * serve.benefit * given)[:, 0]
        case ["delivery", "client", "cost"]:
            payoffs["client"] -= deal * taken
        case ["delivery", "client", "benefit"]:
            payoffs["vendor"] += deal * taken
        case [table, name, "effort"]:
            for side in SIDES:
                at = _place(scenario, table, name, side)
                if at is not None and side == "vendor":
                    payoffs["vendor"][:, :, at] -= deal[:, :, at] * serve.cost
                    payoffs["client"][:, :, at] += deal[:, :, at] * serve.benefit * served[..., 0]
                elif at is not None:
                    payoffs["vendor"][..., at] += deal[..., at] * help_.benefit
                    payoffs["client"][..., at] -= deal[..., at] * help_.cost
        case ["maturity", "value_per_level"]:
            payoffs["client"] += deal * _level(stages)
        case ["maturity", "value_per_level", level]:
            payoffs["client"][int(level)] += deal[int(level)]


def _place(scenario: Scenario, table: str, name: str, side: str) -> int | None:
    """Which posture of a side the entry of a posture table is; None where that side does not use the table."""
    uses = f"{side}_posture" if getattr(scenario, f"{side}_posture") is not None else "posture"
    names = scenario.postures(side)
    return None if uses != table else int(name) if name.isdigit() else names.index(name)


def _issue(stages: Stages, name: str, parts: list[str], payoffs: dict[str, Floats]) -> None:
    scenario = stages.scenario
    names = [issue.name for issue in scenario.issue]
    axis = int(name) if name.isdigit() else names.index(name)
    issue, choice = scenario.issue[axis], picked(scenario, stages, axis)[:, None]
    agreed = choice >= 0
    in_force = (stages.deal == IN_FORCE)[:, None].astype(np.float64)
    match parts:
        case [side, "per_unit"]:
            payoffs[side] += np.where(agreed, np.asarray(issue_options(issue), dtype=np.float64)[choice], 0.0)
            payoffs[side] += in_force * _settled(scenario, issue)
        case ["range", "from"]:
            _along_range(issue, agreed.astype(np.float64), payoffs)
        case ["range", "step"]:
            _along_range(issue, np.where(agreed, choice, 0).astype(np.float64), payoffs)
        case [("vendor" | "client") as side, entry]:
            payoffs[side] += choice == int(entry)
            if in_force.any():
                payoffs[side] += in_force * option_weights(issue, (scenario.agreed_deal or {})[issue.name])[int(entry)]


def _settled(scenario: Scenario, issue: Issue) -> float:
    """The number by which the deal in force settles an issue; 0 where there is none."""
    return 0.0 if scenario.agreed_deal is None else float(scenario.agreed_deal[issue.name])


def _along_range(issue: Issue, moved: Floats, payoffs: dict[str, Floats]) -> None:
    for side in SIDES:
        worth = getattr(issue, side)
        if isinstance(worth, Worth):
            payoffs[side] += worth.per_unit * moved
