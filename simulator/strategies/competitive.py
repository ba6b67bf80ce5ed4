"""Agents that carry the competition into the relationship."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simulator.errors import SimulatorError
from simulator.games.kinds import incentives
from simulator.parameters import parameter
from simulator.strategies.contract import Agent, Automaton, Setting, machine
from simulator.strategies.reciprocal import copier, memory_one

__all__ = [
    "AlwaysClaim",
    "AlwaysCompete",
    "Bully",
    "Extortioner",
    "HitAndRun",
    "Nibbler",
    "Opportunist",
    "SuspiciousTitForTat",
]


@dataclass(frozen=True, kw_only=True)
class Competitive(Agent):
    """Family of the competitive agents."""

    family: ClassVar[str] = "competitive"


@dataclass(frozen=True, kw_only=True)
class AlwaysCompete(Competitive):
    """Competes whatever happens."""

    name: ClassVar[str] = "always-compete"
    rule: ClassVar[str] = "Competes in every period, whatever the partner does."
    source: ClassVar[str] = "Axelrod 1984"

    def automaton(self, setting: Setting) -> Automaton:
        return machine(setting, 0, lambda _: 0, lambda state, *_: state)


@dataclass(frozen=True, kw_only=True)
class AlwaysClaim(Competitive):
    """Claims hard but delivers."""

    name: ClassVar[str] = "always-claim"
    rule: ClassVar[str] = "Takes the middle posture of three in every period: claims hard, delivers in full."
    source: ClassVar[str] = "a modelling choice"

    def automaton(self, setting: Setting) -> Automaton:
        posture = 1 if setting.n_own == 3 else 0
        return machine(setting, 0, lambda _: posture, lambda state, *_: state)


@dataclass(frozen=True, kw_only=True)
class SuspiciousTitForTat(Competitive):
    """Reciprocates, but opens competitively."""

    name: ClassVar[str] = "suspicious-tit-for-tat"
    rule: ClassVar[str] = "Competes first, then copies the partner's last posture."
    source: ClassVar[str] = "Boyd & Lorberbaum 1987"

    def automaton(self, setting: Setting) -> Automaton:
        return copier(setting, 0)


@dataclass(frozen=True, kw_only=True)
class HitAndRun(Competitive):
    """Takes what it can and leaves."""

    name: ClassVar[str] = "hit-and-run"
    rule: ClassVar[str] = "Competes for some periods, then leaves."
    source: ClassVar[str] = "Schuessler 1989"
    periods: int = parameter(1, low=1)

    def automaton(self, setting: Setting) -> Automaton:
        last = self.periods - 1
        return machine(
            setting,
            0,
            lambda _: 0,
            lambda period, *_: min(period + 1, last),
            lambda period, *_: float(period == last),
        )


@dataclass(frozen=True, kw_only=True)
class Opportunist(Competitive):
    """Wins trust, then cashes it in."""

    name: ClassVar[str] = "opportunist"
    rule: ClassVar[str] = "Cooperates for some periods, then competes for ever."
    source: ClassVar[str] = "Williamson 1985, as an automaton"
    loyal: int = parameter(4, low=0)

    def automaton(self, setting: Setting) -> Automaton:
        return machine(
            setting,
            0,
            lambda period: setting.n_own - 1 if period < self.loyal else 0,
            lambda period, *_: min(period + 1, self.loyal),
        )


@dataclass(frozen=True, kw_only=True)
class Extortioner(Competitive):
    """Enforces a larger share of every gain for itself."""

    name: ClassVar[str] = "extortioner"
    rule: ClassVar[str] = "Cooperates just often enough that its own gain stays a fixed multiple of the partner's."
    source: ClassVar[str] = "Press & Dyson 2012"
    chi: float = parameter(3.0, low=1)
    phi: float | None = parameter(None, above=0)

    def automaton(self, setting: Setting) -> Automaton:
        t, r, p, s = incentives(setting.payoffs)
        if not t > r > p > s:
            raise SimulatorError(
                f"agent {str(self)!r} needs a prisoner's dilemma (T > R > P > S) for the {setting.side}; "
                f"here T = {t:g}, R = {r:g}, P = {p:g}, S = {s:g}"
            )
        # Their equations 14 and 15; phi has no unit, so the unit of money does not matter.
        ratio = (t - p) / (p - s)
        steps = ((self.chi - 1) * (r - p) / (p - s), 1 + self.chi * ratio, self.chi + ratio)
        largest = 1 / max(steps)
        phi = largest / 2 if self.phi is None else self.phi
        if phi > largest * (1 + 1e-12):
            raise SimulatorError(
                f"agent {str(self)!r}: a probability leaves [0, 1]; here phi may be at most {largest:.6g}"
            )
        chances = (1 - phi * steps[0], max(0.0, 1 - phi * steps[1]), min(1.0, phi * steps[2]), 0.0)
        return memory_one(setting, chances, 1.0)


@dataclass(frozen=True, kw_only=True)
class Bully(Competitive):
    """Presses on the patient and yields to the strong."""

    name: ClassVar[str] = "bully"
    rule: ClassVar[str] = "Competes first, then does the opposite of the partner's last posture."
    source: ClassVar[str] = "Littman & Stone 2001; Axelrod library"

    def automaton(self, setting: Setting) -> Automaton:
        return opposite(setting, 0)


def opposite(setting: Setting, first: int) -> Automaton:
    """Plays `first`, then competes after cooperation and cooperates after competition."""
    top = setting.n_own - 1
    return machine(
        setting,
        first,
        lambda posture: posture,
        lambda _state, _own, seen: 0 if setting.partner_cooperates[seen] else top,
    )


@dataclass(frozen=True, kw_only=True)
class Nibbler(Competitive):
    """Cooperates, and takes a small advantage now and then."""

    name: ClassVar[str] = "nibbler"
    rule: ClassVar[str] = "Competes every few periods; skips one turn if the partner competed right after the last."
    source: ClassVar[str] = "a modelling choice"
    every: int = parameter(4, low=1)

    def automaton(self, setting: Setting) -> Automaton:
        # State: place in the cycle, whether the last period was a nibble, whether the next nibble is skipped.
        top, last = setting.n_own - 1, self.every - 1

        def nibbles(state: tuple[int, bool, bool]) -> bool:
            return state[0] == last and not state[2]

        def move(state: tuple[int, bool, bool], _own: int, seen: int) -> tuple[int, bool, bool]:
            place, answered, skip = state
            if place == last:
                skip = False
            if answered and not setting.partner_cooperates[seen]:
                skip = True
            return ((place + 1) % self.every, nibbles(state), skip)

        return machine(setting, (0, False, False), lambda state: 0 if nibbles(state) else top, move)
