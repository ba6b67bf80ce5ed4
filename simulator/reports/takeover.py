"""What happens to a market as competitive agents take over, and whether mandatory reviews pay: lines and a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from simulator.reports.market import spoken
from simulator.reports.text import digits_for, number
from simulator.runner.amounts import Amounts
from simulator.scenario.schema import Scenario

if TYPE_CHECKING:
    from simulator.runner.mix_comparison import MixComparison

__all__ = ["Line", "Takeover", "review_words", "takeover_of", "takeover_sentence", "takeover_tables"]

Floats = NDArray[np.float64]

NOTHING = 0.002  # a difference of so small a part of the value is none to speak of
CERTAIN = 1.96  # standard errors beyond which a difference is more than chance
DIPS = 0.02  # of the change, by which a lowest value in between is worth a word
ROWS = 11  # of the table
FIRST = "share that\ncompetes"
HEADINGS = (FIRST, "value with\nreviews", "without", "reviews\nsave", "length with\nreviews", "without")
HEADINGS_ALONE = (FIRST, "total\nvalue", "length")


@dataclass(frozen=True, eq=False)
class Line:
    """Value and length over the shares of competitive agents, under one rule about reviews.

    Attributes
    ----------
    name : str
        What tells this line from the others, ``"without reviews"``; empty where it is the only one.
    value, length : ndarray, shape (shares,)
        Total value per client and period; mean length of a relationship in periods.
    value_error, length_error : ndarray, shape (shares,)
        Standard errors over replicates; 0 in a fluid market, NaN for a single simulation.
    """

    name: str
    value: Floats
    length: Floats
    value_error: Floats
    length_error: Floats


@dataclass(frozen=True, eq=False)
class Takeover:
    """Lines over the share of competitive agents among vendors and clients alike.

    Attributes
    ----------
    scenario : Scenario
        With its market.
    competitive, others : str
        The strategy that takes over, and what everybody else plays.
    shares : ndarray, shape (shares,)
        From 0 to 1.
    lines : tuple of Line
        As the scenario has it first; then, where it has mandatory reviews, without them.
    periods, replicates, seed : int
        Of each market.
    saved, saved_error : ndarray, shape (shares,), or None
        Total value per client and period with mandatory reviews minus without, replicate by replicate, and its
        standard error; None where there are no reviews.
    method : str
        ``"fluid"`` or ``"simulate"``.
    remarks : tuple of str
        What did not settle or was left out.
    """

    scenario: Scenario
    competitive: str
    others: str
    shares: Floats
    lines: tuple[Line, ...]
    periods: int
    saved: Floats | None = None
    saved_error: Floats | None = None
    method: str = "fluid"
    replicates: int = 1
    seed: int = 0
    remarks: tuple[str, ...] = ()


def takeover_of(curves: Mapping[str, MixComparison], *, competitive: str, others: str) -> Takeover:
    """The lines of `simulator.competition_curve`, those with mandatory reviews first.

    Parameters
    ----------
    curves : mapping of str to MixComparison
        ``"without reviews"``, and with them where the scenario has any.
    competitive, others : str
        The agent that takes over, and what everybody else plays.

    Examples
    --------
    >>> import simulator as ns
    >>> s = ns.load_scenario("prisoners-dilemma")
    >>> found = takeover_of(
    ...     ns.competition_curve(s, steps=2, periods=50), competitive="always-compete", others="tit-for-tat"
    ... )
    >>> found.shares.tolist(), found.lines[0].value.round(2).tolist()
    ([0.0, 0.5, 1.0], [5.6, 3.0, 2.06])
    """
    listed = list(curves.items())[::-1]
    found = listed[0][1]
    saved = saved_error = None
    if len(listed) == 2:
        paired = found.differences("joint_value", other=listed[1][1])
        saved, saved_error = paired.mean, paired.se
    return Takeover(
        scenario=found.scenario,
        competitive=competitive,
        others=others,
        shares=found.share(competitive),
        lines=tuple(
            Line(name if len(listed) == 2 else "", one.joint_value, one.length, one.se_joint_value, one.se_length)
            for name, one in listed
        ),
        saved=saved,
        saved_error=saved_error,
        periods=found.periods,
        method=found.method,
        replicates=found.replicates,
        seed=found.seed,
        remarks=tuple(dict.fromkeys(remark for _, one in listed for remark in one.remarks)),
    )


def takeover_sentence(takeover: Takeover) -> str:
    """Say in one sentence what competitive agents do to value and length, and what mandatory reviews add to it."""
    line, scenario = takeover.lines[0], takeover.scenario
    amounts = spoken(scenario, float(np.nanmax(np.abs(line.value))))
    first, last = float(line.value[0]), float(line.value[-1])
    change = last - first
    said = "If competitive agents take over, "
    if abs(change) <= NOTHING * max(abs(first), abs(last)):
        said += f"total value stays at about {amounts.each(first)} per client"
    else:
        word = "falls" if change < 0 else "rises"
        said += f"total value {word} from {amounts.money(first)} to {amounts.each(last)} per client"
        said += _in_between(takeover, amounts, change)
    before, after = (f"{line.length[k]:.1f}" for k in (0, -1))
    period = scenario.period
    if before == after:
        said += f" and a relationship lasts {_periods(after, period)} all the same"
    else:
        longer = float(line.length[-1]) > float(line.length[0])
        joined = "but" if "stays" not in said and longer == (change < 0) else "and"
        said += f" {joined} a relationship lasts {_periods(after, period)} instead of {before}"
    reviews = review_words(takeover)
    return said + (f"; {reviews}." if reviews else ".")


def _periods(count: str, period: str) -> str:
    return f"{count} {period}{'' if count == '1.0' else 's'}"


def _in_between(takeover: Takeover, amounts: Amounts, change: float) -> str:
    """A word on the lowest or highest value where it lies in between."""
    value, shares = takeover.lines[0].value, takeover.shares
    for at, beyond, word in ((int(np.nanargmin(value)), min, "lowest"), (int(np.nanargmax(value)), max, "highest")):
        over = abs(float(value[at]) - beyond(float(value[0]), float(value[-1])))
        if over > DIPS * abs(change):
            return f" ({word} at {100 * shares[at]:.0f}%, {amounts.money(float(value[at]))})"
    return ""


def review_words(takeover: Takeover) -> str:
    """Whether mandatory reviews cost more than they save, as a clause; empty where the market has none."""
    saved, error = takeover.saved, takeover.saved_error
    if saved is None or error is None:
        return ""
    every, period = takeover.scenario.market.review_every, takeover.scenario.period
    who = f"reviewing every {period}" if every == 1 else f"reviewing every {every} {period}s"
    scale = float(np.nanmax(np.abs(takeover.lines[0].value)))
    unclear = np.abs(saved) <= np.maximum(NOTHING * scale, CERTAIN * np.nan_to_num(error))
    signs = np.where(unclear, 0, np.sign(saved)).astype(int)
    told = signs[signs != 0]
    if not len(told):
        return f"{who} costs about as much as it saves, whatever the mix"
    kinds = {-1: "costs more than it saves", 1: "saves more than it costs"}
    if (signs == signs[0]).all():
        return f"{who} {kinds[int(told[0])]}, whatever the mix"
    turns = np.flatnonzero(np.diff(told) != 0)
    if not len(turns):
        where = _where(signs != 0, takeover.shares)
        return f"{who} {kinds[int(told[0])]} {where}"
    if len(turns) == 1:
        at = 100 * _crossing(takeover.shares, saved, signs)
        return f"{who} {kinds[int(told[0])]} until {at:.0f}% compete, and {kinds[int(told[-1])]} from there on"
    worse, better = int((signs == -1).sum()), int((signs == 1).sum())
    return f"{who} costs more than it saves in {worse} of the {len(saved)} mixes and saves more in {better}"


def _where(clear: NDArray[np.bool_], shares: Floats) -> str:
    """For which mixes there is a clear difference, and what it is for the others."""
    if np.abs(np.diff(clear.astype(int))).sum() > 2:
        return f"in {clear.sum()} of the {len(clear)} mixes, and hardly matters in the others"
    if clear[0] and clear[-1]:
        beside = 100 * shares[~clear]
        low, high = f"{beside.min():.0f}", f"{beside.max():.0f}"
        return f"except where {low if low == high else f'{low} to {high}'}% compete: there it hardly matters"
    low, high = (f"{100 * share:.0f}" for share in (shares[clear].min(), shares[clear].max()))
    if clear[0]:
        return f"where up to {high}% compete, and hardly matters beyond"
    if clear[-1]:
        return f"where at least {low}% compete, and hardly matters before"
    return f"where {low if low == high else f'{low} to {high}'}% compete, and hardly matters elsewhere"


def _crossing(shares: Floats, saved: Floats, signs: NDArray[np.intp]) -> float:
    """The share at which the sign changes, by a straight line between the mixes on either side."""
    told = np.flatnonzero(signs)
    turn = int(np.flatnonzero(np.diff(signs[told]))[0])
    before, after = int(told[turn]), int(told[turn + 1])
    low, high = float(saved[before]), float(saved[after])
    return float(shares[before] + (shares[after] - shares[before]) * low / (low - high))


def takeover_tables(takeover: Takeover) -> Iterator[RenderableType]:
    """Value and length at some shares of competitive agents, with and without mandatory reviews."""
    scenario = takeover.scenario
    amounts = Amounts(scenario, 1.0)
    said = f"A growing share of vendors and of clients plays {takeover.competitive}, the others {takeover.others}"
    yield Text(said, style="bold")
    lines = takeover.lines
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1), show_edge=False)
    for heading in HEADINGS if len(lines) == 2 else HEADINGS_ALONE:
        table.add_column(heading, justify="right", vertical="bottom")
    digits = digits_for(np.concatenate([line.value for line in lines]))
    columns: list[tuple[Floats, Floats, int]] = [(line.value, line.value_error, digits) for line in lines]
    if takeover.saved is not None and takeover.saved_error is not None:
        columns.append((takeover.saved, takeover.saved_error, digits))
    columns += [(line.length, line.length_error, 1) for line in lines]
    for k in _shown(len(takeover.shares)):
        cells = [
            number(float(values[k]), places) + (f" ±{number(float(errors[k]), places)}" if errors[k] > 0 else "")
            for values, errors, places in columns
        ]
        table.add_row(f"{100 * takeover.shares[k]:.0f}%", *cells)
    yield table
    unit = f"value: of everybody, losing bidders included, in {amounts.unit} per client; length in {scenario.period}s"
    yield Text(unit, style="dim")


def _shown(count: int) -> list[int]:
    """Positions of the rows worth showing: all, or evenly spread ones with both ends."""
    if count <= ROWS:
        return list(range(count))
    return sorted({round(k * (count - 1) / (ROWS - 1)) for k in range(ROWS)})
