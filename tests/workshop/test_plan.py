"""The plan of a workshop: defaults, faults, and what it comes to."""

import pytest

import simulator as ns
from simulator.workshop.plan import Plan


def test_a_scenario_without_the_table_has_the_default_plan(dilemma):
    assert Plan.of(dilemma) == Plan()


def test_the_table_of_a_scenario_is_its_plan(dilemma):
    changed = dilemma.replace({"workshop.periods": 3, "workshop.contest": "price", "workshop.minutes": 8})
    assert Plan.of(changed) == Plan(periods=3, contest="price", minutes=8)
    assert Plan.of(changed, periods=4).periods == 4


def test_an_unknown_key_of_the_table_names_the_nearest(dilemma):
    with pytest.raises(ns.ScenarioError, match="did you mean 'minutes'"):
        dilemma.replace({"workshop.minuts": 8})


@pytest.mark.parametrize(
    ("key", "value"),
    [("periods", 0), ("periods", True), ("periods", 2.0), ("minutes", 0), ("minutes", float("nan")), ("mode", "sing")],
)
def test_values_that_make_no_sense_are_refused(key, value):
    with pytest.raises(ns.SimulatorError, match=key):
        Plan(**{key: value})


def test_a_plan_is_said_in_words():
    assert Plan().said(30) == "30 people, 15 pairs, 5 periods: 48 minutes and 35 for the debrief"
    assert Plan(periods=1).said(1) == "1 person, 1 pair, 1 period: 24 minutes and 15 for the debrief"
    assert Plan().figures(7)["pairs"] == 4


def test_the_table_is_written_and_read_again(dilemma):
    import tomllib

    from simulator.runner.loading import checked_document
    from simulator.scenario.toml_writer import to_toml

    changed = dilemma.replace({"workshop.goal": "Trust", "workshop.level": "introductory", "workshop.periods": 4})
    again = checked_document(tomllib.loads(to_toml(changed.document())))
    assert again.workshop == changed.workshop
