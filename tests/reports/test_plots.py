"""The plots: their data without drawing, what they say, and that no text is cut off or covers another."""

import numpy as np
import pytest

import simulator as ns
from simulator.reports.plots import figures, loss_parts, notable_pairs


@pytest.fixture(scope="module")
def table():
    return ns.compare(ns.load_scenario("saas-renewal"))


def test_notable_pairs_start_with_best_and_worst(table):
    pairs = notable_pairs(table)
    assert pairs[:2] == [table.best(), table.worst()]
    assert len(pairs) == len(set(pairs)) == 5


def test_parts_of_a_loss_add_up_and_are_sorted(table):
    parts = loss_parts(table)
    best = table.created_value[table.best()]
    for part in parts:
        assert part.shorter + part.poorer + part.switching == pytest.approx(part.loss)
        assert part.loss == pytest.approx(best - table.created_value[part.pair])
    assert np.all(np.diff([part.loss for part in parts]) <= 0)


def test_figures_have_the_file_names_of_the_command_line(table):
    assert list(figures(table)) == [
        "joint_value.png", "length.png", "survival.png", "value_against_length.png", "loss.png",
    ]  # fmt: skip
