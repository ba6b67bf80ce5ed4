"""What winning a client is worth to a vendor, and what one of its free places is worth: a damped fixed point.

Winning is worth the relationship, less the worth of a place that stays free; the worth of a free place is what it can
expect from the contests to come, in which efforts, chances and prices depend on what winning is worth to everybody.
Both are solved together for a market that stands still. The worth of a free place is the vendor's true outside option
(the opportunity cost of a place; the fixed point is that of search models, as in Rogerson, Shimer & Wright 2005).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.errors import SimulatorError
from simulator.markets.contests.bidders import BidderKinds
from simulator.markets.contests.rates import Rates, rates_at
from simulator.markets.contests.worth import FreePlaces

__all__ = ["SETTLED", "Prize", "PrizeProblem", "solve_prize"]

Floats = NDArray[np.float64]

DAMPING = 0.5
SETTLED = 1e-9  # largest relative change of a prize at which the solution has settled
MOST_ITERATIONS = 500
PATIENCE = 60  # iterations without coming half as near again after which it is given up
APART = 1e-6  # relative difference of two solutions that makes them two


@dataclass(frozen=True, eq=False)
class PrizeProblem:
    """A market that stands still, as it looks to a vendor with a free place. All money is above its outside option.

    v kinds of vendors, c kinds of clients, n records, K kinds of bidders.

    Attributes
    ----------
    vendor_gain : float array, shape (v, c, ages)
        Expected payoff of the vendor in the period of this age, seen from the beginning of a relationship.
    ends, stays : float array, shape (v, c, ages, 4)
        Probability that the period of this age is played, with postures of this class, and the relationship then ends
        or goes on by itself.
    update : float array, shape (4, n, n)
        How the vendor's record (row) changes when a relationship ends, by the postures of its last period.
    switching_cost : float array, shape (c,)
        Paid by the vendor in the period in which its relationship with this kind of client ends.
    segment : int array, shape (c,)
        Segment of each kind of client: 0, 1, ...
    invitations : float array, shape (c,)
        Expected number of contests for clients of this kind, per free place and period, to which a place is invited.
        With random matching: meetings.
    places : float array, shape (v, n)
        Mass of free places by kind of vendor and record: the pool of rivals.
    kinds : BidderKinds
        The kinds of bidders.
    weights : float array, shape (K,)
        Factor on the chance of each kind of bidder.
    accepted : bool array, shape (K,)
        Which kinds of bidders clients do not refuse.
    bids : tuple of str, one per kind of vendor
        "fair", "hard" or "low-ball".
    bidders : int
        Length of a shortlist; 0 with random matching.
    discount, turnover : float
        Worth today of 1 in the next period; probability that a party is replaced at the end of a period.
    search_time, search_cost : int, float
        Periods that a place waits after it lost its client; paid when a relationship begins.
    exponent : float
        How decisive effort is.
    tender_cost : tuple of float, or None
        Lowest and highest cost of a tender; None: a contest in effort.
    unlimited : bool
        Whether a vendor can serve any number of clients, so that a place is worth nothing.
    periods : int
        How long the market lasts; only used where neither discount nor turnover makes the future count for less.
    review_every : int
        Periods after which a client tenders although it is served; 0: never.
    edge : float
        Factor on the incumbent's weight in such a review.
    incumbents : float array, shape (v, n, segments), or None
        Expected number of reviews per free place and period to which a place is invited as a challenger, by the
        incumbent and the client's segment. None: to none.

    Raises
    ------
    SimulatorError
        If an array does not have the shape that the others imply.
    """

    vendor_gain: Floats
    ends: Floats
    stays: Floats
    update: Floats
    switching_cost: Floats
    segment: NDArray[np.intp]
    invitations: Floats
    places: Floats
    kinds: BidderKinds
    weights: Floats
    accepted: NDArray[np.bool_]
    bids: tuple[str, ...]
    bidders: int
    discount: float
    turnover: float = 0.0
    search_time: int = 0
    search_cost: float = 0.0
    exponent: float = 1.0
    tender_cost: tuple[float, float] | None = None
    unlimited: bool = False
    periods: int = 400
    review_every: int = 0
    edge: float = 1.0
    incumbents: Floats | None = None

    def __post_init__(self) -> None:
        v, c, ages = self.vendor_gain.shape
        n, k = self.update.shape[-1], self.kinds.count
        reviewed = () if self.incumbents is None else (("incumbents", (v, n, int(self.segment.max()) + 1)),)
        for name, shape in (
            ("ends", (v, c, ages, 4)),
            ("stays", (v, c, ages, 4)),
            ("update", (4, n, n)),
            ("switching_cost", (c,)),
            ("segment", (c,)),
            ("invitations", (c,)),
            ("places", (v, n)),
            ("weights", (k,)),
            ("accepted", (k,)),
            *reviewed,
        ):
            if getattr(self, name).shape != shape:
                raise SimulatorError(f"{name} must have the shape {shape}; got {getattr(self, name).shape}")
        if self.kinds.shape != (v, n) or len(self.bids) != v:
            raise SimulatorError(
                f"kinds and bids must be of {v} kinds of vendors with {n} records; "
                f"got {self.kinds.shape} and {len(self.bids)}"
            )


@dataclass(frozen=True, eq=False)
class Prize:
    """What winning and a free place are worth to vendors, money above the outside option.

    Attributes
    ----------
    prizes : float array, shape (v, n, segments)
        Worth of winning a client of each segment, by kind of vendor and record: `relationships` - worth of staying
        free.
    relationships : float array, shape (v, n, segments)
        Expected worth of a relationship with a client of the segment, what comes after it included.
    places : float array, shape (v, n)
        Worth of one free place at the beginning of a period, before it is known whether it is invited. Negative where
        competing loses money; prizes and relationships then count it as idle, worth 0.
    rates : Rates
        How often it wins and keeps clients, and what competing costs.
    method : str
        How it was found.
    iterations : int
        Of the damped iteration, both starts together.
    converged : bool
        Whether the iteration from a worth of 0 settled; if not, these are its last values.
    several : bool
        Whether an iteration from above settled at other prizes.
    other : float array, shape (v, n, segments), or None
        The other prizes, where there are several.
    """

    prizes: Floats
    relationships: Floats
    places: Floats
    rates: Rates
    method: str
    iterations: int
    converged: bool
    several: bool
    other: Floats | None

    @property
    def remark(self) -> str:
        """What a reader must know before using the prizes; empty if nothing."""
        if not self.converged:
            return f"what winning is worth did not settle in {self.iterations} iterations; the last values are used"
        if self.several and self.other is not None:
            apart = float(np.abs(self.other - self.prizes).max())
            return (
                f"winning has several worths that agree with themselves, up to {apart:.3g} apart; "
                "used is the one reached when free places start out worth nothing"
            )
        return ""


def solve_prize(problem: PrizeProblem, *, start: Floats | None = None, settled: float = SETTLED) -> Prize:
    """Solve for what winning is worth, by damped iteration from two starts.

    Parameters
    ----------
    problem : PrizeProblem
        The market.
    start : float array, shape (v, n, segments)
        Prizes of a market much like this one, to start from instead; it is then not looked whether there are several.
    settled : float
        Largest relative change of a prize at which the solution counts as settled.

    Returns
    -------
    Prize
        The solution reached from free places that are worth nothing, and whether another is reached from the most
        that they can be worth.

    Raises
    ------
    SimulatorError
        As `Shortlists`.

    Notes
    -----
    Given chances and efforts, the worth of places follows from linear equations (`FreePlaces`); only the prizes are
    iterated, each time going half the way. The first-period claim of a low-ball bidder is taken to return exactly what
    its bid gave away.

    Examples
    --------
    One kind of vendor and of client, relationships of one period that are worth 10; three bidders for each client, and
    an even chance that a free place is invited in a period. A loser can try again in the next period, as can the
    winner, so that winning is worth just these 10; a bidder's profit is 10/9.

    >>> once = np.array([[[[0.0, 0.0, 0.0, 1.0]]]])
    >>> found = solve_prize(PrizeProblem(
    ...     vendor_gain=np.full((1, 1, 1), 10.0), ends=once, stays=0 * once, update=np.ones((4, 1, 1)),
    ...     switching_cost=np.zeros(1), segment=np.array([0]), invitations=np.array([0.5]), places=np.ones((1, 1)),
    ...     kinds=BidderKinds.of(1, [[0, 1, 0]]), weights=np.ones(1), accepted=np.array([True]), bids=("fair",),
    ...     bidders=3, discount=0.9))
    >>> round(float(found.prizes.item()), 6), round(float(found.places.item()), 6), found.converged
    (10.0, 5.555556, True)
    """
    worth = FreePlaces(problem)
    first = worth.prizes_at(np.zeros(worth.shape)) if start is None else start
    if not problem.bidders or (problem.unlimited and not problem.review_every):
        prizes = worth.solve(rates_at(problem, first))[2]  # they decide nothing that they depend on
        return Prize(*_solution(problem, worth, prizes), "linear equations", 1, True, False, None)
    low, iterations, converged = _settle(problem, worth, first, settled)
    solved = _solution(problem, worth, low)
    if start is not None:
        return Prize(*solved, "damped fixed point", iterations, converged, False, None)
    high, more, also = _settle(problem, worth, worth.prizes_at(worth.upper_bound()), settled)
    several = converged and also and float(np.abs(high - low).max()) > APART * float(np.abs(low).max())
    iterations += more
    return Prize(*solved, "damped fixed point", iterations, converged, several, high if several else None)


def _settle(problem: PrizeProblem, worth: FreePlaces, start: Floats, settled: float) -> tuple[Floats, int, bool]:
    """Prizes, iterations, and whether they settled."""
    prizes = start
    best, since = np.inf, 0
    for iteration in range(1, MOST_ITERATIONS + 1):
        new = worth.solve(rates_at(problem, prizes))[2]
        change = float(np.abs(new - prizes).max())
        if change <= settled * float(np.abs(new).max()):
            return new, iteration, True
        since = since + 1 if change > best / 2 else 0
        best = change if since == 0 else best
        if since > PATIENCE:
            break
        prizes = prizes + DAMPING * (new - prizes)
    return prizes, iteration, False


def _solution(problem: PrizeProblem, worth: FreePlaces, prizes: Floats) -> tuple[Floats, Floats, Floats, Rates]:
    rates = rates_at(problem, prizes)
    places, relationships, new = worth.solve(rates)
    return new, relationships, places, rates
