"""Reading what forms send."""

import math

import pytest

from simulator.workshop.refusal import Refused, flag, listed, needed, number, text, whole

HOSTILE = ["nan", "inf", "-inf", "1e999", "1_000", "0x10", "1,5", "٣", "1 2", "--1", "1" * 50, [], {}, True, math.nan]


@pytest.mark.parametrize("value", HOSTILE)
def test_what_is_no_finite_number_is_refused(value):
    with pytest.raises(Refused) as refused:
        number({"target": value}, "target")
    assert refused.value.field == "target"


@pytest.mark.parametrize("value", [math.inf, -math.inf, 10**400, 1e300])
def test_what_is_out_of_bounds_is_refused(value):
    with pytest.raises(Refused, match="out-of-range"):
        number({"target": value}, "target")


def test_numbers_as_people_write_them():
    assert [number({"x": v}, "x") for v in (" 24.5 ", "−3", "+7", ".5", "1e3", 4)] == [24.5, -3, 7, 0.5, 1000, 4]
    assert number({"x": " "}, "x", empty=True) is None
    with pytest.raises(Refused, match="missing"):
        needed({}, "x")
    with pytest.raises(Refused, match="not-whole"):
        whole({"x": "1.5"}, "x", low=0, high=7)


def test_text_is_one_plain_line():
    assert text({"name": "Ann\u202e \x00\nBob"}, "name", most=40) == "Ann Bob"
    assert text({}, "name", most=40) == ""
    with pytest.raises(Refused, match="text-too-long"):
        text({"name": "x" * 41}, "name", most=40)
    with pytest.raises(Refused, match="text-too-long"):
        text({"name": " " * 10**6}, "name", most=40)
    with pytest.raises(Refused, match="not-text"):
        text({"name": 7}, "name", most=40)


PACKAGES = [
    None,
    "",
    "0",
    "0,1,2",
    "x,1",
    "5,0",
    "-1,0",
    "0,²",
    [0],
    [0, 9],
    [0, True],
    [0, 1.0],
    {"a": 1},
    "9" * 999,
    b"01",
]


@pytest.mark.parametrize("value", PACKAGES)
def test_what_is_no_package_is_refused(value):
    with pytest.raises(Refused):
        listed({"options": value}, "options", (5, 2), ("price", "term"))


def test_a_package_in_each_spelling():
    for value in ([4, 1], ("4", "1"), "4,1", " 4 , 1 "):
        assert listed({"options": value}, "options", (5, 2), ("price", "term")) == [4, 1]
    with pytest.raises(Refused) as refused:
        listed({"options": [4, ""]}, "options", (5, 2), ("price", "term"))
    assert (refused.value.key, refused.value.values) == ("issue-open", {"issue": "term"})


def test_yes_and_no():
    assert flag({"a": "on"}, "a")
    assert not flag({"a": "false"}, "a")
    assert flag({}, "a", absent=True)
    for value in ("maybe", 1, None, ""):
        with pytest.raises(Refused):
            flag({"a": value}, "a")
