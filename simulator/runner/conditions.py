"""Conditions in words: what has to be 0 for a side to be indifferent, or for two ways of playing to be equally good.

- ``vendor-captured``, ``client-captured``: staying is worth as much as the outside option to that side;
- ``created``: both together have as much as from their outside options;
- ``vendor building = vendor squeezing``: two ways of playing are worth the same to one side against the same partner;
- ``joint building = joint squeezing``: both play one way, or both the other, with the same joint value.

A way of playing is an agent's name, or *building* (always-cooperate), *squeezing* (always-compete), *claiming*
(always-claim).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from simulator.errors import UnknownNameError
from simulator.relationships.exact import Relationship
from simulator.strategies.catalogue import CATALOGUE, agent
from simulator.strategies.contract import Agent

__all__ = ["NAMED", "WAYS", "Condition", "condition"]

WAYS = {"building": "always-cooperate", "squeezing": "always-compete", "claiming": "always-claim"}
NAMED = ("vendor-captured", "client-captured", "created")
WHO = ("vendor", "client", "joint")
Meet = Callable[[Agent, Agent], Relationship]  # vendor, client -> their relationship


@dataclass(frozen=True)
class Condition:
    """A difference that may be positive or negative.

    Attributes
    ----------
    words : str
        As it was written, for example ``"vendor building = vendor squeezing"``.
    who : str
        Whose money it is about: ``"vendor"``, ``"client"`` or ``"joint"``.
    ways : tuple of two agents, or None
        The ways of playing that are compared; None: the relationship against the outside option.
    above, below : str
        What is true where the difference is positive, and where it is negative.
    """

    words: str
    who: str
    ways: tuple[Agent, Agent] | None
    above: str
    below: str

    def gap(self, meet: Meet, vendor: Agent, client: Agent) -> tuple[float, float]:
        """The difference for a pair, and the size of the values that it is the difference of."""
        if self.ways is None:
            pair = meet(vendor, client)
            name = "created_value" if self.who == "joint" else f"{self.who}_captured"
            value = pair.joint_value if self.who == "joint" else getattr(pair, f"{self.who}_value")
            return float(getattr(pair, name)), abs(value)
        values = []
        for way in self.ways:
            if self.who == "joint":
                values.append(meet(way, way).joint_value)
            elif self.who == "vendor":
                values.append(meet(way, client).vendor_value)
            else:
                values.append(meet(vendor, way).client_value)
        return values[0] - values[1], max(abs(value) for value in values)


def condition(words: str) -> Condition:
    """Read a condition; see the text of this module.

    Raises
    ------
    UnknownNameError
        For a condition, side or way of playing that does not exist, with the nearest ones.

    Examples
    --------
    >>> condition("vendor building = vendor squeezing").above
    'the vendor does better by building'
    """
    plain = " ".join(words.split())
    named = plain.lower().replace("_", "-").replace(" ", "-")
    if named in ("vendor-captured", "client-captured"):
        side = named.removesuffix("-captured")
        return Condition(
            named, side, None, f"the {side} gains by staying", f"the {side} is better off looking elsewhere"
        )
    if named == "created":
        return Condition(named, "joint", None, "both together gain by staying", "both together are better off apart")
    sides = [part.strip().split(maxsplit=1) for part in re.split(r"=(?![^()]*\))", plain)]  # not inside brackets
    examples = (*NAMED, "vendor building = vendor squeezing", "joint building = joint squeezing")
    if len(sides) != 2 or any(len(side) != 2 or side[0] not in WHO for side in sides) or sides[0][0] != sides[1][0]:
        raise UnknownNameError("condition", words, examples)
    who, ways = sides[0][0], (sides[0][1], sides[1][1])
    subject = "both do" if who == "joint" else f"the {who} does"
    above, below = (f"{subject} better by {_doing(way)}" for way in ways)
    return Condition(plain, who, (_way(ways[0]), _way(ways[1])), above, below)


def _doing(way: str) -> str:
    return way if way in WAYS else f"playing {way}"


def _way(name: str) -> Agent:
    word = name.partition("(")[0].strip()
    if word not in WAYS and word not in CATALOGUE:
        raise UnknownNameError("way of playing", name, (*WAYS, *CATALOGUE))
    return agent(WAYS.get(name, name))
