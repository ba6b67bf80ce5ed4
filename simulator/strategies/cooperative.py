"""Agents that cooperate unless given a strong reason not to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simulator.parameters import parameter
from simulator.strategies.contract import Agent, Automaton, Setting, machine

__all__ = ["AlwaysCooperate", "GenerousTitForTat", "Steward", "TitForTwoTats", "TrustBuilder", "WalkAway"]


@dataclass(frozen=True, kw_only=True)
class Cooperative(Agent):
    """Family of the cooperative agents."""

    family: ClassVar[str] = "cooperative"


@dataclass(frozen=True, kw_only=True)
class AlwaysCooperate(Cooperative):
    """Cooperates whatever happens."""

    name: ClassVar[str] = "always-cooperate"
    rule: ClassVar[str] = "Cooperates in every period, whatever the partner does."
    source: ClassVar[str] = "Axelrod 1984"

    def automaton(self, setting: Setting) -> Automaton:
        return machine(setting, 0, lambda _: setting.n_own - 1, lambda state, *_: state)


@dataclass(frozen=True, kw_only=True)
class GenerousTitForTat(Cooperative):
    """Copies the partner but forgives some competition."""

    name: ClassVar[str] = "generous-tit-for-tat"
    rule: ClassVar[str] = "Copies the partner's last posture, but forgives competition with some probability."
    source: ClassVar[str] = "Nowak & Sigmund 1992"
    generosity: float = parameter(1 / 3, low=0, high=1)

    def automaton(self, setting: Setting) -> Automaton:
        top = setting.n_own - 1

        def play(seen: int | None) -> np.ndarray:
            chances = np.zeros(setting.n_own)
            if seen is None:
                chances[top] = 1.0
                return chances
            forgiven = 0.0 if setting.partner_cooperates[seen] else self.generosity
            chances[top] += forgiven
            chances[setting.copy_of(seen)] += 1.0 - forgiven
            return chances

        return machine(setting, None, play, lambda _state, _own, seen: seen)


@dataclass(frozen=True, kw_only=True)
class TitForTwoTats(Cooperative):
    """Retaliates only after two competitive periods in a row."""

    name: ClassVar[str] = "tit-for-two-tats"
    rule: ClassVar[str] = "Copies the partner's posture only after two competitive periods in a row, else cooperates."
    source: ClassVar[str] = "Axelrod 1984"

    def automaton(self, setting: Setting) -> Automaton:
        top = setting.n_own - 1

        def move(state: tuple[int, int], _own: int, seen: int) -> tuple[int, int]:
            if setting.partner_cooperates[seen]:
                return (0, top)
            times = min(state[0] + 1, 2)
            return (times, setting.copy_of(seen) if times == 2 else top)

        return machine(setting, (0, top), lambda state: state[1], move)


@dataclass(frozen=True, kw_only=True)
class TrustBuilder(Cooperative):
    """Begins carefully, then cooperates with a partner that moved along with it."""

    name: ClassVar[str] = "trust-builder"
    rule: ClassVar[str] = (
        "Competes for the first periods, then cooperates; leaves when the two did not match, or compete after that."
    )
    source: ClassVar[str] = "Fujiwara-Greve & Okuno-Fujiwara 2009"
    periods: int = parameter(2, low=0)

    def automaton(self, setting: Setting) -> Automaton:
        def leave(period: int, own: int, seen: int) -> float:
            mine, theirs = setting.own_cooperates[own], setting.partner_cooperates[seen]
            return float(mine != theirs or (period >= self.periods and not mine))

        return machine(
            setting,
            0,
            lambda period: 0 if period < self.periods else setting.n_own - 1,
            lambda period, *_: min(period + 1, self.periods),
            leave,
        )


@dataclass(frozen=True, kw_only=True)
class WalkAway(Cooperative):
    """Cooperates, and leaves a partner that does not."""

    name: ClassVar[str] = "walk-away"
    rule: ClassVar[str] = (
        "Cooperates always and leaves after more competitive periods of the partner than it tolerates."
    )
    source: ClassVar[str] = "Schuessler 1989; Aktipis 2004"
    tolerance: int = parameter(0, low=0)

    def automaton(self, setting: Setting) -> Automaton:
        def competed(seen: int) -> bool:
            return not setting.partner_cooperates[seen]

        return machine(
            setting,
            0,
            lambda _: setting.n_own - 1,
            lambda count, _own, seen: min(count + competed(seen), self.tolerance),
            lambda count, _own, seen: float(count + competed(seen) > self.tolerance),
        )


@dataclass(frozen=True, kw_only=True)
class Steward(Cooperative):
    """Reciprocates, but keeps a starved partner going."""

    name: ClassVar[str] = "steward"
    rule: ClassVar[str] = "Copies the partner's last posture, but keeps building towards a starved partner."
    source: ClassVar[str] = "a modelling choice on tit-for-tat"

    def automaton(self, setting: Setting) -> Automaton:
        top = setting.n_own - 1
        copier = machine(setting, top, lambda posture: posture, lambda _state, _own, seen: setting.copy_of(seen))
        building = np.zeros_like(copier.play[0])
        building[:, top] = 1.0
        return Automaton(play=np.stack([copier.play[0], building]), move=copier.move, leave=copier.leave)
