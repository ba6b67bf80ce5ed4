"""Mixes named in a file, with every fault and its line; and mixes on a grid over all shares."""

import math

import pytest

import simulator as ns

FILE = """[mix.half]
vendors = { tit-for-tat = 0.5, always-compete = 0.5 }
clients = { "generous-tit-for-tat(generosity=0.3)" = 1 }

[mix."as text"]
vendors = "tit-for-tat=.5, always-compete=.5"
clients = "grim"
"""


@pytest.fixture
def write(tmp_path):
    def written(text):
        path = tmp_path / "mixes.toml"
        path.write_text(text)
        return path

    return written


def test_named_mixes(write):
    found = ns.named_mixes(write(FILE))
    assert list(found) == ["half", "as text"]
    assert found["half"].vendors == found["as text"].vendors
    assert str(found["half"].clients[0][0]) == "generous-tit-for-tat(generosity=0.3)"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", [(None, "the file names no mix; one table [mix.NAME] for each mix")]),
        ("mixes = 1", [(1, "unknown key mixes; allowed: mix; did you mean 'mix'?"), (None, "the file names no mix")]),
        ("[mix]\na = 1", [(2, "mix 'a' is 1; a table with vendors and clients, or population")]),
        ("[mix.a]\nvendor = 'grim'", [(2, "unknown key mix.a.vendor; allowed: vendors, clients, population; did you")]),
        ("[mix.a]\nvendors = 'grim'", [(1, "mix 'a': a mix names vendors; allowed: vendors and clients")]),
        (
            "[mix.a]\nvendors = { grim = .5 }",
            [(2, "not valid TOML")],
        ),
        (
            "[mix.a]\nvendors = { grim = 0.5 }\nclients = { tit-for-tt = 1 }\n[mix.b]\npopulation = 3",
            [
                (2, "mix 'a': the shares of the vendors sum to 0.5"),
                (3, "mix 'a': unknown agent 'tit-for-tt'; did you mean"),
                (5, "mix 'b': the population are 3"),
            ],
        ),
    ],
)
def test_faults_with_their_lines(write, text, faults):
    with pytest.raises(ns.ScenarioError) as refused:
        ns.named_mixes(write(text))
    found = refused.value.faults
    assert sorted(fault.line or 0 for fault in found) == sorted(line or 0 for line, _ in faults)
    for line, message in faults:
        assert any(fault.line == line and message in str(fault) for fault in found), (line, found)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ns.ScenarioError, match="no such file"):
        ns.named_mixes(tmp_path / "mixes.toml")


@pytest.mark.parametrize(("count", "steps"), [(2, 10), (3, 4), (4, 3), (5, 1)])
def test_a_grid_covers_the_simplex_once(count, steps):
    agents = ns.agents()[:count]
    grid = ns.mix_grid(agents, steps=steps, side="population")
    assert len(grid) == len(set(grid)) == math.comb(steps + count - 1, count - 1)
    for mix in grid:
        assert [agent for agent, _ in mix.population] == agents
        assert all(float(share * steps).is_integer() for _, share in mix.population)
    assert grid[0].population[0][1] == grid[-1].population[-1][1] == 1


def test_sides_of_a_grid():
    both = ns.mix_grid("grim, bully", steps=1)
    assert all(mix.vendors == mix.clients for mix in both)
    vendors = ns.mix_grid(["grim", "bully"], steps=2, side="vendors", rest={"tit-for-tat": 1})
    assert {str(mix.clients[0][0]) for mix in vendors} == {"tit-for-tat"}
    clients = ns.mix_grid("grim, bully", steps=2, side="clients", rest="tit-for-tat")
    assert [mix.clients for mix in clients] == [mix.vendors for mix in vendors]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"agents": "grim"}, "a grid of mixes has only the agent 'grim'; name at least two"),
        ({"agents": "grim, grim"}, "named twice"),
        ({"agents": "grim, bully", "steps": 0}, "steps is 0; allowed: a whole number of at least 1"),
        ({"agents": "grim, bully", "side": "vendor"}, "did you mean 'vendors'?"),
        ({"agents": "grim, bully", "side": "vendors"}, "side is 'vendors'; give the clients by rest="),
        ({"agents": "grim, bully", "rest": "grim"}, "side is 'both'; leave out rest="),
        (
            {"agents": "grim, bully, random, alternator", "steps": 60},
            "a grid of 4 agents in 60 steps has 39,711 mixes; allowed: at most 5,000",
        ),
    ],
)
def test_grids_that_are_refused(arguments, message):
    with pytest.raises(ns.SimulatorError) as refused:
        ns.mix_grid(**arguments)
    assert message in str(refused.value)


@pytest.mark.parametrize("wrong", [None, 3, {"vendors": {"grim": 1}, "clients": {"grim": 1}}])
def test_a_market_of_what_is_no_mix_is_refused(wrong):
    with pytest.raises(ns.SimulatorError, match="a mix is"):
        ns.market(ns.load_scenario("prisoners-dilemma"), mix=wrong, periods=2)


def test_agents_and_mixes_that_are_no_lists_are_refused():
    with pytest.raises(ns.SimulatorError, match="the agents are None"):
        ns.mix_grid(None)
    with pytest.raises(ns.SimulatorError, match="the mixes are None"):
        ns.compare_mixes(ns.load_scenario("prisoners-dilemma"), None)


def test_replicates_are_looked_at_also_where_none_are_needed():
    with pytest.raises(ns.SimulatorError, match="replicates is -3"):
        ns.compare_mixes(ns.load_scenario("prisoners-dilemma"), "vendors: grim; clients: grim", replicates=-3)
