"""The catalogue of messages: every word that a page asks for exists, and no value is forgotten."""

import re
from pathlib import Path

import pytest

import simulator.workshop
from simulator.errors import SimulatorError, UnknownNameError
from simulator.workshop.views import SeatView
from simulator.workshop.words import words

PACKAGE = Path(simulator.workshop.__file__).parent
TEMPLATES = sorted((PACKAGE / "web" / "templates").rglob("*.html"))


def test_every_message_that_a_template_names_exists():
    said = words()
    missing = [
        (template.name, key)
        for template in TEMPLATES
        for key in re.findall(r"\bt\('([a-z0-9_.-]*[a-z0-9_-])'(?! ~)", template.read_text())
        if key not in said
    ]
    assert missing == []


def test_every_kind_of_message_that_a_template_puts_together_exists():
    said = list(words())
    missing = [
        (template.name, start)
        for template in TEMPLATES
        for start in re.findall(r"\bt\('([a-z0-9_.-]+[.-])' ~", template.read_text())
        if not any(key.startswith(start) for key in said)
    ]
    assert missing == []


def test_every_step_of_a_seat_has_a_word_for_the_console():
    steps = re.findall(r"\b[a-z]+(?:-wait)?\b", SeatView.__doc__.split("::")[1].split('"""')[0])
    for step in ("lobby", "prepare", "talk", "confirm-wait", "deliver", "result", "renew", "debrief", "replaced"):
        assert step in steps
        assert f"step.{step}" in words()


def test_a_missing_message_or_value_is_an_error_that_names_it():
    with pytest.raises(UnknownNameError, match=r"seat\.talk\.titel"):
        words()("seat.talk.titel")
    with pytest.raises(SimulatorError, match="'they'"):
        words()("seat.talk.title")
    with pytest.raises(UnknownNameError, match="language"):
        words("xx")


def test_the_words_of_the_field_are_used():
    text = (PACKAGE / "messages" / "en.toml").read_text()
    for jargon in ("cooperat", "defect", "BATNA", "ZOPA", "Nash equilibrium", "payoff matrix", "automaton"):
        assert jargon not in text


def test_words_to_come_back_with_are_many_and_easily_spelled():
    listed = (PACKAGE / "messages" / "words.txt").read_text().split()
    assert len(set(listed)) == len(listed) > 500
    assert all(re.fullmatch("[a-z]{3,9}", word) for word in listed)
