"""The table of pairs that hold: its cells are those of `holds`, and what it takes and leaves out."""

import time

import numpy as np
import pytest

import simulator as ns
from simulator.strategies.catalogue import FIELD

SAAS = ns.load_scenario("saas-renewal")


@pytest.fixture(scope="module")
def table():
    return ns.holding_table(SAAS)


def test_cells_are_the_tests_of_the_pairs(table):
    assert table.shape == (6, 6)
    for i, j in ((0, 1), (2, 2), (4, 4), (5, 5)):
        pair = ns.holds(SAAS, vendor=FIELD[i], client=FIELD[j])
        cell = table.cells[i][j]
        assert (cell.sentence, cell.verdict, cell.breaker) == (pair.sentence, pair.verdict, pair.breaker)
        assert table.vendor_gain[i, j] == pair.vendor_gain
        assert table.client_gain[i, j] == pair.client_gain
        assert (table.verdict[i, j], table.breaker[i, j]) == (pair.verdict, pair.breaker)
    assert table.scenario.unlimited
    assert table.exact


def test_rows_are_tidy(table):
    rows = table.rows()
    assert len(rows) == 36
    assert [row["vendor"] for row in rows[:7]] == [FIELD[0]] * 6 + [FIELD[1]]
    frame = table.to_frame()
    assert frame["vendor_gain"].to_numpy().reshape(6, 6).tolist() == table.vendor_gain.tolist()
    assert set(frame["verdict"]) <= {"holds", "breaks", "open"}
    both = frame["holds_until_accident"] & (frame["verdict"] == "breaks")
    assert frame["vendor_words"][both].isin(["", "does the same until an accident, and answers that otherwise"]).all()


def test_a_comparison_gives_scenario_and_agents(table):
    compared = ns.compare(SAAS, vendors="grim, bully", clients="walk-away")
    taken = ns.holding_table(compared)
    assert taken.shape == (2, 1)
    assert [str(agent) for agent in taken.vendors] == ["grim", "bully"]
    other = ns.holding_table(compared, clients="tit-for-tat, grim")
    assert other.shape == (2, 2)
    known = ns.holding_table(compared, known_end=True)
    assert not known.scenario.unlimited
    assert known.cells[0][0].known_end


def test_an_equilibrium_of_strategies_is_needed_for_a_pair_to_hold():
    """A pair that holds against any plan holds against the other agents of the table."""
    some = "always-cooperate, trust-builder, tit-for-tat, win-stay-lose-shift, always-compete, hit-and-run, alternator"
    table = ns.holding_table(SAAS, vendors=some, clients=some)
    values = ns.compare(table.scenario, vendors=some, clients=some)
    assert (table.verdict == "holds").sum() >= 3
    for i, j in np.argwhere(table.verdict == "holds"):
        assert values.vendor_value[i, j] >= values.vendor_value[:, j].max() - 1e-8
        assert values.client_value[i, j] >= values.client_value[i].max() - 1e-8
    assert np.all(values.vendor_value + table.vendor_gain >= values.vendor_value.max(axis=0) - 1e-8)
    assert np.all(values.client_value + table.client_gain >= values.client_value.max(axis=1, keepdims=True) - 1e-8)


def test_who_has_no_automaton_is_left_out():
    class Dreamer(ns.Agent):
        name = "dreamer"

    table = ns.holding_table(SAAS, vendors=["grim", Dreamer()], clients="grim")
    assert table.shape == (1, 1)
    assert table.remarks == ("left out on the vendor side, as they cannot be automata: dreamer",)
    with pytest.raises(ns.SimulatorError, match="no client agent has an automaton"):
        ns.holding_table(SAAS, vendors="grim", clients=Dreamer())


def test_agents_that_do_not_fit_are_remarked_on():
    table = ns.holding_table(ns.load_scenario("stag-hunt"), vendors="all", clients="grim")
    assert any("extortioner" in remark for remark in table.remarks)


def test_progress_counts_the_pairs():
    calls = []
    ns.holding_table(SAAS, vendors="grim, bully", clients="grim", progress=lambda *args: calls.append(args))
    assert calls == [(1, 2), (2, 2)]


def test_the_field_takes_a_moment():
    begin = time.perf_counter()
    ns.holding_table(SAAS.replace({"discount": 0.9}))
    assert time.perf_counter() - begin < 2
