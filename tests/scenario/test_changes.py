"""Changing a scenario by dotted keys: `replace` and the settings of the command line.

Source: section 5 of the design (`s.replace({"relationship.slip": 0.05})`: a changed copy, validated).
"""

import numpy as np
import pytest

import simulator as ns
from simulator.scenario.changes import parse_setting
from simulator.scenario.loading import build


@pytest.fixture(scope="module")
def saas():
    return ns.load_scenario("saas-renewal")


@pytest.mark.parametrize(
    ("key", "value", "read"),
    [
        ("horizon", "unlimited", lambda s: s.horizon),
        ("relationship.slip", 0.1, lambda s: s.relationship.slip.client),
        ("relationship.slip.client", 0.1, lambda s: s.relationship.slip.client),
        ("relationship.can_leave", False, lambda s: s.relationship.can_leave),
        ("issue.price.range.to", 200.0, lambda s: s.issue[0].range.stop),
        ("issue.0.range.to", 200.0, lambda s: s.issue[0].range.stop),
        ("issue.support.client.2", 40.0, lambda s: s.issue[1].client[2]),
        ("posture.build.tactic.share", 0.3, lambda s: dict(s.posture[2].tactic.parameters)["share"]),
        ("posture.claim.tactic.floor", 0.3, lambda s: dict(s.posture[1].tactic.parameters).get("floor", 0.0)),
        ("posture.claim.tactic", "linear", lambda s: s.posture[1].tactic.name),
        ("maturity.levels", ("one", "two"), lambda s: s.maturity.levels),
        ("delivery.vendor.starved", 0.25, lambda s: s.delivery.vendor.starved),
        ("client.brief", "Secret", lambda s: s.client.brief),
    ],
)
def test_replace(saas, key, value, read):
    before = hash(saas)
    changed = saas.replace({key: value})
    assert read(changed) == value
    assert read(saas) != value
    assert hash(saas) == before
    # Nothing else moved: changing it back gives the same scenario.
    assert changed.replace({key: read(saas)}) == saas.replace({key: read(saas)})


def test_one_side_of_a_number_for_both_keeps_the_other(saas):
    changed = saas.replace({"relationship.slip.vendor": 0.3}).relationship.slip
    assert (changed.vendor, changed.client) == (0.3, 0.02)
    small = build({"id": "x", "title": "X", "issue": [{"name": "a", "options": ["b"]}]})
    assert small.replace({"relationship.patience.client": 2}).relationship.patience.client == 2
    # A default posture can be changed by name although the file names none.
    assert small.replace({"posture.build.effort": 0.5}).posture[2].effort == 0.5


def test_no_change_is_the_same_value(saas):
    assert saas.replace({}) == saas
    assert hash(saas.replace({})) == hash(saas)
    assert saas.replace({"relationship.slip": 0.02}) == saas
    assert len({saas, saas.replace({}), saas.replace({"horizon": 11})}) == 2


def test_numpy_values_of_a_sweep(saas):
    changed = saas.replace(
        {"relationship.patience": np.int64(2), "relationship.churn": np.float64(0.5), "horizon": np.arange(9)[7]}
    )
    assert changed == saas.replace({"relationship.patience": 2, "relationship.churn": 0.5, "horizon": 7})
    assert type(changed.horizon) is int
    assert changed.replace({"issue.support.vendor": np.array([1.0, 2.0, 3.0])}).issue[1].vendor == (1, 2, 3)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("relationship.slipp", 0.1, "unknown key 'relationship.slipp'; allowed here: can_leave"),
        ("relationship.slipp", 0.1, "did you mean 'slip'"),
        ("relatonship.slip", 0.1, "did you mean 'relationship'?"),
        ("relationship.slip", 1.5, "change of saas-renewal: relationship.slip is 1.5; allowed: a number from 0 to 1"),
        (
            "issue.prise.range.to",
            1,
            "unknown key 'issue.prise.range.to'; allowed here: price, support; did you mean 'price'?",
        ),
        ("issue.7.range.to", 1, "allowed here: price, support"),
        ("issue.².range.to", 1, "allowed here: price, support"),
        ("title.x", 1, "title is a plain value"),
        ("vendor_posture.build.effort", 1, "this scenario has no [[vendor_posture]]"),
        ("horizon", 10.5, "horizon is 10.5; allowed: a whole number or 'unlimited'"),
        ("", 1, "unknown key ''"),
        ("relationship.", 1, "unknown key 'relationship.'"),
        ("payoffs", {"postures": ["a"], "vendor": [[1]], "client": [[1]]}, "issue has no meaning beside [payoffs]"),
    ],
)
def test_what_is_refused(saas, key, value, message):
    with pytest.raises(ns.ScenarioError) as refused:
        saas.replace({key: value})
    assert message in str(refused.value)


def test_every_unknown_key_is_named_at_once(saas):
    with pytest.raises(ns.ScenarioError) as refused:
        saas.replace({"a": 1, "relationship.b": 2, "issue.c.unit": "x"})
    assert [fault.what for fault in refused.value.faults] == [
        f"unknown key {key!r}" for key in ("a", "relationship.b", "issue.c.unit")
    ]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("relationship.slip=0.05", ("relationship.slip", 0.05)),
        (" horizon = unlimited ", ("horizon", "unlimited")),
        ('title="a=b"', ("title", "a=b")),
        ("maturity.levels=['a','b']", ("maturity.levels", ["a", "b"])),
        ("relationship.slip={vendor=0.1}", ("relationship.slip", {"vendor": 0.1})),
        ("horizon=" + "1" * 5000, ("horizon", "1" * 5000)),
    ],
)
def test_settings_of_the_command_line(text, read):
    assert parse_setting(text) == read


@pytest.mark.parametrize("text", ["slip", "=1", "slip=", " = "])
def test_unreadable_settings(text):
    with pytest.raises(ns.ScenarioError, match="write KEY=VALUE"):
        parse_setting(text)
