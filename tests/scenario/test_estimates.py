"""Numbers known only as ranges: read, checked with file and line, remembered, and out of the way of everything else."""

import pickle
import tomllib

import pytest

import simulator as ns
from simulator.runner.loading import checked_document
from simulator.scenario.estimates import Estimate
from simulator.scenario.toml_writer import to_toml

UNSURE = """\
id = "unsure"
title = "Unsure"
horizon = { low = 5, likely = 10, high = 12 }
discount = 0.9
[vendor]
outside_option = { low = 20, likely = 24.0, high = 30 }
[base]
vendor = -45
client = 100
[[issue]]
name = "price"
range = { from = 60, to = 150, step = 5 }
vendor = { per_unit = { low = 0.9, likely = 1.0, high = 1.0 } }
client = { per_unit = -1.0 }
[[issue]]
name = "support"
options = ["standard", "priority"]
vendor = [-3.0, { low = -12.0, likely = -9.0, high = -8.0 }]
client = [8.0, 26.0]
[[posture]]
name = "squeeze"
tactic = "hard-bargainer"
effort = 0.0
[[posture]]
name = "build"
tactic = { name = "principled", share = { low = 0.4, likely = 0.5, high = 0.6 } }
effort = 1.0
[relationship]
slip = { low = 0.0, likely = 0.02, high = 0.1 }
"""


@pytest.fixture
def load(tmp_path):
    def from_text(text):
        path = tmp_path / "unsure.toml"
        path.write_text(text)
        return ns.load_scenario(path)

    return from_text


def test_the_likely_values_count_everywhere_else(load):
    s = load(UNSURE)
    assert (s.horizon, s.discount, s.vendor.outside_option, s.relationship.slip.client) == (10, 0.9, 24.0, 0.02)
    likely = tomllib.loads(UNSURE)
    likely["horizon"] = 10
    likely["vendor"]["outside_option"] = 24.0
    likely["issue"][0]["vendor"]["per_unit"] = 1.0
    likely["issue"][1]["vendor"][1] = -9.0
    likely["posture"][1]["tactic"]["share"] = 0.5
    likely["relationship"]["slip"] = 0.02
    plain = checked_document(likely)
    assert plain.estimates == ()
    pair = {"vendor": "tit-for-tat", "client": "walk-away"}
    assert ns.relationship(s, **pair).joint_value == ns.relationship(plain, **pair).joint_value
    assert s != plain


def test_the_ranges_are_remembered_by_key(load):
    found = {estimate.key: (estimate.low, estimate.likely, estimate.high) for estimate in load(UNSURE).estimates}
    assert found == {
        "horizon": (5, 10, 12),
        "vendor.outside_option": (20, 24.0, 30),
        "issue.price.vendor.per_unit": (0.9, 1.0, 1.0),
        "issue.support.vendor.1": (-12.0, -9.0, -8.0),
        "posture.build.tactic.share": (0.4, 0.5, 0.6),
        "relationship.slip": (0.0, 0.02, 0.1),
    }


def test_a_scenario_with_ranges_is_a_value(load):
    one, two = load(UNSURE), load(UNSURE)
    assert one == two
    assert hash(one) == hash(two)
    again = pickle.loads(pickle.dumps(one))
    assert (again, again.estimates) == (one, one.estimates)
    assert checked_document(tomllib.loads(to_toml(one.document()))) == one
    assert one.replace({}) == one


def test_replacing_a_number_forgets_its_range_and_keeps_the_others(load):
    s = load(UNSURE).replace({"relationship.slip.vendor": 0.3, "horizon": 7})
    keys = [estimate.key for estimate in s.estimates]
    assert "horizon" not in keys
    assert "relationship.slip.client" in keys
    assert (s.relationship.slip.vendor, s.relationship.slip.client) == (0.3, 0.02)
    wider = s.replace({"discount": {"low": 0.8, "likely": 0.9, "high": 1.0}})
    assert wider.estimates[0] == Estimate(("discount",), "discount", 0.8, 0.9, 1.0)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("high = 12", "hihg = 12", ":3: unknown key horizon.hihg; allowed: low, likely, high; did you mean 'high'?"),
        ("high = 12", "high = 12.5", ":3: at its high end horizon is 12.5; allowed: a whole number"),
        ("low = 20, ", "", ":6: vendor.outside_option.low is missing; a range is { low = , likely = , high = }"),
        ("low = 20", "low = 25", ":6: vendor.outside_option has low = 25, likely = 24 and high = 30"),
        ("low = 20", 'low = "a"', ":6: vendor.outside_option.low is 'a'; allowed: a number"),
        ("high = 0.6", "high = 1.6", ":26: at its high end tactic 'principled': share is 1.6"),
        ("high = 0.1 ", "high = 1.1 ", ":29: at its high end relationship.slip is 1.1; allowed: a number from 0 to 1"),
    ],
)
def test_faults_have_file_and_line(load, old, new, said):
    with pytest.raises(ns.ScenarioError) as caught:
        load(UNSURE.replace(old, new, 1))
    assert said in str(caught.value)


def test_quantiles_of_the_triangle():
    estimate = Estimate(("x",), "x", 0.0, 2.0, 8.0)
    # F(x) = x^2/16 up to the mode, where it is 1/4.
    assert [estimate.quantile(p) for p in (0, 1 / 16, 1 / 4, 1)] == pytest.approx([0, 1, 2, 8])
    assert Estimate(("x",), "x", 3.0, 3.0, 3.0).quantile(0.7) == 3.0
