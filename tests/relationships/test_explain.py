"""The split of a loss is exact, and its sentence says what the numbers say."""

import numpy as np
import pytest

import simulator as ns

SAAS = ns.load_scenario("saas-renewal")
TOGETHER, AGAINST = ("always-cooperate",) * 2, ("always-compete",) * 2


@pytest.mark.parametrize("horizon", [1, 10, "unlimited"])
@pytest.mark.parametrize("pair", [AGAINST, ("tit-for-tat", "grim"), ("walk-away", "always-compete"), TOGETHER])
def test_the_parts_add_up_to_the_loss(horizon, pair):
    s = SAAS.replace({"horizon": horizon})
    why = ns.explain(s, TOGETHER, pair)
    values = [ns.relationship(s, vendor=v, client=c).created_value for v, c in (TOGETHER, pair)]
    assert why.loss == pytest.approx(values[0] - values[1], abs=1e-9)
    assert why.shorter + why.poorer + why.switching == pytest.approx(why.loss, abs=1e-9)


def test_the_parts_are_those_of_the_definition():
    """DESIGN: shorter = sum d^t (S_A - S_B)(g_A + g_B)/2, poorer = sum d^t (g_A - g_B)(S_A + S_B)/2."""
    s = SAAS.replace({"relationship.misread": 0.1})
    a, b = (ns.relationship(s, vendor=v, client=c) for v, c in (TOGETHER, AGAINST))
    alive_a, _, gained_a = a.path(10)
    alive_b, _, gained_b = b.path(10)
    gain_a, gain_b, weights = gained_a / alive_a, gained_b / alive_b, 0.92 ** np.arange(10)
    why = ns.explain(s, TOGETHER, AGAINST)
    assert why.shorter == pytest.approx((weights * (alive_a - alive_b) * (gain_a + gain_b) / 2).sum(), abs=1e-10)
    assert why.poorer == pytest.approx((weights * (gain_a - gain_b) * (alive_a + alive_b) / 2).sum(), abs=1e-10)


def test_swapping_the_pairs_turns_every_sign():
    one, two = ns.explain(SAAS, TOGETHER, AGAINST), ns.explain(SAAS, AGAINST, TOGETHER)
    for name in ("loss", "shorter", "poorer", "switching"):
        assert getattr(one, name) == pytest.approx(-getattr(two, name), abs=1e-9)


def test_periods_after_a_certain_end_are_missing_not_poor(dilemma):
    why = ns.explain(dilemma, TOGETHER, ("hit-and-run", "always-cooperate"))
    # Together 6 a period for 20 periods; hit-and-run 5 once: 19 missing periods of 6, and one poorer by 1.
    assert (why.shorter, why.poorer, why.switching) == pytest.approx((19 * 6, 1, 0), abs=1e-9)


def test_the_sentence_carries_the_figures(dilemma):
    why = ns.explain(dilemma.replace({"currency": "k$"}), TOGETHER, ("hit-and-run", "always-cooperate"))
    assert str(why) == (
        "hit-and-run with always-cooperate creates 115.0 k$ less than always-cooperate with always-cooperate: "
        "114.0 k$ lost because it is shorter (1.0 periods instead of 20.0) and 1.0 k$ lost because each period is "
        "poorer."
    )
    assert "as much as" in str(ns.explain(dilemma, TOGETHER, ("tit-for-tat", "tit-for-tat")))


def test_an_unlimited_horizon_is_split_as_a_very_long_one_is():
    """0.92^600 is 1e-22: the split cannot differ, though one pair is almost surely gone after some periods."""
    long, endless = (SAAS.replace({"horizon": horizon}) for horizon in (600, "unlimited"))
    for pair in (AGAINST, ("always-compete", "always-cooperate"), ("walk-away", "walk-away")):
        one, two = ns.explain(long, TOGETHER, pair), ns.explain(endless, TOGETHER, pair)
        for name in ("shorter", "poorer", "switching"):
            assert getattr(two, name) == pytest.approx(getattr(one, name), abs=1e-8), name


def test_lives_of_a_million_periods_are_split_too(dilemma):
    """Both cooperate all the time and only the length differs: nothing of the loss is poorer periods."""
    s = dilemma.replace({"horizon": "unlimited", "discount": 0.999999, "relationship.churn": 1e-6})
    s = s.replace({"relationship.slip": 1e-6})
    why = ns.explain(s, TOGETHER, ("walk-away", "walk-away"))
    assert abs(why.poorer) < 1e-3 * why.loss
    assert why.loss > 1e5
