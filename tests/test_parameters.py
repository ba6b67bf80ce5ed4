"""The shared declaration, checking, writing and reading of parameters, on classes made here.

Source: section 5 of the design (agents with parameters are written ``name(key=value)`` and separated by commas), and
the error form of the house style: name, owner, allowed, got, nearest.
"""

import contextlib
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import SimulatorError, UnknownNameError, nearest
from simulator.parameters import Named, make, parameter, parse_call, parse_calls


@dataclass(frozen=True, kw_only=True)
class Widget(Named):
    name: ClassVar[str] = "my-widget"
    kind: ClassVar[str] = "widget"
    rate: float = parameter(0.5, low=0, high=1)
    size: float = parameter(1.0, above=0)
    count: int = parameter(3, low=1)
    loud: bool = parameter(False)
    colour: str = parameter("red", choices=("red", "green"))
    guess: float | None = parameter(None, low=0)


@dataclass(frozen=True, kw_only=True)
class Plain(Named):
    name: ClassVar[str] = "plain"
    kind: ClassVar[str] = "widget"


REGISTRY = {"my-widget": Widget, "plain": Plain}


def read(text):
    name, parameters = parse_call(text)
    return make(REGISTRY, "widget", name, parameters)


def test_types_are_those_of_the_defaults():
    w = read("my-widget(rate=1, size=2, count=4.0, loud=TRUE, colour='green', guess=1/4)")
    assert w.parameters() == {"rate": 1.0, "size": 2.0, "count": 4, "loud": True, "colour": "green", "guess": 0.25}
    assert (type(w.rate), type(w.count), type(w.loud)) == (float, int, bool)
    assert Widget(count=np.int64(4), rate=np.float32(0.5), size=Fraction(1, 4)).parameters() == {
        **Widget().parameters(),
        "count": 4,
        "rate": 0.5,
        "size": 0.25,
    }
    assert type(Widget(count=np.int64(4)).count) is int


@given(
    st.floats(0, 1),
    st.floats(0, 1e300, exclude_min=True),
    st.integers(1, 10**12),
    st.booleans(),
    st.sampled_from(["red", "green"]),
    st.none() | st.floats(0, 1e-5),
)
def test_written_form_reads_back(rate, size, count, loud, colour, guess):
    w = Widget(rate=rate, size=size, count=count, loud=loud, colour=colour, guess=guess)
    assert read(str(w)) == w
    assert [make(REGISTRY, "widget", *call) for call in parse_calls(f"{w}, plain,{w}")] == [w, Plain(), w]


def test_written_form_is_short():
    assert str(Widget()) == "my-widget"
    assert str(Widget(rate=0.25, loud=True, size=1e-7)) == "my-widget(rate=0.25, size=1e-07, loud=true)"
    assert str(Widget(rate=1 / 3)) == "my-widget(rate=0.3333333333333333)"


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"rate": 2}, "widget 'my-widget': rate is 2; allowed: a number from 0 to 1"),
        ({"rate": "x"}, "rate is 'x'; allowed: a number from 0 to 1"),
        ({"rate": None}, "rate is None; allowed: a number from 0 to 1"),
        ({"rate": float("nan")}, "rate is nan; allowed"),
        ({"size": 0}, "size is 0; allowed: a number above 0"),
        ({"size": float("inf")}, "size is inf; allowed: a number above 0"),
        ({"size": 10**400}, "...; allowed: a number above 0"),
        ({"count": 2.5}, "count is 2.5; allowed: a whole number of at least 1"),
        ({"count": True}, "count is True; allowed: a whole number of at least 1"),
        ({"count": 16**5000}, "count is a number of thousands of digits; allowed: a whole number of at least 1"),
        ({"loud": 1}, "loud is 1; allowed: true or false"),
        ({"colour": "gren"}, "colour is 'gren'; allowed: 'red' or 'green'; did you mean 'green'?"),
        ({"colour": ["red"]}, "colour is ['red']; allowed: 'red' or 'green'"),
        ({"guess": -1}, "guess is -1; allowed: a number of at least 0"),
        ({"colr": 1}, "widget 'my-widget' has no parameter 'colr'; its parameters: rate, size, count, loud, colour"),
        ({"colr": 1}, "did you mean 'colour'?"),
    ],
)
def test_what_is_refused(parameters, message):
    with pytest.raises(SimulatorError) as refused:
        make(REGISTRY, "widget", "my-widget", parameters)
    assert message in str(refused.value)
    assert len(str(refused.value)) < 300


def test_unknown_names():
    with pytest.raises(UnknownNameError, match=r"unknown widget 'plian'; did you mean 'plain'\?"):
        read("plian")
    with pytest.raises(UnknownNameError, match="known: my-widget, plain"):
        read("xyz")
    with pytest.raises(SimulatorError, match="it has no parameters"):
        read("plain(rate=1)")


@pytest.mark.parametrize(
    ("names", "hint"),
    [
        (["tit-for-tat", "grim"], "did you mean 'tit-for-tat'?"),
        (["Tit_For_Tat"], "did you mean 'Tit_For_Tat'?"),
        (["random"], ""),
        ([], ""),
    ],
)
def test_nearest(names, hint):
    assert nearest("tit_for_tta", names) == hint


@given(st.text("ab-_(),= '\"\n1.5/", max_size=15))
def test_reading_any_text_raises_nothing_else(text):
    with contextlib.suppress(SimulatorError):
        assert all(isinstance(name, str) for name, _ in parse_calls(text))
