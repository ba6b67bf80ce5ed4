"""The Pareto frontier: against pairwise comparison, and against real domains."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import SimulatorError
from simulator.solvers.deals import points
from simulator.solvers.frontier import deal_values, pareto

DOMAINS = ["ItexvsCypress", "LaptopC_2012", "EnglandZimbabwe", "Travel"]
TRAVEL = ("travel_chox.xml", "travel_fanny.xml")

money = st.lists(st.tuples(st.integers(-4, 4), st.integers(-4, 4)), max_size=25)
values = st.lists(st.tuples(*[st.floats(-1e6, 1e6)] * 2), max_size=12)


def genius_values(path: Path) -> np.ndarray:
    """Worth of every deal, issue order of the file, last issue fastest; NEGOTIATION.md's formula, without the cap."""
    root = ET.parse(path).getroot()
    weight = {w.get("index"): float(w.get("value")) for w in root.iter("weight")}
    total = np.zeros(1)
    for issue in root.iter("issue"):
        worth = np.array([float(item.get("evaluation")) for item in issue.iter("item")])
        total = np.add.outer(total, weight[issue.get("index")] * (worth / worth.max())).ravel()
    return total


def domain(shared, name):
    """Worth to both sides, and what the reference says about the domain."""
    oracle = json.loads((shared / "oracles/negotiation_oracle.json").read_text())
    if name == "Travel":
        files, known = TRAVEL, oracle["travel_points_only"]
    else:
        known = oracle["domains"][name]
        files = [p["profile"] for p in known["profiles"]]
    return *(genius_values(shared / "genius" / name / f) for f in files), known


def by_pairs(deals):
    """Nothing but the definition."""
    return {i for i, (a, b) in enumerate(deals) if not any(c >= a and d >= b and (c > a or d > b) for c, d in deals)}


@given(money | values)
def test_same_deals_as_comparing_every_pair(deals):
    first, second = np.array(deals, dtype=float).reshape(-1, 2).T
    found = pareto(first, second).tolist()
    assert len(found) == len(set(found))
    assert set(found) == by_pairs(deals)
    assert found == sorted(found, key=lambda i: (-deals[i][0], i))


@given(money)
def test_swapping_the_sides_keeps_the_frontier(deals):
    first, second = np.array(deals, dtype=float).reshape(-1, 2).T
    assert set(pareto(first, second)) == set(pareto(second, first))


def test_no_deal_has_an_empty_frontier():
    assert pareto([], []).shape == (0,)


def test_equal_deals_are_all_kept():
    assert pareto([2, 2, 2, 0], [5, 4, 5, 5]).tolist() == [0, 2]


@pytest.mark.parametrize("name", DOMAINS)
def test_frontier_of_real_domains(shared, name):
    # Source: oracles/negotiation_oracle.json (NegMAS 0.16).
    first, second, known = domain(shared, name)
    assert len(first) == known["n_outcomes"]
    found = pareto(first, second)
    assert len(found) == known["pareto"]["exact_pareto_outcomes_all"]
    expected = sorted(known["pareto"]["utilities"], reverse=True)
    np.testing.assert_allclose(np.column_stack([first, second])[found], expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", DOMAINS)
def test_points_of_real_domains(shared, name):
    # The reference takes the reservation values, all 0 here, as the disagreement point.
    first, second, known = domain(shared, name)
    names = {
        "nash": "nash",
        "egalitarian_above_disagreement": "egalitarian",
        "utilitarian": "utilitarian",
        "max_welfare": "utilitarian",
    }
    found = points(first, second, 0.0, 0.0)
    compared = 0
    for theirs, ours in names.items():
        for answer in known.get(theirs, [])[:1]:
            i = found[ours]
            np.testing.assert_allclose((first[i], second[i]), answer["utilities"], rtol=0, atol=1e-9)
            compared += 1
    assert compared >= 2


@pytest.mark.benchmark
def test_frontier_and_points_of_188160_deals(benchmark):
    rng = np.random.default_rng(1)
    first, second = rng.random((2, 188_160))

    def work():
        return pareto(first, second), points(first, second, 0.1, 0.1)

    benchmark(work)
    print(f"\nfrontier and points of 188,160 deals: {benchmark.stats['mean']:.3f} s (target 0.3 s)")


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ([1, np.nan], [1, 2], "first side must be finite; got nan for deal 1"),
        ([1, 2], [np.inf, 2], "second side must be finite; got inf for deal 0"),
        ([1, 2], [1], "2 values for the first side, 1 for the second"),
        ([[1, 2]], [1, 2], r"one number per deal; got shape \(1, 2\)"),
        (["a"], [1], "must be numbers"),
    ],
)
def test_bad_values_are_refused(first, second, message):
    with pytest.raises(SimulatorError, match=message):
        deal_values(first, second)
