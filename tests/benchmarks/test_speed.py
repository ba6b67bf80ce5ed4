"""Speeds, printed as ratios to a plain loop over the same chain or space; nothing here passes or fails by time.

Run: pytest -m benchmark --benchmark-enable -s tests/benchmarks
"""

import time

import numpy as np
import pytest

import simulator as ns
from simulator.bargaining.protocol import SIDES, Talks, outcomes
from simulator.bargaining.tactics import knowledge_of
from simulator.markets.pairs import compile_pairs
from simulator.markets.population import population_of
from simulator.markets.simulated.run import simulate_market
from simulator.relationships import stepwise
from simulator.streams import stream

pytestmark = pytest.mark.benchmark

SAAS = ns.load_scenario("saas-renewal")
LASTING = SAAS.replace({"horizon": 200, "relationship.begrudge": 0.0, "relationship.churn": 0.0})


def report(what, rate, unit, reference_rate, reference):
    print(f"\n{what}: {rate:,.3g} {unit}, {rate / reference_rate:,.0f} times {reference} ({reference_rate:,.3g})")


def plain_loop(chain, replicates, periods):
    """One relationship after another, one period after another, with the standard library's random numbers."""
    import random

    rng = random.Random(1)
    rows = [np.flatnonzero(chain.source == state) for state in range(chain.n_states)]
    ladder = [np.cumsum(chain.probability[r]).tolist() for r in rows]
    target = [chain.target[r].tolist() for r in rows]
    vendor = [chain.vendor[r].tolist() for r in rows]
    client = [chain.client[r].tolist() for r in rows]
    lived = 0
    begin = time.perf_counter()
    for _ in range(replicates):
        state, value_v, value_c = chain.start, 0.0, 0.0
        for t in range(periods):
            u, k = rng.random(), 0
            while k < len(ladder[state]) - 1 and u >= ladder[state][k]:
                k += 1
            value_v += 0.92**t * vendor[state][k]
            value_c += 0.92**t * client[state][k]
            lived += 1
            state = target[state][k]
            if state == chain.n_states:
                break
    return lived / (time.perf_counter() - begin)


@pytest.mark.parametrize("churn", [0.0, 0.02])
def test_simulation_of_chain_agents(benchmark, churn):
    s = LASTING.replace({"relationship.churn": churn})
    chain = ns.relationship(s, vendor="tit-for-tat", client="tit-for-tat").chain
    runs = benchmark(lambda: ns.simulate(s, vendor="tit-for-tat", client="tit-for-tat", replicates=100_000))
    rate = runs.length.sum() / benchmark.stats["median"]
    what = f"chain simulation, horizon 200, churn {churn}"
    report(what, rate, "living relationship-periods/s", plain_loop(chain, 300, 200), "a plain loop over the chain")


def test_step_by_step_agents_on_arrays(benchmark):
    s = LASTING.replace({"relationship.churn": 0.02})
    chain = ns.relationship(s, vendor="tit-for-tat", client="tit-for-tat").chain
    sample = stepwise.simulate_stepwise(s, ns.agent("tit-for-tat"), ns.agent("tit-for-tat"))
    length = benchmark(lambda: sample(stream(1, "benchmark", "x"), 100_000))[2]
    rate = length.sum() / benchmark.stats["median"]
    report("step by step", rate, "relationship-periods/s", plain_loop(chain, 300, 200), "a plain loop over the chain")


@pytest.mark.parametrize("matching", ["random", "contest"])
def test_a_market_of_many_relationships(benchmark, matching):
    rules = {"clients": 100_000, "vendors": 120_000, "matching": matching, "search_time": 1}
    s = SAAS.replace({"market": rules})
    shares = "tit-for-tat=.5, walk-away=.3, always-compete=.2"
    people = population_of(s, ns.Mix.parse(f"vendors: {shares}; clients: {shares}"), 400)
    pairs = compile_pairs(people)
    prizes = None if matching == "random" else np.full((people.n_vendor_kinds, 1, 1), 20.0)
    book = benchmark.pedantic(lambda: simulate_market(people, pairs, prizes), rounds=1)
    chain = ns.relationship(s, vendor="tit-for-tat", client="walk-away").chain
    rate = book.played.sum() / benchmark.stats["median"]
    what = f"simulated market, {matching}, 400 periods in {benchmark.stats['median']:.1f} s"
    report(what, rate, "relationship-periods/s", plain_loop(chain, 3000, 400), "a plain loop over one chain alone")


def test_exact_comparison_of_20_by_20_agents(benchmark):
    s = SAAS.replace({"horizon": 40})
    names = [str(a) for a in ns.agents()][:20]
    benchmark(lambda: ns.compare(s, vendors=names, clients=names))
    chain = ns.relationship(s, vendor="tit-for-tat", client="tit-for-tat").chain
    seconds = benchmark.stats["median"]
    # What the plain loop would need for a standard error of one in a thousand (10^6 relationships a cell).
    loop = 400 * 1_000_000 * 6.9 / plain_loop(chain, 300, 40)
    print(f"\nexact 20 x 20, horizon 40: {seconds:.2f} s, a plain loop would need {loop / seconds:,.0f} times for 0.1%")


def test_negotiations_in_bulk(benchmark, shared):
    folder = shared / "genius" / "ItexvsCypress"
    files = [folder / f"ItexvsCypress_{name}.xml" for name in ("domain", "Itex", "Cypress")]
    space = ns.deal_space(ns.import_genius(*files))
    vendors = [ns.tactic(name, exponent=e) for name in ("boulware", "logroller") for e in np.linspace(0.3, 5, 25)]
    clients = [ns.tactic("principled", floor=f) for f in np.linspace(0, 1, 25)] + vendors[:25]
    benchmark(lambda: outcomes(space, vendors, clients, rounds=100))
    rate = len(vendors) * len(clients) / benchmark.stats["median"]
    begin = time.perf_counter()
    for vendor, client in zip(vendors[:20], clients[:20], strict=True):
        talks = Talks(space, rounds=100)
        players = {"vendor": vendor, "client": client}
        together = vendor.discloses and client.discloses
        known = {side: knowledge_of(space, side, partner_open=together) for side in SIDES}
        while not talks.over:
            talks.act(players[talks.turn], known[talks.turn])
    report("negotiations", rate, "a second", 20 / (time.perf_counter() - begin), "step by step")


def test_frontier_and_points_of_a_large_space(benchmark, shared):
    folder = shared / "genius" / "Travel"
    files = [folder / f"travel_{name}.xml" for name in ("domain", "chox", "fanny")]
    space = ns.deal_space(ns.import_genius(*files))

    def solve():
        return space.pareto(), space.points()

    benchmark(solve)
    part = slice(0, 2000)
    begin = time.perf_counter()
    for v, c in zip(space.vendor[part], space.client[part], strict=True):
        ((space.vendor >= v) & (space.client >= c)).sum()
    reference = len(space) * (time.perf_counter() - begin) / 2000
    seconds = benchmark.stats["median"]
    print(f"\nfrontier and points of {len(space):,} deals: {seconds:.3f} s, all pairs {reference / seconds:,.0f} times")
