"""Every agent of the catalogue keeps the public contract, and the contract suite notices when one does not."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

import simulator as ns
from simulator.parameters import parameter
from simulator.strategies.contract import Agent, Automaton
from simulator.testing import check_agent


@pytest.mark.parametrize("agent", ns.agents(), ids=str)
def test_every_agent_of_the_catalogue_keeps_the_contract(agent):
    check_agent(agent)


@pytest.mark.parametrize(
    "text",
    [
        "generous-tit-for-tat(generosity=0.9)",
        "trust-builder(periods=0)",
        "walk-away(tolerance=3)",
        "conditional-leaver(action=compete, leave_on_cooperate=true, leave_on_compete=false)",
        "hit-and-run(periods=4)",
        "opportunist(loyal=0)",
        "nibbler(every=1)",
        "memory-one(cc=0.9, cd=0.2, dc=0.3, dd=0.4, first=0.5)",
        "extortioner(chi=2)",
        "grim(patience=2)",
    ],
)
def test_agents_with_parameters_keep_it_too(text):
    check_agent(ns.agent(text))


@dataclass(frozen=True, kw_only=True)
class Sound(Agent):
    """A user's own step-by-step agent that keeps the contract."""

    name: ClassVar[str] = "sound"
    rule: ClassVar[str] = "Takes its first posture."
    source: ClassVar[str] = "this test"
    weight: float = parameter(0.5, low=0, high=1)

    def player(self, setting, count):
        return _Player(count)


class _Player:
    def __init__(self, count):
        self.count = count

    def choose(self, starved, rng):
        return np.zeros(self.count, dtype=int)

    def observe(self, own, perceived, payoff):
        pass

    def leaving(self):
        return np.zeros(self.count)

    def keep(self, alive):
        self.count = int(alive.sum())


def test_a_users_own_agent_can_keep_it():
    check_agent(Sound())


@dataclass(frozen=True, kw_only=True)
class Nameless(Sound):
    name: ClassVar[str] = ""


@dataclass(frozen=True, kw_only=True)
class NoSource(Sound):
    source: ClassVar[str] = ""


@dataclass(frozen=True, kw_only=True)
class NoSentence(Sound):
    rule: ClassVar[str] = "competes"


@dataclass(frozen=True, kw_only=True)
class Forgetful(Sound):
    def player(self, setting, count):
        player = _Player(count)
        player.keep = lambda alive: None
        return player


@dataclass(frozen=True, kw_only=True)
class Elsewhere(Sound):
    def player(self, setting, count):
        player = _Player(count)
        player.choose = lambda starved, rng: np.full(len(starved), setting.n_own)
        return player


@dataclass(frozen=True, kw_only=True)
class Unreachable(Sound):
    def automaton(self, setting):
        play = np.zeros((2, 2, setting.n_own))
        play[:, :, 0] = 1
        move = np.zeros((2, setting.n_own, setting.n_partner), dtype=int)
        return Automaton(play=play, move=move, leave=np.zeros(move.shape))


@dataclass(frozen=True, kw_only=True)
class Refuses(Sound):
    def automaton(self, setting):
        raise ns.SimulatorError(f"agent {self.name!r} plays nowhere")


@pytest.mark.parametrize("broken", [Nameless, NoSource, NoSentence, Forgetful, Elsewhere, Unreachable, Refuses])
def test_a_broken_agent_is_found_out(broken):
    with pytest.raises(AssertionError):
        check_agent(broken())
