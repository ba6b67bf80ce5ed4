"""Unlimited horizons: what is finite although the end is not certain, and what a stopped simulation says."""

import numpy as np
import pytest

import simulator as ns
from simulator.relationships.period import patience_of


def test_a_healthy_beginning_of_an_endless_relationship_is_finite(dilemma):
    """Two healthy periods, then both compete for ever below their outside options."""
    s = dilemma.replace({"discount": 0.9, "vendor.outside_option": 2.0, "client.outside_option": 2.0})
    s = s.replace({"horizon": "unlimited"})
    pair = ns.relationship(s, vendor="opportunist(loyal=2)", client="opportunist(loyal=2)")
    assert pair.expected_length == np.inf
    assert pair.healthy_length == pytest.approx(2.0, abs=1e-12)


def test_a_stopped_simulation_says_that_its_lengths_are_cut(dilemma):
    s = dilemma.replace({"horizon": "unlimited", "discount": 0.5, "relationship.churn": 0.01})
    exact = ns.compare(s, vendors="tit-for-tat", clients="tit-for-tat")
    sampled = ns.compare(s, vendors="tit-for-tat", clients="tit-for-tat", method="simulate", replicates=500)
    assert exact.remarks == ()
    assert any("count only up to" in remark for remark in sampled.remarks)


def test_patience_that_runs_out_in_the_last_period_never_does(dilemma):
    s = dilemma.replace({"horizon": 5, "relationship.patience": 5})
    assert patience_of(s, "vendor", ns.agent("grim")) == 0
    assert patience_of(s, "vendor", ns.agent("grim", patience=4)) == 4
    endless = s.replace({"relationship.patience": 10**9})
    assert ns.relationship(endless, vendor="grim", client="grim").expected_length == 5
