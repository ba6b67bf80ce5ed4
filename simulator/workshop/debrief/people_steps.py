"""The steps about people: what they expected, how relationships went and ended, satisfaction, agents, both rounds.

A step is None where the class has no data for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.markup import Markup
from simulator.workshop.debrief import agents as field_numbers
from simulator.workshop.debrief import bets as bet_numbers
from simulator.workshop.debrief import course as course_numbers
from simulator.workshop.debrief import rounds as round_numbers
from simulator.workshop.debrief import satisfaction as satisfaction_numbers
from simulator.workshop.debrief.charts.agents import draw_agents
from simulator.workshop.debrief.charts.bars import draw_reasons
from simulator.workshop.debrief.charts.course import draw_course
from simulator.workshop.debrief.charts.look import ACCENT, INK, VENDOR, Size
from simulator.workshop.debrief.charts.satisfaction import draw_satisfaction
from simulator.workshop.debrief.charts.strips import Strip, draw_strips
from simulator.workshop.debrief.spoken import tidy
from simulator.workshop.debrief.step import Step, table, told

if TYPE_CHECKING:
    from simulator.workshop.debrief.reveal import Debrief

__all__ = ["agents", "bets", "guesses", "periods", "reasons", "rounds", "satisfaction"]


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
            mean=one.middle if len(one.answers) > 1 else None,
        )
        for one in found
    ]
    entries = [("circle", VENDOR, say("debrief.guesses.one")), ("diamond", INK, say("debrief.guesses.middle"))]
    rows = [
        (strip.name, tidy(round(one.middle, 1)), tidy(strip.marked), len(strip.dots))
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
            description=told(sentences),
        )

    return Step(title, sentences, None, chart, table(d, ("what", "middle", "truth", "answers"), rows))


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
            description=told(sentences),
        )

    return Step(title, sentences, None, chart, table(d, ("what", "mean", "truth", "answers"), rows))


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
        return draw_course(found, unit, size, say, period=a.scenario.period, title=title, description=told(sentences))

    return Step(title, sentences, None, chart, table(d, ("period", "created", "best", "first_pairs", "anew"), rows))


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
        return draw_reasons(counts, size, title=title, description=told(sentences))

    rows = [(words, count) for _, words, count in counts]
    return Step(title, sentences, figure, chart, table(d, ("what", "pairs"), rows))


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
        return draw_satisfaction(found, size, say, period=period, title=title, description=told(sentences))

    head, _ = table(d, ("share", "mean"), ())
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
            description=told(sentences),
        )

    return Step(title, sentences, None, chart, table(d, ("vendor", "client", "created", "length"), rows))


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
    anew = any(len(one.first) < len(one.accounts) for one in (d.earlier, d.account))
    entries = [
        ("circle", VENDOR, say("debrief.rounds.first_pair" if anew else "debrief.rounds.pair")),
        ("down", ACCENT, say("debrief.rounds.room")),
    ]
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
            description=told(sentences),
        )

    return Step(title, sentences, None, chart, table(d, ("round", "left", "interval_name", "pairs"), rows))
