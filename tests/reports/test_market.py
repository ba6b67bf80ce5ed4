"""What is said of one market: against a ledger filled by hand, and of markets that were run."""

import numpy as np
import pytest
from rich.console import Console

import simulator as ns
from simulator.markets.population import population_of
from simulator.markets.result import MARKET_ENDS, Ledger, Town
from simulator.reports.market import (
    flow_rows,
    flow_words,
    length_words,
    market_sentences,
    pooled,
)
from simulator.reports.market_files import path_rows, strategy_rows, town_document
from simulator.reports.market_places import places_words, prize_of, prize_words
from simulator.reports.market_tables import market_tables

MIX = "vendors: tit-for-tat=.5, always-compete=.5; clients: grim=1"
PERIODS = 4


def made(scenario, **entries):
    """A town of two vendors and two clients over four periods, with what the entries say in its ledger."""
    mix = ns.Mix.parse(MIX)
    people = population_of(scenario, mix, PERIODS)
    ledger = Ledger.empty(people)
    ledger.vendors[:], ledger.clients[:] = [1, 1], [2]
    for name, value in entries.items():
        getattr(ledger, name)[...] = value
    return Town(scenario, mix, people, "fluid", PERIODS, 0, 0, ledger)


@pytest.fixture(scope="module")
def plain():
    return ns.load_scenario("saas-renewal").replace({"market": {}})


@pytest.fixture(scope="module")
def town(plain):
    ended = np.zeros((2, 1, PERIODS + 1))
    ended[0, 0, 2], ended[1, 0, 1] = 2, 2
    reasons = [3.0 if name == "client-begrudged" else 1.0 if name == "churn" else 0.0 for name in MARKET_ENDS]
    return made(
        plain,
        vendor_earned=[60.0, 40.0],
        client_earned=[100.0],
        outside=104.0,
        vendor_gain=50.0,
        client_gain=70.0,
        burned=20.0,
        switching=4.0,
        played=1.5,
        pair_begun=[[2], [2]],
        pair_played=[[4], [2]],
        pair_healthy=[[4], [1]],
        lifetimes_ended=ended,
        reasons=reasons,
    )


def rendered(town, width):
    console = Console(width=width, no_color=True, file=None, record=True)
    with console.capture() as said:
        for part in market_tables(town, width):
            console.print(part)
    return said.get()


def test_the_flow_adds_up_and_leaves_out_what_is_nothing(town):
    rows = flow_rows(town)
    assert rows == [
        ("outside options", 52.0),
        ("captured by vendors", 25.0),
        ("captured by clients", 35.0),
        ("burned in competing", -10.0),
        ("lost in switching", -2.0),
        ("total value", 100.0),
    ]
    assert sum(amount for _, amount in rows[:-1]) == pytest.approx(rows[-1][1])


def test_the_flow_in_a_sentence(plain, town):
    assert flow_words(town) == (
        "Relationships create 60 k$ a year per client: 10 k$ burned in competing and 2 k$ lost in switching, "
        "48 k$ is left."
    )
    calm = made(plain, client_gain=20.0, client_earned=20.0)
    assert flow_words(calm) == "Relationships create 10 k$ a year per client, and none of it is lost on the way."
    nothing = made(plain, client_gain=-6.0)
    assert flow_words(nothing).startswith("Relationships create nothing: per client they cost 3 k$ a year")
    wasteful = made(plain, client_gain=20.0, burned=30.0, client_earned=-10.0)
    assert flow_words(wasteful).endswith("15 k$ burned in competing, 5 k$ is missing in the end.")


def test_length_in_a_sentence(plain, town):
    # Two of four ended after one period and two after two: 1.5 on average; 5 of 6 periods were good for both.
    assert length_words(town) == (
        "A relationship lasts 1.5 years, 1.2 of them good for both sides; 75% of the clients are in one; "
        "75% of the ends: the client found its share too small."
    )
    assert length_words(made(plain)) == "No relationship begins."


def test_who_earns_most_is_said_of_a_side_with_a_choice(town):
    said = market_sentences(town)
    assert "Among vendors tit-for-tat earns most (60 k$), always-compete least (40 k$) a year." in said
    assert not any("among clients" in sentence.lower() for sentence in said)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_tables_fit_the_screen(town, width):
    said = rendered(town, width)
    assert max(len(line.rstrip()) for line in said.split("\n")) <= width
    assert "captured by vendors   25.0" in said
    assert "ends: the client found its share too small" in said


def test_replicates_are_one_market_by_their_means(plain):
    one, other = made(plain, client_earned=[10.0]), made(plain, client_earned=[30.0])
    both = pooled([one, other])
    assert both.value == pytest.approx((one.value + other.value) / 2)
    assert both.total_value == pytest.approx((one.total_value + other.total_value) / 2)
    assert pooled([one]) is one


def test_rows_and_document_agree_with_the_town(town):
    rows = strategy_rows(town)
    assert [(row["side"], row["strategy"]) for row in rows] == [
        ("vendor", "tit-for-tat"),
        ("vendor", "always-compete"),
        ("client", "grim"),
    ]
    assert rows[0]["earned_per_period"] == 60.0
    assert rows[0]["length"] == 2.0
    paths = path_rows(town)
    assert len(paths) == PERIODS
    assert paths[0]["vendors.tit-for-tat"] == 0.5
    found = town_document(town)
    assert found["flow"]["burned"] == 10.0
    assert found["value"] == town.value


# -- markets that were run ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pitched():
    return ns.market(ns.load_scenario("agency-retainer"), mix=MIX, periods=60, method="fluid")


def test_the_worth_of_a_place_is_said_against_the_client_it_could_have(pitched):
    said, places = places_words(pitched), pitched.places
    lost = float(places.forgone[0, 1])
    assert said.startswith("A free place is worth ")
    assert said.endswith(
        f"serving other clients costs it {lost:.0f} k£ a year against the client it could have (“dream clients”)."
    )


def test_the_prize_is_that_of_an_average_unknown_vendor(pitched):
    people, prizes = pitched.population, pitched.prize.prizes
    by_hand = sum(share * prizes[q, 1] for q, share in enumerate(people.quality_shares))  # the first agent's classes
    np.testing.assert_allclose(prize_of(pitched, prizes)[0], by_hand)
    assert prize_words(pitched).startswith("Winning a client is worth ")


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_account_of_a_contest_fits_the_screen(pitched, width):
    said = rendered(pitched, width)
    assert max(len(line.rstrip()) for line in said.split("\n")) <= width
    assert "dream" in said
    assert "bids won" in said


def test_one_role_has_parties_and_no_vendors():
    scenario = ns.load_scenario("prisoners-dilemma").replace({"market": {"roles": "one", "clients": 40}})
    town = ns.market(scenario, mix="population: tit-for-tat=.5, always-compete=.5", periods=30, method="fluid")
    said = " ".join(market_sentences(town))
    assert "of the parties are in one" in said
    assert "Among parties tit-for-tat earns most" in said
    assert {row["side"] for row in strategy_rows(town)} == {"population"}


def test_a_market_in_a_notebook(read_html, pitched, town):
    for one in (pitched, town):
        page = read_html(one._repr_html_())
        page.check_harmless()
        assert "captured by vendors" in page.text
        assert "vendor tit-for-tat" in page.text
    assert "burned in competing" in read_html(pitched._repr_html_()).text
