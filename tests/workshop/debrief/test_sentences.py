"""What a trainer says aloud: right in every corner, in whole sentences, with numbers that add up as they are said."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

import simulator.workshop.debrief
from simulator.workshop.debrief.account import account_of
from simulator.workshop.debrief.agents import Field, field_of
from simulator.workshop.debrief.bets import Guesses, guess_sentences
from simulator.workshop.debrief.captured import headline_sentences, loss_sentences, made
from simulator.workshop.debrief.course import course_of, course_sentences, ends_sentences
from simulator.workshop.debrief.deals import cloud_of, deal_sentences
from simulator.workshop.debrief.reveal import REVEALS, Debrief, shown
from simulator.workshop.debrief.satisfaction import Answers, answers_of, satisfaction_sentences
from simulator.workshop.words import words

SAY = words()
ROOT = Path(simulator.workshop.debrief.__file__).parent


def made_sentences(account, say):
    return [made(account, say)]


def with_payoffs(record, vendor, client, *, turns=None, reason="horizon"):
    """The record with these payoffs in every period, each pair with so many periods."""
    pairs = tuple(
        replace(
            pair,
            reason=reason,
            turns=tuple(
                replace(turn, vendor_payoff=vendor, client_payoff=client, invested=0.0) for turn in pair.turns[:turns]
            ),
        )
        for pair in record.pairs
    )
    return replace(record, pairs=pairs)


def said(record, which=made):
    account = account_of(record, 1)
    found = which(account, SAY)
    return found.replace("\u00a0", " ") if isinstance(found, str) else " ".join(found).replace("\u00a0", " ")


@pytest.fixture
def calm(made_up):
    """The prisoner's dilemma without discount: 6 a period for a pair that cooperates."""
    s = made_up("prisoners-dilemma", 1).scenario.replace({"discount": 1.0})
    return lambda pairs=1: made_up(s, pairs, leave=0.0)


def test_one_pair(calm):
    assert said(with_payoffs(calm(), 2.0, 2.0)) == "One pair could have shared 30.0; it made 20.0."


def test_several_pairs(calm):
    assert said(with_payoffs(calm(15), 2.0, 2.0)) == "Fifteen pairs could have shared 450; you made 300."


def test_everything_was_made(calm):
    assert said(with_payoffs(calm(2), 3.0, 3.0)) == "Two pairs could have shared 60.0, and you made all of it."


def test_nothing_was_created(calm):
    assert said(with_payoffs(calm(3), 0.0, 0.0)) == "Three pairs could have shared 90.0; nothing was created."


def test_less_than_nothing(calm):
    text = said(with_payoffs(calm(3), -1.0, 0.5))
    assert text == "Three pairs could have shared 90.0; you ended 7.5 below your outside options."


def test_more_than_could_be_expected(calm):
    text = said(with_payoffs(calm(2), 4.0, 3.0))
    assert text == "Two pairs made 70.0: 10.0 more than could be expected of the best play."


def test_all_left_at_once(calm):
    record = with_payoffs(calm(5), 3.0, 3.0, turns=1, reason="vendor-left")
    assert said(record, loss_sentences) == ("All of the missing 120 is because five pairs broke up.")


def test_the_sentence_of_the_brief(calm):
    record = with_payoffs(calm(15), 3.0, 2.0)
    pairs = tuple(
        replace(pair, turns=pair.turns[:2], reason="client-left") if k < 5 else pair
        for k, pair in enumerate(record.pairs)
    )
    account = account_of(replace(record, pairs=pairs), 1)
    assert (account.possible, account.created) == (450.0, 300.0)
    assert said(replace(record, pairs=pairs), loss_sentences) == (
        "Of the missing 150, 83 is because five pairs broke up and "
        "67 is because the deals played were worth less than they could be."
    )
    assert said(replace(record, pairs=pairs), headline_sentences) == (
        "Fifteen pairs could have shared 450; you made 300, and 83 of the missing 150 is because five pairs broke up."
    )


def test_nothing_could_be_gained(made_up):
    record = made_up("prisoners-dilemma", 2, leave=0.0)
    poor = record.scenario.replace({"vendor.outside_option": 9.0, "client.outside_option": 9.0})
    assert said(replace(record, scenario=poor)).startswith("Nothing could be gained in this scenario")
    keys = [step.key for step in shown(Debrief(replace(record, scenario=poor)))]
    assert "loss" not in keys
    assert "captured" in keys


@pytest.mark.parametrize(
    "name", ["saas-renewal", "component-supply", "agency-retainer", "freight", "prisoners-dilemma"]
)
@pytest.mark.parametrize("pairs", [1, 2, 3, 15, 60])
def test_every_sentence_of_every_step_is_whole(made_up, name, pairs):
    record = made_up(name, pairs, rounds=2, contest="effort", agents=pairs // 5, seed=pairs)
    field = field_of(record.scenario, 5) if pairs == 15 else None
    for number in (1, 2):
        for step in shown(Debrief(record, number, field)):
            assert step.sentences
            for text in step.sentences:
                assert text[-1] == ".", text
                assert text[0] == text[0].upper(), text
                assert not re.search(r"nan|inf\b|[{}]|  |\bNone\b|−0(?![.\d])|\(\)| 1 pairs|one pairs|\.\.", text), text


def test_missing_parts_said_together_add_up(made_up):
    for seed in range(30):
        record = made_up(pairs=4 + seed, leave=0.4, after_leaving="outside", seed=seed)
        text = said(record, made_sentences) + " " + said(record, loss_sentences)
        found = re.search(
            r"could have shared ([\d.,]+) \S+; you made ([\d.,]+)\. Of the missing ([\d.,]+) \S+, (.*)", text
        )
        if not found:
            continue
        possible, created, missing = (float(found[k].replace(",", "")) for k in (1, 2, 3))
        causes = [float(value.replace(",", "")) for value in re.findall(r"([\d.,]+) is ", found[4])]
        gains = [float(value.replace(",", "")) for value in re.findall(r"([\d.,]+) was ", found[4])]
        assert possible - created == pytest.approx(missing, abs=1e-9)
        assert sum(causes) - sum(gains) == pytest.approx(missing, abs=1e-9)


def test_steps_without_data_are_left_out(made_up):
    bare = replace(made_up("prisoners-dilemma", 3), preparations=(), bids=(), bets=())
    keys = [step.key for step in shown(Debrief(bare))]
    assert not {"anchors", "guesses", "bets", "contest", "agents", "rounds"} & set(keys)
    full = made_up(rounds=2, contest="price")
    field = field_of(full.scenario, 5)
    assert [step.key for step in shown(Debrief(full, 2, field))] == list(REVEALS)


def test_every_message_that_the_debrief_names_exists():
    keys = set()
    for file in ROOT.rglob("*.py"):
        keys |= set(re.findall(r'"(debrief\.[a-z0-9_.-]*[a-z0-9])"', file.read_text()))
    assert [key for key in sorted(keys) if key not in SAY] == []
    assert len(keys) > 60


def test_the_room_is_placed_among_the_agents(made_up):
    record = made_up(pairs=6, leave=0.3)
    field = field_of(record.scenario, 5)
    table = {step.key: step for step in shown(Debrief(record, 1, field))}
    share = int(re.search(r"more than (\d+)%", table["agents"].sentences[0])[1])
    created = sum(one.created for one in account_of(record, 1).first) / 6
    assert share == pytest.approx(100 * (field.created < created).mean(), abs=1)
    best = Field(field.vendors, field.clients, field.length, field.created - 1e6, 5, field.first_best)
    assert "more than any of the" in shown_step(record, best)


def shown_step(record, field):
    return next(step for step in shown(Debrief(record, 1, field)) if step.key == "agents").sentences[0]


def said_of_deals(record):
    account = account_of(record, 1)
    return deal_sentences(account, cloud_of(account), SAY)[0]


def with_postures(record, vendor, client):
    """The record with these postures in every period."""
    pairs = tuple(
        replace(pair, turns=tuple(replace(one, vendor_posture=vendor, client_posture=client) for one in pair.turns))
        for pair in record.pairs
    )
    return replace(record, pairs=pairs)


def test_given_payoffs_are_said_in_the_scenarios_own_words(made_up):
    hawks = with_postures(made_up("chicken", 1, leave=0.0), 0, 0)
    n = SAY(f"debrief.number.{len(hawks.pairs[0].turns)}")
    assert said_of_deals(hawks) == f"In none of {n} quarters both sides chose “give way”, in {n} both chose “hold”."
    shares = with_postures(made_up("demand-game", 1, leave=0.0), 2, 3)
    n = SAY(f"debrief.number.{len(shares.pairs[0].turns)}")
    assert said_of_deals(shares) == f"Of {n} quarters, {n} came out at 50 / 40; no other outcome was more frequent."


def test_two_are_both(calm):
    account = account_of(calm(2), 1)
    assert "Both pairs are still together." in course_sentences(account, course_of(account), SAY)
    assert ends_sentences({"together": 2}, SAY) == ["Both pairs stayed together."]


def test_one_answer_is_one():
    one = Answers(((0.5, 4),), ((0,) * 7, (0,) * 7, (0, 0, 0, 1, 0, 0, 0), (0,) * 7, (0,) * 7), (4,))
    assert satisfaction_sentences(one, SAY) == ["The one answer was 4 of 7."]


def test_guesses_are_counted_in_words(made_up):
    account = account_of(made_up("saas-renewal", 3), 1)
    said = guess_sentences(account, [Guesses("vendor", (1.0, 24.0, 30.0), 24.0)], SAY)
    assert said[-1] == "One of three guesses was within a tenth of the truth."
    assert guess_sentences(account, [Guesses("vendor", (1.0, 2.0), 24.0)], SAY)[-1].startswith("No guess was")


def test_answers_after_a_period_without_value_are_in_the_mean(calm):
    (pair,) = calm().pairs
    quarrel = replace(pair.turns[1], vendor_payoff=0.0, client_payoff=0.0, vendor_again=1, client_again=2)
    good = replace(pair.turns[0], vendor_payoff=5.0, client_payoff=0.0, vendor_again=7, client_again=None)
    rest = tuple(replace(turn, vendor_again=None, client_again=None) for turn in pair.turns[2:])
    record = replace(calm(), pairs=(replace(pair, turns=(good, quarrel, *rest)),))
    answers = answers_of(account_of(record, 1))
    assert len(answers.points) == 1
    assert satisfaction_sentences(answers, SAY) == ["On average people said 3.3 of 7 (3 answers)."]
