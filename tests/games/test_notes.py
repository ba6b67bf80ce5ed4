"""Every note has a scenario that triggers it and one, close by, that does not; the figures are worked out by hand."""

import pytest

from simulator.games.kinds import kind
from simulator.games.notes import NOTES, Note, notes
from simulator.games.stage import stage_game
from simulator.games.stages import compile_stages
from simulator.runner.loading import load_scenario
from simulator.scenario.loading import build
from simulator.scenario.schema import Scenario


def names(scenario: Scenario) -> list[str]:
    return [note.name for note in notes(scenario)]


def text(scenario: Scenario, name: str) -> str:
    return next(note.text for note in notes(scenario) if note.name == name)


def given(t: float, r: float, p: float, s: float, **more: object) -> Scenario:
    """A symmetric 2 x 2 game with these temptation, reward, punishment and sucker's payoffs."""
    payoffs = {"postures": ["compete", "cooperate"], "vendor": [[p, t], [s, r]], "client": [[p, s], [t, r]]}
    return build({"id": "given", "title": "Given", "payoffs": payoffs, **more})


def talks(price: tuple[float, float, float] = (0, 100, 10), **more: object) -> Scenario:
    """A price alone, worth itself to the vendor and 100 - price to the client, with claim and build as postures."""
    low, high, step = price
    return build(
        {
            "id": "talks",
            "title": "Talks",
            "base": {"client": 100.0},
            "issue": [
                {
                    "name": "price",
                    "range": {"from": low, "to": high, "step": step},
                    "vendor": {"per_unit": 1.0},
                    "client": {"per_unit": -1.0},
                }
            ],
            **more,
        }
    )


@pytest.fixture
def saas() -> Scenario:
    return load_scenario("saas-renewal")


def test_a_plain_dilemma_has_no_notes():
    assert notes(given(5, 3, 1, 0)) == ()


def test_names_are_short_words_in_one_order(saas):
    assert all(name == name.lower() and " " not in name and len(name) <= 25 for name in NOTES)
    several = names(
        saas.replace({"vendor.outside_option": 19.0, "client.outside_option": 19.0, "maturity.reinvest": 0.0})
    )
    assert len(several) >= 2
    assert several == [name for name in NOTES if name in several]  # at most one of each, in the order of NOTES


def test_a_note_is_a_value():
    assert Note("no-deal", "x") == Note("no-deal", "x")
    assert str(Note("no-deal", "Nothing.")) == "no-deal: Nothing."
    with pytest.raises(AttributeError):
        Note("no-deal", "x").name = "y"  # type: ignore[misc]


def test_texts_are_sentences_with_numbers_and_unit():
    scenario = given(5, 3, 1, 0.5, currency="k€", period="quarter", vendor={"name": "Brevik", "outside_option": 0.25})
    said = text(scenario, "exploited-above-outside")
    assert "Brevik" in said
    assert "0.5 k€ per quarter" in said
    assert "0.25 k€ per quarter" in said
    assert said[0].isupper()
    assert said.endswith(".")


def test_a_party_without_a_name_is_called_by_its_side():
    for party in ({}, {"vendor": {"outside_option": 0.0}}):
        assert "the vendor still has" in text(given(5, 3, 1, 0.5, **party), "exploited-above-outside")


def test_unit_without_a_currency():
    assert "has 0.5 per period," in text(given(5, 3, 1, 0.5), "exploited-above-outside")


# -- deals -------------------------------------------------------------------------------------------------------------


def test_no_deal():
    # Price + (100 - price) = 100: outside options of 60 and 50 leave no deal, 50 and 50 leave exactly the price 50.
    none = talks(vendor={"outside_option": 60.0}, client={"outside_option": 50.0})
    assert "no-deal" in names(none)
    assert "60 per period for the vendor and 50 per period for the client" in text(none, "no-deal")
    assert "no-deal" not in names(talks(vendor={"outside_option": 50.0}, client={"outside_option": 50.0}))


def test_no_deal_names_the_levels_that_have_none():
    maturity = {"levels": ["new", "known"], "value_per_level": 20.0}
    none = talks(vendor={"outside_option": 60.0}, client={"outside_option": 50.0}, maturity=maturity)
    assert "level 0 (new)" in text(none, "no-deal")
    assert "known" not in text(none, "no-deal")


def test_impasse():
    # A hard bargainer asks for all of 100 at first and for 1 - (2/3)^2 of it in the last of two rounds: too late.
    assert "impasse" not in names(talks(negotiation={"rounds": 40}))
    said = talks((0, 100, 1), negotiation={"rounds": 2})
    assert "impasse" in names(said)
    assert "squeeze x squeeze" in text(said, "impasse")
    assert "within 2 rounds" in text(said, "impasse")
    assert "no-deal" not in names(said)


def test_no_deal_is_not_called_an_impasse():
    none = talks(vendor={"outside_option": 60.0}, client={"outside_option": 50.0})
    assert "impasse" not in names(none)


def test_hangs_on_a_round_deal_or_impasse():
    # Find how many rounds two hard bargainers need for a deal: one round less is an impasse, far from it nothing flips.
    def agree(rounds: int) -> bool:
        return bool(compile_stages(talks((0, 100, 1), negotiation={"rounds": rounds})).agreed.all())

    enough = next(n for n in range(1, 40) if agree(n))
    assert enough > 1
    edge = talks((0, 100, 1), negotiation={"rounds": enough})
    assert f"with {enough - 1} rounds instead of {enough}" in text(edge, "hangs-on-a-round").lower()
    assert "would end in impasse" in text(edge, "hangs-on-a-round")
    below = talks((0, 100, 1), negotiation={"rounds": enough - 1})
    assert f"with {enough} rounds instead of {enough - 1}" in text(below, "hangs-on-a-round").lower()
    assert "would agree" in text(below, "hangs-on-a-round")


def test_hangs_on_a_round_game(saas):
    # With this cost of a round the gain of claiming hard is as small as the cost of one round more.
    def dilemma(scenario: Scenario) -> bool:
        return stage_game(scenario).name == "prisoner's dilemma"

    dear = saas.replace({"maturity.levels": ["only"], "negotiation.round_cost": 0.33})
    edges = [
        rounds
        for rounds in range(20, 60)
        if dilemma(dear.replace({"negotiation.rounds": rounds}))
        != dilemma(dear.replace({"negotiation.rounds": rounds + 1}))
    ]
    assert edges
    edge = dear.replace({"negotiation.rounds": edges[0]})
    assert f"With {edges[0] + 1} rounds instead of {edges[0]}, the game of the" in text(edge, "hangs-on-a-round")


def test_one_round_of_cost_alone_is_no_note(saas):
    # Another number of rounds moves the payoffs of the reference scenario by some tenths; its games stay the same.
    assert "hangs-on-a-round" not in names(saas)


def test_a_single_round_has_no_fewer():
    assert isinstance(notes(talks(negotiation={"rounds": 1})), tuple)


# -- what there is to gain ---------------------------------------------------------------------------------------------


def test_nothing_to_create():
    # The best pair makes 3 + 3 = 6.
    assert "nothing-to-create" in names(
        given(5, 3, 1, 0, vendor={"outside_option": 4.0}, client={"outside_option": 2.0})
    )
    assert "nothing-to-create" not in names(
        given(5, 3, 1, 0, vendor={"outside_option": 3.5}, client={"outside_option": 2.0})
    )


def test_building_below_outside():
    low = given(5, 3, 1, 0, vendor={"name": "Brevik", "outside_option": 3.5})
    assert "Brevik" in text(low, "building-below-outside")
    assert "client" not in text(low, "building-below-outside")
    assert "building-below-outside" not in names(given(5, 3, 1, 0, vendor={"outside_option": 3.0}))


def test_building_not_best():
    # T + S = 7 beats R + R = 6; 6 does not.
    best = given(7, 3, 1, 0)
    assert "more than the 6 per period of cooperate x cooperate" in text(best, "building-not-best")
    assert "7 per period" in text(best, "building-not-best")
    assert "building-not-best" not in names(given(6, 3, 1, 0))


def test_building_begrudged(saas):
    # Gains of 3 and 1 when both build: the client has a quarter, .5 - .25 = .25 too little, and leaves with .4 x .25.
    payoffs = {"postures": ["compete", "cooperate"], "vendor": [[1, 5], [0, 3]], "client": [[0.3, 0.2], [4, 1]]}
    document = {"id": "x", "title": "X", "payoffs": payoffs}
    unfair = build({**document, "relationship": {"begrudge": 0.4}})
    assert "gets 25%" in text(unfair, "building-begrudged")
    assert "finds 50% fair" in text(unfair, "building-begrudged")
    assert "up to 10% per period" in text(unfair, "building-begrudged")
    assert "the client" in text(unfair, "building-begrudged")
    assert "the vendor" not in text(unfair, "building-begrudged")
    for calm in (
        {"begrudge": 0.0},
        {"begrudge": 0.19},
        {"begrudge": 0.4, "fair_share": 0.25},
        {"begrudge": 0.4, "can_leave": False},
    ):
        assert "building-begrudged" not in names(build({**document, "relationship": calm}))


# -- the game of each side ---------------------------------------------------------------------------------------------


def test_no_temptation_says_which_side():
    # For the vendor building is better whatever the client does; the client has a dilemma.
    payoffs = {"postures": ["compete", "cooperate"], "vendor": [[0, 2], [1, 3]], "client": [[1, 0], [5, 3]]}
    scenario = build({"id": "x", "title": "X", "payoffs": payoffs})
    assert "the vendor" in text(scenario, "no-temptation")
    assert "the client" not in text(scenario, "no-temptation")
    assert "other-game" not in names(scenario)
    assert "no-temptation" not in names(given(5, 3, 1, 0))


def test_no_temptation_includes_indifference():
    assert "no-temptation" in names(given(3, 3, 1, 1))


@pytest.mark.parametrize(
    ("four", "game"),
    [((3, 4, 2, 0), "a stag hunt"), ((7, 6, 0, 2), "a game of chicken"), ((5, 1, 3, 0), "a game of deadlock")],
)
def test_other_game_names_it(four, game):
    assert game in text(given(*four), "other-game")
    assert "no-temptation" not in names(given(*four))


def test_a_dilemma_is_no_other_game():
    assert "other-game" not in names(given(5, 3, 1, 0))


def test_exploited_above_outside():
    assert "exploited-above-outside" in names(given(5, 3, 1, 0.5))
    assert "exploited-above-outside" not in names(given(5, 3, 1, 0))
    assert "exploited-above-outside" not in names(given(5, 3, 1, 0.5, relationship={"can_leave": False}))


def test_future_too_short():
    # Grim trigger needs (T - R) / (T - P) = 2/4; discount x (1 - churn) is .8 x .625 = .5 exactly, then just below.
    assert "future-too-short" not in names(given(5, 3, 1, 0, discount=0.8, relationship={"churn": 0.375}))
    short = given(5, 3, 1, 0, discount=0.8, relationship={"churn": 0.4})
    assert "counts 0.48" in text(short, "future-too-short")
    assert "have to count 0.50" in text(short, "future-too-short")


def test_growing_payoffs_keep_the_dilemma():
    # Payoffs given directly grow in proportion above the outside option: their order, and so the game, stays.
    steady = given(5, 3, 1, 0, maturity={"levels": ["new", "known"], "growth": 1.0, "reinvest": 0.5})
    assert names(steady) == []


@pytest.mark.parametrize(
    ("value_per_level", "round_cost", "expected"),
    [(5.0, 0.15, []), (30.0, 0.15, ["dilemma-vanishes"]), (5.0, 0.3, ["dilemma-appears"])],
)
def test_dilemma_that_changes_with_the_level(saas, value_per_level, round_cost, expected):
    changed = saas.replace({"maturity.value_per_level": value_per_level, "negotiation.round_cost": round_cost})
    games = {
        side: [
            kind(getattr(stage_game(changed, level=m), f"{side}_incentives")) == "prisoner's dilemma" for m in range(4)
        ]
        for side in ("vendor", "client")
    }
    vanishes = [side for side, there in games.items() if there[0] and not all(there)]
    appears = [side for side, there in games.items() if not there[0] and any(there)]
    assert bool(vanishes) == ("dilemma-vanishes" in expected)  # the case is what it is meant to be
    assert bool(appears) == ("dilemma-appears" in expected)
    assert [name for name in names(changed) if name.startswith("dilemma-")] == expected
    for name, sides in (("dilemma-vanishes", vanishes), ("dilemma-appears", appears)):
        said = text(changed, name).lower() if sides else ""
        assert [side for side in games if f"the {side} (" in said] == sides
    if appears:
        levels = [m for m in range(4) if games[appears[0]][m]]
        assert "only at " + ", ".join(f"level {m} ({saas.levels[m]})" for m in levels) in text(
            changed, "dilemma-appears"
        )


# -- starvation and levels ---------------------------------------------------------------------------------------------


def test_starvation(saas):
    assert "starvation-never-bites" not in names(saas)
    assert "starvation-always-bites" not in names(saas)
    modest = saas.replace({"delivery.vendor.needs": -50.0})
    assert "needs -50 k$ per year" in text(modest, "starvation-never-bites")
    greedy = saas.replace({"delivery.vendor.needs": 100.0})
    assert "needs 100 k$ per year" in text(greedy, "starvation-always-bites")
    assert "starvation-never-bites" not in names(greedy)


def test_starvation_that_changes_nothing_is_no_note(saas):
    for needs in (-50.0, 100.0):
        harmless = saas.replace({"delivery.vendor.needs": needs, "delivery.vendor.starved": 1.0})
        assert not {"starvation-never-bites", "starvation-always-bites"} & set(names(harmless))


def test_unreachable_levels(saas):
    assert "unreachable-levels" not in names(saas)
    stays = saas.replace({"maturity.reinvest": 0.0})
    assert text(stays, "unreachable-levels").startswith(
        "Level 1 (preferred supplier), level 2 (trusted advisor), level 3"
    )
    assert "at level 0 (transactional)" in text(stays, "unreachable-levels")
    assert "nothing is reinvested" in text(stays, "unreachable-levels")
    assert "unreachable-levels" not in names(saas.replace({"maturity.reinvest": "best-reply"}))


def test_levels_out_of_reach_of_the_horizon(saas):
    # From level 0 in the first period, one level a period: level 3 is played in the fourth at the earliest.
    assert "unreachable-levels" not in names(saas.replace({"horizon": 4}))
    said = text(saas.replace({"horizon": 3}), "unreachable-levels")
    assert said == "Level 3 (strategic partner) can never be reached: the horizon ends after 3 periods."
    assert "unreachable-levels" not in names(saas.replace({"horizon": "unlimited"}))


def test_levels_that_the_vendor_cannot_pay_for():
    # When both cooperate the vendor has its outside option of 3 and nothing to invest.
    poor = given(5, 3, 1, 0, vendor={"outside_option": 3.0}, maturity={"levels": ["new", "known"], "reinvest": 0.5})
    assert "the vendor has nothing to invest" in text(poor, "unreachable-levels")


def test_notes_of_a_given_game_say_nothing_of_talks():
    talked = {"no-deal", "impasse", "hangs-on-a-round", "starvation-never-bites", "starvation-always-bites"}
    assert not talked & set(names(given(3, 4, 2, 0)))


def test_every_note_is_tested_here():
    from pathlib import Path

    source = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in NOTES if source.count(f'"{name}"') < 2] == []


def test_notes_are_quick():
    # 200 deals, one level: far below the 0.3 s that a person would notice; the bound leaves room for a busy machine.
    from time import perf_counter

    scenario = talks((0, 199, 1), negotiation={"rounds": 40})
    compile_stages.cache_clear()
    start = perf_counter()
    notes(scenario)
    assert perf_counter() - start < 0.3
