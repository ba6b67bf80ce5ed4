"""What a scenario file may say: one class per table of the file, with its defaults and bounds.

The classes are plain immutable data. They know nothing of deals, tactics or agents; what needs those is checked by
the layers above. Lists are held as tuples, so that a scenario is hashable and two equal scenarios are interchangeable.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, PlainSerializer, PrivateAttr

from simulator.scenario.estimates import Estimate, put_back
from simulator.scenario.market_tables import Market, Segment
from simulator.scenario.values import (
    MOST_PERIODS,
    Name,
    NotNegative,
    PerSide,
    PerSideProbability,
    PerSideWhole,
    Probability,
    ProbabilitySides,
    Sides,
    Table,
    WholeSides,
)
from simulator.scenario.workshop_table import Workshop

__all__ = ["TABLES", "Issue", "Payoffs", "Posture", "Scenario", "Sides", "TacticChoice", "WholeSides"]

CountsAs = Literal["compete", "cooperate"]
Matrix = tuple[tuple[float, ...], ...]


class Party(Table):
    """One side: who it is and what it earns per period without this relationship."""

    name: Name = "the other side"
    outside_option: float = 0.0
    brief: str = ""


class Base(Table):
    """Worth of any agreement before the issues, per period."""

    vendor: float = 0.0
    client: float = 0.0


class Range(Table):
    """Equally spaced options of an issue, both ends included."""

    start: float = Field(alias="from")
    stop: float = Field(alias="to")
    step: Annotated[float, Field(gt=0)]

    def count(self) -> int:
        """How many options the range has; a last step that does not reach `to` is not taken."""
        return math.floor((self.stop - self.start) / self.step + 1e-9) + 1


class Worth(Table):
    """Worth of an issue to one side as a number per unit of the option."""

    per_unit: float


class Issue(Table):
    """A term to agree on, with the worth of each option to both sides."""

    name: Name
    unit: str = ""
    range: Range | None = None
    options: tuple[str | int | float, ...] | None = None
    vendor: Worth | tuple[float, ...] | None = None
    client: Worth | tuple[float, ...] | None = None


def _deal_choice(value: object) -> object:
    return tuple(value.items()) if isinstance(value, Mapping) else value


def _deal_document(deal: tuple[tuple[str, Any], ...] | None) -> object:
    return dict(deal) if deal is not None else None


AgreedDeal = Annotated[
    tuple[tuple[str, str | int | float], ...] | None, BeforeValidator(_deal_choice), PlainSerializer(_deal_document)
]


class Negotiation(Table):
    """How one negotiation goes: rounds, what each costs, who opens."""

    rounds: Annotated[int, Field(ge=1, le=MOST_PERIODS)] = 20
    round_cost: NotNegative = 0.0
    first_offer: Literal["vendor", "client"] = "vendor"
    tolerance: Annotated[float, Field(gt=0)] | None = None


class VendorDelivery(Table):
    """What full effort of the vendor costs it and is worth to the client; what it needs to serve well."""

    cost: NotNegative = 0.0
    benefit: NotNegative = 0.0
    needs: float = 0.0
    starved: Probability = 1.0


class ClientDelivery(Table):
    """What full effort of the client costs it and is worth to the vendor."""

    cost: NotNegative = 0.0
    benefit: NotNegative = 0.0


class Delivery(Table):
    """Effort after the agreement; each side's benefit goes to the other side."""

    vendor: VendorDelivery = VendorDelivery()
    client: ClientDelivery = ClientDelivery()


class TacticChoice(Table):
    """A tactic by name, with the parameters that differ from its defaults."""

    name: Name
    parameters: tuple[tuple[str, float], ...] = ()


def _tactic_choice(value: object) -> object:
    if isinstance(value, str):
        return {"name": value}
    if isinstance(value, Mapping) and "parameters" not in value and "name" in value:
        return {"name": value["name"], "parameters": tuple((k, v) for k, v in value.items() if k != "name")}
    return value


def _tactic_document(choice: TacticChoice) -> object:
    return {"name": choice.name, **dict(choice.parameters)} if choice.parameters else choice.name


Tactic = Annotated[TacticChoice, BeforeValidator(_tactic_choice), PlainSerializer(_tactic_document)]


class Posture(Table):
    """What a side chooses for a period: how hard it claims and whether it delivers."""

    name: Name
    tactic: Tactic
    effort: Probability
    counts_as: CountsAs | None = None


DEFAULT_POSTURES = (
    Posture(name="squeeze", tactic=TacticChoice(name="hard-bargainer"), effort=0.0, counts_as="compete"),
    Posture(name="claim", tactic=TacticChoice(name="hard-bargainer"), effort=1.0, counts_as="compete"),
    Posture(
        name="build",
        tactic=TacticChoice(name="principled", parameters=(("share", 0.5),)),
        effort=1.0,
        counts_as="cooperate",
    ),
)


class Payoffs(Table):
    """A stage game given directly instead of issues; rows are vendor postures, columns client postures."""

    postures: tuple[Name, ...] | None = None
    vendor_postures: tuple[Name, ...] | None = None
    client_postures: tuple[Name, ...] | None = None
    counts_as: tuple[CountsAs, ...] | None = None
    vendor_counts_as: tuple[CountsAs, ...] | None = None
    client_counts_as: tuple[CountsAs, ...] | None = None
    vendor: Matrix
    client: Matrix


class Maturity(Table):
    """How deep a relationship can become, and what moves it there and back."""

    levels: Annotated[tuple[Name, ...], Field(min_length=1)] = ("transactional",)
    value_per_level: float | tuple[float, ...] = 0.0
    growth: NotNegative = 0.0
    reinvest: Probability | Literal["best-reply"] = 0.0
    level_cost: Annotated[float, Field(gt=0)] = 1.0
    decay: Probability = 0.0


class Relationship(Table):
    """When a relationship ends, and how well each side acts and sees."""

    can_leave: bool = True
    patience: PerSideWhole = WholeSides()
    fair_share: Probability = 0.5
    begrudge: NotNegative = 0.0
    switching_cost: PerSide = Sides()
    churn: Probability = 0.0
    slip: PerSideProbability = ProbabilitySides()
    misread: PerSideProbability = ProbabilitySides()


class Scenario(Table):
    """A negotiation situation: the story, the two parties, the issues or payoffs, and how relationships go.

    Scenarios are immutable, hashable values. Load one by `simulator.load_scenario`; change a copy by `replace`.
    """

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    title: Name
    summary: str = ""
    currency: str = ""
    period: Name = "period"
    horizon: Annotated[int, Field(ge=1, le=MOST_PERIODS)] | Literal["unlimited"] = 20
    discount: Annotated[float, Field(gt=0, le=1)] = 1.0
    intended: tuple[str, ...] = ()
    vendor: Party = Party(name="Vendor")
    client: Party = Party(name="Client")
    base: Base = Base()
    issue: tuple[Issue, ...] = ()
    deal: AgreedDeal = None
    negotiation: Negotiation = Negotiation()
    delivery: Delivery = Delivery()
    posture: tuple[Posture, ...] | None = None
    vendor_posture: tuple[Posture, ...] | None = None
    client_posture: tuple[Posture, ...] | None = None
    payoffs: Payoffs | None = None
    maturity: Maturity = Maturity()
    relationship: Relationship = Relationship()
    market: Market = Market()
    segment: tuple[Segment, ...] = ()
    workshop: Workshop = Workshop()
    _estimates: tuple[Estimate, ...] = PrivateAttr(default=())

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """The numbers that are known only as a range; elsewhere they count as their likely values."""
        return self._estimates

    @property
    def agreed_deal(self) -> dict[str, Any] | None:
        """The deal in force between two cooperating sides, ``{issue: option}``; None: what their tactics agree on."""
        return None if self.deal is None else dict(self.deal)

    @property
    def unlimited(self) -> bool:
        """Whether the relationship is evaluated without a last period."""
        return self.horizon == "unlimited"

    @property
    def levels(self) -> tuple[str, ...]:
        """Names of the maturity levels, lowest first."""
        return self.maturity.levels

    def party(self, side: str) -> Party:
        """The party on a side, ``"vendor"`` or ``"client"``."""
        return self.vendor if side == "vendor" else self.client

    def postures(self, side: str) -> tuple[str, ...]:
        """Names of the postures of a side, from competitive to cooperative."""
        if self.payoffs is not None:
            own = self.payoffs.vendor_postures if side == "vendor" else self.payoffs.client_postures
            return own or self.payoffs.postures or ()
        return tuple(posture.name for posture in self.posture_choices(side))

    def posture_choices(self, side: str) -> tuple[Posture, ...]:
        """The postures of a side with tactic and effort; empty where the payoffs are given directly."""
        if self.payoffs is not None:
            return ()
        own = self.vendor_posture if side == "vendor" else self.client_posture
        return own or self.posture or DEFAULT_POSTURES

    def cooperates(self, side: str) -> tuple[bool, ...]:
        """For each posture of a side, whether it counts as cooperation."""
        names = self.postures(side)
        said: tuple[str | None, ...] = (None,) * len(names)
        if self.payoffs is not None:
            own = self.payoffs.vendor_counts_as if side == "vendor" else self.payoffs.client_counts_as
            said = own or self.payoffs.counts_as or said
        else:
            said = tuple(posture.counts_as for posture in self.posture_choices(side))
        return tuple(word == "cooperate" if word is not None else i >= len(names) / 2 for i, word in enumerate(said))

    def level_worth(self, level: int) -> float:
        """What a maturity level adds to the client's worth of any agreement, per period."""
        per_level = self.maturity.value_per_level
        return per_level[level] if isinstance(per_level, tuple) else per_level * level

    def document(self) -> dict[str, Any]:
        """The scenario in the shape of its file: only what was said, defaults left out."""
        return put_back(self.model_dump(by_alias=True, exclude_unset=True), self._estimates)

    def with_estimates(self, estimates: Iterable[Estimate]) -> Scenario:
        """A copy that remembers these ranges; the numbers themselves stay as they are."""
        copy = self.model_copy()
        copy._estimates = tuple(estimates)
        return copy

    def replace(self, changes: Mapping[str, Any]) -> Scenario:
        """Return a changed copy, validated as a file would be.

        Parameters
        ----------
        changes : mapping of str to value
            Dotted keys of the file, for example ``"relationship.slip"``; entries of a list by number or by name,
            for example ``"issue.price.range.to"`` or ``"posture.build.effort"``.

        Raises
        ------
        ScenarioError
            When a key does not exist or a value is not allowed; the message names the nearest key.

        Examples
        --------
        >>> import simulator as ns
        >>> ns.load_scenario("saas-renewal").replace({"relationship.slip": 0.05}).relationship.slip.vendor
        0.05
        """
        from simulator.scenario.changes import changed_document
        from simulator.scenario.loading import build

        return build(changed_document(self.document(), changes), place="change of " + self.id)

    def alone(self, *, segment: str | None = None, horizon: int | None = None) -> Scenario:
        """What one relationship in the market is: the scenario without its market and its segments.

        Parameters
        ----------
        segment : str, optional
            A kind of client, whose values are set; absent: a client as the scenario describes it.
        horizon : int, optional
            Periods, in place of the scenario's own.

        Raises
        ------
        UnknownNameError
            When there is no such segment.

        Examples
        --------
        >>> import simulator as ns
        >>> dream = {"name": "dream clients", "share": 0.2, "set": {"client.outside_option": 20.0}}
        >>> s = ns.load_scenario("saas-renewal").replace({"segment": [dream]})
        >>> s.alone(segment="dream clients").client.outside_option
        20.0
        """
        from simulator.scenario.segments import relationship_of

        return relationship_of(self, segment, horizon)

    def _repr_html_(self) -> str:
        from simulator.scenario.html import scenario_html

        return scenario_html(self)


TABLES: dict[tuple[str, ...], type[BaseModel]] = {
    (): Scenario,
    ("vendor",): Party,
    ("client",): Party,
    ("base",): Base,
    ("issue",): Issue,
    ("issue", "range"): Range,
    ("issue", "vendor"): Worth,
    ("issue", "client"): Worth,
    ("negotiation",): Negotiation,
    ("delivery",): Delivery,
    ("delivery", "vendor"): VendorDelivery,
    ("delivery", "client"): ClientDelivery,
    ("posture",): Posture,
    ("vendor_posture",): Posture,
    ("client_posture",): Posture,
    ("payoffs",): Payoffs,
    ("maturity",): Maturity,
    ("relationship",): Relationship,
    ("relationship", "patience"): WholeSides,
    ("relationship", "switching_cost"): Sides,
    ("relationship", "slip"): ProbabilitySides,
    ("relationship", "misread"): ProbabilitySides,
    ("market",): Market,
    ("segment",): Segment,
    ("workshop",): Workshop,
}


def keys_of(path: tuple[str, ...]) -> tuple[str, ...]:
    """Keys allowed in the table at `path` (names only, list positions left out); empty where it is no table."""
    model = TABLES.get(path)
    if model is None:
        return ()
    return tuple(field.alias or name for name, field in model.model_fields.items())
