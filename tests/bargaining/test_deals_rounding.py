"""A deal that is worth exactly the outside option suits the side, whatever the last digits of the sum."""

import simulator as ns

EXACT = """
id = "x"
title = "x"
[vendor]
outside_option = 0.8
[base]
vendor = 0.7
[[issue]]
name = "extra"
options = ["yes"]
vendor = [0.1]
client = [1.0]
"""


def test_a_sum_off_in_the_last_digit_still_suits(scenario_from):
    assert 0.7 + 0.1 < 0.8, "the sum that this test is about"
    s = scenario_from(EXACT)
    assert ns.deal_space(s).rational.all()
    assert ns.deal_space(s).points()["nash"] is not None
    assert ns.negotiate(s, vendor="linear", client="linear").agreed
