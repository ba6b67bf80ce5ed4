"""What a deal in force is worth in the stage game: only between two cooperating sides, between options too."""

import numpy as np
import pytest

import simulator as ns
from simulator.bargaining.deals import agreed_worth
from simulator.games.stages import compile_stages

SAAS = ns.load_scenario("saas-renewal")


def settled(price, support="priority"):
    return SAAS.replace({"deal": {"price": price, "support": support}})


def test_only_two_cooperating_sides_keep_it():
    before, after = ns.stage_game(SAAS), ns.stage_game(settled(100))
    for side in ("vendor_payoffs", "client_payoffs"):
        same = np.isclose(getattr(before, side), getattr(after, side))
        assert same.sum() == 8
        assert not same[2, 2]


@pytest.mark.parametrize("price", [60.0, 92.5, 97.123, 150.0])
def test_a_price_between_options_counts_by_its_worth_per_unit(price):
    # base -45 and 100, priority support -9 and 26.
    assert agreed_worth(settled(price), 0) == (pytest.approx(price - 54), pytest.approx(126 - price))
    # One round of .15 each; effort: the vendor's costs 6 and brings 14, the client's costs 5 and brings 9.
    game = ns.stage_game(settled(price))
    assert game.vendor_payoffs[2, 2] == pytest.approx(price - 54 - 0.15 - 6 + 9)
    assert game.client_payoffs[2, 2] == pytest.approx(126 - price - 0.15 + 14 - 5)


def test_a_number_between_listed_worths_lies_between_them(scenario_from):
    scenario = scenario_from(
        'id = "x"\ntitle = "X"\n[[issue]]\nname = "days"\nrange = { from = 0, to = 20, step = 10 }\n'
        "vendor = [0.0, 4.0, 5.0]\nclient = [3.0, 2.0, 0.0]\n[deal]\ndays = 15\n"
    )
    assert agreed_worth(scenario, 0) == (4.5, 1.0)


def test_levels_add_to_what_the_client_has():
    assert [agreed_worth(settled(90), level)[1] - 36 for level in range(4)] == [0, 5, 10, 15]


def test_no_deal_in_force():
    assert agreed_worth(SAAS, 0) is None


def test_it_is_kept_even_where_the_tactics_would_not_agree():
    stubborn = settled(90).replace({"posture.build.tactic": "hard-bargainer", "negotiation.rounds": 1})
    assert compile_stages(stubborn).agreed[:, 2, 2].all()
    assert ns.stage_game(stubborn).vendor_payoffs[2, 2] == ns.stage_game(settled(90)).vendor_payoffs[2, 2]


def test_scenarios_that_share_their_negotiations_do_not_share_their_payoffs():
    cheap, dear = settled(80), settled(100)
    hurried = SAAS.replace({"relationship.slip": 0.2, "delivery.vendor.cost": 1.0})
    assert ns.stage_game(dear).vendor_payoffs[2, 2] - ns.stage_game(cheap).vendor_payoffs[2, 2] == 20
    assert ns.stage_game(hurried).vendor_payoffs[2, 2] == ns.stage_game(SAAS).vendor_payoffs[2, 2] + 5
