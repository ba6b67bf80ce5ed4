"""Bands over ranges: seeded draws, quantiles, and how often a condition holds."""

import numpy as np
import pytest
from scipy import stats

import simulator as ns

SAAS = ns.load_scenario("saas-renewal").replace(
    {
        "vendor.outside_option": {"low": 18, "likely": 24, "high": 30},
        "horizon": {"low": 5, "likely": 10, "high": 12},
    }
)


@pytest.fixture(scope="module")
def found():
    return ns.bands(SAAS, vendor="tit-for-tat", client="tit-for-tat", draws=60, seed=3)


def test_each_draw_is_an_exact_relationship(found):
    for k in (0, 31):
        there = SAAS.replace({key: values[k].item() for key, values in found.settings.items()})
        assert there.estimates == ()
        pair = ns.relationship(there, vendor="tit-for-tat", client="tit-for-tat")
        assert found.results["joint_value"][k] == pair.joint_value
        assert found.results["expected_length"][k] == pair.expected_length


def test_bands_are_the_quantiles_of_the_draws(found):
    for name, band in found.bands.items():
        assert list(band) == [0.05, 0.25, 0.5, 0.75, 0.95]
        assert list(band.values()) == sorted(band.values())
        assert band[0.5] == np.median(found.results[name])


def test_a_chance_is_the_share_of_draws_in_which_the_condition_holds(found):
    for chance in found.chances:
        assert 0 <= chance.share <= 1
        assert f"in {chance.share:.0%} of what you consider possible" in str(chance)
    assert found.chances[0].share == (found.results["vendor_captured"] > 0).mean()


def test_draws_are_triangular_and_whole_where_they_must_be(dilemma):
    s = dilemma.replace({"relationship.churn": {"low": 0.0, "likely": 0.1, "high": 0.5}, "horizon": 2})
    drawn = ns.bands(s, draws=500, where="created").settings["relationship.churn"]
    assert stats.kstest(drawn, stats.triang(c=0.2, loc=0, scale=0.5).cdf).pvalue > 0.001
    periods = ns.bands(SAAS, draws=20, where=[]).settings["horizon"]
    assert periods.dtype.kind == "i"
    assert (periods.min() >= 5) & (periods.max() <= 12)


def test_more_draws_and_more_ranges_leave_the_others_as_they_were(found):
    fewer = ns.bands(SAAS, vendor="tit-for-tat", client="tit-for-tat", draws=10, seed=3, where=[])
    assert np.array_equal(fewer.results["joint_value"], found.results["joint_value"][:10])
    more = SAAS.replace({"relationship.churn": {"low": 0.0, "likely": 0.05, "high": 0.1}})
    again = ns.bands(more, draws=10, seed=3, where=[])
    assert np.array_equal(again.settings["vendor.outside_option"], fewer.settings["vendor.outside_option"])
    other = ns.bands(SAAS, draws=10, seed=4, where=[])
    assert not np.array_equal(other.settings["vendor.outside_option"], fewer.settings["vendor.outside_option"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"results": ["join_value"]}, "did you mean 'joint_value'"),
        ({"where": "vendor-capture"}, "did you mean 'vendor-captured'"),
        ({"draws": 0}, "draws is 0"),
        ({"quantiles": [2]}, "a quantile is 2"),
        ({"seed": -1}, "seed is -1"),
    ],
)
def test_bad_arguments_are_refused(arguments, message):
    with pytest.raises(ns.SimulatorError, match=message):
        ns.bands(SAAS, **arguments)


def test_a_scenario_without_ranges_says_how_to_write_one():
    with pytest.raises(ns.SimulatorError, match="low = , likely = , high ="):
        ns.bands(ns.load_scenario("saas-renewal"))
