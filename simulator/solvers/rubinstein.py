"""What patient, farsighted parties agree on when they alternate offers: subgame-perfect division of a pie.

Rubinstein (1982) for discounting, Stahl (1972) for a last period, Shaked & Sutton (1984) for outside options, and
Binmore, Rubinstein & Wolinsky (1986) for a risk of breakdown. An outside option and a breakdown payoff are two things:
the first is chosen by the responder and works as a floor, the second happens to the parties and works as the
disagreement point.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.errors import SimulatorError
from simulator.solvers.arguments import number

__all__ = ["Division", "alternating_offers", "risk_of_breakdown"]


@dataclass(frozen=True)
class Division:
    """What both sides get, worth at the time of the first offer.

    Attributes
    ----------
    first, second : float
        Money of each side: shares of the pie, or what it has without an agreement.
    agreed : bool
        Whether they agree, which they then do on the first offer.
    """

    first: float
    second: float
    agreed: bool


def alternating_offers(
    first_discount: float,
    second_discount: float,
    *,
    first_outside: float = 0.0,
    second_outside: float = 0.0,
    periods: int | None = None,
    proposer: int = 1,
    pie: float = 1.0,
) -> Division:
    """Divide a pie by alternating offers, one offer per period.

    Parameters
    ----------
    first_discount, second_discount : float
        Worth today, to each side, of 1 in the next period; from 0 to 1, not both 1 without a last period.
    first_outside, second_outside : float
        Outside options, at least 0, in the money of the pie. The side that has just rejected an offer may take its own,
        which ends the talks, and the other side is left with its own; so an option is a floor for the responder and has
        no effect until it binds.
    periods : int, optional
        Number of offers that can be made; None for no limit.
    proposer : int
        1 or 2: the side that makes the first offer.
    pie : float
        Money to divide, above 0.

    Returns
    -------
    Division
        ``agreed`` is False when the outside options are together worth more than the pie: both take them at once.

    Raises
    ------
    SimulatorError
        If an argument is out of its bounds.

    Notes
    -----
    With x the proposer's part when side 1 proposes, and y when side 2 does, x = pie - max(d2 y, w2) and
    y = pie - max(d1 x, w1). Both maps are monotone with slope below 1, so the largest and smallest of their pieces'
    fixed points solve them: x = min(pie - w2, max((1-d2)/(1-d1 d2) pie, pie - d2 (pie - w1))).
    Sources: Rubinstein 1982; Shaked & Sutton 1984; Osborne & Rubinstein 1990, chapter 3.

    Examples
    --------
    >>> round(alternating_offers(0.9, 0.9).first, 6)
    0.526316
    >>> round(alternating_offers(0.9, 0.9, second_outside=0.6).first, 6)
    0.4
    >>> round(alternating_offers(0.9, 0.9, periods=3).first, 6)
    0.91
    """
    d = (
        number("discount of the first side", first_discount, at_least=0, at_most=1),
        number("discount of the second side", second_discount, at_least=0, at_most=1),
    )
    w = (
        number("outside option of the first side", first_outside, at_least=0),
        number("outside option of the second side", second_outside, at_least=0),
    )
    number("pie", pie, above=0)
    mover = _side(proposer)
    if periods is not None and (isinstance(periods, bool) or not isinstance(periods, int) or periods < 1):
        raise SimulatorError(f"periods must be a whole number, at least 1, or None for no limit; got {periods!r}")
    if periods is None and d[0] * d[1] == 1:
        raise SimulatorError("without a last period one side must be impatient; got a discount of 1 for both sides")

    if w[0] + w[1] > pie:
        return Division(w[0], w[1], agreed=False)
    if periods is None:
        part = _stationary_part(d, w, mover, pie)
    else:
        part = 0.0
        for left in range(1, periods + 1):
            responder = 1 - (mover + periods - left) % 2
            # In the next period, if there is one, the responder proposes and gets `part`.
            part = pie - max(d[responder] * part, w[responder])
    return _division(part, mover, pie)


def risk_of_breakdown(
    probability: float,
    first_breakdown: float,
    second_breakdown: float,
    *,
    proposer: int = 1,
    pie: float = 1.0,
) -> Division:
    """Divide a pie by alternating offers of patient sides whose talks may break down after each rejection.

    Parameters
    ----------
    probability : float
        Probability, above 0 and at most 1, that a rejection ends the talks.
    first_breakdown, second_breakdown : float
        What each side has after a breakdown, in the money of the pie: the disagreement point.
    proposer : int
        1 or 2: the side that makes the first offer.
    pie : float
        Money to divide, above 0.

    Returns
    -------
    Division
        The proposer gets its breakdown payoff and 1/(2 - probability) of the surplus over both. ``agreed`` is False
        when there is no surplus but a loss: both wait for the breakdown.

    Raises
    ------
    SimulatorError
        If an argument is out of its bounds.

    Notes
    -----
    Nobody discounts. As the probability goes to 0 the division becomes the Nash solution with the breakdown payoffs as
    the disagreement point. Source: Binmore, Rubinstein & Wolinsky 1986; Osborne & Rubinstein 1990, chapter 4.

    Examples
    --------
    >>> round(risk_of_breakdown(0.2, 0.1, 0.3).first, 6)
    0.433333
    """
    p = number("probability of breakdown", probability, above=0, at_most=1)
    b = (
        number("breakdown payoff of the first side", first_breakdown),
        number("breakdown payoff of the second side", second_breakdown),
    )
    number("pie", pie, above=0)
    mover = _side(proposer)
    surplus = pie - b[0] - b[1]
    if surplus < 0:
        return Division(b[0], b[1], agreed=False)
    return _division(b[mover] + surplus / (2 - p), mover, pie)


def _side(proposer: int) -> int:
    if proposer not in (1, 2):
        raise SimulatorError(f"proposer must be 1 or 2; got {proposer!r}")
    return proposer - 1


def _stationary_part(d: tuple[float, float], w: tuple[float, float], mover: int, pie: float) -> float:
    """What the proposer keeps when there is no last period."""
    responder = 1 - mover
    without_options = pie * (1 - d[responder]) / (1 - d[0] * d[1])
    mover_would_opt_out = pie - d[responder] * (pie - w[mover])
    return min(pie - w[responder], max(without_options, mover_would_opt_out))


def _division(part: float, mover: int, pie: float) -> Division:
    shares = (part, pie - part)
    return Division(shares[mover], shares[1 - mover], agreed=True)
