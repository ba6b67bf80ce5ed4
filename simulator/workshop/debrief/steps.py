"""Each step of the debrief put together: the data, what it says, the number, the chart and the table behind it.

A step is None where the class has no data for it. Sentences come first; the description of the chart for those who do
not see it is what the sentences say, and the table has the numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.markup import Markup
from simulator.workshop.debrief import agents as field_numbers
from simulator.workshop.debrief import anchors as anchor_numbers
from simulator.workshop.debrief import bets as bet_numbers
from simulator.workshop.debrief import captured as captured_numbers
from simulator.workshop.debrief import contest as contest_numbers
from simulator.workshop.debrief import course as course_numbers
from simulator.workshop.debrief import deals as deal_numbers
from simulator.workshop.debrief import rounds as round_numbers
from simulator.workshop.debrief import satisfaction as satisfaction_numbers
from simulator.workshop.debrief.amounts import adding_up
from simulator.workshop.debrief.charts.agents import draw_agents
from simulator.workshop.debrief.charts.anchors import draw_anchors
from simulator.workshop.debrief.charts.bars import draw_loss, draw_reasons
from simulator.workshop.debrief.charts.captured import draw_captured
from simulator.workshop.debrief.charts.contest import draw_contest
from simulator.workshop.debrief.charts.course import draw_course
from simulator.workshop.debrief.charts.deals import draw_deals
from simulator.workshop.debrief.charts.headline import draw_headline
from simulator.workshop.debrief.charts.look import ACCENT, INK, VENDOR, Size
from simulator.workshop.debrief.charts.satisfaction import draw_satisfaction
from simulator.workshop.debrief.charts.strips import Strip, draw_strips
from simulator.workshop.debrief.loss import loss_of
from simulator.workshop.debrief.spoken import percent, tidy

if TYPE_CHECKING:
    from simulator.workshop.debrief.reveal import Debrief

__all__ = ["Step"]

Rows = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]


@dataclass(frozen=True, eq=False)
class Step:
    """What a step of the debrief shows."""

    title: str
    sentences: Sequence[str]
    figure: tuple[str, str] | None
    chart: Callable[[Size], Markup]
    table: Rows


def _table(d: Debrief, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Rows:
    head = tuple(d.say(f"debrief.table.{name}", period=d.record.scenario.period) for name in columns)
    return head, tuple(tuple(str(cell) for cell in row) for row in rows)


def _words(sentences: Sequence[str]) -> str:
    return " ".join(sentences)


def headline(d: Debrief) -> Step | None:
    """What was made of what was possible."""
    a, say = d.account, d.say
    sentences = captured_numbers.headline_sentences(a, loss_of(a).parts, say)
    parts = captured_numbers.class_percents(a)
    figure = (percent(a.created / a.possible), say("debrief.headline.figure")) if a.possible > 0 else None
    title, unit = say("debrief.headline.title"), captured_numbers.money_of(a)
    rows = [
        (say(f"debrief.captured.{name}"), unit.said(value))
        for name, value in (("vendor", a.vendor), ("client", a.client), ("left", a.left))
    ]
    values = (a.vendor, a.client, a.left)

    def chart(size: Size) -> Markup:
        return draw_headline(values, parts, unit, size, say, title=title, description=_words(sentences))

    return Step(title, sentences, figure, chart, _table(d, ("what", "amount"), rows))


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
        return draw_contest(found, size, say, currency=currency, title=title, description=_words(sentences))

    return Step(title, sentences, figure, chart, _table(d, ("client", "bidders", "winner", "losers"), rows))


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
        return draw_deals(cloud, size, say, unit=unit, title=title, description=_words(sentences))

    return Step(title, sentences, figure, chart, _table(d, ("vendor", "client", "times", "efficient"), rows))


def anchors(d: Debrief) -> Step | None:
    """First offer and final price."""
    found, say = anchor_numbers.anchors_of(d.account), d.say
    if found is None:
        return None
    sentences = anchor_numbers.anchor_sentences(found, say)
    title = say("debrief.anchors.title", issue=found.issue)
    rows = [(o.pair, say(f"debrief.table.{o.by}"), tidy(o.first), tidy(o.final)) for o in found.openings]

    def chart(size: Size) -> Markup:
        return draw_anchors(found, size, say, title=title, description=_words(sentences))

    return Step(title, sentences, None, chart, _table(d, ("pair", "opener", "first", "agreed"), rows))


def guesses(d: Debrief) -> Step | None:
    """Guesses of the other side's limit."""
    found, say, scenario = bet_numbers.guesses_of(d.account), d.say, d.record.scenario
    if not found:
        return None
    sentences, title = bet_numbers.guess_sentences(d.account, found, say), say("debrief.guesses.title")
    unit = say("debrief.per", unit=scenario.currency or say("debrief.unit"), period=scenario.period)
    strips = [
        Strip(
            say(f"debrief.guesses.{one.about}"),
            one.answers,
            one.truth,
            say("debrief.guesses.truth", value=tidy(one.truth)),
            mean=one.mean if len(one.answers) > 1 else None,
        )
        for one in found
    ]
    entries = [("circle", VENDOR, say("debrief.guesses.one")), ("diamond", INK, say("debrief.guesses.mean"))]
    rows = [
        (strip.name, tidy(round(one.mean, 1)), tidy(strip.marked), len(strip.dots))
        for strip, one in zip(strips, found, strict=True)
    ]

    def chart(size: Size) -> Markup:
        return draw_strips(
            strips,
            size,
            key_name="guesses",
            entries=entries,
            axis=say("debrief.guesses.axis", unit=unit),
            percent=False,
            big=False,
            title=title,
            description=_words(sentences),
        )

    return Step(title, sentences, None, chart, _table(d, ("what", "mean", "truth", "answers"), rows))


def captured(d: Debrief) -> Step | None:
    """Who captured what, pair by pair."""
    a, say = d.account, d.say
    sentences, title = captured_numbers.captured_sentences(a, say)[1:], say("debrief.captured.title")
    if not sentences:
        sentences = captured_numbers.captured_sentences(a, say)
    order, parts = captured_numbers.ranked(a), captured_numbers.class_percents(a)
    left = captured_numbers.share_left(a)
    figure = (
        None if left is None else (f"{parts[2] if parts else 0}%".replace("-", "−"), say("debrief.captured.figure"))
    )
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
            description=_words(sentences),
        )

    return Step(title, sentences, figure, chart, _table(d, ("pair", "vendor", "client", "left", "length"), rows))


def bets(d: Debrief) -> Step | None:
    """Bets against results."""
    found, say = bet_numbers.wagers_of(d.account), d.say
    if not found:
        return None
    sentences, title = bet_numbers.bet_sentences(found, say), say("debrief.bets.title")
    strips = [
        Strip(
            say(f"debrief.bets.name.{one.question}"),
            one.answers,
            one.truth,
            say("debrief.bets.truth", value=tidy(round(one.truth))),
            mean=one.mean if len(one.answers) > 1 else None,
        )
        for one in found
    ]
    entries = [("circle", VENDOR, say("debrief.bets.one")), ("diamond", INK, say("debrief.bets.mean"))]
    rows = [
        (strip.name, f"{tidy(round(one.mean))}%", f"{tidy(round(strip.marked))}%", len(strip.dots))
        for strip, one in zip(strips, found, strict=True)
    ]

    def chart(size: Size) -> Markup:
        return draw_strips(
            strips,
            size,
            key_name="bets",
            entries=entries,
            axis="",
            percent=True,
            big=False,
            title=title,
            description=_words(sentences),
        )

    return Step(title, sentences, None, chart, _table(d, ("what", "mean", "truth", "answers"), rows))


def loss(d: Debrief) -> Step | None:
    """Why it was not more."""
    a, say = d.account, d.say
    if a.possible <= 0:
        return None
    parts, unit = loss_of(a).parts, captured_numbers.money_of(a)
    sentences, title = captured_numbers.loss_sentences(a, parts, say), say("debrief.loss.title")
    possible, (created, *said) = adding_up(a.possible, [a.created, *parts], unit)
    names = ("shorter", "poorer", "switching")
    way = [("possible", possible), *zip(names, said, strict=True), ("created", created)]
    if a.scenario.relationship.switching_cost.vendor + a.scenario.relationship.switching_cost.client == 0:
        way = [step for step in way if step[0] != "switching"]
    figure = (unit.said(sum(said)), say("debrief.loss.figure")) if sum(said) > unit.least else None
    period = a.scenario.period
    rows = [(say(f"debrief.loss.{name}", period=period), unit.said(amount)) for name, amount in way]

    def chart(size: Size) -> Markup:
        return draw_loss(way, unit, size, say, period=period, title=title, description=_words(sentences))

    return Step(title, sentences, figure, chart, _table(d, ("what", "amount"), rows))


def periods(d: Debrief) -> Step | None:
    """Value and relationships over time."""
    a, say = d.account, d.say
    found, unit = course_numbers.course_of(a), course_numbers.money_per_period(a)
    sentences, title = course_numbers.course_sentences(a, found, say), say("debrief.course.title")
    rows = [
        (
            t + 1,
            unit.said(float(found.gain[t])),
            unit.said(float(found.best[t])),
            int(found.first[t]),
            int(found.later[t]),
        )
        for t in range(a.periods)
    ]

    def chart(size: Size) -> Markup:
        return draw_course(found, unit, size, say, period=a.scenario.period, title=title, description=_words(sentences))

    return Step(title, sentences, None, chart, _table(d, ("period", "created", "best", "first_pairs", "anew"), rows))


def reasons(d: Debrief) -> Step | None:
    """Why relationships ended."""
    a, say = d.account, d.say
    if a.record.plan.partners == "new" or a.periods < 2:
        return None
    ends = course_numbers.ends_of(a)
    sentences, title = course_numbers.ends_sentences(ends, say), say("debrief.ends.title")
    counts = [
        (name, say("debrief.ends.together") if name == "together" else say(f"debrief.ends.reason.{name}"), count)
        for name, count in ends.items()
    ]
    broken, pairs = sum(count for name, _, count in counts if name != "together"), len(a.accounts)
    figure = (say("debrief.ends.of", n=broken, pairs=pairs), say("debrief.ends.figure"))

    def chart(size: Size) -> Markup:
        return draw_reasons(counts, size, title=title, description=_words(sentences))

    rows = [(words, count) for _, words, count in counts]
    return Step(title, sentences, figure, chart, _table(d, ("what", "pairs"), rows))


def satisfaction(d: Debrief) -> Step | None:
    """Satisfaction against the own share."""
    found, say = satisfaction_numbers.answers_of(d.account), d.say
    if found is None:
        return None
    sentences = satisfaction_numbers.satisfaction_sentences(found, say)
    title, period = say("debrief.satisfaction.title"), d.record.scenario.period
    edges = [0, *(round(100 * edge) for edge in satisfaction_numbers.EDGES), 100]
    rows = []
    for band, counts in enumerate(found.counts):
        mean = found.mean(band)
        rows.append((f"{edges[band]}–{edges[band + 1]}%", *counts, "–" if mean is None else f"{mean:.1f}"))

    def chart(size: Size) -> Markup:
        return draw_satisfaction(found, size, say, period=period, title=title, description=_words(sentences))

    head, _ = _table(d, ("share", "mean"), ())
    return Step(
        title, sentences, None, chart, ((head[0], *"1234567", head[1]), tuple(tuple(map(str, row)) for row in rows))
    )


def agents(d: Debrief) -> Step | None:
    """The class against the catalogue's agents."""
    a, say, field = d.account, d.say, d.field
    if field is None or a.record.plan.partners == "new" or field.periods != a.periods:
        return None
    points = field_numbers.room_points(a)
    if not points:
        return None
    sentences, title = field_numbers.agent_sentences(a, field, say), say("debrief.agents.title")
    best = np.argsort(-field.created, axis=None)[:10]
    rows = []
    for place in best:
        i, j = np.unravel_index(int(place), field.created.shape)
        rows.append(
            (
                field.vendors[i],
                field.clients[j],
                tidy(round(float(field.created[i, j]), 1)),
                f"{field.length[i, j]:.1f}",
            )
        )

    def chart(size: Size) -> Markup:
        return draw_agents(
            points,
            field,
            size,
            say,
            currency=a.scenario.currency,
            period=a.scenario.period,
            title=title,
            description=_words(sentences),
        )

    return Step(title, sentences, None, chart, _table(d, ("vendor", "client", "created", "length"), rows))


def rounds(d: Debrief) -> Step | None:
    """The second round over the first."""
    if d.earlier is None:
        return None
    found, say = round_numbers.overlay_of(d.earlier, d.account), d.say
    if found is None:
        return None
    sentences, title = round_numbers.round_sentences(found, say), say("debrief.rounds.title")
    strips = [
        Strip(
            say("debrief.rounds.round", n=share.round),
            share.pairs,
            share.left,
            f"{tidy(round(share.left))}%",
            share.interval,
        )
        for share in found.rounds
    ]
    entries = [("circle", VENDOR, say("debrief.rounds.pair")), ("down", ACCENT, say("debrief.rounds.room"))]
    if found.interval is not None:
        entries.append(("line", ACCENT, say("debrief.rounds.interval", level=round_numbers.LEVEL)))
    rows = []
    for share in found.rounds:
        ends = (
            "–"
            if share.interval is None
            else say("debrief.table.interval", low=round(share.interval[0]), high=round(share.interval[1]))
        )
        rows.append((share.round, f"{tidy(round(share.left))}%", ends, len(share.pairs)))

    def chart(size: Size) -> Markup:
        return draw_strips(
            strips,
            size,
            key_name="rounds",
            entries=entries,
            axis=say("debrief.rounds.axis"),
            percent=True,
            big=True,
            title=title,
            description=_words(sentences),
        )

    return Step(title, sentences, None, chart, _table(d, ("round", "left", "interval_name", "pairs"), rows))
