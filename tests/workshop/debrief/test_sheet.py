"""A seat's own sheet: its own results, and nothing of the other side beyond what the debrief reveals."""

import statistics
from dataclasses import replace

import pytest

from simulator.workshop.debrief.account import account_of
from simulator.workshop.debrief.sheet import losses_of, sheet_html, sheet_of


def test_the_sheet_has_the_seats_own_results(made_up):
    record = made_up(pairs=4, leave=0.2, seed=6)
    for account in account_of(record, 1).accounts:
        for side in ("vendor", "client"):
            sheets = [
                one
                for one in sheet_of(record, getattr(account.pair, f"{side}_seat"))
                if one.pair == account.pair.number
            ]
            assert len(sheets) == 1
            own = sheets[0]
            assert (own.side, len(own.periods)) == (side, account.length)
            assert own.captured == getattr(account, side)
            assert [one.payoff for one in own.periods] == [
                getattr(turn, f"{side}_payoff") for turn in account.pair.turns
            ]


def test_both_rounds_are_there_with_sides_swapped(made_up):
    sheets = sheet_of(made_up(pairs=3, rounds=2, leave=0.0), "s0")
    assert [(one.round, one.side) for one in sheets] == [(1, "vendor"), (2, "client")]


def test_nothing_confidential_of_the_other_side_is_in_it(made_up):
    record = made_up(pairs=3, leave=0.0)
    secret = record.scenario.replace(
        {"client.outside_option": 28.7654321, "client.brief": "CANARY", "vendor.outside_option": 24.1234567}
    )
    page = sheet_html(sheet_of(replace(record, scenario=secret), "s0"), replace(record, scenario=secret))
    for canary in ("CANARY", "28.7", "28.8"):
        assert canary not in page


def test_of_the_partners_result_it_says_no_more_than_what_the_pair_made(made_up):
    record = made_up(pairs=6, leave=0.0)

    def richer(pair):
        return replace(pair, turns=tuple(replace(turn, client_payoff=turn.client_payoff - 1.5) for turn in pair.turns))

    changed = replace(record, pairs=tuple(richer(pair) for pair in record.pairs))
    for seat in [pair.vendor_seat for pair in record.pairs]:
        (before,), (after,) = sheet_of(record, seat), sheet_of(changed, seat)
        assert before.made != after.made
        assert replace(before, made=0.0, room=0.0, take_home="") == replace(after, made=0.0, room=0.0, take_home="")


def test_the_others_on_the_same_side_are_there_to_compare_with(made_up):
    for pairs in (3, 4, 7):
        record = made_up(pairs=pairs, leave=0.0)
        accounts = account_of(record, 1).accounts
        for account in accounts:
            (sheet,) = sheet_of(record, account.pair.client_seat)
            others = [other.client for other in accounts if other is not account]
            assert sheet.others == (statistics.median(others) if pairs > 3 else None)


def test_who_ended_below_the_outside_option_is_told_to_leave_what_is_worth_less(made_up):
    record = made_up(pairs=6, leave=0.0)
    (pair, *_) = record.pairs
    poor = replace(pair, turns=tuple(replace(t, client_payoff=t.client_payoff - 60, vendor_payoff=t.vendor_payoff + 60)
                                     for t in pair.turns))  # fmt: skip
    for one, below in ((pair, False), (poor, True)):
        changed = replace(record, pairs=(one, *record.pairs[1:]))
        (client,), (vendor,) = sheet_of(changed, pair.client_seat), sheet_of(changed, pair.vendor_seat)
        assert (client.captured < 0, "below what you make elsewhere" in client.take_home) == (below, below)
        assert "below what you make elsewhere" not in vendor.take_home


def test_there_is_one_whole_sentence_to_take_home(made_up):
    said = set()
    for name in ("saas-renewal", "prisoners-dilemma", "agency-retainer"):
        record = made_up(name, 30, leave=0.25, rounds=2, skill=(0.0, 0.5))
        for seat in record.seats:
            for sheet in sheet_of(record, seat):
                assert sheet.take_home.endswith(".")
                assert "{" not in sheet.take_home
                # An amount would tell what the partner made.
                assert not any(letter.isdigit() for letter in sheet.take_home)
                said.add(sheet.take_home[:20])
    assert len(said) >= 6


def test_the_causes_of_a_period_add_up_to_what_it_missed(made_up):
    record = made_up("saas-renewal", 20, leave=0.0, seed=9)
    s = record.scenario
    account = account_of(record, 1)
    for one in account.accounts:
        if any(turn.level or turn.starved or turn.invested for turn in one.pair.turns):
            continue
        outside = s.vendor.outside_option + s.client.outside_option
        gained = sum(turn.vendor_payoff + turn.client_payoff - outside for turn in one.pair.turns)
        assert sum(losses_of(account, one.pair).values()) == pytest.approx(31.7 * 5 - gained)


def test_a_seat_without_a_relationship_has_no_sheet(made_up):
    assert sheet_of(made_up(pairs=1), "nobody") == []
    assert sheet_html([], made_up(pairs=1)) == ""


def test_names_cannot_become_markup(made_up):
    record = made_up(pairs=1)
    bad = record.scenario.replace({"period": "<script>", "maturity.levels": ["<b>", "two", "three", "four"]})
    assert "<script>" not in sheet_html(sheet_of(replace(record, scenario=bad), "s0"), replace(record, scenario=bad))
