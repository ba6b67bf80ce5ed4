"""All pairs of a market in one alias table, and what each of its transitions does, for the simulation.

A relationship is one number, its state: where the state's slots begin in the table, and how many of the 32 bits of a
random number are below those that pick a slot. So each state has as many slots as it needs, and a step of all
relationships of all pairs is a few array operations. What a transition does apart from where it leads is its effect;
a period of the whole market is booked from how often each effect happened.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from simulator.markets.pairs import CLASSES, Pairs
from simulator.relationships.chain import Chain
from simulator.relationships.sampling import alias, joined

__all__ = ["IDLE", "STEPWISE", "Effects", "Tables", "compile_tables"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SHIFT_BITS = 6  # of a state, for the number of bits below the slot
IDLE = 31  # no relationship: the first two slots, which lead to themselves
STEPWISE = (2 << SHIFT_BITS) + 31  # played by its agents instead: the next two


@dataclass(frozen=True, eq=False)
class Effects:
    """What can happen in a period of a relationship, apart from where it leads; effect 0 is nothing.

    Attributes
    ----------
    vendor_agent, client_agent : ndarray of int, shape (n_effects,)
        The strategies.
    vendor_gain, client_gain : ndarray, shape (n_effects,)
        Payoffs above the outside options.
    postures : ndarray of int, shape (n_effects,)
        2 x (vendor cooperates) + (client cooperates).
    healthy, starved : ndarray, shape (n_effects,)
        0 or 1.
    level : ndarray of int, shape (n_effects,)
        Maturity level.
    """

    vendor_agent: Ints
    client_agent: Ints
    vendor_gain: Floats
    client_gain: Floats
    postures: Ints
    healthy: Floats
    starved: Floats
    level: Ints

    def __len__(self) -> int:
        return len(self.level)

    def reader(self, levels: int, vendors: int, clients: int) -> csr_array:
        """Matrix that turns numbers of effects into sums of a period.

        Rows: vendor gain, client gain, played, starved, each level, each class of postures, gain by vendor agent, gain
        by client agent.
        """
        n = len(self)
        every, one = np.arange(1, n), np.ones(n - 1)
        first = np.cumsum([4, levels, CLASSES, vendors])
        parts = [
            (np.zeros(n - 1), self.vendor_gain[1:]),
            (np.ones(n - 1), self.client_gain[1:]),
            (np.full(n - 1, 2), one),
            (np.full(n - 1, 3), self.starved[1:]),
            (first[0] + self.level[1:], one),
            (first[1] + self.postures[1:], one),
            (first[2] + self.vendor_agent[1:], self.vendor_gain[1:]),
            (first[3] + self.client_agent[1:], self.client_gain[1:]),
        ]
        rows = np.concatenate([row for row, _ in parts]).astype(np.intp)
        values = np.concatenate([value for _, value in parts])
        return csr_array((values, (rows, np.tile(every, len(parts)))), shape=(first[3] + clients, n))


@dataclass(frozen=True, eq=False)
class Tables:
    """The alias table of all states of all pairs.

    Attributes
    ----------
    threshold : ndarray of uint32, shape (slots,)
        A number in this slot from here on takes its second transition.
    following : ndarray of int, shape (2 x slots,)
        State after each transition; where it ends the relationship, -1 - its reason.
    effect : ndarray of int, shape (2 x slots,)
        Number of each transition's effect.
    start : ndarray of int, shape (v, c)
        First state of each pair; `STEPWISE` where an agent has no automaton.
    effects : Effects
        What the transitions do.
    """

    threshold: NDArray[np.uint32]
    following: Ints
    effect: Ints
    start: Ints
    effects: Effects

    def step(self, state: Ints, uniform: NDArray[np.uint32]) -> tuple[Ints, Ints]:
        """Next state and effect of each relationship, by one 32-bit number each."""
        shift = (state & ((1 << SHIFT_BITS) - 1)).astype(np.uint32)
        slot = state >> SHIFT_BITS
        slot += uniform >> shift
        second = uniform >= self.threshold.take(slot)
        slot <<= 1
        slot += second
        return self.following.take(slot), self.effect.take(slot)


@lru_cache(maxsize=4)
def compile_tables(pairs: Pairs) -> Tables:
    """Lay out the chains of all pairs in one table; kept for the replicates of a market."""
    people = pairs.population
    start = np.full((people.n_vendor_kinds, people.n_client_kinds), STEPWISE, dtype=np.int64)
    thresholds = [np.zeros(4, dtype=np.uint32)]
    following = [np.repeat(np.array([IDLE, STEPWISE], dtype=np.int64), 4)]
    effect = [np.zeros(8, dtype=np.int64)]
    effects = [np.zeros((1, 8))]
    slots, found = 4, 1
    for v, row in enumerate(pairs.chains):
        for c, chain in enumerate(row):
            if chain is None:
                continue
            agents = (people.vendor_kind(v)[0], people.client_kind(c)[1])
            first, threshold, after, what, listed = _laid_out(chain, slots, agents)
            start[v, c] = first
            thresholds.append(threshold)
            following.append(after)
            effect.append(what + found)
            effects.append(listed)
            slots, found = slots + len(threshold), found + len(listed)
    columns = np.concatenate(effects).T
    i, j, vendor, client, postures, healthy, starved, level = columns
    return Tables(
        threshold=np.concatenate(thresholds),
        following=np.concatenate(following),
        effect=np.concatenate(effect),
        start=start,
        effects=Effects(
            i.astype(np.int64),
            j.astype(np.int64),
            vendor,
            client,
            postures.astype(np.int64),
            healthy,
            starved,
            level.astype(np.int64),
        ),
    )


def _laid_out(chain: Chain, begin: int, agents: tuple[int, int]) -> tuple[int, NDArray[np.uint32], Ints, Ints, Floats]:
    """A chain whose slots begin at `begin`: first state, thresholds, next states, effects, and the effects' rows."""
    source, target, what, weight, effects = _transitions(chain, agents)
    counts = np.bincount(source, minlength=chain.n_states)
    bits = np.maximum(1, np.ceil(np.log2(counts)).astype(np.int64))
    first = begin + np.concatenate([[0], np.cumsum(1 << bits)])
    states = (first[:-1] << SHIFT_BITS) + 32 - bits
    threshold = np.empty(first[-1] - begin, dtype=np.uint32)
    picked = np.empty(2 * len(threshold), dtype=np.int64)
    rows = np.concatenate([[0], np.cumsum(counts)])
    for state in range(chain.n_states):
        parts, one, other = alias(weight[rows[state] : rows[state + 1]], int(bits[state]))
        here = slice(first[state] - begin, first[state + 1] - begin)
        # The whole number is compared instead of its lower bits; a slot that is all the first's has no second.
        unit = 1 << (32 - int(bits[state]))
        whole = parts == unit
        threshold[here] = np.arange(len(parts), dtype=np.uint32) * np.uint32(unit) + np.where(whole, 0, parts)
        picked[2 * here.start : 2 * here.stop : 2] = rows[state] + one
        picked[2 * here.start + 1 : 2 * here.stop : 2] = rows[state] + np.where(whole, one, other)
    after = np.where(target < chain.n_states, states.take(target, mode="clip"), chain.n_states - 1 - target)
    return int(states[chain.start]), threshold, after[picked], what[picked], effects


def _transitions(chain: Chain, agents: tuple[int, int]) -> tuple[Ints, Ints, Ints, Floats, Floats]:
    """Transitions with equal effect joined: source, target or reason, effect, probability; and the effects."""
    postures = 2 * chain.vendor_cooperates + chain.client_cooperates
    told = (
        chain.vendor,
        chain.client,
        postures,
        chain.healthy,
        chain.starved[chain.source],
        chain.level[chain.source],
    )
    rows = np.stack([np.asarray(column, dtype=np.float64) for column in told], axis=1)
    effects, number = np.unique(rows, axis=0, return_inverse=True)
    target = np.where(chain.alive, chain.target, chain.n_states + chain.reason)
    (source, target, what), weight = joined((chain.source, target, number.ravel()), chain.probability)
    return (
        source,
        target,
        what,
        weight,
        np.column_stack([np.full((len(effects), 2), agents, dtype=np.float64), effects]),
    )
