"""Maps over two settings: exact at every point, and drawn with words."""

import numpy as np
import pytest

import simulator as ns
from simulator.reports.plots import plot_map
from simulator.reports.plots.map import map_headline

SAAS = ns.load_scenario("saas-renewal")
WHERE = "vendor building = vendor squeezing"


@pytest.fixture(scope="module")
def found():
    return ns.cooperation_map(
        SAAS,
        "relationship.churn",
        "relationship.slip",
        client="tit-for-tat",
        where=WHERE,
        x=(0, 0.6),
        y=(0, 0.4),
        size=7,
    )


def test_every_point_is_the_exact_difference(found):
    assert found.gap.shape == (7, 7)
    for row, column in ((0, 0), (2, 5), (6, 3)):
        there = SAAS.replace({"relationship.churn": found.x[column], "relationship.slip": found.y[row]})
        build, squeeze = (
            ns.relationship(there, vendor=v, client="tit-for-tat").vendor_value
            for v in ("always-cooperate", "always-compete")
        )
        assert found.gap[row, column] == build - squeeze


def test_the_line_of_the_map_agrees_with_the_break_even(found):
    here = SAAS.replace({"relationship.slip": found.y[0]})
    (root,) = ns.breakeven(here, "relationship.churn", client="tit-for-tat", where=WHERE, high=0.6)[WHERE].roots
    assert np.array_equal(found.gap[0] > 0, found.x < root.at)
    assert 0 < found.share < 1


def test_points_that_are_not_allowed_together_are_left_out(dilemma):
    s = dilemma.replace({"horizon": "unlimited", "discount": 0.9})
    found = ns.cooperation_map(s, "discount", "vendor.outside_option", x=(0.5, 1.0), y=(0.0, 1.0), size=3)
    assert np.isnan(found.gap[1, 2])
    assert np.isfinite(found.gap[:, 0]).all()


def test_whole_numbers_stay_whole():
    found = ns.cooperation_map(SAAS, "horizon", "relationship.churn", x=(1, 6), size=3)
    assert found.x.tolist() == [1, 4, 6]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("relationship.churn", "relationship.chrn"), r"did you mean 'relationship\.churn'"),
        (("relationship.churn", "relationship.churn"), "two different ones"),
        (("relationship.churn", "issue.price"), "is negotiated"),
    ],
)
def test_bad_keys_are_refused(arguments, message):
    with pytest.raises(ns.SimulatorError, match=message):
        ns.cooperation_map(SAAS, *arguments, size=2)
    with pytest.raises(ns.SimulatorError, match="size is 1"):
        ns.cooperation_map(SAAS, "discount", "relationship.churn", size=1)


def test_the_plot_says_what_is_true_on_each_side(found):
    ax = plot_map(found)
    said = [text.get_text().replace("\n", " ") for text in ax.texts]
    assert "The vendor does better by building" in said
    assert "The vendor does better by squeezing" in said
    assert "the scenario" in said
    assert map_headline(found) == f"The vendor does better by building on {found.share:.0%} of this map"
    assert ax.figure.axes == [ax]
