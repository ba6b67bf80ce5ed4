"""On what terms building together lasts: which posture enforces itself, when over-claiming stops paying, what leaving
the other side more is worth, and how long trust must be built before strangers can cooperate.

All questions are about relationships without a last period, since agents do not know one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from simulator.relationships.best_reply import decisions_of, solved
from simulator.relationships.chain import compile_chain
from simulator.relationships.enforcement import reached_states, slack
from simulator.relationships.exact import Relationship, relationship
from simulator.relationships.partnership import root_between
from simulator.scenario.schema import Scenario
from simulator.strategies.cooperative import TrustBuilder

__all__ = [
    "OverClaiming",
    "TransferEffect",
    "best_for_client",
    "highest_posture",
    "least_trust_periods",
    "over_claiming",
    "per_period",
    "transfer_effect",
]

MOST_TRUST, MOST_BEGRUDGE = 20, 50.0


def highest_posture(judged: Scenario) -> int | None:
    """The most cooperative posture that enforces itself when both keep to it and leave after anything less.

    Returns
    -------
    int or None
        Its number, counted from the most competitive, 0; None where none does or the sides' lists differ in length.
    """
    count = len(judged.postures("vendor"))
    if count != len(judged.postures("client")):
        return None
    for posture in range(count - 1, -1, -1):
        if all(slack(judged, side, posture, posture).holds for side in ("vendor", "client")):
            return posture
    return None


class OverClaiming(NamedTuple):
    """What it is worth to a vendor to claim hard from a client that always builds.

    `claiming` and `building`: what it captures per period of the discounted horizon; `breakeven`: how strongly the
    client must begrudge an unfair share (`relationship.begrudge`) for the two to be equal, None where claiming pays
    always or never.
    """

    claiming: float
    building: float
    breakeven: float | None

    @property
    def pays(self) -> bool:
        """Whether claiming hard is worth more."""
        return self.claiming > self.building


def over_claiming(judged: Scenario) -> OverClaiming:
    """Compare always claiming hard with always building, against a client that builds and leaves only over its share."""

    def captured(scenario: Scenario, vendor: str) -> float:
        found = relationship(scenario, vendor=vendor, client="always-cooperate")
        return per_period(judged, found.vendor_captured)

    def difference(begrudge: float) -> float:
        other = judged.replace({"relationship.begrudge": begrudge})
        return captured(other, "always-claim") - captured(other, "always-cooperate")

    breakeven = root_between(difference, 0.0, MOST_BEGRUDGE)
    return OverClaiming(captured(judged, "always-claim"), captured(judged, "always-cooperate"), breakeven)


def per_period(judged: Scenario, discounted: float) -> float:
    """The level payment per period that is worth a discounted sum; of an undiscounted one, the sum itself."""
    return discounted * (1 - judged.discount) if judged.discount < 1 else discounted


@dataclass(frozen=True)
class TransferEffect:
    """What one unit of money per period, moved from the vendor to the client, does to both; per period, lasting.

    `client` above 0: the client gains by taking it; below 0: it loses more through worse service, less growth and
    earlier ends than it takes. `unit` is the amount moved.
    """

    unit: float
    vendor: float
    client: float


def transfer_effect(judged: Scenario, deal: Mapping[str, Any], issue: str, unit: float) -> TransferEffect:
    """Move `unit` of money per period from the vendor to the client along a transferable issue, all else equal.

    Both always build; what the vendor has left changes what it can reinvest, whether it is starved, and who begrudges.
    """
    terms = next(one for one in judged.issue if one.name == issue)
    per_unit = getattr(terms.vendor, "per_unit", 0.0)
    moved = {**deal, issue: float(deal[issue]) - unit / per_unit}
    before, after = (_together(judged, option) for option in (dict(deal), moved))
    return TransferEffect(
        unit,
        per_period(judged, after.vendor_captured - before.vendor_captured),
        per_period(judged, after.client_captured - before.client_captured),
    )


def best_for_client(judged: Scenario, deal: Mapping[str, Any], issue: str, ends: tuple[float, float]) -> float:
    """Value of a transferable issue within `ends` that is worth most to the client itself when both always build."""
    from scipy.optimize import minimize_scalar

    def loss(value: float) -> float:
        return -_together(judged, {**deal, issue: float(value)}).client_captured

    grid = np.linspace(*ends, 33)
    losses = [loss(value) for value in grid]
    k = int(np.argmin(losses))
    around = (grid[max(k - 1, 0)], grid[min(k + 1, len(grid) - 1)])
    found = minimize_scalar(loss, bounds=around, method="bounded", options={"xatol": 1e-6 * (ends[1] - ends[0])})
    return float(found.x) if found.fun < losses[k] else float(grid[k])


def _together(judged: Scenario, deal: Mapping[str, Any]) -> Relationship:
    settled = judged.replace({"deal": dict(deal)})
    return relationship(settled, vendor="always-cooperate", client="always-cooperate")


def least_trust_periods(judged: Scenario) -> int | None:
    """The fewest competitive periods with which strangers must begin so that cooperating afterwards enforces itself.

    Whoever ends a relationship here begins a new one with a stranger of the same kind at once (Fujiwara-Greve &
    Okuno-Fujiwara 2009), instead of falling back on its outside option; both play trust-builder.

    Returns
    -------
    int or None
        At most 20; None where no number of periods is enough, or where nothing discounts.
    """
    if judged.discount == 1 or not judged.relationship.can_leave:
        return None
    for periods in range(MOST_TRUST + 1):
        builder = TrustBuilder(periods=periods)
        pair = relationship(judged, vendor=builder, client=builder)
        if all(_renews(judged, side, builder, pair) for side in ("vendor", "client")):
            return periods
    return None


def _renews(judged: Scenario, side: str, builder: TrustBuilder, pair: Relationship) -> bool:
    """Whether no plan beats trust building for a side that finds a new partner after every end."""
    chain = compile_chain(judged, builder, builder, reinvest=pair.reinvest)
    discount = judged.discount
    cost: float = getattr(judged.relationship.switching_cost, side)
    visits = pair.discounted_visits
    ending = float(visits @ chain.ending.sum(axis=1))
    # Value of a relationship and all that follow, above the outside stream: V = gains - cost E + discount E V.
    gains = float(visits @ chain.expected(getattr(chain, side)))
    renewed = (gains - cost * ending) / (1 - discount * ending)
    made = decisions_of(judged, side, builder, pair.reinvest)
    # Seen from the stream of new relationships, each period is worth its gain minus (1 - discount) V.
    less = (1 - discount) * renewed
    best = solved(made, judged, cost, less=less)[0]
    # Keeping to it from every state on that it leads to, not only from the first: late temptations must not be
    # discounted away. The partner's state is the number of periods passed, so it tells what the side itself is to do.
    own = np.where(made.partner_state < builder.periods, 0, len(made.gain) - 1)
    states = np.arange(made.n_states)
    step = made.onward[made.rows(own, states)].toarray()
    kept = np.linalg.solve(
        np.eye(made.n_states) - discount * step, made.gain[own, states] - less - cost * made.ending[own, states]
    )
    gained = (best - kept)[reached_states(made, own)]
    return bool(np.all(gained <= 1e-9 * (1 + np.abs(best).max())))
