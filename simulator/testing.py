"""The contract that every agent and tactic keeps, as checks that anyone can run on their own classes.

``check_agent(MyAgent())`` raises `AssertionError` with the first broken rule. The package runs the same checks on its
whole catalogue.
"""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Iterator

import numpy as np

from simulator.errors import SimulatorError
from simulator.games.stage import StageGame
from simulator.parameters import parse_call
from simulator.strategies.contract import Agent, Automaton, Setting
from simulator.streams import stream

__all__ = ["check_agent", "settings"]

FAMILIES = ("cooperative", "reciprocal", "competitive", "control", "learning", "own")


def settings() -> Iterator[Setting]:
    """Settings in which agents are checked: two and more postures, different lists, one posture, both sides."""
    dilemma = StageGame([[1, 5], [0, 3]], [[1, 0], [5, 3]]).vendor_payoffs
    rng = stream(0, "settings", "testing")
    for side in ("vendor", "client"):
        yield Setting(side, (False, True), (False, True), dilemma)
        yield Setting(side, (False, False, True), (False, False, True), np.sort(rng.random((3, 3)), axis=1))
        yield Setting(side, (False, False, True), (False, True), rng.random((3, 2)), outside=0.2, discount=0.9)
        yield Setting(side, (False, True), (False, False, True, True, True), rng.random((2, 5)), switching_cost=1.0)
        yield Setting(side, (True,), (True,), np.ones((1, 1)))


def check_agent(agent: Agent) -> None:
    """Check that an agent keeps the contract of `simulator.Agent`.

    Parameters
    ----------
    agent : Agent
        An instance; it is checked in every setting of `settings` that it does not refuse.

    Raises
    ------
    AssertionError
        With the rule that is broken.

    Examples
    --------
    >>> import simulator as ns
    >>> check_agent(ns.agent("tit-for-tat"))
    """
    _check_value(agent)
    played = 0
    for setting in settings():
        try:
            automaton = agent.automaton(setting)
        except SimulatorError as refusal:
            assert str(agent) in str(refusal) or agent.name in str(refusal), "a refusal names the agent"
            continue
        if automaton is not None:
            _check_automaton(agent, automaton, setting)
        _check_player(agent, setting)
        played += 1
    assert played, f"{agent} refuses every setting"


def _check_value(agent: Agent) -> None:
    cls = type(agent)
    assert dataclasses.is_dataclass(cls), f"{cls.__name__} is a dataclass that only stores its parameters"
    assert agent.name, f"{cls.__name__} has a name"
    assert parse_call(agent.name) == (agent.name, {}), f"the name {agent.name!r} is letters, digits and dashes"
    assert agent.family in FAMILIES, f"the family of {agent.name!r} is one of {', '.join(FAMILIES)}"
    assert agent.rule.strip().endswith("."), f"{agent.name!r} says its rule in one sentence"
    assert agent.source, f"{agent.name!r} names its source"
    assert cls(**agent.parameters()) == agent, f"{agent.name!r} is made again from its parameters"
    assert hash(cls(**agent.parameters())) == hash(agent), f"equal agents of {agent.name!r} hash equally"
    assert agent.with_parameters(patience=3) != agent, f"{agent.name!r} takes a patience of its own"
    other = agent.with_parameters(bid="hard" if agent.bid == "fair" else "fair")
    assert other != agent, f"{agent.name!r} takes a bid of its own"
    assert other.once_won == agent.once_won, f"{agent.name!r} is the same agent once it has won, however it bids"
    name, parameters = parse_call(str(agent))
    assert name == agent.name, f"{agent.name!r} is written with its name"
    assert set(parameters) <= set(agent.parameters()), f"{agent.name!r} is written with its parameters"
    for item in dataclasses.fields(agent):
        try:
            setattr(agent, item.name, None)
        except dataclasses.FrozenInstanceError:
            continue
        raise AssertionError(f"{agent.name!r} is immutable: {item.name} could be changed")
    if "<locals>" not in cls.__qualname__ and cls.__module__ != "__main__":
        assert pickle.loads(pickle.dumps(agent)) == agent, f"{agent.name!r} survives pickling"


def _check_automaton(agent: Agent, automaton: Automaton, setting: Setting) -> None:
    states, own, partner = automaton.move.shape
    assert (own, partner) == (setting.n_own, setting.n_partner), f"{agent} plays the postures of the setting"
    again = agent.automaton(setting)
    assert again is not None, f"{agent} describes itself the same way each time"
    for one, other in zip(vars(automaton).values(), vars(again).values(), strict=True):
        assert np.array_equal(one, other), f"{agent} describes itself the same way each time"
    reached = {automaton.start}
    while True:
        following = reached | {int(s) for state in reached for s in automaton.move[state].ravel()}
        if following == reached:
            break
        reached = following
    assert len(reached) == states, f"{agent} has no state that can never be reached"


def _check_player(agent: Agent, setting: Setting) -> None:
    count, rng = 7, stream(1, "check", "testing")
    player = agent.player(setting, count)
    alive = count
    for period in range(12):
        chosen = player.choose(np.arange(alive) % 2 == period % 2, rng)
        assert chosen.shape == (alive,), f"{agent} chooses one posture for each relationship"
        assert chosen.dtype.kind in "iu", f"{agent} chooses posture numbers"
        assert np.all((chosen >= 0) & (chosen < setting.n_own)), f"{agent} chooses postures of its own"
        perceived = rng.integers(setting.n_partner, size=alive)
        player.observe(chosen, perceived, setting.payoffs[chosen, perceived])
        leaving = np.asarray(player.leaving())
        assert leaving.shape == (alive,), f"{agent} says for each relationship whether it leaves"
        assert np.all((leaving >= 0) & (leaving <= 1)), f"{agent} leaves with a probability"
        keep = np.arange(alive) != 0 if period == 5 else np.ones(alive, dtype=bool)
        player.keep(keep)
        alive = int(keep.sum())
