"""Each tactic's rule on tiny deal spaces, every expected number worked out by hand.

Source: "Alternating offers" and "Tactics" of the negotiation notes. M is the best own value, u0 the outside option,
m = max(worst own value, u0), t the relative time, tol = 1e-4 (best - worst).
"""

import numpy as np
import pytest

import simulator as ns
from simulator.bargaining.deals import DealSpace
from simulator.bargaining.tactics import knowledge_of

TIMES = np.array([0.25, 0.5, 0.75])  # three rounds


def space_of(vendor, client, outside=(0.0, 0.0), counts=None, tolerance=None):
    counts = counts or (len(vendor),)
    return DealSpace(
        np.array(vendor, dtype=float), np.array(client, dtype=float), *outside,
        tuple("abc"[: len(counts)]), tuple(tuple(range(n)) for n in counts), tolerance,
    )  # fmt: skip


def plan(name, space, standing=(-1, -1, -1), together=False):
    player, knowledge = ns.tactic(name), knowledge_of(space, "vendor", partner_open=together)
    offers = player.proposals(knowledge, TIMES, np.array(standing), None)
    return player.thresholds(knowledge, TIMES), offers.tolist()


PIE = space_of(range(11), range(10, -1, -1))  # tol = .001


@pytest.mark.parametrize(
    ("name", "thresholds", "offers"),
    [
        # a(t) = 1 - t^e: boulware .99609375, .9375, .68359375; linear .75, .5, .25; conceder .29289, .15910, .06940
        ("boulware", [9.9599375, 9.374, 6.8349375], [10, 10, 7]),
        ("linear", [7.499, 4.999, 2.499], [8, 5, 3]),
        ("conceder", [10 * (1 - t**0.25) - 0.001 for t in (0.25, 0.5, 0.75)], [3, 2, 1]),
        ("linear(exponent=2)", [9.374, 7.499, 4.374], [10, 8, 5]),
        # from M down to u0 + floor (M - u0)
        ("hard-bargainer", [9.374, 7.499, 4.374], [10, 8, 5]),
        ("hard-bargainer(exponent=1,floor=0.4)", [8.499, 6.999, 5.499], [9, 7, 6]),
        # share (M - u0), linear to floor x the gain; 1e-9 off
        ("principled", [3.75, 2.5, 1.25], [4, 3, 2]),
        ("principled(share=0.8,floor=0.5)", [7.0, 6.0, 5.0], [7, 6, 5]),
        ("logroller", [7.499, 4.999, 2.499], [8, 5, 3]),
    ],
)
def test_thresholds_and_offers_on_a_pie(name, thresholds, offers):
    least, made = plan(name, PIE)
    assert least == pytest.approx(thresholds, abs=2e-9)
    assert made == offers


def test_outside_option_is_the_limit():
    # M = 10, u0 = 6: m = 6; linear 6 + 4 (1 - t) - tol, tol still of the whole range
    least, offers = plan("linear", space_of(range(11), range(10, -1, -1), outside=(6.0, 0.0)))
    assert least == pytest.approx([8.999, 7.999, 6.999])
    assert offers == [9, 8, 7]


def test_worst_deal_above_the_outside_option():
    # Values 20..30, u0 = 0: time-dependent tactics end at the worst deal, a hard bargainer aims at u0.
    space = space_of(range(20, 31), range(10, -1, -1))
    assert plan("linear", space)[0] == pytest.approx([27.499, 24.999, 22.499])
    assert plan("hard-bargainer(exponent=1)", space)[0] == pytest.approx([22.499, 14.999, 7.499])
    assert plan("hard-bargainer(exponent=1)", space)[1] == [3, 0, 0]


def test_tolerance_is_absolute_where_the_space_says_so():
    least, _ = plan("linear", space_of(range(11), range(10, -1, -1), tolerance=0.25))
    assert least == pytest.approx([7.25, 4.75, 2.25])


def test_deal_a_hair_below_the_threshold_is_taken_when_nearer():
    # Linear at t = .5 on values 0..10 with tolerance 1e-9: the threshold is 5 - 1e-9.
    near = space_of([0, 5 - 5e-7, 6, 10], [3, 2, 1, 0], tolerance=1e-9)
    assert plan("linear", near)[1] == [3, 1, 1]
    far = space_of([0, 5 - 5e-6, 6, 10], [3, 2, 1, 0], tolerance=1e-9)
    assert plan("linear", far)[1] == [3, 2, 1]


def test_ties_go_to_the_first_deal_in_enumeration_order():
    space = space_of([10, 5, 5, 0], [0, 1, 9, 10])
    assert plan("linear", space)[1] == [0, 1, 1]


def test_sums_equal_on_paper_are_ties():
    # .1 + .2 is a hair above .3; both are worth .3, so the first in order is proposed.
    space = space_of([1.0, 0.1 + 0.2, 0.3, 0.0], [0, 1, 2, 3])
    assert plan("linear(exponent=0.5)", space)[1] == [0, 1, 1]


def test_principled_discloses_and_proposes_the_fair_deal():
    # Gains 8 x 2, 5 x 5, 2 x 9 with outside options 1 and 2: the largest product is deal 1; its gain is 5.
    space = space_of([9, 6, 3], [4, 7, 11], outside=(1.0, 2.0))
    least, offers = plan("principled", space, together=True)
    assert offers == [1, 1, 1]
    assert least == pytest.approx([1 + 5 * 0.75, 1 + 5 * 0.5, 1 + 5 * 0.25], abs=2e-9)
    # 8^.9 2^.1 = 6.97 > 5, and 2^.1 9^.9 = 7.74 > 5
    assert plan("principled(share=0.9)", space, together=True)[1] == [0, 0, 0]
    assert plan("principled(share=0.1)", space, together=True)[1] == [2, 2, 2]


def test_principled_without_disclosure_moves_towards_the_partners_offer():
    # Two issues of 3 options, own worth 3a + b: 0..8; share .5: target 4, thresholds 3, 2, 1.
    space = space_of([0, 1, 2, 3, 4, 5, 6, 7, 8], [0] * 9, counts=(3, 3))
    # Towards the offer (0, 2): worth >= 3: agreeing in b = 2 are 5 and 8, the lower is 5; at >= 2 the offer itself.
    assert plan("principled", space, standing=(2, 2, 2))[1] == [5, 2, 2]
    assert plan("principled", space, standing=(-1, 0, 0))[1] == [3, 2, 1]


def test_principled_walks_away_when_both_see_that_nothing_suits_both():
    space = space_of([1, 5], [5, 1], outside=(4.0, 4.0))
    talk = outcome(space, "principled", "principled")
    assert (talk.rounds, talk.ending, talk.offers) == (1, "the vendor walked away", ())


def test_logroller_picks_the_best_for_the_partner_in_its_band():
    # Worth within 1% of (M - u0) = .1 above the threshold (t = .5: 4.999): 5.0 and 5.09, not 5.2.
    space = space_of([0, 5.0, 5.09, 5.2, 10], [0, 1, 3, 9, 0])
    assert plan("logroller", space, together=True)[1][1] == 2
    # Without disclosure: the one nearest to the partner's last offer; none yet: the lowest.
    assert plan("logroller", space)[1][1] == 1


def test_logroller_takes_the_nearest_above_where_the_band_is_empty():
    space = space_of([0, 5.2, 6, 10], [0, 1, 9, 0])
    assert plan("logroller", space, together=True)[1][1] == 1


def test_side_without_a_rational_deal_walks_away_at_its_first_action():
    space = space_of([1, 2], [5, 6], outside=(3.0, 0.0))
    for name in ("boulware", "hard-bargainer", "principled", "logroller", "random-offers"):
        talk = outcome(space, name, "linear")
        assert (talk.rounds, talk.ending, talk.vendor_value) == (1, "the vendor walked away", 3.0)
        assert outcome(space, name, "linear", first="client").ending == "the vendor walked away"


def outcome(space, vendor, client, first="vendor"):
    talks = ns.Talks(space, rounds=5, first=first)
    players = {"vendor": ns.tactic(vendor), "client": ns.tactic(client)}
    together = all(player.discloses for player in players.values())
    known = {side: knowledge_of(space, side, partner_open=together) for side in players}
    while not talks.over:
        talks.act(players[talks.turn], known[talks.turn], np.random.default_rng(0))
    return talks.result()


def test_a_tactic_knows_the_partners_values_only_when_both_disclose():
    assert knowledge_of(PIE, "vendor", partner_open=False).partner is None
    assert knowledge_of(PIE, "client", partner_open=True).partner.tolist() == PIE.vendor.tolist()


def test_saas_level_zero_deals():
    # saas-renewal: vendor -45 + price + (-3, -9, -18), client 100 - price + (8, 26, 34).
    space = ns.deal_space(ns.load_scenario("saas-renewal"))
    assert len(space) == 19 * 3
    k = space.index({"price": 95.0, "support": "priority"})
    assert k == 7 * 3 + 1
    assert (space.vendor[k], space.client[k]) == (41.0, 31.0)
    assert space.point(k).deal == {"price": 95.0, "support": "priority"}
    # Each level is worth 5 more to the client and nothing to the vendor.
    higher = ns.deal_space(ns.load_scenario("saas-renewal"), level=3)
    assert np.array_equal(higher.vendor, space.vendor)
    assert (higher.client - space.client).tolist() == [15.0] * 57


@pytest.mark.parametrize(
    ("deal", "words"),
    [
        ({"price": 95.0}, "leaves 'support' open"),
        ({"price": 95.0, "support": "gold"}, "no option 'gold'; allowed: standard, priority, dedicated"),
        ({"prise": 95.0, "support": "priority"}, "did you mean 'price'?"),
    ],
)
def test_deal_that_does_not_exist(deal, words):
    with pytest.raises(ns.SimulatorError, match=words.replace("?", r"\?")):
        ns.deal_space(ns.load_scenario("saas-renewal")).index(deal)


def test_range_options_have_names_a_person_can_type():
    scenario = ns.load_scenario("saas-renewal").replace({"issue.price.range": {"from": 0.0, "to": 0.7, "step": 0.1}})
    assert ns.deal_space(scenario).options[0] == (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
    # A last step that does not reach the end is not taken.
    short = scenario.replace({"issue.price.range": {"from": 1.0, "to": 2.0, "step": 0.4}})
    assert ns.deal_space(short).options[0] == (1.0, 1.4, 1.8)


def test_logroller_breaks_ties_by_enumeration_order(scenario_from):
    """NEGOTIATION: enumeration order breaks all ties; here two deals agree equally with the partner's last offer."""
    s = scenario_from(
        """
id = "ties"
title = "Ties"
[[issue]]
name = "i"
options = ["a", "b", "z"]
vendor = [0.005, 0.0, -5.0]
client = [0.0, 0.0, 5.0]
[[issue]]
name = "j"
options = ["c", "d"]
vendor = [1.0, 0.0]
client = [0.0, 1.0]
[negotiation]
rounds = 150
first_offer = "client"
"""
    )
    talk = ns.negotiate(s, vendor="logroller", client="linear")
    first = next(offer for offer in talk.offers if offer.side == "vendor")
    assert first.deal == {"i": "a", "j": "c"}
