"""Agents that answer what the partner did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simulator.parameters import parameter
from simulator.strategies.contract import Agent, Automaton, Setting, machine

__all__ = [
    "ConditionalLeaver",
    "Grim",
    "HardTitForTat",
    "MemoryOne",
    "TitForTat",
    "TwoTitsForTat",
    "WinStayLoseShift",
]


@dataclass(frozen=True, kw_only=True)
class Reciprocal(Agent):
    """Family of the reciprocal agents."""

    family: ClassVar[str] = "reciprocal"


def copier(setting: Setting, first: int) -> Automaton:
    """Plays `first`, then the partner's last perceived posture."""
    return machine(setting, first, lambda posture: posture, lambda _state, _own, seen: setting.copy_of(seen))


def mixed(setting: Setting, cooperate: float) -> np.ndarray:
    """Cooperates (last posture) with a probability, else competes (first posture)."""
    chances = np.zeros(setting.n_own)
    chances[0] += 1.0 - cooperate
    chances[-1] += cooperate
    return chances


@dataclass(frozen=True, kw_only=True)
class TitForTat(Reciprocal):
    """Copies the partner."""

    name: ClassVar[str] = "tit-for-tat"
    rule: ClassVar[str] = "Cooperates first, then copies the partner's last posture."
    source: ClassVar[str] = "Rapoport; Axelrod 1984"

    def automaton(self, setting: Setting) -> Automaton:
        return copier(setting, setting.n_own - 1)


@dataclass(frozen=True, kw_only=True)
class WinStayLoseShift(Reciprocal):
    """Cooperates when both did the same."""

    name: ClassVar[str] = "win-stay-lose-shift"
    rule: ClassVar[str] = "Cooperates first, then exactly when both did the same in the last period."
    source: ClassVar[str] = "Nowak & Sigmund 1993"

    def automaton(self, setting: Setting) -> Automaton:
        return machine(
            setting,
            True,
            lambda cooperate: setting.n_own - 1 if cooperate else 0,
            lambda _state, own, seen: setting.own_cooperates[own] == setting.partner_cooperates[seen],
        )


@dataclass(frozen=True, kw_only=True)
class Grim(Reciprocal):
    """Never forgives."""

    name: ClassVar[str] = "grim"
    rule: ClassVar[str] = "Cooperates until the partner competes once, then competes for ever."
    source: ClassVar[str] = "Friedman 1971"

    def automaton(self, setting: Setting) -> Automaton:
        return machine(
            setting,
            False,
            lambda betrayed: 0 if betrayed else setting.n_own - 1,
            lambda betrayed, _own, seen: betrayed or not setting.partner_cooperates[seen],
        )


@dataclass(frozen=True, kw_only=True)
class ManyTitsForTat(Reciprocal):
    """Answers a competitive period for several periods."""

    periods: ClassVar[int] = 1

    def automaton(self, setting: Setting) -> Automaton:
        # State: periods of retaliation still to come, and the posture that is copied in them.
        def move(state: tuple[int, int], _own: int, seen: int) -> tuple[int, int]:
            if not setting.partner_cooperates[seen]:
                return (self.periods, setting.copy_of(seen))
            left = max(state[0] - 1, 0)
            return (left, state[1] if left else setting.n_own - 1)

        return machine(setting, (0, setting.n_own - 1), lambda state: state[1], move)


@dataclass(frozen=True, kw_only=True)
class TwoTitsForTat(ManyTitsForTat):
    """Retaliates twice."""

    name: ClassVar[str] = "two-tits-for-tat"
    rule: ClassVar[str] = "Answers each competitive period of the partner by copying it for two periods."
    source: ClassVar[str] = "Axelrod 1980"
    periods: ClassVar[int] = 2


@dataclass(frozen=True, kw_only=True)
class HardTitForTat(ManyTitsForTat):
    """Retaliates three times."""

    name: ClassVar[str] = "hard-tit-for-tat"
    rule: ClassVar[str] = "Answers each competitive period of the partner by copying it for three periods."
    source: ClassVar[str] = "Stewart & Plotkin 2012"
    periods: ClassVar[int] = 3


@dataclass(frozen=True, kw_only=True)
class MemoryOne(Reciprocal):
    """Cooperates with a probability that depends on the last period."""

    name: ClassVar[str] = "memory-one"
    rule: ClassVar[str] = "Cooperates with probabilities set by the last period: cc, cd, dc, dd (first letter own)."
    source: ClassVar[str] = "Nowak & Sigmund 1990"
    cc: float = parameter(1.0, low=0, high=1)
    cd: float = parameter(0.0, low=0, high=1)
    dc: float = parameter(1.0, low=0, high=1)
    dd: float = parameter(0.0, low=0, high=1)
    first: float = parameter(1.0, low=0, high=1)

    def automaton(self, setting: Setting) -> Automaton:
        return memory_one(setting, (self.cc, self.cd, self.dc, self.dd), self.first)


def memory_one(setting: Setting, chances: tuple[float, float, float, float], first: float) -> Automaton:
    """Cooperates with probability `first`, then with the one of cc, cd, dc, dd (first letter own)."""

    def move(_state: float, own: int, seen: int) -> int:
        return 2 * (not setting.own_cooperates[own]) + (not setting.partner_cooperates[seen])

    return machine(setting, -1, lambda state: mixed(setting, first if state < 0 else chances[state]), move)


@dataclass(frozen=True, kw_only=True)
class ConditionalLeaver(Reciprocal):
    """Always does the same, and answers by staying or leaving."""

    name: ClassVar[str] = "conditional-leaver"
    rule: ClassVar[str] = "Always does the same; stays or leaves according to what the partner did."
    source: ClassVar[str] = "Izquierdo, Izquierdo & Vega-Redondo 2010"
    action: str = parameter("cooperate", choices=("cooperate", "compete"))
    leave_on_cooperate: bool = parameter(False)
    leave_on_compete: bool = parameter(True)

    def automaton(self, setting: Setting) -> Automaton:
        def leave(_state: int, _own: int, seen: int) -> float:
            return float(self.leave_on_cooperate if setting.partner_cooperates[seen] else self.leave_on_compete)

        posture = setting.n_own - 1 if self.action == "cooperate" else 0
        return machine(setting, 0, lambda _: posture, lambda state, *_: state, leave)
