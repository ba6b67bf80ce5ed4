"""What every agent is: an immutable strategy for a whole relationship.

An agent with finite memory describes itself as an `Automaton` for the setting it finds itself in; all of it but its
state lives in the agent, the state of a relationship lives with whoever plays it. An agent that cannot be an automaton
overrides `player` instead and is then played step by step.
"""

from __future__ import annotations

import numbers
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from simulator.errors import SimulatorError
from simulator.parameters import Named, parameter

__all__ = ["BIDS", "Agent", "Automaton", "Player", "Setting"]

MOST_STATES = 10_000  # of an automaton built from functions
BIDS = ("fair", "hard", "low-ball")

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Setting:
    """What an agent knows of the game when it starts.

    Attributes
    ----------
    side : str
        ``"vendor"`` or ``"client"``.
    own_cooperates, partner_cooperates : tuple of bool
        For each posture, from competitive to cooperative, whether it counts as cooperation.
    payoffs : ndarray, shape (n_own, n_partner)
        Own stage payoffs at the lowest maturity level, before reinvestment.
    outside, switching_cost, discount : float
        Own outside option per period, own cost of ending early, and the worth today of 1 next period.
    """

    side: str
    own_cooperates: tuple[bool, ...]
    partner_cooperates: tuple[bool, ...]
    payoffs: Floats
    outside: float = 0.0
    switching_cost: float = 0.0
    discount: float = 1.0

    @property
    def n_own(self) -> int:
        """Number of own postures."""
        return len(self.own_cooperates)

    @property
    def n_partner(self) -> int:
        """Number of the partner's postures."""
        return len(self.partner_cooperates)

    def copy_of(self, posture: int) -> int:
        """The own posture that copies a partner's posture; lists of different length are matched by position."""
        if self.n_own == self.n_partner:
            return posture
        if self.n_partner == 1:
            return self.n_own - 1
        return int(np.floor(posture * (self.n_own - 1) / (self.n_partner - 1) + 0.5))


@dataclass(frozen=True, eq=False)
class Automaton:
    """A strategy with finite memory, as arrays.

    Attributes
    ----------
    play : ndarray, shape (2, n_states, n_own)
        Distribution over own postures in each state, towards a fed (0) and a starved (1) partner.
    move : ndarray of int, shape (n_states, n_own, n_partner)
        Next state from the own actual and the perceived partner posture.
    leave : ndarray, shape (n_states, n_own, n_partner)
        Probability to leave after such a period.
    start : int
        State before the first period.
    """

    play: Floats
    move: Ints
    leave: Floats
    start: int = 0

    def __post_init__(self) -> None:
        states, own, partner = self.move.shape
        if self.play.shape != (2, states, own) or self.leave.shape != self.move.shape:
            raise SimulatorError(
                f"an automaton of {states} states needs play of shape {(2, states, own)} and leave of shape "
                f"{(states, own, partner)}; got {self.play.shape} and {self.leave.shape}"
            )
        if not (np.all(self.play >= 0) and np.allclose(self.play.sum(axis=2), 1.0, rtol=0, atol=1e-12)):
            raise SimulatorError("an automaton's play must be a probability distribution in every state")
        if not (np.all(self.leave >= 0) and np.all(self.leave <= 1)):
            raise SimulatorError("an automaton's probabilities to leave must lie in [0, 1]")
        if not (np.all(self.move >= 0) and np.all(self.move < states) and 0 <= self.start < states):
            raise SimulatorError(f"an automaton's next states must lie between 0 and {states - 1}")

    @property
    def reads_starved(self) -> bool:
        """Whether the play depends on the partner being starved."""
        return not np.array_equal(self.play[0], self.play[1])


class Player(Protocol):
    """An agent at play in many relationships at once; holds their memory, one entry for each."""

    def choose(self, starved: NDArray[np.bool_], rng: np.random.Generator) -> Ints:
        """Posture of every relationship for this period; `starved`: whether the partner is."""

    def observe(self, own: Ints, perceived: Ints, payoff: Floats) -> None:
        """Take in the own actual posture, the perceived partner posture, and the own payoff of this period."""

    def leaving(self) -> Floats:
        """Probability to leave after this period, for every relationship."""

    def keep(self, alive: NDArray[np.bool_]) -> None:
        """Forget the relationships that have ended."""


@dataclass(frozen=True, kw_only=True)
class Agent(Named):
    """Base of all agents: subclass it, name it, and define `automaton` (or `player`).

    Attributes
    ----------
    patience : int or None
        Periods in a row below its outside option after which it leaves, 0 for never; None: the scenario's number.
    bid : {"fair", "hard", "low-ball"}
        How it competes for a client in a market: as in equilibrium, twice as hard, or below cost and asking for it
        once it has won. It plays no part in a relationship without a market, nor on the client side.

    Examples
    --------
    >>> import simulator as ns
    >>> str(ns.agent("tit-for-tat", patience=2, bid="hard"))
    'tit-for-tat(patience=2, bid=hard)'
    """

    kind: ClassVar[str] = "agent"
    family: ClassVar[str] = "own"
    rule: ClassVar[str] = ""
    source: ClassVar[str] = ""
    patience: int | None = None
    bid: str = parameter(BIDS[0], choices=BIDS)

    def __post_init__(self) -> None:
        super().__post_init__()
        p = self.patience
        if p is None:
            return
        if isinstance(p, bool) or not isinstance(p, numbers.Integral) or p < 0:
            raise SimulatorError(f"agent {self.name!r}: patience is {p!r}; allowed: a whole number of at least 0")
        object.__setattr__(self, "patience", int(p))

    @property
    def once_won(self) -> Self:
        """The same agent with a fair bid: how it bids plays no part in the relationship that it wins."""
        return self if self.bid == BIDS[0] else self.with_parameters(bid=BIDS[0])

    def automaton(self, setting: Setting) -> Automaton | None:
        """The agent as an automaton in this setting; None when it has none and plays step by step.

        Raises
        ------
        SimulatorError
            When the agent does not fit the game, with the reason.
        """
        return None

    def player(self, setting: Setting, count: int) -> Player:
        """The agent at play in `count` relationships at once; by default its automaton."""
        automaton = self.automaton(setting)
        if automaton is None:
            raise SimulatorError(f"agent {self.name!r} defines neither automaton nor player; define one of them")
        return AutomatonPlayer(automaton, count)


def ladder(distributions: Floats) -> Floats:
    """Cumulated probabilities along the last axis, without the last one; see `drawn`."""
    return np.cumsum(distributions, axis=-1)[..., :-1]


def drawn(steps: Floats, rows: tuple[Ints, ...], uniforms: Floats) -> Ints:
    """Outcome numbers drawn by `uniforms` from the distributions in `rows` of a ladder."""
    outcome = np.zeros(len(uniforms), dtype=np.intp)
    for k in range(steps.shape[-1]):
        outcome += uniforms >= steps[(*rows, k)]
    return outcome


class AutomatonPlayer:
    """An automaton at play in many relationships at once."""

    def __init__(self, automaton: Automaton, count: int) -> None:
        self.automaton = automaton
        self.state = np.full(count, automaton.start, dtype=np.intp)
        self.left = np.zeros(count)
        self.ladder = ladder(automaton.play)
        self.sure = automaton.play.argmax(axis=2) if np.all(automaton.play.max(axis=2) == 1.0) else None

    def choose(self, starved: NDArray[np.bool_], rng: np.random.Generator) -> Ints:
        """Draw a posture for every relationship from the distribution of its state."""
        if self.sure is not None:
            return np.asarray(self.sure[starved.astype(np.intp), self.state])
        return drawn(self.ladder, (starved.astype(np.intp), self.state), rng.random(len(self.state)))

    def observe(self, own: Ints, perceived: Ints, payoff: Floats) -> None:
        """Note the probability to leave and go on to the next state."""
        _, n_own, n_partner = self.automaton.move.shape
        cell = (self.state * n_own + own) * n_partner + perceived
        self.left = self.automaton.leave.ravel().take(cell)
        self.state = self.automaton.move.ravel().take(cell)

    def leaving(self) -> Floats:
        """Probability to leave after this period."""
        return self.left

    def keep(self, alive: NDArray[np.bool_]) -> None:
        """Forget the relationships that have ended."""
        self.state, self.left = self.state[alive], self.left[alive]


def machine(setting: Setting, start: Any, play: Any, move: Any, leave: Any = None) -> Automaton:
    """Build an automaton from plain functions over hashable states, found by following `move` from the start.

    Parameters
    ----------
    setting : Setting
        Gives the number of postures of both sides.
    start : hashable
        State before the first period.
    play : callable
        ``play(state) -> posture`` or ``-> sequence of probabilities over own postures``.
    move : callable
        ``move(state, own, perceived) -> state``.
    leave : callable, optional
        ``leave(state, own, perceived) -> probability``; absent: never.
    """
    number = {start: 0}
    queue = [start]
    moves: list[list[list[int]]] = []
    for state in queue:  # grows while it is read
        rows = []
        for own in range(setting.n_own):
            row = []
            for seen in range(setting.n_partner):
                following = move(state, own, seen)
                if following not in number:
                    if len(queue) == MOST_STATES:
                        raise SimulatorError(f"an automaton may have at most {MOST_STATES:,} states; remember less")
                    number[following] = len(queue)
                    queue.append(following)
                row.append(number[following])
            rows.append(row)
        moves.append(rows)
    chosen = np.zeros((len(queue), setting.n_own))
    left = np.zeros((len(queue), setting.n_own, setting.n_partner))
    for i, state in enumerate(queue):
        choice = play(state)
        if isinstance(choice, int | np.integer):
            chosen[i, choice] = 1.0
        else:
            chosen[i] = choice
        if leave is not None:
            left[i] = [[leave(state, own, seen) for seen in range(setting.n_partner)] for own in range(setting.n_own)]
    return Automaton(play=np.stack([chosen, chosen]), move=np.array(moves, dtype=np.intp), leave=left)
