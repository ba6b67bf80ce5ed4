"""What a scenario file may say of the market: ``[market]`` and ``[[segment]]``, with defaults and bounds.

How many clients and vendors there are, how they find each other, what is known of them, and who takes the place of
those who go. A segment is a kind of client: its share of all clients, and what is different about them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer

from simulator.scenario.values import MOST_PERIODS, Name, NotNegative, Probability, Table

__all__ = ["REST", "Market", "Segment"]

REST = "other clients"  # those of no segment
MOST_PARTIES = 10_000_000  # of one role; a bound on memory
MOST_BIDDERS = 100
HEAVIEST = 100.0  # weight of a record: far beyond it every record but a clean one would weigh exactly nothing
WIDEST_SPREAD = 3.0  # of log quality: the best vendors are then already 180 times as good as the middle ones

Parties = Annotated[int, Field(ge=1, le=MOST_PARTIES)]


class Market(Table):
    """Many clients and vendors: how many, how they meet, what they hear of each other, who comes after them.

    Attributes
    ----------
    roles : str
        ``"two"``: clients and vendors; ``"one"``: one population of `clients`, any two of them meet.
    clients, vendors : int
        How many of each.
    capacity : int
        Clients that a vendor can serve; 0: no limit.
    matching : str
        How a free client finds a vendor: ``"random"``, ``"contest"`` (by effort) or ``"tender"`` (by price).
    bidders : int
        Vendors that compete for one client.
    contest_exponent : float
        How strongly effort decides a contest.
    tender_cost : tuple of float or None
        The lowest and the highest private cost of serving a client that is won by a tender.
    quality_spread : float
        Standard deviation of the logarithm of a vendor's quality.
    review_every : int
        Periods after which a client that is served tenders all the same; 0: never.
    incumbent_edge : float
        Factor on the chance of the vendor in place in such a review.
    search_time : int
        Periods that a party stays free after a relationship.
    search_cost : float
        What each side pays when a relationship starts.
    gossip, recognition : float
        Probabilities that the market hears how a relationship ended, and that a bad record is recognised.
    reputation_weight : float
        How strongly its record counts for a bidder.
    refuse_below : float
        A party whose record is worth less is refused (clean 1, unknown 0.5, bad 0.1).
    turnover : float
        Probability per period that a party is replaced by a newcomer.
    reproduction : str
        Where a newcomer has its strategy from: the mix (``"none"``), or what earned most, at every ``"death"`` or
        once per ``"generation"``.
    generation : int
        Periods of a generation.
    mutation : float
        Probability that a newcomer has any of the strategies instead.
    """

    roles: Literal["two", "one"] = "two"
    clients: Parties = 100
    vendors: Parties = 100
    capacity: Annotated[int, Field(ge=0, le=MOST_PARTIES)] = 1
    matching: Literal["random", "contest", "tender"] = "random"
    bidders: Annotated[int, Field(ge=1, le=MOST_BIDDERS)] = 2
    contest_exponent: Annotated[float, Field(gt=0)] = 1.0
    tender_cost: tuple[NotNegative, ...] | None = None
    quality_spread: Annotated[float, Field(ge=0, le=WIDEST_SPREAD)] = 0.0
    review_every: Annotated[int, Field(ge=0, le=MOST_PERIODS)] = 0
    incumbent_edge: Annotated[float, Field(gt=0)] = 1.0
    search_time: Annotated[int, Field(ge=0, le=MOST_PERIODS)] = 0
    search_cost: NotNegative = 0.0
    gossip: Probability = 0.0
    recognition: Probability = 1.0
    reputation_weight: Annotated[float, Field(ge=0, le=HEAVIEST)] = 1.0
    refuse_below: Probability = 0.0
    turnover: Probability = 0.0
    reproduction: Literal["none", "death", "generation"] = "none"
    generation: Annotated[int, Field(ge=1, le=MOST_PERIODS)] = 10
    mutation: Probability = 0.0

    @property
    def tender_range(self) -> tuple[float, float] | None:
        """Lowest and highest cost where clients are won by a tender; None otherwise."""
        if self.matching != "tender" or self.tender_cost is None:
            return None
        low, high = self.tender_cost
        return low, high


def flat(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted keys and values of nested tables: ``client.outside_option = 20`` may be written with or without quotes."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def _settings(value: object) -> object:
    return tuple(flat(value)) if isinstance(value, Mapping) else value


def _shares(value: object) -> object:
    return tuple(value.items()) if isinstance(value, Mapping) else value


def _table_of(pairs: tuple[tuple[str, Any], ...] | None) -> object:
    return None if pairs is None else dict(pairs)


Plain = str | bool | int | float
Value = Plain | tuple[Plain | tuple[Plain, ...], ...]
Settings = Annotated[tuple[tuple[str, Value], ...], BeforeValidator(_settings), PlainSerializer(_table_of)]
Shares = Annotated[tuple[tuple[str, Probability], ...] | None, BeforeValidator(_shares), PlainSerializer(_table_of)]


class Segment(Table):
    """A kind of client: its share of all clients, the values that are different, and a mix of agents of its own.

    Attributes
    ----------
    name : str
        What these clients are called.
    share : float
        Of all clients; what the segments leave over are clients as the scenario describes them.
    set : tuple of (str, value)
        Dotted keys of the scenario with the values that hold for these clients.
    clients : tuple of (str, float) or None
        Agents and their shares in this segment; None: as in the mix of all clients.
    """

    name: Name
    share: Probability
    set: Settings = ()
    clients: Shares = None
