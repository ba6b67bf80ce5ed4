"""Curves of competition, and winning hard or fair with agreeing hard or together.

Source: section 11 of the design, and the reports asked of the market.
"""

import numpy as np
import pytest

import simulator as ns
from simulator.runner.market_curves import CORNERS


@pytest.fixture(scope="module")
def saas():
    return ns.load_scenario("saas-renewal")


@pytest.fixture(scope="module")
def contest(saas):
    return saas.replace({"market.matching": "contest", "market.bidders": 3})


def test_the_four_corners(contest):
    found = ns.win_and_agree(contest, periods=40)
    assert found.names == CORNERS
    bids = [{agent.bid for agent, _ in mix.vendors} for mix in found.mixes]
    assert bids == [{"fair"}, {"hard"}, {"fair"}, {"hard"}]
    assert all(agent.bid == "fair" for mix in found.mixes for agent, _ in mix.clients)
    assert found.competitive.tolist() == [0, 0, 1, 1]
    # All bid alike, so that bidding twice as hard burns at least twice as much and changes nothing else.
    assert np.all(found.burned[[1, 3]] > 1.999 * found.burned[[0, 2]])
    assert found.created_value[1] == pytest.approx(found.created_value[0])
    assert found.length[3] == pytest.approx(found.length[2])
    gap = found.differences("joint_value")
    assert gap.mean[1] == pytest.approx(found.burned[0] - found.burned[1])
    assert np.all(gap.mean[1:] < 0)


def test_other_agents(contest):
    found = ns.win_and_agree(contest, cooperative="steward", competitive=ns.agent("bully", bid="fair"), periods=10)
    assert str(found.mixes[1]) == "vendors: steward(bid=hard)=1; clients: steward=1"
    assert str(found.mixes[2]) == "vendors: bully=1; clients: bully=1"


def test_nobody_bids_with_random_matching(saas):
    with pytest.raises(ns.SimulatorError, match="the matching of 'saas-renewal' is random, so nobody bids"):
        ns.win_and_agree(saas)


def test_the_curve_without_reviews(saas):
    curves = ns.competition_curve(saas, steps=4, periods=60)
    assert list(curves) == ["without reviews"]
    curve = curves["without reviews"]
    assert curve.share("always-compete").tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert np.all(np.diff(curve.joint_value) < 0)
    alone = ns.compare_mixes(saas.replace({"market.review_every": 0}), [curve.mixes[2]], periods=60)
    assert alone.joint_value[0] == curve.joint_value[2]


def test_the_curve_with_reviews(contest):
    seen = []
    curves = ns.competition_curve(
        contest, steps=2, reviews=3, periods=30, progress=lambda done, total: seen.append((done, total))
    )
    assert list(curves) == ["without reviews", "reviews every 3 years"]
    assert seen == [(i, 6) for i in range(1, 7)]
    without, reviewed = curves.values()
    assert without.mixes == reviewed.mixes
    assert not without.reviewed.any()
    assert np.all(reviewed.reviewed > 0)
    gap = reviewed.differences("joint_value", other=without)
    assert gap.mean == pytest.approx(reviewed.joint_value - without.joint_value)
    own = ns.competition_curve(contest.replace({"market.review_every": 3}), steps=2, periods=30)
    assert own["reviews every 3 years"].joint_value == pytest.approx(reviewed.joint_value)
    yearly = contest.replace({"market.review_every": 1})
    assert list(ns.competition_curve(yearly, steps=1, periods=5)) == ["without reviews", "reviews every year"]
    assert list(ns.competition_curve(yearly, steps=1, periods=5, reviews=0)) == ["without reviews"]


def test_differences_between_comparisons_of_other_mixes(saas):
    one = ns.compare_mixes(saas, ["vendors: grim; clients: grim"], periods=10)
    other = ns.compare_mixes(saas, ["vendors: bully; clients: grim"], periods=10)
    with pytest.raises(ns.SimulatorError, match="only with the same mixes, replicates and seed"):
        one.differences("length", other=other)


def test_one_role(dilemma):
    s = dilemma.replace({"market.roles": "one", "relationship.churn": 0.1})
    curve = ns.competition_curve(s, steps=2, periods=20)["without reviews"]
    assert [mix.roles for mix in curve.mixes] == ["one"] * 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"reviews": 2}, "market.review_every has no meaning with random matching"),
        ({"reviews": -1}, "reviews is -1; allowed: a whole number of at least 0"),
        ({"steps": 0}, "steps is 0"),
        ({"competitive": "tit-for-tat"}, "named twice"),
        ({"competitive": "always-competes"}, "did you mean 'always-compete'"),
    ],
)
def test_what_is_refused(saas, options, message):
    with pytest.raises(ns.SimulatorError) as refused:
        ns.competition_curve(saas, **options)
    assert message in str(refused.value)
