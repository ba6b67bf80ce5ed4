"""The exact answer, the sampled chain and play step by step are one model: they differ by sampling error only."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import simulator as ns
from simulator.relationships import sampling, simulation, stepwise
from simulator.relationships.period import REASONS
from simulator.streams import stream

SAAS = ns.load_scenario("saas-renewal")
CHANCE = st.floats(0, 0.3)
AGENTS = st.sampled_from([str(a) for a in ns.agents() if a.name != "extortioner"])


@st.composite
def changed(draw):
    """The renewal scenario with other relationship rules, maturity and starvation."""
    return SAAS.replace(
        {
            "horizon": draw(st.sampled_from([1, 2, 7, "unlimited"])),
            "discount": draw(st.sampled_from([0.8, 0.97])),
            "delivery.vendor.needs": draw(st.sampled_from([0.0, 8.0, 16.0])),
            "maturity.reinvest": draw(st.sampled_from([0.0, 0.5, "best-reply"])),
            "maturity.decay": draw(CHANCE),
            "relationship.can_leave": draw(st.booleans()),
            "relationship.patience": {"vendor": draw(st.integers(0, 2)), "client": draw(st.integers(0, 2))},
            "relationship.begrudge": draw(st.floats(0, 2)),
            "relationship.churn": draw(CHANCE),
            "relationship.slip": {"vendor": draw(CHANCE), "client": draw(CHANCE)},
            "relationship.misread": {"vendor": draw(CHANCE), "client": draw(CHANCE)},
        }
    )


def close(values, mean, deviation, what):
    """Within 5.5 exact standard errors, and a few single rare events, which have no normal distribution."""
    count, most = len(values), max(abs(values.max() - mean), abs(values.min() - mean), deviation)
    assert abs(values.mean() - mean) < 5.5 * deviation / np.sqrt(count) + 8 * most / count + 1e-7 * (1 + abs(mean)), (
        what
    )


@settings(max_examples=25, deadline=None)
@given(scenario=changed(), vendor=AGENTS, client=AGENTS)
def test_exact_sampled_and_stepwise_agree(scenario, vendor, client):
    exact = ns.relationship(scenario, vendor=vendor, client=client)
    runs = ns.simulate(scenario, vendor=vendor, client=client, replicates=16_000, seed=7)
    play = stepwise.simulate_stepwise(scenario, ns.agent(vendor), ns.agent(client))
    gain_v, gain_c, length, healthy, reason, _ = play(stream(8, "test", "x"), 6_000)
    outside = exact.vendor_value - exact.vendor_captured, exact.client_value - exact.client_captured
    sampled = (
        ("chain", runs.vendor_value - outside[0], runs.client_value - outside[1], runs.length, runs.healthy_length,
         runs.reason),
        ("stepwise", gain_v, gain_c, length, healthy, np.array(REASONS)[reason]),
    )  # fmt: skip
    for how, one, two, lived, lived_well, why in sampled:
        close(one, exact.vendor_captured, exact.vendor_value_sd, f"{how}: vendor")
        close(two, exact.client_captured, exact.client_value_sd, f"{how}: client")
        close(one + two, exact.created_value, exact.joint_value_sd, f"{how}: joint")
        # A simulation of an unlimited horizon stops when nothing of value is left and then censors lengths.
        if not scenario.unlimited or exact.expected_length + 10 * exact.length_sd < runs.periods:
            close(lived, exact.expected_length, exact.length_sd, f"{how}: length")
            # Healthy periods are some of those lived: their spread is at most that of a length up to as long.
            spread = float(np.sqrt(exact.length_sd**2 + exact.expected_length**2))
            close(lived_well, exact.healthy_length, spread, f"{how}: healthy length")
            for name, chance in exact.end_reasons.items():
                close((why == name).astype(float), chance, np.sqrt(chance * (1 - chance)), f"{how}: {name}")


def test_the_spread_of_the_simulation_is_the_exact_one():
    runs = ns.simulate(SAAS, vendor="tit-for-tat", client="walk-away", replicates=100_000, seed=2)
    exact = ns.relationship(SAAS, vendor="tit-for-tat", client="walk-away")
    for values, deviation in (
        (runs.joint_value, exact.joint_value_sd),
        (runs.vendor_value, exact.vendor_value_sd),
        (runs.client_value, exact.client_value_sd),
        (runs.length, exact.length_sd),
    ):
        assert values.std() == pytest.approx(deviation, rel=0.01)


def test_kaplan_meier_estimates_the_exact_survival():
    runs = ns.simulate(SAAS, vendor="tit-for-tat", client="walk-away", replicates=100_000, seed=2)
    exact = ns.relationship(SAAS, vendor="tit-for-tat", client="walk-away").survival
    assert runs.survival.shape == exact.shape
    np.testing.assert_allclose(runs.survival, exact, atol=4 * 0.5 / np.sqrt(100_000))
    assert runs.survival.sum() == pytest.approx(runs.length.mean(), abs=1e-9)


def test_a_horizon_censors_and_its_last_period_costs_no_switching(dilemma):
    s = dilemma.replace({"horizon": 3, "relationship.switching_cost": 10})
    runs = ns.simulate(s, vendor="hit-and-run(periods=3)", client="always-cooperate", replicates=10)
    assert runs.reason.tolist() == ["horizon"] * 10
    assert runs.vendor_value.tolist() == [15.0] * 10
    early = ns.simulate(s, vendor="hit-and-run(periods=2)", client="always-cooperate", replicates=10)
    assert early.reason.tolist() == ["vendor-left"] * 10
    assert early.vendor_value.tolist() == [0.0] * 10
    assert early.client_value.tolist() == [-10.0] * 10


def test_the_same_replicate_meets_the_same_numbers_whatever_the_count():
    few = ns.simulate(SAAS, vendor="tit-for-tat", client="grim", replicates=100, seed=3)
    many = ns.simulate(SAAS, vendor="tit-for-tat", client="grim", replicates=simulation.BLOCK + 50, seed=3)
    assert np.array_equal(few.joint_value, many.joint_value[:100])
    assert np.array_equal(few.length, many.length[:100])
    assert not np.array_equal(many.length[:50], many.length[simulation.BLOCK :]), "blocks have streams of their own"


def test_cells_meet_common_random_numbers():
    """A small change of a parameter moves paired replicates far less than independent ones."""
    changed = SAAS.replace({"relationship.churn": 0.051})
    one, two = (ns.simulate(s, vendor="grim", client="grim", replicates=20_000, seed=3) for s in (SAAS, changed))
    paired = (one.joint_value - two.joint_value).std()
    assert paired < 0.5 * np.sqrt(2) * one.joint_value.std()


def test_an_unlimited_horizon_stops_where_nothing_is_left(dilemma):
    s = dilemma.replace({"horizon": "unlimited", "discount": 0.9})
    runs = ns.simulate(s, vendor="grim", client="grim", replicates=5)
    assert runs.vendor_value == pytest.approx([30.0] * 5, rel=1e-8)
    assert not runs.ended.any()
    assert runs.periods < 300


@pytest.mark.parametrize("bad", [0, -5, 2.5, True])
def test_replicates_must_be_a_whole_number(bad):
    with pytest.raises(ns.SimulatorError, match="replicates is"):
        ns.simulate(SAAS, vendor="grim", client="grim", replicates=bad)


def test_progress_is_told():
    said = []
    ns.simulate(SAAS, vendor="grim", client="grim", replicates=40_000, progress=lambda *at: said.append(at))
    assert said[-1] == (40_000, 40_000)
    assert len(said) == 3


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40).filter(lambda w: sum(w) > 1e-3), st.integers(0, 3))
def test_an_alias_table_holds_the_probabilities(weights, extra):
    """Its slots, weighed by their thresholds, give back every probability to 2^-31."""
    probability = np.array(weights) / sum(weights)
    bits = max(1, int(len(weights) - 1).bit_length()) + extra
    threshold, first, second = sampling.alias(probability, bits)
    unit = 2 ** (32 - bits)
    found = np.zeros(len(weights))
    np.add.at(found, first, threshold.astype(float))
    np.add.at(found, second, unit - threshold.astype(float))
    np.testing.assert_allclose(found / 2**32, probability, atol=2.0**-31 * len(weights))
