"""Mixes: what they hold, how they are written and read, what is refused, and which scenarios they fit.

Source: section 11 of the design, and its closing list of mixes that have to be refused with a clear message.
"""

import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import simulator as ns

HALF = {"tit-for-tat": 0.5, "always-compete": 0.5}


def test_a_mix_is_a_value():
    mix = ns.Mix(vendors=HALF, clients={ns.agent("grim"): 1})
    same = ns.Mix(vendors={ns.agent("tit-for-tat"): 0.5, "always-compete": np.float64(0.5)}, clients="grim")
    assert mix == same
    assert hash(mix) == hash(same)
    assert pickle.loads(pickle.dumps(mix)) == mix
    assert mix.vendors == ((ns.agent("tit-for-tat"), 0.5), (ns.agent("always-compete"), 0.5))
    assert (mix.population, mix.roles) == ((), "two")
    assert mix != ns.Mix(vendors=dict(reversed(HALF.items())), clients="grim")
    assert type(mix.vendors[1][1]) is float
    with pytest.raises(AttributeError):
        mix.vendors = ()


def test_shares_of_zero_are_kept():
    mix = ns.Mix(population={"grim": 1.0, "bully": 0, "random": -0.0})
    assert [share for _, share in mix.population] == [1, 0, 0]
    assert (mix.roles, mix.vendors, mix.clients) == ("one", (), ())
    assert str(mix) == "population: grim=1, bully=0, random=0"


def test_agents_that_bid_differently_are_told_apart():
    mix = ns.Mix.parse("vendors: tit-for-tat(bid=hard)=.25, tit-for-tat=.75; clients: grim")
    assert [agent.bid for agent, _ in mix.vendors] == ["hard", "fair"]
    assert mix.vendors[0][0].once_won == mix.vendors[1][0]
    with pytest.raises(ns.SimulatorError, match="name 'grim' twice"):
        ns.Mix.parse("vendors: grim=.5, grim(bid=fair)=.5; clients: grim")


def test_reading():
    mix = ns.Mix.parse(" clients : memory-one(cc=1, dc=.5)=1/3,grim = 2/3 ;vendors:bully;")
    assert [str(agent) for agent, _ in mix.clients] == ["memory-one(dc=0.5)", "grim"]
    assert mix.clients[0][1] == 1 / 3
    assert ns.Mix(vendors=mix.vendors, clients=mix.clients) == mix
    assert ns.Mix(**mix.document()) == mix
    assert ns.Mix(vendors="bully", clients="memory-one(cc=1, dc=.5)=1/3, grim=2/3") == mix


@given(
    st.lists(st.sampled_from(ns.agents()), min_size=1, max_size=6, unique=True),
    st.lists(st.floats(0, 1), min_size=6, max_size=6),
)
def test_what_is_written_reads_back(agents, weights):
    weights = weights[: len(agents)]
    total = math.fsum(weights)
    if total < 1e-300:
        return
    mix = ns.Mix(population=[(agent, weight / total) for agent, weight in zip(agents, weights, strict=True)])
    assert ns.Mix.parse(str(mix)) == mix


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a mix names nothing; allowed: vendors and clients, or population"),
        ("vendors: grim", "a mix names vendors; allowed: vendors and clients"),
        ("vendors: grim; clients: grim; population: grim", "a mix names vendors and clients and population"),
        ("tit-for-tat=1", "cannot read 'tit-for-tat=1' in a mix; write \"vendors:"),
        ("vendor: grim; clients: grim", "a mix has no 'vendor'; allowed: vendors, clients, population; did you mean"),
        ("vendors: grim; vendors: grim", "a mix names vendors twice"),
        ("vendors: grim clients: grim", "separate the roles by a semicolon"),
        ("vendors: grim(; clients: grim", "a bracket is not closed"),
        ("vendors: ; clients: grim", "the vendors are empty; name at least one agent"),
        ("vendors: tit-for-tt; clients: grim", "unknown agent 'tit-for-tt'; did you mean 'tit-for-tat'"),
        ("vendors: grim(p=1); clients: grim", "agent 'grim' has no parameter 'p'"),
        ("vendors: grim=.5, bully=.4; clients: grim", "the shares of the vendors sum to 0.9; allowed: shares that sum"),
        ("vendors: grim; clients: grim=.5, bully=.6", "the shares of the clients sum to 1.1"),
        ("vendors: grim; clients: grim, bully=.6", "'grim' among the clients has no share; write agent=share"),
        ("vendors: grim=half; clients: grim", "the share of 'grim' among the vendors is 'half'; allowed: a number"),
        ("vendors: grim=1/0; clients: grim", "is '1/0'; allowed: a number from 0 to 1 or a fraction"),
        ("vendors: grim=-1, bully=2; clients: grim", "the share of 'grim' among the vendors is -1.0"),
        ("vendors: grim=nan; clients: grim", "is nan; allowed: a number from 0 to 1"),
        ("vendors: grim=inf; clients: grim", "is inf; allowed: a number from 0 to 1"),
    ],
)
def test_what_cannot_be_read(text, message):
    with pytest.raises(ns.SimulatorError) as refused:
        ns.Mix.parse(text)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"grim": True}, "the share of 'grim' among the vendors is True"),
        ({"grim": "1"}, "is '1'; allowed: a number from 0 to 1"),
        ({"grim": 10**400}, "allowed: a number from 0 to 1"),
        ({}, "the vendors are empty"),
        ({3: 1}, "an agent is 3; allowed: a name"),
        (3, "the vendors are 3; allowed: agents with their shares"),
        ([3], "the vendors hold 3; allowed: pairs"),
        ([("grim",)], "the vendors hold ('grim',); allowed: pairs"),
        ({"grim": 0.5, "bully": 0.5 + 1e-8}, "the shares of the vendors sum to 1.00000001"),
    ],
)
def test_what_is_no_mix(given, message):
    with pytest.raises(ns.SimulatorError) as refused:
        ns.Mix(vendors=given, clients="grim")
    assert message in str(refused.value)


def test_shares_may_miss_one_by_rounding():
    ns.Mix(population=dict.fromkeys(("grim", "bully", "random"), 1 / 3))
    ns.Mix(population={"grim": 0.1 + 0.2, "bully": 0.7})


# -- fitting ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def saas():
    return ns.load_scenario("saas-renewal")


@pytest.mark.parametrize(
    ("text", "changes", "message"),
    [
        ("population: grim", {}, "the mix names population, and 'saas-renewal' has two roles; allowed: vendors and"),
        ("vendors: grim; clients: grim(bid=hard)", {}, "agent 'grim(bid=hard)' is a client; only vendors bid"),
        (
            "vendors: grim(bid=low-ball); clients: grim",
            {"market.matching": "contest"},
            "agent 'grim(bid=low-ball)': effort in a contest cannot be below cost; allowed: bid=fair or bid=hard",
        ),
    ],
)
def test_mixes_that_do_not_fit(saas, text, changes, message):
    mix = ns.Mix.parse(text)
    with pytest.raises(ns.SimulatorError) as refused:
        mix.fits(saas.replace(changes))
    assert message in str(refused.value)


def test_mixes_that_fit(saas):
    mix = ns.Mix.parse("vendors: grim(bid=low-ball); clients: grim")
    assert mix.fits(saas.replace({"market.matching": "tender", "market.tender_cost": [20.0, 100.0]})) is mix
    assert mix.fits(saas) is mix  # bids play no part there, which the result says


def test_agents_that_a_game_or_a_segment_does_not_admit(dilemma):
    mix = ns.Mix(vendors="extortioner", clients="grim")
    assert mix.fits(dilemma) is mix
    odd = {"name": "odd", "share": 0.1, "set": {"payoffs.vendor": [[1, 2], [0, 3]]}}
    with pytest.raises(ns.SimulatorError, match="agent 'extortioner' needs a prisoner's dilemma"):
        mix.fits(dilemma.replace({"segment": [odd]}))
    own = {"name": "own", "share": 0.1, "set": {"payoffs.client": [[1, 0], [2, 3]]}, "clients": {"extortioner": 1}}
    with pytest.raises(ns.SimulatorError, match="agent 'extortioner' needs a prisoner's dilemma"):
        mix.fits(dilemma.replace({"segment": [own]}))


# -- one role ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["prisoners-dilemma", "stag-hunt", "chicken", "demand-game"])
def test_symmetric_games_have_one_role(name):
    s = ns.load_scenario(name).replace({"market.roles": "one"})
    ns.Mix(population="tit-for-tat").fits(s)
    with pytest.raises(ns.SimulatorError, match=f"{name!r} has one role; allowed: population"):
        ns.Mix(vendors="grim", clients="grim").fits(s)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"payoffs.vendor": [[1, 4], [0, 3]]}, "'compete' against 'cooperate' earns the vendor 4 and the client 5"),
        ({"vendor.outside_option": 1.0}, "the outside options are 1 and 0; equal outside options"),
        ({"relationship.slip.vendor": 0.1}, "relationship.slip is 0.1 and 0; one number for both"),
        ({"relationship.misread.client": 0.1}, "relationship.misread is 0 and 0.1"),
        ({"relationship.switching_cost.vendor": 2}, "relationship.switching_cost is 2 and 0"),
        ({"relationship.patience.client": 2}, "relationship.patience is 0 and 2"),
        ({"maturity": {"levels": ["a", "b"], "reinvest": 0.5}}, "nobody is the vendor that reinvests; reinvest = 0"),
        (
            {
                "payoffs": {
                    "vendor_postures": ["a", "b"],
                    "client_postures": ["c", "d"],
                    "vendor": [[1, 5], [0, 3]],
                    "client": [[1, 0], [5, 3]],
                }
            },
            "vendor and client have different postures",
        ),
    ],
)
def test_one_role_with_two_different_places(dilemma, changes, message):
    assert dilemma.replace({"market.roles": "one"}).market.roles == "one"
    with pytest.raises(ns.ScenarioError) as refused:
        dilemma.replace({"market.roles": "one", **changes})
    assert message in str(refused.value)
    assert 'roles = "two"' in str(refused.value)


def test_one_role_of_a_business_scenario_says_all_that_is_in_the_way(saas):
    with pytest.raises(ns.ScenarioError) as refused:
        saas.replace({"market.roles": "one"})
    said = str(refused.value)
    for reason in ("outside options are 24 and 28", "reinvests", "starves", "'squeeze' against 'claim' earns"):
        assert reason in said
