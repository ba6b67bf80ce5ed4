"""Relationships step by step, on arrays: the general path, for agents that are no automata and for one full story.

The order of a period is that of the model: choose (and slip), negotiate, deliver, observe (and misread), reinvest,
review, all reviews after the payoffs. The tables are those from which the chain is compiled.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.errors import SimulatorError
from simulator.relationships.chain import automaton_of
from simulator.relationships.exact import check_period, outside_stream, relationship
from simulator.relationships.period import ENDS, REASONS, patience_of, period_of, setting_of
from simulator.relationships.simulation import MOST_PERIODS, REMAINDER, _Sample
from simulator.scenario.schema import Scenario
from simulator.strategies.catalogue import agent
from simulator.strategies.contract import Agent, Player, drawn, ladder
from simulator.streams import stream, whole

__all__ = ["Story", "play", "simulate_stepwise"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]
Record = Callable[..., None]


@dataclass(frozen=True, eq=False)
class Story:
    """One relationship in full, arrays of shape (periods played,).

    Attributes
    ----------
    vendor_postures, client_postures : ndarray of str
        Actual postures, after slips.
    vendor_seen, client_seen : ndarray of str
        What the vendor and the client saw of the partner's posture.
    vendor_payoffs, client_payoffs : ndarray of float
        Money of each period, after reinvestment.
    invested : ndarray of float
        What the vendor reinvested.
    levels : ndarray of str
        Maturity level in each period.
    starved : ndarray of bool
        Whether the vendor was starved.
    length : int
        Periods played.
    reason : str
        Why it ended; "horizon" when it did not.
    vendor_value, client_value : float
        Discounted values over all periods, outside options after the end included.
    """

    vendor_postures: NDArray[np.str_]
    client_postures: NDArray[np.str_]
    vendor_seen: NDArray[np.str_]
    client_seen: NDArray[np.str_]
    vendor_payoffs: Floats
    client_payoffs: Floats
    invested: Floats
    levels: NDArray[np.str_]
    starved: Flags
    length: int
    reason: str
    vendor_value: float
    client_value: float


def play(
    scenario: Scenario, *, vendor: str | Agent, client: str | Agent, periods: int | None = None, seed: int = 0
) -> Story:
    """Play one relationship and keep everything that happens.

    Parameters
    ----------
    scenario : Scenario
        The situation.
    vendor, client : str or Agent
        Any agents.
    periods : int, optional
        Periods to play at most, in place of the scenario's horizon; 50 where that is unlimited.
    seed : int
        Whole number of at least 0.

    Returns
    -------
    Story

    Examples
    --------
    >>> import simulator as ns
    >>> s = ns.load_scenario("prisoners-dilemma").replace({"relationship.slip": 0, "relationship.churn": 0})
    >>> story = ns.play(s, vendor="suspicious-tit-for-tat", client="tit-for-tat", periods=3)
    >>> [str(posture) for posture in story.vendor_postures]
    ['compete', 'cooperate', 'compete']
    """
    if periods is None:
        periods = 50 if scenario.unlimited else int(scenario.horizon)
    scenario = scenario.replace({"horizon": whole("periods", periods, least=1)})
    one, two = agent(vendor), agent(client)
    check_period(scenario)
    rows: list[tuple[Any, ...]] = []
    sampler = _Stepper(scenario, one, two, lambda *row: rows.append(tuple(column[0] for column in row)))
    gain_v, gain_c, length, _, reason, _ = sampler.sample(stream(seed, "play", scenario.id), 1)
    i, j, seen_by_v, seen_by_c, pay_v, pay_c, spent, level, starved = zip(*rows, strict=True)
    of_vendor, of_client = np.array(scenario.postures("vendor")), np.array(scenario.postures("client"))
    return Story(
        vendor_postures=of_vendor[list(i)],
        client_postures=of_client[list(j)],
        vendor_seen=of_client[list(seen_by_v)],
        client_seen=of_vendor[list(seen_by_c)],
        vendor_payoffs=np.array(pay_v),
        client_payoffs=np.array(pay_c),
        invested=np.array(spent),
        levels=np.array(scenario.levels)[list(level)],
        starved=np.array(starved),
        length=int(length[0]),
        reason=REASONS[int(reason[0])],
        vendor_value=float(gain_v[0]) + outside_stream(scenario, "vendor"),
        client_value=float(gain_c[0]) + outside_stream(scenario, "client"),
    )


def simulate_stepwise(scenario: Scenario, vendor: Agent, client: Agent) -> Callable[[np.random.Generator, int], Any]:
    """A sampler of relationships played step by step, for `simulate`."""
    return _Stepper(scenario, vendor, client, None).sample


def reinvested_share(scenario: Scenario, vendor: Agent, client: Agent) -> float:
    """Share of its surplus that the vendor reinvests against this client."""
    if scenario.maturity.reinvest != "best-reply":
        return float(scenario.maturity.reinvest)
    for player, side in ((vendor, "vendor"), (client, "client")):
        if automaton_of(scenario, side, player) is None:
            raise SimulatorError(
                f'maturity.reinvest = "best-reply" needs the exact value of each share, and agent {str(player)!r} has '
                "no automaton; give a share from 0 to 1"
            )
    return relationship(scenario, vendor=vendor, client=client).reinvest


class _Stepper:
    """Plays a block of relationships period by period."""

    def __init__(self, scenario: Scenario, vendor: Agent, client: Agent, record: Record | None) -> None:
        self.scenario, self.vendor, self.client, self.record = scenario, vendor, client, record
        self.period = period_of(scenario)
        self.share = reinvested_share(scenario, vendor, client)
        self.rises = self.period.stages.rise(self.share)
        self.patience = (patience_of(scenario, "vendor", vendor), patience_of(scenario, "client", client))

    def sample(self, rng: np.random.Generator, count: int) -> _Sample:
        """Play `count` relationships; see `simulation._Sample`."""
        scenario, period, stages = self.scenario, self.period, self.period.stages
        rules, discount = scenario.relationship, scenario.discount
        outside = (scenario.vendor.outside_option, scenario.client.outside_option)
        costs = (rules.switching_cost.vendor, rules.switching_cost.client)
        last = None if scenario.unlimited else int(scenario.horizon) - 1
        one = self.vendor.player(setting_of(scenario, "vendor"), count)
        two = self.client.player(setting_of(scenario, "client"), count)
        gain = np.zeros((2, count))
        length, healthy = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
        reason = np.full(count, len(ENDS))
        where = np.arange(count)
        level = np.zeros(count, dtype=np.intp)
        starved = np.zeros(count, dtype=np.intp)
        bad = np.zeros((2, count), dtype=np.intp)
        n_v, n_c = stages.agreed.shape[1:]
        fed = np.zeros(count, dtype=bool)  # of the client as a partner: it is never starved
        t = 0
        for t in range(MOST_PERIODS if last is None else last + 1):
            chosen_v = _posture(self.vendor, one.choose(fed[: len(where)], rng), n_v, len(where))
            chosen_c = _posture(self.client, two.choose(starved == 1, rng), n_c, len(where))
            i, j = _turned(period.slip["vendor"], chosen_v, rng), _turned(period.slip["client"], chosen_c, rng)
            seen_by_v = _turned(period.seen_by["vendor"], j, rng)
            seen_by_c = _turned(period.seen_by["client"], i, rng)
            # Where each relationship stands in the tables by (level, postures) and by (level, starved, postures).
            pair = i * n_c + j
            at, mood_at = level * n_v * n_c + pair, (2 * level + starved) * n_v * n_c + pair
            spent = self.share * stages.investable.take(at)
            pay = (stages.vendor.take(mood_at) - spent, stages.client.take(mood_at))
            one.observe(i, seen_by_v, pay[0])
            two.observe(j, seen_by_c, pay[1])
            if self.record is not None:
                self.record(i, j, seen_by_v, seen_by_c, *pay, spent, level, starved == 1)
            gain[0, where] += discount**t * (pay[0] - outside[0])
            gain[1, where] += discount**t * (pay[1] - outside[1])
            length[where] += 1
            below = (stages.vendor_below.take(mood_at), stages.client_below.take(mood_at))
            healthy[where] += ~(below[0] | below[1])
            if t == last:
                break
            if any(self.patience):
                bad = np.where(below, bad + 1, 0)
            why = self._review((one, two), mood_at, bad, rng)
            moved = rng.random(len(where))
            following = level + (moved < self.rises.take(at)) - (moved >= 1 - stages.falls.take(at))
            hungry = stages.starves.take(at).astype(np.intp)
            ended = why < len(ENDS)
            if ended.any():
                gone, stay = where[ended], ~ended
                reason[gone] = why[ended]
                gain[:, gone] -= discount**t * np.array(costs)[:, None]
                where, bad, following, hungry = where[stay], bad[:, stay], following[stay], hungry[stay]
                one.keep(stay)
                two.keep(stay)
            level, starved = following, hungry
            if len(where) == 0 or (last is None and discount < 1 and discount ** (t + 1) / (1 - discount) < REMAINDER):
                break
        return _Sample(gain[0], gain[1], length, healthy, reason, t + 1)

    def _review(self, players: tuple[Player, Player], mood_at: Ints, bad: Ints, rng: np.random.Generator) -> Ints:
        """Number of the reason for which each relationship ends now, or that of "horizon" when it goes on."""
        rules, count = self.scenario.relationship, len(mood_at)
        why = np.full(count, len(ENDS))
        steps: list[tuple[Any, ...]] = []
        if rules.can_leave:
            steps.append((players[0].leaving(), players[1].leaving()))
            steps.append(tuple(self.period.begrudge[side].take(mood_at) for side in ("vendor", "client")))
            steps.append(tuple((bad[k] >= self.patience[k]) & (self.patience[k] > 0) for k in (0, 1)))
        for step, (v, c) in enumerate(steps):
            if not (v.any() or c.any()):
                continue
            draws = rng.random((3, count))
            vendor, client = draws[0] < v, draws[1] < c
            by_vendor = vendor & (~client | (draws[2] < 0.5))
            undecided = why == len(ENDS)
            why[undecided & by_vendor] = 2 * step
            why[undecided & client & ~by_vendor] = 2 * step + 1
        if rules.churn:
            why[(why == len(ENDS)) & (rng.random(count) < rules.churn)] = ENDS.index("churn")
        return why


def _posture(player: Agent, chosen: Any, count: int, relationships: int) -> Ints:
    """The postures that an agent chose, refused where they are none of its own."""
    postures = np.asarray(chosen)
    if postures.shape != (relationships,) or postures.dtype.kind not in "iu":
        raise SimulatorError(
            f"agent {str(player)!r} must choose one whole number for each of {relationships} relationships; "
            f"got {postures.dtype} of shape {postures.shape}"
        )
    if postures.size and not (postures.min() >= 0 and postures.max() < count):
        raise SimulatorError(f"agent {str(player)!r} chose a posture that does not exist; allowed: 0 to {count - 1}")
    return postures.astype(np.intp, copy=False)


def _turned(matrix: Floats, postures: Ints, rng: np.random.Generator) -> Ints:
    """Postures after slips or misreadings: each row of `matrix` is a distribution over the outcomes."""
    if np.array_equal(matrix, np.eye(len(matrix))):
        return postures
    return drawn(ladder(matrix), (postures,), rng.random(len(postures)))
