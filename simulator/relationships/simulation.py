"""Many relationships of one pair by sampling its chain (alias method), or step by step where there is no chain.

One 32-bit uniform number decides a relationship's period: its upper bits pick a slot of the state's alias table, its
lower bits one of the slot's two transitions (Walker 1977; Vose 1991), which quantises probabilities to 2^-32. All
relationships of a block are one array; ended ones rest in absorbing states and are dropped now and then. Every
replicate keeps its own place in the block's stream, so that the same replicate meets the same numbers in every cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.relationships.chain import Chain, automaton_of
from simulator.relationships.exact import check_period, outside_stream, relationship
from simulator.relationships.period import ENDS, REASONS
from simulator.relationships.sampling import alias, joined
from simulator.scenario.schema import Scenario
from simulator.strategies.catalogue import agent
from simulator.strategies.contract import Agent
from simulator.streams import check_seed, stream, whole

__all__ = ["Runs", "simulate"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Progress = Callable[[int, int], None]

BLOCK = 16_384  # relationships at a time: their arrays stay in the cache
MOST_PERIODS = 1_000_000
REMAINDER = 1e-9  # of the scale of values, left out of an unlimited horizon


@dataclass(frozen=True, eq=False)
class Runs:
    """Simulated relationships of one pair, arrays of shape (replicates,).

    Attributes
    ----------
    vendor_value, client_value : ndarray of float
        Discounted values.
    length, healthy_length : ndarray of int
        Periods played, and those in which both sides were at or above their outside options.
    ended : ndarray of bool
        Whether the relationship ended early; the others are censored at the last period.
    method : str
        How it was simulated and why.
    periods : int
        Periods simulated at most.
    """

    vendor_value: Floats
    client_value: Floats
    length: NDArray[np.int64]
    healthy_length: NDArray[np.int64]
    reason_number: NDArray[np.int8]
    method: str
    periods: int

    @property
    def joint_value(self) -> Floats:
        """Discounted value of both sides."""
        return self.vendor_value + self.client_value

    @property
    def ended(self) -> NDArray[np.bool_]:
        """Whether each relationship ended early."""
        return self.reason_number < len(ENDS)

    @cached_property
    def reason(self) -> NDArray[np.str_]:
        """Why each relationship ended, in words; "horizon" when it did not."""
        return np.array(REASONS)[self.reason_number]

    @cached_property
    def survival(self) -> Floats:
        """Probability to live longer than t periods, (periods,), by Kaplan-Meier: living ones are censored."""
        from scipy.stats import CensoredData, ecdf

        lengths = self.length.astype(np.float64)
        censored = CensoredData(uncensored=lengths[self.ended], right=lengths[~self.ended])
        return np.asarray(ecdf(censored).sf.evaluate(np.arange(self.periods)))

    def __len__(self) -> int:
        return len(self.length)

    def __repr__(self) -> str:
        return (
            f"<Runs of {len(self):,} relationships: mean joint value {self.joint_value.mean():.6g}, "
            f"mean length {self.length.mean():.4g}>"
        )


def simulate(
    scenario: Scenario,
    *,
    vendor: str | Agent,
    client: str | Agent,
    replicates: int = 100_000,
    seed: int = 0,
    progress: Progress | None = None,
) -> Runs:
    """Simulate many relationships of one pair.

    Parameters
    ----------
    scenario : Scenario
        The situation.
    vendor, client : str or Agent
        Any agents; those without an automaton are played step by step.
    replicates : int
        Number of relationships, at least 1.
    seed : int
        Whole number of at least 0; the same seed gives the same result.
    progress : callable, optional
        Called with the number of relationships done and in all.

    Returns
    -------
    Runs

    Raises
    ------
    SimulatorError
        For a bad seed, no replicates, or agents that do not fit the game.

    Examples
    --------
    >>> import simulator as ns
    >>> s = ns.load_scenario("saas-renewal")
    >>> runs = ns.simulate(s, vendor="tit-for-tat", client="walk-away", replicates=1000, seed=1)
    >>> len(runs), bool(runs.length.max() <= 10)
    (1000, True)
    """
    one, two = agent(vendor), agent(client)
    replicates, seed = check_replicates(replicates), check_seed(seed)
    check_period(scenario)
    slow = [str(a) for a, side in ((one, "vendor"), (two, "client")) if automaton_of(scenario, side, a) is None]
    if slow:
        from simulator.relationships.stepwise import simulate_stepwise

        sample: Callable[[np.random.Generator, int], _Sample] = simulate_stepwise(scenario, one, two)
        method = f"step by step, because {' and '.join(slow)} cannot be an automaton"
    else:
        pair = relationship(scenario, vendor=one, client=two)
        sample = _ChainSampler(scenario, pair.chain).sample
        method = "chain"
    parts = []
    for block, begin in enumerate(range(0, replicates, BLOCK)):
        # Every block draws for its full size, so that more replicates leave the first ones as they are.
        count = min(BLOCK, replicates - begin)
        part = sample(stream(seed, "simulate", scenario.id, block), BLOCK)
        parts.append(_Sample(*(column[:count] for column in part[:-1]), part[-1]))
        if progress is not None:
            progress(begin + count, replicates)
    columns = list(zip(*parts, strict=True))
    vendor_gain, client_gain, length, healthy, reason = (np.concatenate(column) for column in columns[:-1])
    if scenario.unlimited and (reason == len(ENDS)).any():
        share = (reason == len(ENDS)).mean()
        method += f"; stopped after {max(columns[-1])} periods with {share:.2%} alive, when nothing of value was left"
    return Runs(
        vendor_value=vendor_gain + outside_stream(scenario, "vendor"),
        client_value=client_gain + outside_stream(scenario, "client"),
        length=length.astype(np.int64),
        healthy_length=healthy.astype(np.int64),
        reason_number=reason.astype(np.int8),
        method=method,
        periods=max(columns[-1]),
    )


def check_replicates(replicates: int) -> int:
    """Refuse a number of replicates that is not a whole number of at least 1."""
    return whole("replicates", replicates, least=1)


class _ChainSampler:
    """Alias tables of a chain, and the loop that draws from them."""

    def __init__(self, scenario: Scenario, chain: Chain) -> None:
        self.scenario, self.n_states = scenario, chain.n_states
        source, target, pays, healthy, weight = _merged(scenario, chain)
        counts = np.bincount(source, minlength=chain.n_states)
        self.bits = max(1, int(counts.max() - 1).bit_length())
        slots = 1 << self.bits
        # Absorbing states follow the living ones, one for each reason; nothing is earned there.
        total = chain.n_states + len(ENDS)
        self.threshold = np.zeros(total * slots, dtype=np.uint32)
        self.next = np.repeat(np.arange(total), 2 * slots) * slots
        self.pay = np.zeros(2 * total * slots, dtype=np.complex128)
        self.healthy = np.zeros(len(self.pay), dtype=np.int32)
        self.last_pay = np.zeros_like(self.pay)  # in the last period no end is early: no switching cost
        first = np.concatenate([[0], np.cumsum(counts)])
        for state in range(chain.n_states):
            rows = np.arange(first[state], first[state + 1])
            threshold, one, other = alias(weight[rows], self.bits)
            here = slice(state * slots, (state + 1) * slots)
            self.threshold[here] = threshold
            picked = np.stack([rows[one], rows[other]], axis=1).ravel()
            pairs = slice(2 * state * slots, 2 * (state + 1) * slots)
            self.next[pairs] = target[picked] * slots
            self.pay[pairs], self.last_pay[pairs] = pays[0][picked], pays[1][picked]
            self.healthy[pairs] = healthy[picked]
        self.slots, self.start = slots, chain.start * slots
        self.largest = float(np.abs(self.pay).max())

    def sample(self, rng: np.random.Generator, count: int) -> _Sample:
        """Draw `count` relationships."""
        scenario, discount = self.scenario, self.scenario.discount
        last = None if scenario.unlimited else int(scenario.horizon) - 1
        ended_from = self.n_states * self.slots
        shift, mask = np.uint32(32 - self.bits), np.uint32((1 << (32 - self.bits)) - 1)
        value = np.zeros(count, dtype=np.complex128)
        length, well = np.zeros(count, dtype=np.int32), np.zeros(count, dtype=np.int32)
        state = np.full(count, ended_from, dtype=np.intp)
        draws = rng.bit_generator.random_raw
        uniforms = np.empty(0, dtype=np.uint32)
        # The living relationships and where they stand in the block; None: all of them, in order.
        where: Ints | None = None
        here = np.full(count, self.start, dtype=np.intp)
        gained = np.zeros(count, dtype=np.complex128)
        lived, lived_well = np.zeros(count, dtype=np.int32), np.zeros(count, dtype=np.int32)
        work = _Work(count)
        for t in _periods(last):
            if t % 2 == 0:  # each raw number serves two periods
                uniforms = draws(count).view(np.uint32)
            now = uniforms[:count] if t % 2 == 0 else uniforms[count:]
            if where is not None:
                now = np.take(now, where, out=work.uniform[: len(where)], mode="clip")
            n = len(here)
            index, low = work.index[:n], work.low[:n]
            np.right_shift(now, shift, out=low)
            np.add(here, low, out=index)
            np.bitwise_and(now, mask, out=low)
            second = np.greater_equal(
                low, np.take(self.threshold, index, out=work.threshold[:n], mode="clip"), out=work.flag[:n]
            )
            np.left_shift(index, 1, out=index)
            np.add(index, second, out=index)
            lived += np.less(here, ended_from, out=work.flag[:n])
            pay = self.pay if t != last else self.last_pay
            if discount != 1:
                pay = pay * discount**t
            gained += np.take(pay, index, out=work.pay[:n], mode="clip")
            lived_well += np.take(self.healthy, index, out=work.well[:n], mode="clip")
            if t == last:
                break
            np.take(self.next, index, out=here, mode="clip")
            living = np.less(here, ended_from, out=work.flag[:n])
            alive = int(np.count_nonzero(living))
            if alive < 0.9 * n or alive == 0:
                gone = np.flatnonzero(~living)
                places = gone if where is None else where[gone]
                value[places], length[places], well[places] = gained[gone], lived[gone], lived_well[gone]
                state[places] = here[gone]
                stay = np.flatnonzero(living)
                where = stay if where is None else where[stay]
                here, gained, lived, lived_well = here[stay], gained[stay], lived[stay], lived_well[stay]
            if alive == 0 or (last is None and self._negligible(t, discount)):
                break
        rest = slice(None) if where is None else where
        value[rest], length[rest], well[rest] = gained, lived, lived_well
        state[rest] = np.where(here < ended_from, -self.slots, here)
        reason = np.where(state < 0, len(ENDS), state // self.slots - self.n_states)
        return _Sample(value.real, value.imag, length, well, reason, t + 1)

    def _negligible(self, t: int, discount: float) -> bool:
        return discount < 1 and discount ** (t + 1) / (1 - discount) < REMAINDER


def _periods(last: int | None) -> Iterator[int]:
    return iter(range(MOST_PERIODS if last is None else last + 1))


class _Sample(tuple[Any, ...]):
    """Of a block: both gains over the outside streams, length, healthy length, reason; and the periods played."""

    def __new__(cls, *columns: Any) -> _Sample:
        return super().__new__(cls, columns)


class _Work:
    """Scratch arrays of a block, made once."""

    def __init__(self, count: int) -> None:
        self.uniform = np.empty(count, dtype=np.uint32)
        self.low = np.empty(count, dtype=np.uint32)
        self.threshold = np.empty(count, dtype=np.uint32)
        self.index = np.empty(count, dtype=np.intp)
        self.flag = np.empty(count, dtype=bool)
        self.pay = np.empty(count, dtype=np.complex128)
        self.well = np.empty(count, dtype=np.int32)


def _merged(
    scenario: Scenario, chain: Chain
) -> tuple[Ints, Ints, tuple[NDArray[np.complex128], ...], NDArray[np.bool_], Floats]:
    """Transitions with equal effect joined: source, target, (payoffs, those of a last period), healthy, probability."""
    cost = scenario.relationship.switching_cost
    target = np.where(chain.alive, chain.target, chain.n_states + chain.reason)
    columns = (chain.source, target, chain.vendor, chain.client, chain.healthy)
    (source, target, vendor, client, healthy), weight = joined(columns, chain.probability)
    ends = target >= chain.n_states
    earned: NDArray[np.complex128] = vendor + 1j * client
    dear: NDArray[np.complex128] = earned - ends * (cost.vendor + 1j * cost.client)
    return source, target, (dear, earned), healthy, weight
