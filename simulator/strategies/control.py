"""Agents to compare against: they show what comes of no strategy at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simulator.parameters import parameter
from simulator.strategies.competitive import opposite
from simulator.strategies.contract import Agent, Automaton, Setting, machine
from simulator.strategies.reciprocal import mixed

__all__ = ["Alternator", "AntiTitForTat", "Random"]


@dataclass(frozen=True, kw_only=True)
class Control(Agent):
    """Family of the controls."""

    family: ClassVar[str] = "control"


@dataclass(frozen=True, kw_only=True)
class Random(Control):
    """Tosses a coin."""

    name: ClassVar[str] = "random"
    rule: ClassVar[str] = "Cooperates with a fixed probability, else competes."
    source: ClassVar[str] = "Axelrod 1984"
    p: float = parameter(0.5, low=0, high=1)

    def automaton(self, setting: Setting) -> Automaton:
        return machine(setting, 0, lambda _: mixed(setting, self.p), lambda state, *_: state)


@dataclass(frozen=True, kw_only=True)
class Alternator(Control):
    """Takes turns with itself."""

    name: ClassVar[str] = "alternator"
    rule: ClassVar[str] = "Cooperates first, then alternates between competing and cooperating."
    source: ClassVar[str] = "Axelrod library"

    def automaton(self, setting: Setting) -> Automaton:
        top = setting.n_own - 1
        return machine(setting, True, lambda turn: top if turn else 0, lambda turn, *_: not turn)


@dataclass(frozen=True, kw_only=True)
class AntiTitForTat(Control):
    """Does the opposite of the partner."""

    name: ClassVar[str] = "anti-tit-for-tat"
    rule: ClassVar[str] = "Cooperates first, then does the opposite of the partner's last posture."
    source: ClassVar[str] = "Axelrod library"

    def automaton(self, setting: Setting) -> Automaton:
        return opposite(setting, setting.n_own - 1)
