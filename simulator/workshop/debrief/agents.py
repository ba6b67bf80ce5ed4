"""The class against the catalogue's agents on the same axes: value created by a pair, and how long it lasts.

The agents' numbers are exact expectations with the plan's number of periods, their slips and outside events included.
They take about a second, so `field_of` is apart from the rest: run it once, in an executor, and pass the result on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.relationships.chain import automaton_of
from simulator.runner.compare import chosen_agents, compare
from simulator.scenario.schema import Scenario
from simulator.strategies.catalogue import FIELD
from simulator.workshop.debrief.account import Account, ClassAccount
from simulator.workshop.debrief.amounts import unit_of
from simulator.workshop.debrief.best import best_play
from simulator.workshop.debrief.spoken import noun
from simulator.workshop.words import Words

__all__ = ["Field", "agent_sentences", "field_of", "room_points"]

Floats = NDArray[np.float64]
# Where the vendor's reinvestment is a best reply, each pair takes eleven times as long; these stand for their kinds.
FEWER = (*FIELD, "grim", "win-stay-lose-shift", "steward", "always-claim", "bully", "hit-and-run", "nibbler")
NAMED = (("always-compete", "always-compete"), ("tit-for-tat", "tit-for-tat"), ("always-cooperate", "always-cooperate"))


@dataclass(frozen=True, eq=False)
class Field:
    """What every pair of automata of the catalogue can expect of that many periods.

    Attributes
    ----------
    vendors, clients : tuple of str
        Names of the agents.
    length, created : ndarray, shape (vendors, clients)
        Expected periods and created value.
    periods : int
        Periods at most.
    first_best : float
        The best that people could make of them.
    """

    vendors: tuple[str, ...]
    clients: tuple[str, ...]
    length: Floats
    created: Floats
    periods: int
    first_best: float

    def at(self, vendor: str, client: str) -> tuple[int, int] | None:
        """Row and column of a pair; None where it is not in the field."""
        if vendor in self.vendors and client in self.clients:
            return self.vendors.index(vendor), self.clients.index(client)
        return None

    @property
    def best(self) -> tuple[int, int]:
        """Row and column of the pair that expects most."""
        row, column = np.unravel_index(int(np.argmax(self.created)), self.created.shape)
        return int(row), int(column)


def field_of(scenario: Scenario, periods: int) -> Field:
    """Work out the field; exact, in a second or a few.

    Examples
    --------
    >>> import simulator as ns
    >>> field = field_of(ns.load_scenario("prisoners-dilemma"), 5)
    >>> field.at("tit-for-tat", "tit-for-tat") is not None and bool(field.created.max() <= field.first_best)
    True
    """
    short = scenario.replace({"horizon": periods})
    sides = []
    fewer = isinstance(scenario.maturity.reinvest, str)
    for side in ("vendor", "client"):
        agents = [agent for agent in chosen_agents(short, side, "all", []) if not fewer or str(agent) in FEWER]
        sides.append([agent for agent in agents if automaton_of(short, side, agent) is not None])
    table = compare(short, vendors=sides[0], clients=sides[1], method="exact")
    return Field(
        tuple(map(str, table.vendors)),
        tuple(map(str, table.clients)),
        table.length,
        table.created_value,
        periods,
        best_play(scenario, periods).created,
    )


def room_points(account: ClassAccount) -> list[Account]:
    """The pairs that can be compared: those that could play all periods."""
    return [one for one in account.accounts if one.span == account.periods]


def agent_sentences(account: ClassAccount, field: Field, say: Words) -> list[str]:
    """How the room stands among the agents."""
    points = room_points(account)
    if not points:
        return []
    scenario = account.scenario
    created, length = (float(np.mean([getattr(one, name) for one in points])) for name in ("created", "length"))
    unit = unit_of([created, float(field.created.max())], scenario.currency)
    below = float(np.mean(field.created < created))
    share = round(100 * below) if below in (0.0, 1.0) else min(99, max(1, round(100 * below)))
    lasted = noun(say, "periods_of", 1 if abs(length - 1) < 0.05 else 2, value=_short(length), period=scenario.period)
    key = "beats" if 0 < share < 100 else "beats_all" if share else "beats_none"
    said = [
        say(
            f"debrief.agents.{key}",
            count=len(points),
            mean=unit.said(created),
            length=lasted,
            share=share,
            n=field.created.size,
        )
    ]
    near = nearest(field, created, length)
    vendor, client = field.vendors[near[0]], field.clients[near[1]]
    if vendor == client:
        said.append(say("debrief.agents.nearest_same", name=vendor))
    else:
        said.append(say("debrief.agents.nearest", vendor=vendor, client=client))
    vendor, client = field.vendors[field.best[0]], field.clients[field.best[1]]
    amount = unit.said(float(field.created[field.best]))
    if vendor == client:
        said.append(say("debrief.agents.best_same", name=vendor, amount=amount))
    else:
        said.append(say("debrief.agents.best", vendor=vendor, client=client, amount=amount))
    return said


def _short(length: float) -> str:
    return f"{length:.1f}".removesuffix(".0")


def nearest(field: Field, created: float, length: float) -> tuple[int, int]:
    """The pair of agents that lies nearest, both axes by their range."""
    ranges = float(np.ptp(field.created)) or 1.0, float(np.ptp(field.length)) or 1.0
    apart = ((field.created - created) / ranges[0]) ** 2 + ((field.length - length) / ranges[1]) ** 2
    row, column = np.unravel_index(int(np.argmin(apart)), apart.shape)
    return int(row), int(column)
