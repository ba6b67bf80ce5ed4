"""When does a handshake hold? Conditions under which keeping a promise pays, because the relationship is worth it.

Relational contracts (MacLeod & Malcomson 1989; Levin 2003): delivery is worth `value` to the client and costs the
vendor `cost`, no court enforces either, and whoever breaks the promise loses the relationship and has its outside
option for ever. All money is per period, and `discount` is the worth today of 1 in the next period. Two more conditions
follow the same reasoning: how steeply a partner must react for over-claiming not to pay, and how good a period must be
for a side to stay with its posture when outside events, too, may end the relationship.
"""

from __future__ import annotations

import math

from simulator.errors import SimulatorError
from simulator.solvers.arguments import number

__all__ = [
    "critical_discount_pay_and_deliver",
    "critical_discount_prepay_or_bonus",
    "fair_share_slope",
    "holds",
    "largest_effort",
    "least_stage_value",
    "price_interval",
]


def price_interval(
    value: float, cost: float, discount: float, *, client_outside: float = 0.0, vendor_outside: float = 0.0
) -> tuple[float, float] | None:
    """Prices at which both sides keep their word when payment and delivery happen at once.

    Parameters
    ----------
    value, cost : float
        Worth of delivery to the client and cost to the vendor, money per period; cost at least 0.
    discount : float
        Worth today of 1 in the next period; above 0 and below 1.
    client_outside, vendor_outside : float
        Outside options, money per period.

    Returns
    -------
    tuple of two float or None
        Lowest price, below which the vendor would take the money and not deliver, and highest price, above which the
        client would take delivery and not pay. None when no price satisfies both.

    Raises
    ------
    SimulatorError
        If an argument is out of its bounds.

    Notes
    -----
    [cost/d + vendor_outside, d (value - client_outside)]. So competition among vendors cannot push the price below the
    lower end and keep the relationship. Source: MacLeod & Malcomson 1989; Levin 2003.

    Examples
    --------
    >>> price_interval(10, 4, 0.8)
    (5.0, 8.0)
    >>> price_interval(10, 4, 0.6) is None
    True
    """
    _check_trade(value, cost, client_outside, vendor_outside)
    number("discount", discount, above=0, below=1)
    lowest, highest = cost / discount + vendor_outside, discount * (value - client_outside)
    return (lowest, highest) if lowest <= highest else None


def critical_discount_pay_and_deliver(
    value: float, cost: float, *, client_outside: float = 0.0, vendor_outside: float = 0.0
) -> float:
    """Least discount at which some price lets both keep their word, payment and delivery at once.

    Parameters
    ----------
    value, cost : float
        Worth of delivery to the client and cost to the vendor, money per period; cost at least 0.
    client_outside, vendor_outside : float
        Outside options, money per period.

    Returns
    -------
    float
        The least discount; 1 or more (infinity where the client has nothing to gain at all) means that no patience is
        enough.

    Raises
    ------
    SimulatorError
        If an argument is not finite or the cost negative.

    Notes
    -----
    The discount d at which `price_interval` shrinks to a point: the larger root of
    (value - client_outside) d^2 - vendor_outside d - cost = 0. Source: MacLeod & Malcomson 1989; Levin 2003.

    Examples
    --------
    >>> round(critical_discount_pay_and_deliver(10, 4), 6)
    0.632456
    >>> round(critical_discount_pay_and_deliver(10, 4, client_outside=1, vendor_outside=1), 6)
    0.724533
    """
    _check_trade(value, cost, client_outside, vendor_outside)
    worth = value - client_outside
    if worth <= 0:
        return math.inf
    return max(0.0, (vendor_outside + math.sqrt(vendor_outside**2 + 4 * cost * worth)) / (2 * worth))


def critical_discount_prepay_or_bonus(
    value: float, cost: float, *, client_outside: float = 0.0, vendor_outside: float = 0.0
) -> float:
    """Least discount at which both keep their word when the client prepays, or adds a promised bonus to a fixed fee.

    Parameters
    ----------
    value, cost : float
        Worth of delivery to the client and cost to the vendor, money per period; cost at least 0.
    client_outside, vendor_outside : float
        Outside options, money per period.

    Returns
    -------
    float
        The least discount; above 1 (infinity where there is nothing to gain) means that no patience is enough.

    Raises
    ------
    SimulatorError
        If an argument is not finite or the cost negative.

    Notes
    -----
    cost / (value - client_outside - vendor_outside): only one side is tempted in a period, so less patience is needed
    than when both are. Source: Levin 2003.

    Examples
    --------
    >>> critical_discount_prepay_or_bonus(10, 4)
    0.4
    >>> critical_discount_prepay_or_bonus(10, 4, client_outside=1, vendor_outside=1)
    0.5
    """
    _check_trade(value, cost, client_outside, vendor_outside)
    worth = value - client_outside - vendor_outside
    return cost / worth if worth > 0 else math.inf


def largest_effort(discount: float, total_outside: float) -> float | None:
    """Largest effort that a relationship can sustain, where effort e is worth e and costs e^2/2.

    Parameters
    ----------
    discount : float
        Worth today of 1 in the next period; at least 0 and below 1.
    total_outside : float
        Sum of both outside options, money per period.

    Returns
    -------
    float or None
        Effort from 0 to 1, the efficient one; None when no effort is self-enforcing.

    Raises
    ------
    SimulatorError
        If an argument is out of its bounds.

    Notes
    -----
    Effort holds iff its cost is at most d (e - total_outside): min(1, d + sqrt(d^2 - 2 d s)).
    Source: Levin 2003, with a promised bonus.

    Examples
    --------
    >>> largest_effort(0.3, 0.0)
    0.6
    >>> largest_effort(0.3, 0.2) is None
    True
    """
    d = number("discount", discount, at_least=0, below=1)
    s = number("sum of the outside options", total_outside)
    if d < 2 * s:
        return None
    return min(1.0, d + math.sqrt(d * (d - 2 * s)))


def fair_share_slope(discount: float, base_exit: float, partner_worth: float) -> float:
    """Least steepness of the partner's reaction to over-claiming at which claiming the fair half is best.

    A pie of 1 per period; a side claims x of it, and the partner leaves at the end of the period with probability
    h(x) = base_exit + k max(0, x - 1/2). After that the side has a new relationship, worth a part of this one.

    Parameters
    ----------
    discount : float
        Worth today of 1 in the next period; above 0 and below 1.
    base_exit : float
        Probability, 0 to 1, that the partner leaves although the claim is fair.
    partner_worth : float
        Worth of a new relationship relative to this one, from 0 to 1 (kappa).

    Returns
    -------
    float
        The least k, in probability per unit of the pie; infinity where losing the partner costs nothing.

    Raises
    ------
    SimulatorError
        If an argument is out of its bounds.

    Notes
    -----
    2 D / (d (1 - kappa)) with D = (1 - d) + d (1 - kappa) base_exit. The formula lets h pass 1: where
    ``base_exit + k/2`` is above 1 at this k, leaving cannot become as likely as needed, and whoever claims everything
    is better off however steep the reaction.

    Examples
    --------
    >>> round(fair_share_slope(0.95, 0.02, 0.0), 4)
    0.1453
    """
    d = number("discount", discount, above=0, below=1)
    h0 = number("probability of leaving a fair partner", base_exit, at_least=0, at_most=1)
    loss = d * (1 - number("relative worth of a new partner", partner_worth, at_least=0, at_most=1))
    return 2 * ((1 - d) + loss * h0) / loss if loss > 0 else math.inf


def holds(
    stage_value: float,
    gain: float,
    discount: float,
    *,
    outside: float = 0.0,
    churn: float = 0.0,
    switching_cost: float = 0.0,
) -> bool:
    """Say whether a side stays with its posture when the partner leaves after a deviation.

    Parameters
    ----------
    stage_value : float
        What the side earns per period in the target profile, money.
    gain : float
        Largest gain in one period from another posture, money.
    discount : float
        Worth today of 1 in the next period; above 0 and at most 1, and ``discount * (1 - churn)`` below 1.
    outside : float
        Outside option per period, money; it begins in the period after the end.
    churn : float
        Probability per period that outside events end the relationship; at least 0 and below 1.
    switching_cost : float
        Paid once, in the last period of the relationship, money.

    Returns
    -------
    bool

    Raises
    ------
    SimulatorError
        If an argument is out of its bounds.

    Notes
    -----
    gain <= (1 - q) [d (stage_value - outside - q K)/(1 - (1 - q) d) + K], without slips: the one-period gain against
    the worth of going on, which is lost only if churn would not have ended it anyway.

    Examples
    --------
    >>> holds(3.0, 2.0, 0.9, outside=1.0)
    True
    >>> holds(3.0, 2.0, 0.4, outside=1.0)
    False
    """
    pi, g = number("stage value", stage_value), number("gain from another posture", gain)
    d, u, q, k = _check_relationship(discount, outside, churn, switching_cost)
    return g <= (1 - q) * (d * (pi - u - q * k) / (1 - (1 - q) * d) + k)


def least_stage_value(
    gain: float,
    discount: float,
    *,
    outside: float = 0.0,
    churn: float = 0.0,
    switching_cost: float = 0.0,
) -> float:
    """Least value per period at which a side stays with its posture, where the partner leaves after a deviation.

    Parameters
    ----------
    gain, discount, outside, churn, switching_cost : float
        As for `holds`.

    Returns
    -------
    float
        Money per period. `holds` is true exactly from here on.

    Raises
    ------
    SimulatorError
        If an argument is out of its bounds.

    Notes
    -----
    outside + q K + ((1 - (1 - q) d)/d) (gain/(1 - q) - K): `holds` solved for the stage value.

    Examples
    --------
    >>> round(least_stage_value(2.0, 0.9, outside=1.0), 6)
    1.222222
    >>> round(least_stage_value(2.0, 0.9, outside=1.0, switching_cost=2.0), 6)
    1.0
    """
    g = number("gain from another posture", gain)
    d, u, q, k = _check_relationship(discount, outside, churn, switching_cost)
    return u + q * k + (1 - (1 - q) * d) / d * (g / (1 - q) - k)


def _check_trade(value: float, cost: float, client_outside: float, vendor_outside: float) -> None:
    number("value", value)
    number("cost", cost, at_least=0)
    number("outside option of the client", client_outside)
    number("outside option of the vendor", vendor_outside)


def _check_relationship(
    discount: float, outside: float, churn: float, switching_cost: float
) -> tuple[float, float, float, float]:
    d = number("discount", discount, above=0, at_most=1)
    q = number("churn", churn, at_least=0, below=1)
    if (1 - q) * d >= 1:
        raise SimulatorError(f"discount times (1 - churn) must be below 1, or the sums have no end; got {d} and {q}")
    return d, number("outside option", outside), q, number("switching cost", switching_cost)
