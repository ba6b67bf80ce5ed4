"""The second round against the first: seeded, by pairs that are drawn together, and honest about chance."""

from dataclasses import replace

import pytest

from simulator.workshop.debrief.account import account_of
from simulator.workshop.debrief.rounds import overlay_of, round_sentences
from simulator.workshop.words import words


def overlay(record):
    return overlay_of(account_of(record, 1), account_of(record, 2))


def test_the_shares_are_those_of_the_class(made_up):
    record = made_up(pairs=20, rounds=2)
    found = overlay(record)
    for share in found.rounds:
        account = account_of(record, share.round)
        assert share.left == pytest.approx(100 * account.left / account.possible)
        assert share.interval[0] <= share.left <= share.interval[1]
        assert len(share.pairs) == 20
    assert found.less == pytest.approx(found.rounds[0].left - found.rounds[1].left)


def test_the_same_record_gives_the_same_interval(made_up):
    record = made_up(pairs=12, rounds=2)
    assert overlay(record).interval == overlay(record).interval


def test_a_clear_gain_is_no_chance_and_a_repetition_is(made_up):
    record = made_up(pairs=30, rounds=2, leave=0.0, skill=(0.0, 0.9), after_leaving="outside")
    found = overlay(record)
    assert found.interval[0] > 0
    assert "chance alone would hardly explain it" in round_sentences(found, words())[1]
    again = tuple(replace(pair, number=pair.number + 30, round=2) for pair in record.pairs if pair.round == 1)
    same = overlay(replace(record, pairs=tuple(pair for pair in record.pairs if pair.round == 1) + again))
    assert same.less == pytest.approx(0.0)
    assert same.interval == pytest.approx((0.0, 0.0), abs=1e-9)  # the pairs are drawn with both of their rounds
    assert round_sentences(same, words())[0].endswith("on the table in both rounds.")


def test_few_pairs_get_no_interval(made_up):
    assert overlay(made_up(pairs=2, rounds=2)).interval is None
