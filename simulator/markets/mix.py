"""Mixes: which strategies the parties of a market play, and in what shares.

Written form: ``vendors: tit-for-tat=.5, always-compete=.5; clients: tit-for-tat=1``, or with one role
``population: tit-for-tat=.9, always-compete=.1``. A share may be zero: a strategy that nobody plays at first, and that
mutation may bring in.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulator.errors import SimulatorError, nearest
from simulator.parameters import parse_call
from simulator.strategies.catalogue import agent as agent_named
from simulator.strategies.contract import Agent

if TYPE_CHECKING:
    from simulator.scenario.schema import Scenario

__all__ = ["ADDS_UP", "Mix", "Shares", "as_mix", "shares_of", "shares_text"]

ADDS_UP = 1e-9  # how far shares may be from 1 in sum
ROLES = ("vendors", "clients", "population")
HOW = 'write "vendors: tit-for-tat=.5, always-compete=.5; clients: tit-for-tat=1"'

Shares = tuple[tuple[Agent, float], ...]
Given = Mapping[Any, Any] | Iterable[tuple[Any, Any]] | str | Agent | None


@dataclass(frozen=True, init=False, repr=False)
class Mix:
    """Shares of the strategies in a market: one list for vendors and one for clients, or one for a single population.

    Parameters
    ----------
    vendors, clients : mapping of agent or name to share
        The shares of a role sum to 1. Also as text, ``"tit-for-tat=.5, always-compete=.5"``; one agent alone has all.
    population : mapping of agent or name to share
        In place of both, where there is one role and any two meet.

    Attributes
    ----------
    vendors, clients, population : tuple of (Agent, float)
        In the order given; empty where the mix has no such role.

    Raises
    ------
    SimulatorError
        For an unknown agent, an agent named twice, a share that is no number from 0 to 1, or shares that do not sum
        to 1; the message names the role and the sum.

    Examples
    --------
    >>> import simulator as ns
    >>> mix = ns.Mix(vendors={"tit-for-tat": 0.5, "always-compete": 0.5}, clients={"tit-for-tat": 1})
    >>> str(mix)
    'vendors: tit-for-tat=0.5, always-compete=0.5; clients: tit-for-tat=1'
    >>> ns.Mix.parse(str(mix)) == mix
    True
    """

    vendors: Shares
    clients: Shares
    population: Shares

    def __init__(self, *, vendors: Given = None, clients: Given = None, population: Given = None) -> None:
        given = {"vendors": vendors, "clients": clients, "population": population}
        said = [role for role, shares in given.items() if shares is not None]
        if said not in (["vendors", "clients"], ["population"]):
            got = " and ".join(said) or "nothing"
            raise SimulatorError(f"a mix names {got}; allowed: vendors and clients, or population (one role)")
        for role, shares in given.items():
            object.__setattr__(self, role, () if shares is None else shares_of(role, shares))

    @classmethod
    def parse(cls, text: str) -> Mix:
        """Read a mix from its written form.

        Raises
        ------
        SimulatorError
            When the text cannot be read, and as for `Mix` itself.

        Examples
        --------
        >>> import simulator as ns
        >>> mix = ns.Mix.parse("vendors: memory-one(cc=1, dc=.5)=1/3, grim=2/3; clients: grim")
        >>> [round(share, 2) for _, share in mix.vendors]
        [0.33, 0.67]
        """
        if not isinstance(text, str):
            raise SimulatorError(f"a mix is {text!r}; {HOW}")
        given: dict[str, Any] = {}
        for part in filter(str.strip, _split(text, ";")):
            role, colon, shares = part.partition(":")
            role = role.strip()
            if not colon:
                raise SimulatorError(f"cannot read {part.strip()!r} in a mix; {HOW}")
            if role not in ROLES:
                hint = nearest(role, ROLES)
                raise SimulatorError(f"a mix has no {role!r}; allowed: {', '.join(ROLES)}" + (hint and f"; {hint}"))
            if ":" in shares:
                raise SimulatorError(f"cannot read {part.strip()!r} in a mix; separate the roles by a semicolon: {HOW}")
            if role in given:
                raise SimulatorError(f"a mix names {role} twice; name each role once")
            given[role] = shares
        return cls(**given)

    @property
    def roles(self) -> str:
        """``"two"`` or ``"one"``, as the scenario's ``market.roles`` has to be."""
        return "one" if self.population else "two"

    def fits(self, scenario: Scenario) -> Mix:
        """The mix itself, if it can be played in a scenario's market.

        Raises
        ------
        SimulatorError
            When the roles are others, an agent does not fit the game, a client bids, or a bid is not admitted.
        """
        from simulator.markets.fitting import check_fit

        check_fit(self, scenario)
        return self

    def document(self) -> dict[str, dict[str, float]]:
        """The mix as nested tables of names and shares, as in a file of mixes."""
        return {
            role: {str(agent): share for agent, share in getattr(self, role)} for role in ROLES if getattr(self, role)
        }

    def __str__(self) -> str:
        said = (f"{role}: {shares_text(getattr(self, role))}" for role in ROLES if getattr(self, role))
        return "; ".join(said)

    def __repr__(self) -> str:
        return f"<Mix {self}>"


def as_mix(mix: Mix | str) -> Mix:
    """A mix from itself or from its written form.

    Raises
    ------
    SimulatorError
        For anything else, and for a text that cannot be read.
    """
    return mix if isinstance(mix, Mix) else Mix.parse(mix)


def shares_text(shares: Shares) -> str:
    """Agents and their shares as text."""
    return ", ".join(f"{agent}={_written(share)}" for agent, share in shares)


def shares_of(role: str, given: Mapping[Any, Any] | Iterable[tuple[Any, Any]] | str | Agent) -> Shares:
    """Agents with their shares of a role, checked.

    Raises
    ------
    SimulatorError
        As `Mix` says.
    """
    if isinstance(given, Agent):
        given = {given: 1.0}
    elif isinstance(given, str):
        given = _parsed(role, given)
    if not isinstance(given, Iterable):
        raise SimulatorError(f"the {role} are {given!r}; allowed: agents with their shares")
    pairs = list(given.items()) if isinstance(given, Mapping) else list(given)
    if not pairs:
        raise SimulatorError(f"the {role} are empty; name at least one agent")
    for pair in pairs:
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise SimulatorError(f"the {role} hold {pair!r}; allowed: pairs of an agent and its share")
    found: dict[Agent, float] = {}
    for name, share in pairs:
        agent = agent_named(name)
        if agent in found:
            raise SimulatorError(f"the {role} name {str(agent)!r} twice; name each agent once")
        found[agent] = _share(role, agent, share)
    total = math.fsum(found.values())
    if abs(total - 1.0) > ADDS_UP:
        raise SimulatorError(f"the shares of the {role} sum to {total:.10g}; allowed: shares that sum to 1")
    return tuple(found.items())


def _share(role: str, agent: Agent, share: Any) -> float:
    try:
        number = float(share) if isinstance(share, numbers.Real) and not isinstance(share, bool) else math.nan
    except OverflowError:  # a whole number that no float can hold
        number = math.inf
    if not 0 <= number <= 1 + ADDS_UP:
        raise SimulatorError(
            f"the share of {str(agent)!r} among the {role} is {share!r}; allowed: a number from 0 to 1"
        )
    return abs(number)  # no negative zero


def _parsed(role: str, text: str) -> list[tuple[Agent, float]]:
    parts = [part.strip() for part in _split(text, ",") if part.strip()]
    pairs = []
    for part in parts:
        closing = part.rfind(")")
        at = part.find("=", closing + 1)
        if at < 0 and len(parts) > 1:
            raise SimulatorError(f"{part!r} among the {role} has no share; write agent=share, e.g. {part}=.5")
        name, share = (part, "1") if at < 0 else (part[:at], part[at + 1 :])
        parse_call(name)  # what cannot be read as an agent is said before its share is looked at
        pairs.append((agent_named(name.strip()), _read_share(role, name.strip(), share.strip())))
    return pairs


def _read_share(role: str, name: str, text: str) -> float:
    over, slash, under = text.partition("/")
    try:
        return float(over) / float(under) if slash else float(text)
    except (ValueError, ZeroDivisionError):
        what = f"the share of {name!r} among the {role} is {text!r}"
        raise SimulatorError(f"{what}; allowed: a number from 0 to 1 or a fraction such as 1/3") from None


def _split(text: str, mark: str) -> list[str]:
    """Parts of a text between marks that stand outside brackets."""
    parts, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == mark and depth <= 0:
            parts.append("")
        else:
            parts[-1] += character
    if depth:
        raise SimulatorError(f"cannot read {text.strip()!r}: a bracket is not closed, or not opened")
    return parts


def _written(share: float) -> str:
    """Six digits where they say all, else every digit, so that reading gives the same share."""
    short = f"{share:.6g}"
    return short if float(short) == share else repr(share)
