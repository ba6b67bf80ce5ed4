"""Agents without an automaton in a simulated market: they get what the same strategy as an automaton gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pytest

import simulator as ns
from simulator.strategies.contract import Agent

MOST = 4.0  # standard errors


@dataclass(frozen=True, kw_only=True)
class Copycat(Agent):
    """Tit-for-tat written as a step-by-step agent."""

    name: ClassVar[str] = "copycat"
    rule: ClassVar[str] = "Copies."
    source: ClassVar[str] = "this test"

    def player(self, setting: Any, count: int) -> Any:
        return CopycatPlayer(setting, count)


class CopycatPlayer:
    def __init__(self, setting: Any, count: int) -> None:
        self.last = np.full(count, setting.n_own - 1)

    def choose(self, starved: Any, rng: Any) -> Any:
        return self.last

    def observe(self, own: Any, perceived: Any, payoff: Any) -> None:
        self.last = perceived

    def leaving(self) -> Any:
        return np.zeros(len(self.last))

    def keep(self, alive: Any) -> None:
        self.last = self.last[alive]


MARKET = {
    "clients": 300,
    "vendors": 50,
    "capacity": 8,
    "search_time": 1,
    "gossip": 0.4,
    "recognition": 0.7,
    "refuse_below": 0.3,
    "turnover": 0.02,
}


def measures(town: ns.Town) -> list[float]:
    book = town.ledger
    sums = [book.vendor_earned.sum(), book.client_earned.sum(), book.played.sum(), book.starved.sum()]
    sums += [*book.pair_healthy.ravel(), *book.pair_begun.ravel(), *book.level.sum(axis=0), *book.postures.sum(axis=0)]
    return [float(value) for value in (*sums, *book.reasons)]


@pytest.mark.parametrize("client", ["walk-away", "steward"])
def test_step_by_step_and_automaton_agree(client: str) -> None:
    s = ns.load_scenario("saas-renewal").replace({"market": MARKET, "relationship.patience": 3})
    runs = []
    for agent in (ns.agent("tit-for-tat"), Copycat()):
        mix = ns.Mix(vendors={agent: 0.5, "always-compete": 0.5}, clients={client: 0.6, "opportunist": 0.4})
        towns = [ns.market(s, mix=mix, periods=25, seed=2, replicate=r) for r in range(12)]
        runs.append(np.array([measures(town) for town in towns]))
    mean, error = [run.mean(axis=0) for run in runs], [run.var(axis=0, ddof=1) / 12 for run in runs]
    apart = np.abs(mean[0] - mean[1])
    assert (apart <= MOST * np.sqrt(error[0] + error[1]) + 1e-9 * np.abs(mean[0])).all()


def test_the_books_of_step_by_step_agents_balance_and_they_are_named() -> None:
    s = ns.load_scenario("saas-renewal").replace({"market": MARKET})
    mix = ns.Mix(vendors={Copycat(): 0.5, "grim": 0.5}, clients={Copycat(): 0.5, "walk-away": 0.5})
    town = ns.market(s, mix=mix, periods=30, seed=1)
    assert any("copycat" in remark for remark in town.remarks)
    book = town.ledger
    earned = book.vendor_earned.sum(axis=1) + book.client_earned.sum(axis=1)
    spent = book.search + book.switching
    np.testing.assert_allclose(earned, book.outside + book.vendor_gain + book.client_gain - spent, rtol=1e-10)
    lengths = np.arange(book.lifetimes_ended.shape[2])
    lived = (book.lifetimes_ended + book.lifetimes_open) @ lengths
    np.testing.assert_array_equal(book.pair_played, lived)
    np.testing.assert_array_equal(book.postures.sum(axis=1), book.played)
    assert book.level.sum() == book.played.sum()
    assert book.reasons.sum() == book.ended.sum()
    again = ns.market(s, mix=mix, periods=30, seed=1).ledger
    assert all(np.array_equal(value, getattr(again, name)) for name, value in vars(book).items())


def test_what_winning_is_worth_cannot_be_told_of_step_by_step_agents() -> None:
    s = ns.load_scenario("saas-renewal").replace({"market": {"matching": "contest", "clients": 10, "vendors": 20}})
    mix = ns.Mix(vendors={Copycat(): 1}, clients={"grim": 1})
    with pytest.raises(ns.SimulatorError, match="'copycat' has no automaton, so it cannot be told what winning"):
        ns.market(s, mix=mix, periods=10)
