"""The steps about money: what was made, what competing cost, the deals, who captured what, and why not more.

A step is None where the class has no data for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.markup import Markup
from simulator.workshop.debrief import anchors as anchor_numbers
from simulator.workshop.debrief import captured as captured_numbers
from simulator.workshop.debrief import contest as contest_numbers
from simulator.workshop.debrief import deals as deal_numbers
from simulator.workshop.debrief.charts.anchors import draw_anchors
from simulator.workshop.debrief.charts.bars import draw_loss
from simulator.workshop.debrief.charts.captured import draw_captured
from simulator.workshop.debrief.charts.contest import draw_contest
from simulator.workshop.debrief.charts.deals import draw_deals
from simulator.workshop.debrief.charts.headline import draw_headline
from simulator.workshop.debrief.charts.look import Size
from simulator.workshop.debrief.spoken import percent, tidy
from simulator.workshop.debrief.step import Step, table, told

if TYPE_CHECKING:
    from simulator.workshop.debrief.reveal import Debrief

__all__ = ["anchors", "captured", "contest", "deals", "headline", "loss"]


def headline(d: Debrief) -> Step | None:
    """What was made of what was possible."""
    a, say = d.account, d.say
    sentences = captured_numbers.headline_sentences(a, say)
    parts = captured_numbers.class_percents(a)
    figure = None if parts is None else (percent((100 - parts[2]) / 100), say("debrief.headline.figure"))
    title, totals = say("debrief.headline.title"), captured_numbers.said_totals(a)
    unit, values = totals.unit, (totals.vendor, totals.client, totals.left)
    rows = [
        (say(f"debrief.captured.{name}"), unit.said(value))
        for name, value in zip(("vendor", "client", "left"), values, strict=True)
    ]

    def chart(size: Size) -> Markup:
        return draw_headline(values, parts, unit, size, say, title=title, description=told(sentences))

    return Step(title, sentences, figure, chart, table(d, ("what", "amount"), rows))


def contest(d: Debrief) -> Step | None:
    """What competing cost."""
    found, say = contest_numbers.contest_of(d.account), d.say
    if found is None:
        return None
    sentences = contest_numbers.contest_sentences(d.account, found, say)
    title, currency = say("debrief.contest.title"), d.record.scenario.currency
    figure = None
    if found.kind == "effort" and found.won + found.burned > 0:
        figure = (percent(found.burned / (found.won + found.burned)), say("debrief.contest.figure"))
    rows = [(group.number, group.bidders, tidy(group.won), tidy(group.lost)) for group in found.groups]

    def chart(size: Size) -> Markup:
        return draw_contest(found, size, say, currency=currency, title=title, description=told(sentences))

    return Step(title, sentences, figure, chart, table(d, ("client", "bidders", "winner", "losers"), rows))


def deals(d: Debrief) -> Step | None:
    """The class scatter."""
    say, scenario = d.say, d.record.scenario
    if not deal_numbers.known_deals(d.account):
        return None
    cloud = deal_numbers.cloud_of(d.account)
    sentences, title = (
        deal_numbers.deal_sentences(d.account, cloud, say),
        say("debrief.deals.title" if cloud.negotiated else "debrief.deals.outcomes"),
    )
    figure = None
    if cloud.agreed and cloud.negotiated:
        figure = (percent(1 - cloud.better / cloud.agreed), say("debrief.deals.figure"))
    unit = say("debrief.per", unit=scenario.currency or say("debrief.unit"), period=scenario.period)
    rows = [
        (tidy(s.vendor), tidy(s.client), s.count, say(f"debrief.table.{'yes' if s.best else 'no'}"))
        for s in cloud.spots
    ]

    def chart(size: Size) -> Markup:
        return draw_deals(cloud, size, say, unit=unit, title=title, description=told(sentences))

    return Step(title, sentences, figure, chart, table(d, ("vendor", "client", "times", "efficient"), rows))


def anchors(d: Debrief) -> Step | None:
    """First offer and final price."""
    found, say = anchor_numbers.anchors_of(d.account), d.say
    if found is None:
        return None
    sentences = anchor_numbers.anchor_sentences(found, say)
    title = say("debrief.anchors.title", issue=found.issue)
    rows = [(o.pair, say(f"debrief.table.{o.by}"), tidy(o.first), tidy(o.final)) for o in found.openings]

    def chart(size: Size) -> Markup:
        return draw_anchors(found, size, say, title=title, description=told(sentences))

    return Step(title, sentences, None, chart, table(d, ("pair", "opener", "first", "agreed"), rows))


def captured(d: Debrief) -> Step | None:
    """Who captured what, pair by pair."""
    a, say = d.account, d.say
    sentences, title = captured_numbers.captured_sentences(a, say)[1:], say("debrief.captured.title")
    if not sentences:
        sentences = captured_numbers.captured_sentences(a, say)
    order, parts = captured_numbers.ranked(a), captured_numbers.class_percents(a)
    figure = None if parts is None else (percent(parts[2] / 100), say("debrief.captured.figure"))
    rows = [
        (one.pair.number, tidy(round(one.vendor, 1)), tidy(round(one.client, 1)), tidy(round(one.left, 1)), one.length)
        for one in order
    ]

    def chart(size: Size) -> Markup:
        return draw_captured(
            order,
            parts,
            size,
            say,
            currency=a.scenario.currency,
            period=a.scenario.period,
            title=title,
            description=told(sentences),
        )

    return Step(title, sentences, figure, chart, table(d, ("pair", "vendor", "client", "left", "length"), rows))


def loss(d: Debrief) -> Step | None:
    """Why it was not more."""
    a, say = d.account, d.say
    if a.possible <= 0:
        return None
    totals = captured_numbers.said_totals(a)
    unit = totals.unit
    sentences, title = captured_numbers.loss_sentences(a, say), say("debrief.loss.title")
    way = [
        ("possible", totals.possible),
        *zip(captured_numbers.NAMES, totals.causes, strict=True),
        ("created", totals.created),
    ]
    if a.scenario.relationship.switching_cost.vendor + a.scenario.relationship.switching_cost.client == 0:
        way = [step for step in way if step[0] != "switching"]
    figure = (unit.said(totals.left), say("debrief.loss.figure")) if totals.left > unit.least else None
    period = a.scenario.period
    rows = [(say(f"debrief.loss.{name}", period=period), unit.said(amount)) for name, amount in way]

    def chart(size: Size) -> Markup:
        return draw_loss(way, unit, size, say, period=period, title=title, description=told(sentences))

    return Step(title, sentences, figure, chart, table(d, ("what", "amount"), rows))
