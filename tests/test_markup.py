"""Escaping, figures in words, and colours that can be read on."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.markup import Markup, bar, cell, decimals, heat, note, number, percent, periods, table, tag, view


@given(st.text())
def test_text_comes_back_as_text_and_never_as_markup(read_html, text):
    clean = text.replace("\r", "")  # a parser may turn it into a line feed
    page = read_html(view(clean, clean, note(clean), table([[cell(clean, scope=clean)]])))
    assert page.tags == ["div", "div", "div", "p", "div", "table", "tbody", "tr", "td"] or not clean
    assert page.text == clean * 4


def test_markup_is_not_escaped_twice_but_text_joined_to_it_is():
    assert tag("p", tag("b", "a&b")) == "<p><b>a&amp;b</b></p>"
    assert tag("p", Markup("<b>") + "x") == "<p>&lt;b&gt;x</p>"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (float("nan"), "undefined"),
        (float("inf"), "infinite"),
        (float("-inf"), "minus infinite"),
        (-0.004, "0.00"),
        (-1.5, "−1.50"),
        (1234567.891, "1,234,567.89"),
    ],
)
def test_a_figure_is_finite_or_a_word(value, shown):
    assert number(value, 2) == shown


def test_a_length_without_end_has_no_unit():
    assert periods(math.inf, "year") == "infinite"
    assert periods(1.0, "deal") == "1.00 deals"


def test_a_small_chance_is_not_shown_as_none():
    assert [percent(x) for x in (0, 1e-6, 0.05, 0.123456, 1)] == ["0%", "under 0.1%", "5%", "12.3%", "100%"]


@pytest.mark.parametrize(
    ("values", "digits"),
    [
        ([], 0),
        ([0.0], 0),
        ([math.inf], 0),
        ([1, -5], 0),
        ([0.15, 40], 2),
        ([1 / 3, 100], 1),
        ([123456.7], 0),
        ([1e-9], 6),
    ],
)
def test_as_many_decimals_as_the_figures_of_a_table_need(values, digits):
    assert decimals(values) == digits


def contrast(style: str) -> float:
    """Contrast of text and ground after WCAG 2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted(luminance(colour) for colour in re.findall(r"#([0-9a-f]{6})", style))
    return (high + 0.05) / (low + 0.05)


def test_every_colour_of_the_heat_table_can_be_read_on():
    assert min(contrast(heat(step / 200)) for step in range(201)) >= 4.5


def test_the_heat_darkens_from_low_to_high_and_stops_at_the_ends():
    greys = []
    for step in range(101):
        red, green, blue = (int(heat(step / 100)[i : i + 2], 16) for i in (12, 14, 16))
        greys.append(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    assert greys == sorted(greys, reverse=True)
    assert heat(-1) == heat(0)
    assert heat(2) == heat(1)


def test_a_bar_stays_within_its_frame():
    assert "width:100.00%" in bar(1.7)
    assert "width:0.00%" in bar(-1)
