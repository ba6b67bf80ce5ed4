"""Loading with the notes a scenario means to have: unknown ones are faults, with line and nearest name."""

import pytest

import simulator as ns
from simulator.games.notes import NOTES
from simulator.runner.loading import intended_problems

GAME = """
id = "small"
title = "Small"
intended = {intended}

[payoffs]
postures = ["compete", "cooperate"]
vendor = [[1, 5], [0, 3]]
client = [[1, 0], [5, 3]]
"""


@pytest.fixture
def load(tmp_path):
    def load(intended: str) -> ns.Scenario:
        path = tmp_path / "small.toml"
        path.write_text(GAME.format(intended=intended), encoding="utf-8")
        return ns.load_scenario(path)

    return load


def test_every_note_may_be_intended(load):
    assert load(str(list(NOTES))).intended == tuple(NOTES)


def test_unknown_note_is_a_fault_with_its_line_and_the_nearest_name(load, tmp_path):
    with pytest.raises(ns.ScenarioError) as caught:
        load('["other-game", "hangs-on-one-round"]')
    (fault,) = caught.value.faults
    assert fault.file == str(tmp_path / "small.toml")
    assert fault.line == 4
    assert "'hangs-on-one-round'" in fault.what
    assert fault.hint == "did you mean 'hangs-on-a-round'?"
    assert all(name in fault.allowed for name in NOTES)


def test_every_unknown_note_is_listed_with_its_own_line(load):
    with pytest.raises(ns.ScenarioError) as caught:
        load('[\n    "nonsense",\n    "impasse",\n    "other-gane",\n]')
    assert [(fault.line, "nonsense" in fault.what) for fault in caught.value.faults] == [(5, True), (7, False)]


def test_a_note_listed_twice_is_a_fault(load):
    with pytest.raises(ns.ScenarioError, match="lists the note 'impasse' twice"):
        load('["impasse", "other-game", "impasse"]')


def test_other_faults_are_listed_beside_it(load):
    with pytest.raises(ns.ScenarioError) as caught:
        load('["nonsense"]\nhorizont = 3')
    said = str(caught.value)
    assert "nonsense" in said
    assert "horizont" in said


@pytest.mark.parametrize("intended", ["3", '"impasse"', "[3]", "{ impasse = true }"])
def test_what_is_no_list_of_words_is_left_to_the_schema(load, intended):
    assert list(intended_problems({"intended": 3})) == []
    with pytest.raises(ns.ScenarioError, match="intended"):
        load(intended)


def test_nothing_intended_is_the_default():
    assert list(intended_problems({})) == []
