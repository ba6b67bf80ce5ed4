"""A seller's questions as one picture: a small panel each, with the number on its scale and where the answer turns."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from simulator.errors import SimulatorError
from simulator.reports.plots import style
from simulator.reports.plots.words import decimals, first_upper, number
from simulator.reports.plots.zone import plot_zone
from simulator.runner.amounts import said_deal

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simulator.runner.advice import Advice
    from simulator.runner.questions import Answer

__all__ = ["advice_figures", "plot_answers"]

GOOD, BAD, NEUTRAL = "#cfe6d6", "#f6d9c0", "#e3e8ee"
# What a number means left and right of the limit, and the colours of both parts.
MEANING = {
    "competing": ("building", "claiming", GOOD, BAD),
    "begrudging": ("begrudged", "fair", BAD, GOOD),
    "justified": ("client better off", "client worse off", GOOD, BAD),
    "profit": ("costs the client", "brings the client", NEUTRAL, NEUTRAL),
    "closer": ("broken off", "goes on", BAD, GOOD),
}
BAR = (0.26, 0.50)  # of the height of a panel


def advice_figures(advice: Advice) -> dict[str, Figure]:
    """The figures of advice by file name; none where payoffs are given directly.

    Examples
    --------
    >>> import simulator as ns
    >>> list(advice_figures(ns.advise(ns.load_scenario("saas-renewal"))))
    ['zone.png', 'answers.png']
    """
    if advice.zone is None:
        return {}
    return {"zone.png": style.figure_of(plot_zone(advice.zone)), "answers.png": plot_answers(advice)}


def plot_answers(advice: Advice) -> Figure:
    """One small panel for each of the seller's questions: the number on its scale, the limit, and the answer.

    Parameters
    ----------
    advice : Advice
        From `simulator.advise`.

    Returns
    -------
    matplotlib Figure

    Raises
    ------
    SimulatorError
        Where payoffs are given directly, so that there was no deal to ask about.

    Examples
    --------
    >>> import simulator as ns
    >>> len(plot_answers(ns.advise(ns.load_scenario("saas-renewal"))).axes)
    6
    """
    if advice.zone is None or not advice.answers:
        raise SimulatorError(f"{advice.scenario.id!r} gives its payoffs directly, so there is no deal to ask about")
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    rows = math.ceil(len(advice.answers) / 2)
    width, height = style.WIDE[0], 1.05 + 2.15 * rows
    figure = Figure(figsize=(width, height), dpi=style.DPI, facecolor="white")
    FigureCanvasAgg(figure)
    panels = []
    for k, answer in enumerate(advice.answers):
        row, column = divmod(k, 2)
        left, bottom = 0.0225 + 0.51 * column, (height - 1.05 - 2.15 * (row + 1) + 0.3) / height
        ax = figure.add_axes((left, bottom, 0.43, 1.75 / height))
        _panel(ax, answer, advice)
        panels.append(ax)
    _heading(figure, panels[0], advice)
    for ax in panels:
        style.plain(ax)
    return figure


def _heading(figure: Figure, ax: Axes, advice: Advice) -> None:
    if advice.zone is None:
        return
    width, height = figure.bbox.width, figure.bbox.height
    look: dict[str, Any] = {"ha": "left", "va": "top", "parse_math": False}
    left = style.MARGIN * figure.dpi / width
    lead = advice.verdict.split(": ")[0]
    room = width * (1 - 2 * left)
    big = style.wrapped(ax, lead, room, fontsize=style.HEADLINE, fontweight="bold")
    upper = figure.text(
        left, 1 - 0.22 * figure.dpi / height, big, fontsize=style.HEADLINE, fontweight="bold", color=style.INK, **look
    )
    edge = upper.get_window_extent().y0 - 0.09 * figure.dpi
    under = f"{advice.scenario.title} · {said_deal(advice.zone.current.deal)} · “you”: {advice.scenario.vendor.name}"
    small = style.wrapped(ax, under, room, fontsize=style.UNDER)
    figure.text(left, edge / height, small, fontsize=style.UNDER, color=style.MUTED, linespacing=1.35, **look)


def _panel(ax: Axes, answer: Answer, advice: Advice) -> None:
    ax.set_ylim(0, 1)
    ax.set_xlim(answer.low, answer.high)
    ax.set_axis_off()
    words: dict[str, Any] = {"transform": ax.transAxes, "ha": "left", "va": "top", "parse_math": False}
    ax.text(0, 1.0, style.wrapped(ax, answer.question, ax.bbox.width, fontsize=12), fontsize=12, fontweight="bold",
            color=style.INK, **words)  # fmt: skip
    said = answer.shown if answer.name == "least" else f"{answer.short}: {answer.shown}"
    ax.text(0, 0.82, first_upper(said), fontsize=11, color=style.INK, **words)
    if answer.name == "least":
        _postures(ax, answer, advice.scenario.postures("vendor"))
    else:
        _scale(ax, answer, advice)


def _scale(ax: Axes, answer: Answer, advice: Advice) -> None:
    """A bar from end to end, split where the answer turns, with the number on it."""
    low, high, limit = answer.low, answer.high, answer.limit
    left, right, first, second = _meaning(answer, advice)
    turn = high if limit is None else min(max(limit, low), high)
    for start, stop, color in ((low, turn, first), (turn, high, second)):
        ax.fill_between([start, stop], *BAR, color=color, linewidth=0, zorder=1)
        if stop > start and (color == BAD or (color == NEUTRAL and start == turn)):
            hatched: dict[str, Any] = {"facecolor": "none", "edgecolor": "white", "hatch": "////"}
            ax.fill_between([start, stop], *BAR, linewidth=0, zorder=1, **hatched)
    below: dict[str, Any] = {"fontsize": 9, "color": style.MUTED, "va": "top", "parse_math": False}
    middle = (BAR[0] + BAR[1]) / 2
    if limit is not None and low < limit < high:
        ax.plot([limit, limit], [BAR[0], BAR[1] + 0.05], color=style.INK, linewidth=1.6, zorder=3)
        ax.text(limit, BAR[1] + 0.07, _said(answer, limit), ha="center", **{**below, "va": "bottom"})
    ends = [(low, "left", left), (high, "right", right)]
    for at, align, meaning in ends:
        text = _said(answer, at) + (f" · {meaning}" if meaning and align == "left" else "")
        if meaning and align == "right":
            text = f"{meaning} · {_said(answer, at)}"
        ax.text(at, BAR[0] - 0.05, text, ha=align, **below)
    if math.isfinite(answer.number):
        ax.plot(answer.number, middle, "D", color=style.VENDOR, markersize=12, markeredgecolor="white", zorder=5,
                clip_on=False)  # fmt: skip


def _meaning(answer: Answer, advice: Advice) -> tuple[str, str, str, str]:
    """What both parts of the scale mean, and their colours."""
    on_issue = advice.zone is not None and answer.name == "closer" and advice.zone.interval == (answer.low, answer.high)
    if on_issue and advice.zone is not None:
        who = {"vendor": "you leave", "client": "your client leaves", "": ""}
        lower, upper = advice.zone.breakers
        return who[lower], who[upper], NEUTRAL, NEUTRAL
    return MEANING[answer.name]


def _said(answer: Answer, value: float) -> str:
    if answer.name in ("competing", "begrudging"):
        return f"{number(100 * value, 0)}%"
    return number(value, decimals([answer.low, answer.high]) if value else 0)


def _postures(ax: Axes, answer: Answer, names: tuple[str, ...]) -> None:
    """The vendor's postures from competitive to cooperative; those that are enough shaded."""
    count = len(names)
    ax.set_xlim(-0.5, count - 0.5)
    for k, name in enumerate(names):
        enough = math.isfinite(answer.number) and k >= answer.number
        chosen = k == answer.number
        ax.fill_between([k - 0.48, k + 0.48], *BAR, color=GOOD if enough else BAD, linewidth=0, zorder=1)
        mark = " ✓" if enough else ""
        ax.text(k, sum(BAR) / 2, f"{name}{mark}", ha="center", va="center", fontsize=10.5, color=style.INK, zorder=3,
                fontweight="bold" if chosen else "normal", parse_math=False)  # fmt: skip
    note = (
        "✓ enough to keep your client building"
        if math.isfinite(answer.number)
        else "none of them keeps your client building"
    )
    ax.text(0, BAR[0] - 0.05, note, transform=ax.transAxes, ha="left", va="top", fontsize=9, color=style.MUTED)
