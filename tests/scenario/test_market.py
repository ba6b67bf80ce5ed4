"""What a scenario file may say of its market: defaults, faults with their lines, segments, and how it is shown.

Source: section 11 of the design.
"""

import contextlib
import pickle
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import simulator as ns
from simulator.runner.loading import checked_document
from simulator.scenario.loading import build
from simulator.scenario.market_tables import Market
from simulator.scenario.market_words import market_facts, segment_facts
from simulator.scenario.toml_writer import to_toml

SMALL = """id = "small"
title = "Small"
[payoffs]
postures = ["compete", "cooperate"]
vendor = [[1, 5], [0, 3]]
client = [[1, 0], [5, 3]]
"""
# The example block of section 11.
EXAMPLE = """[market]
roles = "two"
clients = 200
vendors = 40
capacity = 10
matching = "contest"
bidders = 3
contest_exponent = 1.0
tender_cost = [20.0, 100.0]
quality_spread = 0.2
review_every = 0
incumbent_edge = 1.5
search_time = 1
search_cost = 0.0
gossip = 0.3
recognition = 1.0
reputation_weight = 1.0
refuse_below = 0.0
turnover = 0.0
mutation = 0.0
[[segment]]
name = "dream clients"
share = 0.2
set = { "client.outside_option" = 20.0 }
"""
DREAM = {"name": "dream clients", "share": 0.2, "set": {"client.outside_option": 20.0}}


@pytest.fixture(scope="module")
def saas():
    # Without the market that its file describes.
    return ns.load_scenario("saas-renewal").alone()


@pytest.fixture
def faults(tmp_path):
    """The faults of a small file with a market, as (line, text)."""

    def found(text):
        path = tmp_path / "town.toml"
        path.write_text(SMALL + text)
        with pytest.raises(ns.ScenarioError) as refused:
            ns.load_scenario(path)
        return [(fault.line, str(fault).split(": ", 1)[1]) for fault in refused.value.faults]

    return found


def test_neutral_defaults(saas):
    # The last paragraph of section 11, also for a scenario that says nothing of a market.
    market = saas.market
    assert market == Market()
    assert (market.roles, market.clients, market.vendors, market.capacity) == ("two", 100, 100, 1)
    assert (market.matching, market.bidders, market.contest_exponent, market.tender_cost) == ("random", 2, 1, None)
    assert (market.quality_spread, market.review_every, market.incumbent_edge) == (0, 0, 1)
    assert (market.search_time, market.search_cost, market.gossip, market.recognition) == (0, 0, 0, 1)
    assert (market.reputation_weight, market.refuse_below, market.turnover) == (1, 0, 0)
    assert (market.reproduction, market.generation, market.mutation) == ("none", 10, 0)
    assert saas.segment == ()


def test_the_example_of_the_design():
    s = checked_document(tomllib.loads(SMALL + EXAMPLE))
    assert (s.market.clients, s.market.vendors, s.market.tender_cost) == (200, 40, (20.0, 100.0))
    assert s.segment[0].set == (("client.outside_option", 20.0),)
    assert pickle.loads(pickle.dumps(s)) == s
    assert hash(s) == hash(checked_document(tomllib.loads(SMALL + EXAMPLE)))
    # Written and read again it is the same.
    assert build(tomllib.loads(to_toml(s.document()))) == s


def test_changing_the_market(saas):
    changed = saas.replace({"market.matching": "contest", "market.bidders": 3, "market.gossip": 0.3})
    assert (changed.market.matching, changed.market.bidders) == ("contest", 3)
    assert changed.replace({"market.bidders": 2}).market.bidders == 2
    assert changed != saas
    assert changed.alone() == saas
    several = saas.replace({"segment": [DREAM]})
    again = several.replace({"segment.dream clients.set.client.outside_option": 25.0, "segment.0.share": 0.5})
    assert (again.segment[0].set, again.segment[0].share) == ((("client.outside_option", 25.0),), 0.5)
    assert again.replace({"segment.0.set.client.name": "A"}).segment[0].set[1] == ("client.name", "A")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("vendors = 0", 8, "market.vendors is 0; allowed: at least 1"),
        ("clients = 0", 8, "market.clients is 0; allowed: at least 1"),
        ("capacity = -1", 8, "market.capacity is -1; allowed: at least 0"),
        ("vendors = 1.5", 8, "market.vendors is 1.5; allowed: a whole number"),
        ("gossip = 1.5", 8, "market.gossip is 1.5; allowed: a number from 0 to 1"),
        ("contest_exponent = 0.0", 8, "market.contest_exponent is 0.0; allowed: more than 0"),
        ("vendor = 3", 8, "unknown key market.vendor; allowed: roles, clients, vendors"),
        ("vendor = 3", 8, "did you mean 'vendors'?"),
        ('matching = "tendr"', 8, "allowed: 'random' or 'contest' or 'tender'; did you mean 'tender'?"),
        ('vendors = 2\nmatching = "contest"\nbidders = 3', 10, "market.bidders is 3 and market.vendors is 2"),
        ('vendors = 1\nmatching = "contest"', 8, "market.bidders is 2 and market.vendors is 1; no more bidders"),
        ('\nmatching = "tender"', 9, "a tender needs market.tender_cost"),
        ("tender_cost = [3, 1]", 8, "market.tender_cost is from 3 to 1; [lowest, highest]"),
        ("tender_cost = [3]", 8, "market.tender_cost lists 1 numbers; two: [lowest, highest]"),
        ("tender_cost = 3", 8, "market.tender_cost is 3; allowed: a list in [ ]"),
        (
            'matching = "contest"\nbidders = 3\ncontest_exponent = 1.6',
            10,
            "market.contest_exponent is 1.6: with 3 bidders effort would have no equilibrium; at most 1.5",
        ),
        ("review_every = 4", 8, "market.review_every has no meaning with random matching"),
        ("generation = 4", 8, "market.generation has no meaning here: strategies do not reproduce by generation"),
        ('roles = "one"\nvendors = 3', 9, "market.vendors has no meaning with one role: clients is the population"),
        ('roles = "one"\ncapacity = 0', 9, "market.capacity has no meaning with one role"),
        ('roles = "one"\nquality_spread = 0.1', 9, "market.quality_spread has no meaning with one role"),
        ('roles = "one"\nmatching = "contest"', 9, "with one role nobody competes for a client"),
        ('roles = "one"\nclients = 1', 9, "with one role two have to meet; at least 2"),
    ],
)
def test_faults_of_the_market(faults, text, line, message):
    found = faults(f"[market]\n{text}\n")
    assert [at for at, said in found if message in said] == [line], found


@pytest.mark.parametrize(
    "text",
    [
        'matching = "contest"\nbidders = 2\ncontest_exponent = 2.0',
        'matching = "contest"\nbidders = 1\ncontest_exponent = 9.0',
        'matching = "tender"\ntender_cost = [5, 5]',
        'roles = "one"\nclients = 2\nquality_spread = 0.0',
        'vendors = 1\nmatching = "random"',
        'reproduction = "generation"\ngeneration = 3',
        "capacity = 0",
    ],
)
def test_what_is_allowed(text):
    checked_document(tomllib.loads(f"{SMALL}[market]\n{text}\n"))


SEGMENT = '[[segment]]\nname = "a"\nshare = 0.6\n'


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (SEGMENT + SEGMENT, 11, "two segments are named 'a'; each segment its own name"),
        (SEGMENT + SEGMENT.replace('"a"', '"b"'), 12, "the shares of the segments sum to 1.2; at most 1"),
        ('[[segment]]\nname = "a"\n', 7, "segment 'a' share is missing"),
        ('[[segment]]\nname = "other clients"\nshare = 0.1', 8, "as those of no segment are"),
        (SEGMENT + 'set = { "client.outsid_option" = 1 }', 10, "did you mean 'outside_option'?"),
        (SEGMENT + 'set = { "client.outside_option" = "x" }', 10, "client.outside_option is 'x'; allowed: a number"),
        (SEGMENT + 'set = { "vendor.outside_option" = 1 }', 10, "segment 'a' cannot set 'vendor.outside_option'"),
        (SEGMENT + 'set = { "maturity.levels" = ["x"] }', 10, "the names of the maturity levels are the same for all"),
        (SEGMENT + 'set = { "payoffs.postures" = ["x"] }', 10, "the postures are the same for all clients"),
        (SEGMENT + 'set = { "market.bidders" = 3 }', 10, "cannot set 'market.bidders'; a segment may change client,"),
        (SEGMENT + "[segment.set]\nhorizon = 3\ndiscount = 0.5", 11, "segment 'a' cannot set 'horizon'"),
        (SEGMENT + "[segment.set]\nhorizon = 3\ndiscount = 0.5", 12, "segment 'a' cannot set 'discount'"),
        (SEGMENT + 'set = { "payoffs.client" = [[1]] }', 10, "in segment 'a' payoffs.client is a 1 x 1 matrix"),
        (
            SEGMENT + "clients = { tit-for-tat = 0.5, grim = 0.2 }",
            10,
            "of segment 'a' sum to 0.7; shares that sum to 1",
        ),
        (SEGMENT + "clients = { tit-for-tt = 1 }", 10, "unknown agent 'tit-for-tt'; did you mean 'tit-for-tat'"),
        (SEGMENT + 'clients = { "grim(bid=hard)" = 1 }', 10, "is a client of segment 'a'; only vendors bid"),
        ('[market]\nroles = "one"\n' + SEGMENT, 9, "segments are kinds of clients, and with one role there are no"),
    ],
)
def test_faults_of_segments(faults, text, line, message):
    found = faults(text)
    assert line in [at for at, said in found if message in said], found


def test_all_faults_at_once(faults):
    found = faults(f'[market]\nvendors = 0\nmatching = "tender"\n{SEGMENT}{SEGMENT}')
    assert [line for line, _ in found] == [8, 9, 14, 15]


def test_a_client_of_a_segment(saas):
    several = saas.replace({"segment": [DREAM, {"name": "poor", "share": 0.1, "set": {"base": {"client": 80.0}}}]})
    assert several.alone() == saas
    dream = several.alone(segment="dream clients", horizon=7)
    assert (dream.client.outside_option, dream.horizon, dream.segment) == (20.0, 7, ())
    assert dream == saas.replace({"client.outside_option": 20.0, "horizon": 7})
    # Without quotes TOML makes nested tables of a dotted key; both mean the same.
    assert several.segment[1].set == (("base.client", 80.0),)
    with pytest.raises(ns.UnknownNameError, match="unknown segment 'drem clients'; did you mean 'dream clients'"):
        several.alone(segment="drem clients")


def test_a_number_of_the_market_known_only_as_a_range(saas):
    unsure = saas.replace({"market.gossip": {"low": 0.1, "likely": 0.2, "high": 0.5}})
    assert unsure.market.gossip == 0.2
    assert [estimate.key for estimate in unsure.estimates] == ["market.gossip"]
    outside = {"low": 10.0, "likely": 20.0, "high": 25.0}
    unsure = saas.replace({"segment": [DREAM | {"set": {"client": {"outside_option": outside}}}]})
    assert unsure.alone(segment="dream clients").client.outside_option == 20.0
    key = unsure.estimates[0].key
    assert unsure.replace({key: 25.0}).alone(segment="dream clients").client.outside_option == 25.0
    with pytest.raises(ns.ScenarioError, match=r"at its high end market\.gossip is 1\.5"):
        saas.replace({"market.gossip": {"low": 0.1, "likely": 0.2, "high": 1.5}})


def test_in_words(saas):
    assert market_facts(saas) == []
    town = checked_document({**saas.document(), **tomllib.loads(EXAMPLE)})
    assert market_facts(town) == [
        ("parties", "200 clients and 40 vendors, each vendor for 10 clients"),
        ("a free client", "takes one of 3 bidding vendors, by effort"),
        ("quality of the vendors", "spread 0.2 (standard deviation of its logarithm)"),
        ("search", "1 year free in between"),
        ("the market hears how it ended", "30%"),
    ]
    assert segment_facts(town.segment[0]) == "20% of the clients; client.outside_option = 20"
    tender = town.replace({"market.matching": "tender", "market.review_every": 3, "market.capacity": 0})
    facts = dict(market_facts(tender))
    assert facts["a free client"] == "takes the lowest bid of 3 vendors whose costs are private, 20 to 100 k$"
    assert facts["reviews"].startswith("every 3 years a client tenders although it is served")
    assert "any number of clients" in facts["parties"]


def test_in_a_notebook(saas, read_html):
    nothing = read_html(saas._repr_html_())
    town = saas.replace({"market.gossip": 0.25, "segment": [DREAM | {"name": "<b>dream"}]})
    page = read_html(town._repr_html_())
    page.check_harmless()
    assert len(page.tables) == len(nothing.tables) + 2
    assert ["the market hears how it ended", "25%"] in page.tables[-3]
    assert page.tables[-2] == [["<b>dream", "20% of the clients; client.outside_option = 20"]]


KEYS = (*Market.model_fields, "nonsense")
scalars = st.one_of(
    st.sampled_from(["one", "two", "contest", "tender", "death", "generation", "best-reply", ""]),
    st.sampled_from([0, 1, -1, 2, 3, 10**18, 0.5, 1.5, 1e308, float("nan"), float("inf"), True]),
)
values = st.one_of(scalars, st.lists(scalars, max_size=3), st.dictionaries(st.sampled_from(["low", "x"]), scalars))
SET_KEYS = ("client.outside_option", "client", "base.client", "payoffs.client", "relationship.slip", "x", "", "a.b.c")
segments = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["a", "b", "", 3]),
        "share": scalars,
        "set": st.one_of(scalars, st.dictionaries(st.sampled_from(SET_KEYS), values, max_size=3)),
        "clients": st.one_of(scalars, st.dictionaries(st.sampled_from(["grim", "x", "grim(", ""]), scalars)),
    },
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), values, max_size=5), st.lists(st.one_of(segments, scalars), max_size=3))
def test_no_market_raises_anything_but_a_scenario_error(market, kinds):
    document = {**tomllib.loads(SMALL), "market": market, "segment": kinds}
    with contextlib.suppress(ns.ScenarioError):
        s = checked_document(document)
        assert build(s.document()) == s
        market_facts(s)
        hash(s)


def test_a_record_cannot_weigh_without_end():
    with pytest.raises(ns.ScenarioError, match="reputation_weight is 1000; allowed: at most 100"):
        ns.load_scenario("saas-renewal").replace({"market.reputation_weight": 1000})
