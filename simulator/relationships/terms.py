"""On what terms building together lasts: which posture enforces itself, when over-claiming stops paying, what leaving
the other side more is worth, and how long trust must be built before strangers can cooperate.

All questions are about relationships without a last period, since agents do not know one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from simulator.games.stages import compile_stages
from simulator.relationships.best_reply import decisions_of, solved
from simulator.relationships.chain import compile_chain
from simulator.relationships.enforcement import reached_states, slack
from simulator.relationships.exact import Relationship, relationship
from simulator.relationships.partnership import issue_of, placed, root_between
from simulator.relationships.period import period_of
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

MOST_TRUST, MOST_BEGRUDGE, STEPS = 20, 50.0, 9


def highest_posture(judged: Scenario) -> int | None:
    """The most cooperative posture that enforces itself when both keep to it and leave after anything less.

    Returns
    -------
    int or None
        Its number on the vendor's side, counted from the most competitive, 0; None where none does. Lists of different
        length are matched by position.
    """
    count, other = (len(judged.postures(side)) for side in ("vendor", "client"))
    for posture in range(count - 1, -1, -1):
        matched = other - 1 if count == 1 else int(np.floor(posture * (other - 1) / (count - 1) + 0.5))
        if slack(judged, "vendor", posture, matched).holds and slack(judged, "client", matched, posture).holds:
            return posture
    return None


class OverClaiming(NamedTuple):
    """What it is worth to a vendor to claim hard from a client that always builds.

    `claiming` and `building`: what it captures per period of the discounted horizon; `breakeven`: how strongly the
    client must begrudge an unfair share (`relationship.begrudge`) for the two to be equal. Where claiming pays, the
    next such value above the scenario's own, else the next one below; None where there is none.
    """

    claiming: float
    building: float
    breakeven: float | None

    @property
    def pays(self) -> bool:
        """Whether claiming hard is worth more."""
        return self.claiming > self.building


def over_claiming(judged: Scenario) -> OverClaiming:
    """Compare claiming hard with building, against a client that builds and leaves over its share only."""

    def captured(scenario: Scenario, vendor: str) -> float:
        found = relationship(scenario, vendor=vendor, client="always-cooperate")
        return per_period(judged, found.vendor_captured)

    def difference(begrudge: float) -> float:
        rules = judged.relationship.model_copy(update={"begrudge": begrudge})
        other = judged.model_copy(update={"relationship": rules})
        return captured(other, "always-claim") - captured(other, "always-cooperate")

    own = judged.relationship.begrudge
    found = OverClaiming(captured(judged, "always-claim"), captured(judged, "always-cooperate"), None)
    if not judged.relationship.can_leave:
        return found
    # The difference need not be monotonic, since a strong reaction hits building too: look outwards from the own value.
    upward = np.geomspace(max(own, 0.01), max(own, MOST_BEGRUDGE), STEPS)
    last = own
    for begrudge in upward if found.pays else np.linspace(own, 0.0, STEPS)[1:]:
        if (difference(float(begrudge)) > 0) != found.pays:
            return found._replace(breakeven=root_between(difference, last, float(begrudge)))
        last = float(begrudge)
    return found


def per_period(judged: Scenario, discounted: float) -> float:
    """The level payment per period that is worth a discounted sum; of an undiscounted one, the sum itself."""
    return discounted * (1 - judged.discount) if judged.discount < 1 else discounted


@dataclass(frozen=True)
class TransferEffect:
    """What some money per period, moved from the vendor to the client, does to both.

    Money is per period in which the deal is kept: with reinvestment, starvation and begrudging out of the way, the
    client gains what it takes.

    Attributes
    ----------
    unit : float
        The amount that the vendor gives up.
    full : float
        What the client would gain if nothing else changed.
    vendor, client : float
        What each captures more. `client` above 0: the client gains by taking it; below 0: it loses more through poorer
        service, less growth and earlier ends than it takes.
    starves, invests_less, ends_sooner : bool
        Whether the vendor then has less than it needs, whether it reinvests less, and whether the relationship is
        shorter on average.
    """

    unit: float
    full: float
    vendor: float
    client: float
    starves: bool
    invests_less: bool
    ends_sooner: bool


def transfer_effect(judged: Scenario, deal: Mapping[str, Any], issue: str, unit: float) -> TransferEffect:
    """Move `unit` of money per period from the vendor to the client along a transferable issue, all else equal.

    Both always build; what the vendor has left changes what it can reinvest, whether it is starved, and who begrudges.
    """
    terms = issue_of(judged, issue)
    per_unit = {side: getattr(getattr(terms, side), "per_unit", 0.0) for side in ("vendor", "client")}
    moved = {**deal, issue: float(deal[issue]) - unit / per_unit["vendor"]}
    before, after = (_together(judged, option) for option in (deal, moved))
    stages = [compile_stages(pair.scenario) for pair in (before, after)]
    starved = [bool(found.starves[0, -1, -1]) for found in stages]
    invested = [
        pair.reinvest * float(found.investable[0, -1, -1]) for pair, found in zip((before, after), stages, strict=True)
    ]
    kept = float(before.discounted_visits.sum()) * _chance_to_keep(judged)
    return TransferEffect(
        unit=unit,
        full=-unit * per_unit["client"] / per_unit["vendor"],
        vendor=(after.vendor_captured - before.vendor_captured) / kept,
        client=(after.client_captured - before.client_captured) / kept,
        starves=starved[1] and not starved[0],
        invests_less=invested[1] < invested[0],
        ends_sooner=after.expected_length < before.expected_length * (1 - 1e-12),
    )


def _chance_to_keep(judged: Scenario) -> float:
    """Chance that two sides who mean to cooperate both do so in a period, so that the deal in force is kept."""
    slip = period_of(judged).slip
    return float(np.prod([slip[side][-1] @ judged.cooperates(side) for side in ("vendor", "client")]))


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
    return relationship(placed(judged, deal), vendor="always-cooperate", client="always-cooperate")


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
