"""Run a market: many clients and vendors, each with a strategy, who compete, meet, leave, and meet again."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Literal, NamedTuple

from simulator.errors import SimulatorError, nearest
from simulator.markets.contests.prize import Prize
from simulator.markets.fluid.competing import Competing
from simulator.markets.fluid.encounters import Encounters, OneRole, RandomMatching
from simulator.markets.fluid.run import run_fluid
from simulator.markets.fluid.settling import settled_prize
from simulator.markets.mix import Mix, as_mix
from simulator.markets.pairs import Pairs, compile_pairs
from simulator.markets.places import PlaceWorth, place_worth
from simulator.markets.population import Population, population_of
from simulator.markets.records import Records
from simulator.markets.result import Town
from simulator.markets.simulated.run import simulate_market
from simulator.relationships.exact import check_period
from simulator.scenario.schema import Scenario
from simulator.scenario.values import MOST_PERIODS
from simulator.streams import check_seed, whole

__all__ = ["market"]

PERIODS = 400
METHODS = ("simulate", "fluid")
KEPT = 8  # markets made ready that are kept for further replicates


def market(
    scenario: Scenario,
    *,
    mix: Mix | str,
    periods: int = PERIODS,
    method: Literal["simulate", "fluid"] = "simulate",
    seed: int = 0,
    replicate: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Town:
    """Run the market of a scenario.

    Parameters
    ----------
    scenario : Scenario
        The situation and its market (table ``[market]``); its horizon plays no part.
    mix : Mix or str
        Shares of the strategies among vendors and clients, for example
        ``"vendors: tit-for-tat=.5, always-compete=.5; clients: tit-for-tat=1"``.
    periods : int
        Periods of the market, from 1 to 100,000.
    method : {"simulate", "fluid"}
        "simulate": the scenario's numbers of clients and vendors, by chance. "fluid": the limit of infinitely many,
        with no sampling error; only for agents with finite memory.
    seed, replicate : int
        For simulations: the same numbers give the same market, whatever the mix; replicates are independent.
    progress : callable, optional
        Called with the number of periods done and in all.

    Returns
    -------
    Town

    Raises
    ------
    SimulatorError
        For mixes that do not fit the scenario, and what the method cannot do.

    Examples
    --------
    >>> import simulator as ns
    >>> s = ns.load_scenario("prisoners-dilemma").replace({"relationship.churn": 0.05, "relationship.slip": 0})
    >>> town = ns.market(s, mix="vendors: walk-away=1; clients: walk-away=1", periods=100, method="fluid")
    >>> round(float(town.both_cooperate[-1]), 3)
    1.0
    """
    check_period(scenario)
    if method not in METHODS:
        hint = nearest(str(method), METHODS)
        raise SimulatorError(f"method is {method!r}; allowed: 'simulate' or 'fluid'" + (hint and f"; {hint}"))
    periods = whole("periods", periods, least=1)
    if periods > MOST_PERIODS:
        raise SimulatorError(f"periods is {periods:,}; allowed: at most {MOST_PERIODS:,}")
    seed, replicate = check_seed(seed), whole("replicate", replicate, least=0)
    chosen = as_mix(mix)
    chosen.fits(scenario)
    setup = _setup(scenario, chosen, periods)
    people, pairs, records, prize = setup.people, setup.pairs, setup.records, setup.prize
    remarks = list(setup.remarks)
    if method == "fluid":
        if people.market.capacity != 1:
            remarks.append("the places of a vendor count as independent of each other, given its record")
        ledger = run_fluid(pairs, _encounters(pairs, records, prize), records, progress=progress)
    else:
        remarks += [f"{name} plays step by step: it cannot be an automaton" for name in pairs.stepwise]
        prizes = None if prize is None else prize.prizes
        ledger = simulate_market(people, pairs, prizes, seed=seed, replicate=replicate, progress=progress)
    return Town(scenario, chosen, people, method, periods, seed, replicate, ledger, prize, setup.places, tuple(remarks))


class Setup(NamedTuple):
    """What replicates of a market and its fluid limit share, as it does not depend on chance."""

    people: Population
    pairs: Pairs
    records: Records
    prize: Prize | None
    places: PlaceWorth | None
    remarks: tuple[str, ...]


@lru_cache(maxsize=KEPT)
def _setup(scenario: Scenario, mix: Mix, periods: int) -> Setup:
    people = population_of(scenario, mix, periods)
    pairs = compile_pairs(people)
    records = Records(people.market)
    prize, remarks = None, list(_idle_bids(people))
    if people.market.matching != "random":
        if pairs.stepwise:
            raise SimulatorError(
                f"agent {pairs.stepwise[0]!r} has no automaton, so it cannot be told what winning a client is worth; "
                'allowed with matching = "random"'
            )
        prize, remark = settled_prize(pairs, records)
        remarks += [remark] if remark else []
        if people.market.reproduction != "none" or people.market.mutation:
            remarks.append("what winning is worth is that of the mix at the start, also when the mix has changed")
    if people.market.reproduction == "death" and people.market.turnover == 0:
        remarks.append("nobody is ever replaced (turnover = 0), so that no strategy spreads")
    places = None if people.one_role or pairs.stepwise else place_worth(pairs)
    return Setup(people, pairs, records, prize, places, tuple(remarks))


def _encounters(pairs: Pairs, records: Records, prize: Prize | None) -> Encounters:
    """How parties meet in the fluid market."""
    if prize is not None:
        return Competing(pairs, records, prize.prizes)
    return OneRole(records) if pairs.population.one_role else RandomMatching(records)


def _idle_bids(people: Population) -> list[str]:
    """A remark on ways of bidding where nobody bids."""
    bold = sorted({bid for bid in people.bids if bid != "fair"})
    if not bold or people.market.matching != "random":
        return []
    who = "all parties" if people.one_role else "clients and vendors"
    return [f"{who} meet at random, so nobody bids: bid={', bid='.join(bold)} plays no part"]
