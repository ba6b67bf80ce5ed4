"""Advice on a real deal: the numbers against the stage game and the chain, and that the sentences fit them."""

import math
import re

import numpy as np
import pytest

import simulator as ns
from simulator.games.stages import begrudge_chances, compile_stages
from simulator.relationships.deviation import judged_scenario
from simulator.runner.amounts import Amounts, plain, value_digits
from simulator.scenario.loading import build

BUSINESS = ("saas-renewal", "component-supply", "freight", "agency-retainer")
NAMES = ("competing", "begrudging", "justified", "profit", "closer", "least")
SAAS = ns.load_scenario("saas-renewal")
BAD = {"price": 105, "support": "standard"}


@pytest.fixture(scope="module", params=BUSINESS)
def advice(request):
    return ns.advise(ns.load_scenario(request.param))


@pytest.fixture(scope="module")
def bad():
    return ns.advise(SAAS, deal=BAD)


def answer(advice, name):
    return next(one for one in advice.answers if one.name == name)


def everything(advice):
    said = [advice.verdict, *advice.zone_words, *advice.terms]
    for one in advice.answers:
        said += [one.question, one.shown, one.short, one.sentence]
    return said


# -- numbers -----------------------------------------------------------------------------------------------------------


def test_every_question_is_answered_on_its_scale(advice):
    assert tuple(one.name for one in advice.answers) == NAMES
    for one in advice.answers:
        assert one.low <= one.number <= one.high
        assert one.limit is None or one.low <= one.limit <= one.high


def test_shares_are_those_of_the_deal_and_of_the_stage_game(advice):
    settled = advice.scenario.replace({"deal": advice.zone.current.deal})
    space, game = ns.deal_space(settled), ns.stage_game(settled)
    here = space.point(space.index(advice.zone.current.deal))
    outside = (settled.vendor.outside_option, settled.client.outside_option)
    gains = (here.vendor - outside[0], here.client - outside[1])
    assert answer(advice, "competing").number == pytest.approx(gains[0] / sum(gains))
    kept = (game.vendor_payoffs[-1, -1] - outside[0], game.client_payoffs[-1, -1] - outside[1])
    assert answer(advice, "begrudging").number == pytest.approx(kept[1] / sum(kept))
    assert answer(advice, "justified").number == pytest.approx(kept[0])
    assert answer(advice, "justified").limit == pytest.approx(sum(kept))


def test_what_profit_does_is_a_difference_of_relationships(advice):
    scenario = judged_scenario(advice.scenario, known_end=False)
    issue = next(one for one in scenario.issue if one.name == advice.zone.issue)
    deal = advice.zone.current.deal
    found = [
        ns.relationship(
            scenario.replace({"deal": {**deal, issue.name: deal[issue.name] - moved / issue.vendor.per_unit}}),
            vendor="always-cooperate",
            client="always-cooperate",
        )
        for moved in (0.0, 1.0)
    ]
    slip = scenario.relationship.slip
    kept = found[0].discounted_visits.sum() * (1 - slip.vendor) * (1 - slip.client)
    expected = (found[1].client_captured - found[0].client_captured) / kept
    assert answer(advice, "profit").number == pytest.approx(expected)


def test_who_is_closer_follows_from_the_zone(advice):
    low, high = advice.zone.interval
    value = advice.zone.current.deal[advice.zone.issue]
    closer = answer(advice, "closer")
    assert (closer.number, closer.low, closer.high) == (value, low, high)
    assert closer.limit == pytest.approx((low + high) / 2)
    assert closer.short == ("you" if value < closer.limit else "your client")


def test_cooperation_pays_and_lasts_in_the_shipped_scenarios(advice):
    assert advice.verdict.startswith("Cooperation pays and lasts at this deal")
    assert advice.highest_posture == "build"
    assert advice.zone.current.holds
    assert answer(advice, "least").short == "'build'"


def test_a_deal_that_claims_too_much(bad):
    assert not bad.zone.current.holds
    assert bad.verdict.startswith("Cooperation does not pay best at this deal")
    assert "With the price between 77.2 and 86.1 k$/year both sides would stay." in bad.verdict
    assert [one.short for one in bad.answers] == [
        "yes", "yes", "no", "it gets only a part", "your client", "nothing is enough",
    ]  # fmt: skip
    assert math.isnan(answer(bad, "least").number)
    assert answer(bad, "least").sentence.endswith("Bring the price between 77.2 and 86.1 k$/year.")
    chance = begrudge_chances(compile_stages(SAAS.replace({"deal": BAD})))["client"][0, 0, 2, 2]
    assert f"{chance:.0%}" in answer(bad, "begrudging").sentence


def test_a_starved_vendor_is_shown_with_what_follows():
    # At 79 the vendor has 3.85 above its outside option and needs 4: from the second year its service is worth half.
    thin = ns.advise(SAAS, deal={"price": 79, "support": "priority"})
    assert thin.zone.current.vendor_gain == pytest.approx(3.85)
    assert thin.zone.current.client_gain == pytest.approx(126 - 79 - 0.15 + 7 - 5 - 28)


def test_the_cheapest_deal_is_not_the_best_for_the_client_in_saas():
    found = ns.advise(SAAS)
    assert found.zone.interval[0] + 5 < found.client_best < found.zone.interval[1]
    assert any(term.startswith("Leaving the vendor more pays for the client itself") for term in found.terms)


# -- where cooperation does not pay or last ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "begins", "why"),
    [
        (
            {"delivery.vendor.cost": 60.0},
            "Cooperation does not pay at this deal",
            "less than they would have elsewhere",
        ),
        ({"delivery.vendor.cost": 25.0}, "Cooperation does not pay best at this deal", "both playing 'squeeze'"),
        ({"relationship.can_leave": False}, "Cooperation would pay", "Nobody can leave here, so nothing answers that."),
        ({"discount": 0.3}, "Cooperation would pay", "playing 'squeeze' once and being left for it brings the vendor"),
    ],
)
def test_it_says_so_and_why(changes, begins, why):
    scenario = SAAS.replace({"deal": {"price": 90, "support": "priority"}, **changes})
    said = ns.advise(scenario).verdict
    assert said.startswith(begins)
    assert why in said


def test_a_tie_is_no_gain_from_cooperating():
    level = SAAS.replace({"posture.claim.tactic": {"name": "principled", "share": 0.5}, "maturity.levels": ["one"]})
    flat = level.replace({"relationship.begrudge": 0, "relationship.slip": 0})
    assert "pays no more than competing" in ns.advise(flat.replace({"posture.claim.effort": 1.0})).verdict


def test_given_payoffs_have_terms_but_no_deal(dilemma):
    found = ns.advise(dilemma.replace({"discount": 0.9}))
    assert (found.zone, found.answers, found.zone_words, found.client_best) == (None, (), (), None)
    assert found.highest_posture == "cooperate"
    assert found.trust_periods is not None
    assert len(found.terms) == 3
    broken = ns.advise(dilemma.replace({"discount": 0.2}))
    assert broken.verdict.startswith("Cooperation would pay")
    assert broken.highest_posture == "compete"


@pytest.mark.parametrize("name", ["chicken", "stag-hunt", "demand-game"])
def test_every_classic_game_is_advised_on(name):
    assert ns.advise(ns.load_scenario(name).replace({"discount": 0.9})).verdict


def test_nothing_to_advise_without_a_finite_future(dilemma):
    for scenario in (SAAS.replace({"discount": 1.0}), dilemma.replace({"relationship.churn": 0})):
        with pytest.raises(ns.HorizonError, match=r"a discount below 1, e\.g\. discount=0\.9"):
            ns.advise(scenario.replace({"discount": 1.0}))


@pytest.mark.parametrize(("vendor", "client"), [((0, 2), (0, 1, 2)), ((0, 1, 2), (0, 2)), ((2,), (0, 2)), ((2,), (2,))])
@pytest.mark.parametrize("can_leave", [True, False])
def test_any_postures(vendor, client, can_leave):
    document = {name: value for name, value in SAAS.document().items() if name != "posture"}
    three = SAAS.document()["posture"]
    lists = {"vendor_posture": [three[i] for i in vendor], "client_posture": [three[i] for i in client]}
    found = ns.advise(build(document | lists).replace({"relationship.can_leave": can_leave}))
    assert found.verdict
    assert len(found.answers) == 6
    if len(vendor) == len(client) == 1:
        assert found.verdict.startswith("Cooperation pays and lasts")
        assert "if both compete" not in found.verdict


def test_one_level_and_an_unlimited_horizon():
    one = SAAS.replace({"maturity.levels": ["only"], "horizon": "unlimited"})
    assert ns.advise(one).zone.interval == ns.advise(one.replace({"horizon": 3})).zone.interval


# -- words -------------------------------------------------------------------------------------------------------------


def check_words(advice):
    for said in everything(advice):
        assert not re.search(r"\b(nan|inf|none|slack|one-shot|automaton|equilibri\w+)\b", said, re.IGNORECASE) or (
            said.startswith("none of the deal's gain") or " none lasts" in said
        ), said
        assert "  " not in said
        assert not re.search(r"\b1 (years|quarters|periods)\b", said), said
        assert not re.search(r"-\d[\d.]*%", said), said
        assert not re.search(r"\d\.\d{4,}", said), said


def test_sentences_are_plain(advice):
    check_words(advice)


def test_sentences_of_a_bad_deal_are_plain(bad):
    check_words(bad)


def test_parts_and_whole_add_up_as_written(advice):
    sentence = answer(advice, "justified").sentence
    created, own, other = (float(text.replace(",", "")) for text in re.findall(r"(\d[\d,]*\.?\d*) k", sentence))
    assert own + other == pytest.approx(created, abs=1e-9)


def test_what_is_said_of_the_zone_holds(advice):
    low, high = (
        float(text.replace(",", "")) for text in re.findall(r"between ([\d.,]+) and ([\d.,]+)", advice.zone_words[0])[0]
    )
    first, last = advice.zone.interval
    assert first <= low < high <= last
    issue = next(one for one in advice.scenario.issue if one.name == advice.zone.issue)
    assert low - first < issue.range.step
    assert last - high < issue.range.step


@pytest.mark.parametrize(
    ("step", "width", "digits"), [(5.0, 20, 0), (0.05, 1, 2), (10, 5, 1), (5, 0.3, 2), (0.1, 0, 1)]
)
def test_digits_follow_the_step_and_narrow_zones(step, width, digits):
    issue = SAAS.replace({"issue.price.range.step": step}).issue[0]
    assert value_digits(issue, width) == digits


def test_numbers_in_words():
    assert [plain(value, 2) for value in (1234.5, 8.10, -0.001, math.inf)] == ["1,234.5", "8.1", "0", "any amount"]
    assert Amounts(SAAS.replace({"period": "order"}), 1).unit == "k$ an order"
    assert Amounts(SAAS, 300).against(-3.0) == "a loss of 3 k$"


def test_advice_is_the_same_twice():
    first, second = ns.advise(SAAS), ns.advise(SAAS)
    assert everything(first) == everything(second)
    assert np.array_equal([one.number for one in first.answers], [one.number for one in second.answers])
