"""Relationships step by step, on arrays: the general path, for agents that are no automata and for one full story.

The periods themselves are played by `batch.Batch`, on the tables from which the chain is compiled.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.errors import SimulatorError
from simulator.relationships.batch import Batch
from simulator.relationships.chain import automaton_of
from simulator.relationships.exact import check_period, outside_stream, relationship
from simulator.relationships.period import ENDS, REASONS
from simulator.relationships.simulation import MOST_PERIODS, REMAINDER, _Sample
from simulator.scenario.schema import Scenario
from simulator.strategies.catalogue import agent
from simulator.strategies.contract import Agent
from simulator.streams import stream, whole

__all__ = ["Story", "play", "reinvested_share", "simulate_stepwise"]

Floats = NDArray[np.float64]
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
    """Plays a block of relationships period by period, to their ends."""

    def __init__(self, scenario: Scenario, vendor: Agent, client: Agent, record: Record | None) -> None:
        self.scenario, self.vendor, self.client, self.record = scenario, vendor, client, record
        self.share = reinvested_share(scenario, vendor, client)

    def sample(self, rng: np.random.Generator, count: int) -> _Sample:
        """Play `count` relationships; see `simulation._Sample`."""
        scenario, discount = self.scenario, self.scenario.discount
        costs = scenario.relationship.switching_cost
        last = None if scenario.unlimited else int(scenario.horizon) - 1
        batch = Batch(scenario, self.vendor, self.client, self.share, count)
        gain = np.zeros((2, count))
        length, healthy = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
        reason = np.full(count, len(ENDS))
        where = np.arange(count)
        t = 0
        for t in range(MOST_PERIODS if last is None else last + 1):
            now = batch.play(rng)
            if self.record is not None:
                self.record(*now[:-1])
            gain[0, where] += discount**t * (now.vendor_pay - scenario.vendor.outside_option)
            gain[1, where] += discount**t * (now.client_pay - scenario.client.outside_option)
            length[where] += 1
            healthy[where] += now.healthy
            if t == last:
                break
            why = batch.review(rng)
            ended = why < len(ENDS)
            if ended.any():
                gone, stay = where[ended], ~ended
                reason[gone] = why[ended]
                gain[:, gone] -= discount**t * np.array([[costs.vendor], [costs.client]])
                where = where[stay]
                batch.keep(stay)
            if len(where) == 0 or (last is None and discount < 1 and discount ** (t + 1) / (1 - discount) < REMAINDER):
                break
        return _Sample(gain[0], gain[1], length, healthy, reason, t + 1)
