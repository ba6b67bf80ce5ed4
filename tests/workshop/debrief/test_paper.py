"""Role plays on paper: the scenario's own values, and a message for each bad line."""

import pytest

import simulator as ns
from simulator.errors import ScenarioError, SimulatorError
from simulator.games.stages import compile_stages
from simulator.workshop.debrief.account import account_of
from simulator.workshop.debrief.paper import PAPER_COLUMNS, record_from_paper
from simulator.workshop.debrief.reveal import Debrief, shown

HEAD = "pair,period,price,support,vendor_effort,client_effort,left\n"


@pytest.fixture
def saas():
    return ns.load_scenario("saas-renewal")


def test_the_values_are_those_of_the_stage_game(saas):
    stages = compile_stages(saas)
    builds = ns.deal_space(saas).deal(int(stages.deal[0, 2, 2]))
    turn = record_from_paper(f"{HEAD}1,1,{builds['price']:g},{builds['support']},full,full,\n", saas).pairs[0].turns[0]
    rounds = int(stages.rounds[0, 2, 2])
    cost = (rounds - 1) * saas.negotiation.round_cost
    assert turn.vendor_payoff == pytest.approx(stages.vendor[0, 0, 2, 2] + cost)
    assert turn.client_payoff == pytest.approx(stages.client[0, 0, 2, 2] + cost)
    assert (turn.vendor_posture, turn.client_posture) == (2, 2)


def test_no_deal_gives_the_outside_options_minus_the_round(saas):
    turn = record_from_paper(f"{HEAD}1,1,,,,,\n", saas).pairs[0].turns[0]
    assert (turn.agreed, turn.vendor_payoff, turn.client_payoff) == (False, 24 - 0.15, 28 - 0.15)


def test_a_starved_vendor_serves_worse_in_the_next_period(saas):
    fed, hungry = (
        record_from_paper(f"{HEAD}1,1,60,priority,full,full,\n1,2,60,priority,full,full,\n", saas).pairs[0].turns
    )
    assert (fed.starved, hungry.starved) == (False, True)
    assert fed.client_payoff - hungry.client_payoff == pytest.approx(0.5 * 14)


def test_given_payoffs_take_postures():
    s = ns.load_scenario("prisoners-dilemma")
    record = record_from_paper("pair,period,vendor_posture,client_posture\n1,1,compete,Cooperate\n", s)
    assert (record.pairs[0].turns[0].vendor_payoff, record.pairs[0].turns[0].client_payoff) == (5.0, 0.0)
    assert shown(Debrief(record))


def test_semicolons_decimal_commas_and_a_mark_in_front_are_read():
    s = ns.load_scenario("component-supply")
    names = [issue.name for issue in s.issue]
    deal = ["8,40" if issue.range else str(issue.options[0]) for issue in s.issue]
    text = "\ufeff" + ";".join(["Pair", "Period", *names]) + "\r\n" + ";".join(["1", "1", *deal]) + "\r\n"
    assert record_from_paper(text, s).pairs[0].turns[0].deal["price"] == 8.4


def test_second_rounds_swap_sides_and_give_an_overlay(saas):
    lines = "".join(f"{k},1,{90 + 5 * r},priority,full,full,,{r}\n" for r in (1, 2) for k in (1, 2, 3, 4))
    record = record_from_paper(HEAD.replace("left", "left,round") + lines, saas)
    assert record.pairs[0].vendor_seat == record.pairs[4].client_seat
    assert "rounds" in [step.key for step in shown(Debrief(record, 2))]


def test_leaving_is_said_by_who_left(saas):
    lines = "1,1,95,priority,,,client\n2,1,95,priority,,,\n2,2,95,priority,,,churn\n3,1,95,priority,,,\n"
    lines += "3,2,95,priority,,,\n"
    record = record_from_paper(HEAD + lines, saas)
    assert [pair.reason for pair in record.pairs] == ["client-left", "churn", "horizon"]
    assert [one.ended for one in account_of(record, 1).accounts] == [True, False, False]


BAD = {
    "1,x,95,priority,,,": "period is 'x'",
    "1,1,95,prioritty,,,": "did you mean 'priority'",
    "1,1,92,priority,,,": "options next to it are 90 and 95",
    "1,1,9999,priority,,,": "from 60 to 150",
    "1,1,95,,,,": "'support' is empty",
    "1,1,95,priority,2,,": "allowed: full, minimum, or 0 to 1",
    "1,1,95,priority,,,bored": "left is 'bored'",
    "1,1,nan,priority,,,": "finite",
    "1,1,95,priority,,,,,,,": "cells for",
    "-1,1,95,priority,,,": "pair is '-1'",
}


@pytest.mark.parametrize("line", BAD)
def test_a_bad_line_is_named_with_what_is_allowed(saas, line):
    with pytest.raises(ScenarioError) as found:
        record_from_paper(HEAD + "7,1,95,priority,,,\n" + line + "\n", saas, file="deals.csv")
    assert str(found.value).startswith("deals.csv:3: ")
    assert BAD[line] in str(found.value)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("1,1,95,priority,,,\n1,1,95,priority,,,\n", "has period 1 twice (line 2)"),
        ("1,1,95,priority,,,\n1,3,95,priority,,,\n", "has no line for period 2"),
        ("1,1,95,priority,,,vendor\n1,2,95,priority,,,\n", "goes on although it parted in line 2"),
        ("", "no line below the head"),
    ],
)
def test_lines_that_do_not_fit_together_are_named(saas, lines, said):
    with pytest.raises(ScenarioError) as found:
        record_from_paper(HEAD + lines, saas)
    assert said in str(found.value)


def test_columns_are_named_with_the_nearest_and_none_may_be_missing(saas):
    with pytest.raises(ScenarioError, match="did you mean 'period'"):
        record_from_paper("pair,perod,price,support\n", saas)
    with pytest.raises(ScenarioError, match="'support' is missing"):
        record_from_paper("pair,period,price\n1,1,95\n", saas)


def test_all_bad_lines_are_said_at_once(saas):
    with pytest.raises(ScenarioError) as found:
        record_from_paper(HEAD + "1,0,95,priority,,,\n1,1,95,bad,,,\n", saas, file="d.csv")
    assert len(found.value.faults) == 2


def test_what_is_no_table_is_refused(saas):
    for text in ("", '"', "a\x00b", "\n\n", "pair,period\n" * 3):
        with pytest.raises(SimulatorError):
            record_from_paper(text, saas)


def test_the_columns_are_in_the_help_page_and_the_readme():
    from pathlib import Path

    from click.testing import CliRunner

    from simulator.cli.debrief import command

    said = CliRunner().invoke(command, ["--help"]).output
    readme = (Path(__file__).resolve().parents[3] / "README.md").read_text()
    for name in PAPER_COLUMNS:
        assert name in said
        assert name == "<issue>" or name in readme
