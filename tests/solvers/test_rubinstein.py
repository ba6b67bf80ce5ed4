"""Alternating offers: every reference case, backward induction beside the closed form, and the limits of theory."""

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simulator.errors import SimulatorError
from simulator.solvers.lotteries import points
from simulator.solvers.rubinstein import Division, alternating_offers, risk_of_breakdown

CASES = ["R1", "R2", "R3", "F1", "F2", "F3", "O1", "O2", "O4", "B1", "B2", "N1"]

discounts = st.floats(0.0, 0.98)
parts = st.floats(0.0, 0.5)


def solve(inputs):
    if "p" in inputs:
        return risk_of_breakdown(inputs["p"], inputs["b1"], inputs["b2"], proposer=inputs["first"])
    return alternating_offers(
        inputs["delta1"],
        inputs["delta2"],
        first_outside=inputs.get("b1", 0.0),
        second_outside=inputs.get("b2", 0.0),
        periods=inputs.get("periods"),
        proposer=inputs["first"],
    )


def backward(periods, proposer, on_rejection, on_the_last_rejection):
    """Plain backward induction over pairs of values; the proposer offers what the responder has from rejecting."""
    value, rejected = [], on_the_last_rejection
    for left in range(1, periods + 1):
        mover = (proposer - 1 + periods - left) % 2
        if left > 1:
            rejected = on_rejection(value, 1 - mover)
        value = list(rejected)
        if sum(rejected) <= 1:
            value[mover] = 1 - rejected[1 - mover]
    return value


@pytest.mark.parametrize("case", CASES)
def test_reference_cases(shared, case):
    # Source: oracles/bargaining_cases.json, by backward induction with 40,000 periods.
    known = {c["id"]: c for c in json.loads((shared / "oracles/bargaining_cases.json").read_text())["cases"]}
    assert set(known) == set(CASES)
    found = solve(known[case]["inputs"])
    expected = known[case]["expected"]
    assert (found.first, found.second) == pytest.approx((expected["player1"], expected["player2"]), abs=1e-9)
    assert found.agreed == (case != "N1")


@pytest.mark.parametrize(("d1", "d2", "x"), [(0.9, 0.9, 0.526316), (0.9, 0.8, 0.714286), (0.5, 0.95, 0.095238)])
def test_no_last_period(d1, d2, x):
    # Source: VALIDATION a, Rubinstein 1982.
    assert alternating_offers(d1, d2).first == pytest.approx(x, abs=5e-7)


@pytest.mark.parametrize(("periods", "x"), [(1, 1), (2, 0.1), (3, 0.91), (4, 0.181), (5, 0.8371)])
def test_a_last_period(periods, x):
    # Source: VALIDATION a: (1 - (-delta)^T)/(1 + delta), delta = .9.
    assert alternating_offers(0.9, 0.9, periods=periods).first == pytest.approx(x, abs=1e-12)
    assert x == pytest.approx((1 - (-0.9) ** periods) / 1.9, abs=1e-12)


@pytest.mark.parametrize(("option", "x"), [(0.2, 10 / 19), (0.45, 10 / 19), (0.6, 0.4)])
def test_an_option_does_nothing_until_it_binds(option, x):
    # Source: VALIDATION a, Shaked & Sutton 1984.
    assert alternating_offers(0.9, 0.9, second_outside=option).first == pytest.approx(x, abs=1e-12)


def test_breakdown_payoffs_are_the_disagreement_point():
    # Source: VALIDATION a: b1 + (1 - b1 - b2)/(2 - p).
    assert risk_of_breakdown(0.2, 0.1, 0.3).first == pytest.approx(0.433333, abs=5e-7)


@given(discounts, discounts, st.floats(0, 0.9), st.floats(0, 0.9), st.sampled_from([1, 2]))
def test_closed_form_is_the_limit_of_backward_induction(d1, d2, w1, w2, proposer):
    found = alternating_offers(d1, d2, first_outside=w1, second_outside=w2, proposer=proposer)

    def on_rejection(value, responder):
        stay = [d1 * value[0], d2 * value[1]]
        return stay if stay[responder] >= (w1, w2)[responder] else [w1, w2]

    value = backward(1500, proposer, on_rejection, [w1, w2])
    assume(abs(w1 + w2 - 1) > 1e-9)
    assert (found.first, found.second) == pytest.approx(value, abs=1e-9)
    assert found.agreed == (w1 + w2 <= 1)


@given(discounts, discounts, parts, parts, st.sampled_from([1, 2]), st.integers(1, 12))
def test_a_last_period_by_backward_induction(d1, d2, w1, w2, proposer, periods):
    found = alternating_offers(d1, d2, first_outside=w1, second_outside=w2, proposer=proposer, periods=periods)

    def on_rejection(value, responder):
        stay = [d1 * value[0], d2 * value[1]]
        return stay if stay[responder] >= (w1, w2)[responder] else [w1, w2]

    assert (found.first, found.second) == pytest.approx(backward(periods, proposer, on_rejection, [w1, w2]), abs=1e-12)


@given(st.floats(0.02, 1.0), st.floats(-0.5, 0.9), st.floats(-0.5, 0.9), st.sampled_from([1, 2]))
def test_breakdown_is_the_limit_of_backward_induction(p, b1, b2, proposer):
    found = risk_of_breakdown(p, b1, b2, proposer=proposer)

    def on_rejection(value, responder):
        return [p * b1 + (1 - p) * value[0], p * b2 + (1 - p) * value[1]]

    value = backward(2500, proposer, on_rejection, [b1, b2])
    assume(abs(b1 + b2 - 1) > 1e-9)
    assert (found.first, found.second) == pytest.approx(value, abs=1e-9)
    assert found.agreed == (b1 + b2 <= 1)


@given(discounts, discounts, parts, parts, st.sampled_from([1e-6, 100.0, 1e9]))
def test_money_scales(d1, d2, w1, w2, pie):
    one = alternating_offers(d1, d2, first_outside=w1, second_outside=w2)
    many = alternating_offers(d1, d2, first_outside=w1 * pie, second_outside=w2 * pie, pie=pie)
    assert (many.first / pie, many.second / pie) == pytest.approx((one.first, one.second), abs=1e-9)
    one, many = risk_of_breakdown(0.3, w1, w2), risk_of_breakdown(0.3, w1 * pie, w2 * pie, pie=pie)
    assert (many.first / pie, many.second / pie) == pytest.approx((one.first, one.second), abs=1e-9)


@given(discounts, discounts, parts, parts, st.none() | st.integers(1, 9))
def test_swapping_the_sides(d1, d2, w1, w2, periods):
    there = alternating_offers(d1, d2, first_outside=w1, second_outside=w2, periods=periods)
    back = alternating_offers(d2, d1, first_outside=w2, second_outside=w1, periods=periods, proposer=2)
    assert back == Division(there.second, there.first, there.agreed)


def test_frequent_offers_lead_to_the_nash_solution():
    # Binmore, Rubinstein & Wolinsky 1986: weights in proportion to ln d2 and ln d1; breakdown payoffs as disagreement.
    nash = points([1, 0], [0, 1], 0.1, 0.3)["nash"]
    assert risk_of_breakdown(1e-7, 0.1, 0.3).first == pytest.approx(nash.first, abs=1e-6)
    patient = alternating_offers(0.9**1e-6, 0.8**1e-6)
    weighted = points([1, 0], [0, 1], 0, 0, weight=0.2231435513 / (0.2231435513 + 0.1053605157))["nash"]
    assert patient.first == pytest.approx(weighted.first, abs=1e-6)


def test_the_limits_of_patience():
    assert alternating_offers(0, 0) == Division(1.0, 0.0, agreed=True)
    assert alternating_offers(1, 0.5) == Division(1.0, 0.0, agreed=True)
    assert alternating_offers(1, 1, periods=2) == Division(0.0, 1.0, agreed=True)
    assert alternating_offers(0.5, 0.5, first_outside=0.4, second_outside=0.6).agreed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"first_discount": 1.1},
            "discount of the first side must be a finite number, at least 0 and at most 1; got 1.1",
        ),
        ({"first_discount": 1, "second_discount": 1}, "one side must be impatient"),
        ({"second_outside": -0.1}, "outside option of the second side must be a finite number, at least 0; got -0.1"),
        ({"periods": 0}, "periods must be a whole number, at least 1, or None for no limit; got 0"),
        ({"periods": 2.5}, "periods must be a whole number"),
        ({"proposer": 0}, "proposer must be 1 or 2; got 0"),
        ({"pie": 0}, "pie must be a finite number, above 0; got 0"),
    ],
)
def test_bad_arguments_are_refused(arguments, message):
    with pytest.raises(SimulatorError, match=message):
        alternating_offers(**{"first_discount": 0.9, "second_discount": 0.9, **arguments})


def test_a_breakdown_that_never_comes_is_refused():
    with pytest.raises(SimulatorError, match="probability of breakdown must be a finite number, above 0"):
        risk_of_breakdown(0, 0.1, 0.1)
