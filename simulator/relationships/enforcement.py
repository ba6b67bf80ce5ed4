"""What keeps a side at the table: its slack against the best single deviation, when the partner leaves after one.

Both sides keep to a posture, and the partner leaves whoever plays a more competitive one. In every state that they can
reach, a side compares staying with its posture, whatever slips the partner makes, with each other posture for one
period and with leaving (one-shot deviations: under discounting no longer deviation can pay if none of these does). The
smallest difference is its slack. Without slips and maturity this is the condition of the relational contract,
`simulator.solvers.relational.holds`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from simulator.relationships.best_reply import Decisions, decisions_of
from simulator.relationships.exact import relationship
from simulator.scenario.schema import Scenario
from simulator.strategies.contract import Agent, Automaton, Setting, machine

__all__ = ["Guard", "Slack", "reached_states", "slack"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Guard(Agent):
    """Keeps to one posture and leaves a partner that plays a more competitive one."""

    name: ClassVar[str] = "guard"
    rule: ClassVar[str] = "Keeps to one posture and leaves a partner that plays a more competitive one."
    source: ClassVar[str] = "the leaving strategies of relational contracts (Levin 2003)"
    posture: int = 0

    def automaton(self, setting: Setting) -> Automaton:
        """One state; the partner's postures are matched to the own ones by position."""
        return machine(
            setting,
            0,
            lambda _: self.posture,
            lambda state, *_: state,
            lambda _state, _own, seen: float(setting.copy_of(seen) < self.posture),
        )


@dataclass(frozen=True)
class Slack:
    """How far a side is from breaking an agreement; money, discounted, at the start of a period.

    Attributes
    ----------
    side : str
        ``"vendor"`` or ``"client"``.
    money : float
        Worth of going on minus worth of the best single deviation, in the state where it is smallest.
    temptation : str
        That deviation: the name of a posture, or ``"leave"``.
    worth : float
        Worth of the agreement to the side at its start, above the outside option.
    """

    side: str
    money: float
    temptation: str
    worth: float

    @property
    def holds(self) -> bool:
        """Whether no deviation pays (up to rounding)."""
        return self.money >= -1e-9 * (1 + abs(self.worth))


def slack(scenario: Scenario, side: str, posture: int, partner_posture: int) -> Slack:
    """The slack of a side that keeps to a posture while its partner does so too.

    Parameters
    ----------
    scenario : Scenario
        Without a last period: agents do not know one.
    side : str
        ``"vendor"`` or ``"client"``.
    posture, partner_posture : int
        The postures that both keep to; each leaves after a more competitive one.
    """
    postures = (posture, partner_posture) if side == "vendor" else (partner_posture, posture)
    made = decisions_of(scenario, side, Guard(posture=partner_posture), _reinvested(scenario, *postures))
    cost: float = getattr(scenario.relationship.switching_cost, side)
    discount = scenario.discount
    worth = _kept_to(made, posture, discount, cost)
    onward = made.gain - cost * made.ending
    stay = discount * worth
    following = np.maximum(stay, -cost) if scenario.relationship.can_leave else stay
    each = onward + (made.onward @ following).reshape(made.gain.shape)
    short = worth - each
    # The agreed posture itself, followed by leaving: what the side has if it goes at the end of the period.
    going = made.onward @ np.full(made.n_states, -cost)
    short[posture] = worth - (onward + going.reshape(made.gain.shape))[posture]
    if not scenario.relationship.can_leave:
        short[posture] = np.inf
    reached = reached_states(made, np.full(made.n_states, posture))
    names = list(scenario.postures(side))
    names[posture] = "leave"
    action, state = np.unravel_index(int(short[:, reached].argmin()), (len(short), int(reached.sum())))
    least = float(short[:, reached][action, state])
    return Slack(side, least, names[int(action)], float(worth[made.start]))


@lru_cache(maxsize=256)
def _reinvested(scenario: Scenario, vendor: int, client: int) -> float:
    """The share of its surplus that the vendor reinvests when both keep to their postures."""
    share = scenario.maturity.reinvest
    if isinstance(share, float):
        return share
    return relationship(scenario, vendor=Guard(posture=vendor), client=Guard(posture=client)).reinvest


def _kept_to(made: Decisions, posture: int, discount: float, cost: float) -> Floats:
    """Worth of each state when the side keeps to the posture and stays, without a last period."""
    step = made.onward[made.rows(posture, np.arange(made.n_states))].toarray()
    right = made.gain[posture] - cost * made.ending[posture]
    return np.asarray(np.linalg.solve(np.eye(made.n_states) - discount * step, right))


def reached_states(made: Decisions, postures: NDArray[np.intp]) -> NDArray[np.bool_]:
    """States that can be reached by a side that chooses these postures, one for each state, and never leaves."""
    step = made.onward[made.rows(postures, np.arange(made.n_states))].toarray() > 0
    known = np.zeros(made.n_states, dtype=bool)
    known[made.start] = True
    count = 0
    while count != (count := int(known.sum())):
        known |= step[known].any(axis=0)
    return known
