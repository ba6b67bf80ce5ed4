"""Agents in the room: what an agent of the catalogue does in a pair, from the pair's past alone.

An agent's memory is worked out from the history whenever it is asked, so it needs no state of its own, and an agent
that takes a chair over knows the relationship as the person knew it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.errors import SimulatorError
from simulator.relationships.chain import automaton_of
from simulator.relationships.exact import relationship
from simulator.relationships.period import patience_of, setting_of
from simulator.strategies.catalogue import CATALOGUE, FIELD, agent
from simulator.workshop.pairs import Pair, other
from simulator.workshop.values import Numbers, drawn_from

if TYPE_CHECKING:
    from simulator.scenario.schema import Scenario
    from simulator.strategies.contract import Agent

__all__ = ["USUAL", "fitting", "intended", "invested_share", "leaving", "patience"]

USUAL = "tit-for-tat"

History = Sequence[tuple[int, int, float]]  # own actual posture, perceived partner posture, own payoff


@lru_cache(maxsize=1024)
def _made(spec: str) -> Agent:
    return agent(spec)


def fitting(scenario: Scenario, spec: str) -> str:
    """The written form of an agent that can play both sides here.

    Raises
    ------
    SimulatorError
        For one that does not exist or does not fit the game.

    Examples
    --------
    >>> import simulator as ns
    >>> fitting(ns.load_scenario("stag-hunt"), "tit-for-tat")
    'tit-for-tat'
    """
    found = agent(spec)
    for side in ("vendor", "client"):
        automaton_of(scenario, side, found)
    return str(found)


@lru_cache(maxsize=64)
def offered(scenario: Scenario) -> tuple[str, ...]:
    """Agents that can fill a seat in this scenario, the usual one first, then the default field."""
    names = dict.fromkeys((USUAL, *FIELD, *CATALOGUE))
    fit = []
    for name in names:
        try:
            fit.append(fitting(scenario, name))
        except SimulatorError:
            continue
    return tuple(fit)


def _history(pair: Pair, side: str) -> History:
    return [(turn.posture[side], turn.saw[side], turn.payoff[side]) for turn in pair.turns]


def _mind(numbers: Numbers, side: str, spec: str, history: History) -> tuple[Any, Any]:
    """The agent's automaton and state after a history; of one that has none, None and its player."""
    found = _made(spec)
    automaton = automaton_of(numbers.scenario, side, found)
    if automaton is not None:
        state = automaton.start
        for own, seen, _ in history:
            state = int(automaton.move[state, own, seen])
        return automaton, state
    player = found.player(setting_of(numbers.scenario, side), 1)
    for own, seen, payoff in history:
        player.observe(np.array([own]), np.array([seen]), np.array([payoff]))
    return None, player


def intended(numbers: Numbers, pair: Pair, side: str, rng: np.random.Generator, *, spec: str = "") -> int:
    """The posture that the agent on `side` (or another one in its place) plays in this period, its slip included."""
    spec = spec or pair.chairs[side].agent or USUAL
    partner_starved = side == "client" and pair.starved
    automaton, state = _mind(numbers, side, spec, _history(pair, side))
    if automaton is not None:
        meant = drawn_from(automaton.play[int(partner_starved), state], rng)
    else:
        meant = int(state.choose(np.array([partner_starved]), rng)[0])
    return drawn_from(numbers.period.slip[side][meant], rng)


def leaving(numbers: Numbers, pair: Pair, side: str, *, spec: str = "") -> float:
    """The chance that the agent on `side` (or another one in its place) wants to leave after the last period."""
    history = _history(pair, side)
    spec = spec or pair.chairs[side].agent or USUAL
    automaton, state = _mind(numbers, side, spec, history[:-1])
    own, seen, payoff = history[-1]
    if automaton is not None:
        return float(automaton.leave[state, own, seen])
    state.observe(np.array([own]), np.array([seen]), np.array([payoff]))
    return float(state.leaving()[0])


def patience(numbers: Numbers, pair: Pair, side: str) -> int:
    """Periods in a row below its outside option after which the agent on `side` leaves; 0: never."""
    return patience_of(numbers.scenario, side, _made(pair.chairs[side].agent or USUAL))


@lru_cache(maxsize=256)
def _best_reply(scenario: Scenario, vendor: str, client: str) -> float:
    return float(relationship(scenario, vendor=vendor, client=client).reinvest)


def invested_share(numbers: Numbers, pair: Pair) -> float:
    """Share of its surplus that an agent in the vendor's chair puts back.

    Where the scenario leaves it to the vendor, it is the best reply to the client's agent; a person is taken for one
    that answers in kind.
    """
    share = numbers.scenario.maturity.reinvest
    if share != "best-reply":
        return float(share)
    if numbers.levels == 1:
        return 0.0
    client = pair.chairs[other("vendor")].agent or USUAL
    try:
        return _best_reply(numbers.scenario, pair.chairs["vendor"].agent or USUAL, client)
    except SimulatorError:  # an agent without an automaton has no exact best reply
        return 0.0
