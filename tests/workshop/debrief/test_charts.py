"""The charts as documents: well formed, named for those who do not see them, large enough, and harmless."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import cache

import pytest

from simulator.workshop.debrief.account import account_of
from simulator.workshop.debrief.agents import field_of
from simulator.workshop.debrief.anchors import Anchors, Opening
from simulator.workshop.debrief.charts.anchors import draw_anchors
from simulator.workshop.debrief.charts.canvas import Frame
from simulator.workshop.debrief.charts.deals import bubbles_of
from simulator.workshop.debrief.charts.look import PHONE, PROJECTOR, SIZES, width_of
from simulator.workshop.debrief.charts.strips import Strip, draw_strips
from simulator.workshop.debrief.deals import cloud_of
from simulator.workshop.debrief.reveal import Debrief, shown
from simulator.workshop.words import words


@cache
def a_field(scenario):
    """The agents of a scenario, worked out once for all tests."""
    return field_of(scenario, 5)


SVG = "{http://www.w3.org/2000/svg}"
NASTY = "<script>alert(1)</script>\"&'"


def drawn(made_up, name, pairs, size):
    record = made_up(name, pairs, rounds=2, contest="effort", agents=pairs // 5, seed=pairs + 1)
    field = a_field(record.scenario)
    steps = [*shown(Debrief(record, 1, field)), *shown(Debrief(record, 2, field))]
    return [(step, step.chart(size)) for step in steps]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: size.name)
@pytest.mark.parametrize("pairs", [1, 3, 15, 60])
@pytest.mark.parametrize("name", ["saas-renewal", "prisoners-dilemma", "component-supply"])
def test_every_chart_is_a_well_formed_named_picture_with_readable_texts(made_up, name, pairs, size):
    for step, svg in drawn(made_up, name, pairs, size):
        root = ET.fromstring(svg)
        assert root.get("role") == "img"
        named = [root.find(f"{SVG}{part}") for part in ("title", "desc")]
        assert [part.text for part in named] == [step.title, " ".join(step.sentences)]
        assert root.get("aria-labelledby") == " ".join(part.get("id") for part in named)
        width, height = map(float, root.get("viewBox").split()[2:])
        assert width == size.width
        assert not re.search(r"\bnan\b|\binf\b", svg)
        for text in root.iter(f"{SVG}text"):
            assert float(text.get("font-size")) >= size.text, (step.key, text.text)
            x, y = float(text.get("x")), float(text.get("y"))
            assert -1 <= x <= width + 1, (step.key, text.text)
            assert 0 < y <= height + 1, (step.key, text.text)
            room = width_of(text.text, float(text.get("font-size")))
            left = {"middle": x - room / 2, "end": x - room}.get(text.get("text-anchor"), x)
            assert left > -0.06 * width, (step.key, text.text)
            assert left + room < 1.06 * width, (step.key, text.text)


def test_a_projector_chart_has_texts_of_28_and_numbers_that_are_the_message_of_48(made_up):
    assert PROJECTOR.text >= 28
    assert PROJECTOR.number >= 48
    assert PROJECTOR.width <= 1280
    assert PROJECTOR.height <= 500
    charts = {step.key: svg for step, svg in drawn(made_up, "saas-renewal", 15, PROJECTOR)}
    for key in ("headline", "rounds"):
        sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', charts[key])]
        assert max(sizes) >= 48


def test_nothing_comes_from_outside_and_no_style_is_needed(made_up):
    for _, svg in drawn(made_up, "saas-renewal", 15, PHONE):
        assert not re.search(r"<script|<style|style=|href|@import|url\((?!#)", svg)
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", svg)
        # Each colour works alone and follows the page where the page has one.
        assert all(
            re.fullmatch(r"var\(--debrief-[a-z-]+, #[0-9a-f]{6}\)|none|url\(#[a-z0-9-]+\)", fill)
            for fill in re.findall(r'(?:fill|stroke)="([^"]*)"', svg)
        )


def test_names_from_outside_cannot_become_markup(made_up):
    record = made_up("saas-renewal", 3, contest="effort")
    bad = record.scenario.replace({"period": "year" + NASTY, "currency": NASTY, "issue.price.unit": NASTY})
    for step in shown(Debrief(replace(record, scenario=bad))):
        svg = step.chart(PHONE)
        assert "<script" not in svg
        ET.fromstring(svg)


def test_no_deal_is_lost_where_bubbles_are_joined(made_up):
    cloud = cloud_of(account_of(made_up("component-supply", 60), 1))
    values = cloud.space
    frame = Frame(80, 40, 1200, 400, (values[:, 0].min(), values[:, 0].max()), (values[:, 1].min(), values[:, 1].max()))
    bubbles = bubbles_of(cloud.spots, frame, 28)
    assert len(bubbles) < len(cloud.spots)
    assert sum(bubble.count for bubble in bubbles) == cloud.agreed
    assert sum(bubble.best for bubble in bubbles) == cloud.agreed - cloud.better


def test_vendor_and_client_differ_by_more_than_colour(made_up):
    charts = {step.key: svg for step, svg in drawn(made_up, "saas-renewal", 15, PROJECTOR)}
    for key in ("headline", "captured"):
        assert charts[key].count("<pattern") == 2


def test_one_absurd_guess_does_not_press_the_others_together(made_up):
    record = made_up("saas-renewal", 15)
    wild = replace(record.preparations[0], guess=1e12)
    steps = {step.key: step for step in shown(Debrief(replace(record, preparations=(wild, *record.preparations[1:]))))}
    assert "28" in steps["guesses"].sentences[1]
    marks = re.findall(r'<circle cx="([\d.]+)"', steps["guesses"].chart(PROJECTOR))
    assert len({round(float(x)) for x in marks}) > 10


@pytest.mark.parametrize("size", SIZES, ids=lambda size: size.name)
@pytest.mark.parametrize("people", [1, 7, 40, 200])
def test_a_pile_of_the_same_answer_stays_in_its_row(size, people):
    """Many say 30%, or half."""
    rows = [Strip(f"row {k}", (30.0,) * people, 40.0, "it was 40%", mean=30.0) for k in range(3)]
    picture = draw_strips(
        rows, size, key_name="bets", entries=[("circle", "ink", "a bet")], axis="", percent=True, big=False,
        title="Bets", description="All said 30%.",
    )  # fmt: skip
    dots = [(float(y), float(r)) for y, r in re.findall(r'<circle cx="[\d.]+" cy="([\d.]+)" r="([\d.]+)"', picture)]
    assert len(dots) == 3 * people + 1
    tops = [min(y - r for y, r in dots[1 + k * people : 1 + (k + 1) * people]) for k in range(3)]
    feet = [max(y + r for y, r in dots[1 + k * people : 1 + (k + 1) * people]) for k in range(3)]
    assert dots[0][0] + dots[0][1] < tops[0] < feet[0] < tops[1] < feet[1] < tops[2] < feet[2]


@pytest.mark.parametrize("prices", [[(740, 740)], [(150, 150), (180, 150)], [(0, 0)], [(-3, 9)], [(62.5, 62.5)]])
def test_the_numbers_of_an_axis_differ_however_few_prices_there_are(prices):
    openings = tuple(Opening(first, final, "vendor", 1) for first, final in prices)
    found = Anchors("price", "k$", openings, 1.0, None, None)
    picture = ET.fromstring(draw_anchors(found, PROJECTOR, words(), title="Prices", description="Few."))
    said = [one for one in picture.iter(f"{SVG}text") if re.fullmatch(r"[\d.,−]+", one.text or "")]
    axes = {}
    for one in said:
        axes.setdefault(("x", one.get("y")) if one.get("text-anchor") == "middle" else ("y",), []).append(one.text)
    assert len(axes) == 2
    for numbers in axes.values():
        assert len(set(numbers)) == len(numbers) > 1
