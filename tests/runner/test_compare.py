"""Comparisons: exact and simulated cells, tidy rows, and what is left out or refused."""

import numpy as np
import pytest

import simulator as ns
from simulator.reports.headline import headline
from simulator.runner.compare import COLUMNS
from simulator.runner.drivers import drivers, numeric_settings

SAAS = ns.load_scenario("saas-renewal")


@pytest.fixture(scope="module")
def field():
    return ns.compare(SAAS)


def test_each_cell_is_the_exact_relationship(field):
    assert field.shape == (6, 6)
    for i, j in ((0, 0), (2, 5), (4, 3)):
        pair = field.pair(i, j)
        assert field.joint_value[i, j] == pair.joint_value
        assert field.vendor_value[i, j] == pair.vendor_value
        assert field.length[i, j] == pair.expected_length
        assert field.healthy_length[i, j] == pair.healthy_length
        assert field.left_on_table[i, j] == pytest.approx(pair.left_on_table, abs=1e-9)


def test_the_identities_between_the_columns_hold(field):
    np.testing.assert_allclose(field.vendor_value + field.client_value, field.joint_value, atol=1e-9)
    np.testing.assert_allclose(field.vendor_captured + field.client_captured, field.created_value, atol=1e-9)
    ends = field.ended_by_vendor + field.ended_by_client + field.churned + field.alive
    np.testing.assert_allclose(ends, 1, atol=1e-12)
    assert (field.healthy_length <= field.length + 1e-12).all()
    assert (field.left_on_table >= -1e-9).all()


def test_simulated_cells_agree_within_their_errors(field):
    sampled = ns.compare(SAAS, method="simulate", replicates=20_000, seed=5)
    assert (sampled.method == "simulate").all()
    for name in ("joint_value", "vendor_value", "client_value", "length"):
        difference, error = getattr(sampled, name) - getattr(field, name), getattr(sampled, f"se_{name}")
        assert (np.abs(difference) < 4 * error + 1e-9).all(), name


def test_rows_are_tidy(field):
    rows = field.rows()
    assert len(rows) == 36
    assert all(tuple(row) == COLUMNS for row in rows)
    assert [rows[1]["vendor"], rows[1]["client"]] == ["always-cooperate", "generous-tit-for-tat"]
    changed = field.rows(parameters={"relationship.slip": 0.1})
    assert changed[0]["param.relationship.slip"] == 0.1
    assert list(field.to_frame().columns) == list(COLUMNS)


def test_adding_or_reordering_agents_leaves_every_other_cell_as_it_was():
    options = {"method": "simulate", "replicates": 300, "seed": 2}
    one = ns.compare(SAAS, vendors="grim, tit-for-tat", clients="walk-away", **options)
    two = ns.compare(SAAS, vendors="bully, tit-for-tat, grim", clients="random, walk-away", **options)
    assert one.joint_value[0, 0] == two.joint_value[2, 1]
    assert one.joint_value[1, 0] == two.joint_value[1, 1]


def test_the_run_has_a_name_that_follows_from_its_inputs(field):
    assert ns.compare(SAAS).run_id == field.run_id
    assert ns.compare(SAAS.replace({"relationship.slip": 0.03})).run_id != field.run_id


def test_the_catalogue_leaves_out_what_does_not_fit_and_says_so(dilemma):
    s = dilemma.replace({"payoffs.vendor": [[2, 3], [1, 4]]})  # a stag hunt for the vendor
    table = ns.compare(s, vendors="all", clients="all")
    assert "extortioner" not in [a.name for a in table.vendors]
    assert "extortioner" in [a.name for a in table.clients]
    assert len(table.remarks) == 1
    assert "vendor" in table.remarks[0]
    with pytest.raises(ns.SimulatorError, match="T > R > P > S"):
        ns.compare(s, vendors=["extortioner"], clients=["grim"])


def test_the_meta_game_is_the_table_of_values(field):
    game = field.meta_game()
    assert np.array_equal(game.vendor_payoffs, field.vendor_value)
    assert game.vendor_postures == tuple(str(a) for a in field.vendors)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"vendors": []}, "no agent is named"),
        ({"vendors": ["tit-for-tta"]}, "did you mean 'tit-for-tat'"),
        ({"method": "exat"}, "did you mean 'exact'"),
        ({"replicates": 0}, "replicates is 0"),
        ({"seed": 1.5}, "seed is 1.5"),
    ],
)
def test_bad_arguments_are_refused(options, message):
    with pytest.raises(ns.SimulatorError, match=message):
        ns.compare(SAAS, **options)


def test_the_headline_says_the_figures_of_the_table(field):
    said = headline(field)
    assert f"{field.joint_value.max():,.1f} k$" in said.best
    assert f"{field.joint_value.min():,.1f} k$" in said.worst
    why = said.explanation
    assert why.loss == pytest.approx(field.created_value[0, 0] - field.created_value[5, 5], abs=1e-9)
    assert [driver.key in said.drivers for driver in said.settings] == [True] * 3


def test_a_single_pair_has_a_headline_without_comparison():
    said = headline(ns.compare(SAAS, vendors="grim", clients="grim"))
    assert len(said.sentences) == 1


def test_drivers_are_the_largest_moves_of_all_settings():
    pairs = [(ns.agent(name), ns.agent(name)) for name in ("always-cooperate", "always-compete")]
    every = drivers(SAAS, *pairs, count=100)
    assert drivers(SAAS, *pairs) == every[:3]
    assert {driver.key for driver in every} <= {key for key, _ in numeric_settings(SAAS)}
    assert [abs(d.change) for d in every] == sorted((abs(d.change) for d in every), reverse=True)
    for driver in every:
        if driver.key in ("client.outside_option", "discount"):
            value = driver.value * 1.1 if driver.key != "discount" else driver.value + 0.1 * (1 - driver.value)
            loss = [ns.explain(s, *pairs).loss for s in (SAAS, SAAS.replace({driver.key: value}))]
            assert driver.change == pytest.approx(loss[1] - loss[0], abs=1e-9)
