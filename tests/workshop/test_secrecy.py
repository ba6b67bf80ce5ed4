"""No number of the other side is reachable in any seat's view, at any step.

The scenario's two sides have disjoint, unusual numbers: every number that belongs to one side is a multiple of its own
seven-digit prime (or is such a prime), so that sums of the other side's numbers are found as well.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from simulator.workshop.steps import step_of

VENDOR, CLIENT = 1000003, 1299709  # numbers of a side: small multiples of its prime

CANARY = f"""
id = "canary"
title = "Canary"
horizon = 20
[vendor]
name = "V"
outside_option = {3 * VENDOR}
brief = "vendor-brief {5 * VENDOR}"
[client]
name = "C"
outside_option = {3 * CLIENT}
brief = "client-brief {5 * CLIENT}"
[base]
vendor = {2 * VENDOR}
client = {2 * CLIENT}
[[issue]]
name = "price"
options = ["a", "b", "c", "d"]
vendor = [{0 * VENDOR}, {2 * VENDOR}, {4 * VENDOR}, {7 * VENDOR}]
client = [{7 * CLIENT}, {4 * CLIENT}, {2 * CLIENT}, {0 * CLIENT}]
[[issue]]
name = "support"
options = ["x", "y"]
vendor = [0, -{VENDOR}]
client = [0, {6 * CLIENT}]
[delivery]
# The cost is a side's own number; the benefit is a number of the side that enjoys it.
vendor = {{ cost = {VENDOR}, benefit = {2 * CLIENT}, needs = {VENDOR}, starved = 0.5 }}
client = {{ cost = {CLIENT}, benefit = {2 * VENDOR} }}
[maturity]
levels = ["low", "high"]
value_per_level = {CLIENT}
reinvest = 0.5
level_cost = 1000000
[relationship]
switching_cost = {{ vendor = {VENDOR}, client = {CLIENT} }}
"""


def leaves(value: Any) -> Iterator[Any]:
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from leaves(getattr(value, field.name))
        if isinstance(getattr(type(value), "side", None), property):
            yield value.side
    elif isinstance(value, Mapping):
        yield from leaves(list(value.items()))
    elif isinstance(value, list | tuple | set):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def betrays(value: Any, prime: int) -> bool:
    """Whether a value is made of the numbers of the side with this prime: a half of a multiple, or its digits."""
    if isinstance(value, str):
        return (
            any(str(k * prime) in value for k in range(1, 30))
            or ("client" if prime == CLIENT else "vendor") + ("-brief") in value
        )
    if isinstance(value, bool) or not isinstance(value, int | float) or value == 0:
        return False
    doubled = 4 * float(value)
    return doubled == round(doubled) and round(doubled) % prime == 0


def check(w) -> None:
    for name, seat in w.room.seats.items():
        view = w.room.view(name)
        side = seat.side
        if seat.role == "adviser":
            side = "vendor"
        wrong = (CLIENT,) if side == "vendor" else (VENDOR,) if side == "client" else (VENDOR, CLIENT)
        for leaf in leaves(view):
            for prime in wrong:
                assert not betrays(leaf, prime), (name, side, view.step, leaf)


@pytest.fixture
def canary(scenario_from):
    return scenario_from(CANARY)


def test_the_search_finds_what_it_looks_for(workshop, canary):
    w = workshop(canary)
    w.begin(2)
    view = w.room.view(w.at("vendor"))
    assert any(betrays(leaf, VENDOR) for leaf in leaves(view))
    assert any(betrays(leaf, VENDOR) for leaf in leaves(view.sheet.brief))


@pytest.mark.parametrize("plan", [{}, {"mode": "type"}, {"contest": "price"}, {"partners": "new"}])
def test_no_view_of_a_whole_workshop_holds_a_number_of_the_other_side(workshop, canary, plan):
    from simulator.workshop.automatic import Cast

    w = workshop(canary, periods=3, **plan)
    w.join(6)
    w.join(1, role="observer")
    cast = Cast(w.room, w.rng)
    check(w)
    seen = set()
    for to in ("start", "compete", "play", "next-period", "next-period", "predict", "debrief", "reveal"):
        if to not in {way.key for way in (w.room.console(now=0).next, *w.room.console(now=0).other_steps) if way}:
            continue
        w.advance(to, force=True)
        check(w)
        moved = True
        while moved:
            moved = False
            for seat in list(w.room.seats.values()):
                seen.add(step_of(w.room, seat)[0])
                move = cast.move(seat)
                if move is not None:
                    if move["kind"] == "prepare":
                        move = {"kind": "prepare"}  # a made-up guess is made of the other side's numbers
                    w.do(seat.id, **move)
                    check(w)
                    moved = True
        if to == "play":  # an agent takes a seat in mid-play, whose tactic may disclose priorities
            w.trainer("seat-agent", seat=w.at("client"), agent="always-cooperate")
            check(w)
    assert {"deliver", "result", "done", "debrief"} <= seen


def test_the_wall_and_the_console_hold_no_number_of_either_side_before_a_reveal(workshop, canary):
    w = workshop(canary)
    w.begin(4)
    w.agree([1, 1], 1)
    w.deliver(number=1)
    for leaf in (*leaves(w.room.projector()), *leaves(w.room.console(now=w.now))):
        assert not betrays(leaf, VENDOR)
        assert not betrays(leaf, CLIENT)


def test_of_the_partner_a_seat_sees_what_it_perceives(workshop, canary):
    w = workshop(canary.replace({"relationship.misread": 1.0}))
    w.begin(2)
    w.agree([1, 1])
    w.deliver(vendor=0.0, client=1.0)
    seen = w.room.view(w.at("client")).pair.result
    assert w.pair().turns[0].posture["vendor"] == 0  # squeezes, and is taken for one that claims and delivers
    assert (seen.partner_posture, seen.partner_effort) == ("claim", 1.0)


NOTED = "The vendor in pair 1 bluffs."


def told_of(view):
    return [leaf for leaf in leaves(view) if isinstance(leaf, str) and NOTED in leaf]


def test_what_an_observer_noted_is_in_no_view_but_its_own(workshop):
    w = workshop(periods=1)
    watcher, other = w.join(2, role="observer")
    w.begin(4)
    w.do(watcher, "observe", pair=1, marks={"threat": 7}, note=NOTED)
    w.do(other, "watch", pair=1)
    assert told_of(w.room.view(watcher))
    for to in (None, "predict", "debrief", "reveal"):
        if to is not None:
            w.advance(to, force=True)
        views = [w.room.view(seat) for seat in w.room.seats if seat != watcher]
        assert [told_of(view) for view in (*views, w.room.projector(), w.room.console(now=w.now))] == [[]] * 7
        assert all(view.checklist is None or not view.checklist.marks for view in views)


def test_who_looks_over_a_shoulder_sees_no_notes(workshop):
    w = workshop(contest="effort", after_leaving="outside", periods=3)
    w.join(8)
    w.advance("start")
    w.advance("compete")
    for seat in [seat for seat in w.room.seats if w.step(seat) == "bid"]:
        w.do(seat, "bid", bid=1)
    adviser = next(seat for seat in w.room.seats if w.step(seat) == "lost")
    w.do(adviser, "go-on", **{"as": "adviser"})
    advised = w.room.seats[adviser].advises
    w.advance("play", force=True)
    number = w.room.seats[advised].pair
    w.agree([6, 1], number)
    w.deliver(number=number)
    w.answer(number, vendor=False)
    w.advance("next-period", force=True)
    assert w.step(adviser) == w.step(advised) == "observe"
    w.do(advised, "observe", pair=number, note=NOTED)
    assert told_of(w.room.view(advised))
    assert not told_of(w.room.view(adviser))
    assert w.room.view(adviser).checklist is None


OTHER_NUMBERS = {
    "client": {
        "client.outside_option": 77.5,
        "client.brief": "another brief",
        "base.client": 1234.5,
        "issue.price.client": [9.0, 8.5, 1.5, 0.5],
        "issue.support.client": [3.0, 1.0],
        "delivery.client.cost": 0.5,
        "delivery.vendor.benefit": 3.5,
        "maturity.value_per_level": 0.25,
        "relationship.switching_cost.client": 0.75,
    },
    "vendor": {
        "vendor.outside_option": 77.5,
        "vendor.brief": "another brief",
        "base.vendor": 1234.5,
        "issue.price.vendor": [0.5, 1.5, 8.5, 9.0],
        "issue.support.vendor": [1.0, 3.0],
        "delivery.vendor.cost": 0.5,
        "delivery.client.benefit": 3.5,
        "relationship.switching_cost.vendor": 0.75,
    },
}


def script(workshop, scenario, side, plan):
    """Views of the seats on one side along a fixed course of two periods, in which everybody squeezes."""
    w, views = workshop(scenario, periods=2, **plan), []

    def look():
        views.extend(w.room.view(name) for name, seat in w.room.seats.items() if seat.side == side)

    def do(*args, **fields):
        w.do(*args, **fields)
        look()

    seats = w.join(4)
    w.advance("start")
    for seat in seats:
        do(seat, "prepare", outside=1, target=2)
    if plan.get("contest"):
        w.advance("compete")
        for k, seat in enumerate(seats):
            if w.step(seat) == "bid":
                do(seat, "bid", bid=k)
    w.advance("play", force=True)
    pairs = [pair.number for pair in w.room.of_round() if not pair.has_agent]
    for _ in range(2):
        for number in pairs:
            vendor, client = w.at("vendor", number), w.at("client", number)
            if w.pair(number).mode == "talk":
                do(client, "enter", options=[1, 1], first_offer=[0, 0])
                do(vendor, "confirm", agrees=True)
            else:
                do(vendor, "offer", options=[3, 0])
                do(client, "offer", options=[0, 1])
                do(vendor, "accept", offer=2)
            do(vendor, "deliver", effort=0)
            do(client, "deliver", effort=0)
            for seat in (vendor, client):
                do(seat, "again", answer=3)
                do(seat, "renew", stays=True)
        w.trainer("close")
        w.advance("next-period")
    w.advance("debrief", force=True)
    look()
    assert len(views) > 20
    return views


@pytest.mark.parametrize("side", ["vendor", "client"])
@pytest.mark.parametrize("plan", [{}, {"mode": "type"}, {"contest": "effort"}, {"contest": "price"}])
def test_other_numbers_of_the_other_side_change_nothing_that_a_side_sees(workshop, canary, side, plan):
    # More than looking for numbers: nothing that is worked out from them may show either.
    plain = canary.replace(
        {"relationship.switching_cost": {"vendor": 1.0, "client": 1.0}, "delivery.vendor.needs": -1e9}
    )
    other = "client" if side == "vendor" else "vendor"
    assert script(workshop, plain, side, plan) == script(workshop, plain.replace(OTHER_NUMBERS[other]), side, plan)
