"""Numbers that are said together add up as they are said."""

import math

from hypothesis import given
from hypothesis import strategies as st

from simulator.workshop.debrief.amounts import adding_up, percents, unit_of

MONEY = st.floats(-1e7, 1e7).filter(lambda value: abs(value) > 1e-6 or value == 0)


@given(st.lists(MONEY, min_size=1, max_size=6), st.sampled_from(["k$", "$", "", "points", "EUR"]))
def test_rounded_parts_add_up_to_the_rounded_total(parts, currency):
    total = math.fsum(parts)
    unit = unit_of([total, *parts], currency)
    said, rounded = adding_up(total, parts, unit)
    digit = 10.0**-unit.places * unit.divisor
    assert math.isclose(math.fsum(rounded), said, abs_tol=1e-6 * digit * (1 + len(parts)) + 1e-9 * abs(total))
    assert abs(said - total) <= 0.5001 * digit + 1e-9 * abs(total)
    assert all(abs(a - b) <= 1.0001 * digit + 1e-9 * abs(b) for a, b in zip(rounded, parts, strict=True))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=5).filter(lambda parts: sum(parts) > 0))
def test_per_cent_of_a_whole_add_up_to_a_hundred(parts):
    whole = math.fsum(parts)
    assert sum(percents([part / whole for part in parts])) == 100


def test_the_unit_grows_only_with_money_that_has_a_larger_one():
    assert unit_of([1_234_567.0], "$").said(1_234_567.0) == "1.2\u00a0M$"
    assert unit_of([1234.0], "M€").said(1234.0) == "1.2\u00a0bn €"
    assert unit_of([1234.0], "").said(1234.0) == "1,234"
    assert unit_of([1234.0], "credits").said(1234.0) == "1,234\u00a0credits"
    assert unit_of([0.0, float("inf")], "k$").said(0.0) == "0\u00a0k$"
