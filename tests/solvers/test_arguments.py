"""Bad numbers are refused in one form."""

import math

import pytest

from simulator.errors import SimulatorError
from simulator.solvers.arguments import number


def test_a_good_number_comes_back():
    assert number("x", 3) == 3.0
    assert number("x", 0, at_least=0, at_most=0) == 0.0


@pytest.mark.parametrize("value", [0, 1.1, math.nan, math.inf, None, "much"])
def test_a_bad_number_is_named_with_what_is_allowed(value):
    with pytest.raises(SimulatorError, match=r"^discount must be a finite number, above 0 and at most 1; got "):
        number("discount", value, above=0, at_most=1)


def test_infinity_is_no_number_even_without_bounds():
    with pytest.raises(SimulatorError, match="price must be a finite number; got -inf"):
        number("price", -math.inf)
