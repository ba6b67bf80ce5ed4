"""The log: every kind of event is understood, and what is no event is refused."""

import pytest

import simulator as ns
from simulator.workshop.events import KINDS, Event
from simulator.workshop.folding import HANDLERS
from simulator.workshop.pairs import Pair
from simulator.workshop.refusal import Refused
from simulator.workshop.words import words


def test_every_kind_of_event_has_one_handler():
    of_pairs = {kind for kind in KINDS if hasattr(Pair, "_" + kind.replace("-", "_"))}
    assert of_pairs | set(HANDLERS) == set(KINDS)
    assert not of_pairs & set(HANDLERS)


@pytest.mark.parametrize(
    "line",
    ["", "[]", "{", '{"kind": "names", "at": 1}', '{"kind": "sing", "at": 1, "data": {}}']
    + [f'{{"kind": "names", "at": {at}, "data": {{}}}}' for at in ('"x"', "true", "NaN", "null", "1e999")],
)
def test_a_line_that_is_no_event_is_refused(line):
    with pytest.raises(ns.SimulatorError):
        Event.from_json(line)


def test_an_event_comes_back_from_its_line():
    event = Event("bid", 1.5, {"group": 1, "bidder": 0, "bid": 0.1 + 0.2})
    assert Event.from_json(event.to_json()) == event


def test_every_reason_for_a_refusal_is_said_in_words():
    import re
    from pathlib import Path

    import simulator.workshop

    folder = Path(simulator.workshop.__file__).parent
    keys = {
        key for file in folder.glob("*.py") for key in re.findall(r'Refused\(\s*"([a-z-]+)"', file.read_text("utf-8"))
    }
    assert len(keys) > 25
    assert [key for key in sorted(keys) if f"refused.{key}" not in words()] == []
    assert str(Refused("missing", "name")) == "missing"
